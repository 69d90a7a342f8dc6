"""The rules of a class, in nbgrader's gradebook and on the pages."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from autograder.checking.message import Message
from autograder.checking.verdict import Verdict
from autograder.course import NotACourse, load_course
from autograder.gradebook.class_rules import apply_rules, class_times, due_dates
from autograder.gradebook.gradebook import (
    class_fingerprints,
    class_marks,
    open_gradebook,
)
from autograder.gradebook.late import PLUGIN, ClassPenalties, refuse_two_late_rules
from autograder.gradebook.recorded import version
from autograder.gradebook.recording import Recorder
from autograder.grading.result import Result
from autograder.submissions.submission import Submission
from autograder.term.class_file import load_rules
from autograder.writing import write_whole

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
    pytest.mark.xdist_group("record"),
]

CHAPTER = "03_momentum"
POINTS = {"momentum_step": 2, "nesterov_step": 2, "velocity_weights": 1}
RULES = f"""\
timezone = "Europe/Berlin"
[due]
{CHAPTER} = "2026-11-20 12:00"
[late]
rule = "a day"
amount = "10 %"
grace = "15 min"
[extensions.boris]
{CHAPTER} = "+3 days"
[groups]
red = ["ada", "chen"]
"""
LATE = "2026-11-21 13:00:00.000000 UTC"  # in Berlin 14:00, a day and two hours late


@pytest.fixture
def course(tmp_path, root, release):
    """A course without submissions, and with rules."""
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    write_whole(tmp_path / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    write_whole(tmp_path / "grading" / "class.toml", RULES.encode())
    return load_course(tmp_path)


def record(course, *students, data=b"", time=LATE):
    """Enter full points for everybody; gives the pages' texts."""
    right = tuple(
        Verdict(
            name,
            CHAPTER,
            "passed",
            float(points),
            points,
            (),
            Message("RIGHT", name, ("It is right.",), good=True),
        )
        for name, points in POINTS.items()
    )
    pages = []
    with Recorder(course) as recorder:
        for student in students:
            submission = Submission(student, CHAPTER, data, timestamp=time)
            page = recorder.record(submission, Result(student, CHAPTER, "", right))
            pages.append(page.read_text())
    return pages


def test_what_is_late_costs_what_the_class_has_agreed_on(course):
    """Of 5 points 20 % are a whole point; who has three days more is in time."""
    apply_rules(course, load_rules(course))

    ada, boris = record(course, "ada", "boris")

    marks = class_marks(course)
    assert marks[CHAPTER, "ada"].mark == 4.0
    assert marks[CHAPTER, "boris"].mark == 5.0
    assert (
        "Handed in 21 November 2026, 14:00 (Europe/Berlin). "
        "Due 20 November 2026, 12:00 (Europe/Berlin). "
        "Late by 1 day 2 h: 1 point taken off (10 % for each day that has begun; "
        "up to 15 min is not late)."
    ) in ada
    assert "Due 23 November 2026, 12:00 (Europe/Berlin), 3 days more." in boris
    assert "Late by" not in boris
    noon = datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert due_dates(course) == {CHAPTER: noon}
    times = class_times(course)
    assert times[CHAPTER, "boris"].due == noon + timedelta(days=3)
    assert times[CHAPTER, "ada"].taken_off == 1.0


def test_a_new_extension_concerns_one_student(course):
    """And the same rules again change no row; another late rule concerns all."""
    apply_rules(course, load_rules(course))
    record(course, "ada", "boris")
    before, how = class_fingerprints(course), version(course)
    apply_rules(course, load_rules(course))
    assert (class_fingerprints(course), version(course)) == (before, how)

    text = RULES.replace("+3 days", "+4 days")
    write_whole(course.grading / "class.toml", text.encode())
    apply_rules(course, load_rules(course))

    after = class_fingerprints(course)
    assert {who for _, who in after if after[_, who] != before[_, who]} == {"boris"}
    assert version(course) == how
    write_whole(course.grading / "class.toml", text.replace("10 %", "20 %").encode())
    assert version(course) != how


def test_points_for_one_of_a_group_are_for_all_who_wait(course, make_notebook):
    """With the comment; points that somebody has already are theirs."""
    data = make_notebook().solve().fill("why", "Because it rolls.").data
    record(course, "ada", "boris", "chen", data=data)
    with open_gradebook(course) as gradebook:
        place = ("why", CHAPTER, CHAPTER, "ada")
        grade = gradebook.find_grade(*place)
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.find_comment(*place).manual_comment = "Well seen."
        gradebook.db.commit()

    apply_rules(course, load_rules(course))
    _, page = record(course, "ada", "chen", data=data)

    assert "Well seen." in page
    marks = class_marks(course)
    assert marks[CHAPTER, "chen"].waiting == 0
    assert marks[CHAPTER, "boris"].waiting == 1


def test_without_a_file_nothing_is_said_or_set(course):
    """The gradebook's own due date stays, and the page says nothing of times."""
    (course.grading / "class.toml").unlink()
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(CHAPTER, duedate="2026-11-20 12:00 UTC")
    apply_rules(course, load_rules(course))

    (page,) = record(course, "ada")

    assert "Handed in" not in page
    assert class_marks(course)[CHAPTER, "ada"].mark == 5.0
    assert due_dates(course)[CHAPTER] is not None


def test_two_rules_for_late_work_are_refused(course):
    rules = load_rules(course)
    refuse_two_late_rules(course, rules)
    own = course.root / "nbgrader_config_local.py"
    for line in (
        'c.LateSubmissionPlugin.penalty_method = "zero"',
        'c.AssignLatePenalties.plugin_class = "penalty.Hourly"',
    ):
        own.write_text(line + "\n")
        with pytest.raises(NotACourse, match="Leave one of the two"):
            refuse_two_late_rules(course, rules)


def test_nbgraders_own_command_uses_the_same_plugin(course, monkeypatch):
    """It finds the rules by itself, and nbgrader's own policy where there are none."""
    monkeypatch.chdir(course.root)
    assert PLUGIN in (course.root / "nbgrader_config.py").read_text()

    assert ClassPenalties().late_submission_penalty("ada", 5.0, 93_600) == 1.0
    assert ClassPenalties().late_submission_penalty("ada", 5.0, 600) is None

    (course.grading / "class.toml").unlink()
    zero = ClassPenalties()
    zero.penalty_method = "zero"
    assert zero.late_submission_penalty("ada", 5.0, 60) == 5.0
