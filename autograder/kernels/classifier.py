"""Chapter 08: a whole classifier, put together from the course's pieces."""

from __future__ import annotations

import numpy as np

from autograder.kernels.adam import adam_step
from autograder.kernels.adaptive_learning_rates import cosine_decay
from autograder.kernels.batch_size import epoch_batches
from autograder.kernels.classification import mlp_loss_and_grads
from autograder.kernels.initialization import kaiming_normal

__all__ = ["moved_images", "train_classifier"]


def moved_images(images, rng, distance):
    """Images of 8 x 8 pixels, each moved by part of a pixel.

    Parameters
    ----------
    images : ndarray of shape (n_images, 64)
        Row by row of pixels; what comes in from outside is 0.
    rng : numpy.random.Generator
        Draws how far each image goes.
    distance : float
        The farthest that one goes along an axis, in pixels (<= 1).

    Returns
    -------
    moved : ndarray of shape (n_images, 64)

    Notes
    -----
    A pixel's new value is a mean of itself and its neighbour, weighted by how
    far the image goes: first from above or below, then from a side.
    """
    grid = images.reshape(-1, 8, 8)
    for axis in (1, 2):
        part = rng.uniform(-distance, distance, size=(len(grid), 1, 1))
        frame = np.pad(grid, [(0, 0), (axis == 1,) * 2, (axis == 2,) * 2])
        before, after = np.split(frame, [8], axis)[0], np.split(frame, [2], axis)[1]
        neighbour = np.where(part > 0, before, after)
        grid = (1 - np.abs(part)) * grid + np.abs(part) * neighbour
    return grid.reshape(-1, 64)


def train_classifier(X, labels, X_val, labels_val, rng):
    """Train a network on the digits, and return a function that reads them.

    Parameters
    ----------
    X : ndarray of shape (n_samples, 64)
        Images to train on, pixels from 0 to 1.
    labels : ndarray of int, shape (n_samples,)
        The digit that each image shows.
    X_val, labels_val : ndarray
        Images and labels to validate with.
    rng : numpy.random.Generator
        All randomness: initial weights, order of the batches.

    Returns
    -------
    predict : callable
        Takes images (n_images, 64) and returns the digit of each, an integer
        array (n_images,).

    Notes
    -----
    One hidden layer of 256 ReLU units, Kaiming's initial weights, Adam with a
    cosine schedule.  In each epoch every image is moved by up to half a pixel
    along each axis and gets some noise: a new image of the same digit.

    References
    ----------
    Chapters 2, 4, 5 and 6; Simard, Steinkraus and Platt (2003) for moving.
    """
    params = {
        "W1": kaiming_normal(64, 256, rng),
        "b1": np.zeros(256),
        "W2": kaiming_normal(256, 10, rng, gain=1.0),
        "b2": np.zeros(10),
    }
    m = {name: np.zeros_like(array) for name, array in params.items()}
    v = {name: np.zeros_like(array) for name, array in params.items()}
    n_epochs, batch_size, t = 100, 64, 0
    n_steps = n_epochs * -(-len(X) // batch_size)
    for _ in range(n_epochs):
        for batch in epoch_batches(len(X), batch_size, rng):
            images = moved_images(X[batch], rng, 0.5)
            images += rng.normal(0, 0.2, size=images.shape)
            _, grads = mlp_loss_and_grads(params, images, labels[batch])
            lr = cosine_decay(5e-3, t, n_steps)
            t += 1
            for name in params:
                params[name], m[name], v[name] = adam_step(
                    params[name], m[name], v[name], t, grads[name], lr=lr
                )

    def predict(images):
        hidden = np.maximum(0, images @ params["W1"] + params["b1"])
        return (hidden @ params["W2"] + params["b2"]).argmax(axis=1)

    return predict
