"""The small digit reader's squared loss; test_recorded_runs has the other one."""

import numpy as np
import pytest

from autograder.lab import datasets, digit_network


def test_gradient_of_the_squared_loss_agrees_with_finite_differences():
    """Along random directions in the space of each array of parameters."""
    rng, digits = np.random.default_rng(0), datasets.digits()
    data = digits.X[:20], digits.labels[:20]
    params = digit_network.initial(rng)
    _, grads = digit_network.squared_loss_and_grads(params, *data)
    for name, grad in grads.items():
        v, h = rng.standard_normal(grad.shape), 1e-5
        up, down = (
            digit_network.squared_loss_and_grads(
                params | {name: params[name] + s * h * v}, *data
            )[0]
            for s in (1, -1)
        )

        assert np.sum(grad * v) == pytest.approx((up - down) / (2 * h), rel=1e-6)


def test_squared_loss_counts_each_digit_once():
    """Scores of zero are wrong by 1 for the digit that is shown, and nowhere else."""
    digits = datasets.digits()
    params = digit_network.initial(np.random.default_rng(0))
    params = {name: np.zeros_like(value) for name, value in params.items()}

    loss, _ = digit_network.squared_loss_and_grads(params, digits.X, digits.labels)

    assert loss == pytest.approx(0.5)
