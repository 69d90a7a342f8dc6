"""Chapter 07: batch normalisation: moving averages, inference, folding.

The two passes are in `batch_norm_passes`, the family in `normalization_family`.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm_passes import (
    BATCHNORM_BACKWARD,
    BATCHNORM_FORWARD,
    CENTRED,
    batch,
    scales,
)
from autograder.exercises.drawing import between, signed
from autograder.exercises.normalization_family import (
    BATCH_RENORM,
    GROUPNORM,
    NORMALIZE,
    SPECTRAL_NORM,
    WEIGHT_NORM,
)
from autograder.exercises.spec import Chapter, Exercise, Misconception, Written
from autograder.kernels import batch_norm as kernels

__all__ = ["CHAPTER"]

NOT_IN_PLACE = (
    "Whoever called the function still holds the old array and finds it changed. "
    "Write `a = a + b` instead of `a += b`: it makes a new array."
)


# --- update_running ---------------------------------------------------------


def draw_update_running(rng):
    yield (
        "four examples with means 4 and 1, a quarter for the new batch",
        {
            "running_mean": np.array([8.0, 5.0]),
            "running_var": np.array([1.0, 2.0]),
            "x": np.array([[1.0, -2.0], [5.0, 1.0], [5.0, 4.0], [5.0, 1.0]]),
            "momentum": 0.25,
        },
    )
    mean, var = np.zeros(3), np.ones(3)
    momentum = between(rng, 0.2, 0.4)
    for step in ("first batch, from 0 and 1", "second batch"):
        x = batch(rng, (6, 3))
        arguments = {"running_mean": mean, "running_var": var, "x": x}
        yield step, {**arguments, "momentum": momentum}
        mean, var = kernels.update_running(**arguments, momentum=momentum)
    yield (
        "the momentum that is not said, and fewer examples than features",
        {
            "running_mean": signed(rng, (7,)),
            "running_var": np.abs(signed(rng, (7,))),
            "x": batch(rng, (4, 7)),
        },
    )
    yield (
        "a batch of two, and a momentum above one half",
        {
            "running_mean": signed(rng, (5,)),
            "running_var": np.abs(signed(rng, (5,))),
            "x": batch(rng, (2, 5)),
            "momentum": between(rng, 0.6, 0.9),
        },
    )


def moved_towards_the_batch(running_mean, running_var, x, momentum=0.1):
    mean = running_mean + momentum * (x.mean(axis=0) - running_mean)
    var = running_var + momentum * (x.var(axis=0, ddof=1) - running_var)
    return mean, var


def corrected_by_hand(running_mean, running_var, x, momentum=0.1):
    n = len(x)
    keep = 1 - momentum
    batch_var = np.mean((x - x.mean(axis=0)) ** 2, axis=0) * n / (n - 1)
    mean = keep * running_mean + momentum / n * np.sum(x, axis=0)
    return mean, keep * running_var + momentum * batch_var


def weights_swapped(running_mean, running_var, x, momentum=0.1):
    mean = momentum * running_mean + (1 - momentum) * x.mean(axis=0)
    var = momentum * running_var + (1 - momentum) * x.var(axis=0, ddof=1)
    return mean, var


def biased_variance(running_mean, running_var, x, momentum=0.1):
    mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    var = (1 - momentum) * running_var + momentum * x.var(axis=0)
    return mean, var


def swapped_and_biased(running_mean, running_var, x, momentum=0.1):
    mean = momentum * running_mean + (1 - momentum) * x.mean(axis=0)
    var = momentum * running_var + (1 - momentum) * x.var(axis=0)
    return mean, var


def deviation_for_variance(running_mean, running_var, x, momentum=0.1):
    mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    var = (1 - momentum) * running_var + momentum * x.std(axis=0, ddof=1)
    return mean, var


def biased_deviation(running_mean, running_var, x, momentum=0.1):
    mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    var = (1 - momentum) * running_var + momentum * x.std(axis=0)
    return mean, var


def cumulative(running_mean, running_var, x, momentum=0.1):
    mean = running_mean + momentum * x.mean(axis=0)
    return mean, running_var + momentum * x.var(axis=0, ddof=1)


def batch_alone(running_mean, running_var, x, momentum=0.1):
    return x.mean(axis=0), x.var(axis=0, ddof=1)


def halfway(running_mean, running_var, x, momentum=0.1):
    mean = (running_mean + x.mean(axis=0)) / 2
    return mean, (running_var + x.var(axis=0, ddof=1)) / 2


def only_the_mean(running_mean, running_var, x, momentum=0.1):
    return (1 - momentum) * running_mean + momentum * x.mean(axis=0), running_var


def mean_divides_by_n_minus_one(running_mean, running_var, x, momentum=0.1):
    batch_mean = np.sum(x, axis=0) / (len(x) - 1)
    mean = (1 - momentum) * running_mean + momentum * batch_mean
    var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return mean, var


def correction_upside_down(running_mean, running_var, x, momentum=0.1):
    n = len(x)
    mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    var = (1 - momentum) * running_var + momentum * x.var(axis=0) * (n - 1) / n
    return mean, var


def around_the_new_average(running_mean, running_var, x, momentum=0.1):
    mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    squares = np.sum((x - mean) ** 2, axis=0) / (len(x) - 1)
    return mean, (1 - momentum) * running_var + momentum * squares


def mean_of_squares(running_mean, running_var, x, momentum=0.1):
    mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    var = (1 - momentum) * running_var + momentum * np.mean(x**2, axis=0)
    return mean, var


def variance_first(running_mean, running_var, x, momentum=0.1):
    mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return var, mean


def averages_in_place(running_mean, running_var, x, momentum=0.1):
    running_mean *= 1 - momentum
    running_mean += momentum * x.mean(axis=0)
    running_var *= 1 - momentum
    running_var += momentum * x.var(axis=0, ddof=1)
    return running_mean, running_var


UPDATE_RUNNING = Exercise(
    name="update_running",
    points=2,
    reference=kernels.update_running,
    returns=("running_mean", "running_var"),
    draw=draw_update_running,
    tolerance=CENTRED,
    equivalents=(moved_towards_the_batch, corrected_by_hand),
    misconceptions=(
        Misconception(
            "weights_swapped",
            weights_swapped,
            "TensorFlow's convention, with the two weights swapped",
            "Here, as in PyTorch, `momentum` is the weight of the new batch; the "
            "average keeps `1 - momentum`.",
        ),
        Misconception(
            "biased_variance",
            biased_variance,
            "a running variance whose batches divide by n",
            "The average estimates the variance of all data, so each batch's variance "
            "divides by n - 1: `ddof=1`. Only the forward pass divides by n.",
        ),
        Misconception(
            "swapped_and_biased",
            swapped_and_biased,
            "the two weights swapped and a variance that divides by n",
            "Two conventions differ: here `momentum` is the weight of the new batch, "
            "and the batch's variance divides by n - 1.",
        ),
        Misconception(
            "deviation_for_variance",
            deviation_for_variance,
            "a running average of the standard deviation",
            "What is averaged is the variance: no root here.",
        ),
        Misconception(
            "biased_deviation",
            biased_deviation,
            "a running average of the standard deviation that divides by n",
            "What is averaged is the variance: no root, and n - 1 below.",
        ),
        Misconception(
            "cumulative",
            cumulative,
            "a sum that forgets nothing",
            "In an average the weights add up to 1: multiply the old one by "
            "`1 - momentum`.",
        ),
        Misconception(
            "batch_alone",
            batch_alone,
            "the last batch's statistics",
            "The old averages are thrown away. They keep the weight `1 - momentum`.",
        ),
        Misconception(
            "halfway",
            halfway,
            "a plain mean of the old average and the batch",
            "`momentum` says how much the new batch weighs.",
        ),
        Misconception(
            "only_the_mean",
            only_the_mean,
            "a variance that is never updated",
            "Both averages move; inference needs them both.",
        ),
        Misconception(
            "mean_divides_by_n_minus_one",
            mean_divides_by_n_minus_one,
            "a mean that divides by n - 1",
            "The n - 1 belongs to the variance only, because the mean that it uses is "
            "fitted to the same batch.",
        ),
        Misconception(
            "correction_upside_down",
            correction_upside_down,
            "a correction turned upside down",
            "Dividing by n makes the variance too small. Multiply by n / (n - 1), "
            "which is above 1.",
        ),
        Misconception(
            "around_the_new_average",
            around_the_new_average,
            "squared distances from the running mean",
            "A batch's variance is taken around the mean of that batch.",
        ),
        Misconception(
            "mean_of_squares",
            mean_of_squares,
            "a mean of squares in the place of the variance",
            "Subtract the batch's mean before you square.",
        ),
        Misconception(
            "variance_first",
            variance_first,
            "the two results in the wrong order",
            "Return the mean first and the variance second.",
        ),
        Misconception(
            "averages_in_place",
            averages_in_place,
            "an update of the running averages in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        (
            "With a `momentum` of 0.1, which weighs more: what you knew, or the "
            "batch that you have just seen?"
        ),
        (
            "Two averages, one line each. The batch's variance stands for that of "
            "all data: by which number does it divide?"
        ),
        (
            "`(1 - momentum) * running_mean + momentum * x.mean(axis=0)`, and the "
            "same for the variance with `x.var(axis=0, ddof=1)`."
        ),
    ),
    read="section 4, equation (7.4)",
    lines=2,
    level=1,
    harmless={
        "moved: var = (1 - momentum) * running_var + "
        "momentum * x.var(axis=0, ddof=1)": (
            "the two averages do not depend on each other"
        ),
    },
)


# --- batchnorm_inference ----------------------------------------------------


def draw_batchnorm_inference(rng):
    yield (
        "one example, running variances 3 and 8, with eps = 1 the roots of 4 and 9",
        {
            "x": np.array([[6.0, -2.0]]),
            "gamma": np.array([2.0, 3.0]),
            "beta": np.array([1.0, -1.0]),
            "running_mean": np.array([4.0, 1.0]),
            "running_var": np.array([3.0, 8.0]),
            "eps": 1.0,
        },
    )
    shapes = {
        "six examples of three features": ((6, 3), {"eps": 1e-3}),
        "small running variances, and a large eps": ((5, 4), {"eps": 1e-2}),
        "the eps that is not said": ((4, 7), {}),
        "many examples, and an eps of a variance's size": (
            (9, 2),
            {"eps": between(rng, 0.1, 0.5)},
        ),
    }
    for label, (shape, eps) in shapes.items():
        d = shape[1]
        small = 0.01 if "small" in label else 1e-4 if not eps else 1.0
        yield (
            label,
            {
                "x": batch(rng, shape),
                "gamma": scales(rng, d),
                "beta": signed(rng, (d,)),
                "running_mean": signed(rng, (d,)),
                "running_var": np.round(small * rng.uniform(0.5, 2.0, d), 6),
                **eps,
            },
        )


def inference_as_scale_and_shift(x, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return scale * x + (beta - scale * running_mean)


def inference_by_power(x, gamma, beta, running_mean, running_var, eps=1e-5):
    x_hat = (x - running_mean) * (running_var + eps) ** -0.5
    return np.add(np.multiply(x_hat, gamma), beta)


def batch_statistics(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


def batch_mean_only(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(running_var + eps) + beta


def batch_variance_only(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_mean) / np.sqrt(x.var(axis=0) + eps) + beta


def inference_eps_outside(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_mean) / (np.sqrt(running_var) + eps) + beta


def inference_eps_missing(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_mean) / np.sqrt(running_var) + beta


def inference_no_root(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_mean) / (running_var + eps) + beta


def inference_not_divided(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_mean) + beta


def inference_not_centred(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * x / np.sqrt(running_var + eps) + beta


def mean_added(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x + running_mean) / np.sqrt(running_var + eps) + beta


def inference_no_scale(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return (x - running_mean) / np.sqrt(running_var + eps) + beta


def inference_no_shift(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_mean) / np.sqrt(running_var + eps)


def inference_plain(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return (x - running_mean) / np.sqrt(running_var + eps)


def inference_swapped(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return beta * (x - running_mean) / np.sqrt(running_var + eps) + gamma


def normalised_again(x, gamma, beta, running_mean, running_var, eps=1e-5):
    x = (x - running_mean) / np.sqrt(running_var + eps)
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


def inference_in_place(x, gamma, beta, running_mean, running_var, eps=1e-5):
    x -= running_mean
    x /= np.sqrt(running_var + eps)
    return gamma * x + beta


BATCHNORM_INFERENCE = Exercise(
    name="batchnorm_inference",
    points=1,
    reference=kernels.batchnorm_inference,
    returns=("out",),
    draw=draw_batchnorm_inference,
    tolerance=CENTRED,
    equivalents=(inference_as_scale_and_shift, inference_by_power),
    misconceptions=(
        Misconception(
            "batch_statistics",
            batch_statistics,
            "the training pass, with the batch's own statistics",
            "At inference an example's output must not depend on the others beside "
            "it: use `running_mean` and `running_var`.",
        ),
        Misconception(
            "batch_mean_only",
            batch_mean_only,
            "the batch's mean beside the running variance",
            "Both statistics are the running ones.",
        ),
        Misconception(
            "batch_variance_only",
            batch_variance_only,
            "the batch's variance beside the running mean",
            "Both statistics are the running ones.",
        ),
        Misconception(
            "inference_eps_outside",
            inference_eps_outside,
            "an `eps` outside the root",
            "`eps` is added to the variance, under the root, as in training.",
        ),
        Misconception(
            "inference_eps_missing",
            inference_eps_missing,
            "inference without `eps`",
            "The weights behind this layer learned from outputs with `eps` under the "
            "root, so it stays there.",
        ),
        Misconception(
            "inference_no_root",
            inference_no_root,
            "a running variance that is taken for a standard deviation",
            "Take the root of `running_var + eps`.",
        ),
        Misconception(
            "inference_not_divided",
            inference_not_divided,
            "an output that is not divided by the deviation",
            "Divide by `sqrt(running_var + eps)`.",
        ),
        Misconception(
            "inference_not_centred",
            inference_not_centred,
            "an output from which no mean was subtracted",
            "Subtract `running_mean` first.",
        ),
        Misconception(
            "mean_added",
            mean_added,
            "the running mean added instead of subtracted",
            "The mean is taken away, as in training.",
        ),
        Misconception(
            "inference_no_scale",
            inference_no_scale,
            "an output without `gamma`",
            "`gamma` multiplies at inference as it does in training.",
        ),
        Misconception(
            "inference_no_shift",
            inference_no_shift,
            "an output without `beta`",
            "`beta` is added at inference as it is in training.",
        ),
        Misconception(
            "inference_plain",
            inference_plain,
            "an output without `gamma` and `beta`",
            "Both were learned, and both act at inference too.",
        ),
        Misconception(
            "inference_swapped",
            inference_swapped,
            "`gamma` and `beta` in each other's place",
            "`gamma` multiplies, `beta` is added.",
        ),
        Misconception(
            "normalised_again",
            normalised_again,
            "a batch normalised by the running statistics and then by its own",
            "Once is enough: the running statistics stand in for the batch's own.",
        ),
        Misconception(
            "inference_in_place",
            inference_in_place,
            "a normalisation of `x` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "How should the answer for one image change when another one is put beside it?",
        "It is the forward pass with other numbers for two of its quantities.",
        "`return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta`.",
    ),
    read="section 4, equation (7.5)",
    lines=1,
    level=1,
)


# --- fold_batchnorm ---------------------------------------------------------


def draw_fold_batchnorm(rng):
    yield (
        "two inputs, two units, running variances 3 and 8, eps = 1",
        {
            "W": np.array([[1.0, 2.0], [3.0, -1.0]]),
            "b": np.array([6.0, -2.0]),
            "gamma": np.array([2.0, 6.0]),
            "beta": np.array([1.0, -1.0]),
            "running_mean": np.array([4.0, 1.0]),
            "running_var": np.array([3.0, 8.0]),
            "eps": 1.0,
        },
    )
    shapes = {
        "five inputs and three units": ((5, 3), {"eps": 1e-3}),
        "small running variances, and a large eps": ((2, 4), {"eps": 1e-2}),
        "the eps that is not said": ((6, 2), {}),
        "more units than inputs, and an eps of a variance's size": (
            (3, 7),
            {"eps": between(rng, 0.1, 0.5)},
        ),
    }
    for label, (shape, eps) in shapes.items():
        d = shape[1]
        small = 0.01 if "small" in label else 1e-4 if not eps else 1.0
        yield (
            label,
            {
                "W": signed(rng, shape),
                "b": signed(rng, (d,)),
                "gamma": scales(rng, d),
                "beta": signed(rng, (d,)),
                "running_mean": signed(rng, (d,)),
                "running_var": np.round(small * rng.uniform(0.5, 2.0, d), 6),
                **eps,
            },
        )


def folded_by_a_diagonal(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    diagonal = np.diag(gamma / np.sqrt(running_var + eps))
    return W @ diagonal, beta + diagonal @ (b - running_mean)


def folded_by_trying(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    inputs = np.vstack([np.zeros(len(W)), np.eye(len(W))])
    z = inputs @ W + b
    out = gamma * (z - running_mean) / np.sqrt(running_var + eps) + beta
    return out[1:] - out[0], out[0]


def bias_not_scaled(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, b - running_mean * scale + beta


def mean_not_scaled(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, b * scale - running_mean + beta


def bias_shift_not_scaled(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, b - running_mean + beta


def bias_dropped(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, beta - running_mean * scale


def mean_dropped(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, b * scale + beta


def beta_dropped(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, (b - running_mean) * scale


def beta_scaled(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, (b - running_mean + beta) * scale


def folded_mean_added(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, (b + running_mean) * scale + beta


def weights_not_scaled(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W, (b - running_mean) * scale + beta


def gamma_dropped(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = 1 / np.sqrt(running_var + eps)
    return W * scale, (b - running_mean) * scale + beta


def folded_no_root(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / (running_var + eps)
    return W * scale, (b - running_mean) * scale + beta


def folded_eps_outside(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / (np.sqrt(running_var) + eps)
    return W * scale, (b - running_mean) * scale + beta


def folded_eps_missing(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var)
    return W * scale, (b - running_mean) * scale + beta


def folded_in_place(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    W *= scale
    return W, (b - running_mean) * scale + beta


FOLD_BATCHNORM = Exercise(
    name="fold_batchnorm",
    points=2,
    bonus=True,
    reference=kernels.fold_batchnorm,
    returns=("W", "b"),
    draw=draw_fold_batchnorm,
    tolerance=CENTRED,
    equivalents=(folded_by_a_diagonal, folded_by_trying),
    misconceptions=(
        Misconception(
            "bias_not_scaled",
            bias_not_scaled,
            "a bias that is not scaled",
            "The normalisation scales all that the layer gives, its bias as well.",
        ),
        Misconception(
            "mean_not_scaled",
            mean_not_scaled,
            "a running mean that is not scaled",
            "The mean is subtracted before the division, so the scale acts on it too.",
        ),
        Misconception(
            "bias_shift_not_scaled",
            bias_shift_not_scaled,
            "a bias and a mean that are not scaled",
            "`b - running_mean` is divided and multiplied by `gamma`, like the rest.",
        ),
        Misconception(
            "bias_dropped",
            bias_dropped,
            "a folded layer that has lost its old bias",
            "In training the batch's mean swallows the bias. Here the mean is a fixed "
            "number, and the bias is still there.",
        ),
        Misconception(
            "mean_dropped",
            mean_dropped,
            "a folded layer without the running mean",
            "Subtract `running_mean` from the bias before it is scaled.",
        ),
        Misconception(
            "beta_dropped",
            beta_dropped,
            "a folded layer without `beta`",
            "`beta` is added at the end and becomes part of the bias.",
        ),
        Misconception(
            "beta_scaled",
            beta_scaled,
            "a `beta` that is scaled",
            "`beta` is added after the scale. Look at your parentheses.",
        ),
        Misconception(
            "folded_mean_added",
            folded_mean_added,
            "the running mean added instead of subtracted",
            "The normalisation takes the mean away.",
        ),
        Misconception(
            "weights_not_scaled",
            weights_not_scaled,
            "weights that are not scaled",
            "Each unit's weights, a column of `W`, are multiplied by its scale.",
        ),
        Misconception(
            "gamma_dropped",
            gamma_dropped,
            "a folded layer without `gamma`",
            "The scale is `gamma / sqrt(running_var + eps)`.",
        ),
        Misconception(
            "folded_no_root",
            folded_no_root,
            "a division by the variance instead of its root",
            "The scale is `gamma / sqrt(running_var + eps)`.",
        ),
        Misconception(
            "folded_eps_outside",
            folded_eps_outside,
            "an `eps` outside the root",
            "`eps` is added to the variance, under the root.",
        ),
        Misconception(
            "folded_eps_missing",
            folded_eps_missing,
            "a folded layer without `eps`",
            "The layer that it replaces has `eps` under the root.",
        ),
        Misconception(
            "folded_in_place",
            folded_in_place,
            "an update of `W` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "Dense, then normalised: what does each of the two do to its input, in a line?",
        (
            "Put the first line into the second and sort: what multiplies `x`, and "
            "what is left without `x`?"
        ),
        (
            "`scale = gamma / np.sqrt(running_var + eps)`; `return W * scale, (b - "
            "running_mean) * scale + beta`."
        ),
    ),
    read="section 4, equation (7.6)",
    lines=2,
    level=2,
)


CHAPTER = Chapter(
    name="07_batch_norm",
    title="Batch normalisation, and its family",
    minutes=120,
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
    ),
    written=(Written("batch_norm_why", points=2),),
)
