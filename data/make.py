"""Makes the files of this folder from scikit-learn's copies of the data.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install scikit-learn
    /tmp/venv/bin/python data/make.py

Nothing else needs scikit-learn.  The same copies give the same bytes; the loader
compares them with `SHA256SUMS`, which this script writes too.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_wine

HERE = Path(__file__).parent
PER_CLASS = 36
"""Images of each digit in the validation part, and again in the held-out part."""

WINE_UNITS = {"od280/od315_of_diluted_wines": "1"}
CANCER_UNITS = {
    "radius": "length",
    "texture": "grey levels",
    "perimeter": "length",
    "area": "length^2",
    "compactness": "1",
    "fractal dimension": "1",
}
"""As far as the definitions in the source fix them; it names no unit of length."""


def main() -> None:
    """Write every file of this folder but the data sheet and this script."""
    written = [*digits(), wine(), breast_cancer()]
    sums = [f"{_sha256(path)}  {path.relative_to(HERE).as_posix()}" for path in written]
    _write(HERE / "SHA256SUMS", sums)
    print("\n".join(sums))


def digits() -> list[Path]:
    """The images, split class by class with a fixed seed, in the source's order."""
    source = load_digits()
    images, labels = source.data.astype(int), source.target
    assert np.array_equal(images, source.data)
    parts: dict[str, list[int]] = {"train": [], "validation": [], "test": []}
    rng = np.random.default_rng(1797)
    for label in range(10):
        rows = rng.permutation(np.flatnonzero(labels == label)).tolist()
        parts["test"] += rows[:PER_CLASS]
        parts["validation"] += rows[PER_CLASS : 2 * PER_CLASS]
        parts["train"] += rows[2 * PER_CLASS :]
    names = [f"pixel_{i}_{j}" for i in range(8) for j in range(8)]
    files = {
        "train": HERE / "digits_train.csv",
        "validation": HERE / "digits_validation.csv",
        "test": HERE / "held_out" / "digits_test.csv",
    }
    for part, path in files.items():
        rows = sorted(parts[part])
        table = np.column_stack([labels[rows], images[rows]]).tolist()
        _write(path, [",".join(map(str, row)) for row in [["label", *names], *table]])
    return list(files.values())


def wine() -> Path:
    """Thirteen measurements of 178 wines."""
    return _table("wine.csv", load_wine(), WINE_UNITS)


def breast_cancer() -> Path:
    """Thirty measurements of 569 images of cell nuclei."""
    source = load_breast_cancer()
    units = {
        name: unit
        for name in source.feature_names
        for quantity, unit in CANCER_UNITS.items()
        if name.replace(" error", "").endswith(quantity)
    }
    return _table("breast_cancer.csv", source, units)


def _table(name: str, source, units: dict[str, str]) -> Path:
    header = [
        f"{column.replace('_', ' ')} [{units.get(column, '')}]"
        for column in source.feature_names
    ]
    rows = [
        ",".join([str(source.target_names[label]), *map(repr, row)])
        for label, row in zip(source.target, source.data.tolist(), strict=True)
    ]
    path = HERE / name
    _write(path, [",".join(["class", *header]), *rows])
    return path


def _write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(("\n".join(lines) + "\n").encode())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
