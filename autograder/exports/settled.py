"""Whose marks are left out of an export, since something waits for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from autograder.course import Course
from autograder.report.results_file import NoResults, read_results
from autograder.submissions.submission import NOT_OPENED

__all__ = ["left_out", "told_left_out"]


def left_out(course: Course) -> Callable[[str, str], bool]:
    """Says of a chapter and a student whether not all that was handed in is used."""
    try:
        unsettled = read_results(course).unsettled
    except NoResults:
        unsettled = ()
    waiting = {(trouble.chapter, trouble.student) for trouble in unsettled}
    closed = {t.student for t in unsettled if t.code == NOT_OPENED and not t.chapter}
    return lambda chapter, who: (chapter, who) in waiting or who in closed


def told_left_out(names: Sequence[str]) -> Iterator[str]:
    """Lines on those who are left out; none if there is nobody."""
    if names:
        yield (
            "  Left out, until what stands first under Problems is settled "
            "(`autograder grade` shows it):"
        )
        yield from (f"    {name}" for name in names)
