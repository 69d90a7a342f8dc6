"""Functions that learners get with mistakes in them, to be mended: the right ones."""

from __future__ import annotations

import numpy as np

from autograder.kernels.classification import mlp_loss_and_grads
from autograder.kernels.gradient_descent import gd_step

__all__ = [
    "clipped_descent",
    "dense_norm_backward",
    "logged_sgd",
    "ridge_descent",
    "saddle_free_descent",
    "train_and_keep",
    "uniform_network",
    "warmed_up_adam",
]


def ridge_descent(X, y, lr, penalty, n_steps):
    """Fit an offset and weights by gradient descent, with a price on the weights.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Inputs, one example a row.
    y : ndarray of shape (n_samples,)
        What offset + X @ weights should be.
    lr : float
        Learning rate (> 0).
    penalty : float
        The loss is half the mean squared error, plus half the sum of squares of
        the weights times this.  The offset costs nothing.
    n_steps : int
        Number of steps.

    Returns
    -------
    theta : ndarray of shape (n_features + 1,)
        The offset, then the weights; all start at 0.
    losses : ndarray of shape (n_steps,)
        The loss before each step.

    References
    ----------
    Hoerl and Kennard (1970), "Ridge Regression".
    """
    A = np.column_stack([np.ones(len(X)), X])
    theta, losses = np.zeros(A.shape[1]), []
    for _ in range(n_steps):
        error = A @ theta - y
        price = penalty * np.sum(theta[1:] ** 2)
        losses.append((np.mean(error**2) + price) / 2)
        grad = A.T @ error / len(y)
        grad[1:] += penalty * theta[1:]
        theta = gd_step(theta, grad, lr)
    return theta, np.array(losses)


def saddle_free_descent(grad_fn, theta0, damping, n_steps, h=1e-5):
    """Newton's method with the size of each curvature, so that it leaves saddles.

    Parameters
    ----------
    grad_fn : callable
        Gradient of the loss at a point.
    theta0 : ndarray of shape (d,)
        Start; not modified.
    damping : float
        Is added to the size of each curvature (> 0).
    n_steps : int
        Number of steps.
    h : float
        The Hessian is a central difference of gradients, h to either side
        along each axis.

    Returns
    -------
    theta : ndarray of shape (d,)
        Place after the last step.  A step goes, along each eigenvector of the
        Hessian, by minus the slope over the sum of abs(eigenvalue) and damping.
    lowest : ndarray of shape (n_steps,)
        The smallest eigenvalue before each step.

    References
    ----------
    Dauphin et al. (2014).
    """
    theta, lowest = theta0, []
    for _ in range(n_steps):
        rows = []
        for step in h * np.eye(len(theta)):
            change = grad_fn(theta + step) - grad_fn(theta - step)
            rows.append(change / (2 * h))
        values, vectors = np.linalg.eigh(np.array(rows))
        slopes = vectors.T @ grad_fn(theta)
        theta = theta - vectors @ (slopes / (np.abs(values) + damping))
        lowest.append(values[0])
    return theta, np.array(lowest)


def logged_sgd(w, X, y, lr, batch_size, n_epochs, rng):
    """Train a linear model in batches, and say how the loss went.

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
        Examples in a batch, of which the last of an epoch may have fewer, and
        passes over all examples.
    rng : numpy.random.Generator
        One `rng.permutation(n)` for each epoch is cut in order.

    Returns
    -------
    w : ndarray of shape (d,)
        Weights after the last update.  An update takes the mean gradient of
        its batch, of half the squared error.
    losses : ndarray of shape (n_epochs,)
        Of each epoch, the mean of half the squared error over its examples,
        each counted once, as it was when its batch came.
    """
    n, losses = len(y), []
    for _ in range(n_epochs):
        order, total = rng.permutation(n), 0.0
        inputs, targets = X[order], y[order]
        for start in range(0, n, batch_size):
            stop = min(start + batch_size, n)
            error = inputs[start:stop] @ w - targets[start:stop]
            total += np.sum(error**2) / 2
            w = w - lr * inputs[start:stop].T @ error / (stop - start)
        losses.append(total / n)
    return w, np.array(losses)


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


def uniform_network(sizes, rng):
    """Initial weights of a ReLU network, uniform, so that no layer changes the scale.

    Parameters
    ----------
    sizes : list of int
        Number of inputs, of units in each hidden layer, and of outputs.  ReLU
        follows each layer but the last.
    rng : numpy.random.Generator
        Draws the weights, the first layer's first.

    Returns
    -------
    weights : list of ndarray
        One of shape (sizes[i], sizes[i + 1]) for each layer, uniform around 0,
        of variance 2 / sizes[i], in the last layer 1 / sizes[i].
    biases : list of ndarray
        One of shape (sizes[i + 1],) for each layer, zeros.

    References
    ----------
    He et al. (2015).
    """
    weights, last = [], len(sizes) - 2
    for layer, n_in in enumerate(sizes[:-1]):
        n_out = sizes[layer + 1]
        gain = np.sqrt(2) if layer < last else 1.0
        bound = gain * np.sqrt(3 / n_in)
        weights.append(rng.uniform(-bound, bound, size=(n_in, n_out)))
    return weights, [np.zeros(n_out) for n_out in sizes[1:]]


def train_and_keep(
    params, X, labels, X_val, labels_val, lr, n_epochs, batch_size, noise, rng
):
    """Train a network on noisy images, and keep its parameters of the best epoch.

    Parameters
    ----------
    params : dict of ndarray
        "W1", "b1", "W2", "b2" at the start; not modified.
    X, labels : ndarray of shapes (n, n_features) and (n,)
        Training images.  A network sees every image with the training images'
        mean subtracted, and divided by their deviation, column by column.
    X_val, labels_val : ndarray of shapes (n_val, n_features) and (n_val,)
        Validation images.
    lr : float
        Learning rate (> 0) of plain gradient descent.
    n_epochs, batch_size : int
        Passes over the training images, and images in a batch; the last batch
        of an epoch may be short.
    noise : float
        To each batch of training images `noise * rng.standard_normal(its
        shape)` is added, and to nothing else.
    rng : numpy.random.Generator
        Draws a permutation for each epoch, cut in order, and the noise.

    Returns
    -------
    best : dict of ndarray
        The parameters after the epoch with the lowest validation loss.
    losses : ndarray of shape (n_epochs,)
        Validation loss after each epoch.
    """
    mean, std = X.mean(axis=0), X.std(axis=0)
    Z, Z_val = (X - mean) / std, (X_val - mean) / std
    params = {name: array.copy() for name, array in params.items()}
    best, lowest, losses = {}, np.inf, []
    for _ in range(n_epochs):
        cuts = range(batch_size, len(Z), batch_size)
        for batch in np.split(rng.permutation(len(Z)), cuts):
            images = Z[batch] + noise * rng.standard_normal(Z[batch].shape)
            _, grads = mlp_loss_and_grads(params, images, labels[batch])
            for name, grad in grads.items():
                params[name] -= lr * grad
        loss, _ = mlp_loss_and_grads(params, Z_val, labels_val)
        if loss < lowest:
            lowest = loss
            best = {name: array.copy() for name, array in params.items()}
        losses.append(loss)
    return best, np.array(losses)
