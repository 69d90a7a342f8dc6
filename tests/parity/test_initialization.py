"""Our initial weights, forward and backward passes beside PyTorch's.

The recorded comparison always runs; the live one where PyTorch is installed.
PyTorch's dense weights are the transpose of ours, (out, in).
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from autograder.kernels import initialization as kernels
from tests.parity.initialization_runs import ACTIVATIONS, CALLS, GOLDEN, SHAPES, network

recorded = json.loads(GOLDEN.read_text(encoding="utf-8"))

every_call = pytest.mark.parametrize("call", CALLS)
every_activation = pytest.mark.parametrize("activation", ACTIVATIONS)


def our_fans(shape):
    """Dense shapes turned around, since PyTorch has (out, in)."""
    return list(kernels.fans(shape[::-1] if len(shape) == 2 else shape))


def our_scale(call, shape):
    """What a draw of ours is a multiple of: standard normal, or from -1 to 1."""
    name, _, activation = call.partition(" ")
    settings = (
        {"gain": {"linear": 1.0, "relu": 2**0.5}[activation]} if activation else {}
    )
    fan_in, fan_out = our_fans(shape)
    W = getattr(kernels, name)(fan_in, fan_out, np.random.default_rng(1), **settings)
    again = np.random.default_rng(1)
    if name.endswith("normal"):
        unit = again.standard_normal((fan_in, fan_out))
    else:
        unit = again.uniform(-1, 1, (fan_in, fan_out))
    # A sum of many ratios' worth: no single small entry decides.
    scale = np.sum(np.abs(W)) / np.sum(np.abs(unit))
    np.testing.assert_allclose(W, scale * unit, rtol=1e-9, atol=1e-12)
    return scale


def test_what_is_recorded_is_what_is_compared():
    """No shape, call or activation is missing or left over."""
    assert [tuple(shape) for shape in recorded["shapes"]] == list(SHAPES)
    assert list(recorded["scales"]) == list(CALLS)
    assert list(recorded["gradients"]) == list(ACTIVATIONS)


def test_fans_are_those_of_torch():
    """Dense and convolution."""
    assert [our_fans(shape) for shape in SHAPES] == recorded["fans"]


@every_call
def test_deviations_and_bounds_are_those_of_torch(call):
    """For every shape, to rounding."""
    ours = [our_scale(call, shape) for shape in SHAPES]

    assert ours == pytest.approx(recorded["scales"][call], rel=1e-12)


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_required_deviation_is_the_kaiming_normal_of_torch(activation):
    """What keeps the mean square is what PyTorch draws with."""
    ours = [
        kernels.required_weight_std(our_fans(shape)[0], activation) for shape in SHAPES
    ]

    theirs = recorded["scales"][f"kaiming_normal {activation}"]
    assert ours == pytest.approx(theirs, rel=1e-12)


@every_activation
def test_forward_and_backward_are_those_of_torch(activation):
    """Every output of every layer, and the norm of every gradient."""
    X, weights, biases, grad_out = network()
    theirs = recorded["gradients"][activation]

    outputs = kernels.dense_forward(X, weights, biases, activation)
    norms = kernels.gradient_norms(X, weights, grad_out, activation)

    for ours, their in zip(outputs, theirs["outputs"], strict=True):
        assert ours == pytest.approx(np.array(their), abs=1e-12)
    assert norms == pytest.approx(theirs["norms"], rel=1e-12)


def test_comparison_sees_another_convention():
    """The default of PyTorch's Linear, fan_out, and the untransposed shape differ."""
    theirs = recorded["scales"]

    for i, shape in enumerate(SHAPES[:3]):
        fan_in, fan_out = our_fans(shape)
        assert abs(np.sqrt(2 / fan_out) / theirs["kaiming_normal relu"][i] - 1) > 0.05
        assert abs(np.sqrt(1 / fan_in) / theirs["kaiming_uniform relu"][i] - 1) > 0.5
        assert list(kernels.fans(shape)) != recorded["fans"][i]


@pytest.fixture(scope="module")
def live():
    """The functions that ask PyTorch, where it is installed."""
    pytest.importorskip(
        "torch", reason="PyTorch is not installed: only the recording was compared"
    )
    import make_golden_initialization

    return make_golden_initialization


def test_live_fans_agree(live):
    """PyTorch as installed here counts as recorded."""
    assert [live.torch_fans(shape) for shape in SHAPES] == recorded["fans"]


@every_call
def test_live_scales_agree(live, call):
    """PyTorch as installed here draws with the recorded numbers."""
    theirs = [live.torch_scale(call, shape) for shape in SHAPES]

    assert theirs == pytest.approx(recorded["scales"][call], rel=1e-12)


@every_activation
def test_live_gradients_agree(live, activation):
    """PyTorch as installed here goes forward and backward as recorded."""
    found, theirs = live.torch_gradients(activation), recorded["gradients"][activation]

    assert found["norms"] == pytest.approx(theirs["norms"], rel=1e-12)
    for one, other in zip(found["outputs"], theirs["outputs"], strict=True):
        assert np.array(one) == pytest.approx(np.array(other), abs=1e-12)
