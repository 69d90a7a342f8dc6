"""The recorded runs have one mistake each, and the file does not say which."""

from autograder.exercises.adam.adam_suspect import SUSPECTS
from autograder.kernels.decided import adam_suspect
from autograder.lab.tasks.suspects import FILE, recorded


def test_each_mistake_is_there_once():
    """As the chapter says."""
    seen = recorded()
    settings = seen.lr, seen.beta1, seen.beta2
    found = [adam_suspect(seen.grads, steps, *settings) for steps in seen.runs.values()]

    assert sorted(found) == sorted(SUSPECTS)
    assert found != list(SUSPECTS)


def test_the_file_names_none():
    """Numbers and letters only."""
    text = FILE.read_text(encoding="utf-8")

    assert not [name for name in SUSPECTS if name in text]
