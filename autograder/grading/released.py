"""Whether a chapter's released notebook is the one that its exercises make now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.course import Course, NotACourse
from autograder.exercises.spec import Chapter

__all__ = ["refuse_outdated_releases"]

N_TOLD = 3
"""Differences of one chapter that a message lists."""


def refuse_outdated_releases(
    course: Course, chapters: Sequence[str] | None = None
) -> None:
    """Refuse to grade with a release whose points are not the exercises' own.

    The gradebook takes its cells and points from the release, and verdicts take
    theirs from the exercises: where these differ no student could be recorded.

    Parameters
    ----------
    course : Course
    chapters : sequence of str, optional
        Which are about to be graded; by default all that are released.

    Raises
    ------
    NotACourse
        If one differs; with the chapter, what differs, and what to type.
    """
    told = []
    for name in course.releases if chapters is None else chapters:
        if name in course.frozen:
            continue  # it counts as it was then
        source = course.root / "solutions" / name / f"{name}.py"
        chapter, release = course.chapter(name), course.release(name)
        found = list(_differences(chapter, release, whole=source.is_file()))
        if found:
            more = len(found) - N_TOLD
            shown = "; ".join(found[:N_TOLD]) + (f"; {more} more" if more > 0 else "")
            told.append(
                f"The released notebook of {name} is not what the course makes now: "
                f"{shown}."
            )
    if told:
        raise NotACourse(
            "\n".join(
                [*told, "Nothing is graded: type `make build`, then grade again."]
            )
        )


def _differences(chapter: Chapter, release: bytes, *, whole: bool) -> Iterator[str]:
    """What is gradable in one of the two and not in the other, or for other points.

    Without a source beside it (in Gradescope's container, say) nothing builds the
    release, and one that asks for less than the `whole` chapter is taken as it is.
    """
    try:
        answers, there = _gradable(json.loads(release))
    except (ValueError, KeyError, TypeError, AttributeError):
        yield "it is no notebook"
        return
    due = {f"{exercise.name}_check": exercise.points for exercise in chapter.exercises}
    due |= {question.name: question.points for question in chapter.written}
    for name, points in due.items():
        if name in there:
            if there[name] != points:
                yield (
                    f"{name} is worth {there[name]:g} there and {points} in the course"
                )
        elif whole or name.removesuffix("_check") in answers:
            yield f"it has no cell {name} that gives points"
    if whole:
        for name in sorted(there.keys() - due.keys()):
            yield f"it has a cell {name}, which is no exercise's now"


def _gradable(notebook: dict[str, Any]) -> tuple[set[str], dict[str, float]]:
    """Grade ids of what learners fill in, and of what is graded with its points."""
    marked = [cell["metadata"].get("nbgrader") or {} for cell in notebook["cells"]]
    answers = {flags["grade_id"] for flags in marked if flags.get("solution")}
    graded = [flags for flags in marked if flags.get("grade")]
    return answers, {flags["grade_id"]: float(flags["points"]) for flags in graded}
