"""Everything that an archive or a folder holds, as private copies.

A copy is named by a number, never by the archive: a name that leads elsewhere,
or a link, leads nowhere.  What is refused is told and stops nothing else.
"""

from __future__ import annotations

import contextlib
import lzma
import os
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from autograder.collecting.budget import Budget, Refused, inner_budget, outer_budget
from autograder.collecting.members import (
    TooLarge,
    clock,
    composed,
    copy_file,
    member_name,
)
from autograder.limits import MAX_MEMBER, MAX_NESTED_ARCHIVES
from autograder.submissions.names import is_harmless

__all__ = ["Member", "Spool", "archive_suffix"]

_ZIP = (".zip",)
_TAR = (".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tbz2", ".txz", ".tar")
_DAMAGE = (
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)
_OUT = re.compile(r"^/|//|(^|/)[A-Za-z]:/|(^|/)\.\.(/|$)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Member:
    """A file of an archive.

    Attributes
    ----------
    path : str
        As the archive names it, composed; of an archive in it,
        ``work.zip/notebook.ipynb``.
    copy : Path or None
        The private copy; None if there is none, and `why` says why.
    modified : float
        When it was last changed, as the archive says, for an order among copies.
    """

    path: str
    copy: Path | None = None
    why: str = ""
    modified: float = 0.0


def archive_suffix(name: str) -> str:
    """By which ending a name is one of an archive that is opened; or nothing."""
    low = name.casefold()
    return next((suffix for suffix in (*_ZIP, *_TAR) if low.endswith(suffix)), "")


@dataclass
class Spool:
    """Reads archives and folders into `folder`, which is private and goes away.

    Attributes
    ----------
    harmless : list of str
        What programs left there; it is not copied.
    """

    folder: Path
    harmless: list[str] = field(default_factory=list)
    _count: int = 0

    def read(self, source: Path) -> list[Member]:
        """All files in `source`, a zip, a tar or a folder.

        Raises
        ------
        Refused
            If it can be read by no means.
        """
        try:
            if source.is_dir():
                return list(self._folder(source))
            with source.open("rb"):
                budget = outer_budget(source.stat().st_size)
                return list(self._archive(source, "", 0, budget))
        except OSError as error:
            raise Refused(f"It cannot be read: {error.strerror or error}.") from error

    def _folder(self, top: Path, prefix: str = "") -> Iterator[Member]:
        try:
            with os.scandir(top) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if not prefix:
                raise
            yield Member(prefix, why=f"It cannot be opened: {error.strerror}.")
            return
        for entry in found:
            path = composed(prefix + entry.name)
            if _is_harmless(path):
                self.harmless.append(path)
            elif entry.is_symlink():
                yield Member(path, why="It is a link, and links are not followed.")
            elif entry.is_dir(follow_symlinks=False):
                yield from self._folder(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield from self._opened(path, Path(entry.path))

    def _opened(self, path: str, source: Path) -> Iterator[Member]:
        """A file in a folder."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
        flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            with open(os.open(source, flags), "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    yield Member(path, why="It is no regular file.")
                    return
                budget = Budget(1, status.st_size + MAX_MEMBER)
                yield from self._copied(path, file, status.st_mtime, 0, budget)
        except OSError as error:
            yield Member(path, why=f"It cannot be read: {error.strerror}.")

    def _archive(
        self, source: Path, prefix: str, depth: int, budget: Budget
    ) -> Iterator[Member]:
        """The files of an archive; a generator, so that a damaged end costs that."""
        try:
            if zipfile.is_zipfile(source):
                yield from self._zip(source, prefix, depth, budget)
            else:
                yield from self._tar(source, prefix, depth, budget)
        except tarfile.ReadError:
            raise Refused("It is neither a zip nor a tar, or it is damaged.") from None
        except _DAMAGE as error:
            raise Refused(f"It is damaged: {error}.") from error

    def _zip(
        self, source: Path, prefix: str, depth: int, budget: Budget
    ) -> Iterator[Member]:
        with zipfile.ZipFile(source) as archive:
            for info in archive.infolist():
                budget.member()
                path = prefix + member_name(info)
                if info.is_dir():
                    continue
                if stat.S_ISLNK(info.external_attr >> 16):
                    yield Member(path, why="It is a link, and links are not followed.")
                elif info.flag_bits & 1:
                    yield Member(path, why="It is encrypted: unpack it yourself.")
                elif self._wanted(path):
                    modified = clock(info.date_time)
                    with contextlib.ExitStack() as stack:
                        try:
                            file = stack.enter_context(archive.open(info))
                        except _DAMAGE as error:
                            yield Member(path, why=f"It cannot be unpacked: {error}.")
                            continue
                        yield from self._copied(path, file, modified, depth, budget)

    def _tar(
        self, source: Path, prefix: str, depth: int, budget: Budget
    ) -> Iterator[Member]:
        """Nothing is extracted by name, so no filter of `tarfile` is needed."""
        with tarfile.open(source, "r:*") as archive:
            for info in archive:
                budget.member()
                path = prefix + composed(info.name.removeprefix("./"))
                if info.isdir():
                    continue
                if info.issym() or info.islnk():
                    yield Member(path, why="It is a link, and links are not followed.")
                elif not info.isfile():
                    yield Member(path, why="It is no regular file.")
                elif self._wanted(path):
                    file = archive.extractfile(info)
                    if file is not None:
                        yield from self._copied(path, file, info.mtime, depth, budget)

    def _wanted(self, path: str) -> bool:
        if _is_harmless(path):
            self.harmless.append(path)
            return False
        return True

    def _copied(
        self, path: str, file: IO[bytes], modified: float, depth: int, budget: Budget
    ) -> Iterator[Member]:
        """The member, or what is in it if it is an archive."""
        if _OUT.search(path):
            yield Member(path, why="Its name leads out of the archive.")
            return
        if _CONTROL.search(path):
            yield Member(path, why="Its name has control characters.")
            return
        self._count += 1
        copy = self.folder / str(self._count)
        try:
            size = copy_file(file, copy, budget)
        except _DAMAGE as error:
            yield Member(path, why=f"It is damaged: {error}.")
            return
        except TooLarge as error:
            copy.unlink(missing_ok=True)
            yield Member(path, why=str(error))
            return
        if not archive_suffix(path):
            yield Member(path, copy, modified=modified)
            return
        if depth == MAX_NESTED_ARCHIVES:
            yield Member(path, why="It is an archive in an archive in an archive.")
            return
        found: list[Member] = []
        try:
            for member in self._archive(
                copy, f"{path}/", depth + 1, inner_budget(size)
            ):
                found.append(member)
        except Refused as error:
            found.append(Member(path, why=str(error)))
        copy.unlink(missing_ok=True)
        yield from found or [Member(path, why="It is an empty archive.")]


def _is_harmless(path: str) -> bool:
    """Whether a program made this path, or a folder that it is in."""
    parts = set(path.replace("\\", "/").split("/")) - {"", ".", ".."}
    return any(map(is_harmless, parts))
