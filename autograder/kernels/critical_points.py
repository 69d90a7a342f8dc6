"""Chapter 01: critical points and the Hessian."""

from __future__ import annotations

import numpy as np

__all__ = [
    "classify_critical_point",
    "escape_direction",
    "hessian_vector_product",
    "minimum_ratio",
    "newton_step",
    "numerical_gradient",
    "numerical_hessian",
    "quadratic_model",
]


def numerical_gradient(f, theta, h=1e-5):
    """Gradient of a function by central differences.

    Parameters
    ----------
    f : callable
        `f(theta)` is the loss, a float.
    theta : ndarray of any shape
        Where the gradient is wanted.
    h : float
        Step to either side (> 0).

    Returns
    -------
    grad : ndarray of the shape of `theta`
        `theta` is not modified.

    Notes
    -----
    (f(theta + h * e) - f(theta - h * e)) / (2 * h) for each unit vector e.
    The truncation error is h**2 / 6 times a third derivative, that of a
    forward difference h / 2 times a second one.  Rounding adds about
    1e-16 * abs(f) / h, so that a smaller h is not always better.

    References
    ----------
    Nocedal & Wright (2006), section 8.1.
    """
    grad = np.empty(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        grad[index] = (f(theta + step) - f(theta - step)) / (2 * h)
    return grad


def numerical_hessian(f, theta, h=1e-4):
    """Hessian of a function by central second differences.

    Parameters
    ----------
    f : callable
        `f(theta)` is the loss, a float.
    theta : ndarray of shape (d,)
        Where the Hessian is wanted.
    h : float
        Step to either side (> 0).

    Returns
    -------
    hessian : ndarray of shape (d, d)
        Symmetric; `theta` is not modified.

    Notes
    -----
    With a = h * e_i and b = h * e_j an entry is (f(theta + a + b)
    - f(theta + a - b) - f(theta - a + b) + f(theta - a - b)) / (4 * h**2).
    Exchanging i and j asks for the same four values: the result is symmetric.
    On the diagonal it is a second difference with the step 2 * h.  The rival
    there, (f(theta + a) - 2 * f(theta) + f(theta - a)) / h**2, is as good.
    Rounding adds about 1e-16 * abs(f) / h**2: hence a larger h than for the
    gradient.

    References
    ----------
    Nocedal & Wright (2006), section 8.1.
    """
    steps = h * np.eye(theta.size)
    hessian = np.empty((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            along = f(theta + a + b) + f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / (4 * h**2)
    return hessian


def quadratic_model(loss0, g, H, v):
    """Second-order Taylor approximation of the loss, a step `v` away.

    Parameters
    ----------
    loss0 : float
        Loss at the point of expansion.
    g, v : ndarray of shape (d,)
        Gradient there, and the step away from there.
    H : ndarray of shape (d, d)
        Hessian there, symmetric.

    Returns
    -------
    loss : float

    Notes
    -----
    loss0 + v @ g + v @ H @ v / 2.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), section 4.3.1.
    """
    return float(loss0 + v @ g + v @ H @ v / 2)


def classify_critical_point(H, tol=1e-8):
    """Kind of a critical point, as far as its Hessian tells.

    Parameters
    ----------
    H : ndarray of shape (d, d)
        Hessian at a point where the gradient is zero, symmetric.
    tol : float
        Eigenvalues in [-tol, tol] count as zero (>= 0).

    Returns
    -------
    kind : str
        "local minimum", "local maximum", "saddle" or "degenerate".  The last
        means that some eigenvalue is zero and the others, if any, have one
        sign: the Hessian alone cannot tell.

    Notes
    -----
    Eigenvalues of both signs make a saddle even with a zero one: there is
    a way up and a way down, whatever happens along the third.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), section 4.3.1.
    """
    eigenvalues = np.linalg.eigvalsh(H)
    up = np.any(eigenvalues > tol)
    down = np.any(eigenvalues < -tol)
    if up and down:
        return "saddle"
    if np.any(np.abs(eigenvalues) <= tol):
        return "degenerate"
    return "local minimum" if up else "local maximum"


def minimum_ratio(H, tol=1e-8):
    """Part of the eigenvalues of a Hessian that is positive.

    Parameters
    ----------
    H : ndarray of shape (d, d)
        Hessian, symmetric.
    tol : float
        An eigenvalue is positive if it is greater than `tol` (>= 0).

    Returns
    -------
    ratio : float
        From 0 to 1.  At a critical point 1 means a local minimum.

    Notes
    -----
    The index of a critical point, as in Dauphin et al. (2014), counts the
    negative eigenvalues: without zeros it is 1 minus this ratio.
    """
    return float(np.mean(np.linalg.eigvalsh(H) > tol))


def escape_direction(H):
    """Direction in which the loss falls off a saddle most steeply.

    Parameters
    ----------
    H : ndarray of shape (d, d)
        Hessian at a critical point, symmetric.

    Returns
    -------
    direction : ndarray of shape (d,)
        An eigenvector of length 1; either sign is right.

    Raises
    ------
    ValueError
        If no eigenvalue of `H` is negative.

    Notes
    -----
    The eigenvector of the most negative eigenvalue.  `numpy.linalg.eigh` sorts
    eigenvalues from the lowest up; eigenvectors are its columns.
    """
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no eigenvalue is negative: there is no way down")
    return eigenvectors[:, 0]


def newton_step(theta, g, H):
    """One step of Newton's method.

    Parameters
    ----------
    theta, g : ndarray of shape (d,)
        Parameters, and gradient of the loss there.
    H : ndarray of shape (d, d)
        Hessian there, symmetric.

    Returns
    -------
    theta : ndarray of shape (d,)
        A new array; the arguments are not modified.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `H` is singular, by `numpy.linalg.solve` itself.

    Notes
    -----
    theta - inverse(H) @ g: the critical point of the quadratic model, be it a
    minimum, a maximum or a saddle.  Solving costs a third of the work of
    inverting, of the order of d**3 either way.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), section 8.6.1; Dauphin et al. (2014).
    """
    return theta - np.linalg.solve(H, g)


def hessian_vector_product(grad_fn, theta, v, h=1e-5):
    """Hessian times a vector, from two gradients and without the Hessian.

    Parameters
    ----------
    grad_fn : callable
        Gradient of the loss at a point; called exactly twice.
    theta, v : ndarray, both of one shape
        Where the Hessian is asked for, and what it is multiplied with.
    h : float
        Step of the difference (> 0).

    Returns
    -------
    product : ndarray of the same shape
        A new array.

    Notes
    -----
    (grad(theta + h * v) - grad(theta - h * v)) / (2 * h), a central difference
    of gradients along v: O(d) numbers where the Hessian has O(d**2).  Pearlmutter
    has the exact product from one pass of automatic differentiation.

    References
    ----------
    Pearlmutter (1994).
    """
    above, below = grad_fn(theta + h * v), grad_fn(theta - h * v)
    return (above - below) / (2 * h)
