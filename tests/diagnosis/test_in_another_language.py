"""What a check says in a language of nothing but marks: no English, nothing glued.

Each message comes back in brackets, its letters replaced but for code and named parts.
So a word in letters was never asked for, and a bracket that ends inside a sentence is
one of the pieces that a sentence was made of.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from autograder import language
from autograder.calling.calls import Outcome, call
from autograder.checking.beside import Comparison
from autograder.checking.cases import public_question
from autograder.checking.judging import judge
from autograder.checking.sketch import Sketch
from autograder.checking.too_slow import too_slow
from autograder.diagnosis.place import places
from autograder.diagnosis.telling import tell
from autograder.exercises import find
from tests.helpers.written_answers import written

KEPT = re.compile(r"`[^`]*`|\{\w+\}")
WORD = re.compile(r"[A-Za-z]{2,}")
CODE = re.compile(r"`[^`]*`|\b(None|float\d*|object|theta|\w+Error)\b")
"""What has letters in every language."""
EXERCISE = "※"
"""Stands for words of the exercise, which has a catalogue of its own."""


def in_marks(message):
    kept = [*KEPT.findall(message), ""]
    other = [re.sub("[A-Za-z]", "ⓧ", part) for part in KEPT.split(message)]
    mixed = "".join(a + b for a, b in zip(other, kept, strict=True))
    return f"⟦{mixed}⟧"


class Marks:
    """The catalogue of that language; it has every message."""

    def gettext(self, message):
        return in_marks(message)

    def ngettext(self, one, many, n):
        return in_marks(one if n == 1 else many)


@pytest.fixture(autouse=True)
def _spoken(monkeypatch):
    monkeypatch.setattr(language, "_catalogue", lambda _: Marks())


def asked(name):
    """The public question, without words of its own."""
    question = public_question(name)
    why = f"{EXERCISE}."
    return replace(
        question,
        read="section 2, equation (3.1)",
        forms={n: (EXERCISE, why if w else "") for n, (_, w) in question.forms.items()},
        cases=tuple(replace(case, label=EXERCISE) for case in question.cases),
    )


def told(name, function, seconds=0.0):
    """All that is said of an answer; with a time, of places in its code as well."""
    question = asked(name)
    cases = question.cases
    outcomes = [call(function, c.arguments, question.parameters) for c in cases]
    found = partial(places, question, outcomes, function, seconds) if seconds else None
    return tell(judge(question, outcomes), question, outcomes, found).message


def assert_foreign(message):
    """No word of it is English, and none of its sentences made of pieces."""
    heading, *_ = message.text().splitlines()
    assert re.fullmatch(rf"-- ⟦[^⟦⟧]+⟧ -+ {message.subject}", heading)
    for block in message.blocks:
        if isinstance(block, str):
            assert_whole(block)
        if isinstance(block, Sketch):
            assert_whole(block.words)
            for picture in re.findall('base64,([^"]*)"', block.html()):
                texts = re.findall(">([^<>]+)<", base64.b64decode(picture).decode())
                assert_no_word(*texts)
        if isinstance(block, Comparison):
            assert_no_word(*(label for label, _ in (*block.values, *block.notes)))
            assert_no_word(*(note for _, note in block.notes))


def assert_no_word(*texts):
    for text in texts:
        assert not WORD.search(CODE.sub("", text)), text


def assert_whole(block):
    """Whole messages side by side, each to the end of a sentence."""
    assert_no_word(block)
    depth, outside, ends = 0, "", []
    for at, character in enumerate(block):
        depth += character == "⟦"
        outside += character if depth == 0 else ""
        depth -= character == "⟧"
        if character == "⟧" and depth == 0:
            ends.append(block[:at].rstrip("⟧")[-1])
    assert outside.strip(f" {EXERCISE}.") == "", block
    assert ends, block
    assert set(ends) <= set(".?:"), block


def mutant(name, mistake):
    return next(m.mutant for m in find(name).misconceptions if m.name == mistake)


def of_momentum(changed):
    """The right answer, with something done to what it returns."""

    def momentum_step(*args):
        return changed(*find("momentum_step").reference(*args))

    return momentum_step


class Still:
    """An optimiser that leaves everything as it is."""

    def __init__(self, *args, **named):
        pass

    def update(self, params, grads):
        pass


def failing(*args):
    raise ValueError("no")


def seeding(*args):
    np.random.seed(0)
    return find("momentum_step").reference(*args)


BY_VALUES = {
    "a known mistake": ("momentum_step", mutant("momentum_step", "lr_twice")),
    "a law": ("momentum_step", mutant("momentum_step", "velocity_in_place")),
    "a global generator": ("momentum_step", seeding),
    "an error": ("momentum_step", failing),
    "nothing": ("momentum_step", lambda *a: None),
    "an array": ("momentum_step", lambda *a: a[0]),
    "a list of two": ("momentum_step", lambda *a: [a[0], a[1]]),
    "a number": ("momentum_step", of_momentum(lambda t, v: (1.0, v))),
    "a list in it": ("momentum_step", of_momentum(lambda t, v: (list(t), v))),
    "complex numbers": ("momentum_step", of_momentum(lambda t, v: (t + 0j, v))),
    "a shape": ("momentum_step", of_momentum(lambda t, v: (t[None], v))),
    "a string": ("momentum_step", of_momentum(lambda t, v: ("x", v))),
    "nan": ("momentum_step", of_momentum(lambda t, v: (t * np.nan, v))),
    "float32": ("momentum_step", of_momentum(lambda t, v: (t.astype("f4"), v))),
    "objects": ("momentum_step", of_momentum(lambda t, v: (t.astype(object), v))),
    "one result": ("momentum_step", lambda t, v, g, lr, b: t + b * v - lr * g),
    "one right result": ("momentum_step", of_momentum(lambda t, v: (t + 7, v))),
    "a function with a wrong argument": (
        "nesterov_step",
        lambda t, v, grad_fn, lr, b: grad_fn(t[:1]),
    ),
    "no error": ("scale_lr", lambda lr, size, base, rule: lr * size / base),
    "an error returned": ("scale_lr", lambda lr, size, base, rule: ValueError("no")),
    "two mistakes, a result each": (
        "update_moments",
        lambda m, v, g, b1=0.9, b2=0.999: (
            (1 - b1) * m + b1 * g,
            b2 * v + (1 - b2) * g,
        ),
    ),
    "the other answer": ("classify_critical_point", lambda H, tol=1e-8: "saddle"),
    "a path": (
        "gradient_descent",
        lambda *a: find("gradient_descent").reference(*a) + 1,
    ),
    "a curve": ("cosine_decay", lambda *a: find("cosine_decay").reference(*a) * 1.5),
    "weights": (
        "xavier_normal",
        lambda n, m, rng: rng.normal(0, 3 * np.sqrt(2 / (n + m)), (n, m)),
    ),
    "another distribution": (
        "xavier_normal",
        lambda n, m, rng: rng.uniform(-1, 1, (n, m)) * np.sqrt(6 / (n + m)),
    ),
    "no generator": ("xavier_normal", lambda n, m, rng: np.zeros((n, m))),
    "an order": (
        "epoch_batches",
        lambda n, size, rng: np.split(np.arange(n), range(size, n, size)),
    ),
    "no object": ("Adam", lambda *a, **k: None),
    "another object": ("Adam", lambda *a, **k: 3.0),
    "an optimiser": ("Adam", Still),
}


@pytest.mark.parametrize(("name", "answer"), BY_VALUES.values(), ids=BY_VALUES)
def test_of_what_comes_back(name, answer):
    message = told(name, answer)

    assert message.good is False
    assert_foreign(message)


RELATIONS = {
    "the opposite sign": "-(theta - lr * grad)",
    "a factor": "4.5 * (theta - lr * grad)",
    "a constant": "theta - lr * grad + 0.125",
    "an axis": "(theta - lr * grad)[None]",
    "an order": "(theta - lr * grad)[::-1]",
    "decimals": "np.round(theta - lr * grad, 2)",
    "an argument": "grad.copy()",
    "a step too long": "theta - 9 * lr * grad",
    "one over it": "1 / (theta - lr * grad)",
    "a square": "(theta - lr * grad) ** 2",
    "the sum": "np.full(theta.shape, (theta - lr * grad).sum())",
}


@pytest.mark.parametrize("body", RELATIONS.values(), ids=RELATIONS)
def test_of_how_it_is_related_to_what_is_right(body):
    answer = written(f"def gd_step(theta, grad, lr):\n    return {body}")

    assert_foreign(told("gd_step", answer))


PLACES = {
    "one change": (
        "rms_step",
        """
        def rms_step(theta, sum_sq, t, grad, lr):
            sum_sq = sum_sq + grad**2
            sigma = np.sqrt(sum_sq / (t + 3))
            return theta - lr * grad / np.where(sigma > 0, sigma, np.inf), sum_sq
        """,
    ),
    "two mistakes": (
        "folded_epsilon",
        """
        def folded_epsilon(eps, beta2, t):
            return float(eps / (1 - beta2**t))
        """,
    ),
    "a value": (
        "startup_ratio",
        """
        def startup_ratio(beta1, beta2, t):
            top = 1 - beta1**t
            bottom = np.cos(beta2) + t
            return float(top / np.sqrt(bottom))
        """,
    ),
}


@pytest.mark.parametrize(("name", "source"), PLACES.values(), ids=PLACES)
def test_of_the_place(name, source):
    message = told(name, written(source), seconds=20.0)

    assert any(re.search(r"ⓧ \d+, ", str(block)) for block in message.blocks)
    assert_foreign(message)


def test_of_what_is_right_or_does_not_return():
    question = asked("momentum_step")
    right = [case.expected for case in question.cases]

    for message in (
        judge(question, right).message,
        judge(question, right, public=False).message,
        too_slow(question, 2).message,
    ):
        assert_foreign(message)


def test_of_an_answer_that_is_measured():
    """Not enough, enough for some points, all."""
    question = asked("train_classifier")
    rights = [case.fixed["right"] for case in question.cases]

    for share in (0.5, 0.95, 1.0):
        outcomes = []
        for right in rights:
            labels = right.copy()
            labels[int(share * len(right)) :] += 1
            outcomes.append(Outcome(labels))
        assert_foreign(judge(question, outcomes).message)
