"""Chapter 06: the variance of initial weights."""

from __future__ import annotations

from autograder.exercises.initialization.dense_forward import DENSE_FORWARD
from autograder.exercises.initialization.fans import FANS
from autograder.exercises.initialization.gradient_norms import GRADIENT_NORMS
from autograder.exercises.initialization.init_network import INIT_NETWORK
from autograder.exercises.initialization.kaiming_normal import KAIMING_NORMAL
from autograder.exercises.initialization.kaiming_uniform import KAIMING_UNIFORM
from autograder.exercises.initialization.predicted_scale import PREDICTED_SCALE
from autograder.exercises.initialization.required_weight_std import REQUIRED_WEIGHT_STD
from autograder.exercises.initialization.uniform_network import UNIFORM_NETWORK
from autograder.exercises.initialization.variance_factor import VARIANCE_FACTOR
from autograder.exercises.initialization.xavier_normal import XAVIER_NORMAL
from autograder.exercises.initialization.xavier_uniform import XAVIER_UNIFORM
from autograder.exercises.spec import Chapter, Written

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    name="06_initialization",
    title="The variance of initial weights",
    minutes=125,
    exercises=(
        DENSE_FORWARD,
        VARIANCE_FACTOR,
        PREDICTED_SCALE,
        REQUIRED_WEIGHT_STD,
        FANS,
        XAVIER_NORMAL,
        XAVIER_UNIFORM,
        KAIMING_NORMAL,
        KAIMING_UNIFORM,
        GRADIENT_NORMS,
        INIT_NETWORK,
        UNIFORM_NETWORK,
    ),
    written=(Written("initialization_why", points=2),),
)
