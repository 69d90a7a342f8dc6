"""Chapter 00: whether f lies above its chord somewhere between two points."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import gradient_descent as kernels
from autograder.lab.landscapes import named_functions

__all__ = ["VIOLATES_CONVEXITY"]


def draw_violates_convexity(rng):
    # Nearly half of the answers are True, so that a constant one earns nothing.
    bowl = {"curvature": np.array([1.0, 2.0]), "center": np.zeros(2)}
    ends = {"a": np.array([1.0, -2.0]), "b": np.array([-1.0, 2.0])}
    yield (
        "a bowl, at five places",
        {"f": Function("quadratic", bowl, shape=(2,)), **ends, "n": 5},
    )
    turned = bowl | {"curvature": np.array([-1.0, -2.0])}
    yield (
        "the same bowl upside down",
        {"f": Function("quadratic", turned, shape=(2,)), **ends, "n": 5},
    )
    far, near = between(rng, 1.0, 2.0, 2), between(rng, 0.1, 0.2, 2)
    yield (
        "a saddle, along a line that goes up on both sides; n is left out",
        {
            "f": _saddle(rng),
            "a": np.array([far, -near, 0.5]),
            "b": np.array([-far - 0.3, near, 0.75]),
        },
    )
    yield (
        "the same kind of saddle, along a line that goes down on both sides",
        {
            "f": _saddle(rng),
            "a": np.array([-near, far, 0.5]),
            "b": np.array([near, -far - 0.3, 0.75]),
            "n": 11,
        },
    )
    yield (
        "a straight line, which is convex; only rounding lifts it off its chord",
        _rounded_line(rng),
    )
    yield (
        "a line with a bump that is smaller than the slack for rounding",
        _along_a_line(rng, where=0.5, height=2e-13, width=0.1, n=101),
    )
    yield (
        "a bowl seen from its side",
        {
            "f": Function(
                "quadratic",
                {
                    "curvature": np.abs(signed(rng, (4,))),
                    "center": signed(rng, (4,), 3.0, 5.0),
                },
                shape=(4,),
            ),
            "a": signed(rng, (4,)),
            "b": signed(rng, (4,)),
            "n": 33,
        },
    )
    yield (
        "a slope with a small bump near one end",
        _along_a_line(rng, where=between(rng, 0.15, 0.2, 2), width=0.05, n=51),
    )
    yield (
        "a slope with a needle at one of the 101 places; n is left out",
        _along_a_line(rng, where=between(rng, 0.15, 0.2, 2), width=1e-4),
    )
    yield (
        "a narrow bump at one quarter, where one of five places is",
        _along_a_line(rng, where=0.25, width=0.004, n=5),
    )
    for label, places in (
        ("a narrow bump at a fifth, which the five places miss", (0.2, 0.4, 0.6, 0.8)),
        ("a narrow bump at a third, which the five places miss", (1 / 3, 2 / 3)),
    ):
        where = float(rng.choice(places))
        yield label, _along_a_line(rng, where=where, width=0.004, n=5)
    yield (
        "a dent, whose edges bend downwards, and which is all below the chord",
        _along_a_line(rng, where=0.5, height=-0.05, width=0.05, n=9),
    )
    yield (
        "a rippled valley, above its chord near one end and below it elsewhere",
        {
            "f": Function(
                "rippled_surface",
                {
                    "curvature": np.array([2.0, 1.0]),
                    "frequency": np.array([6.0, 0.0]),
                    "amplitude": between(rng, 0.6, 0.8, 2),
                },
                shape=(2,),
            ),
            "a": np.array([1.0, 0.5]),
            "b": np.array([-1.0, 0.5]),
            "n": 41,
        },
    )
    yield (
        "a bump that is larger than the slack",
        _along_a_line(rng, where=0.5, height=1.5e-12, width=0.1, n=101),
    )


def _saddle(rng):
    curvature = np.round(rng.uniform([1.0, -2.0, 0.1], [2.0, -1.0, 0.2]), 2)
    return Function(
        "quadratic", {"curvature": curvature, "center": np.zeros(3)}, shape=(3,)
    )


def _along_a_line(rng, where, height=0.05, width=0.1, **n):
    """A chord on which the first coordinate is alpha, over a line with a bump.

    Slopes and ends are quarters: at alphas that are eighths the line is not rounded.
    """
    slope, a, b = rng.integers(3, 8, size=(3, 2)) / 4
    f = Function(
        "line_with_bump",
        {"slope": slope, "where": where, "height": height, "width": width},
        shape=(2,),
    )
    return {"f": f, "a": np.array([1.0, a[1]]), "b": np.array([0.0, -b[1]]), **n}


def _rounded_line(rng):
    """A chord of a straight line above which rounding lifts some of 101 places."""
    while True:
        given = _along_a_line(rng, where=0.5, height=0.0)
        f = named_functions["line_with_bump"](**given["f"].parameters)
        a, b, places = given["a"], given["b"], np.linspace(0, 1, 101)
        if any(f(t * a + (1 - t) * b) > t * f(a) + (1 - t) * f(b) for t in places):
            return given


def excess_over_chord(f, a, b, n=101):
    alphas = np.linspace(0, 1, n)
    values = np.array([f(b + alpha * (a - b)) for alpha in alphas])
    chord = f(b) + alphas * (f(a) - f(b))
    return np.max(values - chord) > 1e-12


def any_above_chord(f, a, b, n=101):
    return any(
        f(t * a + (1 - t) * b) > t * f(a) + (1 - t) * f(b) + 1e-12
        for t in np.linspace(1, 0, n)
    )


VIOLATES_CONVEXITY = Exercise(
    name="violates_convexity",
    points=2,
    bonus=True,
    reference=kernels.violates_convexity,
    returns=("violated",),
    draw=draw_violates_convexity,
    equivalents=(excess_over_chord, any_above_chord),
    misconceptions=mistakes(__name__, kernels.violates_convexity),
    hints=(
        (
            "Draw a curve and a chord of it. Where is a point of the chord that is "
            "`alpha` of the way from `b` to `a`, and how high is the curve under it?"
        ),
        (
            "Go through `np.linspace(0, 1, n)`. One place above the chord settles "
            "it; that none is can be said only after the last."
        ),
        (
            "In the loop: if `f(alpha * a + (1 - alpha) * b) > alpha * f(a) + (1 - "
            "alpha) * f(b) + 1e-12`, then `return True`. After the loop, `return "
            "False`."
        ),
    ),
    read="section 6, equation (0.8)",
    lines=4,
    level=2,
    harmless={
        "for alpha in np.linspace(0, 1, n): -> for alpha in np.linspace(1, 0, n):": (
            "the same places in the other direction"
        ),
        "if f(alpha * a + (1 - alpha) * b) > chord + 1e-12: -> "
        "if f(alpha * a + (1 - alpha) * b) >= chord + 1e-12:": (
            "no value lies exactly 1e-12 above a chord"
        ),
    },
)
