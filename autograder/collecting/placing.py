"""Writing what was handed in, so that nothing that is there gets lost.

A submission goes to ``grading/submitted/STUDENT/CHAPTER/CHAPTER.ipynb``.  Whatever
it takes the place of, and all other versions, are kept in
``grading/earlier/STUDENT/CHAPTER/``, where grading does not look.  Only the owner may
read either, and nothing is written through a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from autograder.collecting.private_files import (
    CannotPlace,
    make_folders,
    refuse_links,
    write_private,
)
from autograder.submissions.timestamp import Unclear, moment
from autograder.term.attempts import EARLIER
from autograder.writing import read_if_there

__all__ = ["EARLIER", "CannotPlace", "Place", "Placed", "Version", "stamp"]

STAMP = "timestamp.txt"
NOT_BESIDE = {STAMP, "submission_secret.txt"}
"""What grading reads beside a notebook: nobody may hand it in."""


@dataclass(frozen=True)
class Version:
    """A notebook's bytes, and when it was handed in."""

    data: bytes
    time: datetime | None = None


@dataclass(frozen=True)
class Placed:
    """What was done: ``new``, ``same``, ``replaced`` or ``kept``, and what to know."""

    what: str
    notes: tuple[str, ...] = ()


def stamp(time: datetime) -> str:
    """A time as nbgrader writes it; without a zone, if it has none, which waits."""
    if time.tzinfo is None:
        return time.strftime("%Y-%m-%d %H:%M:%S")
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


@dataclass(frozen=True)
class Place:
    """Where one student's work on one chapter goes.

    Attributes
    ----------
    submitted, earlier : path
        The course's folders; their parents are the course's.
    """

    submitted: Path
    earlier: Path
    student: str
    chapter: str

    @property
    def folder(self) -> Path:
        """Where the work lies that is graded."""
        return self.submitted / self.student / self.chapter

    @property
    def notebook(self) -> Path:
        """What is graded."""
        return self.folder / f"{self.chapter}.ipynb"

    def there(self) -> tuple[bytes | None, str]:
        """The notebook and the time stamp that are there."""
        refuse_links(self.notebook, self.submitted.parent)
        refuse_links(self.folder / STAMP, self.submitted.parent)
        notebook = read_if_there(self.notebook)
        time = read_if_there(self.folder / STAMP) or b""
        return notebook, time.decode("utf-8", "replace").strip()

    def put(
        self,
        version: Version,
        others: Sequence[Version] = (),
        better: bool = False,
    ) -> Placed:
        """Write a version to be graded, keep all `others`.

        Parameters
        ----------
        better : bool
            What is there is to stay: it was worked on, and `version` was not.

        Raises
        ------
        CannotPlace
            If something that is there is a link or cannot be written.
        """
        try:
            return self._put(version, others, better)
        except OSError as error:
            raise CannotPlace(_sentence(error)) from error

    def put_beside(self, name: str, data: bytes, apart: bool = False) -> str:
        """Write another file of the same person's, where no other one is lost.

        Parameters
        ----------
        name : str
            A path from the student's folder.
        apart : bool
            It belongs to an earlier attempt.

        Returns
        -------
        str
            What to know of it; mostly nothing.

        Raises
        ------
        CannotPlace
            If something that is there is a link or cannot be written.
        """
        path = self.folder / name
        try:
            if path.name in NOT_BESIDE or path == self.notebook or apart:
                self._keep_file(path.name, data)
                told = path.name in NOT_BESIDE
                return (
                    f"{path.name} is nothing to hand in: in {EARLIER}" if told else ""
                )
            refuse_links(path, self.submitted.parent)
            there = read_if_there(path)
            if there == data:
                return ""
            if there is not None:
                self._keep_file(path.name, there)
            make_folders(path.parent, self.submitted.parent)
            write_private(path, data)
        except OSError as error:
            raise CannotPlace(_sentence(error)) from error
        return ""

    def _put(
        self,
        version: Version,
        others: Sequence[Version],
        better: bool,
    ) -> Placed:
        data, time = self.there()
        for other in others:
            self._keep(other.data, stamp(other.time) if other.time else "")
        told = stamp(version.time) if version.time else ""
        if data == version.data:
            return Placed("same", self._stamp_the_same(time, told))
        if data is not None:
            if better or _is_later(time, version.time):
                self._keep(version.data, told)
                why = (
                    "what is there was worked on"
                    if better
                    else "what is there is later"
                )
                return Placed("kept", (f"{why}; this one is in {EARLIER}",))
            self._keep(data, time)
        make_folders(self.folder, self.submitted.parent)
        # The old time never stands beside the new work, not even for a moment.
        (self.folder / STAMP).unlink(missing_ok=True)
        write_private(self.notebook, version.data)
        if told:
            write_private(self.folder / STAMP, f"{told}\n".encode())
        if data is None:
            return Placed("new")
        return Placed("replaced", (f"what was there is in {EARLIER}",))

    def _stamp_the_same(self, time: str, told: str) -> tuple[str, ...]:
        """A time is written where there is none, and never over another."""
        if not told or time == told:
            return ()
        if time:
            return (f"{STAMP} says {time[:40]}, the archive {told}: it stays",)
        write_private(self.folder / STAMP, f"{told}\n".encode())
        return ()

    def _keep(self, data: bytes, time: str) -> None:
        """A version among the earlier ones; named by what it is, so only once."""
        try:
            name = f"{moment(time):%Y-%m-%d_%H%M%S}_" if time else ""
        except Unclear:  # no moment by which attempts could be ordered
            when = "".join(c for c in time.split(".")[0] if c.isdigit() or c in " -")
            name = f"{when.strip().replace(' ', '_')}_unclear_"
        folder = self.earlier / self.student / self.chapter
        path = folder / f"{name}{sha256(data).hexdigest()[:12]}.ipynb"
        refuse_links(path, self.earlier.parent)
        if not path.exists():
            make_folders(folder, self.earlier.parent)
            write_private(path, data)

    def _keep_file(self, name: str, data: bytes) -> None:
        folder = self.earlier / self.student / self.chapter
        path = folder / f"{sha256(data).hexdigest()[:12]}_{name}"
        refuse_links(path, self.earlier.parent)
        if not path.exists():
            make_folders(folder, self.earlier.parent)
            write_private(path, data)


def _is_later(there: str, time: datetime | None) -> bool:
    """Whether a time stamp is certainly later than `time`."""
    if time is None or time.tzinfo is None or not there.endswith(" UTC"):
        return False
    try:
        known = datetime.fromisoformat(there.removesuffix(" UTC")).replace(tzinfo=UTC)
    except ValueError:
        return False
    return known > time


def _sentence(error: OSError) -> str:
    where = f" ({Path(error.filename).name})" if error.filename else ""
    return f"It cannot be written{where}: {error.strerror or error}."
