"""Chapter 01: critical points and the Hessian."""

from __future__ import annotations

from autograder.exercises.critical_points.classify_critical_point import (
    CLASSIFY_CRITICAL_POINT,
)
from autograder.exercises.critical_points.escape_direction import ESCAPE_DIRECTION
from autograder.exercises.critical_points.hessian_vector_product import (
    HESSIAN_VECTOR_PRODUCT,
)
from autograder.exercises.critical_points.minimum_ratio import MINIMUM_RATIO
from autograder.exercises.critical_points.newton_step import NEWTON_STEP
from autograder.exercises.critical_points.numerical_gradient import NUMERICAL_GRADIENT
from autograder.exercises.critical_points.numerical_hessian import NUMERICAL_HESSIAN
from autograder.exercises.critical_points.quadratic_model import QUADRATIC_MODEL
from autograder.exercises.critical_points.saddle_free_descent import SADDLE_FREE_DESCENT
from autograder.exercises.spec import Chapter, Written

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    name="01_critical_points",
    title="Critical points and the Hessian",
    minutes=130,
    exercises=(
        NUMERICAL_GRADIENT,
        QUADRATIC_MODEL,
        NUMERICAL_HESSIAN,
        CLASSIFY_CRITICAL_POINT,
        ESCAPE_DIRECTION,
        MINIMUM_RATIO,
        NEWTON_STEP,
        HESSIAN_VECTOR_PRODUCT,
        SADDLE_FREE_DESCENT,
    ),
    written=(Written("critical_points_why", points=2),),
)
