"""What otter-grader is compared on is work that both graders do."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from types import ModuleType

import pytest

from autograder.checking.cases import draw_question
from autograder.desk.checks import CheckFailed, check
from autograder.exercises import CHAPTERS
from benchmarks import bench_otter
from benchmarks.measuring import NotMeasured

(CHAPTER,) = (c for c in CHAPTERS if c.name == bench_otter.COMPARED)


@pytest.fixture
def failures(tmp_path, monkeypatch):
    """How many cases a function fails of how many, in otter's tests without otter."""
    otter = ModuleType("otter.test_files")
    otter.test_case = lambda name: (
        lambda function: (tests.append(function), function)[1]
    )
    monkeypatch.setitem(sys.modules, "otter", ModuleType("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", otter)
    monkeypatch.chdir(tmp_path)
    bench_otter._write_tests(tmp_path / "autograder.zip")
    with zipfile.ZipFile("autograder.zip") as archive:
        (tmp_path / "cases.pickle").write_bytes(archive.read("files/cases.pickle"))
        sources = {
            e.name: archive.read(f"tests/{e.name}.py") for e in CHAPTER.exercises
        }
    tests = []

    def count(exercise, function):
        tests.clear()
        exec(compile(sources[exercise.name], exercise.name, "exec"), {})  # noqa: S102
        failed = 0
        for test in tests:
            try:
                test(**{exercise.name: function})
            except (AssertionError, TypeError, ValueError):
                failed += 1
        return failed, len(tests)

    return count


@pytest.mark.parametrize("exercise", CHAPTER.exercises, ids=lambda e: e.name)
def test_otters_tests_know_right_from_wrong(failures, exercise):
    """Right forms pass in every case, of which there are as many; mistakes do not."""
    n_cases = len(draw_question(exercise, CHAPTER, (0,)).cases)

    for right in (exercise.reference, *exercise.equivalents):
        assert failures(exercise, right) == (0, n_cases)
    for mistake in exercise.misconceptions:
        with pytest.raises(CheckFailed) as found:
            check(mistake.mutant, exercise.name)
        values_right = found.value.verdict.code in bench_otter.LAWS
        assert (failures(exercise, mistake.mutant)[0] == 0) == values_right, (
            mistake.name
        )


def test_without_otter_nothing_is_measured(monkeypatch):
    """No network, no such version: it is said, and no figure is made up."""
    done = subprocess.CompletedProcess([], 2, "", "error: no such package\n")
    monkeypatch.setattr(bench_otter.subprocess, "run", lambda *_, **__: done)

    with pytest.raises(NotMeasured, match=r"otter-grader==.* error: no such package"):
        next(bench_otter.rows())
