"""Judge the functions in a file: a module or a notebook, on one's own machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.checking.cases import names, public_question
from autograder.checking.verdict import Statement, Verdict
from autograder.diagnosis.in_box import packed
from autograder.grading.examiner import judge_function
from autograder.grading.failed_cells import Ran
from autograder.grading.leftovers import with_reason
from autograder.grading.walk import walk
from autograder.language import ENGLISH, N_, _, spoken
from autograder.limits import OWN_FILE_LIMITS
from autograder.sandbox.boxes import NONE
from autograder.sandbox.options import RunOptions
from autograder.sandbox.run import Run
from autograder.submissions.bindings import binds, is_stub
from autograder.submissions.matching import as_code
from autograder.submissions.notebook import Cell, Problem, parse_notebook
from autograder.submissions.released_cells import checked_name
from autograder.submissions.releases import language_in

__all__ = ["CannotRead", "check_file", "language_of"]

_OPTIONS = RunOptions(NONE, OWN_FILE_LIMITS)

_NO_FUNCTION = N_("{path} has no function of the course in it.")

_CHECK = re.compile(r"\s*check\(\s*(\w+)\s*\)\s*")


class CannotRead(Exception):
    """A file holds nothing that can be judged; the text says why."""


def language_of(path: Path) -> str:
    """The language that a notebook says it is in; else the one that is spoken."""
    try:
        said = language_in(Path(path).read_bytes())
    except OSError:  # which `check_file` says
        said = ENGLISH
    return spoken() if said == ENGLISH else said


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
    cells = _read(path, known)
    sources = [cell["source"] for cell in cells]
    if not any(name in source for name in known for source in sources) and not exercise:
        raise CannotRead(_(_NO_FUNCTION).format(path=path))
    checked = {checked_name(cell) for cell in cells}
    chapters = {_chapter(name) for name in known if name in checked}

    def meant(name: str) -> bool:
        """A notebook's helper may be called as an exercise of another chapter."""
        return not chapters or _chapter(name) in chapters

    asked = [
        name
        for name in known
        if name in checked
        or name == exercise
        or (any(binds(source, name) for source in sources) and meant(name))
    ]
    module = path.stem if path.suffix == ".py" else ""
    with Run(_OPTIONS, folder=path.resolve().parent, module=module) as run:

        def verdict(name: str, ran: Sequence[Ran], again: bool = False) -> Verdict:
            def places() -> list[Statement]:
                return run.places(name, packed(name))

            question = public_question(name)
            found = judge_function(run, question, ran, public=True, places=places)
            return with_reason(found, _last(name, sources), sources)

        walked = walk(run, cells, asked, verdict)
        # What a file brings in from elsewhere only shows when it has run.
        more = [n for n in run.defined(known) if n not in asked and meant(n)]
        ran = [Ran(sources[at], report) for at, report in walked.reports.items()]
        walked.verdicts |= {name: verdict(name, ran) for name in more}
    if not walked.verdicts:
        raise CannotRead(_(_NO_FUNCTION).format(path=path))
    return [walked.verdicts[name] for name in known if name in walked.verdicts]


def _chapter(name: str) -> str:
    return public_question(name).chapter


def _last(name: str, sources: Sequence[str]) -> str:
    """The cell that defines a function last."""
    return next((s for s in reversed(sources) if binds(s, name)), "")


def _read(path: Path, known: Sequence[str]) -> Sequence[dict[str, Any]]:
    """The code in a file, as cells, with checks and answers marked as in a release."""
    if path.suffix not in (".py", ".ipynb"):
        told = _("{path} is neither a .py file nor a notebook.")
        raise CannotRead(told.format(path=path))
    try:
        data = path.read_bytes()
    except OSError as error:
        told = _("{path} cannot be read: {why}.")
        raise CannotRead(told.format(path=path, why=error.strerror)) from error
    if path.suffix == ".ipynb":
        try:
            cells = parse_notebook(data)
        except Problem as problem:
            raise CannotRead(f"{path}: {problem}") from problem
        code = as_code(cells, known)[0]
        return [one for c in code if c.kind == "code" for one in _as_cells(c, known)]
    try:
        source = data.decode("utf-8-sig")
        compile(source, str(path), "exec")
    except UnicodeDecodeError as error:
        told = _("{path} is not text in UTF-8.")
        raise CannotRead(told.format(path=path)) from error
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise CannotRead(f"{path}{line}: {error.args[0]}.") from error
    return _as_cells(Cell("code", source), known)


def _as_cells(cell: Cell, known: Sequence[str]) -> list[dict[str, Any]]:
    """A cell of somebody's file as the same cell of a graft.

    A check cell in which something else was written is followed by that, as there.
    """
    marks: dict[str, Any] = {}
    checked = _CHECK.fullmatch(cell.source)
    name = checked[1] if checked else cell.grade_id.removesuffix("_check")
    stub = next((n for n in known if is_stub(cell.source, n)), None)
    if name in known and (checked or name != cell.grade_id):
        marks = {"grade": True, "grade_id": f"{name}_check"}
    elif stub is not None:
        marks = {"solution": True, "grade_id": stub}
    made = {
        "cell_type": "code",
        "id": "answer" if cell.grade_id in known or stub else "own",
        "metadata": {"tags": list(cell.tags), "nbgrader": marks},
        "source": cell.source,
    }
    if "grade" not in marks or checked:
        return [made]
    return [made, {**made, "id": "own", "metadata": {"tags": [], "nbgrader": {}}}]
