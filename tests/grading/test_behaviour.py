"""Wrong answers that no known mistake explains are put beside their equals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.calling.calls import ErrorNote, Foreign, Outcome, call
from autograder.checking.cases import draw_question, public_question
from autograder.checking.judging import judge
from autograder.exercises import EXERCISES, chapter_of, find
from autograder.grading.behaviour import (
    RIGHT,
    Unexplained,
    behaviour_of,
    explain,
    is_unexplained,
)
from autograder.grading.examiner import examine
from autograder.grading.result import Result
from autograder.sandbox.answers import Accident
from autograder.sandbox.options import OWN_CODE
from autograder.submissions.graft import graft
from autograder.submissions.notebook import parse_notebook

COMPARED = [exercise for exercise in EXERCISES if not exercise.bands]


def outcomes(function, question):
    return [
        call(function, case.arguments, question.parameters) for case in question.cases
    ]


def behaviour(function, name):
    question = public_question(name)
    return behaviour_of(question, outcomes(function, question))


@pytest.mark.parametrize("exercise", COMPARED, ids=lambda e: e.name)
def test_different_mistakes_behave_differently(exercise):
    """The known mistakes, which all differ, and the right answer: no two alike."""
    forms = [exercise.reference, *(m.mutant for m in exercise.misconceptions)]

    assert len({behaviour(form, exercise.name) for form in forms}) == len(forms)


def half_step(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad / 2
    return theta + velocity, velocity


def half_step_in_other_words(theta, velocity, grad, lr, beta):
    new = -(lr / 2 * grad - velocity * beta)
    return new + theta, np.array(new)


def half_step_by_a_loop(theta, velocity, grad, lr, beta):
    new = np.empty_like(theta)
    for at in np.ndindex(theta.shape):
        new[at] = beta * velocity[at] - 0.5 * (lr * grad[at])
    return theta + new, new


def third_of_a_step(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad / 3
    return theta + velocity, velocity


def half_step_in_place(theta, velocity, grad, lr, beta):
    velocity *= beta
    velocity -= lr * grad / 2
    return theta + velocity, velocity


def test_the_same_thing_in_other_words_is_the_same():
    same = {
        behaviour(form, "momentum_step")
        for form in (half_step, half_step_in_other_words, half_step_by_a_loop)
    }

    assert len(same) == 1
    assert behaviour(third_of_a_step, "momentum_step") not in same
    assert behaviour(half_step_in_place, "momentum_step") not in same


def shaken(value, rng):
    """`value` with the last bits of its numbers changed."""
    if isinstance(value, tuple | list):
        return type(value)(shaken(item, rng) for item in value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value * (1 + 4e-16 * rng.choice([-1, 0, 1], size=value.shape))
    return (
        value * (1 + 4e-16 * rng.choice([-1, 0, 1])) if type(value) is float else value
    )


@pytest.mark.parametrize("exercise", COMPARED, ids=lambda e: e.name)
def test_rounding_is_no_behaviour(exercise):
    """Every known mistake, computed with other last bits, is the same mistake."""
    rng = np.random.default_rng(20)
    question = public_question(exercise.name)
    if any(case.fixed for case in question.cases):
        return  # of random answers only statistics are compared
    for mistake in exercise.misconceptions:
        done = outcomes(mistake.mutant, question)
        again = [replace(one, returned=shaken(one.returned, rng)) for one in done]

        assert behaviour_of(question, again) == behaviour_of(question, done)


@pytest.mark.parametrize("times", [1.0, 1e-300, 1e300, 5e-324, 0.0])
def test_every_size_of_number_can_be_compared(times):
    question = public_question("velocity_weights")
    one = [Outcome(np.array([1.0, -2.0, 0.0]) * times)] * len(question.cases)
    other = [Outcome(np.array([1.0, 3.0, 0.0]) * times)] * len(question.cases)

    assert behaviour_of(question, one) == behaviour_of(question, list(one))
    alike = behaviour_of(question, one) == behaviour_of(question, other)
    assert alike == (times < 1e-320)  # the smallest there are count as zeros


def test_a_factor_is_a_behaviour():
    question = public_question("velocity_weights")
    one = [Outcome(np.array([1.0, 2.0]))] * len(question.cases)
    hundred = [Outcome(np.array([100.0, 200.0]))] * len(question.cases)

    assert behaviour_of(question, one) != behaviour_of(question, hundred)


STRANGE = [
    None,
    "text",
    True,
    np.array([True, False]),
    3 + 4j,
    float("nan"),
    float("-inf"),
    2**62,
    [1.0, "a", None],
    [1, 2.0],
    {"a": 1.0},
    (),
    Foreign("dict_keys"),
    np.array([np.nan, np.inf, 1.0]),
    np.array([1.0, 2.0], dtype=np.float16),
    np.zeros((0, 3)),
    np.zeros((3, 0)),
]


def test_strange_returns_are_told_apart():
    question = public_question("momentum_step")
    kinds = [
        behaviour_of(question, [Outcome(value)] * len(question.cases))
        for value in STRANGE
    ]
    error = Outcome(error=ErrorNote(("NameError", "Exception"), "name 'x'"))
    kinds += [
        behaviour_of(question, [error] * len(question.cases)),
        behaviour_of(question, [Accident("timed-out")] * len(question.cases)),
    ]

    assert len(set(kinds)) == len(STRANGE) + 2


def test_an_error_counts_by_its_kind_and_not_by_its_text():
    question = public_question("momentum_step")

    def raising(text):
        return [Outcome(error=ErrorNote(("KeyError",), text))] * len(question.cases)

    assert behaviour_of(question, raising("a")) == behaviour_of(question, raising("b"))


def test_what_is_right_in_public_is_said_to_be():
    question = public_question("momentum_step")
    reference = find("momentum_step").reference
    found = explain(question, outcomes(reference, question), "def momentum_step(): …")

    assert found.behaviour == RIGHT
    assert "right in all" in found.told


def test_an_accident_has_a_behaviour_and_nothing_to_show():
    question = public_question("momentum_step")
    done = [*outcomes(half_step, question)[:-1], Accident("crashed")]

    found = explain(question, done, "x")

    assert (found.source, found.told) == ("x", "")
    assert found.behaviour != behaviour(half_step, "momentum_step")


def test_only_what_could_have_been_named_is_unexplained():
    question = public_question("momentum_step")
    climbs = find("momentum_step").misconceptions[0].mutant
    right = find("momentum_step").reference

    assert is_unexplained(judge(question, outcomes(half_step, question)))
    assert not is_unexplained(judge(question, outcomes(climbs, question)))
    assert not is_unexplained(judge(question, outcomes(right, question)))


def drawing(seed):
    def draw(exercise):
        return draw_question(exercise, chapter_of(exercise.name), (seed,))

    return draw


HALF = """
import numpy as np

# my own idea
def momentum_step(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad / 2
    return theta + velocity, velocity
"""


def test_students_with_other_cases_are_put_together(release, make_notebook, chapter):
    """The behaviour does not depend on the cases that were drawn for a student."""
    one, other = (draw(find("momentum_step")) for draw in (drawing(1), drawing(2)))
    assert one.cases[1].label == other.cases[1].label
    assert np.any(one.cases[1].arguments["grad"] != other.cases[1].arguments["grad"])
    found = []
    for seed in (1, 2):
        notebook = make_notebook().solve().fill("momentum_step", HALF)
        cells = parse_notebook(notebook.data)
        found.append(
            examine(graft(release, cells).notebook, chapter, drawing(seed), OWN_CODE)
        )

    assert [one.verdicts[0].code for one in found] == ["wrong-values"] * 2
    assert list(found[0].unexplained) == ["momentum_step"]
    assert found[0].unexplained == found[1].unexplained
    one = found[0].unexplained["momentum_step"]
    assert one.behaviour == behaviour(half_step, "momentum_step")
    assert "# my own idea" in one.source
    assert "I called it like this" in one.told


def test_a_diagnosed_or_dead_answer_is_not_called_again(
    release, make_notebook, chapter
):
    notebook = make_notebook().solve()
    notebook.fill(
        "momentum_step",
        HALF.replace("- lr * grad / 2", "+ lr * grad"),
    )
    notebook.fill(
        "nesterov_step",
        "import os\ndef nesterov_step(*arguments):\n    os._exit(3)",
    )
    notebook.fill("velocity_weights", "def velocity_weights(*arguments):\n    pass")
    cells = parse_notebook(notebook.data)
    found = examine(graft(release, cells).notebook, chapter, drawing(3), OWN_CODE)

    assert list(found.unexplained) == ["velocity_weights"]


def test_a_result_remembers_what_is_unexplained():
    found = {"momentum_step": Unexplained("abc", "def …", "-- VALUE MISMATCH")}
    result = Result("ada", "03_momentum", "", (), unexplained=found, box="sandlock")

    assert Result.from_bytes(result.to_bytes()) == result
