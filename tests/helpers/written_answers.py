"""Answers given as source, as a learner writes them in a cell."""

from __future__ import annotations

import linecache
import textwrap
from collections.abc import Callable
from functools import partial

from autograder.calling.calls import call
from autograder.checking.cases import public_question
from autograder.checking.judging import judge
from autograder.checking.verdict import Verdict
from autograder.diagnosis.place import places
from autograder.diagnosis.telling import tell

__all__ = ["outcomes_of", "told_of", "written"]


def written(source: str) -> Callable:
    """The last function of `source`, whose lines can be asked for."""
    source = textwrap.dedent(source).lstrip("\n")
    file = f"<cell {abs(hash(source))}>"
    linecache.cache[file] = len(source), None, source.splitlines(True), file
    space: dict = {"__name__": "__main__"}
    exec(compile("import numpy as np", "<setup>", "exec"), space)  # noqa: S102
    exec(compile(source, file, "exec"), space)  # noqa: S102
    return [value for value in space.values() if callable(value)][-1]


def outcomes_of(function: Callable, name: str) -> list:
    """What a function does in the public cases of an exercise."""
    question = public_question(name)
    return [
        call(function, case.arguments, question.parameters) for case in question.cases
    ]


def told_of(source: str, name: str, seconds: float = 20.0) -> Verdict:
    """The verdict on an answer, with all that the evidence says.

    Its time is long, so that what is found does not depend on the machine.
    """
    function, question = written(source), public_question(name)
    outcomes = outcomes_of(function, name)
    found = partial(places, question, outcomes, function, seconds)
    return tell(judge(question, outcomes), question, outcomes, found)
