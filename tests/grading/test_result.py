"""A stored result gives back every message as it was."""

import pytest

from autograder import CheckFailed, check
from autograder.exercises import EXERCISES
from autograder.grading.result import Result


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_every_message_survives_writing_and_reading(exercise):
    """Values beside each other, marks and pictures; and none is large."""
    for mistake in exercise.misconceptions:
        with pytest.raises(CheckFailed) as failed:
            check(mistake.mutant, exercise.name)
        verdict = failed.value.verdict
        result = Result("ada", verdict.chapter, "", (verdict,))

        again = Result.from_bytes(result.to_bytes())

        assert again == result
        assert again.verdicts[0].message.text() == verdict.message.text()
        assert again.verdicts[0].message.html() == verdict.message.html()
        assert len(result.to_bytes()) < 6000
