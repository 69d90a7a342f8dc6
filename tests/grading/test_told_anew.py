"""What student code did is judged again, and run again only where it has to be."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from autograder.checking import judging
from autograder.course import Course
from autograder.exercises import find
from autograder.grading import examiner
from autograder.grading.grade import grade_submission
from autograder.sandbox.options import OWN_CODE
from autograder.sandbox.run import Run
from autograder.submissions.intake import Submission
from tests.helpers.graded_course import ASKED, CHAPTER, Notebook, course_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="grading needs forks")

CRASH = "def momentum_step(*_):\n    import os\n    os._exit(3)"
WRONG = "def velocity_weights(beta, n_steps):\n    return [beta + n_steps]"


@pytest.fixture(scope="module")
def grade(tmp_path_factory, release, secret):
    """Grades a notebook, with what is known of its last run."""
    course = course_of(tmp_path_factory.mktemp("course"), {CHAPTER.name: release})

    def graded(notebook, ran=b""):
        submission = Submission("ada", CHAPTER.name, notebook.data, ran=ran)
        return grade_submission(submission, course, secret, OWN_CODE)

    return graded


@pytest.fixture(scope="module")
def notebook():
    """One answer is wrong and no known mistake, and a cell shows something."""
    wrong = Notebook().solve().fill("velocity_weights", WRONG)
    return wrong.insert("setup", "print([1.5, {}])")


@pytest.fixture(scope="module")
def first(grade, notebook):
    """Its result, of a run in which nothing was known before."""
    return grade(notebook)


@pytest.fixture
def asked(first, monkeypatch):
    """Names of what is called in a box, and sources of cells that run there."""
    seen: list[str] = []

    class Watched(Run):
        def call(self, name, *arguments):
            seen.append(name)
            return super().call(name, *arguments)

        def cell(self, number, source):
            seen.append("a cell")
            return super().cell(number, source)

    monkeypatch.setattr(examiner, "Run", Watched)
    return seen


def with_exercise(monkeypatch, name, **changes):
    """The chapter with another exercise of that name."""
    exercises = tuple(
        replace(one, **changes) if one.name == name else one
        for one in CHAPTER.exercises
    )
    other = replace(CHAPTER, exercises=exercises)
    monkeypatch.setattr(Course, "chapter", lambda course, name: other)


def codes(result):
    return {verdict.exercise: verdict.code for verdict in result.verdicts}


def test_the_same_is_told_without_a_box(grade, notebook, first, asked):
    """To the byte: verdicts, words, what cells show, and what is kept of it."""
    assert first.unexplained
    assert first.outputs["own-1"]

    again = grade(notebook, first.ran)

    assert asked == []
    assert again.to_bytes() == first.to_bytes()
    assert again.ran == first.ran


def test_new_words_are_told_of_what_was_run(grade, notebook, first, asked, monkeypatch):
    """Nothing is run for a sentence."""
    told = judging._what_happened

    def in_other_words(*arguments):
        headline, *rest = told(*arguments)
        return [f"Look: {headline}", *rest]

    monkeypatch.setattr(judging, "_what_happened", in_other_words)

    again = grade(notebook, first.ran)

    assert asked == []
    assert codes(again) == codes(first)
    assert again.score == first.score
    said = {v.exercise: v.message.text() for v in again.verdicts}
    assert "Look: " in said["velocity_weights"]


def test_another_reference_is_asked_of_what_was_run(
    grade, notebook, first, asked, monkeypatch
):
    """A judge who has changed says so at once, and of that exercise alone."""
    mistake = find("momentum_step").misconceptions[0]
    with_exercise(monkeypatch, "momentum_step", reference=mistake.mutant)

    again = grade(notebook, first.ran)

    assert asked == []
    assert codes(first)["momentum_step"] == "passed"
    assert codes(again) == {**codes(first), "momentum_step": "wrong-values"}


def test_other_cases_are_called_and_no_others(
    grade, notebook, first, asked, monkeypatch
):
    """Of the exercise that draws them, after the cells that were run before."""
    draw = find("momentum_step").draw

    def fewer(rng):
        yield from list(draw(rng))[1:]

    with_exercise(monkeypatch, "momentum_step", draw=fewer)

    again = grade(notebook, first.ran)

    assert set(asked) == {"momentum_step", "a cell"}
    assert codes(again) == codes(first)
    asked.clear()
    assert grade(notebook, again.ran).to_bytes() == again.to_bytes()
    assert asked == []


def test_another_notebook_is_judged_by_what_it_does(grade, first):
    """Whatever is known of another one: the cells before it are not the same."""
    wrong = Notebook().solve().fill("momentum_step", "momentum_step = max")

    found = grade(wrong, first.ran)

    assert codes(found)["momentum_step"] == "raised"
    assert codes(found)["velocity_weights"] == "passed"


def test_an_accident_is_not_kept(grade, asked):
    """A machine that had no time once may have it today."""
    crashing = Notebook().solve().fill("momentum_step", CRASH)
    one = grade(crashing)
    assert codes(one)["momentum_step"] == "crashed"
    asked.clear()

    again = grade(crashing, one.ran)

    assert set(asked) == {"momentum_step", "a cell"}
    assert again.to_bytes() == one.to_bytes()


@pytest.mark.parametrize("spoil", [b"", b"x"], ids=["cut off", "garbled"])
def test_what_is_damaged_is_run(grade, notebook, first, asked, spoil):
    again = grade(notebook, spoil + first.ran[: len(first.ran) // 2])

    assert set(asked) == {*ASKED, "a cell"}
    assert again.to_bytes() == first.to_bytes()
