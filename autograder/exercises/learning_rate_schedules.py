"""Chapter 04: learning rates that change over time.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import math

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between
from autograder.exercises.spec import Exercise, Misconception
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = [
    "COSINE_DECAY",
    "EXPONENTIAL_DECAY",
    "INVERSE_SQRT_DECAY",
    "STEP_DECAY",
    "TRANSFORMER_LR",
    "WARMUP",
]

ONE_NUMBER_ONLY = (
    "`t` may be a whole array of steps. Use NumPy's functions, which take both "
    "numbers and arrays: `np.exp`, `np.minimum`, `np.where`."
)

T_IN_PLACE = (
    "Whoever called the function still holds the array `t` and finds it changed. "
    "Make a new one: `t + 1`, `np.minimum(t, total)`."
)


# --- step_decay -------------------------------------------------------------


def draw_step_decay(rng):
    yield (
        "just after the second drop",
        {"lr": 0.8, "t": 7, "drop": 0.5, "every": 3},
    )
    every = int(rng.integers(4, 7))
    yield (
        "the start, t = 0",
        {"lr": _lr(rng), "t": 0, "drop": between(rng, 0.2, 0.4), "every": every},
    )
    yield (
        "t = every, where the first drop comes",
        {"lr": _lr(rng), "t": every, "drop": between(rng, 0.2, 0.4), "every": every},
    )
    every = int(rng.integers(4, 7))
    yield (
        "the last step before the second drop",
        {
            "lr": _lr(rng),
            "t": 2 * every - 1,
            "drop": between(rng, 0.2, 0.4),
            "every": every,
        },
    )
    every = int(rng.integers(5, 7))
    yield (
        "an array of steps from 0",
        {
            "lr": _lr(rng),
            "t": np.arange(2 * every + 3),
            "drop": between(rng, 0.6, 0.9),
            "every": every,
        },
    )
    yield (
        "steps in any order, in two axes",
        {
            "lr": _lr(rng),
            "t": rng.permutation(40)[:6].reshape(2, 3),
            "drop": between(rng, 0.6, 0.9),
            "every": 7,
        },
    )
    every = int(rng.integers(4, 7))
    yield (
        "long after, with some thirty drops",
        {
            "lr": _lr(rng),
            "t": 30 * every + int(rng.integers(every)),
            "drop": between(rng, 0.2, 0.4),
            "every": every,
        },
    )


def _lr(rng):
    return between(rng, 0.2, 0.9)


def drops_by_floor(lr, t, drop, every):
    return lr * np.power(drop, np.floor(np.divide(t, every)))


def drops_by_whole_part(lr, t, drop, every):
    t = np.asarray(t)
    return lr * drop ** ((t - t % every) / every)


def drops_by_logarithm(lr, t, drop, every):
    return np.exp(np.log(lr) + np.log(drop) * (t // every))


def drops_one_by_one(lr, t, drop, every):
    t = np.asarray(t)
    value = np.full(t.shape, float(lr))
    for k in range(1, int(t.max()) // every + 1):
        value = np.where(t >= k * every, drop * value, value)
    return value


def drops_one_step_early(lr, t, drop, every):
    return lr * drop ** ((t + 1) // every)


def drops_one_step_late(lr, t, drop, every):
    return lr * drop ** (np.maximum(t - 1, 0) // every)


def drops_from_minus_one(lr, t, drop, every):
    return lr * drop ** ((t - 1) // every)


def drops_before_the_start(lr, t, drop, every):
    return lr * drop ** (t // every + 1)


def drops_after_one_step_more(lr, t, drop, every):
    return lr * drop ** (t // (every + 1))


def drops_after_one_step_less(lr, t, drop, every):
    return lr * drop ** (t // (every - 1))


def drops_rounded_up(lr, t, drop, every):
    return lr * drop ** np.ceil(np.divide(t, every))


def drops_rounded(lr, t, drop, every):
    return lr * drop ** np.round(np.divide(t, every))


def never_rounded(lr, t, drop, every):
    return lr * drop ** (t / every)


def drops_once(lr, t, drop, every):
    return np.where(np.asarray(t) >= every, lr * drop, lr)


def drops_in_every_step(lr, t, drop, every):
    return lr * drop**t


def drop_of_a_moment(lr, t, drop, every):
    t = np.asarray(t)
    return np.where((t % every == 0) & (t > 0), lr * drop, lr)


def drop_divides(lr, t, drop, every):
    return lr / drop ** (t // every)


def drop_as_lost_share(lr, t, drop, every):
    return lr * (1 - drop) ** (t // every)


def drops_add_up(lr, t, drop, every):
    return lr * (1 - drop * (t // every))


def drop_subtracted(lr, t, drop, every):
    return lr - drop * (t // every)


def drop_times_count(lr, t, drop, every):
    return lr * drop * (t // every)


def lr_raised_too(lr, t, drop, every):
    return (lr * drop) ** (t // every)


def lr_forgotten_in_steps(lr, t, drop, every):
    return drop ** (t // every)


def drops_with_a_floor(lr, t, drop, every):
    return np.maximum(lr * drop ** (np.asarray(t) // every), 1e-6)


def remainder_of_division(lr, t, drop, every):
    return lr * drop ** (t % every)


def drops_for_one_number(lr, t, drop, every):
    return lr * drop ** math.floor(t / every)


def drops_in_place(lr, t, drop, every):
    t //= every
    return lr * drop**t


STEP_DECAY = Exercise(
    name="step_decay",
    points=1,
    reference=kernels.step_decay,
    returns=("lr_t",),
    draw=draw_step_decay,
    equivalents=(
        drops_by_floor,
        drops_by_whole_part,
        drops_by_logarithm,
        drops_one_by_one,
    ),
    misconceptions=(
        Misconception(
            "drops_one_step_early",
            drops_one_step_early,
            "drops that come one step early",
            "`t` counts from 0, and the first drop is at `t = every`: no `+ 1`.",
        ),
        Misconception(
            "drops_one_step_late",
            drops_one_step_late,
            "drops that come one step late",
            "At `t = every` the learning rate is already lower: `t >= every`, not "
            "`t > every`.",
        ),
        Misconception(
            "drops_from_minus_one",
            drops_from_minus_one,
            "a count that starts at -1",
            "`(t - 1) // every` is -1 at `t = 0`, so that the learning rate starts "
            "above `lr`, and all drops come one step late. `t` counts from 0 already.",
        ),
        Misconception(
            "drops_before_the_start",
            drops_before_the_start,
            "one drop too many from the start",
            "In the steps before `t = every` nothing has dropped yet: the exponent is "
            "0 there.",
        ),
        Misconception(
            "drops_after_one_step_more",
            drops_after_one_step_more,
            "drops that are one step too far apart",
            "From one drop to the next there are `every` steps: divide by `every`, "
            "not `every + 1`.",
        ),
        Misconception(
            "drops_after_one_step_less",
            drops_after_one_step_less,
            "drops that are one step too close",
            "From one drop to the next there are `every` steps: divide by `every`, "
            "not `every - 1`.",
        ),
        Misconception(
            "drops_rounded_up",
            drops_rounded_up,
            "a count of drops rounded up",
            "A drop counts when it has happened: round `t / every` down.",
        ),
        Misconception(
            "drops_rounded",
            drops_rounded,
            "a count of drops rounded to the nearest number",
            "So they come half a stretch too early. Round `t / every` down.",
        ),
        Misconception(
            "never_rounded",
            never_rounded,
            "a smooth decay",
            "Between two drops the learning rate stays as it is: round `t / every` "
            "down.",
        ),
        Misconception(
            "drops_once",
            drops_once,
            "one drop only",
            "Another one comes after each further `every` steps: raise `drop` to the "
            "number of drops so far.",
        ),
        Misconception(
            "drops_in_every_step",
            drops_in_every_step,
            "a drop in every step",
            "The exponent is the number of drops so far, `t // every`.",
        ),
        Misconception(
            "drop_of_a_moment",
            drop_of_a_moment,
            "a drop in the steps `every`, `2 * every`, … only",
            "After a drop the learning rate stays low: count the drops so far, with "
            "`//` and not with `%`.",
        ),
        Misconception(
            "drop_divides",
            drop_divides,
            "a division by `drop`",
            "`drop` is a factor below 1: multiply, or the learning rate rises.",
        ),
        Misconception(
            "drop_as_lost_share",
            drop_as_lost_share,
            "the factor `1 - drop`",
            "`drop` is what remains after a drop, not what is lost.",
        ),
        Misconception(
            "drops_add_up",
            drops_add_up,
            "drops that add up",
            "Each drop multiplies what the one before has left: `drop` to a power. A "
            "sum of drops ends below 0.",
        ),
        Misconception(
            "drop_subtracted",
            drop_subtracted,
            "drops that are subtracted",
            "Each drop multiplies the learning rate by `drop`.",
        ),
        Misconception(
            "drop_times_count",
            drop_times_count,
            "the number of drops as a factor",
            "At `t = 0` that is 0. The number of drops is an exponent: "
            "`drop ** (t // every)`.",
        ),
        Misconception(
            "lr_raised_too",
            lr_raised_too,
            "a power of `lr * drop`",
            "Only `drop` is raised to the number of drops. Look at your parentheses.",
        ),
        Misconception(
            "lr_forgotten_in_steps",
            lr_forgotten_in_steps,
            "a schedule without `lr`",
            "The factor falls from 1. Multiply it by `lr`.",
        ),
        Misconception(
            "drops_with_a_floor",
            drops_with_a_floor,
            "a learning rate that is never below 1e-6",
            "Some programs have such a bound. Equation (4.5) has none: drops go on.",
        ),
        Misconception(
            "remainder_of_division",
            remainder_of_division,
            "the remainder in the place of the quotient",
            "`t % every` counts the steps since the last drop. The number of drops is "
            "`t // every`.",
        ),
        Misconception(
            "drops_for_one_number",
            drops_for_one_number,
            "a formula for one number only",
            ONE_NUMBER_ONLY,
        ),
        Misconception(
            "drops_in_place", drops_in_place, "a change of `t` in place", T_IN_PLACE
        ),
    ),
    hints=(
        "How many drops have come by step `t`? Try 0, `every - 1` and `every` for it.",
        "Each drop multiplies by `drop`. What do `k` drops multiply by?",
        "`return lr * drop ** (t // every)`.",
    ),
    read="section 7, equation (4.5)",
    lines=1,
    level=1,
)


# --- inverse_sqrt_decay -----------------------------------------------------


def draw_inverse_sqrt_decay(rng):
    yield "the fourth step", {"lr": 0.6, "t": 3}
    yield "the start, t = 0", {"lr": _lr(rng), "t": 0}
    yield "an array of steps from 0", {"lr": _lr(rng), "t": np.arange(5)}
    yield "one late step", {"lr": _lr(rng), "t": int(rng.integers(2e6, 9e6))}
    yield (
        "steps in any order, in two axes",
        {"lr": _lr(rng), "t": rng.permutation(60)[:6].reshape(2, 3) + 1},
    )


def root_by_power(lr, t):
    return lr * (t + 1.0) ** -0.5


def root_of_quotient(lr, t):
    return np.sqrt(lr**2 / (1 + np.asarray(t)))


def root_by_logarithm(lr, t):
    return lr * np.exp(-np.log1p(t) / 2)


def root_without_one(lr, t):
    return lr / np.sqrt(t)


def root_of_t_plus_two(lr, t):
    return lr / np.sqrt(t + 2)


def one_outside_root(lr, t):
    return lr / (np.sqrt(t) + 1)


def root_from_one_on(lr, t):
    return lr / np.sqrt(np.maximum(t, 1))


def no_root_of_step(lr, t):
    return lr / (t + 1)


def precedence_of_power(lr, t):
    return lr * (t + 1) ** -1 / 2


def root_of_everything(lr, t):
    return np.sqrt(lr / (t + 1))


def root_rises(lr, t):
    return lr * np.sqrt(t + 1)


def square_of_step(lr, t):
    return lr / (t + 1) ** 2


def lr_forgotten_in_root(lr, t):
    return 1 / np.sqrt(t + 1)


def subtracts_root(lr, t):
    return lr - np.sqrt(t)


def root_of_lr_times_step(lr, t):
    return 1 / np.sqrt(lr * (t + 1))


def root_of_squared_step(lr, t):
    return lr / np.sqrt(t**2 + 1)


def root_of_lr_product(lr, t):
    return lr / np.sqrt(1 + lr * t)


def root_for_one_number(lr, t):
    return lr / math.sqrt(t + 1)


def root_in_place(lr, t):
    t += 1
    return lr / np.sqrt(t)


INVERSE_SQRT_DECAY = Exercise(
    name="inverse_sqrt_decay",
    points=1,
    reference=kernels.inverse_sqrt_decay,
    returns=("lr_t",),
    draw=draw_inverse_sqrt_decay,
    equivalents=(root_by_power, root_of_quotient, root_by_logarithm),
    misconceptions=(
        Misconception(
            "root_without_one",
            root_without_one,
            "a clock that is one step behind",
            "At `t = 0` that divides by 0. Count the steps from 1 under the root: "
            "`t + 1`.",
        ),
        Misconception(
            "root_of_t_plus_two",
            root_of_t_plus_two,
            "a clock that is one step ahead",
            "`t` counts from 0, and at `t = 0` the learning rate is `lr`: `t + 1` "
            "under the root.",
        ),
        Misconception(
            "one_outside_root",
            one_outside_root,
            "a 1 outside the root",
            "That agrees at `t = 0` and not after. Add the 1 to `t`, then take the "
            "root.",
        ),
        Misconception(
            "root_from_one_on",
            root_from_one_on,
            "a clock that is one step behind, with 0 mended",
            "`np.maximum(t, 1)` keeps a division by 0 away, but the steps 0 and 1 are "
            "alike and all later ones too long. Use `t + 1`.",
        ),
        Misconception(
            "no_root_of_step",
            no_root_of_step,
            "a decay without the root",
            "`1 / (t + 1)` falls much faster. Take the root of `t + 1`.",
        ),
        Misconception(
            "precedence_of_power",
            precedence_of_power,
            "a power -1 that is halved",
            "`x ** -1 / 2` is `(x ** -1) / 2`. Write `x ** -0.5`, or use `np.sqrt`.",
        ),
        Misconception(
            "root_of_everything",
            root_of_everything,
            "a root that covers `lr` too",
            "At `t = 0` the learning rate is `lr`, not its root.",
        ),
        Misconception(
            "root_rises",
            root_rises,
            "a learning rate that grows",
            "The root is in the denominator.",
        ),
        Misconception(
            "square_of_step",
            square_of_step,
            "a square in the place of a root",
            "`np.sqrt(x)` is `x ** 0.5`.",
        ),
        Misconception(
            "lr_forgotten_in_root",
            lr_forgotten_in_root,
            "a schedule without `lr`",
            "The factor falls from 1. Multiply it by `lr`.",
        ),
        Misconception(
            "subtracts_root",
            subtracts_root,
            "a root that is subtracted",
            "That ends below 0. Divide by the root.",
        ),
        Misconception(
            "root_of_lr_times_step",
            root_of_lr_times_step,
            "an `lr` inside the root",
            "`lr` is a factor of the whole.",
        ),
        Misconception(
            "root_of_squared_step",
            root_of_squared_step,
            "a root of `t**2 + 1`",
            "No square: with it the learning rate falls like 1 / t.",
        ),
        Misconception(
            "root_of_lr_product",
            root_of_lr_product,
            "a clock that is slowed by `lr`",
            "`lr` is a factor of the whole; the clock under the root is `t + 1`.",
        ),
        Misconception(
            "root_for_one_number",
            root_for_one_number,
            "a formula for one number only",
            ONE_NUMBER_ONLY,
        ),
        Misconception(
            "root_in_place", root_in_place, "a change of `t` in place", T_IN_PLACE
        ),
    ),
    hints=(
        (
            "Where `t` is 0 the learning rate is `lr`. What must stand under the "
            "root then?"
        ),
        (
            "After three steps, where `t` is 3, it is half of `lr`. Does your "
            "formula say so?"
        ),
        "`return lr / np.sqrt(t + 1)`.",
    ),
    read="section 7, equation (4.6)",
    lines=1,
    level=1,
)


# --- exponential_decay ------------------------------------------------------


def draw_exponential_decay(rng):
    yield "a half-life of one step, twice", {"lr": 0.8, "t": 2, "rate": 0.6931}
    yield "the start, t = 0", {"lr": _lr(rng), "t": 0, "rate": _rate(rng)}
    yield (
        "an array of steps from 0",
        {"lr": _lr(rng), "t": np.arange(5), "rate": _rate(rng)},
    )
    yield (
        "one late step and a small rate",
        {
            "lr": _lr(rng),
            "t": int(rng.integers(40, 90)),
            "rate": between(rng, 0.01, 0.03),
        },
    )
    yield (
        "long after, when next to nothing is left",
        {"lr": _lr(rng), "t": int(rng.integers(90, 130)), "rate": _rate(rng)},
    )
    yield (
        "steps in any order, in two axes",
        {
            "lr": _lr(rng),
            "t": rng.permutation(12)[:6].reshape(2, 3) + 1,
            "rate": _rate(rng),
        },
    )


def _rate(rng):
    return between(rng, 0.15, 0.45)


def exponential_by_factor(lr, t, rate):
    return lr * np.exp(-rate) ** t


def exponential_divides(lr, t, rate):
    return lr / np.exp(rate * t)


def exponential_of_sum(lr, t, rate):
    return np.exp(np.log(lr) - rate * t)


def rate_as_factor(lr, t, rate):
    return lr * rate**t


def rate_as_lost_share(lr, t, rate):
    return lr * (1 - rate) ** t


def exponential_rises(lr, t, rate):
    return lr * np.exp(rate * t)


def exponential_one_ahead(lr, t, rate):
    return lr * np.exp(-rate * (t + 1))


def exponential_one_behind(lr, t, rate):
    return lr * np.exp(-rate * (t - 1))


def exponential_one_behind_from_one_on(lr, t, rate):
    return lr * np.exp(-rate * np.maximum(t - 1, 0))


def rate_as_duration(lr, t, rate):
    return lr * np.exp(-t / rate)


def base_two(lr, t, rate):
    return lr * 2 ** (-rate * t)


def base_ten(lr, t, rate):
    return lr * 10 ** (-rate * t)


def lr_forgotten_in_exponential(lr, t, rate):
    return np.exp(-rate * t)


def exponential_with_a_floor(lr, t, rate):
    return np.maximum(lr * np.exp(-rate * np.asarray(t)), 1e-6)


def straight_line(lr, t, rate):
    return lr * (1 - rate * t)


def inverse_time(lr, t, rate):
    return lr / (1 + rate * t)


def lr_in_exponent(lr, t, rate):
    return lr * np.exp(-lr * rate * t)


def time_outside_exponent(lr, t, rate):
    return lr * np.exp(-rate) * t


def square_in_exponent(lr, t, rate):
    return lr * np.exp(-((rate * t) ** 2))


def root_in_exponent(lr, t, rate):
    return lr * np.exp(-rate * np.sqrt(t))


def exponential_for_one_number(lr, t, rate):
    return lr * math.exp(-rate * t)


EXPONENTIAL_DECAY = Exercise(
    name="exponential_decay",
    points=1,
    reference=kernels.exponential_decay,
    returns=("lr_t",),
    draw=draw_exponential_decay,
    equivalents=(exponential_by_factor, exponential_divides, exponential_of_sum),
    misconceptions=(
        Misconception(
            "rate_as_factor",
            rate_as_factor,
            "PyTorch's and Keras's convention, with `rate` as the factor of a step",
            "Here `rate` is in the exponent, and the factor of a step is `exp(-rate)`.",
        ),
        Misconception(
            "rate_as_lost_share",
            rate_as_lost_share,
            "the factor `1 - rate` for each step",
            "That is near `exp(-rate)` only for small rates, as interest by the year "
            "is near interest by the second. Use the exponential.",
        ),
        Misconception(
            "exponential_rises",
            exponential_rises,
            "a learning rate that grows",
            "Decay has a minus in the exponent.",
        ),
        Misconception(
            "exponential_one_ahead",
            exponential_one_ahead,
            "a clock that is one step ahead",
            "`t` counts from 0, and at `t = 0` the learning rate is `lr`: no `+ 1`.",
        ),
        Misconception(
            "exponential_one_behind",
            exponential_one_behind,
            "a clock that is one step behind",
            "`t` counts from 0, and at `t = 0` the learning rate is `lr`: no `- 1`.",
        ),
        Misconception(
            "exponential_one_behind_from_one_on",
            exponential_one_behind_from_one_on,
            "a decay that begins one step late",
            "At `t = 1` one step has been done, and the learning rate has shrunk once.",
        ),
        Misconception(
            "rate_as_duration",
            rate_as_duration,
            "`rate` taken for a duration",
            "A rate is per step: it multiplies `t`.",
        ),
        Misconception(
            "base_two",
            base_two,
            "a decay with base 2",
            "Use the exponential function, `np.exp`.",
        ),
        Misconception(
            "base_ten",
            base_ten,
            "a decay with base 10",
            "Use the exponential function, `np.exp`.",
        ),
        Misconception(
            "lr_forgotten_in_exponential",
            lr_forgotten_in_exponential,
            "a schedule without `lr`",
            "The factor falls from 1. Multiply it by `lr`.",
        ),
        Misconception(
            "exponential_with_a_floor",
            exponential_with_a_floor,
            "a learning rate that is never below 1e-6",
            "Some programs have such a bound. Equation (4.7) has none: it goes on "
            "towards 0.",
        ),
        Misconception(
            "straight_line",
            straight_line,
            "a straight line down",
            "That ends below 0. Each step multiplies by the same factor.",
        ),
        Misconception(
            "inverse_time",
            inverse_time,
            "a decay by inverse time",
            "`lr / (1 + rate * t)` is a schedule too, but a slower one. Here each step "
            "multiplies by the same factor, `exp(-rate)`.",
        ),
        Misconception(
            "lr_in_exponent",
            lr_in_exponent,
            "an `lr` in the exponent",
            "`lr` is a factor of the whole, not of the clock.",
        ),
        Misconception(
            "time_outside_exponent",
            time_outside_exponent,
            "a `t` outside the exponent",
            "Look at your parentheses: `np.exp(-rate * t)`.",
        ),
        Misconception(
            "square_in_exponent",
            square_in_exponent,
            "a square in the exponent",
            "The exponent is `-rate * t`.",
        ),
        Misconception(
            "root_in_exponent",
            root_in_exponent,
            "a root in the exponent",
            "The exponent is `-rate * t`.",
        ),
        Misconception(
            "exponential_for_one_number",
            exponential_for_one_number,
            "a formula for one number only",
            ONE_NUMBER_ONLY,
        ),
    ),
    hints=(
        (
            "Each step multiplies the learning rate by the same factor. What do `t` "
            "steps multiply it by?"
        ),
        "The factor of one step is `exp(-rate)`. What is its power for `t` steps?",
        "`return lr * np.exp(-rate * t)`.",
    ),
    read="section 7, equation (4.7)",
    lines=1,
    level=1,
)


# --- cosine_decay -----------------------------------------------------------


def draw_cosine_decay(rng):
    yield "halfway down", {"lr": 0.8, "t": 5, "total": 10, "lr_min": 0.2}
    total = int(rng.integers(8, 15))
    yield (
        "the start, t = 0",
        {"lr": _lr(rng), "t": 0, "total": total, "lr_min": _lr_min(rng)},
    )
    yield (
        "an array of steps from 0 to the end, and lr_min left out",
        {"lr": _lr(rng), "t": np.arange(8), "total": 7},
    )
    yield (
        "past the end",
        {
            "lr": _lr(rng),
            "t": total + int(rng.integers(2, 5)),
            "total": total,
            "lr_min": _lr_min(rng),
        },
    )
    yield (
        "an array of steps, some past the end",
        {
            "lr": _lr(rng),
            "t": np.arange(0, 45, 4),
            "total": int(rng.integers(17, 20)),
            "lr_min": _lr_min(rng),
        },
    )
    total = int(rng.integers(30, 40))
    yield (
        "steps in any order, in two axes",
        {
            "lr": _lr(rng),
            "t": rng.permutation(total)[:6].reshape(2, 3) + 1,
            "total": total,
            "lr_min": _lr_min(rng),
        },
    )


def _lr_min(rng):
    return between(rng, 0.02, 0.1)


def cosine_by_where(lr, t, total, lr_min=0):
    t = np.asarray(t)
    wave = lr_min + 0.5 * (lr - lr_min) * (1 + np.cos(np.pi * t / total))
    return np.where(t < total, wave, lr_min)


def cosine_by_half_angle(lr, t, total, lr_min=0):
    angle = np.clip(np.pi * np.asarray(t) / (2 * total), 0, np.pi / 2)
    return lr_min + (lr - lr_min) * np.cos(angle) ** 2


def cosine_around_middle(lr, t, total, lr_min=0):
    part = np.minimum(np.divide(t, total), 1)
    return (lr + lr_min) / 2 + (lr - lr_min) / 2 * np.cos(np.pi * part)


def cosine_as_a_mixture(lr, t, total, lr_min=0):
    share = np.sin(np.pi * np.minimum(t, total) / (2 * total)) ** 2
    return (1 - share) * lr + share * lr_min


def _half_wave(lr, part, lr_min):
    return lr_min + (lr - lr_min) * (1 + np.cos(np.pi * part)) / 2


def cosine_rises_again(lr, t, total, lr_min=0):
    return _half_wave(lr, t / total, lr_min)


def cosine_restarts(lr, t, total, lr_min=0):
    return _half_wave(lr, t % total / total, lr_min)


def cosine_zero_at_the_end(lr, t, total, lr_min=0):
    t = np.asarray(t)
    return np.where(t < total, _half_wave(lr, t / total, lr_min), 0.0)


def cosine_without_lr_min(lr, t, total, lr_min=0):
    return _half_wave(lr, np.minimum(t, total) / total, 0)


def lr_min_added(lr, t, total, lr_min=0):
    return lr_min + _half_wave(lr, np.minimum(t, total) / total, 0)


def lr_min_as_floor(lr, t, total, lr_min=0):
    return np.maximum(_half_wave(lr, np.minimum(t, total) / total, 0), lr_min)


def lr_min_under_the_wave(lr, t, total, lr_min=0):
    part = np.minimum(t, total) / total
    return (lr - lr_min) * (1 + np.cos(np.pi * part)) / 2


def cosine_not_halved(lr, t, total, lr_min=0):
    part = np.minimum(t, total) / total
    return lr_min + (lr - lr_min) * (1 + np.cos(np.pi * part))


def cosine_one_not_added(lr, t, total, lr_min=0):
    part = np.minimum(t, total) / total
    return lr_min + (lr - lr_min) * np.cos(np.pi * part) / 2


def cosine_quarter_wave(lr, t, total, lr_min=0):
    part = np.minimum(t, total) / total
    return lr_min + (lr - lr_min) * np.cos(np.pi * part / 2)


def cosine_whole_wave(lr, t, total, lr_min=0):
    return _half_wave(lr, 2 * np.minimum(t, total) / total, lr_min)


def cosine_upwards(lr, t, total, lr_min=0):
    part = np.minimum(t, total) / total
    return lr_min + (lr - lr_min) * (1 - np.cos(np.pi * part)) / 2


def sine_instead(lr, t, total, lr_min=0):
    part = np.minimum(t, total) / total
    return lr_min + (lr - lr_min) * (1 + np.sin(np.pi * part)) / 2


def pi_forgotten(lr, t, total, lr_min=0):
    part = np.minimum(t, total) / total
    return lr_min + (lr - lr_min) * (1 + np.cos(part)) / 2


def angle_in_degrees(lr, t, total, lr_min=0):
    part = np.minimum(t, total) / total
    return lr_min + (lr - lr_min) * (1 + np.cos(180 * part)) / 2


def straight_to_lr_min(lr, t, total, lr_min=0):
    return lr + (lr_min - lr) * np.minimum(t, total) / total


def cosine_one_ahead(lr, t, total, lr_min=0):
    return _half_wave(lr, np.minimum(t + 1, total) / total, lr_min)


def cosine_one_behind(lr, t, total, lr_min=0):
    return _half_wave(lr, np.clip(t - 1, 0, total) / total, lr_min)


def cosine_from_minus_one(lr, t, total, lr_min=0):
    return _half_wave(lr, np.minimum(np.asarray(t) - 1, total) / total, lr_min)


def cosine_ends_one_early(lr, t, total, lr_min=0):
    return _half_wave(lr, np.minimum(t, total - 1) / (total - 1), lr_min)


def cosine_ends_one_late(lr, t, total, lr_min=0):
    return _half_wave(lr, np.minimum(t, total + 1) / (total + 1), lr_min)


def cosine_stops_before_the_end(lr, t, total, lr_min=0):
    return _half_wave(lr, np.minimum(t, total - 1) / total, lr_min)


def cosine_whole_division(lr, t, total, lr_min=0):
    return _half_wave(lr, np.minimum(t, total) // total, lr_min)


def cosine_default_of_lr_min(lr, t, total, lr_min=0.01):
    return _half_wave(lr, np.minimum(t, total) / total, lr_min)


def cosine_for_one_number(lr, t, total, lr_min=0):
    if t >= total:
        return lr_min
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * t / total)) / 2


def cosine_in_place(lr, t, total, lr_min=0):
    t = np.asarray(t)
    t[t > total] = total
    return _half_wave(lr, t / total, lr_min)


COSINE_DECAY = Exercise(
    name="cosine_decay",
    points=2,
    reference=kernels.cosine_decay,
    returns=("lr_t",),
    draw=draw_cosine_decay,
    equivalents=(
        cosine_by_where,
        cosine_by_half_angle,
        cosine_around_middle,
        cosine_as_a_mixture,
    ),
    misconceptions=(
        Misconception(
            "cosine_rises_again",
            cosine_rises_again,
            "a cosine that rises again past `total`",
            "The learning rate stays at `lr_min` from then on: use "
            "`np.minimum(t, total)`.",
        ),
        Misconception(
            "cosine_restarts",
            cosine_restarts,
            "a schedule with warm restarts",
            "Here nothing starts anew: from `t = total` on the learning rate stays at "
            "`lr_min`.",
        ),
        Misconception(
            "cosine_zero_at_the_end",
            cosine_zero_at_the_end,
            "a learning rate of 0 past the end",
            "From `t = total` on it is `lr_min`.",
        ),
        Misconception(
            "cosine_without_lr_min",
            cosine_without_lr_min,
            "a cosine down to 0",
            "It ends at `lr_min`: half a wave of height `lr - lr_min`, on top of "
            "`lr_min`.",
        ),
        Misconception(
            "lr_min_added",
            lr_min_added,
            "an `lr_min` on top of the whole wave",
            "At `t = 0` that is `lr + lr_min`. The wave's height is `lr - lr_min`.",
        ),
        Misconception(
            "lr_min_as_floor",
            lr_min_as_floor,
            "an `lr_min` used as a lower bound",
            "The wave itself ends at `lr_min`: its height is `lr - lr_min`, and "
            "nothing is cut off.",
        ),
        Misconception(
            "lr_min_under_the_wave",
            lr_min_under_the_wave,
            "a wave that does not stand on `lr_min`",
            "Its height `lr - lr_min` is right. Add `lr_min` to all of it.",
        ),
        Misconception(
            "cosine_not_halved",
            cosine_not_halved,
            "a wave of twice the height",
            "`1 + cos` goes from 2 to 0: halve it.",
        ),
        Misconception(
            "cosine_one_not_added",
            cosine_one_not_added,
            "a cosine without the 1",
            "It goes from 1 to -1. Add 1 before you halve it.",
        ),
        Misconception(
            "cosine_quarter_wave",
            cosine_quarter_wave,
            "a quarter of a wave",
            "That ends steeply. Half a wave, from angle 0 to π, is level at both ends.",
        ),
        Misconception(
            "cosine_whole_wave",
            cosine_whole_wave,
            "a whole wave",
            "At the end that is back at `lr`. The angle goes from 0 to π.",
        ),
        Misconception(
            "cosine_upwards",
            cosine_upwards,
            "a wave upwards",
            "At `t = 0` the learning rate is `lr`: plus before the cosine.",
        ),
        Misconception(
            "sine_instead",
            sine_instead,
            "a sine",
            "At `t = 0` it has to be at its top, as the cosine is.",
        ),
        Misconception(
            "pi_forgotten",
            pi_forgotten,
            "an angle without π",
            "The angle goes from 0 to π: multiply `t / total` by `np.pi`.",
        ),
        Misconception(
            "angle_in_degrees",
            angle_in_degrees,
            "an angle in degrees",
            "`np.cos` takes radians: the angle goes from 0 to `np.pi`.",
        ),
        Misconception(
            "straight_to_lr_min",
            straight_to_lr_min,
            "a straight line from `lr` to `lr_min`",
            "Both ends are right; between them runs half a cosine wave.",
        ),
        Misconception(
            "cosine_one_ahead",
            cosine_one_ahead,
            "a clock that is one step ahead",
            "`t` counts from 0, and at `t = 0` the learning rate is `lr`: no `+ 1`.",
        ),
        Misconception(
            "cosine_one_behind",
            cosine_one_behind,
            "a clock that is one step behind",
            "`t` counts from 0, and at `t = 1` the way down has begun: no `- 1`.",
        ),
        Misconception(
            "cosine_from_minus_one",
            cosine_from_minus_one,
            "a count that starts at -1",
            "`t` counts from 0 already, and at `t = 0` the wave is at its top: no "
            "`- 1`.",
        ),
        Misconception(
            "cosine_ends_one_early",
            cosine_ends_one_early,
            "a way down that is one step too short",
            "`lr_min` is reached at `t = total`: divide by `total`, not `total - 1`.",
        ),
        Misconception(
            "cosine_ends_one_late",
            cosine_ends_one_late,
            "a way down that is one step too long",
            "`lr_min` is reached at `t = total`: divide by `total`, not `total + 1`.",
        ),
        Misconception(
            "cosine_stops_before_the_end",
            cosine_stops_before_the_end,
            "a clock that stops at `total - 1`",
            "So `lr_min` is never reached. The last time of the clock is `total`.",
        ),
        Misconception(
            "cosine_whole_division",
            cosine_whole_division,
            "a division without its fraction",
            "`//` is 0 up to the end. Divide with `/`.",
        ),
        Misconception(
            "cosine_default_of_lr_min",
            cosine_default_of_lr_min,
            "a default `lr_min` of 0.01",
            "Here it is 0: leave the first line of the function as it was.",
        ),
        Misconception(
            "cosine_for_one_number",
            cosine_for_one_number,
            "a formula for one number only",
            ONE_NUMBER_ONLY,
        ),
        Misconception(
            "cosine_in_place", cosine_in_place, "a change of `t` in place", T_IN_PLACE
        ),
    ),
    hints=(
        "Which angles of the cosine give its top and its bottom? Which `t` are they?",
        (
            "`(1 + cos) / 2` goes from 1 to 0. What height does it get, and on what "
            "does it stand? And what keeps `t` from running on?"
        ),
        (
            "`part = np.minimum(t, total) / total`, then `return lr_min + (lr - "
            "lr_min) * (1 + np.cos(np.pi * part)) / 2`."
        ),
    ),
    read="section 7, equation (4.8)",
    lines=2,
    level=2,
    harmless={
        "part = np.minimum(t, total) / total -> "
        "part = np.minimum(total, t) / total": "the smaller of two has no order",
    },
)


# --- warmup -----------------------------------------------------------------


def draw_warmup(rng):
    schedule = Function("harmonic_schedule", {"lr": 0.8, "rate": 1.0})
    yield (
        "the second of four steps; the schedule is lr / (1 + rate * t)",
        {"schedule": schedule, "t": 1, "warmup_steps": 4},
    )
    steps = int(rng.integers(4, 9))
    yield (
        "the first step, t = 0",
        {"schedule": _harmonic(rng), "t": 0, "warmup_steps": steps},
    )
    yield (
        "the last step of the warmup",
        {"schedule": _harmonic(rng), "t": steps - 1, "warmup_steps": steps},
    )
    yield (
        "after the warmup",
        {
            "schedule": _harmonic(rng),
            "t": steps + int(rng.integers(3, 9)),
            "warmup_steps": steps,
        },
    )
    yield (
        "an array of steps from 0",
        {"schedule": _harmonic(rng), "t": np.arange(9), "warmup_steps": 5},
    )
    yield (
        "steps in any order, in two axes",
        {
            "schedule": _harmonic(rng),
            "t": rng.permutation(25)[:6].reshape(2, 3),
            "warmup_steps": int(rng.integers(10, 14)),
        },
    )


def _harmonic(rng):
    parameters = {"lr": between(rng, 0.5, 2.0), "rate": between(rng, 0.1, 0.3)}
    return Function("harmonic_schedule", parameters)


def warmup_by_where(schedule, t, warmup_steps):
    t = np.asarray(t)
    ramp = np.where(t < warmup_steps, (t + 1) / warmup_steps, 1.0)
    return ramp * schedule(t)


def warmup_by_clip(schedule, t, warmup_steps):
    rate = schedule(t)
    rate *= np.clip((t + 1) / warmup_steps, 0, 1)
    return rate


def warmup_step_by_step(schedule, t, warmup_steps):
    def one(step):
        return schedule(step) * min(1.0, (step + 1) / warmup_steps)

    values = [one(step) for step in np.ravel(t)]
    return np.reshape(values, np.shape(t))


def warmup_by_smaller_count(schedule, t, warmup_steps):
    return np.minimum(warmup_steps, t + 1) * schedule(t) / warmup_steps


def warmup_from_zero(schedule, t, warmup_steps):
    return schedule(t) * np.minimum(1, t / warmup_steps)


def warmup_one_step_ahead(schedule, t, warmup_steps):
    return schedule(t) * np.minimum(1, (t + 2) / warmup_steps)


def warmup_one_step_longer(schedule, t, warmup_steps):
    return schedule(t) * np.minimum(1, (t + 1) / (warmup_steps + 1))


def warmup_one_step_shorter(schedule, t, warmup_steps):
    return schedule(t) * np.minimum(1, (t + 1) / (warmup_steps - 1))


def warmup_schedule_one_behind(schedule, t, warmup_steps):
    return schedule(t - 1) * np.minimum(1, (t + 1) / warmup_steps)


def warmup_from_zero_to_last(schedule, t, warmup_steps):
    return schedule(t) * np.minimum(1, t / (warmup_steps - 1))


def warmup_never_ends(schedule, t, warmup_steps):
    return schedule(t) * (t + 1) / warmup_steps


def warmup_maximum(schedule, t, warmup_steps):
    return schedule(t) * np.maximum(1, (t + 1) / warmup_steps)


def warmup_upside_down(schedule, t, warmup_steps):
    return schedule(t) * np.minimum(1, warmup_steps / (t + 1))


def warmup_ramp_only(schedule, t, warmup_steps):
    return np.minimum(1, (t + 1) / warmup_steps)


def warmup_schedule_only(schedule, t, warmup_steps):
    return schedule(t)


def warmup_schedule_waits(schedule, t, warmup_steps):
    later = schedule(np.maximum(t - warmup_steps, 0))
    return later * np.minimum(1, (t + 1) / warmup_steps)


def warmup_schedule_waits_for_the_end(schedule, t, warmup_steps):
    later = schedule(np.maximum(t + 1 - warmup_steps, 0))
    return later * np.minimum(1, (t + 1) / warmup_steps)


def warmup_schedule_shifted(schedule, t, warmup_steps):
    return schedule(t + warmup_steps) * np.minimum(1, (t + 1) / warmup_steps)


def warmup_schedule_one_ahead(schedule, t, warmup_steps):
    return schedule(t + 1) * np.minimum(1, (t + 1) / warmup_steps)


def warmup_up_to_the_start(schedule, t, warmup_steps):
    t = np.asarray(t)
    ramp = schedule(0) * (t + 1) / warmup_steps
    return np.where(t < warmup_steps, ramp, schedule(t))


def warmup_up_to_the_value_there(schedule, t, warmup_steps):
    t = np.asarray(t)
    ramp = schedule(warmup_steps) * (t + 1) / warmup_steps
    return np.where(t < warmup_steps, ramp, schedule(t))


def warmup_ramp_not_scaled(schedule, t, warmup_steps):
    t = np.asarray(t)
    return np.where(t < warmup_steps, (t + 1) / warmup_steps, schedule(t))


def warmup_smaller_of_both(schedule, t, warmup_steps):
    return np.minimum(schedule(t), (t + 1) / warmup_steps)


def warmup_added(schedule, t, warmup_steps):
    return schedule(t) + np.minimum(1, (t + 1) / warmup_steps)


def warmup_nothing_at_first(schedule, t, warmup_steps):
    return np.where(np.asarray(t) < warmup_steps, 0.0, schedule(t))


def warmup_constant_at_first(schedule, t, warmup_steps):
    t = np.asarray(t)
    return np.where(t < warmup_steps, schedule(t) / warmup_steps, schedule(t))


def warmup_squared(schedule, t, warmup_steps):
    return schedule(t) * np.minimum(1, (t + 1) / warmup_steps) ** 2


def warmup_of_the_clock(schedule, t, warmup_steps):
    return schedule(t * np.minimum(1, (t + 1) / warmup_steps))


def warmup_whole_division(schedule, t, warmup_steps):
    return schedule(t) * np.minimum(1, (t + 1) // warmup_steps)


def warmup_for_one_number(schedule, t, warmup_steps):
    return schedule(t) * min(1, (t + 1) / warmup_steps)


WARMUP = Exercise(
    name="warmup",
    points=1,
    reference=kernels.warmup,
    returns=("lr_t",),
    draw=draw_warmup,
    equivalents=(
        warmup_by_where,
        warmup_by_clip,
        warmup_step_by_step,
        warmup_by_smaller_count,
    ),
    misconceptions=(
        Misconception(
            "warmup_from_zero",
            warmup_from_zero,
            "a warmup that starts at 0",
            "The first step would change nothing. `t` counts from 0: divide `t + 1` by "
            "`warmup_steps`.",
        ),
        Misconception(
            "warmup_one_step_ahead",
            warmup_one_step_ahead,
            "a warmup that is one step ahead",
            "The first step has the factor `1 / warmup_steps`: `t + 1`, not `t + 2`.",
        ),
        Misconception(
            "warmup_one_step_longer",
            warmup_one_step_longer,
            "a warmup that is one step too long",
            "In the step `t = warmup_steps - 1` the factor is 1: divide by "
            "`warmup_steps`.",
        ),
        Misconception(
            "warmup_one_step_shorter",
            warmup_one_step_shorter,
            "a warmup that is one step too short",
            "In the step `t = warmup_steps - 1` the factor is 1, and not before: "
            "divide by `warmup_steps`.",
        ),
        Misconception(
            "warmup_schedule_one_behind",
            warmup_schedule_one_behind,
            "a schedule that is asked for the step before",
            "Its clock is `t` as well: `schedule(t)`.",
        ),
        Misconception(
            "warmup_from_zero_to_last",
            warmup_from_zero_to_last,
            "a warmup from 0 in its first step to 1 in its last",
            "It starts at `1 / warmup_steps`, since a first step of length 0 is a "
            "wasted one: `(t + 1) / warmup_steps`.",
        ),
        Misconception(
            "warmup_never_ends",
            warmup_never_ends,
            "a rise that never ends",
            "After the warmup the factor stays 1: take the smaller of 1 and "
            "`(t + 1) / warmup_steps`.",
        ),
        Misconception(
            "warmup_maximum",
            warmup_maximum,
            "the larger factor in the place of the smaller",
            "During the warmup the factor is below 1, after it 1: `np.minimum`.",
        ),
        Misconception(
            "warmup_upside_down",
            warmup_upside_down,
            "a fraction upside down",
            "It falls where it should rise: `(t + 1) / warmup_steps`.",
        ),
        Misconception(
            "warmup_ramp_only",
            warmup_ramp_only,
            "the factor alone",
            "Multiply it by `schedule(t)`.",
        ),
        Misconception(
            "warmup_schedule_only",
            warmup_schedule_only,
            "the schedule without warmup",
            "Multiply it by the smaller of 1 and `(t + 1) / warmup_steps`.",
        ),
        Misconception(
            "warmup_schedule_waits",
            warmup_schedule_waits,
            "another convention, where the schedule's clock starts after the warmup",
            "Here the clock runs from the first step: `schedule(t)`.",
        ),
        Misconception(
            "warmup_schedule_waits_for_the_end",
            warmup_schedule_waits_for_the_end,
            "a schedule whose clock starts in the warmup's last step",
            "Here the clock runs from the first step: `schedule(t)`.",
        ),
        Misconception(
            "warmup_schedule_shifted",
            warmup_schedule_shifted,
            "a schedule whose clock is ahead by the warmup",
            "Here the clock runs from the first step: `schedule(t)`.",
        ),
        Misconception(
            "warmup_schedule_one_ahead",
            warmup_schedule_one_ahead,
            "a schedule that is asked for the next step",
            "The `+ 1` belongs to the factor only: `schedule(t)`.",
        ),
        Misconception(
            "warmup_up_to_the_start",
            warmup_up_to_the_start,
            "a rise to the schedule's first value",
            "At the end of such a warmup the learning rate jumps. The factor "
            "multiplies `schedule(t)` in every step.",
        ),
        Misconception(
            "warmup_up_to_the_value_there",
            warmup_up_to_the_value_there,
            "a rise to the schedule's value at the end of the warmup",
            "The factor multiplies `schedule(t)` in every step, not one value of it.",
        ),
        Misconception(
            "warmup_ramp_not_scaled",
            warmup_ramp_not_scaled,
            "a factor in the place of a learning rate",
            "During the warmup too it multiplies `schedule(t)`.",
        ),
        Misconception(
            "warmup_smaller_of_both",
            warmup_smaller_of_both,
            "the smaller of the schedule and the factor",
            "The factor is not a learning rate. Take the smaller of 1 and the "
            "fraction, and multiply.",
        ),
        Misconception(
            "warmup_added",
            warmup_added,
            "a factor that is added",
            "Multiply the schedule by it.",
        ),
        Misconception(
            "warmup_nothing_at_first",
            warmup_nothing_at_first,
            "a learning rate of 0 during the warmup",
            "It rises in a straight line: multiply by `(t + 1) / warmup_steps`.",
        ),
        Misconception(
            "warmup_constant_at_first",
            warmup_constant_at_first,
            "one small factor for the whole warmup",
            "It rises with the step: multiply by `(t + 1) / warmup_steps`.",
        ),
        Misconception(
            "warmup_squared",
            warmup_squared,
            "a rise by the square",
            "The factor rises in a straight line: no square.",
        ),
        Misconception(
            "warmup_of_the_clock",
            warmup_of_the_clock,
            "a schedule whose clock is slowed",
            "What is multiplied is the schedule's value, not its time.",
        ),
        Misconception(
            "warmup_whole_division",
            warmup_whole_division,
            "a division without its fraction",
            "`//` is 0 until the end of the warmup. Divide with `/`.",
        ),
        Misconception(
            "warmup_for_one_number",
            warmup_for_one_number,
            "a formula for one number only",
            ONE_NUMBER_ONLY,
        ),
    ),
    hints=(
        (
            "Four steps of warmup: which factor has the first one, where `t` is 0, "
            "and which the last?"
        ),
        "The factor rises in a straight line and then stays. What keeps it at 1?",
        "`return schedule(t) * np.minimum(1, (t + 1) / warmup_steps)`.",
    ),
    read="section 8, equation (4.9)",
    lines=1,
    level=1,
    harmless={
        "return schedule(t) * np.minimum(1, (t + 1) / warmup_steps) -> "
        "return schedule(t) * np.minimum((t + 1) / warmup_steps, 1)": (
            "the smaller of two has no order"
        ),
    },
)


# --- transformer_lr ---------------------------------------------------------


def draw_transformer_lr(rng):
    yield "the top, where both agree", {"t": 4, "d_model": 16, "warmup_steps": 4}
    yield (
        "the first step, t = 1",
        {"t": 1, "d_model": _width(rng), "warmup_steps": int(rng.integers(4, 9))},
    )
    yield (
        "on the way down",
        {
            "t": int(rng.integers(20, 40)),
            "d_model": _width(rng),
            "warmup_steps": int(rng.integers(4, 9)),
        },
    )
    yield (
        "an array of steps from 1",
        {"t": np.arange(1, 10), "d_model": _width(rng), "warmup_steps": 5},
    )
    yield (
        "steps in any order, in two axes",
        {
            "t": rng.permutation(25)[:6].reshape(2, 3) + 1,
            "d_model": _width(rng),
            "warmup_steps": int(rng.integers(10, 14)),
        },
    )


def _width(rng):
    return int(rng.integers(20, 90))


def transformer_by_warmup(t, d_model, warmup_steps):
    t = np.asarray(t)
    top = 1 / np.sqrt(d_model * warmup_steps)
    return top * np.where(t < warmup_steps, t / warmup_steps, np.sqrt(warmup_steps / t))


def transformer_by_roots(t, d_model, warmup_steps):
    line = t / (warmup_steps * np.sqrt(warmup_steps))
    return np.minimum(1 / np.sqrt(t), line) / np.sqrt(d_model)


def transformer_by_smaller_share(t, d_model, warmup_steps):
    rise = np.minimum(1, t / warmup_steps)
    return rise / np.sqrt(d_model * np.maximum(t, warmup_steps))


def transformer_from_zero(t, d_model, warmup_steps):
    t = t + 1
    return d_model**-0.5 * np.minimum(t**-0.5, t * warmup_steps**-1.5)


def transformer_one_behind(t, d_model, warmup_steps):
    t = np.maximum(t - 1.0, 0)
    return d_model**-0.5 * np.minimum(t**-0.5, t * warmup_steps**-1.5)


def transformer_one_behind_from_two_on(t, d_model, warmup_steps):
    t = np.maximum(np.asarray(t, float) - 1, 1)
    return d_model**-0.5 * np.minimum(t**-0.5, t * warmup_steps**-1.5)


def transformer_warmup_one_longer(t, d_model, warmup_steps):
    return d_model**-0.5 * np.minimum(t**-0.5, t * (warmup_steps + 1) ** -1.5)


def transformer_warmup_one_shorter(t, d_model, warmup_steps):
    return d_model**-0.5 * np.minimum(t**-0.5, t * (warmup_steps - 1) ** -1.5)


def transformer_maximum(t, d_model, warmup_steps):
    return d_model**-0.5 * np.maximum(t**-0.5, t * warmup_steps**-1.5)


def transformer_rise_never_ends(t, d_model, warmup_steps):
    return d_model**-0.5 * t * warmup_steps**-1.5


def transformer_no_warmup(t, d_model, warmup_steps):
    return d_model**-0.5 * t**-0.5


def transformer_width_forgotten(t, d_model, warmup_steps):
    return np.minimum(t**-0.5, t * warmup_steps**-1.5)


def transformer_width_rises(t, d_model, warmup_steps):
    return d_model**0.5 * np.minimum(t**-0.5, t * warmup_steps**-1.5)


def transformer_width_without_root(t, d_model, warmup_steps):
    return np.minimum(t**-0.5, t * warmup_steps**-1.5) / d_model


def transformer_root_of_warmup(t, d_model, warmup_steps):
    return d_model**-0.5 * np.minimum(t**-0.5, t * warmup_steps**-0.5)


def transformer_whole_warmup(t, d_model, warmup_steps):
    return d_model**-0.5 * np.minimum(t**-0.5, t / warmup_steps)


def transformer_root_of_product(t, d_model, warmup_steps):
    return d_model**-0.5 * np.minimum(t**-0.5, (t * warmup_steps) ** -1.5)


def transformer_decay_without_root(t, d_model, warmup_steps):
    return d_model**-0.5 * np.minimum(1 / t, t * warmup_steps**-1.5)


def transformer_down_by_warmup(t, d_model, warmup_steps):
    return d_model**-0.5 * np.minimum(t**-0.5, t / warmup_steps) * warmup_steps**-0.5


def transformer_precedence(t, d_model, warmup_steps):
    return d_model**-0.5 * np.minimum(t**-0.5, t * warmup_steps**-3 / 2)


def transformer_decay_from_top(t, d_model, warmup_steps):
    t = np.asarray(t)
    late = np.maximum(t - warmup_steps, 1.0) ** -0.5
    return d_model**-0.5 * np.where(t < warmup_steps, t * warmup_steps**-1.5, late)


def transformer_for_one_number(t, d_model, warmup_steps):
    return d_model**-0.5 * min(t**-0.5, t * warmup_steps**-1.5)


TRANSFORMER_LR = Exercise(
    name="transformer_lr",
    points=1,
    bonus=True,
    reference=kernels.transformer_lr,
    returns=("lr_t",),
    draw=draw_transformer_lr,
    equivalents=(
        transformer_by_warmup,
        transformer_by_roots,
        transformer_by_smaller_share,
    ),
    misconceptions=(
        Misconception(
            "transformer_from_zero",
            transformer_from_zero,
            "a clock that is one step ahead",
            "In this formula `t` counts from 1, as in the paper: no `+ 1`.",
        ),
        Misconception(
            "transformer_one_behind",
            transformer_one_behind,
            "a clock that is one step behind",
            "In this formula `t` counts from 1, as in the paper, and the first step is "
            "not 0: no `- 1`.",
        ),
        Misconception(
            "transformer_one_behind_from_two_on",
            transformer_one_behind_from_two_on,
            "a clock that is one step behind, with 0 mended",
            "In this formula `t` counts from 1, so nothing has to be mended at 0: "
            "use `t` as it is.",
        ),
        Misconception(
            "transformer_warmup_one_longer",
            transformer_warmup_one_longer,
            "a warmup that is one step too long",
            "The line meets the root at `t = warmup_steps`: no `+ 1`.",
        ),
        Misconception(
            "transformer_warmup_one_shorter",
            transformer_warmup_one_shorter,
            "a warmup that is one step too short",
            "The line meets the root at `t = warmup_steps`: no `- 1`.",
        ),
        Misconception(
            "transformer_maximum",
            transformer_maximum,
            "the larger of the two in the place of the smaller",
            "The line is below the root until they meet at `warmup_steps`: "
            "`np.minimum`.",
        ),
        Misconception(
            "transformer_rise_never_ends",
            transformer_rise_never_ends,
            "a rise that never ends",
            "From `warmup_steps` on the learning rate falls like `t ** -0.5`: take the "
            "smaller of both.",
        ),
        Misconception(
            "transformer_no_warmup",
            transformer_no_warmup,
            "the decay without warmup",
            "Until `warmup_steps` the learning rate rises in a line: take the smaller "
            "of both. If you did, look at the exponent of `warmup_steps`, which is "
            "-1.5: with +1.5 the line is never the smaller one.",
        ),
        Misconception(
            "transformer_width_forgotten",
            transformer_width_forgotten,
            "a schedule without `d_model`",
            "Wider models take shorter steps: multiply by `d_model ** -0.5`.",
        ),
        Misconception(
            "transformer_width_rises",
            transformer_width_rises,
            "a learning rate that grows with `d_model`",
            "Wider models take shorter steps: the exponent is -0.5.",
        ),
        Misconception(
            "transformer_width_without_root",
            transformer_width_without_root,
            "a division by `d_model` itself",
            "Divide by its root.",
        ),
        Misconception(
            "transformer_root_of_warmup",
            transformer_root_of_warmup,
            "an exponent -0.5 for the warmup",
            "The line has to meet the root at `t = warmup_steps`: for that the "
            "exponent is -1.5.",
        ),
        Misconception(
            "transformer_whole_warmup",
            transformer_whole_warmup,
            "a line that rises to 1",
            "It has to meet the root at `t = warmup_steps`, at `warmup_steps ** -0.5`: "
            "`t * warmup_steps ** -1.5`.",
        ),
        Misconception(
            "transformer_root_of_product",
            transformer_root_of_product,
            "an exponent that covers `t` too",
            "The power is of `warmup_steps` alone. Look at your parentheses.",
        ),
        Misconception(
            "transformer_decay_without_root",
            transformer_decay_without_root,
            "a decay without the root",
            "After the warmup the learning rate falls like `t ** -0.5`.",
        ),
        Misconception(
            "transformer_down_by_warmup",
            transformer_down_by_warmup,
            "a top that is too low",
            "`warmup_steps ** -0.5` belongs to the line only; the root is "
            "`t ** -0.5` as it is.",
        ),
        Misconception(
            "transformer_precedence",
            transformer_precedence,
            "a power -3 that is halved",
            "`x ** -3 / 2` is `(x ** -3) / 2`. Write `x ** -1.5`.",
        ),
        Misconception(
            "transformer_decay_from_top",
            transformer_decay_from_top,
            "a decay whose clock starts after the warmup",
            "Both parts have the same clock: `t ** -0.5` after the warmup too.",
        ),
        Misconception(
            "transformer_for_one_number",
            transformer_for_one_number,
            "a formula for one number only",
            ONE_NUMBER_ONLY,
        ),
    ),
    hints=(
        "Two curves, one rising and one falling. Where do they meet?",
        "Of two curves the smaller one counts. Which NumPy function takes it?",
        "`return d_model ** -0.5 * np.minimum(t ** -0.5, t * warmup_steps ** -1.5)`.",
    ),
    read="section 8, equation (4.10)",
    lines=1,
    level=2,
    harmless={
        "return d_model ** (-0.5) * "
        "np.minimum(t ** (-0.5), t * warmup_steps ** (-1.5)) -> "
        "return d_model ** (-0.5) * "
        "np.minimum(t * warmup_steps ** (-1.5), t ** (-0.5))": (
            "the smaller of two has no order"
        ),
    },
)
