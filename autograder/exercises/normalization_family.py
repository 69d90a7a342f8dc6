"""Chapter 07: the family of batch normalisation, by axes and on weights.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm_passes import CENTRED, batch, scales
from autograder.exercises.drawing import between, signed
from autograder.exercises.spec import Exercise, Misconception, Tolerance
from autograder.kernels import batch_norm as kernels

__all__ = [
    "BATCH_RENORM",
    "GROUPNORM",
    "NORMALIZE",
    "SPECTRAL_NORM",
    "WEIGHT_NORM",
]

NOT_IN_PLACE = (
    "Whoever called the function still holds the old array and finds it changed. "
    "Write `a = a - b` instead of `a -= b`: it makes a new array."
)


# --- normalize --------------------------------------------------------------


def draw_normalize(rng):
    yield (
        "two examples, one image of 1 by 4 each, and eps = 1",
        {
            "x": np.array([[[[-1.0, 3.0, 3.0, 3.0]]], [[[-3.0, 1.0, 5.0, 1.0]]]]),
            "axes": (2, 3),
            "eps": 1.0,
        },
    )
    kinds = {
        "over the batch and the image: batch normalisation": ((0, 2, 3), 1e-3),
        "over channels and the image: layer normalisation": ((1, 2, 3), 0.2),
        "over the image: instance normalisation": ((2, 3), 1e-2),
    }
    shapes = ((4, 3, 2, 5), (5, 2, 4, 3), (4, 3, 5, 2))
    for (label, (axes, eps)), shape in zip(kinds.items(), shapes, strict=True):
        x = batch(rng, shape, spread=0.2 if eps == 1e-2 else 1.0)
        yield label, {"x": x, "axes": axes, "eps": eps}
    yield (
        "over channels alone, and the eps that is not said",
        {"x": batch(rng, (4, 5, 2, 3), spread=0.01, center=0.01), "axes": (1,)},
    )
    yield (
        "over the batch and the height",
        {
            "x": batch(rng, (5, 2, 3, 4)),
            "axes": (0, 2),
            "eps": between(rng, 0.1, 0.5),
        },
    )


def normalize_by_squares(x, axes, eps=1e-5):
    n = np.prod([x.shape[axis] for axis in axes])
    centered = x - np.sum(x, axis=axes, keepdims=True) / n
    var = np.sum(centered**2, axis=axes, keepdims=True) / n
    return centered * (var + eps) ** -0.5


def normalize_with_axes_last(x, axes, eps=1e-5):
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(x, axes, last)
    flat = moved.reshape(*moved.shape[: x.ndim - len(axes)], -1)
    mean, var = flat.mean(axis=-1)[..., None], flat.var(axis=-1)[..., None]
    flat = (flat - mean) / np.sqrt(var + eps)
    return np.moveaxis(flat.reshape(moved.shape), last, axes)


def other_axes(x, axes, eps=1e-5):
    rest = tuple(axis for axis in range(x.ndim) if axis not in axes)
    mean, var = x.mean(axis=rest, keepdims=True), x.var(axis=rest, keepdims=True)
    return (x - mean) / np.sqrt(var + eps)


def always_batch(x, axes, eps=1e-5):
    mean = x.mean(axis=(0, 2, 3), keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=(0, 2, 3), keepdims=True) + eps)


def always_layer(x, axes, eps=1e-5):
    mean = x.mean(axis=(1, 2, 3), keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=(1, 2, 3), keepdims=True) + eps)


def always_instance(x, axes, eps=1e-5):
    mean = x.mean(axis=(2, 3), keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=(2, 3), keepdims=True) + eps)


def all_axes(x, axes, eps=1e-5):
    return (x - x.mean()) / np.sqrt(x.var() + eps)


def first_axis_only(x, axes, eps=1e-5):
    mean = x.mean(axis=axes[0], keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=axes[0], keepdims=True) + eps)


def last_axis_only(x, axes, eps=1e-5):
    mean = x.mean(axis=axes[-1], keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=axes[-1], keepdims=True) + eps)


def axis_after_axis(x, axes, eps=1e-5):
    for axis in axes:
        mean = x.mean(axis=axis, keepdims=True)
        x = (x - mean) / np.sqrt(x.var(axis=axis, keepdims=True) + eps)
    return x


def family_sample_variance(x, axes, eps=1e-5):
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axes, ddof=1, keepdims=True)
    return (x - mean) / np.sqrt(var + eps)


def family_eps_outside(x, axes, eps=1e-5):
    mean, std = x.mean(axis=axes, keepdims=True), x.std(axis=axes, keepdims=True)
    return (x - mean) / (std + eps)


def family_eps_missing(x, axes, eps=1e-5):
    mean, std = x.mean(axis=axes, keepdims=True), x.std(axis=axes, keepdims=True)
    return (x - mean) / std


def family_no_root(x, axes, eps=1e-5):
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return (x - mean) / (var + eps)


def family_not_centred(x, axes, eps=1e-5):
    return x / np.sqrt(x.var(axis=axes, keepdims=True) + eps)


def root_mean_square(x, axes, eps=1e-5):
    return x / np.sqrt(np.mean(x**2, axis=axes, keepdims=True) + eps)


def only_shifted(x, axes, eps=1e-5):
    return x - x.mean(axis=axes, keepdims=True)


def family_in_place(x, axes, eps=1e-5):
    std = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    x -= x.mean(axis=axes, keepdims=True)
    x /= std
    return x


NORMALIZE = Exercise(
    name="normalize",
    points=2,
    reference=kernels.normalize,
    returns=("out",),
    draw=draw_normalize,
    tolerance=CENTRED,
    equivalents=(normalize_by_squares, normalize_with_axes_last),
    misconceptions=(
        Misconception(
            "other_axes",
            other_axes,
            "averages over the axes that are not in `axes`",
            "`axes` are those to average over, the ones that disappear in a mean.",
        ),
        Misconception(
            "always_batch",
            always_batch,
            "batch normalisation, whatever `axes` says",
            "Average over `axes`; the kind of normalisation is the caller's choice.",
        ),
        Misconception(
            "always_layer",
            always_layer,
            "layer normalisation, whatever `axes` says",
            "Average over `axes`; the kind of normalisation is the caller's choice.",
        ),
        Misconception(
            "always_instance",
            always_instance,
            "instance normalisation, whatever `axes` says",
            "Average over `axes`; the kind of normalisation is the caller's choice.",
        ),
        Misconception(
            "all_axes",
            all_axes,
            "one mean and one variance for the whole array",
            "Pass `axis=axes` to the mean and to the variance.",
        ),
        Misconception(
            "first_axis_only",
            first_axis_only,
            "averages over the first of the axes only",
            "NumPy takes a tuple: `x.mean(axis=axes, keepdims=True)`.",
        ),
        Misconception(
            "last_axis_only",
            last_axis_only,
            "averages over the last of the axes only",
            "NumPy takes a tuple: `x.mean(axis=axes, keepdims=True)`.",
        ),
        Misconception(
            "axis_after_axis",
            axis_after_axis,
            "a normalisation along one axis after the other",
            "There is one mean and one variance over all of `axes` together.",
        ),
        Misconception(
            "family_sample_variance",
            family_sample_variance,
            "a variance that divides by n - 1",
            "It divides by the number of entries averaged over: leave `ddof` at 0.",
        ),
        Misconception(
            "family_eps_outside",
            family_eps_outside,
            "an `eps` outside the root",
            "`eps` is added to the variance, under the root.",
        ),
        Misconception(
            "family_eps_missing",
            family_eps_missing,
            "normalisation without `eps`",
            "Add `eps` to the variance, under the root.",
        ),
        Misconception(
            "family_no_root",
            family_no_root,
            "a division by the variance instead of its root",
            "Divide by `sqrt(var + eps)`.",
        ),
        Misconception(
            "family_not_centred",
            family_not_centred,
            "an array from which no mean was subtracted",
            "Subtract the mean before you divide.",
        ),
        Misconception(
            "root_mean_square",
            root_mean_square,
            "root-mean-square normalisation",
            "That is a member of the family too, without a mean. Here the mean is "
            "subtracted, and the variance is taken around it.",
        ),
        Misconception(
            "only_shifted",
            only_shifted,
            "an array that was centred and not divided",
            "Divide by `sqrt(var + eps)`.",
        ),
        Misconception(
            "family_in_place",
            family_in_place,
            "a normalisation of `x` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "Which axes disappear when you take the mean, and which are left?",
        (
            "A mean over some axes must still line up with `x` when it is "
            "subtracted. Which argument of NumPy's `mean` keeps the averaged axes, "
            "with length 1?"
        ),
        (
            "`mean = x.mean(axis=axes, keepdims=True)`, `var` likewise, then `return "
            "(x - mean) / np.sqrt(var + eps)`."
        ),
    ),
    read="section 6, equation (7.7)",
    lines=3,
    level=2,
    harmless={
        "moved: var = x.var(axis=axes, keepdims=True)": (
            "mean and variance do not depend on each other here"
        ),
    },
)


# --- groupnorm --------------------------------------------------------------


def draw_groupnorm(rng):
    yield (
        "one example of four channels in two groups, one pixel high, eps = 1",
        {
            "x": np.array([[[[-1, 3]], [[3, 3]], [[-3, 1]], [[5, 1]]]], dtype=float),
            "n_groups": 2,
            "eps": 1.0,
        },
    )
    yield (
        "six channels in two groups",
        {"x": batch(rng, (4, 6, 2, 5)), "n_groups": 2, "eps": 1e-3},
    )
    yield (
        "six channels in three groups, that vary little, and a large eps",
        {
            "x": batch(rng, (5, 6, 3, 2), spread=0.1, center=0.1),
            "n_groups": 3,
            "eps": 1e-2,
        },
    )
    yield (
        "eight channels in two groups, and the eps that is not said",
        {"x": batch(rng, (4, 8, 3, 2), spread=0.01, center=0.01), "n_groups": 2},
    )
    yield (
        "nine channels in three groups",
        {
            "x": batch(rng, (4, 9, 2, 4)),
            "n_groups": 3,
            "eps": between(rng, 0.1, 0.5),
        },
    )
    yield (
        "three channels do not make two groups",
        {"x": batch(rng, (2, 3, 1, 4)), "n_groups": 2, "eps": 1e-3},
    )


def groups_as_an_axis(x, n_groups, eps=1e-5):
    n, c, h, w = x.shape
    groups = x.reshape(n, n_groups, c // n_groups, h, w)
    mean = groups.mean(axis=(2, 3, 4), keepdims=True)
    var = groups.var(axis=(2, 3, 4), keepdims=True)
    return ((groups - mean) / np.sqrt(var + eps)).reshape(n, c, h, w)


def group_after_group(x, n_groups, eps=1e-5):
    size, rest = divmod(x.shape[1], n_groups)
    if rest != 0:
        raise ValueError("the channels do not divide")
    out = np.empty_like(x)
    for i in range(len(x)):
        for first in range(0, x.shape[1], size):
            part = x[i, first : first + size]
            part = (part - part.mean()) / np.sqrt(part.var() + eps)
            out[i, first : first + size] = part
    return out


def groups_by_split(x, n_groups, eps=1e-5):
    parts = np.split(x, n_groups, axis=1)
    done = []
    for part in parts:
        mean = part.mean(axis=(1, 2, 3), keepdims=True)
        var = part.var(axis=(1, 2, 3), keepdims=True)
        done.append((part - mean) / np.sqrt(var + eps))
    return np.concatenate(done, axis=1)


def interleaved_groups(x, n_groups, eps=1e-5):
    n, c, h, w = x.shape
    groups = x.reshape(n, c // n_groups, n_groups, h, w)
    mean = groups.mean(axis=(1, 3, 4), keepdims=True)
    var = groups.var(axis=(1, 3, 4), keepdims=True)
    return ((groups - mean) / np.sqrt(var + eps)).reshape(n, c, h, w)


def groups_of_pixels(x, n_groups, eps=1e-5):
    n, c, h, w = x.shape
    if c % n_groups:
        raise ValueError("not a multiple")
    groups = x.transpose(0, 2, 3, 1).reshape(n, n_groups, -1)
    mean, var = groups.mean(axis=2, keepdims=True), groups.var(axis=2, keepdims=True)
    out = (groups - mean) / np.sqrt(var + eps)
    return out.reshape(n, h, w, c).transpose(0, 3, 1, 2)


def one_group(x, n_groups, eps=1e-5):
    if x.shape[1] % n_groups:
        raise ValueError("not a multiple")
    mean = x.mean(axis=(1, 2, 3), keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=(1, 2, 3), keepdims=True) + eps)


def channel_by_channel(x, n_groups, eps=1e-5):
    if x.shape[1] % n_groups:
        raise ValueError("not a multiple")
    mean = x.mean(axis=(2, 3), keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=(2, 3), keepdims=True) + eps)


def groups_over_the_batch(x, n_groups, eps=1e-5):
    n, c, h, w = x.shape
    groups = x.reshape(n, n_groups, c // n_groups, h, w)
    mean = groups.mean(axis=(0, 2, 3, 4), keepdims=True)
    var = groups.var(axis=(0, 2, 3, 4), keepdims=True)
    return ((groups - mean) / np.sqrt(var + eps)).reshape(n, c, h, w)


def pixel_by_pixel(x, n_groups, eps=1e-5):
    n, c, h, w = x.shape
    groups = x.reshape(n, n_groups, c // n_groups, h, w)
    mean = groups.mean(axis=2, keepdims=True)
    var = groups.var(axis=2, keepdims=True)
    return ((groups - mean) / np.sqrt(var + eps)).reshape(n, c, h, w)


def groups_of_that_size(x, n_groups, eps=1e-5):
    n, c, h, w = x.shape
    if c % n_groups:
        raise ValueError("not a multiple")
    groups = x.reshape(n, c // n_groups, -1)
    mean, var = groups.mean(axis=2, keepdims=True), groups.var(axis=2, keepdims=True)
    return ((groups - mean) / np.sqrt(var + eps)).reshape(n, c, h, w)


def groups_cut_through_channels(x, n_groups, eps=1e-5):
    groups = x.reshape(len(x), n_groups, -1)
    mean, var = groups.mean(axis=2, keepdims=True), groups.var(axis=2, keepdims=True)
    return ((groups - mean) / np.sqrt(var + eps)).reshape(x.shape)


def an_assertion(x, n_groups, eps=1e-5):
    assert x.shape[1] % n_groups == 0
    groups = x.reshape(len(x), n_groups, -1)
    mean, var = groups.mean(axis=2, keepdims=True), groups.var(axis=2, keepdims=True)
    return ((groups - mean) / np.sqrt(var + eps)).reshape(x.shape)


def unequal_groups(x, n_groups, eps=1e-5):
    done = []
    for part in np.array_split(x, n_groups, axis=1):
        mean = part.mean(axis=(1, 2, 3), keepdims=True)
        var = part.var(axis=(1, 2, 3), keepdims=True)
        done.append((part - mean) / np.sqrt(var + eps))
    return np.concatenate(done, axis=1)


def groups_sample_variance(x, n_groups, eps=1e-5):
    if x.shape[1] % n_groups:
        raise ValueError("not a multiple")
    groups = x.reshape(len(x), n_groups, -1)
    mean = groups.mean(axis=2, keepdims=True)
    var = groups.var(axis=2, keepdims=True, ddof=1)
    return ((groups - mean) / np.sqrt(var + eps)).reshape(x.shape)


def groups_eps_outside(x, n_groups, eps=1e-5):
    if x.shape[1] % n_groups:
        raise ValueError("not a multiple")
    groups = x.reshape(len(x), n_groups, -1)
    mean, std = groups.mean(axis=2, keepdims=True), groups.std(axis=2, keepdims=True)
    return ((groups - mean) / (std + eps)).reshape(x.shape)


def groups_eps_missing(x, n_groups, eps=1e-5):
    if x.shape[1] % n_groups:
        raise ValueError("not a multiple")
    groups = x.reshape(len(x), n_groups, -1)
    mean, std = groups.mean(axis=2, keepdims=True), groups.std(axis=2, keepdims=True)
    return ((groups - mean) / std).reshape(x.shape)


def groups_no_root(x, n_groups, eps=1e-5):
    if x.shape[1] % n_groups:
        raise ValueError("not a multiple")
    groups = x.reshape(len(x), n_groups, -1)
    mean, var = groups.mean(axis=2, keepdims=True), groups.var(axis=2, keepdims=True)
    return ((groups - mean) / (var + eps)).reshape(x.shape)


def groups_not_reshaped_back(x, n_groups, eps=1e-5):
    n, c, h, w = x.shape
    groups = x.reshape(n, n_groups, c // n_groups, h, w)
    mean = groups.mean(axis=(2, 3, 4), keepdims=True)
    var = groups.var(axis=(2, 3, 4), keepdims=True)
    return (groups - mean) / np.sqrt(var + eps)


GROUPNORM = Exercise(
    name="groupnorm",
    points=2,
    bonus=True,
    reference=kernels.groupnorm,
    returns=("out",),
    draw=draw_groupnorm,
    tolerance=CENTRED,
    equivalents=(groups_as_an_axis, group_after_group, groups_by_split),
    misconceptions=(
        Misconception(
            "interleaved_groups",
            interleaved_groups,
            "groups of every k-th channel",
            "A group is made of neighbouring channels: in the reshaped array the axis "
            "of groups comes before that of the channels inside a group.",
        ),
        Misconception(
            "groups_of_pixels",
            groups_of_pixels,
            "groups cut across the image instead of the channels",
            "A group has some of the channels and all of their pixels. The channels "
            "are axis 1.",
        ),
        Misconception(
            "one_group",
            one_group,
            "layer normalisation, one group of all channels",
            "There are `n_groups` groups, each with a mean and a variance of its own.",
        ),
        Misconception(
            "channel_by_channel",
            channel_by_channel,
            "instance normalisation, each channel on its own",
            "The channels of one group share a mean and a variance.",
        ),
        Misconception(
            "groups_over_the_batch",
            groups_over_the_batch,
            "groups averaged over the batch too",
            "Each example is normalised on its own; that is what this form is for.",
        ),
        Misconception(
            "pixel_by_pixel",
            pixel_by_pixel,
            "averages over a group's channels at each pixel",
            "A group's mean runs over its channels and over height and width.",
        ),
        Misconception(
            "groups_of_that_size",
            groups_of_that_size,
            "groups of `n_groups` channels each",
            "`n_groups` is how many groups there are, not how large they are.",
        ),
        Misconception(
            "groups_cut_through_channels",
            groups_cut_through_channels,
            "a reshape that cuts through a channel",
            "Where the channels are not a multiple of `n_groups`, the pixels may still "
            "be. Ask first, and raise ValueError.",
        ),
        Misconception(
            "an_assertion",
            an_assertion,
            "an `assert` in the place of an error",
            "Assertions can be switched off. Write `if …: raise ValueError(…)`.",
        ),
        Misconception(
            "unequal_groups",
            unequal_groups,
            "groups of unequal size where the channels do not divide",
            "Raise ValueError there: which channels go together would be anybody's "
            "guess.",
        ),
        Misconception(
            "groups_sample_variance",
            groups_sample_variance,
            "a variance that divides by n - 1",
            "It divides by the number of entries of the group: leave `ddof` at 0.",
        ),
        Misconception(
            "groups_eps_outside",
            groups_eps_outside,
            "an `eps` outside the root",
            "`eps` is added to the variance, under the root.",
        ),
        Misconception(
            "groups_eps_missing",
            groups_eps_missing,
            "normalisation without `eps`",
            "Add `eps` to the variance, under the root.",
        ),
        Misconception(
            "groups_no_root",
            groups_no_root,
            "a division by the variance instead of its root",
            "Divide by `sqrt(var + eps)`.",
        ),
        Misconception(
            "groups_not_reshaped_back",
            groups_not_reshaped_back,
            "groups that were not put back into the shape of `x`",
            "End with `.reshape(x.shape)`.",
        ),
    ),
    hints=(
        "With 6 channels and 2 groups, which channels share a mean?",
        (
            "Reshape so that all entries of one example's group lie along one axis, "
            "and normalise along it. What must hold before that is possible?"
        ),
        (
            "If `c % n_groups`: raise `ValueError`. `groups = x.reshape(n, n_groups, "
            "-1)`; normalise over axis 2 with `keepdims=True`; reshape to `x.shape`."
        ),
    ),
    read="section 6, equation (7.7)",
    lines=7,
    level=2,
    harmless={
        "moved: groups = x.reshape(n, n_groups, -1)": (
            "the reshape may come before the question, since it spoils nothing"
        ),
        "groups = x.reshape(n, n_groups, -1) -> groups = x.reshape(n, n_groups, -2)": (
            "NumPy takes any negative length as the one to be found"
        ),
        "groups = x.reshape(n, n_groups, -1) -> groups = x.reshape(n_groups, n, -1)": (
            "the groups lie one after another in memory, however they are counted"
        ),
        "moved: var = groups.var(axis=2, keepdims=True)": (
            "mean and variance do not depend on each other here"
        ),
    },
)


# --- weight_norm ------------------------------------------------------------


def draw_weight_norm(rng):
    yield (
        "columns of length 5 and 13",
        {"v": np.array([[3.0, 5.0], [-4.0, 12.0]]), "g": np.array([10.0, -2.0])},
    )
    yield "three inputs, two units", {"v": signed(rng, (3, 2)), "g": scales(rng, 2)}
    yield (
        "more units than inputs, and short columns",
        {"v": np.round(0.1 * signed(rng, (2, 5)), 3), "g": scales(rng, 5)},
    )
    yield (
        "columns of very different length",
        {
            "v": signed(rng, (6, 3)) * np.array([0.01, 1.0, 100.0]),
            "g": scales(rng, 3),
        },
    )


def column_after_column(v, g):
    W = np.zeros(v.shape)
    for j in range(v.shape[1]):
        W[:, j] = g[j] / np.sqrt(v[:, j] @ v[:, j]) * v[:, j]
    return W


def weights_by_einsum(v, g):
    lengths = np.einsum("ij,ij->j", v, v) ** 0.5
    return v @ np.diag(g / lengths)


def rows_normalised(v, g):
    return g * v / np.linalg.norm(v, axis=1, keepdims=True)


def whole_matrix_normalised(v, g):
    return g * v / np.linalg.norm(v)


def squared_length(v, g):
    return g * v / np.sum(v**2, axis=0)


def no_length(v, g):
    return v / np.linalg.norm(v, axis=0)


def not_normalised(v, g):
    return g * v


def length_of_ones(v, g):
    return g * v / np.abs(v).sum(axis=0)


def largest_entry(v, g):
    return g * v / np.abs(v).max(axis=0)


def sum_of_entries(v, g):
    return g * v / np.sqrt(np.mean(v**2, axis=0))


def standardised_weights(v, g):
    centered = v - v.mean(axis=0)
    return g * centered / np.linalg.norm(centered, axis=0)


def length_without_sign(v, g):
    return np.abs(g) * v / np.linalg.norm(v, axis=0)


def divided_by_g(v, g):
    return v / (g * np.linalg.norm(v, axis=0))


def times_the_length(v, g):
    return g * v * np.linalg.norm(v, axis=0)


def v_in_place(v, g):
    v /= np.linalg.norm(v, axis=0)
    return g * v


WEIGHT_NORM = Exercise(
    name="weight_norm",
    points=1,
    bonus=True,
    reference=kernels.weight_norm,
    returns=("W",),
    draw=draw_weight_norm,
    equivalents=(column_after_column, weights_by_einsum),
    misconceptions=(
        Misconception(
            "rows_normalised",
            rows_normalised,
            "rows normalised instead of columns",
            "A unit's weights are a column here, as in `x @ W`. PyTorch keeps them in "
            "a row.",
        ),
        Misconception(
            "whole_matrix_normalised",
            whole_matrix_normalised,
            "a division by the norm of the whole matrix",
            "Each column has a length of its own: `axis=0`.",
        ),
        Misconception(
            "squared_length",
            squared_length,
            "a division by the squared length",
            "Take the root: a column of length 1 is what `g` multiplies.",
        ),
        Misconception(
            "no_length",
            no_length,
            "columns of length 1, without `g`",
            "Column j has the length `g[j]`.",
        ),
        Misconception(
            "not_normalised",
            not_normalised,
            "columns that were not divided by their length",
            "Only the direction of `v` counts: divide each column by its norm.",
        ),
        Misconception(
            "length_of_ones",
            length_of_ones,
            "a division by the sum of absolute values",
            "The length is the root of the sum of squares.",
        ),
        Misconception(
            "largest_entry",
            largest_entry,
            "a division by the largest entry",
            "The length is the root of the sum of squares.",
        ),
        Misconception(
            "sum_of_entries",
            sum_of_entries,
            "a division by the root of the mean square",
            "A length is the root of the *sum* of squares.",
        ),
        Misconception(
            "standardised_weights",
            standardised_weights,
            "columns whose mean was subtracted",
            "Weights are not centred here, only rescaled.",
        ),
        Misconception(
            "length_without_sign",
            length_without_sign,
            "a `g` without its sign",
            "A negative `g` is allowed, and turns the column round.",
        ),
        Misconception(
            "divided_by_g",
            divided_by_g,
            "a division by `g`",
            "`g` multiplies.",
        ),
        Misconception(
            "times_the_length",
            times_the_length,
            "columns multiplied by their length",
            "Divide by the length, so that only the direction of `v` counts.",
        ),
        Misconception(
            "v_in_place",
            v_in_place,
            "a normalisation of `v` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "What of a column of `v` should matter, and what should not?",
        "Divide each column by its length. Along which axis is that length summed?",
        "`return g * v / np.linalg.norm(v, axis=0)`.",
    ),
    read="section 8, equation (7.9)",
    lines=1,
    level=1,
)


# --- spectral_norm ----------------------------------------------------------


def draw_spectral_norm(rng):
    yield (
        "a diagonal matrix, and one round",
        {
            "W": np.array([[4.0, 0.0], [0.0, 3.0]]),
            "n_iter": 1,
            "u": np.array([0.6, 0.8]),
        },
    )
    kinds = {
        "three rows, two columns, two rounds": ((3, 2), 2),
        "more columns than rows, one round": ((3, 5), 1),
        "three rounds from a long u": ((4, 6), 3),
        "a small matrix of weights, two rounds": ((6, 4), 2),
    }
    for label, (shape, n_iter) in kinds.items():
        W = signed(rng, shape) * (0.1 if "small" in label else 1.0)
        u = signed(rng, shape[:1]) * (7.0 if "long" in label else 1.0)
        yield label, {"W": np.round(W, 3), "n_iter": n_iter, "u": np.round(u, 2)}


def sigma_as_a_length(W, n_iter, u):
    for _ in range(n_iter):
        v = u @ W
        v = v / np.sqrt(np.sum(v**2))
        u = W @ v
        sigma = np.sqrt(np.sum(u**2))
        u = u / sigma
    return W / sigma, u


def normalised_at_the_end(W, n_iter, u):
    u = u / np.linalg.norm(u)
    for _ in range(n_iter):
        v = W.T @ u
        u = W @ v
    v, u = v / np.linalg.norm(v), u / np.linalg.norm(u)
    return W / np.einsum("i,ij,j", u, W, v), u


def old_u_returned(W, n_iter, u):
    old = u
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return W / (u @ W @ v), old


def never_normalised(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u
        u = W @ v
    return W / (u @ W @ v), u


def v_not_normalised(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u
        u = W @ v / np.linalg.norm(W @ v)
    return W / (u @ W @ v), u


def u_not_normalised(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v
    return W / (u @ W @ v), u


def frobenius_norm(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return W / np.linalg.norm(W), u


def exact_sigma(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return W / np.linalg.norm(W, 2), u


def sigma_squared(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return W / (u @ W @ v) ** 2, u


def sigma_from_u_alone(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return W / np.linalg.norm(W.T @ u), u


def sigma_from_old_u(W, n_iter, u):
    for _ in range(n_iter):
        old = u
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return W / (old / np.linalg.norm(old) @ W @ v), u


def v_returned(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return W / (u @ W @ v), v


def one_round(W, n_iter, u):
    v = W.T @ u / np.linalg.norm(W.T @ u)
    u = W @ v / np.linalg.norm(W @ v)
    return W / (u @ W @ v), u


def one_round_too_many(W, n_iter, u):
    for _ in range(n_iter + 1):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return W / (u @ W @ v), u


def weights_not_divided(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return W, u


def weights_multiplied(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return W * (u @ W @ v), u


def sigma_returned(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    return u @ W @ v, u


def weights_divided_in_place(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u = W @ v / np.linalg.norm(W @ v)
    W /= u @ W @ v
    return W, u


def u_in_place(W, n_iter, u):
    for _ in range(n_iter):
        v = W.T @ u / np.linalg.norm(W.T @ u)
        u[:] = W @ v / np.linalg.norm(W @ v)
    return W / (u @ W @ v), u


SPECTRAL_NORM = Exercise(
    name="spectral_norm",
    points=2,
    bonus=True,
    reference=kernels.spectral_norm,
    returns=("W", "u"),
    order=("u", "W"),
    draw=draw_spectral_norm,
    tolerance=Tolerance(
        rtol=1e-9, floor=1e-10, reason="three rounds of two products, each rounded"
    ),
    equivalents=(sigma_as_a_length, normalised_at_the_end),
    misconceptions=(
        Misconception(
            "old_u_returned",
            old_u_returned,
            "a `u` that is not updated",
            "Return the new `u`: the next call begins where this one ended, and that "
            "is why one round is enough.",
        ),
        Misconception(
            "never_normalised",
            never_normalised,
            "a power method without normalisation",
            "Divide `v` and `u` by their lengths in each round: sigma is `u @ W @ v` "
            "for *unit* vectors only.",
        ),
        Misconception(
            "v_not_normalised",
            v_not_normalised,
            "a `v` that was not divided by its length",
            "sigma is `u @ W @ v` for two unit vectors.",
        ),
        Misconception(
            "u_not_normalised",
            u_not_normalised,
            "a `u` that was not divided by its length",
            "sigma is `u @ W @ v` for two unit vectors.",
        ),
        Misconception(
            "frobenius_norm",
            frobenius_norm,
            "a division by the Frobenius norm",
            "That is the root of the sum of all squared singular values; sigma is the "
            "largest one alone, `u @ W @ v`.",
        ),
        Misconception(
            "exact_sigma",
            exact_sigma,
            "a division by the exact largest singular value",
            "It is what the power method tends to. Here the estimate after `n_iter` "
            "rounds is asked for, `u @ W @ v`.",
        ),
        Misconception(
            "sigma_squared",
            sigma_squared,
            "a division by the square of sigma",
            "`u @ W @ v` is the singular value itself.",
        ),
        Misconception(
            "sigma_from_u_alone",
            sigma_from_u_alone,
            "a sigma that is the length of `W.T @ u`",
            "That is the estimate of half a round later. Use the `v` you have: "
            "`u @ W @ v`.",
        ),
        Misconception(
            "sigma_from_old_u",
            sigma_from_old_u,
            "a sigma that was computed with the `u` before the last one",
            "Compute sigma after the rounds, with the new `u` and the new `v`.",
        ),
        Misconception(
            "v_returned",
            v_returned,
            "`v` in the place of `u`",
            "`u` has one entry for each row of `W`, `v` one for each column.",
        ),
        Misconception(
            "one_round",
            one_round,
            "one round, whatever `n_iter` says",
            "Repeat both products `n_iter` times.",
        ),
        Misconception(
            "one_round_too_many",
            one_round_too_many,
            "one round too many",
            "`range(n_iter)` has n_iter rounds.",
        ),
        Misconception(
            "weights_not_divided",
            weights_not_divided,
            "weights that were not divided",
            "Return `W` over sigma.",
        ),
        Misconception(
            "weights_multiplied",
            weights_multiplied,
            "weights that were multiplied by sigma",
            "Divide: the result's largest singular value is to be near 1.",
        ),
        Misconception(
            "sigma_returned",
            sigma_returned,
            "sigma in the place of the weights",
            "Return `W / sigma`.",
        ),
        Misconception(
            "weights_divided_in_place",
            weights_divided_in_place,
            "a division of `W` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "u_in_place",
            u_in_place,
            "an update of `u` in place",
            "Whoever called the function still holds the old `u` and finds it changed. "
            "Write `u = …` instead of `u[:] = …`: it makes a new array.",
        ),
    ),
    hints=(
        "Multiply a vector by `W.T` and by `W` again and again: which direction wins?",
        (
            "`u` has as many entries as `W` has rows. Which product makes a `v` of "
            "it, and which one brings it back?"
        ),
        (
            "`n_iter` times: `v = W.T @ u`, `v = v / np.linalg.norm(v)`, `u = W @ "
            "v`, `u = u / np.linalg.norm(u)`. Then `sigma = u @ W @ v`; `return W / "
            "sigma, u`."
        ),
    ),
    read="section 8, equation (7.10)",
    lines=6,
    level=2,
    harmless={
        "moved: u = W @ v": "`u` is divided by its length in any case",
        "return (W / (u @ W @ v), u) -> return (W / (v @ (u @ W)), u)": (
            "the same number, as v times (u times W)"
        ),
        "u = u / np.linalg.norm(u) -> u[...] = u / np.linalg.norm(u)": (
            "this `u` is a new array already"
        ),
        "v = v / np.linalg.norm(v) -> v[...] = v / np.linalg.norm(v)": (
            "this `v` is a new array already"
        ),
    },
)


# --- batch_renorm -----------------------------------------------------------


def draw_batch_renorm(rng):
    yield (
        "deviations 2 and 3; both bounds of r are met, d is within its own",
        {
            "x": np.array([[1.0, -3.0], [5.0, 1.0], [5.0, 5.0], [5.0, 1.0]]),
            "gamma": np.array([2.0, 3.0]),
            "beta": np.array([1.0, -1.0]),
            "running_mean": np.array([3.5, 2.0]),
            "running_std": np.array([0.5, 10.0]),
            "r_max": 2.0,
            "d_max": 1.5,
            "eps": 1.0,
        },
    )
    kinds = {
        "six examples of five features": ((6, 5), 1.0, {"eps": 1e-3}),
        "features that vary little, and a large eps": ((4, 5), 0.1, {"eps": 1e-2}),
        "the eps that is not said": ((9, 5), 0.01, {}),
        "an eps of a variance's size": (
            (7, 5),
            1.0,
            {"eps": between(rng, 0.1, 0.4)},
        ),
    }
    # Each feature meets other bounds: r above, below, within; d above, below, within.
    ratio = np.array([3.0, 0.3, 1.2, 0.85, 1.3])
    ahead = np.array([0.3, -0.2, 2.5, -3.0, 0.4])
    for label, (shape, spread, eps) in kinds.items():
        x = batch(rng, shape, spread=spread)
        order = rng.permutation(5)
        std = np.sqrt(x.var(axis=0) + eps.get("eps", 1e-5)) / ratio[order]
        yield (
            label,
            {
                "x": x,
                "gamma": scales(rng, 5),
                "beta": signed(rng, (5,)),
                "running_mean": np.round(x.mean(axis=0) - ahead[order] * std, 4),
                "running_std": np.round(std, 4),
                "r_max": between(rng, 1.5, 2.5),
                "d_max": between(rng, 0.7, 1.4),
                **eps,
            },
        )


def renorm_in_one_line(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    var = np.mean((x - x.mean(axis=0)) ** 2, axis=0) + eps
    r = np.minimum(np.maximum(var**0.5 / running_std, 1 / r_max), r_max)
    d = np.minimum(
        np.maximum((x.mean(axis=0) - running_mean) / running_std, -d_max), d_max
    )
    scale = gamma * r / np.sqrt(var)
    return scale * x - scale * x.mean(axis=0) + gamma * d + beta


def renorm_feature_by_feature(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    out = np.zeros_like(x)
    for j in range(x.shape[1]):
        mean, std = x[:, j].mean(), (x[:, j].var() + eps) ** 0.5
        r = min(max(std / running_std[j], 1 / r_max), r_max)
        d = min(max((mean - running_mean[j]) / running_std[j], -d_max), d_max)
        out[:, j] = gamma[j] * ((x[:, j] - mean) / std * r + d) + beta[j]
    return out


def plain_batch_norm(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


def nothing_clipped(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    return gamma * (x - running_mean) / running_std + beta


def r_not_clipped(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = std / running_std
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def d_not_clipped(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = (mean - running_mean) / running_std
    return gamma * ((x - mean) / std * r + d) + beta


def r_bounded_above_only(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.minimum(std / running_std, r_max)
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def r_at_least_one(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.clip(std / running_std, 1.0, r_max)
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def d_bounded_above_only(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.minimum((mean - running_mean) / running_std, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def d_not_negative(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running_std, 0, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def d_over_batch_deviation(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / std, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def r_upside_down(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.clip(running_std / std, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def d_turned_round(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.clip((running_mean - mean) / running_std, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def d_multiplied_by_r(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return gamma * ((x - mean) / std + d) * r + beta


def d_after_gamma(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return gamma * (x - mean) / std * r + d + beta


def running_std_rooted(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    running = np.sqrt(running_std)
    r = np.clip(std / running, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def eps_on_running_std(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    running = np.sqrt(running_std**2 + eps)
    r = np.clip(std / running, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def renorm_sample_variance(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0, ddof=1) + eps)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def renorm_eps_outside(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    mean, std = x.mean(axis=0), x.std(axis=0) + eps
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


def renorm_eps_missing(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    mean, std = x.mean(axis=0), x.std(axis=0)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


_BOUNDS = (
    "Keep both within bounds: `np.clip(…, 1 / r_max, r_max)` for r, and "
    "`np.clip(…, -d_max, d_max)` for d."
)

BATCH_RENORM = Exercise(
    name="batch_renorm",
    points=2,
    bonus=True,
    reference=kernels.batch_renorm,
    returns=("out",),
    draw=draw_batch_renorm,
    tolerance=CENTRED,
    equivalents=(renorm_in_one_line, renorm_feature_by_feature),
    misconceptions=(
        Misconception(
            "plain_batch_norm",
            plain_batch_norm,
            "batch normalisation without the corrections r and d",
            "Multiply x_hat by r and add d, before `gamma` and `beta` act.",
        ),
        Misconception(
            "nothing_clipped",
            nothing_clipped,
            "the inference pass: corrections without bounds",
            _BOUNDS,
        ),
        Misconception("r_not_clipped", r_not_clipped, "an r without bounds", _BOUNDS),
        Misconception("d_not_clipped", d_not_clipped, "a d without bounds", _BOUNDS),
        Misconception(
            "r_bounded_above_only",
            r_bounded_above_only,
            "an r without its lower bound",
            "r lies between `1 / r_max` and `r_max`.",
        ),
        Misconception(
            "r_at_least_one",
            r_at_least_one,
            "an r that is never below 1",
            "The lower bound of r is `1 / r_max`.",
        ),
        Misconception(
            "d_bounded_above_only",
            d_bounded_above_only,
            "a d without its lower bound",
            "d lies between `-d_max` and `d_max`.",
        ),
        Misconception(
            "d_not_negative",
            d_not_negative,
            "a d that is never below 0",
            "The lower bound of d is `-d_max`.",
        ),
        Misconception(
            "d_over_batch_deviation",
            d_over_batch_deviation,
            "a d in units of the batch's deviation",
            "Both corrections are in units of `running_std`.",
        ),
        Misconception(
            "r_upside_down",
            r_upside_down,
            "an r turned upside down",
            "r is the batch's deviation over the running one: it takes the division "
            "by the batch's deviation back.",
        ),
        Misconception(
            "d_turned_round",
            d_turned_round,
            "a d with the opposite sign",
            "d is the batch's mean minus the running one.",
        ),
        Misconception(
            "d_multiplied_by_r",
            d_multiplied_by_r,
            "a d that is multiplied by r",
            "First multiply x_hat by r, then add d.",
        ),
        Misconception(
            "d_after_gamma",
            d_after_gamma,
            "a d that is added after `gamma`",
            "`gamma` multiplies the whole of `x_hat * r + d`.",
        ),
        Misconception(
            "running_std_rooted",
            running_std_rooted,
            "a running deviation that is taken for a variance",
            "`running_std` is a deviation already: no root.",
        ),
        Misconception(
            "eps_on_running_std",
            eps_on_running_std,
            "an `eps` added to the running statistics",
            "`running_std` is an average of deviations that contain `eps`.",
        ),
        Misconception(
            "renorm_sample_variance",
            renorm_sample_variance,
            "a variance that divides by n - 1",
            "The batch's variance divides by n: leave `ddof` at 0.",
        ),
        Misconception(
            "renorm_eps_outside",
            renorm_eps_outside,
            "an `eps` outside the root",
            "`eps` is added to the variance, under the root.",
        ),
        Misconception(
            "renorm_eps_missing",
            renorm_eps_missing,
            "batch renormalisation without `eps`",
            "Add `eps` to the batch's variance, under the root.",
        ),
    ),
    hints=(
        (
            "Which two numbers turn `(x - mean) / std` into `(x - running_mean) / "
            "running_std`?"
        ),
        (
            "One factor `r` and one shift `d`. Each is kept within bounds, `r` "
            "around 1 and `d` around 0."
        ),
        (
            "`r = np.clip(std / running_std, 1 / r_max, r_max)`, `d = np.clip((mean "
            "- running_mean) / running_std, -d_max, d_max)`; then `return gamma * "
            "(x_hat * r + d) + beta`."
        ),
    ),
    read="section 7, equation (7.8)",
    lines=4,
    level=2,
    harmless={
        "moved: d = np.clip((mean - running_mean) / running_std, -d_max, d_max)": (
            "the two corrections do not depend on each other"
        ),
        "d = np.clip((mean - running_mean) / running_std, -d_max, d_max) -> "
        "d = np.clip(-d_max, (mean - running_mean) / running_std, d_max)": (
            "the middle one of three numbers, in another order"
        ),
        "r = np.clip(std / running_std, 1 / r_max, r_max) -> "
        "r = np.clip(1 / r_max, std / running_std, r_max)": (
            "the middle one of three numbers, in another order"
        ),
    },
)
