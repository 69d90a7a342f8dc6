"""From a solution notebook to the release that learners get, by nbgrader."""

from __future__ import annotations

import logging
import sqlite3
import tempfile
import threading
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from autograder.authoring.errors import BuildError
from autograder.course import CONFIG, NotACourse, nbgrader_settings
from autograder.language import ENGLISH, _, spoken

__all__ = ["CONFIG", "load_config", "make_release"]


def load_config(root: Path) -> Config:
    """Read nbgrader's settings of the course in `root`.

    Raises
    ------
    BuildError
        If the folder has no such file, or it fails to run.
    """
    if not (root / CONFIG).is_file():
        raise BuildError(
            f"There is no {CONFIG} in {root}.\nRun this in the course's own folder."
        )
    try:
        return nbgrader_settings(root)
    except NotACourse as error:
        raise BuildError(str(error)) from error


def make_release(solution: bytes, chapter: str, config: Config) -> bytes:
    """Make the release of a chapter.

    nbgrader's `generate_assignment` runs in a temporary folder with a gradebook
    of its own, so that building leaves the course's gradebook alone.

    Parameters
    ----------
    solution : bytes
        The solution notebook.
    chapter : str
        Name of the chapter.
    config : Config
        What `load_config` gave.

    Returns
    -------
    bytes
        The released notebook; the same solution gives the same bytes.

    Raises
    ------
    BuildError
        If nbgrader refuses; with what it says.
    """
    with tempfile.TemporaryDirectory(
        prefix="release-",
        ignore_cleanup_errors=True,  # Windows may still hold the database
    ) as folder:
        root = Path(folder).resolve()
        source = root / "source" / chapter / f"{chapter}.ipynb"
        source.parent.mkdir(parents=True)
        source.write_bytes(solution)
        _start_gradebook(root / "gradebook.db")
        api = NbGraderAPI(config=_elsewhere(config, root), log=_silent_log())
        result = api.generate_assignment(chapter)
        released = root / "release" / chapter / f"{chapter}.ipynb"
        if not result["success"] or not released.is_file():
            raise BuildError(
                f"nbgrader could not make the release of {chapter}:\n"
                + _reason(result)
                + f"\nMend solutions/{chapter}/{chapter}.py, or {CONFIG}."
            )
        # Text mode reads any line ending; the release has "\n" on every system.
        text = released.read_text(encoding="utf-8")
    return (text.rstrip("\n") + "\n").encode()


def _elsewhere(config: Config, root: Path) -> Config:
    """The course's settings with every place moved under `root`.

    Where an answer is to be written, it is said in the language that is spoken.
    """
    places = Config()
    course = places.CourseDirectory
    course.root = str(root)
    course.directory_structure = "{nbgrader_step}/{student_id}/{assignment_id}"
    course.source_directory = "source"
    course.release_directory = "release"
    course.db_url = f"sqlite:///{root / 'gradebook.db'}"
    places.Exchange.root = str(root)
    places.Exchange.cache = str(root / "cache")
    if spoken() != ENGLISH:
        places.ClearSolutions.text_stub = _("YOUR ANSWER HERE")
    moved = deepcopy(config)  # or the caller's own would be moved
    moved.merge(places)
    return moved


def _start_gradebook(path: Path) -> None:
    """Begin a database, so that nbgrader does not run `alembic` to number it.

    That takes a second and needs the program on the PATH; a gradebook that is
    thrown away needs no number.
    """
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")


def _silent_log() -> logging.Logger:
    """A logger that nothing but nbgrader's own capture listens to."""
    log = logging.getLogger(f"{__name__}.nbgrader.{threading.get_ident()}")
    log.propagate = False
    log.addHandler(logging.NullHandler())
    return log


def _reason(result: dict[str, Any]) -> str:
    """The lines of nbgrader's log that say what went wrong."""
    log = result.get("log", "")
    errors = [line.strip() for line in log.splitlines() if "Error" in line]
    kept = list(dict.fromkeys(errors)) or [
        (result.get("error") or log).strip().splitlines()[-1]
    ]
    return "\n".join(f"    {line}" for line in kept)
