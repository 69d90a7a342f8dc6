"""One question's marks in nbgrader's gradebook, read and written as they are given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, create_engine, select, update
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Course
from autograder.gradebook.reading import (
    GradebookFailed,
    database_words,
    gradebook_url,
    is_missing,
)
from autograder.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    COMMENT,
    ENTRY,
    GRADE,
    HANDED_IN,
)

__all__ = ["Mark", "Marks", "Taken"]


@dataclass(frozen=True)
class Mark:
    """What the gradebook has of one answer.

    Attributes
    ----------
    score : float or None
        Points that a person gave.
    words : str
        Their comment.
    waits : bool
        Whether a person has still to look.
    """

    score: float | None
    words: str
    waits: bool

    @property
    def version(self) -> str:
        """Another one if anything is another."""
        told = repr((self.score, self.words, self.waits)).encode()
        return hashlib.sha256(told).hexdigest()[:16]


class Taken(Exception):
    """Somebody else has given something meanwhile; nothing was written."""

    def __init__(self, now: Mapping[str, Mark]):
        super().__init__("Somebody else has given something meanwhile.")
        self.now = now


class Marks:
    """The marks of one question; use it from one thread at a time, and close it."""

    def __init__(self, course: Course, chapter: str, question: str):
        if is_missing(course):
            raise GradebookFailed("The gradebook has no marks yet: grade first.")
        self._chapter, self._question = chapter, question
        self._url = gradebook_url(course)
        self._engine = create_engine(self._url)

    def close(self) -> None:
        """Close the gradebook."""
        self._engine.dispose()

    def read(self) -> dict[str, Mark]:
        """By student."""
        with self._open() as connection:
            return {who: mark for who, (mark, *_) in self._rows(connection).items()}

    def write(
        self, given: Mapping[str, Mark], seen: Mapping[str, str] | None = None
    ) -> None:
        """Enter marks: all of them at once, or none.

        Parameters
        ----------
        given : mapping of str to Mark
            By student.
        seen : mapping of str to str, optional
            The versions that they take the place of.

        Raises
        ------
        Taken
            If one of them is not `seen`.
        GradebookFailed
            If a student has no answer there, or the gradebook cannot be written.
        """
        with self._open() as connection:
            rows = self._rows(connection, locked=True)
            unknown = sorted(set(given) - set(rows))
            if unknown:
                who = ", ".join(unknown)
                raise GradebookFailed(f"The gradebook has no answer of {who}.")
            now = {who: rows[who][0] for who in given}
            if seen is not None and any(
                now[who].version != seen.get(who) for who in given
            ):
                raise Taken(now)
            for who, mark in given.items():
                _, entry, grade, comment = rows[who]
                connection.execute(
                    update(GRADE)
                    .where(GRADE.c.notebook_id == entry, GRADE.c.cell_id == grade)
                    .values(manual_score=mark.score, needs_manual_grade=mark.waits)
                )
                connection.execute(
                    update(COMMENT)
                    .where(COMMENT.c.notebook_id == entry, COMMENT.c.cell_id == comment)
                    .values(manual_comment=mark.words or None)
                )

    @contextmanager
    def _open(self) -> Iterator[Any]:
        """A transaction in which nobody else writes."""
        try:
            with self._engine.begin() as connection:
                if self._url.get_backend_name() == "sqlite":
                    # Python's driver begins none before the first change.
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
        except (SQLAlchemyError, ImportError) as error:  # a driver may be missing
            raise GradebookFailed(
                f"The gradebook cannot be used: {database_words(error)}."
            ) from error

    def _rows(
        self, connection: Any, locked: bool = False
    ) -> dict[str, tuple[Mark, str, str, str]]:
        """By student the mark, and the ids of the entry and its two cells."""
        graded, told = CELL.alias(), CELL.alias()
        asked = (
            select(
                HANDED_IN.c.student_id,
                GRADE.c.manual_score,
                COMMENT.c.manual_comment,
                GRADE.c.needs_manual_grade,
                ENTRY.c.id,
                graded.c.id,
                told.c.id,
            )
            .select_from(HANDED_IN)
            .join(ASSIGNMENT, ASSIGNMENT.c.id == HANDED_IN.c.assignment_id)
            .join(ENTRY, ENTRY.c.assignment_id == HANDED_IN.c.id)
            .join(GRADE, GRADE.c.notebook_id == ENTRY.c.id)
            .join(graded, graded.c.id == GRADE.c.cell_id)
            .join(COMMENT, COMMENT.c.notebook_id == ENTRY.c.id)
            .join(
                told,
                and_(told.c.id == COMMENT.c.cell_id, told.c.name == graded.c.name),
            )
            .where(ASSIGNMENT.c.name == self._chapter, graded.c.name == self._question)
        )
        if locked:
            asked = asked.with_for_update(of=GRADE)
        return {
            who: (Mark(score, words or "", bool(waits)), *ids)
            for who, score, words, waits, *ids in connection.execute(asked)
        }
