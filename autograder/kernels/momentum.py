"""Chapter 03: gradient descent with momentum."""

from __future__ import annotations

import numpy as np

__all__ = [
    "Momentum",
    "convergence_rate",
    "ema_momentum_step",
    "momentum_step",
    "nesterov_difference_step",
    "nesterov_step",
    "optimal_momentum",
    "velocity_weights",
]


def momentum_step(theta, velocity, grad, lr, beta):
    """One step of gradient descent with heavy-ball momentum.

    Parameters
    ----------
    theta, velocity, grad : ndarray, all of one shape
        Parameters, running sum of past steps (zeros at first), gradient of
        the loss at `theta`.
    lr, beta : float
        Learning rate (> 0) and momentum (0 <= beta < 1).

    Returns
    -------
    theta, velocity : ndarray
        New arrays; the arguments are not modified.

    Notes
    -----
    velocity <- beta * velocity - lr * grad;  theta <- theta + velocity.
    lr inside the velocity, as in Sutskever et al. (2013). PyTorch keeps it
    outside (velocity <- beta * velocity + grad): the same path while lr is
    constant. With (1 - beta) * grad the steps are smaller by 1 - beta.

    References
    ----------
    Polyak (1964); Sutskever et al. (2013).
    """
    velocity = beta * velocity - lr * grad
    return theta + velocity, velocity


def ema_momentum_step(theta, m, grad, lr, beta):
    """One step along the exponential moving average of the gradients.

    Parameters
    ----------
    theta, m, grad : ndarray, all of one shape
        Parameters, moving average of past gradients (zeros at first),
        gradient of the loss at `theta`.
    lr, beta : float
        Learning rate (> 0) and decay of the average (0 <= beta < 1).

    Returns
    -------
    theta, m : ndarray
        New arrays; the arguments are not modified.

    Notes
    -----
    m <- beta * m + (1 - beta) * grad;  theta <- theta - lr * m.
    The same path as `momentum_step` with the learning rate lr * (1 - beta),
    while lr is constant.  The first m is too small by 1 - beta; Adam divides
    by 1 - beta**t to mend that, this form does not.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), section 8.3.2, for the heavy ball;
    Kingma & Ba (2015), algorithm 1, for the average.
    """
    m = beta * m + (1 - beta) * grad
    return theta - lr * m, m


def nesterov_step(theta, velocity, grad_fn, lr, beta):
    """One step of Nesterov's accelerated gradient, in the look-ahead form.

    Parameters
    ----------
    theta, velocity : ndarray, both of one shape
        Parameters and running sum of past steps (zeros at first).
    grad_fn : callable
        `grad_fn(theta)` is the gradient of the loss; called once.
    lr, beta : float
        Learning rate (> 0) and momentum (0 <= beta < 1).

    Returns
    -------
    theta, velocity : ndarray
        New arrays; the arguments are not modified.

    Notes
    -----
    velocity <- beta * velocity - lr * grad_fn(theta + beta * velocity);
    theta <- theta + velocity.  Sutskever's form: `theta` is the point where
    the ball is.  PyTorch and Bengio et al. (2013) keep theta + beta * velocity
    instead: the same path seen at other points.

    References
    ----------
    Nesterov (1983); Sutskever et al. (2013), equations (3) and (4).
    """
    velocity = beta * velocity - lr * grad_fn(theta + beta * velocity)
    return theta + velocity, velocity


def nesterov_difference_step(theta, m, grad, previous_grad, lr, beta):
    """One step of Nesterov's method, written with a difference of gradients.

    Parameters
    ----------
    theta, m, grad, previous_grad : ndarray, all of one shape
        Parameters, running sum (zeros at first), gradient at `theta`, and the
        gradient of the step before.
    lr, beta : float
        Learning rate (> 0) and momentum (0 <= beta < 1).

    Returns
    -------
    theta, m : ndarray
        New arrays; the arguments are not modified.

    Notes
    -----
    m <- beta * m + grad + beta * (grad - previous_grad);
    theta <- theta - lr * m.  Here lr is outside the sum, as in PyTorch.
    The difference is a finite difference of the gradient: curvature along the
    last step.

    References
    ----------
    Bengio, Boulanger-Lewandowski, Pascanu (2013); Xie et al. (2022), Adan.
    """
    m = beta * m + grad + beta * (grad - previous_grad)
    return theta - lr * m, m


def velocity_weights(beta, t):
    """Weights of the gradients 1 to t in the velocity after t steps.

    Parameters
    ----------
    beta : float
        Momentum (0 <= beta < 1).
    t : int
        Number of steps (>= 1).

    Returns
    -------
    weights : ndarray of shape (t,)
        Oldest gradient first, in units of -lr.

    Notes
    -----
    The k-th gradient has been multiplied by beta in each of the t - k steps
    after its own: beta**(t - k).  With the form of `ema_momentum_step` all
    weights have a further factor 1 - beta.
    """
    return beta ** np.arange(t - 1, -1, -1.0)


def convergence_rate(lr, beta, eigenvalues):
    """Factor per step by which heavy ball shrinks the error on a quadratic.

    Parameters
    ----------
    lr, beta : float
        Learning rate (> 0) and momentum (0 <= beta < 1).
    eigenvalues : ndarray of shape (d,)
        Eigenvalues of the Hessian, all positive.

    Returns
    -------
    rate : float
        Largest spectral radius; below 1 the method converges.

    Notes
    -----
    Along an eigenvector with eigenvalue h the pair (error, previous error) is
    multiplied by [[1 + beta - lr * h, -beta], [1, 0]].  Its eigenvalues may
    be complex; what counts is their absolute value.

    References
    ----------
    Polyak (1964); Recht (2010); Goh (2017), "Why Momentum Really Works".
    """
    radii = [
        np.abs(np.linalg.eigvals([[1 + beta - lr * h, -beta], [1.0, 0.0]])).max()
        for h in eigenvalues
    ]
    return float(max(radii))


def optimal_momentum(mu, L):
    """Learning rate and momentum with the best rate on quadratics.

    Parameters
    ----------
    mu, L : float
        Smallest and largest eigenvalue of the Hessian, 0 < mu <= L.

    Returns
    -------
    lr, beta : float

    Notes
    -----
    lr = (2 / (sqrt(L) + sqrt(mu)))**2 and
    beta = ((sqrt(kappa) - 1) / (sqrt(kappa) + 1))**2 with kappa = L / mu.
    The rate per step is then sqrt(beta).

    References
    ----------
    Polyak (1964), "Some methods of speeding up the convergence of iteration
    methods".
    """
    kappa = L / mu
    lr = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2
    beta = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2
    return float(lr), float(beta)


class Momentum:
    """Gradient descent with momentum, for a dict of arrays.

    Parameters
    ----------
    lr, beta : float
        Learning rate (> 0) and momentum (0 <= beta < 1).

    Methods
    -------
    update(params, grads)
        One step of every array of `params`, a dict of arrays of any shapes,
        along `grads`, a dict with the same keys.  After it `params[key]` is
        the new array; `grads` stays as it was.  Each key has a velocity of its
        own, zeros when the key is first seen.  Returns None.

    Notes
    -----
    PyTorch's `torch.optim.SGD(params, lr, momentum)` keeps its buffers in the
    same way, one for each parameter, and lr outside of them.
    """

    def __init__(self, lr, beta=0.9):
        self.lr, self.beta, self.velocity = lr, beta, {}

    def update(self, params, grads):
        for key, grad in grads.items():
            velocity = self.velocity.get(key, np.zeros_like(grad))
            params[key], self.velocity[key] = momentum_step(
                params[key], velocity, grad, self.lr, self.beta
            )
