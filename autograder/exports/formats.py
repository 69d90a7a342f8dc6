"""The formats of `autograder export`: what each is for, and who writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.sandbox.boxes import AUTO

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = ["EXPORTS", "FORMATS", "Format", "Wanted", "export"]

EXPORTS = "exports"
"""Folder beside the marks."""


@dataclass(frozen=True)
class Format:
    """What another system takes.

    Attributes
    ----------
    module : str
        Whose function ``export`` takes what is `Wanted`, writes it, and gives
        lines that say what was written.  It is imported when it is asked for.
    what : str
        What it is, for the command's help.
    """

    module: str
    what: str


FORMATS = {
    "canvas": Format(
        "autograder.exports.canvas", "the gradebook's marks, one file for each chapter"
    ),
    "moodle": Format(
        "autograder.exports.moodle", "the gradebook's marks, one file for each chapter"
    ),
    "nbgrader": Format(
        "autograder.exports.nbgrader_csv", "the gradebook's marks as its own CSV"
    ),
    "moodle-feedback": Format(
        "autograder.exports.moodle_feedback", "one chapter's feedback pages, a zip"
    ),
    "canvas-feedback": Format(
        "autograder.exports.canvas_feedback", "one chapter's feedback pages, a zip"
    ),
    "mail": Format(
        "autograder.exports.mail", "one chapter's feedback pages, a mail for each"
    ),
    "gradescope": Format(
        "autograder.exports.gradescope_zip", "an autograder for one chapter"
    ),
    "github": Format(
        "autograder.exports.github", "a workflow that runs one chapter's checks"
    ),
}
"""By name, as `autograder export` is given it.  A new one is a module and a row."""


@dataclass(frozen=True)
class Wanted:
    """What is to be exported, and how.

    Attributes
    ----------
    course : Course
    format : str
        One of `FORMATS`.
    chapter : str, optional
        Only this one; some formats need it.
    roster : path, optional
        The class as Canvas or Moodle exports it.
    match : str, optional
        The roster's column that holds our students' names.
    title : str, optional
        What the assignment is called there; as the chapter by default.
    box : str
        What walls student code off inside Gradescope's container.
    """

    course: Course
    format: str
    chapter: str | None = None
    roster: Path | None = None
    match: str | None = None
    title: str | None = None
    box: str = AUTO

    def one_chapter(self) -> str:
        """The chapter, for a format that is of one; `NotACourse` if none is given."""
        from autograder.course import NotACourse

        if self.chapter is None:
            told = f"For which chapter? {self.format} needs --chapter NAME."
            raise NotACourse(told)
        return self.chapter

    def path(self, end: str, chapter: str | None = None) -> Path:
        """Where a file goes that is of a chapter, or of the course."""
        name = f"{self.format}-{chapter}" if chapter else self.format
        return self.course.grading / EXPORTS / f"{name}.{end}"

    def written(self, path: Path, what: str) -> str:
        """A line that says what was written, and where."""
        return f"{path.relative_to(self.course.root).as_posix()}: {what}"


def export(wanted: Wanted) -> Iterator[str]:
    """Write what another system takes; gives lines that say what was written.

    Raises
    ------
    NotACourse
        If something that the format needs is missing.
    NoRoster
        If the roster cannot be read, or fits nobody.
    GradebookFailed
        If the gradebook cannot be read.
    """
    yield from import_module(FORMATS[wanted.format].module).export(wanted)
