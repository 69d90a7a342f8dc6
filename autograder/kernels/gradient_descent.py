"""Chapter 00: gradient descent and convexity."""

from __future__ import annotations

import numpy as np

__all__ = [
    "gd_step",
    "gradient_descent",
    "jensen_gap",
    "largest_stable_lr",
    "violates_convexity",
]


def gd_step(theta, grad, lr):
    """One step of gradient descent.

    Parameters
    ----------
    theta, grad : ndarray, both of one shape
        Parameters, and the gradient of the loss at `theta`.
    lr : float
        Learning rate (> 0).

    Returns
    -------
    theta : ndarray
        A new array; the arguments are not modified.

    Notes
    -----
    theta <- theta - lr * grad.  Of all directions in a small ball around
    theta, minus the gradient lowers the first-order Taylor model most.

    References
    ----------
    Cauchy (1847); Goodfellow, Bengio, Courville (2016), section 4.3.
    """
    return theta - lr * grad


def gradient_descent(grad_fn, theta0, lr, n_steps):
    """The trajectory of gradient descent from a starting point.

    Parameters
    ----------
    grad_fn : callable
        `grad_fn(theta)` is the gradient of the loss, of the shape of `theta`;
        called exactly `n_steps` times.
    theta0 : ndarray
        Where it starts, of any shape.
    lr : float
        Learning rate (> 0).
    n_steps : int
        Number of steps (>= 0).

    Returns
    -------
    path : ndarray of shape (n_steps + 1, *theta0.shape)
        One point a row, `theta0` first.

    Notes
    -----
    path[k + 1] = path[k] - lr * grad_fn(path[k]).  Each row is an array of
    its own: after a step in place, all rows would be one array.
    """
    path = [theta0]
    for _ in range(n_steps):
        path.append(path[-1] - lr * grad_fn(path[-1]))
    return np.array(path)


def largest_stable_lr(H):
    """The learning rate at which gradient descent on a quadratic stops converging.

    Parameters
    ----------
    H : ndarray of shape (d, d)
        The Hessian, symmetric.

    Returns
    -------
    lr : float
        Below it gradient descent converges in every direction in which the
        curvature is positive.

    Raises
    ------
    ValueError
        If the largest eigenvalue of `H` is not positive.

    Notes
    -----
    2 / (largest eigenvalue).  Along an eigenvector with eigenvalue h the error
    is multiplied by 1 - lr * h in each step; its size is below 1 exactly when
    0 < lr < 2 / h, and the steepest direction sets the limit.
    """
    largest = np.linalg.eigvalsh(H).max()
    if largest <= 0:
        raise ValueError(f"the largest eigenvalue is {largest:g}, not positive")
    return float(2 / largest)


def violates_convexity(f, a, b, n=101):
    """Whether f lies above its chord somewhere between two points.

    Parameters
    ----------
    f : callable
        `f(x)` is a float for x of shape (d,).
    a, b : ndarray of shape (d,)
        The ends of the chord.
    n : int
        Number of values of alpha, equally spaced from 0 to 1, both included.

    Returns
    -------
    violated : bool
        True if f(alpha a + (1 - alpha) b) is larger than
        alpha f(a) + (1 - alpha) f(b) by more than 1e-12 for some alpha.

    Notes
    -----
    True proves that f is not convex.  False proves nothing: it is one chord,
    seen at n points.  The slack of 1e-12 is for rounding, which lifts a
    straight line above its own chord by 1e-16 or so.

    References
    ----------
    Jensen (1906); Boyd & Vandenberghe (2004), section 3.1.
    """
    f_a, f_b = f(a), f(b)
    for alpha in np.linspace(0, 1, n):
        chord = alpha * f_a + (1 - alpha) * f_b
        if f(alpha * a + (1 - alpha) * b) > chord + 1e-12:
            return True
    return False


def jensen_gap(f, points, weights):
    """How far the mean of f lies above f of the mean: never below 0 if f is convex.

    Parameters
    ----------
    f : callable
        `f(x)` is a float for x of shape (d,).
    points : ndarray of shape (n, d)
        One point a row.
    weights : ndarray of shape (n,)
        None is negative; their sum is 1.

    Returns
    -------
    gap : float
        The weighted mean of f at the points, minus f at their weighted mean.

    Raises
    ------
    ValueError
        If a weight is negative, or the sum is farther from 1 than 1e-9.

    Notes
    -----
    sum_i w_i f(x_i) - f(sum_i w_i x_i).  With two points it is the height of
    the chord above the function.  For f(x) = x**2 it is the variance.  A
    negative gap proves that f is not convex.

    References
    ----------
    Jensen (1906); Boyd & Vandenberghe (2004), section 3.1.8.
    """
    if weights.min() < 0 or abs(weights.sum() - 1) > 1e-9:
        raise ValueError("weights must not be negative, and their sum must be 1")
    values = np.array([f(x) for x in points])
    return float(weights @ values - f(weights @ points))
