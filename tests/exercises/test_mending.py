"""Code with mistakes that learners mend: what it earns, and what is told of it."""

import nbformat
import pytest

from autograder.checking.cases import draw_question, public_question
from autograder.checking.judging import verdict
from autograder.desk.checks import CheckFailed, check
from autograder.exercises import EXERCISES, chapter_of
from autograder.exercises.edited import Edit
from autograder.exercises.pairs import MEND, broken_form
from autograder.exercises.spec import AS_GIVEN
from autograder.submissions.bindings import is_stub

TO_MEND = [exercise for exercise in EXERCISES if exercise.broken]

to_mend = pytest.mark.parametrize("exercise", TO_MEND, ids=lambda e: e.name)


def released(exercise, root):
    """The released cell's text."""
    chapter = chapter_of(exercise.name).name
    notebook = nbformat.read(root / "notebooks" / chapter / f"{chapter}.ipynb", 4)
    (cell,) = (
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise.name
    )
    return cell.source


def test_there_is_one_in_nearly_every_chapter():
    """In chapter 4 a learner decides instead, as in chapter 5 as well."""
    chapters = [chapter_of(exercise.name).number for exercise in TO_MEND]

    assert chapters == [0, 1, 2, 3, 5, 6, 7, 8]
    assert all(2 <= len(exercise.broken) <= 3 for exercise in TO_MEND)


@to_mend
def test_as_it_is_given_it_earns_nothing_and_is_written(exercise):
    """It says that nothing is mended and names nothing: that would be the answer."""
    broken = broken_form(exercise)
    fresh = draw_question(exercise, chapter_of(exercise.name), (5,))
    for question in (public_question(exercise.name), fresh):
        found = verdict(broken, question)

        assert found.code not in ("not-written", "passed")
        assert found.score == 0
        assert found.misconceptions == (AS_GIVEN,)
        assert found.message.title == "NOT MENDED YET"
        said = found.message.text()
        known = [m for m in exercise.misconceptions if m.name != AS_GIVEN]
        assert not [m.form for m in known if m.form in said]


@to_mend
def test_the_last_mistake_is_named_and_two_are_not(exercise):
    """So that the check says what is left, once the others were found."""
    known = {m.name: m for m in exercise.misconceptions}
    for name in exercise.broken:
        with pytest.raises(CheckFailed) as failed:
            check(known[name].mutant, exercise.name)

        assert failed.value.verdict.misconceptions == (name,)

        rest = [other for other in exercise.broken if other != name]
        changes = {k: v for n in rest for k, v in known[n].edit.changes.items()}
        two = Edit(exercise.reference, changes).made(exercise.name)
        with pytest.raises(CheckFailed) as failed:
            check(two, exercise.name)

        assert failed.value.verdict.misconceptions == ()
        assert not [s for s in failed.value.verdict.told if s.kind != "right-so-far"]


@to_mend
def test_the_release_holds_the_broken_code(exercise, root):
    """Below a line that says what to do; the build finds leaks there as everywhere."""
    source = released(exercise, root)
    chapter = chapter_of(exercise.name)
    namespace = {other.name: other.reference for other in chapter.exercises}
    exec(f"import numpy as np\n{source}", namespace)  # noqa: S102 -- our own

    assert MEND in source
    assert not is_stub(source, exercise.name)
    assert "NotImplementedError" not in source
    question = public_question(exercise.name)
    got = verdict(namespace[exercise.name], question)
    assert got.message == verdict(broken_form(exercise), question).message
