"""Make `autograder/lab/tasks/suspects.json`: six runs in an order drawn by chance.

python tests/lab/make_recorded_suspects.py
"""

from __future__ import annotations

import json

import numpy as np

from autograder.exercises.adam.adam_suspect import SUSPECTS, steps_of
from autograder.lab.tasks.suspects import FILE

SETTINGS = {"lr": 0.01, "beta1": 0.9, "beta2": 0.99}


def main() -> None:
    """Write the file."""
    rng = np.random.default_rng()
    grads = np.round(1 + 0.5 * rng.standard_normal(30), 3)
    order = rng.permutation(list(SUSPECTS))
    runs = {
        letter: list(map(float, steps_of(suspect, grads, **SETTINGS)))
        for letter, suspect in zip("ABCDEF", order, strict=True)
    }
    data = {**SETTINGS, "grads": list(map(float, grads)), "runs": runs}
    FILE.write_text(json.dumps(data) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
