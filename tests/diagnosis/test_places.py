"""Where the mistake is in the learner's own code, proved by a change there."""

from __future__ import annotations

import numpy as np

from autograder.checking.cases import public_question
from autograder.diagnosis.bank import made_bank, record_bank, recorded_bank
from autograder.exercises import find
from tests.helpers.written_answers import told_of


def said(verdict, kind):
    return [one for one in verdict.told if one.kind == kind]


def test_an_operator_in_a_long_expression():
    verdict = told_of(
        """
        def rms_step(theta, sum_sq, t, grad, lr):
            sum_sq = sum_sq + grad**2
            sigma = np.sqrt(sum_sq / (t + 3))
            return theta - lr * grad / np.where(sigma > 0, sigma, np.inf), sum_sq
        """,
        "rms_step",
    )

    (place,) = said(verdict, "place")
    assert (place.line, place.expression, place.proved) == (3, "t + 3", True)
    assert "with `1` in place of `3`" in place.text
    assert "all 8 cases come right" in place.text


def test_a_variable_in_place_of_another():
    verdict = told_of(
        """
        def update_moments(m, v, grad, beta1=0.9, beta2=0.999):
            m = beta1 * m + (1 - beta1) * grad
            v = beta2 * v + (1 - beta1) * grad**2
            return m, v
        """,
        "update_moments",
    )

    (place,) = said(verdict, "place")
    assert place.line == 3
    assert "with `beta2` in place of `beta1`" in place.text


def test_a_mistake_in_a_function_of_ones_own():
    """The line is that of the helper, which is named."""
    verdict = told_of(
        """
        def centred(p, e):
            return e - np.sum(p * e)


        def squared_error_grad(z, labels):
            w = np.exp(z - z.max(axis=1, keepdims=True))
            p = w / w.sum(axis=1, keepdims=True)
            e = p - np.eye(z.shape[1])[labels]
            return 2 * p * centred(p, e) / len(labels)
        """,
        "squared_error_grad",
    )

    (place,) = said(verdict, "place")
    assert place.line == 2
    assert "in `centred`" in place.text


def test_two_mistakes_one_of_them_known():
    """What is left after the one is repaired is exactly the other."""
    verdict = told_of(
        """
        def folded_epsilon(eps, beta2, t):
            return float(eps / (1 - beta2**t))
        """,
        "folded_epsilon",
    )

    (place,), (mistake,) = said(verdict, "place"), said(verdict, "mistake")
    assert "There are two mistakes" in place.text
    assert "without the root" in mistake.text


def test_the_value_that_should_be_there():
    """Where no small change mends an expression, its right value is told."""
    verdict = told_of(
        """
        def startup_ratio(beta1, beta2, t):
            top = 1 - beta1**t
            bottom = np.cos(beta2) + t
            return float(top / np.sqrt(bottom))
        """,
        "startup_ratio",
    )

    (place,) = said(verdict, "place")
    assert place.line in (3, 4)
    assert "should be" in place.text


def test_only_the_first_wrong_value_is_known():
    """Without a proof it says what it knows, and that it is none."""
    verdict = told_of(
        """
        def update_running(running_mean, running_var, x, momentum=0.1):
            mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
            spread = ((x - running_mean) ** 2).sum(axis=0) / (len(x) - 1)
            return mean, (1 - momentum) * running_var + momentum * spread
        """,
        "update_running",
        seconds=1.0,
    )

    places = said(verdict, "place")
    assert places == [] or not places[0].proved or places[0].line == 3


def test_an_answer_that_is_one_of_few_is_not_explained_by_chance():
    """Many changes turn a wrong truth value: no known mistake is read from that."""
    verdict = told_of(
        """
        def classify_critical_point(H, tol=1e-8):
            w = np.linalg.eigvalsh(H)
            if np.all(w > 0):
                return "local minimum"
            if np.all(w < 0):
                return "local maximum"
            return "saddle"
        """,
        "classify_critical_point",
        seconds=1.0,
    )

    assert not said(verdict, "mistake")


def test_a_bank_holds_numbers_and_names_alone():
    """No source of a right form is in what a learner gets."""
    exercise = find("adam_step")
    bank = made_bank(public_question("adam_step"), (exercise.reference,))

    assert {"m_hat", "v_hat"} <= {entry.label for entry in bank}
    assert b"sqrt" not in record_bank(bank)


def test_a_bank_is_read_as_it_was_recorded():
    exercise = find("adam_step")
    bank = made_bank(public_question("adam_step"), (exercise.reference,))

    read = recorded_bank(record_bank(bank))

    assert [entry.label for entry in read] == [entry.label for entry in bank]
    for one, other in zip(read, bank, strict=True):
        for mine, right in zip(one.values, other.values, strict=True):
            assert [v.shape for v in mine] == [v.shape for v in right]
            assert all(map(np.array_equal, mine, right))


def test_two_shapes_that_make_a_third():
    """Where NumPy repeats both of two right arrays, that is said."""
    verdict = told_of(
        """
        def batch_gradient(w, X, y):
            y = y.reshape(-1, 1)
            err = X @ w - y
            return (X.T @ err).mean(axis=1)
        """,
        "batch_gradient",
        seconds=0.0,
    )

    (place,) = said(verdict, "place")
    assert (place.line, place.proved) == (3, False)
    assert "`X @ w` has shape (3,) and `y` has shape (3, 1)" in place.text


def test_a_part_without_effect_is_left_out_and_not_moved():
    """What is moved to where it cancels is no second mistake."""
    verdict = told_of(
        """
        def softmax(z):
            e = np.exp(z / np.max(np.abs(z), axis=-1, keepdims=True))
            return e / e.sum(axis=-1, keepdims=True)
        """,
        "softmax",
    )

    (place,) = said(verdict, "place")
    assert place.line == 2
    assert "two mistakes" not in place.text


def test_a_case_with_many_steps_is_no_trial_that_goes_too_far():
    """How much an answer may ask for is seen in all its cases, not in one."""
    verdict = told_of(
        """
        def adam_step(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
            m = beta1 * m + (1 - beta1) * grad
            v = beta2 * v + (1 - beta2) * grad**2
            v_hat = v / (1 - beta2 ** max(t - 1, 1))
            return theta - lr * m / (np.sqrt(v_hat) + eps), m, v
        """,
        "adam_step",
    )

    (place,) = said(verdict, "place")
    assert place.line == 4
    assert "`m` not" in said(verdict, "mistake")[0].text


def test_what_was_left_in_memory_is_no_right_value():
    """A form that begins with an array of nothing passes through no number there."""
    exercise = find("clipped_descent")
    forms = (exercise.reference, *exercise.equivalents)
    first, second = (made_bank(public_question(exercise.name), forms) for _ in "12")
    sizes = np.concatenate(
        [np.abs(v.ravel()) for entry in first for case in entry.values for v in case]
    )

    assert record_bank(first) == record_bank(second)
    assert sizes[sizes > 0].min() > 1e-12


def test_one_mistake_of_which_another_looks_like_a_part():
    """Two shapes that make a third are told before two changes that undo them."""
    verdict = told_of(
        """
        def batch_gradient(w, X, y):
            y = y.reshape(-1, 1)
            err = X @ w - y
            return (X.T @ err).mean(axis=1)
        """,
        "batch_gradient",
    )

    (place,) = said(verdict, "place")
    assert "NumPy repeats both" in place.text


def test_a_state_that_is_kept_with_the_opposite_sign():
    verdict = told_of(
        """
        def nesterov_step(theta, velocity, grad_fn, lr, beta):
            velocity = beta * velocity + lr * grad_fn(theta - beta * velocity)
            return theta - velocity, velocity
        """,
        "nesterov_step",
    )

    (place,) = said(verdict, "place")
    assert (place.line, place.proved) == (1, True)
    assert "with `-velocity` wherever `velocity` is given and returned" in place.text


def test_the_same_mistake_in_all_places_but_one():
    verdict = told_of(
        """
        def hessian_vector_product(grad_fn, theta, v, h=1e-5):
            plus = grad_fn(theta + 2 * h * v)
            minus = grad_fn(theta - 2 * h * v)
            return (plus - minus) / (2 * h)
        """,
        "hessian_vector_product",
    )

    (place,) = said(verdict, "place")
    assert "in 2 of the 3 places that read so, in lines 2 and 3" in place.text


def test_a_root_too_many_is_left_out_and_not_squared():
    verdict = told_of(
        """
        def minibatch_variance(trace_cov, n, batch_size):
            return np.sqrt(trace_cov / batch_size)
        """,
        "minibatch_variance",
    )

    (place,) = said(verdict, "place")
    assert "without the `sqrt`, one of them is gone" in place.text


def test_a_condition_under_which_an_error_is_raised():
    verdict = told_of(
        """
        def best_quadratic_step(grad, curvature):
            if np.all(curvature <= 0):
                raise ValueError("not positive")
            return np.abs(grad / curvature)
        """,
        "best_quadratic_step",
    )

    (place,) = said(verdict, "place")
    assert "with `any` in place of `all`" in place.text


def test_another_way_to_a_right_value_is_no_place():
    """What only prepares, or leads to a right value, is not called wrong."""
    verdict = told_of(
        """
        def batchnorm_inference(x, gamma, beta, running_mean, running_var, eps=1e-5):
            out = np.zeros((len(x), len(gamma)))
            std = np.exp(np.log(running_var + eps) / 2)
            out[:] = gamma * (x - running_mean) / std + 3 * beta
            return out
        """,
        "batchnorm_inference",
        seconds=0.0,
    )

    (place,) = said(verdict, "place")
    assert place.expression == "3 * beta"


def test_a_list_is_never_put_into_itself():
    """NumPy does not come back from an array of such a list."""
    verdict = told_of(
        """
        def gd_step(theta, grad, lr):
            out = []
            for x, g in zip(theta.ravel(), grad.ravel()):
                out.insert(0, x - lr * g)
            return np.array(out).reshape(theta.shape)
        """,
        "gd_step",
    )

    assert verdict.told


def test_what_breaks_a_right_case_has_mended_nothing():
    """A condition that is always true would raise no error where one is right."""
    verdict = told_of(
        """
        def scale_lr(lr, batch_size, base_batch_size, rule):
            ratio = batch_size / base_batch_size
            if rule == "linear":
                return lr * ratio
            elif rule == "root":
                return lr * np.sqrt(ratio)
            assert rule != "sqrt", "not yet"
            raise ValueError(rule)
        """,
        "scale_lr",
    )

    (place,) = said(verdict, "place")
    assert "it is False in case 2 and should be True" in place.text
    assert "all 10 cases come right" in place.text


def test_a_tiny_number_is_not_made_twice_or_half_as_tiny():
    """Its own size is not what is wrong; that it is added is."""
    verdict = told_of(
        """
        def rms_step(theta, sum_sq, t, grad, lr):
            sum_sq = sum_sq + grad**2
            sigma = np.sqrt(sum_sq / (t + 1))
            return theta - lr * grad / (sigma + 1e-10), sum_sq
        """,
        "rms_step",
    )

    places = said(verdict, "place")
    assert all(one.line == 4 for one in places)
    assert not any("5e-11" in one.text or "2e-10" in one.text for one in places)


def test_trials_warn_of_nothing(recwarn):
    """What NumPy says of the answer was said when the learner ran it."""
    told_of(
        """
        def noise_scale(per_example_grads):
            G = per_example_grads.mean(axis=0)
            return np.trace(np.cov(per_example_grads)) / np.linalg.norm(G)
        """,
        "noise_scale",
    )

    assert not recwarn.list
