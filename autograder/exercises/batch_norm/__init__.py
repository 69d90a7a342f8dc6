"""Chapter 07: batch normalisation: moving averages, inference, folding."""

from __future__ import annotations

from autograder.exercises.batch_norm.batch_renorm import BATCH_RENORM
from autograder.exercises.batch_norm.BatchNorm import BATCHNORM
from autograder.exercises.batch_norm.batchnorm_backward import BATCHNORM_BACKWARD
from autograder.exercises.batch_norm.batchnorm_forward import BATCHNORM_FORWARD
from autograder.exercises.batch_norm.batchnorm_inference import BATCHNORM_INFERENCE
from autograder.exercises.batch_norm.dense_norm_backward import DENSE_NORM_BACKWARD
from autograder.exercises.batch_norm.fold_batchnorm import FOLD_BATCHNORM
from autograder.exercises.batch_norm.groupnorm import GROUPNORM
from autograder.exercises.batch_norm.normalize import NORMALIZE
from autograder.exercises.batch_norm.spectral_norm import SPECTRAL_NORM
from autograder.exercises.batch_norm.update_running import UPDATE_RUNNING
from autograder.exercises.batch_norm.weight_norm import WEIGHT_NORM
from autograder.exercises.spec import Chapter, Written

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    name="07_batch_norm",
    title="Batch normalisation, and its family",
    minutes=145,
    exercises=(
        BATCHNORM_FORWARD,
        BATCHNORM_BACKWARD,
        UPDATE_RUNNING,
        BATCHNORM_INFERENCE,
        FOLD_BATCHNORM,
        NORMALIZE,
        GROUPNORM,
        BATCH_RENORM,
        WEIGHT_NORM,
        SPECTRAL_NORM,
        BATCHNORM,
        DENSE_NORM_BACKWARD,
    ),
    written=(Written("batch_norm_why", points=2),),
)
