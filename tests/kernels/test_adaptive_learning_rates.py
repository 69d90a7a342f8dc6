"""Laws of adaptive learning rates, schedules and feature scaling."""

import numpy as np
import pytest

from autograder.kernels.adaptive_learning_rates import (
    adagrad_step,
    best_quadratic_step,
    condition_number,
    cosine_decay,
    exponential_decay,
    inverse_sqrt_decay,
    rms_step,
    rmsprop_step,
    standardize,
    step_decay,
    transformer_lr,
    warmup,
)
from autograder.lab import datasets

DECAYS = {
    "step": lambda t: step_decay(0.3, t, 0.5, 4),
    "inverse root": lambda t: inverse_sqrt_decay(0.3, t),
    "exponential": lambda t: exponential_decay(0.3, t, 0.1),
    "cosine": lambda t: cosine_decay(0.3, t, 9, 0.01),
}
every_decay = pytest.mark.parametrize("decay", DECAYS.values(), ids=DECAYS)
T = np.arange(30)


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def run(step, gradients, lr=1.0, **settings):
    """Lengths of the steps that given gradients make, with their signs."""
    theta, memory, moved = np.zeros(1), np.zeros(1), []
    for grad in gradients:
        new, memory = step(theta, memory, np.array([grad]), lr, **settings)
        moved.append((new - theta)[0])
        theta = new
    return np.array(moved)


# --- steps ------------------------------------------------------------------


def test_best_step_leads_to_the_minimum(rng):
    """Downhill by its length, the gradient is zero."""
    curvature, center, x = rng.uniform(0.1, 5, (3, 4, 2))
    grad = curvature * (x - center)

    there = x - np.sign(grad) * best_quadratic_step(grad, curvature)

    np.testing.assert_allclose(there, center, rtol=1e-12)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan])
def test_best_step_needs_curvatures_above_zero(bad):
    """One curvature that is not positive is enough."""
    with pytest.raises(ValueError, match="positive"):
        best_quadratic_step(np.ones(2), np.array([1.0, bad]))


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_constant_gradient_gives_known_lengths(size):
    """AdaGrad lr/√t, RMSProp lr/√(1-ρᵗ), whatever the gradient's size."""
    t = np.arange(1, 51)

    adagrad = run(adagrad_step, [size] * 50, lr=0.1, eps=0.0)
    rmsprop = run(rmsprop_step, [size] * 50, lr=0.1, rho=0.8, eps=0.0)

    np.testing.assert_allclose(-adagrad, 0.1 / np.sqrt(t), rtol=1e-9)
    np.testing.assert_allclose(-rmsprop, 0.1 / np.sqrt(1 - 0.8**t), rtol=1e-9)


def test_adagrad_is_the_rms_step_with_a_falling_rate(rng):
    """lr / √(t+1) over the root mean square is lr over the root of the sum."""
    a = b = rng.standard_normal((3, 2))
    r = sum_sq = np.zeros((3, 2))
    for t in range(20):
        grad = rng.standard_normal((3, 2))
        a, r = adagrad_step(a, r, grad, 0.3, eps=0.0)
        b, sum_sq = rms_step(b, sum_sq, t, grad, 0.3 / np.sqrt(t + 1))

        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_adagrad_does_not_see_the_scale_of_a_parameter(rng):
    """Gradients times any factor, one for each parameter: the same path."""
    factor, gradients = rng.uniform(0.01, 100, 5), rng.standard_normal((20, 5))
    a = b = r = q = np.zeros(5)
    for grad in gradients:
        a, r = adagrad_step(a, r, grad, 0.3, eps=0.0)
        b, q = adagrad_step(b, q, factor * grad, 0.3, eps=0.0)

    np.testing.assert_allclose(a, b, rtol=1e-12)


@pytest.mark.parametrize("step", [adagrad_step, rmsprop_step])
def test_zero_gradients_do_not_move(step):
    """0 / (0 + eps) is 0."""
    assert np.all(run(step, [0.0, 0.0, 0.0]) == 0)


def test_rms_step_leaves_a_parameter_without_gradients_where_it_is():
    """And moves its neighbour; there is no nan and no warning."""
    theta, sum_sq = rms_step(np.ones(2), np.zeros(2), 0, np.array([0.0, 4.0]), 0.1)

    np.testing.assert_allclose(theta, [1.0, 0.9])
    np.testing.assert_allclose(sum_sq, [0.0, 16.0])


def test_rmsprop_ends_in_a_zigzag_of_its_learning_rate():
    """On any quadratic: gradients of one size make steps of length lr."""
    curvature, x, s = (
        np.array([0.1, 2.0, 30.0]),
        np.array([-7.0, 2.0, 1.0]),
        np.zeros(3),
    )
    for _ in range(2000):
        x, s = rmsprop_step(x, s, curvature * x, 0.4)

    np.testing.assert_allclose(np.abs(x), 0.2, rtol=1e-6)


# --- schedules --------------------------------------------------------------


@every_decay
def test_decay_starts_at_lr_and_never_rises(decay):
    """t = 0 gives lr."""
    assert decay(0) == pytest.approx(0.3, rel=1e-15)
    assert np.all(np.diff(decay(T)) <= 1e-16)


@every_decay
def test_array_of_steps_is_each_step(decay):
    """One call with an array gives what many calls give, in its shape."""
    one_by_one = np.array([decay(int(t)) for t in T])

    np.testing.assert_allclose(decay(T.reshape(5, 6)), one_by_one.reshape(5, 6))


def test_step_decay_drops_at_multiples_and_nowhere_else():
    """Ratios of neighbours are 1, and `drop` at t = every, 2 every, …."""
    rates = step_decay(1.0, T, 0.25, 7)

    np.testing.assert_allclose(rates[1:] / rates[:-1], np.where(T[1:] % 7, 1, 0.25))


def test_exponential_decay_has_one_factor():
    """The same in each step: exp(-rate)."""
    rates = exponential_decay(1.0, T, 0.2)

    np.testing.assert_allclose(rates[1:] / rates[:-1], np.exp(-0.2))


def test_cosine_decay_is_symmetric_and_then_stays():
    """Half a wave turned around its middle is itself; past the end it is lr_min."""
    down = cosine_decay(0.3, np.arange(10), 9, 0.01)

    np.testing.assert_allclose(down + down[::-1], 0.31)
    np.testing.assert_allclose(cosine_decay(0.3, np.arange(9, 99), 9, 0.01), 0.01)


def test_warmup_rises_in_a_line_and_leaves_the_schedule():
    """1/W of it, 2/W, … and all of it from t = W - 1 on."""
    schedule = DECAYS["inverse root"]

    share = warmup(schedule, T, 5) / schedule(T)

    np.testing.assert_allclose(share[:5], [0.2, 0.4, 0.6, 0.8, 1.0])
    np.testing.assert_allclose(share[4:], 1)


def test_transformer_lr_has_its_top_at_the_end_of_warmup():
    """There both curves meet, at 1 / √(d W)."""
    t = np.arange(1, 200)
    rates = transformer_lr(t, 64, 25)

    assert t[np.argmax(rates)] == 25
    assert rates.max() == pytest.approx(1 / np.sqrt(64 * 25))
    np.testing.assert_allclose(rates[:25], rates[0] * t[:25])
    np.testing.assert_allclose(rates[24:] * np.sqrt(t[24:]), 1 / 8)


# --- feature scaling --------------------------------------------------------


def test_standardize_gives_mean_0_and_deviation_1(rng):
    """On the training set; the test set goes through the same straight lines."""
    X, X_test = rng.uniform(-3, 9, (8, 3)), rng.uniform(-3, 9, (5, 3))

    Z, Z_test = standardize(X, X_test)

    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(Z.std(axis=0), 1)
    for j in range(3):
        line = np.polynomial.Polynomial.fit(X[:, j], Z[:, j], 1)
        np.testing.assert_allclose(Z_test[:, j], line(X_test[:, j]))


def test_standardize_does_not_see_units(rng):
    """Other units of the columns give the same table."""
    X, X_test = rng.standard_normal((8, 3)), rng.standard_normal((5, 3))
    unit, zero = np.array([1e-3, 1.0, 1e6]), np.array([5.0, -2.0, 3.0])

    first = standardize(X, X_test)
    second = standardize(unit * X + zero, unit * X_test + zero)

    np.testing.assert_allclose(first[0], second[0], atol=1e-9)
    np.testing.assert_allclose(first[1], second[1], atol=1e-9)


@pytest.mark.parametrize("value", [0.0, 3.0, 0.1, 1 / 3, 1e100])
def test_constant_column_becomes_zero(value):
    """Also where its mean is rounded, so that its deviation is not quite 0."""
    X = np.column_stack([np.full(10, value), np.arange(10.0)])

    Z, Z_test = standardize(X, X[:3])

    assert np.all(Z[:, 0] == 0)
    assert np.all(Z_test[:, 0] == 0)
    assert np.isfinite(Z).all()


def test_condition_number_is_that_of_the_hessian(rng):
    """Computed by eigenvalues instead; a common factor or a rotation is not seen."""
    X = rng.standard_normal((9, 4))
    eigenvalues = np.linalg.eigvalsh(X.T @ X / 9)
    Q, _ = np.linalg.qr(rng.standard_normal((4, 4)))

    kappa = condition_number(X)

    assert kappa == pytest.approx(eigenvalues[-1] / eigenvalues[0], rel=1e-9)
    assert condition_number(7 * X) == pytest.approx(kappa)
    assert condition_number(X @ Q) == pytest.approx(kappa)


def test_condition_number_of_a_singular_matrix_is_infinite(rng):
    """A zero column, tied columns, fewer rows than columns."""
    X = rng.standard_normal((9, 4))
    zero, tied = X * [1, 0, 1, 1], X.copy()
    tied[:, 2] = X[:, 0] - 3 * X[:, 1]

    for singular in (zero, tied, X[:3]):
        assert condition_number(singular) == np.inf


@pytest.mark.parametrize(
    ("table", "before", "after"),
    [(datasets.wine, 8.0e7, 45.5), (datasets.breast_cancer, 2.2e12, 1.0e5)],
)
def test_real_tables_become_rounder(table, before, after):
    """By powers of ten; the numbers are by the eigenvalues of X^T X / n."""
    X = table().X

    Z, _ = standardize(X, X)

    assert condition_number(X) == pytest.approx(before, rel=0.02)
    assert condition_number(Z) == pytest.approx(after, rel=0.02)
