"""The deep network on the digits, and the pictures of the same chapter."""

import numpy as np
import pytest

from autograder.kernels.batch_norm import batchnorm_backward, batchnorm_forward
from autograder.lab import datasets, deep_network, figures, grids, moving_statistics

NORM = deep_network.Norm(batchnorm_forward, batchnorm_backward)


@pytest.fixture
def data():
    return datasets.digits()


def small():
    layers = deep_network.initial(np.random.default_rng(0), 0.3, n_hidden=2, width=4)
    rng = np.random.default_rng(1)
    for layer in layers[:-1]:
        layer["gamma"] = rng.normal(1, 0.3, 4)
        layer["beta"] = rng.normal(0, 0.3, 4)
    return layers


@pytest.mark.parametrize("norm", [None, NORM], ids=["without", "batch norm"])
def test_gradients_are_those_that_differences_find(data, norm):
    """Of the weights, biases, scales and shifts of every layer."""
    layers, X, labels = small(), data.X[:12], data.labels[:12]
    rng = np.random.default_rng(2)
    _, grads, _ = deep_network.loss_and_grads(layers, X, labels, norm)
    for k, layer in enumerate(layers):
        for name, value in layer.items():
            towards = rng.normal(size=value.shape)
            losses = []
            for h in (1e-6, -1e-6):
                moved = [dict(each) for each in layers]
                moved[k][name] = value + h * towards
                losses.append(deep_network.loss_and_grads(moved, X, labels, norm)[0])
            slope = (losses[0] - losses[1]) / 2e-6

            assert slope == pytest.approx(np.sum(grads[k][name] * towards), abs=1e-7)


def test_scores_are_those_that_training_sees(data):
    """With the same normalisation, the loss follows from the scores."""
    layers, X, labels = small(), data.X[:12], data.labels[:12]

    def by_batch(k, z, gamma, beta):
        return batchnorm_forward(z, gamma, beta)[0]

    z = deep_network.scores(layers, X, by_batch)
    misses = np.log(np.exp(z).sum(axis=1)) - z[np.arange(12), labels]

    loss, _, _ = deep_network.loss_and_grads(layers, X, labels, NORM)
    assert loss == pytest.approx(misses.mean(), rel=1e-12)


def test_training_changes_nothing_that_it_was_given(data):
    """It learns, watches each step, and starts from copies."""
    layers, seen = deep_network.initial(np.random.default_rng(0)), []
    before = [{name: array.copy() for name, array in each.items()} for each in layers]
    after, losses = deep_network.train_layers(
        layers,
        data,
        np.random.default_rng(0),
        lr=0.1,
        n_steps=60,
        norm=NORM,
        watch=[seen.append],
    )

    assert len(seen) == len(losses) == 60
    assert seen[0][0].shape == (32, 50)
    assert losses[-10:].mean() < losses[:10].mean() - 0.5
    for old, new, layer in zip(before, after, layers, strict=True):
        for name in old:
            np.testing.assert_array_equal(old[name], layer[name])
        assert not np.array_equal(new["W"], old["W"])


def test_each_epoch_has_every_image_at_most_once(data):
    """Batches are cut from one permutation."""
    seen = []
    layers = deep_network.initial(np.random.default_rng(0), n_hidden=1)
    layers[0]["W"] = np.eye(64, 50)
    deep_network.train_layers(
        layers,
        data,
        np.random.default_rng(0),
        lr=0.0,
        n_steps=33,
        watch=[lambda z: seen.append(z[0])],
    )
    rows = np.concatenate(seen)

    assert len(rows) == 33 * 32
    assert len(np.unique(rows, axis=0)) >= len(np.unique(data.X[:, :50], axis=0)) - 21


def test_losses_are_inf_from_where_it_diverges(data):
    """And nothing is raised or warned of."""
    layers = deep_network.initial(np.random.default_rng(0), 1.0)
    _, losses = deep_network.train_layers(
        layers, data, np.random.default_rng(0), lr=10.0, n_steps=20
    )

    assert np.isfinite(losses[0])
    assert np.isinf(losses[-1])


def test_grids_mark_one_cell_and_fill_others():
    """Row 0 is at the top, in every panel."""
    cells = np.zeros((3, 4), dtype=bool)
    cells[1] = True
    names = {"one": cells, "two": ~cells}
    figure = grids.grids(names, marked=(1, 2), title="T", xlabel="x", ylabel="y")
    panels = figure.axes

    assert [axes.get_title("left") for axes in panels] == ["one", "two"]
    for axes, filled in zip(panels, names.values(), strict=True):
        assert axes.yaxis_inverted()
        shades = axes.collections[0].get_array().reshape(3, 4)
        assert shades[1, 2] == 2
        others = np.ones((3, 4), dtype=bool)
        others[1, 2] = False
        np.testing.assert_array_equal(shades[others], filled[others])
    assert figures.picture(figure).startswith(b"\x89PNG")


def test_moving_average_is_told_in_words():
    """The end of the running mean and of the data's mean are both said."""
    truth = np.where(np.arange(9) < 4, 0.0, 4.0)
    picture = moving_statistics.follow(truth + 0.1, truth - 0.25, truth, note="A < b.")

    assert "ends at 3.75" in picture.words
    assert "is 4.00 there" in picture.words
    assert "A &lt; b." in picture.svg
    assert picture.svg.count("<circle") == 9
