"""The registry's functions as a learner would have typed them."""

from __future__ import annotations

import inspect

import pytest

from autograder.checking.calling import call
from autograder.checking.cases import public_question
from autograder.checking.packing import pack
from autograder.exercises import EXERCISES
from autograder.grading.sources import (
    CannotWrite,
    as_answer,
    body_of,
    can_write,
    helpers_of,
)

FUNCTIONS = [
    (exercise, function)
    for exercise in EXERCISES
    for function in [
        exercise.reference,
        *exercise.equivalents,
        *(mistake.mutant for mistake in exercise.misconceptions),
    ]
]
WRITABLE = [
    pytest.param(exercise, function, id=f"{exercise.name}-{function.__name__}")
    for exercise, function in FUNCTIONS
    if can_write(exercise.name, function)
]


def stub(exercise):
    """A released cell."""
    parameters = inspect.signature(exercise.reference)
    return (
        f'def {exercise.name}{parameters}:\n    """Write this."""\n'
        '    raise NotImplementedError("not written yet")\n'
    )


def test_nearly_every_function_can_be_typed():
    """And every reference, without which a sample class has nobody who is right."""
    assert len(WRITABLE) > 0.95 * len(FUNCTIONS)
    for exercise in EXERCISES:
        assert can_write(exercise.name, exercise.reference), exercise.name


@pytest.mark.parametrize(("exercise", "function"), WRITABLE)
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


OFFSETS: dict = {"one": 1, "two": 2}
SHIFT = twice_shifted


def needs_a_constant(x):
    return x + OFFSETS["one"]


def needs_an_object(x):
    return SHIFT(x) + LIST[0]


LIST = [shift]


def made(n):
    def function(x):
        return x + n

    return function


def test_helpers_come_along_and_docstrings_stay_behind():
    assert helpers_of(twice_shifted) == ["def shift(x):\n    return x + 1"]
    assert body_of(twice_shifted) == (
        "def inner(y):\n    return shift(y)\n\n# why\nreturn inner(inner(x))"
    )


def test_constants_come_along():
    assert helpers_of(needs_a_constant) == ['OFFSETS = {"one": 1, "two": 2}']


@pytest.mark.parametrize("function", [needs_an_object, made(2), lambda x: x])
def test_what_cannot_be_typed_is_refused(function):
    with pytest.raises(CannotWrite):
        as_answer("def f(x):\n    raise NotImplementedError()\n", function)


def test_a_cell_without_a_stub_is_refused():
    with pytest.raises(CannotWrite, match="not written yet"):
        as_answer("def f(x):\n    return x\n", shift)
