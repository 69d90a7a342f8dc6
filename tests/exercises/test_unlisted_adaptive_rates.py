"""Wrong answers of chapter 04 that no list has: refused, and not misnamed."""

import numpy as np
import pytest

from autograder.checking.cases import public_question
from autograder.checking.judging import verdict as judged
from autograder.kernels import adaptive_learning_rates as kernels


def adagrad_cube_root(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / (np.cbrt(r) + eps), r


def adagrad_double_square(theta, r, grad, lr, eps=1e-10):
    r = r + 2 * grad**2
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_half_reset(theta, r, grad, lr, eps=1e-10):
    r = np.maximum(r, grad**2)
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_single_precision(theta, r, grad, lr, eps=1e-10):
    r = (r + grad**2).astype(np.float32)
    return theta - lr * grad / (np.sqrt(r) + eps), r


def rms_mean_of_roots(theta, sum_sq, t, grad, lr):
    sigma = (np.sqrt(sum_sq) * t + np.abs(grad)) / (t + 1)
    step = lr * grad / np.where(sigma > 0, sigma, 1.0)
    return theta - step, sum_sq + grad**2


def rms_first_row_only(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    sigma = np.sqrt(sum_sq / (t + 1))
    step = lr * grad / np.where(sigma > 0, sigma, 1.0)
    step[1:] = step[:1]
    return theta - step, sum_sq


def rmsprop_swapped_powers(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho**2 * s + (1 - rho**2) * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_average_with_momentum(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * (rho * grad + (1 - rho) * grad**3) / (np.sqrt(s) + eps), s


def rmsprop_fixed_rho(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = 0.9 * s + 0.1 * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def best_of_largest_gradient(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError
    return np.full_like(grad, np.abs(grad).max()) / curvature


def step_decay_first_drop_doubled(lr, t, drop, every):
    return lr * np.where(np.asarray(t) >= every, drop, 1) * drop ** (t // every)


def step_decay_of_zero(lr, t, drop, every):
    return np.full(np.shape(t), lr)


def inverse_cube_root(lr, t):
    return lr / np.cbrt(t + 1)


def exponential_of_whole_hundreds(lr, t, rate):
    return lr * np.exp(-rate * (np.asarray(t) // 2 * 2))


def cosine_squared(lr, t, total, lr_min=0):
    part = np.minimum(t, total) / total
    return lr_min + (lr - lr_min) * ((1 + np.cos(np.pi * part)) / 2) ** 2


def cosine_sharp_end(lr, t, total, lr_min=0):
    return np.where(np.asarray(t) < total, kernels.cosine_decay(lr, t, total), lr_min)


def warmup_exponential(schedule, t, warmup_steps):
    return schedule(t) * (1 - np.exp(-(np.asarray(t) + 1) / warmup_steps))


def warmup_by_cosine(schedule, t, warmup_steps):
    part = np.minimum(1, (np.asarray(t) + 1) / warmup_steps)
    return schedule(t) * (1 - np.cos(np.pi * part)) / 2


def transformer_other_width(t, d_model, warmup_steps):
    return np.log2(d_model) ** -1 * np.minimum(t**-0.5, t * warmup_steps**-1.5)


def standardize_robustly(X_train, X_test):
    mean = X_train.mean(axis=0)
    spread = np.mean(np.abs(X_train - mean), axis=0)
    spread[spread == 0] = 1
    return (X_train - mean) / spread, (X_test - mean) / spread


def standardize_training_rows_apart(X_train, X_test):
    Z, _ = kernels.standardize(X_train, X_train)
    return Z, np.vstack(
        [kernels.standardize(X_train, row[None])[0][0] for row in X_test]
    )


def condition_by_second_eigenvalue(X):
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return np.inf
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    return eigenvalues[-1] / eigenvalues[min(1, len(eigenvalues) - 1)]


def condition_by_trace(X):
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return np.inf
    H = X.T @ X
    return np.trace(H) * np.trace(np.linalg.inv(H))


WRONG = [
    ("adagrad_step", adagrad_cube_root),
    ("adagrad_step", adagrad_double_square),
    ("adagrad_step", adagrad_half_reset),
    ("adagrad_step", adagrad_single_precision),
    ("rms_step", rms_mean_of_roots),
    ("rms_step", rms_first_row_only),
    ("rmsprop_step", rmsprop_swapped_powers),
    ("rmsprop_step", rmsprop_average_with_momentum),
    ("rmsprop_step", rmsprop_fixed_rho),
    ("best_quadratic_step", best_of_largest_gradient),
    ("step_decay", step_decay_first_drop_doubled),
    ("step_decay", step_decay_of_zero),
    ("inverse_sqrt_decay", inverse_cube_root),
    ("exponential_decay", exponential_of_whole_hundreds),
    ("cosine_decay", cosine_squared),
    ("cosine_decay", cosine_sharp_end),
    ("warmup", warmup_exponential),
    ("warmup", warmup_by_cosine),
    ("transformer_lr", transformer_other_width),
    ("standardize", standardize_robustly),
    ("standardize", standardize_training_rows_apart),
    ("condition_number", condition_by_second_eigenvalue),
    ("condition_number", condition_by_trace),
]


@pytest.mark.parametrize(("name", "wrong"), WRONG, ids=[f.__name__ for _, f in WRONG])
def test_unlisted_wrong_answer_is_refused_and_not_misnamed(name, wrong):
    """The message shows the difference and guesses no cause."""
    question = public_question(name)
    found = judged(wrong, question)

    assert not found.passed
    assert found.misconceptions == ()
    assert found.score < question.points


def test_epsilon_is_visible_where_it_stands():
    """One gradient of 1e-5 with eps = 1e-8: 0.999 of a step outside, 0.0995 inside."""
    grad, eps = np.array([1e-5]), 1e-8

    outside, _ = kernels.rmsprop_step(np.zeros(1), grad**2, grad, 1.0, 0.0, eps)
    inside = grad / np.sqrt(grad**2 + eps)

    assert -outside[0] == pytest.approx(0.999, abs=1e-4)
    assert inside[0] == pytest.approx(0.0995, abs=1e-4)
