"""The page of results, and the trials that its table compares."""

import numpy as np
import pytest

from autograder.lab import datasets, results, trials


def test_confusions_count_the_right_digit_by_rows():
    """Each image is counted once, mistakes off the diagonal."""
    right, found = np.array([3, 3, 3, 8]), np.array([3, 5, 5, 8])

    counts = results.confusions(right, found)

    assert counts.sum() == 4
    assert (counts[3, 3], counts[3, 5], counts[5, 3], counts[8, 8]) == (1, 2, 0, 1)


def test_a_confusion_shows_every_count_once():
    """Also when nothing is wrong, and the colours have nothing to show."""
    figure = results.confusion(36 * np.eye(10, dtype=int), title="All right")

    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["36"] * 10


def test_a_gallery_shows_eight_images_at_most():
    """Each with its line; what is left of the row stays empty."""
    few = results.gallery(np.zeros((3, 64)), ["a", "b", "c"], title="Three")
    many = results.gallery(np.zeros((9, 64)), list("abcdefghi"), title="Nine")

    assert [len(axes.images) for axes in few.axes] == [1, 1, 1, 0, 0, 0, 0, 0]
    assert sum(len(axes.images) for axes in many.axes) == 8


def test_chances_say_their_numbers_in_words():
    """Who cannot see the picture reads the ends of the curves."""
    curves = {"cross-entropy": np.array([0.1, 0.9]), "squares": np.array([0.1, 0.2])}

    picture = results.chances(curves, note="After 1 step")

    assert picture.words == (
        "After 1 step cross-entropy: 0.9 after 1 steps. squares: 0.2 after 1 steps."
    )
    assert picture.svg.count("stroke-dasharray") >= 1


@pytest.mark.parametrize("start", trials.CHOICES["start"])
@pytest.mark.parametrize("norm", trials.CHOICES["norm"])
def test_gradients_of_a_trial_are_right(start, norm):
    """Against central differences, with and without normalisation."""
    rng = np.random.default_rng(1)
    params = trials._initial(rng, start)
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

    grads = trials._grads(params, X, labels, norm, fresh())
    for name, grad in grads.items():
        for place in [tuple(rng.integers(0, n) for n in grad.shape) for _ in range(2)]:
            step = np.zeros_like(grad)
            step[place] = 1e-6
            ahead = loss(params | {name: params[name] + step})
            behind = loss(params | {name: params[name] - step})
            assert grad[place] == pytest.approx((ahead - behind) / 2e-6, abs=1e-7)


def test_a_trial_is_a_function_of_its_seed():
    """The same seed gives the same accuracy, and the plain choice learns nothing."""
    digits = datasets.digits()

    found = [trials.trial(digits, k, "Kaiming", "Adam", n_epochs=1) for k in range(4)]

    assert found[1] == trials.trial(digits, 1, "Kaiming", "Adam", n_epochs=1)
    assert len(set(found)) > 1
    assert min(found) > 0.7
    assert trials.trial(digits, 0, n_epochs=1) == 0.1
