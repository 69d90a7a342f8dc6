"""What is installed, found out in another process: a broken package stops only that."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.limits import DOCTOR_SECONDS

__all__ = ["Probe", "probe_course", "probe_jupyter", "probe_modules"]

_MARK = "probe:"
_MODULES = f"""
import importlib, json, sys
from importlib import metadata
for module, package in json.loads(sys.argv[1]):
    try:
        version = metadata.version(package)
    except Exception:
        version = ""
    try:
        importlib.import_module(module)
        error = ""
    except BaseException as raised:
        lines = str(raised).strip().splitlines() or [""]
        error = f"{{type(raised).__name__}}: {{lines[0]}}"
        if isinstance(raised, ModuleNotFoundError) and raised.name == module:
            error = "missing"
    print({_MARK!r} + json.dumps([version, error]), flush=True)
"""
_JUPYTER = f"""
import json, os, tempfile
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.paths import jupyter_runtime_dir
kernel = KernelSpecManager().get_kernel_spec("python3").argv[0]
folder = jupyter_runtime_dir()
try:
    os.makedirs(folder, exist_ok=True)
    tempfile.TemporaryFile(dir=folder).close()
    error = ""
except OSError as raised:
    error = raised.strerror or str(raised)
print({_MARK!r} + json.dumps([kernel, folder, error]), flush=True)
"""
_COURSE = f"""
import json
from pathlib import Path
from autograder.checking.cases import names
from autograder.desk.progress import NoNotebooks, find_notebooks, read_progress
try:
    found = read_progress(find_notebooks(Path.cwd())).chapters
    chapters = [[chapter.state, " ".join(chapter.remarks)] for chapter in found]
except NoNotebooks:
    chapters = []
print({_MARK!r} + json.dumps([len(names()), chapters]), flush=True)
"""


@dataclass(frozen=True)
class Probe:
    """One package: its version, and why it cannot be imported, or "missing"."""

    version: str
    error: str


def probe_modules(wanted: Sequence[tuple[str, str]]) -> list[Probe]:
    """Import each module, as ``(module, package)``, in processes of their own."""
    found: list[Probe] = []
    while len(found) < len(wanted):
        answers, end = _run(_MODULES, json.dumps(wanted[len(found) :]))
        found += [Probe(*answer) for answer in answers]
        if len(found) < len(wanted):
            # The one after the last answer took the whole process with it.
            found.append(Probe("", end))
    return found


def probe_jupyter() -> tuple[str, str, str]:
    """The Python of the kernel ``python3``, Jupyter's own folder, what is wrong there.

    Raises
    ------
    RuntimeError
        If Jupyter cannot be asked.
    """
    kernel, folder, error = _only_answer(_JUPYTER)
    return kernel, folder, error


def probe_course() -> tuple[int, list[tuple[str, str]]]:
    """How many exercises have cases, and each chapter's state and remarks here.

    Raises
    ------
    RuntimeError
        If the course's own package does not work.
    """
    exercises, chapters = _only_answer(_COURSE)
    return exercises, [(state, remarks) for state, remarks in chapters]


def _only_answer(code: str) -> list[Any]:
    answers, end = _run(code)
    if not answers:
        raise RuntimeError(end)
    return answers[0]


def _run(code: str, *arguments: str) -> tuple[list[Any], str]:
    """The answers of a piece of Python, and in words how it ended."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=DOCTOR_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [], f"takes longer than {DOCTOR_SECONDS} s"
    except OSError as error:
        return [], str(error)
    answers = [
        json.loads(line.removeprefix(_MARK))
        for line in done.stdout.splitlines()
        if line.startswith(_MARK)
    ]
    said = done.stderr.strip().splitlines()
    how = said[-1] if said else "says nothing"
    return answers, f"ends Python with code {done.returncode}: {how}"
