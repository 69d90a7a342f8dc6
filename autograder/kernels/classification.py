"""Chapter 08: softmax, cross-entropy, and a small network."""

from __future__ import annotations

import numpy as np

__all__ = [
    "cross_entropy",
    "cross_entropy_grad",
    "fit",
    "mlp_loss_and_grads",
    "one_hot",
    "softmax",
    "squared_error_grad",
]


def one_hot(labels, n_classes):
    """Rows of the identity matrix, one for each label.

    Parameters
    ----------
    labels : ndarray of int, shape (n_samples,)
        Class numbers from 0 to `n_classes` - 1.
    n_classes : int
        Number of classes.

    Returns
    -------
    rows : ndarray of float, shape (n_samples, n_classes)
        1 in the label's column, 0 elsewhere.

    Raises
    ------
    ValueError
        If a label is below 0 or not below `n_classes`.

    Notes
    -----
    Classes have no order, so numbering them 0, 1, 2 would say too much: it
    would make class 2 twice class 1.
    """
    if np.any((labels < 0) | (labels >= n_classes)):
        raise ValueError(f"labels must be from 0 to {n_classes - 1}")
    return np.eye(n_classes)[labels]


def softmax(z):
    """Probabilities from logits, along the last axis.

    Parameters
    ----------
    z : ndarray of shape (..., n_classes)
        Logits, of any size: 1000 does not overflow.

    Returns
    -------
    p : ndarray of the shape of `z`
        Positive or 0, adding up to 1 along the last axis.

    Notes
    -----
    exp(z) / sum(exp(z)).  Subtracting the largest logit of each row first
    changes nothing but keeps exp from overflowing.

    References
    ----------
    Bridle (1990); Goodfellow, Bengio, Courville (2016), section 4.1.
    """
    weights = np.exp(z - z.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def cross_entropy(z, labels):
    """Mean cross-entropy of labels under the softmax of logits.

    Parameters
    ----------
    z : ndarray of shape (n_samples, n_classes)
        Logits; 1000 and -1000 give finite results.
    labels : ndarray of int, shape (n_samples,)
        Class numbers.

    Returns
    -------
    loss : float
        In nats: natural logarithm.

    Notes
    -----
    The mean of log(sum(exp(z))) - z[label], with the largest logit of each row
    subtracted first.  PyTorch's cross_entropy is the same; nll_loss takes log
    probabilities instead.  Some libraries return the sum.
    """
    shifted = z - z.max(axis=-1, keepdims=True)
    log_normaliser = np.log(np.exp(shifted).sum(axis=-1))
    return float(np.mean(log_normaliser - shifted[np.arange(len(labels)), labels]))


def cross_entropy_grad(z, labels):
    """Gradient of `cross_entropy` with respect to the logits.

    Parameters
    ----------
    z : ndarray of shape (n_samples, n_classes)
        Logits.
    labels : ndarray of int, shape (n_samples,)
        Class numbers.

    Returns
    -------
    dz : ndarray of shape (n_samples, n_classes)

    Notes
    -----
    (softmax(z) - one_hot(labels)) / n_samples.
    """
    return (softmax(z) - one_hot(labels, z.shape[1])) / len(labels)


def squared_error_grad(z, labels):
    """Gradient of the squared error of the softmax, with respect to the logits.

    Parameters
    ----------
    z : ndarray of shape (n_samples, n_classes)
        Logits.
    labels : ndarray of int, shape (n_samples,)
        Class numbers.

    Returns
    -------
    dz : ndarray of shape (n_samples, n_classes)

    Notes
    -----
    The loss is the mean over samples of sum((p - y)**2) over classes, with
    p = softmax(z) and y one-hot.  Through the Jacobian diag(p) - p p^T of
    softmax its gradient is 2 p * (e - sum(e * p)) / n_samples with e = p - y.
    With a factor 1/2 in the loss the 2 would go.
    """
    p = softmax(z)
    error = p - one_hot(labels, z.shape[1])
    centred = error - (error * p).sum(axis=1, keepdims=True)
    return 2 * p * centred / len(labels)


def mlp_loss_and_grads(params, X, labels):
    """Loss of a network with one hidden ReLU layer, and all its gradients.

    Parameters
    ----------
    params : dict of ndarray
        "W1" (n_features, n_hidden), "b1" (n_hidden,), "W2" (n_hidden,
        n_classes), "b2" (n_classes,).
    X : ndarray of shape (n_samples, n_features)
        Inputs.
    labels : ndarray of int, shape (n_samples,)
        Class numbers.

    Returns
    -------
    loss : float
        Mean cross-entropy.
    grads : dict of ndarray
        Under the same names and of the same shapes as in `params`.  At exactly
        0 the slope of ReLU is taken as 0.

    Notes
    -----
    H = max(0, X W1 + b1), z = H W2 + b2.  Backwards: dW2 = H^T dz,
    db2 = sum of dz, dH = dz W2^T, kept where X W1 + b1 > 0, and the same again.
    PyTorch takes the same slope at 0.

    References
    ----------
    Rumelhart, Hinton, Williams (1986).
    """
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    dz = cross_entropy_grad(z, labels)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return cross_entropy(z, labels), grads


def fit(params, optimizer, X, labels, n_epochs, batch_size, rng):
    """Train a network of one hidden layer, and say how the loss went.

    Parameters
    ----------
    params : dict
        "W1", "b1", "W2", "b2"; the optimizer changes it.
    optimizer : object
        Has a method `update(params, grads)`, which is called once for each
        batch with the gradients of `mlp_loss_and_grads`.
    X : ndarray of shape (n_samples, n_inputs)
        All examples, one a row.
    labels : ndarray of int, shape (n_samples,)
        The class of each.
    n_epochs, batch_size : int
        Passes over all examples, and examples in a batch; the last batch of
        an epoch may be short.
    rng : numpy.random.Generator
        Draws a new order of the examples for each epoch.

    Returns
    -------
    losses : ndarray of shape (n_epochs,)
        Of each epoch, the mean loss of its examples, each counted once, as it
        was when their batch came.
    """
    losses = np.zeros(n_epochs)
    for epoch in range(n_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = mlp_loss_and_grads(params, X[batch], labels[batch])
            losses[epoch] += loss * len(batch) / len(X)
            optimizer.update(params, grads)
    return losses
