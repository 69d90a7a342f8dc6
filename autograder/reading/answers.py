"""All answers to one question, as grading found them; alike ones together."""

from __future__ import annotations

import difflib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.course import Course
from autograder.limits import MAX_RENDERED_CELL
from autograder.submissions.released_cells import OWN, answer_name, source_of

__all__ = ["Answer", "Group", "differences", "grouped", "read_answers"]

NEARLY = 0.5
"""Of the triples of words in two answers, how many are in both: nearly equal."""

COMMON = 400
"""Answers that have three words in common; what more have tells nothing."""


@dataclass(frozen=True)
class Answer:
    """What one student wrote."""

    student: str
    text: str
    attachments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Answers that are equal but for blanks and capitals: they are read once.

    Attributes
    ----------
    before : str or None
        The text of the group before it, if this one is nearly equal.
    """

    answers: tuple[Answer, ...]
    before: str | None = None

    @property
    def text(self) -> str:
        """The text of the first."""
        return self.answers[0].text


def read_answers(course: Course, chapter: str, name: str) -> list[Answer]:
    """The answers that somebody wrote, by student; whoever wrote none is not there."""
    found = []
    for path in sorted(course.autograded.glob(f"*/{chapter}/{chapter}.ipynb")):
        try:
            cells = json.loads(path.read_bytes())["cells"]
        except (OSError, ValueError, KeyError):
            continue  # grading says what is wrong, and writes it again
        for cell in cells:
            if answer_name(cell) == name and OWN in cell["metadata"]:
                attachments = cell.get("attachments", {})
                student = path.parent.parent.name
                found.append(Answer(student, source_of(cell), attachments))
    return found


def grouped(answers: Sequence[Answer]) -> list[Group]:
    """Equal answers in one group, and groups that are nearly equal next to each other.

    The largest come first: what is read once for many.
    """
    same: dict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        attached = json.dumps(one.attachments, sort_keys=True)
        same[" ".join(one.text.split()).casefold() + attached].append(one)
    groups = sorted(same.values(), key=lambda those: -len(those))
    return list(_in_order([tuple(those) for those in groups]))


def _in_order(groups: Sequence[tuple[Answer, ...]]) -> Iterator[Group]:
    near = _nearness([_triples(those[0].text) for those in groups])
    left = dict.fromkeys(range(len(groups)))
    while left:
        at, before = next(iter(left)), None
        while at is not None:
            del left[at]
            yield Group(groups[at], before)
            before = groups[at][0].text
            close = {i: how for i, how in near[at].items() if i in left}
            at = max(close, key=lambda i: close[i], default=None)


def _nearness(triples: Sequence[frozenset[str]]) -> list[dict[int, float]]:
    """For each answer those that are nearly equal, and how near they are."""
    having: dict[str, list[int]] = defaultdict(list)
    for at, words in enumerate(triples):
        for one in words:
            having[one].append(at)
    near: list[dict[int, float]] = []
    for at, words in enumerate(triples):
        telling = [having[one] for one in words if len(having[one]) <= COMMON]
        shared = Counter(i for those in telling for i in those if i != at)
        both = {i: n / (len(words) + len(triples[i]) - n) for i, n in shared.items()}
        near.append({i: how for i, how in both.items() if how >= NEARLY})
    return near


def _triples(text: str) -> frozenset[str]:
    words = text.casefold().split()
    return frozenset(" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2)))


def differences(before: str, text: str) -> list[tuple[str, str]]:
    """What differs, as pairs of what it is and its words.

    That is ``same``, shortened to a few words, ``gone`` or ``new``.
    """
    old, new = before[:MAX_RENDERED_CELL].split(), text[:MAX_RENDERED_CELL].split()
    found = []
    for what, i, j, k, m in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            words = new[k:m]
            kept = words if len(words) < 9 else [*words[:4], "…", *words[-4:]]
            found.append(("same", " ".join(kept)))
            continue
        if i < j:
            found.append(("gone", " ".join(old[i:j])))
        if k < m:
            found.append(("new", " ".join(new[k:m])))
    return found
