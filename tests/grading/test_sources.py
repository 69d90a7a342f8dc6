"""The registry's functions as a learner would have typed them."""

from __future__ import annotations

import inspect

import pytest

from autograder.checking.calling import call
from autograder.checking.cases import public_question
from autograder.checking.packing import pack
from autograder.exercises import EXERCISES
from autograder.grading.sources import CannotWrite, as_answer, body_of, helpers_of

FUNCTIONS = [
    pytest.param(exercise, function, id=f"{exercise.name}-{function.__name__}")
    for exercise in EXERCISES
    for function in [
        exercise.reference,
        *exercise.equivalents,
        *(mistake.mutant for mistake in exercise.misconceptions),
    ]
]


def stub(exercise):
    """A released cell."""
    parameters = inspect.signature(exercise.reference)
    return (
        f'def {exercise.name}{parameters}:\n    """Write this."""\n'
        '    raise NotImplementedError("not written yet")\n'
    )


@pytest.mark.parametrize(("exercise", "function"), FUNCTIONS)
def test_what_is_typed_does_what_the_registry_says(exercise, function):
    """In a notebook that has imported NumPy, a cell of it is the same function."""
    namespace: dict = {}
    source = as_answer(stub(exercise), function)
    exec(f"import numpy as np\n{source}", namespace)  # noqa: S102 -- our own source

    for case in public_question(exercise.name).cases:
        typed = call(namespace[exercise.name], case.arguments, exercise.parameters)
        known = call(function, case.arguments, exercise.parameters)
        if known.error is None:
            assert pack(typed) == pack(known)
        else:
            assert typed.error.kinds == known.error.kinds


def shift(x):
    return x + 1


def twice_shifted(x):
    """Documented."""

    def inner(y):
        return shift(y)

    # why
    return inner(inner(x))


OFFSET = 3


def needs_a_constant(x):
    return x + OFFSET


def made(n):
    def function(x):
        return x + n

    return function


def test_helpers_come_along_and_docstrings_stay_behind():
    assert helpers_of(twice_shifted) == ["def shift(x):\n    return x + 1"]
    assert body_of(twice_shifted) == (
        "def inner(y):\n    return shift(y)\n\n# why\nreturn inner(inner(x))"
    )


@pytest.mark.parametrize("function", [needs_a_constant, made(2), lambda x: x])
def test_what_cannot_be_typed_is_refused(function):
    with pytest.raises(CannotWrite):
        as_answer("def f(x):\n    raise NotImplementedError()\n", function)


def test_a_cell_without_a_stub_is_refused():
    with pytest.raises(CannotWrite, match="not written yet"):
        as_answer("def f(x):\n    return x\n", shift)
