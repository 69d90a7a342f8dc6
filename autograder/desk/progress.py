"""How far a learner is, computed from the notebooks and stored nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.desk.nearness import Nearness, nearness_of_guesses
from autograder.desk.outline import ChapterOutline, outline
from autograder.desk.standing import (
    NotANotebook,
    Standing,
    State,
    read_cells,
    standings,
)
from autograder.language import N_, _

__all__ = [
    "ChapterProgress",
    "NoNotebooks",
    "Progress",
    "find_notebooks",
    "notebook_of",
    "read_progress",
]


class NoNotebooks(ValueError):
    """No chapter's notebook is in a folder or near it."""


@dataclass(frozen=True)
class ChapterProgress:
    """One chapter as its notebook stands.

    Attributes
    ----------
    outline : ChapterOutline
        Which chapter.
    standings : tuple of Standing
        Its tasks in order; all open where the notebook is missing or broken.
    path : Path or None
        The notebook, if there is one.
    remarks : tuple of str
        What is wrong with the notebook, in sentences.
    guesses : tuple of Nearness
        How near each prediction came that was made.
    """

    outline: ChapterOutline
    standings: tuple[Standing, ...]
    path: Path | None = None
    remarks: tuple[str, ...] = ()
    guesses: tuple[Nearness, ...] = ()

    def count(self, kind: str) -> tuple[int, int]:
        """How many tasks of a kind are done, and how many there are."""
        states = [s.state for s in self.standings if s.task.kind == kind]
        return sum(state.done for state in states), len(states)

    @property
    def state(self) -> str:
        """One of "not here", "unreadable", "open", "begun" and "done"."""
        if self.path is None:
            return N_("not here")
        if not any(s.found for s in self.standings):
            return N_("unreadable")
        if self.core_done:
            return N_("done")
        begun = any(s.state is not State.OPEN for s in self.standings)
        return N_("begun") if begun else N_("open")

    @property
    def core_done(self) -> bool:
        """Whether all but the further work is done."""
        return all(s.state.done for s in self.standings if s.task.kind != "further")

    @property
    def next(self) -> Standing | None:
        """The first open task: core, then in writing, then further work."""
        if self.state in ("not here", "unreadable"):
            return None
        for kind in ("core", "written", "further"):
            for standing in self.standings:
                if standing.task.kind == kind and not standing.state.done:
                    return standing
        return None


@dataclass(frozen=True)
class Progress:
    """The course as a learner's notebooks stand."""

    folder: Path
    chapters: tuple[ChapterProgress, ...]

    def count(self, kind: str) -> tuple[int, int]:
        """How many tasks of a kind are done, and how many there are."""
        counts = [chapter.count(kind) for chapter in self.chapters]
        return sum(done for done, _n in counts), sum(n for _done, n in counts)

    @property
    def next(self) -> tuple[ChapterProgress, Standing] | None:
        """Where to go on: in the last chapter that was begun, or after it.

        Chapters that were passed over come when those after them are done, and
        further work comes last.
        """
        begun = [
            i
            for i, chapter in enumerate(self.chapters)
            if chapter.state in ("begun", "done")
        ]
        start = begun[-1] if begun else 0
        order = [*self.chapters[start:], *self.chapters[:start]]
        for further in (False, True):
            for chapter in order:
                task = chapter.next
                if task and (task.task.kind == "further") == further:
                    return chapter, task
        return None


def find_notebooks(start: Path) -> Path:
    """The folder with the chapters: `start`, its `notebooks`, or one above it.

    Raises
    ------
    NoNotebooks
        If there is none.
    """
    start = start.resolve()
    places = [start, start / "notebooks", *start.parents[:3]]
    best = max(places, key=_chapters_in)  # of equals the first
    if any(_chapters_in(best)):
        return best
    told = _(
        "There is no chapter of the course in {folder}.\n"
        "Go to the folder that holds 00_gradient_descent, 01_critical_points, …"
    )
    raise NoNotebooks(told.format(folder=start))


def read_progress(
    folder: Path, chapters: Sequence[ChapterOutline] | None = None
) -> Progress:
    """Read how far the notebooks in `folder` are; runs nothing in them.

    A notebook that is missing, renamed or broken is named in its chapter's
    remarks, and stops nothing.
    """
    chapters = outline() if chapters is None else chapters
    return Progress(folder, tuple(_read_chapter(folder, c) for c in chapters))


def _chapters_in(folder: Path) -> tuple[int, int]:
    """How many chapters have a folder of their own here, and how many have none."""
    paths = [path for c in outline() if (path := notebook_of(folder, c.name))]
    apart = sum(path.parent != folder for path in paths)
    return apart, len(paths) - apart


def notebook_of(folder: Path, chapter: str) -> Path | None:
    """A chapter's notebook, in a folder of its own or not; None if it is not there."""
    for path in (folder / chapter / f"{chapter}.ipynb", folder / f"{chapter}.ipynb"):
        if path.is_file():
            return path
    return None


def _read_chapter(folder: Path, chapter: ChapterOutline) -> ChapterProgress:
    nothing = tuple(Standing(t, State.OPEN, found=False) for t in chapter.tasks)
    path = notebook_of(folder, chapter.name)
    remarks = tuple(_about_copies(folder, chapter, path))
    if path is None:
        return ChapterProgress(chapter, nothing, None, remarks)
    try:
        cells = read_cells(path)
        found = tuple(standings(cells, chapter.tasks))
    except NotANotebook as error:
        remark = _("{file} cannot be read: {why}.").format(file=path.name, why=error)
        return ChapterProgress(chapter, nothing, path, (remark, *remarks))
    lost = [s.task.name for s in found if not s.found]
    if lost:
        remark = _("{file} has lost the cells of {names}.")
        names = _(", ").join(lost)
        remarks = (remark.format(file=path.name, names=names), *remarks)
    guesses = nearness_of_guesses(cells)
    return ChapterProgress(chapter, found, path, remarks, guesses)


def _about_copies(
    folder: Path, chapter: ChapterOutline, path: Path | None
) -> Iterator[str]:
    """Sentences on notebooks that hold a chapter's exercises under another name."""
    place = folder / chapter.name
    for other in sorted(place.glob("*.ipynb")) if place.is_dir() else []:
        if other == path or not other.is_file():
            continue
        try:
            found = standings(read_cells(other), chapter.tasks)
        except NotANotebook:
            continue
        if any(standing.found for standing in found):
            done = sum(standing.state.done for standing in found)
            told = _(
                "{copy} holds the same exercises, {n} of them done. Only {name}.ipynb "
                "is counted, here and by a grader."
            )
            yield told.format(copy=other.name, n=done, name=chapter.name)
