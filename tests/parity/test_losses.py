"""Softmax, both losses and the small network are PyTorch's, in float64."""

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.kernels import classification as kernels

RECORDED = json.loads(Path(__file__).with_name("losses.json").read_text())
LOGITS = ("ordinary", "huge", "wrong")


def live():
    """The same from the PyTorch that is installed here, if there is one."""
    pytest.importorskip("torch")
    from make_losses import torch_losses

    return torch_losses()


@pytest.fixture(params=["recorded", "live"], scope="module")
def torch_says(request):
    return RECORDED if request.param == "recorded" else live()


@pytest.mark.parametrize("name", LOGITS)
@pytest.mark.parametrize(
    "kernel", ["softmax", "cross_entropy", "cross_entropy_grad", "squared_error_grad"]
)
def test_kernel_is_pytorchs(torch_says, name, kernel):
    """Huge and confidently wrong logits too; entries near 0 to 1e-15."""
    case = torch_says[name]
    arguments = [np.array(case["z"])]
    if kernel != "softmax":
        arguments.append(np.array(case["labels"]))

    found = getattr(kernels, kernel)(*arguments)

    np.testing.assert_allclose(found, case[kernel], rtol=1e-12, atol=1e-15)


def test_network_is_pytorchs(torch_says):
    """Loss and all four gradients."""
    case = torch_says["network"]
    params = {name: np.array(array) for name, array in case["params"].items()}

    loss, grads = kernels.mlp_loss_and_grads(
        params, np.array(case["X"]), np.array(case["labels"])
    )

    assert loss == pytest.approx(case["loss"], rel=1e-13)
    for name, grad in case["grads"].items():
        np.testing.assert_allclose(grads[name], grad, rtol=1e-11, atol=1e-15)
