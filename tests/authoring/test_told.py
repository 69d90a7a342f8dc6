"""What the prover counts as told."""

from __future__ import annotations

from autograder.authoring.prover import prove
from autograder.authoring.told import is_told
from autograder.checking.cases import public_question, public_seed
from autograder.exercises import chapter_of, find
from tests.helpers.written_answers import written


def test_what_no_evidence_explains_is_not_told():
    """Numbers from nowhere are refused, and nothing is guessed."""
    nowhere = written(
        """
        def optimal_momentum(mu, L):
            text = f"{mu:.5f} {L:.5f}"
            return sum(map(ord, text)) + 11.7, len(text) - 25.9
        """
    )

    assert not is_told(public_question("optimal_momentum"), nowhere)


def test_an_error_says_itself():
    broken = written("def gd_step(theta, grad, lr):\n    return theta - lr * gard")

    assert is_told(public_question("gd_step"), broken)


def test_every_single_edit_of_a_kernel_is_refused_and_told():
    """A small exercise; `autograder prove --told` goes through all."""
    name = "momentum_step"

    proof = prove(find(name), chapter_of(name), public_seed(name), told=True)

    assert (proof.survivors, proof.untold) == ((), ())
