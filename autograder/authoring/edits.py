"""An edit made in Jupyter, brought back into the chapter's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.authored import cells_of_solution
from autograder.authoring.errors import BuildError, SourceError
from autograder.authoring.kernel_cells import emptied
from autograder.authoring.source import SourceCell, read_source
from autograder.authoring.source_text import write_source
from autograder.authoring.validation import validate
from autograder.exercises import CHAPTERS
from autograder.exercises.spec import Chapter
from autograder.language import ENGLISH, speaking
from autograder.writing import write_whole

__all__ = ["Brought", "from_ipynb"]


@dataclass(frozen=True)
class Brought:
    """What became of an edited notebook.

    Attributes
    ----------
    path : Path
        The chapter's text.
    changed : bool
        Whether the text was written.
    dropped : tuple of str
        Edits of what the build writes, which the text does not hold: a sentence
        each.
    """

    path: Path
    changed: bool
    dropped: tuple[str, ...] = ()


def from_ipynb(path: Path, *, course: Sequence[Chapter] = CHAPTERS) -> Brought:
    """Bring an edit of a solution notebook back into its chapter's text.

    Parameters
    ----------
    path : Path
        ``solutions/<chapter>/<chapter>.ipynb``, edited and perhaps run.
    course : sequence of Chapter
        The registry.

    Returns
    -------
    Brought
        Cells that are as before keep every character of the text.  An answer
        that is its kernel to the letter becomes an empty cell.

    Raises
    ------
    SourceError
        If a cell of it cannot stand in a chapter; the text is left as it is.
    BuildError
        If this is a release, or no notebook of a chapter.
    """
    chapter = _chapter_of(path, course)
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:
        raise BuildError(f"{path} cannot be read: {error}") from error
    if _is_release(notebook):
        raise _release(path)
    with speaking(ENGLISH):
        cells, dropped = cells_of_solution(notebook, chapter, path)
    if not cells:
        raise BuildError(f"{path} has no cells.\nRun `autograder build` to make it.")
    validate(cells, chapter, path)
    cells = emptied(cells, chapter)
    for cell in cells:
        if not _survives(cell):
            raise SourceError(
                path,
                cell.place(),
                "This cell would not be the same after a way through text.",
                'Does a line of it begin with "# %%", or the first with a space?',
            )
    target = path.with_suffix(".py")
    existing = target.read_text(encoding="utf-8") if target.exists() else ""
    text = write_source(cells, existing)
    if read_source(text, target) != cells:
        raise BuildError(
            f"{target} would not give this notebook again.\nEdit the text."
        )
    return Brought(target, write_whole(target, text.encode(), if_changed=True), dropped)


def _survives(cell: SourceCell) -> bool:
    try:
        return read_source(write_source([cell]), "text") == (cell,)
    except SourceError:
        return False


def _chapter_of(path: Path, course: Sequence[Chapter]) -> Chapter:
    known = {chapter.name: chapter for chapter in course}
    folder = path.resolve().parent
    if path.suffix == ".ipynb" and folder.parent.name == "notebooks":
        raise _release(path)
    right_place = path.stem == folder.name and folder.parent.name == "solutions"
    if path.suffix != ".ipynb" or not right_place or path.stem not in known:
        raise BuildError(
            f"{path} is no notebook of a chapter.\n"
            "It should be solutions/<chapter>/<chapter>.ipynb with one of: "
            f"{', '.join(known)}."
        )
    return known[path.stem]


def _is_release(notebook: NotebookNode) -> bool:
    """nbgrader writes checksums into a release, and the build does not."""
    return any("checksum" in c.metadata.get("nbgrader", {}) for c in notebook.cells)


def _release(path: Path) -> BuildError:
    return BuildError(
        f"{path} is a release: its answers are gone.\n"
        "Edit the notebook of the same name under solutions/, or the text there."
    )
