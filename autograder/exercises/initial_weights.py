"""Chapter 06: the four functions that draw initial weights.

Their answers are random, so `random_weights` says what is compared.  Sizes
are drawn so that every listed mistake that is not right has a standard
deviation that chance cannot confuse with the right one.
"""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Seed
from autograder.exercises.drawing import between
from autograder.exercises.observations import random_weights
from autograder.exercises.spec import Exercise, Misconception, Tolerance
from autograder.kernels import initialization as kernels

__all__ = ["KAIMING_NORMAL", "KAIMING_UNIFORM", "XAVIER_NORMAL", "XAVIER_UNIFORM"]

BY_CHANCE = Tolerance(
    rtol=0.1,
    floor=0.0,
    reason=(
        "for telling mistakes apart: two draws of 1,600 normal numbers differ in "
        "their standard deviations by 10 % (four of its own) about once in 16,000; "
        "what is right is decided by `random_weights`, to 12 %, with a chance of "
        "refusal below 1 in 1 billion (Chernoff's bound of a chi-square)"
    ),
)


def _seed(rng):
    return Seed(int(rng.integers(1_000_000)))


def _sizes(rng):
    """Wide, narrow, wide, narrow: at least 1,600 entries each."""
    yield "a wide layer, with sizes that are easy to reckon with", 20, 100
    yield "a narrow layer", 200, 8
    few, many = int(rng.integers(14, 18)), int(rng.integers(120, 145))
    yield "a wide layer of another size", few, many
    few, many = int(rng.integers(8, 11)), int(rng.integers(220, 250))
    yield "a narrow layer of another size", many, few
    yield "the first sizes again, from another generator", 20, 100


def draw_xavier(rng):
    for label, fan_in, fan_out in _sizes(rng):
        yield label, {"fan_in": fan_in, "fan_out": fan_out, "rng": _seed(rng)}


def draw_kaiming(rng):
    gains = (None, None, 1.0, between(rng, 2.3, 3.0), None)
    notes = ("", "", ", gain 1", ", a large gain", "")
    for (label, fan_in, fan_out), gain, note in zip(
        _sizes(rng), gains, notes, strict=True
    ):
        arguments = {"fan_in": fan_in, "fan_out": fan_out, "rng": _seed(rng)}
        yield label + note, arguments | ({} if gain is None else {"gain": gain})


def fixed_xavier_normal(arguments):
    return {"std": float(np.sqrt(2 / (arguments["fan_in"] + arguments["fan_out"])))}


def fixed_xavier_uniform(arguments):
    std = fixed_xavier_normal(arguments)["std"]
    return {"std": std, "bound": float(np.sqrt(3) * std)}


def fixed_kaiming_normal(arguments):
    return {"std": float(arguments.get("gain", 2**0.5) / np.sqrt(arguments["fan_in"]))}


def fixed_kaiming_uniform(arguments):
    std = fixed_kaiming_normal(arguments)["std"]
    return {"std": std, "bound": float(np.sqrt(3) * std)}


ONE_ROW = (
    "Each row is a copy of the first, so every input gets the same weights and the "
    "units see only the sum of them. Draw all `fan_in * fan_out` numbers."
)
ONE_COLUMN = (
    "Each column is a copy of the first, so all units of the layer compute the same "
    "and stay the same. Draw all `fan_in * fan_out` numbers."
)
TRANSPOSED = (
    "`W` stands at the right of a batch, `X @ W`: one row for each input, one column "
    "for each unit. PyTorch keeps its transpose."
)
OWN_GENERATOR = (
    "The same weights come out each time, so two layers of one size would be alike, "
    "and whoever calls cannot repeat or change a run. Draw from `rng`."
)
GLOBAL_GENERATOR = (
    "`np.random.seed` and `np.random.normal` or `uniform` belong to a generator that "
    "the whole program shares. Use the methods of `rng`."
)
CONSTANT = (
    "Equal weights make equal units with equal gradients, which stay equal for ever. "
    "Draw the weights from `rng`."
)
SINGLE = (
    "The answer is float64, as everything in this course. Leave out `dtype`, or do "
    "not convert."
)
CUT = (
    "Keras' VarianceScaling cuts off what lies beyond two standard deviations. Here "
    "the normal distribution is meant as it is: use `rng.normal`."
)
NORMAL_INSTEAD = (
    "The variance is right and the distribution is not: here every weight lies "
    "between `-bound` and `bound`. Use `rng.uniform`."
)
UNIFORM_INSTEAD = (
    "The variance is right and the distribution is not. Use `rng.normal`, or "
    "`rng.standard_normal` times the standard deviation."
)
VARIANCE_AS_STD = (
    "`rng.normal` takes the standard deviation, and `rng.standard_normal` is to be "
    "multiplied by it. Take the root of the variance."
)
BOUND_AS_STD = (
    "Uniform numbers on (-b, b) have the variance b²/3, not b². So the bound is the "
    "square root of 3 times the standard deviation."
)
NOT_CENTRED = (
    "All weights are positive or zero, so their mean is not 0. Draw from `-bound` to "
    "`bound`."
)
HALF_SHIFTED = (
    "`rng.random` lies between 0 and 1. Twice it, minus 1, lies between -1 and 1; "
    "minus one half leaves only half of the width."
)
BOUND_AS_DEVIATION = (
    "The square root of 3 turns a standard deviation into the bound of a uniform "
    "distribution. A normal distribution has no bound: leave it out."
)


# --- xavier_normal ----------------------------------------------------------


def xn_scaled_afterwards(fan_in, fan_out, rng):
    W = rng.standard_normal((fan_in, fan_out))
    return W * (2 / (fan_in + fan_out)) ** 0.5


def xn_drawn_transposed(fan_in, fan_out, rng):
    std = np.sqrt(2 / (fan_in + fan_out))
    return rng.normal(scale=std, size=(fan_out, fan_in)).T


def xn_row_by_row(fan_in, fan_out, rng):
    std = np.sqrt(2.0) / np.sqrt(fan_in + fan_out)
    return np.array([rng.normal(0.0, std, fan_out) for _ in range(fan_in)])


def xn_mean_of_the_fans(fan_in, fan_out, rng):
    average = (fan_in + fan_out) / 2
    return rng.standard_normal(fan_in * fan_out).reshape(fan_in, fan_out) / np.sqrt(
        average
    )


def xn_by_a_child(fan_in, fan_out, rng):
    child = rng.spawn(1)[0]
    return child.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


def xn_variance_as_std(fan_in, fan_out, rng):
    return rng.normal(0.0, 2 / (fan_in + fan_out), (fan_in, fan_out))


def xn_lecun(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(1 / fan_in), (fan_in, fan_out))


def xn_one_over_fan_out(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(1 / fan_out), (fan_in, fan_out))


def xn_kaiming(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def xn_numerator_one(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(1 / (fan_in + fan_out)), (fan_in, fan_out))


def xn_bound_as_std(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(6 / (fan_in + fan_out)), (fan_in, fan_out))


def xn_divided_by_the_sum(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(2) / (fan_in + fan_out), (fan_in, fan_out))


def xn_multiplied_fans(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(2 / (fan_in * fan_out)), (fan_in, fan_out))


def xn_unit_variance(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out))


def xn_hundredth(fan_in, fan_out, rng):
    return 0.01 * rng.standard_normal((fan_in, fan_out))


def xn_uniform(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def xn_cut_off(fan_in, fan_out, rng):
    W = rng.standard_normal((fan_in, fan_out))
    while np.any(np.abs(W) > 2):
        W = np.where(np.abs(W) > 2, rng.standard_normal(W.shape), W)
    return W / 0.8796256610342398 * np.sqrt(2 / (fan_in + fan_out))


def xn_transposed(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_out, fan_in))


def xn_one_row(fan_in, fan_out, rng):
    row = rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), fan_out)
    return np.tile(row, (fan_in, 1))


def xn_one_column(fan_in, fan_out, rng):
    column = rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, 1))
    return np.tile(column, (1, fan_out))


def xn_zeros(fan_in, fan_out, rng):
    return np.zeros((fan_in, fan_out))


def xn_single_precision(fan_in, fan_out, rng):
    W = rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))
    return W.astype(np.float32)


def xn_own_generator(fan_in, fan_out, rng):
    own = np.random.default_rng(0)
    return own.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


def xn_global_generator(fan_in, fan_out, rng):
    np.random.seed(0)
    return np.random.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


XAVIER_NORMAL = Exercise(
    name="xavier_normal",
    points=2,
    reference=kernels.xavier_normal,
    returns=("W",),
    draw=draw_xavier,
    observe=random_weights,
    fixed=fixed_xavier_normal,
    tolerance=BY_CHANCE,
    equivalents=(
        xn_scaled_afterwards,
        xn_drawn_transposed,
        xn_row_by_row,
        xn_mean_of_the_fans,
        xn_by_a_child,
    ),
    misconceptions=(
        Misconception(
            "xn_variance_as_std",
            xn_variance_as_std,
            "weights whose standard deviation is what their variance should be",
            VARIANCE_AS_STD,
        ),
        Misconception(
            "xn_lecun",
            xn_lecun,
            "weights with the variance 1 / fan_in, which is LeCun's",
            "Some texts call that Xavier. Glorot and Bengio's looks at both "
            "directions: the mean of `fan_in` and `fan_out` stands in the "
            "denominator.",
        ),
        Misconception(
            "xn_one_over_fan_out",
            xn_one_over_fan_out,
            "weights with the variance 1 / fan_out",
            "That keeps the variance of the gradients only. Xavier is the compromise: "
            "the mean of `fan_in` and `fan_out` stands in the denominator.",
        ),
        Misconception(
            "xn_kaiming",
            xn_kaiming,
            "Kaiming weights, with the variance 2 / fan_in",
            "That is a later exercise, for ReLU. Here the 2 comes from the mean of "
            "`fan_in` and `fan_out`.",
        ),
        Misconception(
            "xn_numerator_one",
            xn_numerator_one,
            "Xavier weights without the 2",
            "1 over the mean of the two sizes is 2 over their sum.",
        ),
        Misconception(
            "xn_bound_as_std",
            xn_bound_as_std,
            "normal weights with the bound of the uniform ones as deviation",
            "The 6 belongs to the bound of the uniform form, where a factor 3 makes "
            "up for its variance b²/3. Here it is 2.",
        ),
        Misconception(
            "xn_divided_by_the_sum",
            xn_divided_by_the_sum,
            "a root that covers the 2 alone",
            "The root goes over the whole fraction, the sum of the sizes included.",
        ),
        Misconception(
            "xn_multiplied_fans",
            xn_multiplied_fans,
            "Xavier weights with the product of the sizes",
            "The two sizes are averaged: their sum stands in the denominator.",
        ),
        Misconception(
            "xn_unit_variance",
            xn_unit_variance,
            "standard normal weights",
            "Their scale does not know the size of the layer. Multiply by the "
            "standard deviation.",
        ),
        Misconception(
            "xn_hundredth",
            xn_hundredth,
            "normal weights with the standard deviation 0.01",
            "One number does not suit layers of all sizes. Compute it from `fan_in` "
            "and `fan_out`.",
        ),
        Misconception("xn_uniform", xn_uniform, "uniform weights", UNIFORM_INSTEAD),
        Misconception("xn_cut_off", xn_cut_off, "a truncated normal", CUT),
        Misconception(
            "xn_transposed",
            xn_transposed,
            "the layout (fan_out, fan_in)",
            TRANSPOSED,
        ),
        Misconception("xn_one_row", xn_one_row, "one random row, repeated", ONE_ROW),
        Misconception(
            "xn_one_column", xn_one_column, "one random column, repeated", ONE_COLUMN
        ),
        Misconception("xn_zeros", xn_zeros, "weights that are all zero", CONSTANT),
        Misconception(
            "xn_single_precision",
            xn_single_precision,
            "weights in single precision",
            SINGLE,
        ),
        Misconception(
            "xn_own_generator",
            xn_own_generator,
            "a generator made inside, with a fixed seed",
            OWN_GENERATOR,
        ),
        Misconception(
            "xn_global_generator",
            xn_global_generator,
            "NumPy's global generator, seeded inside",
            GLOBAL_GENERATOR,
        ),
    ),
    hints=(
        (
            "On the way forward the variance should be `1 / fan_in`, on the way back "
            "`1 / fan_out`. Which single number stands between the two sizes?"
        ),
        (
            "The variance is 1 over the mean of the two sizes. Does `rng.normal` ask "
            "for a variance or for a standard deviation?"
        ),
        (
            "`return rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, "
            "fan_out))`: mean, standard deviation, shape."
        ),
    ),
    read="section 4, equation (6.5)",
    lines=1,
    level=1,
)


# --- xavier_uniform ---------------------------------------------------------


def xu_stretched(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return 2 * bound * rng.random((fan_in, fan_out)) - bound


def xu_drawn_transposed(fan_in, fan_out, rng):
    bound = np.sqrt(6) / np.sqrt(fan_in + fan_out)
    return rng.uniform(-bound, bound, (fan_out, fan_in)).T


def xu_row_by_row(fan_in, fan_out, rng):
    bound = np.sqrt(3) * np.sqrt(2 / (fan_in + fan_out))
    return np.stack([rng.uniform(-bound, bound, fan_out) for _ in range(fan_in)])


def xu_scaled_afterwards(fan_in, fan_out, rng):
    W = rng.uniform(-1, 1, size=fan_in * fan_out).reshape(fan_in, fan_out)
    return W * (6 / (fan_in + fan_out)) ** 0.5


def xu_bound_as_std(fan_in, fan_out, rng):
    bound = np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def xu_without_root(fan_in, fan_out, rng):
    bound = 6 / (fan_in + fan_out)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def xu_fan_in_only(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def xu_three_over_fan_in(fan_in, fan_out, rng):
    bound = np.sqrt(3 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def xu_three_over_sum(fan_in, fan_out, rng):
    bound = np.sqrt(3 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def xu_twelve(fan_in, fan_out, rng):
    bound = np.sqrt(12 * 2 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def xu_not_centred(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(0.0, bound, (fan_in, fan_out))


def xu_random_scaled(fan_in, fan_out, rng):
    width = 2 * np.sqrt(6 / (fan_in + fan_out))
    return width * rng.random((fan_in, fan_out))


def xu_half_width(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return bound * (rng.random((fan_in, fan_out)) - 0.5)


def xu_normal(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


def xu_normal_by_bound(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(6 / (fan_in + fan_out)), (fan_in, fan_out))


def xu_unit_interval(fan_in, fan_out, rng):
    return rng.uniform(-1, 1, (fan_in, fan_out))


def xu_transposed(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_out, fan_in))


def xu_one_row(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return np.tile(rng.uniform(-bound, bound, fan_out), (fan_in, 1))


def xu_one_column(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return np.tile(rng.uniform(-bound, bound, (fan_in, 1)), (1, fan_out))


def xu_own_generator(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(0).uniform(-bound, bound, (fan_in, fan_out))


def xu_global_generator(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return np.random.uniform(-bound, bound, (fan_in, fan_out))


XAVIER_UNIFORM = Exercise(
    name="xavier_uniform",
    points=2,
    reference=kernels.xavier_uniform,
    returns=("W",),
    draw=draw_xavier,
    observe=random_weights,
    fixed=fixed_xavier_uniform,
    tolerance=BY_CHANCE,
    equivalents=(
        xu_stretched,
        xu_drawn_transposed,
        xu_row_by_row,
        xu_scaled_afterwards,
    ),
    misconceptions=(
        Misconception(
            "xu_bound_as_std",
            xu_bound_as_std,
            "uniform weights whose bound is what their standard deviation should be",
            BOUND_AS_STD,
        ),
        Misconception(
            "xu_without_root",
            xu_without_root,
            "a bound without the square root",
            "6 over the sum of the sizes is the square of the bound. Take its root.",
        ),
        Misconception(
            "xu_fan_in_only",
            xu_fan_in_only,
            "Kaiming's bound, with `fan_in` alone",
            "That is for ReLU. Xavier has the sum of `fan_in` and `fan_out` in the "
            "denominator.",
        ),
        Misconception(
            "xu_three_over_fan_in",
            xu_three_over_fan_in,
            "the bound of LeCun's weights, with the variance 1 / fan_in",
            "Xavier has the mean of `fan_in` and `fan_out` in the place of `fan_in`.",
        ),
        Misconception(
            "xu_three_over_sum",
            xu_three_over_sum,
            "Xavier weights without the 2",
            "The variance is 2 over the sum of the sizes, and its bound has 3 times "
            "that under the root.",
        ),
        Misconception(
            "xu_twelve",
            xu_twelve,
            "a bound that takes the whole width for it",
            "The variance of a uniform distribution is the square of its whole width "
            "over 12, and the width is twice the bound: b²/3.",
        ),
        Misconception(
            "xu_not_centred",
            xu_not_centred,
            "weights from 0 to the bound",
            NOT_CENTRED,
        ),
        Misconception(
            "xu_random_scaled",
            xu_random_scaled,
            "weights of the right width that begin at 0",
            NOT_CENTRED,
        ),
        Misconception(
            "xu_half_width", xu_half_width, "half the right width", HALF_SHIFTED
        ),
        Misconception("xu_normal", xu_normal, "normal weights", NORMAL_INSTEAD),
        Misconception(
            "xu_normal_by_bound",
            xu_normal_by_bound,
            "normal weights with the bound as standard deviation",
            "A bound is no standard deviation, and a normal distribution has none. "
            "Use `rng.uniform` from `-bound` to `bound`.",
        ),
        Misconception(
            "xu_unit_interval",
            xu_unit_interval,
            "weights between -1 and 1",
            "Their scale does not know the size of the layer. Multiply by the bound.",
        ),
        Misconception(
            "xu_transposed",
            xu_transposed,
            "the layout (fan_out, fan_in)",
            TRANSPOSED,
        ),
        Misconception("xu_one_row", xu_one_row, "one random row, repeated", ONE_ROW),
        Misconception(
            "xu_one_column", xu_one_column, "one random column, repeated", ONE_COLUMN
        ),
        Misconception(
            "xu_own_generator",
            xu_own_generator,
            "a generator made inside, with a fixed seed",
            OWN_GENERATOR,
        ),
        Misconception(
            "xu_global_generator",
            xu_global_generator,
            "NumPy's global generator",
            GLOBAL_GENERATOR,
        ),
    ),
    hints=(
        (
            "What is the variance of a number that lies anywhere between `-b` and "
            "`b`, each place as likely? It is less than `b**2`."
        ),
        (
            "`b**2 / 3` should be the variance of Xavier's weights, `2 / (fan_in + "
            "fan_out)`. Which `b` follows?"
        ),
        (
            "`bound = np.sqrt(6 / (fan_in + fan_out))`, and then `return "
            "rng.uniform(-bound, bound, (fan_in, fan_out))`."
        ),
    ),
    read="section 4, equation (6.6)",
    lines=2,
    level=1,
)


# --- kaiming_normal ---------------------------------------------------------


def kn_scaled_afterwards(fan_in, fan_out, rng, gain=2**0.5):
    return gain * rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)


def kn_root_of_variance(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(scale=np.sqrt(gain**2 / fan_in), size=(fan_in, fan_out))


def kn_drawn_transposed(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, gain * fan_in**-0.5, (fan_out, fan_in)).T


def kn_column_by_column(fan_in, fan_out, rng, gain=2**0.5):
    std = gain / np.sqrt(fan_in)
    return np.column_stack([rng.normal(0, std, fan_in) for _ in range(fan_out)])


def kn_variance_as_std(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, gain**2 / fan_in, (fan_in, fan_out))


def kn_fan_out(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, gain / np.sqrt(fan_out), (fan_in, fan_out))


def kn_xavier(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


def kn_gain_missing(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, 1 / np.sqrt(fan_in), (fan_in, fan_out))


def kn_gain_ignored(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def kn_gain_squared(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, gain**2 / np.sqrt(fan_in), (fan_in, fan_out))


def kn_gain_and_two(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, gain * np.sqrt(2 / fan_in), (fan_in, fan_out))


def kn_divided_by_gain(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, 1 / (gain * np.sqrt(fan_in)), (fan_in, fan_out))


def kn_root_missing(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, gain / fan_in, (fan_in, fan_out))


def kn_bound_as_std(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, gain * np.sqrt(3 / fan_in), (fan_in, fan_out))


def kn_uniform(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def kn_cut_off(fan_in, fan_out, rng, gain=2**0.5):
    W = rng.standard_normal((fan_in, fan_out))
    while np.any(np.abs(W) > 2):
        W = np.where(np.abs(W) > 2, rng.standard_normal(W.shape), W)
    return W / 0.8796256610342398 * gain / np.sqrt(fan_in)


def kn_only_positive(fan_in, fan_out, rng, gain=2**0.5):
    return np.abs(rng.normal(0.0, gain / np.sqrt(fan_in), (fan_in, fan_out)))


def kn_transposed(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, gain / np.sqrt(fan_in), (fan_out, fan_in))


def kn_one_row(fan_in, fan_out, rng, gain=2**0.5):
    return np.tile(rng.normal(0.0, gain / np.sqrt(fan_in), fan_out), (fan_in, 1))


def kn_one_column(fan_in, fan_out, rng, gain=2**0.5):
    column = rng.normal(0.0, gain / np.sqrt(fan_in), (fan_in, 1))
    return np.tile(column, (1, fan_out))


def kn_own_generator(fan_in, fan_out, rng, gain=2**0.5):
    own = np.random.default_rng(0)
    return own.normal(0.0, gain / np.sqrt(fan_in), (fan_in, fan_out))


def kn_global_generator(fan_in, fan_out, rng, gain=2**0.5):
    return np.random.randn(fan_in, fan_out) * gain / np.sqrt(fan_in)


FAN_OUT = (
    "Each unit sums over its inputs, so the number of inputs counts, and `fan_out` "
    "is there for the shape only. With the transposed layout the two are easily "
    "exchanged."
)
GAIN_MISSING = (
    "ReLU throws half of the mean square away in every layer; `gain` makes up for "
    "it, and it is an argument."
)
GAIN_IGNORED = (
    "With the default they are right, but whoever calls may give another `gain`: "
    "use the argument."
)
GAIN_SQUARED = (
    "`gain` is a factor of the standard deviation; its square is the factor of the "
    "variance."
)
GAIN_TWICE = (
    "The square root of 2 is the default of `gain` already, so the 2 comes in twice. "
    "Leave one of them out."
)
GAIN_DIVIDES = (
    "The activation makes its input smaller, so the weights have to be larger by "
    "`gain`, not smaller."
)

KAIMING_NORMAL = Exercise(
    name="kaiming_normal",
    points=2,
    reference=kernels.kaiming_normal,
    returns=("W",),
    draw=draw_kaiming,
    observe=random_weights,
    fixed=fixed_kaiming_normal,
    tolerance=BY_CHANCE,
    equivalents=(
        kn_scaled_afterwards,
        kn_root_of_variance,
        kn_drawn_transposed,
        kn_column_by_column,
    ),
    misconceptions=(
        Misconception(
            "kn_variance_as_std",
            kn_variance_as_std,
            "weights whose standard deviation is what their variance should be",
            VARIANCE_AS_STD,
        ),
        Misconception(
            "kn_fan_out",
            kn_fan_out,
            "Kaiming weights with `fan_out` in the place of `fan_in`",
            FAN_OUT,
        ),
        Misconception(
            "kn_xavier",
            kn_xavier,
            "Xavier weights",
            "They keep the variance where nothing is cut off. Here the variance is "
            "gain² over `fan_in` alone.",
        ),
        Misconception(
            "kn_gain_missing", kn_gain_missing, "weights without the gain", GAIN_MISSING
        ),
        Misconception(
            "kn_gain_ignored",
            kn_gain_ignored,
            "weights with the square root of 2 in the place of `gain`",
            GAIN_IGNORED,
        ),
        Misconception(
            "kn_gain_squared",
            kn_gain_squared,
            "weights with the square of the gain",
            GAIN_SQUARED,
        ),
        Misconception(
            "kn_gain_and_two",
            kn_gain_and_two,
            "weights with the gain and once more the 2",
            GAIN_TWICE,
        ),
        Misconception(
            "kn_divided_by_gain",
            kn_divided_by_gain,
            "weights divided by the gain",
            GAIN_DIVIDES,
        ),
        Misconception(
            "kn_root_missing",
            kn_root_missing,
            "weights divided by `fan_in` and not by its root",
            "The variance is gain² / `fan_in`. The root of the whole has the root of "
            "`fan_in` in it.",
        ),
        Misconception(
            "kn_bound_as_std",
            kn_bound_as_std,
            "normal weights with the bound of the uniform ones as deviation",
            BOUND_AS_DEVIATION,
        ),
        Misconception("kn_uniform", kn_uniform, "uniform weights", UNIFORM_INSTEAD),
        Misconception("kn_cut_off", kn_cut_off, "a truncated normal", CUT),
        Misconception(
            "kn_only_positive",
            kn_only_positive,
            "weights without their signs",
            "ReLU acts on what a layer gives out, not on its weights. They need both "
            "signs.",
        ),
        Misconception(
            "kn_transposed",
            kn_transposed,
            "the layout (fan_out, fan_in)",
            TRANSPOSED,
        ),
        Misconception("kn_one_row", kn_one_row, "one random row, repeated", ONE_ROW),
        Misconception(
            "kn_one_column", kn_one_column, "one random column, repeated", ONE_COLUMN
        ),
        Misconception(
            "kn_own_generator",
            kn_own_generator,
            "a generator made inside, with a fixed seed",
            OWN_GENERATOR,
        ),
        Misconception(
            "kn_global_generator",
            kn_global_generator,
            "NumPy's global generator",
            GLOBAL_GENERATOR,
        ),
    ),
    hints=(
        (
            "Which variance of the weights keeps the mean square where no activation "
            "is? By how much must it grow when ReLU keeps only half?"
        ),
        (
            "`gain` is a factor of the standard deviation: what is to be divided by "
            "the root of `fan_in`?"
        ),
        (
            "`return rng.normal(0.0, gain / np.sqrt(fan_in), (fan_in, fan_out))`: "
            "mean, standard deviation, shape."
        ),
    ),
    read="section 5, equation (6.7)",
    lines=1,
    level=1,
)


# --- kaiming_uniform --------------------------------------------------------


def ku_stretched(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    return (2 * rng.random((fan_in, fan_out)) - 1) * bound


def ku_from_std(fan_in, fan_out, rng, gain=2**0.5):
    std = gain / np.sqrt(fan_in)
    bound = np.sqrt(3) * std
    return rng.uniform(-bound, bound, size=(fan_in, fan_out))


def ku_drawn_transposed(fan_in, fan_out, rng, gain=2**0.5):
    bound = np.sqrt(3 * gain**2 / fan_in)
    return rng.uniform(-bound, bound, (fan_out, fan_in)).T


def ku_row_by_row(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    W = np.empty((fan_in, fan_out))
    for row in W:
        row[:] = rng.uniform(-bound, bound, fan_out)
    return W


def ku_bound_as_std(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain / np.sqrt(fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def ku_three_outside_root(fan_in, fan_out, rng, gain=2**0.5):
    bound = 3 * gain / np.sqrt(fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def ku_fan_out(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_out)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def ku_xavier(fan_in, fan_out, rng, gain=2**0.5):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def ku_gain_missing(fan_in, fan_out, rng, gain=2**0.5):
    bound = np.sqrt(3 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def ku_gain_ignored(fan_in, fan_out, rng, gain=2**0.5):
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def ku_gain_squared(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain**2 * np.sqrt(3 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def ku_gain_and_six(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def ku_root_missing(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * 3 / fan_in
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def ku_not_centred(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    return rng.uniform(0.0, bound, (fan_in, fan_out))


def ku_half_width(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    return bound * (rng.random((fan_in, fan_out)) - 0.5)


def ku_normal(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, gain / np.sqrt(fan_in), (fan_in, fan_out))


def ku_transposed(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    return rng.uniform(-bound, bound, (fan_out, fan_in))


def ku_one_row(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    return np.tile(rng.uniform(-bound, bound, fan_out), (fan_in, 1))


def ku_one_column(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    return np.tile(rng.uniform(-bound, bound, (fan_in, 1)), (1, fan_out))


def ku_own_generator(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    return np.random.default_rng(0).uniform(-bound, bound, (fan_in, fan_out))


def ku_global_generator(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    return np.random.uniform(-bound, bound, (fan_in, fan_out))


KAIMING_UNIFORM = Exercise(
    name="kaiming_uniform",
    points=2,
    reference=kernels.kaiming_uniform,
    returns=("W",),
    draw=draw_kaiming,
    observe=random_weights,
    fixed=fixed_kaiming_uniform,
    tolerance=BY_CHANCE,
    equivalents=(ku_stretched, ku_from_std, ku_drawn_transposed, ku_row_by_row),
    misconceptions=(
        Misconception(
            "ku_bound_as_std",
            ku_bound_as_std,
            "uniform weights whose bound is what their standard deviation should be",
            BOUND_AS_STD,
        ),
        Misconception(
            "ku_three_outside_root",
            ku_three_outside_root,
            "a bound with the 3 outside the root",
            "The square of the bound over 3 is the variance: the 3 stands under the "
            "root.",
        ),
        Misconception(
            "ku_fan_out",
            ku_fan_out,
            "Kaiming weights with `fan_out` in the place of `fan_in`",
            FAN_OUT,
        ),
        Misconception(
            "ku_xavier",
            ku_xavier,
            "Xavier weights",
            "They keep the variance where nothing is cut off. Here the variance is "
            "gain² over `fan_in` alone.",
        ),
        Misconception(
            "ku_gain_missing", ku_gain_missing, "weights without the gain", GAIN_MISSING
        ),
        Misconception(
            "ku_gain_ignored",
            ku_gain_ignored,
            "weights with the square root of 2 in the place of `gain`",
            GAIN_IGNORED,
        ),
        Misconception(
            "ku_gain_squared",
            ku_gain_squared,
            "weights with the square of the gain",
            GAIN_SQUARED,
        ),
        Misconception(
            "ku_gain_and_six",
            ku_gain_and_six,
            "weights with the gain and once more the 2",
            GAIN_TWICE,
        ),
        Misconception(
            "ku_root_missing",
            ku_root_missing,
            "a bound without the square root",
            "3 over `fan_in` stands under a root: gain² / `fan_in` is the variance, "
            "and the square of the bound is 3 times that.",
        ),
        Misconception(
            "ku_not_centred",
            ku_not_centred,
            "weights from 0 to the bound",
            NOT_CENTRED,
        ),
        Misconception(
            "ku_half_width", ku_half_width, "half the right width", HALF_SHIFTED
        ),
        Misconception("ku_normal", ku_normal, "normal weights", NORMAL_INSTEAD),
        Misconception(
            "ku_transposed",
            ku_transposed,
            "the layout (fan_out, fan_in)",
            TRANSPOSED,
        ),
        Misconception("ku_one_row", ku_one_row, "one random row, repeated", ONE_ROW),
        Misconception(
            "ku_one_column", ku_one_column, "one random column, repeated", ONE_COLUMN
        ),
        Misconception(
            "ku_own_generator",
            ku_own_generator,
            "a generator made inside, with a fixed seed",
            OWN_GENERATOR,
        ),
        Misconception(
            "ku_global_generator",
            ku_global_generator,
            "NumPy's global generator",
            GLOBAL_GENERATOR,
        ),
    ),
    hints=(
        (
            "A uniform number between `-b` and `b` has the variance `b**2 / 3`. "
            "Which variance should these weights have?"
        ),
        (
            "`gain**2 / fan_in` is the variance, so `b**2` is three times that. What "
            "is `b`, with `gain` in front of the root?"
        ),
        (
            "`bound = gain * np.sqrt(3 / fan_in)`, and then `return "
            "rng.uniform(-bound, bound, (fan_in, fan_out))`."
        ),
    ),
    read="section 5, equation (6.8)",
    lines=2,
    level=1,
)
