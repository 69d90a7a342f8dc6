"""Tables made for chapters 04 and 05: what is in them, and their gradient."""

import numpy as np
import pytest

from autograder.lab.tasks import logistic_regression as tables


def test_gradient_agrees_with_finite_differences():
    """For each seed along a direction of its own."""
    made = tables.rare_columns(30, n_seeds=3, n_columns=7)
    rng = np.random.default_rng(0)
    theta, v = rng.standard_normal((2, 3, 7))

    slope = np.sum(tables.gradient(theta, made.X, made.y) * v, axis=1)

    up, down = (tables.loss(theta + s * 1e-5 * v, made.X, made.y) for s in (1, -1))
    assert slope == pytest.approx((up - down) / 2e-5, rel=1e-6)


def test_columns_are_as_rare_as_their_sizes_say():
    """The first is 1 in half of the rows, the last in 3 of 1,000."""
    made = tables.rare_columns(4000, n_seeds=2)

    assert set(np.unique(made.X)) == {0.0, 1.0}
    assert made.X.mean(axis=1) == pytest.approx(made.sizes, abs=0.03)
    assert made.sizes[0, [0, 1, -1]] == pytest.approx([0.5, 0.25, 0.003])


def test_columns_in_mixed_units_matter_alike():
    """A weight times its column has one spread, whatever the unit."""
    made = tables.mixed_units(3000, n_seeds=2)

    assert made.X.std(axis=1) == pytest.approx(made.sizes, rel=0.1)
    assert np.ptp(np.log10(made.sizes)) > 1.5
    assert np.std(made.weights * made.sizes) == pytest.approx(0.5, rel=0.2)


def test_true_weights_are_better_than_guessing():
    """On rows that are new, for every seed."""
    made = tables.mixed_units(10, n_seeds=4)
    guess = np.zeros_like(made.weights)

    best, nothing = (
        tables.loss(theta, made.X_new, made.y_new) for theta in (made.weights, guess)
    )

    assert nothing == pytest.approx(np.log(2))
    assert np.all(best < 0.5)
