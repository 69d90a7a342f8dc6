"""Chapters 04 and 05: what a learner decides or finds out, each as one good answer."""

from __future__ import annotations

import numpy as np

__all__ = ["adam_suspect", "come_to_rest", "descend"]


def adam_suspect(grads, steps, lr, beta1, beta2):
    """Which mistake an Adam has that took these steps.

    Parameters
    ----------
    grads : ndarray of shape (n_steps,)
        Gradients of one parameter, the first one first.
    steps : ndarray of shape (n_steps,)
        What was added to the parameter each time.
    lr, beta1, beta2 : float
        Its settings; eps is 0.

    Returns
    -------
    mistake : str
        One of "no correction", "m not corrected", "v not corrected",
        "t one ahead", "corrected moments kept", "betas exchanged", and "none of
        these" where the steps are another Adam's, or right.

    Notes
    -----
    Each suspect is run on the gradients; the culprit takes the steps seen.
    """
    errors = {}
    for name in (
        "no correction",
        "m not corrected",
        "v not corrected",
        "t one ahead",
        "corrected moments kept",
        "betas exchanged",
    ):
        m, v, errors[name] = 0.0, 0.0, 0.0
        b1, b2 = (beta2, beta1) if name == "betas exchanged" else (beta1, beta2)
        for t, (g, step) in enumerate(zip(grads, steps, strict=True), start=1):
            m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
            number = t + 1 if name == "t one ahead" else t
            m_hat, v_hat = m / (1 - b1**number), v / (1 - b2**number)
            if name in ("no correction", "m not corrected"):
                m_hat = m
            if name in ("no correction", "v not corrected"):
                v_hat = v
            if name == "corrected moments kept":
                m, v = m_hat, v_hat
            errors[name] += abs(step + lr * m_hat / np.sqrt(v_hat))
    best = min(errors, key=lambda name: errors[name])
    return best if errors[best] < 1e-6 else "none of these"


def descend(grad_fn, theta0, n_steps):
    """Go as near to the bottom of a loss as a budget of gradients lets you.

    Parameters
    ----------
    grad_fn : callable
        Gradient at a point; can be called `n_steps` times, and no more.
    theta0 : ndarray of shape (d,)
        Start; not modified.
    n_steps : int
        The budget.

    Returns
    -------
    theta : ndarray of shape (d,)
        As near to the bottom as you come.

    Notes
    -----
    Adam with a large learning rate that falls to 0: gradients of rare features
    stay small, so that their size says nothing about the distance.
    """
    theta = theta0
    m, v = np.zeros_like(theta0), np.zeros_like(theta0)
    for t in range(1, n_steps + 1):
        grad = grad_fn(theta)
        m, v = 0.8 * m + 0.2 * grad, 0.9 * v + 0.1 * grad**2
        lr = 0.45 * (1 + np.cos(np.pi * t / n_steps))
        scale = np.sqrt(v / (1 - 0.9**t)) + 1e-12
        theta = theta - lr * m / (1 - 0.8**t) / scale
    return theta


def come_to_rest(grad_fn, theta0, n_steps):
    """Come to rest at the bottom of a loss whose gradients are noisy.

    Parameters
    ----------
    grad_fn : callable
        A noisy gradient at a point: another one in each call.  Can be called
        `n_steps` times, and no more.
    theta0 : ndarray of shape (d,)
        Start; not modified.
    n_steps : int
        The budget.

    Returns
    -------
    theta : ndarray of shape (d,)
        As near to the bottom as you come.

    Notes
    -----
    AdaGrad makes up for slopes of different size; its long steps reach the
    bottom, and a cosine lets them end, so that the noise averages out.
    """
    theta, r = theta0, np.zeros_like(theta0)
    for t in range(n_steps):
        grad = grad_fn(theta)
        r = r + grad**2
        lr = 4.0 * (1 + np.cos(np.pi * t / n_steps))
        theta = theta - lr * grad / (np.sqrt(r) + 1e-12)
    return theta
