"""Chapter 00: gradient descent and convexity."""

from __future__ import annotations

from autograder.exercises.gradient_descent.gd_step import GD_STEP
from autograder.exercises.gradient_descent.gradient_descent import GRADIENT_DESCENT
from autograder.exercises.gradient_descent.jensen_gap import JENSEN_GAP
from autograder.exercises.gradient_descent.largest_stable_lr import LARGEST_STABLE_LR
from autograder.exercises.gradient_descent.ridge_descent import RIDGE_DESCENT
from autograder.exercises.gradient_descent.violates_convexity import VIOLATES_CONVEXITY
from autograder.exercises.spec import Chapter, Written

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    name="00_gradient_descent",
    title="Gradient descent",
    minutes=80,
    exercises=(
        GD_STEP,
        GRADIENT_DESCENT,
        LARGEST_STABLE_LR,
        VIOLATES_CONVEXITY,
        JENSEN_GAP,
        RIDGE_DESCENT,
    ),
    written=(Written("gradient_descent_why", points=2),),
)
