"""Chapter 07: batch normalisation, and its family."""

from __future__ import annotations

import numpy as np

__all__ = [
    "BatchNorm",
    "batch_renorm",
    "batchnorm_backward",
    "batchnorm_forward",
    "batchnorm_inference",
    "fold_batchnorm",
    "groupnorm",
    "normalize",
    "spectral_norm",
    "update_running",
    "weight_norm",
]


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    """Batch normalisation of a layer in training.

    Parameters
    ----------
    x : ndarray of shape (n_samples, n_features)
        One batch, an example a row.
    gamma, beta : ndarray of shape (n_features,)
        Scale and shift, learned like weights.
    eps : float
        Added to the variance (>= 0).

    Returns
    -------
    out : ndarray of shape (n_samples, n_features)
        A new array.
    cache : object
        Whatever you would like to keep for the backward pass; it is not
        judged.

    Notes
    -----
    out = gamma * x_hat + beta with x_hat = (x - mean) / sqrt(var + eps), mean
    and var over the batch.  The variance divides by n, as in the paper's
    algorithm 1 and in PyTorch's forward pass; `eps` is inside the root.

    References
    ----------
    Ioffe & Szegedy (2015), algorithm 1.
    """
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    return gamma * x_hat + beta, (x_hat, std)


def batchnorm_backward(dout, x, gamma, eps=1e-5):
    """Gradients of the loss through batch normalisation in training.

    Parameters
    ----------
    dout : ndarray of shape (n_samples, n_features)
        Gradient of the loss with respect to the output.
    x : ndarray of shape (n_samples, n_features)
        The batch that went in.
    gamma : ndarray of shape (n_features,)
        Scale.
    eps : float
        Added to the variance (>= 0).

    Returns
    -------
    dx : ndarray of shape (n_samples, n_features)
    dgamma, dbeta : ndarray of shape (n_features,)
        New arrays; the arguments are not modified.

    Notes
    -----
    dx = gamma / std * (dout - mean(dout) - x_hat * mean(dout * x_hat)): what
    is left of dout when its parts along a column of ones and along x_hat are
    taken away.  With eps > 0 the second part is not quite all of it.

    References
    ----------
    Ioffe & Szegedy (2015), section 3.
    """
    n = len(x)
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    dx = gamma / std * (dout - dbeta / n - x_hat * dgamma / n)
    return dx, dgamma, dbeta


def update_running(running_mean, running_var, x, momentum=0.1):
    """Moving averages of a layer's mean and variance, after one more batch.

    Parameters
    ----------
    running_mean, running_var : ndarray of shape (n_features,)
        The averages so far.
    x : ndarray of shape (n_samples, n_features)
        One batch of at least two examples.
    momentum : float
        Weight of the new batch, from 0 to 1.

    Returns
    -------
    running_mean, running_var : ndarray of shape (n_features,)
        New arrays; the arguments are not modified.

    Notes
    -----
    (1 - momentum) * running + momentum * batch, as in PyTorch.  TensorFlow
    and Keras call the other weight momentum: their 0.9 is 0.1 here.  The
    variance divides by n - 1, although the forward pass divides by n.
    """
    mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return mean, var


def batchnorm_inference(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """Batch normalisation of a layer once training is over.

    Parameters
    ----------
    x : ndarray of shape (n_samples, n_features)
        Any number of examples, one included.
    gamma, beta : ndarray of shape (n_features,)
        Scale and shift.
    running_mean, running_var : ndarray of shape (n_features,)
        Moving averages that training has left.
    eps : float
        Added to the variance (>= 0).

    Returns
    -------
    out : ndarray of shape (n_samples, n_features)
        A new array.

    Notes
    -----
    gamma * (x - running_mean) / sqrt(running_var + eps) + beta.  An example's
    output does not depend on the others of its batch.

    References
    ----------
    Ioffe & Szegedy (2015), algorithm 2.
    """
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta


def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    """One dense layer that does what dense and batch normalisation do together.

    Parameters
    ----------
    W : ndarray of shape (n_in, n_out)
        Weights of the dense layer, which gives x @ W + b.
    b : ndarray of shape (n_out,)
        Its bias.
    gamma, beta : ndarray of shape (n_out,)
        Scale and shift of the normalisation after it.
    running_mean, running_var : ndarray of shape (n_out,)
        Moving averages that training has left.
    eps : float
        Added to the variance (>= 0).

    Returns
    -------
    W : ndarray of shape (n_in, n_out)
    b : ndarray of shape (n_out,)
        New arrays; the arguments are not modified.

    Notes
    -----
    W * scale and (b - running_mean) * scale + beta, with
    scale = gamma / sqrt(running_var + eps), a factor for each column of W.
    """
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, (b - running_mean) * scale + beta


def normalize(x, axes, eps=1e-5):
    """Shift and scale `x` to mean 0 and variance 1 over some of its axes.

    Parameters
    ----------
    x : ndarray of shape (n_samples, n_channels, height, width)
        Images, or what a convolution makes of them.
    axes : tuple of int
        The axes to average over.
    eps : float
        Added to the variance (>= 0).

    Returns
    -------
    out : ndarray of the shape of `x`
        A new array.

    Notes
    -----
    (x - mean) / sqrt(var + eps).  Axes (0, 2, 3) are batch normalisation,
    (1, 2, 3) layer normalisation, (2, 3) instance normalisation.  The
    variance divides by the number of entries averaged over.

    References
    ----------
    Ba, Kiros, Hinton (2016); Ulyanov, Vedaldi, Lempitsky (2016).
    """
    mean = x.mean(axis=axes, keepdims=True)
    var = x.var(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(var + eps)


def groupnorm(x, n_groups, eps=1e-5):
    """Normalise each example over groups of neighbouring channels.

    Parameters
    ----------
    x : ndarray of shape (n_samples, n_channels, height, width)
        Images, or what a convolution makes of them.
    n_groups : int
        Number of groups (>= 1): the first n_channels / n_groups channels are
        the first group.
    eps : float
        Added to the variance (>= 0).

    Returns
    -------
    out : ndarray of the shape of `x`
        A new array.

    Raises
    ------
    ValueError
        If the number of channels is not a multiple of `n_groups`.

    Notes
    -----
    One group is layer normalisation, as many groups as channels are instance
    normalisation.

    References
    ----------
    Wu & He (2018), "Group Normalization".
    """
    n, c = len(x), x.shape[1]
    if c % n_groups:
        raise ValueError("the number of channels is not a multiple of n_groups")
    groups = x.reshape(n, n_groups, -1)
    mean = groups.mean(axis=2, keepdims=True)
    var = groups.var(axis=2, keepdims=True)
    return ((groups - mean) / np.sqrt(var + eps)).reshape(x.shape)


def weight_norm(v, g):
    """Weights whose columns have the directions of `v` and the lengths `g`.

    Parameters
    ----------
    v : ndarray of shape (n_in, n_out)
        One column for each unit, none of them all zeros.
    g : ndarray of shape (n_out,)
        Length of each unit's weights; a negative one turns them round.

    Returns
    -------
    W : ndarray of shape (n_in, n_out)
        A new array.

    Notes
    -----
    Column j is g[j] * v[:, j] / norm(v[:, j]).  PyTorch keeps a unit's
    weights in a row, so there it is the rows that are normalised.

    References
    ----------
    Salimans & Kingma (2016).
    """
    return g * v / np.linalg.norm(v, axis=0)


def spectral_norm(W, n_iter, u):
    """Weights over an estimate of their largest singular value.

    Parameters
    ----------
    W : ndarray of shape (n_rows, n_columns)
        Weights.
    n_iter : int
        Rounds of the power method (>= 1).
    u : ndarray of shape (n_rows,)
        Where the power method begins; not zero.

    Returns
    -------
    W : ndarray of shape (n_rows, n_columns)
        The weights over the estimate.
    u : ndarray of shape (n_rows,)
        Unit vector to begin the next call with.

    Notes
    -----
    n_iter times v <- W.T @ u / norm and u <- W @ v / norm; then
    sigma = u @ W @ v.  Carrying u from call to call makes one round enough
    while the weights change slowly.

    References
    ----------
    Miyato et al. (2018), algorithm 1.
    """
    for _ in range(n_iter):
        v = W.T @ u
        v = v / np.linalg.norm(v)
        u = W @ v
        u = u / np.linalg.norm(u)
    return W / (u @ W @ v), u


def batch_renorm(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    """Batch renormalisation: a training pass that is close to the one in use.

    Parameters
    ----------
    x : ndarray of shape (n_samples, n_features)
        One batch.
    gamma, beta : ndarray of shape (n_features,)
        Scale and shift.
    running_mean, running_std : ndarray of shape (n_features,)
        Moving averages of the mean and of the standard deviation.
    r_max, d_max : float
        Bounds of the corrections: r_max >= 1, d_max >= 0.
    eps : float
        Added to the batch's variance (>= 0).

    Returns
    -------
    out : ndarray of shape (n_samples, n_features)
        A new array.

    Notes
    -----
    With the batch's mean and std = sqrt(var + eps), population variance:
    r = clip(std / running_std, 1 / r_max, r_max),
    d = clip((mean - running_mean) / running_std, -d_max, d_max), and
    out = gamma * (x_hat * r + d) + beta.  Without bounds that is exactly the
    inference pass; with r_max = 1 and d_max = 0 it is batch normalisation.
    Gradients treat r and d as constants.

    References
    ----------
    Ioffe (2017), algorithm 1.
    """
    mean, std = x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return gamma * ((x - mean) / std * r + d) + beta


class BatchNorm:
    """Batch normalisation as a layer of a network.

    Parameters
    ----------
    n_features : int
        Columns of what comes in.
    momentum : float
        Weight of the new batch in the running averages.
    eps : float
        Small number inside the root.

    Attributes
    ----------
    gamma, beta : ndarray of shape (n_features,)
        Scale and shift, to be trained; ones and zeros at first.
    dgamma, dbeta : ndarray of shape (n_features,)
        Their gradients, after `backward`.
    running_mean, running_var : ndarray of shape (n_features,)
        For inference; zeros and ones at first.

    Methods
    -------
    forward(x, training)
        Output for x of shape (n_samples, n_features).  In training by the
        batch's mean and variance, which also enter the running averages, the
        variance there with n - 1.  Otherwise by the running averages, and
        nothing is changed.
    backward(dout)
        Gradient with respect to the x of the last forward pass in training;
        sets `dgamma` and `dbeta`.

    References
    ----------
    Ioffe & Szegedy (2015).
    """

    def __init__(self, n_features, momentum=0.1, eps=1e-5):
        self.gamma, self.beta = np.ones(n_features), np.zeros(n_features)
        self.running_mean, self.running_var = np.zeros(n_features), np.ones(n_features)
        self.momentum, self.eps = momentum, eps

    def forward(self, x, training):
        if not training:
            return batchnorm_inference(
                x, self.gamma, self.beta, self.running_mean, self.running_var, self.eps
            )
        self.x = x
        self.running_mean, self.running_var = update_running(
            self.running_mean, self.running_var, x, self.momentum
        )
        return batchnorm_forward(x, self.gamma, self.beta, self.eps)[0]

    def backward(self, dout):
        dx, self.dgamma, self.dbeta = batchnorm_backward(
            dout, self.x, self.gamma, self.eps
        )
        return dx
