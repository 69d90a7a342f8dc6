"""A folder for the processes of one run, which is gone when the run is."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from autograder.classroom.interrupts import held_back
from autograder.sandbox.inside.removing import remove_folder
from autograder.writing import make_temporary_folder

__all__ = ["scratch_folder"]


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for all of a run's processes: one that is killed cannot clean up."""
    _sweep()
    with ExitStack() as stack:
        with held_back():
            folder = make_temporary_folder()
            stack.callback(held_back()(remove_folder), folder)
        yield folder


def _sweep() -> None:
    """Remove the folders of graders that were killed before they could."""
    if not hasattr(os, "getuid"):
        return
    with held_back():  # to find it, a file is made there and taken away again
        temporary = Path(tempfile.gettempdir())
    for folder in temporary.glob("autograder-*-*"):
        owner = folder.name.split("-")[1]
        with contextlib.suppress(OSError):
            ours = owner.isdigit() and folder.lstat().st_uid == os.getuid()
            if ours and not _is_there(int(owner)) and not folder.is_symlink():
                remove_folder(folder)


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
