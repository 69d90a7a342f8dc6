"""The feedback pages that are given back, and what is said of those that are not."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from autograder.course import NotACourse
from autograder.exports.formats import Wanted
from autograder.exports.settled import left_out, told_left_out
from autograder.report.words import people
from autograder.text import one_line

__all__ = ["Pages", "as_notebook", "read_pages"]


@dataclass(frozen=True)
class Pages:
    """The pages of one chapter.

    Attributes
    ----------
    of : dict of str to bytes
        By student.
    waiting : tuple of str
        Whose page is left out until something is settled.
    """

    chapter: str
    of: dict[str, bytes]
    waiting: tuple[str, ...]

    def told(self, given: Collection[str], why: str) -> Iterator[str]:
        """Lines on whoever has a page that is not among the `given` ones."""
        lacking = sorted(set(self.of) - set(given))
        if lacking:
            yield f"  {people(len(lacking), 'page')} not in it ({why}):"
            yield from (f"    {one_line(name)}" for name in lacking)
        yield from told_left_out(self.waiting)


def read_pages(wanted: Wanted) -> Pages:
    """All pages of the chapter that is asked for.

    Raises
    ------
    NotACourse
        If no chapter is named, or it has no pages yet.
    """
    course, chapter = wanted.course, wanted.one_chapter()
    waits = left_out(course)
    pages, waiting = {}, []
    for path in sorted(course.feedback.glob(f"*/{chapter}/{chapter}.html")):
        student = path.parent.parent.name
        if waits(chapter, student):
            waiting.append(student)
        else:
            pages[student] = path.read_bytes()
    if not pages:
        raise NotACourse(f"There are no feedback pages of {chapter} yet: grade first.")
    return Pages(chapter, pages, tuple(waiting))


def as_notebook(page: bytes) -> bytes:
    """A page within a notebook, for a system that shows it under a notebook's name."""
    show = {
        "cell_type": "code",
        "execution_count": None,
        "id": "feedback",
        "metadata": {"jupyter": {"source_hidden": True}},
        "outputs": [
            {
                "output_type": "display_data",
                "data": {"text/html": page.decode()},
                "metadata": {},
            }
        ],
        "source": "# Feedback on what you handed in stands below.",
    }
    tree = {"cells": [show], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode()
