"""What the numbers alone say of a wrong answer, and that they decide nothing."""

from __future__ import annotations

import pytest

from autograder.authoring.prover import MUTANT_SECONDS, mutants_of
from autograder.checking.cases import public_question
from autograder.checking.deadline import TooLong, deadline
from autograder.checking.judging import judge
from autograder.diagnosis.telling import tell
from autograder.exercises import EXERCISES
from tests.helpers.written_answers import outcomes_of, told_of, written

MEASURED = [exercise for exercise in EXERCISES if not exercise.bands]


def told_by_numbers(source, name):
    """The verdict and what is said of it without a look at the code."""
    question = public_question(name)
    outcomes = outcomes_of(written(source), name)
    return tell(judge(question, outcomes), question, outcomes)


def texts(verdict):
    return " ".join(one.text for one in verdict.told)


@pytest.mark.parametrize("exercise", MEASURED, ids=lambda e: e.name)
def test_evidence_changes_no_verdict(exercise):
    """Code, points and known mistakes are the judge's alone."""
    question = public_question(exercise.name)
    for mutant in list(mutants_of(exercise.reference))[::9]:
        try:  # some never end, and take memory all the while
            with deadline(MUTANT_SECONDS):
                outcomes = outcomes_of(mutant.function, exercise.name)
        except TooLong:
            continue
        plain = judge(question, outcomes)
        told = tell(plain, question, outcomes)

        same = "exercise chapter code score points misconceptions passed".split()
        assert [getattr(told, n) for n in same] == [getattr(plain, n) for n in same]
        assert told.message.title == plain.message.title


def test_results_that_are_right_are_told_first():
    verdict = told_by_numbers(
        """
        def adam_step(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
            m = beta1 * m + (1 - beta1) * grad
            v = beta2 * v + (1 - beta2) * grad**2
            return theta - lr * m / (v + 7), m, v
        """,
        "adam_step",
    )

    assert verdict.message.blocks[0].endswith("`m` and `v` are right in all 7 cases.")


def test_a_missing_error_hides_no_name():
    """Cases in which an error is to be raised are looked at by themselves."""
    verdict = told_by_numbers(
        """
        def scale_lr(lr, batch_size, base_batch_size, rule):
            ratio = batch_size // base_batch_size
            return lr * ratio if rule == "linear" else float(lr * np.sqrt(ratio))
        """,
        "scale_lr",
    )

    assert "a ratio rounded down" in texts(verdict)
    assert "raises no ValueError" in texts(verdict)


def test_two_results_with_a_known_mistake_each():
    verdict = told_by_numbers(
        """
        def update_moments(m, v, grad, beta1=0.9, beta2=0.999):
            return (1 - beta1) * m + beta1 * grad, beta2 * v + (1 - beta2) * grad
        """,
        "update_moments",
    )

    assert "`m` has exactly the numbers of" in texts(verdict)
    assert "`v` has exactly the numbers of" in texts(verdict)


RIGHT_UP_TO = {
    "the opposite sign": ("-(theta - lr * grad)", "opposite sign"),
    "a factor": ("4.5 * (theta - lr * grad)", "4.5 times"),
    "a factor of the arguments": ("(theta - lr * grad) * lr**2", "`lr**2` times"),
    "a constant": ("theta - lr * grad + 0.125", "+0.125 too large"),
    "a transpose": ("(theta - lr * grad).T", "transposed"),
    "an axis": ("(theta - lr * grad)[None]", "one axis of length 1 too many"),
    "an order": ("(theta - lr * grad)[::-1]", "reversed"),
    "decimals": ("np.round(theta - lr * grad, 2)", "rounded to 2 decimals"),
    "an argument": ("grad.copy()", "the argument `grad`"),
    "a step too long": ("theta - 9 * lr * grad", "9 times as far"),
    "one over it": ("1 / (theta - lr * grad)", "upside down"),
}


@pytest.mark.parametrize(("body", "words"), RIGHT_UP_TO.values(), ids=RIGHT_UP_TO)
def test_how_a_result_is_related_to_the_right_one(body, words):
    verdict = told_by_numbers(
        f"def gd_step(theta, grad, lr):\n    return {body}", "gd_step"
    )
    assert not verdict.passed
    if not verdict.misconceptions:
        assert words in texts(verdict)


def test_exchanged_results():
    verdict = told_by_numbers(
        """
        def optimal_momentum(mu, L):
            k = L / mu
            lr = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2
            beta = ((np.sqrt(k) - 1) / (np.sqrt(k) + 1)) ** 2
            return float(beta), float(lr)
        """,
        "optimal_momentum",
    )

    assert verdict.misconceptions or "exchanged" in texts(verdict)


def test_one_of_several_results_by_itself():
    verdict = told_by_numbers(
        """
        def momentum_step(theta, velocity, grad, lr, beta):
            return theta + beta * velocity - lr * grad
        """,
        "momentum_step",
    )

    assert verdict.misconceptions or "the right `theta`" in texts(verdict)


def test_an_error_that_is_returned():
    verdict = told_by_numbers(
        """
        def scale_lr(lr, batch_size, base_batch_size, rule):
            ratio = batch_size / base_batch_size
            if rule == "linear":
                return lr * ratio
            if rule == "sqrt":
                return float(lr * np.sqrt(ratio))
            return ValueError("no such rule")
        """,
        "scale_lr",
    )

    assert "Write `raise` for `return`" in texts(verdict)


def test_by_how_much_a_random_answer_is_off():
    verdict = told_by_numbers(
        """
        def xavier_normal(fan_in, fan_out, rng):
            std = 3 * np.sqrt(2 / (fan_in + fan_out))
            return rng.normal(0, std, (fan_in, fan_out))
        """,
        "xavier_normal",
    )

    assert "standard deviation of the weights is 3 times" in texts(verdict)


def test_laws_that_are_broken_besides():
    """A changed argument and one call too many are both told."""
    verdict = told_of(
        """
        def gradient_descent(grad_fn, theta0, lr, n_steps):
            theta = theta0
            path = [theta.copy()]
            grad = grad_fn(theta)
            for _ in range(n_steps):
                theta -= lr * grad
                path.append(theta.copy())
                grad = grad_fn(theta)
            return np.stack(path)
        """,
        "gradient_descent",
        seconds=0.5,
    )

    assert verdict.code == "argument-changed"
    assert "Besides, it calls `grad_fn`" in texts(verdict)


def test_batches_in_another_shape_hide_no_order():
    """What is seen in most cases is told, with how many they are."""
    verdict = told_by_numbers(
        """
        def epoch_batches(n, batch_size, rng):
            if not 1 <= batch_size <= n:
                raise ValueError("batch_size")
            starts = np.arange(0, n, batch_size)
            rng.shuffle(starts)
            return [np.arange(n)[s : s + batch_size] for s in starts]
        """,
        "epoch_batches",
    )

    assert "whole batches of neighbours, in another order" in texts(verdict)


def test_what_is_answered_most_often_where_it_is_wrong():
    verdict = told_by_numbers(
        """
        def classify_critical_point(H, tol=1e-8):
            lam = np.linalg.eigvalsh(H)
            if np.any(np.abs(lam) < tol):
                return "degenerate"
            if np.all(lam > 0):
                return "local minimum"
            return "local maximum" if np.all(lam < 0) else "saddle"
        """,
        "classify_critical_point",
    )

    assert "of the 3 wrong cases it answers" in texts(verdict)


def test_a_default_that_is_another_one():
    verdict = told_by_numbers(
        """
        def adagrad_step(theta, r, grad, lr, eps=1e-3):
            r = r + grad**2
            return theta - lr * grad / (np.sqrt(r) + eps), r
        """,
        "adagrad_step",
    )

    assert "wrong wherever it is left out: look at its default" in texts(verdict)
