"""What is compared with PyTorch: a loss, and the settings of every run.

Nothing here needs PyTorch.  The settings are PyTorch's own keyword arguments;
what they are in this course's convention is said by the tests.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["GOLDEN", "N_STEPS", "PATHS", "RATES", "START", "Rates", "Run", "gradient"]

GOLDEN = Path(__file__).with_name("golden.json")
"""Recorded trajectories, written by `make_golden.py`."""

N_STEPS = 50

START = np.array([1.5, -0.7, 0.4, -2.0, 0.9])
CURVATURE = np.array(
    [
        [2.0, 0.3, 0.0, -0.5, 0.0],
        [0.3, 0.2, 0.1, 0.0, 0.0],
        [0.0, 0.1, 5.0, 0.4, 0.0],
        [-0.5, 0.0, 0.4, 1.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0],
    ]
)
SLOPE = np.array([0.7, -0.2, 1.1, 0.3, 0.0])
BENT = np.array([1.0, 0.5, 0.0, 2.0, 0.0])
"""The loss is a quadratic plus sum(BENT * theta**4) / 4: no two steps have the
same gradient, and the fifth parameter has none at all."""


def gradient(theta: np.ndarray) -> np.ndarray:
    """Gradient of the loss, by hand; PyTorch finds its own."""
    return CURVATURE @ theta + SLOPE + BENT * theta**3


@dataclass(frozen=True)
class Run:
    """A run of 50 steps with an optimiser of `torch.optim`."""

    name: str
    optimiser: str
    settings: dict[str, Any]
    schedule: tuple[tuple[str, dict[str, Any]], ...] = ()

    @property
    def described(self) -> dict[str, Any]:
        """The run as JSON has it."""
        return json.loads(json.dumps(asdict(self)))


@dataclass(frozen=True)
class Rates:
    """The learning rates of 51 epochs under schedules of `torch.optim`."""

    name: str
    lr: float
    schedule: tuple[tuple[str, dict[str, Any]], ...]

    @property
    def described(self) -> dict[str, Any]:
        """The learning rates' settings as JSON has them."""
        return json.loads(json.dumps(asdict(self)))


STEPS = ("StepLR", {"step_size": 10, "gamma": 0.5})
EXPONENTIAL = ("ExponentialLR", {"gamma": 0.96})
COSINE = ("CosineAnnealingLR", {"T_max": 40, "eta_min": 0.01})
LINEAR = ("LinearLR", {"start_factor": 1 / 8, "total_iters": 7})
WARMUP = ("LambdaLR", {"lr_lambda": "warmup over 8 steps"})
ROOT_UP = ("LambdaLR", {"lr_lambda": "root of t + 1"})
ROOT_DOWN = ("LambdaLR", {"lr_lambda": "one over the root of t + 1"})
TRANSFORMER = ("LambdaLR", {"lr_lambda": "transformer, width 64, warmup 8"})

PATHS = (
    Run("sgd", "SGD", {"lr": 0.05}),
    Run("sgd steps", "SGD", {"lr": 0.05}, (STEPS,)),
    Run("sgd exponential", "SGD", {"lr": 0.05}, (EXPONENTIAL,)),
    Run("sgd cosine", "SGD", {"lr": 0.05}, (COSINE,)),
    Run("sgd warmup", "SGD", {"lr": 0.05}, (WARMUP,)),
    Run("momentum 0.5", "SGD", {"lr": 0.05, "momentum": 0.5}),
    Run("momentum 0.9", "SGD", {"lr": 0.02, "momentum": 0.9}),
    Run("momentum steps", "SGD", {"lr": 0.02, "momentum": 0.9}, (STEPS,)),
    Run("ema 0.8", "SGD", {"lr": 0.05, "momentum": 0.8, "dampening": 0.8}),
    Run("nesterov 0.5", "SGD", {"lr": 0.05, "momentum": 0.5, "nesterov": True}),
    Run("nesterov 0.9", "SGD", {"lr": 0.02, "momentum": 0.9, "nesterov": True}),
    Run("adagrad", "Adagrad", {"lr": 0.5}),
    Run("adagrad eps", "Adagrad", {"lr": 0.2, "eps": 1e-2}),
    # eps so small that it is nothing beside any root but the one of 0.
    Run("adagrad rms", "Adagrad", {"lr": 0.05, "eps": 1e-300}, (ROOT_UP,)),
    Run("rmsprop", "RMSprop", {"lr": 0.02}),
    Run("rmsprop 0.9", "RMSprop", {"lr": 0.02, "alpha": 0.9}),
    Run("rmsprop eps", "RMSprop", {"lr": 0.02, "alpha": 0.8, "eps": 0.1}),
    Run("adam", "Adam", {"lr": 0.05}),
    Run("adam eps", "Adam", {"lr": 0.1, "eps": 1e-2}),
    Run("adam 0.8", "Adam", {"lr": 0.1, "betas": (0.6, 0.8), "eps": 1e-3}),
    Run("adam cosine", "Adam", {"lr": 0.1, "betas": (0.9, 0.99)}, (COSINE,)),
    Run("adam l2", "Adam", {"lr": 0.05, "weight_decay": 0.1}),
    Run("adamw", "AdamW", {"lr": 0.05}),
    Run("adamw 0.1", "AdamW", {"lr": 0.1, "weight_decay": 0.1, "eps": 1e-3}),
    Run("adamw 0.8", "AdamW", {"lr": 0.1, "betas": (0.7, 0.8)}),
    Run("amsgrad", "Adam", {"lr": 0.05, "betas": (0.9, 0.8), "amsgrad": True}),
    Run(
        "amsgrad eps",
        "Adam",
        {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-2, "amsgrad": True},
    ),
)

RATES = (
    Rates("steps", 0.1, (STEPS,)),
    Rates("exponential", 0.1, (EXPONENTIAL,)),
    Rates("cosine", 0.1, (COSINE,)),
    Rates("warmup", 0.1, (WARMUP,)),
    Rates("warmup linear", 0.1, (LINEAR,)),
    Rates("warmup exponential", 0.1, (LINEAR, EXPONENTIAL)),
    Rates("inverse root", 0.1, (ROOT_DOWN,)),
    Rates("transformer", 1.0, (TRANSFORMER,)),
)
