"""A rebuilt function does what the learner's does, and harms nothing."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograder.calling.calls import call
from autograder.calling.packing import pack
from autograder.checking.cases import public_question
from autograder.checking.comparison import differs
from autograder.diagnosis.alterations import structural
from autograder.diagnosis.calls_changed import of_calls
from autograder.diagnosis.instrument import instrumented
from autograder.diagnosis.place import places
from autograder.diagnosis.program import Stopped
from autograder.exercises import EXERCISES
from tests.helpers.written_answers import outcomes_of, written

RETOLD = re.compile("with the parentheses as in|with .* outside")
"""Changes whose words hold the whole expression as it would be."""

MEASURED = [exercise for exercise in EXERCISES if not exercise.bands]


@pytest.mark.parametrize("exercise", MEASURED, ids=lambda e: e.name)
def test_hooks_change_nothing(exercise):
    """Every right form and every known mistake does with hooks what it does without."""
    question = public_question(exercise.name)
    forms = [*exercise.equivalents, *(m.mutant for m in exercise.misconceptions)]
    case = question.cases[-1]
    for form in [exercise.reference, *forms[:12]]:
        program = instrumented(form)
        if program is None:
            continue
        program.most_seen = 10**7
        plain = call(form, case.arguments, question.parameters)
        hooked = call(program.function, case.arguments, question.parameters)
        assert differs(question, case, plain, hooked) is None, form.__name__


def test_hooks_can_stand_at_some_places_alone():
    """Then the rest runs as it is."""
    answer = written(
        """
        def f(x, n):
            total = 0.0
            for _ in range(n):
                total = total + 2 * x
            return total
        """
    )
    program = instrumented(answer)
    factor = next(node for node in program.nodes if node.source == "2")
    program.changes = {factor.number: lambda program, node, value: 10}

    assert program.hooked({factor.number})(1.5, 4) == 60.0


def test_helpers_of_the_learners_are_looked_into():
    answer = written(
        """
        def half(x):
            return x / 2


        def f(x):
            return half(x) + 1
        """
    )
    program = instrumented(answer)

    assert {node.function for node in program.nodes} == {"f", "half"}
    assert next(n.line for n in program.nodes if n.source == "x / 2") == 2


@pytest.mark.parametrize(
    "source",
    [
        "f = lambda x: x",
        "def f(x):\n    yield x",
        "def make(a):\n    def f(x):\n        return a + x\n    return f\nf = make(1)",
    ],
)
def test_what_cannot_be_rebuilt_is_left_alone(source):
    """A place is then not told; nothing else is lost."""
    question = public_question("gd_step")
    answer = written(source)

    told = places(question, outcomes_of(lambda *_: 0, "gd_step"), answer, 1.0)

    assert isinstance(told, list)


def test_trials_leave_cases_and_the_global_generator_alone():
    """An answer that changes its arguments in place spoils no case."""
    question = public_question("dense_forward")
    answer = written(
        """
        def dense_forward(X, weights, biases, activation):
            H, all_H = X, []
            for W, b in zip(weights, biases):
                W *= 1.5
                H = np.maximum(H @ W + b, 0)
                all_H.append(H)
            return all_H
        """
    )
    before = [pack(dict(case.arguments)) for case in question.cases]
    state = np.random.get_state()[1].tobytes()

    places(question, outcomes_of(answer, "dense_forward"), answer, 1.0)

    assert [pack(dict(case.arguments)) for case in question.cases] == before
    assert np.random.get_state()[1].tobytes() == state


def test_no_trial_asks_for_a_huge_array():
    """A length that is squared or raised would fill the learner's memory."""
    answer = written(
        """
        def f(n):
            return np.zeros((n, n)).sum() + n
        """
    )
    program = instrumented(answer)
    assert program.function(2000) == 2000
    place = next(node for node in program.nodes if node.source == "n")
    program.changes = {place.number: lambda program, node, value: value**4}

    with pytest.raises(Stopped):
        program.hooked({place.number})(2000)


def test_a_trial_that_does_not_end_is_given_up():
    answer = written(
        """
        def f(n):
            i = 0
            while i < n:
                i = i + 1
            return i
        """
    )
    program = instrumented(answer)
    step = next(node for node in program.nodes if node.source == "1")
    program.changes = {step.number: lambda program, node, value: 0}
    program.n_seen = 0

    with pytest.raises(Stopped):
        program.hooked({step.number})(5)


@pytest.mark.parametrize(
    "source",
    [
        "(x - y) / (x + z)",
        "x * y - x / z",
        "x - y - z",
        "x - (y + z) * 2",
        "abs(x - (y - z))",
        "abs((x - y) * (y - z))",
    ],
)
def test_what_is_tried_is_what_the_words_say(source):
    """Each change, though all of them are made before the first is tried."""
    values = {"x": 7.0, "y": 2.0, "z": 5.0}
    program = instrumented(written(f"def f(x, y, z):\n    return {source}\n"))
    whole = next(node for node in program.nodes if node.source == source)
    changes = [*structural(whole), *of_calls(whole)]
    found = {str(alteration.words): alteration for alteration in changes}
    told = {
        words.rsplit("`")[-2]: a for words, a in found.items() if RETOLD.match(words)
    }

    assert told
    for words, alteration in told.items():
        program.changes = dict(alteration.changes)
        numbers = {node.number for node in program.nodes}
        said = eval(words, dict(values))
        assert program.hooked(numbers)(**values) == said, alteration.words


def test_what_is_left_out_keeps_its_parentheses():
    program = instrumented(written("def f(x, y):\n    return x - (y + 1)\n"))
    whole = next(node for node in program.nodes if node.source == "x - (y + 1)")

    words = {str(alteration.words) for alteration in structural(whole)}

    assert {"without `- (y + 1)`", "without `x -`"} <= words
