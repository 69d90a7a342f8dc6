"""Notebooks as tests: run one from top to bottom in a kernel of its own."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.authoring.errors import BuildError
from autograder.exercises import EXERCISES

__all__ = ["Problem", "RunReport", "run_notebook"]

NOT_WRITTEN = "not written yet"
CELL_SECONDS = 300
TO_MEND = {exercise.name for exercise in EXERCISES if exercise.broken}
"""What is released with mistakes in it: its check fails, what uses it stops."""


@dataclass(frozen=True)
class Problem:
    """What one cell did that it should not.

    Attributes
    ----------
    cell : int
        Number of the cell, from 1; 0 if no cell is to blame.
    cell_id : str
        Its id, which for a graded cell is its grade id.
    text : str
        The error, or what was written to stderr.
    """

    cell: int
    cell_id: str
    text: str

    def __str__(self) -> str:
        return f"cell {self.cell} ({self.cell_id}): {self.text}"


@dataclass(frozen=True)
class RunReport:
    """How a run went.

    Attributes
    ----------
    path : Path
        The notebook.
    seconds : float
        For the whole run, starting the kernel included.
    slowest : tuple of (str, float)
        Id and seconds of the cell that took longest.
    unwritten : tuple of str
        Ids of the cells that stopped because an exercise is not written yet.
    named : dict of str to str
        Of those that said so in one line: the function that they need, by their id.
    left_out : dict of str to str
        The same of cells that went on without.
    doubted : dict of str to str
        The same of cells that ran through on an answer that is not right.
    problems : tuple of Problem
        Empty if all is well.
    """

    path: Path
    seconds: float
    slowest: tuple[str, float]
    unwritten: tuple[str, ...]
    problems: tuple[Problem, ...]
    named: dict[str, str]
    left_out: dict[str, str]
    doubted: dict[str, str]

    @property
    def ok(self) -> bool:
        """Whether there were no problems."""
        return not self.problems

    def __str__(self) -> str:
        lines = [f"{self.path}: {self.seconds:.1f} s"]
        return "\n".join([*lines, *(f"  {problem}" for problem in self.problems)])


def run_notebook(
    path: Path, *, release: bool, seen: dict[str, Any] | None = None
) -> RunReport:
    """Run a notebook as it is.

    Parameters
    ----------
    path : Path
        The notebook.  The file stays as it is; cells run in its folder.
    release : bool
        Of a solution any error or stderr output is a problem.  In a release,
        with nothing written, a cell may fail only because an exercise is not
        written yet, and only if it is tagged so that Run All goes on; a check
        must fail.
    seen : dict, optional
        Gets what came of each question that was to be predicted.

    Raises
    ------
    BuildError
        If it cannot be read.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:
        raise BuildError(
            f"{path} cannot be read: {error}\nRun `autograder build` to make it."
        ) from error
    client = NotebookClient(
        notebook,
        km=_kernel_manager(),
        allow_errors=True,
        timeout=CELL_SECONDS,
        resources={"metadata": {"path": str(path.parent)}},
    )
    started, problems = time.perf_counter(), []
    try:
        with tempfile.TemporaryDirectory(prefix="ipython-") as nobodys:
            client.execute(cleanup_kc=True, env=_environment(nobodys))
    except CellTimeoutError:
        text = f"a cell ran for more than {CELL_SECONDS} s"
        problems.append(Problem(0, "", text))
    except DeadKernelError:
        problems.append(Problem(0, "", "the kernel died"))
    seconds = time.perf_counter() - started
    unwritten: list[str] = []
    named: dict[str, str] = {}
    left_out: dict[str, str] = {}
    doubted: dict[str, str] = {}
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        stopped = False
        for output in cell.outputs:
            mark = output.get("metadata", {}).get("autograder", {})
            if "question" in mark and seen is not None:
                seen[mark["question"]] = mark["came"]
            if "left out" in mark:
                left_out[cell.id] = mark["left out"]
            if "doubted" in mark:
                doubted[cell.id] = mark["doubted"]
            if "stopped" in mark:
                named[cell.id] = mark["stopped"]
            if release and (_is_unwritten(output) or _is_to_mend(cell, output)):
                stopped = True
                unwritten.append(cell.id)
                if "raises-exception" not in cell.metadata.get("tags", ()):
                    text = "stops Run All, since it depends on an exercise"
                    problems.append(Problem(number, cell.id, text))
            elif text := _complaint(output):
                problems.append(Problem(number, cell.id, text))
        is_check = cell.metadata.get("nbgrader", {}).get("grade")
        if release and is_check and not stopped:
            text = "passes although nothing is written"
            problems.append(Problem(number, cell.id, text))
    return RunReport(
        path,
        seconds,
        _slowest(notebook),
        tuple(unwritten),
        tuple(problems),
        named,
        left_out,
        doubted,
    )


def _kernel_manager() -> AsyncKernelManager:
    """Starts this Python, whatever kernels the user has installed."""
    specs = KernelSpecManager(kernel_dirs=[])
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
    # Without this, newer kernels warn on this process's stderr.
    if manager.has_trait("transport_encryption"):
        manager.transport_encryption = "auto"
    return manager


def _environment(ipython_folder: str) -> dict[str, str]:
    """A learner's: figures in the page, a plain IPython, and not nbgrader's run."""
    unwanted = ("MPLBACKEND", "NBGRADER_EXECUTION")
    kept = {k: v for k, v in os.environ.items() if k not in unwanted}
    return {**kept, "IPYTHONDIR": ipython_folder}


def _is_unwritten(output: NotebookNode) -> bool:
    if "stopped" in output.get("metadata", {}).get("autograder", {}):
        return "not written yet" in output.data["text/plain"]
    if output.output_type != "error":
        return False
    if output.ename == "CheckFailed":
        return output.evalue.startswith("-- NOT WRITTEN YET ")
    return (output.ename, output.evalue) == ("NotImplementedError", NOT_WRITTEN)


def _is_to_mend(cell: NotebookNode, output: NotebookNode) -> bool:
    """Whether it stops for mistakes that are to be mended."""
    mark = output.get("metadata", {}).get("autograder", {})
    if "stopped" in mark:
        return mark["stopped"] in TO_MEND
    return output.output_type == "error" and (
        output.ename == "CheckFailed" and cell.id.removesuffix("_check") in TO_MEND
    )


def _complaint(output: NotebookNode) -> str:
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    if output.output_type == "stream" and output.name == "stderr":
        return f"stderr: {output.text.strip()}"
    return ""


def _slowest(notebook: NotebookNode) -> tuple[str, float]:
    return max(
        ((cell.id, _seconds(cell)) for cell in notebook.cells),
        key=lambda pair: pair[1],
        default=("", 0.0),
    )


def _seconds(cell: NotebookNode) -> float:
    """How long a cell ran, from the times at which the kernel was busy."""
    times = cell.metadata.get("execution", {})
    try:
        return _moment(times["iopub.status.idle"]) - _moment(times["iopub.status.busy"])
    except KeyError:
        return 0.0


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
