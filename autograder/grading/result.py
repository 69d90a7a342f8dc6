"""What comes of grading one submission: plain data that can be written down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.checking.beside import Comparison
from autograder.checking.message import Block, Message
from autograder.checking.sketch import Sketch
from autograder.checking.verdict import Verdict
from autograder.exercises.spec import Chapter, Exercise
from autograder.grading.behaviour import Unexplained
from autograder.language import ENGLISH
from autograder.submissions.submission import NO_NOTEBOOK, NOT_OPENED, UNREADABLE

__all__ = [
    "NEWER_PYTHON",
    "NOT_OPENED",
    "NO_NOTEBOOK",
    "OTHER_CHAPTER",
    "OTHER_RELEASE",
    "OURS",
    "OWN_FAILURE",
    "UNJUDGED",
    "UNREADABLE",
    "WAITING",
    "Result",
    "verdict_without",
]

OWN_FAILURE = "own-failure"

OTHER_CHAPTER = "other-chapter"
"""What was handed in is another chapter's notebook."""

OTHER_RELEASE = "other-release"
"""The answer may be there under a name that another release gave it."""

NEWER_PYTHON = "newer-python"
"""The code is right for a Python that is newer than the one that grades."""

OURS = frozenset({OWN_FAILURE, NOT_OPENED})
"""Codes of our failures: graded again before anybody gets a mark."""

_WHOLE = frozenset({UNREADABLE, NOT_OPENED, OTHER_CHAPTER})
"""Codes that all verdicts on a submission have together."""

WAITING = _WHOLE | OURS | {NEWER_PYTHON, OTHER_RELEASE}
"""Codes of what a person has to look at: none of them is ever an automatic zero."""

UNJUDGED = WAITING | {NO_NOTEBOOK}
"""Codes of functions that nobody called."""


@dataclass(frozen=True)
class Result:
    """Everything that grading one submission found.

    The same submission, student, course and secret give the same result, and
    the same result gives the same bytes: there is no time in it.

    Attributes
    ----------
    submission : str
        SHA-256 of the notebook that was graded; empty if there was none.
    verdicts : tuple of Verdict
        One for each check cell, in the notebook's order.
    problem : str or None
        Why the submission could not be read, or why we failed.
    notes : tuple of str
        What was unusual and could be mended.
    outputs : mapping of str to tuple of dict
        What each cell showed, by cell id.
    unexplained : mapping of str to Unexplained
        By exercise: the wrong answers that are no known mistake.
    box : str
        What kept the student's code in while it ran: ``sandlock``,
        ``bubblewrap``, ``none``; empty if nothing ran.
    account : str
        What bounded all that it used together: ``cgroup v2``, ``cgroup v1``, or
        ``looks`` where no kernel's account could be had; empty without a box.
    language : str
        In which its verdicts are told: the notebook's own, see `language_in`.  What
        only a teacher reads, `unexplained`, is in the language that is usual here.
    ran : bytes
        What its code did, see `Transcript`; not among its bytes.
    notebook : mapping or None
        What was graded, if that was now: the grafted notebook; not among its bytes.
    """

    student: str
    chapter: str
    submission: str
    verdicts: tuple[Verdict, ...]
    problem: str | None = None
    notes: tuple[str, ...] = ()
    outputs: Mapping[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    unexplained: Mapping[str, Unexplained] = field(default_factory=dict)
    box: str = ""
    account: str = ""
    language: str = ENGLISH
    ran: bytes = field(default=b"", compare=False, repr=False)
    notebook: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)

    @property
    def score(self) -> float:
        """Points earned."""
        return round(sum(verdict.score for verdict in self.verdicts), 2)

    @property
    def points(self) -> int:
        """Points that could be earned."""
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def needs_person(self) -> bool:
        """Whether we failed to judge part of it, so that its score is no mark yet."""
        return any(verdict.code in OURS for verdict in self.verdicts)

    @property
    def unaccounted(self) -> str:
        """Why nothing of the submission was graded, as a code; empty if it was.

        Then a mark that is there stays, and without one a person has to look.
        """
        codes = {verdict.code for verdict in self.verdicts}
        return next(iter(codes)) if len(codes) == 1 and codes <= _WHOLE else ""

    def to_bytes(self) -> bytes:
        """The result as canonical JSON."""
        tree = {
            "student": self.student,
            "chapter": self.chapter,
            "submission": self.submission,
            "problem": self.problem,
            "notes": list(self.notes),
            "verdicts": [_verdict_tree(verdict) for verdict in self.verdicts],
            "outputs": {name: list(shown) for name, shown in self.outputs.items()},
            "unexplained": {name: vars(one) for name, one in self.unexplained.items()},
            "box": self.box,
            "account": self.account,
            "language": self.language,
        }
        return json.dumps(tree, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Result:
        """The result that `to_bytes` made bytes of."""
        tree = json.loads(data)
        return cls(
            student=tree["student"],
            chapter=tree["chapter"],
            submission=tree["submission"],
            problem=tree["problem"],
            notes=tuple(tree["notes"]),
            verdicts=tuple(_verdict(branch) for branch in tree["verdicts"]),
            outputs={name: tuple(shown) for name, shown in tree["outputs"].items()},
            unexplained={
                name: Unexplained(**one) for name, one in tree["unexplained"].items()
            },
            box=tree["box"],
            account=tree.get("account", ""),
            language=tree.get("language", ENGLISH),
        )


def verdict_without(
    exercise: Exercise, chapter: Chapter, code: str, title: str, told: str
) -> Verdict:
    """A verdict of no points on an exercise whose function was not called."""
    return Verdict.without_points(
        exercise.name,
        chapter.name,
        exercise.points,
        code,
        Message(title, exercise.name, (told,)),
    )


def _verdict_tree(verdict: Verdict) -> dict[str, Any]:
    message = verdict.message
    return {
        "exercise": verdict.exercise,
        "chapter": verdict.chapter,
        "code": verdict.code,
        "score": verdict.score,
        "points": verdict.points,
        "misconceptions": list(verdict.misconceptions),
        "message": {
            "title": message.title,
            "subject": message.subject,
            "good": message.good,
            "blocks": [_block_tree(block) for block in message.blocks],
        },
    }


def _block_tree(block: Block) -> Any:
    """Text stays text; all others are named.  Pictures are kept as their numbers."""
    match block:
        case str():
            return block
        case list():
            return {"code": block}
        case Comparison():
            return {"beside": vars(block)}
    return {"sketch": vars(block)}


def _verdict(tree: dict[str, Any]) -> Verdict:
    told = tree["message"]
    blocks = tuple(_block(block) for block in told["blocks"])
    message = Message(told["title"], told["subject"], blocks, told["good"])
    fields = {**tree, "message": message}
    fields["misconceptions"] = tuple(tree["misconceptions"])
    return Verdict(**fields)


def _block(tree: Any) -> Block:
    match tree:
        case str():
            return tree
        case {"code": lines}:
            return lines
        case {"beside": fields}:
            rows = {name: tuple(map(tuple, rows)) for name, rows in fields.items()}
            return Comparison(**rows)
    return Sketch(**tree["sketch"])
