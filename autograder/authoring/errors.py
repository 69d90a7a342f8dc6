"""What authoring says when it cannot go on."""

from __future__ import annotations

from pathlib import Path

__all__ = ["BuildError", "SourceError"]


class BuildError(Exception):
    """The course cannot be built: what is wrong, then what to do."""


class SourceError(BuildError):
    """A chapter's source is wrong at one place.

    Attributes
    ----------
    path : Path
        The file.
    place : str
        A line number, or "cell 4" in a notebook.
    problem, remedy : str
        What is wrong, and what to do.
    """

    def __init__(self, path: Path | str, place: str, problem: str, remedy: str):
        super().__init__(f"{path}:{place}: {problem}\n{remedy}")
        self.path = Path(path)
        self.place = place
        self.problem = problem
        self.remedy = remedy
