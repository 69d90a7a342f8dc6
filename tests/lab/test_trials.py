"""The recorded trials of chapter 08, and the code that makes them."""

from itertools import product

import numpy as np
import pytest

from autograder.lab import datasets, trials
from tests.lab import make_recorded_trials as make


@pytest.mark.parametrize("start", trials.CHOICES["start"])
@pytest.mark.parametrize("norm", trials.CHOICES["norm"])
def test_gradients_of_a_trial_are_right(start, norm):
    """Against central differences, with and without normalisation."""
    rng = np.random.default_rng(1)
    params = make.initial(rng, start)
    for name in ("b0", "b1", "s0", "s1"):
        params[name] = rng.normal(0, 0.1, params[name].shape)
    X, labels = rng.random((7, 64)), rng.integers(0, 10, 7)

    def fresh():
        return [[np.zeros(64), np.ones(64)] for _ in range(2)]

    def loss(params):
        x = X
        for i in range(2):
            z = x @ params[f"W{i}"] + params[f"b{i}"]
            if norm == "batch":
                z = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-5)
                z = params[f"g{i}"] * z + params[f"s{i}"]
            x = np.maximum(0, z)
        z = x @ params["W2"] + params["b2"]
        return np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(7), labels])

    grads = make.gradients(params, X, labels, norm, fresh())
    for name, grad in grads.items():
        for place in [tuple(rng.integers(0, n) for n in grad.shape) for _ in range(2)]:
            step = np.zeros_like(grad)
            step[place] = 1e-6
            ahead = loss(params | {name: params[name] + step})
            behind = loss(params | {name: params[name] - step})
            assert grad[place] == pytest.approx((ahead - behind) / 2e-6, abs=1e-7)


def test_recorded_trials_come_out_again():
    """Other machines round differently: the accuracies are within two images."""
    digits = datasets.digits()

    for seed, *row in (
        (0, "small", "SGD", "constant", "none"),
        (3, "Kaiming", "Adam", "cosine", "none"),
        (7, "small", "SGD", "cosine", "batch"),
    ):
        recorded = trials.trial(seed, *row)
        assert make.trial(digits, seed, *row) == pytest.approx(recorded, abs=2.1 / 360)


def test_every_kind_of_trial_is_recorded():
    """The plain one learns nothing; any two changes together learn."""
    found = {
        row: [trials.trial(seed, *row) for seed in range(trials.N_SEEDS)]
        for row in product(*trials.CHOICES.values())
    }

    assert len(found) == 16
    for row, accuracies in found.items():
        plain = sum(
            word == choices[0]
            for word, choices in zip(row, trials.CHOICES.values(), strict=True)
        )
        assert 0.1 <= min(accuracies) <= max(accuracies) <= 1
        assert plain > 2 or np.median(accuracies) > 0.8, row


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((10,), "the seeds 0 to 9 are recorded, not 10"),
        ((0, "large"), "'large' is not one of small, Kaiming"),
        ((0, "small", "Adagrad"), "'Adagrad' is not one of SGD, Adam"),
    ],
)
def test_what_is_not_recorded_is_said(arguments, told):
    with pytest.raises(ValueError, match=told):
        trials.trial(*arguments)
