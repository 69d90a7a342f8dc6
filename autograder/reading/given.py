"""What somebody gave for an answer: points of the rubric, and words of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.exercises.rubric import RubricPoint

__all__ = ["Given", "from_gradebook"]

EARNED, LACKING = "- ✓ ", "- ✗ "


@dataclass(frozen=True)
class Given:
    """A decision on one answer.

    Attributes
    ----------
    earned : tuple of int
        Places of the points of the rubric that the answer has.
    own : float or None
        Points that are not the rubric's sum.
    comment : str
    """

    earned: tuple[int, ...] = ()
    own: float | None = None
    comment: str = ""

    def score(self, rubric: Sequence[RubricPoint]) -> float | None:
        """The points; None if nothing is decided."""
        if self.own is not None:
            return float(self.own)
        if not rubric:
            return None
        return round(float(sum(rubric[at].points for at in self.earned)), 2)

    def words(self, rubric: Sequence[RubricPoint]) -> str:
        """What the student reads: each point of the rubric, then the comment."""
        lines = [
            f"{EARNED if at in self.earned else LACKING}{one.text} ({one.points:g})"
            for at, one in enumerate(rubric)
        ]
        parts = ["\n".join(lines), self.comment.strip()]
        return "\n\n".join(part for part in parts if part)


def from_gradebook(
    score: float | None, words: str, rubric: Sequence[RubricPoint]
) -> Given:
    """The decision that `words` and `score` tell, whoever wrote them."""
    known = {f"{one.text} ({one.points:g})": at for at, one in enumerate(rubric)}
    earned, rest = [], []
    for line in words.splitlines():
        place = known.get(line[len(EARNED) :])
        if place is not None and line.startswith(EARNED):
            earned.append(place)
        elif place is None or not line.startswith(LACKING):
            rest.append(line)
    comment = "\n".join(rest).strip()
    given = Given(tuple(earned), None, comment)
    if score is None or score == given.score(rubric):
        return given
    return Given(tuple(earned), score, comment)
