"""Laws of batch normalisation, its gradient, and its family."""

import numpy as np
import pytest

from autograder.kernels.batch_norm import (
    batch_renorm,
    batchnorm_backward,
    batchnorm_forward,
    batchnorm_inference,
    fold_batchnorm,
    groupnorm,
    normalize,
    spectral_norm,
    update_running,
    weight_norm,
)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def layer(rng):
    """A batch, a scale and a shift."""
    return rng.normal(2, 3, size=(6, 4)), rng.normal(size=4), rng.normal(size=4)


def forward(x, gamma, beta, eps=1e-5):
    return batchnorm_forward(x, gamma, beta, eps)[0]


def numerical(loss, array, h=1e-5):
    """Central differences, knowing nothing of how the loss is made."""
    grad = np.zeros_like(array)
    for i in np.ndindex(array.shape):
        step = np.zeros_like(array)
        step[i] = h
        grad[i] = (loss(array + step) - loss(array - step)) / (2 * h)
    return grad


# --- the two passes ---------------------------------------------------------


@pytest.mark.parametrize("eps", [0.0, 1e-5, 0.5])
def test_output_has_the_mean_beta_and_nearly_the_deviation_gamma(layer, eps):
    """Exactly gamma times sqrt(var / (var + eps))."""
    x, gamma, beta = layer
    out = forward(x, gamma, beta, eps)
    shrunk = np.sqrt(x.var(axis=0) / (x.var(axis=0) + eps))

    np.testing.assert_allclose(out.mean(axis=0), beta, atol=1e-14)
    np.testing.assert_allclose(out.std(axis=0), np.abs(gamma) * shrunk, rtol=1e-12)


def test_scale_and_shift_can_undo_everything(layer):
    """With gamma the deviation and beta the mean, nothing is changed."""
    x, *_ = layer
    out = forward(x, np.sqrt(x.var(axis=0) + 1e-5), x.mean(axis=0))

    np.testing.assert_allclose(out, x, rtol=1e-13)


def test_scale_and_shift_of_what_comes_in_do_not_matter(rng, layer):
    """Without eps, a feature may be measured in any unit, from any zero."""
    x, gamma, beta = layer
    unit, zero = rng.uniform(0.1, 10, 4), rng.normal(size=4)

    np.testing.assert_allclose(
        forward(unit * x + zero, gamma, beta, 0.0),
        forward(x, gamma, beta, 0.0),
        atol=1e-12,
    )


def test_batch_of_two_keeps_a_sign_and_batch_of_one_nothing(rng):
    """Two examples become plus and minus one, one example becomes beta."""
    x, gamma, beta = rng.normal(size=(2, 5)), rng.normal(size=5), rng.normal(size=5)
    signs = np.sign(x - x.mean(axis=0))

    np.testing.assert_allclose(forward(x, gamma, beta, 0.0), gamma * signs + beta)
    np.testing.assert_array_equal(forward(x[:1], gamma, beta), [beta])


@pytest.mark.parametrize("eps", [1e-5, 1e-2, 1.0])
@pytest.mark.parametrize("spread", [0.1, 1.0])
def test_gradients_are_those_that_differences_find(rng, layer, eps, spread):
    """All three, with a random gradient from above."""
    x, gamma, beta = layer
    x, dout = spread * x, rng.normal(size=(6, 4))
    found = batchnorm_backward(dout, x, gamma, eps)
    theory = (
        numerical(lambda x: np.sum(dout * forward(x, gamma, beta, eps)), x),
        numerical(lambda g: np.sum(dout * forward(x, g, beta, eps)), gamma),
        numerical(lambda b: np.sum(dout * forward(x, gamma, b, eps)), beta),
    )

    for ours, slopes in zip(found, theory, strict=True):
        np.testing.assert_allclose(ours, slopes, atol=1e-7)


def test_gradient_has_no_part_along_ones_and_hardly_one_along_x_hat(rng, layer):
    """It sums to 0 over the batch; along x_hat only eps leaves something."""
    x, gamma, _ = layer
    eps, dout = 0.1, rng.normal(size=(6, 4))
    dx, dgamma, _ = batchnorm_backward(dout, x, gamma, eps)
    std = np.sqrt(x.var(axis=0) + eps)
    along = np.sum(dx * (x - x.mean(axis=0)) / std, axis=0)

    np.testing.assert_allclose(dx.sum(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(along, gamma * dgamma * eps / std**3, atol=1e-14)


def test_equal_gradients_from_above_go_nowhere(layer):
    """The sum of the outputs does not depend on the inputs."""
    x, gamma, _ = layer

    np.testing.assert_allclose(
        batchnorm_backward(np.ones_like(x), x, gamma)[0], 0, atol=1e-15
    )


# --- in use -----------------------------------------------------------------


@pytest.mark.parametrize("momentum", [0.1, 0.9])
def test_average_comes_as_far_as_its_powers_say(rng, momentum):
    """After t equal batches, 1 - (1 - p)**t of the way, mean and variance alike."""
    x, mean, var = rng.normal(3, 2, size=(5, 4)), np.zeros(4), np.zeros(4)
    for _ in range(7):
        mean, var = update_running(mean, var, x, momentum)
    way = 1 - (1 - momentum) ** 7

    np.testing.assert_allclose(mean, way * x.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(var, way * x.var(axis=0) * 5 / 4, rtol=1e-12)


def test_running_variance_is_right_on_average(rng):
    """Over many small batches, dividing by n - 1 finds the variance of the data."""
    x, zeros = rng.normal(0, 3, size=(3, 40_000)), np.zeros(40_000)
    _, var = update_running(zeros, zeros, x, momentum=1.0)

    assert abs(var.mean() / 9 - 1) < 0.03


def test_inference_with_the_batchs_own_statistics_is_the_forward_pass(layer):
    """The two passes differ in nothing but where mean and variance come from."""
    x, gamma, beta = layer
    used = batchnorm_inference(x, gamma, beta, x.mean(axis=0), x.var(axis=0))

    np.testing.assert_allclose(used, forward(x, gamma, beta), rtol=1e-12)


def test_inference_sees_one_example_at_a_time(layer):
    """What stands beside an example does not change its output."""
    x, gamma, beta = layer
    mean, var = np.arange(4.0), np.arange(1.0, 5.0)
    whole = batchnorm_inference(x, gamma, beta, mean, var)

    for row, out in zip(x, whole, strict=True):
        alone = batchnorm_inference(row[None], gamma, beta, mean, var)
        np.testing.assert_array_equal(alone[0], out)


@pytest.mark.parametrize("eps", [1e-5, 0.3])
def test_folded_layer_does_what_both_did(rng, layer, eps):
    """One dense layer in the place of dense and normalisation in use."""
    inputs, gamma, beta = rng.normal(size=(8, 5)), *layer[1:]
    W, b = rng.normal(size=(5, 4)), rng.normal(size=4)
    mean, var = rng.normal(size=4), rng.uniform(0.1, 2, size=4)
    folded = fold_batchnorm(W, b, gamma, beta, mean, var, eps)
    both = batchnorm_inference(inputs @ W + b, gamma, beta, mean, var, eps)

    np.testing.assert_allclose(inputs @ folded[0] + folded[1], both, atol=1e-12)


# --- the family -------------------------------------------------------------


@pytest.mark.parametrize("axes", [(0, 2, 3), (1, 2, 3), (2, 3), (1,), (0, 1, 2, 3)])
def test_normalised_axes_have_mean_zero_and_variance_one(rng, axes):
    """Over the axes that were averaged, and over no others."""
    out = normalize(rng.normal(3, 2, size=(4, 6, 3, 5)), axes, eps=0.0)

    np.testing.assert_allclose(out.mean(axis=axes), 0, atol=1e-14)
    np.testing.assert_allclose(out.var(axis=axes), 1, rtol=1e-12)


def test_batch_norm_of_images_is_batch_norm_of_their_pixels(rng):
    """Every pixel of a channel is one more example."""
    x = rng.normal(size=(4, 6, 3, 5))
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, 6)
    rows = forward(pixels, np.ones(6), np.zeros(6), 1e-3)
    out = normalize(x, (0, 2, 3), 1e-3).transpose(0, 2, 3, 1).reshape(-1, 6)

    np.testing.assert_allclose(out, rows, rtol=1e-12, atol=1e-13)


def test_groups_reach_from_layer_norm_to_instance_norm(rng):
    """One group, and as many groups as channels."""
    x = rng.normal(size=(4, 6, 3, 5))

    np.testing.assert_allclose(groupnorm(x, 1), normalize(x, (1, 2, 3)), atol=1e-13)
    np.testing.assert_allclose(groupnorm(x, 6), normalize(x, (2, 3)), atol=1e-13)


@pytest.mark.parametrize("n_groups", [4, 5, 12])
def test_groups_that_do_not_divide_the_channels_are_refused(rng, n_groups):
    """Even where the number of entries divides."""
    with pytest.raises(ValueError, match="not a multiple"):
        groupnorm(rng.normal(size=(4, 6, 2, 10)), n_groups)


def test_renormalisation_lies_between_training_and_use(layer):
    """Without room it is batch norm, with all the room it is the pass in use."""
    x, gamma, beta = layer
    mean, std = np.arange(4.0), np.arange(1.0, 5.0)
    closed = batch_renorm(x, gamma, beta, mean, std, 1.0, 0.0)
    open_ = batch_renorm(x, gamma, beta, mean, std, 1e12, 1e12)

    np.testing.assert_allclose(closed, forward(x, gamma, beta), rtol=1e-12)
    np.testing.assert_allclose(
        open_,
        batchnorm_inference(x, gamma, beta, mean, std**2, eps=0.0),
        rtol=1e-10,
        atol=1e-12,
    )


# --- weights ----------------------------------------------------------------


def test_columns_have_the_lengths_g_and_the_directions_of_v(rng):
    """The lengths of v do not matter."""
    v, g = rng.normal(size=(5, 3)), rng.normal(size=3)
    W = weight_norm(v, g)

    np.testing.assert_allclose(np.linalg.norm(W, axis=0), np.abs(g), rtol=1e-14)
    np.testing.assert_allclose(weight_norm(v * [2, 0.1, 30], g), W, rtol=1e-13)


@pytest.mark.parametrize("shape", [(5, 3), (3, 5)])
def test_power_method_finds_the_largest_singular_value(rng, shape):
    """From below, and the weights' own then becomes 1."""
    W, u = rng.normal(size=shape), rng.normal(size=shape[0])
    sigma = np.linalg.norm(W, 2)
    early, late = (spectral_norm(W, n, u)[0] for n in (1, 200))

    np.testing.assert_allclose(late, W / sigma, rtol=1e-10)
    assert np.linalg.norm(early, 2) >= 1 - 1e-12


def test_carried_u_makes_up_for_rounds(rng):
    """Ten calls of one round are one call of ten."""
    W, u = rng.normal(size=(4, 6)), rng.normal(size=4)
    carried = u
    for _ in range(10):
        _, carried = spectral_norm(W, 1, carried)

    np.testing.assert_allclose(carried, spectral_norm(W, 10, u)[1], rtol=1e-12)
