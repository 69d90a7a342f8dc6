"""Recording: nbgrader's gradebook and pages say what the results say."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import nbgrader
import pytest
from alembic.script import ScriptDirectory
from bs4 import BeautifulSoup
from sqlalchemy import text

from autograder.checking.message import Message
from autograder.checking.verdict import Verdict
from autograder.classroom.grade_class import find_submissions, grade_class
from autograder.course import Course, NotACourse, load_course
from autograder.gradebook.gradebook import class_marks, open_gradebook
from autograder.gradebook.recording import Recorder, RecordingFailed
from autograder.gradebook.registration import register
from autograder.grading.result import OWN_FAILURE, Result
from autograder.submissions.intake import Submission
from autograder.writing import write_whole
from tests.helpers.gradebook_content import content

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
]

CHAPTER = "03_momentum"
POINTS = {"momentum_step": 2, "nesterov_step": 2, "velocity_weights": 1}


def make_course(folder: Path, root: Path, release: bytes) -> Course:
    """A course with nbgrader's settings as they are here."""
    folder.mkdir(exist_ok=True)
    shutil.copy(root / "nbgrader_config.py", folder)
    write_whole(folder / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    return load_course(folder)


@pytest.fixture
def course(request, tmp_path, root, release):
    """A course without submissions."""
    course = make_course(tmp_path / "course", root, release)
    if getattr(request, "param", "sqlite") == "sqlite":
        return course
    url = request.getfixturevalue("make_database")()
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    return load_course(course.root)


POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))
IN_BOTH = pytest.mark.parametrize("course", ["sqlite", POSTGRESQL], indirect=True)
"""For tests of what differs between databases: transactions, keys, numbers."""


def result_of(student: str, scores: dict[str, float], **more) -> Result:
    """A result that nobody had to grade for."""
    verdicts = tuple(
        Verdict(
            name,
            CHAPTER,
            "passed" if scores[name] == points else "wrong-values",
            scores[name],
            points,
            (),
            Message("RIGHT", name, ("It is right.",), good=True),
        )
        for name, points in POINTS.items()
    )
    return Result(student, CHAPTER, "", verdicts, **more)


FULL = {"momentum_step": 2.0, "nesterov_step": 2.0, "velocity_weights": 1.0}
PART = {"momentum_step": 1.33, "nesterov_step": 0.0, "velocity_weights": 1.0}


def grades(course: Course, student: str) -> dict[str, tuple]:
    """Automatic score, manual score and whether a person must look, by cell."""
    with open_gradebook(course) as gradebook:
        submission = gradebook.find_submission(CHAPTER, student)
        return {
            grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def hand_in(course: Course, student: str, data: bytes, name: str = "") -> None:
    folder = course.submitted / student / CHAPTER
    write_whole(folder / (name or f"{CHAPTER}.ipynb"), data)


WRONG = (
    "def momentum_step(theta, velocity, grad, lr, beta):\n"
    "    v = beta * velocity + lr * grad\n"
    "    return theta + v, v"
)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, root, release, make_notebook):
    """A class of five, graded once: the course and what came of it."""
    course = make_course(tmp_path_factory.mktemp("class") / "course", root, release)
    ada = (
        make_notebook()
        .solve()
        .fill("why", "Because <script>alert(1)</script> it rolls.")
    )
    ada.insert("momentum_step", "print('<b>from ada</b>\\x1b[31m')")
    hand_in(course, "ada", ada.data)
    hand_in(course, "boris", make_notebook().solve().fill("momentum_step", WRONG).data)
    hand_in(course, "chen", b"<<<<<<< HEAD")
    hand_in(course, "dalia", make_notebook().solve().data, "hw (1).ipynb")
    write_whole(course.submitted / "emeka" / CHAPTER / "notes.txt", b"sorry")
    steps: list[tuple] = []
    result = grade_class(course, jobs=2, progress=lambda *step: steps.append(step))
    return course, result, steps


def test_the_class_is_graded_in_one_go(graded):
    """One bad notebook does not stop another."""
    _, result, steps = graded

    assert {one.student: one.score for one in result.graded} == {
        "ada": 5.0,
        "boris": 3.0,
        "chen": 0.0,
        "dalia": 5.0,
        "emeka": 0.0,
    }
    assert [(done, total) for done, total, _ in steps] == [(n, 5) for n in range(1, 6)]
    assert [(t.student, t.text.split(":")[0]) for t in result.problems] == [
        ("chen", "The notebook file is not JSON"),
        (
            "emeka",
            "There is no notebook in the folder; 03_momentum.ipynb is missing. "
            "What is there",
        ),
    ]
    notes = {one.student: one.notes for one in result.graded}
    assert notes["dalia"] == (
        "The notebook is called hw (1).ipynb, not 03_momentum.ipynb.",
    )


def test_the_gradebook_says_what_the_results_say(graded):
    course, result, _ = graded
    for one in result.graded:
        entered = grades(course, one.student)
        for row in one.rows:
            waits = row.code == "unreadable"
            score = None if waits else row.score
            assert entered[f"{row.exercise}_check"] == (score, None, waits)
        assert one.mark == (None if one.problem else one.score)
        assert one.out_of == 7.0


def test_written_answers_wait_for_a_person_unless_there_is_none(graded):
    course, result, _ = graded

    assert grades(course, "ada")["why"] == (None, None, True)
    assert grades(course, "boris")["why"] == (0.0, None, False)
    assert {one.student: one.waiting for one in result.graded}["ada"] == 1


def page_of(course: Course, student: str) -> BeautifulSoup:
    path = course.feedback / student / CHAPTER / f"{CHAPTER}.html"
    return BeautifulSoup(path.read_text(), "html.parser")


def test_everybody_gets_a_page_that_begins_with_the_verdicts(graded):
    course, result, _ = graded
    assert all(one.page.is_file() for one in result.graded)
    page = page_of(course, "boris")

    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
        for row in page.find(class_="verdicts").find_all("tr")[1:]
    ]

    assert [row[:2] for row in rows] == [
        ["momentum_step", "✗ a step uphill"],
        ["nesterov_step", "✓ right"],
        ["velocity_weights", "✓ right"],
        ["why", "✗ not written yet"],
    ]
    assert rows[0][2].split() == ["0", "of", "2"]
    assert "comment" not in page.get_text()  # the table says that already
    text = " ".join(page.get_text(" ").split())
    assert "3 of 7 points" in text
    assert "These are exactly the numbers of a step uphill" in text
    anchors = {link["href"][1:] for link in page.find(class_="verdicts").find_all("a")}
    assert anchors == {part["id"] for part in page.find_all("section")}


def test_a_written_answer_is_for_a_person(graded):
    course, _, _ = graded

    row = page_of(course, "ada").find(class_="verdicts").find_all("tr")[-1]

    assert row.get_text(" ", strip=True).startswith("why a person reads it")


def test_a_page_runs_nothing_of_the_students(graded):
    """Their text is text: no script, no tag, no control character."""
    course, _, _ = graded
    page = page_of(course, "ada")

    assert not any("alert" in script.get_text() for script in page.find_all("script"))
    assert "<b>from ada</b>" in page.get_text()
    assert "\x1b" not in page.get_text()
    assert "alert(1)" in page.get_text()  # a person still reads what was written


def test_a_page_says_why_a_submission_could_not_be_read(graded):
    course, _, _ = graded

    assert "not JSON: Expecting value at line 1" in page_of(course, "chen").get_text()
    assert "is missing" in page_of(course, "emeka").get_text()


def test_nothing_is_left_over_and_nobody_is_shown_the_log(graded, capfd):
    course, _, _ = graded

    assert not (course.grading / ".staging").exists()
    assert "INFO" in (course.grading / "nbgrader.log").read_text()
    assert capfd.readouterr() == ("", "")


@IN_BOTH
def test_scores_are_points_to_the_hundredth(course):
    """A part is a part: nbgrader takes other output than a float for full marks."""
    with Recorder(course) as recorder:
        recorder.record(Submission("ada", CHAPTER, b""), result_of("ada", PART))

    entered = grades(course, "ada")
    assert entered["momentum_step_check"][0] == 1.33
    assert entered["nesterov_step_check"][0] == 0.0
    assert entered["velocity_weights_check"][0] == 1.0


@IN_BOTH
def test_what_a_person_graded_survives_a_regrade(course, solved):
    """Manual grades and comments stay; automatic scores are the new ones."""
    solved.fill("why", "Because it rolls.")
    submission = Submission("ada", CHAPTER, solved.data)
    with Recorder(course) as recorder:
        recorder.record(submission, result_of("ada", PART))
        with open_gradebook(course) as gradebook:
            grade = gradebook.find_grade("why", CHAPTER, CHAPTER, "ada")
            grade.manual_score, grade.needs_manual_grade = 1.5, False
            comment = gradebook.find_comment("why", CHAPTER, CHAPTER, "ada")
            comment.manual_comment = "Well seen."
            gradebook.db.commit()
        recorder.record(submission, result_of("ada", FULL))

    entered = grades(course, "ada")
    assert entered["momentum_step_check"][0] == 2.0
    assert entered["why"][:2] == (None, 1.5)
    assert "Well seen." in page_of(course, "ada").get_text()
    text = page_of(course, "ada").get_text(" ")
    assert "6.5 of 7 points" in " ".join(text.split())


@IN_BOTH
def test_what_we_failed_to_judge_has_no_score(course):
    """It is no zero: nbgrader asks for a person."""
    failed = result_of("ada", FULL, problem="Grading failed, not the submission.")
    verdict = replace(failed.verdicts[0], code=OWN_FAILURE, score=0.0)
    failed = replace(failed, verdicts=(verdict, *failed.verdicts[1:]))
    with Recorder(course) as recorder:
        recorder.record(Submission("ada", CHAPTER, b""), failed)

    entered = grades(course, "ada")
    assert entered["momentum_step_check"] == (None, None, True)
    assert entered["nesterov_step_check"] == (2.0, None, False)


@IN_BOTH
def test_late_penalties_are_nbgraders(course, solved):
    """The course's plugin decides, from the time that intake read."""
    config = course.root / "nbgrader_config.py"
    (course.root / "penalty.py").write_text(
        "from nbgrader.plugins import BasePlugin\n"
        "class Hourly(BasePlugin):\n"
        "    def late_submission_penalty(self, student, score, late):\n"
        "        return late // 3600\n"
    )
    config.write_text(
        config.read_text() + "\nimport sys; sys.path.insert(0, str(root))\n"
        'c.AssignLatePenalties.plugin_class = "penalty.Hourly"\n'
    )
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(
            CHAPTER, duedate="2026-03-01 10:00:00 UTC"
        )
    hand_in(course, "ada", solved.data)
    stamp = course.submitted / "ada" / CHAPTER / "timestamp.txt"
    stamp.write_text("2026-03-01 14:30:00 +0200")

    result = grade_class(load_course(course.root))

    (ada,) = result.graded
    assert ada.score == 5.0
    assert ada.mark == 3.0  # two hours and a half late
    sys.modules.pop("penalty", None)


@IN_BOTH
def test_a_changed_release_keeps_what_was_graded(course, solved, release):
    """A new exercise joins old submissions, one that is gone leaves them."""
    submission = Submission("ada", CHAPTER, solved.fill("why", "It rolls.").data)
    with Recorder(course) as recorder:
        recorder.record(submission, result_of("ada", FULL))
    tree = json.loads(release)
    gone = "velocity_weights"
    tree["cells"] = [c for c in tree["cells"] if not c["id"].startswith(gone)]
    new = json.loads(
        json.dumps(tree["cells"][3:6]).replace("momentum_step", "optimal_momentum")
    )
    tree["cells"][3:3] = [cell for cell in new if "text" not in cell["id"]]
    changed = replace(course, releases={CHAPTER: json.dumps(tree).encode()})

    register(changed, CHAPTER)

    entered = grades(course, "ada")
    assert f"{gone}_check" not in entered
    assert entered["optimal_momentum_check"] == (None, None, True)
    assert entered["momentum_step_check"] == (2.0, None, False)
    assert entered["why"] == (None, None, True)


@IN_BOTH
def test_registering_again_changes_nothing(course):
    register(course, CHAPTER)
    before = content(course.db_url)
    register(course, CHAPTER)

    assert content(course.db_url) == before
    assert len(before["grade_cells"]) == 4


@IN_BOTH
def test_a_new_gradebook_has_nbgraders_number(course):
    """So that `nbgrader db upgrade` knows where it starts."""
    with open_gradebook(course) as gradebook:
        number = gradebook.db.execute(text("select version_num from alembic_version"))

        scripts = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic"))
        assert number.scalar_one() == scripts.get_current_head()


@IN_BOTH
def test_a_result_that_nbgrader_refuses_is_a_trouble_of_its_own(course):
    """More points than there are: nothing is entered, and the next one is taken."""
    too_much = result_of("ada", FULL | {"momentum_step": 99.0})
    with Recorder(course) as recorder:
        with pytest.raises(RecordingFailed) as failed:
            recorder.record(Submission("ada", CHAPTER, b""), too_much)
        recorder.record(Submission("boris", CHAPTER, b""), result_of("boris", FULL))

    assert str(failed.value) == (
        "ada, 03_momentum was not recorded: partial credit cannot be greater than "
        "maximum points for cell; nbgrader.log says more."
    )
    assert "Traceback" in (course.grading / "nbgrader.log").read_text()
    assert ("03_momentum", "ada") not in class_marks(course)
    assert grades(course, "boris")["momentum_step_check"][0] == 2.0


def test_graded_notebooks_are_valid_and_carry_the_outputs(graded):
    course, _, _ = graded
    path = course.autograded / "boris" / CHAPTER / f"{CHAPTER}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)

    check = next(cell for cell in notebook.cells if cell.id == "momentum_step_check")

    told, points = check.outputs
    assert points.output_type == "execute_result"
    assert points.data["text/plain"] == "0.0"
    assert "VALUE MISMATCH" in told.data["text/plain"]


def test_a_chapter_that_is_not_released_is_named(course):
    with pytest.raises(NotACourse, match="no released chapter 09_x; there are 03_mom"):
        find_submissions(course, "09_x")


GRADE = """
import sys
from pathlib import Path
from autograder.classroom.grade_class import grade_class
from autograder.course import load_course

def tell(done, total, what):
    print(done, flush=True)

if __name__ == "__main__":
    print("started", flush=True)
    try:
        grade_class(load_course(Path.cwd()), jobs=2, progress=tell)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_interrupt_ends_everything_and_spoils_nothing(course, make_notebook):
    """What was graded before is recorded, what was under way is gone."""
    hand_in(course, "ada", make_notebook().solve().data)
    slow = make_notebook().solve()
    mark = f"sleeper-{os.getpid()}"
    slow.insert("setup", f"'{mark}'; import time; time.sleep(9)")
    for student in ("boris", "chen", "dalia"):
        hand_in(course, student, slow.data)
    script = course.root / "grade.py"
    script.write_text(GRADE)
    scratch = course.root / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(script)],
        cwd=course.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(scratch)},
        start_new_session=True,
    )
    for expected in ("started", "1"):
        assert process.stdout.readline().strip() == expected
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert out.strip().splitlines()[-1] == "interrupted", err
    assert process.returncode == 0
    assert "Traceback" not in err
    assert grades(course, "ada")["momentum_step_check"] == (2.0, None, False)
    assert list(scratch.glob("autograder-*")) == []
    assert _with_parent_folder(scratch) == []


def _with_parent_folder(folder: Path) -> list[str]:
    """Processes that have this folder in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(folder) in (entry / "environ").read_text():
                found.append((entry / "cmdline").read_text())
        except (OSError, UnicodeDecodeError):
            pass
    return found


def test_a_class_of_nobody_is_graded(course):
    result = grade_class(course)

    assert result.graded == ()
    assert result.rows == ()
    assert result.problems == ()
