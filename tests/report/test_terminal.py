"""The terminal's report: readable at 80 columns and without colour."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from autograder.classroom.class_result import Row
from autograder.grading.behaviour import DIAGNOSED
from autograder.report.terminal import MEANING, SHORT, progress_bar, report
from autograder.report.wrong_answers import ANSWERS


def printed(result, width=80, files=(), **options):
    """What the report prints, as lines without spaces at their ends."""
    text = io.StringIO()
    console = Console(file=text, width=width, highlight=False, **options)
    report(result, console, files)
    return [line.rstrip() for line in text.getvalue().splitlines()]


def test_the_table_says_who_got_what(result):
    """Points where an answer is right, a word where it is not, both for a part."""
    lines = printed(result)
    at = lines.index("03_momentum")

    assert [line.split() for line in lines[at + 1 : at + 8]] == [
        ["student", "3.1", "3.6", "3.3", "score", "mark"],
        ["of", "2", "of", "2", "of", "1", "of", "5", "of", "7"],
        ["ada", "2", "2", "1", "5", "5*"],
        ["boris", "value", "1.33", "inpl", "-", "1.33", "1.33"],
        ["chen", "value", "slow", "OURS", "0", "?"],
        ["dalia", "file", "file", "file", "0", "0"],
        ["émile", "2", "2", "1", "5", "5"],
    ]


def test_every_word_is_explained(result):
    text = " ".join(printed(result))

    for word in ("value", "slow", "file", "inpl", "OURS"):
        assert f"{word} = {MEANING[word]}" in text
    assert set(SHORT.values()) - {""} == set(MEANING)


@pytest.mark.parametrize("code", sorted(DIAGNOSED))
def test_every_kind_of_wrong_answer_has_words(code):
    """A word in the table, and words on the page."""
    assert SHORT[code] in MEANING
    assert ANSWERS[code]


def test_the_numbers_are_those_of_the_chapters_headings(result):
    assert "3.1 momentum_step, 3.6 nesterov_step, 3.3 velocity_weights." in printed(
        result
    )


def test_the_most_frequent_mistakes_come_first_and_by_what_they_are(result):
    lines = printed(result)
    at = lines.index("Most frequent mistakes")

    assert lines[at + 1].split(maxsplit=2) == ["2x", "momentum_step", "a step uphill"]
    assert lines[at + 2].split(maxsplit=1)[0] == "1x"


def test_problems_and_notes_name_the_student(result):
    lines = printed(result)
    problems = lines.index("Problems")
    notes = lines.index("Noticed in what is not all right")

    assert lines[problems + 1].startswith("the class")
    assert "dalia, 03_momentum  The notebook file is empty." in lines
    assert any(line.startswith("boris, 03_momentum") for line in lines[notes:])


@pytest.mark.parametrize(
    ("note", "score", "lost"),
    [
        ("A cell is gone: momentum_step.", 2.0, False),
        ("A cell is gone: momentum_step.", 1.0, True),
        ("A cell is gone: ema_momentum_step.", 1.0, False),
        ("Cells were moved.", 2.0, False),
        ("Cells were moved.", 1.0, True),
    ],
)
def test_no_points_lost_is_said_where_none_were(result, note, score, lost):
    """By the functions that a note names; by all of them where it names none."""
    row = replace(result.graded[0].rows[0], exercise="momentum_step", points=2)
    rows = (
        replace(row, score=score),
        replace(row, exercise="ema_momentum_step", score=2.0),
    )
    one = replace(result.graded[0], rows=rows, notes=(note,))
    lines = printed(replace(result, graded=(one,)))

    assert ("Noticed in what is not all right" in lines) is lost
    assert ("Noticed, and no points lost by it" in lines) is not lost


def test_the_summary_counts(result):
    text = " ".join(" ".join(printed(result)).split())

    assert "5 students, 5 submissions: 45 % of the points on average" in text
    assert "2 with all of them. Written answers that wait for a person: 1." in text


def test_one_is_counted_as_one(result):
    text = " ".join(printed(replace(result, graded=result.graded[:1])))

    assert "1 student, 1 submission: " in text


def test_files_and_pages_are_named_from_where_the_user_is(result, monkeypatch):
    monkeypatch.chdir(result.course.root)
    marks = result.course.grading / "marks.csv"

    lines = printed(result, files=[marks])

    assert lines[-2:] == [
        "Feedback   grading/feedback/STUDENT/CHAPTER/CHAPTER.html",
        "Marks      grading/marks.csv",
    ]


def many_exercises(result):
    """The same class with twelve exercises of one chapter."""
    from autograder.exercises import EXERCISES

    names = [exercise.name for exercise in EXERCISES if exercise.points][:12]
    students = [
        replace(
            one,
            rows=tuple(
                Row(one.student, one.chapter, name, "wrong-values", 0.33, 2, ())
                for name in names
            ),
        )
        for one in result.graded
    ]
    return replace(result, graded=tuple(students))


@pytest.mark.parametrize("width", [60, 80, 200])
def test_no_line_is_wider_than_the_terminal_and_none_is_cut(result, width):
    """A wide table becomes several; every student is in each of them."""
    lines = printed(many_exercises(result), width=width)

    assert max(map(len, lines)) <= width
    assert "…" not in "".join(lines)
    tables = sum(line.startswith("student ") for line in lines)
    assert sum(line.startswith("boris ") for line in lines) >= tables
    assert (tables == 1) == (width == 200)


def test_no_colour_is_needed(result):
    """With colour the words are the same."""
    plain = printed(result)
    coloured = printed(result, force_terminal=True, color_system="truecolor")

    assert "\x1b[" not in "".join(plain)
    assert "\x1b[" in "".join(coloured)


def test_an_empty_class_is_reported(result):
    lines = printed(replace(result, graded=(), problems=()))

    assert any(line.startswith("0 students, 0 submissions") for line in lines)


def test_the_bar_counts_and_estimates():
    text = io.StringIO()
    console = Console(file=text, width=80, force_terminal=True)
    with progress_bar(console) as advance:
        for done in range(1, 4):
            advance(done, 3, "ada, 03_momentum")

    assert "3/3" in text.getvalue()


def test_boxes_are_named_and_the_lack_of_one_is_a_warning(result):
    """Marks that student code could have written say so."""
    first, *others = result.graded
    bare = replace(result, graded=(replace(first, box="none"), *others))

    assert "Student code ran in sandlock." in " ".join(printed(result))
    said = " ".join(printed(bare))
    assert "Graded without a box: 1. Whoever wrote these notebooks could" in said
