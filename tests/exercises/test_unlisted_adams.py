"""Wrong Adams that no misconception is about: refused, and not called by a name."""

import inspect

import numpy as np
import pytest

from autograder.checking.cases import draw_question, public_seed
from autograder.checking.judging import verdict as judged
from autograder.exercises.adam import CHAPTER
from autograder.exercises.adam.adam_step import ADAM_STEP

QUESTIONS = [
    draw_question(ADAM_STEP, CHAPTER, seed)
    for seed in [public_seed("adam_step"), (11,), (12,), (13,)]
]

UNLISTED = {}


def unlisted(body):
    """Collect a wrong Adam: a function of the averages and all the rest."""

    def adam_step(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        return body(theta, m, v, t, grad, lr, beta1, beta2, eps)

    UNLISTED[body.__name__] = adam_step
    return body


def average(old, new, beta):
    return beta * old + (1 - beta) * new


def moved(theta, m_hat, v_hat, lr, eps):
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps)


# --- counting ---------------------------------------------------------------


@unlisted
def half_the_power(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1 ** (t / 2)), v / (1 - beta2 ** (t / 2))
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def twice_the_power_for_v(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2 ** (2 * t))
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def count_stops_at_two(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v, t = average(m, grad, beta1), average(v, grad**2, beta2), min(t, 2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def correction_stops_after_ten(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    if t > 10:
        return moved(theta, m, v, lr, eps), m, v
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def zero_count_guarded(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    k = max(t - 1, 1)
    m_hat, v_hat = m / (1 - beta1**k), v / (1 - beta2**k)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def m_one_step_ahead(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1 ** (t + 1)), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def v_one_step_ahead(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2 ** (t + 1))
    return moved(theta, m_hat, v_hat, lr, eps), m, v


class _OwnCounter:
    t = 0


@unlisted
def counts_by_itself(theta, m, v, t, grad, lr, beta1, beta2, eps):
    _OwnCounter.t += 1
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat = m / (1 - beta1**_OwnCounter.t)
    v_hat = v / (1 - beta2**_OwnCounter.t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def eps_in_the_corrections(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t + eps), v / (1 - beta2**t + eps)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


# --- averages ---------------------------------------------------------------


@unlisted
def gradient_averaged_twice(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(average(m, grad, beta1), grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def cubes_in_v(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, np.abs(grad) ** 3, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def product_of_gradient_and_average(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m = average(m, grad, beta1)
    v = average(v, np.abs(grad * m), beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def weights_of_the_other_average(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta2) * grad
    v = beta2 * v + (1 - beta1) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def running_mean_of_all(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = m + (grad - m) / t, v + (grad**2 - v) / t
    return moved(theta, m, v, lr, eps), m, v


@unlisted
def largest_entry_for_all(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, np.max(grad**2), beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def mean_over_first_axis(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m = average(m, grad, beta1)
    v = average(v, (grad**2).mean(axis=0, keepdims=True), beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def yogi(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m = average(m, grad, beta1)
    v = v - (1 - beta2) * np.sign(v - grad**2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def gradient_clipped(theta, m, v, t, grad, lr, beta1, beta2, eps):
    grad = np.clip(grad, -0.25, 0.25)
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def gradient_of_unit_length(theta, m, v, t, grad, lr, beta1, beta2, eps):
    grad = grad / np.sqrt(np.sum(grad**2))
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


@unlisted
def gradient_centred(theta, m, v, t, grad, lr, beta1, beta2, eps):
    grad = grad - grad.mean()
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


# --- the step ---------------------------------------------------------------


@unlisted
def fourth_root(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (v_hat**0.25 + eps), m, v


@unlisted
def centred_scale(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, np.abs(v_hat - m_hat**2), lr, eps), m, v


@unlisted
def eps_subtracted(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, -eps), m, v


@unlisted
def eps_in_the_numerator(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat + eps, v_hat, lr, eps), m, v


@unlisted
def eps_of_at_least_one_millionth(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, max(eps, 1e-6)), m, v


@unlisted
def numerator_and_denominator_exchanged(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * np.sqrt(v_hat) / (m_hat + eps), m, v


@unlisted
def size_of_average_sign_of_gradient(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, np.sign(grad) * np.abs(m_hat), v_hat, lr, eps), m, v


@unlisted
def corrected_gradient_in_numerator(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    return moved(theta, grad / (1 - beta1**t), v / (1 - beta2**t), lr, eps), m, v


@unlisted
def step_clipped(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = np.clip(m_hat / (np.sqrt(v_hat) + eps), -0.5, 0.5)
    return theta - lr * step, m, v


@unlisted
def trust_ratio_of_lamb(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps)
    ratio = np.sqrt(np.sum(theta**2) / np.sum(step**2))
    return theta - lr * ratio * step, m, v


@unlisted
def lion(theta, m, v, t, grad, lr, beta1, beta2, eps):
    theta = theta - lr * np.sign(average(m, grad, beta1))
    return theta, average(m, grad, beta2), v


@unlisted
def lr_decays_with_t(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr / t, eps), m, v


@unlisted
def lr_warmed_up(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr * min(1, t / 10), eps), m, v


@unlisted
def penalty_of_one_tenth(theta, m, v, t, grad, lr, beta1, beta2, eps):
    grad = grad + 0.1 * theta
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


# --- what comes back --------------------------------------------------------


@unlisted
def moments_in_a_pair(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), (m, v)


@unlisted
def a_dict(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return {"theta": moved(theta, m_hat, v_hat, lr, eps), "m": m, "v": v}


@unlisted
def flattened(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps).reshape(-1), m, v


@unlisted
def single_precision(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps).astype(np.float32), m, v


@unlisted
def rounded_to_six_decimals(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return np.round(moved(theta, m_hat, v_hat, lr, eps), 6), m, v


@unlisted
def root_of_v_handed_on(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, np.sqrt(v)


@unlisted
def gradient_handed_on_as_m(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m, v = average(m, grad, beta1), average(v, grad**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), grad.copy(), v


@unlisted
def gradient_spoiled(theta, m, v, t, grad, lr, beta1, beta2, eps):
    m = average(m, grad, beta1)
    grad **= 2
    v = average(v, grad, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return moved(theta, m_hat, v_hat, lr, eps), m, v


# --- laws -------------------------------------------------------------------


def verdict(question, function):
    _OwnCounter.t = 0
    return judged(function, question)


@pytest.mark.parametrize("name", UNLISTED)
def test_an_unlisted_mistake_is_refused_and_not_named(name):
    """A wrong Adam that no list has earns no full marks and is called no name."""
    for question in QUESTIONS:
        found = verdict(question, UNLISTED[name])

        assert not found.passed
        assert found.score < ADAM_STEP.points
        assert found.misconceptions == (), found.message.text()


def mean_size_without_root(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = average(m, grad, beta1), average(v, np.abs(grad), beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (v_hat + eps), m, v


def test_an_unlisted_mistake_that_is_two_listed_ones_is_named_as_both():
    """Mean sizes instead of squares, and no root: each is known."""
    for question in QUESTIONS:
        found = verdict(question, mean_size_without_root)

        assert found.misconceptions == ("absolute_gradient_in_v+no_root",)


def test_the_unlisted_are_many_and_new():
    """At least thirty, under names that no misconception has."""
    listed = {mistake.name for mistake in ADAM_STEP.misconceptions}

    assert len(UNLISTED) >= 30
    assert not listed & set(UNLISTED)


def test_the_parts_make_a_right_adam():
    """What the wrong forms are made of is right: each has its own mistake only."""

    def adam_step(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        m, v = average(m, grad, beta1), average(v, grad**2, beta2)
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return moved(theta, m_hat, v_hat, lr, eps), m, v

    for question in QUESTIONS:
        assert verdict(question, adam_step).passed


def test_adam_has_twenty_five_misconceptions_or_more():
    """Every one with the defaults of the reference, but those about defaults."""
    wanted = inspect.signature(ADAM_STEP.reference)
    other = {
        mistake.name
        for mistake in ADAM_STEP.misconceptions
        if inspect.signature(mistake.mutant) != wanted
    }

    assert len(ADAM_STEP.misconceptions) >= 25
    assert other == {
        "lr_default_of_one_hundredth",
        "beta2_default_of_rmsprop",
        "eps_default_of_keras",
    }
