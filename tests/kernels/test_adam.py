"""Adam and its kin against closed forms and against each other."""

import numpy as np
import pytest

from autograder.kernels.adam import (
    adam_step,
    adamw_step,
    amsgrad_step,
    correct_bias,
    folded_adam_step,
    folded_epsilon,
    startup_ratio,
    update_moments,
)
from autograder.kernels.adaptive_learning_rates import rmsprop_step

LATE = 40_000
"""A number of a step at which no bias is left in float64."""


@pytest.fixture
def rng():
    return np.random.default_rng(2015)


def test_moments_are_weighted_sums(rng):
    """After t steps each gradient has the weight (1 - beta) * beta**(its age)."""
    grads = rng.normal(size=(9, 2, 3))
    m = v = np.zeros((2, 3))
    for grad in grads:
        m, v = update_moments(m, v, grad, 0.7, 0.9)

    age = np.arange(8, -1, -1.0)
    np.testing.assert_allclose(m, np.tensordot(0.3 * 0.7**age, grads, 1))
    np.testing.assert_allclose(v, np.tensordot(0.1 * 0.9**age, grads**2, 1))


def test_correction_gives_a_constant_gradient_back():
    """Of equal gradients the corrected averages are that gradient and its square."""
    grad = np.array([3.0, -0.2])
    m = v = np.zeros(2)
    for t in range(1, 50):
        m, v = update_moments(m, v, grad)

        np.testing.assert_allclose(correct_bias(m, 0.9, t), grad)
        np.testing.assert_allclose(correct_bias(v, 0.999, t), grad**2)


@pytest.mark.parametrize("t", [0, -1, -7])
def test_correction_refuses_a_count_below_one(t):
    """Before the first step there is nothing to correct."""
    with pytest.raises(ValueError, match="counts from 1"):
        correct_bias(np.ones(2), 0.9, t)


def test_first_step_is_the_sign_of_the_gradient(rng):
    """Without eps, every parameter moves by the learning rate."""
    grad, zeros = rng.normal(size=(4, 3)), np.zeros((4, 3))

    theta, _, _ = adam_step(zeros, zeros, zeros, 1, grad, lr=0.2, eps=0.0)

    np.testing.assert_allclose(theta, -0.2 * np.sign(grad))


def test_scale_of_the_loss_does_not_matter_without_eps(rng):
    """A factor on every gradient leaves the path as it is."""
    grads = rng.normal(size=(20, 3))
    ends = []
    for scale in (1.0, 1e6):
        theta = m = v = np.zeros(3)
        for t, grad in enumerate(grads, start=1):
            theta, m, v = adam_step(theta, m, v, t, scale * grad, eps=0.0)
        ends.append(theta)

    np.testing.assert_allclose(ends[0], ends[1])


def test_late_adam_without_momentum_is_rmsprop(rng):
    """With beta1 = 0 and no bias left, only RMSProp's step remains."""
    theta, v, grad = rng.normal(size=3), rng.uniform(1, 2, size=3), rng.normal(size=3)

    ours, _, ours_v = adam_step(theta, 0 * v, v, LATE, grad, 0.1, 0.0, 0.95, 1e-3)
    theirs, theirs_v = rmsprop_step(theta, v, grad, 0.1, 0.95, 1e-3)

    np.testing.assert_allclose(ours, theirs)
    np.testing.assert_allclose(ours_v, theirs_v)


def test_startup_ratio_is_what_the_steps_measure():
    """Uncorrected over corrected steps on a constant gradient, one by one."""
    grad, ratios = np.array([4.0]), []
    corrected = uncorrected = (np.zeros(1), np.zeros(1), np.zeros(1))
    for t in range(1, 101):
        one = adam_step(*corrected, t, grad, eps=0.0)
        two = adam_step(*uncorrected, LATE, grad, eps=0.0)
        ratios.append(((two[0] - uncorrected[0]) / (one[0] - corrected[0])).item())
        corrected, uncorrected = one, two

    wanted = [startup_ratio(0.9, 0.999, t) for t in range(1, 101)]
    np.testing.assert_allclose(ratios, wanted)


def test_startup_ratio_has_its_peak_at_step_twelve():
    """3.16 at first, 6.57 at t = 12, within 1 % of 1 only from step 3,925 on."""
    ratio = np.array([startup_ratio(0.9, 0.999, t) for t in range(1, 5001)])

    assert ratio[0] == pytest.approx(np.sqrt(10))
    assert ratio.argmax() + 1 == 12
    assert ratio.max() == pytest.approx(6.5685, abs=5e-5)
    assert np.flatnonzero(ratio > 1.01)[-1] + 2 == 3925


def test_folded_form_with_its_own_eps_is_the_plain_form(rng):
    """Step by step; with the same eps it is not."""
    plain = folded = same = (rng.normal(size=3), np.zeros(3), np.zeros(3))
    for t in range(1, 30):
        grad = 0.1 * rng.normal(size=3)
        plain = adam_step(*plain, t, grad, lr=0.1, eps=1e-2)
        eps = folded_epsilon(1e-2, 0.999, t)
        folded = folded_adam_step(*folded, t, grad, lr=0.1, eps=eps)
        same = folded_adam_step(*same, t, grad, lr=0.1, eps=1e-2)

    for one, other in zip(plain, folded, strict=True):
        np.testing.assert_allclose(one, other)
    assert np.abs(plain[0] - same[0]).max() > 0.1


def test_decay_is_beside_the_step(rng):
    """AdamW's step is Adam's minus lr * weight_decay * theta, whatever the gradient."""
    theta, m, grad = rng.normal(size=(3, 2, 4))
    v = rng.uniform(1, 2, size=(2, 4))

    plain = adam_step(theta, m, v, 5, grad, lr=0.3)
    decayed = adamw_step(theta, m, v, 5, grad, lr=0.3, weight_decay=0.2)

    np.testing.assert_allclose(decayed[0], plain[0] - 0.3 * 0.2 * theta)
    np.testing.assert_array_equal(decayed[1], plain[1])
    np.testing.assert_array_equal(decayed[2], plain[2])


def test_amsgrad_is_adam_while_the_average_grows():
    """Ever larger gradients make v its own maximum; then a small one parts them."""
    adam = ams = (np.zeros(2), np.zeros(2), np.zeros(2))
    ams = (*ams, np.zeros(2))
    for t in range(1, 20):
        grad = np.array([1.0, -2.0]) * t
        adam = adam_step(*adam, t, grad, beta2=0.9)
        ams = amsgrad_step(*ams, t, grad, beta2=0.9)
        np.testing.assert_array_equal(ams[0], adam[0])
    largest = ams[3]
    for t in range(20, 40):
        adam = adam_step(*adam, t, np.ones(2), beta2=0.9)
        ams = amsgrad_step(*ams, t, np.ones(2), beta2=0.9)

    np.testing.assert_array_equal(ams[3], largest)
    assert np.abs(ams[0] - adam[0]).max() > 1e-4


@pytest.mark.parametrize(
    ("step", "n_moments", "end"), [(adam_step, 2, 1.0), (amsgrad_step, 3, -1.0)]
)
def test_stream_of_reddi(step, n_moments, end):
    """Adam with a short memory goes to the worst point, AMSGrad to the best."""
    x, moments = np.array(0.0), [np.array(0.0)] * n_moments
    for t in range(1, 1001):
        grad = np.array(4.0 if t % 3 == 1 else -1.0)
        x, *moments = step(x, *moments, t, grad, 0.5 / np.sqrt(t), 0.0, 1 / 17)
        x = np.clip(x, -1, 1)

    assert x == pytest.approx(end, abs=0.05)
