"""What is recorded of further work, and the chapters' code that makes it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from autograder.exercises import EXERCISES
from autograder.lab.tasks import further
from tests.lab.make_recorded_further import SHOWN, shown


@pytest.mark.parametrize("function", SHOWN)
def test_recorded_results_come_out_again(function):
    """By the chapter's own code with the model answer, to the digits recorded."""
    assert np.allclose(further.recorded(function), shown(function), rtol=1e-3)


def test_only_further_work_is_recorded():
    """A core question never shows what somebody else's function gives."""
    assert set(json.loads(further.FILE.read_text(encoding="utf-8"))) == set(SHOWN)
    assert set(SHOWN) <= {exercise.name for exercise in EXERCISES if exercise.bonus}
