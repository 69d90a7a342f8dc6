"""What the course consists of, without any of its answers."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from autograder.checking.recorded import OUTLINE, RECORDED
from autograder.language import N_, _

if TYPE_CHECKING:
    from autograder.exercises.spec import Chapter

__all__ = ["OUTLINE", "ChapterOutline", "Task", "outline", "record_outline"]


@dataclass(frozen=True)
class Task:
    """An exercise or a written question.

    Attributes
    ----------
    name : str
        Its grade id; for an exercise the function's name too.
    kind : str
        "core", "further" or "written".
    label : str
        As the chapter's heading says it: "Exercise 3.2".
    """

    name: str
    kind: str
    label: str

    @property
    def called(self) -> str:
        """The label in the language that is spoken."""
        kind, _space, number = self.label.rpartition(" ")
        return _(_NUMBERED[kind]).format(number) if kind in _NUMBERED else _(self.label)


_NUMBERED = {"Exercise": N_("Exercise {}"), "Warm-up": N_("Warm-up {}")}
_WRITTEN = N_("Written question")


@dataclass(frozen=True)
class ChapterOutline:
    """One chapter: its folder, its title, and what there is to do."""

    name: str
    title: str
    number: int
    minutes: int
    tasks: tuple[Task, ...]

    @property
    def called(self) -> str:
        """The title in the language that is spoken."""
        return _(self.title)


@cache
def outline() -> tuple[ChapterOutline, ...]:
    """The chapters of this installation, in the course's order."""
    if importlib.util.find_spec("autograder.kernels") is not None:
        from autograder.exercises import CHAPTERS

        return tuple(_outline_of(chapter) for chapter in CHAPTERS)
    file = resources.files("autograder.checking") / RECORDED / OUTLINE
    chapters = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return tuple(
        ChapterOutline(
            **{**chapter, "tasks": tuple(Task(**task) for task in chapter["tasks"])}
        )
        for chapter in chapters
    )


def record_outline(chapters: Sequence[Chapter]) -> bytes:
    """The outline of `chapters` as the bytes of its file, for a learner's bundle."""
    written = [asdict(_outline_of(chapter)) for chapter in chapters]
    return (json.dumps(written, indent=1, ensure_ascii=False) + "\n").encode()


def _outline_of(chapter: Chapter) -> ChapterOutline:
    tasks = [
        Task(
            exercise.name,
            "further" if exercise.bonus else "core",
            f"{exercise.kind} {chapter.number}.{position}",
        )
        for position, exercise in enumerate(chapter.exercises, 1)
    ]
    tasks += [Task(question.name, "written", _WRITTEN) for question in chapter.written]
    return ChapterOutline(
        chapter.name, chapter.title, chapter.number, chapter.minutes, tuple(tasks)
    )
