"""What is read without nbgrader is what nbgrader says."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from nbgrader.api import Base

from autograder.course import load_course
from autograder.gradebook.gradebook import class_marks, open_gradebook
from autograder.gradebook.reading import class_fingerprints
from autograder.gradebook.recording import Recorder
from autograder.gradebook.tables import TABLES
from autograder.grading.grade import own_failure
from autograder.submissions.submission import Submission
from autograder.writing import write_whole

CHAPTER = "03_momentum"

pytestmark = pytest.mark.xdist_group("record")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_tables_are_nbgraders(table):
    """Each column is there, and of the same kind."""
    theirs = Base.metadata.tables[table.name].columns

    for column in table.columns:
        assert isinstance(theirs[column.name].type, type(column.type))


def test_marks_are_nbgraders(tmp_path, root, release):
    """With points by hand, extra credit and a penalty."""
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    write_whole(tmp_path / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    course = load_course(tmp_path)
    assert class_marks(course) == class_fingerprints(course) == {}
    submission = Submission("ada", CHAPTER, release)
    with Recorder(course) as recorder:
        recorder.record(submission, own_failure(submission, course, ""))
    with open_gradebook(course) as gradebook:
        entry = gradebook.find_submission_notebook(CHAPTER, CHAPTER, "ada")
        first, second, third, _ = entry.grades
        first.manual_score, first.auto_score, first.extra_credit = 1.25, 2.0, 0.5
        second.auto_score, second.extra_credit = 1.0, 0.25
        third.extra_credit = 3.0  # of what has no score
        first.needs_manual_grade = second.needs_manual_grade = False
        entry.late_submission_penalty = 0.75
        gradebook.db.commit()
        waiting = sum(grade.needs_manual_grade for grade in entry.grades)
        expected = (entry.score - 0.75, entry.max_score, waiting)

    mark = class_marks(course)[CHAPTER, "ada"]

    assert (mark.mark, mark.out_of, mark.waiting) == expected == (2.25, 7.0, 1)


def test_to_ask_imports_no_nbgrader():
    """That takes longer than all the rest of a run in which nothing has changed."""
    code = (
        "import autograder.classroom.grade_class, autograder.gradebook.reading, sys;"
        "import autograder.exports.class_files, autograder.gradebook.recorded;"
        "import autograder.sample.home, autograder.report.terminal;"
        "import autograder.exports.course_view;"
        "print({'nbgrader', 'nbformat', 'jsonschema', 'nbconvert'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.stdout == "set()\n", done.stderr
