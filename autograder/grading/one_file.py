"""Judge the functions in a file: a module or a notebook, on one's own machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from autograder.checking.cases import names, public_question
from autograder.checking.verdict import Statement, Verdict
from autograder.diagnosis.in_file import places_in_file
from autograder.grading.examiner import failed_cell, judge_function
from autograder.grading.leftovers import with_reason
from autograder.limits import OWN_FILE_LIMITS
from autograder.sandbox.answers import CellReport
from autograder.sandbox.boxes import NONE
from autograder.sandbox.options import RunOptions
from autograder.sandbox.run import Run
from autograder.submissions.graft import defines
from autograder.submissions.notebook import Problem, parse_notebook
from autograder.submissions.plan import cells_to_run
from autograder.submissions.preparation import without_preparation

__all__ = ["CannotRead", "check_file"]

_OPTIONS = RunOptions(NONE, OWN_FILE_LIMITS)


class CannotRead(Exception):
    """A file holds nothing that can be judged; the text says why."""


def check_file(path: Path, exercise: str | None = None) -> list[Verdict]:
    """Judge the functions that a file defines, in the public cases.

    Parameters
    ----------
    path : path
        A ``.py`` file, or a ``.ipynb`` file, of which check cells are left out
        and experiments too, unless an answer needs them.
    exercise : str, optional
        Judge only this one, whether the file defines it or not.

    Returns
    -------
    list of Verdict
        In the course's order; at least one.

    Raises
    ------
    CannotRead
        If the file is missing, is no notebook or no Python, or has no function
        of the course in it.
    NoSuchExercise
        If no exercise is called `exercise`.
    """
    path = Path(path)
    known = names() if exercise is None else (public_question(exercise).name,)
    cells = _read(path)
    sources = [cell["source"] for cell in cells]
    if not any(name in source for name in known for source in sources) and not exercise:
        raise CannotRead(f"{path} has no function of the course in it.")
    module = path.stem if path.suffix == ".py" else ""
    with Run(_OPTIONS, folder=path.resolve().parent, module=module) as run:
        written = [n for n in known if any(defines(source, n) for source in sources)]
        running = cells_to_run(cells, run.names(sources), written)
        reports: list[tuple[str, CellReport]] = []
        ran = [source for at, source in enumerate(sources) if at in running]

        def places(name: str) -> list[Statement]:
            found = places_in_file(ran, [name], path.resolve().parent, module)
            return found.get(name, [])

        for number, source in enumerate(sources, 1):
            if number - 1 in running:
                reports.append((source, run.cell(number, source)))
        there = set(run.defined(known)).union(written)
        asked = [name for name in known if name in there or name == exercise]
        if not asked:
            raise CannotRead(f"{path} has no function of the course in it.")
        verdicts = [
            judge_function(
                run,
                public_question(name),
                failed_cell(name, reports),
                public=True,
                places=partial(places, name),
            )
            for name in asked
        ]
    return [
        with_reason(verdict, _last(verdict.exercise, sources)) for verdict in verdicts
    ]


def _last(name: str, sources: Sequence[str]) -> str:
    """The cell that defines a function last."""
    return next((s for s in reversed(sources) if defines(s, name)), "")


def _read(path: Path) -> Sequence[dict[str, Any]]:
    """The code in a file, as cells."""
    if path.suffix not in (".py", ".ipynb"):
        raise CannotRead(f"{path} is neither a .py file nor a notebook.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CannotRead(f"{path} cannot be read: {error.strerror}.") from error
    if path.suffix == ".ipynb":
        try:
            cells = parse_notebook(data)
        except Problem as problem:
            raise CannotRead(f"{path}: {problem}") from problem
        return [
            _as_cell(without_preparation(cell.source), cell.tags)
            for cell in cells
            if cell.kind == "code" and not cell.grade_id.endswith("_check")
        ]
    try:
        source = data.decode("utf-8-sig")
        compile(source, str(path), "exec")
    except UnicodeDecodeError as error:
        raise CannotRead(f"{path} is not text in UTF-8.") from error
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise CannotRead(f"{path}{line}: {error.args[0]}.") from error
    return [_as_cell(source, ())]


def _as_cell(source: str, tags: Sequence[str]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "",
        "metadata": {"tags": list(tags)},
        "source": source,
    }
