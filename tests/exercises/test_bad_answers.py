"""What is not an answer at all gets a message of its own, in every exercise."""

import copy

import numpy as np
import pytest

from autograder.calling.inputs import Function
from autograder.checking.cases import public_question
from autograder.checking.judging import verdict as judged
from autograder.exercises import EXERCISES, find

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


def verdict(exercise, function):
    question = public_question(exercise.name)
    found = judged(function, question)
    text = " ".join(found.message.text().split())
    assert found.score < exercise.points
    return found, text


def spoiled(exercise, spoil):
    """The reference with `spoil` done to everything it returns that is judged.

    Where it returns a function, `spoil` is done to what that function returns.
    """
    judged = [name in (exercise.order or exercise.returns) for name in exercise.returns]

    def answer(*args, **kwargs):
        returned = exercise.reference(*args, **kwargs)
        if callable(returned):
            return lambda *later: spoil(returned(*later))
        if len(exercise.returns) > 1:
            pairs = zip(returned, judged, strict=True)
            return tuple(
                within(part, spoil) if wanted else part for part, wanted in pairs
            )
        return within(returned, spoil)

    return answer


def within(part, spoil):
    """`part` spoiled; of a dict, each of its values."""
    if isinstance(part, dict):
        return {name: spoil(value) for name, value in part.items()}
    return spoil(part)


def returned_by(exercise):
    """What the reference returns in the first case, and its first part."""
    case = public_question(exercise.name).cases[0]
    value = case.expected.returned
    return value[0] if len(exercise.returns) > 1 else value


def holds_arrays(exercise):
    return isinstance(returned_by(exercise), np.ndarray)


def holds_numbers(exercise):
    value = returned_by(exercise)
    return isinstance(value, np.ndarray | int | float) and not isinstance(value, bool)


ARRAYS = [e for e in EXERCISES if holds_arrays(e)]
NUMBERS = [e for e in EXERCISES if holds_numbers(e)]

every_array = pytest.mark.parametrize("exercise", ARRAYS, ids=lambda e: e.name)
every_number = pytest.mark.parametrize("exercise", NUMBERS, ids=lambda e: e.name)


@every_array
def test_a_list_is_named(exercise):
    """A list in the place of an array is said to be a list."""
    found, text = verdict(exercise, spoiled(exercise, lambda a: np.asarray(a).tolist()))

    assert found.code == "wrong-type"
    assert "a list of" in text
    assert "It should be an array of shape" in text


@every_exercise
def test_an_object_is_named(exercise):
    """What is no array and no number is called by its type."""
    found, text = verdict(exercise, lambda *args, **kwargs: {1, 2})

    assert found.code == "wrong-type"
    assert "an object of type set" in text


@every_array
def test_a_scalar_is_named(exercise):
    """A single number in the place of an array is called that."""
    found, text = verdict(exercise, spoiled(exercise, lambda a: float(np.sum(a))))

    assert found.code == "wrong-shape"
    assert "a single number as" in text
    assert "it should have shape (" in text


@every_number
def test_an_axis_too_many_is_named(exercise):
    """A wrong shape is told beside the right one, and never broadcast."""
    found, text = verdict(exercise, spoiled(exercise, lambda a: np.asarray(a)[None]))

    assert found.code == "wrong-shape"
    assert "it should have shape" in text or "it should be a single number" in text


@every_number
def test_nan_is_named(exercise):
    """A value that is not a number is said to be not finite."""
    found, text = verdict(exercise, spoiled(exercise, lambda a: a * np.nan))

    assert found.message.title == "NOT FINITE"
    assert "that is not finite" in text


@every_number
def test_a_complex_number_is_named(exercise):
    """A complex answer is told as such, even without an imaginary part."""
    found, text = verdict(exercise, spoiled(exercise, lambda a: a + 0j))

    assert found.code == "wrong-type"
    assert "complex" in text


@every_exercise
def test_none_in_every_place_is_named(exercise):
    """None in a part of the answer is named, like a whole answer of None."""
    found, text = verdict(exercise, spoiled(exercise, lambda a: None))

    assert found.code == "wrong-type"
    assert "None" in text


@every_exercise
def test_a_changed_argument_is_named(exercise):
    """Right values do not excuse an array that the caller finds changed."""
    for name in changeable(exercise):
        found, text = verdict(exercise, changing(exercise, name))

        assert found.code == "argument-changed", name
        assert f"changes its argument `{name}` in place" in text


def changeable(exercise):
    return {
        name
        for case in public_question(exercise.name).cases
        for name, value in case.arguments.items()
        if isinstance(value, np.ndarray) and case.expected.error is None
    }


def changing(exercise, name):
    place = exercise.parameters.index(name)

    def answer(*args, **kwargs):
        given = copy.copy(kwargs[name] if name in kwargs else args[place])
        returned = copy.deepcopy(exercise.reference(*args, **kwargs))
        mine = kwargs[name] if name in kwargs else args[place]
        if isinstance(mine, np.ndarray):  # a step's number may be an int, or many
            mine[...] = given + 1.0
        return returned

    return answer


FUNCTIONS = [
    (e.name, name)
    for e in EXERCISES
    for name, value in public_question(e.name).cases[0].arguments.items()
    if isinstance(value, Function) and value.shape is not None
]


@pytest.mark.parametrize(("exercise", "name"), FUNCTIONS)
def test_a_function_called_with_a_wrong_shape_is_named(exercise, name):
    """The message says which function, which shape it takes and which it got."""
    exercise = find(exercise)
    place = exercise.parameters.index(name)

    def answer(*args, **kwargs):
        return args[place](np.zeros((7, 7)))

    found, text = verdict(exercise, answer)

    assert found.code == "raised"
    assert f"`{name}` takes an array of shape (" in text
    assert "was called with one of shape (7, 7)" in text


@pytest.mark.parametrize(("exercise", "name"), FUNCTIONS)
@pytest.mark.parametrize(
    ("given", "told"),
    [
        (lambda a: a + 1e-20j, "takes real numbers and was called with complex ones"),
        (lambda a: None, "takes an array of numbers and was given something else"),
        (lambda a: [a, "b"], "takes an array of numbers and was given something else"),
    ],
    ids=["complex", "None", "a list of anything"],
)
def test_a_function_called_with_no_numbers_is_named(exercise, name, given, told):
    """What is no real array is told as such, and never turned into one in silence."""
    exercise = find(exercise)
    place = exercise.parameters.index(name)

    def answer(*args, **kwargs):
        array = next(a for a in args if isinstance(a, np.ndarray))
        return args[place](given(array))

    found, text = verdict(exercise, answer)

    assert found.code == "raised"
    assert f"`{name}` {told}" in text


COUNTED = [
    (e.name, name)
    for e in EXERCISES
    for name, value in public_question(e.name).cases[0].arguments.items()
    if isinstance(value, Function) and value.calls is not None
]


@pytest.mark.parametrize(("exercise", "name"), COUNTED)
def test_a_function_called_too_often_is_named(exercise, name):
    """One call more than the definition needs is told, with both numbers."""
    exercise = find(exercise)
    place = exercise.parameters.index(name)

    def answer(*args, **kwargs):
        array = next(a for a in args if isinstance(a, np.ndarray))
        args[place](array.copy())
        return exercise.reference(*args, **kwargs)

    found, text = verdict(exercise, answer)

    assert found.code == "wrong-calls"
    assert f"but calls `{name}`" in text
