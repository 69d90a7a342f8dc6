"""The rules of the class in nbgrader's gradebook: due dates, extensions, groups."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Course
from autograder.gradebook.gradebook import (
    GradebookFailed,
    database_words,
    is_missing,
    open_gradebook,
)
from autograder.gradebook.reading import Times
from autograder.gradebook.recorded import read_recorded
from autograder.term.rules import Rules

__all__ = ["Times", "apply_rules", "class_times", "due_dates", "extend"]


def apply_rules(course: Course, rules: Rules) -> None:
    """Bring the gradebook in line with the rules; nothing is done without a file.

    Raises
    ------
    GradebookFailed
        If it cannot be read or written.
    """
    if not rules.there:
        return
    with _told_if_it_fails("given the rules"), open_gradebook(course) as gradebook:
        _set_due_dates(gradebook, rules)
        for entry in gradebook.db.scalars(select(SubmittedAssignment)):
            extend(entry, rules)
        _share_points(gradebook, course, rules)
        gradebook.db.commit()


def extend(entry: SubmittedAssignment, rules: Rules) -> None:
    """Give a submission its student's extension, if the class has any."""
    if entry.assignment.duedate is None:
        entry.extension = None
    elif rules.extensions is not None:
        name = entry.assignment.name
        entry.extension = rules.extension(entry.student_id, name)


def class_times(course: Course) -> dict[tuple[str, str], Times]:
    """The same of all submissions, by chapter and student."""
    with _told_if_it_fails("read"), open_gradebook(course) as gradebook:
        rows = gradebook.db.execute(
            select(SubmittedAssignment, SubmittedNotebook.late_submission_penalty).join(
                SubmittedNotebook,
                SubmittedNotebook.assignment_id == SubmittedAssignment.id,
            )
        )
        return {
            (entry.assignment.name, entry.student_id): Times(
                _aware(entry.timestamp),
                _aware(entry.duedate),
                entry.total_seconds_late,
                lost or 0.0,
            )
            for entry, lost in rows
        }


def due_dates(course: Course) -> dict[str, datetime | None]:
    """When each chapter is due for whoever has no extension, by the gradebook."""
    if is_missing(course):
        return {}
    with _told_if_it_fails("read"), open_gradebook(course) as gradebook:
        rows = gradebook.db.execute(select(Assignment.name, Assignment.duedate))
        return {name: _aware(due) for name, due in rows}


@contextmanager
def _told_if_it_fails(what: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, ImportError) as error:  # a driver may be missing
        raise GradebookFailed(
            f"The gradebook cannot be {what}: {database_words(error)}."
        ) from error


def _set_due_dates(gradebook: Gradebook, rules: Rules) -> None:
    if rules.due is None:
        return
    for chapter, due in rules.due.items():
        moment = due.astimezone(UTC).replace(tzinfo=None)
        gradebook.update_or_create_assignment(chapter, duedate=moment)
    for assignment in gradebook.db.scalars(select(Assignment)):
        if assignment.name not in rules.due:
            assignment.duedate = None
    gradebook.db.flush()


def _share_points(gradebook: Gradebook, course: Course, rules: Rules) -> None:
    """Give what a person gave one member of a group to those who wait for it.

    Only for the same answer: who has handed in something else keeps their own.
    """
    for members in rules.groups.values():
        waiting: dict[tuple[str, str, str], list[tuple[Grade, Comment | None]]] = {}
        given: dict[tuple[str, str, str], tuple[Grade, Comment | None]] = {}
        for student in members:
            for chapter, name, grade, comment in _grades(gradebook, student):
                recorded = read_recorded(course, student, chapter)
                about = recorded.concerns.get(name) if recorded is not None else None
                if about is None:
                    continue
                place = chapter, name, about
                if grade.needs_manual_grade:
                    waiting.setdefault(place, []).append((grade, comment))
                elif grade.manual_score is not None:
                    given.setdefault(place, (grade, comment))
        for place, those in waiting.items():
            for grade, comment in those if place in given else ():
                source, said = given[place]
                grade.manual_score = source.manual_score
                grade.extra_credit = source.extra_credit
                grade.needs_manual_grade = False
                if comment is not None and said is not None:
                    comment.manual_comment = said.manual_comment


def _grades(
    gradebook: Gradebook, student: str
) -> Iterator[tuple[str, str, Grade, Comment | None]]:
    """A student's grades: chapter, grade id, grade, and the comment of its cell."""
    rows = gradebook.db.execute(
        select(Assignment.name, SubmittedNotebook.id, BaseCell.name, Grade)
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(
            SubmittedAssignment,
            SubmittedAssignment.id == SubmittedNotebook.assignment_id,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(SubmittedAssignment.student_id == student)
    ).all()
    said = {
        (comment.notebook_id, name): comment
        for comment, name in gradebook.db.execute(
            select(Comment, BaseCell.name)
            .join(BaseCell, BaseCell.id == Comment.cell_id)
            .where(Comment.notebook_id.in_({entry for _, entry, _, _ in rows}))
        )
    }
    for chapter, entry, name, grade in rows:
        yield chapter, name, grade, said.get((entry, name))


def _aware(time: datetime | None) -> datetime | None:
    return None if time is None else time.replace(tzinfo=UTC)
