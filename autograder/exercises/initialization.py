"""Chapter 06: the variance of initial weights.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.  The exercises with random answers are in
`initial_weights`.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.initial_weights import (
    KAIMING_NORMAL,
    KAIMING_UNIFORM,
    XAVIER_NORMAL,
    XAVIER_UNIFORM,
)
from autograder.exercises.spec import Chapter, Exercise, Misconception, Written
from autograder.kernels import initialization as kernels

__all__ = ["CHAPTER"]

ACTIVATIONS = kernels.ACTIVATIONS
SLOPES = kernels.SLOPES


# --- dense_forward ----------------------------------------------------------


def network(rng, *sizes):
    """Weights and biases whose sums stay where every activation bends."""
    pairs = list(pairwise(sizes))
    weights = [np.round(signed(rng, p) / np.sqrt(p[0]), 2) for p in pairs]
    biases = [signed(rng, (p[1],), 0.2, 0.6) for p in pairs]
    return {"weights": weights, "biases": biases}


def draw_dense_forward(rng):
    yield (
        "one layer without an activation, and round numbers",
        {
            "X": np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]),
            "weights": [np.array([[1.0, -1.0, 0.5, 2.0], [0.5, 2.0, -1.0, 1.0]])],
            "biases": [np.array([10.0, 20.0, 30.0, 40.0])],
            "activation": "linear",
        },
    )
    X, net = signed(rng, (5, 3)), network(rng, 3, 4, 2)
    yield "two layers of ReLU", {"X": X, **net, "activation": "relu"}
    X, net = signed(rng, (2, 4)), network(rng, 4, 3, 5, 2)
    yield "three layers of tanh", {"X": X, **net, "activation": "tanh"}
    X, net = signed(rng, (3, 2)), network(rng, 2, 5, 4)
    yield (
        "two layers of the logistic function",
        {
            "X": X,
            **net,
            "activation": "sigmoid",
        },
    )
    X, net = signed(rng, (6, 5)), network(rng, 5, 3, 3, 3, 4)
    yield (
        "four layers of ReLU, two of them square",
        {
            "X": X,
            **net,
            "activation": "relu",
        },
    )


def df_with_functions_inside(X, weights, biases, activation):
    def phi(z):
        if activation == "relu":
            return z * (z > 0)
        if activation == "tanh":
            return np.tanh(z)
        if activation == "sigmoid":
            return 0.5 * (1 + np.tanh(z / 2))
        return z

    H = [X]
    for i in range(len(weights)):
        H.append(phi(np.dot(H[i], weights[i]) + biases[i]))
    return H[1:]


def df_by_columns(X, weights, biases, activation):
    columns, found = X.T, []
    for W, b in zip(weights, biases, strict=True):
        columns = ACTIVATIONS[activation](W.T @ columns + b[:, None])
        found.append(columns.T)
    return found


def df_input_included(X, weights, biases, activation):
    H = [X]
    for W, b in zip(weights, biases, strict=True):
        H.append(ACTIVATIONS[activation](H[-1] @ W + b))
    return H


def df_last_layer_only(X, weights, biases, activation):
    for W, b in zip(weights, biases, strict=True):
        X = ACTIVATIONS[activation](X @ W + b)
    return X


def df_last_layer_linear(X, weights, biases, activation):
    found = []
    for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
        X = X @ W + b
        if i < len(weights) - 1:
            X = ACTIVATIONS[activation](X)
        found.append(X)
    return found


def df_sums_returned(X, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        found.append(X @ W + b)
        X = ACTIVATIONS[activation](found[-1])
    return found


def df_no_activation(X, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        X = X @ W + b
        found.append(X)
    return found


def df_no_bias(X, weights, biases, activation):
    found = []
    for W in weights:
        X = ACTIVATIONS[activation](X @ W)
        found.append(X)
    return found


def df_bias_after(X, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        X = ACTIVATIONS[activation](X @ W) + b
        found.append(X)
    return found


def df_bias_subtracted(X, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        X = ACTIVATIONS[activation](X @ W - b)
        found.append(X)
    return found


def df_weights_transposed(X, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        X = ACTIVATIONS[activation](X @ W.T + b)
        found.append(X)
    return found


def df_always_the_input(X, weights, biases, activation):
    return [
        ACTIVATIONS[activation](X @ W + b) for W, b in zip(weights, biases, strict=True)
    ]


def df_input_activated(X, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        X = ACTIVATIONS[activation](X) @ W + b
        found.append(X)
    return found


def df_always_relu(X, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        X = np.maximum(X @ W + b, 0.0)
        found.append(X)
    return found


def df_one_bias_for_all(X, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        X = ACTIVATIONS[activation](X @ W + b[0])
        found.append(X)
    return found


def df_layers_last_first(X, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        X = ACTIVATIONS[activation](X @ W + b)
        found.insert(0, X)
    return found


def df_lists_used_up(X, weights, biases, activation):
    found = []
    while weights:
        X = ACTIVATIONS[activation](X @ weights.pop(0) + biases.pop(0))
        found.append(X)
    return found


DENSE_FORWARD = Exercise(
    name="dense_forward",
    points=2,
    reference=kernels.dense_forward,
    returns=("activations",),
    draw=draw_dense_forward,
    equivalents=(df_with_functions_inside, df_by_columns),
    misconceptions=(
        Misconception(
            "df_input_included",
            df_input_included,
            "a list that begins with `X`",
            "Many programs keep the input as layer 0. Here the list holds what the "
            "layers give out: one array for each pair of weights and biases.",
        ),
        Misconception(
            "df_last_layer_only",
            df_last_layer_only,
            "returning the output of the last layer alone",
            "All layers' outputs are asked for. Collect them in a list on the way.",
        ),
        Misconception(
            "df_last_layer_linear",
            df_last_layer_linear,
            "a network whose last layer has no activation",
            "A classifier is often built like that. Here every layer has the same "
            "activation, the last one too.",
        ),
        Misconception(
            "df_sums_returned",
            df_sums_returned,
            "the sums before the activation",
            "The activation is applied on the way, but what is kept is `H @ W + b`. "
            "Keep what comes out of the activation.",
        ),
        Misconception(
            "df_no_activation",
            df_no_activation,
            "a network without activations",
            "Without them, many layers are one linear map. Apply the activation to "
            "`H @ W + b` in every layer.",
        ),
        Misconception(
            "df_no_bias",
            df_no_bias,
            "a network without biases",
            "Add `b` to each row of `H @ W`, before the activation.",
        ),
        Misconception(
            "df_bias_after",
            df_bias_after,
            "biases that are added after the activation",
            "The bias moves the place where the activation bends, so it belongs "
            "inside.",
        ),
        Misconception(
            "df_bias_subtracted",
            df_bias_subtracted,
            "biases that are subtracted",
            "A threshold is subtracted, a bias is added.",
        ),
        Misconception(
            "df_weights_transposed",
            df_weights_transposed,
            "a product with `W.T`",
            "That belongs to PyTorch's layout, (fan_out, fan_in). Here `W` has one "
            "row for each input: `H @ W`.",
        ),
        Misconception(
            "df_always_the_input",
            df_always_the_input,
            "layers that all read `X`",
            "Each layer reads what the layer before it gives out.",
        ),
        Misconception(
            "df_input_activated",
            df_input_activated,
            "an activation on the input of each layer",
            "The activation comes last in a layer: first the product, then the bias, "
            "then the activation.",
        ),
        Misconception(
            "df_always_relu",
            df_always_relu,
            "ReLU, whatever `activation` says",
            "There are four of them: look the argument up in `ACTIVATIONS`.",
        ),
        Misconception(
            "df_one_bias_for_all",
            df_one_bias_for_all,
            "one bias for all units of a layer",
            "Each unit has its own: add the whole array `b`, one entry a column.",
        ),
        Misconception(
            "df_layers_last_first",
            df_layers_last_first,
            "the layers in the wrong order, last one first",
            "The first array in the list is the output of the first layer.",
        ),
        Misconception(
            "df_lists_used_up",
            df_lists_used_up,
            "a loop that empties the lists it is given",
            "`pop` takes the layers out of the caller's lists, and the next call finds "
            "no network. Walk through them with `zip`.",
        ),
    ),
    hints=(
        (
            "A layer reads what the layer before it gives out. What does the first "
            "one read?"
        ),
        (
            "Walk through `weights` and `biases` together, with one variable for "
            "what the last layer gave out. When do you put it into the list?"
        ),
        (
            "Start with `H = X`. For each `W` and `b`: `H = "
            "ACTIVATIONS[activation](H @ W + b)`, then append `H`. Return the list."
        ),
    ),
    read="section 2, equation (6.1)",
    lines=5,
    level=1,
    harmless={
        (
            "for W, b in zip(weights, biases, strict=True): -> for W, b in "
            "zip(weights, biases):"
        ): "both lists have one entry a layer",
        (
            "for W, b in zip(weights, biases, strict=True): -> for W, b in "
            "zip(weights, biases, strict=False):"
        ): "both lists have one entry a layer",
        "moved: activations, H = ([], X)": "neither line needs the other",
    },
)


# --- fans -------------------------------------------------------------------


def draw_fans(rng):
    yield "a dense layer", {"shape": (3, 5)}
    few, many = int(rng.integers(2, 9)), int(rng.integers(20, 90))
    yield "a dense layer with few inputs", {"shape": (few, many)}
    yield "a convolution, 16 channels into 32", {"shape": (32, 16, 3, 5)}
    n_out, n_in = int(rng.integers(6, 12)), int(rng.integers(13, 25))
    yield "a convolution with more inputs than outputs", {"shape": (n_out, n_in, 7, 2)}
    yield "a convolution of a single pixel", {"shape": (10, 4, 1, 1)}
    yield "neither of the two, which raises ValueError", {"shape": (7, 4, 3)}


def fans_by_product(shape):
    if len(shape) not in (2, 4):
        raise ValueError(shape)
    field = int(np.prod(shape[2:]))
    a, b = shape[0] * field, shape[1] * field
    return (a, b) if len(shape) == 2 else (b, a)


def fans_by_weights_of_one_unit(shape):
    if len(shape) == 2:
        return shape[0], shape[1]
    if len(shape) != 4:
        raise ValueError("2 or 4 axes")
    n_weights = shape[0] * shape[1] * shape[2] * shape[3]
    return n_weights // shape[0], n_weights // shape[1]


def fans_without_kernel(shape):
    if len(shape) == 2:
        return shape[0], shape[1]
    if len(shape) == 4:
        return shape[1], shape[0]
    raise ValueError(shape)


def fans_dense_swapped(shape):
    if len(shape) == 2:
        return shape[1], shape[0]
    return kernels.fans(shape)


def fans_conv_swapped(shape):
    if len(shape) == 4:
        n_out, n_in, height, width = shape
        return n_out * height * width, n_in * height * width
    return kernels.fans(shape)


def fans_both_swapped(shape):
    fan_in, fan_out = kernels.fans(shape)
    return fan_out, fan_in


def fans_kernel_in_one(shape):
    if len(shape) == 4:
        n_out, n_in, height, width = shape
        return n_in * height * width, n_out
    return kernels.fans(shape)


def fans_kernel_added(shape):
    if len(shape) == 4:
        n_out, n_in, height, width = shape
        return n_in * (height + width), n_out * (height + width)
    return kernels.fans(shape)


def fans_height_squared(shape):
    if len(shape) == 4:
        n_out, n_in, height, _ = shape
        return n_in * height**2, n_out * height**2
    return kernels.fans(shape)


def fans_keras_layout(shape):
    if len(shape) == 4:
        height, width, n_in, n_out = shape
        return n_in * height * width, n_out * height * width
    return kernels.fans(shape)


def fans_first_and_last(shape):
    if len(shape) not in (2, 4):
        raise ValueError(shape)
    return shape[0], shape[-1]


def fans_no_error(shape):
    if len(shape) == 2:
        return shape[0], shape[1]
    field = int(np.prod(shape[2:]))
    return shape[1] * field, shape[0] * field


FANS = Exercise(
    name="fans",
    points=2,
    reference=kernels.fans,
    returns=("fan_in", "fan_out"),
    draw=draw_fans,
    equivalents=(fans_by_product, fans_by_weights_of_one_unit),
    misconceptions=(
        Misconception(
            "fans_without_kernel",
            fans_without_kernel,
            "channels that are counted without their pixels",
            "A unit of a convolution sees `height * width` pixels of each channel, so "
            "both numbers have that factor.",
        ),
        Misconception(
            "fans_dense_swapped",
            fans_dense_swapped,
            "PyTorch's layout of dense layers",
            "There the shape is (fan_out, fan_in). Here dense weights are "
            "(fan_in, fan_out), as in `X @ W`.",
        ),
        Misconception(
            "fans_conv_swapped",
            fans_conv_swapped,
            "a convolution whose first axis is taken for its input",
            "The shape of a convolution begins with the number of output channels.",
        ),
        Misconception(
            "fans_both_swapped",
            fans_both_swapped,
            "the two numbers in the wrong order",
            "Return `fan_in` first and `fan_out` second.",
        ),
        Misconception(
            "fans_kernel_in_one",
            fans_kernel_in_one,
            "a `fan_out` without the kernel",
            "One input pixel is read by `height * width` units of each output channel, "
            "so `fan_out` has that factor too.",
        ),
        Misconception(
            "fans_kernel_added",
            fans_kernel_added,
            "a kernel with `height + width` pixels",
            "Its pixels form a rectangle: `height * width`.",
        ),
        Misconception(
            "fans_height_squared",
            fans_height_squared,
            "a kernel that is taken for a square",
            "Height and width may differ: multiply the one by the other.",
        ),
        Misconception(
            "fans_keras_layout",
            fans_keras_layout,
            "Keras' layout of convolutions",
            "There the shape is (height, width, in, out). Here it is "
            "(out, in, height, width), as in PyTorch.",
        ),
        Misconception(
            "fans_first_and_last",
            fans_first_and_last,
            "the first and the last entry of the shape",
            "That is right for a dense layer. Of a convolution these are the output "
            "channels and the width of the kernel.",
        ),
        Misconception(
            "fans_no_error",
            fans_no_error,
            "an answer for every number of axes",
            "With neither two nor four axes the meaning of the shape is not agreed "
            "on. Raise ValueError.",
        ),
    ),
    hints=(
        (
            "How many numbers does one unit of the layer add up? And how many units "
            "read one number of the input?"
        ),
        (
            "For a dense layer these are the two axes. For a convolution multiply "
            "the channels by something: by what, and which channels stand first?"
        ),
        (
            "If `len(shape) == 2`: `return shape[0], shape[1]`. If `len(shape) == "
            "4`, with `n_out, n_in, height, width = shape`: `return n_in * height * "
            "width, n_out * height * width`. Else raise `ValueError`."
        ),
    ),
    read="section 4, the table of fans",
    lines=7,
    level=1,
    harmless={
        (
            "moved: if len(shape) == 4:; n_out, n_in, height, width = shape; "
            "return (n_in * height * width, n_out * height * width)"
        ): "the two cases exclude each other",
    },
)


# --- variance_factor --------------------------------------------------------


def draw_variance_factor(rng):
    yield "no activation", {"fan_in": 100, "weight_var": 0.03, "activation": "linear"}
    yield "ReLU", {"fan_in": 100, "weight_var": 0.03, "activation": "relu"}
    yield (
        "no activation, and a large variance",
        {
            "fan_in": int(rng.integers(30, 60)),
            "weight_var": between(rng, 2.0, 4.0, 2),
            "activation": "linear",
        },
    )
    yield (
        "ReLU, and a small variance",
        {
            "fan_in": int(rng.integers(300, 500)),
            "weight_var": between(rng, 0.002, 0.02),
            "activation": "relu",
        },
    )
    yield (
        "an activation without a factor, which raises ValueError",
        {"fan_in": 50, "weight_var": 0.02, "activation": "tanh"},
    )


def vf_from_a_table(fan_in, weight_var, activation):
    kept = {"linear": 1.0, "relu": 0.5}
    if activation not in kept:
        raise ValueError(activation)
    return kept[activation] * fan_in * weight_var


def vf_halved_in_place(fan_in, weight_var, activation):
    if activation not in ("linear", "relu"):
        raise ValueError("linear or relu")
    factor = fan_in * weight_var
    if activation == "relu":
        factor /= 2
    return float(factor)


def vf_half_forgotten(fan_in, weight_var, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    return fan_in * weight_var


def vf_always_half(fan_in, weight_var, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    return fan_in * weight_var / 2


def vf_doubled_for_relu(fan_in, weight_var, activation):
    factor = kernels.variance_factor(fan_in, weight_var, activation)
    return 4 * factor if activation == "relu" else factor


def vf_quarter(fan_in, weight_var, activation):
    factor = kernels.variance_factor(fan_in, weight_var, activation)
    return factor / 2 if activation == "relu" else factor


def vf_variance_of_relu(fan_in, weight_var, activation):
    factor = kernels.variance_factor(fan_in, weight_var, activation)
    return factor * (1 - 1 / np.pi) if activation == "relu" else factor


def vf_of_the_deviation(fan_in, weight_var, activation):
    return np.sqrt(kernels.variance_factor(fan_in, weight_var, activation))


def vf_std_taken(fan_in, weight_var, activation):
    return kernels.variance_factor(fan_in, weight_var**2, activation)


def vf_fan_in_missing(fan_in, weight_var, activation):
    return kernels.variance_factor(1, weight_var, activation)


def vf_root_of_fan_in(fan_in, weight_var, activation):
    return kernels.variance_factor(np.sqrt(fan_in), weight_var, activation)


def vf_divided(fan_in, weight_var, activation):
    return kernels.variance_factor(1 / fan_in, weight_var, activation)


def vf_no_error(fan_in, weight_var, activation):
    factor = fan_in * weight_var
    return factor / 2 if activation == "relu" else factor


VARIANCE_FACTOR = Exercise(
    name="variance_factor",
    points=2,
    reference=kernels.variance_factor,
    returns=("factor",),
    draw=draw_variance_factor,
    equivalents=(vf_from_a_table, vf_halved_in_place),
    misconceptions=(
        Misconception(
            "vf_half_forgotten",
            vf_half_forgotten,
            "a ReLU that costs nothing",
            "Half of the sums are negative and become 0; the mean square is halved.",
        ),
        Misconception(
            "vf_always_half",
            vf_always_half,
            "a half for both activations",
            "Without an activation nothing is cut off.",
        ),
        Misconception(
            "vf_doubled_for_relu",
            vf_doubled_for_relu,
            "a ReLU that doubles",
            "The 2 of Kaiming's weights makes up for the half that ReLU keeps. The "
            "factor of the layer has the half.",
        ),
        Misconception(
            "vf_quarter",
            vf_quarter,
            "a ReLU that keeps a quarter",
            "Half of the sums become 0 and the other half stay as they are, so half "
            "of the sum of squares is left.",
        ),
        Misconception(
            "vf_variance_of_relu",
            vf_variance_of_relu,
            "the variance after ReLU, around its mean",
            "What the next layer multiplies is the mean square, and what ReLU gives "
            "out has a mean above 0. Do not subtract it.",
        ),
        Misconception(
            "vf_of_the_deviation",
            vf_of_the_deviation,
            "the factor of the root mean square",
            "The mean square itself is asked for: no root here.",
        ),
        Misconception(
            "vf_std_taken",
            vf_std_taken,
            "a variance that is squared once more",
            "`weight_var` is the variance already, not the standard deviation.",
        ),
        Misconception(
            "vf_fan_in_missing",
            vf_fan_in_missing,
            "the factor of a single input",
            "Each unit adds up `fan_in` products, and the variances of independent "
            "terms add up.",
        ),
        Misconception(
            "vf_root_of_fan_in",
            vf_root_of_fan_in,
            "a factor with the root of `fan_in`",
            "The standard deviation of a sum grows with the root; its variance, which "
            "is asked for, grows with `fan_in` itself.",
        ),
        Misconception(
            "vf_divided",
            vf_divided,
            "a sum that is divided by its number of terms twice over",
            "Each unit adds up `fan_in` products: the more there are, the larger the "
            "factor. Multiply.",
        ),
        Misconception(
            "vf_no_error",
            vf_no_error,
            "an answer for every activation",
            "For tanh the factor depends on the size of the input, so there is no one "
            "number. Raise ValueError.",
        ),
    ),
    hints=(
        (
            "What is the variance of a sum of `fan_in` independent products, each of "
            "a weight and an input of mean square 1?"
        ),
        (
            "That sum is as often positive as negative. Which part of its mean "
            "square is left after ReLU?"
        ),
        (
            '`fan_in * weight_var` for `"linear"`, half of that for `"relu"`, else '
            "raise `ValueError`."
        ),
    ),
    read="section 3, equation (6.2)",
    lines=5,
    level=1,
)


# --- predicted_scale --------------------------------------------------------


def draw_predicted_scale(rng):
    yield (
        "two layers that each multiply the mean square by 4",
        {"depth": 2, "fan_in": 100, "weight_var": 0.04, "activation": "linear"},
    )
    yield (
        "fifty layers of ReLU",
        {
            "depth": 50,
            "fan_in": 300,
            "weight_var": round(between(rng, 0.9, 1.1) / 300, 6),
            "activation": "relu",
        },
    )
    yield (
        "an odd depth, and growth",
        {
            "depth": int(2 * rng.integers(2, 6) + 1),
            "fan_in": int(rng.integers(50, 80)),
            "weight_var": between(rng, 0.05, 0.09),
            "activation": "relu",
        },
    )
    yield (
        "an odd depth, no activation, and shrinking",
        {
            "depth": int(2 * rng.integers(3, 8) + 1),
            "fan_in": int(rng.integers(20, 40)),
            "weight_var": between(rng, 0.01, 0.02, 4),
            "activation": "linear",
        },
    )
    yield (
        "an activation without a factor, which raises ValueError",
        {"depth": 3, "fan_in": 50, "weight_var": 0.02, "activation": "sigmoid"},
    )


def ps_root_of_the_product(depth, fan_in, weight_var, activation):
    factor = fan_in * weight_var / {"linear": 1, "relu": 2}.get(activation, np.nan)
    if np.isnan(factor):
        raise ValueError(activation)
    mean_square = 1.0
    for _ in range(depth):
        mean_square *= factor
    return np.sqrt(mean_square)


def ps_power_of_the_root(depth, fan_in, weight_var, activation):
    return np.sqrt(kernels.variance_factor(fan_in, weight_var, activation)) ** depth


def ps_mean_square(depth, fan_in, weight_var, activation):
    return kernels.variance_factor(fan_in, weight_var, activation) ** depth


def ps_one_layer_more(depth, fan_in, weight_var, activation):
    factor = kernels.variance_factor(fan_in, weight_var, activation)
    return factor ** ((depth + 1) / 2)


def ps_one_layer_less(depth, fan_in, weight_var, activation):
    factor = kernels.variance_factor(fan_in, weight_var, activation)
    return factor ** ((depth - 1) / 2)


def ps_times_depth(depth, fan_in, weight_var, activation):
    return depth * np.sqrt(kernels.variance_factor(fan_in, weight_var, activation))


def ps_half_forgotten(depth, fan_in, weight_var, activation):
    kernels.variance_factor(fan_in, weight_var, activation)
    return (fan_in * weight_var) ** (depth / 2)


def ps_whole_pairs(depth, fan_in, weight_var, activation):
    return kernels.variance_factor(fan_in, weight_var, activation) ** (depth // 2)


def ps_one_layer(depth, fan_in, weight_var, activation):
    return np.sqrt(kernels.variance_factor(fan_in, weight_var, activation))


def ps_root_twice(depth, fan_in, weight_var, activation):
    return kernels.variance_factor(fan_in, weight_var, activation) ** (depth / 4)


def ps_std_taken(depth, fan_in, weight_var, activation):
    return kernels.variance_factor(fan_in, weight_var**2, activation) ** (depth / 2)


PREDICTED_SCALE = Exercise(
    name="predicted_scale",
    points=1,
    reference=kernels.predicted_scale,
    returns=("scale",),
    draw=draw_predicted_scale,
    equivalents=(ps_root_of_the_product, ps_power_of_the_root),
    misconceptions=(
        Misconception(
            "ps_mean_square",
            ps_mean_square,
            "the mean square, without its root",
            "A root mean square is asked for: half of the exponent.",
        ),
        Misconception(
            "ps_one_layer_more",
            ps_one_layer_more,
            "a network with one layer more",
            "The input has the size 1, and each of the `depth` layers multiplies once.",
        ),
        Misconception(
            "ps_one_layer_less",
            ps_one_layer_less,
            "a network with one layer less",
            "The input has the size 1, and each of the `depth` layers multiplies once, "
            "the first one too.",
        ),
        Misconception(
            "ps_times_depth",
            ps_times_depth,
            "factors that are added up",
            "Each layer multiplies what the one before gave out, so the factors "
            "multiply: a power, not a product with `depth`.",
        ),
        Misconception(
            "ps_half_forgotten",
            ps_half_forgotten,
            "a ReLU that costs nothing",
            "Each ReLU halves the mean square. Use `variance_factor` with the "
            "`activation` that you are given.",
        ),
        Misconception(
            "ps_whole_pairs",
            ps_whole_pairs,
            "an exponent that is rounded down",
            "`depth // 2` drops the last layer of an odd number. Write `depth / 2`.",
        ),
        Misconception(
            "ps_one_layer",
            ps_one_layer,
            "the scale after one layer",
            "It is right for `depth` 1 only. Raise the factor to a power.",
        ),
        Misconception(
            "ps_root_twice",
            ps_root_twice,
            "a root that is taken twice",
            "`variance_factor` is that of the mean square, so one root is enough.",
        ),
        Misconception(
            "ps_std_taken",
            ps_std_taken,
            "a variance that is squared once more",
            "`weight_var` is the variance already, not the standard deviation.",
        ),
    ),
    hints=(
        (
            "By how much has the mean square been multiplied after one layer, after "
            "two, after `depth` of them?"
        ),
        "And what does the root of a mean square do to the exponent?",
        "`return variance_factor(fan_in, weight_var, activation) ** (depth / 2)`.",
    ),
    read="section 3, equation (6.3)",
    lines=1,
    level=1,
    bonus=True,
    harmless={
        (
            "return variance_factor(fan_in, weight_var, activation) ** (depth / 2) "
            "-> return variance_factor(weight_var, fan_in, activation) ** (depth / "
            "2)"
        ): "the factor is a product of the two",
    },
)


# --- required_weight_std ----------------------------------------------------


def draw_required_weight_std(rng):
    yield "no activation", {"fan_in": 100, "activation": "linear"}
    yield "ReLU", {"fan_in": 100, "activation": "relu"}
    yield (
        "a wide layer of ReLU",
        {"fan_in": int(rng.integers(500, 900)), "activation": "relu"},
    )
    yield (
        "a narrow layer without an activation",
        {"fan_in": int(rng.integers(5, 20)), "activation": "linear"},
    )
    yield (
        "an activation without a factor, which raises ValueError",
        {"fan_in": 50, "activation": "tanh"},
    )


def rw_from_a_table(fan_in, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    return (2 if activation == "relu" else 1) ** 0.5 / fan_in**0.5


def rw_by_cases(fan_in, activation):
    match activation:
        case "linear":
            return np.sqrt(1 / fan_in)
        case "relu":
            return np.sqrt(2) * np.sqrt(1 / fan_in)
    raise ValueError(f"unknown: {activation}")


def rw_variance(fan_in, activation):
    return 1 / kernels.variance_factor(fan_in, 1.0, activation)


def rw_half_forgotten(fan_in, activation):
    kernels.variance_factor(fan_in, 1.0, activation)
    return 1 / np.sqrt(fan_in)


def rw_always_kaiming(fan_in, activation):
    kernels.variance_factor(fan_in, 1.0, activation)
    return np.sqrt(2 / fan_in)


def rw_half_on_the_wrong_side(fan_in, activation):
    kernels.variance_factor(fan_in, 1.0, activation)
    return np.sqrt((0.5 if activation == "relu" else 1.0) / fan_in)


def rw_two_outside_root(fan_in, activation):
    kernels.variance_factor(fan_in, 1.0, activation)
    return (2.0 if activation == "relu" else 1.0) / np.sqrt(fan_in)


def rw_upside_down(fan_in, activation):
    return np.sqrt(kernels.variance_factor(fan_in, 1.0, activation))


def rw_bound(fan_in, activation):
    return np.sqrt(3 / kernels.variance_factor(fan_in, 1.0, activation))


def rw_no_error(fan_in, activation):
    return np.sqrt((2 if activation == "relu" else 1) / fan_in)


REQUIRED_WEIGHT_STD = Exercise(
    name="required_weight_std",
    points=1,
    reference=kernels.required_weight_std,
    returns=("std",),
    draw=draw_required_weight_std,
    equivalents=(rw_from_a_table, rw_by_cases),
    misconceptions=(
        Misconception(
            "rw_variance",
            rw_variance,
            "the variance, without its root",
            "The standard deviation is asked for.",
        ),
        Misconception(
            "rw_half_forgotten",
            rw_half_forgotten,
            "the standard deviation for no activation, in every case",
            "ReLU keeps half of the mean square, so the variance of the weights has "
            "to be twice as large.",
        ),
        Misconception(
            "rw_always_kaiming",
            rw_always_kaiming,
            "the standard deviation for ReLU, in every case",
            "Without an activation nothing is cut off, and the 2 makes the mean "
            "square grow in every layer.",
        ),
        Misconception(
            "rw_half_on_the_wrong_side",
            rw_half_on_the_wrong_side,
            "weights that are made smaller for ReLU",
            "ReLU makes its input smaller. The weights have to make up for that: the "
            "half moves to the other side and becomes a 2.",
        ),
        Misconception(
            "rw_two_outside_root",
            rw_two_outside_root,
            "a 2 outside the root",
            "It is the variance that doubles; the standard deviation grows by the "
            "square root of 2.",
        ),
        Misconception(
            "rw_upside_down",
            rw_upside_down,
            "the factor of the layer in the place of what undoes it",
            "The more inputs, the smaller the weights: one over the root.",
        ),
        Misconception(
            "rw_bound",
            rw_bound,
            "the bound of uniform weights",
            "The 3 belongs to the bound. The standard deviation is asked for.",
        ),
        Misconception(
            "rw_no_error",
            rw_no_error,
            "an answer for every activation",
            "For tanh no standard deviation makes the factor 1 at every size of the "
            "input. Raise ValueError.",
        ),
    ),
    hints=(
        "Set equation (6.2) equal to 1. What is the variance of the weights then?",
        (
            "The factor is proportional to the variance. What is "
            "`variance_factor(fan_in, 1.0, activation)`, and what undoes it?"
        ),
        "`return 1 / np.sqrt(variance_factor(fan_in, 1.0, activation))`.",
    ),
    read="section 3, equation (6.4)",
    lines=1,
    level=1,
    harmless={
        (
            "return float(1 / np.sqrt(variance_factor(fan_in, 1.0, activation))) "
            "-> return float(1 / np.sqrt(variance_factor(1.0, fan_in, activation)))"
        ): "the factor is a product of the two",
    },
)


# --- gradient_norms ---------------------------------------------------------


def draw_gradient_norms(rng):
    yield (
        "one layer without an activation, and round numbers",
        {
            "X": np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 2.0]]),
            "weights": [np.array([[1.0, -1.0, 1.0, 2.0], [0.5, 2.0, -1.0, 1.0]])],
            "grad_out": np.array(
                [[1.0, 0.0, 2.0, 1.0], [0.0, 1.0, 1.0, -1.0], [2.0, 1.0, 0.0, 1.0]]
            ),
            "activation": "linear",
        },
    )
    for label, activation, n, sizes in (
        ("two layers of tanh", "tanh", 5, (3, 4, 2)),
        ("three layers of ReLU", "relu", 6, (5, 7, 6, 3)),
        ("three layers of the logistic function", "sigmoid", 2, (4, 3, 5, 2)),
        ("three layers of tanh, all square", "tanh", 4, (3, 3, 3, 3)),
        ("two layers of ReLU", "relu", 8, (4, 6, 5)),
    ):
        X, grad_out = signed(rng, (n, sizes[0])), signed(rng, (n, sizes[-1]))
        weights = _awake(rng, X, sizes, activation)
        arguments = {"X": X, "weights": weights, "grad_out": grad_out}
        yield label, arguments | {"activation": activation}


def _awake(rng, X, sizes, activation):
    """Weights for which no layer of ReLU is silent, nor lets everything pass."""
    while True:
        weights = network(rng, *sizes)["weights"]
        biases = [np.zeros(W.shape[1]) for W in weights]
        layers = kernels.dense_forward(X, weights, biases, activation)
        if activation != "relu" or all(0.2 < np.mean(H > 0) < 0.9 for H in layers):
            return weights


def _layers(X, weights, activation):
    biases = [np.zeros(W.shape[1]) for W in weights]
    return [X, *kernels.dense_forward(X, weights, biases, activation)]


def gn_by_index(X, weights, grad_out, activation):
    H = _layers(X, weights, activation)
    norms = np.zeros(len(weights))
    for i in range(len(weights) - 1, -1, -1):
        delta = grad_out * SLOPES[activation](H[i + 1])
        norms[i] = np.sqrt(np.sum((H[i].T @ delta) ** 2))
        grad_out = delta @ weights[i].T
    return norms


def gn_slope_by_sums(X, weights, grad_out, activation):
    slope = {
        "linear": lambda z: 1.0,
        "relu": lambda z: z > 0,
        "tanh": lambda z: 1 / np.cosh(z) ** 2,
        "sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    }[activation]
    H, inputs, sums = X, [], []
    for W in weights:
        inputs.append(H)
        sums.append(H @ W)
        H = ACTIVATIONS[activation](sums[-1])
    norms = []
    while inputs:
        grad_out = grad_out * slope(sums.pop())
        norms.insert(0, np.linalg.norm(np.einsum("ni,nj->ij", inputs.pop(), grad_out)))
        grad_out = grad_out @ weights[len(inputs)].T
    return np.array(norms)


def gn_no_slopes(X, weights, grad_out, activation):
    H, norms = _layers(X, weights, activation), []
    for i in reversed(range(len(weights))):
        norms.append(np.linalg.norm(H[i].T @ grad_out))
        grad_out = grad_out @ weights[i].T
    return np.array(norms[::-1])


def gn_last_slope_missing(X, weights, grad_out, activation):
    H, norms = _layers(X, weights, activation), []
    for i in reversed(range(len(weights))):
        if i < len(weights) - 1:
            grad_out = grad_out * SLOPES[activation](H[i + 1])
        norms.append(np.linalg.norm(H[i].T @ grad_out))
        grad_out = grad_out @ weights[i].T
    return np.array(norms[::-1])


def gn_last_layer_first(X, weights, grad_out, activation):
    return kernels.gradient_norms(X, weights, grad_out, activation)[::-1]


def gn_weights_passed_over(X, weights, grad_out, activation):
    H, norms = _layers(X, weights, activation), []
    for i in reversed(range(len(weights))):
        grad_out = grad_out * SLOPES[activation](H[i + 1])
        norms.append(np.linalg.norm(H[i].T @ grad_out))
        grad_out = grad_out @ np.ones_like(weights[i]).T
    return np.array(norms[::-1])


def gn_not_transposed(X, weights, grad_out, activation):
    H, norms = _layers(X, weights, activation), []
    for i in reversed(range(len(weights))):
        grad_out = grad_out * SLOPES[activation](H[i + 1])
        norms.append(np.linalg.norm(H[i].T @ grad_out))
        grad_out = grad_out @ weights[i] if i else grad_out
    return np.array(norms[::-1])


def gn_squared(X, weights, grad_out, activation):
    return kernels.gradient_norms(X, weights, grad_out, activation) ** 2


def gn_mean_over_batch(X, weights, grad_out, activation):
    return kernels.gradient_norms(X, weights, grad_out, activation) / len(X)


def gn_of_activations(X, weights, grad_out, activation):
    H, norms = _layers(X, weights, activation), []
    for i in reversed(range(len(weights))):
        norms.append(np.linalg.norm(grad_out))
        grad_out = (grad_out * SLOPES[activation](H[i + 1])) @ weights[i].T
    return np.array(norms[::-1])


def gn_of_sums(X, weights, grad_out, activation):
    H, norms = _layers(X, weights, activation), []
    for i in reversed(range(len(weights))):
        grad_out = grad_out * SLOPES[activation](H[i + 1])
        norms.append(np.linalg.norm(grad_out))
        grad_out = grad_out @ weights[i].T
    return np.array(norms[::-1])


def gn_largest_stretch(X, weights, grad_out, activation):
    H, norms = _layers(X, weights, activation), []
    for i in reversed(range(len(weights))):
        grad_out = grad_out * SLOPES[activation](H[i + 1])
        norms.append(np.linalg.norm(H[i].T @ grad_out, 2))
        grad_out = grad_out @ weights[i].T
    return np.array(norms[::-1])


def gn_mean_square(X, weights, grad_out, activation):
    sizes = np.array([np.sqrt(W.size) for W in weights])
    return kernels.gradient_norms(X, weights, grad_out, activation) / sizes


def gn_gate_of_a_slope(X, weights, grad_out, activation):
    H, norms = _layers(X, weights, activation), []
    for i in reversed(range(len(weights))):
        grad_out = grad_out * SLOPES[activation](ACTIVATIONS[activation](H[i + 1]))
        norms.append(np.linalg.norm(H[i].T @ grad_out))
        grad_out = grad_out @ weights[i].T
    return np.array(norms[::-1])


def gn_outputs_for_inputs(X, weights, grad_out, activation):
    H, norms = _layers(X, weights, activation), []
    for i in reversed(range(len(weights))):
        grad_out = grad_out * SLOPES[activation](H[i + 1])
        norms.append(np.linalg.norm(H[i + 1].T @ grad_out))
        grad_out = grad_out @ weights[i].T
    return np.array(norms[::-1])


GRADIENT_NORMS = Exercise(
    name="gradient_norms",
    points=3,
    reference=kernels.gradient_norms,
    returns=("norms",),
    draw=draw_gradient_norms,
    equivalents=(gn_by_index, gn_slope_by_sums),
    misconceptions=(
        Misconception(
            "gn_no_slopes",
            gn_no_slopes,
            "a backward pass that ignores the activations",
            "On its way back the gradient is multiplied by the slope of every "
            "activation that it passes.",
        ),
        Misconception(
            "gn_last_slope_missing",
            gn_last_slope_missing,
            "a backward pass without the last layer's slope",
            "`grad_out` is the gradient after the last activation. Multiply by that "
            "one's slope too.",
        ),
        Misconception(
            "gn_last_layer_first",
            gn_last_layer_first,
            "the layers in the wrong order, last one first",
            "The pass goes backward, so the list has to be turned around at the end.",
        ),
        Misconception(
            "gn_weights_passed_over",
            gn_weights_passed_over,
            "a backward pass in which all weights are 1",
            "From the sums of a layer to its input the gradient goes through `W.T`.",
        ),
        Misconception(
            "gn_not_transposed",
            gn_not_transposed,
            "a product with `W` in the place of `W.T`",
            "Forward it is `H @ W`, backward `grad @ W.T`. Where `W` is square the "
            "shapes do not tell.",
        ),
        Misconception(
            "gn_squared",
            gn_squared,
            "sums of squares without the root",
            "The norm is the root of the sum of squares.",
        ),
        Misconception(
            "gn_mean_over_batch",
            gn_mean_over_batch,
            "gradients that are divided by the number of samples",
            "`grad_out` is the gradient of the whole loss. If that is a mean, its "
            "1/n is in `grad_out` already.",
        ),
        Misconception(
            "gn_of_activations",
            gn_of_activations,
            "the norms of the gradient by each layer's output",
            "What is asked for is the gradient by the weights: the layer's input, "
            "transposed, times the gradient of its sums.",
        ),
        Misconception(
            "gn_of_sums",
            gn_of_sums,
            "the norms of the gradient by each layer's sums",
            "One step is missing: the layer's input, transposed, times that gradient.",
        ),
        Misconception(
            "gn_largest_stretch",
            gn_largest_stretch,
            "the spectral norm, the largest singular value",
            "`np.linalg.norm(a, 2)` of a matrix is that. Without the 2 it is the root "
            "of the sum of squares.",
        ),
        Misconception(
            "gn_mean_square",
            gn_mean_square,
            "root mean squares of the entries",
            "Do not divide by the number of weights: the norm is the root of the sum "
            "of squares.",
        ),
        Misconception(
            "gn_gate_of_a_slope",
            gn_gate_of_a_slope,
            "slopes of the activation of the activation",
            "`SLOPES` takes what comes out of the layer, `H`; the activation is in it "
            "already.",
        ),
        Misconception(
            "gn_outputs_for_inputs",
            gn_outputs_for_inputs,
            "gradients with each layer's output in the place of its input",
            "`W` multiplies what comes into the layer, so that is what stands beside "
            "the gradient of the sums.",
        ),
    ),
    hints=(
        (
            "The gradient of a layer's weights needs two things: what came into the "
            "layer, and the gradient of its sums. Which of the two comes from the "
            "forward pass?"
        ),
        (
            "Run `dense_forward` with zero biases and put `X` in front. Then go "
            "through the layers from the last to the first: slope, norm, `W.T`."
        ),
        (
            "Per layer, backward: `grad = grad * SLOPES[activation](H_out)`; the "
            "norm of `H_in.T @ grad`; `grad = grad @ W.T`. Turn the list around at "
            "the end."
        ),
    ),
    read="section 6, equation (6.9)",
    lines=9,
    level=3,
    bonus=True,
    harmless={
        (
            "biases = [np.zeros(W.shape[1]) for W in weights] -> biases = "
            "[np.zeros(W.shape[-1]) for W in weights]"
        ): "the second axis of two is the last one",
        (
            "for i in reversed(range(len(weights))): -> for i in "
            "reversed(range(len(biases))):"
        ): "there is one bias for each layer",
        "moved: grad, norms = (grad_out, [])": "neither line needs the other",
    },
)


CHAPTER = Chapter(
    name="06_initialization",
    title="The variance of initial weights",
    minutes=90,
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
    ),
    written=(Written("initialization_why", points=2),),
)
