"""What lies below `grading/submitted`, all of it accounted for.

Every folder and file is a submission, harmless, or told of.  Nothing is passed
over in silence, and nobody is invented.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.submissions.files import NotOpened, could_not_open, few, look
from autograder.submissions.folder import STAMP, TOKEN, read_submission
from autograder.submissions.names import (
    composed,
    is_harmless,
    is_student_name,
    why_no_name,
)
from autograder.submissions.submission import (
    NO_NOTEBOOK,
    NOT_OPENED,
    UNREADABLE,
    Stray,
    Submission,
)
from autograder.text import clean

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = [
    "TOKEN",
    "Found",
    "Submission",
    "collect",
    "is_student_name",
    "read_submission",
]

_LISTS = re.compile(r".*\.(?:csv|tsv|xlsx?|ods|md|log)", re.IGNORECASE | re.DOTALL)
"""Files that a teacher keeps beside the students' folders."""


ELSEWHERE = "Something else of the student's lies in another place."


@dataclass(frozen=True)
class Found:
    """A folder that holds a submission, which is not read yet.

    `astray` says whether something else of the student's is not accounted for: then
    an empty folder is no zero.
    """

    student: str
    chapter: str
    folder: Path
    astray: bool = False

    def read(self, course: Course) -> Submission:
        """What lies in it, with times as that course writes them."""
        submission = read_submission(
            self.student,
            self.folder,
            self.chapter,
            course.timezone,
            course.timestamp_format,
            course.releases.get(self.chapter),
        )
        if submission.code == NO_NOTEBOOK and self.astray:
            told = f"{submission.problem} {ELSEWHERE}"
            return replace(submission, problem=told, code=UNREADABLE)
        return submission


def collect(
    submitted: Path, chapters: list[str], released: Sequence[str] = ()
) -> tuple[list[Found], list[Stray]]:
    """All submissions below `submitted`, in order, and what else is there.

    Parameters
    ----------
    submitted : path
        Holds a folder for each student.
    chapters : list of str
        Those that are asked for.
    released : sequence of str, optional
        Those whose folders are right, though they may not be asked for.
    """
    known = list(dict.fromkeys([*chapters, *released]))
    found: list[Found] = []
    strays: list[Stray] = []
    closed: list[tuple[str, Path, OSError]] = []
    try:
        folders = list(_student_folders(submitted, strays))
    except FileNotFoundError:
        return [], []
    except OSError as error:
        told = could_not_open(f"the folder {submitted.name}", error)
        return [], [Stray(told, code=NOT_OPENED)]
    for student, folder in folders:
        try:
            found += _of_student(student, folder, known, strays)
        except OSError as failure:
            closed.append((student, folder, failure))
    handed_in = {one.chapter for one in found}
    for student, folder, why in closed:
        # Of which chapters is not known: of those that others have handed in.
        asked = [c for c in chapters if c in handed_in or len(chapters) == 1]
        found += [Found(student, c, folder / c) for c in asked]
        if not asked:
            told = could_not_open(f"the folder {student}", why)
            strays.append(Stray(told, student, None, NOT_OPENED))
    asked_for = [one for one in found if one.chapter in chapters]
    strays = [s for s in strays if s.chapter is None or s.chapter in chapters]
    return sorted(asked_for, key=lambda s: (s.chapter, s.student)), strays


def _student_folders(
    submitted: Path, strays: list[Stray]
) -> Iterator[tuple[str, Path]]:
    """Names and folders of students; what else lies there goes to `strays`."""
    loose, links = [], []
    taken: dict[str, str] = {}
    entries = _sorted(submitted)
    # Of two names that look the same, the composed one goes first.
    for entry in sorted(entries, key=lambda e: (e.name != composed(e.name), e.name)):
        name = composed(entry.name)
        if is_harmless(entry.name):
            continue
        if entry.is_symlink():
            links.append(entry.name)
        elif not entry.is_dir(follow_symlinks=False):
            loose += [] if _LISTS.fullmatch(entry.name) else [entry.name]
        elif (why := why_no_name(name)) is not None:
            shown = clean(repr(entry.name), 80)
            text = (
                f"The folder {shown} has a name that no student can have: it {why}. "
                "Rename it; nothing in it is graded."
            )
            strays.append(Stray(text))
        elif name in taken:
            text = (
                f"The folders {taken[name]!a} and {entry.name!a} have the same name, "
                "written in two ways. The first is graded; move the second's work."
            )
            strays.append(Stray(text, name))
        else:
            taken[name] = entry.name
            yield name, Path(entry.path)
    if loose:
        strays.append(Stray(_misplaced(loose)))
    if links:
        strays.append(Stray(_link(links)))


def _misplaced(names: Sequence[str]) -> str:
    return (
        "Not graded, because a notebook belongs in STUDENT/CHAPTER/CHAPTER.ipynb: "
        f"{few(names)}."
    )


def _link(names: Sequence[str]) -> str:
    return f"Not graded, because a link is not followed: {few(names)}."


def _of_student(
    student: str, folder: Path, known: Sequence[str], strays: list[Stray]
) -> list[Found]:
    """A student's submissions; what else lies there goes to `strays`."""
    found, before = [], len(strays)
    for entry in _sorted(folder):
        name, path = entry.name, f"{student}/{entry.name}"
        if is_harmless(name) or name in (STAMP, TOKEN):
            continue
        if entry.is_symlink():
            strays.append(Stray(_link([path]), student, _meant([name], known)))
        elif not entry.is_dir(follow_symlinks=False):
            strays.append(Stray(_misplaced([path]), student, _meant([name], known)))
        elif name in known:
            found.append(Found(student, name, Path(entry.path)))
        else:
            strays += _other_folder(student, path, Path(entry.path), known)
    meant = {stray.chapter for stray in strays[before:]}
    return [replace(f, astray=bool(meant & {f.chapter, None})) for f in found]


def _other_folder(
    student: str, path: str, folder: Path, known: Sequence[str]
) -> Iterator[Stray]:
    """What is told of a folder that is no chapter's: nothing if it is empty."""
    try:
        work = look(folder).work
    except NotOpened as failure:
        chapter = _meant([folder.name], known)
        yield Stray(str(failure), student, chapter, NOT_OPENED)
        return
    if work:
        inside = few([f"{path}/{name}" for name in work])
        yield Stray(
            f"Not graded, because no released chapter is called so: {path}. In it: "
            f"{inside}.",
            student,
            _meant([folder.name, *work], known),
        )


def _meant(paths: Sequence[str], known: Sequence[str]) -> str | None:
    """The chapter that a path names, if it names just one, with a slip or without."""
    parts = {_plain(part) for path in paths for part in path.split("/")}
    named = [
        chapter
        for chapter in known
        if any(_plain(chapter) in part or part == chapter[:2] for part in parts)
    ]
    return named[0] if len(named) == 1 else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _sorted(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)
