"""An instructor's own settings: read last, and told if nothing reads them."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from click.testing import CliRunner
from nbgrader.apps import NbGraderApp

from autograder.authoring.errors import BuildError
from autograder.authoring.release import load_config
from autograder.cli import main
from autograder.course import OWN_CONFIG, NotACourse, load_course
from autograder.gradebook.nbgrader_stages import prepare
from autograder.gradebook.settings import refuse_unknown_settings
from autograder.writing import write_whole

CHAPTER = "03_momentum"
PENALTY = "c.LateSubmissionPlugin.penalty_"


@pytest.fixture
def place(root, release, tmp_path, monkeypatch):
    """A course with one released chapter; what runs, runs in it."""
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    write_whole(tmp_path / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(place, text, file=OWN_CONFIG):
    """What is said of a settings file whose third line this is; empty if nothing."""
    with (place / file).open("a") as config:
        config.write(f"# A setting of mine:\n\n{text}\n")
    try:
        refuse_unknown_settings(place)
    except NotACourse as refused:
        return str(refused)
    return ""


def test_the_settings_of_the_course_itself_are_all_known(place):
    refuse_unknown_settings(place)


@pytest.mark.parametrize(
    "text",
    [
        f'{PENALTY}method = "zero"',
        'c.Exchange.timezone = "Europe/Berlin"',
        'c.CourseDirectory.ignore.append("*.bak")',
        "c.Autograde.AssignLatePenalties.enabled = True",
        "c.ExecutePreprocessor.timeout = 60",
        'c.NbGrader.logfile = "nbgrader.log"',
        "c.PDFExporter.latex_count = 2",
        "old = c.NoSuchThing",
    ],
)
def test_what_something_reads_is_not_told(place, text):
    """A class that another one inherits from, one inside another, nbconvert's."""
    assert told(place, text) == ""


WRONG = {
    f'{PENALTY}methd = "zero"': (
        f"there is no setting {PENALTY}methd: is {PENALTY}method meant?"
    ),
    'c.LateSubmisionPlugin.penalty_method = "zero"': (
        "nothing has settings called c.LateSubmisionPlugin; c.LateSubmissionPlugin has."
    ),
    'c.latesubmissionplugin = "zero"': (
        "nothing has settings called c.latesubmissionplugin; "
        "c.LateSubmissionPlugin has."
    ),
    "c.Exchange.zzz = 1": "there is no setting c.Exchange.zzz.",
    f'{PENALTY}method = "zeero"': (
        f"{PENALTY}method cannot be 'zeero': it has to be any of ['none', 'zero']."
    ),
    "c.Exchange.timezone = 3": (
        "c.Exchange.timezone cannot be 3: it has to be a unicode string."
    ),
    "c.Autograde.AssignLatePenalties.enbled = True": (
        "there is no setting c.AssignLatePenalties.enbled: "
        "is c.AssignLatePenalties.enabled meant?"
    ),
}


@pytest.mark.parametrize(("text", "why"), WRONG.items(), ids=WRONG)
def test_what_nothing_reads_is_told_with_its_place(place, text, why):
    said = told(place, text).splitlines()

    assert said == [
        f"{OWN_CONFIG}, line 3: {why}",
        "Nothing is graded: put that right first.",
    ]


def test_in_the_courses_own_file_too(place):
    lines = len((place / "nbgrader_config.py").read_text().splitlines()) + 3

    assert told(place, f"{PENALTY}methd = 1", "nbgrader_config.py").startswith(
        f"nbgrader_config.py, line {lines}: there is no setting"
    )


def test_a_plugin_of_the_instructors_brings_its_own_settings(place, monkeypatch):
    """Five lines in a module of theirs: what it has is known, what it lacks is not."""
    (place / "my_late_policy.py").write_text(
        "from nbgrader.plugins import BasePlugin\n"
        "from traitlets import Float\n\n\n"
        "class PerDay(BasePlugin):\n"
        "    rate = Float(1.0).tag(config=True)\n"
    )
    monkeypatch.syspath_prepend(place)
    named = 'c.AssignLatePenalties.plugin_class = "my_late_policy.PerDay"\n'

    assert told(place, f"{named}c.PerDay.rate = 0.5") == ""
    assert "is c.PerDay.rate meant?" in told(place, "c.PerDay.rat = 0.5")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("c.Exchange.timezone = (", "line 3: '(' was never closed: "),
        ("c.Exchange.timezone = 1 / 0", "line 3: ZeroDivisionError: division by zero"),
        ("d.Exchange.timezone = 1", "line 3: NameError: name 'd' is not defined"),
    ],
)
def test_a_fault_of_python_is_a_sentence_with_file_and_line(place, text, why):
    (place / OWN_CONFIG).write_text(f"# Mine:\n\n{text}\n")

    for read, kind in ((load_course, NotACourse), (load_config, BuildError)):
        with pytest.raises(kind) as failed:
            read(place)

        assert str(failed.value).startswith(f"{OWN_CONFIG}, {why}")
        assert "\n" not in str(failed.value)


@pytest.mark.skipif(os.name != "posix", reason="grading needs forks")
def test_nothing_is_graded_by_any_way(place):
    """Neither `autograder grade` nor `nbgrader autograde` records anybody."""
    write_whole(place / "grading/submitted/ada" / CHAPTER / f"{CHAPTER}.ipynb", b"{}")
    wrong = told(place, f'{PENALTY}methd = "zero"')

    done = CliRunner().invoke(main, ["grade"])

    assert done.exit_code == 1
    assert wrong in done.output
    assert not (place / "grading" / "gradebook.db").exists()
    with pytest.raises(NotACourse, match="penalty_methd"):
        prepare(CHAPTER, "ada", [])


def test_what_the_instructor_sets_counts_for_nbgrader_and_for_grading(place):
    """Their file is read last; what it does not name stays the course's."""
    (place / OWN_CONFIG).write_text(
        f'c.CourseDirectory.course_id = "mine"\n{PENALTY}method = "zero"\n'
    )

    app = NbGraderApp()
    app.initialize([])

    assert load_course(place).name == app.coursedir.course_id == "mine"
    assert app.config.LateSubmissionPlugin.penalty_method == "zero"
    assert app.config.CourseDirectory.release_directory == "notebooks"


@pytest.mark.needs("git")
def test_git_ignores_the_file(root, program):
    done = subprocess.run([program("git"), "check-ignore", OWN_CONFIG], cwd=root)

    assert done.returncode == 0
