"""Record PyTorch's initial weights and gradients, as `golden_initialization.json`.

    /tmp/torch/bin/python tests/parity/make_golden_initialization.py

with PyTorch as `make_golden.py` says.
"""

from __future__ import annotations

import json
from typing import Any
from unittest import mock

import numpy as np
import torch

from tests.parity.initialization_runs import (
    ACTIVATIONS,
    CALLS,
    GAINS,
    GOLDEN,
    SHAPES,
    network,
)

__all__ = ["torch_fans", "torch_gradients", "torch_scale"]


def torch_fans(shape: tuple[int, ...]) -> list[int]:
    """fan_in and fan_out of weights of PyTorch's layout."""
    return list(torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape)))


def torch_scale(call: str, shape: tuple[int, ...]) -> float:
    """The standard deviation or the bound with which PyTorch draws."""
    name, _, activation = call.partition(" ")
    settings = {"nonlinearity": GAINS[activation]} if activation else {}
    W = torch.empty(shape, dtype=torch.float64)
    with (
        mock.patch.object(torch.Tensor, "normal_", autospec=True) as normal,
        mock.patch.object(torch.Tensor, "uniform_", autospec=True) as uniform,
    ):
        getattr(torch.nn.init, f"{name}_")(W, **settings)
    (drawn,) = normal.call_args_list + uniform.call_args_list
    *_, low, high = drawn.args
    assert low == (0 if name.endswith("normal") else -high)
    return float(high)


def torch_gradients(activation: str) -> dict[str, Any]:
    """Outputs of all layers, and norms of the gradients without biases."""
    X, weights, biases, grad_out = map(_tensors, network())
    phi = {
        "linear": lambda z: z,
        "relu": torch.relu,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
    }[activation]
    H, outputs = X, []
    for W, b in zip(weights, biases, strict=True):
        H = phi(H @ W + b)
        outputs.append(H.tolist())
    H = X
    for W in weights:
        W.requires_grad_()
        H = phi(H @ W)
    H.backward(grad_out)
    return {"outputs": outputs, "norms": [float(W.grad.norm()) for W in weights]}


def _tensors(value: Any) -> Any:
    if isinstance(value, list):
        return [_tensors(item) for item in value]
    return torch.tensor(np.asarray(value), dtype=torch.float64)


def main() -> None:
    """Write `golden_initialization.json`."""
    scales = {c: [torch_scale(c, shape) for shape in SHAPES] for c in CALLS}
    found = {
        "versions": {"torch": torch.__version__.split("+")[0]},
        "shapes": SHAPES,
        "fans": [torch_fans(shape) for shape in SHAPES],
        "scales": scales,
        "gradients": {a: torch_gradients(a) for a in ACTIVATIONS},
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in found.items()]
    GOLDEN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
