"""Train networks with and without batch norm, and record what chapter 07 shows.

Takes two minutes:  python tests/lab/make_recorded_norms.py
"""

from __future__ import annotations

import json

import numpy as np

from autograder.kernels.batch_norm import (
    batchnorm_backward,
    batchnorm_forward,
    batchnorm_inference,
    update_running,
)
from autograder.lab import deep_network
from autograder.lab.datasets import digits
from autograder.lab.tasks import recorded_norms

__all__ = ["EXAMPLES", "N_SEEDS", "RATES", "SIZES", "accuracy"]

NORM = deep_network.Norm(batchnorm_forward, batchnorm_backward)
RATES = [round(10 ** (k / 4), 6) for k in range(-6, 5)]
SIZES, N_SEEDS, EXAMPLES = [2, 4, 8, 32], 10, 9600


def accuracy(norm: bool, seed: int, **settings) -> float:
    """Part of the validation images read right, in use by running averages."""
    data, rng = digits(), np.random.default_rng(seed)
    of = [(np.zeros(50), np.ones(50)) for _ in range(5)]

    def watch(seen):
        of[:] = [update_running(*old, z, 0.1) for old, z in zip(of, seen, strict=True)]

    layers, _ = deep_network.train_layers(
        deep_network.initial(rng),
        data,
        rng,
        norm=NORM if norm else None,
        watch=[watch] if norm else [],
        **settings,
    )

    def normalise(k, z, gamma, beta):
        return batchnorm_inference(z, gamma, beta, *of[k])

    used = normalise if norm else None
    return round(deep_network.accuracy(layers, data.X_val, data.labels_val, used), 6)


def main() -> None:
    """Write what `recorded_norms` reads."""
    kinds = {"batch norm": True, "without": False}
    seeds = range(N_SEEDS)
    recorded = {
        "rates": RATES,
        "by_rate": {
            name: [
                [accuracy(norm, s, lr=lr, n_steps=150) for s in seeds] for lr in RATES
            ]
            for name, norm in kinds.items()
        },
        "sizes": SIZES,
        "by_size": {
            what: {
                name: [
                    [
                        accuracy(norm, s, lr=0.05, batch_size=size, n_steps=steps(size))
                        for s in seeds
                    ]
                    for size in SIZES
                ]
                for name, norm in kinds.items()
            }
            for what, steps in (
                ("300 steps", lambda size: 300),
                ("9,600 examples", lambda size: EXAMPLES // size),
            )
        },
    }
    text = json.dumps(recorded, indent=1)
    recorded_norms.FILE.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
