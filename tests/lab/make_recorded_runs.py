"""Run every optimiser of the course, and record what chapter 05 shows of it.

Takes three minutes:  python tests/lab/make_recorded_runs.py
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from autograder.kernels.adam import adam_step
from autograder.kernels.adaptive_learning_rates import (
    adagrad_step,
    cosine_decay,
    rmsprop_step,
    warmup,
)
from autograder.kernels.gradient_descent import gd_step
from autograder.kernels.momentum import momentum_step
from autograder.lab import deep_network, digit_network, recorded_runs
from autograder.lab.datasets import digits
from autograder.lab.landscapes import ravine

__all__ = ["LRS", "METHODS", "N_EPOCHS", "train", "train_deep", "walk", "walks"]

METHODS: dict[str, tuple[Callable, int]] = {
    "gradient descent": (lambda theta, t, g, lr: (gd_step(theta, g, lr),), 0),
    "momentum": (lambda theta, v, t, g, lr: momentum_step(theta, v, g, lr, 0.9), 1),
    "AdaGrad": (lambda theta, r, t, g, lr: adagrad_step(theta, r, g, lr), 1),
    "RMSProp": (lambda theta, s, t, g, lr: rmsprop_step(theta, s, g, lr), 1),
    "Adam": (adam_step, 2),
    # So late that both corrections are 1.
    "uncorrected": (
        lambda theta, m, v, t, g, lr: adam_step(theta, m, v, 10**9, g, lr),
        2,
    ),
}
"""A step that takes theta, its state, t, the gradient and lr; arrays of state."""

LRS = [round(10 ** (k / 2), 6) for k in range(-8, 4)]
"""Learning rates that are tried, the same on both tasks for every optimiser."""

N_STEPS, N_EPOCHS, N_SEEDS = 29, 20, 10

DEEP_LRS, WARMUPS, BATCH = LRS[2:7], [1, 150], 32
"""Of the deep network; a warmup of one step is none."""


def walk(name: str, lr: float, n_steps: int = N_STEPS) -> np.ndarray:
    """The points that a method visits on the ravine, start included."""
    step, n_state = METHODS[name]
    theta, state, path = ravine.start, [np.zeros(2)] * n_state, [ravine.start]
    for t in range(1, n_steps + 1):
        theta, *state = step(theta, *state, t, ravine.gradient(theta), lr)
        path.append(theta)
    return np.array(path)


def walks() -> dict[str, dict[str, float]]:
    """For each picture: which methods, with which learning rates."""
    four = [name for name in METHODS if name not in ("Adam", "uncorrected")]
    return {
        "two halves": {"momentum": 0.1, "RMSProp": 0.3, "uncorrected": 0.3},
        "one learning rate": dict.fromkeys(four, 0.4),
        "tuned": {name: _best_on_ravine(name) for name in four},
    }


def _best_on_ravine(name: str) -> float:
    return min(
        LRS, key=lambda lr: np.nan_to_num(ravine.f(walk(name, lr)[-1]), nan=np.inf)
    )


def train(
    name: str, lr: float, seed: int, n_epochs: int = N_EPOCHS
) -> tuple[list[float], float]:
    """Loss before training and after each epoch, and the accuracy in the end."""
    step, n_state = METHODS[name]
    data, rng = digits(), np.random.default_rng(seed)
    params = digit_network.initial(rng)
    states = {key: [np.zeros_like(value)] * n_state for key, value in params.items()}
    losses, t = [], 0

    def note():
        losses.append(digit_network.loss(params, data.X, data.labels))

    note()
    for _ in range(n_epochs):
        for X, labels in digit_network.batches(data, rng):
            t += 1
            _, grads = digit_network.loss_and_grads(params, X, labels)
            for key, grad in grads.items():
                params[key], *states[key] = step(params[key], *states[key], t, grad, lr)
        note()
    return losses, digit_network.accuracy(params, data.X_val, data.labels_val)


def train_deep(
    lr: float, warmup_steps: int, seed: int, n_steps: int = 400
) -> tuple[float, float]:
    """Adam on a network of ten hidden ReLU layers: loss and accuracy in the end."""
    data, rng = digits(), np.random.default_rng(seed)
    layers = deep_network.initial(rng, n_hidden=10)
    states = [
        {name: [np.zeros_like(layer[name])] * 2 for name in ("W", "b")}
        for layer in layers
    ]
    order = np.empty(0, dtype=int)
    for t in range(n_steps):
        if len(order) < BATCH:
            order = rng.permutation(len(data.X))
        chosen, order = order[:BATCH], order[BATCH:]
        _, grads, _ = deep_network.loss_and_grads(
            layers, data.X[chosen], data.labels[chosen]
        )
        lr_t = warmup(lambda k: cosine_decay(lr, k, n_steps), t, warmup_steps)
        for layer, state, grad in zip(layers, states, grads, strict=True):
            for name in state:
                layer[name], *state[name] = adam_step(
                    layer[name], *state[name], t + 1, grad[name], lr_t
                )
    loss, _, _ = deep_network.loss_and_grads(layers, data.X, data.labels)
    return loss, deep_network.accuracy(layers, data.X_val, data.labels_val)


def _warmups() -> dict:
    runs = np.array(
        [
            [[train_deep(lr, w, seed) for seed in range(N_SEEDS)] for lr in DEEP_LRS]
            for w in WARMUPS
        ]
    )
    return {
        "lrs": DEEP_LRS,
        "warmups": WARMUPS,
        "loss": _rounded(runs[..., 0]),
        "accuracy": _rounded(runs[..., 1]),
    }


def _trainings(name: str) -> dict:
    runs = {lr: [train(name, lr, seed) for seed in range(N_SEEDS)] for lr in LRS}
    final = np.array([[losses[-1] for losses, _ in runs[lr]] for lr in LRS])
    best = LRS[int(np.argmin(np.nan_to_num(np.median(final, axis=1), nan=np.inf)))]
    return {
        "lr": best,
        "lrs": LRS,
        "final": _rounded(final),
        "losses": _rounded(np.array([losses for losses, _ in runs[best]])),
        "accuracy": _rounded(np.array([accuracy for _, accuracy in runs[best]])),
    }


def _rounded(array: np.ndarray) -> list:
    """Eight significant digits; JSON has no inf, so what has overflowed is null."""
    if array.ndim:
        return [_rounded(row) for row in array]
    return float(f"{array:.8g}") if np.isfinite(array) else None


def main() -> None:
    """Write `recorded_runs.json`."""
    with np.errstate(over="ignore", invalid="ignore"):
        pictures = [
            f'"{which}": {{\n'
            + ",\n".join(
                f'"{name}": {json.dumps({"lr": lr, "path": walk(name, lr).tolist()})}'
                for name, lr in chosen.items()
            )
            + "\n}"
            for which, chosen in walks().items()
        ]
        lines = ['"ravine": {\n' + ",\n".join(pictures) + "\n}"]
        trainings = [
            f'"{name}": {json.dumps(_trainings(name))}'
            for name in METHODS
            if name != "uncorrected"
        ]
        lines.append('"digits": {\n' + ",\n".join(trainings) + "\n}")
        lines.append(f'"warmup": {json.dumps(_warmups())}')
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    file = Path(recorded_runs.__file__).with_suffix(".json")
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
