"""Chapter 06: sizes of layers, and what all random weights have in common."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Seed
from autograder.exercises.drawing import between
from autograder.exercises.spec import Tolerance

__all__ = [
    "BY_CHANCE",
    "draw_kaiming",
    "draw_xavier",
    "fixed_kaiming_normal",
    "fixed_xavier_normal",
]

BY_CHANCE = Tolerance(
    rtol=0.1,
    floor=0.0,
    reason=(
        "for telling mistakes apart: two draws of 1,600 normal numbers differ in "
        "their standard deviations by 10 % (four of its own) about once in 16,000; "
        "what is right is decided by `random_weights`, to 12 %, with a chance of "
        "refusal below 1 in 1 billion (Chernoff's bound of a chi-square)"
    ),
)


def _seed(rng):
    return Seed(int(rng.integers(1_000_000)))


def _sizes(rng):
    """Wide, narrow, wide, narrow: at least 1,600 entries each."""
    yield "a wide layer, with sizes that are easy to calculate with", 20, 100
    yield "a narrow layer", 200, 8
    few, many = int(rng.integers(14, 18)), int(rng.integers(120, 145))
    yield "a wide layer of another size", few, many
    few, many = int(rng.integers(8, 11)), int(rng.integers(220, 250))
    yield "a narrow layer of another size", many, few
    yield "the first sizes again, from another generator", 20, 100


def draw_xavier(rng):
    for label, fan_in, fan_out in _sizes(rng):
        yield label, {"fan_in": fan_in, "fan_out": fan_out, "rng": _seed(rng)}


def draw_kaiming(rng):
    gains = (None, None, 1.0, between(rng, 2.3, 3.0), None)
    notes = ("", "", ", gain 1", ", a large gain", "")
    for (label, fan_in, fan_out), gain, note in zip(
        _sizes(rng), gains, notes, strict=True
    ):
        arguments = {"fan_in": fan_in, "fan_out": fan_out, "rng": _seed(rng)}
        yield label + note, arguments | ({} if gain is None else {"gain": gain})


def fixed_xavier_normal(arguments):
    return {"std": float(np.sqrt(2 / (arguments["fan_in"] + arguments["fan_out"])))}


def fixed_kaiming_normal(arguments):
    return {"std": float(arguments.get("gain", 2**0.5) / np.sqrt(arguments["fan_in"]))}
