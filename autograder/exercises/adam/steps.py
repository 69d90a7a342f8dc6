"""Chapter 05: steps of a run, for all steps of Adam's family."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, one_step_each, signed

__all__ = ["AVERAGES_APART", "draw_steps"]

AVERAGES_APART = "what `m` and `v` turn into does not depend on the other"
"""Why a prover's mutant that exchanges such lines is a right form too."""


def draw_steps(rng, step, **options):
    """Cases for a step of Adam's kind; `options` are what it takes in addition.

    The state of a run is carried on by the reference `step`, and each step is one of
    another run, so that no case begins with the answer to another.
    """
    yield (
        "first step, t = 1",
        {
            "theta": np.array([1.0, -2.0, 0.5]),
            "m": np.zeros(3),
            "v": np.zeros(3),
            "t": 1,
            "grad": np.array([0.1, -0.4, 2.0]),
            "lr": 0.1,
        },
    )
    settings = {
        "lr": between(rng, 0.05, 0.3),
        "beta1": between(rng, 0.6, 0.8),
        "beta2": between(rng, 0.75, 0.85),
        "eps": between(rng, 0.01, 0.03),
        **options,
    }

    def run():
        theta, m, v = signed(rng, (2,)), np.zeros(2), np.zeros(2)
        # The second parameter's gradients are below eps, the first one's above.
        sizes = np.array([1.0, 0.02])
        for t, which in enumerate(("first", "second", "third"), start=1):
            state = {"theta": theta, "m": m, "v": v, "t": t}
            arguments = {
                **state,
                "grad": sizes * signed(rng, (2,), 0.05, 0.5),
                **settings,
            }
            yield f"{which} step of a run, with a large eps", arguments
            theta, m, v = step(**arguments)

    yield from one_step_each(run)
    seen, now = np.array([[1, 1, 0], [1, 1, 1]]), np.array([[1, 1, 0], [0, 1, 1]])
    yield (
        "a matrix: no gradient in one entry this time, and never in another",
        {
            "theta": signed(rng, (2, 3)),
            "m": signed(rng, (2, 3), 0.1, 1.0) * seen,
            "v": np.abs(signed(rng, (2, 3))) * seen,
            "t": 7,
            "grad": signed(rng, (2, 3)) * now,
            "lr": between(rng, 0.3, 0.6),
            "beta1": between(rng, 0.3, 0.5),
            "beta2": between(rng, 0.9, 0.95),
            "eps": 1e-3,
            **options,
        },
    )
    yield (
        "gradients near 1e-6, and every default",
        {
            "theta": signed(rng, (5,)),
            "m": 2e-7 * signed(rng, (5,)),
            "v": 2e-15 * np.abs(signed(rng, (5,))),
            "t": 3,
            "grad": 1e-6 * signed(rng, (5,)),
        },
    )
    yield (
        "three axes, late in a run",
        {
            "theta": signed(rng, (4, 1, 2)),
            "m": signed(rng, (4, 1, 2), 0.1, 1.0),
            "v": np.abs(signed(rng, (4, 1, 2))),
            "t": int(rng.integers(1500, 2500)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
            **options,
        },
    )
