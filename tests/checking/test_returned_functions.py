"""Where an answer is a function, it is called again, and only then observed."""

import numpy as np

from autograder.calling.calls import call
from autograder.calling.inputs import Dataset, Later
from autograder.calling.packing import pack, unpack
from autograder.checking.values import format_call
from autograder.lab import datasets

ARGUMENTS = {"scale": 2.0, "x": Later(np.array([1.0, 3.0]))}


def test_the_returned_function_gets_the_later_arguments():
    """The call itself is given the rest, by position as always."""
    outcome = call(lambda factor: lambda points: factor * points, ARGUMENTS, ("scale",))

    assert outcome.returned.tolist() == [2.0, 6.0]
    assert outcome.error is None


def test_what_is_not_a_function_is_told_by_its_type():
    """An error of its own, which no error raised by the answer can be taken for."""
    outcome = call(lambda scale: scale, ARGUMENTS, ("scale",))

    assert outcome.error.kinds == ("NoAnswer: float", "NoAnswer")
    assert outcome.error.text.endswith("type float; it should return a function.")


def test_a_returned_function_that_returns_nothing_is_told():
    """Its missing `return` line is not the missing line of the answer."""
    outcome = call(lambda scale: lambda x: None, ARGUMENTS, ("scale",))

    assert "a function that returns None" in outcome.error.text


def test_an_error_inside_the_returned_function_is_the_learners():
    """With the line that raised it, as for the answer itself."""

    def answer(scale):
        def predict(x):
            return x @ np.ones(5)

        return predict

    outcome = call(answer, ARGUMENTS, ("scale",))

    assert outcome.error.kind == "ValueError"
    assert outcome.error.line_number is not None


def test_a_later_argument_changed_in_place_is_seen():
    """Images belong to whoever asks about them."""

    def answer(scale):
        def predict(x):
            x *= scale
            return x

        return predict

    assert call(answer, ARGUMENTS, ("scale",)).changed == ("x",)


def test_data_sets_and_later_arguments_are_packed():
    """As names and as arrays; they come back what they were."""
    packed = pack({"X": Dataset("X"), **ARGUMENTS})
    back = unpack(packed)

    assert len(packed) < 1000
    assert back["X"] == Dataset("X")
    assert np.array_equal(back["x"].value, ARGUMENTS["x"].value)


def test_a_data_set_is_a_fresh_copy():
    """What one call does to it, the next one does not see."""

    def spoil(X):
        X += 1.0
        return X[0]

    first = call(spoil, {"X": Dataset("X")})

    assert first.changed == ("X",)
    assert np.array_equal(first.returned, datasets.digits().X[0] + 1)
    assert np.array_equal(call(spoil, {"X": Dataset("X")}).returned, first.returned)


def test_a_message_shows_names_and_no_images():
    """Nobody reads a thousand images."""
    arguments = {"X": Dataset("X"), "images": Later(np.zeros((360, 64)))}

    assert format_call("train", arguments) == [
        "train(",
        "    X = digits.X,",
        ")(images)",
    ]
