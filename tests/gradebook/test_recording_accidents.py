"""Recording when something goes wrong: killed, locked out, out of space."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import pytest

from autograder.classroom.grade_class import grade_class
from autograder.course import load_course
from autograder.gradebook import files
from autograder.gradebook.gradebook import class_marks, open_gradebook
from autograder.gradebook.recording import Recorder, RecordingFailed
from autograder.grading.result import Result
from autograder.submissions.intake import Submission
from autograder.writing import write_whole
from tests.helpers.gradebook_content import content

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
]

CHAPTER = "03_momentum"


@pytest.fixture
def course(tmp_path, root, release):
    """A course without submissions."""
    folder = tmp_path / "course"
    folder.mkdir()
    shutil.copy(root / "nbgrader_config.py", folder)
    write_whole(folder / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    return load_course(folder)


def record_one(recorder: Recorder, student: str, data: bytes = b"") -> Path:
    when = "2026-03-01 10:00:00.000000 UTC"
    submission = Submission(student, CHAPTER, data, timestamp=when)
    return recorder.record(submission, Result(student, CHAPTER, "", ()))


KILL = """
import os, shutil, signal, sys
from itertools import count
from pathlib import Path

sys.path[:0] = sys.argv[1:2]
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.course import load_course
from autograder.gradebook.recording import Recorder
from tests.gradebook.test_recording_accidents import record_one

course = load_course(Path.cwd())
gradebook = course.grading / "gradebook.db"
data = Path("solved.ipynb").read_bytes()
recorder = Recorder(course)
record_one(recorder, "ada", data)
recorder.close()  # a connection must not be shared by two processes
shutil.copy(gradebook, "only-ada.db")

def record_boris(last):
    left = last

    def step(*_):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)
    sys.addaudithook(lambda name, _: name == "os.rename" and step())
    record_one(recorder, "boris", data)

for last in count(1):
    child = os.fork()
    if child == 0:
        record_boris(last)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status == 0:
        break
    assert os.WTERMSIG(status) == signal.SIGKILL, status
    print(last, flush=True)
    input()  # the test has looked
    shutil.copy("only-ada.db", gradebook)
    shutil.rmtree(course.feedback / "boris", ignore_errors=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks a process that has threads")
def test_a_kill_at_any_moment_leaves_whole_entries(course, solved):
    """Before each statement, commit and rename: an entry is there, or it is not.

    Recording again makes what an undisturbed run makes.
    """
    (course.root / "solved.ipynb").write_bytes(solved.data)

    def record_all(*students: str) -> dict:
        with Recorder(course) as recorder:
            for student in students:
                record_one(recorder, student, solved.data)
        return content(course.db_url)

    only_ada, both = record_all("ada"), record_all("boris")
    (course.grading / "gradebook.db").unlink()
    shutil.rmtree(course.feedback)
    process = subprocess.Popen(
        [sys.executable, "-c", KILL, str(Path(__file__).parents[2])],
        cwd=course.root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    found, pages = [], []
    with process:
        for _ in iter(process.stdout.readline, ""):
            found.append(content(course.db_url))
            pages.append((course.feedback / "boris").is_dir())
            if len(found) in (1, 12):
                assert record_all("ada", "boris") == both
            process.stdin.write("\n")
            process.stdin.flush()

    assert process.returncode == 0
    assert len(found) > 12
    entered = [{str(only_ada): False, str(both): True}[str(rows)] for rows in found]
    assert (entered[0], entered[-1]) == (False, True)
    assert entered == sorted(entered)  # once it is there it stays
    # The page is the last to come: no page without an entry.
    assert all(there for page, there in zip(pages, entered, strict=True) if page)


def test_a_locked_gradebook_is_said_and_the_next_one_goes_in(course):
    """As long as another program holds it, each submission says so in its turn."""
    patient = replace(course, db_url=course.db_url + "?timeout=0.1")
    with Recorder(patient) as recorder:
        record_one(recorder, "ada")
        with closing(connect(course.grading / "gradebook.db")) as other:
            other.execute("begin exclusive")
            with pytest.raises(RecordingFailed) as failed:
                record_one(recorder, "boris")
            other.rollback()
        record_one(recorder, "chen")

    said = (
        "boris, 03_momentum was not recorded: database is locked by another program: "
        "close that and grade again; "
    )
    assert str(failed.value).startswith(said)
    assert {student for _, student in class_marks(course)} == {"ada", "chen"}


def test_a_gradebook_that_is_locked_from_the_start(course):
    """Registering the chapter is tried again with the next submission."""
    with open_gradebook(course):
        pass
    patient = replace(course, db_url=course.db_url + "?timeout=0.1")
    with Recorder(patient) as recorder:
        with closing(connect(course.grading / "gradebook.db")) as other:
            other.execute("begin exclusive")
            with pytest.raises(RecordingFailed, match="database is locked"):
                record_one(recorder, "ada")
            other.rollback()
        record_one(recorder, "boris")

    assert {student for _, student in class_marks(course)} == {"boris"}


@pytest.mark.parametrize(("ending", "marks"), [(".ipynb", 1), (".html", 2)])
def test_a_full_disk_costs_the_submission_that_met_it(
    course, monkeypatch, ending, marks
):
    """Without its notebook nothing is entered; without its page only that lacks."""

    def full(path, data, **how):
        if "boris" in path.parts and path.suffix == ending:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write_whole(path, data, **how)

    monkeypatch.setattr(files, "write_whole", full)
    with Recorder(course) as recorder:
        with pytest.raises(RecordingFailed, match="recorded: No space left on device"):
            record_one(recorder, "boris")
        assert record_one(recorder, "chen").is_file()

    assert len(class_marks(course)) == marks
    assert list(course.feedback.rglob("*boris*/*/*.html")) == []


def test_a_plugin_that_fails_costs_the_late_ones(course):
    """Its words are said; who was in time does not meet it."""
    (course.root / "broken_penalty.py").write_text(
        "from nbgrader.plugins import BasePlugin\n"
        "class Broken(BasePlugin):\n"
        "    def late_submission_penalty(self, student, score, late):\n"
        "        raise RuntimeError('no such rule')\n"
    )
    config = course.root / "nbgrader_config.py"
    config.write_text(
        config.read_text() + "\nimport sys; sys.path.insert(0, str(root))\n"
        'c.AssignLatePenalties.plugin_class = "broken_penalty.Broken"\n'
    )
    with open_gradebook(course) as gradebook:
        due = "2026-02-01 10:00:00 UTC"
        gradebook.update_or_create_assignment(CHAPTER, duedate=due)
    with Recorder(course) as recorder:
        with pytest.raises(RecordingFailed, match="not recorded: no such rule; "):
            record_one(recorder, "ada")
        in_time = Submission("boris", CHAPTER, b"")
        recorder.record(in_time, Result("boris", CHAPTER, "", ()))
    sys.modules.pop("broken_penalty")

    assert {student for _, student in class_marks(course)} == {"boris"}


NAMES = [
    "@da",
    "o'neill; drop table grade",
    "'" * 50,
    "x" * 100,
    "müller-lüdenscheidt",
    "Ada {{ 7*7 }} B",
    "a.b@example.org",
]


def test_odd_names_are_names(course):
    """What intake lets through goes through the database and into the page."""
    from autograder.submissions.intake import is_student_name

    allowed = [name for name in NAMES if is_student_name(name)]
    with Recorder(course) as recorder:
        pages = [record_one(recorder, name) for name in allowed]

    assert {student for _, student in class_marks(course)} == set(allowed)
    assert all(page.is_file() for page in pages)


@pytest.mark.parametrize(
    ("db_url", "said"),
    [
        ("sqlite:///notebooks", "unable to open database file"),
        ("nosuch://here/there", "Can't load plugin: sqlalchemy.dialects:nosuch"),
        ("postgresql+asyncpg://here/there", "No module named 'asyncpg'"),
        ("postgresql+psycopg://127.0.0.1:1/there", "connection failed"),
    ],
)
def test_a_class_is_graded_without_a_gradebook(
    course, solved, monkeypatch, db_url, said
):
    """The verdicts are there, and everybody's trouble says what is wrong."""
    folder = course.submitted / "ada" / CHAPTER
    write_whole(folder / f"{CHAPTER}.ipynb", solved.data)
    broken = replace(course, db_url=db_url)
    monkeypatch.chdir(course.root)

    result = grade_class(broken, jobs=1)

    (ada,) = result.graded
    assert (ada.score, ada.mark, ada.page) == (5.0, None, None)
    unread, unwritten = sorted(problem.text for problem in result.problems)
    assert unread.startswith(f"The gradebook cannot be read: {said}")
    assert unwritten.startswith(f"ada, 03_momentum was not recorded: {said}")


def test_the_file_is_whole_json_in_utf_8(course, make_notebook):
    """Whatever a student writes, formgrader can read it back."""
    odd = "Ünïcode \U0001f600 \ud800 \x00 end"
    notebook = make_notebook().fill("why", odd)
    with Recorder(course) as recorder:
        record_one(recorder, "ada", notebook.data)

    path = course.autograded / "ada" / CHAPTER / f"{CHAPTER}.ipynb"
    tree = json.loads(path.read_text("utf-8"))
    (why,) = [cell for cell in tree["cells"] if cell["id"] == "why"]
    assert "".join(why["source"]).startswith("Ünïcode \U0001f600 ?")
    assert path.stat().st_mode & 0o777 == 0o444
