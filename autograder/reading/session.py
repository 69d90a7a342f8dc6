"""One question read by one or more people: what they see, and what they give."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from autograder.course import Course
from autograder.gradebook.formulas import render
from autograder.gradebook.reading import GradebookFailed
from autograder.limits import MAX_RENDERED_CELL
from autograder.reading.answers import Group, differences, grouped, read_answers
from autograder.reading.given import Given, from_gradebook
from autograder.reading.marks import Mark, Marks, Taken
from autograder.reading.question import Question
from autograder.text import clean

__all__ = ["NotUnderstood", "Session"]

AWAY = 300
"""Seconds after which somebody who has done nothing reads nothing."""


class NotUnderstood(Exception):
    """A request that the page does not make."""


class Session:
    """All answers to one question in groups, by their place.

    Parameters
    ----------
    course : Course
    question : Question
    blind : bool
        Whether names are kept back.
    """

    def __init__(self, course: Course, question: Question, blind: bool = False):
        self.question, self._blind = question, blind
        self._marks = Marks(course, question.chapter, question.name)
        there = self._marks.read()
        found = read_answers(course, question.chapter, question.name)
        answers = [one for one in found if one.student in there]
        self._groups = grouped(answers)
        self._idle = len(there) - len(answers)
        self._looking: dict[str, tuple[int, float]] = {}
        self._shown = [self._show(group) for group in self._groups]

    def close(self) -> None:
        """Close the gradebook."""
        self._marks.close()

    def everything(self) -> dict[str, Any]:
        """What the page begins with."""
        question, marks = self.question, self._marks.read()
        return {
            "chapter": question.chapter,
            "name": question.name,
            "points": question.points,
            "question": render(question.text),
            "model": render(question.model),
            "rubric": [
                {"points": one.points, "text": _inline(one.text)}
                for one in question.rubric
            ],
            "idle": self._idle,
            "groups": [
                shown | self._state(group, marks)
                for shown, group in zip(self._shown, self._groups, strict=True)
            ],
        }

    def look(self, reader: str, at: int) -> dict[str, Any]:
        """Somebody looks at a group; gives where others are, and all states."""
        now = time.monotonic()
        self._group(at)
        self._looking[reader] = at, now
        self._looking = {
            who: seen for who, seen in self._looking.items() if now - seen[1] < AWAY
        }
        others = [at for who, (at, _) in self._looking.items() if who != reader]
        marks = self._marks.read()
        states = [self._state(group, marks) for group in self._groups]
        return {"others": sorted(set(others)), "states": states}

    def give(
        self, at: int, version: str, given: Given, done: bool
    ) -> tuple[bool, dict[str, Any]]:
        """Enter what somebody gives for all answers of a group.

        Returns
        -------
        bool
            Whether it was entered: not if somebody else was faster.
        dict
            The group's state now.

        Raises
        ------
        NotUnderstood
            If it cannot be given.
        """
        group = self._group(at)
        rubric, most = self.question.rubric, self.question.points
        if not all(0 <= place < len(rubric) for place in given.earned):
            raise NotUnderstood("The rubric has no such point.")
        score = given.score(rubric)
        if (score is None and done) or not 0 <= (score or 0) <= most:
            raise NotUnderstood(f"Give 0 to {most:g} points.")
        nothing = given == Given() and not done
        words = clean(given.words(rubric), MAX_RENDERED_CELL)
        mark = Mark(None, "", True) if nothing else Mark(score, words, not done)
        before = self._marks.read()
        whose = [one.student for one in group.answers]
        if self._state(group, before)["version"] != version:
            return False, self._state(group, before)
        try:
            seen = {who: before[who].version for who in whose}
            self._marks.write(dict.fromkeys(whose, mark), seen)
        except Taken as taken:
            return False, self._state(group, taken.now)
        return True, self._state(group, dict.fromkeys(whose, mark))

    def _group(self, at: int) -> Group:
        if not 0 <= at < len(self._groups):
            raise NotUnderstood("There is no such answer.")
        return self._groups[at]

    def _show(self, group: Group) -> dict[str, Any]:
        """What of a group does not change."""
        first = group.answers[0]
        near = None
        if group.before is not None:
            near = [
                [what, clean(words)]
                for what, words in differences(group.before, first.text)
            ]
        names = [clean(one.student) for one in group.answers]
        return {
            "html": render(first.text, first.attachments),
            "near": near,
            "count": len(names),
            "names": [] if self._blind else names,
        }

    def _state(self, group: Group, marks: Mapping[str, Mark]) -> dict[str, Any]:
        """What is given; of a group whose members differ, what the first one has."""
        those = [marks[one.student] for one in group.answers if one.student in marks]
        if len(those) < len(group.answers):
            raise GradebookFailed("An answer has left the gradebook: start again.")
        given = [one for one in those if not one.waits] or those
        told = from_gradebook(given[0].score, given[0].words, self.question.rubric)
        return {
            "version": "".join(one.version for one in those)[:2000],
            "read": not any(one.waits for one in those),
            "mixed": len(set(those)) > 1,
            "earned": list(told.earned),
            "own": told.own,
            "comment": told.comment,
        }


def _inline(text: str) -> str:
    """A line of Markdown as HTML, without the paragraph around it."""
    return render(text).strip().removeprefix("<p>").removesuffix("</p>")
