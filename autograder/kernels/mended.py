"""Functions that learners get with mistakes in them, to be mended: the right ones."""

from __future__ import annotations

import numpy as np

__all__ = ["clipped_descent", "dense_norm_backward", "warmed_up_adam"]


def clipped_descent(grad_fn, theta0, lr, beta, max_norm, n_steps):
    """Descend along an average of gradients, each cut down to a largest length.

    Parameters
    ----------
    grad_fn : callable
        Gradient of the loss at a point.
    theta0 : ndarray
        Start; not modified.
    lr, beta : float
        Learning rate (> 0), and decay of the moving average of the gradients.
    max_norm : float
        A longer gradient is shortened to this length, in its direction.
    n_steps : int
        Number of steps.

    Returns
    -------
    path : ndarray of shape (n_steps + 1, *theta0.shape)
        All places, the start first.
    lengths : ndarray of shape (n_steps,)
        Length of each step.  A step is lr times the average, which is divided
        by 1 - beta**t, the sum of the weights of its t gradients.

    References
    ----------
    Pascanu, Mikolov and Bengio (2013), for the clipping.
    """
    theta, m = theta0.copy(), 0.0
    path, lengths = [theta0], []
    for t in range(1, n_steps + 1):
        grad = grad_fn(theta)
        norm = np.sqrt(np.sum(grad**2))
        if norm > max_norm:
            grad = grad * (max_norm / norm)
        m = beta * m + (1 - beta) * grad
        step = lr * m / (1 - beta**t)
        theta = theta - step
        path.append(theta)
        lengths.append(np.sqrt(np.sum(step**2)))
    return np.array(path), np.array(lengths)


def warmed_up_adam(grad_fn, theta0, lr, warmup_steps, n_steps, weight_decay):
    """Descend by Adam with a warmup and decoupled weight decay.

    Parameters
    ----------
    grad_fn : callable
        Gradient of the loss at a point.
    theta0 : ndarray
        Start; not modified.
    lr : float
        Learning rate after the warmup (> 0).
    warmup_steps : int
        The learning rate rises evenly: step t, from 1, has the fraction
        t / warmup_steps of it, until that is 1.
    n_steps : int
        Number of steps.
    weight_decay : float
        Strength of the decay, of the old value, times the learning rate of
        the step.

    Returns
    -------
    theta : ndarray
        Place after the last step.
    lengths : ndarray of shape (n_steps,)
        The largest entry of each step, in size.  The moving averages have
        decays 0.9 and 0.99, and eps is 1e-8.

    References
    ----------
    Kingma and Ba (2015); Loshchilov and Hutter (2019).
    """
    theta, m, v, lengths = theta0, 0.0, 0.0, []
    for t in range(1, n_steps + 1):
        grad = grad_fn(theta)
        m = 0.9 * m + 0.1 * grad
        v = 0.99 * v + 0.01 * grad**2
        scale = np.sqrt(v / (1 - 0.99**t)) + 1e-8
        rate = lr * min(1, t / warmup_steps)
        step = rate * (m / (1 - 0.9**t) / scale + weight_decay * theta)
        theta = theta - step
        lengths.append(np.max(np.abs(step)))
    return theta, np.array(lengths)


def dense_norm_backward(dout, X, W, gamma, beta, eps=1e-5):
    """Gradients through a dense layer, batch normalisation and ReLU.

    Parameters
    ----------
    dout : ndarray of shape (n_samples, n_units)
        Gradient of the loss with respect to what ReLU returns.
    X : ndarray of shape (n_samples, n_inputs)
        What goes into the layer.
    W : ndarray of shape (n_inputs, n_units)
        Its weights; batch normalisation makes a bias needless.
    gamma, beta : ndarray of shape (n_units,)
        Scale and shift of the normalised values.
    eps : float
        Small number inside the root.

    Returns
    -------
    dX, dW, dgamma, dbeta : ndarray
        Exact gradients, in the shapes of X, W, gamma and beta.

    References
    ----------
    Ioffe and Szegedy (2015).
    """
    centred = X @ W
    centred = centred - centred.mean(axis=0)
    std = np.sqrt(np.mean(centred**2, axis=0) + eps)
    z_hat = centred / std
    slope = dout * (gamma * z_hat + beta > 0)
    dgamma = np.sum(slope * z_hat, axis=0)
    dbeta = np.sum(slope, axis=0)
    inside = slope * gamma
    dz = inside - inside.mean(axis=0)
    dz = dz - z_hat * np.mean(inside * z_hat, axis=0)
    dz = dz / std
    return dz @ W.T, X.T @ dz, dgamma, dbeta
