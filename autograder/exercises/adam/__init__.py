"""Chapter 05: Adam and bias correction."""

from __future__ import annotations

from autograder.exercises.adam.Adam import ADAM
from autograder.exercises.adam.adam_step import ADAM_STEP
from autograder.exercises.adam.adam_suspect import ADAM_SUSPECT
from autograder.exercises.adam.adamw_step import ADAMW_STEP
from autograder.exercises.adam.amsgrad_step import AMSGRAD_STEP
from autograder.exercises.adam.correct_bias import CORRECT_BIAS
from autograder.exercises.adam.descend import DESCEND
from autograder.exercises.adam.folded_adam_step import FOLDED_ADAM_STEP
from autograder.exercises.adam.folded_epsilon import FOLDED_EPSILON
from autograder.exercises.adam.startup_ratio import STARTUP_RATIO
from autograder.exercises.adam.update_moments import UPDATE_MOMENTS
from autograder.exercises.adam.warmed_up_adam import WARMED_UP_ADAM
from autograder.exercises.spec import Chapter, Written

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    name="05_adam",
    title="Adam and bias correction",
    minutes=150,
    exercises=(
        UPDATE_MOMENTS,
        CORRECT_BIAS,
        ADAM_STEP,
        STARTUP_RATIO,
        FOLDED_ADAM_STEP,
        FOLDED_EPSILON,
        ADAMW_STEP,
        AMSGRAD_STEP,
        ADAM,
        WARMED_UP_ADAM,
        ADAM_SUSPECT,
        DESCEND,
    ),
    written=(Written("adam_why", points=2),),
)
