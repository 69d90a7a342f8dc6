"""Chapter 05: Adam and bias correction.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.  Those of `adam_step` have a module of their own.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.adam_step import (
    ADAM_STEP,
    AVERAGES_APART,
    NOT_IN_PLACE,
    draw_steps,
)
from autograder.exercises.drawing import between, signed
from autograder.exercises.spec import Chapter, Exercise, Misconception, Written
from autograder.kernels import adam as kernels

__all__ = ["CHAPTER"]


# --- update_moments ---------------------------------------------------------


def draw_update_moments(rng):
    yield (
        "two parameters and round numbers",
        {
            "m": np.array([2.0, -1.0]),
            "v": np.array([4.0, 2.0]),
            "grad": np.array([4.0, 3.0]),
            "beta1": 0.5,
            "beta2": 0.75,
        },
    )
    beta1, beta2 = between(rng, 0.6, 0.8), between(rng, 0.82, 0.95)
    m, v = np.zeros(3), np.zeros(3)
    for step in ("first step of a run, from zeros", "second step", "third step"):
        arguments = {"m": m, "v": v, "grad": signed(rng, (3,))}
        yield step, {**arguments, "beta1": beta1, "beta2": beta2}
        m, v = kernels.update_moments(**arguments, beta1=beta1, beta2=beta2)
    yield (
        "a matrix, the default decays, and a gradient that is zero in one place",
        {
            "m": signed(rng, (2, 3)),
            "v": np.abs(signed(rng, (2, 3))),
            "grad": signed(rng, (2, 3)) * np.array([[1, 1, 1], [0, 1, 1]]),
        },
    )
    yield (
        "three axes and a short memory",
        {
            "m": signed(rng, (4, 1, 2)),
            "v": np.abs(signed(rng, (4, 1, 2))),
            "grad": signed(rng, (4, 1, 2)),
            "beta1": between(rng, 0.2, 0.4),
            "beta2": between(rng, 0.55, 0.7),
        },
    )


def moved_towards(m, v, grad, beta1=0.9, beta2=0.999):
    return m + (1 - beta1) * (grad - m), v + (1 - beta2) * (grad * grad - v)


def weighted_by_numpy(m, v, grad, beta1=0.9, beta2=0.999):
    m = np.add(np.multiply(beta1, m), (1 - beta1) * grad)
    v = np.add(np.multiply(beta2, v), (1 - beta2) * np.square(grad))
    return m, v


def averaged_on_copies(m, v, grad, beta1=0.9, beta2=0.999):
    m, v = m.copy(), v.copy()
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * np.power(grad, 2)
    return m, v


def averages_are_sums(m, v, grad, beta1=0.9, beta2=0.999):
    return beta1 * m + grad, beta2 * v + grad**2


def averages_weighted_the_other_way(m, v, grad, beta1=0.9, beta2=0.999):
    m = (1 - beta1) * m + beta1 * grad
    v = (1 - beta2) * v + beta2 * grad**2
    return m, v


def v_of_the_gradient(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad
    return m, v


def v_of_the_size(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.abs(grad)
    return m, v


def v_of_new_m(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * m**2
    return m, v


def v_as_variance(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * (grad - m) ** 2
    return m, v


def decays_exchanged(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta2 * m + (1 - beta2) * grad
    v = beta1 * v + (1 - beta1) * grad**2
    return m, v


def beta1_twice(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta1 * m + (1 - beta1) * grad
    v = beta1 * v + (1 - beta1) * grad**2
    return m, v


def no_decay(m, v, grad, beta1=0.9, beta2=0.999):
    return m + (1 - beta1) * grad, v + (1 - beta2) * grad**2


def complement_squared_too(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + ((1 - beta2) * grad) ** 2
    return m, v


def root_taken_already(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta1 * m + (1 - beta1) * grad
    v = np.sqrt(beta2 * v + (1 - beta2) * grad**2)
    return m, v


def one_mean_square(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.mean(grad**2)
    return m, v


def decays_written_in(m, v, grad, beta1=0.9, beta2=0.999):
    return 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2


def beta2_default_is_099(m, v, grad, beta1=0.9, beta2=0.99):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return m, v


def v_returned_first(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return v, m


def m_changed_in_place(m, v, grad, beta1=0.9, beta2=0.999):
    m *= beta1
    m += (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return m, v


def v_changed_in_place(m, v, grad, beta1=0.9, beta2=0.999):
    m = beta1 * m + (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    return m, v


def both_changed_in_place(m, v, grad, beta1=0.9, beta2=0.999):
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    return m, v


UPDATE_MOMENTS = Exercise(
    name="update_moments",
    points=1,
    reference=kernels.update_moments,
    returns=("m", "v"),
    draw=draw_update_moments,
    equivalents=(moved_towards, weighted_by_numpy, averaged_on_copies),
    misconceptions=(
        Misconception(
            "averages_are_sums",
            averages_are_sums,
            "two sums in the place of two averages",
            "The weights of an average add up to 1: what is new enters with "
            "`1 - beta`, here and there.",
        ),
        Misconception(
            "averages_weighted_the_other_way",
            averages_weighted_the_other_way,
            "two averages with their weights exchanged",
            "`beta` is the weight of the past, `1 - beta` that of what is new.",
        ),
        Misconception(
            "v_of_the_gradient",
            v_of_the_gradient,
            "a `v` of gradients that are not squared",
            "`v` is the average of `grad**2`.",
        ),
        Misconception(
            "v_of_the_size",
            v_of_the_size,
            "a `v` of absolute values",
            "`v` is the average of squares. Its root, taken later, has the "
            "gradient's size.",
        ),
        Misconception(
            "v_of_new_m",
            v_of_new_m,
            "a `v` of the squared average",
            "The average of the squares is not the square of the average: square "
            "`grad`, not `m`.",
        ),
        Misconception(
            "v_as_variance",
            v_as_variance,
            "a `v` of squared distances from `m`",
            "That is AdaBelief's. Here `grad` itself is squared, and nothing is "
            "subtracted.",
        ),
        Misconception(
            "decays_exchanged",
            decays_exchanged,
            "averages with their decays exchanged",
            "`beta1` goes with `m`, `beta2` with `v`.",
        ),
        Misconception(
            "beta1_twice",
            beta1_twice,
            "averages that both decay with `beta1`",
            "The average of the squares has a decay of its own, `beta2`.",
        ),
        Misconception(
            "no_decay",
            no_decay,
            "averages that never decay",
            "The old value is multiplied by `beta` before the new one is added.",
        ),
        Misconception(
            "complement_squared_too",
            complement_squared_too,
            "a `v` with `1 - beta2` squared as well",
            "Only the gradient is squared. Look at your parentheses.",
        ),
        Misconception(
            "root_taken_already",
            root_taken_already,
            "a `v` whose root is taken already",
            "The average is carried on as it is; the root comes when a step is made.",
        ),
        Misconception(
            "one_mean_square",
            one_mean_square,
            "one mean square for all entries",
            "Every parameter has an average of its own: square entry by entry.",
        ),
        Misconception(
            "decays_written_in",
            decays_written_in,
            "averages with 0.9 and 0.999 written into them",
            "These are defaults only: use the arguments `beta1` and `beta2`.",
        ),
        Misconception(
            "beta2_default_is_099",
            beta2_default_is_099,
            "averages with 0.99 as the default of `beta2`",
            "The default is 0.999. Leave the line with `def` as it was given.",
        ),
        Misconception(
            "v_returned_first",
            v_returned_first,
            "the two averages in the wrong order",
            "Return `m` first and `v` second.",
        ),
        Misconception(
            "m_changed_in_place",
            m_changed_in_place,
            "an update of `m` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "v_changed_in_place",
            v_changed_in_place,
            "an update of `v` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "both_changed_in_place",
            both_changed_in_place,
            "an update of `m` and `v` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "Which of the two averages keeps the gradient's sign, and which one cannot?",
        (
            "Chapter 3 had the first average already. What goes into the second one "
            "in the place of `grad`, and which decay belongs to it?"
        ),
        (
            "`m = beta1 * m + (1 - beta1) * grad`, and the same for `v` with `beta2` "
            "and `grad**2`. Make new arrays; change no argument."
        ),
    ),
    read="section 2, equation (5.1)",
    lines=2,
    level=1,
    harmless={
        "moved: v = beta2 * v + (1 - beta2) * grad ** 2": AVERAGES_APART,
    },
)


# --- correct_bias -----------------------------------------------------------


def draw_correct_bias(rng):
    yield (
        "after one step, with beta = 0.75",
        {"moment": np.array([1.0, -0.5]), "beta": 0.75, "t": 1},
    )
    yield "t = 0", {"moment": signed(rng, (3,)), "beta": 0.5, "t": 0}
    for t, shape in ((2, (3,)), (5, (2, 3))):
        moment, beta = signed(rng, shape), between(rng, 0.55, 0.8)
        yield f"after {t} steps", {"moment": moment, "beta": beta, "t": t}
    yield (
        "Adam's second average after 40 steps",
        {"moment": signed(rng, (4, 1, 2)), "beta": 0.999, "t": 40},
    )
    yield (
        "a negative t",
        {
            "moment": signed(rng, (2,)),
            "beta": between(rng, 0.6, 0.9),
            "t": -int(rng.integers(1, 5)),
        },
    )
    yield (
        "late, when hardly any bias is left",
        {"moment": signed(rng, (5,)), "beta": 0.9, "t": int(rng.integers(30, 60))},
    )


def corrected_by_numpy(moment, beta, t):
    if not t >= 1:
        raise ValueError("steps are counted from 1")
    return np.divide(moment, 1 - np.power(float(beta), t))


def corrected_by_sum_of_weights(moment, beta, t):
    if t <= 0:
        raise ValueError(t)
    return moment / ((1 - beta) * sum(beta**k for k in range(t)))


def corrected_by_logarithm(moment, beta, t):
    import math

    if t < 1:
        raise ValueError
    return moment * (1 / -math.expm1(t * math.log(beta)))


def power_forgotten(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    return moment / (1 - beta)


def power_of_the_complement(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    return moment / (1 - beta) ** t


def divided_by_the_power(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    return moment / beta**t


def product_for_power(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    return moment / (1 - beta * t)


def base_and_power_exchanged(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    return moment / (1 - t**beta)


def made_smaller(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    return moment * (1 - beta**t)


def root_of_divisor(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    return moment / np.sqrt(1 - beta**t)


def one_step_behind(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    return moment / (1 - beta ** (t - 1))


def one_step_ahead(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    return moment / (1 - beta ** (t + 1))


def plus_in_divisor(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    return moment / (1 + beta**t)


def no_refusal(moment, beta, t):
    return moment / (1 - beta**t)


def refuses_zero_only(moment, beta, t):
    if t == 0:
        raise ValueError("t counts from 1")
    return moment / (1 - beta**t)


def refuses_negative_only(moment, beta, t):
    if t < 0:
        raise ValueError("t counts from 1")
    return moment / (1 - beta**t)


def refuses_one_too(moment, beta, t):
    if t <= 1:
        raise ValueError("t counts from 1")
    return moment / (1 - beta**t)


def uncorrected_below_one(moment, beta, t):
    if t < 1:
        return moment
    return moment / (1 - beta**t)


def asserts_instead(moment, beta, t):
    assert t >= 1
    return moment / (1 - beta**t)


def error_returned(moment, beta, t):
    if t < 1:
        return ValueError("t counts from 1")
    return moment / (1 - beta**t)


def divided_in_place(moment, beta, t):
    if t < 1:
        raise ValueError("t counts from 1")
    moment /= 1 - beta**t
    return moment


CORRECT_BIAS = Exercise(
    name="correct_bias",
    points=1,
    reference=kernels.correct_bias,
    returns=("corrected",),
    draw=draw_correct_bias,
    equivalents=(
        corrected_by_numpy,
        corrected_by_sum_of_weights,
        corrected_by_logarithm,
    ),
    misconceptions=(
        Misconception(
            "power_forgotten",
            power_forgotten,
            "a division by `1 - beta`",
            "That is right after one step only. After t steps the weights of the "
            "gradients add up to `1 - beta**t`.",
        ),
        Misconception(
            "power_of_the_complement",
            power_of_the_complement,
            "a division by `(1 - beta)**t`",
            "The power belongs to `beta` alone. Look at your parentheses.",
        ),
        Misconception(
            "divided_by_the_power",
            divided_by_the_power,
            "a division by `beta**t`",
            "`beta**t` is the weight that zero still has. The gradients have the "
            "rest, 1 minus that.",
        ),
        Misconception(
            "product_for_power",
            product_for_power,
            "a division by `1 - beta * t`",
            "In each step the weight of zero is multiplied by `beta`: a power.",
        ),
        Misconception(
            "base_and_power_exchanged",
            base_and_power_exchanged,
            "a division by `1 - t**beta`",
            "Base and power are exchanged: `beta` is multiplied by itself t times.",
        ),
        Misconception(
            "made_smaller",
            made_smaller,
            "a multiplication by `1 - beta**t`",
            "The average is too small already: divide.",
        ),
        Misconception(
            "root_of_divisor",
            root_of_divisor,
            "a division by the root of `1 - beta**t`",
            "The root is taken later, of the corrected `v`. Divide by the factor as "
            "it is.",
        ),
        Misconception(
            "one_step_behind",
            one_step_behind,
            "a correction that is one step behind",
            "`t` steps have been made already, so the power is `t`, not `t - 1`.",
        ),
        Misconception(
            "one_step_ahead",
            one_step_ahead,
            "a correction that is one step ahead",
            "`t` steps have been made, so the power is `t`, not `t + 1`.",
        ),
        Misconception(
            "plus_in_divisor",
            plus_in_divisor,
            "a division by `1 + beta**t`",
            "The weights of the gradients add up to 1 minus the weight of zero.",
        ),
        Misconception(
            "no_refusal",
            no_refusal,
            "a correction for every `t`",
            "Below 1 no step has been made and there is nothing to correct: raise "
            "`ValueError`.",
        ),
        Misconception(
            "refuses_zero_only",
            refuses_zero_only,
            "a refusal of `t = 0` alone",
            "A negative `t` is no number of a step either: raise `ValueError` for "
            "every `t` below 1.",
        ),
        Misconception(
            "refuses_negative_only",
            refuses_negative_only,
            "a refusal of a negative `t` alone",
            "With `t = 0` the divisor is zero: raise `ValueError` for every `t` "
            "below 1.",
        ),
        Misconception(
            "refuses_one_too",
            refuses_one_too,
            "a refusal of `t = 1` as well",
            "The count starts at 1, so 1 is the first step.",
        ),
        Misconception(
            "uncorrected_below_one",
            uncorrected_below_one,
            "an average that is handed back as it is for `t` below 1",
            "Then a wrong count is never noticed: raise `ValueError`.",
        ),
        Misconception(
            "asserts_instead",
            asserts_instead,
            "an `assert` in the place of an error",
            "It raises `AssertionError`, and Python can be told to skip it. Write "
            "`raise ValueError(…)`.",
        ),
        Misconception(
            "error_returned",
            error_returned,
            "an error that is returned, not raised",
            "Write `raise` in the place of `return`.",
        ),
        Misconception(
            "divided_in_place",
            divided_in_place,
            "a division in place",
            "The next step has to go on with the average as it was. Return a new "
            "array: `a / b` makes one, `a /= b` does not.",
        ),
    ),
    hints=(
        (
            "Feed an average that starts at zero the same gradient three times. "
            "Which part of that gradient does it hold?"
        ),
        "In each step the weight of the zero at the start is multiplied by `beta`.",
        "Raise `ValueError` if `t < 1`; otherwise `return moment / (1 - beta**t)`.",
    ),
    read="section 3, equation (5.3)",
    lines=3,
    level=1,
)


# --- startup_ratio ----------------------------------------------------------


def draw_startup_ratio(rng):
    yield "the first step", {"beta1": 0.5, "beta2": 0.75, "t": 1}
    yield "Adam's decays at the peak", {"beta1": 0.9, "beta2": 0.999, "t": 12}
    yield (
        "a step in between",
        {
            "beta1": between(rng, 0.8, 0.95),
            "beta2": between(rng, 0.98, 0.995),
            "t": int(rng.integers(3, 9)),
        },
    )
    yield (
        "`m` remembers longer than `v`",
        {
            "beta1": between(rng, 0.93, 0.97),
            "beta2": between(rng, 0.75, 0.85),
            "t": int(rng.integers(2, 5)),
        },
    )
    yield (
        "late",
        {"beta1": 0.9, "beta2": 0.999, "t": int(rng.integers(1000, 2000))},
    )


def ratio_by_math(beta1, beta2, t):
    import math

    return (1 - math.pow(beta1, t)) / math.sqrt(1 - math.pow(beta2, t))


def ratio_by_inverse_root(beta1, beta2, t):
    return (1 - beta1**t) * (1 - beta2**t) ** -0.5


def ratio_by_simulation(beta1, beta2, t):
    m = v = 0.0
    for _ in range(t):
        m = beta1 * m + (1 - beta1)
        v = beta2 * v + (1 - beta2)
    return m / np.sqrt(v)


def corrected_over_uncorrected(beta1, beta2, t):
    return float(np.sqrt(1 - beta2**t) / (1 - beta1**t))


def ratio_without_root(beta1, beta2, t):
    return float((1 - beta1**t) / (1 - beta2**t))


def root_of_both(beta1, beta2, t):
    return float(np.sqrt((1 - beta1**t) / (1 - beta2**t)))


def root_on_the_wrong_one(beta1, beta2, t):
    return float(np.sqrt(1 - beta1**t) / (1 - beta2**t))


def share_of_m_only(beta1, beta2, t):
    return float(1 - beta1**t)


def share_of_v_only(beta1, beta2, t):
    return float(1 / np.sqrt(1 - beta2**t))


def shares_multiplied(beta1, beta2, t):
    return float((1 - beta1**t) * np.sqrt(1 - beta2**t))


def ratio_with_betas_exchanged(beta1, beta2, t):
    return float((1 - beta2**t) / np.sqrt(1 - beta1**t))


def ratio_without_power(beta1, beta2, t):
    return float((1 - beta1) / np.sqrt(1 - beta2))


def ratio_one_step_behind(beta1, beta2, t):
    return float(np.divide(1 - beta1 ** (t - 1), np.sqrt(1 - beta2 ** (t - 1))))


def ratio_one_step_ahead(beta1, beta2, t):
    return float((1 - beta1 ** (t + 1)) / np.sqrt(1 - beta2 ** (t + 1)))


def ratio_squared(beta1, beta2, t):
    return float((1 - beta1**t) ** 2 / (1 - beta2**t))


def excess_over_one(beta1, beta2, t):
    return float((1 - beta1**t) / np.sqrt(1 - beta2**t) - 1)


STARTUP_RATIO = Exercise(
    name="startup_ratio",
    points=2,
    reference=kernels.startup_ratio,
    returns=("ratio",),
    draw=draw_startup_ratio,
    equivalents=(ratio_by_math, ratio_by_inverse_root, ratio_by_simulation),
    misconceptions=(
        Misconception(
            "corrected_over_uncorrected",
            corrected_over_uncorrected,
            "the corrected step over the uncorrected one",
            "The question is how much longer the step is without the correction: the "
            "other way round.",
        ),
        Misconception(
            "ratio_without_root",
            ratio_without_root,
            "a ratio without the root",
            "The step is divided by the root of `v`, so the bias of `v` enters by its "
            "root.",
        ),
        Misconception(
            "root_of_both",
            root_of_both,
            "a ratio with the root of both factors",
            "Only `v` stands under a root. `m` enters as it is.",
        ),
        Misconception(
            "root_on_the_wrong_one",
            root_on_the_wrong_one,
            "a ratio with the root of the wrong factor",
            "`m` enters as it is, `v` by its root.",
        ),
        Misconception(
            "share_of_m_only",
            share_of_m_only,
            "the bias of `m` alone",
            "`v` is too small as well, and the step is divided by its root.",
        ),
        Misconception(
            "share_of_v_only",
            share_of_v_only,
            "the bias of `v` alone",
            "`m` is too small as well, and the step is proportional to it.",
        ),
        Misconception(
            "shares_multiplied",
            shares_multiplied,
            "the product of the two factors",
            "A denominator that is too small makes the step longer: divide by its "
            "factor.",
        ),
        Misconception(
            "ratio_with_betas_exchanged",
            ratio_with_betas_exchanged,
            "the ratio with `beta1` and `beta2` exchanged",
            "`beta1` belongs to the numerator `m`, `beta2` to the root of `v`.",
        ),
        Misconception(
            "ratio_without_power",
            ratio_without_power,
            "the ratio of the first step",
            "The bias changes with every step: both decays have the power `t`.",
        ),
        Misconception(
            "ratio_one_step_behind",
            ratio_one_step_behind,
            "the ratio of the step before",
            "Steps are counted from 1: the power is `t`.",
        ),
        Misconception(
            "ratio_one_step_ahead",
            ratio_one_step_ahead,
            "the ratio of the step after",
            "Steps are counted from 1: the power is `t`.",
        ),
        Misconception(
            "ratio_squared",
            ratio_squared,
            "the square of the ratio",
            "Lengths of steps are compared, not their squares.",
        ),
        Misconception(
            "excess_over_one",
            excess_over_one,
            "the ratio minus 1",
            "Return the ratio itself: 1 means that both steps are equally long.",
        ),
    ),
    hints=(
        (
            "Let every gradient be 1. What are `m` and `v` after `t` steps, as "
            "equation (5.2) says, and what are they once they are corrected?"
        ),
        "A step is `m` over the root of `v`. Write it down twice and divide.",
        "`return (1 - beta1**t) / np.sqrt(1 - beta2**t)`.",
    ),
    read="section 5, equation (5.5)",
    lines=1,
    level=2,
)


# --- folded_adam_step -------------------------------------------------------


def draw_folded_adam_step(rng):
    yield from draw_steps(rng, kernels.folded_adam_step)


def folded_by_corrected_rate(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    import math

    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad * grad - v)
    rate = lr / (1 - beta1**t)
    rate = rate * math.sqrt(1 - beta2**t)
    return theta - rate * (m / (np.sqrt(v) + eps)), m, v


def plain_with_grown_eps(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.square(grad)
    grown = eps / np.sqrt(1 - beta2**t)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + grown), m, v


def plain_form_instead(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def corrected_twice(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr_t * m_hat / (np.sqrt(v_hat) + eps), m, v


def not_corrected(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * m / (np.sqrt(v) + eps), m, v


def rate_without_root(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * (1 - beta2**t) / (1 - beta1**t)
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


def rate_with_root_of_both(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt((1 - beta2**t) / (1 - beta1**t))
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


def rate_upside_down(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * (1 - beta1**t) / np.sqrt(1 - beta2**t)
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


def rate_multiplied(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2**t) * (1 - beta1**t)
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


def rate_of_m_only(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr / (1 - beta1**t) * m / (np.sqrt(v) + eps), m, v


def rate_of_v_only(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * np.sqrt(1 - beta2**t) * m / (np.sqrt(v) + eps), m, v


def rate_with_betas_exchanged(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta1**t) / (1 - beta2**t)
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


def rate_without_power(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2) / (1 - beta1)
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


def rate_one_step_behind(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = np.divide(lr * np.sqrt(1 - beta2 ** (t - 1)), 1 - beta1 ** (t - 1))
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


def rate_one_step_ahead(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2 ** (t + 1)) / (1 - beta1 ** (t + 1))
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


def folded_without_eps(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - lr_t * m / np.sqrt(v), m, v


def folded_with_eps_in_root(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - lr_t * m / np.sqrt(v + eps), m, v


def folded_with_eps_outside(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - lr_t * (m / np.sqrt(v) + eps), m, v


def folded_with_grown_eps(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    root = np.sqrt(1 - beta2**t)
    return theta - lr * root / (1 - beta1**t) * m / (np.sqrt(v) + eps / root), m, v


def folded_uphill(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta + lr_t * m / (np.sqrt(v) + eps), m, v


def folded_without_storing(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    new_m = beta1 * m + (1 - beta1) * grad
    new_v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - lr_t * new_m / (np.sqrt(new_v) + eps), m, v


def folded_in_place(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    theta -= lr_t * m / (np.sqrt(v) + eps)
    return theta, m, v


FOLDED_ADAM_STEP = Exercise(
    name="folded_adam_step",
    points=2,
    bonus=True,
    reference=kernels.folded_adam_step,
    returns=("theta", "m", "v"),
    order=("m", "v", "theta"),
    draw=draw_folded_adam_step,
    equivalents=(folded_by_corrected_rate, plain_with_grown_eps),
    misconceptions=(
        Misconception(
            "plain_form_instead",
            plain_form_instead,
            "the plain form",
            "The two differ by `eps`. Here it is added to the root of the "
            "uncorrected `v`, and as it is.",
        ),
        Misconception(
            "corrected_twice",
            corrected_twice,
            "Adam corrected twice",
            "Both corrections are in the learning rate already; the averages stay as "
            "they are.",
        ),
        Misconception(
            "not_corrected",
            not_corrected,
            "Adam without bias correction",
            "The corrections are folded into the learning rate, not left out.",
        ),
        Misconception(
            "rate_without_root",
            rate_without_root,
            "a learning rate without the root",
            "`v` stands under a root in the step, so its correction does too.",
        ),
        Misconception(
            "rate_with_root_of_both",
            rate_with_root_of_both,
            "a learning rate with the root of both corrections",
            "Only `v` stands under a root. The correction of `m` enters as it is.",
        ),
        Misconception(
            "rate_upside_down",
            rate_upside_down,
            "a learning rate with its correction upside down",
            "`m` is divided by its correction, and the root of `v`'s correction comes "
            "from the denominator to the top.",
        ),
        Misconception(
            "rate_multiplied",
            rate_multiplied,
            "a learning rate multiplied by both corrections",
            "`m` is divided by its correction.",
        ),
        Misconception(
            "rate_of_m_only",
            rate_of_m_only,
            "a learning rate with the correction of `m` alone",
            "The root of `v`'s correction belongs there as well.",
        ),
        Misconception(
            "rate_of_v_only",
            rate_of_v_only,
            "a learning rate with the correction of `v` alone",
            "Divide by the correction of `m` as well.",
        ),
        Misconception(
            "rate_with_betas_exchanged",
            rate_with_betas_exchanged,
            "a learning rate with `beta1` and `beta2` exchanged",
            "The root is of `1 - beta2**t`, and the divisor is `1 - beta1**t`.",
        ),
        Misconception(
            "rate_without_power",
            rate_without_power,
            "a learning rate without the power `t`",
            "That is right in the first step only; the bias shrinks with every step.",
        ),
        Misconception(
            "rate_one_step_behind",
            rate_one_step_behind,
            "a learning rate with the steps counted from 0",
            "The power is `t`, which is 1 in the first step.",
        ),
        Misconception(
            "rate_one_step_ahead",
            rate_one_step_ahead,
            "a learning rate that is one step ahead",
            "The power is `t`: this step is counted already.",
        ),
        Misconception(
            "folded_without_eps",
            folded_without_eps,
            "the folded form without `eps`",
            "Where a parameter never had a gradient, that is 0 divided by 0.",
        ),
        Misconception(
            "folded_with_eps_in_root",
            folded_with_eps_in_root,
            "the folded form with `eps` inside the root",
            "Add it to the root, after the root is taken.",
        ),
        Misconception(
            "folded_with_eps_outside",
            folded_with_eps_outside,
            "the folded form with `eps` added to the fraction",
            "It belongs to the denominator: put parentheses around the root plus "
            "`eps`.",
        ),
        Misconception(
            "folded_with_grown_eps",
            folded_with_grown_eps,
            "the folded form with an `eps` divided by the root of the correction",
            "Here `eps` is added as it is. The next exercise asks for the `eps` that "
            "makes both forms equal, and that one is smaller, not larger.",
        ),
        Misconception(
            "folded_uphill",
            folded_uphill,
            "a step uphill",
            "The gradient points uphill: subtract the step from `theta`.",
        ),
        Misconception(
            "folded_without_storing",
            folded_without_storing,
            "the folded form whose new averages are not returned",
            "The next step has to start from the new `m` and `v`.",
        ),
        Misconception(
            "folded_in_place",
            folded_in_place,
            "an update of `theta`, `m` and `v` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "Write Adam's step without `eps`. Which factors depend on `t` alone?",
        (
            "Gather these factors into a learning rate of this step, `lr_t`. One of "
            "them stood under a root."
        ),
        (
            "`lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)`, and the step is "
            "`lr_t * m / (np.sqrt(v) + eps)` with the averages as they are."
        ),
    ),
    read="section 6, equation (5.6)",
    lines=3,
    level=2,
    harmless={
        "moved: v = beta2 * v + (1 - beta2) * grad ** 2": AVERAGES_APART,
        "moved: lr_t = lr * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)": (
            "the learning rate of the step depends on no average"
        ),
    },
)


# --- folded_epsilon ---------------------------------------------------------


def draw_folded_epsilon(rng):
    yield "the first step", {"eps": 0.1, "beta2": 0.75, "t": 1}
    yield "Adam's defaults, in the first step", {"eps": 1e-8, "beta2": 0.999, "t": 1}
    for which, low, high in (("early", 2, 6), ("late", 10, 20)):
        yield (
            which,
            {
                "eps": between(rng, 0.001, 0.02, digits=4),
                "beta2": between(rng, 0.8, 0.95),
                "t": int(rng.integers(low, high)),
            },
        )
    yield (
        "an eps above 1",
        {
            "eps": between(rng, 1.5, 3.0),
            "beta2": between(rng, 0.5, 0.7),
            "t": int(rng.integers(3, 6)),
        },
    )


def eps_by_math(eps, beta2, t):
    import math

    return math.sqrt(1 - math.pow(beta2, t)) * eps


def eps_by_half_power(eps, beta2, t):
    return eps * (1 - beta2**t) ** 0.5


def eps_under_one_root(eps, beta2, t):
    return np.sqrt(eps**2 * (1 - beta2**t))


def eps_as_it_is(eps, beta2, t):
    return float(eps)


def eps_divided(eps, beta2, t):
    return float(eps / np.sqrt(1 - beta2**t))


def eps_without_root(eps, beta2, t):
    return float(eps * (1 - beta2**t))


def eps_inside_the_root(eps, beta2, t):
    return float(np.sqrt(eps * (1 - beta2**t)))


def eps_without_power(eps, beta2, t):
    return float(eps * np.sqrt(1 - beta2))


def eps_with_remaining_weight(eps, beta2, t):
    return float(eps * np.sqrt(beta2**t))


def eps_minus_after_root(eps, beta2, t):
    return float(eps * (1 - np.sqrt(beta2) ** t))


def eps_one_step_behind(eps, beta2, t):
    return float(eps * np.sqrt(1 - beta2 ** (t - 1)))


def eps_one_step_ahead(eps, beta2, t):
    return float(eps * np.sqrt(1 - beta2 ** (t + 1)))


def factor_alone(eps, beta2, t):
    return float(np.sqrt(1 - beta2**t))


FOLDED_EPSILON = Exercise(
    name="folded_epsilon",
    points=1,
    bonus=True,
    reference=kernels.folded_epsilon,
    returns=("eps_t",),
    draw=draw_folded_epsilon,
    equivalents=(eps_by_math, eps_by_half_power, eps_under_one_root),
    misconceptions=(
        Misconception(
            "eps_as_it_is",
            eps_as_it_is,
            "the same `eps`",
            "With it the two forms differ: beside the uncorrected root, which is "
            "smaller, the same number weighs more.",
        ),
        Misconception(
            "eps_divided",
            eps_divided,
            "`eps` divided by the root",
            "That is how large the folded form's `eps` is in the plain form. Here it "
            "is the other way round: multiply.",
        ),
        Misconception(
            "eps_without_root",
            eps_without_root,
            "a factor without the root",
            "The denominator is multiplied by what was moved out of it, and that is a "
            "root.",
        ),
        Misconception(
            "eps_inside_the_root",
            eps_inside_the_root,
            "an `eps` inside the root",
            "Only `1 - beta2**t` stands under the root.",
        ),
        Misconception(
            "eps_without_power",
            eps_without_power,
            "the `eps` of the first step",
            "The factor changes with every step: `beta2` has the power `t`.",
        ),
        Misconception(
            "eps_with_remaining_weight",
            eps_with_remaining_weight,
            "a factor of the weight that zero still has",
            "Under the root stands 1 minus that weight.",
        ),
        Misconception(
            "eps_minus_after_root",
            eps_minus_after_root,
            "a factor with the root taken of `beta2**t`",
            "The root is over the whole difference. Look at your parentheses.",
        ),
        Misconception(
            "eps_one_step_behind",
            eps_one_step_behind,
            "the `eps` of the step before",
            "Steps are counted from 1: the power is `t`.",
        ),
        Misconception(
            "eps_one_step_ahead",
            eps_one_step_ahead,
            "the `eps` of the step after",
            "Steps are counted from 1: the power is `t`.",
        ),
        Misconception(
            "factor_alone",
            factor_alone,
            "the factor without `eps`",
            "Multiply it by `eps`.",
        ),
    ),
    hints=(
        (
            "What must the plain form's denominator be multiplied by, so that its "
            "root becomes that of the uncorrected `v`?"
        ),
        "Multiply the whole denominator by it, `eps` too.",
        "`return eps * np.sqrt(1 - beta2**t)`.",
    ),
    read="section 6, equation (5.7)",
    lines=1,
    level=2,
)


# --- adamw_step -------------------------------------------------------------


def draw_adamw_step(rng):
    yield from draw_steps(rng, kernels.adamw_step, weight_decay=between(rng, 0.05, 0.2))


def decayed_first(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad * grad
    theta = theta * (1 - lr * weight_decay)
    denominator = np.sqrt(v) / np.sqrt(1 - beta2**t) + eps
    return theta - lr / (1 - beta1**t) * (m / denominator), m, v


def decay_subtracted_last(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad**2 - v)
    step = lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta - step - lr * weight_decay * theta, m, v


def penalty_in_gradient(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    grad = grad + weight_decay * theta
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def penalty_in_m_only(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * (grad + weight_decay * theta)
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def decay_in_numerator(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return (
        theta - lr * (m_hat + weight_decay * theta) / (np.sqrt(v_hat) + eps),
        m,
        v,
    )


def decay_of_new_theta(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta - lr * weight_decay * theta, m, v


def decay_without_lr(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta - step - weight_decay * theta, m, v


def decay_with_lr_twice(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps) + lr * weight_decay * theta
    return theta - lr * step, m, v


def no_decay_at_all(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def weights_grow(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps) - weight_decay * theta
    return theta - lr * step, m, v


def decay_is_the_factor(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = lr * m_hat / (np.sqrt(v_hat) + eps)
    return (1 - weight_decay) * (theta - step), m, v


def decay_by_sign(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps) + weight_decay * np.sign(theta)
    return theta - lr * step, m, v


def decay_halved(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps) + weight_decay / 2 * theta
    return theta - lr * step, m, v


def decay_corrected_too(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_hat = v / (1 - beta2**t)
    step = m / (np.sqrt(v_hat) + eps) + weight_decay * theta
    return theta - lr * step / (1 - beta1**t), m, v


def decayed_without_correction(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    step = m / (np.sqrt(v) + eps) + weight_decay * theta
    return theta - lr * step, m, v


def decayed_with_eps_in_root(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = m_hat / np.sqrt(v_hat + eps) + weight_decay * theta
    return theta - lr * step, m, v


def decayed_without_eps(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = m_hat / np.sqrt(v_hat) + weight_decay * theta
    return theta - lr * step, m, v


def decay_written_in(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps) + 0.01 * theta
    return theta - lr * step, m, v


def decay_default_of_zero(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps) + weight_decay * theta
    return theta - lr * step, m, v


def decayed_theta_in_place(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    theta *= 1 - lr * weight_decay
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def decayed_all_in_place(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    theta *= 1 - lr * weight_decay
    theta -= lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta, m, v


ADAMW_STEP = Exercise(
    name="adamw_step",
    points=2,
    reference=kernels.adamw_step,
    returns=("theta", "m", "v"),
    order=("m", "v", "theta"),
    draw=draw_adamw_step,
    equivalents=(decayed_first, decay_subtracted_last),
    misconceptions=(
        Misconception(
            "penalty_in_gradient",
            penalty_in_gradient,
            "Adam with an L2 penalty in the gradient",
            "Then the decay is divided by the scale as well, and weights with large "
            "gradients decay less. Subtract it from `theta` beside Adam's step, and "
            "keep it out of `m` and `v`.",
        ),
        Misconception(
            "penalty_in_m_only",
            penalty_in_m_only,
            "Adam with the decay inside `m`",
            "It would be averaged and divided by the scale. Subtract it from `theta` "
            "beside Adam's step.",
        ),
        Misconception(
            "decay_in_numerator",
            decay_in_numerator,
            "a decay that is divided by the scale",
            "The denominator belongs to `m` alone. Add the decay after the division.",
        ),
        Misconception(
            "decay_of_new_theta",
            decay_of_new_theta,
            "a decay of the parameters after Adam's step",
            "It is the `theta` that the step began with that decays.",
        ),
        Misconception(
            "decay_without_lr",
            decay_without_lr,
            "a decay that is not multiplied by the learning rate",
            "The paper writes it so, with a schedule in the place of `lr`. Here, as "
            "in PyTorch, `lr * weight_decay * theta` is subtracted.",
        ),
        Misconception(
            "decay_with_lr_twice",
            decay_with_lr_twice,
            "a decay multiplied by the learning rate twice",
            "Once is enough: `lr * weight_decay * theta`.",
        ),
        Misconception(
            "no_decay_at_all",
            no_decay_at_all,
            "Adam without any decay",
            "Subtract `lr * weight_decay * theta` as well.",
        ),
        Misconception(
            "weights_grow",
            weights_grow,
            "weights that grow in the place of decaying",
            "The decay has the sign of Adam's step: both are subtracted.",
        ),
        Misconception(
            "decay_is_the_factor",
            decay_is_the_factor,
            "new parameters multiplied by `1 - weight_decay`",
            "The old `theta` decays, and only by `lr * weight_decay` of itself.",
        ),
        Misconception(
            "decay_by_sign",
            decay_by_sign,
            "a decay by the sign of the parameters",
            "That is what an L1 penalty does. Here a weight loses a part of itself.",
        ),
        Misconception(
            "decay_halved",
            decay_halved,
            "half the decay",
            "There is no one half here: `lr * weight_decay * theta`.",
        ),
        Misconception(
            "decay_corrected_too",
            decay_corrected_too,
            "a decay that is divided by the correction of `m` as well",
            "The decay has no bias. Correct `m` before the decay is added.",
        ),
        Misconception(
            "decayed_without_correction",
            decayed_without_correction,
            "AdamW without bias correction",
            "Beside the decay it is Adam's step, with both corrections.",
        ),
        Misconception(
            "decayed_with_eps_in_root",
            decayed_with_eps_in_root,
            "AdamW with `eps` inside the root",
            "Add it to the root, after the root is taken.",
        ),
        Misconception(
            "decayed_without_eps",
            decayed_without_eps,
            "AdamW without `eps`",
            "Where a parameter never had a gradient, that is 0 divided by 0.",
        ),
        Misconception(
            "decay_written_in",
            decay_written_in,
            "AdamW with 0.01 written into it",
            "That is a default only: use the argument `weight_decay`.",
        ),
        Misconception(
            "decay_default_of_zero",
            decay_default_of_zero,
            "AdamW with 0 as the default of `weight_decay`",
            "The default is 0.01. Leave the line with `def` as it was given.",
        ),
        Misconception(
            "decayed_theta_in_place",
            decayed_theta_in_place,
            "a decay of `theta` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "decayed_all_in_place",
            decayed_all_in_place,
            "an update of `theta`, `m` and `v` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        (
            "Two things are subtracted from `theta`. Which of them depends on the "
            "gradients, and which one on `theta` alone?"
        ),
        (
            "The second one goes neither into `m` nor into `v`, and the denominator "
            "does not touch it. Only `lr` multiplies both."
        ),
        (
            "Make Adam's step, and subtract `lr * weight_decay * theta` from its "
            "result, with the `theta` that you were given."
        ),
    ),
    read="section 7, equation (5.8)",
    lines=2,
    level=2,
    harmless={
        "moved: v = beta2 * v + (1 - beta2) * grad ** 2": AVERAGES_APART,
        "moved: m_hat = m / (1 - beta1 ** t)": AVERAGES_APART,
        "moved: v_hat = v / (1 - beta2 ** t)": AVERAGES_APART,
    },
)


# --- amsgrad_step -----------------------------------------------------------


def draw_amsgrad_step(rng):
    yield (
        "first step, t = 1",
        {
            "theta": np.array([1.0, -2.0, 0.5]),
            "m": np.zeros(3),
            "v": np.zeros(3),
            "v_max": np.zeros(3),
            "t": 1,
            "grad": np.array([0.1, -0.4, 2.0]),
            "lr": 0.1,
        },
    )
    settings = {
        "lr": between(rng, 0.05, 0.3),
        "beta1": between(rng, 0.6, 0.8),
        "beta2": between(rng, 0.5, 0.6),
        "eps": between(rng, 0.01, 0.03),
    }
    theta, m, v, v_max = signed(rng, (2,)), np.zeros(2), np.zeros(2), np.zeros(2)
    # Large gradients first, so that v falls below its maximum.
    sizes = (("first", 0.5, 0.9), ("second", 0.05, 0.2), ("third", 0.1, 0.3))
    for t, (which, low, high) in enumerate(sizes, start=1):
        state = {"theta": theta, "m": m, "v": v, "v_max": v_max, "t": t}
        grad = signed(rng, (2,), low, high) * np.array([1.0, 0.02])
        arguments = {**state, "grad": grad, **settings}
        yield f"{which} step of a run, with a large eps", arguments
        theta, m, v, v_max = kernels.amsgrad_step(**arguments)
    seen, now = np.array([[1, 1, 0], [1, 1, 1]]), np.array([[1, 1, 0], [0, 1, 1]])
    above = np.array([[1, 0, 0], [0, 1, 1]])
    v = np.abs(signed(rng, (2, 3), 0.5, 2.0)) * seen
    yield (
        "a matrix: some entries at their largest, one that never had a gradient",
        {
            "theta": signed(rng, (2, 3)),
            "m": signed(rng, (2, 3), 0.1, 1.0) * seen,
            "v": v,
            "v_max": v + above * np.abs(signed(rng, (2, 3), 1.0, 2.0)),
            "t": 7,
            "grad": signed(rng, (2, 3), 1.5, 2.0) * now,
            "lr": between(rng, 0.3, 0.6),
            "beta1": between(rng, 0.3, 0.5),
            "beta2": between(rng, 0.9, 0.95),
            "eps": 1e-3,
        },
    )
    v = 2e-15 * np.abs(signed(rng, (5,)))
    yield (
        "gradients near 1e-6, and every default",
        {
            "theta": signed(rng, (5,)),
            "m": 2e-7 * signed(rng, (5,)),
            "v": v,
            "v_max": v + 5e-15 * np.array([0, 1, 1, 0, 1]),
            "t": 3,
            "grad": 1e-6 * signed(rng, (5,)),
        },
    )
    v = np.abs(signed(rng, (4, 1, 2)))
    yield (
        "three axes, late in a run",
        {
            "theta": signed(rng, (4, 1, 2)),
            "m": signed(rng, (4, 1, 2), 0.1, 1.0),
            "v": v,
            "v_max": v + np.abs(signed(rng, (4, 1, 2))),
            "t": int(rng.integers(1500, 2500)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
        },
    )


def maximum_by_where(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.where(v > v_max, v, v_max)
    denominator = np.sqrt(v_max) / np.sqrt(1 - beta2**t) + eps
    return theta - lr / (1 - beta1**t) * m / denominator, m, v, v_max


def maximum_on_a_copy(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad * grad - v)
    v_max = v_max.copy()
    higher = v > v_max
    v_max[higher] = v[higher]
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def largest_of_corrected(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.maximum(v_max, v / (1 - beta2**t))
    return theta - lr * m / (1 - beta1**t) / (np.sqrt(v_max) + eps), m, v, v_max


def maximum_not_corrected(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.maximum(v_max, v)
    return theta - lr * m / (1 - beta1**t) / (np.sqrt(v_max) + eps), m, v, v_max


def nothing_corrected(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.maximum(v_max, v)
    return theta - lr * m / (np.sqrt(v_max) + eps), m, v, v_max


def maximum_not_used(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    v_max = np.maximum(v_max, v)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def maximum_of_old_v(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    v_max = np.maximum(v_max, v)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def maximum_one_step_late(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    v_max = np.maximum(v_max, v)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def maximum_not_stored(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), np.maximum(v_max, v) / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def maximum_goes_on_in_v(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = v_max = np.maximum(v_max, beta2 * v + (1 - beta2) * grad**2)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def average_from_the_maximum(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v_max + (1 - beta2) * grad**2
    v_max = np.maximum(v_max, v)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def maximum_of_squares(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.maximum(v_max, grad**2)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def minimum_instead(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.minimum(v_max, v)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def one_maximum_for_all(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.full_like(v, max(v_max.max(), v.max()))
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def maximum_decays(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.maximum(beta2 * v_max, v)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def maximum_without_root(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.maximum(v_max, v)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (v_hat + eps), m, v, v_max


def eps_under_the_root(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.maximum(v_max, v)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / np.sqrt(v_hat + eps), m, v, v_max


def eps_left_out(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.maximum(v_max, v)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / np.sqrt(v_hat), m, v, v_max


def maximum_before_average(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.maximum(v_max, v)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v_max, v


def maximum_in_place(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    np.maximum(v_max, v, out=v_max)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


AMSGRAD_STEP = Exercise(
    name="amsgrad_step",
    points=2,
    bonus=True,
    reference=kernels.amsgrad_step,
    returns=("theta", "m", "v", "v_max"),
    order=("m", "v", "v_max", "theta"),
    draw=draw_amsgrad_step,
    equivalents=(maximum_by_where, maximum_on_a_copy),
    misconceptions=(
        Misconception(
            "largest_of_corrected",
            largest_of_corrected,
            "the maximum of the corrected averages",
            "The first corrected average is as large as the first square and would "
            "stay the maximum. Compare the averages as they are, and correct the "
            "largest.",
        ),
        Misconception(
            "maximum_not_corrected",
            maximum_not_corrected,
            "AMSGrad with `m` corrected and the maximum not",
            "Divide `v_max` by `1 - beta2**t` before its root is taken.",
        ),
        Misconception(
            "nothing_corrected",
            nothing_corrected,
            "the paper's AMSGrad, which corrects nothing",
            "Here, as in PyTorch, `m` and `v_max` are both corrected.",
        ),
        Misconception(
            "maximum_not_used",
            maximum_not_used,
            "Adam's step, with the maximum kept but not used",
            "Divide by the root of the corrected `v_max`, not of the corrected `v`.",
        ),
        Misconception(
            "maximum_of_old_v",
            maximum_of_old_v,
            "the maximum of the averages before this step",
            "Update `v` first, then compare it with `v_max`.",
        ),
        Misconception(
            "maximum_one_step_late",
            maximum_one_step_late,
            "a step by the maximum of the step before",
            "Update `v_max` first, then divide by the root of the new one.",
        ),
        Misconception(
            "maximum_not_stored",
            maximum_not_stored,
            "AMSGrad whose new maximum is not returned",
            "`theta` is right, but the next step has to start from the new `v_max`.",
        ),
        Misconception(
            "maximum_goes_on_in_v",
            maximum_goes_on_in_v,
            "AMSGrad with the maximum in the place of the average",
            "`v` goes on as an average, also while it is below the maximum. Keep the "
            "two apart.",
        ),
        Misconception(
            "average_from_the_maximum",
            average_from_the_maximum,
            "AMSGrad with an average that starts from the maximum",
            "The new `v` comes from the old `v`; the maximum is kept beside it.",
        ),
        Misconception(
            "maximum_of_squares",
            maximum_of_squares,
            "the maximum of the squared gradients",
            "It is the largest average that counts, not the largest single square.",
        ),
        Misconception(
            "minimum_instead",
            minimum_instead,
            "a minimum in the place of the maximum",
            "The denominator must never shrink, so that steps never grow again.",
        ),
        Misconception(
            "one_maximum_for_all",
            one_maximum_for_all,
            "one maximum for all entries",
            "Every parameter has a maximum of its own: compare entry by entry.",
        ),
        Misconception(
            "maximum_decays",
            maximum_decays,
            "a maximum that decays",
            "AMSGrad never forgets: only the average decays.",
        ),
        Misconception(
            "maximum_without_root",
            maximum_without_root,
            "AMSGrad without the root",
            "Divide by the root of the corrected `v_max`, plus `eps`.",
        ),
        Misconception(
            "eps_under_the_root",
            eps_under_the_root,
            "AMSGrad with `eps` inside the root",
            "Add it to the root, after the root is taken.",
        ),
        Misconception(
            "eps_left_out",
            eps_left_out,
            "AMSGrad without `eps`",
            "Where a parameter never had a gradient, that is 0 divided by 0.",
        ),
        Misconception(
            "maximum_before_average",
            maximum_before_average,
            "the results with `v_max` before `v`",
            "Return `theta`, `m`, `v` and `v_max`, in this order.",
        ),
        Misconception(
            "maximum_in_place",
            maximum_in_place,
            "an update of `v_max` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "Adam's step can grow again when its `v` shrinks. What could be kept of `v`?",
        (
            "One line more than Adam: the larger of the old `v_max` and the new `v`, "
            "entry by entry. Where does it go then?"
        ),
        (
            "`v_max = np.maximum(v_max, v)` with the new `v`; then Adam's "
            "denominator, with `v_max` in the place of `v`."
        ),
    ),
    read="section 8, equation (5.10)",
    lines=4,
    level=2,
    harmless={
        "moved: v = beta2 * v + (1 - beta2) * grad ** 2": AVERAGES_APART,
        "moved: m_hat = m / (1 - beta1 ** t)": AVERAGES_APART,
        "moved: v_hat = v_max / (1 - beta2 ** t)": AVERAGES_APART,
        "v_max = np.maximum(v_max, v) -> v_max = np.maximum(v, v_max)": (
            "the larger of two does not depend on their order"
        ),
    },
)


CHAPTER = Chapter(
    name="05_adam",
    title="Adam and bias correction",
    minutes=120,
    exercises=(
        UPDATE_MOMENTS,
        CORRECT_BIAS,
        ADAM_STEP,
        STARTUP_RATIO,
        FOLDED_ADAM_STEP,
        FOLDED_EPSILON,
        ADAMW_STEP,
        AMSGRAD_STEP,
    ),
    written=(Written("adam_why", points=2),),
)
