"""The sample class's home: ``sample/``, apart from all that is real."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder.classroom.grade_class import find_submissions
from autograder.course import LOCK, Course, NotACourse
from autograder.limits import MAX_FILE_NAME
from autograder.sample.sample_class import SampleStudent, make_sample_class, write_class
from autograder.submissions.names import is_harmless
from autograder.text import clean
from autograder.writing import write_whole

__all__ = ["HOME", "hand_in", "home_of", "is_ours", "refuse_beside_others"]

HOME = "sample"
NOTE = "README.txt"
SHOWN = 20

TEXT = """\
A sample class, made by `autograder grade` while nobody had handed in: nothing in
this folder is real, and nothing outside of it knows of it. Delete the folder
whenever you like; no mark, secret or notebook of a class is lost with it.
"""
"""What stands in `NOTE`; a folder without that file was not made here."""


def home_of(course: Course) -> Course:
    """The same course, with its folders, gradebook and secret in ``sample/``.

    The gradebook is a file there, wherever the real one is.
    """
    home = course.root / HOME
    return replace(
        course,
        grading=home,
        submitted=home / "submitted",
        autograded=home / "autograded",
        feedback=home / "feedback",
        db_url=f"sqlite:///{home / 'gradebook.db'}",
        releases=course.built,
        frozen={},
    )


def refuse_beside_others(course: Course, chapter: str | None = None) -> None:
    """Let no sample class be shown to who has a class: what is there is named.

    Parameters
    ----------
    course : Course
        The real one, in which nothing of `chapter` was found to grade.
    chapter : str, optional
        The one that was asked for.

    Raises
    ------
    NotACourse
        If anything lies where a class lies, be it empty, a link or hidden.
    """
    held = [
        f"In {_shown(folder, course)}/: {_listed(_entries(folder))}."
        for folder in _folders(course)
        if os.path.lexists(folder) and _entries(folder)
    ]
    if not held:
        return
    found, strays = find_submissions(course)
    missing = f"{_shown(course.submitted, course)}/STUDENT/{chapter or 'CHAPTER'}"
    told = [f"Nothing to grade: there is no {missing}."]
    told += [stray.text for stray in strays]
    if found:
        names = _listed([f"{one.student}/{one.chapter}" for one in found])
        told.append(f"Handed in, and not asked for: {names}.")
    told += [*held, "All of it stays as it is, and no sample class is made beside it."]
    raise NotACourse("\n".join(told))


def hand_in(home: Course, chapter: str) -> list[SampleStudent]:
    """Hand in the sample class's notebooks of a chapter, but those that are there.

    Parameters
    ----------
    home : Course
        What `home_of` gives.
    chapter : str

    Raises
    ------
    NotACourse
        If the folder is not the sample class's, or a link is in it or is it.
    """
    folder, name = home.grading, f"{HOME}/"
    for link in _links(folder):
        where = link.relative_to(home.root).as_posix()
        raise NotACourse(
            f"{clean(where, 200)} is a link, and nothing is written through one: the "
            f"sample class needs {name} as a folder of its own. Move the link away."
        )
    if os.path.lexists(folder) and not folder.is_dir():
        raise NotACourse(
            f"{HOME} is a file; the sample class needs a folder of that name. Move "
            "the file away."
        )
    there = _entries(folder) if folder.exists() else []
    if there and not (folder / NOTE).is_file():
        raise NotACourse(
            f"{name} was not made by this command: there is no {NOTE} in it. It "
            f"stays as it is, and no sample class is made. In it: {_listed(there)}."
        )
    write_whole(folder / NOTE, TEXT.encode(), if_changed=True)
    return write_class(home, chapter)


def is_ours(home: Course) -> bool:
    """Whether all that is handed in there is, byte for byte, the sample class's."""
    ours = {}
    for chapter, release in home.releases.items():
        if any(home.submitted.glob(f"*/{chapter}")):
            for student in make_sample_class(release, home.chapter(chapter)):
                path = home.submitted / student.name / chapter / f"{chapter}.ipynb"
                ours[path] = student.data
    return all(
        ours.get(path) == path.read_bytes()
        for path in home.submitted.rglob("*")
        if not (path.is_dir() or is_harmless(path.name))
    )


def _folders(course: Course) -> Iterator[Path]:
    """Where a class's things lie: a course may keep some of them elsewhere."""
    yield course.grading
    for folder in (course.submitted, course.autograded, course.feedback):
        if not folder.is_relative_to(course.grading):
            yield folder


def _entries(folder: Path) -> list[str]:
    """What lies in a folder, with a word on what is a link or empty."""
    if not folder.is_dir():
        return ["not a folder that can be opened"]
    try:
        with os.scandir(folder) as entries:
            return sorted(_described(one) for one in entries if one.name != LOCK)
    except OSError as error:
        return [f"not to be opened ({error.strerror})"]


def _described(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        away = "" if os.path.exists(entry.path) else " to what is not there"
        return f"{entry.name} (a link{away})"
    if not entry.is_dir():
        return entry.name
    try:
        empty = not os.listdir(entry.path)
    except OSError as error:
        return f"{entry.name}/ ({error.strerror})"
    return f"{entry.name}/ (empty)" if empty else f"{entry.name}/"


def _links(folder: Path) -> Iterator[Path]:
    """The folder, if it is a link, and every link below it."""
    if folder.is_symlink():
        yield folder
        return
    for place, folders, files in os.walk(folder):
        paths = (Path(place, name) for name in sorted([*folders, *files]))
        yield from (path for path in paths if path.is_symlink())


def _listed(names: list[str]) -> str:
    more = f", and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(clean(name, MAX_FILE_NAME) for name in names[:SHOWN]) + more


def _shown(folder: Path, course: Course) -> str:
    inside = folder.is_relative_to(course.root)
    return (folder.relative_to(course.root) if inside else folder).as_posix()
