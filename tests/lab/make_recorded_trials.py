"""Train one small network in every way that chapter 08 compares, and record it.

Takes a minute:  python tests/lab/make_recorded_trials.py
"""

from __future__ import annotations

import json
from itertools import pairwise, product

import numpy as np

from autograder.lab import datasets, trials
from autograder.lab.datasets import Digits

__all__ = ["gradients", "initial", "trial"]

_SIZES = (64, 64, 64, 10)
_RATES = {"SGD": 0.2, "Adam": 0.004}
_EPS = 1e-5


def trial(
    digits: Digits,
    seed: int,
    start: str = "small",
    optimiser: str = "SGD",
    schedule: str = "constant",
    norm: str = "none",
    n_epochs: int = 6,
) -> float:
    """Validation accuracy of a network with two hidden layers of 64 ReLU units.

    Parameters
    ----------
    digits : Digits
    seed : int
        Of the initial weights and of the order of the batches of 32.
    start : str
        Standard deviation of the weights: "small" is 0.01, or "Kaiming".
    optimiser : str
        "SGD" with learning rate 0.2 or "Adam" with 0.004.
    schedule : str
        "constant", or "cosine" down to 0.
    norm : str
        "none", or "batch" norm before each ReLU; then with running averages.
    n_epochs : int
        Passes over the training images.
    """
    rng = np.random.default_rng(seed)
    params = initial(rng, start)
    moments = {k: (np.zeros_like(p), np.zeros_like(p)) for k, p in params.items()}
    running = [[np.zeros(n), np.ones(n)] for n in _SIZES[1:-1]]
    n, size, t = len(digits.X), 32, 0
    total = n_epochs * -(-n // size)
    for _ in range(n_epochs):
        order = rng.permutation(n)
        for at in range(0, n, size):
            chosen = order[at : at + size]
            grads = gradients(
                params, digits.X[chosen], digits.labels[chosen], norm, running
            )
            share = (1 + np.cos(np.pi * t / total)) / 2 if schedule == "cosine" else 1.0
            t += 1
            for k, grad in grads.items():
                m, v = moments[k]
                m += 0.1 * (grad - m)
                v += 0.001 * (grad**2 - v)
                if optimiser == "Adam":
                    grad = m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
                params[k] -= _RATES[optimiser] * share * grad
    x = digits.X_val
    for i, (mean, var) in enumerate(running):
        z = x @ params[f"W{i}"] + params[f"b{i}"]
        if norm == "batch":
            z = params[f"g{i}"] * (z - mean) / np.sqrt(var + _EPS) + params[f"s{i}"]
        x = np.maximum(0, z)
    found = (x @ params["W2"] + params["b2"]).argmax(axis=1)
    return float(np.mean(found == digits.labels_val))


def initial(rng, start):
    params = {}
    for i, (n_in, n_out) in enumerate(pairwise(_SIZES)):
        std = 0.01 if start == "small" else np.sqrt(2 / n_in)
        params[f"W{i}"] = rng.normal(0, std, size=(n_in, n_out))
        params[f"b{i}"] = np.zeros(n_out)
        if i < len(_SIZES) - 2:
            params[f"g{i}"], params[f"s{i}"] = np.ones(n_out), np.zeros(n_out)
    return params


def gradients(params, X, labels, norm, running):
    """Gradients of the mean cross-entropy; moves the running averages."""
    n, x, kept = len(X), X, []
    for i in range(2):
        z = x @ params[f"W{i}"] + params[f"b{i}"]
        z_hat, std = z, 1.0
        if norm == "batch":
            mean, var = z.mean(axis=0), z.var(axis=0)
            for average, new in zip(running[i], (mean, var), strict=True):
                average += 0.1 * (new - average)
            std = np.sqrt(var + _EPS)
            z_hat = (z - mean) / std
            z = params[f"g{i}"] * z_hat + params[f"s{i}"]
        kept.append((x, z, z_hat, std))
        x = np.maximum(0, z)
    scores = x @ params["W2"] + params["b2"]
    back = np.exp(scores - scores.max(axis=1, keepdims=True))
    back /= back.sum(axis=1, keepdims=True)
    back[np.arange(n), labels] -= 1
    back /= n
    grads = {"W2": x.T @ back, "b2": back.sum(axis=0)}
    back = back @ params["W2"].T
    for i in (1, 0):
        x, z, z_hat, std = kept[i]
        back = back * (z > 0)
        if norm == "batch":
            grads[f"g{i}"], grads[f"s{i}"] = (back * z_hat).sum(axis=0), back.sum(0)
            along = z_hat * (back * z_hat).mean(axis=0)
            back = params[f"g{i}"] / std * (back - back.mean(axis=0) - along)
        grads[f"W{i}"], grads[f"b{i}"] = x.T @ back, back.sum(axis=0)
        back = back @ params[f"W{i}"].T
    return grads


def main() -> None:
    """Run all of them, and write what `trials` reads."""
    digits = datasets.digits()
    rows = product(*trials.CHOICES.values())
    recorded = {
        " ".join(row): [trial(digits, seed, *row) for seed in range(trials.N_SEEDS)]
        for row in rows
    }
    text = json.dumps(recorded, indent=1)
    trials.FILE.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
