"""What is generated from the chapters' sources, and whether it is up to date."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.authoring.errors import BuildError, SourceError
from autograder.authoring.leaks import find_leaks
from autograder.authoring.release import load_config, make_release
from autograder.authoring.solution import notebook_bytes, solution_notebook
from autograder.authoring.translations.chapters import (
    read_chapter,
    source_path,
    translations,
)
from autograder.course import TRANSLATIONS
from autograder.desk.outline import Task
from autograder.desk.standing import NotANotebook, State, read_cells, standings
from autograder.exercises import CHAPTERS
from autograder.exercises.spec import Chapter
from autograder.language import ENGLISH, speaking
from autograder.writing import read_if_there, write_whole

__all__ = [
    "Difference",
    "answered",
    "build",
    "chapters_named",
    "release_path",
    "untranslated",
]

HINT_LINES = 12


@dataclass(frozen=True)
class Difference:
    """A generated file that is not what its source makes.

    Attributes
    ----------
    path : Path
        The file, from the course's folder.
    kind : str
        "new", "changed", or "left over": nothing makes it, remove it.
    hint : str
        The first lines of a unified diff.
    """

    path: Path
    kind: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.path.as_posix()}: {self.kind}"


def build(
    root: Path,
    chapters: Sequence[str] | None = None,
    *,
    check: bool = False,
    course: Sequence[Chapter] = CHAPTERS,
) -> list[Difference]:
    """Build solution notebooks and releases from the chapters' sources.

    Parameters
    ----------
    root : Path
        The course's folder.
    chapters : sequence of str, optional
        Names of chapters; by default all of the registry that have a source.
    check : bool
        Write nothing.
    course : sequence of Chapter
        The registry.

    Returns
    -------
    list of Difference
        What was written, or with `check` what would be, and what is left over.

    Raises
    ------
    SourceError
        If a source is wrong.
    BuildError
        If a chapter is unknown, nbgrader refuses, or a release gives an answer
        away.  Of a chapter that fails nothing is written.  Also if somebody has
        worked on a chapter's exercises in its release.
    """
    config = load_config(root)
    differences = []
    for chapter in _chosen(root, chapters, course):
        products = _products(root, chapter, config)
        present = {path: read_if_there(root / path) for path in products}
        if not check and present != products:
            _spare_work(root, chapter, products)
        for path, content in products.items():
            before = present[path]
            if before != content:
                differences.append(_difference(path, before, content))
                if not check:
                    write_whole(root / path, content, if_changed=True)
        differences += _left_over(root, chapter.name, set(products))
    return differences


def untranslated(
    root: Path,
    chapters: Sequence[str] | None = None,
    course: Sequence[Chapter] = CHAPTERS,
) -> list[str]:
    """What the chapters' translations lack, or say of an earlier text: a line each."""
    return [
        gap
        for chapter in _chosen(root, chapters, course)
        for given in translations(root, chapter)
        for gap in given.gaps
    ]


def chapters_named(
    names: Sequence[str] | None, course: Sequence[Chapter] = CHAPTERS
) -> list[Chapter]:
    """The chapters with these names, in the course's order; all if none is named.

    Raises
    ------
    BuildError
        If the course has no chapter of a name.
    """
    known = {chapter.name: chapter for chapter in course}
    unknown = sorted(set(names or ()) - set(known))
    if unknown:
        raise BuildError(
            f"The course has no chapter {', '.join(unknown)}.\n"
            f"Known: {', '.join(known)}."
        )
    return [chapter for chapter in course if not names or chapter.name in names]


def _chosen(
    root: Path, names: Sequence[str] | None, course: Sequence[Chapter]
) -> list[Chapter]:
    if names is None:
        known = [chapter.name for chapter in course]
        for folder in _folders(root / "solutions"):
            if folder.name not in known:
                raise SourceError(
                    folder.relative_to(root) / f"{folder.name}.py",
                    "1",
                    f"The registry has no chapter {folder.name}.",
                    "Add it to autograder/exercises, or remove the folder. "
                    f"Known: {', '.join(known)}.",
                )
        return [c for c in course if (root / source_path(c.name)).is_file()]
    chosen = chapters_named(names, course)
    for chapter in chosen:
        source = source_path(chapter.name)
        if not (root / source).is_file():
            raise BuildError(
                f"The chapter {chapter.name} has no source.\nWrite {source.as_posix()}."
            )
    return chosen


def _folders(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            # Git keeps no empty folder, so nor does the course.
            hidden = path.name.startswith((".", "__"))
            if path.is_dir() and not hidden and any(path.iterdir()):
                yield path


def _products(root: Path, chapter: Chapter, config: Config) -> dict[Path, bytes]:
    """What the sources make: paths from the course's folder, and their bytes."""
    name = chapter.name
    cells = read_chapter(root, chapter)
    notebook = solution_notebook(cells, chapter)
    made = {
        source_path(name).with_suffix(".ipynb"): notebook_bytes(notebook),
        release_path(name): _released(notebook, chapter, config),
    }
    for given in translations(root, chapter, cells):
        own, language = given.notebook(chapter, notebook), given.language
        made[release_path(name, language)] = _released(own, chapter, config, language)
    return made


def release_path(chapter: str, language: str = ENGLISH) -> Path:
    """What the build makes of a chapter for learners, from the course's folder."""
    folder = "notebooks" if language == ENGLISH else f"{TRANSLATIONS}/{language}"
    return Path(folder, chapter, f"{chapter}.ipynb")


def _released(
    notebook: NotebookNode, chapter: Chapter, config: Config, language: str = ENGLISH
) -> bytes:
    with speaking(language):
        release = make_release(notebook_bytes(notebook), chapter.name, config)
    leaks = find_leaks(chapter, notebook, nbformat.reads(release.decode(), 4))
    if leaks:
        shown = "\n".join(f"    {leak}" for leak in leaks)
        raise BuildError(
            f"The release of {chapter.name} gives answers away:\n{shown}\n"
            "Let the cell call the learner's function, or say it in other words."
        )
    return release


def _difference(path: Path, before: bytes | None, content: bytes) -> Difference:
    if before is None:
        return Difference(path, "new")
    lines = difflib.unified_diff(
        before.decode("utf-8", "replace").splitlines(),
        content.decode().splitlines(),
        f"{path.as_posix()} as it is",
        f"{path.as_posix()} as it should be",
        n=1,
        lineterm="",
    )
    shown = list(lines)
    n_more = len(shown) - HINT_LINES
    more = [f"… {n_more} more line{'s' * (n_more > 1)}"] * (n_more > 0)
    return Difference(path, "changed", "\n".join([*shown[:HINT_LINES], *more]))


def answered(root: Path, chapter: Chapter, path: Path | None = None) -> list[str]:
    """Names of the exercises and questions that a release holds answers to."""
    path = path or release_path(chapter.name)
    tasks = [Task(exercise.name, "core", "") for exercise in chapter.exercises]
    tasks += [Task(question.name, "written", "") for question in chapter.written]
    try:  # One that is missing or damaged holds none.
        found = standings(read_cells(root / path), tasks)
    except NotANotebook:
        return []
    return [s.task.name for s in found if s.state is not State.OPEN]


def _spare_work(root: Path, chapter: Chapter, products: Iterable[Path]) -> None:
    """Refuse to write a release over somebody's answers."""
    for path in products:
        if path.parts[0] == "solutions":
            continue
        if worked_on := answered(root, chapter, path):
            raise BuildError(
                f"{path.as_posix()} holds answers, which a build would overwrite: "
                f"{', '.join(worked_on)}.\n"
                f"To keep them, move the file out of {path.parts[0]}/. "
                f"To give them up: git checkout {path.as_posix()}"
            )


def _left_over(root: Path, chapter: str, made: set[Path]) -> Iterator[Difference]:
    """Files of a release's folder that nothing makes; somebody else removes them."""
    for folder in (
        root / "notebooks" / chapter,
        *sorted((root / TRANSLATIONS).glob(f"*/{chapter}")),
    ):
        for path in sorted(folder.rglob("*")):
            inside, relative = path.relative_to(folder), path.relative_to(root)
            hidden = any(part.startswith(".") for part in inside.parts)
            if path.is_file() and not hidden and relative not in made:
                yield Difference(relative, "left over")
