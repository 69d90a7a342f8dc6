"""Answers that are right only where rounding, or a unit, is kind to them."""

import numpy as np
import pytest

from autograder.checking.cases import public_question
from autograder.checking.judging import verdict
from autograder.exercises import find
from autograder.kernels import classification


def judged(function, name):
    return verdict(function, public_question(name))


def test_a_constant_column_is_not_found_by_a_deviation_of_zero():
    """The mean of ten times 0.1 is rounded, so its deviation is 1e-17."""

    def standardize(X_train, X_test):
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        std[std == 0] = 1
        return (X_train - mean) / std, (X_test - mean) / std

    assert judged(standardize, "standardize").misconceptions == (
        "constants_by_exact_zero",
    )


@pytest.mark.parametrize("least", [1e-14, 1e-10, 1e-8])
def test_a_threshold_without_a_unit_judges_by_the_unit(least):
    def condition_number(X):
        eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
        if eigenvalues[0] < least:
            return np.inf
        return eigenvalues[-1] / eigenvalues[0]

    assert not judged(condition_number, "condition_number").passed


def test_one_direction_down_leaves_the_others_a_limit():
    """Neither is it an error, nor does the way down set the limit."""

    def any_negative(H):
        eigenvalues = np.linalg.eigvalsh(H)
        if np.any(eigenvalues <= 0):
            raise ValueError
        return 2 / eigenvalues.max()

    def largest_in_size(H):
        eigenvalues = np.linalg.eigvalsh(H)
        if eigenvalues.max() <= 0:
            raise ValueError
        return 2 / np.abs(eigenvalues).max()

    assert judged(any_negative, "largest_stable_lr").misconceptions == (
        "error_if_any_is_not_positive",
    )
    assert not judged(largest_in_size, "largest_stable_lr").passed


def test_a_loss_of_thousands_is_not_infinite():
    """The logarithm of a probability that is rounded to 0 is."""

    def mlp_loss_and_grads(params, X, labels):
        hidden = np.maximum(0, X @ params["W1"] + params["b1"])
        p = classification.softmax(hidden @ params["W2"] + params["b2"])
        _, grads = classification.mlp_loss_and_grads(params, X, labels)
        return -np.mean(np.log(p[np.arange(len(X)), labels])), grads

    found = judged(mlp_loss_and_grads, "mlp_loss_and_grads")

    assert found.misconceptions == ("log_of_softmax",)


def test_the_slope_at_zero_is_pinned():
    """The stub says which one it is, and a case has a unit that is at 0."""
    mistakes = find("mlp_loss_and_grads").misconceptions
    (slope,) = [m.mutant for m in mistakes if m.name == "slope_of_one_at_zero"]

    assert not judged(slope, "mlp_loss_and_grads").passed
