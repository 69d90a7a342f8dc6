"""Answers to chapters 04 and 05 that no list has: right ones pass, wrong ones fail."""

import math

import numpy as np
import pytest

from autograder.checking.cases import draw_question, public_question
from autograder.checking.judging import verdict as judged
from autograder.exercises import chapter_of, find

RIGHT, WRONG = [], []


def right(name):
    """Collect a right form of an exercise."""
    return lambda form: RIGHT.append((name, form)) or form


def wrong(name, told=None):
    """Collect a wrong form, and the misconception whose numbers it has."""
    return lambda form: WRONG.append((name, form, told)) or form


# --- chapter 04, right ------------------------------------------------------


@right("best_quadratic_step")
def best_step_in_a_loop(grad, curvature):
    if not (curvature > 0).all():
        raise ValueError("no minimum")
    pairs = zip(grad.ravel(), curvature.ravel(), strict=True)
    return np.array([abs(g) / h for g, h in pairs]).reshape(grad.shape)


@right("adagrad_step")
def adagrad_by_norm_of_two(theta, r, grad, lr, eps=1e-10):
    root = np.linalg.norm(np.stack([np.sqrt(r), grad]), axis=0)
    return theta - lr * grad * np.reciprocal(root + eps), r + np.abs(grad) ** 2


@right("rms_step")
def rms_behind_a_mask(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    sigma, step = np.sqrt(sum_sq / (t + 1)), np.zeros_like(grad)
    seen = sigma != 0
    step[seen] = grad[seen] / sigma[seen]
    return theta - lr * step, sum_sq


@right("rms_step")
def rms_divided_where_possible(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    root = np.sqrt(sum_sq)
    unit = np.divide(grad, root, out=np.zeros_like(grad), where=root > 0)
    return theta - lr * math.sqrt(t + 1) * unit, sum_sq


@right("rms_step")
def rms_with_one_for_zero(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    sigma = np.sqrt(sum_sq / (t + 1))
    return theta - lr * grad / (sigma + (sigma == 0)), sum_sq


@right("rmsprop_step")
def rmsprop_by_weighted_average(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = np.average([s, grad * grad], axis=0, weights=[rho, 1 - rho])
    return theta - grad * (lr / (eps + s**0.5)), s


@right("step_decay")
def drops_by_remainder(lr, t, drop, every):
    return lr * np.exp(np.log(drop) * ((t - np.mod(t, every)) / every))


@right("inverse_sqrt_decay")
def root_step_by_step(lr, t):
    return np.vectorize(lambda k: lr / math.sqrt(k + 1))(t)


@right("exponential_decay")
def exponential_of_base_two(lr, t, rate):
    return lr * np.exp2(-rate * t / np.log(2))


@right("cosine_decay")
def cosine_by_sine_of_half(lr, t, total, lr_min=0):
    sine = np.sin(np.pi * np.clip(t, 0, total) / (2 * total))
    return lr - (lr - lr_min) * sine**2


@right("warmup")
def warmup_that_asks_twice(schedule, t, warmup_steps):
    rising = schedule(t) * (t + 1) / warmup_steps
    return np.where(np.asarray(t) + 1 < warmup_steps, rising, schedule(t))


@right("warmup")
def warmup_interpolated(schedule, t, warmup_steps):
    return schedule(t) * np.interp(t, [-1, warmup_steps - 1], [0, 1])


@right("transformer_lr")
def transformer_under_one_root(t, d_model, warmup_steps):
    t = np.asarray(t, float)
    return (d_model * np.maximum(t, warmup_steps**3 / t**2)) ** -0.5


@right("standardize")
def scaled_where_spread(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0, ddof=0)
    with np.errstate(all="ignore"):
        spread = std > 1e-12 * np.abs(mean)
        return tuple(np.where(spread, (X - mean) / std, 0) for X in (X_train, X_test))


@right("standardize")
def scaled_unless_range_is_zero(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = np.where(np.ptp(X_train, axis=0) == 0, 1, X_train.std(axis=0))
    return (X_train - mean) / std, (X_test - mean) / std


@right("condition_number")
def kappa_unless_cond_is_huge(X):
    kappa = np.linalg.cond(X.T @ X / len(X))
    return np.inf if kappa > 1e14 else kappa


@right("condition_number")
def kappa_of_general_eigenvalues(X):
    eigenvalues = np.linalg.eigvals(X.T @ X / len(X)).real
    least, most = eigenvalues.min(), eigenvalues.max()
    return math.inf if least < 1e-12 * most else most / least


# --- chapter 05, right ------------------------------------------------------


@right("update_moments")
def moments_from_the_gradient_on(m, v, grad, beta1=0.9, beta2=0.999):
    square = np.square(grad)
    return grad + beta1 * (m - grad), square + beta2 * (v - square)


@right("correct_bias")
def corrected_by_inverse(moment, beta, t):
    if not t >= 1:
        raise ValueError("no step yet")
    return moment * (1 - beta**t) ** -1


@right("adam_step")
def adam_by_geometric_sums(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = moments_from_the_gradient_on(m, v, grad, beta1, beta2)
    held_m = (1 - beta1) * sum(beta1**k for k in range(t))
    held_v = (1 - beta2) * sum(beta2**k for k in range(t))
    return theta - lr * (m / held_m) / (np.sqrt(v / held_v) + eps), m, v


@right("adam_step")
def adam_flattened(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    shape = theta.shape
    theta, m, v, grad = (a.flatten() for a in (theta, m, v, grad))
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    denominator = np.sqrt(v) / math.sqrt(1 - beta2**t) + eps
    theta -= lr / (1 - beta1**t) * m / denominator
    return tuple(a.reshape(shape) for a in (theta, m, v))


@right("folded_adam_step")
def folded_over_corrected_denominator(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = moments_from_the_gradient_on(m, v, grad, beta1, beta2)
    denominator = (np.sqrt(v) + eps) / np.sqrt(1 - beta2**t)
    return theta - lr * m / (1 - beta1**t) / denominator, m, v


@right("startup_ratio")
def ratio_of_two_runs(beta1, beta2, t):
    m = v = 0.0
    for _ in range(t):
        m, v = beta1 * m + (1 - beta1) * 2.0, beta2 * v + (1 - beta2) * 4.0
    return m / math.sqrt(v)


@right("folded_epsilon")
def eps_by_expm1(eps, beta2, t):
    return eps * np.sqrt(-np.expm1(t * np.log(beta2)))


@right("adamw_step")
def decay_after_the_move(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    new, m, v = adam_by_geometric_sums(theta, m, v, t, grad, lr, beta1, beta2, eps)
    new -= lr * weight_decay * theta
    return new, m, v


@right("amsgrad_step")
def larger_by_half_sums(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = moments_from_the_gradient_on(m, v, grad, beta1, beta2)
    v_max = (v_max + v + np.abs(v_max - v)) / 2
    root = math.sqrt(1 - beta2**t)
    step = lr * root / (1 - beta1**t) * m / (np.sqrt(v_max) + eps * root)
    return theta - step, m, v, v_max


# --- chapter 04, wrong ------------------------------------------------------


@wrong("best_quadratic_step")
def best_step_of_mean_curvature(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError
    return np.abs(grad) / np.mean(curvature)


@wrong("adagrad_step")
def adagrad_twice_eps(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / (np.sqrt(r) + 2 * eps), r


@wrong("adagrad_step")
def adagrad_eps_in_the_square(theta, r, grad, lr, eps=1e-10):
    r = r + (grad + eps) ** 2
    return theta - lr * grad / np.sqrt(r), r


@wrong("adagrad_step", "adagrad_eps_added_to_fraction")
def adagrad_unit_step_plus_eps(theta, r, grad, lr, eps=1e-10):
    r = r + grad * grad
    unit = grad * r**-0.5
    return theta - lr * unit - lr * eps, r


@wrong("rms_step", "rms_eps_as_floor")
def rms_floor_of_one_billionth(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    sigma = np.sqrt(sum_sq / (t + 1))
    return theta - lr * grad / np.maximum(sigma, 1e-9), sum_sq


@wrong("rms_step", "rms_eps_as_floor")
def rms_still_below_a_bound(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    sigma = np.sqrt(sum_sq / (t + 1))
    return theta - np.where(sigma > 1e-6, lr * grad / sigma, 0), sum_sq


@wrong("rmsprop_step", "rmsprop_eps_added_to_rate")
def rmsprop_rate_plus_eps(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = s + (1 - rho) * (grad**2 - s)
    rate = lr / np.sqrt(s)
    return theta - rate * grad - eps * grad, s


@wrong("rmsprop_step")
def rmsprop_centred(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    spread = np.abs(s - ((1 - rho) * grad) ** 2)
    return theta - lr * grad / (np.sqrt(spread) + eps), s


@wrong("rmsprop_step")
def rmsprop_root_of_each(theta, s, grad, lr, rho=0.9, eps=1e-8):
    root = np.sqrt(rho * s) + np.sqrt(1 - rho) * np.abs(grad)
    return theta - lr * grad / (root + eps), rho * s + (1 - rho) * grad**2


@wrong("step_decay")
def drops_down_to_a_tenth(lr, t, drop, every):
    return np.maximum(lr * drop ** (np.asarray(t) // every), lr / 10)


@wrong("step_decay")
def two_drops_at_most(lr, t, drop, every):
    return lr * drop ** np.minimum(np.asarray(t) // every, 2)


@wrong("inverse_sqrt_decay")
def root_down_to_a_hundredth(lr, t):
    return lr * np.maximum((np.asarray(t) + 1.0) ** -0.5, 0.01)


@wrong("exponential_decay")
def exponential_down_to_a_thousandth(lr, t, rate):
    return lr * np.maximum(np.exp(-rate * np.asarray(t)), 1e-3)


@wrong("cosine_decay")
def cosine_over_one_step_more(lr, t, total, lr_min=0):
    part = np.minimum(np.asarray(t) + 1, total) / (total + 1)
    return lr_min + (lr - lr_min) * (1 + np.cos(np.pi * part)) / 2


@wrong("warmup")
def warmup_from_a_tenth(schedule, t, warmup_steps):
    rise = 0.1 + 0.9 * np.asarray(t) / warmup_steps
    return schedule(t) * np.minimum(1, rise)


@wrong("warmup")
def warmup_of_half_steps(schedule, t, warmup_steps):
    return schedule(t) * np.minimum(1, (np.asarray(t) + 0.5) / warmup_steps)


@wrong("transformer_lr")
def transformer_line_one_ahead(t, d_model, warmup_steps):
    t = np.asarray(t, float)
    return d_model**-0.5 * np.minimum(t**-0.5, (t + 1) * warmup_steps**-1.5)


@wrong("standardize")
def centred_by_first_row(X_train, X_test):
    std = X_train.std(axis=0)
    std[std == 0] = 1
    return (X_train - X_train[0]) / std, (X_test - X_train[0]) / std


@wrong("condition_number", "kappa_test_without_scale")
def kappa_test_below_1e_14(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    if eigenvalues[0] < 1e-14:
        return np.inf
    return eigenvalues[-1] / eigenvalues[0]


@wrong("condition_number", "kappa_test_without_scale")
def kappa_with_a_fixed_bound(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    if eigenvalues.min() < 1e-10:
        return np.inf
    return eigenvalues.max() / eigenvalues.min()


@wrong("condition_number")
def kappa_huge_for_infinite(X):
    kappa = kappa_of_general_eigenvalues(X)
    return 1e16 if np.isinf(kappa) else kappa


# --- chapter 05, wrong ------------------------------------------------------


@wrong("update_moments")
def moments_ahead(m, v, grad, beta1=0.9, beta2=0.999):
    m, v = moments_from_the_gradient_on(m, v, grad, beta1, beta2)
    return beta1 * m + (1 - beta1) * grad, v


@wrong("correct_bias")
def corrected_to_first_order(moment, beta, t):
    if t < 1:
        raise ValueError
    return moment * (1 + beta**t)


@wrong("correct_bias")
def corrected_for_five_steps(moment, beta, t):
    if t < 1:
        raise ValueError
    return moment / (1 - beta ** min(t, 5))


def _adam(theta, m_hat, root, lr):
    return theta - lr * m_hat / root


@wrong("adam_step")
def corrected_averages_averaged(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = m + (1 - beta1) / (1 - beta1**t) * (grad - m)
    v = v + (1 - beta2) / (1 - beta2**t) * (grad**2 - v)
    return _adam(theta, m, np.sqrt(v) + eps, lr), m, v


@wrong("adam_step")
def eps_shrunk_by_the_other_correction(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = moments_from_the_gradient_on(m, v, grad, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return _adam(theta, m_hat, np.sqrt(v_hat) + eps * (1 - beta1**t), lr), m, v


@wrong("adam_step")
def eps_in_every_square(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * (grad**2 + eps)
    return _adam(theta, m / (1 - beta1**t), np.sqrt(v / (1 - beta2**t)), lr), m, v


@wrong("adam_step")
def spread_around_the_old_mean(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    away = grad - m
    m, v = m + (1 - beta1) * away, beta2 * (v + (1 - beta2) * away**2)
    root = np.sqrt(v / (1 - beta2**t)) + eps
    return _adam(theta, m / (1 - beta1**t), root, lr), m, v


@wrong("adam_step")
def only_where_average_and_gradient_agree(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = moments_from_the_gradient_on(m, v, grad, beta1, beta2)
    root = np.sqrt(v / (1 - beta2**t)) + eps
    return _adam(theta, m * (m * grad > 0) / (1 - beta1**t), root, lr), m, v


@wrong("adam_step", "eps_only_for_zeros")
def not_a_number_made_zero(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = moments_from_the_gradient_on(m, v, grad, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * np.nan_to_num(m_hat / np.sqrt(v_hat)), m, v


@wrong("adam_step", "weight_decay_added")
def decayed_by_one_hundredth(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = moments_from_the_gradient_on(m, v, grad, beta1, beta2)
    root = np.sqrt(v / (1 - beta2**t)) + eps
    return _adam(theta * (1 - 0.01 * lr), m / (1 - beta1**t), root, lr), m, v


@wrong("startup_ratio")
def ratio_with_eps(beta1, beta2, t):
    return (1 - beta1**t) / (np.sqrt(1 - beta2**t) + 1e-6)


@wrong("folded_adam_step")
def folded_with_old_averages(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    theta = theta - lr_t * m / (np.sqrt(v) + eps)
    return theta, *moments_from_the_gradient_on(m, v, grad, beta1, beta2)


@wrong("folded_epsilon")
def eps_by_cube_root(eps, beta2, t):
    return eps * np.cbrt(1 - beta2**t)


@wrong("adamw_step")
def decay_by_exponential(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    new, m, v = adam_by_geometric_sums(theta, m, v, t, grad, lr, beta1, beta2, eps)
    return new - theta + theta * np.exp(-lr * weight_decay), m, v


@wrong("adamw_step")
def penalty_times_learning_rate(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    grad = grad + lr * weight_decay * theta
    return adam_by_geometric_sums(theta, m, v, t, grad, lr, beta1, beta2, eps)


@wrong("amsgrad_step")
def sum_for_the_maximum(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = moments_from_the_gradient_on(m, v, grad, beta1, beta2)
    v_max = v_max + v
    root = np.sqrt(v_max / (1 - beta2**t)) + eps
    return _adam(theta, m / (1 - beta1**t), root, lr), m, v, v_max


@wrong("amsgrad_step")
def folded_maximum(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = moments_from_the_gradient_on(m, v, grad, beta1, beta2)
    v_max = np.maximum(v_max, v)
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return _adam(theta, m, np.sqrt(v_max) + eps, lr_t), m, v, v_max


# --- laws -------------------------------------------------------------------


def verdicts(name, form):
    """Verdicts on the public cases, and on some as the grader draws them."""
    exercise, chapter = find(name), chapter_of(name)
    fresh = [draw_question(exercise, chapter, (seed,)) for seed in (21, 22, 23)]
    for question in [public_question(name), *fresh]:
        yield judged(form, question)


@pytest.mark.parametrize(
    ("name", "form"), RIGHT, ids=lambda x: getattr(x, "__name__", x)
)
def test_a_right_answer_that_no_list_has_passes(name, form):
    """What computes the definition is right, however it is written."""
    for found in verdicts(name, form):
        assert found.passed, found.message.text()


@pytest.mark.parametrize(
    ("name", "form", "told"), WRONG, ids=lambda x: getattr(x, "__name__", "")
)
def test_a_wrong_answer_that_no_list_has_is_refused_and_not_misnamed(name, form, told):
    """Called a known mistake only if its numbers are that mistake's."""
    for found in verdicts(name, form):
        assert not found.passed
        assert found.score < find(name).points
        assert found.misconceptions == ((told,) if told else ()), found.message.text()


def test_every_exercise_of_both_chapters_has_further_answers():
    """Each has a right and a wrong one, under names that no list has."""
    exercises = [
        *chapter_of("adagrad_step").exercises,
        *chapter_of("adam_step").exercises,
    ]
    names = {exercise.name for exercise in exercises}
    listed = {m.name for e in exercises for m in e.misconceptions}
    listed |= {form.__name__ for e in exercises for form in e.equivalents}

    assert {name for name, _ in RIGHT} == {name for name, *_ in WRONG} == names
    assert not listed & {form.__name__ for _, form, *_ in RIGHT + WRONG}
