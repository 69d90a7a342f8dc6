"""Files and folders for their owner alone, written through no link."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["CannotPlace", "make_folders", "refuse_links", "write_private"]


class CannotPlace(Exception):
    """Why somebody's work could not be written, in one sentence."""


def refuse_links(path: Path, top: Path) -> None:
    """Nothing from `top` down to `path` may be a link, or a file where folders go."""
    for part in (path, *path.parents):
        if part.is_symlink():
            raise CannotPlace(f"{part.name} is a link: nothing is written through it.")
        if part == top:
            return
        if part != path and part.exists() and not part.is_dir():
            raise CannotPlace(f"{part.name} is a file, where a folder belongs.")


def make_folders(folder: Path, top: Path) -> None:
    """Folders from `top` down, for their owner alone."""
    for part in [
        p for p in reversed([folder, *folder.parents]) if p not in top.parents
    ]:
        if not part.is_dir():
            part.mkdir(mode=0o700)


def write_private(path: Path, data: bytes) -> None:
    """A file for its owner alone, whole or not at all."""
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with open(os.open(part, flags, 0o600), "wb") as file:
            file.write(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
