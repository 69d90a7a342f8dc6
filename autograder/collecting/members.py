"""One member of an archive: its name, its time, its bytes."""

from __future__ import annotations

import contextlib
import os
import unicodedata
import zipfile
from pathlib import Path
from typing import IO

from autograder.collecting.budget import Budget
from autograder.limits import MAX_MEMBER

__all__ = ["TooLarge", "clock", "composed", "copy_file", "member_name"]


class TooLarge(Exception):
    """A single file is larger than any notebook."""


def copy_file(file: IO[bytes], copy: Path, budget: Budget) -> int:
    """Write what is read to `copy`, for the owner alone; gives the number of bytes."""
    size = 0
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as out:
        while block := file.read(1 << 20):
            size += len(block)
            budget.bytes(len(block))
            if size > MAX_MEMBER:
                raise TooLarge(f"It has more than {MAX_MEMBER >> 20} MB.")
            out.write(block)
    return size


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name; macOS writes UTF-8 and does not say so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return composed(name.replace("\\", "/"))


def composed(name: str) -> str:
    """Letters with their accents as one; bytes that are no text as such a sign."""
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", name)


def clock(parts: tuple[int, ...]) -> float:
    """A zip's local time, as a number to compare by."""
    year, month, day, hour, minute, second = parts
    days = (year * 12 + month) * 31 + day
    return ((days * 24 + hour) * 60 + minute) * 60.0 + second
