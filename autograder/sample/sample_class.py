"""A sample class: what grading looks like before anybody has handed in.

Everything in it comes from the registry and from a chapter's release, so that
it can be said beforehand what every student must get.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from autograder.checking.cases import public_question
from autograder.checking.judging import verdict
from autograder.course import Course
from autograder.exercises.pairs import broken_form, pairs_of
from autograder.exercises.spec import Chapter, Exercise, Misconception
from autograder.grading.grade import drawing
from autograder.sample.damage import (
    deletes_check,
    doubles_check,
    inserts,
    replaces_body,
)
from autograder.sample.sources import as_answer, can_write, helpers_of
from autograder.submissions.released_cells import answer_name, checked_name
from autograder.writing import write_whole

__all__ = ["Expected", "SampleStudent", "make_sample_class", "predict", "write_class"]

N_RIGHT = 4

_NAMES = (
    "ada boris chen dalia emeka farah goran hana ines jonas kofi lucia "
    "malik nadia olga pedro qing rosa samir tuva umar vera wen yusuf"
)
NAMES = tuple(_NAMES.split())

WRITTEN = (
    "The velocity adds up what all earlier gradients said, and forgets slowly.",
    "I think it is because opposite signs cancel, but I did not try it.",
    "See the figure: the path turns, and the printed numbers do not.",
)


@dataclass(frozen=True)
class Expected:
    """What the verdict on one function must be."""

    code: str
    score: float
    misconceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class SampleStudent:
    """One student of the sample class.

    Attributes
    ----------
    name : str
    what : str
        What was done to the notebook, in a few words.
    data : bytes
        The file that was handed in.
    functions : mapping of str to callable or None
        What stands behind each answer; None where it is as it was released.
    fixed : mapping of str to str
        Verdict codes, with no points, where no function decides.
    """

    name: str
    what: str
    data: bytes
    functions: Mapping[str, Callable | None]
    fixed: Mapping[str, str] = field(default_factory=dict)


def make_sample_class(release: bytes, chapter: Chapter) -> list[SampleStudent]:
    """24 students of a chapter: right, mistaken, idle and broken in every way."""
    asked = _asked(release, chapter)
    others = [*_idle(asked), *_broken(asked)]
    n_mistaken = len(NAMES) - N_RIGHT - len(others)
    makers = [*_right(asked), *_mistaken(asked, n_mistaken), *others]
    # Shuffled in a fixed way, as a class is: the right ones do not come first.
    order = [makers[7 * i % len(makers)] for i in range(len(makers))]
    return [
        maker.student(name, release, texts)
        for name, maker, texts in zip(NAMES, order, cycle(WRITTEN), strict=False)
    ]


def write_class(course: Course, chapter: str) -> list[SampleStudent]:
    """Hand in the sample class's notebooks under the course's folder.

    What is there under such a name stays, whatever it is.
    """
    students = make_sample_class(course.releases[chapter], course.chapter(chapter))
    for student in students:
        path = course.submitted / student.name / chapter / f"{chapter}.ipynb"
        if not os.path.lexists(path):
            write_whole(path, student.data, private=True)
    return students


def predict(
    student: SampleStudent, chapter: Chapter, course: str, secret: bytes
) -> dict[str, Expected]:
    """What a student must get, found without notebook, box or nbgrader."""
    digest = hashlib.sha256(student.data).hexdigest()
    draw = drawing(secret, course, student.name, chapter, digest)
    exercises = {exercise.name: exercise for exercise in chapter.exercises}
    expected = {}
    for name, written in student.functions.items():
        exercise, function = exercises[name], written
        if function is None and exercise.broken:
            function = broken_form(exercise)  # what a learner is given to mend
        if name in student.fixed:
            expected[name] = Expected(student.fixed[name], 0.0)
        elif function is None:
            expected[name] = Expected("not-written", 0.0)
        else:
            question = draw(exercise)
            found = verdict(function, question, public=False)
            expected[name] = Expected(found.code, found.score, found.misconceptions)
    return expected


def _asked(release: bytes, chapter: Chapter) -> list[Exercise]:
    names = {checked_name(cell) for cell in json.loads(release)["cells"]}
    return [exercise for exercise in chapter.exercises if exercise.name in names]


@dataclass(frozen=True)
class _Maker:
    """How one notebook of the class is made; the rest is the release."""

    what: str
    functions: Mapping[str, Callable | None]
    spoil: Callable[[dict[str, Any]], bytes | None] = lambda notebook: None
    fixed: Mapping[str, str] = field(default_factory=dict)
    writes: bool = True

    def student(self, name: str, release: bytes, text: str) -> SampleStudent:
        notebook = json.loads(release)
        for cell in notebook["cells"]:
            function = self.functions.get(answer_name(cell) or "")
            if function is not None:
                cell["source"] = as_answer("".join(cell["source"]), function)
            elif answer_name(cell) and cell["cell_type"] == "markdown" and self.writes:
                cell["source"] = text
        data = self.spoil(notebook)
        if data is None:
            data = (json.dumps(notebook, indent=1) + "\n").encode()
        return SampleStudent(name, self.what, data, self.functions, self.fixed)


def _references(asked: Sequence[Exercise]) -> dict[str, Callable | None]:
    return {exercise.name: exercise.reference for exercise in asked}


def _right(asked: Sequence[Exercise]) -> Iterator[_Maker]:
    """The reference once, and then other right forms."""
    for i in range(N_RIGHT):
        forms: dict[str, Callable | None] = {}
        for exercise in asked:
            choice = [exercise.reference, *exercise.equivalents]
            choice = [form for form in choice if can_write(exercise.name, form)]
            forms[exercise.name] = choice[i % len(choice)]
        yield _Maker("all right", forms)


def _mistaken(asked: Sequence[Exercise], n: int) -> Iterator[_Maker]:
    """As many misconceptions as fit: at most one of each function in a notebook."""
    columns = [_by_frequency(exercise) for exercise in asked]
    for i in range(n):
        functions = _references(asked)
        made = []
        for at, (exercise, known) in enumerate(zip(asked, columns, strict=True)):
            # Every third function is right, so that a notebook is not all wrong.
            if known and (i + at) % 3:
                mistake = known.pop(0)
                functions[exercise.name] = mistake.mutant
                made.append(mistake.name)
        yield _Maker(f"mistaken: {', '.join(made)}", functions)


def _by_frequency(exercise: Exercise) -> list[Misconception]:
    """The known mistakes, the most common ones first.

    The first one comes a second time, and two at once come early.
    """
    known, two = (
        [mistake for mistake in some if can_write(exercise.name, mistake.mutant)]
        for some in (exercise.misconceptions, pairs_of(exercise).values())
    )
    return [*known[:2], *two[:1], *known[:1], *known[2:]]


def _idle(asked: Sequence[Exercise]) -> Iterator[_Maker]:
    nothing: dict[str, Callable | None] = {exercise.name: None for exercise in asked}
    yield _Maker("untouched", nothing, writes=False)
    half = dict(list(_references(asked).items())[: (len(asked) + 1) // 2])
    yield _Maker("half done", nothing | half)


def _broken(asked: Sequence[Exercise]) -> Iterator[_Maker]:
    """Every way in which a notebook was ever handed in broken."""
    right = _references(asked)
    first, last = asked[0].name, asked[-1].name
    # What another answer brings along is defined there, too.
    helpers = [helper for e in asked for helper in helpers_of(e.reference)]
    brought = [e for e in asked if any(f"def {e.name}(" in one for one in helpers)]
    alone = next((e.name for e in asked if e not in brought), first)
    unreadable: dict[str, str] = dict.fromkeys(right, "unreadable")
    yield _Maker("not JSON", right, lambda nb: b"<<<<<<< HEAD\n{", unreadable)
    yield _Maker("an empty file", right, lambda nb: b"", unreadable)
    yield _Maker("a check cell twice", right, doubles_check(first))
    yield _Maker("a check cell deleted", right, deletes_check(last))
    yield _Maker(
        "a syntax error",
        right,
        replaces_body(alone, "return theta +"),
        {alone: "not-defined"},
    )
    yield _Maker(
        "an endless loop in a function",
        right,
        replaces_body(last, "while True:\n    pass"),
        {last: "timed-out"},
    )
    yield _Maker("an endless loop in a cell", right, inserts(first, "while True: pass"))
    yield _Maker(
        "Python ends in a cell",
        right,
        inserts(first, "import os\nos._exit(1)"),
    )
    yield _Maker(
        "Python ends in a function",
        right,
        replaces_body(last, "import os\nos._exit(1)"),
        {last: "crashed"},
    )
    for exercise in asked:
        for mistake in _by_frequency(exercise):
            if _changes_an_argument(mistake.mutant, exercise):
                yield _Maker("in place", right | {exercise.name: mistake.mutant})
                return


def _changes_an_argument(function: Callable, exercise: Exercise) -> bool:
    question = public_question(exercise.name)
    return verdict(function, question).code == "argument-changed"
