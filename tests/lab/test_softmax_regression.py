"""The linear digit reader, and the bowls of chapter 00, against finite differences."""

import numpy as np
import pytest

from autograder.lab import datasets
from autograder.lab import softmax_regression as model
from autograder.lab.landscapes import bowl


@pytest.fixture(scope="module")
def some():
    digits = datasets.digits()
    W = np.random.default_rng(0).standard_normal((64, 10))
    return W, digits.X[:50], digits.labels[:50]


def test_loss_of_a_model_that_knows_nothing(some):
    """Ten equally probable digits cost log(10)."""
    _, X, labels = some

    assert model.loss(np.zeros((64, 10)), X, labels) == pytest.approx(np.log(10))


def test_gradient_agrees_with_finite_differences(some):
    """Along random directions in the space of the weights."""
    W, X, labels = some
    rng = np.random.default_rng(1)
    for _ in range(5):
        v, h = rng.standard_normal((64, 10)), 1e-5
        up, down = (model.loss(W + s * h * v, X, labels) for s in (1, -1))

        slope = np.sum(model.gradient(W, X, labels) * v)
        assert slope == pytest.approx((up - down) / (2 * h), rel=1e-6)


def test_gradients_of_single_examples_average_to_the_gradient(some):
    """Row i is what a batch of example i alone gives."""
    W, X, labels = some
    single = model.per_example_gradients(W, X, labels)

    assert single.shape == (50, 640)
    assert single.mean(axis=0) == pytest.approx(model.gradient(W, X, labels).ravel())
    alone = model.gradient(W, X[7:8], labels[7:8])
    assert single[7] == pytest.approx(alone.ravel())


def test_large_scores_do_not_overflow(some):
    """Scores of thousands give a finite loss and gradient."""
    W, X, labels = some

    assert np.isfinite(model.loss(1e4 * W, X, labels))
    assert np.isfinite(model.gradient(1e4 * W, X, labels)).all()


def test_loss_is_convex(some):
    """On random chords it stays below."""
    W, X, labels = some
    rng = np.random.default_rng(2)
    for _ in range(20):
        other = rng.standard_normal((64, 10))
        middle = model.loss((W + other) / 2, X, labels)

        ends = (model.loss(W, X, labels) + model.loss(other, X, labels)) / 2
        assert middle <= ends


def test_accuracy_counts_the_largest_score():
    """Weights that copy one pixel to each digit's score read it off."""
    X, W = np.eye(64)[[3, 5, 3]], np.eye(64)[:, :10]

    assert model.accuracy(W, X, np.array([3, 5, 4])) == pytest.approx(2 / 3)


@pytest.mark.parametrize("curvatures", [(2.0,), (2.0, 4.0), (1.0, 20.0)])
def test_curvatures_of_a_bowl_are_the_eigenvalues_of_its_hessian(curvatures):
    """And its gradient is the Hessian times the place."""
    landscape = bowl(*curvatures)
    H, place = np.atleast_2d(landscape.hessian(landscape.start)), landscape.start

    assert np.linalg.eigvalsh(H) == pytest.approx(np.array(curvatures))
    slope = np.atleast_1d(landscape.gradient(place))
    assert slope == pytest.approx(H @ np.atleast_1d(place))
    assert landscape.f(landscape.optimum) == 0


def test_bowls_are_the_ones_that_the_chapter_speaks_of():
    """x**2, and x**2 + 2 y**2 from (-5, -2), for stacks of points too."""
    assert bowl(2.0).f(np.array([-3.0, 2.0])) == pytest.approx([9.0, 4.0])
    both = bowl(2.0, 4.0)
    assert both.f(np.array([[1.0, 1.0], [2.0, 0.0]])) == pytest.approx([3.0, 4.0])
    assert both.start.tolist() == [-5.0, -2.0]
