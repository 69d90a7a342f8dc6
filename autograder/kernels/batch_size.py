"""Chapter 02: batches, gradient noise, and the learning rate that goes with them."""

from __future__ import annotations

import numpy as np

__all__ = [
    "batch_gradient",
    "epoch_batches",
    "gradient_noise",
    "minibatch_variance",
    "noise_scale",
    "scale_lr",
    "sgd_epoch",
    "train",
]


def epoch_batches(n, batch_size, rng):
    """Cut the indices of n examples, freshly shuffled, into batches.

    Parameters
    ----------
    n : int
        Number of examples.
    batch_size : int
        Examples in a batch; the last batch may have fewer.
    rng : numpy.random.Generator
        Where the shuffling comes from.

    Returns
    -------
    batches : list of ndarray of int
        Together they hold each index from 0 to n - 1 once.

    Raises
    ------
    ValueError
        Unless 1 <= batch_size <= n.

    Notes
    -----
    One `rng.permutation(n)`, cut in order.  Some libraries drop a last batch
    that is short (`drop_last`); here nothing is dropped or repeated.
    """
    if not 1 <= batch_size <= n:
        raise ValueError("batch_size is not from 1 to n")
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def batch_gradient(w, X, y):
    """Gradient of half the mean squared error of a linear model on a batch.

    Parameters
    ----------
    w : ndarray of shape (d,)
        Weights.
    X : ndarray of shape (batch_size, d)
        One example a row.
    y : ndarray of shape (batch_size,)
        What X @ w should be.

    Returns
    -------
    grad : ndarray of shape (d,)

    Notes
    -----
    The loss is the mean over the batch of (X @ w - y)**2 / 2, so the gradient
    is X.T @ (X @ w - y) / batch_size.  A mean, so that its size does not grow
    with the batch; without the half in the loss it would be twice as large.
    """
    return X.T @ (X @ w - y) / len(y)


def sgd_epoch(w, X, y, lr, batches):
    """One epoch of stochastic gradient descent on a linear model.

    Parameters
    ----------
    w : ndarray of shape (d,)
        Weights at the start; not modified.
    X : ndarray of shape (n, d)
        All examples, one a row.
    y : ndarray of shape (n,)
        What X @ w should be.
    lr : float
        Learning rate (> 0).
    batches : list of ndarray of int
        Indices into the rows of X; one update for each, in order.

    Returns
    -------
    w : ndarray of shape (d,)
        Weights after the last update, a new array.

    Notes
    -----
    For each batch: w <- w - lr * (gradient of the batch at the present w),
    with the mean over the batch as in `batch_gradient`.  A short batch counts
    as one update like any other.
    """
    for batch in batches:
        w = w - lr * batch_gradient(w, X[batch], y[batch])
    return w


def gradient_noise(per_example_grads):
    """Total variance of the gradients of single examples.

    Parameters
    ----------
    per_example_grads : ndarray of shape (n, d)
        The gradient of each example, one a row (n >= 2).

    Returns
    -------
    trace_cov : float
        Trace of their unbiased covariance matrix.

    Notes
    -----
    The sum over the d coordinates of the variance with n - 1 in the
    denominator: the mean squared distance from the mean gradient, times
    n / (n - 1).

    References
    ----------
    McCandlish, Kaplan, Amodei et al. (2018), section 2.2.
    """
    return float(per_example_grads.var(axis=0, ddof=1).sum())


def minibatch_variance(trace_cov, n, batch_size):
    """Mean squared distance of a batch's gradient from the full gradient.

    Parameters
    ----------
    trace_cov : float
        Trace of the unbiased covariance of the n gradients, as
        `gradient_noise` gives it.
    n, batch_size : int
        Number of examples, and how many of them a batch draws without
        replacement (1 <= batch_size <= n).

    Returns
    -------
    variance : float

    Notes
    -----
    trace_cov / batch_size * (1 - batch_size / n).  The second factor is the
    finite population correction: with all n examples nothing is left to
    chance.  It belongs to the covariance with n - 1; with n in the denominator
    of the covariance it is (n - batch_size) / (n - 1).  Drawing with
    replacement has no such factor.

    References
    ----------
    Cochran (1977), "Sampling Techniques", theorem 2.2.
    """
    return trace_cov / batch_size * (1 - batch_size / n)


def noise_scale(per_example_grads):
    """The simple noise scale: the batch size at which noise equals signal.

    Parameters
    ----------
    per_example_grads : ndarray of shape (n, d)
        The gradient of each example, one a row (n >= 2).

    Returns
    -------
    batch_size : float
        Total variance over the squared length of the mean gradient.

    Notes
    -----
    B_simple = tr S / ||G||**2 with the unbiased covariance S and the mean
    gradient G of the given examples.  If these are a sample of a larger set,
    ||G||**2 is too large by tr S / n on average; the paper's estimator takes
    that away, this one does not.

    References
    ----------
    McCandlish, Kaplan, Amodei et al. (2018), "An Empirical Model of
    Large-Batch Training", equation (2.9).
    """
    mean = per_example_grads.mean(axis=0)
    return float(per_example_grads.var(axis=0, ddof=1).sum() / (mean @ mean))


def scale_lr(lr, batch_size, base_batch_size, rule):
    """A learning rate carried over from one batch size to another.

    Parameters
    ----------
    lr : float
        Learning rate that is good for `base_batch_size`.
    batch_size, base_batch_size : int
        The new batch size and the old one.
    rule : str
        "linear" or "sqrt".

    Returns
    -------
    lr : float

    Raises
    ------
    ValueError
        If `rule` is anything else.

    Notes
    -----
    "linear": lr * k with k = batch_size / base_batch_size, so that one large
    step goes as far as k small ones along the same gradient.  "sqrt":
    lr * sqrt(k), so that the noise of one large step is that of a small one.

    References
    ----------
    Goyal et al. (2017), section 2.1, for "linear"; Krizhevsky (2014) for "sqrt".
    """
    ratio = batch_size / base_batch_size
    if rule == "linear":
        return lr * ratio
    if rule == "sqrt":
        return float(lr * np.sqrt(ratio))
    raise ValueError('rule is not "linear" or "sqrt"')


def train(w, X, y, lr, batch_size, n_epochs, rng):
    """Train a linear model by stochastic gradient descent.

    Parameters
    ----------
    w : ndarray of shape (d,)
        Weights at the start; not modified.
    X : ndarray of shape (n, d)
        All examples, one a row.
    y : ndarray of shape (n,)
        What X @ w should be.
    lr : float
        Learning rate (> 0).
    batch_size, n_epochs : int
        Examples in a batch, and passes over all examples.
    rng : numpy.random.Generator
        Draws a new order for each epoch, and nothing else.

    Returns
    -------
    w : ndarray of shape (d,)
        Weights after the last epoch, a new array.

    Notes
    -----
    Each epoch: the batches of `epoch_batches(n, batch_size, rng)`, then one
    pass over them as in `sgd_epoch`.
    """
    for _ in range(n_epochs):
        w = sgd_epoch(w, X, y, lr, epoch_batches(len(X), batch_size, rng))
    return w
