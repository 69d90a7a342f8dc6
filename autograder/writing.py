"""Files that change only when their content does, and then at once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["read_if_there", "write_if_changed"]


def read_if_there(path: Path) -> bytes | None:
    """The bytes of a file, None if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file whole or not at all, and only if its bytes differ.

    Parameters
    ----------
    path : Path
        Its folder is made if there is none.
    content : bytes
        What it shall hold.

    Returns
    -------
    bool
        Whether it was written.
    """
    if read_if_there(path) == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # A temporary file is the owner's only; a course's file is as open as
        # the one it replaces.
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return True
