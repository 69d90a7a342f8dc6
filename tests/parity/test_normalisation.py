"""Our normalisations beside PyTorch's, in float64.

The recorded comparison always runs; the live one where PyTorch is installed.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from autograder.kernels.batch_norm import (
    batchnorm_backward,
    batchnorm_forward,
    batchnorm_inference,
    groupnorm,
    normalize,
    spectral_norm,
    update_running,
    weight_norm,
)
from tests.parity.normalisation_runs import (
    AXES,
    BATCHES,
    GOLDEN,
    GROUPS,
    IMAGES,
    MATRICES,
    values,
)

TOLERANCE = 1e-12

recorded = json.loads(GOLDEN.read_text(encoding="utf-8"))

every_batch_norm = pytest.mark.parametrize("name", BATCHES)
every_matrix = pytest.mark.parametrize("name", MATRICES)


def distance(ours, theirs):
    """Largest difference, relative to the largest of theirs."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    return np.abs(ours - theirs).max() / np.abs(theirs).max()


def our_batch_norm(run):
    """What `torch_batch_norm` gives, by our kernels."""
    n, d = run["shape"]
    gamma, beta, eps = values((d,), 1), values((d,), 2), run["eps"]
    mean, var, batches = np.zeros(d), np.ones(d), []
    for k in (3, 4, 5):
        x = run["spread"] * values((n, d), k) + k
        out, _ = batchnorm_forward(x, gamma, beta, eps)
        dx, dgamma, dbeta = batchnorm_backward(values((n, d), k + 10), x, gamma, eps)
        mean, var = update_running(mean, var, x, run["momentum"])
        parts = {"out": out, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}
        batches.append(parts | {"running_mean": mean, "running_var": var})
    x = values((n + 1, d), 6)
    in_use = batchnorm_inference(x, gamma, beta, mean, var, eps)
    return {"batches": batches, "in use": in_use}


def our_images():
    """What `torch_images` gives, by our kernels."""
    x = values(IMAGES, 7)
    found = {name: normalize(x, axes, eps=1e-3) for name, axes in AXES.items()}
    return found | {f"{n} groups": groupnorm(x, n, eps=1e-3) for n in GROUPS}


def our_weights(shape, n_iter):
    """What `torch_weights` gives, by our kernels."""
    v, g = values(shape, 8), values(shape[1:], 9)
    W, u = spectral_norm(v, n_iter, values(shape[:1], 10))
    return {"weight norm": weight_norm(v, g), "spectral norm": W, "u": u}


def assert_same_batch_norm(ours, theirs):
    for one, other in zip(ours["batches"], theirs["batches"], strict=True):
        assert one.keys() == other.keys()
        for part in one:
            assert distance(one[part], other[part]) < TOLERANCE, part
    assert distance(ours["in use"], theirs["in use"]) < TOLERANCE


def assert_same(ours, theirs):
    assert ours.keys() == theirs.keys()
    for part in ours:
        assert distance(ours[part], theirs[part]) < TOLERANCE, part


@every_batch_norm
def test_batch_norm_is_torchs(name):
    """Forward, backward, running averages and use agree with what was recorded."""
    assert_same_batch_norm(our_batch_norm(BATCHES[name]), recorded["batch norm"][name])


def test_family_is_torchs():
    """Batch, layer, instance and group norm of images agree with what was recorded."""
    assert_same(our_images(), recorded["images"])


@every_matrix
def test_weights_are_torchs(name):
    """Weight and spectral norm agree with what was recorded, weights turned."""
    assert_same(our_weights(*MATRICES[name]), recorded["weights"][name])


@every_batch_norm
def test_comparison_sees_another_convention(name):
    """A variance over n, an eps outside and another momentum would be seen."""
    run, theirs = BATCHES[name], recorded["batch norm"][name]["batches"][0]
    n, d = run["shape"]
    x = run["spread"] * values((n, d), 3) + 3
    swapped = {**run, "momentum": 1 - run["momentum"]}
    other = our_batch_norm(swapped)["batches"][0]
    biased = 1 - run["momentum"] + run["momentum"] * x.var(axis=0)
    x_hat = (x - x.mean(axis=0)) / (x.std(axis=0) + run["eps"])
    outside = values((d,), 1) * x_hat + values((d,), 2)

    assert distance(other["running_mean"], theirs["running_mean"]) > 1e-3
    assert distance(biased, theirs["running_var"]) > 1e-4
    assert distance(outside, theirs["out"]) > 1e-6


@pytest.fixture(scope="module")
def live():
    """The functions that ask PyTorch, where it is installed."""
    pytest.importorskip(
        "torch", reason="PyTorch is not installed: only the recording was compared"
    )
    import make_normalisation_golden

    return make_normalisation_golden


@every_batch_norm
def test_live_batch_norm_agrees(live, name):
    """PyTorch as installed here does what ours do, and what was recorded."""
    theirs = live.torch_batch_norm(BATCHES[name])

    assert_same_batch_norm(our_batch_norm(BATCHES[name]), theirs)
    assert_same_batch_norm(theirs, recorded["batch norm"][name])


def test_live_family_agrees(live):
    """PyTorch as installed here does what ours do, and what was recorded."""
    assert_same(our_images(), live.torch_images())
    assert_same(live.torch_images(), recorded["images"])


@every_matrix
def test_live_weights_agree(live, name):
    """PyTorch as installed here does what ours do, and what was recorded."""
    theirs = live.torch_weights(*MATRICES[name])

    assert_same(our_weights(*MATRICES[name]), theirs)
    assert_same(theirs, recorded["weights"][name])
