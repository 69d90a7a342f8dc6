"""What waits for a person: what nobody has graded, and what is another than they saw.

A person who has given points is asked again only if what the points are for has
changed.  The points given before stay, and can still be seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Grade, SubmittedAssignment

from autograder.gradebook.recorded import Recorded
from autograder.grading.result import WAITING
from autograder.submissions.released_cells import checked_name
from autograder.submissions.submission import NOT_OPENED, TIME_UNCLEAR

__all__ = [
    "concerns",
    "has_marks",
    "let_wait",
    "not_asked",
    "own_failures",
    "settled",
    "unaccounted",
]


def own_failures(nb: NotebookNode) -> list[str]:
    """Grade ids of the check cells that nobody judged."""
    return [
        cell.metadata.nbgrader.grade_id
        for cell in nb.cells
        if cell.metadata.get("autograder", {}).get("code") in WAITING
    ]


def unaccounted(nb: NotebookNode) -> str:
    """Why nothing of what was handed in was graded; empty if it was."""
    return _told(nb).get("unaccounted", "")


def not_asked(nb: NotebookNode, grades: Mapping[str, Grade]) -> list[Grade]:
    """Grades for what the release did not have that this notebook is of."""
    there = {_flags(cell).get("grade_id") for cell in nb.cells}
    return [grade for name, grade in grades.items() if name not in there]


def has_marks(grades: Collection[Grade]) -> bool:
    """Whether anything was ever given for a submission."""
    return any(g.auto_score is not None or g.manual_score is not None for g in grades)


def settled(grades: Mapping[str, Grade]) -> frozenset[str]:
    """Grade ids of what no person has to look at."""
    return frozenset(n for n, g in grades.items() if not g.needs_manual_grade)


def let_wait(
    nb: NotebookNode,
    grades: Mapping[str, Grade],
    assignment: SubmittedAssignment,
    before: Recorded | None,
    nobody_asked: Collection[str],
) -> Recorded:
    """Have a person look where there is no mark yet, or one for something else.

    Parameters
    ----------
    nb : NotebookNode
        Graded.
    grades : mapping of str to Grade
        By grade id, with the automatic scores of `nb`.
    assignment : SubmittedAssignment
    before : Recorded or None
        What was entered last.
    nobody_asked : collection of str
        What `settled` said before anything was entered now.

    Returns
    -------
    Recorded
        What the grades are about now.
    """
    before = before or Recorded()
    if unaccounted(nb) == NOT_OPENED and has_marks(grades.values()):
        return before  # nothing is known that speaks against the mark
    seen = {n: before.concerns[n] for n in nobody_asked if n in before.concerns}
    seen = {**before.settled, **seen}
    now = concerns(nb, grades, assignment)
    doubt = _doubted(nb, assignment)
    for name, grade in grades.items():
        asks = (
            bool(unaccounted(nb))
            or name == doubt
            or grade.auto_score is None
            or grade.manual_score is not None
        )
        grade.needs_manual_grade = asks and seen.get(name) != now.get(name, "")
    seen |= {n: now[n] for n in settled(grades) if n in now}
    return Recorded(now, {n: seen[n] for n in seen if n in now})


def concerns(
    nb: NotebookNode, grades: Mapping[str, Grade], assignment: SubmittedAssignment
) -> dict[str, str]:
    """What each grade is about, as a hash: another one is another thing to grade.

    That is the answer's text, what we found of it, and what is doubtful about it.
    """
    told = _told(nb)
    why = [told.get("submission"), told["unaccounted"]] if unaccounted(nb) else []
    doubt = _doubted(nb, assignment)
    cell_of = {_flags(cell).get("grade_id", ""): cell for cell in nb.cells}
    found = {}
    for name, cell in cell_of.items():
        if not utils.is_grade(cell) or name not in grades:
            continue
        answer, score = checked_name(cell) or name, grades[name].auto_score
        written = cell_of.get(answer, cell)
        about = [
            [written.source, written.get("attachments", {})],
            None if score is None else float(score),
            why,
            sorted(told.get("doubts", {})) if name == doubt else [],
            sorted(told.get("doubted", [])) if name == doubt else [],
        ]
        found[name] = hashlib.sha256(json.dumps(about).encode()).hexdigest()
    return found


def _doubted(nb: NotebookNode, submission: SubmittedAssignment) -> str | None:
    """The cell at which a person settles what is doubtful; None if nothing is.

    A time that nobody can read matters only where there is a due date.
    """
    doubts = set(_told(nb).get("doubts", ()))
    if TIME_UNCLEAR in doubts and submission.duedate is None:
        doubts -= {TIME_UNCLEAR}
    graded = (_flags(c)["grade_id"] for c in nb.cells if _flags(c).get("grade"))
    return next(graded, None) if doubts else None


def _told(nb: NotebookNode) -> Mapping[str, Any]:
    return nb.metadata.get("autograder", {})


def _flags(cell: NotebookNode) -> Mapping[str, Any]:
    return cell.metadata.get("nbgrader", {})
