"""How often a function among the arguments is called: asked for, or left free."""

import numpy as np
import pytest

from autograder.calling.calls import call
from autograder.calling.inputs import Function
from autograder.checking.laws import broken_law


def outcome(n, calls):
    """What calling a quadratic `n` times does, where `calls` are asked for."""
    parameters = {"curvature": np.ones(2), "center": np.zeros(2)}
    loss = Function("quadratic", parameters, shape=(2,), calls=calls)
    return call(lambda f: [f(np.ones(2)) for _ in range(n)][-1], {"f": loss})


@pytest.mark.parametrize("n", [1, 2, 5])
def test_free_number_of_calls_breaks_no_law(n):
    """With `calls=None` any number of calls is right."""
    assert broken_law(outcome(1, calls=None), outcome(n, calls=None)) is None


def test_asked_number_of_calls_is_counted():
    """With `calls=1` two calls are told as such."""
    found = broken_law(outcome(1, calls=1), outcome(2, calls=1))

    assert found.code == "wrong-calls"
    assert "`f` twice; once is enough" in found.told("g")
