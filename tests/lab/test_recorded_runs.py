"""Recorded runs are what the reference kernels do, and the network is right."""

import numpy as np
import pytest

from autograder.lab import digit_network, recorded_runs
from autograder.lab.datasets import digits
from tests.lab import make_recorded_runs as make

PICTURES = ("two halves", "one learning rate", "tuned")
OPTIMISERS = [name for name in make.METHODS if name != "uncorrected"]


@pytest.mark.parametrize("which", PICTURES)
def test_recorded_walks_are_those_of_the_kernels(which):
    """Every walk on the ravine, with its learning rate, comes out again."""
    walks = recorded_runs.on_ravine(which)

    assert {name: walk.lr for name, walk in walks.items()} == make.walks()[which]
    for name, walk in walks.items():
        np.testing.assert_allclose(
            walk.path, make.walk(name, walk.lr), rtol=1e-9, atol=1e-12
        )


@pytest.mark.parametrize("name", OPTIMISERS)
def test_recorded_trainings_begin_as_the_kernels_do(name):
    """Two epochs of one seed come out again; later ones amplify rounding."""
    training = recorded_runs.on_digits()[name]

    losses, _ = make.train(name, training.lr, seed=3, n_epochs=2)

    np.testing.assert_allclose(losses, training.losses[3, :3], rtol=1e-6)


def test_every_optimiser_was_tuned_on_the_same_grid():
    """The learning rate kept is the one with the least median loss of all seeds."""
    trainings = recorded_runs.on_digits()

    assert list(trainings) == OPTIMISERS
    for training in trainings.values():
        assert training.lrs.tolist() == make.LRS
        assert training.final.shape == (len(make.LRS), len(training.losses))
        best = np.nanargmin(np.median(training.final, axis=1))
        assert training.lr == training.lrs[best]
        np.testing.assert_array_equal(training.losses[:, -1], training.final[best])


def test_no_training_was_best_at_an_end_of_the_grid():
    """The grid is wide enough: every tuned learning rate lies inside it."""
    for training in recorded_runs.on_digits().values():
        assert training.lrs[0] < training.lr < training.lrs[-1]


def test_all_optimisers_start_from_the_same_networks():
    """Before training, the losses of every seed are the same."""
    first, *others = (t.losses[:, 0] for t in recorded_runs.on_digits().values())

    assert len(set(first)) == len(first)
    for other in others:
        np.testing.assert_array_equal(first, other)


def test_recorded_warmups_are_those_of_the_kernels():
    """A short run of one seed, and the shapes of all; they end well or at a guess."""
    recorded = recorded_runs.warmups()
    loss, accuracy = make.train_deep(recorded.lrs[1], 150, seed=2, n_steps=400)

    assert (recorded.lrs.tolist(), recorded.warmups.tolist()) == (
        make.DEEP_LRS,
        make.WARMUPS,
    )
    assert recorded.loss.shape == recorded.accuracy.shape == (2, 5, make.N_SEEDS)
    assert loss == pytest.approx(recorded.loss[1, 1, 2], rel=0.5)
    assert accuracy == pytest.approx(recorded.accuracy[1, 1, 2], abs=0.03)


def test_gradient_of_the_network():
    """Every gradient agrees with central differences of the loss."""
    rng, data = np.random.default_rng(1), digits()
    X, labels = data.X[:7], data.labels[:7]
    params = {k: v + rng.normal(size=v.shape) for k, v in initial(rng).items()}
    _, grads = digit_network.loss_and_grads(params, X, labels)

    assert {k: v.shape for k, v in grads.items()} == {
        k: v.shape for k, v in params.items()
    }
    for name, grad in grads.items():
        direction = rng.normal(size=grad.shape)
        up, down = (
            digit_network.loss_and_grads(
                params | {name: params[name] + h * direction}, X, labels
            )[0]
            for h in (1e-5, -1e-5)
        )
        assert np.sum(grad * direction) == pytest.approx((up - down) / 2e-5, rel=1e-6)


def test_network_that_knows_nothing():
    """With all parameters zero every digit has the chance 1/10."""
    data = digits()
    params = {k: np.zeros_like(v) for k, v in initial(np.random.default_rng(0)).items()}

    loss, _ = digit_network.loss_and_grads(params, data.X, data.labels)

    assert loss == pytest.approx(np.log(10))
    assert sum(v.size for v in params.values()) == digit_network.N_PARAMETERS


def test_batches_are_one_pass_in_a_new_order():
    """Every image once, the last batch short, another order each time."""
    data, rng = digits(), np.random.default_rng(4)
    first, second = (list(digit_network.batches(data, rng)) for _ in range(2))

    assert [len(X) for X, _ in first] == [32] * 33 + [21]
    assert [len(labels) for _, labels in first] == [32] * 33 + [21]
    for one_pass in (first, second):
        images = np.concatenate([X for X, _ in one_pass])
        assert sorted(map(tuple, images)) == sorted(map(tuple, data.X))
    assert not np.array_equal(first[0][0], second[0][0])


def initial(rng):
    return digit_network.initial(rng)
