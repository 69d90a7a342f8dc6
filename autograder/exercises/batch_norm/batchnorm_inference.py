"""Chapter 07: batch normalisation of a layer once training is over."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm.batches import CENTRED, batch, scales
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_norm as kernels

__all__ = ["BATCHNORM_INFERENCE"]


def draw_batchnorm_inference(rng):
    yield (
        "one example, running variances 3 and 8, with eps = 1 the roots of 4 and 9",
        {
            "x": np.array([[6.0, -2.0]]),
            "gamma": np.array([2.0, 3.0]),
            "beta": np.array([1.0, -1.0]),
            "running_mean": np.array([4.0, 1.0]),
            "running_var": np.array([3.0, 8.0]),
            "eps": 1.0,
        },
    )
    shapes = {
        "six examples of three features": ((6, 3), {"eps": 1e-3}),
        "small running variances, and a large eps": ((5, 4), {"eps": 1e-2}),
        "the eps that is not said": ((4, 7), {}),
        "many examples, and an eps of a variance's size": (
            (9, 2),
            {"eps": between(rng, 0.1, 0.5)},
        ),
    }
    for label, (shape, eps) in shapes.items():
        d = shape[1]
        small = 0.01 if "small" in label else 1e-4 if not eps else 1.0
        yield (
            label,
            {
                "x": batch(rng, shape),
                "gamma": scales(rng, d),
                "beta": signed(rng, (d,)),
                "running_mean": signed(rng, (d,)),
                "running_var": np.round(small * rng.uniform(0.5, 2.0, d), 6),
                **eps,
            },
        )


def inference_as_scale_and_shift(x, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return scale * x + (beta - scale * running_mean)


def inference_by_power(x, gamma, beta, running_mean, running_var, eps=1e-5):
    x_hat = (x - running_mean) * (running_var + eps) ** -0.5
    return np.add(np.multiply(x_hat, gamma), beta)


BATCHNORM_INFERENCE = Exercise(
    name="batchnorm_inference",
    points=1,
    reference=kernels.batchnorm_inference,
    returns=("out",),
    draw=draw_batchnorm_inference,
    tolerance=CENTRED,
    equivalents=(inference_as_scale_and_shift, inference_by_power),
    misconceptions=mistakes(__name__, kernels.batchnorm_inference),
    hints=(
        "How should the answer for one image change when another one joins the batch?",
        "It is the forward pass with other numbers for two of its quantities.",
        "`return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta`.",
    ),
    read="section 4, equation (7.5)",
    lines=1,
    level=1,
)
