"""Chapter 04: a learning rate for every parameter, and over time."""

from __future__ import annotations

import numpy as np

__all__ = [
    "AdaGrad",
    "RMSProp",
    "adagrad_step",
    "best_quadratic_step",
    "condition_number",
    "cosine_decay",
    "exponential_decay",
    "inverse_sqrt_decay",
    "rms_step",
    "rmsprop_step",
    "standardize",
    "step_decay",
    "transformer_lr",
    "warmup",
]


def best_quadratic_step(grad, curvature):
    """Length of the step that leads each parameter of a quadratic to its minimum.

    Parameters
    ----------
    grad, curvature : ndarray, both of one shape
        First and second derivative of the loss along each parameter.

    Returns
    -------
    length : ndarray of the same shape
        How far to go, as a positive number; the direction is downhill.

    Raises
    ------
    ValueError
        Unless every curvature is positive: otherwise there is no minimum.

    Notes
    -----
    h * (x - x_min) is the gradient of h * (x - x_min)**2 / 2, so the distance
    to the minimum is abs(grad) / h.
    """
    if not np.all(curvature > 0):
        raise ValueError("every curvature must be positive")
    return np.abs(grad) / curvature


def adagrad_step(theta, r, grad, lr, eps=1e-10):
    """One step of AdaGrad.

    Parameters
    ----------
    theta, r, grad : ndarray, all of one shape
        Parameters, sum of the squares of all gradients so far (zeros at
        first), gradient of the loss at `theta`.
    lr : float
        Learning rate (> 0).
    eps : float
        Small number that keeps the division possible.

    Returns
    -------
    theta, r : ndarray
        New arrays; the arguments are not modified.

    Notes
    -----
    r <- r + grad**2;  theta <- theta - lr * grad / (sqrt(r) + eps).
    `eps` is outside the root, as in PyTorch.  Duchi et al. put it outside too,
    as a delta on the diagonal; d2l.ai puts it inside.  r starts at 0; Keras
    starts at 0.1.

    References
    ----------
    Duchi, Hazan, Singer (2011).
    """
    r = r + grad**2
    return theta - lr * grad / (np.sqrt(r) + eps), r


def rms_step(theta, sum_sq, t, grad, lr):
    """One step of lr times the gradient over the root mean square of all gradients.

    Parameters
    ----------
    theta, sum_sq, grad : ndarray, all of one shape
        Parameters, sum of the squares of the gradients before this one (zeros
        at first), gradient of the loss at `theta`.
    t : int
        How many gradients came before this one: 0 in the first step.
    lr : float
        Learning rate (> 0).

    Returns
    -------
    theta, sum_sq : ndarray
        New arrays; the arguments are not modified.  A parameter whose
        gradients were all 0 does not move.

    Notes
    -----
    sum_sq <- sum_sq + grad**2;  sigma = sqrt(sum_sq / (t + 1));
    theta <- theta - lr / sigma * grad.  With lr / sqrt(t + 1) instead of
    lr this is AdaGrad: the factors sqrt(t + 1) cancel.
    """
    sum_sq = sum_sq + grad**2
    sigma = np.sqrt(sum_sq / (t + 1))
    # Where sigma is 0 the gradient is 0 too: not 0 / 0, but no step.
    return theta - lr * grad / np.where(sigma > 0, sigma, np.inf), sum_sq


def rmsprop_step(theta, s, grad, lr, rho=0.9, eps=1e-8):
    """One step of RMSProp.

    Parameters
    ----------
    theta, s, grad : ndarray, all of one shape
        Parameters, moving average of squared gradients (zeros at first),
        gradient of the loss at `theta`.
    lr : float
        Learning rate (> 0).
    rho : float
        How much of the average is kept in each step (0 <= rho < 1).
    eps : float
        Small number that keeps the division possible.

    Returns
    -------
    theta, s : ndarray
        New arrays; the arguments are not modified.

    Notes
    -----
    s <- rho * s + (1 - rho) * grad**2;
    theta <- theta - lr * grad / (sqrt(s) + eps).  `eps` is outside the root,
    as in PyTorch, which calls rho alpha and starts from 0.99; Goodfellow et
    al. and d2l.ai put it inside.  s starts at 0 and is not corrected for that,
    so the first step has length lr / sqrt(1 - rho), 3.16 * lr for rho = 0.9.

    References
    ----------
    Tieleman & Hinton (2012), lecture 6.5 of "Neural Networks for Machine
    Learning".
    """
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def standardize(X_train, X_test):
    """Give every column mean 0 and standard deviation 1.

    Parameters
    ----------
    X_train : ndarray of shape (n_train, n_features)
        Examples to learn from.
    X_test : ndarray of shape (n_test, n_features)
        Other examples, in the same units.

    Returns
    -------
    Z_train, Z_test : ndarray
        Of the shapes of `X_train` and `X_test`.  A column with one and the
        same number everywhere becomes 0.

    Notes
    -----
    z = (x - mean) / std with mean and std of each column of X_train, for both:
    the test set is scaled by what is known before it comes.  std divides by
    n_train (ddof=0), as scikit-learn does; pandas divides by n_train - 1.
    """
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    # Not std > 0: the mean of ten times 0.1 is rounded, and std then is 1e-17.
    scale = np.where(np.ptp(X_train, axis=0) > 0, std, np.inf)
    return (X_train - mean) / scale, (X_test - mean) / scale


def condition_number(X):
    """Condition number of X^T X / n, the Hessian of linear regression on X.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Examples, one a row.

    Returns
    -------
    kappa : float
        Largest over smallest eigenvalue; inf if the smallest one is 0 but for
        rounding.

    Notes
    -----
    The eigenvalues are the squares of X's singular values, over n; so the
    condition number is the square of numpy.linalg.cond(X).  Rounded, the
    smallest one is never quite 0: numpy.linalg.matrix_rank takes a singular
    value for 0 if it is at most max(X.shape) * 2.2e-16 times the largest.
    """
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return np.inf
    return float(np.linalg.cond(X) ** 2)


def step_decay(lr, t, drop, every):
    """Learning rate that drops at once, time after time.

    Parameters
    ----------
    lr : float
        Learning rate at the start.
    t : int or ndarray of int
        Steps done so far, from 0.
    drop : float
        Factor of each drop (0 < drop < 1).
    every : int
        Steps from one drop to the next; the first comes at t = every.

    Returns
    -------
    lr_t : float or ndarray
        Learning rate of step t, of the shape of `t`.

    Notes
    -----
    lr * drop**floor(t / every), as StepLR of PyTorch.
    """
    return lr * drop ** (t // every)


def inverse_sqrt_decay(lr, t):
    """Learning rate that falls like one over the root of the step's number.

    Parameters
    ----------
    lr : float
        Learning rate at the start.
    t : int or ndarray of int
        Steps done so far, from 0.

    Returns
    -------
    lr_t : float or ndarray
        Learning rate of step t, of the shape of `t`.

    Notes
    -----
    lr / sqrt(t + 1): the one that theory asks for with convex losses and noise.
    """
    return lr / np.sqrt(t + 1)


def exponential_decay(lr, t, rate):
    """Learning rate that shrinks by the same factor in every step.

    Parameters
    ----------
    lr : float
        Learning rate at the start.
    t : int or ndarray of int
        Steps done so far, from 0.
    rate : float
        Rate of decay for each step (> 0).

    Returns
    -------
    lr_t : float or ndarray
        Learning rate of step t, of the shape of `t`.

    Notes
    -----
    lr * exp(-rate * t), as in d2l.ai.  PyTorch (gamma) and Keras (decay_rate)
    ask for the factor of a step instead: it is exp(-rate).
    """
    return lr * np.exp(-rate * t)


def cosine_decay(lr, t, total, lr_min=0):
    """Learning rate that goes from lr to lr_min along half a cosine wave.

    Parameters
    ----------
    lr : float
        Learning rate at the start.
    t : int or ndarray of int
        Steps done so far, from 0.
    total : int
        Steps that the way down takes.
    lr_min : float
        Learning rate at t = total and ever after.

    Returns
    -------
    lr_t : float or ndarray
        Learning rate of step t, of the shape of `t`.

    Notes
    -----
    lr_min + (lr - lr_min) * (1 + cos(pi * min(t, total) / total)) / 2.  Without
    the minimum it rises again: CosineAnnealingLR of PyTorch does.

    References
    ----------
    Loshchilov & Hutter (2017), without the restarts.
    """
    part = np.minimum(t, total) / total
    return lr_min + (lr - lr_min) * (1 + np.cos(np.pi * part)) / 2


def warmup(schedule, t, warmup_steps):
    """Any schedule with a straight rise over its first steps.

    Parameters
    ----------
    schedule : callable
        `schedule(t)` is the learning rate of step t without warmup; it takes
        what `t` is.
    t : int or ndarray of int
        Steps done so far, from 0.
    warmup_steps : int
        In how many steps the full learning rate is reached (>= 1).

    Returns
    -------
    lr_t : float or ndarray
        Learning rate of step t, of the shape of `t`.

    Notes
    -----
    schedule(t) * min(1, (t + 1) / warmup_steps).  t + 1, since a first step of
    length 0 is a wasted one.  The schedule's clock runs during the warmup;
    elsewhere it often starts after it.

    References
    ----------
    Goyal et al. (2017), section 2.2.
    """
    return schedule(t) * np.minimum(1, (t + 1) / warmup_steps)


def transformer_lr(t, d_model, warmup_steps):
    """Learning rate of the first Transformer: up in a line, down like a root.

    Parameters
    ----------
    t : int or ndarray of int
        Number of the step, from 1.
    d_model : int
        Width of the model.
    warmup_steps : int
        Step at which the learning rate is largest.

    Returns
    -------
    lr_t : float or ndarray
        Learning rate of step t, of the shape of `t`.

    Notes
    -----
    d_model**-0.5 * min(t**-0.5, t * warmup_steps**-1.5).  Here t counts from 1,
    as in the paper.

    References
    ----------
    Vaswani et al. (2017), equation (3).
    """
    return d_model**-0.5 * np.minimum(t**-0.5, t * warmup_steps**-1.5)


class AdaGrad:
    """AdaGrad for a dict of arrays, with a learning rate that may change.

    Parameters
    ----------
    lr : float or callable
        Learning rate (> 0), or a function that gives it for the number t of
        the update, counted from 0.
    eps : float
        Small number that keeps the division possible.

    Methods
    -------
    update(params, grads)
        One step of every array of `params`, a dict of arrays of any shapes,
        along `grads`, a dict with the same keys.  After it `params[key]` is
        the new array; `grads` stays as it was.  Each key has a sum of squares
        of its own, zeros when the key is first seen.  A function `lr` is
        called once an update.  Returns None.
    """

    def __init__(self, lr, eps=1e-10):
        self.lr, self.eps = lr, eps
        self.r, self.t = {}, 0

    def update(self, params, grads):
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        self.t += 1
        for key, grad in grads.items():
            r = self.r.get(key, np.zeros_like(grad))
            params[key], self.r[key] = adagrad_step(params[key], r, grad, lr, self.eps)


class RMSProp:
    """RMSProp for a dict of arrays, with a learning rate that may change.

    Parameters
    ----------
    lr : float or callable
        Learning rate (> 0), or a function that gives it for the number t of
        the update, counted from 0.
    rho : float
        Decay of the average of squares (0 <= rho < 1).
    eps : float
        Small number that keeps the division possible.

    Methods
    -------
    update(params, grads)
        One step of every array of `params`, a dict of arrays of any shapes,
        along `grads`, a dict with the same keys.  After it `params[key]` is
        the new array; `grads` stays as it was.  Each key has an average of
        squares of its own, zeros when the key is first seen.  A function `lr`
        is called once an update.  Returns None.
    """

    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s, self.t = {}, 0

    def update(self, params, grads):
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        self.t += 1
        for key, grad in grads.items():
            s = self.s.get(key, np.zeros_like(grad))
            params[key], self.s[key] = rmsprop_step(
                params[key], s, grad, lr, self.rho, self.eps
            )
