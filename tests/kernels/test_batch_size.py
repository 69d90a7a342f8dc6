"""Chapter 02's kernels against enumeration, finite differences and closed forms."""

from itertools import combinations

import numpy as np
import pytest

from autograder.kernels.batch_size import (
    batch_gradient,
    epoch_batches,
    gradient_noise,
    minibatch_variance,
    noise_scale,
    scale_lr,
    sgd_epoch,
)


def linear_data(seed, n=7, d=3):
    rng = np.random.default_rng(seed)
    return rng.standard_normal(d), rng.standard_normal((n, d)), rng.standard_normal(n)


@pytest.mark.parametrize(("n", "size"), [(7, 3), (6, 3), (5, 1), (4, 4), (1, 1)])
def test_batches_are_the_permutation_cut_in_order(n, size):
    """Joined again they are `rng.permutation(n)` of the same seed."""
    batches = epoch_batches(n, size, np.random.default_rng(3))

    expected = np.random.default_rng(3).permutation(n)
    assert np.array_equal(np.concatenate(batches), expected)
    assert [len(b) for b in batches[:-1]] == [size] * (len(batches) - 1)
    assert len(batches) == -(-n // size)


def test_two_epochs_from_one_generator_differ():
    """The shuffle is a fresh one."""
    rng = np.random.default_rng(0)

    first, second = (np.concatenate(epoch_batches(30, 7, rng)) for _ in range(2))

    assert not np.array_equal(first, second)


@pytest.mark.parametrize("size", [0, -1, 8])
def test_impossible_batch_sizes_are_refused(size):
    """Below 1 or above n."""
    with pytest.raises(ValueError, match="batch_size"):
        epoch_batches(7, size, np.random.default_rng(0))


@pytest.mark.parametrize("seed", range(3))
def test_gradient_agrees_with_finite_differences(seed):
    """Central differences of half the mean squared error."""
    w, X, y = linear_data(seed)

    def loss(w):
        return np.mean((X @ w - y) ** 2) / 2

    h = 1e-5
    numerical = [(loss(w + h * e) - loss(w - h * e)) / (2 * h) for e in np.eye(3)]

    assert batch_gradient(w, X, y) == pytest.approx(numerical, abs=1e-8)


def test_epoch_of_one_full_batch_is_one_gradient_step():
    """And the order of its indices does not matter."""
    w, X, y = linear_data(1)

    after = sgd_epoch(w, X, y, 0.1, [np.array([3, 0, 6, 1, 5, 2, 4])])

    assert after == pytest.approx(w - 0.1 * batch_gradient(w, X, y))


def test_epoch_makes_one_update_for_each_batch():
    """Two epochs of one batch each are one epoch of both."""
    w, X, y = linear_data(2)
    one, two = np.array([0, 4]), np.array([5, 1, 2])

    both = sgd_epoch(w, X, y, 0.1, [one, two])

    assert np.array_equal(
        sgd_epoch(sgd_epoch(w, X, y, 0.1, [one]), X, y, 0.1, [two]), both
    )


@pytest.mark.parametrize("n", [2, 5, 6])
def test_variance_of_batches_by_enumeration(n):
    """Over all batches of each size, the mean squared distance is the formula's."""
    grads = np.random.default_rng(n).standard_normal((n, 3)) + 1
    full = grads.mean(axis=0)
    for size in range(1, n + 1):
        batches = [list(c) for c in combinations(range(n), size)]
        distances = [np.sum((grads[b].mean(axis=0) - full) ** 2) for b in batches]

        expected = minibatch_variance(gradient_noise(grads), n, size)
        assert np.mean(distances) == pytest.approx(expected, abs=1e-12)


def test_noise_is_the_trace_of_the_unbiased_covariance():
    """As `np.cov` computes it."""
    grads = np.random.default_rng(0).standard_normal((9, 4))

    assert gradient_noise(grads) == pytest.approx(np.trace(np.cov(grads.T)))


def test_at_the_noise_scale_noise_equals_signal():
    """Drawing that many with replacement, variance is the squared mean gradient."""
    grads = np.random.default_rng(0).standard_normal((50, 4)) + 0.5
    mean = grads.mean(axis=0)

    assert gradient_noise(grads) / noise_scale(grads) == pytest.approx(mean @ mean)


def test_noise_scale_has_no_unit():
    """A loss multiplied by a number has the same noise scale."""
    grads = np.random.default_rng(1).standard_normal((20, 3)) + 1

    assert noise_scale(1000 * grads) == pytest.approx(noise_scale(grads))


def test_learning_rate_rules():
    """There and back again is the same rate; sqrt is half of linear on a log scale."""
    for rule in ("linear", "sqrt"):
        there = scale_lr(0.1, 48, 7, rule)
        assert scale_lr(there, 7, 48, rule) == pytest.approx(0.1)
    linear, root = (scale_lr(1.0, 48, 7, rule) for rule in ("linear", "sqrt"))
    assert np.log(root) == pytest.approx(np.log(linear) / 2)
    with pytest.raises(ValueError, match="rule"):
        scale_lr(0.1, 48, 7, "none")
