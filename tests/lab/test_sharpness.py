"""The largest curvature from gradients, against the eigenvalues of a known Hessian."""

import numpy as np
import pytest

from autograder.lab import datasets, softmax_regression
from autograder.lab.sharpness import sharpness


def test_the_largest_eigenvalue_of_a_quadratic():
    """Not the one of the largest size, which is negative here."""
    rotation = np.linalg.qr(np.random.default_rng(3).standard_normal((5, 5)))[0]
    hessian = rotation @ np.diag([-9.0, 1.0, 2.0, 4.0, 7.0]) @ rotation.T

    assert sharpness(lambda x: hessian @ x, np.ones(5)) == pytest.approx(7.0)


def test_directions_that_add_nothing_end_the_search():
    """Where the Hessian is a multiple of the unit matrix, one is all there is."""
    assert sharpness(lambda x: 3.0 * x, np.ones(4)) == pytest.approx(3.0)


def test_parameters_may_have_any_shape():
    """Softmax regression at zero, where scores meet with the factor 1/10."""
    digits = datasets.digits()
    X, labels = digits.X[:200], digits.labels[:200]

    found = sharpness(
        lambda W: softmax_regression.gradient(W, X, labels), np.zeros((64, 10))
    )

    assert found == pytest.approx(
        0.1 * np.linalg.eigvalsh(X.T @ X / len(X))[-1], rel=1e-6
    )
