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


@right("AdaGrad")
class AdaGradByLengths:
    """Keeps the length of all past gradients, not its square."""

    def __init__(self, lr, eps=1e-10):
        self.rate, self.eps = lr if callable(lr) else lambda t: lr, eps
        self.lengths, self.done = {}, -1

    def update(self, params, grads):
        self.done += 1
        rate = self.rate(self.done)
        for key in sorted(grads):
            length = np.hypot(self.lengths.get(key, 0.0), grads[key])
            params[key] = params[key] - rate / (length + self.eps) * grads[key]
            self.lengths[key] = length


@right("AdaGrad")
class AdaGradWithACellForEachKey:
    def __init__(self, lr, eps=1e-10):
        self.lr, self.eps, self.n = lr, eps, 0

    def update(self, params, grads):
        lr = self.lr(self.n) if callable(self.lr) else self.lr
        for key, value in list(params.items()):
            if key in grads:
                state = self.__dict__.setdefault(f"r_{key}", np.zeros(value.shape))
                new, state[...] = adagrad_by_norm_of_two(
                    value, state.copy(), grads[key], lr, self.eps
                )
                params.update({key: new})
        self.n += 1


@right("RMSProp")
class RMSPropOfWeightedAverages:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.settings, self.averages, self.lr, self.t = (rho, eps), {}, lr, 0

    def update(self, params, grads):
        lr, self.t = self.lr(self.t) if callable(self.lr) else self.lr, self.t + 1
        for key, grad in grads.items():
            old = self.averages.setdefault(key, 0 * grad)
            params[key], self.averages[key] = rmsprop_by_weighted_average(
                params[key], old, grad, lr, *self.settings
            )


@right("RMSProp")
class RMSPropOfUnscaledSums:
    """Keeps sums of rho**age * grad**2, and scales them when they are used."""

    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps, self.sums, self.t = lr, rho, eps, {}, 0

    def update(self, params, grads):
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        for key in grads:
            self.sums[key] = grads[key] ** 2 + self.rho * self.sums.get(key, 0)
            root = math.sqrt(1 - self.rho) * np.sqrt(self.sums[key]) + self.eps
            params[key] = params[key] - lr * grads[key] / root
        self.t = self.t + 1


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


@right("Adam")
class AdamOfGeometricSums:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.lr = lr if callable(lr) else lambda t: lr
        self.betas, self.eps, self.weight_decay = (beta1, beta2), eps, weight_decay
        self.moments, self.n = {}, 0

    def update(self, params, grads):
        lr, self.n = self.lr(self.n), self.n + 1
        for key, grad in grads.items():
            m, v = self.moments.get(key, np.zeros((2, *grad.shape)))
            params[key], *self.moments[key] = decay_after_the_move(
                *(params[key], m, v, self.n, grad, lr, *self.betas, self.eps),
                self.weight_decay,
            )


@right("Adam")
class AdamWithDecayFirst:
    """Shrinks all arrays, then moves them; the moments are kept without 1 - beta."""

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.lr, self.beta1, self.beta2 = lr, beta1, beta2
        self.eps, self.wd = eps, weight_decay
        self.sums, self.squares, self.t = {}, {}, 0

    def update(self, params, grads):
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        self.t += 1
        held1 = sum(self.beta1**k for k in range(self.t))
        held2 = sum(self.beta2**k for k in range(self.t))
        for key in grads:
            params[key] = params[key] * (1 - lr * self.wd)
        for key, grad in grads.items():
            self.sums[key] = self.beta1 * self.sums.get(key, 0) + grad
            self.squares[key] = self.beta2 * self.squares.get(key, 0) + grad**2
            root = np.sqrt(self.squares[key] / held2) + self.eps
            params[key] = params[key] - lr * (self.sums[key] / held1) / root


@right("warmed_up_adam")
def warmed_up_by_adamw(grad_fn, theta0, lr, warmup_steps, n_steps, weight_decay):
    theta, m, v = theta0, np.zeros_like(theta0), np.zeros_like(theta0)
    lengths = np.empty(n_steps)
    for t in range(1, n_steps + 1):
        rate = np.interp(t, [0, warmup_steps], [0, lr])
        new, m, v = decay_after_the_move(
            *(theta, m, v, t, grad_fn(theta), rate, 0.9, 0.99, 1e-8, weight_decay)
        )
        lengths[t - 1], theta = np.ptp(np.append(0, np.abs(new - theta))), new
    return theta, lengths


@right("warmed_up_adam")
def warmed_up_by_corrected_averages(
    grad_fn, theta0, lr, warmup_steps, n_steps, weight_decay
):
    theta, m_hat, v_hat, lengths = theta0.copy(), 0.0, 0.0, []
    while len(lengths) < n_steps:
        t, grad = len(lengths) + 1, grad_fn(theta.copy())
        m_hat = m_hat + 0.1 / (1 - 0.9**t) * (grad - m_hat)
        v_hat = v_hat + 0.01 / (1 - 0.99**t) * (grad**2 - v_hat)
        move = m_hat / (np.sqrt(v_hat) + 1e-8) + weight_decay * theta
        move = move * (lr if t >= warmup_steps else lr * t / warmup_steps)
        theta -= move
        lengths.append(np.linalg.norm(move.ravel(), np.inf))
    return theta, np.array(lengths)


@right("adam_suspect")
def suspects_by_weights(grads, steps, lr, beta1, beta2):
    """Averages as products with a triangle of weights, all steps at once."""
    n = len(grads)
    age = np.subtract.outer(np.arange(n), np.arange(n))

    def average(beta, of):
        return (1 - beta) * np.where(age < 0, 0, beta ** np.maximum(age, 0)) @ of

    def kept(beta, of):
        value, all_of_them = 0.0, []
        for t, x in enumerate(of, start=1):
            value = (beta * value + (1 - beta) * x) / (1 - beta**t)
            all_of_them.append(value)
        return np.array(all_of_them)

    t = np.arange(1, n + 1)
    m, v = average(beta1, grads), average(beta2, grads**2)
    held_m, held_v = 1 - beta1**t, 1 - beta2**t
    x, y = average(beta2, grads) / held_v, average(beta1, grads**2) / held_m
    likely = {
        "betas exchanged": (x, y),
        "corrected moments kept": (kept(beta1, grads), kept(beta2, grads**2)),
        "t one ahead": (m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1))),
        "v not corrected": (m / held_m, v),
        "m not corrected": (m, v / held_v),
        "no correction": (m, v),
    }
    for name, (up, down) in likely.items():
        if np.allclose(steps**2 * down, (lr * up) ** 2, rtol=1e-8, atol=0):
            return name
    return "none of these"


@right("adam_suspect")
def suspects_ruled_out(grads, steps, lr, beta1, beta2):
    """Everybody is suspected until a step is another one's."""
    left = {
        "no correction": (beta1, beta2, 0, 0, 0),
        "m not corrected": (beta1, beta2, 0, 1, 0),
        "v not corrected": (beta1, beta2, 1, 0, 0),
        "t one ahead": (beta1, beta2, 1, 1, 1),
        "corrected moments kept": (beta1, beta2, 1, 1, 0),
        "betas exchanged": (beta2, beta1, 1, 1, 0),
    }
    state = dict.fromkeys(left, (0.0, 0.0))
    for t, (grad, step) in enumerate(zip(grads, steps, strict=True), start=1):
        for name, (b1, b2, first, second, more) in tuple(left.items()):
            m, v = state[name]
            m, v = b1 * m + (1 - b1) * grad, b2 * v + (1 - b2) * grad**2
            m_hat = m / (1 - b1 ** (t + more)) if first else m
            v_hat = v / (1 - b2 ** (t + more)) if second else v
            kept = name == "corrected moments kept"
            state[name] = (m_hat, v_hat) if kept else (m, v)
            if not math.isclose(-lr * m_hat, step * math.sqrt(v_hat), rel_tol=1e-7):
                del left[name]
    return min(left, default="none of these")


@right("descend")
def down_by_halving(grad_fn, theta0, n_steps):
    """Doubles each entry's step until it is past the bottom; then halves the rest."""
    low, high = np.full_like(theta0, -np.inf), np.full_like(theta0, np.inf)
    theta, step = theta0.copy(), 1.0
    for _ in range(n_steps):
        below = grad_fn(theta) < 0
        low, high = np.where(below, theta, low), np.where(below, high, theta)
        step, found = 2 * step, np.isfinite(low) & np.isfinite(high)
        onward = theta + np.where(below, step, -step)
        with np.errstate(invalid="ignore"):
            theta = np.where(found, (low + high) / 2, onward)
    return theta


@right("descend")
def down_by_longer_and_shorter_steps(grad_fn, theta0, n_steps):
    """Rprop: a step grows while the sign stays, and is halved where it turns."""
    theta, length, last = theta0, np.ones_like(theta0), np.zeros_like(theta0)
    for _ in range(n_steps):
        sign = np.sign(grad_fn(theta))
        length = length * np.select([sign * last > 0, sign * last < 0], [1.2, 0.5], 1)
        theta, last = theta - length * sign, sign
    return theta


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


class _AdaGrad:
    """What the wrong ones below have in common: all but what a key's step is."""

    def __init__(self, lr, eps=1e-10):
        self.lr, self.eps, self.r, self.t = lr, eps, {}, 0

    def update(self, params, grads):
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        self.t += 1
        for key, grad in grads.items():
            params[key] = params[key] - lr * self.of_one_key(key, grad)


@wrong("AdaGrad")
class AdaGradOfSizes(_AdaGrad):
    def of_one_key(self, key, grad):
        self.r[key] = self.r.get(key, 0) + np.abs(grad)
        return grad / (self.r[key] + self.eps)


@wrong("AdaGrad")
class AdaGradByShape(_AdaGrad):
    """Arrays of one shape share a sum: found by what a key looks like."""

    def of_one_key(self, key, grad):
        self.r[grad.shape] = self.r.get(grad.shape, 0) + grad**2
        return grad / (np.sqrt(self.r[grad.shape]) + self.eps)


@wrong("AdaGrad")
class AdaGradOfWholeArrays(_AdaGrad):
    """One sum for an array, not one for each of its entries."""

    def of_one_key(self, key, grad):
        self.r[key] = self.r.get(key, 0) + np.sum(grad**2)
        return grad / (np.sqrt(self.r[key]) + self.eps)


class _RMSProp(_AdaGrad):
    """The same for an average of squares."""

    def __init__(self, lr, rho=0.9, eps=1e-8):
        super().__init__(lr, eps)
        self.rho, self.s = rho, {}


@wrong("RMSProp")
class RMSPropFromTheFirstSquare(_RMSProp):
    def of_one_key(self, key, grad):
        old = self.s.get(key, grad**2)
        self.s[key] = self.rho * old + (1 - self.rho) * grad**2
        return grad / (np.sqrt(self.s[key]) + self.eps)


@wrong("RMSProp")
class RMSPropCorrected(_RMSProp):
    """With Adam's bias correction, which RMSProp does not have."""

    def of_one_key(self, key, grad):
        old = self.s.get(key, 0)
        self.s[key] = self.rho * old + (1 - self.rho) * grad**2
        return grad / (np.sqrt(self.s[key] / (1 - self.rho**self.t)) + self.eps)


@wrong("RMSProp")
class RMSPropByTheOldAverage(_RMSProp):
    """The average takes the gradient in after the step, but for the first."""

    def of_one_key(self, key, grad):
        old = self.s.get(key, (1 - self.rho) * grad**2)
        self.s[key] = self.rho * old + (1 - self.rho) * grad**2
        return grad / (np.sqrt(old) + self.eps)


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


class _Adam:
    """What the wrong ones below have in common; each has something of its own."""

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay, self.m, self.v, self.t = weight_decay, {}, {}, 0

    def update(self, params, grads):
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        self.t += 1
        for key, grad in grads.items():
            m, v = self.m.get(key, 0 * grad), self.v.get(key, 0 * grad)
            m, v = moments_from_the_gradient_on(m, v, grad, self.beta1, self.beta2)
            self.m[key], self.v[key] = m, v
            m_hat, v_hat = m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)
            step = m_hat / (np.sqrt(self.square(key, v_hat)) + self.eps)
            step = step + self.decay(params[key]) * params[key]
            params[key] = params[key] - lr * step

    def square(self, key, v_hat):
        return v_hat

    def decay(self, array):
        return self.weight_decay


@wrong("Adam")
class AdamThatSparesVectors(_Adam):
    """Biases do not decay: a good habit elsewhere, and not what was asked."""

    def decay(self, array):
        return self.weight_decay * (array.ndim > 1)


@wrong("Adam")
class AdamWithOneScaleForAnArray(_Adam):
    def square(self, key, v_hat):
        return v_hat.mean()


@wrong("Adam")
class AdamWithTheLargestYet(_Adam):
    """AMSGrad of corrected squares."""

    def square(self, key, v_hat):
        largest = self.__dict__.setdefault("largest", {})
        largest[key] = np.maximum(largest.get(key, 0), v_hat)
        return largest[key]


@wrong("warmed_up_adam")
def warmed_up_with_a_decay_by_the_full_rate(
    grad_fn, theta0, lr, warmup_steps, n_steps, weight_decay
):
    theta, m, v, lengths = theta0, 0 * theta0, 0 * theta0, []
    for t in range(1, n_steps + 1):
        rate = lr * min(1, t / warmup_steps)
        new, m, v = adam_by_geometric_sums(
            theta, m, v, t, grad_fn(theta), rate, beta2=0.99
        )
        new = new - lr * weight_decay * theta
        lengths.append(np.abs(new - theta).max())
        theta = new
    return theta, np.array(lengths)


@wrong("warmed_up_adam")
def warmed_up_and_measured_without_decay(
    grad_fn, theta0, lr, warmup_steps, n_steps, weight_decay
):
    theta, m, v, lengths = theta0, 0 * theta0, 0 * theta0, []
    for t in range(1, n_steps + 1):
        rate = lr * min(1, t / warmup_steps)
        new, m, v = adam_by_geometric_sums(
            theta, m, v, t, grad_fn(theta), rate, beta2=0.99
        )
        lengths.append(np.abs(new - theta).max())
        theta = new - rate * weight_decay * theta
    return theta, np.array(lengths)


@wrong("warmed_up_adam")
def warmed_up_and_measured_by_its_norm(
    grad_fn, theta0, lr, warmup_steps, n_steps, weight_decay
):
    lengths, places = np.zeros(n_steps), [theta0]

    def noted(theta):
        places.append(theta)
        return grad_fn(theta)

    theta, _ = warmed_up_by_adamw(
        noted, theta0, lr, warmup_steps, n_steps, weight_decay
    )
    places = np.array([*places[1:], theta]).reshape(n_steps + 1, -1)
    lengths[:] = np.linalg.norm(np.diff(places, axis=0), axis=1)
    return theta, lengths


@wrong("adam_suspect")
def suspects_without_one(grads, steps, lr, beta1, beta2):
    found = suspects_ruled_out(grads, steps, lr, beta1, beta2)
    return "none of these" if found == "t one ahead" else found


@wrong("adam_suspect")
def suspects_by_the_first_length(grads, steps, lr, beta1, beta2):
    """Who takes a right first step is let go."""
    found = suspects_by_weights(grads, steps, lr, beta1, beta2)
    first = abs(steps[0] / lr)
    return "none of these" if math.isclose(first, 1, rel_tol=1e-6) else found


@wrong("adam_suspect")
def suspects_by_nearness(grads, steps, lr, beta1, beta2):
    """Blames by the size of the first step alone, and nobody if it is right."""
    lengths = {
        "none of these": 1.0,
        "no correction": (1 - beta1) / math.sqrt(1 - beta2),
        "v not corrected": 1 / math.sqrt(1 - beta2),
    }
    first = abs(steps[0] / lr)
    return min(lengths, key=lambda name: abs(lengths[name] - first))


@wrong("descend")
def down_by_short_steps(grad_fn, theta0, n_steps):
    theta, m, v = theta0, 0 * theta0, 0 * theta0
    for t in range(1, n_steps + 1):
        theta, m, v = adam_flattened(theta, m, v, t, grad_fn(theta), lr=0.05)
    return theta


@wrong("descend")
def down_by_adagrad(grad_fn, theta0, n_steps):
    theta, r = theta0, 0 * theta0
    for _ in range(n_steps):
        theta, r = adagrad_by_norm_of_two(theta, r, grad_fn(theta), 0.5)
    return theta


@wrong("descend")
def down_and_back_by_the_start(grad_fn, theta0, n_steps):
    """The way that was gone, for the place where it ends."""
    return down_by_longer_and_shorter_steps(grad_fn, theta0, n_steps) - theta0


@wrong("descend", "plain_descent")
def down_by_momentum(grad_fn, theta0, n_steps):
    theta, velocity = theta0, 0 * theta0
    for _ in range(n_steps):
        velocity = 0.9 * velocity - 0.15 * grad_fn(theta)
        theta = theta + velocity
    return theta


@right("come_to_rest")
def rest_by_mean_squares(grad_fn, theta0, n_steps):
    theta, squares = np.array(theta0), np.zeros(len(theta0))
    for left in range(n_steps, 0, -1):
        gradient = grad_fn(theta)
        squares += (gradient**2 - squares) / (n_steps - left + 1)
        rate = 1.5 * left / n_steps
        theta = theta - rate * gradient / np.sqrt(squares)
    return theta


@wrong("come_to_rest", told="plain_descent")
def rest_by_a_schedule_alone(grad_fn, theta0, n_steps):
    theta = theta0
    for t in range(n_steps):
        theta = theta - 0.15 * (1 - t / n_steps) * grad_fn(theta)
    return theta


@wrong("come_to_rest", told="overshot")
def rest_with_too_long_steps(grad_fn, theta0, n_steps):
    for _ in range(n_steps):
        theta0 = theta0 - 0.3 * grad_fn(theta0)
    return theta0


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
