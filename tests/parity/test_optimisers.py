"""Our optimisers and schedules beside PyTorch's, step by step.

The recorded comparison always runs; the live one where PyTorch is installed.
Where a convention of the course differs from PyTorch's, the function that
walks our path says what turns the one into the other, exactly.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from autograder.kernels.adam import (
    adam_step,
    adamw_step,
    amsgrad_step,
    folded_adam_step,
    folded_epsilon,
)
from autograder.kernels.adaptive_learning_rates import (
    adagrad_step,
    cosine_decay,
    exponential_decay,
    inverse_sqrt_decay,
    rms_step,
    rmsprop_step,
    step_decay,
    transformer_lr,
    warmup,
)
from autograder.kernels.gradient_descent import gd_step
from autograder.kernels.momentum import (
    ema_momentum_step,
    momentum_step,
    nesterov_difference_step,
    nesterov_step,
)
from tests.parity.parity_runs import GOLDEN, N_STEPS, PATHS, RATES, START, gradient

TOLERANCE = 1e-12

recorded = json.loads(GOLDEN.read_text(encoding="utf-8"))
recorded_paths = {run["name"]: run for run in recorded["paths"]}
recorded_rates = {run["name"]: run for run in recorded["rates"]}

NONE = np.zeros_like(START)


def torch_path(name):
    return np.array(recorded_paths[name]["path"])


def distance(one, other):
    return np.abs(np.asarray(one) - np.asarray(other)).max()


# --- learning rates over time -----------------------------------------------

STEPS = {"drop": 0.5, "every": 10}
# PyTorch's gamma is the factor of a step; ours is a rate: exp(-rate) = gamma.
RATE = -np.log(0.96)


def cosine_as_torch(lr, t):
    """PyTorch's cosine rises again after T_max, as the way down read backwards."""
    return cosine_decay(lr, min(t, 80 - t), 40, 0.01)


def warmed(lr, t):
    return warmup(lambda t: lr, t, 8)


OUR_RATES = {
    "steps": lambda t: step_decay(0.1, t, **STEPS),
    "exponential": lambda t: exponential_decay(0.1, t, RATE),
    "cosine": lambda t: cosine_as_torch(0.1, t),
    "warmup": lambda t: warmed(0.1, t),
    # LinearLR goes from 1/8 to 1 in 7 epochs: the same as (t + 1) / 8.
    "warmup linear": lambda t: warmed(0.1, t),
    "warmup exponential": lambda t: warmup(
        lambda t: exponential_decay(0.1, t, RATE), t, 8
    ),
    "inverse root": lambda t: inverse_sqrt_decay(0.1, t),
    # The paper counts from 1, PyTorch's epochs count from 0.
    "transformer": lambda t: transformer_lr(t + 1, 64, 8),
}


# --- paths ------------------------------------------------------------------


def walk(step, *state, lr, theta=START, **settings):
    """Our path: ``step(theta, *state, grad, lr, ...)``, and whatever it carries."""
    path = [theta]
    for t in range(N_STEPS):
        rate = lr(t) if callable(lr) else lr
        grad = gradient(theta)
        theta, *state = step(theta, *state, grad, rate, **settings)
        path.append(theta)
    return np.array(path)


def plain(lr):
    return walk(lambda theta, grad, lr: (gd_step(theta, grad, lr),), lr=lr)


def heavy_ball(lr, beta):
    """PyTorch's buffer is our velocity over -lr, the same path while lr is fixed."""
    return walk(momentum_step, NONE, lr=lr, beta=beta)


def heavy_ball_under_a_schedule(lr, beta):
    """When lr changes, what is in the velocity is taken to the new lr first."""
    theta, velocity, path = START, NONE, [START]
    for t in range(N_STEPS):
        velocity = velocity * lr(t) / lr(max(t - 1, 0))
        theta, velocity = momentum_step(theta, velocity, gradient(theta), lr(t), beta)
        path.append(theta)
    return np.array(path)


def averaged(lr, beta):
    """PyTorch's dampening: its first buffer is the whole first gradient.

    So our average has to start from that gradient, not from zero.
    """
    return walk(ema_momentum_step, gradient(START), lr=lr, beta=beta)


def looking_ahead(lr, beta):
    """PyTorch's parameters are the point that our ball looks ahead to."""
    theta, velocity, path = START, NONE, [START]
    for _ in range(N_STEPS):
        theta, velocity = nesterov_step(theta, velocity, gradient, lr, beta)
        path.append(theta + beta * velocity)
    return np.array(path)


def by_difference(lr, beta):
    """The form with a difference of gradients has PyTorch's parameters as they are."""

    def step(theta, m, previous, grad, lr, beta):
        return (*nesterov_difference_step(theta, m, grad, previous, lr, beta), grad)

    return walk(step, NONE, NONE, lr=lr, beta=beta)


def over_root_mean_square(lr):
    """AdaGrad with lr * sqrt(t + 1) and hardly any eps: the roots cancel."""

    def step(theta, sum_sq, t, grad, lr):
        return (*rms_step(theta, sum_sq, t, grad, lr), t + 1)

    return walk(step, NONE, 0, lr=lr)


def counted(adam, n_moments, lr, penalty=0.0, **settings):
    """A step of Adam's kind, which counts its steps from 1."""

    def step(theta, *state_and_grad, **settings):
        *moments, t, grad, lr = state_and_grad
        # PyTorch's Adam has its weight decay in the gradient: an L2 penalty.
        grad = grad + penalty * theta
        return (*adam(theta, *moments, t, grad, lr, **settings), t + 1)

    return walk(step, *[NONE] * n_moments, 1, lr=lr, **settings)


def folded(lr, eps=1e-8, beta2=0.999, **settings):
    """The folded form needs an eps of its own in every step."""

    def step(theta, m, v, t, grad, lr, **settings):
        grown = folded_epsilon(eps, beta2, t)
        given = {**settings, "beta2": beta2, "eps": grown}
        return (*folded_adam_step(theta, m, v, t, grad, lr, **given), t + 1)

    return walk(step, NONE, NONE, 1, lr=lr, **settings)


OUR_PATHS = {
    "sgd": [lambda: plain(0.05), lambda: heavy_ball(0.05, 0.0)],
    "sgd steps": [lambda: plain(lambda t: step_decay(0.05, t, **STEPS))],
    "sgd exponential": [lambda: plain(lambda t: exponential_decay(0.05, t, RATE))],
    "sgd cosine": [lambda: plain(lambda t: cosine_as_torch(0.05, t))],
    "sgd warmup": [lambda: plain(lambda t: warmed(0.05, t))],
    "momentum 0.5": [lambda: heavy_ball(0.05, 0.5)],
    "momentum 0.9": [lambda: heavy_ball(0.02, 0.9)],
    "momentum steps": [
        lambda: heavy_ball_under_a_schedule(lambda t: step_decay(0.02, t, **STEPS), 0.9)
    ],
    "ema 0.8": [lambda: averaged(0.05, 0.8)],
    "nesterov 0.5": [
        lambda: looking_ahead(0.05, 0.5),
        lambda: by_difference(0.05, 0.5),
    ],
    "nesterov 0.9": [
        lambda: looking_ahead(0.02, 0.9),
        lambda: by_difference(0.02, 0.9),
    ],
    "adagrad": [lambda: walk(adagrad_step, NONE, lr=0.5)],
    "adagrad eps": [lambda: walk(adagrad_step, NONE, lr=0.2, eps=1e-2)],
    "adagrad rms": [lambda: over_root_mean_square(0.05)],
    # PyTorch's alpha is our rho; its default is 0.99, ours 0.9.
    "rmsprop": [lambda: walk(rmsprop_step, NONE, lr=0.02, rho=0.99)],
    "rmsprop 0.9": [lambda: walk(rmsprop_step, NONE, lr=0.02)],
    "rmsprop eps": [lambda: walk(rmsprop_step, NONE, lr=0.02, rho=0.8, eps=0.1)],
    "adam": [lambda: counted(adam_step, 2, 0.05), lambda: folded(0.05)],
    "adam eps": [
        lambda: counted(adam_step, 2, 0.1, eps=1e-2),
        lambda: folded(0.1, eps=1e-2),
    ],
    "adam 0.8": [
        lambda: counted(adam_step, 2, 0.1, beta1=0.6, beta2=0.8, eps=1e-3),
        lambda: folded(0.1, beta1=0.6, beta2=0.8, eps=1e-3),
    ],
    "adam cosine": [
        lambda: counted(adam_step, 2, lambda t: cosine_as_torch(0.1, t), beta2=0.99)
    ],
    "adam l2": [lambda: counted(adam_step, 2, 0.05, penalty=0.1)],
    "adamw": [lambda: counted(adamw_step, 2, 0.05)],
    "adamw 0.1": [lambda: counted(adamw_step, 2, 0.1, weight_decay=0.1, eps=1e-3)],
    "adamw 0.8": [lambda: counted(adamw_step, 2, 0.1, beta1=0.7, beta2=0.8)],
    "amsgrad": [lambda: counted(amsgrad_step, 3, 0.05, beta2=0.8)],
    "amsgrad eps": [
        lambda: counted(amsgrad_step, 3, 0.1, beta1=0.8, beta2=0.9, eps=1e-2)
    ],
}

every_path = pytest.mark.parametrize("run", PATHS, ids=lambda run: run.name)
every_rate = pytest.mark.parametrize("run", RATES, ids=lambda run: run.name)


# --- laws -------------------------------------------------------------------


def test_what_is_recorded_is_what_is_compared():
    """No run is missing, none is left over, and none has other settings."""
    settings = [
        {k: v for k, v in run.items() if k != "path"} for run in recorded["paths"]
    ]
    rates = [
        {k: v for k, v in run.items() if k != "rates"} for run in recorded["rates"]
    ]

    assert settings == [run.described for run in PATHS]
    assert rates == [run.described for run in RATES]
    assert list(OUR_PATHS) == [run.name for run in PATHS]
    assert list(OUR_RATES) == [run.name for run in RATES]


@every_path
def test_path_is_the_one_that_torch_took(run):
    """Fifty steps in float64, and every point agrees with the recorded one."""
    theirs = torch_path(run.name)

    assert theirs.shape == (N_STEPS + 1, START.size)
    for ours in OUR_PATHS[run.name]:
        assert distance(ours(), theirs) < TOLERANCE


@every_rate
def test_learning_rates_are_those_that_torch_used(run):
    """The learning rate of every epoch agrees with the recorded one."""
    theirs = recorded_rates[run.name]["rates"]
    ours = [OUR_RATES[run.name](t) for t in range(N_STEPS + 1)]

    assert distance(ours, theirs) < TOLERANCE


def test_cosine_stays_where_torch_rises():
    """Past its end our schedule keeps the least rate; PyTorch's starts to rise."""
    ours = cosine_decay(0.1, np.arange(N_STEPS + 1), 40, 0.01)
    theirs = recorded_rates["cosine"]["rates"]

    assert distance(ours[:41], theirs[:41]) < TOLERANCE
    assert np.all(ours[40:] == 0.01)
    assert theirs[50] > 0.02


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (
            "momentum steps",
            lambda: walk(
                momentum_step, NONE, lr=lambda t: step_decay(0.02, t, **STEPS), beta=0.9
            ),
        ),
        ("ema 0.8", lambda: walk(ema_momentum_step, NONE, lr=0.05, beta=0.8)),
        ("nesterov 0.9", lambda: walk(momentum_step, NONE, lr=0.02, beta=0.9)),
        ("rmsprop", lambda: walk(rmsprop_step, NONE, lr=0.02)),
        ("adam eps", lambda: counted(folded_adam_step, 2, 0.1, eps=1e-2)),
        ("adam l2", lambda: counted(adamw_step, 2, 0.05, weight_decay=0.1)),
        ("adamw 0.1", lambda: counted(adam_step, 2, 0.1, penalty=0.1, eps=1e-3)),
        ("amsgrad", lambda: counted(adam_step, 2, 0.05, beta2=0.8)),
        ("amsgrad eps", lambda: counted(adam_step, 2, 0.1, beta1=0.8, beta2=0.9)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_comparison_sees_another_convention(name, path):
    """Without what turns the one convention into the other, the paths part."""
    assert distance(path(), torch_path(name)) > 1e-4


def test_no_run_compares_an_unmoving_point():
    """Every run goes somewhere, and no two take the same path."""
    ends = [tuple(run["path"][-1]) for run in recorded["paths"]]

    assert len(set(ends)) == len(ends)
    assert all(distance(end, START) > 0.1 for end in ends)


@pytest.fixture(scope="module")
def live():
    """The functions that ask PyTorch, where it is installed."""
    pytest.importorskip(
        "torch", reason="PyTorch is not installed: only the recording was compared"
    )
    import make_golden

    return make_golden


@every_path
def test_live_path_agrees(live, run):
    """PyTorch as installed here takes our path, and the recorded one."""
    theirs = live.torch_path(run)

    assert distance(theirs, torch_path(run.name)) < TOLERANCE
    for ours in OUR_PATHS[run.name]:
        assert distance(ours(), theirs) < TOLERANCE


@every_rate
def test_live_learning_rates_agree(live, run):
    """PyTorch as installed here has our learning rates, and the recorded ones."""
    theirs = live.torch_rates(run)
    ours = [OUR_RATES[run.name](t) for t in range(N_STEPS + 1)]

    assert distance(theirs, recorded_rates[run.name]["rates"]) < TOLERANCE
    assert distance(ours, theirs) < TOLERANCE
