"""Chapter 06's kernels against closed forms, a slow loop and finite differences."""

import math
from itertools import pairwise

import numpy as np
import pytest

from autograder.kernels.initialization import (
    ACTIVATIONS,
    SLOPES,
    dense_forward,
    fans,
    gradient_norms,
    kaiming_normal,
    kaiming_uniform,
    predicted_scale,
    required_weight_std,
    variance_factor,
    xavier_normal,
    xavier_uniform,
)


def network(seed, sizes=(4, 5, 3, 6)):
    rng = np.random.default_rng(seed)
    weights = [kaiming_normal(n, m, rng) for n, m in pairwise(sizes)]
    biases = [rng.standard_normal(m) for m in sizes[1:]]
    return rng.standard_normal((7, sizes[0])), weights, biases


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_forward_agrees_with_a_slow_loop(activation):
    """One unit of one sample at a time."""
    phi = {
        "linear": lambda z: z,
        "relu": lambda z: max(z, 0.0),
        "tanh": math.tanh,
        "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    }[activation]
    X, weights, biases = network(0)

    found = dense_forward(X, weights, biases, activation)

    for row, sample in enumerate(X):
        values = list(sample)
        for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
            values = [
                phi(sum(v * w for v, w in zip(values, W[:, j], strict=True)) + b[j])
                for j in range(W.shape[1])
            ]
            assert found[layer][row] == pytest.approx(values, abs=1e-12)


@pytest.mark.parametrize("activation", SLOPES)
def test_slopes_are_derivatives(activation):
    """Central differences, seen from the output."""
    z, h = np.array([-1.3, -0.4, 0.2, 0.9]), 1e-6
    phi = ACTIVATIONS[activation]

    numerical = (phi(z + h) - phi(z - h)) / (2 * h)

    assert SLOPES[activation](phi(z)) == pytest.approx(numerical, abs=1e-8)


@pytest.mark.parametrize("activation", SLOPES)
def test_gradient_norms_agree_with_finite_differences(activation):
    """Of the loss whose gradient by the output is `grad_out`."""
    X, weights, biases = network(1)
    biases = [0 * b for b in biases]
    grad_out = np.random.default_rng(2).standard_normal((7, 6))

    def loss(weights):
        return np.sum(grad_out * dense_forward(X, weights, biases, activation)[-1])

    norms = gradient_norms(X, weights, grad_out, activation)

    for layer, W in enumerate(weights):
        grad, h = np.zeros_like(W), 1e-6
        for index in np.ndindex(W.shape):
            step = np.zeros_like(W)
            step[index] = h
            up, down = (
                [*weights[:layer], W + sign * step, *weights[layer + 1 :]]
                for sign in (1, -1)
            )
            grad[index] = (loss(up) - loss(down)) / (2 * h)
        assert norms[layer] == pytest.approx(np.linalg.norm(grad), rel=1e-6)


def test_fans_count_the_weights_of_a_unit():
    """Dense and convolution; other shapes are refused."""
    assert fans((3, 5)) == (3, 5)
    assert fans((32, 16, 3, 5)) == (16 * 15, 32 * 15)
    for shape in ((), (4,), (4, 3, 2), (1, 2, 3, 4, 5)):
        with pytest.raises(ValueError, match="axes"):
            fans(shape)


DRAWN = {
    "xavier normal": (xavier_normal, {}, lambda n, m: 2 / (n + m)),
    "xavier uniform": (xavier_uniform, {}, lambda n, m: 2 / (n + m)),
    "kaiming normal": (kaiming_normal, {}, lambda n, m: 2 / n),
    "kaiming uniform": (kaiming_uniform, {}, lambda n, m: 2 / n),
    "kaiming normal, gain 5/3": (
        kaiming_normal,
        {"gain": 5 / 3},
        lambda n, m: 25 / 9 / n,
    ),
    "kaiming uniform, gain 1": (kaiming_uniform, {"gain": 1.0}, lambda n, m: 1 / n),
}


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("shape", [(300, 700), (700, 300)])
def test_variance_is_the_papers(name, shape):
    """210,000 numbers: off by 2 % with a chance below 1 in a billion."""
    init, settings, variance = DRAWN[name]

    W = init(*shape, np.random.default_rng(0), **settings)

    assert W.shape == shape
    assert W.var() == pytest.approx(variance(*shape), rel=0.02)
    assert abs(W.mean()) < 6 * math.sqrt(variance(*shape) / W.size)
    if "uniform" in name:
        bound = math.sqrt(3 * variance(*shape))
        assert 0.9999 * bound < np.abs(W).max() <= bound


def test_two_draws_from_one_generator_differ():
    """And the same seed gives the same weights."""
    for init in (xavier_normal, xavier_uniform, kaiming_normal, kaiming_uniform):
        rng = np.random.default_rng(3)
        first, second = init(4, 6, rng), init(4, 6, rng)
        assert not np.any(first == second)
        assert np.array_equal(first, init(4, 6, np.random.default_rng(3)))


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_factor_is_the_mean_over_weights(activation):
    """For any input, as long as the weights are symmetric."""
    rng = np.random.default_rng(4)
    x = rng.uniform(0.5, 2.0, 30)
    W = rng.uniform(-0.4, 0.4, (30, 200_000))

    h = ACTIVATIONS[activation](x @ W)

    measured = np.mean(h**2) / np.mean(x**2)
    assert measured == pytest.approx(
        variance_factor(30, 0.4**2 / 3, activation), rel=0.03
    )


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_required_deviation_keeps_the_scale(activation):
    """The factor is 1 then, and so is the scale of any depth."""
    std = required_weight_std(128, activation)

    assert variance_factor(128, std**2, activation) == pytest.approx(1, rel=1e-14)
    assert predicted_scale(37, 128, std**2, activation) == pytest.approx(1, rel=1e-12)


def test_fifty_layers_of_relu_at_one_over_n():
    """Two to the power of -50 in mean square."""
    assert predicted_scale(50, 300, 1 / 300, "relu") ** 2 == pytest.approx(
        2.0**-50, rel=1e-12
    )


def test_other_activations_have_no_factor():
    """They are refused by all three functions."""
    for call in (
        lambda: variance_factor(3, 0.1, "tanh"),
        lambda: predicted_scale(2, 3, 0.1, "sigmoid"),
        lambda: required_weight_std(3, "gelu"),
    ):
        with pytest.raises(ValueError, match="linear and relu"):
            call()
