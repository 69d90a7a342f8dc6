"""Chapter 03: momentum."""

from __future__ import annotations

from autograder.exercises.momentum.clipped_descent import CLIPPED_DESCENT
from autograder.exercises.momentum.convergence_rate import CONVERGENCE_RATE
from autograder.exercises.momentum.ema_momentum_step import EMA_MOMENTUM_STEP
from autograder.exercises.momentum.Momentum import MOMENTUM
from autograder.exercises.momentum.momentum_step import MOMENTUM_STEP
from autograder.exercises.momentum.nesterov_difference_step import (
    NESTEROV_DIFFERENCE_STEP,
)
from autograder.exercises.momentum.nesterov_step import NESTEROV_STEP
from autograder.exercises.momentum.optimal_momentum import OPTIMAL_MOMENTUM
from autograder.exercises.momentum.velocity_weights import VELOCITY_WEIGHTS
from autograder.exercises.spec import Chapter, Written

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    name="03_momentum",
    title="Momentum",
    minutes=120,
    exercises=(
        MOMENTUM_STEP,
        EMA_MOMENTUM_STEP,
        VELOCITY_WEIGHTS,
        CONVERGENCE_RATE,
        OPTIMAL_MOMENTUM,
        NESTEROV_STEP,
        NESTEROV_DIFFERENCE_STEP,
        MOMENTUM,
        CLIPPED_DESCENT,
    ),
    written=(Written("momentum_why", points=2),),
)
