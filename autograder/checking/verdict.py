"""What is true of one answer: a code, points, and what the learner is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.checking.finding import Statement
from autograder.checking.message import Message

__all__ = ["PASSED", "Statement", "Verdict"]

PASSED = "passed"


@dataclass(frozen=True)
class Verdict:
    """What is true of one answer.

    Attributes
    ----------
    code : str
        ``passed``, ``wrong-values``, ``wrong-shape``, ``wrong-type``,
        ``argument-changed``, ``global-random``, ``generator-unused``,
        ``wrong-calls``, ``raised``, ``not-written``, ``not-defined``,
        ``timed-out``, ``out-of-memory``, ``crashed``, ``too-much-output``,
        ``unreadable`` or ``own-failure``.
    score : float
        Points earned, rounded to hundredths.
    misconceptions : tuple of str
        Names of the known mistakes whose results are exactly these.
    message : Message
        What the learner is told.
    told : tuple of Statement
        What of that is more than numbers.  It decides nothing.
    """

    exercise: str
    chapter: str
    code: str
    score: float
    points: int
    misconceptions: tuple[str, ...]
    message: Message
    told: tuple[Statement, ...] = field(default=(), compare=False)

    @property
    def passed(self) -> bool:
        """Whether the answer is right in every case."""
        return self.code == PASSED

    @classmethod
    def without_points(
        cls, exercise: str, chapter: str, points: int, code: str, message: Message
    ) -> Verdict:
        """The verdict on an answer that was not called in every case."""
        return cls(exercise, chapter, code, 0.0, points, (), message)
