"""Chapter 06: the variance of initial weights, and what it does to a deep network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = [
    "dense_forward",
    "fans",
    "gradient_norms",
    "init_network",
    "kaiming_normal",
    "kaiming_uniform",
    "predicted_scale",
    "required_weight_std",
    "variance_factor",
    "xavier_normal",
    "xavier_uniform",
]

ACTIVATIONS: dict[str, Callable] = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0.0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z)),
}
SLOPES: dict[str, Callable] = {
    "linear": np.ones_like,
    "relu": lambda h: 1.0 * (h > 0),
    "tanh": lambda h: 1.0 - h**2,
    "sigmoid": lambda h: h * (1.0 - h),
}
"""Derivatives, each as a function of the activation's output h."""


def dense_forward(X, weights, biases, activation):
    """The outputs of all layers of a fully connected network.

    Parameters
    ----------
    X : ndarray of shape (n_samples, d_0)
        A batch of inputs, one row each.
    weights : list of ndarray
        W of each layer, of shape (fan_in, fan_out).
    biases : list of ndarray
        b of each layer, of shape (fan_out,).
    activation : str
        "linear", "relu", "tanh" or "sigmoid"; that of every layer, the last
        one too.

    Returns
    -------
    activations : list of ndarray
        Output of the first layer, of the second, …, of the last, each of shape
        (n_samples, fan_out).  The input X is not among them.

    Notes
    -----
    H <- phi(H @ W + b), starting from H = X.  One row is one sample, so W
    stands at the right; PyTorch's Linear keeps its transpose, of shape
    (fan_out, fan_in).
    """
    phi = ACTIVATIONS[activation]
    activations, H = [], X
    for W, b in zip(weights, biases, strict=True):
        H = phi(H @ W + b)
        activations.append(H)
    return activations


def fans(shape):
    """Number of inputs of one unit, and number of units that one input feeds.

    Parameters
    ----------
    shape : tuple of int
        Of a dense layer's weights, (fan_in, fan_out), or of a convolution's,
        (out_channels, in_channels, height, width).

    Returns
    -------
    fan_in, fan_out : int

    Raises
    ------
    ValueError
        If `shape` has neither two nor four axes.

    Notes
    -----
    A unit of a convolution sees height * width pixels of every input channel.
    The order of the axes is a convention: PyTorch's Linear has (out, in), and
    Keras' convolutions have (height, width, in, out).

    References
    ----------
    He et al. (2015), section 2.2.
    """
    if len(shape) == 2:
        fan_in, fan_out = shape
        return fan_in, fan_out
    if len(shape) == 4:
        n_out, n_in, height, width = shape
        return n_in * height * width, n_out * height * width
    raise ValueError("weights have two axes or four")


def xavier_normal(fan_in, fan_out, rng):
    """Normal initial weights after Glorot and Bengio.

    Parameters
    ----------
    fan_in, fan_out : int
        Number of inputs and of units of the layer.
    rng : numpy.random.Generator
        Where every random number comes from.

    Returns
    -------
    W : ndarray of shape (fan_in, fan_out)

    Notes
    -----
    Mean 0 and variance 2 / (fan_in + fan_out): between 1 / fan_in, which keeps
    the variance on the way forward, and 1 / fan_out, which keeps that of the
    gradient on the way back.  Some texts call 1 / fan_in "Xavier"; that is
    LeCun's.

    References
    ----------
    Glorot & Bengio (2010), equation (12).
    """
    return rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


def xavier_uniform(fan_in, fan_out, rng):
    """Uniform initial weights after Glorot and Bengio.

    Parameters
    ----------
    fan_in, fan_out : int
        Number of inputs and of units of the layer.
    rng : numpy.random.Generator
        Where every random number comes from.

    Returns
    -------
    W : ndarray of shape (fan_in, fan_out)

    Notes
    -----
    Uniform on (-b, b) has the variance b**2 / 3, so
    b = sqrt(6 / (fan_in + fan_out)) gives the variance of `xavier_normal`.

    References
    ----------
    Glorot & Bengio (2010), equation (16).
    """
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def kaiming_normal(fan_in, fan_out, rng, gain=2**0.5):
    """Normal initial weights after He and others.

    Parameters
    ----------
    fan_in, fan_out : int
        Number of inputs and of units of the layer.
    rng : numpy.random.Generator
        Where every random number comes from.
    gain : float
        What the activation takes away, as a factor: the square root of 2 for
        ReLU, 1 for no activation.

    Returns
    -------
    W : ndarray of shape (fan_in, fan_out)

    Notes
    -----
    Mean 0 and variance gain**2 / fan_in.  `fan_out` counts for the shape only;
    PyTorch's mode="fan_out" keeps the variance of the gradients instead.

    References
    ----------
    He et al. (2015), equation (10).
    """
    return rng.normal(0.0, gain / np.sqrt(fan_in), (fan_in, fan_out))


def kaiming_uniform(fan_in, fan_out, rng, gain=2**0.5):
    """Uniform initial weights after He and others.

    Parameters
    ----------
    fan_in, fan_out : int
        Number of inputs and of units of the layer.
    rng : numpy.random.Generator
        Where every random number comes from.
    gain : float
        What the activation takes away, as a factor: the square root of 2 for
        ReLU, 1 for no activation.

    Returns
    -------
    W : ndarray of shape (fan_in, fan_out)

    Notes
    -----
    Uniform on (-b, b) with b = gain * sqrt(3 / fan_in), which has the variance
    gain**2 / fan_in.  PyTorch's Linear calls it with a = sqrt(5), that is with
    gain = sqrt(1 / 3): b is then 1 / sqrt(fan_in), for no activation's sake.

    References
    ----------
    He et al. (2015), section 2.2.
    """
    bound = gain * np.sqrt(3 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def variance_factor(fan_in, weight_var, activation):
    """Factor by which one layer multiplies the mean square of its input.

    Parameters
    ----------
    fan_in : int
        Number of inputs of each unit.
    weight_var : float
        Variance of the weights, which are independent and have mean 0.
    activation : str
        "linear" or "relu".

    Returns
    -------
    factor : float
        Mean square of the layer's output over that of its input, on average
        over weights.

    Raises
    ------
    ValueError
        If `activation` is another one.

    Notes
    -----
    The sum of fan_in products has the mean square fan_in * weight_var times
    that of the input.  It is symmetric about 0, so ReLU keeps half of it.

    References
    ----------
    He et al. (2015), equation (8).
    """
    kept = {"linear": 1.0, "relu": 0.5}
    if activation not in kept:
        raise ValueError("a factor is known for linear and relu only")
    return fan_in * weight_var * kept[activation]


def predicted_scale(depth, fan_in, weight_var, activation):
    """Root mean square of the last layer's output, for an input of size 1.

    Parameters
    ----------
    depth : int
        Number of layers, all of one width.
    fan_in : int
        That width.
    weight_var : float
        Variance of the weights, which are independent and have mean 0.
    activation : str
        "linear" or "relu".

    Returns
    -------
    scale : float

    Raises
    ------
    ValueError
        If `activation` is another one.

    Notes
    -----
    Mean squares multiply from layer to layer: factor**depth, of which the root
    is taken.
    """
    return variance_factor(fan_in, weight_var, activation) ** (depth / 2)


def required_weight_std(fan_in, activation):
    """Standard deviation of the weights that keeps the mean square as it is.

    Parameters
    ----------
    fan_in : int
        Number of inputs of each unit.
    activation : str
        "linear" or "relu".

    Returns
    -------
    std : float

    Raises
    ------
    ValueError
        If `activation` is another one.

    Notes
    -----
    `variance_factor` is proportional to the variance: with variance 1 it is
    so many times too large.
    """
    return float(1 / np.sqrt(variance_factor(fan_in, 1.0, activation)))


def gradient_norms(X, weights, grad_out, activation):
    """Size of the gradient of each layer's weights, by backpropagation.

    Parameters
    ----------
    X : ndarray of shape (n_samples, d_0)
        A batch of inputs, one row each.
    weights : list of ndarray
        W of each layer, of shape (fan_in, fan_out); all biases are zero.
    grad_out : ndarray of shape (n_samples, d_last)
        Gradient of the loss by the output of the last layer, after its
        activation.
    activation : str
        "linear", "relu", "tanh" or "sigmoid"; that of every layer, the last
        one too.

    Returns
    -------
    norms : ndarray of shape (depth,)
        Square root of the sum of squares of dL/dW, first layer first.

    Notes
    -----
    With Z = H_before @ W and H = phi(Z): dL/dZ = dL/dH * phi'(Z),
    dL/dW = H_before.T @ dL/dZ and dL/dH_before = dL/dZ @ W.T.

    References
    ----------
    Rumelhart, Hinton & Williams (1986).
    """
    biases = [np.zeros(W.shape[1]) for W in weights]
    layers = [X, *dense_forward(X, weights, biases, activation)]
    grad, norms = grad_out, []
    for i in reversed(range(len(weights))):
        grad = grad * SLOPES[activation](layers[i + 1])
        norms.append(np.linalg.norm(layers[i].T @ grad))
        grad = grad @ weights[i].T
    return np.array(norms[::-1])


def init_network(sizes, activation, rng):
    """Initial weights and biases of a network, each layer with its own scale.

    Parameters
    ----------
    sizes : list of int
        Number of inputs, of units in each hidden layer, and of outputs.
    activation : str
        What the hidden layers have: "relu", "tanh", "sigmoid" or "linear".
        The last layer is linear.
    rng : numpy.random.Generator
        Draws the weights, the first layer's first.

    Returns
    -------
    weights : list of ndarray
        One of shape (sizes[i], sizes[i + 1]) for each layer, with normal
        entries: Kaiming's with gain sqrt(2) before ReLU, Xavier's before tanh
        and sigmoid, of variance 1 / fan_in in a linear layer.
    biases : list of ndarray
        One of shape (sizes[i + 1],) for each layer, zeros.

    References
    ----------
    Glorot & Bengio (2010); He et al. (2015).
    """
    weights, biases = [], []
    for i in range(len(sizes) - 1):
        fan_in, fan_out = sizes[i], sizes[i + 1]
        if i == len(sizes) - 2 or activation == "linear":
            W = kaiming_normal(fan_in, fan_out, rng, 1.0)
        elif activation == "relu":
            W = kaiming_normal(fan_in, fan_out, rng)
        else:
            W = xavier_normal(fan_in, fan_out, rng)
        weights.append(W)
        biases.append(np.zeros(fan_out))
    return weights, biases
