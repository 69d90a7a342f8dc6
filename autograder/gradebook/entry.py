"""One submission's entry in nbgrader's gradebook, made in one transaction.

nbgrader's own steps, `SaveAutoGrades`, `AssignLatePenalties` and `GetGrades`, ask
and commit for each cell, each in a gradebook that it opens anew.  Here they are
a few queries in a gradebook that stays open.  What is entered is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.gradebook.class_rules import extend
from autograder.gradebook.gradebook import fingerprints
from autograder.gradebook.late import told_times
from autograder.gradebook.recorded import Recorded
from autograder.gradebook.waiting import (
    concerns,
    let_wait,
    not_asked,
    own_failures,
    settled,
    unaccounted,
)
from autograder.submissions.submission import Submission
from autograder.term.rules import Rules

__all__ = ["enter"]

NO_RULES = Rules()


def enter(
    gradebook: Gradebook,
    submission: Submission,
    notebook: NotebookNode,
    penalties: AssignLatePenalties | None,
    log: logging.Logger,
    before: Recorded | None = None,
    old: NotebookNode | None = None,
    rules: Rules = NO_RULES,
) -> tuple[dict[str, Any], Recorded]:
    """Enter what a graded notebook earned; all of it, or after an error nothing.

    Parameters
    ----------
    gradebook : Gradebook
        Knows the chapter, see `register`.
    submission : Submission
    notebook : NotebookNode
        Graded.  The gradebook's scores and comments, those that persons gave
        as well, are put into its cells for the feedback page.
    penalties : AssignLatePenalties or None
        nbgrader's step with the course's plugin; None if the course has none.
    log : Logger
    before : Recorded or None
        What was entered last.
    old : NotebookNode or None
        Where that is not known, what was graded before.
    rules : Rules
        Of the class.

    Returns
    -------
    marks : dict
        What the feedback page says about the whole: ``score``, ``max_score``,
        ``late_penalty`` and, in words, ``times``.
    now : Recorded
        What the grades are about now.
    """
    db = gradebook.db()
    try:
        entry, grades, comments = _entry(gradebook, db, submission)
        if submission.timestamp is not None:
            entry.assignment.timestamp = utils.parse_utc(submission.timestamp)
        if rules.there:
            extend(entry.assignment, rules)
        nobody_asked = settled(grades)
        if before is None and old is not None:
            before = Recorded(concerns(old, grades, entry.assignment))
        _save(grades, comments, notebook, log)
        now = let_wait(notebook, grades, entry.assignment, before, nobody_asked)
        db.flush()
        db.refresh(entry, ["score", "max_score"])
        if penalties is not None:
            entry.late_submission_penalty = _penalty(entry, penalties)
        marks = _show(db, entry, notebook) | {"times": told_times(entry, rules)}
        place = submission.chapter, submission.student
        db.flush()
        now = replace(now, gradebook=fingerprints(db, *place)[place])
        db.commit()
        return marks, now
    finally:
        gradebook.db.remove()  # rolls back what is not committed


def _entry(
    gradebook: Gradebook, db: Session, submission: Submission
) -> tuple[Any, dict[str, Grade], dict[str, Comment]]:
    """The submitted notebook, and its grade or comment for each cell by grade id."""
    notebook = gradebook.find_notebook(submission.chapter, submission.chapter)
    found = db.scalars(
        select(SubmittedNotebook)
        .join(SubmittedAssignment)
        .where(
            SubmittedNotebook.notebook_id == notebook.id,
            SubmittedAssignment.assignment_id == notebook.assignment_id,
            SubmittedAssignment.student_id == submission.student,
        )
    ).one_or_none()
    if found is not None:
        return found, _by_cell(db, found, Grade), _by_cell(db, found, Comment)
    if db.get(Student, submission.student) is None:
        db.add(Student(id=submission.student))
    assignment = SubmittedAssignment(
        assignment_id=notebook.assignment_id, student_id=submission.student
    )
    entry = SubmittedNotebook(
        notebook_id=notebook.id, assignment=assignment, late_submission_penalty=None
    )
    db.add(entry)
    db.flush()
    grades, comments = (
        {
            name: kind(cell_id=cell, notebook_id=entry.id)
            for name, cell in db.execute(
                select(about.name, about.id).where(about.notebook_id == notebook.id)
            )
        }
        for kind, about in ((Grade, GradeCell), (Comment, SolutionCell))
    )
    for grade in grades.values():
        grade.needs_manual_grade = True  # as nbgrader has it, at once
    db.add_all([*grades.values(), *comments.values()])
    return entry, grades, comments


def _save(
    grades: Mapping[str, Grade],
    comments: Mapping[str, Comment],
    notebook: NotebookNode,
    log: logging.Logger,
) -> None:
    """Automatic scores and comments, as `SaveAutoGrades` finds them.

    Where nothing of what was handed in could be graded, what is there stays.
    """
    if unaccounted(notebook):
        return
    failed = own_failures(notebook)
    for grade in not_asked(notebook, grades):
        grade.auto_score = 0.0
    for name, cell in _marked(notebook):
        if utils.is_grade(cell):
            grade = grades[name]
            grade.auto_score, _ = utils.determine_grade(cell, log)
            if name in failed:
                grade.auto_score = None
        if utils.is_solution(cell):
            idle = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(
                cell
            )
            comments[name].auto_comment = "No response." if idle else None


def _by_cell(db: Session, entry: Any, kind: Any) -> dict[str, Any]:
    """Grades or comments of a submitted notebook, by the grade id of the cell."""
    rows = db.execute(
        select(BaseCell.name, kind)
        .select_from(kind)
        .join(BaseCell, BaseCell.id == kind.cell_id)
        .where(kind.notebook_id == entry.id)
    )
    return dict(rows.tuples().all())


def _marked(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """The cells that nbgrader knows, by grade id."""
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            yield cell.metadata.nbgrader["grade_id"], cell


def _penalty(entry: Any, penalties: AssignLatePenalties) -> float | None:
    """What the course's plugin takes off, within nbgrader's bounds."""
    late = entry.assignment.total_seconds_late
    if late <= 0:
        return None
    penalties.init_plugin()
    student = entry.assignment.student_id
    penalty = penalties.plugin_inst.late_submission_penalty(student, entry.score, late)
    return None if penalty is None else penalties._check_late_penalty(entry, penalty)


def _show(db: Session, entry: Any, notebook: NotebookNode) -> dict[str, Any]:
    """Put scores and comments where the page looks for them, as `GetGrades` does."""
    scores = db.execute(
        select(GradeCell.name, Grade.score)
        .select_from(Grade)
        .join(GradeCell, GradeCell.id == Grade.cell_id)
        .where(Grade.notebook_id == entry.id)
    )
    score_of: dict[str, float] = dict(scores.tuples().all())
    comments = db.execute(
        select(SolutionCell.name, Comment.comment)
        .select_from(Comment)
        .join(SolutionCell, SolutionCell.id == Comment.cell_id)
        .where(Comment.notebook_id == entry.id)
    )
    comment_of: dict[str, str | None] = dict(comments.tuples().all())
    out_of = 0.0
    for name, cell in _marked(notebook):
        flags = cell.metadata.nbgrader
        if utils.is_solution(cell):
            flags["comment"] = comment_of[name]
        if utils.is_grade(cell):
            flags["score"] = score_of[name]
            out_of += flags["points"]  # as in the release that was handed in
    penalty = entry.late_submission_penalty or 0.0
    return {
        "score": entry.score - penalty,
        "max_score": out_of,
        "late_penalty": penalty,
    }
