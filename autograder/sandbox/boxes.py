"""The boxes that there are, and which of them works here."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from threading import Lock

from autograder.limits import TRY_SECONDS
from autograder.sandbox.bubblewrap import BUBBLEWRAP
from autograder.sandbox.command import Command, open_to_box
from autograder.sandbox.confining import Confining
from autograder.sandbox.no_box import NO_BOX, Unboxed
from autograder.sandbox.readable import NotSeparate, library
from autograder.sandbox.sandlock import SANDLOCK

__all__ = [
    "AUTO",
    "BOXES",
    "CHOICES",
    "NONE",
    "NoBox",
    "box_named",
    "choose_box",
    "is_unconfined",
    "trust",
    "why_not",
]

BOXES = {box.name: box for box in (SANDLOCK, BUBBLEWRAP)}
"""By name, in the order in which they are tried."""
NONE = NO_BOX.name
AUTO = "auto"
"""The first of `BOXES` that works here."""
CHOICES = (AUTO, *BOXES, NONE)
"""What may follow ``--box``."""


def box_named(name: str) -> Confining | Unboxed:
    """The box that a result or an option names; without `AUTO`, which is none."""
    return NO_BOX if name == NONE else BOXES[name]


def is_unconfined(name: str) -> bool:
    """Whether a result's box was none; where nothing ran, its name is empty."""
    return name == NONE


class NoBox(Exception):
    """Student code cannot be walled off here; the text says what to do."""


def choose_box(wanted: str = AUTO) -> str:
    """The name of the box to use.

    Parameters
    ----------
    wanted : str
        One of `CHOICES`.

    Raises
    ------
    NoBox
        If it does not work here; the text says what to install.
    """
    if wanted == NONE:
        return NONE
    reasons = []
    for box in BOXES if wanted == AUTO else (wanted,):
        reason = why_not(box)
        if reason is None:
            return box
        reasons.append(f"  {box}: {reason}")
    raise NoBox(
        "Student code cannot be walled off on this machine.\n"
        + "\n".join(reasons)
        + "\nWithout a box it can read and change what you can: marks would be\n"
        f"worth nothing. If every notebook is your own: --box {NONE}."
    )


_trusted: set[str] = set()


def trust(box: str) -> None:
    """Do not try a box that another process of this machine has found to work."""
    _trusted.add(box)


def why_not(box: str) -> str | None:
    """Why a box does not work here, or None if it does: it was tried."""
    with _trying:  # who asks while another thread tries it waits for the answer
        return None if box in _trusted else _why_not(box)


_trying = Lock()


@cache
def _why_not(box: str) -> str | None:
    if box not in BOXES:
        return f"there is no such box; there are {', '.join(BOXES)} and {NONE}"
    if sys.platform != "linux":
        return "it needs Linux; on macOS and Windows grade in Docker or in WSL 2"
    missing = BOXES[box].missing()
    return missing if missing is not None else _try(BOXES[box])


def _try(box: Confining) -> str | None:
    """Have Python start inside, and be unable to read this file."""
    trial = f"open({__file__!r})"
    program = f"try: {trial}\nexcept OSError: raise SystemExit(42)\n"
    try:
        readable = library().readable
    except NotSeparate as error:
        return str(error)
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        work = Path(folder) / "work"
        work.mkdir()
        open_to_box(Path(folder), work)
        python = [sys.executable, "-I", "-S", "-c", program]
        command = Command(python, readable, str(work), {})
        with tempfile.TemporaryFile() as errors:
            try:
                process = box.start(command, subprocess.DEVNULL, errors.fileno())
            except PermissionError:
                return (
                    f"{sys.executable} lies where only root can read it; as root, "
                    f"use {_for_root()}, or grade as an ordinary user"
                )
            try:
                code = process.wait(TRY_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                return f"it did not start within {TRY_SECONDS} seconds"
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip().splitlines()
    if code == 42:
        return None
    if not said:
        return f"it ended with exit code {code}"
    return f"{said[-1]}{box.remedy(said[-1])}"


def _for_root() -> str:
    return " or ".join(box.name for box in BOXES.values() if box.starts_as_root)
