"""The kernels of chapter 03 against closed forms, other programs and the papers."""

import numpy as np
import pytest

from autograder.kernels.momentum import (
    convergence_rate,
    ema_momentum_step,
    momentum_step,
    nesterov_difference_step,
    nesterov_step,
    optimal_momentum,
    velocity_weights,
)
from autograder.lab.landscapes import kinked_bowl

ZERO, ONE = np.zeros(1), np.ones(1)


def steps_to(target, step, curvatures, at_most=2000):
    """Steps until every error that begins at 1 is at most `target`."""
    error, velocity = np.ones(len(curvatures)), np.zeros(len(curvatures))
    for n in range(at_most):
        if np.abs(error).max() <= target:
            return n
        error, velocity = step(error, velocity)
    return at_most


def test_two_steps_by_hand():
    """Gradients 1 and 1, lr 1, momentum one half: the places of three forms."""
    theta, velocity = momentum_step(ZERO, ZERO, ONE, 1.0, 0.5)
    again, _ = momentum_step(theta, velocity, ONE, 1.0, 0.5)
    mean, m = ema_momentum_step(ZERO, ZERO, ONE, 1.0, 0.5)
    mean_again, _ = ema_momentum_step(mean, m, ONE, 1.0, 0.5)
    ahead, m = nesterov_difference_step(ZERO, ZERO, ONE, ZERO, 1.0, 0.5)
    ahead_again, _ = nesterov_difference_step(ahead, m, ONE, ONE, 1.0, 0.5)

    assert [theta.item(), again.item()] == [-1.0, -2.5]
    assert [mean.item(), mean_again.item()] == [-0.5, -1.25]
    assert [ahead.item(), ahead_again.item()] == [-1.5, -3.25]


def test_polyaks_own_form_takes_the_same_path():
    """theta - lr g + beta (theta - theta before), which has no velocity."""
    rng = np.random.default_rng(0)
    theta, velocity = rng.standard_normal(3), np.zeros(3)
    here = before = theta
    for grad in rng.standard_normal((20, 3)):
        theta, velocity = momentum_step(theta, velocity, grad, 0.3, 0.8)
        here, before = here - 0.3 * grad + 0.8 * (here - before), here

        assert np.allclose(theta, here, rtol=0, atol=1e-13)


def test_the_average_is_heavy_ball_with_a_smaller_learning_rate():
    """lr (1 - beta) inside a velocity is lr outside an average."""
    rng = np.random.default_rng(1)
    theta = mean = rng.standard_normal((2, 3))
    velocity = m = np.zeros((2, 3))
    for grad in rng.standard_normal((20, 2, 3)):
        theta, velocity = momentum_step(theta, velocity, grad, 0.1 * 0.3, 0.7)
        mean, m = ema_momentum_step(mean, m, grad, 0.1, 0.7)

        assert np.allclose(theta, mean, rtol=0, atol=1e-13)


def test_velocity_is_the_weighted_sum_of_all_gradients():
    """Equation (3.3), with the oldest gradient first."""
    gradients = np.random.default_rng(2).standard_normal(12)
    velocity = np.zeros(())
    for grad in gradients:
        _, velocity = momentum_step(np.zeros(()), velocity, grad, 0.3, 0.6)

    assert velocity == pytest.approx(-0.3 * velocity_weights(0.6, 12) @ gradients)
    assert velocity_weights(0.9, 3000).sum() == pytest.approx(10)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_the_limit_of_stability(beta):
    """Heavy ball converges while lr times the curvature is below 2 (1 + beta)."""
    limit = 2 * (1 + beta)

    assert convergence_rate(limit - 0.01, beta, np.ones(1)) < 1
    assert convergence_rate(limit + 0.01, beta, np.ones(1)) > 1


@pytest.mark.parametrize(
    ("beta", "rate"), [(0.0, 1.4), (0.25, 0.859), (0.5, 0.7071)], ids=str
)
def test_the_rates_of_a_known_example(beta, rate):
    """0.1 x² + 2 y² with lr 0.6, as in Dive into Deep Learning, section 12.6."""
    assert convergence_rate(0.6, beta, np.array([0.2, 4.0])) == pytest.approx(
        rate, abs=5e-4
    )


def test_polyaks_pair_has_the_best_rate_of_a_grid():
    """And that rate is the root of its momentum."""
    lr, beta = optimal_momentum(0.1, 2.0)
    curvatures = np.array([0.1, 2.0])
    best = convergence_rate(lr, beta, curvatures)
    grid = [
        convergence_rate(lr, beta, curvatures)
        for lr in np.linspace(0.1, 2, 39)
        for beta in np.linspace(0, 0.95, 39)
    ]

    # Two eigenvalues coincide there, so that rounding counts by its root.
    assert best == pytest.approx(np.sqrt(beta), abs=1e-7)
    assert best == pytest.approx(0.6345, abs=1e-4)
    assert min(grid) >= best - 1e-7


def test_steps_on_a_ravine_of_condition_number_one_hundred():
    """Plain descent by its closed form; heavy ball and Nesterov far below it."""
    curvatures = np.array([1.0, 100.0])
    lr, beta = optimal_momentum(1.0, 100.0)
    root = np.sqrt(100.0)

    plain = steps_to(
        1e-6, lambda e, v: momentum_step(e, v, curvatures * e, 2 / 101, 0.0), curvatures
    )
    heavy = steps_to(
        1e-6, lambda e, v: momentum_step(e, v, curvatures * e, lr, beta), curvatures
    )
    ahead = steps_to(
        1e-6,
        lambda e, v: nesterov_step(
            e, v, lambda x: curvatures * x, 1 / 100, (root - 1) / (root + 1)
        ),
        curvatures,
    )

    assert plain == np.ceil(np.log(1e-6) / np.log(99 / 101))
    assert heavy == 95
    assert heavy < ahead < plain / 4


def test_the_best_pair_for_quadratics_runs_in_a_circle_elsewhere():
    """The example of Lessard, Recht and Packard (2016), section 4.6."""
    theta, velocity = np.array(3.3), np.array(0.0)
    places = []
    for _ in range(300):
        grad = kinked_bowl.gradient(theta)
        theta, velocity = momentum_step(theta, velocity, grad, 1 / 9, 4 / 9)
        places.append(float(theta))

    assert np.allclose(np.sort(places[-3:]), np.array([-2208, 792, 2592]) / 1225)


@pytest.mark.parametrize("beta", [0.0, 0.6, 0.9])
def test_the_floor_of_noise(beta):
    """On x²/2 with noise of variance 1, as the closed form of the chapter says."""
    rng, lr = np.random.default_rng(3), 0.1
    x = velocity = np.zeros(20_000)
    for _ in range(400):
        x, velocity = momentum_step(
            x, velocity, x + rng.standard_normal(20_000), lr, beta
        )
    theory = lr * (1 + beta) / ((1 - beta) * (2 * (1 + beta) - lr))

    # The variance of 20,000 draws is off by 1 % in one case of three.
    assert x.var() == pytest.approx(theory, rel=0.05)


def test_both_forms_of_nesterovs_method_are_one():
    """The one with a difference stands where the other one looks ahead to."""
    curvatures = np.array([0.3, 1.7])
    theta = place = np.array([2.0, -1.0])
    m = previous = velocity = np.zeros(2)
    for _ in range(30):
        grad = curvatures * theta
        theta, m = nesterov_difference_step(theta, m, grad, previous, 0.2, 0.8)
        place, velocity = nesterov_step(
            place, velocity, lambda x: curvatures * x, 0.2, 0.8
        )
        previous = grad

        assert np.allclose(theta, place + 0.8 * velocity, rtol=0, atol=1e-13)
