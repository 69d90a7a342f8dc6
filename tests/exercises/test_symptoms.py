"""What a chapter tells of code to mend: what it does, and what it should do."""

import contextlib
import io
import re

import numpy as np
import pytest

from autograder.exercises import EXERCISES, chapter_of, find
from autograder.exercises.pairs import broken_form
from autograder.lab import datasets, landscapes, surfaces

TOLD = re.compile(r"[-−]?\d+\.\d+|\d{3,}")
PRINTED = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")
TOLD_OF_OTHERS = {"uniform_network": {"0.58", "0.7"}}
"""Numbers that the cell below does not print; see the last test."""

to_mend = pytest.mark.parametrize(
    "name", [exercise.name for exercise in EXERCISES if exercise.broken]
)


class Section:
    """The section of a chapter's text in which something is to be mended."""

    def __init__(self, name, root):
        chapter = chapter_of(name).name
        path = root / "solutions" / chapter / f"{chapter}.py"
        self.name, self.text = name, path.read_text(encoding="utf-8")
        above, _, below = self.text.partition(f'# %% exercise="{name}"')
        heading = above.rpartition("### Find the mistakes")[2]
        self.told = heading.partition("# %% [markdown] exercise=")[0]
        self.code = below.partition('# %% tags=["try"]\n')[2].partition("\n# %%")[0]

    def printed(self, function):
        """What the cell below prints with this function, as a reader would run it."""
        names = {exercise.name: exercise.reference for exercise in EXERCISES}
        names |= {"np": np, "ravine": landscapes.ravine, "digits": datasets.digits()}
        names |= {"two_weights": surfaces.two_weights, self.name: function}
        for cell in self.text.split("\n# %%"):
            if re.search(r"^def (some_params|numerical)\(", cell, re.MULTILINE):
                exec(cell.partition("\n")[2], names)  # noqa: S102
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(self.code, names)  # noqa: S102
        return out.getvalue()


def seen(told, among):
    """Whether a number is one of others, rounded to the digits that are told."""
    digits = len(told.partition(".")[2])
    return any(abs(float(told) - float(one)) <= 0.501 * 10**-digits for one in among)


@to_mend
def test_every_number_of_the_symptoms_comes_out(name, root):
    section, exercise = Section(name, root), find(name)
    came = section.printed(broken_form(exercise)) + section.printed(exercise.reference)
    numbers = PRINTED.findall(came + section.code)
    text = section.told.replace(",000", "000").replace("−", "-")
    told = set(TOLD.findall(text)) - TOLD_OF_OTHERS.get(name, set())

    assert told
    assert sorted(one for one in told if not seen(one, numbers)) == []


def test_uniform_weights_with_the_bound_for_a_deviation_shrink_all_layers():
    """By 1/√3, which is told as 0.58; the last layer of right ones may be smaller."""

    def sizes(function, widths):
        rng = np.random.default_rng(0)
        weights, biases = function(widths, rng)
        found, H = [], rng.standard_normal((2000, widths[0]))
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            H = np.maximum(0, H @ W + b)
            found.append(np.sqrt(np.mean(H**2)))
        last = H @ weights[-1] + biases[-1]
        return np.array(found), np.sqrt(np.mean(last**2))

    exercise = find("uniform_network")
    fallen, _ = sizes(broken_form(exercise), [128] * 8)
    _, last = sizes(exercise.reference, [64, 256] * 3 + [64, 10])

    assert np.mean(fallen[1:] / fallen[:-1]) == pytest.approx(0.58, abs=0.02)
    assert 0.7 <= last <= 1
