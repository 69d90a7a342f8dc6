"""What a class did, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from autograder.classroom.class_result import Trouble
from autograder.grading.behaviour import RIGHT, Unexplained
from autograder.report.summarise_class import summarise
from autograder.report.summary import mark_of
from benchmarks.synthetic import empty_course, synthetic_class


@pytest.fixture
def chapter(result):
    """The small class's one chapter, summed up."""
    (chapter,) = summarise(result)
    return chapter


def test_marks_are_the_gradebooks_where_there_are_any(chapter):
    """One student has no mark yet, and is none of the zeros."""
    assert chapter.marks == (0.0, 1.33, 5.0, 5.0)
    assert (chapter.out_of, chapter.waiting, chapter.full) == (7.0, 1, 0)
    assert chapter.median == pytest.approx((1.33 + 5) / 2)


def test_a_mark_is_never_below_zero(result):
    """A late penalty may be more than what was earned; nbgrader exports 0 then."""
    assert mark_of(replace(result.graded[0], mark=-2.0)) == 0.0


def test_what_was_not_judged_lowers_no_pass_rate(chapter):
    """Dalia's file was unreadable, and the last answer of chen is our failure."""
    first, third, sixth = chapter.exercises

    assert (first.name, first.number) == ("momentum_step", "3.1")
    assert [e.name for e in (third, sixth)] == ["velocity_weights", "nesterov_step"]
    assert (first.judged, first.pass_rate) == (4, 0.5)
    assert (third.judged, third.counts["not written"]) == (3, 1)
    assert sixth.counts == {
        "right": 2,
        "partly right": 1,
        "wrong": 0,
        "not written": 0,
        "stopped": 1,
    }


def test_mistakes_are_told_in_the_registrys_words(chapter):
    most = chapter.mistakes[0]

    assert (most.name, most.exercise) == ("climbs", "momentum_step")
    assert most.students == ("boris", "chen")
    assert most.form == "a step uphill"
    assert "minus" in most.why
    assert most.read == "section 2, equation (3.1)"
    assert most.shared == 0


def with_row(result, student, **changes):
    """The class with one student's first answer changed."""
    graded = tuple(
        replace(one, rows=(replace(one.rows[0], **changes), *one.rows[1:]))
        if one.student == student
        else one
        for one in result.graded
    )
    return replace(result, graded=graded)


def test_an_answer_that_fits_two_mistakes_counts_for_both(result):
    (chapter,) = summarise(
        with_row(result, "chen", misconceptions=("climbs", "torch_form"))
    )
    found = {m.name: (m.students, m.shared) for m in chapter.exercises[0].mistakes}

    assert found["climbs"] == (("boris", "chen"), 1)
    assert found["torch_form"] == (("chen",), 1)


def test_a_mistake_that_the_registry_lost_is_still_counted(result):
    (chapter,) = summarise(with_row(result, "chen", misconceptions=("long_gone",)))
    lost = next(m for m in chapter.mistakes if m.name == "long_gone")

    assert (lost.form, lost.why, lost.students) == ("long gone", "", ("chen",))


def test_answers_that_do_the_same_are_one_group(result):
    found = Unexplained("abc", "def …", "told")
    first = with_row(result, "boris", misconceptions=(), unexplained=found)
    both = with_row(
        first,
        "chen",
        misconceptions=(),
        unexplained=Unexplained("abc", "", ""),
    )
    (chapter,) = summarise(both)
    (group,) = chapter.groups

    assert group.students == ("boris", "chen")
    assert group.example == found
    assert not group.passes


def test_answers_of_which_the_same_is_told_are_one_group(result):
    """Whatever else they do, and in whatever line."""
    meaning = "`t + 3`: with `1` in place of `3`, all 8 cases come right."
    first = with_row(
        result,
        "boris",
        misconceptions=(),
        unexplained=Unexplained("abc", "def …", "told", meaning),
    )
    both = with_row(
        first,
        "chen",
        misconceptions=(),
        unexplained=Unexplained("xyz", "def …", "told", meaning),
    )
    (chapter,) = summarise(both)
    (group,) = chapter.groups

    assert group.students == ("boris", "chen")
    assert group.meaning == meaning


def test_what_is_right_in_public_is_marked(result):
    found = Unexplained(RIGHT, "x", "told")
    (chapter,) = summarise(with_row(result, "boris", unexplained=found))

    assert chapter.groups[0].passes


def test_troubles_name_the_students_and_hold_nothing_of_theirs(result):
    graded = tuple(replace(one, box="none") for one in result.graded[:2])
    result = replace(result, graded=(*graded, *result.graded[2:]))
    (chapter,) = summarise(result)

    assert [(t.what, t.students, t.detail) for t in chapter.troubles] == [
        ("Graded without a box", ("ada", "boris"), ""),
        (
            "The submission could not be read",
            ("dalia",),
            "The notebook file is empty.",
        ),
        ("`nesterov_step` did not end in time", ("chen",), ""),
    ]


def test_our_failures_and_the_gradebooks_are_told_apart(result):
    problems = (
        Trouble("Grading failed, not the submission: x", "chen", "03_momentum"),
        Trouble("nbgrader did not take ada.", "ada", "03_momentum"),
    )
    (chapter,) = summarise(replace(result, problems=problems))
    told = {t.students: t.what for t in chapter.troubles if t.detail}

    assert told["chen",].startswith("We failed to judge it")
    assert told["ada",] == "Not entered into the gradebook"


def test_a_class_of_a_thousand_is_counted_rightly(tmp_path):
    """What was put into a class by numbers comes out by the same numbers."""
    result, known = synthetic_class(empty_course(tmp_path), 1000)
    (chapter,) = summarise(result)
    mistakes = {(m.exercise, m.name): len(m.students) for m in chapter.mistakes}
    groups = {(g.exercise, g.behaviour): len(g.students) for g in chapter.groups}
    outcomes = {e.name: e.counts for e in chapter.exercises}

    assert mistakes == dict(+known.mistakes)
    assert len(mistakes) > 80
    assert groups == dict(+known.groups)
    assert {name: counts["right"] for name, counts in outcomes.items()} == known.passed
    stopped = {name: counts["stopped"] for name, counts in outcomes.items()}
    assert stopped == dict(known.stopped)
    assert all(sum(counts.values()) == 1000 for counts in outcomes.values())
    times = Counter(len(m.students) for m in chapter.mistakes)
    assert max(times) == 1000 // 6


def test_an_empty_class_has_no_chapter(result):
    assert summarise(replace(result, graded=(), problems=())) == ()
