"""What is not written yet is no mistake."""

from __future__ import annotations

import pytest

from autograder.checking import known_mistakes
from autograder.checking.cases import public_question
from autograder.checking.judging import verdict


def stub(theta, velocity, grad, lr, beta):
    raise NotImplementedError("not written yet")


def half(theta, velocity, grad, lr, beta):
    if velocity.any():
        return theta + lr * grad, velocity
    raise NotImplementedError("not written yet")


@pytest.fixture
def compared(monkeypatch):
    """Names of the mistakes that an answer is compared with."""
    names = []
    really = known_mistakes._does_the_same

    def watched(question, case, name, got):
        names.append(name)
        return really(question, case, name, got)

    monkeypatch.setattr(known_mistakes, "_does_the_same", watched)
    return names


def test_a_stub_is_compared_with_no_mistake(compared):
    """There are hundreds, and pairs of them, and a class begins with stubs."""
    found = verdict(stub, public_question("momentum_step"))

    assert found.code == "not-written"
    assert found.misconceptions == ()
    assert not compared


def test_half_an_answer_is(compared):
    verdict(half, public_question("momentum_step"))

    assert compared
