"""What has not changed is not touched: no file, no row, no time of a file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from autograder.checking import judging
from autograder.cli import main
from autograder.course import load_course
from autograder.gradebook.gradebook import open_gradebook
from autograder.writing import write_whole
from tests.helpers.folder_state import folder_state

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
]

CHAPTER = "03_momentum"
ANSWER = "Because it rolls on, as a ball does."


def grade(*options: str) -> str:
    """What the command prints; it grades, in a single process for so few."""
    words = ["grade", "--box", "none", "--jobs", "1", *options]
    done = CliRunner().invoke(main, words)
    assert done.exit_code in (0, 3), done.output
    return done.output


def hand_in(root: Path, student: str, data: bytes) -> None:
    folder = root / "grading" / "submitted" / student / CHAPTER
    write_whole(folder / f"{CHAPTER}.ipynb", data)


def by_hand(root: Path, points: float = 1.5, student: str = "ada") -> None:
    """Give points and a comment for the written answer, as the formgrader does."""
    with open_gradebook(load_course(root)) as gradebook:
        place = ("why", CHAPTER, CHAPTER, student)
        grade = gradebook.find_grade(*place)
        grade.manual_score = points
        grade.needs_manual_grade = False
        gradebook.find_comment(*place).manual_comment = "Say which force."
        gradebook.db.commit()


def written(root: Path, student: str = "ada") -> tuple:
    """Points given by hand, whether a person has to look, and their comment."""
    with open_gradebook(load_course(root)) as gradebook:
        place = ("why", CHAPTER, CHAPTER, student)
        grade, comment = gradebook.find_grade(*place), gradebook.find_comment(*place)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


GRADED = (1.5, False, "Say which force.")
ASKED_AGAIN = (1.5, True, "Say which force.")


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory, root, release, make_notebook):
    """A course of four, graded: right, wrong, unreadable, and of an unclear time."""
    place = tmp_path_factory.mktemp("course")
    shutil.copy(root / "nbgrader_config.py", place)
    write_whole(place / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    right = make_notebook().solve().fill("why", ANSWER).data
    wrong = "def momentum_step(*_):\n    return 1"
    hand_in(place, "ada", right)
    hand_in(place, "boris", make_notebook().solve().fill("momentum_step", wrong).data)
    hand_in(place, "chen", b"<html>")
    hand_in(place, "dalia", right)
    stamp = place / "grading" / "submitted" / "dalia" / CHAPTER / "timestamp.txt"
    stamp.write_text("yesterday")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        grade()
    return place


@pytest.fixture
def course(graded_once, tmp_path, monkeypatch):
    """A copy of it, in which the command is given."""
    place = tmp_path / "course"
    shutil.copytree(graded_once, place)
    monkeypatch.chdir(place)
    return place


def test_a_second_run_touches_nothing(course):
    """Not a byte, not a time, not of the gradebook either."""
    before = folder_state(course)

    said = grade()

    assert "all unchanged since the last run" in said
    assert folder_state(course) == before


def test_nor_does_one_that_grades_everything_again(course):
    """What comes out again as it was is not written again; the log says it ran."""
    before = folder_state(course / "grading")

    grade("--again")

    after = folder_state(course / "grading")
    assert before.keys() == after.keys()
    assert {n for n in after if after[n] != before[n]} == {"nbgrader.log"}


def test_what_a_person_entered_comes_into_the_page_once(course):
    """Then nothing is touched any more, and nobody is asked again."""
    by_hand(course)

    grade()

    page = course / "grading" / "feedback" / "ada" / CHAPTER / f"{CHAPTER}.html"
    assert "Say which force." in page.read_text()
    assert written(course) == GRADED
    before = folder_state(course)
    grade()
    assert folder_state(course) == before


def test_another_cell_that_changed_asks_nobody_again(course, make_notebook):
    """The written answer is the one that was read."""
    by_hand(course)
    grade()
    new = make_notebook().solve().fill("why", ANSWER)
    new.fill("momentum_step", "def momentum_step(*_):\n    return 2")
    hand_in(course, "ada", new.data)

    grade()

    assert written(course) == GRADED


@pytest.mark.parametrize("between", [True, False], ids=["run between", "none"])
def test_another_answer_waits_with_the_old_points(course, make_notebook, between):
    """And waits until a person has looked, however often one grades in between."""
    by_hand(course)
    if between:
        grade()
    hand_in(course, "ada", make_notebook().solve().fill("why", "It slides.").data)

    grade()
    assert written(course) == ASKED_AGAIN
    grade("--again")
    assert written(course) == ASKED_AGAIN

    by_hand(course, 0.5)
    grade()
    assert written(course) == (0.5, False, "Say which force.")


def test_the_answer_that_was_graded_comes_back(course, make_notebook):
    """Its points are for it: nobody has to look at it a second time."""
    by_hand(course)
    first = make_notebook().solve().fill("why", ANSWER).data
    hand_in(course, "ada", b"not a notebook")
    grade()
    assert written(course) == ASKED_AGAIN

    hand_in(course, "ada", first)
    grade()

    assert written(course) == GRADED


def test_a_cell_beside_the_answer_is_read_with_it(course, make_notebook):
    """Who goes on in a cell of their own has written another answer."""
    by_hand(course)
    grade()
    new = make_notebook().solve().fill("why", ANSWER)
    new.insert("why", "And it is heavy.")
    hand_in(course, "ada", new.data)

    grade()

    assert written(course) == ASKED_AGAIN


def test_what_a_person_settled_does_not_wait_again(course):
    """Points for what could not be read, and for what came at an unclear time."""
    with open_gradebook(load_course(course)) as gradebook:
        for student in ("chen", "dalia"):
            entry = gradebook.find_submission_notebook(CHAPTER, CHAPTER, student)
            for one in entry.grades:
                one.manual_score, one.needs_manual_grade = 1.0, False
        gradebook.db.commit()

    grade("--again")

    with open_gradebook(load_course(course)) as gradebook:
        for student in ("chen", "dalia"):
            entry = gradebook.find_submission_notebook(CHAPTER, CHAPTER, student)
            assert [one.needs_manual_grade for one in entry.grades] == [False] * 4

    hand_in(course, "chen", b"<html> another page")
    grade()
    with open_gradebook(load_course(course)) as gradebook:
        entry = gradebook.find_submission_notebook(CHAPTER, CHAPTER, "chen")
        assert [one.needs_manual_grade for one in entry.grades] == [True] * 4


def test_a_class_graded_before_this_was_kept_asks_nobody_again(course):
    """Without the record, the graded notebook says what was read."""
    by_hand(course)
    shutil.rmtree(course / "grading" / "recorded")

    grade()

    assert written(course) == GRADED


def test_entering_it_again_leaves_the_same_record(course):
    """However often, and with or without one: it holds no history of runs."""
    folder = course / "grading" / "recorded"
    before = {p: p.read_bytes() for p in folder.rglob("*.json")}
    shutil.rmtree(folder)
    grade("--again")
    assert {p: p.read_bytes() for p in folder.rglob("*.json")} == before
    shutil.rmtree(course / "grading" / "autograded")
    shutil.rmtree(folder)
    grade()

    assert {p: p.read_bytes() for p in folder.rglob("*.json")} == before


def in_this_process(submissions, task, jobs, keep, meanwhile):
    """Grade one after the other here, where a test has changed the code."""
    for submission in submissions:
        result = task.grade(submission)
        keep(submission, result)
        yield submission, result


def test_other_words_come_into_pages_and_nothing_is_run(course, monkeypatch):
    """Code has changed that only judges: what the answers did is known."""
    place = "autograder.classroom"
    monkeypatch.setattr(f"{place}.store.judging_code", lambda chapter: "of tomorrow")
    monkeypatch.setattr(f"{place}.grade_class.grade_all", in_this_process)
    opened = []
    monkeypatch.setattr("autograder.grading.examiner.Run", opened.append)
    judged = judging.judge

    def in_other_words(*arguments):
        verdict = judged(*arguments)
        blocks = [f"Look: {verdict.message.blocks[0]}", *verdict.message.blocks[1:]]
        return replace(verdict, message=replace(verdict.message, blocks=tuple(blocks)))

    monkeypatch.setattr("autograder.grading.examiner.judge", in_other_words)
    gradebook = course / "grading" / "gradebook.db"
    before = gradebook.read_bytes()

    said = grade()

    assert opened == []
    assert "3 judged again, and run only as far as that needs it" in said
    feedback = course / "grading" / "feedback"
    for student in ("ada", "boris", "dalia"):
        page = feedback / student / CHAPTER / f"{CHAPTER}.html"
        assert "Look: " in page.read_text()
    assert gradebook.read_bytes() == before
    assert "all unchanged since the last run" in grade()


def test_code_that_comes_to_the_same_touches_no_page(course, monkeypatch):
    """Only what is kept of a result says by which code it was judged."""
    place = "autograder.classroom"
    monkeypatch.setattr(f"{place}.store.judging_code", lambda chapter: "of tomorrow")
    monkeypatch.setattr(f"{place}.grade_class.grade_all", in_this_process)
    before = folder_state(course / "grading")

    grade()

    after = folder_state(course / "grading")
    changed = {name for name in after if after[name] != before.get(name)}
    assert {name for name in changed if not name.startswith("results/")} == {
        "nbgrader.log"
    }


@pytest.mark.parametrize("lost", ["feedback", "autograded", "recorded", "results"])
def test_what_is_lost_is_made_again(course, lost):
    """And is what it was."""
    gone = course / "grading" / lost
    before = {p: p.read_bytes() for p in gone.rglob("*") if p.is_file()}
    shutil.rmtree(gone)

    grade()

    assert {p: p.read_bytes() for p in gone.rglob("*") if p.is_file()} == before


def test_a_setting_that_changed_counts_at_once(course):
    """A due date and a policy for late work are no part of what was handed in."""
    stamp = course / "grading" / "submitted" / "ada" / CHAPTER / "timestamp.txt"
    stamp.write_text("2026-03-02 12:00:00 UTC")
    with open_gradebook(load_course(course)) as gradebook:
        gradebook.update_or_create_assignment(CHAPTER, duedate="2026-03-01 12:00 UTC")
    grade()
    settings = course / "nbgrader_config_local.py"
    settings.write_text('c.LateSubmissionPlugin.penalty_method = "zero"\n')

    grade()

    engine = create_engine(load_course(course).db_url)
    with engine.connect() as connection:
        lost = connection.execute(
            text(
                "select late_submission_penalty from submitted_notebook n join "
                "submitted_assignment a on n.assignment_id = a.id "
                "where student_id = 'ada'"
            )
        ).scalar_one()
    engine.dispose()
    assert lost == 5.0


def test_what_others_put_there_stays_as_it_is(course, make_notebook):
    """Files of a teacher's and of other programs, in every folder, after any run."""
    grading = course / "grading"
    folders = [grading, *(p for p in grading.rglob("*") if p.is_dir())]
    foreign = []
    for folder in folders:
        for name in ("notes.md", ".hidden", "gradebook.db-old"):
            (folder / name).write_text(f"of the teacher's: {name}")
            foreign.append(folder / name)
    ours = grading / "report" / "of-mine"
    ours.mkdir()
    foreign.append(ours)

    def state() -> list[tuple]:
        return [(p.read_bytes() if p.is_file() else None, p.lstat()) for p in foreign]

    before = [(held, *found[:7], found.st_mtime_ns) for held, found in state()]
    hand_in(course, "ada", make_notebook().solve().fill("why", "It slides.").data)
    hand_in(course, "emeka", make_notebook().solve().data)

    grade()
    grade("--again")

    assert [(held, *f[:7], f.st_mtime_ns) for held, f in state()] == before


def nbgrader_autograde(root: Path, student: str = "[a]da") -> None:
    """What the formgrader's button does as well."""
    words = ["autograde", CHAPTER, "--student", student, "--force"]
    subprocess.run([sys.executable, "-m", "nbgrader", *words], cwd=root, check=True)


def test_nbgraders_own_command_asks_again_by_the_same_rule(course, make_notebook):
    """Whichever of the two grades next: once for each text, and no more."""
    by_hand(course)
    nbgrader_autograde(course)
    assert written(course) == GRADED
    grade()
    assert written(course) == GRADED

    hand_in(course, "ada", make_notebook().solve().fill("why", "It slides.").data)
    nbgrader_autograde(course)
    assert written(course) == ASKED_AGAIN
    grade()
    assert written(course) == ASKED_AGAIN

    by_hand(course, 0.5)
    nbgrader_autograde(course)
    assert written(course) == (0.5, False, "Say which force.")
    grade()
    assert written(course) == (0.5, False, "Say which force.")
