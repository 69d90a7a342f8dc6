"""`autograder collect`: from archives to ``grading/submitted``.

Every file of an archive ends as used, harmless or unaccounted.  Used is what is
graded, what is kept beside it, and what was read for it; harmless is what programs
leave; everything else is named.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.collecting.budget import Refused
from autograder.collecting.collected import Collected
from autograder.collecting.spool import Member, Spool
from autograder.collecting.work import Work
from autograder.course import Course
from autograder.exports.roster import Roster

__all__ = ["collect"]


def collect(
    course: Course,
    sources: Sequence[Path],
    chapter: str | None = None,
    roster: Roster | None = None,
    column: str | None = None,
    form: str | None = None,
    zone: ZoneInfo | None = None,
    write: bool = True,
) -> Collected:
    """Put each person's notebook where grading looks for it.

    Parameters
    ----------
    course : Course
    sources : sequence of path
        Archives or folders; several are one, as parts of a large download are.
    chapter : str, optional
        Only this one's notebooks.
    roster : Roster, optional
        The class: gives names to folders, and says who is missing.
    column : str, optional
        The list's heading under which those names stand.
    form : str, optional
        One of `FORMS`; found out by default.
    zone : ZoneInfo, optional
        Of times that the archive has without a zone.
    write : bool
        Whether to write anything.

    Raises
    ------
    Refused
        If an archive cannot be read.
    NoRoster
        If the list has no such column.
    """
    with tempfile.TemporaryDirectory(prefix="collect-") as private:
        members: list[Member] = []
        harmless = 0
        for i, source in enumerate(sources):
            folder = Path(private) / str(i)
            folder.mkdir(mode=0o700)
            spool = Spool(folder)
            try:
                members += spool.read(source)
            except Refused as error:
                raise Refused(f"{source}: {error}") from error
            harmless += len(spool.harmless)
        work = Work(course, chapter, roster, column, zone, write)
        return work.collect(members, harmless, form)
