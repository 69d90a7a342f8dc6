# %% [markdown]
# # Chapter 7 · Batch normalisation, and its family
#
# Chapter 6 chose the scale of the first weights so that signals neither vanish nor explode; after the first step nothing keeps it there.
# This chapter puts a layer into the network that does, works out its gradient by hand, and asks why it helps.
#
# **Time** about 145 minutes for the core; exercises marked *further work* come on top.
#
# **Know first** feature scaling (chapter 4); the moving average (chapter 3); the variance of initial weights (chapter 6).
#
# **Papers** Ioffe and Szegedy (2015), Santurkar, Tsipras, Ilyas and Mądry (2018), Ioffe (2017), Ba, Kiros and Hinton (2016), Wu and He (2018), Salimans and Kingma (2016), Miyato et al. (2018).

# %% tags=["setup"]
import numpy as np

from autograder import check, compare, hint, needs, predict
from autograder.lab import datasets, deep_network, figures, grids, widgets
from autograder.lab.moving_statistics import follow
from autograder.lab.tasks import further

data = datasets.digits()

# %% [markdown]
# ## 1 · See it fail
#
# The network of this chapter reads the digits: five hidden layers of 50 ReLU units, then ten scores.
# `deep_network.train_layers` does plain gradient descent on batches of 32 for 300 steps, about nine passes through the data.
# We draw all weights from a normal distribution with one standard deviation, the same in each layer, and vary it.
#
# Chapter 6 says which one is right: a layer of 50 ReLU units keeps the scale at $\sqrt{2/50} = 0.2$.
#
# > **Predict.** With 0.2 it reads more than 90 % of new digits. What percentage does it read with half of that, 0.1?
#
# Run the cell below and type your guess, or write it instead of the three dots.
# It stays in your notebook and counts for nothing; whoever goes on without a guess skips the question.

# %%
predict("half scale", ..., unit=" %")

# %%
SCALES = [0.01, 0.03, 0.1, 0.2, 0.3, 1.0]


def trained(norm=None, std=None, lr=0.05, seed=0, n_steps=300, **settings):
    """A network trained on the digits, and the loss of each of its steps."""
    rng = np.random.default_rng(seed)
    begin = deep_network.initial(rng, std)
    settings |= {"lr": lr, "n_steps": n_steps, "norm": norm}
    return deep_network.train_layers(begin, data, rng, **settings)


def validated(layers, normalise=None):
    """Share of the validation images that a network reads right."""
    return deep_network.accuracy(layers, data.X_val, data.labels_val, normalise)


# %% tags=["experiment"]
plain = np.array([validated(trained(std=std)[0]) for std in SCALES])
for std, share in zip(SCALES, plain, strict=True):
    print(f"standard deviation {std:4}:  {share:.3f} of the digits right")
assert plain[SCALES.index(0.2)] > 0.9
compare("half scale", 100 * plain[SCALES.index(0.1)], " %")

# %% [markdown]
# <details><summary>Why</summary>
#
# Only 0.2 and 0.3 work.
# Half of the right scale is not enough, with 38 % right, and 1 overflows: the network is left at 0.100, one guess in ten.
# The window is narrow, and the deeper the network, the narrower it is: a factor of 2 per layer is a factor of 32 after five.
#
# </details>
#
# In chapter 4 we scaled the *inputs* of a model and its landscape became round.
# Each hidden layer is the input of the layer after it.
# So scale those inputs too, in every step, since they change with every step.

# %% [markdown]
# ## 2 · Normalise what a layer gives
#
# The mean over all training data would be the right one to subtract, but computing it takes a pass through the data for each step.
# **Batch normalisation** lets the batch stand in for the data.
# For each feature $j$ on its own, with the values $x_{1j}, \dots, x_{nj}$ that the $n$ examples of a batch have:
#
# $$ \mu_j = \frac1n \sum_i x_{ij}, \qquad \sigma_j^2 = \frac1n \sum_i (x_{ij} - \mu_j)^2 + \varepsilon, \qquad \hat x_{ij} = \frac{x_{ij} - \mu_j}{\sigma_j}, \qquad y_{ij} = \gamma_j\,\hat x_{ij} + \beta_j . \tag{7.1} $$
#
# Here $\sigma^2$ has $\varepsilon$ in it already, which keeps the formulas of section 3 short; the paper and PyTorch write $\sigma^2$ for the variance alone and $\sqrt{\sigma^2+\varepsilon}$ below the line, and so does (7.4).
# The small number $\varepsilon$ keeps a feature that is the same in the whole batch from being divided by zero; it is *inside* the root.
# The **scale** $\gamma$ and the **shift** $\beta$ are learned like weights; they start at 1 and 0.
# They give the layer its freedom back: with $\gamma_j = \sigma_j$ and $\beta_j = \mu_j$ nothing is changed at all.
#
# | symbol | argument | what it is |
# |---|---|---|
# | $x$ | `x` | a batch, `(n_samples, n_features)` |
# | $\gamma$, $\beta$ | `gamma`, `beta` | learned scale and shift, `(n_features,)` |
# | $\varepsilon$ | `eps` | added to the variance |
# | $\mu$, $\sigma$ | | mean and deviation of the batch, $\varepsilon$ included |
# | $g = \partial L / \partial y$ | `dout` | gradient that comes from the layers above |
# | $m$, $v$ | `running_mean`, `running_var` | moving averages of mean and variance (section 4) |
# | $p$ | `momentum` | weight of the new batch in them (section 4) |

# %% [markdown] exercise="batchnorm_forward"
# Write equation (7.1) for a batch `x` of shape `(n_samples, n_features)`.
# Return a pair: the output $y$ of the shape of `x`, and a *cache*, whatever you would like to keep for the backward pass.
# Only the first one is judged; `None` will do for the second.
# (Programs that write `backward(dout, cache)` keep $\hat x$ and $\sigma$ in it. Here the backward pass gets `x` and computes them anew: twice the work, and a function that can be tested on its own.)
#
# If you are stuck, `hint(batchnorm_forward)` asks you a question; call it again for more.

# %% exercise="batchnorm_forward"

# %% [markdown]
# Try a batch of two examples, with $\gamma = 1$, $\beta = 0$ and hardly any $\varepsilon$: the features (1, 5), (3, 2) and (100, 700). Then a batch of one.

# %% tags=["try"]
x = np.array([[1.0, 3.0, 100.0], [5.0, 2.0, 700.0]])
print(batchnorm_forward(x, np.ones(3), np.zeros(3))[0].round(4))
print(batchnorm_forward(x[:1], np.ones(3), np.zeros(3))[0])

# %% [markdown]
# A batch of two keeps nothing but the sign: which of the two was larger.
# A batch of one becomes $\beta$, whatever it was.
# Keep that in mind for section 4: the batch has to be large enough to stand for the data.
#
# ### Use it: twenty layers
#
# We push 200 digits through 20 random layers of 50 ReLU units and measure the root mean square of what comes out of each.
# Without normalisation chapter 6 has the formula: each layer multiplies the mean square by $n\,\sigma_w^2/2$, for weights of standard deviation $\sigma_w$.
#
# With $\sigma_w = 0.02$ next to nothing is left of the signal after 20 layers.
#
# > **Predict.** And with normalisation before each ReLU: what is its root mean square after 20 layers?

# %%
predict("signal", ...)


# %%
def signal(std, normalised, n_layers=20, width=50):
    """Root mean square after each layer, averaged over eight random networks."""
    squares = np.zeros((8, n_layers))
    for seed in range(8):
        rng, h = np.random.default_rng(seed), data.X[:200]
        for k in range(n_layers):
            z = h @ rng.normal(0, std, size=(h.shape[1], width))
            if normalised:
                z = batchnorm_forward(z, np.ones(width), np.zeros(width))[0]
            h = np.maximum(z, 0)
            squares[seed, k] = np.mean(h**2)
    return np.sqrt(np.exp(np.log(squares).mean(axis=0)))


# %% tags=["experiment"]
curves = {}
for std in (0.4, 0.2, 0.02):
    kept, bare = signal(std, True), signal(std, False)
    theory, rate = 50 * std**2 / 2, (bare[-1] / bare[4]) ** (2 / 15)
    print(f"{std:4}: without {bare[-1]:.0e}, with {kept[-1]:.3f}")
    print(f"      mean square times {rate:.3f} a layer, theory {theory:.3f}")
    assert abs(rate / theory - 1) < 0.15 and np.ptp(kept) < 0.16
    curves[f"without, {std}"] = np.arange(1, 21), bare
curves["batch norm, any"] = np.arange(1, 21), kept
title = (
    f"Normalised, the signal is {kept[-1]:.1f} after 20 layers, whatever the weights"
)
figure = figures.lines(
    curves, title=title, xlabel="layer", ylabel="root mean square", yscale="log"
)
figures.guessed(figure.axes[0], y=compare("signal", kept[-1]))
alt = (
    f"Without normalisation the signal rises to 400,000, stays, or falls below 1e-20; \
with it the line is flat at {kept[-1]:.1f}."
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# Without normalisation the mean square is multiplied by 4, 1 or 0.01 in each layer, so that after 20 layers there are $4 \cdot 10^5$, about as much as before, or nothing.
# With it the signal is always about $\sqrt{1/2} = 0.71$: before the ReLU the mean square is 1, and the ReLU takes half of it.
#
# The scale of the weights has dropped out.
# That is exact, up to $\varepsilon$: if $W$ becomes $10\,W$, then $\mu$ and $\sigma$ become ten times as large as well, and $\hat x$ stays what it was.
#
# </details>

# %% [markdown]
# ## 3 · The way back
#
# To train through this layer we need its gradient.
# Take one feature, and leave out the index $j$: values $x_1, \dots, x_n$, and gradients $g_1, \dots, g_n$ from above.
# What belongs to the learned numbers is quick, since one $\gamma$ and one $\beta$ serve all examples:
#
# $$ \frac{\partial L}{\partial \beta} = \sum_i g_i, \qquad \frac{\partial L}{\partial \gamma} = \sum_i g_i\, \hat x_i . \tag{7.2} $$
#
# ### In stages
#
# For $x$ it is longer.
# Write the forward pass as a chain of small steps; then each step needs only its own derivative, and the gradients come back in the opposite order.
# We write $\bar a$ for $\partial L/\partial a$.
#
# > **Derive** the right column, from the bottom up, before you read on. (A mean passes its gradient on to every term, divided by $n$. Where a value is used twice, both gradients add up: $c$ is.)
# >
# > | forward | backward |
# > |---|---|
# > | $\mu = \frac1n \sum_i x_i$ | $\bar x_i = \;?$ |
# > | $c_i = x_i - \mu$ | $\bar\mu = \;?$ |
# > | $q = \frac1n \sum_i c_i^2$ | $\bar c_i = \;?$ |
# > | $\sigma = \sqrt{q + \varepsilon}$ | $\bar q = \;?$ |
# > | $\hat x_i = c_i / \sigma$ | $\bar\sigma = \;?$ |
# > | $y_i = \gamma\, \hat x_i + \beta$ | $\bar{\hat x}_i = \gamma\, g_i$ |
#
# *Your derivation:*

# %% [markdown]
# From the bottom: $\bar\sigma = -\sum_k \bar{\hat x}_k\, \hat x_k / \sigma$, since $\partial \hat x_k/\partial\sigma = -c_k/\sigma^2$; $\bar q = \bar\sigma / 2\sigma$; $\bar c_i = \bar{\hat x}_i/\sigma + 2 c_i\, \bar q / n$; $\bar\mu = -\sum_k \bar c_k$; and $\bar x_i = \bar c_i + \bar\mu/n$.
#
# So an $x_i$ reaches the loss by **three ways**: straight, through the variance, and through the mean.
#
# ### In one piece
#
# Put the stages into each other.
# The result is the **Jacobian** of one feature, the matrix of all $\partial \hat x_k/\partial x_i$:
#
# $$ \frac{\partial \hat x_k}{\partial x_i} = \frac1\sigma\left(\delta_{ki} - \frac1n - \frac{\hat x_k \hat x_i}{n}\right), $$
#
# with $\delta_{ki} = 1$ for $k = i$ and 0 otherwise.
# Multiply by $\gamma\,g_k$ and sum over $k$:
#
# $$ \frac{\partial L}{\partial x_i} = \frac{\gamma}{\sigma} \left( g_i - \frac1n \sum_k g_k - \frac{\hat x_i}{n} \sum_k g_k\, \hat x_k \right) . \tag{7.3} $$
#
# Both sums are in (7.2) already.
#
# For a feature of six examples the Jacobian is a 6×6 matrix.
# Its eigenvalues say what it does to a gradient.

# %% tags=["experiment"]
rng, n = np.random.default_rng(2), 6
x, one = rng.normal(3, 2, size=(n, 1)), np.ones(1)


def standardised(x):
    return batchnorm_forward(x, one, 0 * one, 1e-12)[0]


J = np.zeros((n, n))
for i in range(n):
    step = 1e-6 * np.eye(n)[:, i : i + 1]
    J[:, i : i + 1] = (standardised(x + step) - standardised(x - step)) / 2e-6
hat, sigma = standardised(x), x.std()
eigenvalues = np.linalg.eigvalsh((J + J.T) / 2)
print("eigenvalues times σ:", np.round(eigenvalues * sigma, 6) + 0.0)  # no -0
print(f"J times ones: {np.abs(J @ np.ones(n)).max():.0e}; ", end="")
print(f"J times x hat: {np.abs(J @ hat).max():.0e}")
formula = (np.eye(n) - 1 / n - hat @ hat.T / n) / sigma
print(f"differs from the formula by at most {np.abs(J - formula).max():.0e}")
assert np.abs(J - formula).max() < 1e-7

# %% [markdown]
# Measured with nothing but your forward pass, the Jacobian is the formula.
# It is symmetric; two eigenvalues are 0, in the direction of $(1, \dots, 1)$ and of $\hat x$, and all others are $1/\sigma$.
# So it takes away from a gradient what all examples have in common and what grows with $\hat x$, and divides the rest by $\sigma$: no more and no less.

# %% [markdown] exercise="batchnorm_backward"
# Write (7.2) and (7.3) for a whole batch: from `dout` and `x`, both `(n_samples, n_features)`, and `gamma`, return `dx`, `dgamma` and `dbeta`.
# Compute the batch's statistics again from `x`, as in the forward pass, with `eps` under the root.
# In one piece or in stages: both are right, and the next section compares them.

# %% exercise="batchnorm_backward"

# %% tags=["try"]
rng = np.random.default_rng(7)
x, dout = rng.normal(size=(2, 5, 3))
dx, dgamma, dbeta = batchnorm_backward(dout, x, np.array([1.0, 2.0, -1.0]))
print(dx.round(3))

# %% [markdown]
# ### Check it against a numerical gradient
#
# Chapter 1's central differences know nothing of three ways.
# The loss here is $L = \sum g \cdot y$ with a random $g$, so that $g$ is the gradient from above.
#
# The second row checks with $L = \sum y$, all $g$ equal to 1. What is the true gradient then?


# %%
def numerical(loss, x, h=1e-5):
    """Gradient of `loss` at `x` by central differences."""
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = h
        grad[i] = (loss(x + step) - loss(x - step)) / (2 * h)
    return grad


# %% tags=["experiment"]
rng = np.random.default_rng(0)
x, gamma, beta = rng.normal(2, 3, size=(6, 4)), rng.normal(size=4), rng.normal(size=4)
for name, g in (("random", rng.normal(size=(6, 4))), ("all ones", np.ones((6, 4)))):
    ours = batchnorm_backward(g, x, gamma)[0]
    slopes = numerical(
        lambda x, g=g: np.sum(g * batchnorm_forward(x, gamma, beta)[0]), x
    )
    far = np.abs(ours - slopes).max()
    print(f"g {name}: size {np.abs(ours).max():.0e}, difference {far:.0e}")
    assert far < 1e-8
assert np.abs(ours).max() < 1e-13

# %% [markdown]
# With random $g$ the two agree to ten digits.
# With all $g$ equal to 1 the true gradient is 0, since $\sum_i y_i = n\beta$ whatever $x$ is: both sides show rounding, their ratio is noise, and an answer that lacks the variance's term passes.
# A check is worth as much as the gradient you feed it.

# %% [markdown]
# ### What the gradient cannot contain
#
# (7.3) takes $g$ and removes two parts of it: what all examples have in common, and what grows with $\hat x$.
# The forward pass removes the mean and the scale of $x$, so no gradient can ask for a change of them.
#
# The next cell takes a dense layer $z = XW + b$ before the normalisation and prints four numbers:
#
# 1. the sum of `dx` over the batch;
# 2. the gradient that the bias $b$ gets;
# 3. the dot product of a column of $W$ with its gradient;
# 4. the gradient with respect to $W$ at $10\,W$, over that at $W$.
#
# > **Predict.** The fourth: by which factor does the gradient change if all weights are ten times as large?

# %%
predict("tenfold", ...)

# %% tags=["experiment"]
rng = np.random.default_rng(1)
X, W, b = rng.normal(size=(20, 7)), rng.normal(size=(7, 4)), rng.normal(size=4)
g, gamma, eps = rng.normal(size=(20, 4)), rng.normal(size=4), 1e-5
grads = []
for scale in (1, 10):
    z = X @ (scale * W) + b
    dz, dgamma, dbeta = batchnorm_backward(g, z, gamma, eps)
    grads.append(X.T @ dz)
    std, along = np.sqrt(z.var(axis=0) + eps), np.sum(scale * W * grads[-1], axis=0)
    theory = gamma * dgamma * eps / std**2
    print(f"{scale:2} W: sum of dz, gradient of b {np.abs(dz.sum(axis=0)).max():.0e}")
    for name, values in (("W · gradient", along), ("theory", theory)):
        print(f"      {name:12s}", *(f"{value:8.1e}" for value in values))
    assert np.abs(dz.sum(axis=0)).max() < 1e-14 and np.abs(along - theory).max() < 1e-13
print("gradient at 10 W over that at W:", np.median(grads[1] / grads[0]).round(5))
compare("tenfold", np.median(grads[1] / grads[0]))

# %% [markdown]
# <details><summary>Why</summary>
#
# Numbers 1 and 2: both are 0, up to rounding, since the gradient of $b$ is that very sum.
# A bias before batch normalisation does nothing, and $\beta$ does its work; that is why programs leave it out.
#
# Number 3: it is 0 but for $\varepsilon$, exactly $\gamma\,\frac{\partial L}{\partial\gamma}\,\varepsilon/\sigma^2$.
# The gradient of a weight is at **right angles** to the weight.
#
# Number 4: one tenth, 0.1. The loss does not change with the length of $W$, so the slope falls as $W$ grows.
#
# </details>
#
# A gradient at right angles to its weights makes $W$ longer in each step, by Pythagoras.
#
# > **Predict.** By how many percent does $\|W\|^2$ of the first layer grow over 200 steps of plain gradient descent, with $\eta = 0.3$?

# %%
predict("grows", ..., unit=" %")

# %% tags=["experiment"]
layers = deep_network.initial(np.random.default_rng(0))
norm = deep_network.Norm(batchnorm_forward, batchnorm_backward)
X, labels, lr = data.X[:256], data.labels[:256], 0.3
before, gained = np.sum(layers[0]["W"] ** 2), 0.0
for _ in range(200):
    _, grads, _ = deep_network.loss_and_grads(layers, X, labels, norm)
    gained += lr**2 * np.sum(grads[0]["W"] ** 2)
    for layer, grad in zip(layers, grads, strict=True):
        for name in grad:
            layer[name] = layer[name] - lr * grad[name]
after = np.sum(layers[0]["W"] ** 2)
print(f"‖W‖² from {before:.3f} to {after:.3f}: gains {after - before:.3f}")
print(f"sum of η² ‖gradient‖²: {gained:.3f}")
assert abs((after - before) / gained - 1) < 0.01
compare("grows", 100 * (after - before) / before, " %")

# %% [markdown]
# <details><summary>Why</summary>
#
# The gain is the sum of the squared steps, as for a walker who turns by a right angle at each step.
# So the weights of a normalised layer only ever grow under plain gradient descent, and their steps, seen as a change of direction, become shorter.
# Here it is little, 0.27 of 100 in 200 steps: a quarter of a percent.
# In a long training with large steps it adds up, to a learning rate that anneals itself; weight decay is what makes it stop.
#
# </details>

# %% [markdown]
# ### Use it: the same sweep
#
# Now the network of section 1 gets a normalisation between the dense part and the ReLU of each hidden layer.
# To validate, we normalise the 360 validation images as one large batch; section 4 says why that is a makeshift.
#
# > **Predict.** Standard deviation 1 left the plain network at one guess in ten. What percentage does it read now?

# %%
predict("largest", ..., unit=" %")


# %%
def by_batch(k, z, gamma, beta):
    """Hidden layer k normalises with the statistics of what it is given."""
    return batchnorm_forward(z, gamma, beta)[0]


# %% tags=["experiment"]
norm = deep_network.Norm(batchnorm_forward, batchnorm_backward)
shares = {"batch norm": [], "without": []}
for std in SCALES:
    shares["batch norm"].append(validated(trained(norm, std=std)[0], by_batch))
    shares["without"].append(validated(trained(std=std)[0]))
    last = shares["without"][-1], shares["batch norm"][-1]
    print(f"standard deviation {std:4}:  {last[0]:.3f} without, {last[1]:.3f} with")
learned = [sum(share > 0.7 for share in those) for those in shares.values()]
title = f"Of six scales of the first weights {learned[0]} learn with batch norm, \
{learned[1]} without"
curves = {name: (SCALES, share) for name, share in shares.items()}
labels = {"xlabel": "standard deviation of the weights", "ylabel": "accuracy"}
figure = figures.lines(curves, title=title, xscale="log", dots=True, **labels)
guess = compare("largest", 100 * shares["batch norm"][5], " %")
figures.guessed(figure.axes[0], 1.0, None if guess is None else guess / 100)
alt = f"Accuracy over the scale of the weights, from 0.01 to 1. With batch norm the \
lowest is {min(shares['batch norm']):.2f}; without it there is a peak at 0.2 and 0.3."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# Every scale learns.
# The largest one comes to 78 %; it is slowed down for the reason above: its gradients are the smallest, and so are its turns.
#
# </details>
#
# ### The largest usable learning rate
#
# The right scale, and eleven learning rates from 0.03 to 10, 150 steps each, ten seeds.
# The runs are recorded, with running averages in use (section 4); you repeat one with your own functions.
#
# > **Predict.** How many times larger is the largest learning rate at which all ten seeds learn, with normalisation?

# %%
predict("rate", ..., unit=" times")

# %% tags=["experiment"]
from autograder.lab.tasks import recorded_norms

norm = deep_network.Norm(batchnorm_forward, batchnorm_backward)
rates, found = recorded_norms.by_rate()
layers, _ = trained(norm, lr=rates[4], seed=0, n_steps=150)
mine = validated(layers, by_batch)
print(
    f"η = {rates[4]:.2f}, seed 0: mine {mine:.3f}, recorded {found['batch norm'][4, 0]:.3f}"
)
assert abs(mine - found["batch norm"][4, 0]) < 0.05
usable = {}
for name, shares in found.items():
    print(f"{name:10s} median", np.round(np.median(shares, axis=1), 2))
    print("           lowest", np.round(shares.min(axis=1), 2))
    usable[name] = rates[np.all(shares > 0.7, axis=1)].max()
    print(f"           more than 0.7 with every seed up to η = {usable[name]:.2g}")
factor = usable["batch norm"] / usable["without"]
compare("rate", factor, " times")
title = (
    f"With batch norm the largest usable learning rate is {factor:.0f} times as large"
)
curves = {name: (rates, shares.T) for name, shares in found.items()}
labels = {"xlabel": "learning rate η", "ylabel": "accuracy, ten seeds"}
figure = figures.lines(curves, title=title, xscale="log", **labels)
alt = f"Accuracy over the learning rate, ten thin lines and a median each. All seeds \
learn up to {usable['without']:.2g} without normalisation and up to \
{usable['batch norm']:.2g} with it; beyond, the seeds scatter."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# Without normalisation every seed learns up to $\eta = 0.1$; at 0.18 the first ones fail, and from 0.56 on all do.
# With it every seed learns up to 1.8 and most at 3.2; at 5.6 all are lost.
# That is about 18 times as much, on a grid whose steps are a factor of 1.8.
# (Your own run is validated by the images' own statistics, the recorded one by running averages: they differ a little.)
# Ioffe and Szegedy used thirty times the learning rate in one of their experiments.
# Note how much the plain network's seeds scatter near its limit: with one seed each we could have reported almost any factor.
#
# </details>

# %% [markdown]
# ## 4 · When training is over
#
# A trained network is asked about one image.
# A batch of one becomes $\beta$, as we saw; and even in a larger batch the answer about your image would depend on which other images are in it.
# So in use, mean and variance have to be fixed numbers.
# During training each layer keeps **running averages** of them, like the average of chapter 3:
#
# $$ m \leftarrow (1-p)\, m + p\, \mu_{\text{batch}}, \qquad v \leftarrow (1-p)\, v + p\, \frac{1}{n-1} \sum_i (x_i - \mu_{\text{batch}})^2 . \tag{7.4} $$
#
# They start at $m = 0$ and $v = 1$; no gradient flows through them.
# Two conventions are easy to miss.
#
# - $p$ is called `momentum`, and in PyTorch, as here, it is the weight of the **new** batch, usually 0.1. In TensorFlow and Keras `momentum` is the weight of the **old** average, usually 0.99.
# - The variance divides by $n-1$ here, and by $n$ in the forward pass. $v$ is to estimate the variance of all data, and a batch's own mean is always a little too near to its examples.

# %% [markdown] exercise="update_running"
# Write (7.4) for all features of a batch `x` at once; return the new running mean and the new running variance.
# Make new arrays: the averages you are given belong to the caller.

# %% exercise="update_running"

# %% [markdown]
# The data's mean is 10 and the average starts at 0; try $p = 0.1$, and 0.9, which somebody copied from another program.

# %% tags=["try"]
x = np.array([[9.0], [11.0], [8.0], [12.0]])
for momentum in (0.1, 0.9):
    mean, var = np.zeros(1), np.ones(1)
    for t in range(1, 51):
        mean, var = update_running(mean, var, x, momentum)
        if t in (1, 10, 50):
            print(f"p = {momentum}, {t:2} batches: mean {mean[0]:7.4f}")
            assert abs(mean[0] - 10 * (1 - (1 - momentum) ** t)) < 1e-9

# %% [markdown]
# With $p = 0.1$ the average has come 65 % of its way after 10 batches and 99.48 % after 50: $1 - 0.9^t$.
# With $p = 0.9$ it is at 9 after one batch, and it remembers hardly anything but the last batch.
# That looks better here, where all batches are the same; section 9 shows the price.
#
# ### n or n − 1
#
# The variance that divides by $n$ is too small on average. This is by how much, for batches of 2, 4, 8 and 32.

# %% tags=["experiment"]
rng = np.random.default_rng(0)
for n in (2, 4, 8, 32):
    x = rng.normal(0, 3, size=(n, 50_000))
    zeros = np.zeros(x.shape[1])
    _, unbiased = update_running(zeros, zeros, x, momentum=1.0)
    seen = unbiased.mean() / x.var(axis=0).mean()
    print(f"batches of {n:2}: {x.var(axis=0).mean():.2f} by n, ", end="")
    print(f"{unbiased.mean():.2f} by n - 1, ratio {seen:.2f}")
    assert abs(seen - n / (n - 1)) < 1e-9 and abs(unbiased.mean() / 9 - 1) < 0.02

# %% [markdown]
# The true variance is 9, and dividing by $n-1$ finds it for every size of batch.
# The ratio is $n/(n-1)$: 2, 1.33, 1.14, 1.03.
# With batches of 32 the difference hardly matters; with batches of 2 every activation in use would be too large by $\sqrt2$.

# %% [markdown]
# In use, the layer is then one line, and depends on no other example:
#
# $$ y = \gamma\, \frac{x - m}{\sqrt{v + \varepsilon}} + \beta . \tag{7.5} $$

# %% [markdown] exercise="batchnorm_inference"
# Write (7.5). `x` has any number of rows, one included.

# %% exercise="batchnorm_inference"

# %% tags=["try"]
x, mean, var = np.array([[1.0, 5.0]]), np.array([0.0, 4.0]), np.array([1.0, 0.25])
print(batchnorm_inference(x, np.ones(2), np.zeros(2), mean, var))

# %% [markdown]
# ### When training and use disagree
#
# The next cell only keeps the averages of all five hidden layers while a network trains.


# %%
class Averages:
    """Running mean and variance of each hidden layer: watches, then normalises."""

    def __init__(self, momentum=0.1):
        self.momentum = momentum
        self.of = [(np.zeros(50), np.ones(50)) for _ in range(5)]

    def watch(self, seen):
        pairs = zip(self.of, seen, strict=True)
        self.of = [update_running(*old, z, self.momentum) for old, z in pairs]

    def normalise(self, k, z, gamma, beta):
        return batchnorm_inference(z, gamma, beta, *self.of[k])


# %% [markdown]
# A network trains for 5, 10, 20, … 320 steps and then stops.
# It is validated in four ways: with the statistics of the validation images as one batch, with running averages ($p = 0.1$ and $p = 0.01$), and with averages that were never updated, $m = 0$ and $v = 1$.
#
# > **Predict.** After 20 steps the validation images' own statistics give 58 % right. What does the running average with $p = 0.01$ give?

# %%
predict("lag", ..., unit=" %")

# %% tags=["experiment"]
norm = deep_network.Norm(batchnorm_forward, batchnorm_backward)
steps = [5, 10, 20, 40, 80, 160, 320]
shares = {"its own batch": [], "p = 0.1": [], "p = 0.01": [], "never": []}
for n_steps in steps:
    slow, quick, never = Averages(0.01), Averages(0.1), Averages()
    watching = [slow.watch, quick.watch]
    layers, _ = trained(norm, n_steps=n_steps, watch=watching)
    ways = (by_batch, quick.normalise, slow.normalise, never.normalise)
    for share, way in zip(shares.values(), ways, strict=True):
        share.append(validated(layers, way))
for name, share in shares.items():
    print(f"{name:13s}", np.round(share, 2))
late = shares["p = 0.01"][2]
title = (
    f"The same network after 20 steps, with averages that lag: {100 * late:.0f} % right"
)
curves = {name: (steps, share) for name, share in shares.items()}
labels = {"xlabel": "steps of training", "ylabel": "accuracy", "method": "batch norm"}
figure = figures.lines(curves, title=title, xscale="log", dots=True, **labels)
guess = compare("lag", 100 * late, " %")
figures.guessed(figure.axes[0], 20, None if guess is None else guess / 100)
ends = ", ".join(f"{name} {share[-1]:.2f}" for name, share in shares.items())
alt = f"Four lines of accuracy over steps; after 320 steps they are at: {ends}."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# After 20 steps the batch's own statistics give 58 % and $p = 0.1$ gives 55 %, but $p = 0.01$ only 22 %: that average has come $1 - 0.99^{20} = 18$ % of its way.
# After 320 steps (96 %) it has caught up, with 94 %.
# Without updates the same weights look untrained to the end: layers that learned with normalised inputs get others.
# If a network is good in training and bad in use, look here first.
#
# </details>

# %% [markdown]
# ### Small batches
#
# A batch of $n$ knows the mean of the data only up to $\sigma/\sqrt n$, and that error is noise in every activation.
#
# Chapter 2 asks at once: at equal steps, or at equal examples?
#
# Batches of 2, 4, 8 and 32, ten seeds each. Once all make 300 steps, and once all see 9,600 images (4,800 steps for batches of 2).
# These runs are recorded too.
#
# > **Predict.** At equal examples, in batches of 2, the plain network reads 94 % of new digits in the median. What does it read with normalisation?

# %%
predict("pairs", ..., unit=" %")

# %% tags=["experiment"]
figure, panels = figures.pair(
    "Small batches: what is lack of steps, and what is batch norm", sharey=True
)
middles = {}
for axes, equal in zip(panels, ("300 steps", "9,600 examples"), strict=True):
    sizes, found = recorded_norms.by_size(equal)
    for name, shares in found.items():
        middles[equal, name] = np.median(shares, axis=1)
        spread = [
            f"{low:.2f}–{high:.2f}"
            for low, high in zip(shares.min(1), shares.max(1), strict=True)
        ]
        print(f"{equal}, {name:10s}", middles[equal, name].round(3), *spread)
    curves = {name: (sizes, shares.T) for name, shares in found.items()}
    labels = {"xlabel": "batch size", "ylabel": "accuracy, ten seeds"}
    figures.lines(curves, title=equal, xscale="log", axes=axes, **labels)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
two = 100 * middles["9,600 examples", "batch norm"][0]
guess = compare("pairs", two, " %")
figures.guessed(axes, 2, None if guess is None else guess / 100)
gap = middles["9,600 examples", "batch norm"] - middles["9,600 examples", "without"]
alt = f"Accuracy over the sizes 2, 4, 8 and 32, at 300 steps and at equal examples. At \
equal examples batch norm is ahead by {', '.join(f'{g:.2f}' for g in gap)}."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# After 300 steps batch norm is behind at 2 (0.17 against 0.62) and at 4 (0.73 against 0.80), and ahead from 8 on.
# But 300 steps in batches of 4 are little training for any network.
# At equal examples batches of 4 come to 0.89, against 0.95 without: most of the gap was lack of steps, and some of it stays.
# From 8 on the two are level.
# At 2 nothing helps: 4,800 steps end at 17 %, where the plain network has 94 %. Of each feature only a sign comes through.
# So batch norm ties the batch size to the network: a smaller batch is not only a noisier gradient, as in chapter 2, but another function.
#
# </details>

# %% [markdown]
# ### Folded away
#
# In use (7.5) is a fixed scale and a fixed shift of each unit.
# The dense layer before it, $z = XW + b$, is linear too, and two linear maps in a row are one:
#
# $$ y = X W' + b' . \tag{7.6} $$

# %% [markdown] exercise="fold_batchnorm"
# Find the $W'$ and $b'$ of (7.6), so that one dense layer gives what `x @ W + b` followed by (7.5) gives.
# `W` has the shape `(n_in, n_out)`; all other arrays have one number for each unit, `(n_out,)`.

# %% exercise="fold_batchnorm"

# %% tags=["try"]
W, b = fold_batchnorm(
    np.eye(2), np.zeros(2), np.ones(2), np.zeros(2), np.array([1.0, 2.0]), np.ones(2)
)
print(W.round(3), b.round(3))

# %% [markdown]
# *Further work.* The next cell needs your `fold_batchnorm`.
#
# It counts the numbers that a hidden layer of 50 units on 50 inputs needs in use, before and after folding, and says what folding costs in accuracy.

# %% tags=["experiment"]
if needs(fold_batchnorm):
    norm = deep_network.Norm(batchnorm_forward, batchnorm_backward)
    averages = Averages()
    layers, _ = trained(norm, watch=[averages.watch])
    folded = []
    for layer, kept in zip(layers[:-1], averages.of, strict=True):
        learned = (layer[name] for name in ("W", "b", "gamma", "beta"))
        folded.append(dict(zip("Wb", fold_batchnorm(*learned, *kept), strict=True)))
    names = {"gamma": np.ones(0), "beta": np.zeros(0)}
    folded = [layer | names for layer in folded] + layers[-1:]
    scores = deep_network.scores(layers, data.X_val, averages.normalise)
    plain = deep_network.scores(folded, data.X_val)
    print(
        f"scores differ by {np.abs(plain - scores).max():.0e} of {np.abs(scores).max():.0f}"
    )
    print(
        f"accuracy {validated(layers, averages.normalise):.3f}, {validated(folded):.3f}"
    )
    print(f"numbers per layer: {50 * 50 + 5 * 50} before, {50 * 50 + 50} after")
    assert np.abs(plain - scores).max() < 1e-11

# %% [markdown]
# Nothing is lost but five numbers per unit that became one.
# In use, batch normalisation is free.

# %% [markdown]
# ## 5 · Why it helps: two stories
#
# **The first story.** Ioffe and Szegedy (2015) explained their method by *internal covariate shift*: while a network trains, the layers below a layer change, so the distribution of its inputs shifts, and it has to run after a moving target.
# Normalised inputs have the same mean and variance all the time, so there is less to run after.
#
# **The second story.** Santurkar et al. (2018) tested the first one.
# They put noise behind each normalisation, with a new mean and a new scale in each step, so that the distribution shifts more than in a plain network.
# If the story were right, training should be as hard as without normalisation.
# What they found instead: the loss is *smoother*. Along the gradient it changes as its slope says for a longer way, and so larger steps are safe.
#
# Both are about things that we can measure here.
#
# ### Measure the second: walk along the gradient
#
# At each of 150 steps of training we stop, and look at the loss of the same batch at 1/8, 1/4, … 4 times the step, straight along the gradient.
# Two things are noted: how the loss has changed, and how far the gradient at the new place is from the old one, relative to its length.
#
# > **Predict.** $\eta = 0.05$ for both networks. At four times the step, by how much has the plain network's loss changed? (A minus sign if it is lower.)

# %%
predict("ahead", ...)


# %%
def moved(layers, grads, distance):
    """All layers, a distance downhill along the gradient."""
    pairs = zip(layers, grads, strict=True)
    return [{name: a[name] - distance * g[name] for name in a} for a, g in pairs]


def slopes(grads):
    """The gradients of all weights, as one vector."""
    return np.concatenate([grad["W"].ravel() for grad in grads])


# %%
REACH = 2.0 ** np.arange(-3, 3)


def walk(norm, lr=0.05, n_steps=150):
    """Change of the loss and of the gradient at REACH times the step, all along."""
    rng, order = np.random.default_rng(0), []
    layers, changes = deep_network.initial(rng), []
    for _ in range(n_steps):
        order = order if len(order) >= 32 else rng.permutation(len(data.X))
        batch, order = (data.X[order[:32]], data.labels[order[:32]]), order[32:]
        loss, grads, _ = deep_network.loss_and_grads(layers, *batch, norm)
        here, row = slopes(grads), []
        for reach in REACH:
            there = moved(layers, grads, reach * lr)
            other, far, _ = deep_network.loss_and_grads(there, *batch, norm)
            turn = np.linalg.norm(slopes(far) - here) / np.linalg.norm(here)
            row.append((other - loss, turn))
        changes.append(row)
        layers = moved(layers, grads, lr)
    return np.median(changes, axis=0).T


# %% tags=["experiment"]
norm = deep_network.Norm(batchnorm_forward, batchnorm_backward)
results = {"batch norm": walk(norm), "without": walk(None)}
for name, (change, turn) in results.items():
    print(f"{name:10s} loss {change.round(2)}  gradient {turn.round(2)}")
far = {name: change[-1] for name, (change, _) in results.items()}
title = (
    f"Four steps ahead: the loss changes by {far['batch norm']:+.2f} with batch norm, \
{far['without']:+.2f} without"
).replace("-", "−")
figure, panels = figures.pair(title)
labels = ("change of the loss", "change of the gradient / its length")
for k, (axes, label) in enumerate(zip(panels, labels, strict=True)):
    curves = {name: (REACH, result[k]) for name, result in results.items()}
    what = {"xlabel": "step, in η = 0.05 times the gradient", "ylabel": label}
    figures.lines(curves, title="", axes=axes, dots=True, **what)
figures.guessed(panels[0], 4, compare("ahead", far["without"]))
alt = f"Left, the change of the loss along the gradient; at four steps \
{far['batch norm']:+.2f} with batch norm and {far['without']:+.2f} without. Right, the \
change of the gradient along the way."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# Over one step the two networks do about the same.
# (The plain network's gradients are longer, so the same step takes it farther; by less than half, though.)
# At four times the step the loss has *risen* by 1.56 without normalisation and fallen by 0.36 with it.
# The gradient there differs from the old one by 3.7 times its length without, and by its own length with: a plain network's gradient says little about the place that it leads to.
# So this half of the second story reproduces: normalised, the loss is smoother along the path, just as one would expect from the large learning rates that were safe in section 3.
#
# </details>

# %% [markdown]
# ### Measure the first: make the shift worse
#
# Noise with a new mean and a new scale for each unit, in each step, and for all examples of a batch alike: a covariate shift by construction, and a simpler one than theirs.
#
# > **Predict.** At $\eta = 1$ the plain network stays at a loss of 2.3. Where does the one with normalisation and the shift behind it end?

# %%
predict("shift", ...)


# %%
def shifted(strength):
    """Batch normalisation with a fresh random shift and scale behind it."""
    rng, scales = np.random.default_rng(1), []

    def forward(z, gamma, beta):
        shift, stretch = strength * rng.uniform(-1, 1, size=(2, z.shape[1]))
        scales.append(1 + stretch)
        return batchnorm_forward(z, gamma, beta)[0] * scales[-1] + shift, None

    def backward(dout, z, gamma):
        # Layers come back in the opposite order.
        return batchnorm_backward(dout * scales.pop(), z, gamma)

    return deep_network.Norm(forward, backward)


# %% tags=["experiment"]
norm = deep_network.Norm(batchnorm_forward, batchnorm_backward)
print("loss over the last 50 of 300 steps, median of 3 runs")
table = {}
for name in ("without", "batch norm", "batch norm and shift"):
    for lr in (0.05, 1.0):
        ends = []
        for seed in range(3):
            used = {"batch norm": norm, "without": None}.get(name, shifted(0.5))
            ends.append(trained(used, lr=lr, seed=seed)[1][-50:].mean())
        table[name, lr] = np.median(ends)
    print(
        f"{name:21s} η = 0.05: {table[name, 0.05]:.3f}   η = 1: {table[name, 1.0]:.3f}"
    )
compare("shift", table["batch norm and shift", 1.0])

# %% [markdown]
# <details><summary>Why</summary>
#
# At $\eta = 1$ the plain network stays at 2.31, hardly different from $\ln 10 = 2.30$, which is knowing nothing.
# With batch norm the loss is 0.13, and with batch norm *and* a new shift in every step it is 0.21.
# By the first story the shift should have spoiled it; it did not.
#
# At $\eta = 0.05$ the picture is another one: 0.16 without, 0.18 with batch norm, and twice that with the shift.
# There the plain network has no trouble, batch norm brings nothing, and noise is noise.
# Santurkar et al. found networks with the shift to train almost as well as those without it.
# What reproduces here is the *stability* at large steps, and not the speed at small ones.
# "Less covariate shift" is not what makes the large steps possible; that much our small network can say.
#
# </details>

# %% [markdown]
# ## 6 · The family, by axes
#
# Which numbers share a mean and a variance is a choice.
# For images, or what a convolution makes of them, an array $x$ has the axes (example, channel, height, width), and one function serves the whole family:
#
# $$ \hat x = \frac{x - \operatorname{mean}_A(x)}{\sqrt{\operatorname{var}_A(x) + \varepsilon}}, \qquad A \text{ the axes that are averaged over.} \tag{7.7} $$
#
# | name | averaged over | one mean for each |
# |---|---|---|
# | batch norm | examples, height, width | channel |
# | layer norm (Ba et al. 2016) | channels, height, width | example |
# | instance norm (Ulyanov et al. 2016) | height, width | example and channel |
# | group norm (Wu and He 2018) | some channels, height, width | example and group of channels |
#
# Scale and shift, which each of them has, are left out here.

# %% [markdown] exercise="normalize"
# Write (7.7) for `x` of shape `(n_samples, n_channels, height, width)` and any tuple of `axes`.
# The variance divides by the number of entries averaged over.

# %% exercise="normalize"

# %% tags=["try"]
x = np.arange(24.0).reshape(2, 3, 2, 2)
print(normalize(x, (2, 3))[0, 0].round(3))

# %% [markdown] exercise="groupnorm"
# Write group normalisation: the channels are cut into `n_groups` groups of *neighbouring* channels, and each example's groups are normalised one by one.
# Raise `ValueError` if the number of channels is not a multiple of `n_groups`.

# %% exercise="groupnorm"

# %% tags=["try"]
x = np.random.default_rng(0).normal(size=(2, 6, 3, 4))
for n_groups, axes in ((1, (1, 2, 3)), (6, (2, 3))):
    far = np.abs(groupnorm(x, n_groups) - normalize(x, axes)).max()
    print(f"{n_groups} groups, and axes {axes}: difference {far:.0e}")
    assert far < 1e-12

# %% [markdown]
# One group is layer norm, as many groups as channels are instance norm.
#
# (The next figure draws group norm if you have written it, and the others in any case.)
#
# Take the output for channel 1 of example 2, in a batch of 4 examples with 6 channels.
# Under each of the four, which examples and channels of the *input* can change it?


# %%
def reached(method, at=(2, 1)):
    """Which (example, channel) of the input change the output at `at`."""
    x = np.random.default_rng(0).normal(size=(4, 6, 3, 5))
    out, found = method(x), np.zeros((4, 6), dtype=bool)
    for place in np.ndindex(4, 6):
        other = x.copy()
        other[place] += np.linspace(1, 2, 15).reshape(3, 5)
        found[place] = np.abs(method(other)[at] - out[at]).max() > 1e-9
    return found


# %% tags=["experiment"]
family = {
    "batch norm": reached(lambda x: normalize(x, (0, 2, 3))),
    "layer norm": reached(lambda x: normalize(x, (1, 2, 3))),
    "instance norm": reached(lambda x: normalize(x, (2, 3))),
}
if needs(groupnorm, recorded=True):
    family["group norm, 2"] = reached(lambda x: groupnorm(x, 2))
else:
    family["group norm, 2"] = further.recorded("groupnorm")
for name, found in family.items():
    print(f"{name:14s} {found.sum():2} of 24, other examples: {found[[0, 1, 3]].any()}")
assert [found.sum() for found in family.values()] == [4, 6, 1, 3]
what = {"xlabel": "channel", "ylabel": "example", "marked": (2, 1)}
title = (
    "Which inputs (blue) can change one output (orange): only batch norm leaves the row"
)
figure = grids.grids(family, title=title, **what)
alt = (
    "Four grids of 4 examples by 6 channels; each cell is a whole image of height times \
width. Blue are: for batch norm a column, layer norm a row, instance norm nothing but \
the orange cell itself, group norm half a row."
)
figures.show(figure, alt=alt)

# %% [markdown]
# Each cell stands for a whole image, of 3 by 5 pixels: all four average over height and width.
# Batch norm fills a column: 4 of 24, and three of them are other examples.
# The other three stay in the row of their own example, so training and use are the same function, and the size of the batch does not matter.
# That is why detectors with two images per batch use group norm.
# Models of text normalise each **token** on its own, over its features alone: for $x$ of shape (example, position, feature) over the last axis, as PyTorch's `LayerNorm(n_features)` does. Averaging over positions too, as *layer norm* does with height and width in the table, would let a word see the words after it.
#
# Is batch norm put before the ReLU or after it? The paper puts it before, as here, and most networks do; after it works about as well in many reports, and nobody has shown a rule.

# %% [markdown]
# ## 7 · Batch renormalisation
#
# Ioffe (2017) kept the batch, and mended its disagreement with use.
# In training, $\hat x$ is corrected by a factor $r$ and a shift $d$ so that it becomes what the running averages $m$ and $s$ (here of the deviation, not of the variance) would give; but only within bounds:
#
# $$ r = \operatorname{clip}\!\left(\frac{\sigma}{s},\, \frac{1}{r_{\max}},\, r_{\max}\right), \qquad d = \operatorname{clip}\!\left(\frac{\mu - m}{s},\, -d_{\max},\, d_{\max}\right), \qquad y = \gamma\,(\hat x\, r + d) + \beta . \tag{7.8} $$
#
# Gradients take $r$ and $d$ for constants.

# %% [markdown] exercise="batch_renorm"
# Write (7.8) for a batch `x` of shape `(n_samples, n_features)`.
# $\mu$ and $\sigma$ are the batch's, with the variance over $n$ and `eps` inside the root; `running_std` is a deviation and is used as it is.

# %% exercise="batch_renorm"

# %% tags=["try"]
x = np.array([[1.0], [5.0], [5.0], [5.0]])
print(batch_renorm(x, np.ones(1), np.zeros(1), np.array([3.5]), np.ones(1), 2.0, 1.0))

# %% [markdown]
# *Further work*, as is the section.
#
# One example stands in 2,000 random batches of four, with three others each time.
# The cell prints by how much its output varies, from $r_{\max} = 1$ and $d_{\max} = 0$ to bounds so wide that they never act.

# %% tags=["experiment"]
if needs(batch_renorm):
    rng = np.random.default_rng(0)
    others, mine = rng.normal(2, 3, size=(2000, 3)), 5.0
    one, zero, m, s = np.ones(1), np.zeros(1), np.array([2.0]), np.array([3.0])
    for r_max, d_max in ((1, 0), (1.5, 0.5), (3, 2), (1e9, 1e9)):
        outs = []
        for three in others:
            x = np.array([[mine], *three[:, None]])
            outs.append(batch_renorm(x, one, zero, m, s, r_max, d_max)[0, 0])
            if r_max == 1:
                assert abs(outs[-1] - batchnorm_forward(x, one, zero)[0][0, 0]) < 1e-12
        print(f"r up to {r_max:g}, |d| up to {d_max:g}: ", end="")
        print(f"{np.mean(outs):.3f}, give or take {np.std(outs):.3f}")
    use = batchnorm_inference(np.array([[mine]]), one, zero, m, s**2)[0, 0]
    print(f"in use: {use:.3f}")
    assert np.std(outs) < 1e-9 and abs(outs[0] - use) < 1e-5

# %% [markdown]
# With $r = 1$ and $d = 0$ it is batch norm, and the three neighbours move the output by 0.50 either way.
# With bounds that never act it is (7.5), and the neighbours do not matter, in training either.
# Ioffe starts with the first and widens the bounds step by step, up to 3 and 5: the running averages have to be good before the layer may rely on them.

# %% [markdown]
# ## 8 · Normalise the weights instead
#
# Batch norm makes the length of a unit's weights irrelevant.
# **Weight normalisation** (Salimans and Kingma 2016) says so directly: it writes each column of $W$ as a length and a direction, and learns both.
#
# $$ W_j = g_j\, \frac{v_j}{\lVert v_j \rVert} . \tag{7.9} $$
#
# No batch is involved, so nothing has to be averaged.

# %% [markdown] exercise="weight_norm"
# Write (7.9): `v` is `(n_in, n_out)`, one column for each unit, and `g` is `(n_out,)`.

# %% exercise="weight_norm"

# %% tags=["try"]
v, g = np.array([[3.0, 1.0], [4.0, 0.0]]), np.array([10.0, -2.0])
print(weight_norm(v, g))
print(np.abs(weight_norm(100 * v, g) - weight_norm(v, g)).max())

# %% [markdown]
# **Spectral normalisation** (Miyato et al. 2018) bounds how much a layer can stretch any input: it divides $W$ by its largest singular value.
# Computing that in each step would be slow, so it is estimated by the power method, $n$ rounds of
#
# $$ v \leftarrow \frac{W^\top u}{\lVert W^\top u \rVert}, \qquad u \leftarrow \frac{W v}{\lVert W v \rVert}, \qquad \text{then} \quad \sigma = u^\top W v . \tag{7.10} $$
#
# The vector $u$ is kept from step to step.

# %% [markdown] exercise="spectral_norm"
# Write (7.10): `W` is `(n_rows, n_columns)`, `u` is `(n_rows,)`, and `n_iter` is the number of rounds, at least 1.
# Return $W/\sigma$ and the new `u`.

# %% exercise="spectral_norm"

# %% tags=["try"]
W, u = np.array([[4.0, 0.0], [0.0, 3.0]]), np.array([1.0, 1.0])
print(spectral_norm(W, 1, u))

# %% [markdown]
# $W$ has the singular values 4 and 3, and $u$ starts halfway between their directions.
# The cell counts the rounds until the estimate is right to one part in a million, and compares one call of many rounds with many calls of one.

# %% tags=["experiment"]
if needs(spectral_norm):
    W, u, carried, rounds = (
        np.diag([4.0, 3.0]),
        np.ones(2),
        np.ones(2),
        np.arange(1, 31),
    )
    errors = []
    for k in rounds:
        sigma = 4 / spectral_norm(W, k, u)[0][0, 0]
        above, below = (4.0 ** (4 * k - m) + 3.0 ** (4 * k - m) for m in (0, 2))
        theory = np.sqrt(above / below)
        assert abs(sigma - theory) < 1e-12
        errors.append(1 - sigma / 4)
        _, carried = spectral_norm(W, 1, carried)
        assert np.abs(carried - spectral_norm(W, k, u)[1]).max() < 1e-12
    first = rounds[np.argmax(np.array(errors) < 1e-6)]
    print(
        f"error after 1, 5, 10 rounds: {errors[0]:.3f}, {errors[4]:.1e}, {errors[9]:.1e}"
    )
    print(
        f"below 1e-6 from round {first} on; a round multiplies by {errors[12] / errors[11]:.4f}"
    )
    assert abs(errors[12] / errors[11] - (3 / 4) ** 4) < 1e-3

# %% [markdown]
# The error falls by $(3/4)^4 = 0.32$ in each round, so that 12 rounds are enough.
# Why a fourth power? A round multiplies twice, by $W^\top$ and by $W$, so the wrong direction shrinks by $(3/4)^2$, and the estimate's error goes with the square of it.
# Carrying $u$ gives the same vectors, to the last digit: as long as $W$ changes slowly, one round in each step is as good as many.

# %% [markdown]
# ### A layer that remembers
#
# In a network batch normalisation is an object: it owns $\gamma$ and $\beta$, keeps the running averages, and remembers in training what the way back needs.
# A switch says whether the network is being trained.
# Forgetting to turn it is among the most frequent mistakes of practice, and so are layers that learn from the examples they are tested on.

# %% [markdown] exercise="BatchNorm"
# Write the layer, with your functions of this chapter.
# `forward(x, True)` is a pass in training, `forward(x, False)` one in use, which changes nothing.
# `backward(dout)` belongs to the last pass in training, whatever was used in between; it returns `dx` and leaves `dgamma` and `dbeta` in the layer.

# %% exercise="BatchNorm"

# %% tags=["try"]
layer, x = BatchNorm(2), np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 5.0]])
print(layer.forward(x, True), layer.running_mean, layer.forward(x, False), sep="\n")

# %% [markdown]
# ### Find the mistakes
#
# A dense layer, batch normalisation and ReLU, and their way back in one function: this is what a layer of a real network looks like.
# Somebody wrote it and checked it against numerical gradients, as the cell below the function does.
# For six examples, four inputs and three units, the columns of `dW` are off by up to 2.49, 1.06 and 0.60, the entries of `dgamma` by 2.78, 1.66 and 0.79, and `dbeta` is off by 1.40 and 2.08 in the first and the third unit and right in the second.
# In that unit, $\beta$ is 0.

# %% [markdown] exercise="dense_norm_backward"
# There are three mistakes in this function.
# Find them, and change as little as you can.
# The check names a mistake only when it is the last one that is left.

# %% exercise="dense_norm_backward"

# %% tags=["try"]
rng = np.random.default_rng(22)
dout, X, W = (rng.normal(size=shape) for shape in ((6, 3), (6, 4), (4, 3)))
known = {"W": W, "gamma": np.array([1.5, 1.0, 0.5]), "beta": np.array([0.5, 0, -0.5])}


def layer_loss(W, gamma, beta):
    return np.sum(dout * np.maximum(0, batchnorm_forward(X @ W, gamma, beta)[0]))


grads = dense_norm_backward(dout, X, **known)[1:]
for (name, value), grad in zip(known.items(), grads, strict=True):
    slopes = numerical(lambda x, name=name: layer_loss(**known | {name: x}), value)
    print("d" + name, np.abs(grad - slopes).round(2), sep="\n")

# %% [markdown]
# ## 9 · Break it
#
# A running mean has to follow the data, and to average the noise of the batches away.
# The next picture has 150 batches of one feature.
# The data's mean jumps from 0 to 4 at batch 50, as a layer's input does when the layers below it learn.
#
# The slider starts with batches of 32.
#
# 1. With batches of 32, find the $p$ with which the running mean has arrived 30 batches after the jump, and looks calm.
# 2. Set the batch size to 2. Which $p$ is best now, and what do you pay?
# 3. Set $p$ to 0.99, the number that Keras calls momentum. What does the running mean follow?
#
# *What you found (double-click to write it here):*


# %%
def stream(momentum, batch_size, n_batches=150, width=1):
    """Means of random batches, their moving average, and the mean of the data."""
    rng = np.random.default_rng(5)
    truth = np.where(np.arange(n_batches) < 50, 0.0, 4.0)
    mean, var, means, averages = np.zeros(width), np.ones(width), [], []
    for center in truth:
        x = rng.normal(center, 3, size=(batch_size, width))
        mean, var = update_running(mean, var, x, momentum)
        means.append(x.mean(axis=0))
        averages.append(mean)
    return np.array(means), np.array(averages), truth


def draw(momentum, batch_size):
    means, averages, truth = stream(momentum, round(batch_size))
    lag = 4 * (1 - momentum) ** 30
    noise = 3 * np.sqrt(momentum / (2 - momentum) / round(batch_size))
    note = f"30 batches after the jump {lag:.2f} is missing; noise {noise:.2f}."
    return follow(means[:, 0], averages[:, 0], truth, note=note)


# %% tags=["experiment"]
widgets.explore(
    draw,
    momentum=widgets.slider("momentum p", 0.01, 0.99, 0.1),
    batch_size=widgets.slider("batch size", 2, 128, 32, step=1),
)

# %% tags=["experiment"]
for momentum in (0.01, 0.1, 0.9):
    _, averages, _ = stream(momentum, 8, n_batches=1000, width=500)
    late = averages[-1]
    theory = 3 * np.sqrt(momentum / (2 - momentum) / 8)
    missing = 4 - averages[79].mean()
    print(
        f"p = {momentum}: missing {missing:.2f}, theory {4 * (1 - momentum) ** 30:.2f};"
    )
    print(f"          noise {late.std():.3f}, theory {theory:.3f}")
    assert abs(missing - 4 * (1 - momentum) ** 30) < 0.12
    assert abs(late.std() / theory - 1) < 0.12
for size in (32, 2):
    tried = np.linspace(0.01, 0.99, 99)
    missing = 4 * (1 - tried) ** 30
    noise = 3 * np.sqrt(tried / (2 - tried) / size)
    total = np.hypot(missing, noise)
    best = total.argmin()
    print(f"batches of {size}: least of both at p = {tried[best]:.2f}, ", end="")
    print(f"{missing[best]:.2f} missing and noise {noise[best]:.2f}")
    assert abs(tried[best] - {32: 0.14, 2: 0.09}[size]) < 0.03

# %% [markdown]
# What is missing after $t$ batches is $(1-p)^t$ of the jump, and the noise is $\sigma\sqrt{p/(2-p)/n}$ for batches of $n$.
# From $p = 0.01$ to 0.1 the noise grows by 3.2, nearly the root of 10, while what is missing after 30 batches falls from 74 % to 4 %.
# With $p = 0.99$ the average is the last batch: nothing is missing and nothing is averaged.
# Taken together, missing and noise are least at about $p = 0.14$ for batches of 32, and 0.10 for batches of 2: there the noise is three times as large nevertheless.
# Small batches want a small $p$, and then long training, or averages that are taken anew when training is over.

# %% [markdown]
# ## 10 · Why
#
# A person reads this answer. One or two sentences for each part are enough.

# %% [markdown] question="batch_norm_why"
# A classmate has written a network with batch normalisation. In training its loss falls nicely to 0.07, with batches of 32. Then four things happen.
#
# 1. It is asked about one image at a time, and gives the same scores for every image.
# 2. After a change it gives different scores for different images, but is right for 13 % of the validation images only; with all of them as one batch it was right for 96 %.
# 3. After another change it is right for 90 %, and the number jumps by several percent if training stops one step earlier or later. The line says `momentum=0.99`, copied from a Keras program.
# 4. Before all that, a gradient check had reported a relative error near 1 for the normalisation's `dx`, with the loss `out.sum()`. The backward pass is right.
#
# Say for each what has happened, how the symptom tells you, and what to change.

# %% [markdown] answer="batch_norm_why"
# 1. It still normalises with the batch's own statistics. A batch of one has $x = \mu$, so each $\hat x$ is 0 and each unit gives its $\beta$, whatever the image. Use running averages.
# 2. Running averages are used but were never updated, or not enough: they are still 0 and 1, which is not what the layers behind have learned with. Call the update in each training step; nothing in the weights has to change, as the 96 % show.
# 3. Here the argument is the weight of the new batch, so the average is nearly the last batch alone and carries its noise. Write 0.01, or 0.1.
# 4. The sum of `out` over a batch is $n\beta$ for every $x$, so the true gradient is 0; both numbers are rounding, and their relative difference means nothing. Check with a random gradient from above.
#
# - [0.5] A batch of one is normalised by itself, so only $\beta$ is left; use running averages.
# - [0.5] The running averages were never updated, or not enough.
# - [0.5] Here `momentum` is the weight of the new batch: write 0.01, or 0.1.
# - [0.5] The true gradient of the sum is 0; check with a random gradient from above.

# %% [markdown]
# ## 11 · Summary
#
# - Batch normalisation gives each feature of a layer mean 0 and variance 1 over the batch, then a learned scale and shift; the scale of the weights before it drops out.
# - Its gradient has three parts, straight, through the mean and through the variance; it sums to 0 over the batch and is at right angles to the weights, and a bias before it gets none.
# - In use, running averages take the batch's place. They lag and are noisy, with one number $p$ for both; two programs mean opposite things by it.
# - It makes larger learning rates and worse first weights possible. A smoother loss explains that better than covariate shift does: noise that shifts everything does not take the gain away.
# - The batch has to stand for the data, so small batches hurt. Layer, instance and group norm average inside one example; renormalisation bounds the disagreement; weight and spectral norm need no data at all.

# %% [markdown]
# ## 12 · Elsewhere
#
# | where | its form | compared with this chapter |
# |---|---|---|
# | Ioffe and Szegedy (2015) | algorithm 1, and $m/(m-1)$ for the variance in use | (7.1), (7.4) |
# | PyTorch `BatchNorm1d(momentum=0.1, eps=1e-5)` | new batch weighs `momentum`; running variance over $n-1$ | (7.1) to (7.5) |
# | PyTorch `model.eval()` | switches from (7.1) to (7.5) | forgetting it is mistake 1 of section 10 |
# | Keras `BatchNormalization(momentum=0.99, epsilon=1e-3)` | old average weighs `momentum`; running variance over $n$ | $p = 0.01$ here, another $\varepsilon$ |
# | PyTorch `LayerNorm(shape)` | (7.7) over the *last* axes, those of `shape`; scale and shift have this shape too | a number for each entry normalised |
# | PyTorch `GroupNorm` | (7.7), scale and shift for each channel | the same axes |
# | PyTorch `InstanceNorm2d` | (7.7), **no** scale and shift unless `affine=True` | the same axes |
# | PyTorch `weight_norm` | a unit's weights are a row | (7.9), transposed |
# | PyTorch `spectral_norm` | one round per step, $u$ and $v$ kept | (7.10); its newer form begins each round with $u$, from the $v$ that it kept |
# | RMSNorm (Zhang and Sennrich 2019) | layer norm without the mean | $x / \sqrt{\operatorname{mean}(x^2) + \varepsilon}$ |
#
# **To read** Ioffe and Szegedy (2015), *Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift*; Santurkar et al. (2018), *How Does Batch Normalization Help Optimization?*; Wu and He (2018), *Group Normalization*; van Laarhoven (2017), *L2 Regularization versus Batch and Weight Normalization*, for the weights that only grow.
# Next, chapter 8: classes, cross-entropy, and a classifier of your own.
