"""Record what PyTorch says of cross-entropy and a small network, as `losses.json`.

Needs PyTorch, which the project itself does not; see `make_golden.py`:

    /tmp/torch/bin/python tests/parity/make_losses.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

__all__ = ["torch_losses"]

RECORDED = Path(__file__).with_name("losses.json")


def torch_losses() -> dict[str, Any]:
    """Logits, labels, losses and gradients, in float64."""
    rng = np.random.default_rng(8)
    logits = {
        "ordinary": rng.normal(0, 2, size=(5, 4)),
        "huge": np.array([[1000.0, -1000.0, 998.0], [-1000.0, -999.0, -1001.5]]),
        "wrong": np.array([[-10.0, 10.0, -1000.0]]),
    }
    found: dict[str, Any] = {"torch": torch.__version__.split("+")[0]}
    for name, values in logits.items():
        labels = rng.integers(0, values.shape[1], size=len(values))
        if name == "wrong":
            labels = np.array([0])
        right = torch.tensor(labels)
        y = functional.one_hot(right, values.shape[1]).double()
        z = torch.tensor(values, requires_grad=True)
        entropy = functional.cross_entropy(z, right)
        (slope,) = torch.autograd.grad(entropy, z)
        squares = ((z.softmax(dim=-1) - y) ** 2).sum(dim=1).mean()
        (slope_of_squares,) = torch.autograd.grad(squares, z)
        found[name] = {
            "z": values.tolist(),
            "labels": labels.tolist(),
            "softmax": z.softmax(dim=-1).tolist(),
            "cross_entropy": entropy.item(),
            "cross_entropy_grad": slope.tolist(),
            "squared_error_grad": slope_of_squares.tolist(),
        }
    return found | {"network": _network(rng)}


def _network(rng: np.random.Generator) -> dict[str, Any]:
    """Loss and gradients of dense, ReLU, dense."""
    arrays = {
        "W1": rng.normal(size=(3, 6)),
        "b1": rng.normal(size=6),
        "W2": rng.normal(size=(6, 4)),
        "b2": rng.normal(size=4),
    }
    X, labels = rng.normal(size=(5, 3)), rng.integers(0, 4, size=5)
    params = {k: torch.tensor(a, requires_grad=True) for k, a in arrays.items()}
    hidden = torch.relu(torch.tensor(X) @ params["W1"] + params["b1"])
    z = hidden @ params["W2"] + params["b2"]
    loss = functional.cross_entropy(z, torch.tensor(labels))
    grads = torch.autograd.grad(loss, list(params.values()))
    return {
        "params": {name: array.tolist() for name, array in arrays.items()},
        "X": X.tolist(),
        "labels": labels.tolist(),
        "loss": loss.item(),
        "grads": {k: g.tolist() for k, g in zip(params, grads, strict=True)},
    }


if __name__ == "__main__":
    RECORDED.write_text(json.dumps(torch_losses(), indent=1) + "\n")
