"""A course as grading sees it: its releases, its folders, its secret."""

from __future__ import annotations

import contextlib
import os
import secrets
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.exercises import CHAPTERS
from autograder.exercises.spec import Chapter
from autograder.writing import make_private_folder

__all__ = [
    "CONFIG",
    "LOCK",
    "OWN_CONFIG",
    "RELEASES",
    "TRANSLATIONS",
    "Course",
    "NotACourse",
    "course_settings",
    "frozen_releases",
    "load_course",
    "load_secret",
    "nbgrader_settings",
    "time_settings",
]

CONFIG = "nbgrader_config.py"
OWN_CONFIG = "nbgrader_config_local.py"
"""An instructor's own settings, which the other file reads last, if it is there."""

_CONFIGS = (CONFIG, OWN_CONFIG)

LOCK = ".lock"
"""A file in a class's folder, held by the one command that writes there."""

SECRET_BYTES = 32

RELEASES = "releases"
"""A class's folder with a folder for each number, as nbgrader's own releases lie."""

TRANSLATIONS = "translations"
"""A folder with one for each language but English, as nbgrader's own releases lie."""


class NotACourse(Exception):
    """A folder does not hold what grading needs."""


@dataclass(frozen=True)
class Course:
    """What grading a submission depends on, and where things lie.

    Attributes
    ----------
    root : path
        Holds ``nbgrader_config.py``.
    name : str
        nbgrader's course id.
    releases : mapping of str to bytes
        The released notebook of each chapter: the newest that is frozen, else the
        one that the build has made.
    grading : path
        Gradebook, marks and everything else that must not be lost.
    submitted, autograded, feedback : path
        nbgrader's folders of the same names.
    db_url : str
        nbgrader's gradebook.
    timezone, timestamp_format : str
        How this course's times are written, if its settings say so.
    frozen : mapping of str to mapping of int to bytes
        Releases with numbers, by chapter; see `autograder release`.
    built : mapping of str to bytes
        What the build has made of each chapter.
    translated : mapping of (str, str, int or None) to bytes
        The same notebooks in other languages, by language, chapter and number; None
        is for what the build has made.
    """

    root: Path
    name: str
    releases: Mapping[str, bytes]
    grading: Path
    submitted: Path
    autograded: Path
    feedback: Path
    db_url: str
    timezone: str = ""
    timestamp_format: str = ""
    frozen: Mapping[str, Mapping[int, bytes]] = field(default_factory=dict)
    built: Mapping[str, bytes] = field(default_factory=dict)
    translated: Mapping[tuple[str, str, int | None], bytes] = field(
        default_factory=dict
    )

    def chapter(self, name: str) -> Chapter:
        """The chapter called `name`."""
        return next(chapter for chapter in CHAPTERS if chapter.name == name)

    def release(self, name: str) -> bytes:
        """The released notebook of the chapter called `name`.

        Raises
        ------
        NotACourse
            If it is not released.
        """
        if name not in self.releases:
            known = ", ".join(self.releases)
            raise NotACourse(f"There is no released chapter {name}; there are {known}.")
        return self.releases[name]


def load_course(root: Path) -> Course:
    """The course in the folder `root`, as its ``nbgrader_config.py`` describes it.

    Raises
    ------
    NotACourse
        If there is none, its settings cannot be read, or nothing is released.
    """
    root = Path(root).resolve()
    if not (root / CONFIG).is_file():
        raise NotACourse(f"{root} is not a course: there is no {CONFIG} in it.")
    grading = root / "grading"
    if os.path.lexists(grading) and not grading.is_dir():
        raise NotACourse(
            f"{grading} is not a folder that can be opened. If it is a link, bring "
            "back what it leads to; if it is a file, move it away."
        )
    every = nbgrader_settings(root)
    settings = every.CourseDirectory
    timezone, timestamp_format = time_settings(every)

    def folder(name: str, default: str) -> Path:
        return root / str(settings.get(name, default))

    released = folder("release_directory", "release")
    releases = {}
    for chapter in CHAPTERS:
        path = released / chapter.name / f"{chapter.name}.ipynb"
        if path.is_file():
            releases[chapter.name] = path.read_bytes()
    if not releases:
        raise NotACourse(
            f"Nothing is released in {released}: run `autograder build` first."
        )
    frozen = frozen_releases(grading)
    default_db = f"sqlite:///{root / 'gradebook.db'}"
    return Course(
        root=root,
        name=str(settings.get("course_id", "")) or "course",
        releases=releases | {name: own[max(own)] for name, own in frozen.items()},
        grading=grading,
        submitted=folder("submitted_directory", "submitted"),
        autograded=folder("autograded_directory", "autograded"),
        feedback=folder("feedback_directory", "feedback"),
        db_url=str(settings.get("db_url", default_db)),
        timezone=timezone,
        timestamp_format=timestamp_format,
        frozen=frozen,
        built=releases,
        translated=_translated_releases(root, grading),
    )


def frozen_releases(grading: Path) -> dict[str, dict[int, bytes]]:
    """The frozen notebooks of a class, by chapter and number."""
    known = {chapter.name for chapter in CHAPTERS}
    found: dict[str, dict[int, bytes]] = {}
    for path in (grading / RELEASES).glob("[0-9]*/*/*.ipynb"):
        number, chapter = path.parts[-3:-1]
        if number.isdigit() and chapter in known and path.stem == chapter:
            found.setdefault(chapter, {})[int(number)] = path.read_bytes()
    return found


def _translated_releases(
    root: Path, grading: Path
) -> dict[tuple[str, str, int | None], bytes]:
    """A class's notebooks in other languages: what is built, and what is frozen."""
    known = {chapter.name for chapter in CHAPTERS}
    places: dict[int | None, Path] = {None: root / TRANSLATIONS}
    for folder in (grading / RELEASES).glob(f"[0-9]*/{TRANSLATIONS}"):
        if folder.parent.name.isdigit():
            places[int(folder.parent.name)] = folder
    found = {}
    for number, folder in places.items():
        for path in folder.glob("*/*/*.ipynb"):
            language, chapter = path.parts[-3:-1]
            if chapter in known and path.stem == chapter:
                found[language, chapter, number] = path.read_bytes()
    return found


def time_settings(settings: Config) -> tuple[str, str]:
    """Time zone and form of times that nbgrader's exchange is told to write."""
    exchange = settings.Exchange
    form = str(exchange.get("timestamp_format", ""))
    # Who changes the form and no zone gets nbgrader's own.
    return str(exchange.get("timezone", "UTC" if form else "")), form


def nbgrader_settings(root: Path) -> Config:
    """The traitlets configuration in the course's ``nbgrader_config.py``.

    Raises
    ------
    NotACourse
        If it, or the instructor's own file, fails to run; with file and line.
    """
    try:
        return PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except SyntaxError as error:
        where = f"{Path(error.filename or CONFIG).name}, line {error.lineno}"
        raise NotACourse(
            f"{where}: {error.msg}: {(error.text or '').strip()}"
        ) from None
    except Exception as error:
        frames = [
            (Path(frame.filename).name, frame.lineno)
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        at = [f"{name}, line {line}" for name, line in frames if name in _CONFIGS]
        where = at[-1] if at else CONFIG
        raise NotACourse(f"{where}: {type(error).__name__}: {error}") from error


def course_settings(course: Course) -> Config:
    """The same, with the folders and the gradebook that `course` has.

    They are others than the file's where a course has been given another home.
    """
    settings = nbgrader_settings(course.root)
    for step in ("submitted", "autograded", "feedback"):
        folder: Path = getattr(course, step)
        inside = folder.is_relative_to(course.root)
        place = folder.relative_to(course.root) if inside else folder
        settings.CourseDirectory[f"{step}_directory"] = str(place)
    settings.CourseDirectory.db_url = course.db_url
    return settings


def load_secret(course: Course) -> bytes:
    """The course's secret; made, for its owner's eyes only, if there is none yet.

    Raises
    ------
    NotACourse
        If the file is there and holds no secret.
    """
    path = course.grading / "secret"
    if not path.exists():
        _make_secret(path)
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except ValueError:
        secret = b""
    if len(secret) < SECRET_BYTES:
        raise NotACourse(
            f"{path} holds no secret. Restore it from a copy, or delete it: then a "
            "new one is made, and everybody gets other cases."
        )
    return secret


def _make_secret(path: Path) -> None:
    """Write a secret, unless another process is quicker."""
    make_private_folder(path.parent)
    part = path.with_name(f".secret.{secrets.token_hex(4)}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with open(os.open(part, flags, 0o600), "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(part, path)  # unlike a rename, never replaces
    finally:
        part.unlink(missing_ok=True)
