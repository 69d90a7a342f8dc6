"""What is given for an answer is in nbgrader's gradebook at once."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from autograder.course import NotACourse
from autograder.gradebook.gradebook import class_marks, open_gradebook
from autograder.gradebook.reading import GradebookFailed
from autograder.reading.given import Given
from autograder.reading.question import read_question
from autograder.reading.session import NotUnderstood, Session
from autograder.reading.table import enter_table
from tests.helpers.answers_course import CHAPTER, QUESTION


def entered(course, student):
    """Points, comment and whether somebody has still to look, as nbgrader has them."""
    with open_gradebook(course) as gradebook:
        place = (QUESTION, CHAPTER, CHAPTER, student)
        grade = gradebook.find_grade(*place)
        comment = gradebook.find_comment(*place)
        return grade.manual_score, comment.comment, grade.needs_manual_grade


def test_the_page_begins_with_all_that_is_asked_and_answered(session):
    all_there = session.everything()

    assert [group["count"] for group in all_there["groups"]] == [2, 1, 1]
    assert all_there["groups"][0]["names"] == ["ada", "boris"]
    assert ["gone", "on."] in all_there["groups"][1]["near"]
    assert all_there["idle"] == 1
    assert [one["points"] for one in all_there["rubric"]] == [0.5, 1.5]
    assert "<math" in all_there["rubric"][0]["text"]
    assert "<em>rolls</em>" in all_there["model"]
    assert "[0.5]" not in all_there["model"]
    assert "<script" not in all_there["groups"][2]["html"]


def test_one_decision_is_entered_for_all_that_are_alike(course, session):
    version = session.everything()["groups"][0]["version"]
    done, state = session.give(0, version, Given((1,), None, "Nearly."), True)

    assert done
    assert state["read"]
    words = (
        "- ✗ It names the **velocity** $v_t$. (0.5)\n"
        "- ✓ It says what friction does. (1.5)\n\nNearly."
    )
    assert entered(course, "ada") == entered(course, "boris") == (1.5, words, False)
    assert entered(course, "chen") == (None, None, True)
    assert class_marks(course)[CHAPTER, "ada"].mark == 1.5
    assert session.everything()["groups"][0]["comment"] == "Nearly."


def test_what_is_begun_is_kept_and_waits(course, session):
    version = session.everything()["groups"][1]["version"]
    _, state = session.give(1, version, Given((0,), None, "Wh"), False)

    assert entered(course, "chen")[::2] == (0.5, True)
    done, _ = session.give(1, state["version"], Given(), False)
    assert done
    assert entered(course, "chen") == (None, None, True)


@pytest.mark.parametrize("given", [Given((), None, "Why?"), Given((), 1, "x")])
def test_what_was_entered_is_what_is_there(session, given):
    """The state that comes back is the gradebook's: on it the next one is given."""
    version = session.everything()["groups"][1]["version"]
    _, state = session.give(1, version, given, False)

    assert (
        session.everything()["groups"][1] | state == session.everything()["groups"][1]
    )
    assert session.give(1, state["version"], Given((0, 1)), True)[0]


def test_whoever_is_second_writes_over_nobody(course, session):
    """Not over another page, nor over the formgrader."""
    other = Session(course, session.question)
    seen = other.everything()["groups"][1]["version"]
    session.give(1, seen, Given((0,)), True)
    done, state = other.give(1, seen, Given((1,)), True)
    other.close()

    assert not done
    assert state["earned"] == [0]
    assert entered(course, "chen")[0] == 0.5
    with open_gradebook(course) as gradebook:
        gradebook.db.execute(text("update grade set manual_score = 0.25"))
        gradebook.db.commit()
    done, state = session.give(1, state["version"], Given((1,)), True)
    assert not done
    assert state["own"] == 0.25


def test_nobody_is_sent_where_somebody_is(session):
    session.look("one", 0)
    told = session.look("two", 1)

    assert told["others"] == [0]
    assert session.look("one", 2)["others"] == [1]


def test_names_are_kept_back(course, session):
    blind = Session(course, session.question, blind=True)
    told = repr(blind.everything())
    blind.close()

    assert not any(name in told for name in ("ada", "boris", "chen", "dalia"))


def test_what_no_page_asks_for_is_refused(course, session):
    version = session.everything()["groups"][0]["version"]
    for at, given, done in (
        (9, Given((0,)), True),
        (-1, Given((0,)), True),
        (0, Given((7,)), True),
        (0, Given((), 2.5), True),
        (0, Given((), -1.0), False),
        (0, Given((), float("nan")), True),
    ):
        with pytest.raises(NotUnderstood):
            session.give(at, version, given, done)

    assert entered(course, "ada") == (None, None, True)


def test_a_question_is_found_by_its_name_or_alone(course):
    assert read_question(course, CHAPTER, QUESTION).points == 2
    with pytest.raises(NotACourse, match="Its questions: why"):
        read_question(course, CHAPTER, "how")


def test_without_a_gradebook_it_is_said(course):
    asked = read_question(course, CHAPTER)
    (course.grading / "gradebook.db").unlink()
    with pytest.raises(GradebookFailed, match="grade first"):
        Session(course, asked)


# --- From a table ------------------------------------------------------------------


def table(course, *rows):
    path = course.root / "points.csv"
    path.write_text("\n".join(["Student,Points,Comment", *rows]), encoding="utf-8")
    return path


def test_points_and_comments_come_from_a_table(course):
    """As a spreadsheet writes them; an empty row changes nothing."""
    path = table(course, 'ada,"1,5","Nearly, "', "boris,,", "chen,2,")
    asked = read_question(course, CHAPTER)

    assert enter_table(course, asked, path) == 2
    assert entered(course, "ada") == (1.5, "Nearly,", False)
    assert entered(course, "boris") == (None, None, True)
    assert entered(course, "chen") == (2.0, None, False)


def test_a_table_is_entered_as_a_whole_or_not_at_all(course):
    path = table(course, "ada,1,", "zed,1,", "chen,3,", "boris,x,", "dalia,,y")
    with pytest.raises(NotACourse) as refused:
        enter_table(course, read_question(course, CHAPTER), path)

    told = str(refused.value).splitlines()
    assert told == [
        "Nothing is entered:",
        "  row 3: zed has no answer in the gradebook",
        "  row 4: chen has 3 points of 2",
        "  row 5: boris has x points",
        "  row 6: dalia has no points",
    ]
    assert entered(course, "ada") == (None, None, True)
