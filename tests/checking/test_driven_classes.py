"""A class is judged by what an object of it does when it is driven."""

import numpy as np
import pytest

from autograder.calling.calls import call
from autograder.calling.inputs import Driven
from autograder.calling.packing import pack, unpack
from autograder.checking.cases import public_question
from autograder.checking.judging import verdict
from autograder.desk.checks import CheckFailed, check
from tests.helpers.written_answers import told_of, written

GRADS = [{"w": np.array([1.0, 2.0])}, {"w": np.array([3.0, 4.0])}]
RUN = Driven("updates", {"params": {"w": np.array([0.0, 1.0])}, "grads": GRADS})
ARGUMENTS = {"lr": 0.5, "run": RUN}


class Plain:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for key in params:
            params[key] = params[key] - self.lr * grads[key]


def told(source, exercise="Momentum"):
    with pytest.raises(CheckFailed) as failed:
        check(written(source), exercise)
    return " ".join(str(failed.value).split())


def test_each_update_is_seen():
    """Under a name that says which array, and after which update."""
    seen = call(Plain, ARGUMENTS, ("lr",)).returned

    assert list(seen) == ['params["w"] after update 1', 'params["w"] after update 2']
    assert [value.tolist() for value in seen.values()] == [[-0.5, 0.0], [-2.0, -2.0]]


def test_a_run_is_packed_and_comes_back():
    """As a box is given it, and a learner's installation."""
    back = unpack(pack(ARGUMENTS))["run"]

    assert back.driver == "updates"
    assert np.array_equal(back.given["grads"][1]["w"], GRADS[1]["w"])


def test_gradients_changed_in_place_are_seen():
    """By their name; parameters may be changed."""

    class Greedy(Plain):
        def update(self, params, grads):
            for key in params:
                grads[key] *= self.lr
                params[key] -= grads[key]

    assert call(Greedy, ARGUMENTS, ("lr",)).changed == ("grads",)
    assert call(Plain, ARGUMENTS, ("lr",)).changed == ()


def test_the_message_says_what_was_driven():
    """After which update, and which array."""
    words = told("""
    class Momentum:
        def __init__(self, lr, beta=0.9):
            self.lr, self.beta, self.v = lr, beta, {}

        def update(self, params, grads):
            for key in params:
                new = self.beta * self.v.get(key, 0.5) - self.lr * grads[key]
                self.v[key] = new
                params[key] = params[key] + new
    """)

    assert 'After update 1, `params["w"]` of `Momentum` is wrong.' in words
    assert "then update(params, grads), once for each of the grads" in words


def test_an_update_that_is_missing_is_told():
    """The error names it; the line of an error in a method is the learner's."""
    missing = told("class Momentum:\n    def __init__(self, lr, beta=0.9): pass\n")
    raised = told("""
    class Momentum:
        def __init__(self, lr, beta=0.9):
            pass

        def update(self, params, grads):
            return self.speed
    """)

    assert "no attribute 'update'" in missing
    assert "line 6: return self.speed" in raised


def test_a_class_half_written_is_not_written():
    """As the released cell is: each method says so."""
    source = """
    class Momentum:
        def __init__(self, lr, beta=0.9):
            self.lr = lr

        def update(self, params, grads):
            raise NotImplementedError("not written yet")
    """

    assert verdict(written(source), public_question("Momentum")).code == "not-written"


def test_diagnosis_of_a_class_goes_without_places():
    """It looks for these in functions."""
    source = """
    class Momentum:
        def __init__(self, lr, beta=0.9):
            self.lr, self.beta, self.v = lr, beta, {}

        def update(self, params, grads):
            for key in params:
                self.v[key] = self.beta * self.v.get(key, 0) - grads[key]
                params[key] = params[key] + self.v[key] * self.beta
    """

    assert told_of(source, "Momentum").code == "wrong-values"


def test_a_wrong_function_that_a_class_calls_is_named_first():
    """With the check that says what is the matter with it."""
    words = told("""
    def momentum_step(theta, velocity, grad, lr, beta):
        velocity = beta * velocity + lr * grad
        return theta + velocity, velocity

    class Momentum:
        def __init__(self, lr, beta=0.9):
            self.lr, self.beta, self.v = lr, beta, {}

        def update(self, params, grads):
            for key in params:
                old = self.v.get(key, 0 * grads[key])
                params[key], self.v[key] = momentum_step(
                    params[key], old, grads[key], self.lr, self.beta
                )
    """)

    assert "It calls `momentum_step`, which is not right yet" in words


def test_of_two_wrong_functions_the_first_of_the_course_is_named():
    """The second is built on it, and comes right with it more often than not."""
    source = """
    def batchnorm_forward(x, gamma, beta, eps=1e-5):
        return gamma * (x - x.mean(axis=0)) + beta, None

    def batchnorm_backward(dout, x, gamma, eps=1e-5):
        return gamma * dout, dout.sum(axis=0), dout.sum(axis=0)

    class BatchNorm:
        def __init__(self, n_features, momentum=0.1, eps=1e-5):
            self.gamma, self.beta = np.ones(n_features), np.zeros(n_features)
            self.running_mean, self.running_var = self.beta, self.gamma

        def forward(self, x, training):
            self.x = x
            return batchnorm_forward(x, self.gamma, self.beta)[0]

        def backward(self, dout):
            dx, self.dgamma, self.dbeta = batchnorm_backward(dout, self.x, self.gamma)
            return dx
    """
    words = told(source, "BatchNorm")

    assert "It calls `batchnorm_forward`, which is not right yet" in words
