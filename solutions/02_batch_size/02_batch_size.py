# %% [markdown]
# # Chapter 2 · Batch size
#
# A gradient can be measured on all the data, on one example, or on anything between.
# How many should it be?
# Four answers are often mixed: what the number does to the **noise** of a step, to the **time** of a step, to the **number** of steps, and to what the model is worth on **new data**.
# This chapter takes them one by one.
#
# **Time** about 120 minutes for the core; exercises marked *further work* come on top.
#
# **Know first** gradient descent and its largest learning rate (chapter 0); mean and variance.
#
# **Papers** Robbins and Monro (1951), Keskar et al. (2017), Goyal et al. (2017), McCandlish et al. (2018), Lewkowycz et al. (2020), Cohen et al. (2021).

# %% tags=["setup"]
import time

import numpy as np

from autograder import check, compare, hint, needs, predict
from autograder.lab import datasets, figures, landscapes, softmax_regression, widgets

digits = datasets.digits()

# %% [markdown]
# ## 1 · See it fail
#
# Our data are 1,077 images of handwritten digits, 8×8 pixels each.
# Our model is **softmax regression**: a matrix $W$ turns the 64 pixels of an image into ten scores, and the largest score says which digit it is.
# Chapter 8 looks inside; here we need two facts only.
# Its loss is a mean over images, so its gradient is the mean of one gradient for each image.
# And a model that knows nothing, $W = 0$, has the loss $\ln 10 = 2.303$.
#
# An **epoch** is one pass over all the data.
# Plain gradient descent uses all of the data for every step, so in one epoch it makes one step.
#
# > **Predict.** We let it look at all the images ten times, with the learning rate 0.05. Where will the loss be?
#
# Run the cell below and type your guess, or write it instead of the three dots.
# It stays in your notebook and counts for nothing; whoever goes on without a guess skips the question.

# %%
predict("ten epochs", ...)

# %% tags=["experiment"]
W, data = np.zeros((64, 10)), (digits.X, digits.labels)
losses = [softmax_regression.loss(W, *data)]
for _ in range(10):
    W = W - 0.05 * softmax_regression.gradient(W, *data)
    losses.append(softmax_regression.loss(W, *data))
print(
    f"{10 * len(digits.X)} images looked at: loss {losses[0]:.3f} -> {losses[-1]:.3f}"
)
assert abs(losses[0] - np.log(10)) < 1e-12

title = f"Ten epochs of full-batch descent: from {losses[0]:.2f} to {losses[-1]:.2f}"
labels = {"xlabel": "epoch", "ylabel": "loss on the training digits"}
figure = figures.lines({"full batch": losses}, title=title, dots=True, **labels)
figure.axes[0].set_ylim(0, 2.5)
figures.guessed(figure.axes[0], 10, compare("ten epochs", losses[-1]))
alt = f"The loss sinks from {losses[0]:.2f} to {losses[-1]:.2f} on a straight line."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# Ten thousand images have been looked at, and the loss has gone from 2.303 to 2.207.
# A larger learning rate would help here, and section 6 comes back to it.
# But something else is odd: many of these images say nearly the same thing about where to go.
# Must every step hear all of them?
#
# </details>

# %% [markdown]
# ## 2 · Batches
#
# A **batch** is a part of the examples, and $B$ is their number.
# The gradient of a batch is the mean over its examples only.
# We write it down for the simplest model: $X$ holds one example in each row, $y$ the target of each, and the model predicts $Xw$.
# The loss is half the mean squared error, and its gradient is
#
# $$ L(w) = \frac{1}{B}\sum_{i=1}^{B} \tfrac{1}{2}\,(x_i^{\mathsf T} w - y_i)^2, \qquad \nabla L(w) = \frac{1}{B}\, X^{\mathsf T} (Xw - y) . \tag{2.1} $$
#
# | symbol | argument | what it is |
# |---|---|---|
# | $w$ | `w` | weights, of shape `(d,)` |
# | $X$, $y$ | `X`, `y` | examples in rows, `(n, d)` or `(batch_size, d)`, and their targets |
# | $n$, $B$ | `n`, `batch_size` | number of all examples, and of those in a batch |
# | $g_i$ | `per_example_grads` | gradient of example $i$ alone, row $i$ of an array `(n, d)` |
# | $G$, $g_B$ | | gradient of all the data, and of a batch |
# | $\operatorname{tr} S$ | `trace_cov` | total variance of the $g_i$ (section 3) |
# | $\eta$ | `lr` | learning rate |

# %% [markdown] exercise="batch_gradient"
# Return the gradient of equation (2.1) for one batch: `X` of shape `(batch_size, d)`, `y` of shape `(batch_size,)`, and the result of shape `(d,)`.
# Mind the mean, and mind the half in the loss.

# %% exercise="batch_gradient"

# %% [markdown]
# Two examples for you to work out by hand: $w = 1$, inputs 1 and 2, targets 0 and 0.

# %% tags=["try"]
print(batch_gradient(np.array([1.0]), np.array([[1.0], [2.0]]), np.array([0.0, 0.0])))

# %% [markdown]
# The gradient of a batch is an estimate of the gradient $G$ of all the data.
# Is it a fair one?
#
# Here are 20 points to fit a line to. Take *all* 190 pairs of points as batches of 2, and average their 190 gradients: how far is that from $G$?

# %%
rng = np.random.default_rng(4)
x = np.linspace(-1, 3, 20)
X20, y20 = np.stack([x, np.ones(20)], axis=1), 1.5 * x - 1 + rng.normal(size=20)
start = np.array([-1.0, 2.0])
start.flags.writeable = False  # all walks begin here, so no step may change it

# %% tags=["experiment"]
pairs = [np.array([i, j]) for i in range(20) for j in range(i)]
grads = np.array([batch_gradient(start, X20[pair], y20[pair]) for pair in pairs])
full = batch_gradient(start, X20, y20)
print(
    f"{len(pairs)} pairs: mean {grads.mean(axis=0).round(4)}, all 20 points {full.round(4)}"
)
low, high = grads.min(axis=0).round(1), grads.max(axis=0).round(1)
print(f"the single pairs range from {low} to {high}")
assert np.abs(grads.mean(axis=0) - full).max() < 1e-12

# %% [markdown]
# On average the batch is exactly right, while single batches are off by a lot: the estimate is **unbiased**, and it is **noisy**.
# What we lose in exactness we gain in number: with $n = 20$ and $B = 1$, one epoch makes 20 steps instead of one.

# %% [markdown]
# ### One epoch
#
# In an epoch every example comes up once.
# So we shuffle the indices $0, \dots, n-1$ into a random order $\pi$, afresh for every epoch, and cut it into batches:
#
# $$ \underbrace{\pi_1, \dots, \pi_B}_{\text{batch } 1},\; \underbrace{\pi_{B+1}, \dots, \pi_{2B}}_{\text{batch } 2},\; \dots \tag{2.2} $$
#
# If $B$ does not divide $n$, the last batch is short.
# Each batch makes one step, which we call an **update**.
# A short batch makes one like any other, so its examples weigh a little more; and the mean of the batches' losses is then not quite the mean loss.
# With $B = n$ this is **full-batch** gradient descent; with less it is called **stochastic** gradient descent, SGD, and the batch a *minibatch*.

# %% [markdown] exercise="epoch_batches"
# Return the batches of one epoch, equation (2.2): a list of arrays of indices.
# All have `batch_size` indices but the last, which may be short; nothing is dropped and nothing comes up twice.
# The shuffle comes from `rng`, a NumPy generator: `rng.permutation(n)` is all you need of it.
# Raise `ValueError` unless `1 <= batch_size <= n`.


# %% exercise="epoch_batches"
def epoch_batches(n, batch_size, rng):
    if not 1 <= batch_size <= n:
        raise ValueError(f"batch_size is {batch_size}, not from 1 to {n}")
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


# %% tags=["try"]
for batch in epoch_batches(10, 4, np.random.default_rng(0)):
    print(batch)

# %% [markdown]
# Then one update after the other: each batch's gradient is taken at the place that the batch before it has reached,
#
# $$ w \leftarrow w - \eta\, \nabla L_{\text{batch}}(w) \qquad \text{for each batch, in order.} \tag{2.3} $$

# %% [markdown] exercise="sgd_epoch"
# Make one epoch of updates, equation (2.3), over a given list of `batches`, and return the weights at its end.
# Each batch is an array of indices into the rows of `X` and the entries of `y`.
# Use your `batch_gradient`, and do not change `w` in place.

# %% exercise="sgd_epoch"

# %% tags=["try"]
print(sgd_epoch(start, X20, y20, 0.1, [np.array([3]), np.array([17, 5])]))

# %% [markdown]
# ### Use it
#
# The same 20 points, the same start, the same learning rate 0.1; one walk with $B = 20$, one with $B = 1$.
# The two weights are the slope and the offset of the line, and the star marks the best line.
# There are two ways to compare them, and they answer different questions.
#
# Look at which walk is nearer to the best line after **3 epochs** each, and after **20 updates** each.


# %%
def walk(batch_size, n_updates, lr=0.1, seed=1):
    """The places that SGD visits on the 20 points, start included."""
    rng, path = np.random.default_rng(seed), [start]
    while len(path) <= n_updates:
        for batch in epoch_batches(20, batch_size, rng):
            path.append(sgd_epoch(path[-1], X20, y20, lr, [batch]))
    return np.array(path[: n_updates + 1])


best = np.linalg.lstsq(X20, y20, rcond=None)[0]
fit = landscapes.Landscape(
    f=lambda w: np.mean((w @ X20.T - y20) ** 2, axis=-1) / 2,
    gradient=lambda w: batch_gradient(w, X20, y20),
    hessian=lambda w: X20.T @ X20 / 20,
    start=start.copy(),
    optimum=best,
    region=(-1.6, 3.4, -2.2, 2.8),
)

# %% tags=["experiment"]
names = "gradient descent, B = 20", "SGD, B = 1"
epochs = {names[0]: walk(20, 3), names[1]: walk(1, 60)}
updates = {names[0]: walk(20, 20), names[1]: walk(1, 20)}
shrink = np.eye(2) - 0.1 * fit.hessian(start)  # what a full step does to the error
for what, paths, k in (("3 epochs", epochs, 3), ("20 updates", updates, 20)):
    full, single = (np.linalg.norm(path[-1] - best) for path in paths.values())
    theory = np.linalg.norm(np.linalg.matrix_power(shrink, k) @ (start - best))
    print(f"{what}: B = 20 {full:.2f} away, theory {theory:.2f}; B = 1 {single:.2f}")
    assert abs(full - theory) < 1e-9
    assert single < full / 10 if k == 3 else 0.5 < single / full < 2

figure, panels = figures.pair("Same start, η = 0.1: equal epochs or equal updates?")
for axes, paths, title in zip(
    panels, (epochs, updates), ("3 epochs each", "20 updates each"), strict=True
):
    figures.trajectories(fit, paths, title=title, axes=axes)
    axes.set(xlabel="slope of the line", ylabel="offset of the line")
alt = "Left, after three epochs, the full batch has made three short steps while B = 1 \
has wandered to the star. Right, after 20 updates each, both have come equally far: \
the full batch on a smooth curve, B = 1 on a ragged one."
figures.show(figure, alt=alt)

# %% [markdown]
# After three **epochs** the full batch has made 3 steps and is 3.30 away from the best line; $B = 1$ has made 60 and is 0.14 away.
# Both have looked at every point three times.
# After 20 **updates** they are about equally far, the full batch by less than a fifth farther.
# For the full batch that is what chapter 0 says: each step multiplies the error by the matrix $I - \eta H$, where $H = X^{\mathsf T} X/n$ is the Hessian of the loss and $I$ the unit matrix.
# At the beginning a noisy step is worth nearly as much as an exact one, and it costs a twentieth of the data.
#
# Whenever somebody says that one batch size is better than another, ask: at equal epochs, or at equal updates?

# %% [markdown]
# ### Why the shuffle
#
# Data often comes sorted.
# Sort our images by their digit, zeros first, and cut them into batches of 32 without a shuffle: each batch then holds one or two kinds of digit.
#
# Shuffled, five epochs are enough to read more than nine tenths of new images.
#
# > **Predict.** With sorted batches and the same learning rate, what percentage is it?

# %%
predict("sorted", ..., unit=" %")

# %% [markdown]
# The cell below also draws each batch *with replacement*, so that an image may come twice and another not at all, and counts the images that are seen in an epoch.


# %%
def weights_after(batch_size, lr, n_epochs, cut=epoch_batches, seed=0):
    """Weights of a softmax regression after some epochs of SGD on the digits."""
    rng, W = np.random.default_rng(seed), np.zeros((64, 10))
    for _ in range(n_epochs):
        for chosen in cut(len(digits.X), batch_size, rng):
            images, labels = digits.X[chosen], digits.labels[chosen]
            W = W - lr * softmax_regression.gradient(W, images, labels)
    return W


def sorted_batches(n, batch_size, rng):
    by_digit = np.argsort(digits.labels, kind="stable")
    return np.split(by_digit, np.arange(batch_size, n, batch_size))


def with_replacement(n, batch_size, rng):
    return np.split(rng.integers(n, size=n), np.arange(batch_size, n, batch_size))


# %% tags=["experiment"]
validation = digits.X_val, digits.labels_val
scores = {}
for cut, n_seeds in ((sorted_batches, 1), (epoch_batches, 5), (with_replacement, 5)):
    runs = [weights_after(32, 0.5, 5, cut, seed) for seed in range(n_seeds)]
    scores[cut] = [softmax_regression.accuracy(W, *validation) for W in runs]
    print(f"{cut.__name__:17s} seeds: {n_seeds}, right:", np.round(scores[cut], 3))
assert min(scores[epoch_batches]) > 0.9
compare("sorted", 100 * np.mean(scores[sorted_batches]), " %")

n, rng = len(digits.X), np.random.default_rng(0)
seen = [len(np.unique(rng.integers(n, size=n))) / n for _ in range(200)]
theory = 1 - (1 - 1 / n) ** n
print(
    f"with replacement {np.mean(seen):.4f} of the images are seen, theory {theory:.4f}"
)
assert abs(np.mean(seen) - theory) < 0.003

# %% [markdown]
# <details><summary>Why</summary>
#
# Sorted batches, which leave nothing to chance and need one run only, read 53.6 % of the new images: in each epoch the model learns the zeros first and has half forgotten them when the nines come.
# Every seed of the shuffled batches reads more than nine tenths.
# Drawn with replacement, an epoch shows 63.2 % of the images, which is $1 - 1/e$, the limit of $1-(1-1/n)^n$.
# Here that does little harm; section 4 finds a case where it does a lot.
#
# </details>

# %% [markdown]
# ## 3 · How much noise?
#
# The gradients $g_1, \dots, g_n$ of the single examples are spread around their mean $G$.
# As a measure of the spread we take the mean squared distance, with $n - 1$ in the denominator so that it is unbiased:
#
# $$ \operatorname{tr} S = \frac{1}{n-1} \sum_{i=1}^{n} \lVert g_i - G \rVert^2 . \tag{2.4} $$
#
# $S$ is the covariance matrix of the gradients.
# Its diagonal holds the variance of each parameter's gradient, and the trace is their sum.

# %% [markdown] exercise="gradient_noise"
# Return $\operatorname{tr} S$ of equation (2.4), a float, for an array of shape `(n, d)` with one gradient in each row.

# %% exercise="gradient_noise"

# %% tags=["try"]
print(gradient_noise(np.array([[1.0, 0.0], [2.0, 6.0], [6.0, 3.0]])))

# %% [markdown]
# A batch averages $B$ of these gradients.
# If they were drawn independently, the variance of their mean would be $\operatorname{tr} S / B$.
# But they are drawn *without* replacement, and what has been drawn cannot come again; that makes the mean a little more exact.
# With $B = n$ nothing is left to chance at all.
# The exact result of sampling theory is
#
# $$ \operatorname{E} \lVert g_B - G \rVert^2 = \frac{\operatorname{tr} S}{B} \Bigl( 1 - \frac{B}{n} \Bigr) . \tag{2.5} $$
#
# Many books use a covariance with $n$ in the denominator; then the second factor is $(n-B)/(n-1)$, and the product is the same.

# %% [markdown] exercise="minibatch_variance"
# Return the mean squared distance of equation (2.5) for a given `trace_cov`, the $\operatorname{tr} S$ of (2.4).

# %% exercise="minibatch_variance"

# %% tags=["try"]
print([minibatch_variance(4.0, 8, size) for size in (1, 2, 4, 8)])

# %% [markdown]
# ### Use it
#
# Now the digits: 1,077 gradients of 640 numbers each, at $W = 0$.
#
# To halve the *distance* between $g_B$ and $G$, by which factor must the batch grow?

# %% tags=["experiment"]
grads = softmax_regression.per_example_gradients(np.zeros((64, 10)), *data)
full, noise, n = grads.mean(axis=0), gradient_noise(grads), len(grads)
rng, tried = np.random.default_rng(0), np.array([1, 4, 16, 64, 256, 538, 800, 1077])
measured = []
for size in tried:
    draws = max(200, 10_000 // size)
    means = [grads[rng.permutation(n)[:size]].mean(axis=0) for _ in range(draws)]
    measured.append(np.mean(np.sum((means - full) ** 2, axis=1)))
    expected = minibatch_variance(noise, n, size)
    print(f"B = {size:4d}: measured {measured[-1]:7.4f}, (2.5) says {expected:7.4f}")
    assert abs(measured[-1] - expected) <= 0.06 * expected + 1e-20
print(f"tr S = {noise:.2f}; |G| = {np.linalg.norm(full):.3f}")

fine = np.geomspace(1, 1060, 200)
curves = {
    "measured": (tried[:-1], measured[:-1]),
    "theory (2.5)": (fine, [minibatch_variance(noise, n, size) for size in fine]),
    "theory: tr S / B": (fine, noise / fine),
}
labels = {"xlabel": "batch size B", "ylabel": "mean squared distance"}
title = "Four times the batch, a quarter of the squared distance; nothing at B = 1077"
figure = figures.lines(curves, title=title, xscale="log", yscale="log", **labels)
figure.axes[0].lines[0].set(linestyle="", marker="o", zorder=3)
alt = "Dots on a straight line that falls like 1 / B on logarithmic axes, and below it \
as B comes close to 1077."
figures.show(figure, alt=alt)

# %% [markdown]
# The measured points lie on the curve of (2.5), and at $B = n$ the distance is 0, which has no place on a logarithmic axis.
# As long as $B$ is small compared with $n$, the *squared* distance falls like $1/B$ and the distance itself like $1/\sqrt B$.
# To halve it takes four times the batch: four times the work for half the noise.
# That is a poor bargain, and the reason why small batches are worth a thought.

# %% [markdown]
# ## 4 · What the noise does
#
# ### It keeps the walk from settling
#
# Near a minimum the gradient is small, but the noise of a batch is not.
# Take the simplest case: a parabola $\tfrac{1}{2}\lambda x^2$, and in every step a gradient $\lambda x$ plus independent noise of variance $s^2$.
# Each step multiplies the variance $v$ of $x$ by $(1-\eta\lambda)^2$ and adds $\eta^2 s^2$.
# It settles where the two balance, $v = (1-\eta\lambda)^2 v + \eta^2 s^2$; solved for $v$:
#
# $$ \operatorname{var}(x) = \frac{\eta\, s^2}{\lambda\,(2 - \eta\lambda)} . \tag{2.6} $$
#
# We call this the **noise floor**.
# For a small learning rate it is about $\eta s^2 / 2\lambda$, and with $s^2 = \operatorname{tr} S/B$ it depends on the ratio $\eta/B$ only.
#
# The figure compares (2.6) with 5,000 walks.

# %% tags=["experiment"]
rng, etas = np.random.default_rng(0), np.array([0.05, 0.1, 0.2, 0.5, 1.0, 1.5])
x = np.zeros((5000, len(etas)))
for _ in range(300):
    x = x - etas * (x + rng.standard_normal(x.shape))
theory = etas / (2 - etas)
for eta, variance, expected in zip(etas, x.var(axis=0), theory, strict=True):
    print(f"η = {eta:4}: variance {variance:.4f}, (2.6) says {expected:.4f}")
assert np.abs(x.var(axis=0) / theory - 1).max() < 0.1

curves = {"SGD, measured": (etas, x.var(axis=0)), "theory": (etas, theory)}
labels = {"xlabel": "learning rate η", "ylabel": "variance of x", "yscale": "log"}
title = "Curvature 1, noise 1, 5000 walks: the longer the steps, the higher the floor"
figure = figures.lines(curves, title=title, dots=True, **labels)
figure.axes[0].lines[0].set_linestyle("")
figures.show(
    figure, alt="Measured variances on the curve η / (2 − η), from 0.026 to 3."
)

# %% [markdown]
# Halving $\eta$ halves the floor, and so does doubling $B$.
# That is why one lowers the learning rate towards the end of a training.
# Robbins and Monro (1951) proved how: slowly enough that the sum of all learning rates is infinite, and fast enough that the sum of their squares is not. (Chapter 4 has the schedules.)
#
# Real batches are not quite like that, because in an epoch each example comes up once and then not again.
# What one batch gets wrong, the rest of the epoch corrects.
#
# > **Predict.** On our 20 points, $\eta = 0.02$ and $B = 1$: how many times lower is the floor if we shuffle, compared with drawing with replacement?

# %%
predict("shuffled", ..., unit=" times")

# %%
curvatures, vectors = np.linalg.eigh(X20.T @ X20 / 20)
spread = ((X20 @ best - y20)[:, None] * X20 @ vectors).var(axis=0)


def floor(batch_size, lr, cut, n_epochs=600):
    """Mean squared distance from the best line, long after the start."""
    rng, w, distances = np.random.default_rng(0), best, []
    for _ in range(n_epochs):
        w = sgd_epoch(w, X20, y20, lr, cut(20, batch_size, rng))
        distances.append(np.sum((w - best) ** 2))
    return np.mean(distances[100:])


# %% tags=["experiment"]
print("   η   B    η/B   (2.6) says   with replacement   shuffled")
floors = {}
for lr, size in ((0.02, 1), (0.02, 2), (0.05, 5), (0.1, 10), (0.02, 5), (0.02, 20)):
    theory = np.sum(lr * spread / size / (curvatures * (2 - lr * curvatures)))
    drawn, shuffled = (
        floor(size, lr, cut) for cut in (with_replacement, epoch_batches)
    )
    print(f"{lr:4}  {size:2d}  {lr / size:.3f}  {theory:10.5f}  {drawn:16.5f}", end="")
    print(f"  {shuffled:12.1e}")
    assert abs(drawn / theory - 1) < 0.4
    floors[lr, size] = drawn, shuffled
assert shuffled < 1e-20
compare("shuffled", np.divide(*floors[0.02, 1]), " times")

# %% [markdown]
# <details><summary>Why</summary>
#
# With replacement (2.6), added up over the two eigenvectors of the Hessian, is a good guide: the floor is halved when $B$ is doubled, and the three lines with $\eta/B = 0.01$ have nearly the same floor.
# Shuffled, it is 11.9 times lower for $B = 1$, and with the full batch it is zero.
# So a shuffle does more than mix the kinds of digits: within an epoch it makes the errors cancel.
#
# </details>

# %% [markdown]
# ### It shakes the walk out of bad places
#
# The next landscape is $x^2/10$ with a dent near $x = -2$, where plain gradient descent stops for good.
# We send 1,000 walks from $x = -6$ and add noise of standard deviation $s$ to each gradient.
#
# > **Predict.** With which $s$ are most of them beyond the dent after 1,000 steps?

# %%
predict("noise", ..., among=("0", "0.5", "1", "3"))

# %% tags=["experiment"]
dent, rng, shares = landscapes.dented_bowl, np.random.default_rng(0), {}
for s in (0.0, 0.5, 1.0, 3.0):
    x = np.full(1000, float(dent.start))
    for _ in range(1000):
        x = x - 0.1 * (dent.gradient(x) + s * rng.standard_normal(1000))
    shares[s] = np.mean(x > -1.2)
    width = np.std(x[x > -1.2]) if shares[s] else 0.0
    print(f"s = {s}: {shares[s]:4.0%} beyond the dent, spread there {width:.2f}")
assert shares[0.0] == 0
compare("noise", f"{max(shares, key=shares.get):g}")

# %% [markdown]
# <details><summary>Why</summary>
#
# Without noise nobody leaves.
# A little noise helps few, $s = 1$ helps nearly all, and $s = 3$ helps fewer again, since it throws some back and spreads the others over the whole bowl.
# Noise is useful while you search and harmful once you have found.
#
# </details>

# %% [markdown]
# ## 5 · How long does a step take?
#
# A step with $B = 16$ is 16 times the arithmetic of a step with $B = 1$.
# It does not take 16 times as long.
# Each call has a fixed cost, and a machine that works in parallel does many examples in the time of one.
#
# Which takes longer on your machine: one epoch of the digits with $B = 1$, or with $B = 256$?


# %%
def seconds_per_update(batch_size, n_repeats=30):
    """The shortest of several measurements; the others were disturbed."""
    W, chosen, shortest = np.zeros((64, 10)), slice(batch_size), np.inf
    for _ in range(n_repeats):
        began = time.perf_counter()
        softmax_regression.gradient(W, digits.X[chosen], digits.labels[chosen])
        shortest = min(shortest, time.perf_counter() - began)
    return shortest


# %% tags=["experiment"]
tried = np.array([1, 4, 16, 64, 256, 1077])
per_update = np.array([seconds_per_update(size) for size in tried])
whole = per_update * np.ceil(len(digits.X) / tried)
for size, a, b in zip(tried, 1e6 * per_update, 1e3 * whole, strict=True):
    print(f"B = {size:4d}: {a:7.0f} µs per update, {b:6.2f} ms per epoch")
assert per_update[2] < 16 * per_update[0] and whole[0] > 2 * whole[4]

figure, panels = figures.pair("A larger batch: longer steps, shorter epochs")
logs = {"xscale": "log", "yscale": "log", "dots": True, "method": "SGD"}
for axes, y, what in zip(
    panels,
    (1e6 * per_update, 1e3 * whole),
    ("µs per update", "ms per epoch"),
    strict=True,
):
    labels = {"title": "", "xlabel": "batch size B", "ylabel": what}
    figures.lines({"measured": (tried, y)}, axes=axes, **labels, **logs)
alt = "On the left the time of an update, flat for small batches and then rising. On \
the right the time of an epoch, falling at first and then flat."
figures.show(figure, alt=alt)

# %% [markdown]
# These times are your machine's, and they differ from run to run; the shape does not.
# Up to some size an update takes about as long as with one example, so larger batches come almost for free.
# Beyond it the arithmetic counts, and time grows in proportion.
# On an ordinary processor the bend is at some tens of such images; on a graphics card, which has thousands of arithmetic units, expect it later, and measure it there in the same way.
# So an **epoch** is slowest with the smallest batch, while an **update** is slowest with the largest.
#
# The upper limit is memory: everything that belongs to a batch has to be there at once.

# %% tags=["experiment"]
ours = digits.X.nbytes
photos = 1_281_167 * 224 * 224 * 3 * 4
print(
    f"all our images: {ours / 1e6:.2f} MB; with one gradient each {grads.nbytes / 1e6:.1f} MB"
)
print(f"ImageNet, 1,281,167 photographs of 224 x 224 in float32: {photos / 1e9:.0f} GB")
assert ours == 1077 * 64 * 8 and grads.nbytes == 10 * ours

# %% [markdown]
# Our digits fit into any memory.
# A million photographs do not, even before the network has computed anything from them, and then the full batch is out of the question.
# (It can be split: add up the gradients of several batches before one update. That is called gradient accumulation; it saves memory and no time.)

# %% [markdown]
# ## 6 · How many steps, and which learning rate?
#
# With $n = 1077$ an epoch makes 135 updates at $B = 8$, and one at $B = n$.
#
# We train with $B = 8$, 32, 128, 512 and 1077, always with the learning rate 0.05, once for 10 *epochs* and once for 40 *updates*.


# %%
def loss_after(batch_size, lr, n_updates):
    """Training loss of softmax regression after some updates."""
    rng, W, n_done = np.random.default_rng(0), np.zeros((64, 10)), 0
    while True:
        for chosen in epoch_batches(len(digits.X), batch_size, rng):
            if n_done == n_updates:
                return softmax_regression.loss(W, *data)
            images, labels = digits.X[chosen], digits.labels[chosen]
            W = W - lr * softmax_regression.gradient(W, images, labels)
            n_done += 1


# %% tags=["experiment"]
sizes = [8, 32, 128, 512, 1077]
per_epoch = [int(np.ceil(1077 / size)) for size in sizes]
same_epochs = [
    loss_after(b, 0.05, 10 * k) for b, k in zip(sizes, per_epoch, strict=True)
]
same_updates = [loss_after(b, 0.05, 40) for b in sizes]
print("batch size             ", *(f"{b:6d}" for b in sizes))
print("updates in 10 epochs   ", *(f"{10 * k:6d}" for k in per_epoch))
print("loss after 10 epochs   ", *(f"{loss:6.3f}" for loss in same_epochs))
print("loss after 40 updates  ", *(f"{loss:6.3f}" for loss in same_updates))
assert np.all(np.diff(same_epochs) > 0) and np.ptp(same_updates) < 0.05

# %% [markdown]
# At equal **updates** the batch size hardly matters here: all losses lie within a few hundredths.
# At equal **epochs** it matters more than anything else, from 0.346 to 2.207.
# The whole difference is the number of updates.
# Somebody who changes the batch size and keeps the number of epochs and the learning rate has changed the length of the training, and little else.

# %% [markdown]
# ### Let the learning rate go with the batch
#
# If a large batch makes fewer steps, let it make longer ones.
# Make the batch $k$ times as large.
#
# - $k$ small steps along nearly the same gradient go $k$ times as far as one. So multiply the learning rate by $k$: the **linear rule**.
# - The gradient of the larger batch has $\sqrt k$ times less noise. With $\sqrt k$ times the learning rate a step is moved about by noise as much as before: the **square-root rule**.
#
# $$ \eta' = k\,\eta \quad\text{(linear)}, \qquad \eta' = \sqrt{k}\,\eta \quad\text{(sqrt)}, \qquad k = \frac{B'}{B} . \tag{2.7} $$

# %% [markdown] exercise="scale_lr"
# Return the learning rate for `batch_size`, given that `lr` is good for `base_batch_size`, by equation (2.7).
# `rule` is `"linear"` or `"sqrt"`; for anything else raise `ValueError`.


# %% exercise="scale_lr"
def scale_lr(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    if rule == "linear":
        return lr * ratio
    if rule == "sqrt":
        return float(lr * np.sqrt(ratio))
    raise ValueError(f'rule is {rule!r}, not "linear" or "sqrt"')


# %% tags=["try"]
print(scale_lr(0.1, 256, 32, "linear"), scale_lr(0.1, 256, 32, "sqrt"))

# %% [markdown]
# ### Use it
#
# We start from $B = 8$ with $\eta = 0.05$ and let each rule carry it to $B = 32$, 128, 512 and 1077. After 10 epochs each, which rule keeps the loss where it was, and does it hold to the end?

# %% tags=["experiment"]
curves = {}
for rule in ("linear", "sqrt"):
    lrs = [scale_lr(0.05, b, 8, rule) for b in sizes]
    triples = zip(sizes, lrs, per_epoch, strict=True)
    losses = [loss_after(b, lr, 10 * k) for b, lr, k in triples]
    curves[f"SGD, {rule} rule"] = (sizes, losses)
    print(f"{rule:7s} η ", *(f"{lr:6.2f}" for lr in lrs))
    print(f"{rule:7s} loss", *(f"{loss:5.3f}" for loss in losses))
curves["SGD, same η"] = sizes, same_epochs
linear = curves["SGD, linear rule"][1]
assert np.ptp(linear[:3]) < 0.03 and linear[3] < linear[0] and linear[4] > 1.5
labels = {"xlabel": "batch size B", "ylabel": "training loss", "xscale": "log"}
title = "After 10 epochs: the linear rule keeps the loss up to 512, but not at 1077"
figure = figures.lines(curves, title=title, dots=True, **labels)
figure.axes[0].set_xticks(sizes, [str(b) for b in sizes])
figure.axes[0].minorticks_off()
alt = "Loss against batch size. With the same learning rate it rises steadily to 2.2. \
With the linear rule it stays at 0.3 up to 512 and jumps to 2.3 at the end."
figures.show(figure, alt=alt)

# %% [markdown]
# With the linear rule the loss after ten epochs stays at about 0.34 from $B = 8$ to 128, with a fifteenth of the updates; at 512 it is 0.269.
# That is the point of large batches: on a parallel machine they take a fifteenth of the time.
# The square-root rule is too careful here: the noise was not what limited us.
#
# At 1077 the loss is 2.297, as if nothing had been learned.
# Has the rule broken?
# For the full batch ten epochs are ten updates, and we have looked at a single moment.
# Before we judge, let us watch the whole run.

# %% [markdown]
# ### Watch the run: a catapult
#
# The linear rule gives the full batch $\eta = 6.7$.
# At $W = 0$ the limit of chapter 0, $2/\lambda_{\max}$, is 1.9: the first steps are more than three times too long for the curvature.
# $\lambda_{\max}$, the largest eigenvalue of the Hessian, is also called the **sharpness**; we measure it at each place on the way.
#
# > **Predict.** Sketch the loss of this run after 0, 2, 4, 8, 15, 20 and 30 updates.
# > It begins at $\ln 10 = 2.3$.

# %%
predict("catapult", ..., at=(0, 2, 4, 8, 15, 20, 30), between=(0.1, 8.1))


# %%
from autograder.lab.sharpness import sharpness


def slope(W):
    return softmax_regression.gradient(W, *data)


def full_batch_run(eta):
    """Losses of 120 updates, and 2 / λmax at some of them, by the update's number."""
    W, losses, limits = np.zeros((64, 10)), [], {}
    for k in range(121):
        losses.append(softmax_regression.loss(W, *data))
        if k <= 10 or k % 5 == 0:
            limits[k] = 2 / sharpness(slope, W)
        W = W - eta * slope(W)
    return losses, limits


# %% tags=["experiment"]
lrs = [scale_lr(0.05, b, 8, "linear") for b in sizes]
eta = lrs[-1]
losses, limits = full_batch_run(eta)
for k in (0, 3, 4, 10, 15, 20, 30, 40, 120):
    print(f"update {k:3d}: loss {losses[k]:5.3f}, 2 / λmax {limits[k]:5.2f}")
triples = zip(sizes, lrs, per_epoch, strict=True)
later = [loss_after(b, lr, 30 * k) for b, lr, k in triples]
print(
    "after 30 epochs, linear rule:",
    *(f"B = {b}: {x:.3f}" for b, x in zip(sizes, later, strict=True)),
)
back = max(k for k, limit in limits.items() if limit < eta)
print(f"the curvature allows η = {eta:.1f} after update {back}")
assert np.ptp(later) < 0.02 and abs(limits[0] - 1.91) < 0.01

figure, (left, right) = figures.pair(
    f"Full batch, η = {eta:.1f}: up to a loss of {max(losses):.0f}, then to {losses[-1]:.2f}"
)
axis = {"xlabel": "update", "yscale": "log", "method": "gradient descent"}
figures.lines(
    {"loss": losses}, title="the loss", ylabel="training loss", axes=left, **axis
)
drawn = (0, 2, 4, 8, 15, 20, 30)
figures.guessed(left, drawn, compare("catapult", [losses[k] for k in drawn]))
curves = {
    "2 / λmax": (list(limits), list(limits.values())),
    "theory: η": np.full(121, eta),
}
figures.lines(
    curves,
    title="the largest η that the curvature allows",
    ylabel="learning rate",
    axes=right,
    **axis,
)
alt = (
    f"Left, the loss is at most {max(losses):.0f} and ends at {losses[-1]:.2f}. Right, \
2 / λmax begins at {limits[0]:.1f} and passes η after update {back}."
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The loss rises to 6.05 in four updates and has just come down to 2.3 when the tenth update takes its picture.
# After 30 updates it is 0.191, and $B = 8$ after 30 epochs has 0.190: at that time all five batch sizes lie between 0.177 and 0.191.
# So the rule costs the full batch its first epochs, and it does not break.
#
# The step was too long for the curvature, and the *curvature* gave way.
# $2/\lambda_{\max}$ goes from 1.9 down to 0.9, and then up until it passes the learning rate; from there on the walk descends like any other.
# Lewkowycz et al. (2020) call such a flight to flatter ground a **catapult**.
# On a quadratic it is impossible: there the curvature is the same everywhere, and 6.7 would be lost for good.
# Here no slope can exceed a bound, since each is made of probabilities, so no step can throw the walk arbitrarily far.
#
# $\eta < 2/\lambda_{\max}$ says whether gradient descent can *stay* where the curvature is what it is.
# Measured at the start, it does not say where a training will end: $x^4$ in chapter 0 was the first example.
#
# </details>

# %% [markdown]
# ### The edge of stability
#
# What does a network do?
# We take a small one, with 32 hidden units, which section 7 uses again: all of 200 images in each step, and half the squared error as the loss, whose slope has no bound.
# At the start its sharpness is 20.4.
#
# We train with three learning rates, 0.05, 0.1 and 0.2, for 1,600 updates each.
#
# > **Predict.** What is $\lambda_{\max}$ in the second half of the run with $\eta = 0.2$?

# %%
predict("edge", ...)


# %%
from autograder.lab import digit_network


def squared(theta):
    """Half the squared error of a network on 200 images, and its gradient."""
    hidden, output = np.split(theta, [65 * 32])
    params = {"hidden": hidden.reshape(65, 32), "output": output.reshape(33, 10)}
    loss, grads = digit_network.squared_loss_and_grads(
        params, digits.X[:200], digits.labels[:200]
    )
    return loss, np.concatenate([grads[name].ravel() for name in params])


def sharpness_on_the_way(lr, n_updates=1600, every=20):
    """Losses at every update, and the sharpness at every 20th."""
    start = digit_network.initial(np.random.default_rng(0))
    theta = np.concatenate([start["hidden"].ravel(), start["output"].ravel()])
    losses, largest = [], []
    for k in range(n_updates + 1):
        if k % every == 0:
            largest.append(sharpness(lambda x: squared(x)[1], theta))
        loss, grad = squared(theta)
        losses.append(loss)
        theta = theta - lr * grad
    return np.array(losses), np.array(largest)


# %% tags=["experiment"]
updates, curves, runs = np.arange(0, 1601, 20), {}, {}
for lr in (0.05, 0.1, 0.2):
    runs[lr] = sharpness_on_the_way(lr)
    losses, largest = runs[lr]
    curves[f"gradient descent, η = {lr}"] = (updates, largest * lr / 2)
    rises = np.mean(np.diff(losses[800:]) > 0)
    print(f"η = {lr}: 2/η = {2 / lr:.0f}; λmax at first {largest[0]:.1f}, ", end="")
    print(
        f"later {largest[40:].mean():.1f} (spread {largest[40:].std():.1f}); ", end=""
    )
    print(
        f"loss {losses[800]:.3f} -> {losses[1600]:.3f}, rises in {rises:.0%} of the updates"
    )
lost = sharpness_on_the_way(0.3, n_updates=40, every=50)[0]
print(f"η = 0.3: loss {lost[0]:.1f} -> {lost[-1]:.0e}")
assert runs[0.2][0][1600] < 0.6 * runs[0.2][0][800] and lost[-1] > 1e6
compare("edge", runs[0.2][1][40:].mean())

curves["theory: the limit"] = (updates, np.ones(81))
late = {lr: largest[40:].mean() for lr, (_, largest) in runs.items()}
title = "Sharpness of the second half: " + ", ".join(
    f"{value:.0f} with η = {lr}" for lr, value in late.items()
)
labels = {"xlabel": "update", "ylabel": "sharpness λmax · η / 2"}
figure = figures.lines(curves, title=title, **labels)
ends = ", ".join(f"{value * lr / 2:.2f} with {lr}" for lr, value in late.items())
alt = f"Sharpness in units of 2/η against updates. In the second half it is {ends}."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# With $\eta = 0.05$ the sharpness creeps upwards, far from the limit.
# With 0.2 a catapult at the start brings it down from 20.4 to 10.3, just above $2/\eta = 10$, and there it stays to the end.
# With 0.1 it stays at 20.
# These two train *at* the limit of chapter 0.
# With 0.2 the loss rises in 43 % of the later updates, and over all of them it falls by nearly a half nevertheless.
# Cohen et al. (2021) found this in one network after another and called it the **edge of stability**.
# It is not a licence: with 0.3 the first flight finds no flatter ground, and the run is lost.
#
# So $\eta\lambda_{\max} < 2$ is no condition to check once and rely on.
# Where the curvature can give way, the training moves it to where the learning rate fits.
#
# </details>

# %% [markdown]
# ### The noise scale
#
# How large a batch is worth having?
# A batch gradient has the signal $\lVert G\rVert^2$ and the noise $\operatorname{tr}S/B$.
# They are equal at
#
# $$ B_{\text{noise}} = \frac{\operatorname{tr} S}{\lVert G\rVert^2} , \tag{2.8} $$
#
# the (simple) **noise scale** of McCandlish et al.
# Far below it a batch is mostly noise, and twice the batch is worth nearly twice as much.
# Far above it the gradient is nearly exact already, and a larger batch is wasted.

# %% [markdown] exercise="noise_scale"
# Return the noise scale of equation (2.8), a float, for an array of shape `(n, d)` with one gradient in each row.
# Use your `gradient_noise`; $G$ is the mean of the rows.


# %% exercise="noise_scale"
def noise_scale(per_example_grads):
    mean = per_example_grads.mean(axis=0)
    return gradient_noise(per_example_grads) / float(mean @ mean)


# %% tags=["try"]
print(noise_scale(np.array([[1.0, 0.0], [2.0, 6.0], [6.0, 3.0]])))

# %% [markdown]
# While the loss falls, the gradients get smaller: the mean $G$ and the noise alike. The figure shows their ratio.

# %% tags=["experiment"]
if needs(noise_scale):
    W, rows = np.zeros((64, 10)), []
    for step in range(251):
        if step in (0, 5, 10, 25, 50, 100, 250):
            grads = softmax_regression.per_example_gradients(W, *data)
            loss = softmax_regression.loss(W, *data)
            rows.append((loss, gradient_noise(grads), noise_scale(grads)))
            print(f"step {step:3d}: loss {loss:.3f}, tr S {rows[-1][1]:6.2f}, ", end="")
            print(f"noise scale {rows[-1][2]:5.0f}")
        W = W - 1.0 * softmax_regression.gradient(W, *data)
    losses, noises, scales = np.array(rows).T
    assert np.all(np.diff(noises) < 0) and np.all(np.diff(scales) > 0)

    labels = {"xlabel": "training loss", "ylabel": "noise scale", "yscale": "log"}
    title = (
        f"The noise scale grows {scales[-1] / scales[0]:.0f} times as the loss falls"
    )
    figure = figures.lines(
        {"measured": (losses, scales)}, title=title, dots=True, method="SGD", **labels
    )
    figure.axes[0].invert_xaxis()
    alt = f"The noise scale rises steadily from {scales[0]:.0f} to {scales[-1]:.0f}."
    figures.show(figure, alt=alt)

# %% [markdown]
# The noise sinks, but the signal sinks faster, because near a minimum the single gradients cancel.
# So the noise scale rises from 68 to 2,830, more than there are images.
# At the beginning small batches are enough; at the end large ones pay.
# Some trainings therefore let the batch grow on the way; Smith et al. (2018) found that this does what lowering the learning rate does, with fewer updates.
#
# A network's gradients of single examples are seldom at hand.
# But (2.5) says how the mean of $\lVert g_B\rVert^2$ depends on $B$, and two batch sizes are enough to solve for both unknowns.

# %% tags=["experiment"]
if needs(noise_scale):
    rng, W, n = np.random.default_rng(0), np.zeros((64, 10)), 1077
    grads = softmax_regression.per_example_gradients(W, *data)
    pair = np.array([16, 128])
    squares = [
        np.mean(
            [
                np.sum(grads[rng.permutation(n)[:b]].mean(axis=0) ** 2)
                for _ in range(400)
            ]
        )
        for b in pair
    ]
    factors = (1 - pair / n) / pair
    noise = (squares[0] - squares[1]) / (factors[0] - factors[1])
    signal = squares[0] - noise * factors[0]
    exact = noise_scale(grads)
    print(
        f"from batches of 16 and 128: {noise / signal:.1f}; from all gradients {exact:.1f}"
    )
    assert abs(noise / signal / exact - 1) < 0.15

# %% [markdown]
# ### What a larger batch buys
#
# If the noise scale means anything, the number of updates to a given loss should follow (McCandlish et al.)
#
# $$ N(B) = N_{\min} \Bigl( 1 + \frac{B_{\text{crit}}}{B} \Bigr) , \tag{2.9} $$
#
# with some $B_{\text{crit}}$ of the order of the noise scale: for $B \ll B_{\text{crit}}$ twice the batch needs half the updates (**perfect scaling**), for $B \gg B_{\text{crit}}$ the number stays at $N_{\min}$ whatever you pay.
# The comparison is fair only if each batch size has its own best learning rate.
#
# From $B = 1$ to 16 the number of updates falls by a factor of 12.
#
# > **Predict.** From $B = 64$ to 1077 the data of an update grow 17 times. By which factor does the number of updates fall?

# %%
predict("critical", ...)


# %%
def updates_to(target, batch_size, lr, limit=500):
    """Updates until the loss on 300 images is below `target`; inf beyond `limit`."""
    rng, W, n_done = np.random.default_rng(1), np.zeros((64, 10)), 0
    some, every = (digits.X[:300], digits.labels[:300]), max(1, 16 // batch_size)
    while n_done < limit:
        for chosen in epoch_batches(len(digits.X), batch_size, rng):
            images, labels = digits.X[chosen], digits.labels[chosen]
            W = W - lr * softmax_regression.gradient(W, images, labels)
            n_done += 1
            if n_done % every == 0 and softmax_regression.loss(W, *some) < target:
                return n_done
    return np.inf


# %% tags=["experiment"]
tried, lrs = np.array([1, 4, 16, 64, 256, 1077]), 0.2 * 2.0 ** np.arange(8)
table = np.array([[updates_to(0.3, size, lr) for lr in lrs] for size in tried])
needed = table.min(axis=1)
terms = np.stack([np.ones(6), 1 / tried], axis=1) / needed[:, None]
least, product = np.linalg.lstsq(terms, np.ones(6))[0]
best_lrs = lrs[table.argmin(axis=1)]
for size, count, lr in zip(tried, needed, best_lrs, strict=True):
    fit_here = least * (1 + product / least / size)
    print(
        f"B = {size:4d}: {count:4.0f} updates with η = {lr}; (2.9) fits {fit_here:4.0f}"
    )
print(f"least number {least:.0f}, critical batch size {product / least:.0f}")
assert 11.5 < needed[0] / needed[2] < 13
compare("critical", needed[3] / needed[5])
assert lrs[0] < best_lrs.min() and best_lrs.max() < lrs[-1]
assert np.allclose(best_lrs[:3], [0.4, 1.6, 6.4])

fine = np.geomspace(1, 1077, 60)
curves = {
    "SGD, measured": (tried, needed),
    "theory, fitted": (fine, least + product / fine),
}
labels = {"xlabel": "batch size B", "ylabel": "updates to a loss of 0.3"}
title = f"Each at its best η: from {needed[0]:.0f} updates to {needed[3]:.0f} and {needed[5]:.0f}"
figure = figures.lines(
    curves, title=title, xscale="log", yscale="log", dots=True, **labels
)
counts = ", ".join(f"{count:.0f}" for count in needed)
alt = f"Updates against batch size on logarithmic axes: {counts}."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# Up to 16 the updates fall nearly as fast as the batch grows, from 336 to 27; from 64 to 1077 the factor is only 1.12.
# The bend is at about 22.
# The best learning rates tell the same story: 0.4, 1.6 and 6.4 for $B = 1$, 4 and 16, which is the linear rule to the digit; from there on they grow hardly any more, and lie between 3.2 and 12.8.
# The noise scale was 68 at the start and about 1,000 at the loss 0.3, so it is right about the shape and too high about the place.
# It leaves out the curvature: along steep directions no step can be long enough to make use of an exact gradient.
# Take it for an order of magnitude at the start of a training, and measure where it matters.
#
# </details>

# %% [markdown]
# ## 7 · What is it worth on new data?
#
# Many have seen large batches do worse on new data (Keskar et al., 2017), and some advise small batches for that reason.
# Section 6 warns us: the comparison must say what it keeps equal.
#
# A hard case: a network with 2,410 parameters, only 200 images, and 30 % of their labels drawn anew at random.
# A model that memorises everything memorises the wrong labels too: it **overfits**.
# We train with $B = 4$ and with the full batch of 200, $\eta = 0.2$, with eight seeds each, and compare the accuracy on the 360 validation images in four ways.
#
# The four ways: after equal epochs (20), after equal updates (1,000), at an equal training loss, and at the best moment of each training.
#
# > **Predict.** At the best moment of each training, by how many percentage points is the small batch ahead, in the median of the seeds? (With a minus sign if it is behind.)

# %%
predict("best", ..., unit=" points")


# %%
def training(batch_size, seed, n_updates=1000, lr=0.2):
    """Training loss and validation accuracy at every 20th update: (50, 2)."""
    rng = np.random.default_rng(seed)
    X, labels = digits.X[:200], digits.labels[:200].copy()
    wrong = rng.random(200) < 0.3
    labels[wrong] = rng.integers(10, size=wrong.sum())
    params, n_done, record = digit_network.initial(rng), 0, []
    while n_done < n_updates:
        for chosen in epoch_batches(200, batch_size, rng):
            _, grads = digit_network.loss_and_grads(params, X[chosen], labels[chosen])
            params = {k: params[k] - lr * grads[k] for k in params}
            n_done += 1
            if n_done % 20 == 0:
                loss = digit_network.loss(params, X, labels)
                record.append((loss, digit_network.accuracy(params, *validation)))
    return np.array(record)


def trainings(batch_size):
    """Of eight seeds: losses and accuracies, each (8, 50)."""
    return np.moveaxis([training(batch_size, seed) for seed in range(8)], -1, 0)


# %% tags=["experiment"]
runs = {b: trainings(b) for b in (4, 200)}
losses, accuracies = ({b: run[i] for b, run in runs.items()} for i in (0, 1))
below = {b: np.argmax(losses[b] < 0.8, axis=1) for b in runs}
compared = {
    "equal epochs (20)": (accuracies[4][:, -1], accuracies[200][:, 0]),
    "equal updates (1,000)": [accuracies[b][:, -1] for b in runs],
    "equal training loss (0.8)": [accuracies[b][range(8), below[b]] for b in runs],
    "best moment of each": [accuracies[b].max(axis=1) for b in runs],
}
gains = {what: 100 * (small - full) for what, (small, full) in compared.items()}
print("points that B = 4 is ahead of the full batch, each seed:")
for what, gain in gains.items():
    print(
        f"{what:25s}", *(f"{g:5.1f}" for g in gain), f"  median {np.median(gain):5.1f}"
    )
compare("best", np.median(gains["best moment of each"]), " points")

steps = np.arange(20, 1001, 20)
title = "30 % wrong labels, eight seeds: accuracy on new images along the training"
figure, panels = figures.pair(title, sharey=True)
for axes, b, name in zip(panels, (4, 200), ("SGD", "gradient descent"), strict=True):
    middle = np.median(accuracies[b], axis=0)
    print(f"B = {b:3d}: median at best {middle.max():.3f}, at the end {middle[-1]:.3f}")
    figures.lines(
        {"median": (steps, accuracies[b])},
        title=f"B = {b}",
        xlabel="update",
        ylabel="accuracy on new images",
        method=name,
        axes=axes,
    )
middles = {b: np.median(accuracies[b], axis=0) for b in (4, 200)}
alt = (
    "Accuracy against updates, eight thin lines and their median for each batch size. "
    + (
        "; ".join(
            f"B = {b}: at best {m.max():.2f}, at the end {m[-1]:.2f}"
            for b, m in middles.items()
        )
    )
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The answer depends on the question.
#
# - At **equal epochs** $B = 4$ is mostly ahead, because 20 updates are too few for the full batch.
# - At **equal updates** it is ahead in most of the seeds, by 2.8 points in the median, and behind in some. This is what is usually reported. But look at the figure: the full batch has been *better* before, and then it has memorised the wrong labels. The noise of small batches slowed that down.
# - At an **equal training loss** of 0.8 the full batch is ahead in every seed. (A noisy loss dips below any value early, which counts against the small batch.)
# - At the **best moment** of each training it is ahead again in every seed, by 0.8 to 2.5 points, 1.39 in the median.
#
# So here small batches do not find better models.
# They are slower at doing harm when a training goes on for too long.
# Others have found more than that in deep networks, and less; what to take away is the list of four questions, and that one seed answers none of them: the single gains at equal updates range over more than ten points.
#
# </details>

# %% [markdown]
# ### The training loop
#
# Every experiment of this chapter ran the same loop: epochs, a new order in each, batches, updates.
# In most programs it is these few lines that go wrong, and not the mathematics.
# Now it is yours.

# %% [markdown] exercise="train"
# Train the linear model for `n_epochs` epochs and return the last weights.
# Each epoch draws its batches anew with `rng`, as your `epoch_batches` does, and goes through all of them once, the short one too.
# `w` itself stays as it was.

# %% exercise="train"

# %% tags=["try"]
rng = np.random.default_rng(0)
X, target = rng.normal(size=(20, 2)), np.array([2.0, -1.0])
print(train(np.zeros(2), X, X @ target, 0.1, 6, 50, rng))

# %% [markdown]
# ### Find the mistakes
#
# *Further work.* A loop that reports its loss is easily wrong in two ways at once: in what it does, and in what it says of it.
# The function below is such a case.
# On 20 points of a plane that passes through all of them, with $\eta = 0.1$ and 50 epochs, the loss should go from 1.17 down to 0.026 with all points in one batch, and in batches of 6 from 1.043 to 0.000, where the weights are 2.00 and $-1.00$.
# It stays at 1.1 and at 1.0.
# It learns something only if every point has the same target.

# %% [markdown] exercise="logged_sgd"
# There are three mistakes in this function.
# Find them, and change as little as you can.
# The check names a mistake only when it is the last one that is left.

# %% exercise="logged_sgd"

# %% tags=["try"]
rng = np.random.default_rng(0)
X, target = rng.normal(size=(20, 2)), np.array([2.0, -1.0])
for size in (20, 6):
    w, losses = logged_sgd(np.zeros(2), X, X @ target, 0.1, size, 50, rng)
    print(size, w.round(2), losses[[0, 1, -1]].round(3))

# %% [markdown]
# ## 8 · Break it
#
# Move the sliders, or type into the boxes: SGD on the 20 points, 60 updates. Here $x$ is the slope of the line and $y$ its offset.
#
# 1. Set $B = 20$ and raise $\eta$ until the walk is lost. Write down the value.
# 2. Set $B = 1$. Where is it lost now?
# 3. Keep $\eta = 0.1$ and move $B$ from 1 to 20. What changes in the path, and what in the last third of the loss?
#
# Work out 1 from chapter 0; the largest eigenvalue of the Hessian is 2.98. For 2: a single point $(x, 1)$ has a Hessian of its own, with the largest eigenvalue $x^2 + 1$, and $x$ goes up to 3.
#
# *What you found (double-click to write it here):*


# %%
def draw(batch_size, lr):
    size = int(batch_size)
    path = walk(size, 60, lr)
    note = f"B = {size}, η = {lr:.2f}: 60 updates look at {60 * size} points"
    return widgets.trajectory_and_loss(fit, {"SGD": path}, note=note)


# %% tags=["experiment"]
widgets.explore(
    draw,
    batch_size=widgets.slider("batch size B", 1, 20, 4, step=1),
    lr=widgets.slider("learning rate η", 0.01, 0.75, 0.1, step=0.01),
)

# %% tags=["experiment"]
print(
    f"limit of the full batch {2 / curvatures[-1]:.2f}, of the steepest point {2 / 10:.2f}"
)
print("distance from the best line, largest of the updates 400 to 600")
for lr in (0.1, 0.2, 0.4, 0.6, 0.65, 0.69):
    late = [
        np.linalg.norm(walk(b, 600, lr)[400:] - best, axis=1).max() for b in (1, 20)
    ]
    print(f"η = {lr:.2f}: B = 1 {late[0]:9.1e}, B = 20 {late[1]:9.1e}")
    assert (late[1] < 1e-3) == (lr < 2 / curvatures[-1])

# %% [markdown]
# The full batch is lost above $2/2.98 = 0.67$, as chapter 0 says.
# With $B = 1$ there is no sharp limit.
# Above $\eta = 0.2$ a step for the steepest point makes that point's own error larger.
# The other points bring the walk back: at 0.4 it is thrown 54 units away and returns, at 0.6 it does not.
# So a smaller batch wants a smaller learning rate even before noise is thought of.
#
# With $\eta = 0.1$ the path gets smoother as $B$ grows, and the loss no longer levels off: the noise floor sinks, and at $B = 20$ it is gone.
# But the 60 updates have cost 60 epochs there instead of 3.

# %% [markdown]
# ## 9 · Why
#
# A person reads this answer. A few sentences for each part are enough.

# %% [markdown] question="batch_size_why"
# A team trains a model on 50,000 examples with $B = 50$ and $\eta = 0.1$ for 30 epochs. On a larger machine they take $B = 1000$ and leave everything else as it is.
# The training is done in a tenth of the time, and the accuracy on new data falls from 91 % to 84 %.
# Their report says: "Large batches generalise worse."
#
# 1. How many updates did each training make? Why does the report not follow from the experiment?
# 2. Describe two fair comparisons. Say for each what it keeps equal, and what it then can and cannot show.
# 3. Which learning rate does the linear rule propose for $B = 1000$? Name one assumption behind the rule, and how you would notice that it fails.
# 4. They measure a noise scale of 300 at the start and of 8,000 at the end. What would you propose for the batch size during the training, and why? How would you bring the noise down at the end if memory allows no more than $B = 1000$?

# %% [markdown] answer="batch_size_why"
# 1. 1,000 updates an epoch, 30,000 in all, against 50 an epoch and 1,500 in all. The second model has been moved twenty times less often with steps of the same length; it may simply not be trained. Nothing is known about generalisation until its training loss is compared.
# 2. For example: equal updates (30,000 each, with 20 times the epochs for the large batch), which shows what the noise does but costs 20 times the data; equal epochs with a learning rate tuned for each batch size, which shows what one gets for the same data but mixes noise and learning rate; equal training loss, or the best moment of each run on validation data, which asks about generalisation itself. All with several seeds, and with the spread.
# 3. 0.1 times 20, so 2.0. It assumes that the gradient hardly changes over the 20 small steps that one large step replaces, so that the long step still goes downhill. If it fails, the loss rises or jumps in the first updates. That alone does not decide: the curvature may give way, as in section 6, and then the jump costs some epochs; or it does not, and the loss never comes back. A smaller learning rate at the start (warmup) makes the question go away.
# 4. A few hundred at the start, where larger batches are mostly wasted, and then larger ones as the noise scale rises, up to the 1,000 that fit. After that lower the learning rate instead: the noise floor depends on $\eta/B$, so halving $\eta$ does what doubling $B$ would. Adding up the gradients of several batches before an update is another way, at the price of time.
#
# - [0.5] 30,000 updates against 1,500: the second model may only be trained too little.
# - [0.5] Two fair comparisons, each with what it keeps equal and what it can show.
# - [0.5] $\eta = 2$; the gradient hardly changes over the 20 small steps, else the loss rises at first.
# - [0.5] A few hundred first and larger later; at the end a lower learning rate, or gradients added up.

# %% [markdown]
# ## 10 · Summary
#
# - A batch gradient is right on average. Its squared error is $\frac{\operatorname{tr} S}{B}(1 - \frac{B}{n})$: half the distance costs four times the batch.
# - Noise keeps SGD from settling: the floor goes with $\eta/B$. It also shakes it out of shallow places, and shuffling makes most of it cancel within an epoch.
# - A larger batch makes an update slower and an epoch faster, until the machine is full.
# - At equal epochs and an equal learning rate a larger batch is undertrained. The linear rule makes up for that as long as the gradient changes little over the steps that are put together.
# - A step that is too long for the curvature overshoots. The walk may find flatter ground (a catapult) and then train at the edge of stability, $\lambda_{\max} \approx 2/\eta$; or it is lost.
# - The noise scale $\operatorname{tr} S/\lVert G\rVert^2$ grows as the loss falls. Beyond it, roughly, larger batches are wasted.
# - "Small batches generalise better" depends on what is kept equal. On these data it is not so.

# %% [markdown]
# ## 11 · Elsewhere
#
# | where | its form | compared with this chapter |
# |---|---|---|
# | PyTorch `DataLoader(data, batch_size, shuffle=True)` | a new permutation each epoch, cut in order | (2.2); `shuffle` and `drop_last` are off unless you ask |
# | PyTorch losses | `reduction="mean"` | (2.1); with `"sum"` the learning rate is silently multiplied by $B$ |
# | Keras `fit(batch_size=32, shuffle=True)` | the same | 32 and shuffling are what you get if you say nothing |
# | Goyal et al. (2017) | ImageNet with $B = 8192$ in an hour | the linear rule, with a slow start (warmup, chapter 4) in place of the overshoot |
# | Keskar et al. (2017) | large batches end in sharper minima | measured as curvature; whether that is why they do worse is disputed |
# | McCandlish et al. (2018) | $B_{\text{noise}}$ with the Hessian | (2.8) is its simple form, as if $H$ were the identity |
#
# "SGD" in a library's name says nothing about the batch: `torch.optim.SGD` makes the step of chapter 0 with whatever gradient it is given.
#
# **To read** Bottou, Curtis and Nocedal (2018), *Optimization Methods for Large-Scale Machine Learning*; Shallue et al. (2019), *Measuring the Effects of Data Parallelism on Neural Network Training*, for the last figure of section 6 on many real networks.
# Next, chapter 3: a memory for past steps, which averages noise over time instead of over examples.
