"""Record what PyTorch's normalisations do, as `normalisation_golden.json`.

Needs PyTorch; `make_golden.py` says how to get it.

    /tmp/torch/bin/python tests/parity/make_normalisation_golden.py
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import torch
from torch.nn.utils import parametrizations

from tests.parity.normalisation_runs import (
    AXES,
    BATCHES,
    GOLDEN,
    GROUPS,
    IMAGES,
    MATRICES,
    values,
)

__all__ = ["torch_batch_norm", "torch_images", "torch_weights"]


def torch_batch_norm(run: dict[str, Any]) -> dict[str, Any]:
    """Output, gradients and averages of three batches, and the output in use."""
    n, d = run["shape"]
    layer = torch.nn.BatchNorm1d(d, eps=run["eps"], momentum=run["momentum"]).double()
    with torch.no_grad():
        layer.weight.copy_(_tensor(values((d,), 1)))
        layer.bias.copy_(_tensor(values((d,), 2)))
    found: dict[str, Any] = {"batches": []}
    for k in (3, 4, 5):
        x = _tensor(run["spread"] * values((n, d), k) + k).requires_grad_()
        layer.zero_grad()
        out = layer(x)
        out.backward(_tensor(values((n, d), k + 10)))
        parts = {
            "out": out,
            "dx": x.grad,
            "dgamma": layer.weight.grad,
            "dbeta": layer.bias.grad,
            "running_mean": layer.running_mean,
            "running_var": layer.running_var,
        }
        found["batches"].append({name: _list(part) for name, part in parts.items()})
    layer.eval()
    found["in use"] = _list(layer(_tensor(values((n + 1, d), 6))))
    return found


def torch_images() -> dict[str, Any]:
    """Images under each normalisation of the family, without scale and shift."""
    x, (_, c, h, w) = _tensor(values(IMAGES, 7)), IMAGES
    made = {
        "batch": torch.nn.BatchNorm2d(c, eps=1e-3, affine=False),
        "layer": torch.nn.LayerNorm((c, h, w), eps=1e-3, elementwise_affine=False),
        "instance": torch.nn.InstanceNorm2d(c, eps=1e-3),
    }
    found = {name: _list(made[name].double()(x)) for name in AXES}
    for n_groups in GROUPS:
        layer = torch.nn.GroupNorm(n_groups, c, eps=1e-3, affine=False).double()
        found[f"{n_groups} groups"] = _list(layer(x))
    return found


def torch_weights(shape: tuple[int, int], n_iter: int) -> dict[str, Any]:
    """Weight and spectral norm of a layer whose weights are those of ours, turned."""
    n_in, n_out = shape
    v, g = values(shape, 8), values((n_out,), 9)
    layer = torch.nn.Linear(n_in, n_out, bias=False).double()
    parametrizations.weight_norm(layer)
    with torch.no_grad():
        layer.parametrizations.weight.original0.copy_(_tensor(g[:, None]))
        layer.parametrizations.weight.original1.copy_(_tensor(v.T))
    found = {"weight norm": _list(layer.weight.T)}
    # Each round of PyTorch's begins with its u, made from its v: ours, turned.
    layer = torch.nn.Linear(n_in, n_out, bias=False).double()
    parametrizations.spectral_norm(layer, n_power_iterations=n_iter)
    power = layer.parametrizations.weight[0]
    power._v.copy_(_tensor(values((n_in,), 10)))
    with torch.no_grad():
        found["spectral norm"] = _list(power(_tensor(v.T)).T)
    return found | {"u": _list(power._v)}


def _tensor(array: np.ndarray) -> torch.Tensor:
    return torch.tensor(array, dtype=torch.float64)


def _list(tensor: torch.Tensor) -> list:
    return tensor.detach().numpy().tolist()


def main() -> None:
    """Write `normalisation_golden.json`."""
    golden = {
        "versions": {"torch": torch.__version__.split("+")[0], "numpy": np.__version__},
        "batch norm": {name: torch_batch_norm(run) for name, run in BATCHES.items()},
        "images": torch_images(),
        "weights": {name: torch_weights(*run) for name, run in MATRICES.items()},
    }
    lines = [f'"{name}": {json.dumps(part)}' for name, part in golden.items()]
    GOLDEN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
