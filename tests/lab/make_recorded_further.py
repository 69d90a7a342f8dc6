"""Run what the chapters show of further work, with the model answers, and record it.

Takes seconds:  python -m tests.lab.make_recorded_further
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from autograder.lab.tasks import further

__all__ = ["SHOWN", "shown"]

SOLUTIONS = Path(__file__).parents[2] / "solutions"

SHOWN = {
    "transformer_lr": (
        "04_adaptive_learning_rates",
        "transformer_lr(np.arange(1, 142), 512, 20) / transformer_lr(20, 512, 20)",
    ),
    "amsgrad_step": ("05_adam", "follow(amsgrad_step, 3, **short)"),
    "predicted_scale": ("06_initialization", "list(relu_sizes()[1].values())"),
    "gradient_norms": ("06_initialization", "list(three_kinds().values())"),
    "groupnorm": ("07_batch_norm", "reached(lambda x: groupnorm(x, 2))"),
}
"""By function: its chapter, and what an experiment there computes with it."""


def shown(function: str) -> np.ndarray:
    """The result of that experiment, by the chapter's own code."""
    chapter, expression = SHOWN[function]
    names: dict[str, Any] = {}
    path = SOLUTIONS / chapter / f"{chapter}.ipynb"
    for cell in nbformat.read(path, as_version=4).cells:
        tagged = {"experiment", "try"} & set(cell.metadata.get("tags", ()))
        check = cell.metadata.get("nbgrader", {}).get("grade")
        if cell.cell_type == "code" and not tagged and not check:
            exec(cell.source, names)  # noqa: S102 -- our own notebook
    return np.array(eval(expression, names))


def main() -> None:
    """Run all of them, and write what `further` reads."""
    recorded = {name: _rounded(shown(name)) for name in SHOWN}
    text = json.dumps(recorded)
    further.FILE.write_text(text + "\n", encoding="utf-8", newline="\n")


def _rounded(result: np.ndarray) -> list:
    """Twelve digits, or the four that a figure shows of thousands of numbers."""
    if result.dtype == bool:
        return result.tolist()
    digits = 12 if result.size < 1000 else 4
    return np.vectorize(lambda x: float(f"{x:.{digits}g}"))(result).tolist()


if __name__ == "__main__":
    main()
