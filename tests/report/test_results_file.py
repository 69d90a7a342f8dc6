"""What grading stored comes back as it was."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autograder.classroom.class_result import Row
from autograder.exports.class_files import write_exports
from autograder.gradebook.gradebook import GradebookFailed, Mark
from autograder.grading.behaviour import Unexplained
from autograder.report.class_report import write_report
from autograder.report.results_file import (
    RESULTS,
    NoResults,
    merged,
    read_results,
    results_json,
    with_current_marks,
)
from benchmarks.synthetic import empty_course, synthetic_class


def stored(result):
    """The class after a way through the file."""
    result.course.grading.mkdir(exist_ok=True)
    (result.course.grading / RESULTS).write_text(results_json(result), encoding="utf-8")
    return read_results(result.course)


def without_pages(result):
    return tuple(replace(one, page=None) for one in result.graded)


def test_results_come_back(result):
    again = stored(result)

    assert again.graded == without_pages(result)
    assert again.problems == result.problems


def test_a_feedback_page_is_found_where_it_is(result):
    page = result.course.feedback / "ada" / "03_momentum" / "03_momentum.html"
    page.parent.mkdir(parents=True)
    page.touch()

    assert [one.page for one in stored(result).graded] == [page, None, None, None, None]


def test_a_report_from_what_is_stored_is_the_same(tmp_path):
    """One example of each group is kept, and the report shows no other."""
    result, _ = synthetic_class(empty_course(tmp_path), 200)
    first = [path.read_bytes() for path in write_report(result)]

    assert [path.read_bytes() for path in write_report(stored(result))] == first


def test_of_equal_answers_one_is_kept(result):
    found = Unexplained("b0", "def …", "told")
    rows = [
        replace(one.rows[0], misconceptions=(), unexplained=found)
        for one in result.graded[1:3]
    ]
    graded = tuple(
        replace(one, rows=(row, *one.rows[1:]))
        for one, row in zip(result.graded[1:3], rows, strict=True)
    )
    again = stored(replace(result, graded=graded))

    assert [one.rows[0].unexplained for one in again.graded] == [
        found,
        Unexplained("b0", "", ""),
    ]


def other_chapter(result):
    row = Row("ada", "05_adam", "adam_step", "passed", 3.0, 3, ())
    adam = replace(
        result.graded[0], chapter="05_adam", rows=(row,), page=None, notes=()
    )
    return replace(result, graded=(adam,), problems=())


def test_grading_one_chapter_keeps_the_others(result):
    """Its own old results go; what is of no chapter is found again each time."""
    stored(result)
    again = merged(other_chapter(result), "05_adam")

    assert [(one.chapter, one.student) for one in again.graded][-2:] == [
        ("03_momentum", "émile"),
        ("05_adam", "ada"),
    ]
    assert [trouble.student for trouble in again.problems] == ["dalia"]
    fewer = replace(result, graded=result.graded[:1], problems=())
    assert merged(fewer, "03_momentum").graded == fewer.graded


def test_grading_everything_keeps_nothing(result):
    stored(result)

    assert merged(other_chapter(result), None).graded == other_chapter(result).graded


def test_the_files_of_one_chapter_have_the_others_too(result):
    write_exports(result)
    marks, results, page = write_exports(other_chapter(result), "05_adam")

    assert "05_adam" in marks.read_text(encoding="utf-8")
    assert "03_momentum" in marks.read_text(encoding="utf-8")
    assert len(json.loads(results.read_bytes())["submissions"]) == 6
    assert "5 · Adam" in page.read_text(encoding="utf-8")


def test_nothing_stored_is_said(course):
    with pytest.raises(NoResults, match=r"no grading/results.json: grade first"):
        read_results(course)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"results": [], "problems": [], "notes": []}',
        '{"results": [{}], "submissions": [], "unexplained": [], "problems": [],'
        ' "notes": []}',
    ],
)
def test_other_files_are_no_results(course, text):
    course.grading.mkdir()
    (course.grading / RESULTS).write_text(text)

    with pytest.raises(NoResults, match=r"Grade again"):
        read_results(course)
    # Grading one chapter does not fail for it.
    (course.grading / RESULTS).write_text(text)
    assert merged(synthetic_class(course, 3)[0], "03_momentum").graded


def test_a_gradebook_that_cannot_be_read_leaves_the_marks_and_is_told(
    result, monkeypatch
):
    def fails(course):
        raise GradebookFailed("The gradebook is locked.")

    monkeypatch.setattr("autograder.gradebook.gradebook.class_marks", fails)
    now = with_current_marks(result)

    assert now.graded == result.graded
    assert now.problems[0].text == (
        "The marks are those of the last grading: The gradebook is locked."
    )


def test_only_what_was_recorded_gets_a_mark(result, monkeypatch):
    """Chen was not entered: what the gradebook has is from an earlier time."""
    marks = {
        ("03_momentum", "ada"): Mark(6.5, 7.0, 0),
        ("03_momentum", "chen"): Mark(3.0, 7.0, 2),
    }
    monkeypatch.setattr("autograder.gradebook.gradebook.class_marks", lambda c: marks)
    ada, boris, chen, *_ = with_current_marks(result).graded

    assert (ada.mark, ada.waiting) == (6.5, 0)
    assert boris == result.graded[1]
    assert (chen.mark, chen.waiting) == (None, 0)
