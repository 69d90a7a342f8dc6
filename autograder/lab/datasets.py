"""The course's data: digits, wine, breast cancer.  Loaded with NumPy alone.

The files, where they come from and how they were split: `data/README.md`.
Every call reads its file anew, so what it returns may be changed at will.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from autograder.language import _

__all__ = [
    "DataDamaged",
    "DataMissing",
    "Digits",
    "Table",
    "breast_cancer",
    "digits",
    "held_out_digits",
    "wine",
]

# Inside an installed package; at the top of a checkout.
_FOLDERS = (Path(__file__).parent / "data", Path(__file__).parents[2] / "data")
_SUMS = "SHA256SUMS"


class DataMissing(FileNotFoundError):
    """A data file is not where it should be."""


class DataDamaged(ValueError):
    """A data file is not the one that the course was made with."""


@dataclass(frozen=True)
class Digits:
    """Handwritten digits, 8 x 8 pixels each, in two parts.

    Attributes
    ----------
    X : ndarray of shape (1077, 64), float64
        Images to train on, row by row of pixels, scaled from 0 to 1.
    labels : ndarray of shape (1077,), int64
        The digit that each image shows.
    X_val, labels_val : ndarray
        The same for 360 other images, 36 of each digit, to validate with.
    """

    X: np.ndarray
    labels: np.ndarray
    X_val: np.ndarray
    labels_val: np.ndarray


@dataclass(frozen=True)
class Table:
    """Measurements, one row an example.

    Attributes
    ----------
    X : ndarray of shape (n_samples, n_features), float64
        As the source gives them, not scaled.
    labels : ndarray of shape (n_samples,), int64
        Index into `classes`.
    columns, units : tuple of str
        Of each column its name and its unit; "1" for a number without one,
        empty where the source does not say.
    classes : tuple of str
        Names of the classes.
    """

    X: np.ndarray
    labels: np.ndarray
    columns: tuple[str, ...]
    units: tuple[str, ...]
    classes: tuple[str, ...]


def digits() -> Digits:
    """The handwritten digits to train on and to validate with."""
    return Digits(*_images("digits_train.csv"), *_images("digits_validation.csv"))


def held_out_digits() -> tuple[np.ndarray, np.ndarray]:
    """The 360 images that grading measures with: (X, labels).

    Raises
    ------
    DataMissing
        In a learner's installation, which does not have them.
    """
    return _images("held_out/digits_test.csv")


def wine() -> Table:
    """Thirteen measurements of 178 wines by three growers."""
    return _table("wine.csv")


def breast_cancer() -> Table:
    """Thirty measurements of cell nuclei in 569 images, malignant or benign."""
    return _table("breast_cancer.csv")


def _images(name: str) -> tuple[np.ndarray, np.ndarray]:
    table = _whole_numbers(_content(name))
    return table[:, 1:] / 16.0, table[:, 0].copy()


@lru_cache(4)
def _whole_numbers(content: bytes) -> np.ndarray:
    _, *rows = content.decode().splitlines()
    return np.loadtxt(rows, delimiter=",", dtype=np.int64)


def _table(name: str) -> Table:
    header, *rows = _content(name).decode().splitlines()
    _, *columns = (column.rstrip("]").split(" [") for column in header.split(","))
    named, values = zip(*(row.split(",", 1) for row in rows), strict=True)
    classes = tuple(dict.fromkeys(named))
    return Table(
        X=np.loadtxt(values, delimiter=","),
        labels=np.array([classes.index(label) for label in named], dtype=np.int64),
        columns=tuple(column for column, _ in columns),
        units=tuple(unit for _, unit in columns),
        classes=classes,
    )


def _content(name: str) -> bytes:
    """What is in a file, after it was compared with its checksum."""
    content = _read(name)
    sums = (line.split() for line in _read(_SUMS).decode().splitlines())
    right = {path: checksum for checksum, path in sums}[name]
    found = hashlib.sha256(content).hexdigest()
    if found != right:
        raise DataDamaged(
            _(
                "The data file {name} is not the one that the course was made with: "
                "its SHA-256 is {found}…, not {right}…. "
                "Install the course again, or run `git checkout data` in a checkout."
            ).format(name=name, found=found[:12], right=right[:12])
        )
    return content


def _read(name: str) -> bytes:
    for folder in _FOLDERS:
        path = folder / name
        if path.is_file():
            return path.read_bytes()
    if name.startswith("held_out/"):
        raise DataMissing(
            _(
                "{name} is not part of a learner's installation: "
                "it is what grading measures with."
            ).format(name=name)
        )
    raise DataMissing(
        _(
            "The data file {name} is missing; it should be in one of {folders}. "
            "Install the course again."
        ).format(name=name, folders=", ".join(map(str, _FOLDERS)))
    )
