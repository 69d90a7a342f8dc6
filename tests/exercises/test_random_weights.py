"""How random weights are judged: chances of a false alarm, and what is refused.

Bounds are Chernoff's where the statistic is a sum or a ratio of quadratic
forms of normal numbers: P(S > s) <= exp(-t s) E exp(t S) for every t > 0.
"""

import math

import numpy as np
import pytest

from autograder.checking.cases import draw_question, public_question
from autograder.checking.judging import verdict
from autograder.checking.recorded import load_recorded, record
from autograder.exercises import chapter_of, find
from autograder.exercises.observations import (
    ALIKE,
    CLOSE_TO_BOUND,
    FAR,
    SPREAD,
    random_weights,
)

NAMES = ("xavier_normal", "xavier_uniform", "kaiming_normal", "kaiming_uniform")

RIGHT = {"std": 1.0}
SHAPES = [(20, 100), (200, 8), (14, 120), (220, 8)]
"""The shapes of the cases, with the smallest that are drawn."""


def shapes_drawn(name, n_draws=40):
    chapter = chapter_of(name)
    for k in range(n_draws):
        rng = np.random.default_rng(k)
        for _, arguments in find(name).draw(rng):
            yield arguments["fan_in"], arguments["fan_out"]
    assert chapter.name == "06_initialization"


def normal_tail(z):
    """Both tails of the normal distribution."""
    return math.erfc(z / math.sqrt(2))


def least(values):
    return float(np.min(values))


def chance_of_spread(n):
    """Chernoff's bound for the mean square of n normal numbers, both sides."""
    up, down = (1 + SPREAD) ** 2, (1 - SPREAD) ** 2
    return sum(math.exp(-(n - 1) / 2 * (x - 1 - math.log(x))) for x in (up, down))


def chance_of_neighbours(n_chains, length):
    """Bound for the sum of products of neighbours, over n times the mean square.

    The sum is a quadratic form with the eigenvalues cos(pi k / (length + 1)),
    once for each chain, so the event is that a form is positive.
    """
    k = np.arange(1, length + 1)
    eigenvalues = np.cos(np.pi * k / (length + 1))
    n, products = n_chains * length, n_chains * (length - 1)
    excess = eigenvalues - ALIKE * math.sqrt(products) / n
    ts = np.linspace(0.001, 0.49 / excess.max(), 2000)
    logs = -0.5 * n_chains * np.log(1 - 2 * ts[:, None] * excess).sum(axis=1)
    return 2 * math.exp(least(logs))


def chance_of_a_leaning_line(n, n_lines):
    """The square of a line's sum over the sum of squares is Beta(1/2, (n-1)/2)."""
    share = ALIKE**2 / n
    return n_lines * normal_tail(ALIKE) * (1 + share) ** 2


def chance_of_no_large_number(n):
    """No normal number beyond 2.45 of n, with 5 % for the deviation measured."""
    beyond = normal_tail(2.45 * 1.05)
    return (1 - beyond) ** n * normal_tail(0.05 * math.sqrt(2 * n)) / 2 + (
        1 - normal_tail(2.45)
    ) ** n


def chance_of_another_mean_size(n, mean, variance, low, high):
    """The mean size over the standard deviation, which is asymptotically normal."""
    deviation = math.sqrt(variance / n)
    return sum(normal_tail(abs(x - mean) / deviation) / 2 for x in (low, high))


def false_alarm_normal(rows, columns):
    n = rows * columns
    return (
        chance_of_spread(n)
        + normal_tail(FAR)
        + chance_of_neighbours(columns, rows)
        + chance_of_neighbours(rows, columns)
        + chance_of_a_leaning_line(n, rows + columns)
        + chance_of_no_large_number(n)
        + chance_of_another_mean_size(
            n, math.sqrt(2 / math.pi), 1 - 3 / math.pi, 0.766, 0.832
        )
    )


def false_alarm_uniform(rows, columns):
    """Lighter tails than the normal's: its bounds hold for sums and neighbours."""
    n = rows * columns
    return (
        normal_tail(SPREAD * math.sqrt(5 * n))
        + normal_tail(FAR)
        + chance_of_neighbours(columns, rows)
        + chance_of_neighbours(rows, columns)
        + chance_of_a_leaning_line(n, rows + columns)
        + (1 - CLOSE_TO_BOUND) ** n
        + chance_of_another_mean_size(n, math.sqrt(3) / 2, 0.025, 0.836, 0.896)
        + normal_tail((1.9 / math.sqrt(3) - 1) * math.sqrt(5 * n))
    )


@pytest.mark.parametrize("name", NAMES)
def test_cases_are_as_large_as_the_chances_need(name):
    """1,600 entries or more, and none of the shapes is square."""
    for fan_in, fan_out in shapes_drawn(name):
        assert fan_in * fan_out >= 1600
        assert min(fan_in, fan_out) >= 8
        assert fan_in != fan_out


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("chance", [false_alarm_normal, false_alarm_uniform])
def test_a_false_alarm_is_rarer_than_one_in_ten_million(shape, chance):
    """In each case; a check has five of them, so it stays below 1 in a million."""
    assert chance(*shape) < 1e-7
    assert 5 * chance(*shape) < 1e-6


def test_constants_of_the_mean_size_are_right():
    """Its value, and the variance over n of mean size over standard deviation."""
    x = (np.arange(400_000) + 0.5) / 400_000 * 12 - 6
    weights = np.exp(-(x**2) / 2)
    for size, p, value, variance in (
        (np.abs(x), weights / weights.sum(), math.sqrt(2 / math.pi), 1 - 3 / math.pi),
        (np.sqrt(3) / 6 * np.abs(x), 1 / len(x), math.sqrt(3) / 2, 0.025),
    ):
        mean = np.sum(size * p)
        influence = size - mean / 2 * (size**2 - 1) - mean
        assert mean == pytest.approx(value, abs=1e-6)
        assert np.sum(influence**2 * p) == pytest.approx(variance, abs=1e-5)


def test_bound_on_neighbours_is_no_smaller_than_what_happens():
    """At a threshold so low that chance reaches it."""
    rng, n_draws = np.random.default_rng(0), 2000
    scores = []
    for _ in range(n_draws):
        Z = rng.standard_normal((20, 30))
        scores.append(np.sum(Z[1:] * Z[:-1]) / np.sum(Z**2) * Z.size)
    measured = np.mean(np.array(scores) / math.sqrt(19 * 30) > 2)

    assert 0.015 < measured < 0.035


def test_thousands_of_right_draws_look_alike():
    """Normal and uniform ones, in each shape: none is refused."""
    rng = np.random.default_rng(0)
    for shape in SHAPES:
        seen = [random_weights(rng.standard_normal(shape), RIGHT) for _ in range(500)]
        assert all(s == seen[0] for s in seen)
        assert seen[0]["distribution of the weights"] == "normal"
        right, b = RIGHT | {"bound": math.sqrt(3)}, math.sqrt(3)
        seen = [random_weights(rng.uniform(-b, b, shape), right) for _ in range(500)]
        assert all(s == seen[0] for s in seen)
        assert seen[0]["distribution of the weights"] == "uniform"


NORMAL = {
    "type of the weights": "float64",
    "weights": "many different ones",
    "distribution of the weights": "normal",
    "mean of the weights, in standard deviations": 0.0,
    "standard deviation of the weights, give or take 12 %": 1.0,
    "weights next to each other": "independent",
}


@pytest.mark.parametrize(
    ("spoil", "what", "words"),
    [
        (lambda Z: np.full_like(Z, 0.3), "weights", "one value only"),
        (lambda Z: np.zeros_like(Z), "weights", "one value only"),
        (lambda Z: np.tile(Z[0], (len(Z), 1)), "weights", "again and again"),
        (lambda Z: np.tile(Z[:, :1], Z.shape[1]), "weights", "again and again"),
        (lambda Z: np.vstack([Z[:50], -Z[:50]]), "weights", "again and again"),
        (lambda Z: np.sort(Z, axis=0), "weights next to each other", "alike"),
        (lambda Z: np.sort(Z, axis=1), "weights next to each other", "alike"),
        (
            lambda Z: np.sqrt(0.5) * (Z + Z[::-1].mean(axis=0) * 10),
            "weights next to each other",
            "alike",
        ),
        (lambda Z: Z.round(1), "weights", "again and again"),
        (lambda Z: np.sign(Z) * (1 + 1e-9 * Z), "distribution of the weights", "nei"),
        (lambda Z: Z**3 / 4, "distribution of the weights", "neither"),
        (lambda Z: Z.astype(np.float32), "type of the weights", "float32"),
        (lambda Z: Z.astype(int), "type of the weights", "int64"),
    ],
    ids=range(13),
)
def test_what_is_no_independent_normal_matrix_is_told(spoil, what, words):
    """Each by a word of its own."""
    Z = np.random.default_rng(1).standard_normal((100, 20))
    seen = random_weights(spoil(Z), RIGHT)

    assert random_weights(Z, RIGHT) == NORMAL
    assert words in seen[what]


@pytest.mark.parametrize("scale", [0.5, 0.8, 1.25, 2.0])
def test_a_wrong_scale_is_given_as_it_is(scale):
    """So that a message can show it beside the right one."""
    Z = scale * np.random.default_rng(1).standard_normal((100, 20))

    found = random_weights(Z, RIGHT)

    key = "standard deviation of the weights, give or take 12 %"
    assert found[key] == pytest.approx(scale, rel=0.05)


def drawn(name, k=0):
    return draw_question(find(name), chapter_of(name), (k, 6))


@pytest.mark.parametrize(
    ("name", "mistake", "answer"),
    [
        (
            "xavier_normal",
            "xn_variance_as_std",
            lambda n, m, rng: 2 / (n + m) * rng.standard_normal((m, n)).T,
        ),
        (
            "xavier_uniform",
            "xu_bound_as_std",
            lambda n, m, rng: (2 / (n + m)) ** 0.5 * (2 * rng.random((n, m)) - 1),
        ),
        (
            "kaiming_normal",
            "kn_fan_out",
            lambda n, m, rng, gain=2**0.5: (
                gain * m**-0.5 * np.array([rng.normal(size=m) for _ in range(n)])
            ),
        ),
        (
            "kaiming_uniform",
            "ku_not_centred",
            lambda n, m, rng, gain=2**0.5: (
                gain * (3 / n) ** 0.5 * np.array([rng.random(m) for _ in range(n)])
            ),
        ),
    ],
    ids=NAMES,
)
def test_a_mistake_is_named_whatever_the_order_of_its_draws(name, mistake, answer):
    """Its numbers are others than the listed form's, its statistics are the same."""
    for k in range(20):
        found = verdict(answer, drawn(name, k))

        assert found.misconceptions == (mistake,), found.message.text()


def test_message_says_the_theoretical_value():
    """Not what one draw of the reference happened to have."""
    found = verdict(
        lambda n, m, rng: rng.normal(0, 2 / (n + m), (n, m)), drawn("xavier_normal")
    )
    told = " ".join(found.message.text().split())

    assert f"it should be {np.sqrt(2 / (200 + 8)):.4g}" in told
    assert "These have the statistics of weights whose standard deviation" in told


def test_what_is_fixed_survives_recording_and_is_given_to_no_call():
    """A recorded question judges as the drawn one does."""
    question = drawn("kaiming_uniform")
    again = load_recorded(record(question))

    assert [c.fixed for c in again.cases] == [c.fixed for c in question.cases]
    assert {*question.cases[0].fixed} == {"std", "bound"}
    assert "std" not in question.cases[0].arguments
    assert verdict(find("kaiming_uniform").reference, again).passed


def test_numbers_that_no_generator_made_are_named():
    """Drawing from `rng` and throwing it away: two cases come out alike."""

    def kaiming_normal(fan_in, fan_out, rng, gain=2**0.5):
        rng.normal(size=3)
        own = np.random.default_rng(7)
        return own.normal(0.0, gain / np.sqrt(fan_in), size=(fan_in, fan_out))

    question = public_question("kaiming_normal")

    found = verdict(kaiming_normal, question)

    assert found.code == "generator-unused"
    assert found.score <= question.points / 2
    said = " ".join(found.message.text().split())
    assert "the same numbers for two different generators" in said
