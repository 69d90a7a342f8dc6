"""Momentum in forms that no list has: right ones pass, wrong ones do not."""

from collections import namedtuple

import numpy as np
import pytest

from autograder.checking.cases import draw_question, public_seed
from autograder.checking.judging import verdict as judged
from autograder.exercises import chapter_of, find

State = namedtuple("State", "theta velocity")
RIGHT, LISTED, UNLISTED = [], [], []


def right(form):
    """Collect a right form; what stands before two underlines is its exercise."""
    RIGHT.append(form)
    return form


def listed(name):
    """Collect another spelling of the misconception `name`."""

    def collect(form):
        LISTED.append((form, name))
        return form

    return collect


def unlisted(form):
    """Collect a mistake that no misconception is about."""
    UNLISTED.append(form)
    return form


def verdicts(form):
    """What is said of a form in the public cases and in fresh ones."""
    exercise = find(form.__name__.split("__")[0])
    chapter = chapter_of(exercise.name)
    for seed in [public_seed(exercise.name), (11,), (12,), (13,)]:
        question = draw_question(exercise, chapter, seed)
        yield judged(form, question)


def spectral_radius(lr, beta, h):
    return np.abs(np.roots([1, -(1 + beta - lr * h), beta])).max()


# --- right ------------------------------------------------------------------


@right
def momentum_step__from_the_place_before(theta, velocity, grad, lr, beta):
    before = theta - velocity
    new = theta - lr * grad + beta * (theta - before)
    return new, new - theta


@right
def momentum_step__by_the_average(theta, velocity, grad, lr, beta):
    m = -velocity * (1 - beta) / lr
    step = lr / (1 - beta) * (beta * m + (1 - beta) * grad)
    return theta - step, -step


@right
def momentum_step__entry_by_entry(theta, velocity, grad, lr, beta):
    pairs = zip(velocity.ravel(), grad.ravel(), strict=True)
    new = np.array([beta * v - lr * g for v, g in pairs]).reshape(theta.shape)
    return theta + new, new


@right
def momentum_step__into_a_new_array(theta, velocity, grad, lr, beta):
    new = np.empty_like(velocity)
    np.multiply(velocity, beta, out=new)
    np.subtract(new, lr * grad, out=new)
    return np.add(theta, new), new


@right
def momentum_step__as_a_product(theta, velocity, grad, lr, beta):
    new = np.tensordot([beta, -lr], np.stack([velocity, grad]), axes=1)
    return theta + new, new


@right
def momentum_step__in_a_named_tuple(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad
    return State(theta + velocity, velocity)


@right
def momentum_step__with_reordered_parameters(theta, grad, velocity, beta=0.9, lr=0.1):
    velocity = beta * velocity - lr * grad
    return theta + velocity, velocity


@right
def ema_momentum_step__by_the_sum(theta, m, grad, lr, beta):
    total = beta * m / (1 - beta) + grad
    return theta - lr * (1 - beta) * total, (1 - beta) * total


@right
def ema_momentum_step__weighted(theta, m, grad, lr, beta):
    m = np.average(np.stack([m, grad]), axis=0, weights=[beta, 1 - beta])
    return theta - lr * m, m


@right
def nesterov_step__in_place_on_copies(theta, velocity, grad_fn, lr, beta):
    theta, velocity = theta.copy(), velocity.copy()
    grad = grad_fn(theta + beta * velocity)
    velocity *= beta
    velocity -= lr * grad
    theta += velocity
    return theta, velocity


@right
def nesterov_step__by_two_places(theta, velocity, grad_fn, lr, beta):
    ahead = theta + beta * velocity
    new = ahead - lr * grad_fn(ahead)
    return new, new - theta


@right
def nesterov_difference_step__extrapolated(theta, m, grad, previous_grad, lr, beta):
    ahead = (1 + beta) * grad - beta * previous_grad
    m = ahead + m * beta
    return theta - lr * m, m


@right
def velocity_weights__by_products(beta, t):
    factors = np.full(t, float(beta))
    factors[0] = 1
    return np.cumprod(factors)[::-1]


@right
def velocity_weights__by_vandermonde(beta, t):
    return np.vander([beta], t)[0]


@right
def velocity_weights__by_rolling(beta, t):
    velocity = np.zeros(t)
    for one in np.eye(t):
        velocity = beta * velocity + one
    return velocity


@right
def convergence_rate__by_roots(lr, beta, eigenvalues):
    return max(spectral_radius(lr, beta, h) for h in eigenvalues)


@right
def convergence_rate__by_cases(lr, beta, eigenvalues):
    half = np.abs(1 + beta - lr * eigenvalues) / 2
    real = half**2 > beta
    grown = half + np.sqrt(np.where(real, half**2 - beta, 0))
    return np.where(real, grown, np.sqrt(beta)).max()


@right
def convergence_rate__by_one_large_matrix(lr, beta, eigenvalues):
    n = len(eigenvalues)
    one, none = np.eye(n), np.zeros((n, n))
    step = np.block([[(1 + beta) * one - lr * np.diag(eigenvalues), -beta * one]])
    step = np.vstack([step, np.hstack([one, none])])
    return np.abs(np.linalg.eigvals(step)).max()


@right
def optimal_momentum__by_the_slower_side(mu, L):
    lr = 4 / (L + mu + 2 * (L * mu) ** 0.5)
    return lr, max((1 - (lr * h) ** 0.5) ** 2 for h in (mu, L))


@pytest.mark.parametrize("form", RIGHT, ids=lambda form: form.__name__)
def test_another_right_form_passes(form):
    """The check asks for numbers, not for a way to get them."""
    for verdict in verdicts(form):
        assert verdict.passed, verdict.message.text()


# --- listed mistakes in other words -----------------------------------------


@listed("velocity_used_after_update")
def nesterov_step__of_a_book(theta, velocity, grad_fn, lr, beta):
    grad = grad_fn(theta)
    velocity = velocity * beta
    velocity = velocity - lr * grad
    theta = theta + beta * beta * velocity
    return theta - (1 + beta) * lr * grad, velocity


@listed("shifted_variable")
def nesterov_step__shifted(theta, velocity, grad_fn, lr, beta):
    new = beta * velocity - lr * grad_fn(theta)
    return theta - beta * velocity + (1 + beta) * new, new


@listed("lr_outside_velocity")
def momentum_step__as_pytorch(theta, velocity, grad, lr, beta):
    buffer = np.copy(velocity) * beta
    buffer += grad
    return theta - lr * buffer, buffer


@listed("averaged_gradients")
def momentum_step__towards_the_gradient(theta, velocity, grad, lr, beta):
    velocity = velocity + (1 - beta) * (grad - velocity)
    return theta - lr * velocity, velocity


@listed("lr_twice_on_uphill_velocity")
def momentum_step__lr_in_and_out(theta, velocity, grad, lr, beta):
    step = lr * (beta * velocity + lr * grad)
    return theta - step, step / lr


@listed("first_gradient_whole")
def ema_momentum_step__as_dampening(theta, m, grad, lr, beta):
    started = np.linalg.norm(m) > 0
    m = m + (1 - beta) * (grad - m) if started else np.array(grad)
    return theta - lr * m, m


@listed("nesterov_pair")
def optimal_momentum__of_nesterov(mu, L):
    a, b = np.sqrt(mu), np.sqrt(L)
    return b**-2, (b - a) / (b + a)


@pytest.mark.parametrize(
    ("form", "name"), LISTED, ids=[form.__name__ for form, _ in LISTED]
)
def test_a_mistake_in_other_words_is_named(form, name):
    """Numbers decide, so that another spelling has the same name."""
    for verdict in verdicts(form):
        assert verdict.misconceptions == (name,)


# --- mistakes without a name ------------------------------------------------


@unlisted
def momentum_step__unit_gradient(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad / np.linalg.norm(grad)
    return theta + velocity, velocity


@unlisted
def momentum_step__signs(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * np.sign(grad)
    return theta + velocity, velocity


@unlisted
def momentum_step__root_of_beta(theta, velocity, grad, lr, beta):
    velocity = np.sqrt(beta) * velocity - lr * grad
    return theta + velocity, velocity


@unlisted
def momentum_step__mean_gradient(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad.mean()
    return theta + velocity, velocity


@unlisted
def momentum_step__clipped(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * np.clip(grad, -1, 1)
    return theta + velocity, velocity


@unlisted
def momentum_step__rounded(theta, velocity, grad, lr, beta):
    velocity = np.round(beta * velocity - lr * grad, 6)
    return theta + velocity, velocity


@unlisted
def momentum_step__weights_exchanged(theta, velocity, grad, lr, beta):
    velocity = (1 - beta) * velocity - beta * lr * grad
    return theta + velocity, velocity


@unlisted
def momentum_step__lr_on_the_past(theta, velocity, grad, lr, beta):
    velocity = lr * (beta * velocity - grad)
    return theta + velocity, velocity


@unlisted
def momentum_step__corrected(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad
    return theta + velocity / (1 - beta), velocity


@unlisted
def ema_momentum_step__squares(theta, m, grad, lr, beta):
    m = beta * m + (1 - beta) * grad**2
    return theta - lr * m, m


@unlisted
def ema_momentum_step__averages_theta_too(theta, m, grad, lr, beta):
    m = beta * m + (1 - beta) * grad
    return theta - (1 - beta) * lr * m, m


@unlisted
def nesterov_step__gradients_averaged(theta, velocity, grad_fn, lr, beta):
    grad = (grad_fn(theta) + grad_fn(theta + beta * velocity)) / 2
    velocity = beta * velocity - lr * grad
    return theta + velocity, velocity


@unlisted
def nesterov_step__ahead_of_the_whole_step(theta, velocity, grad_fn, lr, beta):
    step = beta * velocity - lr * grad_fn(theta)
    velocity = beta * velocity - lr * grad_fn(theta + step)
    return theta + velocity, velocity


@unlisted
def nesterov_step__ahead_by_lr(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity - lr * grad_fn(theta + lr * velocity)
    return theta + velocity, velocity


@unlisted
def nesterov_step__returns_the_next_place_ahead(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity - lr * grad_fn(theta + beta * velocity)
    return theta + (1 + beta) * velocity, velocity


@unlisted
def nesterov_difference_step__sum_of_both(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + grad + beta * (grad + previous_grad)
    return theta - lr * m, m


@unlisted
def velocity_weights__from_one_newest_first(beta, t):
    return beta ** np.arange(1.0, t + 1)


@unlisted
def convergence_rate__of_two_steps_in_one(lr, beta, eigenvalues):
    return max(spectral_radius(2 * lr, beta, h) for h in eigenvalues)


@unlisted
def optimal_momentum__between_the_two(mu, L):
    root = np.sqrt(L / mu)
    return 1 / np.sqrt(L * mu), ((root - 1) / (root + 1)) ** 2


@pytest.mark.parametrize("form", UNLISTED, ids=lambda form: form.__name__)
def test_a_mistake_without_a_name_is_refused_and_given_none(form):
    """It earns less than all, and nothing is guessed about it."""
    points = find(form.__name__.split("__")[0]).points
    for verdict in verdicts(form):
        assert not verdict.passed
        assert verdict.score < points
        assert verdict.misconceptions == ()
