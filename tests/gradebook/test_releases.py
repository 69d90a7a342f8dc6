"""Two releases of a chapter in one gradebook: everybody has the points of theirs."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.course import load_course
from autograder.exercises import find
from autograder.exports.formats import Wanted
from autograder.exports.formats import export as write_export
from autograder.gradebook.gradebook import class_marks, open_gradebook
from autograder.gradebook.recording import Recorder
from autograder.grading.grade import grafted_submission, own_failure
from autograder.grading.result import Result
from autograder.submissions.submission import Submission
from autograder.writing import write_whole

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
    pytest.mark.xdist_group("record"),
]

CHAPTER = "03_momentum"
NEW = "optimal_momentum"


def run(*words: str) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def course(tmp_path, root, release, monkeypatch):
    """A course whose chapter has three functions and a question, of 7 points."""
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    write_whole(tmp_path / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def add_an_exercise(root, release: bytes) -> None:
    """What a build would make after an exercise was added."""
    tree = json.loads(release)
    theirs = [cell for cell in tree["cells"] if "momentum_step" in cell["id"]]
    text = json.dumps(theirs).replace("momentum_step", NEW)
    new = json.loads(text)
    for cell in new:
        if cell["id"] == f"{NEW}_check":
            cell["metadata"]["nbgrader"]["points"] = find(NEW).points
    tree["cells"] += new
    path = root / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
    write_whole(path, json.dumps(tree).encode())


def of_release(course, number: int, student: str) -> Submission:
    return Submission(student, CHAPTER, course.frozen[CHAPTER][number])


def right(course, submission: Submission) -> Result:
    """Full points for every function of the release that was handed in."""
    failed = own_failure(submission, course, "")
    verdicts = tuple(
        type(one)(
            one.exercise,
            one.chapter,
            "passed",
            float(one.points),
            one.points,
            (),
            one.message,
        )
        for one in failed.verdicts
    )
    return Result(submission.student, CHAPTER, "", verdicts)


def test_a_release_in_mid_term_costs_nobody_a_point(course, release):
    """Who handed in the first one keeps its points and is asked for no more."""
    said = run("release", CHAPTER)
    assert "Release 1 of 03_momentum frozen.\n7 points; the first release" in said
    again = run("release", CHAPTER)
    assert "Release 1 of 03_momentum is what the course makes still." in again
    data = load_course(course).frozen[CHAPTER][1]
    folder = course / "grading" / "submitted" / "ada" / CHAPTER
    write_whole(folder / f"{CHAPTER}.ipynb", data)
    with Recorder(before := load_course(course)) as recorder:
        ada = of_release(before, 1, "ada")
        recorder.record(ada, right(before, ada))
    mark = class_marks(before)[CHAPTER, "ada"]

    add_an_exercise(course, release)
    # What is frozen counts until the next number.
    assert load_course(course).releases[CHAPTER] == data
    said = run("release", CHAPTER)

    assert (
        f"8 points instead of 7: new {NEW} (1); 1 who handed in an older release "
        "keep its points: it costs them nothing."
    ) in said
    after = load_course(course)
    with Recorder(after) as recorder:
        recorder.record(ada, right(after, ada))
        boris = of_release(after, 2, "boris")
        page = recorder.record(boris, right(after, boris))
        assert "of 8 points" in " ".join(page.read_text().split())
    marks = class_marks(after)
    assert marks[CHAPTER, "ada"] == mark
    assert (mark.mark, mark.out_of, marks[CHAPTER, "boris"].mark) == (5.0, 7.0, 6.0)
    assert marks[CHAPTER, "boris"].out_of == 8.0
    with open_gradebook(after) as gradebook:
        grade = gradebook.find_grade(f"{NEW}_check", CHAPTER, CHAPTER, "ada")
        assert (grade.auto_score, grade.needs_manual_grade) == (0.0, False)
    assert grafted_submission(ada, after)[0].notes == ()

    told = "\n".join(write_export(Wanted(after, "moodle")))
    assert "1 mark of another release: as marks out of 8" in told
    rows = (course / "grading" / "exports" / f"moodle-{CHAPTER}.csv").read_text()
    assert "ada,5.71" in rows
    assert "boris,6" in rows


def test_a_release_that_is_not_what_is_built_is_refused(course, release):
    tree = json.loads(release)
    tree["cells"][3]["metadata"].setdefault("nbgrader", {})
    for cell in tree["cells"]:
        flags = cell["metadata"].get("nbgrader", {})
        if flags.get("grade_id") == "momentum_step_check":
            flags["points"] = 9
    path = course / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
    write_whole(path, json.dumps(tree).encode())

    done = CliRunner().invoke(main, ["release", CHAPTER])

    assert done.exit_code == 1
    assert "momentum_step_check is worth 9 there and 2 in the course" in done.output
    assert not (course / "grading" / "releases").exists()
