"""Chapter 05: Adam and its kin."""

from __future__ import annotations

import numpy as np

__all__ = [
    "Adam",
    "adam_step",
    "adamw_step",
    "amsgrad_step",
    "correct_bias",
    "folded_adam_step",
    "folded_epsilon",
    "startup_ratio",
    "update_moments",
]


def update_moments(m, v, grad, beta1=0.9, beta2=0.999):
    """Moving averages of the gradients and of their squares.

    Parameters
    ----------
    m, v, grad : ndarray, all of one shape
        Average of past gradients and average of their squares (both zeros at
        first), gradient of the loss.
    beta1, beta2 : float
        Decay of `m` and decay of `v` (0 <= beta < 1).

    Returns
    -------
    m, v : ndarray
        New arrays; the arguments are not modified.

    Notes
    -----
    m <- beta1 * m + (1 - beta1) * grad;
    v <- beta2 * v + (1 - beta2) * grad**2, entry by entry.

    References
    ----------
    Kingma & Ba (2015), algorithm 1.
    """
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return m, v


def correct_bias(moment, beta, t):
    """A moving average that began at zero, freed of that beginning.

    Parameters
    ----------
    moment : ndarray
        The average after `t` steps, from zeros.
    beta : float
        Its decay (0 <= beta < 1).
    t : int
        Number of steps that it has seen (>= 1).

    Returns
    -------
    corrected : ndarray
        A new array; the argument is not modified.

    Raises
    ------
    ValueError
        If `t` is below 1.

    Notes
    -----
    The weights of the t gradients add up to 1 - beta**t, so the average is
    divided by that.  The count starts at 1, as in the paper: with t = 0 the
    divisor is zero.

    References
    ----------
    Kingma & Ba (2015), section 3.
    """
    if t < 1:
        raise ValueError("t counts from 1")
    return moment / (1 - beta**t)


def adam_step(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam.

    Parameters
    ----------
    theta, m, v : ndarray, all of one shape
        Parameters, average of past gradients, average of their squares (both
        averages zeros at first).
    t : int
        Number of this step, from 1.
    grad : ndarray of the same shape
        Gradient of the loss at `theta`.
    lr : float
        Learning rate (> 0).
    beta1, beta2 : float
        Decay of `m` and decay of `v` (0 <= beta < 1).
    eps : float
        Added to the root in the denominator, outside it (>= 0).

    Returns
    -------
    theta, m, v : ndarray
        New arrays; the arguments are not modified.  `m` and `v` are the
        averages before bias correction.

    Notes
    -----
    m <- beta1 * m + (1 - beta1) * grad;
    v <- beta2 * v + (1 - beta2) * grad**2;
    theta <- theta - lr * m_hat / (sqrt(v_hat) + eps) with
    m_hat = m / (1 - beta1**t) and v_hat = v / (1 - beta2**t).
    `eps` outside the root, as in algorithm 1 and in PyTorch.  Keras adds the
    same number to the root of the uncorrected v instead: `folded_adam_step`.

    References
    ----------
    Kingma & Ba (2015), algorithm 1.
    """
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def startup_ratio(beta1, beta2, t):
    """How much longer the t-th step is without bias correction than with it.

    Parameters
    ----------
    beta1, beta2 : float
        Decay of `m` and decay of `v` (0 <= beta < 1).
    t : int
        Number of the step (>= 1).

    Returns
    -------
    ratio : float
        Length of the uncorrected step over that of the corrected one, for a
        gradient that is the same in every step, with eps = 0.

    Notes
    -----
    m is too small by 1 - beta1**t and sqrt(v) by sqrt(1 - beta2**t).  With
    beta1 = 0.9 and beta2 = 0.999 the ratio is above 1: v is the more biased.
    """
    return float((1 - beta1**t) / np.sqrt(1 - beta2**t))


def adamw_step(
    theta,
    m,
    v,
    t,
    grad,
    lr=1e-3,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    weight_decay=0.01,
):
    """One step of AdamW: Adam with decoupled weight decay.

    Parameters
    ----------
    theta, m, v : ndarray, all of one shape
        Parameters, average of past gradients, average of their squares (both
        averages zeros at first).
    t : int
        Number of this step, from 1.
    grad : ndarray of the same shape
        Gradient of the loss at `theta`, without any penalty.
    lr : float
        Learning rate (> 0).
    beta1, beta2 : float
        Decay of `m` and decay of `v` (0 <= beta < 1).
    eps : float
        Added to the root in the denominator, outside it (>= 0).
    weight_decay : float
        Strength of the decay (>= 0).

    Returns
    -------
    theta, m, v : ndarray
        New arrays; the arguments are not modified.  `m` and `v` are the
        averages before bias correction.

    Notes
    -----
    Beside Adam's step, theta loses lr * weight_decay times the theta that the
    step began with; the decay stays outside the moments.  That is PyTorch's
    AdamW.  In the paper's algorithm 2 the decay is not multiplied by the
    learning rate, only by the schedule.

    References
    ----------
    Loshchilov & Hutter (2019), algorithm 2.
    """
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps) + weight_decay * theta
    return theta - lr * step, m, v


def folded_adam_step(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam with both corrections folded into the learning rate.

    Parameters
    ----------
    theta, m, v : ndarray, all of one shape
        Parameters, average of past gradients, average of their squares (both
        averages zeros at first).
    t : int
        Number of this step, from 1.
    grad : ndarray of the same shape
        Gradient of the loss at `theta`.
    lr : float
        Learning rate (> 0).
    beta1, beta2 : float
        Decay of `m` and decay of `v` (0 <= beta < 1).
    eps : float
        Added to the root of the uncorrected `v`, outside it (>= 0).

    Returns
    -------
    theta, m, v : ndarray
        New arrays; the arguments are not modified.

    Notes
    -----
    lr_t = lr * sqrt(1 - beta2**t) / (1 - beta1**t);
    theta <- theta - lr_t * m / (sqrt(v) + eps).
    Adam's own step but for eps, which acts as if it were
    eps / sqrt(1 - beta2**t) there.

    References
    ----------
    Kingma & Ba (2015), end of section 2; Keras and TensorFlow.
    """
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


def folded_epsilon(eps, beta2, t):
    """The eps with which the folded form makes the plain form's t-th step.

    Parameters
    ----------
    eps : float
        What the plain form adds to the root of the corrected `v` (>= 0).
    beta2 : float
        Decay of `v` (0 <= beta2 < 1).
    t : int
        Number of the step (>= 1).

    Returns
    -------
    eps_t : float

    Notes
    -----
    eps * sqrt(1 - beta2**t): the denominator of the plain form times the
    root that the folded form has moved into the learning rate.

    References
    ----------
    Kingma & Ba (2015), end of section 2.
    """
    return float(eps * np.sqrt(1 - beta2**t))


def amsgrad_step(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """One step of AMSGrad: Adam whose denominator never forgets its largest value.

    Parameters
    ----------
    theta, m, v, v_max : ndarray, all of one shape
        Parameters, average of past gradients, average of their squares, and
        the largest such average so far, entry by entry (all three zeros at
        first).
    t : int
        Number of this step, from 1.
    grad : ndarray of the same shape
        Gradient of the loss at `theta`.
    lr : float
        Learning rate (> 0).
    beta1, beta2 : float
        Decay of `m` and decay of `v` (0 <= beta < 1).
    eps : float
        Added to the root in the denominator, outside it (>= 0).

    Returns
    -------
    theta, m, v, v_max : ndarray
        New arrays; the arguments are not modified.  `m`, `v` and `v_max` are
        those before bias correction.

    Notes
    -----
    v_max <- maximum(v_max, v), then Adam's step with v_max instead of v.
    The maximum is of the uncorrected v and corrected afterwards, as in
    PyTorch.  Keras takes the maximum of uncorrected ones too; the paper's
    algorithm 2 corrects nothing.

    References
    ----------
    Reddi, Kale, Kumar (2018), algorithm 2.
    """
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.maximum(v_max, v)
    m_hat = m / (1 - beta1**t)
    v_hat = v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


class Adam:
    """Adam with decoupled weight decay, for a dict of arrays.

    Parameters
    ----------
    lr : float or callable
        Learning rate (> 0), or a function that gives it for the number of the
        update, counted from 0.
    beta1, beta2 : float
        Decay of the moving averages of the gradients and of their squares.
    eps : float
        Small number that keeps the division possible.
    weight_decay : float
        Strength of the decay, outside the moments, of the old values.

    Methods
    -------
    update(params, grads)
        One step of every array of `params`, a dict of arrays of any shapes,
        along `grads`, a dict with the same keys.  After it `params[key]` is
        the new array; `grads` stays as it was.  The step number t of the bias
        correction is 1 in the first update and goes on by 1 an update,
        whatever the keys.  Each key has moments of its own, zeros when the key
        is first seen, even if t is large by then.  Returns None.

    Notes
    -----
    PyTorch counts steps for each parameter, so that a parameter that is first
    seen late starts with t = 1 there.
    """

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay, self.m, self.v, self.t = weight_decay, {}, {}, 0

    def update(self, params, grads):
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        self.t += 1
        for key, grad in grads.items():
            m = self.m.get(key, np.zeros_like(grad))
            v = self.v.get(key, np.zeros_like(grad))
            theta, self.m[key], self.v[key] = adam_step(
                params[key], m, v, self.t, grad, lr, self.beta1, self.beta2, self.eps
            )
            params[key] = theta - lr * self.weight_decay * params[key]
