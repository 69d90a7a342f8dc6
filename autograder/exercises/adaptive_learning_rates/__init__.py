"""Chapter 04: a learning rate for every parameter."""

from __future__ import annotations

from autograder.exercises.adaptive_learning_rates.AdaGrad import ADAGRAD
from autograder.exercises.adaptive_learning_rates.adagrad_step import ADAGRAD_STEP
from autograder.exercises.adaptive_learning_rates.best_quadratic_step import (
    BEST_QUADRATIC_STEP,
)
from autograder.exercises.adaptive_learning_rates.come_to_rest import COME_TO_REST
from autograder.exercises.adaptive_learning_rates.condition_number import (
    CONDITION_NUMBER,
)
from autograder.exercises.adaptive_learning_rates.cosine_decay import COSINE_DECAY
from autograder.exercises.adaptive_learning_rates.exponential_decay import (
    EXPONENTIAL_DECAY,
)
from autograder.exercises.adaptive_learning_rates.inverse_sqrt_decay import (
    INVERSE_SQRT_DECAY,
)
from autograder.exercises.adaptive_learning_rates.rms_step import RMS_STEP
from autograder.exercises.adaptive_learning_rates.RMSProp import RMSPROP
from autograder.exercises.adaptive_learning_rates.rmsprop_step import RMSPROP_STEP
from autograder.exercises.adaptive_learning_rates.standardize import STANDARDIZE
from autograder.exercises.adaptive_learning_rates.step_decay import STEP_DECAY
from autograder.exercises.adaptive_learning_rates.transformer_lr import TRANSFORMER_LR
from autograder.exercises.adaptive_learning_rates.warmup import WARMUP
from autograder.exercises.spec import Chapter, Written

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    name="04_adaptive_learning_rates",
    title="A learning rate for every parameter, and over time",
    minutes=150,
    exercises=(
        BEST_QUADRATIC_STEP,
        ADAGRAD_STEP,
        RMS_STEP,
        RMSPROP_STEP,
        STEP_DECAY,
        INVERSE_SQRT_DECAY,
        EXPONENTIAL_DECAY,
        COSINE_DECAY,
        WARMUP,
        TRANSFORMER_LR,
        STANDARDIZE,
        CONDITION_NUMBER,
        ADAGRAD,
        RMSPROP,
        COME_TO_REST,
    ),
    written=(Written("adaptive_learning_rates_why", points=2),),
)
