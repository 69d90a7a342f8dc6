"""The registry's functions as a learner would have typed them."""

from __future__ import annotations

import inspect

import pytest

from autograder.calling.calls import call
from autograder.calling.packing import pack
from autograder.checking.cases import public_question
from autograder.exercises import EXERCISES
from autograder.sample.sources import (
    CannotWrite,
    as_answer,
    body_of,
    can_write,
    helpers_of,
)


def functions_of(exercise):
    """All forms of an answer that the registry has."""
    mutants = [mistake.mutant for mistake in exercise.misconceptions]
    return [exercise.reference, *exercise.equivalents, *mutants]


def stub(exercise):
    """A released cell."""
    parameters = inspect.signature(exercise.reference)
    if isinstance(exercise.reference, type):
        return (
            f'class {exercise.name}:\n    """Write this."""\n\n'
            "    def __init__(self):\n"
            '        raise NotImplementedError("not written yet")\n'
        )
    return (
        f'def {exercise.name}{parameters}:\n    """Write this."""\n'
        '    raise NotImplementedError("not written yet")\n'
    )


def test_nearly_every_function_can_be_typed():
    """And every reference, without which a sample class has nobody who is right."""
    writable = [
        can_write(exercise.name, function)
        for exercise in EXERCISES
        for function in functions_of(exercise)
    ]

    assert sum(writable) > 0.95 * len(writable)
    for exercise in EXERCISES:
        assert can_write(exercise.name, exercise.reference), exercise.name


def outcomes(function, exercise):
    """What a function does in the public cases, as bytes or as a kind of error."""
    for case in public_question(exercise.name).cases:
        found = call(function, case.arguments, exercise.parameters)
        yield pack(found) if found.error is None else found.error.kinds


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_what_is_typed_does_what_the_registry_says(exercise):
    """In a notebook that has imported NumPy, a cell of it is the same function."""
    different = []
    for function in functions_of(exercise):
        if can_write(exercise.name, function):
            namespace: dict = {"__name__": "__main__"}  # a class's module, there
            source = as_answer(stub(exercise), function)
            exec(f"import numpy as np\n{source}", namespace)  # noqa: S102 -- our own
            typed = list(outcomes(namespace[exercise.name], exercise))
            if typed != list(outcomes(function, exercise)):
                different.append(function.__name__)

    assert different == []


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
