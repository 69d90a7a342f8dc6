"""Recorded accuracies are what the reference kernels give."""

import pytest

from autograder.lab.tasks import recorded_norms
from tests.lab import make_recorded_norms as make


@pytest.mark.parametrize("norm", ["batch norm", "without"])
def test_a_recorded_run_comes_out_again(norm):
    """One learning rate and one seed, nearly: rounding grows on the way."""
    rates, found = recorded_norms.by_rate()

    again = make.accuracy(norm == "batch norm", 3, lr=rates[2], n_steps=150)

    assert again == pytest.approx(found[norm][2, 3], abs=0.03)


def test_every_size_has_its_seeds():
    """Both comparisons have the same sizes and kinds, and accuracies as parts of 1."""
    for equal in ("300 steps", "9,600 examples"):
        sizes, found = recorded_norms.by_size(equal)

        assert sizes.tolist() == make.SIZES
        assert list(found) == ["batch norm", "without"]
        for accuracies in found.values():
            assert accuracies.shape == (len(make.SIZES), make.N_SEEDS)
            assert accuracies.min() >= 0.05
            assert accuracies.max() <= 1.0
