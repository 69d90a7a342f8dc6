"""What to type when something is missing, on this system and this installation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["brought_by", "install_program", "repair", "shown_python"]

_ROOT = Path(__file__).resolve().parents[2]


def shown_python() -> str:
    """The running Python, as it can be typed here."""
    path = Path(sys.executable)
    try:
        shown = str(path.relative_to(Path.cwd()))
    except ValueError:
        shown = str(path)
    return subprocess.list2cmdline([shown]) if " " in shown else shown


def repair(package: str, *, broken: bool) -> str:
    """What brings a package back; `broken` if it is there and does not work."""
    if not (_ROOT / "requirements.lock").is_file():
        again = "--force-reinstall " if broken else ""
        if package == "autograder":
            return "install the course's wheel again, as its README says"
        return f"{shown_python()} -m pip install {again}{package}"
    if "CONDA_PREFIX" in os.environ and sys.prefix == os.environ["CONDA_PREFIX"]:
        return "conda env update --file environment.yml"
    if sys.platform == "win32":
        again = f"--reinstall-package {package} " if broken else ""
        return (
            f"{shown_python()} -m uv pip install {again}--constraint requirements.lock "
            '--group dev --editable ".[lab]"'
        )
    if not broken and not (_ROOT / ".venv" / "ready-development").is_file():
        return "make setup"
    return "make clean && make setup"


def brought_by(command: str, level: str) -> str:
    """`command`, if it will install what its level needs and was never given.

    Parameters
    ----------
    command : str
        One of the Makefile's.
    level : str
        What the Makefile calls that which the command needs.
    """
    ready = _ROOT / ".venv" / f"ready-{level}"
    by_make = repair("", broken=False) == "make setup"
    return command if by_make and not ready.is_file() else ""


def install_program(name: str) -> str:
    """What installs a program that is not a Python package."""
    if sys.platform == "win32":
        package = {
            "git": "Git.Git",
            "make": "GnuWin32.Make",
            "chromium": "Google.Chrome",
        }
        return f"winget install {package.get(name, name)}"
    if sys.platform == "darwin":
        cask = "--cask " if name == "chromium" else ""
        return f"brew install {cask}{name}"
    return f"sudo apt-get install {name}   (or your distribution's own way)"
