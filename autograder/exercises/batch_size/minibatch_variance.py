"""Chapter 02: mean squared distance of a batch's gradient from the full gradient."""

from __future__ import annotations

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import batch_size as kernels

__all__ = ["MINIBATCH_VARIANCE"]


def draw_minibatch_variance(rng):
    yield (
        "two of eight examples, and round numbers",
        {"trace_cov": 4.0, "n": 8, "batch_size": 2},
    )
    yield (
        "a few of many",
        {"trace_cov": between(rng, 2.0, 9.0), "n": 1077, "batch_size": 16},
    )
    yield (
        "one example at a time",
        {"trace_cov": between(rng, 2.0, 9.0), "n": 20, "batch_size": 1},
    )
    yield (
        "more than half of them",
        {
            "trace_cov": between(rng, 10.0, 20.0),
            "n": int(rng.integers(25, 30)),
            "batch_size": int(rng.integers(15, 20)),
        },
    )
    yield (
        "all of them: nothing is left to chance",
        {"trace_cov": between(rng, 2.0, 9.0), "n": 20, "batch_size": 20},
    )


def variance_as_difference(trace_cov, n, batch_size):
    return trace_cov / batch_size - trace_cov / n


def variance_over_a_common_denominator(trace_cov, n, batch_size):
    return trace_cov * (n - batch_size) / (n * batch_size)


def variance_by_biased_covariance(trace_cov, n, batch_size):
    biased = trace_cov * (n - 1) / n
    return biased / batch_size * (n - batch_size) / (n - 1)


def _zero_is_zero(arguments):
    return Tolerance(
        atol=1e-12 * arguments["trace_cov"],
        reason="at batch_size = n the result is a difference of equal numbers",
    )


MINIBATCH_VARIANCE = Exercise(
    name="minibatch_variance",
    points=1,
    reference=kernels.minibatch_variance,
    returns=("variance",),
    draw=draw_minibatch_variance,
    tolerance=_zero_is_zero,
    equivalents=(
        variance_as_difference,
        variance_over_a_common_denominator,
        variance_by_biased_covariance,
    ),
    misconceptions=mistakes(__name__, kernels.minibatch_variance),
    hints=(
        "What must the answer be when the batch holds all `n` examples?",
        (
            "The variance of a mean of independent draws is the variance of one over "
            "their number. One more factor makes it zero where `batch_size` is `n`."
        ),
        "`return trace_cov / batch_size * (1 - batch_size / n)`.",
    ),
    read="section 3, equation (2.5)",
    lines=1,
    level=1,
)
