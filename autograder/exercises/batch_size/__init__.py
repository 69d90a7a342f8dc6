"""Chapter 02: batches, gradient noise, and the learning rate that goes with them."""

from __future__ import annotations

from autograder.exercises.batch_size.batch_gradient import BATCH_GRADIENT
from autograder.exercises.batch_size.epoch_batches import EPOCH_BATCHES
from autograder.exercises.batch_size.gradient_noise import GRADIENT_NOISE
from autograder.exercises.batch_size.logged_sgd import LOGGED_SGD
from autograder.exercises.batch_size.minibatch_variance import MINIBATCH_VARIANCE
from autograder.exercises.batch_size.noise_scale import NOISE_SCALE
from autograder.exercises.batch_size.scale_lr import SCALE_LR
from autograder.exercises.batch_size.sgd_epoch import SGD_EPOCH
from autograder.exercises.batch_size.train import TRAIN
from autograder.exercises.spec import Chapter, Written

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    name="02_batch_size",
    title="Batch size",
    minutes=120,
    exercises=(
        BATCH_GRADIENT,
        EPOCH_BATCHES,
        SGD_EPOCH,
        GRADIENT_NOISE,
        MINIBATCH_VARIANCE,
        SCALE_LR,
        NOISE_SCALE,
        TRAIN,
        LOGGED_SGD,
    ),
    written=(Written("batch_size_why", points=2),),
)
