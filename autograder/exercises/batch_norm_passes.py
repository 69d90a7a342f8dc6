"""Chapter 07: the forward and the backward pass of batch normalisation.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.spec import Exercise, Misconception, Tolerance
from autograder.kernels import batch_norm as kernels

__all__ = ["BATCHNORM_BACKWARD", "BATCHNORM_FORWARD", "CENTRED", "batch", "scales"]

CENTRED = Tolerance(
    rtol=1e-9,
    floor=1e-10,
    reason="where two near numbers are subtracted, rounding is that of the large ones",
)


def batch(rng, shape, spread=1.0, center=1.0):
    """A batch whose features have centers and spreads of their own."""
    centers = center * signed(rng, shape[1:])
    spreads = spread * rng.uniform(0.6, 1.4, size=shape[1:])
    return np.round(centers + spreads * rng.standard_normal(shape), 4)


def scales(rng, *sizes):
    """Values of gamma and the like: both signs, none of size 1."""
    drawn = signed(rng, sizes)
    return np.where(np.abs(np.abs(drawn) - 1) < 0.05, 1.2 * drawn, drawn)


# --- batchnorm_forward ------------------------------------------------------


def draw_batchnorm_forward(rng):
    yield (
        "variances 3 and 8, with eps = 1 the roots of 4 and 9",
        {
            "x": np.array([[1.0, -3.0], [5.0, 1.0], [5.0, 5.0], [5.0, 1.0]]),
            "gamma": np.array([2.0, 3.0]),
            "beta": np.array([1.0, -1.0]),
            "eps": 1.0,
        },
    )
    yield (
        "six examples of three features",
        {
            "x": batch(rng, (6, 3)),
            "gamma": scales(rng, 3),
            "beta": signed(rng, (3,)),
            "eps": 1e-3,
        },
    )
    yield (
        "features that vary little, and a large eps",
        {
            "x": batch(rng, (5, 4), spread=0.1),
            "gamma": scales(rng, 4),
            "beta": signed(rng, (4,)),
            "eps": 1e-2,
        },
    )
    yield (
        "fewer examples than features, and the eps that is not said",
        {
            "x": batch(rng, (4, 7), spread=0.01, center=0.1),
            "gamma": scales(rng, 7),
            "beta": signed(rng, (7,)),
        },
    )
    yield (
        "features of very different size",
        {
            "x": batch(rng, (9, 2)) * np.array([1.0, 50.0]),
            "gamma": scales(rng, 2),
            "beta": signed(rng, (2,)),
            "eps": between(rng, 0.1, 0.5),
        },
    )


def forward_step_by_step(x, gamma, beta, eps=1e-5):
    n, _ = x.shape
    mu = 1.0 / n * np.sum(x, axis=0)
    centered = x - mu
    var = 1.0 / n * np.sum(centered**2, axis=0)
    inverse = 1.0 / np.sqrt(var + eps)
    x_hat = centered * inverse
    return gamma * x_hat + beta, {"x_hat": x_hat, "inverse": inverse, "mu": mu}


def forward_as_one_line_each(x, gamma, beta, eps=1e-5):
    scale = gamma / np.sqrt(x.var(axis=0) + eps)
    return x * scale + (beta - x.mean(axis=0) * scale), None


def forward_feature_by_feature(x, gamma, beta, eps=1e-5):
    out, kept = np.empty(x.shape), []
    for j in range(x.shape[1]):
        column = x[:, j]
        std = (column.var() + eps) ** 0.5
        kept.append((std, lambda j=j: j))
        out[:, j] = gamma[j] * (column - column.mean()) / std + beta[j]
    return out, kept


def per_example(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gamma * (x - mean) / std + beta, None


def whole_array(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + eps) + beta, None


def sample_variance(x, gamma, beta, eps=1e-5):
    std = np.sqrt(x.var(axis=0, ddof=1) + eps)
    return gamma * (x - x.mean(axis=0)) / std + beta, None


def divided_by_variance(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) / (x.var(axis=0) + eps) + beta, None


def eps_outside(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) / (x.std(axis=0) + eps) + beta, None


def eps_missing(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) / x.std(axis=0) + beta, None


def eps_squared(x, gamma, beta, eps=1e-5):
    std = np.sqrt(x.var(axis=0) + eps**2)
    return gamma * (x - x.mean(axis=0)) / std + beta, None


def not_centred(x, gamma, beta, eps=1e-5):
    return gamma * x / np.sqrt(x.var(axis=0) + eps) + beta, None


def only_centred(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) + beta, None


def variance_without_centring(x, gamma, beta, eps=1e-5):
    std = np.sqrt(np.mean(x**2, axis=0) + eps)
    return gamma * (x - x.mean(axis=0)) / std + beta, None


def mean_absolute_deviation(x, gamma, beta, eps=1e-5):
    centered = x - x.mean(axis=0)
    return gamma * centered / (np.abs(centered).mean(axis=0) + eps) + beta, None


def sum_of_squares(x, gamma, beta, eps=1e-5):
    centered = x - x.mean(axis=0)
    return gamma * centered / np.sqrt(np.sum(centered**2, axis=0) + eps) + beta, None


def no_scale_and_shift(x, gamma, beta, eps=1e-5):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps), None


def no_scale(x, gamma, beta, eps=1e-5):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta, None


def no_shift(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps), None


def gamma_and_beta_swapped(x, gamma, beta, eps=1e-5):
    x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return beta * x_hat + gamma, None


def shift_before_scale(x, gamma, beta, eps=1e-5):
    x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma * (x_hat + beta), None


def no_cache(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


def x_in_place(x, gamma, beta, eps=1e-5):
    std = np.sqrt(x.var(axis=0) + eps)
    x -= x.mean(axis=0)
    x /= std
    return gamma * x + beta, None


_KEPT = "return (gamma * x_hat + beta, (x_hat, std))"

BATCHNORM_FORWARD = Exercise(
    name="batchnorm_forward",
    points=2,
    reference=kernels.batchnorm_forward,
    returns=("out", "cache"),
    order=("out",),
    draw=draw_batchnorm_forward,
    tolerance=CENTRED,
    equivalents=(
        forward_step_by_step,
        forward_as_one_line_each,
        forward_feature_by_feature,
    ),
    misconceptions=(
        Misconception(
            "per_example",
            per_example,
            "averages over the features of each example: layer normalisation",
            "Here each feature is normalised over the examples of the batch: average "
            "down the columns, `axis=0`.",
        ),
        Misconception(
            "whole_array",
            whole_array,
            "one mean and one variance for the whole batch",
            "Each feature has a mean and a variance of its own: say `axis=0`.",
        ),
        Misconception(
            "sample_variance",
            sample_variance,
            "a variance that divides by n - 1",
            "The forward pass divides by n, so that a batch really has variance 1 "
            "afterwards: leave `ddof` at 0. The n - 1 is for the running average.",
        ),
        Misconception(
            "divided_by_variance",
            divided_by_variance,
            "a division by the variance instead of its root",
            "The standard deviation has the unit of `x`, the variance that unit "
            "squared. Take the root of `var + eps`.",
        ),
        Misconception(
            "eps_outside",
            eps_outside,
            "an `eps` outside the root",
            "Here `eps` is added to the variance, under the root: `sqrt(var + eps)`. "
            "Adam does it the other way.",
        ),
        Misconception(
            "eps_missing",
            eps_missing,
            "normalisation without `eps`",
            "Add `eps` to the variance under the root: a feature that is the same in "
            "the whole batch would otherwise be divided by zero.",
        ),
        Misconception(
            "eps_squared",
            eps_squared,
            "an `eps` that is squared under the root",
            "`eps` is in the unit of a variance; add it as it is.",
        ),
        Misconception(
            "not_centred",
            not_centred,
            "a batch from which no mean was subtracted",
            "Subtract each feature's mean before you divide.",
        ),
        Misconception(
            "only_centred",
            only_centred,
            "a batch that was centred and not divided",
            "After the mean is subtracted, divide by `sqrt(var + eps)`.",
        ),
        Misconception(
            "variance_without_centring",
            variance_without_centring,
            "a mean of squares in the place of the variance",
            "A variance is the mean of squared distances *from the mean*; the mean of "
            "`x**2` is larger by the square of the mean.",
        ),
        Misconception(
            "mean_absolute_deviation",
            mean_absolute_deviation,
            "a mean distance from the mean in the place of the deviation",
            "Square the distances, average them, add `eps` and take the root.",
        ),
        Misconception(
            "sum_of_squares",
            sum_of_squares,
            "a variance that is not divided by n",
            "It is the mean of the squared distances, not their sum.",
        ),
        Misconception(
            "no_scale_and_shift",
            no_scale_and_shift,
            "a normalised batch without `gamma` and `beta`",
            "The last step gives the layer its freedom back: `gamma * x_hat + beta`.",
        ),
        Misconception(
            "no_scale",
            no_scale,
            "an output without `gamma`",
            "The normalised batch is multiplied by `gamma` before `beta` is added.",
        ),
        Misconception(
            "no_shift",
            no_shift,
            "an output without `beta`",
            "After the scale comes the shift: add `beta`.",
        ),
        Misconception(
            "gamma_and_beta_swapped",
            gamma_and_beta_swapped,
            "`gamma` and `beta` in each other's place",
            "`gamma` multiplies, `beta` is added.",
        ),
        Misconception(
            "shift_before_scale",
            shift_before_scale,
            "a shift before the scale",
            "Multiply first, then add: `gamma * x_hat + beta`. Look at your "
            "parentheses.",
        ),
        Misconception(
            "no_cache",
            no_cache,
            "an answer without its second part",
            "Return a pair, `out` and something to keep. What you keep is not judged; "
            "`None` will do.",
        ),
        Misconception(
            "x_in_place",
            x_in_place,
            "a normalisation of `x` in place",
            "Whoever called the function still holds the batch and finds it changed. "
            "Write `x = x - mean` instead of `x -= mean`: it makes a new array.",
        ),
    ),
    hints=(
        (
            "What is averaged: the values of one feature in all examples, or those "
            "of one example? Along which axis of `x` is that?"
        ),
        (
            "Four quantities, each from the one before: mean, variance (it divides "
            "by `n`), `x_hat`, `out`. Where does `eps` go?"
        ),
        (
            "`x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)`; then "
            "return `gamma * x_hat + beta` and anything you like, such as `x_hat`."
        ),
    ),
    read="section 2, equation (7.1)",
    lines=3,
    level=1,
    harmless={
        f"{_KEPT} -> return (gamma * x_hat + beta, {kept})": (
            "the second part is the learner's own and is not judged"
        )
        for kept in (
            "(std, x_hat)",
            *(f"({name}, std)" for name in ("x", "gamma", "beta", "eps", "std")),
            *(f"(x_hat, {name})" for name in ("x", "gamma", "beta", "eps", "x_hat")),
        )
    },
)


# --- batchnorm_backward -----------------------------------------------------


def draw_batchnorm_backward(rng):
    yield (
        "variances 3 and 8, with eps = 1 the roots of 4 and 9",
        {
            "dout": np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.0], [-1.0, 4.0]]),
            "x": np.array([[1.0, -3.0], [5.0, 1.0], [5.0, 5.0], [5.0, 1.0]]),
            "gamma": np.array([2.0, 3.0]),
            "eps": 1.0,
        },
    )
    yield (
        "six examples of three features",
        {
            "dout": signed(rng, (6, 3)),
            "x": batch(rng, (6, 3)),
            "gamma": scales(rng, 3),
            "eps": 1e-3,
        },
    )
    yield (
        "features that vary little, and a large eps",
        {
            "dout": signed(rng, (5, 4)),
            "x": batch(rng, (5, 4), spread=0.1),
            "gamma": scales(rng, 4),
            "eps": 1e-2,
        },
    )
    yield (
        "fewer examples than features, and the eps that is not said",
        {
            "dout": signed(rng, (4, 7)),
            "x": batch(rng, (4, 7), spread=0.01, center=0.1),
            "gamma": scales(rng, 7),
        },
    )
    yield (
        "more examples, and an upstream gradient that leans to one side",
        {
            "dout": signed(rng, (11, 5)) + 0.7,
            "x": batch(rng, (11, 5)),
            "gamma": scales(rng, 5),
            "eps": between(rng, 0.1, 0.5),
        },
    )


def backward_staged(dout, x, gamma, eps=1e-5):
    n = x.shape[0]
    centered = x - x.mean(axis=0)
    var = np.mean(centered**2, axis=0)
    inverse = 1 / np.sqrt(var + eps)
    x_hat = centered * inverse
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)
    dx_hat = dout * gamma
    dinverse = np.sum(dx_hat * centered, axis=0)
    dcentered = dx_hat * inverse
    dvar = -0.5 * (var + eps) ** -1.5 * dinverse
    dcentered = dcentered + 2 / n * centered * dvar
    dmean = -np.sum(dcentered, axis=0)
    return dcentered + dmean / n, dgamma, dbeta


def backward_as_in_the_paper(dout, x, gamma, eps=1e-5):
    m = len(x)
    mu, var = x.mean(axis=0), x.var(axis=0)
    x_hat = (x - mu) / np.sqrt(var + eps)
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * (x - mu), axis=0) * -0.5 * (var + eps) ** -1.5
    dmu = np.sum(-dx_hat / np.sqrt(var + eps), axis=0)
    dmu = dmu + dvar * np.mean(-2 * (x - mu), axis=0)
    dx = dx_hat / np.sqrt(var + eps) + dvar * 2 * (x - mu) / m + dmu / m
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def backward_in_one_line(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dx_hat = dout * gamma
    dx = (n * dx_hat - dx_hat.sum(axis=0) - x_hat * (dx_hat * x_hat).sum(axis=0)) / (
        n * std
    )
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def backward_by_matrices(dout, x, gamma, eps=1e-5):
    n, d = x.shape
    dx, dgamma = np.empty((n, d)), np.empty(d)
    for j in range(d):
        std = np.sqrt(np.var(x[:, j]) + eps)
        x_hat = (x[:, j] - x[:, j].mean()) / std
        jacobian = np.eye(n) - 1 / n - np.outer(x_hat, x_hat) / n
        dx[:, j] = jacobian @ dout[:, j] * gamma[j] / std
        dgamma[j] = x_hat @ dout[:, j]
    return dx, dgamma, np.ones(n) @ dout


def statistics_held_constant(dout, x, gamma, eps=1e-5):
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * dout, dgamma, dbeta


def mean_held_constant(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout - x_hat * dgamma / n), dgamma, dbeta


def variance_held_constant(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout - dbeta / n), dgamma, dbeta


def variance_term_added(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout - dbeta / n + x_hat * dgamma / n), dgamma, dbeta


def mean_term_added(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout + dbeta / n - x_hat * dgamma / n), dgamma, dbeta


def both_terms_added(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout + dbeta / n + x_hat * dgamma / n), dgamma, dbeta


def variance_term_doubled(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout - dbeta / n - 2 * x_hat * dgamma / n), dgamma, dbeta


def sums_for_means(dout, x, gamma, eps=1e-5):
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout - dbeta - x_hat * dgamma), dgamma, dbeta


def x_hat_not_normalised(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    centered = x - x.mean(axis=0)
    dbeta, dgamma = dout.sum(axis=0), (dout * centered / std).sum(axis=0)
    return gamma / std * (dout - dbeta / n - centered * dgamma / n), dgamma, dbeta


def divided_by_variance_backward(dout, x, gamma, eps=1e-5):
    n, var = len(x), x.var(axis=0) + eps
    x_hat = (x - x.mean(axis=0)) / np.sqrt(var)
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / var * (dout - dbeta / n - x_hat * dgamma / n), dgamma, dbeta


def not_divided(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma * (dout - dbeta / n - x_hat * dgamma / n), dgamma, dbeta


def n_minus_one(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    dx = gamma / std * (dout - dbeta / (n - 1) - x_hat * dgamma / (n - 1))
    return dx, dgamma, dbeta


def sample_variance_backward(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0, ddof=1) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout - dbeta / n - x_hat * dgamma / n), dgamma, dbeta


def no_gamma(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return (dout - dbeta / n - x_hat * dgamma / n) / std, dgamma, dbeta


def gamma_on_first_term(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return (gamma * dout - dbeta / n - x_hat * dgamma / n) / std, dgamma, dbeta


def dgamma_with_x_minus_mean(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    centered = x - x.mean(axis=0)
    x_hat = centered / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    dx = gamma / std * (dout - dbeta / n - x_hat * dgamma / n)
    return dx, (dout * centered).sum(axis=0), dbeta


def dgamma_with_x(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    dx = gamma / std * (dout - dbeta / n - x_hat * dgamma / n)
    return dx, (dout * x).sum(axis=0), dbeta


def dgamma_times_gamma(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    dx = gamma / std * (dout - dbeta / n - x_hat * dgamma / n)
    return dx, gamma * dgamma, dbeta


def dgamma_averaged(dout, x, gamma, eps=1e-5):
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).mean(axis=0)
    return gamma / std * (dout - dbeta / len(x) - x_hat * dgamma), dgamma, dbeta


def dbeta_averaged(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.mean(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout - dbeta - x_hat * dgamma / n), dgamma, dbeta


def both_averaged(dout, x, gamma, eps=1e-5):
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.mean(axis=0), (dout * x_hat).mean(axis=0)
    return gamma / std * (dout - dbeta - x_hat * dgamma), dgamma, dbeta


def dgamma_not_summed(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), dout * x_hat
    dx = gamma / std * (dout - dbeta / n - x_hat * dgamma.sum(axis=0) / n)
    return dx, dgamma, dbeta


def parameters_not_summed(dout, x, gamma, eps=1e-5):
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dgamma = dout * x_hat
    dx = gamma / std * (dout - dout.mean(axis=0) - x_hat * dgamma.mean(axis=0))
    return dx, dgamma, dout


def eps_outside_backward(dout, x, gamma, eps=1e-5):
    n, std = len(x), x.std(axis=0) + eps
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout - dbeta / n - x_hat * dgamma / n), dgamma, dbeta


def eps_missing_backward(dout, x, gamma, eps=1e-5):
    n, std = len(x), x.std(axis=0)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout - dbeta / n - x_hat * dgamma / n), dgamma, dbeta


def per_example_backward(dout, x, gamma, eps=1e-5):
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    dx_hat = gamma * dout
    mean = dx_hat.mean(axis=1, keepdims=True)
    along = (dx_hat * x_hat).mean(axis=1, keepdims=True)
    dx = (dx_hat - mean - x_hat * along) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def dbeta_before_dgamma(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma / std * (dout - dbeta / n - x_hat * dgamma / n), dbeta, dgamma


def dout_in_place(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    dout -= dbeta / n + x_hat * dgamma / n
    return gamma / std * dout, dgamma, dbeta


def x_in_place_backward(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x -= x.mean(axis=0)
    x /= std
    dbeta, dgamma = dout.sum(axis=0), (dout * x).sum(axis=0)
    return gamma / std * (dout - dbeta / n - x * dgamma / n), dgamma, dbeta


_THREE = (
    "`x` reaches the loss by three ways: straight through x_hat, through the mean, "
    "and through the variance."
)

BATCHNORM_BACKWARD = Exercise(
    name="batchnorm_backward",
    points=4,
    reference=kernels.batchnorm_backward,
    returns=("dx", "dgamma", "dbeta"),
    order=("dbeta", "dgamma", "dx"),
    draw=draw_batchnorm_backward,
    tolerance=CENTRED,
    equivalents=(
        backward_staged,
        backward_as_in_the_paper,
        backward_in_one_line,
        backward_by_matrices,
    ),
    misconceptions=(
        Misconception(
            "statistics_held_constant",
            statistics_held_constant,
            "a gradient that takes mean and variance for constants",
            _THREE + " Only the first one is here.",
        ),
        Misconception(
            "mean_held_constant",
            mean_held_constant,
            "a gradient that takes the mean for a constant",
            _THREE + " The second one is missing: subtract the mean of `dout`.",
        ),
        Misconception(
            "variance_held_constant",
            variance_held_constant,
            "a gradient that takes the variance for a constant",
            _THREE + " The third one is missing: subtract x_hat times the mean of "
            "`dout * x_hat`.",
        ),
        Misconception(
            "variance_term_added",
            variance_term_added,
            "a gradient with a plus before the variance's term",
            "A larger variance makes x_hat smaller, so this way has a minus.",
        ),
        Misconception(
            "mean_term_added",
            mean_term_added,
            "a gradient with a plus before the mean's term",
            "The mean is subtracted in the forward pass, so this way has a minus.",
        ),
        Misconception(
            "both_terms_added",
            both_terms_added,
            "a gradient with a plus before both corrections",
            "The ways through the mean and through the variance both have a minus.",
        ),
        Misconception(
            "variance_term_doubled",
            variance_term_doubled,
            "a gradient with twice the variance's term",
            "The derivative of the root brings a factor of one half, and it cancels "
            "the 2 from the square. Is the half missing?",
        ),
        Misconception(
            "sums_for_means",
            sums_for_means,
            "a gradient with sums in the place of means",
            "The mean and the variance divide by n, so what flows through them is "
            "divided by n too.",
        ),
        Misconception(
            "x_hat_not_normalised",
            x_hat_not_normalised,
            "a variance's term with `x - mean` in the place of x_hat",
            "Here dgamma stands with x_hat, which is divided by the deviation.",
        ),
        Misconception(
            "divided_by_variance_backward",
            divided_by_variance_backward,
            "a gradient divided by the variance instead of its root",
            "The forward pass divides once by `sqrt(var + eps)`, and so does the "
            "gradient.",
        ),
        Misconception(
            "not_divided",
            not_divided,
            "a gradient that is not divided by the deviation",
            "The factor in front is `gamma / sqrt(var + eps)`: a batch that varies "
            "little has a large gradient.",
        ),
        Misconception(
            "n_minus_one",
            n_minus_one,
            "means that divide by n - 1",
            "The forward pass divides by n, so its gradient does.",
        ),
        Misconception(
            "sample_variance_backward",
            sample_variance_backward,
            "a variance that divides by n - 1",
            "The forward pass divides by n, and the backward pass uses the same "
            "variance: leave `ddof` at 0.",
        ),
        Misconception(
            "no_gamma",
            no_gamma,
            "a `dx` without `gamma`",
            "What reaches x_hat from above is `dout * gamma`.",
        ),
        Misconception(
            "gamma_on_first_term",
            gamma_on_first_term,
            "a `dx` with `gamma` on its first term only",
            "`gamma` multiplies all three terms. Look at your parentheses.",
        ),
        Misconception(
            "dgamma_with_x_minus_mean",
            dgamma_with_x_minus_mean,
            "a `dgamma` with `x - mean` in the place of x_hat",
            "`gamma` multiplies x_hat in the forward pass, so x_hat is its derivative: "
            "divide by the deviation.",
        ),
        Misconception(
            "dgamma_with_x",
            dgamma_with_x,
            "a `dgamma` with `x` in the place of x_hat",
            "`gamma` multiplies x_hat in the forward pass, not `x`.",
        ),
        Misconception(
            "dgamma_times_gamma",
            dgamma_times_gamma,
            "a `dgamma` multiplied by `gamma`",
            "The derivative of `gamma * x_hat` with respect to `gamma` is x_hat alone.",
        ),
        Misconception(
            "dgamma_averaged",
            dgamma_averaged,
            "a `dgamma` averaged over the batch",
            "One `gamma` serves all examples, so their parts add up. A mean over the "
            "batch, if there is one, belongs to the loss and is in `dout` already.",
        ),
        Misconception(
            "dbeta_averaged",
            dbeta_averaged,
            "a `dbeta` averaged over the batch",
            "One `beta` serves all examples, so their parts add up. A mean over the "
            "batch, if there is one, belongs to the loss and is in `dout` already.",
        ),
        Misconception(
            "both_averaged",
            both_averaged,
            "a `dgamma` and a `dbeta` averaged over the batch",
            "One `gamma` and one `beta` serve all examples, so their parts add up. A "
            "mean over the batch, if there is one, is in `dout` already.",
        ),
        Misconception(
            "dgamma_not_summed",
            dgamma_not_summed,
            "a `dgamma` that is not summed over the batch",
            "`gamma` has one number for each feature, and so has its gradient: sum "
            "down the columns.",
        ),
        Misconception(
            "parameters_not_summed",
            parameters_not_summed,
            "a `dgamma` and a `dbeta` that are not summed over the batch",
            "`gamma` and `beta` have one number for each feature, and so have their "
            "gradients: sum down the columns.",
        ),
        Misconception(
            "eps_outside_backward",
            eps_outside_backward,
            "an `eps` outside the root",
            "Use the deviation of the forward pass, `sqrt(var + eps)`.",
        ),
        Misconception(
            "eps_missing_backward",
            eps_missing_backward,
            "a gradient without `eps`",
            "Use the deviation of the forward pass, `sqrt(var + eps)`.",
        ),
        Misconception(
            "per_example_backward",
            per_example_backward,
            "the backward pass of layer normalisation",
            "The forward pass averages over the examples, down the columns: `axis=0`.",
        ),
        Misconception(
            "dbeta_before_dgamma",
            dbeta_before_dgamma,
            "the results in another order",
            "Return `dx`, then `dgamma`, then `dbeta`.",
        ),
        Misconception(
            "dout_in_place",
            dout_in_place,
            "an update of `dout` in place",
            "Whoever called the function still holds the gradient and finds it "
            "changed. Write `a = a - b` instead of `a -= b`: it makes a new array.",
        ),
        Misconception(
            "x_in_place_backward",
            x_in_place_backward,
            "a normalisation of `x` in place",
            "Whoever called the function still holds the batch and finds it changed. "
            "Write `x = x - mean` instead of `x -= mean`: it makes a new array.",
        ),
    ),
    hints=(
        (
            "Take one entry of `x` and move it a little. Which three things inside "
            "the forward pass change?"
        ),
        (
            "Start at the end: what are the gradients of `beta` and `gamma`? Both "
            "occur again in `dx`, each over `n`. The factor in front of `dx` is "
            "`gamma / std`."
        ),
        (
            "`dbeta = dout.sum(axis=0)`, `dgamma = (dout * x_hat).sum(axis=0)`, `dx "
            "= gamma / std * (dout - dbeta / n - x_hat * dgamma / n)`, with `std` "
            "and `x_hat` as in the forward pass."
        ),
    ),
    read="section 3, equation (7.3)",
    lines=7,
    level=3,
    harmless={
        "n = len(x) -> n = len(dout)": "both have one row for each example",
        **{
            f"moved: {line}": "the two lines do not depend on each other"
            for line in (
                "dbeta = dout.sum(axis=0)",
                "dgamma = (dout * x_hat).sum(axis=0)",
                "std = np.sqrt(x.var(axis=0) + eps)",
            )
        },
    },
)
