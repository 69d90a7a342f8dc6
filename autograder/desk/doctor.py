"""What is installed, what is missing, and what to type.

Uses the standard library alone, so that nothing that is broken can stop it.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import autograder
from autograder.desk.findings import Check, Finding, Section, as_text, carried_out
from autograder.desk.installed import Probe, probe_course, probe_jupyter, probe_modules
from autograder.desk.remedies import (
    brought_by,
    install_program,
    repair,
    shown_python,
)

__all__ = [
    "GRADE",
    "LEARN",
    "TEST",
    "Check",
    "Finding",
    "Section",
    "diagnose",
    "report",
]

OLDEST, NEWEST = (3, 11), (3, 14)
"""Pythons that the course runs on, as pyproject.toml says."""

LEARN, GRADE, TEST = "to learn", "to grade and to write", "to test"


def diagnose(more: Mapping[str, Sequence[Check]] | None = None) -> list[Section]:
    """Look for everything; what goes wrong while looking is a finding too.

    Parameters
    ----------
    more : mapping of str to sequence of callable, optional
        Further checks by their section's title, `LEARN`, `GRADE` or `TEST`.
        Each is called without arguments and gives findings.
    """
    checks: dict[str, list[Check]] = {
        LEARN: [_python, _learning_packages, _jupyter, _course]
    }
    if _is_checkout():
        checks[GRADE] = [_grading_packages]
        checks[TEST] = [_testing_packages, _programs]
    for title, extra in (more or {}).items():
        checks.setdefault(title, []).extend(extra)
    return [
        Section(title, tuple(f for check in listed for f in carried_out(check)))
        for title, listed in checks.items()
    ]


def report(sections: Sequence[Section]) -> str:
    """The findings as text of 78 columns, with what this installation is."""
    system = platform.platform(terse=True)
    heading = f"{_installation()}\n{sys.executable}\n{system}"
    return as_text(heading, sections)


def _is_checkout() -> bool:
    root = Path(__file__).resolve().parents[2]
    return (root / "pyproject.toml").is_file() and (root / "solutions").is_dir()


def _installation() -> str:
    try:
        version = metadata.version(autograder.DISTRIBUTION)
    except metadata.PackageNotFoundError:
        version = "not installed"
    where = Path(__file__).resolve().parents[1]
    if _is_checkout():
        return f"autograder {version}, a checkout in {where.parent}"
    answers = importlib.util.find_spec("autograder.kernels") is not None
    kind = "an installation with all answers" if answers else "a learner's installation"
    return f"autograder {version}, {kind} in {where}"


def _python() -> Iterable[Finding]:
    this = sys.version_info[:2]
    versions = f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    yield Finding(
        "Python",
        OLDEST <= this <= NEWEST,
        platform.python_version(),
        "runs everything",
        f"install a Python from {versions} and set up the course with that one",
    )


_USES = {
    "numpy": ("NumPy", "numpy", "computes"),
    "matplotlib": ("Matplotlib", "matplotlib", "draws the figures"),
    "jupyterlab": ("JupyterLab", "jupyterlab", "opens the notebooks"),
    "ipython": ("IPython", "IPython", "shows what a check says"),
    "ipykernel": ("ipykernel", "ipykernel", "runs the cells"),
    "ipywidgets": ("ipywidgets", "ipywidgets", "moves the sliders"),
    "nbgrader": ("nbgrader", "nbgrader", "the button Validate"),
    "click": ("click", "click", "the command line"),
    "jupytext": ("jupytext", "jupytext", "reads edits made in Jupyter"),
    "rich": ("rich", "rich", "the table of marks"),
    "hatchling": ("hatchling", "hatchling", "makes the learners' bundle"),
    "pytest": ("pytest", "pytest", "runs the tests"),
    "pytest-xdist": ("pytest-xdist", "xdist", "several at a time"),
    "playwright": ("playwright", "playwright", "drives the browser"),
    "ruff": ("ruff", "ruff", "lints"),
    "mypy": ("mypy", "mypy", "checks types"),
}
"""By package: its name in a text, its module, what it is for."""

_TO_LEARN = (
    "numpy matplotlib jupyterlab ipython ipykernel ipywidgets nbgrader click"
).split()


def _learning_packages() -> Iterable[Finding]:
    return _packages(_TO_LEARN)


def _grading_packages() -> Iterable[Finding]:
    later = brought_by("make grade", "grading")
    return _packages(["jupytext", "rich", "hatchling"], later)


def _testing_packages() -> Iterable[Finding]:
    later = brought_by("make test", "development")
    return _packages(["pytest", "pytest-xdist", "playwright", "ruff", "mypy"], later)


def _packages(names: Sequence[str], later: str = "") -> Iterable[Finding]:
    probes = probe_modules([(_USES[name][1], name) for name in names])
    for name, probe in zip(names, probes, strict=True):
        shown, _, use = _USES[name]
        trouble = probe.error or _too_old(name, probe)
        not_yet = later if trouble == "missing" else ""
        yield Finding(
            shown,
            not trouble,
            trouble or probe.version or "version unknown",
            use,
            not_yet or repair(name, broken=trouble not in ("", "missing")),
            later=not_yet,
        )


def _too_old(name: str, probe: Probe) -> str:
    """Words for a version below the one that the package asks for."""
    try:
        asked = metadata.requires(autograder.DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return ""
    for requirement in asked:
        package, found, least = requirement.partition(";")[0].partition(">=")
        if found and package == name and _numbers(probe.version) < _numbers(least):
            return f"{probe.version}, but {least} or later is needed"
    return ""


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")[:3] if part.isdigit()]


def _jupyter() -> Iterable[Finding]:
    kernel, folder, error = probe_jupyter()
    # "python" stands for the one that JupyterLab runs with.
    same = not os.path.isabs(kernel) or _folder(kernel) == _folder(sys.executable)
    yield Finding(
        "kernel python3",
        same,
        "runs this Python" if same else f"runs another Python: {kernel}",
        "has the packages above",
        f"{shown_python()} -m jupyter kernelspec remove python3",
    )
    yield Finding(
        "Jupyter's files",
        not error,
        "can be written" if not error else f"{folder}: {error}",
        "what a running notebook needs",
        "make that folder yours, or set JUPYTER_RUNTIME_DIR to one that is",
    )


def _folder(program: str) -> str:
    return os.path.normcase(os.path.dirname(os.path.abspath(program)))


def _course() -> Iterable[Finding]:
    exercises, chapters = probe_course()
    yield Finding(
        "cases",
        exercises > 0,
        f"of {exercises} exercises" if exercises else "missing",
        "what checks compare with",
        repair("autograder", broken=True),
    )
    here = [state for state, _ in chapters if state not in ("not here", "unreadable")]
    yield Finding(
        "chapters",
        bool(chapters),
        f"{len(here)} of {len(chapters)}" if chapters else "none in this folder",
        "what there is to do",
        "go to the folder that holds the notebooks, then type this again",
        needed=False,
    )
    for state, remarks in chapters:
        if state == "unreadable":
            advice = "take a fresh copy of that notebook, or a checkpoint of yours"
            yield Finding("chapter", False, remarks, "", advice, needed=False)


_PROGRAMS = {
    "git": (("git",), "what is committed"),
    "make": (("make",), "make test"),
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "browser tests"),
}


def _programs() -> Iterable[Finding]:
    for name, (commands, use) in _PROGRAMS.items():
        path = next(filter(None, map(shutil.which, commands)), None)
        yield Finding(
            name,
            path is not None,
            path or "missing",
            use,
            install_program(name),
            needed=False,  # tests that need it are skipped, and say so
        )
