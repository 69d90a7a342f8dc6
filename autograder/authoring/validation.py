"""Whether the cells of a source make the chapter that the registry promises."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from autograder.authoring.errors import SourceError
from autograder.authoring.forbidden import check_cell
from autograder.authoring.functions import exercise_function
from autograder.authoring.kernel_cells import check_kernels_names, filled
from autograder.authoring.source import SourceCell, trials
from autograder.exercises.rubric import MOST, model_and_rubric
from autograder.exercises.spec import Chapter

__all__ = ["validate"]

SETUP_LINES = 8

TINY = 1e-9
"""What thirds of a point may lack of a whole."""


def validate(cells: Sequence[SourceCell], chapter: Chapter, path: Path | str) -> None:
    """Check that cells make the chapter that the registry promises.

    Parameters
    ----------
    cells : sequence of SourceCell
        What `read_source` gave; an empty exercise cell is judged as its kernel.
    chapter : Chapter
        What the registry says.
    path : Path
        Where the cells are from, for messages.

    Raises
    ------
    SourceError
        At the first thing that is wrong.
    """
    given = filled(cells, chapter)
    for cell in given:
        check_cell(cell, path)
    exercises = [exercise.name for exercise in chapter.exercises]
    questions = [written.name for written in chapter.written]
    _check_names(cells, ("statement", "exercise"), exercises, chapter, path)
    _check_names(cells, ("question", "answer"), questions, chapter, path)
    for exercise in chapter.exercises:
        cell = _the(given, "exercise", exercise.name)
        exercise_function(cell, path, exercise.reference)
    check_kernels_names(given, path)
    for written in chapter.written:
        _check_rubric(_the(cells, "answer", written.name), written.points, path)
    _check_order(cells, exercises, path)
    _check_tagged(cells, path)


def _the(cells: Sequence[SourceCell], role: str, name: str) -> SourceCell:
    return next(c for c in cells if (c.role, c.name) == (role, name))


def _check_names(
    cells: Sequence[SourceCell],
    roles: tuple[str, str],
    names: Sequence[str],
    chapter: Chapter,
    path: Path | str,
) -> None:
    """Each name once in each role, in the order of the roles."""
    what = "exercise" if "exercise" in roles else "question"
    seen: dict[tuple[str, str], SourceCell] = {}
    for cell in cells:
        if cell.role not in roles:
            continue
        if cell.name not in names:
            near = get_close_matches(cell.name, names, 1)
            did_you_mean = f' Did you mean "{near[0]}"?' if near else ""
            raise SourceError(
                path,
                cell.place(),
                f'The chapter {chapter.name} has no {what} "{cell.name}".',
                f"Its {what}s: {', '.join(names) or 'none'}.{did_you_mean}",
            )
        if (cell.role, cell.name) in seen:
            first = seen[cell.role, cell.name].place()
            raise SourceError(
                path,
                cell.place(),
                f'The {cell.role} of "{cell.name}" stands here for the second time.',
                f"Keep one; the first is at {cell.origin} {first.split()[-1]}.",
            )
        first_role = (roles[0], cell.name)
        if cell.role == roles[1] and first_role not in seen:
            raise SourceError(
                path,
                cell.place(),
                f'"{cell.name}" has its {roles[1]} before any {roles[0]}.',
                f"Put a cell before it that begins with "
                f'"# %% [markdown] {what}="{cell.name}"".',
            )
        seen[cell.role, cell.name] = cell
    for name in names:
        for role in roles:
            if (role, name) not in seen:
                raise SourceError(
                    path,
                    cells[-1].place(),
                    f'The source ends without the {role} of "{name}".',
                    f"Add the cell, or take the {what} out of the registry.",
                )


def _check_rubric(cell: SourceCell, points: int, path: Path | str) -> None:
    """Its points make the question's, and each has a key of its own."""
    _, rubric = model_and_rubric(cell.source)
    total = sum(one.points for one in rubric)
    texts = {one.text for one in rubric}
    if rubric and (abs(total - points) > TINY or len(rubric) > MOST):
        raise SourceError(
            path,
            cell.place(),
            f'The rubric of "{cell.name}" has {len(rubric)} points for {total:g} of '
            f"{points}.",
            f"Let them add up to {points}, at most {MOST} of them.",
        )
    if len(texts) < len(rubric):
        raise SourceError(
            path,
            cell.place(),
            f'Two points of the rubric of "{cell.name}" say the same.',
            "Say in each what an answer earns it for.",
        )


def _check_order(
    cells: Sequence[SourceCell], names: Sequence[str], path: Path | str
) -> None:
    """Numbers in headings are the registry's, so they rise in the text too."""
    standing = [cell for cell in cells if cell.role == "statement"]
    for cell, name in zip(standing, names, strict=True):
        if cell.name != name:
            raise SourceError(
                path,
                cell.place(),
                f'"{cell.name}" stands where the registry has "{name}".',
                "Give both the same order; exercises are numbered by it.",
            )


def _check_tagged(cells: Sequence[SourceCell], path: Path | str) -> None:
    setups = [cell for cell in cells if cell.tag == "setup"]
    for cell in setups[1:]:
        raise SourceError(
            path,
            cell.place(),
            "A second set-up cell.",
            f"Merge it with the one at {cell.origin} {setups[0].number}.",
        )
    for cell in setups:
        n_lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        if n_lines > SETUP_LINES:
            raise SourceError(
                path,
                cell.place(),
                f"A set-up cell of {n_lines} lines.",
                f"Keep it to {SETUP_LINES}; move the rest to autograder/lab.",
            )
    tried = {
        place
        for i, cell in enumerate(cells)
        if cell.role == "exercise"
        for place in trials(cells, i)
    }
    for i, cell in enumerate(cells):
        if cell.tag == "try" and i not in tried:
            raise SourceError(
                path,
                cell.place(),
                'A cell tagged "try" that follows no exercise.',
                "Only prose may stand between it and its exercise; "
                "move it there, or drop the tag.",
            )
    for before, cell in pairwise(cells):
        question = ("question", cell.name)
        if cell.role == "answer" and (before.role, before.name) != question:
            raise SourceError(
                path,
                cell.place(),
                f'Something stands between the question "{cell.name}" and its answer.',
                "Put the answer directly after the question.",
            )
