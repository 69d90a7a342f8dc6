"""Record what PyTorch's optimisers and schedules do, as `golden.json`.

Needs PyTorch, which the project itself does not:

    python -m venv /tmp/torch
    /tmp/torch/bin/pip install torch numpy
    /tmp/torch/bin/python tests/parity/make_golden.py
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import torch

from tests.parity.parity_runs import (
    BENT,
    CURVATURE,
    GOLDEN,
    N_STEPS,
    PATHS,
    RATES,
    SLOPE,
    START,
    Rates,
    Run,
)

__all__ = ["torch_path", "torch_rates"]

LAMBDAS = {
    "warmup over 8 steps": lambda epoch: min(1.0, (epoch + 1) / 8),
    "root of t + 1": lambda epoch: math.sqrt(epoch + 1),
    "one over the root of t + 1": lambda epoch: 1 / math.sqrt(epoch + 1),
    "transformer, width 64, warmup 8": lambda epoch: (
        64**-0.5 * min((epoch + 1) ** -0.5, (epoch + 1) * 8**-1.5)
    ),
}
"""Functions of PyTorch's epoch, which counts from 0, by what they are called."""


def torch_path(run: Run) -> np.ndarray:
    """The points that the run visits, start included, in float64 on the CPU."""
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimiser = getattr(torch.optim, run.optimiser)([theta], **run.settings)
    scheduler = _scheduler(optimiser, run.schedule)
    path = [START]
    for _ in range(N_STEPS):
        optimiser.zero_grad()
        _loss(theta).backward()
        optimiser.step()
        if scheduler is not None:
            scheduler.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


def torch_rates(run: Rates) -> np.ndarray:
    """The learning rate of every epoch, from 0 to 50."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=run.lr)
    scheduler = _scheduler(optimiser, run.schedule)
    rates = []
    for _ in range(N_STEPS + 1):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    return np.array(rates)


def _loss(theta: torch.Tensor) -> torch.Tensor:
    curvature, slope, bent = map(torch.tensor, (CURVATURE, SLOPE, BENT))
    return theta @ curvature @ theta / 2 + slope @ theta + bent @ theta**4 / 4


def _scheduler(optimiser: torch.optim.Optimizer, schedule: tuple) -> Any:
    made = []
    for kind, settings in schedule:
        if "lr_lambda" in settings:
            settings = {"lr_lambda": LAMBDAS[settings["lr_lambda"]]}
        made.append(getattr(torch.optim.lr_scheduler, kind)(optimiser, **settings))
    if len(made) > 1:
        return torch.optim.lr_scheduler.ChainedScheduler(made)
    return made[0] if made else None


def main() -> None:
    """Write `golden.json`."""
    paths = [run.described | {"path": torch_path(run).tolist()} for run in PATHS]
    rates = [run.described | {"rates": torch_rates(run).tolist()} for run in RATES]
    versions = {"torch": torch.__version__.split("+")[0], "numpy": np.__version__}
    # One run a line, so that a difference shows which run it is in.
    lines = [f'"versions": {json.dumps(versions)}']
    for name, runs in (("paths", paths), ("rates", rates)):
        rows = ",\n".join(json.dumps(run) for run in runs)
        lines.append(f'"{name}": [\n{rows}\n]')
    GOLDEN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
