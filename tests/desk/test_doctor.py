"""What is broken is named with what to type, and stops nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.desk import doctor, remedies
from autograder.desk.doctor import GRADE, LEARN, TEST, diagnose, report
from autograder.desk.findings import Finding, Section, as_text
from autograder.desk.installed import probe_modules
from autograder.sandbox import available as boxes

ROOT = Path(__file__).parents[2]


def run_doctor(*broken: Path, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    """`autograder doctor` in a Python that finds `broken` before all else."""
    path = os.pathsep.join(map(str, broken))
    return subprocess.run(
        [sys.executable, "-m", "autograder", "doctor"],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )


def pretend(folder: Path, name: str, code: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(code, encoding="utf-8")
    return folder


MISSING = 'raise ModuleNotFoundError("No module named {0!r}", name={0!r})'


def test_here_a_learner_can_work():
    done = run_doctor()

    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    assert "To learn: all is there." in done.stdout
    for name in ("Python", "NumPy", "JupyterLab", "nbgrader", "kernel python3"):
        assert re.search(rf"^  ok  {name} ", done.stdout, re.M), name
    assert "a checkout in" in done.stdout


@pytest.mark.parametrize("module", ["nbgrader", "click"])
def test_a_missing_package_is_named(tmp_path, module):
    """Also the ones that this command itself is made of."""
    done = run_doctor(pretend(tmp_path, module, MISSING.format(module)))
    lines = done.stdout.splitlines()
    (at,) = [
        i for i, line in enumerate(lines) if re.match(rf"  NO  {module} ", line, re.I)
    ]

    assert done.returncode == 1
    assert "missing" in lines[at]
    assert lines[at + 1].strip().startswith("-> ")
    assert "Traceback" not in done.stdout + done.stderr
    assert "To learn: something is missing." in done.stdout


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('raise ImportError("DLL load failed: no\\nsuch file")', "DLL load failed"),
        ("import os; os._exit(139)", "ends Python with code 139"),
    ],
)
def test_a_broken_numpy_is_named(tmp_path, code, said):
    """Also one that takes its process with it."""
    done = run_doctor(pretend(tmp_path, "numpy", code))

    assert done.returncode == 1
    assert said in " ".join(done.stdout.split())
    assert "  ok  nbgrader" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_crash_costs_one_package(tmp_path, monkeypatch):
    """The ones after it are looked for as well."""
    pretend(tmp_path, "crashing", "import os; os._exit(5)")
    pretend(tmp_path, "sound", "")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = probe_modules([("sound", "x"), ("crashing", "x"), ("sound", "x")])

    assert [bool(probe.error) for probe in found] == [False, True, False]


def test_a_version_too_old_is_told(monkeypatch):
    old = [doctor.Probe("1.26.4", "")] * 8
    monkeypatch.setattr(doctor, "probe_modules", lambda wanted: old[: len(wanted)])
    numpy = next(f for f in doctor._learning_packages() if f.what == "NumPy")

    assert not numpy.ok
    assert numpy.found == "1.26.4, but 2.0 or later is needed"


@pytest.fixture
def fresh_clone(tmp_path, monkeypatch):
    """A checkout on Linux in which nobody has typed a command of make yet."""
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setattr(remedies.sys, "platform", "linux")
    monkeypatch.setattr(remedies, "_ROOT", tmp_path)
    (tmp_path / "requirements.lock").touch()
    (tmp_path / ".venv").mkdir()
    return tmp_path


def having_nothing(monkeypatch, error: str = "missing") -> dict[str, Section]:
    """What is said of grading and testing where every package has that error."""
    monkeypatch.setattr(
        doctor, "probe_modules", lambda wanted: [doctor.Probe("", error)] * len(wanted)
    )
    checks = {GRADE: doctor._grading_packages, TEST: doctor._testing_packages}
    return {title: Section(title, tuple(check())) for title, check in checks.items()}


def test_what_another_command_brings_is_not_lacking(fresh_clone, monkeypatch):
    """After `make lab` alone nothing is wrong, and a learner is not alarmed."""
    (fresh_clone / ".venv" / "ready-learning").touch()
    sections = having_nothing(monkeypatch)
    text = as_text("here", list(sections.values()))

    assert "NO" not in text
    assert "something is missing" not in text
    assert "  --  jupytext        missing " in text
    assert "-> make grade\n" in text
    assert (
        "To grade and to write: comes with `make grade`; nobody needs it to learn.\n"
        "To test: comes with `make test`; nobody needs it to learn.\n"
    ) in text
    assert not sections[GRADE].possible


def test_a_box_that_is_still_to_come_is_not_lacking(fresh_clone, monkeypatch):
    """`make grade` installs sandlock; what it does not bring, the system has to."""
    monkeypatch.setattr(boxes, "why_not", lambda box: "not installed")
    (before,) = (finding for finding in boxes.find_boxes() if finding.what == "box")
    (fresh_clone / ".venv" / "ready-grading").touch()
    (after,) = (finding for finding in boxes.find_boxes() if finding.what == "box")

    assert (before.ok, before.later, before.remedy) == (False, *["make grade"] * 2)
    assert (after.ok, after.later) == (False, "")
    assert "bubblewrap" in after.remedy


def test_what_was_there_and_is_gone_is_lacking(fresh_clone, monkeypatch):
    """After `make grade` a missing package is a fault, and a broken one always is."""
    (fresh_clone / ".venv" / "ready-grading").touch()
    sections = having_nothing(monkeypatch)
    broken = having_nothing(monkeypatch, "ImportError: no such symbol")

    assert [f.later for f in sections[GRADE].findings] == [""] * 3
    assert {f.later for f in sections[TEST].findings} == {"make test"}
    assert "  NO  jupytext        missing " in as_text("here", [sections[GRADE]])
    assert "To test: something is missing." in as_text("here", [broken[TEST]])


def test_another_pythons_kernel_is_told(monkeypatch):
    """The notebook would run without the packages that are here."""
    elsewhere = os.path.abspath("/elsewhere/bin/python3")
    monkeypatch.setattr(doctor, "probe_jupyter", lambda: (elsewhere, "x", "read-only"))
    kernel, files = doctor._jupyter()

    assert not kernel.ok
    assert elsewhere in kernel.found
    assert "kernelspec remove python3" in kernel.remedy
    assert not files.ok


def test_a_folder_without_chapters_is_no_obstacle(tmp_path):
    done = run_doctor(ROOT, cwd=tmp_path)

    assert done.returncode == 0, done.stdout
    assert "  --  chapters        none in this folder" in done.stdout


def test_a_check_that_fails_is_a_finding(monkeypatch):
    found = [doctor.Probe("3.0", "")] * 9
    monkeypatch.setattr(doctor, "probe_modules", lambda wanted: found[: len(wanted)])

    def box() -> list[Finding]:
        raise OSError("no such kernel")

    sections = diagnose({GRADE: [box]})
    grade = next(section for section in sections if section.title == GRADE)

    assert sections[0].title == LEARN
    assert not grade.possible
    assert "OSError: no such kernel" in grade.findings[-1].found
    assert "OSError: no such kernel" in " ".join(report(sections).split())


def test_what_is_to_be_typed_is_never_broken():
    command = "python -m pip install " + "x" * 90
    finding = Finding("thing", False, "so broken that it takes words", "all", command)
    text = as_text("here", [Section(LEARN, (finding,))])

    assert f"-> {command}\n" in text
    others = [line for line in text.splitlines() if "->" not in line]
    assert max(map(len, others)) <= 78


@pytest.mark.parametrize(
    ("system", "typed"),
    [
        ("linux", "apt-get install chromium"),
        ("darwin", "brew install --cask chromium"),
        ("win32", "winget install Google.Chrome"),
    ],
)
def test_programs_are_installed_as_the_system_does(monkeypatch, system, typed):
    monkeypatch.setattr(remedies.sys, "platform", system)

    assert typed in remedies.install_program("chromium")


def test_packages_are_repaired_as_they_were_installed(monkeypatch, tmp_path):
    """By make in a checkout, by uv on Windows, by conda, and by pip without one."""
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setattr(remedies.sys, "platform", "linux")
    assert remedies.repair("numpy", broken=True) == "make clean && make setup"
    with monkeypatch.context() as in_a_fresh_clone:
        in_a_fresh_clone.setattr(remedies, "_ROOT", tmp_path)
        (tmp_path / "requirements.lock").touch()
        assert remedies.repair("ruff", broken=False) == "make setup"
        (tmp_path / "requirements.lock").unlink()
    monkeypatch.setattr(remedies.sys, "platform", "win32")
    typed = remedies.repair("numpy", broken=True)
    assert "-m uv pip install --reinstall-package numpy" in typed
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)
    assert "conda env update" in remedies.repair("numpy", broken=False)
    monkeypatch.setattr(remedies, "_ROOT", tmp_path)
    assert remedies.repair("numpy", broken=True).endswith(
        "-m pip install --force-reinstall numpy"
    )
