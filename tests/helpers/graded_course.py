"""A released chapter written by hand, students' notebooks, and a course of them."""

from __future__ import annotations

import copy
import hashlib
import inspect
import json
import os
import textwrap
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.exercises import CHAPTERS, find
from autograder.grading.grade import grade_submission
from autograder.sandbox import run as run_module
from autograder.sandbox.boxes import BOXES, why_not
from autograder.sandbox.options import RunOptions
from autograder.submissions.intake import Submission

CHAPTER = next(chapter for chapter in CHAPTERS if chapter.name == "03_momentum")
ASKED = ("momentum_step", "nesterov_step", "velocity_weights")
"""The functions that the release below asks for: three of the chapter's."""


def _cell(kind, source, name, **metadata):
    cell = {"cell_type": kind, "id": name, "metadata": metadata, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _marks(name, *, grade=False, solution=False, locked=False, points=None):
    marks = {
        "grade": grade,
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": marks | ({} if points is None else {"points": points})}


def _stub(name):
    parameters = inspect.signature(find(name).reference)
    body = '    raise NotImplementedError("not written yet")\n'
    return f'def {name}{parameters}:\n    """Write this."""\n{body}'


def make_release(asked=ASKED):
    """A chapter as learners get it, with a set-up, a try and an experiment."""
    goes_on = "raises-exception"
    cells = [
        _cell("markdown", "# Momentum", "title"),
        _cell(
            "code",
            "import numpy as np\n\nfrom autograder import check",
            "setup",
            tags=["setup"],
        ),
    ]
    for name in asked:
        points = find(name).points
        marks = _marks(f"{name}_check", grade=True, locked=True, points=points)
        cells += [
            _cell("markdown", f"### `{name}`", f"{name}_text"),
            _cell("code", _stub(name), name, **_marks(name, solution=True)),
            _cell("code", f"# try {name}", f"{name}_try", tags=["try", goes_on]),
            _cell("code", f"check({name})", f"{name}_check", tags=[goes_on], **marks),
        ]
    cells += [
        _cell(
            "code",
            "path = [momentum_step(1.0, 0.0, 1.0, 0.1, 0.9)]",
            "experiment",
            tags=["experiment", goes_on],
        ),
        _cell("markdown", "Why?", "why_question"),
        _cell(
            "markdown",
            "YOUR ANSWER HERE",
            "why",
            **_marks("why", grade=True, solution=True, points=2),
        ),
    ]
    # nbgrader knows an unchanged answer by this, and gives it no points.
    cells[-1]["metadata"]["nbgrader"]["checksum"] = hashlib.md5(
        b"YOUR ANSWER HEREmarkdownTrueTrueFalsewhy2.0"
    ).hexdigest()
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture(scope="session")
def release():
    """The release as bytes."""
    return json.dumps(make_release()).encode()


@pytest.fixture(scope="session")
def chapter():
    """The registry's chapter."""
    return CHAPTER


def answer(name, function=None):
    """Source of a right answer, or of another function under that name."""
    source = textwrap.dedent(inspect.getsource(function or find(name).reference))
    return source.replace(
        f"def {(function or find(name).reference).__name__}(", f"def {name}("
    )


class Notebook:
    """A student's notebook, to be spoilt at will."""

    def __init__(self, asked=ASKED):
        self.tree = make_release(asked)

    @property
    def cells(self):
        return self.tree["cells"]

    def at(self, name):
        """Position of the released cell of that id."""
        return next(i for i, cell in enumerate(self.cells) if cell.get("id") == name)

    def __getitem__(self, name):
        return self.cells[self.at(name)]

    def fill(self, name, source):
        """Write a cell's source."""
        self[name]["source"] = textwrap.dedent(source)
        return self

    def solve(self, *names):
        """Answer these exercises rightly, or all."""
        for name in names or ASKED:
            self.fill(name, answer(name))
        return self

    def insert(self, after, source, kind="code", **metadata):
        """Put a cell of the student's own after a released one."""
        where = self.at(after) + 1
        cell = _cell(kind, textwrap.dedent(source), f"new-{where}", **metadata)
        self.cells.insert(where, cell)
        return self

    def copy_of(self, name):
        """A copy of a cell as an editor makes it: with another id."""
        return copy.deepcopy(self[name]) | {"id": f"copy-of-{name}"}

    @property
    def data(self):
        """The file's bytes."""
        return json.dumps(self.tree).encode()


@pytest.fixture
def notebook():
    """An unsolved notebook."""
    return Notebook()


@pytest.fixture
def solved():
    """A notebook with right answers."""
    return Notebook().solve()


@pytest.fixture(scope="session")
def make_notebook():
    """Makes unsolved notebooks."""
    return Notebook


def course_of(root: Path, releases: dict[str, bytes]) -> Course:
    """A course that is only folders, of these releases by chapter."""
    grading = root / "grading"
    return Course(
        root=root,
        name="tests",
        releases=releases,
        grading=grading,
        submitted=grading / "submitted",
        autograded=grading / "autograded",
        feedback=grading / "feedback",
        db_url=f"sqlite:///{grading / 'gradebook.db'}",
    )


@pytest.fixture
def course(tmp_path, release):
    """A course that is only folders: enough where nbgrader takes no part."""
    return course_of(tmp_path, {CHAPTER.name: release})


SECRET = bytes(range(32))


@pytest.fixture(scope="session")
def secret():
    """A course's secret."""
    return SECRET


@pytest.fixture(scope="session")
def make_database(program):
    """Makes an empty database in a PostgreSQL server; gives its URL."""
    from tests.helpers.postgresql_server import postgresql_server

    with postgresql_server(program("postgresql")) as make:
        yield make


@pytest.fixture(params=BOXES)
def box(request):
    """Each box in turn; skipped with its reason where it does not work here.

    Where everything is required, one of them has to work.
    """
    reason = why_not(request.param)
    if reason is not None:
        others = [why_not(box) for box in BOXES]
        if os.environ.get("AUTOGRADER_REQUIRE_ALL") == "1" and None not in others:
            pytest.fail(f"AUTOGRADER_REQUIRE_ALL=1, but no box works here: {others}")
        pytest.skip(f"{request.param}: {reason}")
    return request.param


@pytest.fixture
def grade(course, make_notebook, secret, box, root, monkeypatch):
    """Grades a notebook; the course is complete, and calls have little time."""
    from tests.attacks.attacking import CALL_SECONDS, QUICK, make_tree

    make_tree(course.root, make_notebook().solve().data, root)
    call = run_module.Run.call

    def quick_call(self, name, cases, parameters, seconds):
        return call(self, name, cases, parameters, min(seconds, CALL_SECONDS))

    monkeypatch.setattr(run_module.Run, "call", quick_call)

    def graded(notebook, student="mallory", limits=QUICK):
        submission = Submission(student, CHAPTER.name, notebook.data)
        return grade_submission(submission, course, secret, RunOptions(box, limits))

    return graded
