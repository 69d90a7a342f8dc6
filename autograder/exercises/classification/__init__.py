"""Chapter 08: the capstone, judged by what it has learned, and the chapter."""

from __future__ import annotations

from autograder.exercises.classification.cross_entropy import CROSS_ENTROPY
from autograder.exercises.classification.cross_entropy_grad import CROSS_ENTROPY_GRAD
from autograder.exercises.classification.fit import FIT
from autograder.exercises.classification.mlp_loss_and_grads import MLP_LOSS_AND_GRADS
from autograder.exercises.classification.one_hot import ONE_HOT
from autograder.exercises.classification.softmax import SOFTMAX
from autograder.exercises.classification.squared_error_grad import SQUARED_ERROR_GRAD
from autograder.exercises.classification.train_and_keep import TRAIN_AND_KEEP
from autograder.exercises.classification.train_classifier import TRAIN_CLASSIFIER
from autograder.exercises.spec import Chapter, Written

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    name="08_classification",
    title="Classification",
    minutes=130,
    exercises=(
        ONE_HOT,
        SOFTMAX,
        CROSS_ENTROPY,
        CROSS_ENTROPY_GRAD,
        SQUARED_ERROR_GRAD,
        MLP_LOSS_AND_GRADS,
        FIT,
        TRAIN_AND_KEEP,
        TRAIN_CLASSIFIER,
    ),
    written=(Written("classification_why", points=2),),
)
