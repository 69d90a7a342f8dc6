"""Grading a class beside otter-grader, as far as that needs no containers.

`otter grade` needs Docker; `otter run` and otter's Python interface do not.  Both
get a chapter of equal work: the same submissions with the same cells, in which the
same functions are called in as many cases and compared with as many values.
otter-grader is no part of this project: it has an environment of its own, for as
long as this takes.
"""

from __future__ import annotations

import json
import math
import os
import pickle
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.checking.cases import draw_question
from autograder.exercises import CHAPTERS
from autograder.exercises.spec import Tolerance
from autograder.submissions.released_cells import checked_name
from benchmarks.bench_grade import WORKERS, course, hand_in, run
from benchmarks.measuring import NotMeasured, Row

OTTER = "otter-grader==7.0.0"
COMPARED = "03_momentum"
N_OTTER = 1 + 2 * WORKERS
N_OURS = {
    (): 1 + 20 * WORKERS,
    ("--full",): 1 + 6 * WORKERS,
    ("--full", "--pictures"): 1 + 4 * WORKERS,
}
"""Submissions, of which the first is taken off with what starting costs.

This grader gets more, by its options: a few would take it no measurable time.
"""

LAWS = ("argument-changed", "global-random", "wrong-calls")
"""Verdicts on answers with right values; otter compares nothing but these."""

HEAD = """
OK_FORMAT = False

import pickle
from pathlib import Path

import numpy as np
from autograder.calling.calls import call
from otter.test_files import test_case

name = {name!r}
points = {points}
parameters, cases = pickle.loads(Path("cases.pickle").read_bytes())[name]


def agrees(function, arguments, expected, rtol, atol):
    outcome = call(function, arguments, parameters)
    assert outcome.error is None, outcome.error
    returned = outcome.returned
    if isinstance(expected, dict):  # seen of an object that was driven
        assert returned.keys() == expected.keys()
        returned = [returned[key] for key in expected]
        expected = list(expected.values())
    elif not isinstance(expected, tuple):
        expected, returned = [expected], [returned]
    for right, value in zip(expected, returned, strict=True):
        np.testing.assert_allclose(value, right, rtol, atol)
"""
CASE = """

@test_case(name="case {number}")
def case_{number}({name}):
    agrees({name}, *cases[{number}])
"""
"""Of what otter's file with the tests of one function is made."""

GRADE = """
import json, sys
from concurrent.futures import ProcessPoolExecutor
from otter.api import grade_submission

def grade(path):
    results = grade_submission(path, "autograder.zip", quiet=True).results
    return {name: results[name].score for name in results}

if __name__ == "__main__":
    with ProcessPoolExecutor(int(sys.argv[1])) as processes:
        print("\\n" + json.dumps(list(processes.map(grade, sys.argv[2:]))))
"""
"""otter by its Python interface, several submissions at a time."""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        otter = _Otter(Path(folder))
        hand_in(otter.folder / "submitted", COMPARED, N_OTTER)
        found = sorted((otter.folder / "submitted").rglob("*.ipynb"))
        notebooks = [otter.take(path) for path in found]
        yield Row("submissions graded by both, of one chapter", N_OTTER, "1")
        yield Row("otter run, each submission", otter.run(notebooks[0]), "s")
        start, _ = otter.grade(notebooks[:1])
        seconds, theirs = otter.grade(notebooks)
    each = (seconds - start) / (N_OTTER - 1)
    yield Row(f"otter.api, {WORKERS} processes: each further one", each, "s")
    yield Row("  submissions a minute", 60 / each, "1")
    for words, n in N_OURS.items():
        what = " ".join(words) or "default"
        start, _ = _ours(1, words)
        seconds, results = _ours(n, words)
        _compare(results, theirs)
        own = (seconds - start) / (n - 1)
        yield Row(f"autograder grade, {what}: each further one", own, "s")
        yield Row(f"{what}: submissions a minute", 60 / own, "1")
        yield Row(f"{what}: times as many as otter.api", each / own, "1")


def _ours(n: int, words: Sequence[str]) -> tuple[float, list[dict[str, Any]]]:
    """Seconds that this grader takes for `n` submissions, and its verdicts."""
    with course() as root:
        hand_in(root / "grading" / "submitted", COMPARED, n)
        used = run(root, "autograder", "grade", "--jobs", str(WORKERS), *words)
        results = (root / "grading" / "results.json").read_text(encoding="utf-8")
        return used.seconds, json.loads(results)["results"]


def _compare(
    ours: Sequence[dict[str, Any]], otters: Sequence[dict[str, float]]
) -> None:
    """Make sure that both have graded: right values are right for both, and no others.

    Raises
    ------
    RuntimeError
        If they differ on a function.
    """
    students = sorted({row["student"] for row in ours})
    marks = dict(zip(students, otters, strict=False))  # the first were otter's
    for row in (row for row in ours if row["student"] in marks):
        right = row["code"] in ("passed", *LAWS)
        mark = marks[row["student"]][row["exercise"]]
        full = math.isclose(mark, row["points"])  # otter's is a sum of parts
        if right != full:
            raise RuntimeError(f"otter does not think so: {row}")


class _Otter:
    """otter in a folder: an environment, a chapter's tests, and submissions."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._python = str(folder / "venv" / "bin" / "python")
        self._install()
        _write_tests(folder / "autograder.zip")
        (folder / "grade.py").write_text(GRADE)

    def _install(self) -> None:
        """The packages that this course's chapters need, in the same versions.

        Raises
        ------
        NotMeasured
            If they cannot be had.
        """
        uv = [sys.executable, "-m", "uv", "--quiet"]
        needed = [OTTER, "numpy", "matplotlib", "ipykernel", "ipywidgets"]
        constraint = ["--constraint", str(Path("requirements.lock").resolve())]
        for command in (
            [*uv, "venv", "--python", sys.executable, str(self.folder / "venv")],
            [*uv, "pip", "install", "--python", self._python, *needed, *constraint],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                why = done.stderr.strip() or f"uv ends with code {done.returncode}"
                raise NotMeasured(f"{OTTER} cannot be installed here: {why}")

    def take(self, submission: Path) -> str:
        """A submission without this course's checks: otter's are run instead."""
        notebook = json.loads(submission.read_bytes())
        notebook["cells"] = [c for c in notebook["cells"] if checked_name(c) is None]
        name = f"{submission.parents[1].name}.ipynb"
        (self.folder / name).write_text(json.dumps(notebook))
        return name

    def run(self, notebook: str) -> float:
        """Seconds that the command takes for one submission."""
        start = time.perf_counter()
        self._do("-m", "otter", "run", "-a", "autograder.zip", notebook)
        return time.perf_counter() - start

    def grade(self, notebooks: Sequence[str]) -> tuple[float, list[dict[str, float]]]:
        """Seconds for these submissions by the Python interface, and their marks."""
        start = time.perf_counter()
        said = self._do("grade.py", str(WORKERS), *notebooks)
        return time.perf_counter() - start, json.loads(said.splitlines()[-1])

    def _do(self, *words: str) -> str:
        done = subprocess.run(
            [self._python, *words],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": os.getcwd()},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"otter failed:\n{done.stdout}{done.stderr}"[-4000:])
        return done.stdout


def _write_tests(path: Path) -> None:
    """The archive that otter grades by: a file of tests for each function.

    What they compare with lies beside the notebook, as otter has it.
    """
    chapter = next(c for c in CHAPTERS if c.name == COMPARED)
    recorded: dict[str, Any] = {}
    with zipfile.ZipFile(path, "w") as archive:
        for exercise in chapter.exercises:
            question = draw_question(exercise, chapter, (0,))
            recorded[exercise.name] = (
                question.parameters,
                [
                    (
                        case.arguments,
                        case.expected.returned,
                        *_distances(case.tolerance),
                    )
                    for case in question.cases
                ],
            )
            test = HEAD.format(name=exercise.name, points=exercise.points)
            for number in range(len(question.cases)):
                test += CASE.format(name=exercise.name, number=number)
            archive.writestr(f"tests/{exercise.name}.py", test)
        archive.writestr("files/cases.pickle", pickle.dumps(recorded))


def _distances(tolerance: Tolerance) -> tuple[float, float]:
    """The relative and the absolute distance that NumPy's comparison takes."""
    return tolerance.rtol, tolerance.floor + tolerance.atol


if __name__ == "__main__":
    for row in rows():
        print(row)
