"""Questions as files, for an installation that has no registry."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from typing import Any

import numpy as np

from autograder.calling.calls import Outcome
from autograder.calling.packing import pack, unpack
from autograder.checking.cases import Case, Question, in_spoken_words
from autograder.exercises.spec import Tolerance

__all__ = ["OUTLINE", "RECORDED", "load_recorded", "record", "recorded_files"]

RECORDED = "recorded"
"""Folder of this package that holds a learner's recorded questions."""

OUTLINE = "course.json"
"""File in it that lists the chapters and what there is to do in each."""


def record(question: Question) -> bytes:
    """`question` as bytes, for an installation that has no registry.

    Where an observation is compared and the values of an array are not, the
    observation is recorded and the values are left out: random numbers cannot
    be compressed.
    """
    fields = dict(vars(question))
    del fields["pair"]
    fields["forms"] = dict(question.forms)
    fields["cases"] = [
        {
            **vars(case),
            "arguments": dict(case.arguments),
            "expected": _without_values(question, case, case.expected),
            "mistaken": {
                name: _without_values(question, case, outcome)
                for name, outcome in case.mistaken.items()
            },
            "tolerance": vars(case.tolerance),
            "fixed": dict(case.fixed),
        }
        for case in question.cases
    ]
    return pack(fields)


def _without_values(question: Question, case: Case, outcome: Outcome) -> Outcome:
    """`outcome` with zeros, if an observation of its array is all that matters."""
    observe, returned = question.observer, outcome.returned
    recorded = outcome.observed is not None
    if observe is None or recorded or not isinstance(returned, np.ndarray | tuple):
        return outcome
    seen = observe(returned, {**case.arguments, **case.fixed})
    return replace(outcome, returned=_zeros(returned), observed=seen)


def _zeros(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(_zeros(item) for item in value)
    return np.zeros_like(value)


def load_recorded(data: bytes) -> Question:
    """The question that `record` made bytes of, in the language that is spoken."""
    fields = unpack(data)
    fields["cases"] = tuple(
        Case(**{**case, "tolerance": Tolerance(**case["tolerance"])})
        for case in fields["cases"]
    )
    return in_spoken_words(Question(**fields))


def recorded_files() -> dict[str, Any]:
    """Recorded questions by name, in the course's order."""
    folder = resources.files("autograder.checking") / RECORDED
    outline = folder / OUTLINE
    if not outline.is_file():
        return {}
    chapters = json.loads(outline.read_text(encoding="utf-8"))
    tasks = (task["name"] for chapter in chapters for task in chapter["tasks"])
    files = {name: folder / f"{name}.case" for name in tasks}
    return {name: file for name, file in files.items() if file.is_file()}
