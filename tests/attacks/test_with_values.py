"""Whatever comes back, judging it is no error of ours and gives no points.

Values are sent as the student's process would send them, and judged in a case or
two of every exercise of the course.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.calling.calls import ErrorNote, Foreign, Outcome
from autograder.calling.packing import BadPacket, pack, unpack
from autograder.checking.cases import public_question
from autograder.checking.judging import judge
from autograder.exercises import EXERCISES
from autograder.limits import MAX_NOTEBOOK
from autograder.sandbox.answers import Accident, as_call, as_cell_report
from autograder.sandbox.box import BoxDied
from autograder.submissions.notebook import Problem, parse_notebook
from tests.attacks.attacking import little_memory

N_CASES = 2
LARGEST = np.finfo(float).max


def like(value, change):
    """`value` with every number and array changed."""
    if isinstance(value, list | tuple):
        return type(value)(like(item, change) for item in value)
    if isinstance(value, dict):
        return {key: like(item, change) for key, item in value.items()}
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(value, np.ndarray) or number:
        return change(np.asarray(value))
    return None


SHAPED = {
    "NaN": lambda a: np.full(a.shape, np.nan),
    "infinite": lambda a: np.full(a.shape, -np.inf),
    "largest": lambda a: np.full(a.shape, LARGEST),
    "smallest": lambda a: np.full(a.shape, 5e-324),
    "of all kinds": lambda a: np.resize(
        [np.nan, np.inf, -0.0, LARGEST, -1e308], a.shape
    ),
    "half": lambda a: np.full(a.shape, 6e4, np.float16),
    "long": lambda a: np.full(a.shape, np.finfo(np.longdouble).max),
    "unsigned": lambda a: np.full(a.shape, 2**64 - 1, np.uint64),
    "complex": lambda a: np.full(a.shape, complex("nan")),
    "empty": lambda a: np.empty((0, 10**9)),
}


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value, value]
    return value


FIXED = {
    "braces": {"{x}": 1, "{": 2, "{0.__class__}": 3},
    "a type": Foreign("{x!r:{y}}"),
    "nested": nested(10),
    "many": list(range(50_000)),
    "text": "{}" * 5000,
    "dimensions": np.zeros((1,) * 30),
    "an integer": 2**200,
    "an error": ErrorNote(("{x}",), "{y}"),
    "an outcome": Outcome(returned=1),
}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_no_value_is_an_error_of_ours_or_gives_points(exercise):
    """A verdict of its own, and a message of a readable length."""
    question = public_question(exercise.name)
    question = replace(question, cases=question.cases[:N_CASES])
    answers = {
        name: [like(case.expected.returned, change) for case in question.cases]
        for name, change in SHAPED.items()
    }
    answers |= {name: [value] * len(question.cases) for name, value in FIXED.items()}
    for name, values in answers.items():
        sent = [pack({"outcome": Outcome(returned=value)}) for value in values]
        outcomes = [as_call(unpack(one)) for one in sent]

        verdict = judge(question, outcomes, public=False)

        assert verdict.score == 0, name
        assert verdict.code in ("wrong-values", "wrong-type", "wrong-shape"), name
        assert len(verdict.message.text()) < 10_000, name
        assert verdict.message.html()


@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"kinds": 5}},
        {"error": {"kinds": {"a": 1}}},
        {"outputs": [{"kind": np.ones(3)}]},
        {"outputs": [{"kind": "stream", "name": np.ones(3)}]},
    ],
    ids=repr,
)
def test_a_report_of_which_nothing_can_be_made_is_garbled(answer):
    with pytest.raises(BoxDied, match="garbled"):
        as_cell_report(answer)


@pytest.mark.parametrize(
    "one",
    [{"accident": "x" * 99}, {"outcome": 3}, {"outcome": None}],
    ids=repr,
)
def test_an_accident_of_no_kind_is_a_crash(one):
    assert as_call(one) == Accident("crashed")


def test_an_accident_that_cannot_be_compared_is_garbled():
    with pytest.raises(BoxDied, match="garbled"):
        as_call({"accident": np.ones(3)})


def test_a_file_of_lists_is_not_read():
    """Thirty megabytes of brackets would take seven hundred of memory."""
    data = b'{"cells": [' + b"[]," * 10_000_000 + b"[]]}"
    assert len(data) < MAX_NOTEBOOK

    with little_memory(200 << 20), pytest.raises(Problem, match="too many parts"):
        parse_notebook(data)


def test_a_part_is_taken_once():
    """Else a megabyte could stand for hundreds of gigabytes."""
    packed = pack([np.ones(100), np.ones(100)])
    assert b'"at": 1' in packed

    with pytest.raises(BadPacket, match="used twice"):
        unpack(packed.replace(b'"at": 1', b'"at": 0'))
