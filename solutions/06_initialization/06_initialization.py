# %% [markdown]
# # Chapter 6 · The variance of initial weights
#
# A deep network can be lost before its first step: its signal has died, or exploded, on the way through the layers.
# This chapter predicts the size of the fiftieth layer with one line of arithmetic, and chooses the random weights so that a signal comes through.
#
# **Time** about 125 minutes for the core; exercises marked *further work* come on top.
#
# **Know first** gradient descent and mini-batches (chapters 0 and 2); the variance of a sum of independent numbers.
#
# **Papers** Glorot and Bengio (2010), He, Zhang, Ren and Sun (2015), He et al. (2016), Hanin and Nica (2020).

# %% tags=["setup"]
import numpy as np

from autograder import check, compare, hint, needs, predict
from autograder.lab import datasets, deep_network, digit_network, figures, widgets
from autograder.lab import layers as pictures

digits = datasets.digits()

# %% [markdown]
# ## 1 · See it fail
#
# Here is a network of 20 layers that is to read handwritten digits: 64 pixels in, 19 hidden layers of 64 units with **ReLU**, which is $\max(z, 0)$, and 10 scores out.
# Its weights begin as "small random numbers": normal, with mean 0 and standard deviation 0.01.
# The method is plain gradient descent on mini-batches of 32.
#
# A network that knows nothing gives each digit the probability 1/10, and its loss is $\ln 10 = 2.303$.
# (Natural logarithms give a loss in **nats**; logarithms to the base 2 would give bits.)
#
# > **Predict.** After 400 steps, about twelve times through the data: where is the loss?
#
# Run the cell below and choose, or write your choice in quotes instead of the three dots.
# It stays in your notebook and counts for nothing; whoever goes on without a guess skips the question.

# %%
predict("small", ..., among=("near 0", "about 1", "still at 2.3"))


# %%
def centred(images):
    """Pixels with mean 0 each, and variance 1 all together."""
    away = images - digits.X.mean(axis=0)
    return away / (digits.X - digits.X.mean(axis=0)).std()


data = datasets.Digits(
    centred(digits.X), digits.labels, centred(digits.X_val), digits.labels_val
)


# %%
def train_deep(init, seed=0, lr=0.03, n_steps=400):
    """A net of 20 layers with weights init(fan_in, fan_out, rng), and its losses."""
    rng = np.random.default_rng(seed)
    net = deep_network.initial(rng, 1.0, n_hidden=19, width=64)
    for layer in net:
        layer["W"] = init(*layer["W"].shape, rng)
    trained, losses = deep_network.train_layers(net, data, rng, lr=lr, n_steps=n_steps)
    return net, trained, losses


def small(fan_in, fan_out, rng):
    return rng.normal(0.0, 0.01, (fan_in, fan_out))


# %% tags=["experiment"]
_, trained, losses = train_deep(small)
right = deep_network.accuracy(trained, data.X_val, data.labels_val)
print(f"loss of step 1: {losses[0]:.3f}, of the last 30: {losses[-30:].mean():.3f}")
print(f"right on new images: {right:.2f}")
late = losses[-30:].mean()
assert abs(losses[0] - np.log(10)) < 1e-6
compare("small", "near 0" if late < 0.5 else "about 1" if late < 2 else "still at 2.3")

figure = figures.lines(
    {"std 0.01": losses},
    title=f"20 layers, weights of std 0.01: after 400 steps the loss is {late:.1f}",
    xlabel="step",
    ylabel="loss of the batch, nats",
)
figure.axes[0].set_ylim(0, 3)
alt = (
    f"The loss of the batches, with a little noise, from {losses[0]:.1f} to {late:.1f}."
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The loss stays at 2.30, and of new images 0.10 are read right, which is guessing.
# The same network, the same data and the same method learn at once from other random numbers, as section 8 shows.
# So what is wrong with these?
#
# </details>

# %% [markdown]
# ### What about zeros?
#
# If small is bad, one may want no randomness at all.
# Take a network with one hidden layer of 32 tanh units, $h = \tanh(x W_1 + b_1)$, and scores $h W_2 + b_2$.
#
# **Symmetry** of hidden units means: two units with the same weights in and the same weights out.
# They have the same outputs, get the same gradients, and are the same again after the step.
#
# Five starts: all weights 0; all 0.1; $W_1$ all 0.1 and $W_2$ random; $W_1$ random and $W_2$ all 0.1; both random.
#
# > **Predict.** The third one begins with 32 equal units. What becomes of it?

# %%
predict("equal", ..., among=("learns nothing", "learns less", "learns as well"))


# %%
def train_shallow(first, second, n_epochs=12, lr=0.3):
    """A net 64-32-10 from the weights W1 and W2: its parameters and last loss."""
    rng = np.random.default_rng(1)
    zero = np.zeros
    params = {
        "hidden": np.vstack([first, zero((1, 32))]),
        "output": np.vstack([second, zero((1, 10))]),
    }
    for _ in range(n_epochs):
        for X, labels in digit_network.batches(digits, rng):
            loss, grads = digit_network.loss_and_grads(params, X, labels)
            params = {name: params[name] - lr * grads[name] for name in params}
    return params


# %%
rng = np.random.default_rng(0)
random1, random2 = rng.normal(0, 0.12, (64, 32)), rng.normal(0, 0.2, (32, 10))
equal1, equal2 = np.full((64, 32), 0.1), np.full((32, 10), 0.1)
starts = {
    "all zero": (0 * equal1, 0 * equal2),
    "all 0.1": (equal1, equal2),
    "W1 0.1, W2 random": (equal1, random2),
    "W1 random, W2 0.1": (random1, equal2),
    "both random": (random1, random2),
}

# %% tags=["experiment"]
table = {}
for name, start in starts.items():
    params = train_shallow(*start)
    right = digit_network.accuracy(params, digits.X_val, digits.labels_val)
    W1 = params["hidden"][:-1]
    units, rank = len(np.unique(W1.T.round(9), axis=0)), np.linalg.matrix_rank(W1)
    table[name] = units, right
    print(f"{name:18s} right {right:.2f}   different units {units:2d}   rank {rank}")
third, best = table["W1 0.1, W2 random"][1], table["both random"][1]
what = "learns nothing" if third < 0.2 else "learns less"
compare("equal", "learns as well" if third > best - 0.02 else what)

# %% [markdown]
# <details><summary>Why</summary>
#
# From zeros nothing moves but the last biases: with $W_2 = 0$ no gradient reaches $W_1$, and with $h = 0$ none reaches $W_2$.
# From equal weights all 32 units stay one and the same unit, however long one trains, and $W_1$ keeps rank 1.
#
# But the third line learns as well as the last.
# You will read that equal weights never train.
# That holds only if a unit's weights **in and out** are equal: a random $W_2$ sends a different gradient into each unit, and after one step no two are alike.
# Randomness is there to tell units apart. Its size is another matter, and the rest of this chapter is about it.
#
# </details>

# %% [markdown]
# ## 2 · A network in matrix form
#
# A **fully connected** layer takes the batch $H$, one row for each sample, and gives
#
# $$ H' = \varphi(H W + b), \tag{6.1} $$
#
# where the **activation** $\varphi$ acts on each number alone.
# The first layer reads $H = X$.
# The number of layers is the **depth** of the network, the number of columns of $W$ the **width** of a layer.
# Of a layer, **fan-in** is the number of inputs of each unit, **fan-out** the number of units.
#
# | symbol | argument | what it is |
# |---|---|---|
# | $X$ | `X` | a batch, of shape (n_samples, d_0) |
# | $W$ | one of `weights` | of shape (fan_in, fan_out) |
# | $b$ | one of `biases` | of shape (fan_out,) |
# | $\varphi$ | `activation` | "linear", "relu", "tanh" or "sigmoid" |
# | $n$, $n'$ | `fan_in`, `fan_out` | fan-in and fan-out |
# | $\sigma^2$ | `weight_var` | variance of the weights |
# | $L$ | `depth` | number of layers |
#
# The four activations are given in the next cell, with their slopes, which section 6 needs.
# A slope is written as a function of the activation's output, $h = \varphi(z)$; for tanh that is $1 - h^2$.

# %%
ACTIVATIONS = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0.0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z)),
}
SLOPES = {
    "linear": np.ones_like,
    "relu": lambda h: 1.0 * (h > 0),
    "tanh": lambda h: 1.0 - h**2,
    "sigmoid": lambda h: h * (1.0 - h),
}

# %% [markdown] exercise="dense_forward"
# Send a batch through all layers, equation (6.1), and return a list of the layers' outputs: first layer first, one array for each layer.
# The input `X` is **not** in the list; many programs keep it there as layer 0.
# `activation` is a string, a key of `ACTIVATIONS`, and every layer has it, the last one too.
#
# If you are stuck, `hint(dense_forward)` asks you a question; call it again for more.


# %% exercise="dense_forward"
def dense_forward(X, weights, biases, activation):
    activations, H = [], X
    for W, b in zip(weights, biases, strict=True):
        H = ACTIVATIONS[activation](H @ W + b)
        activations.append(H)
    return activations


# %% tags=["try"]
X, W = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0, -1.0], [0.5, 2.0]])
for H in dense_forward(X, [W, W], [np.zeros(2), np.ones(2)], "relu"):
    print(H)

# %% [markdown]
# ### Use it
#
# Ten layers of 200 tanh units, and inputs of size 1; weights of standard deviation 1, and of 0.01.
#
# > **Predict.** With standard deviation 1: what part of the tenth layer's values is beyond 0.95 in size?

# %%
predict("saturated", ..., unit=" %")


# %%
def layers_of(init, activation, depth, width=200, n_samples=200, seed=0):
    """The outputs of all layers, for standard normal inputs and no biases."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n_samples, width))
    weights = [init(width, width, rng) for _ in range(depth)]
    return dense_forward(X, weights, [np.zeros(width)] * depth, activation)


# %%
def rms(values):
    """Root mean square: the size of an array's typical entry."""
    return np.sqrt(np.mean(values**2))


def normal(std):
    """Weights of a fixed standard deviation, as a function of the sizes."""
    return lambda fan_in, fan_out, rng: rng.normal(0.0, std, (fan_in, fan_out))


# %% tags=["experiment"]
nets = {f"std {std:g}": layers_of(normal(std), "tanh", 10) for std in (1.0, 0.01)}
for name, net in nets.items():
    first, second, last = (f"{rms(net[k]):.1e}" for k in (0, 1, 9))
    print(f"{name:8s} sizes of layers 1, 2 and 10: {first}, {second}, {last}")
full = np.mean(np.abs(nets["std 1"][9]) > 0.95)
compare("saturated", 100 * full, " %")

figure = pictures.histograms(
    nets,
    which=(1, 2, 4, 7, 10),
    title=f"Ten layers of tanh: at std 1, {100 * full:.0f} % of the tenth are beyond ±0.95",
)
alt = (
    f"Two rows of five histograms. With standard deviation 1, {100 * full:.0f} % of the tenth \
layer's values are near -1 and 1; with 0.01 all are within a narrow spike at 0."
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# With standard deviation 1, 89% of the tenth layer lie beyond 0.95 in size: the units are **saturated**, where tanh is flat and its slope is nearly 0.
# Such a unit hardly notices its input any more, and passes hardly any gradient on.
# With 0.01 the size falls by a factor of 7 from layer to layer, and the tenth layer has the size $3\cdot10^{-9}$.
#
# </details>

# %% [markdown]
# ## 3 · One layer multiplies the variance
#
# Look at one unit's **pre-activation**, what it has before its activation: $z = \sum_i w_i h_i$ with $n$ terms.
# The weights are independent of each other and of the inputs, with mean 0 and variance $\sigma^2$.
# Then different terms have no correlation, whatever the inputs are, and the mean squares add up:
#
# $$ \operatorname{E} z^2 = \sum_{i=1}^{n} \operatorname{E} w_i^2 \,\operatorname{E} h_i^2 = n\,\sigma^2\, \operatorname{E} h^2 . $$
#
# Note that it is the mean square of the inputs that counts, not their variance; they need not have mean 0.
#
# If the distribution of the weights is symmetric, so is that of $z$: it is positive as often as negative.
# ReLU makes one half of it 0 and leaves the other half alone, so **half** of the mean square is left.
# The factor of one layer is
#
# $$ \frac{\operatorname{E} h'^2}{\operatorname{E} h^2} = n\,\sigma^2 \ \text{(no activation)}, \qquad \frac{n\,\sigma^2}{2} \ \text{(ReLU)}. \tag{6.2} $$

# %% [markdown] exercise="variance_factor"
# Return the factor (6.2) for `activation` "linear" or "relu".
# For any other activation raise `ValueError`: with tanh, say, the factor depends on how large the input is, so there is no such number.

# %% exercise="variance_factor"

# %% tags=["try"]
print(variance_factor(100, 0.02, "linear"), variance_factor(100, 0.02, "relu"))

# %% [markdown]
# Factors multiply.
# After $L$ layers of one width an input of size 1 has the size, as a root mean square,
#
# $$ s_L = \left( \frac{\operatorname{E} h'^2}{\operatorname{E} h^2} \right)^{L/2} . \tag{6.3} $$

# %% [markdown] exercise="predicted_scale"
# Return the size (6.3) of the last layer's output, after its activation, for an input with root mean square 1.
# `activation` is "linear" or "relu"; any other raises `ValueError`.
# Use your `variance_factor`.

# %% exercise="predicted_scale"

# %% tags=["try"]
print(predicted_scale(2, 100, 0.04, "linear"))

# %% [markdown]
# ### Use it
#
# Fifty layers of ReLU, 300 units wide, with weights of variance $1/n$, $2/n$ and $3/n$.
#
# > **Predict.** At $2/n$ the size stays near 1. At $1/n$ the fiftieth layer's size is ten to which power?

# %%
predict("fifty", ...)

# %%
from autograder.lab.tasks import further

depth, n = 50, 300


def relu_sizes():
    """Sizes of all layers at the variances 1/n, 2/n and 3/n: measured, predicted."""
    measured = {}
    for c in (1, 2, 3):
        net = layers_of(normal(np.sqrt(c / n)), "relu", depth, n, n_samples=50)
        measured[f"σ² = {c}/n"] = [rms(H) for H in net]
    if needs(predicted_scale, recorded=True):
        layers = range(1, depth + 1)
        theory = [
            [predicted_scale(k, n, c / n, "relu") for k in layers] for c in (1, 2, 3)
        ]
    else:
        theory = further.recorded("predicted_scale")
    return measured, dict(zip(measured, theory, strict=True))


# %% tags=["experiment"]
measured, predicted = relu_sizes()
for name, sizes in measured.items():
    last, theory = sizes[-1], predicted[name][-1]
    print(f"{name}: size {last:.1e}, predicted {theory:.1e}")
    assert 0.2 < last / theory < 5
mean_square = predicted["σ² = 1/n"][-1] ** 2
print(f"mean square at 1/n: predicted {mean_square:.2e}, and 2 ** -50 = {2.0**-50:.2e}")
assert abs(mean_square / 2.0**-50 - 1) < 1e-9

ends = [f"{sizes[-1]:.1g}" for sizes in measured.values()]
figure = pictures.by_layer(
    measured,
    predicted,
    title=f"Fifty layers of ReLU (dashed: predicted) end at {', '.join(ends)}",
    ylabel="root mean square",
)
guess = compare("fifty", np.log10(measured["σ² = 1/n"][-1]))
figures.guessed(figure.axes[0], 50, None if guess is None else 10**guess)
alt = (
    f"Three nearly straight lines on a logarithmic axis, on their dashed predictions; \
at 1/n, 2/n and 3/n they end at {', '.join(ends)}."
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# Ten to the power $-7.5$, in the first: predicted are $3.0\cdot10^{-8}$, $1.0$ and $2.5\cdot10^{4}$, and these three networks are near them.
# (How near is partly luck; section 5 shows sixty.)
# At $1/n$ the mean square is $2^{-50} = 8.88\cdot10^{-16}$: fifty times a half.
#
# </details>
#
# Turn (6.2) around.
# The factor is 1, and the size is kept in any depth, if
#
# $$ \sigma^2 = \frac1n \ \text{(no activation)}, \qquad \sigma^2 = \frac2n \ \text{(ReLU)}. \tag{6.4} $$

# %% [markdown] exercise="required_weight_std"
# Return the standard deviation $\sigma$ of (6.4), which makes your `variance_factor` 1.
# `activation` is "linear" or "relu"; any other raises `ValueError`.

# %% exercise="required_weight_std"

# %% [markdown]
# The network of section 1 had $\sigma = 0.01$ in layers of 64 units.
#
# Your function says what it should have been, and (6.2) what became of the signal.

# %% tags=["experiment"]
factor = np.sqrt(variance_factor(64, 0.01**2, "relu"))
print(f"needed {required_weight_std(64, 'relu'):.3f}, had 0.010")
print(f"size kept in one layer {factor:.3f}, in twenty {factor**20:.0e}")
assert abs(factor - 0.01 / required_weight_std(64, "relu")) < 1e-12

# %% [markdown]
# It needed 0.177.
# Each layer kept 0.057 of the size, and twenty of them $1\cdot10^{-25}$: the scores did not depend on the image at all.

# %% [markdown]
# ## 4 · Two directions: Xavier
#
# Training sends a second signal through the network, backward.
# The gradient passes a layer as $\partial L/\partial H = \partial L/\partial Z\; W^{\mathsf T}$: each input collects from $n'$ units, so on the way back the mean square is multiplied by $n'\sigma^2$.
# Forward one wants $\sigma^2 = 1/n$, backward $\sigma^2 = 1/n'$.
# Both hold only if the layer is square.
#
# Glorot and Bengio (2010) take the compromise that is known by Xavier Glorot's first name: one over the *mean* of $n$ and $n'$,
#
# $$ \sigma^2 = \frac{2}{n + n'} . \tag{6.5} $$
#
# It is made for activations that are nearly linear around 0, such as tanh.

# %% [markdown]
# ### How many inputs does a unit have?
#
# | layer | shape of its weights | fan-in | fan-out |
# |---|---|---|---|
# | dense | (in, out) | in | out |
# | convolution | (out, in, height, width) | in times the pixels of the kernel | out times the pixels of the kernel |
#
# A unit of a convolution sees a window of height × width pixels, its **kernel**, in each of the input's channels.

# %% [markdown] exercise="fans"
# Return `fan_in` and `fan_out`, in this order, for weights of the given shape: the table above.
# With neither two nor four axes raise `ValueError`.

# %% exercise="fans"

# %% tags=["try"]
print(fans((64, 10)), fans((32, 16, 3, 5)))

# %% [markdown] exercise="xavier_normal"
# Draw a matrix of shape `(fan_in, fan_out)` from the normal distribution with mean 0 and the variance (6.5).
# Take every random number from `rng`, a `np.random.Generator`; in which order you draw does not matter, and the distribution is not cut off anywhere.
#
# Your answer is random, so the check looks at its statistics: type, mean, distribution, standard deviation, and whether entries depend on each other.
# Of right answers it refuses fewer than 1 in 10 million.

# %% exercise="xavier_normal"

# %% tags=["try"]
W = xavier_normal(100, 400, np.random.default_rng(0))
print(W.shape, f"standard deviation {W.std():.4f}")

# %% [markdown]
# Many programs draw from a **uniform** distribution instead, each number between $-a$ and $a$ being as likely.
# Its variance is
#
# $$ \frac{1}{2a}\int_{-a}^{a} w^2\,dw = \frac{a^2}{3}, \qquad\text{so}\qquad a = \sqrt3\,\sigma = \sqrt{\frac{6}{n+n'}} . \tag{6.6} $$
#
# The number $a$ is called the **bound**. It is no standard deviation: that is smaller by $\sqrt3$.

# %% [markdown] exercise="xavier_uniform"
# The repair in section 8 uses this one and its sister (6.8).
# Draw a matrix of shape `(fan_in, fan_out)` from the uniform distribution with mean 0 and the bound (6.6).
# Again every number comes from `rng`.

# %% exercise="xavier_uniform"

# %% [markdown]
# ### Does Xavier keep the variance of tanh?
#
# One often reads that under Xavier the variance settles at some constant.
# But $|\tanh z| < |z|$: every layer takes something away, and a factor $n\sigma^2 = 1$ gives nothing back.
#
# How much is taken? For small $z$, $\tanh^2 z \approx z^2 - \tfrac23 z^4$, and a normal $z$ of mean square $q$ has $\operatorname{E} z^4 = 3q^2$.
# So $q$ becomes $q - 2q^2$.
# Read as a differential equation, $dq/dl = -2q^2$ has the solution $q = 1/(2l)$.
#
# Is that so in a network? The next cells measure it.


# %%
def tanh_squares():
    """Mean squares of 50 layers of tanh under Xavier, and the prediction."""
    net = layers_of(xavier_normal, "tanh", depth=50, width=500, n_samples=40)
    return np.array([np.mean(H**2) for H in net]), 1 / (2 * np.arange(1, 51))


# %% tags=["experiment"]
squares, theory = tanh_squares()
for k in (2, 10, 50):
    print(f"layer {k:2d}: {squares[k - 1]:.4f}, and 1 / (2 l) = {theory[k - 1]:.4f}")
assert np.all(np.abs(squares / theory - 1)[4:] < 0.3) and squares[-1] < 0.02

# %% tags=["experiment"]
squares, theory = tanh_squares()
number = np.arange(1, 51)
figure = figures.lines(
    {"Xavier": (number, squares), "theory": (number, theory)},
    title="tanh under Xavier: the mean square falls like 1/(2l) and settles nowhere",
    xlabel="layer l",
    ylabel="mean square",
    xscale="log",
    yscale="log",
)
alt = "On logarithmic axes the mean square of tanh layers lies on the straight line \
1/(2l) from layer 2 to layer 50."
figures.show(figure, alt=alt)

# %% [markdown]
# The second layer has about 0.25; the fiftieth has about 0.01.
# That is a slow, harmless decline, of the power law kind, where a wrong $\sigma$ brings an exponential one.
# It is no constant, though.

# %% [markdown]
# ## 5 · ReLU: Kaiming
#
# ReLU keeps half, so the variance must be twice as large; that is (6.4).
# He and others (2015), who are cited by Kaiming He's first name, write it with a **gain** $g$ that makes up for what an activation takes away:
#
# $$ \sigma^2 = \frac{g^2}{n}, \qquad g = \sqrt2 \ \text{for ReLU}, \quad g = 1 \ \text{for none}. \tag{6.7} $$
#
# Only fan-in counts, two sections after Xavier worried about both directions. Why is that enough?
# Backward, a layer multiplies the mean square by $n'\sigma^2/2 = n'/n$ (half of the ReLUs let nothing pass).
# But the fan-out $n'$ of one layer is the fan-in $n$ of the next, so over all layers the fractions cancel, and what is left is the last width divided by the first: one number, and no power of the depth.
# With `mode="fan_out"` it is the other way round, and as harmless.
#
# The uniform form has, as in (6.6), the bound
#
# $$ a = \sqrt3\,\sigma = g\,\sqrt{\frac3n} . \tag{6.8} $$

# %% [markdown] exercise="kaiming_normal"
# Draw a matrix of shape `(fan_in, fan_out)` from the normal distribution with mean 0 and the variance (6.7).
# `gain` is $g$, $\sqrt2$ unless the caller says otherwise.

# %% exercise="kaiming_normal"

# %% tags=["try"]
W = kaiming_normal(100, 400, np.random.default_rng(0))
print(f"has {W.std():.4f}, needs {required_weight_std(100, 'relu'):.4f}")

# %% [markdown] exercise="kaiming_uniform"
# Draw a matrix of shape `(fan_in, fan_out)` from the uniform distribution with mean 0 and the bound (6.8).

# %% exercise="kaiming_uniform"

# %% tags=["try"]
for name, draw in {"Xavier": xavier_uniform, "Kaiming": kaiming_uniform}.items():
    W = draw(100, 400, np.random.default_rng(0))
    print(f"{name}: from {W.min():.4f} to {W.max():.4f}, deviation {W.std():.4f}")

# %% [markdown]
# ### Use it
#
# Now both activations with both kinds of weights, twenty layers deep.
# Two of the four pairs were made for each other; look at the other two.


# %%
def four_pairs():
    """The outputs of 20 layers, for both activations under both kinds of weights."""
    pairs = {
        "tanh, Xavier": (xavier_normal, "tanh"),
        "tanh, Kaiming": (kaiming_normal, "tanh"),
        "ReLU, Xavier": (xavier_normal, "relu"),
        "ReLU, Kaiming": (kaiming_normal, "relu"),
    }
    return {name: layers_of(*pair, depth=20) for name, pair in pairs.items()}


# %% tags=["experiment"]
last = {}
for name, net in four_pairs().items():
    first, last[name] = rms(net[0]), rms(net[19])
    print(f"{name:14s} size of layer 1: {first:.2f}, of layer 20: {last[name]:.4f}")
assert last["ReLU, Xavier"] < 2e-3 < 0.1 < last["tanh, Xavier"] < last["ReLU, Kaiming"]

# %% tags=["experiment"]
figure = pictures.histograms(
    four_pairs(),
    which=(1, 2, 5, 10, 20),
    title="Twenty layers: ReLU dies slowly under Xavier and lives under Kaiming",
    positive=("ReLU, Xavier", "ReLU, Kaiming"),
)
alt = "Four rows of five histograms. tanh narrows slowly under Xavier and stays broad \
under Kaiming; ReLU shrinks to a spike under Xavier and keeps its shape under Kaiming."
figures.show(figure, alt=alt)

# %% [markdown]
# ReLU under Xavier halves its mean square in every layer and has the size 0.0007 after twenty, close to $2^{-10}$ of what it began with.
# Under Kaiming it keeps its size, more or less: 0.75 of it here.
# Half of ReLU's values are 0, those that it has cut; the bars show the others, and the last bar all that lies beyond 3.
# tanh under Kaiming stays broader than under Xavier: here the gain makes up for a part of what tanh takes.

# %% [markdown]
# ### One network is one draw
#
# (6.2) holds on average over the weights, and a network has its weights once.
# How far from the average may it be?
# Take one input.
# The mean square of a layer is a mean of $n$ terms $h'^2 = \max(z,0)^2$, and with $\operatorname{E}h^2 = 1$ and Kaiming's weights each has the mean 1 and, since $\operatorname{E} z^4 = 3\cdot 2^2$, the variance $\tfrac12\cdot 12 - 1 = 5$.
# So each layer multiplies the mean square by a random factor of mean 1 and variance $5/n$.
# The logarithms of $L$ factors add up, and the size, a root mean square, has
#
# $$ \text{standard deviation of } \ln s_L \approx \tfrac12\sqrt{5L/n} : $$
#
# it is **log-normal**, and what counts is the depth divided by the width (Hanin and Nica, 2020).
#
# > **Predict.** Sixty networks of 20 layers of 200 units, all with Kaiming's weights: what is the largest size of the last layer, divided by the smallest?

# %%
predict("luck", ...)


# %%
def sizes_of_one_input(depth, width, n_networks=60):
    """Root mean square of each layer, for one input in many networks."""
    nets = (
        layers_of(kaiming_normal, "relu", depth, width, n_samples=1, seed=seed)
        for seed in range(n_networks)
    )
    return np.array([[rms(H) for H in net] for net in nets])


# %% tags=["experiment"]
sizes = sizes_of_one_input(20, 200)
last = np.sort(sizes[:, -1])
print(f"from {last[0]:.2f} to {last[-1]:.2f}; nine of ten up to {last[54]:.2f}")
for depth, width in ((20, 200), (50, 100), (50, 50)):
    ends = last if depth == 20 else sizes_of_one_input(depth, width)[:, -1]
    spread = np.log(ends).std()
    theory = np.sqrt(5 * depth / width) / 2
    print(
        f"{depth} layers, {width} wide: spread of ln s {spread:.2f}, theory {theory:.2f}"
    )
    assert abs(spread / theory - 1) < 0.35
compare("luck", last[-1] / last[0])

layer = np.arange(1, 21)
middle, wide = -5 * layer / 4 / 200, np.sqrt(5 * layer / 200) / 2
curves = {
    "Kaiming": (layer, sizes),
    "theory: + spread": (layer, np.exp(middle + wide)),
    "theory: − spread": (layer, np.exp(middle - wide)),
}
figure = figures.lines(
    curves,
    title=f"Sixty networks of the same kind: sizes from {last[0]:.2f} to {last[-1]:.2f}",
    xlabel="layer",
    ylabel="root mean square, one input",
    yscale="log",
)
alt = (
    "Sixty thin lines that start near 1 and fan out, and their median. Two dashed lines \
of theory hold about two thirds of them."
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The sizes fan out over a factor of 4.1, just by the draw of the weights.
# Fifty layers of 50 units scatter by a factor of $e^{1.1} = 3$ either way: such a network may be dead, or loud, under the very best formula.
# So make networks wide in comparison with their depth, and do not read a law from one seed.
#
# </details>

# %% [markdown]
# ### Another way out: add instead of replace
#
# A **residual network** (He et al., 2016) adds to the signal instead of replacing it: $h \leftarrow h + f(h)$, where $f$ is a small network of its own.
# If $f$ keeps the size, the two parts are uncorrelated and their mean squares add up: each block *doubles* the mean square.
# With $h \leftarrow h + f(h)/\sqrt L$ each of the $L$ blocks multiplies it by $1 + 1/L$ only.
#
# > **Predict.** Fifty blocks with $1/\sqrt L$: by which factor does the mean square grow?

# %%
predict("residual", ...)

# %% tags=["experiment"]
for scale, theory in ((1.0, 2.0**50), (50**-0.5, (1 + 1 / 50) ** 50)):
    rng = np.random.default_rng(0)
    h = rng.standard_normal((20, 200))
    for _ in range(50):
        inside = np.maximum(h @ kaiming_normal(200, 200, rng), 0)
        h = h + scale * inside @ rng.normal(0, 200**-0.5, (200, 200))
    print(f"f times {scale:.2f}: mean square {rms(h) ** 2:.2g}, theory {theory:.2g}")
    assert 0.4 < rms(h) ** 2 / theory < 2.5
compare("residual", rms(h) ** 2)

# %% [markdown]
# <details><summary>Why</summary>
#
# $2^{50} = 10^{15}$ against $e = 2.7$.
# The straight way from input to output never vanishes, which is why networks of hundreds of layers have it; it can explode, and a factor of $1/\sqrt{L}$, a last layer of $f$ that starts at 0, or a normalisation before each $f$, as in Transformers, keeps it from that.
#
# </details>

# %% [markdown]
# ## 6 · The way back
#
# The gradient of layer $l$'s weights needs the signal of both directions.
# With $Z_l = H_{l-1} W_l$ and $H_l = \varphi(Z_l)$, and no biases, backpropagation goes from the last layer to the first:
#
# $$ \frac{\partial L}{\partial Z_l} = \frac{\partial L}{\partial H_l} \odot \varphi'(Z_l), \qquad \frac{\partial L}{\partial W_l} = H_{l-1}^{\mathsf T}\, \frac{\partial L}{\partial Z_l}, \qquad \frac{\partial L}{\partial H_{l-1}} = \frac{\partial L}{\partial Z_l}\, W_l^{\mathsf T}, \tag{6.9} $$
#
# where $\odot$ multiplies entry by entry and $H_0 = X$.

# %% [markdown] exercise="gradient_norms"
# Return the norm of $\partial L/\partial W_l$ for each layer, the root of the sum of squares of all its entries, as an array of shape `(depth,)`, first layer first.
# `grad_out` is the gradient of the loss by the output of the last layer, after its activation; all biases are zero.
# `SLOPES[activation]` gives $\varphi'$ as a function of the layer's output.

# %% exercise="gradient_norms"

# %% tags=["try"]
X, W = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0, -1.0], [0.5, 2.0]])
print(gradient_norms(X, [W, W], np.ones((2, 2)), "tanh"))

# %% [markdown]
# ### Use it
#
# *Further work*, as is the rest of this section.
#
# The slope of the logistic function $1/(1+e^{-z})$, called sigmoid, is at most 1/4, at $z = 0$; that of tanh is at most 1.
# The next figure has the gradients of twenty layers: sigmoid and tanh with Xavier weights, ReLU with Kaiming weights.


# %%
def norms_by_layer(init, activation, n=100, depth=20):
    """Norms of the gradients, for a random batch and a random gradient behind."""
    rng = np.random.default_rng(0)
    X, grad_out = rng.standard_normal((2, 64, n))
    weights = [init(n, n, rng) for _ in range(depth)]
    return gradient_norms(X, weights, grad_out, activation)


def three_kinds():
    if not needs(gradient_norms, recorded=True):
        return dict(
            zip(
                ("sigmoid", "tanh", "ReLU"),
                further.recorded("gradient_norms"),
                strict=True,
            )
        )
    return {
        "sigmoid": norms_by_layer(xavier_normal, "sigmoid"),
        "tanh": norms_by_layer(xavier_normal, "tanh"),
        "ReLU": norms_by_layer(kaiming_normal, "relu"),
    }


# %% tags=["experiment"]
for name, norms in three_kinds().items():
    first, last = norms[[0, -1]]
    step = (first / last) ** (1 / 19)
    print(f"{name:8s} first {first:.1e}, last {last:.1e}, a layer {step:.3f}")
    if name == "sigmoid":
        assert first / last < 10 * 0.25**19
    else:
        assert 0.2 < first / last < 5

# %% tags=["experiment"]
figure = pictures.by_layer(
    three_kinds(),
    title="On its way to the first layer, sigmoid loses twelve powers of ten",
    ylabel="norm of the gradient of W",
)
alt = "Norms of the gradient by layer on a logarithmic axis: tanh and ReLU are flat, \
sigmoid falls in a straight line from 100 in layer 20 to 1e-10 in layer 1."
figures.show(figure, alt=alt)

# %% [markdown]
# In the sigmoid network the gradient shrinks by about 0.24 a layer: the weights keep it as it is, and the slope takes three quarters.
# The first layers get next to nothing, which is called a **vanishing gradient**; with a factor above 1 it is an **exploding** one.
# With tanh and ReLU all layers learn at about the same speed.

# %% [markdown]
# Can larger weights save sigmoid? $\sigma^2 = 16/n$ makes up for the quarter.
# And what of the saturated tanh network of section 2, with $\sigma = 1$, whose slopes are nearly all 0?

# %% tags=["experiment"]
if needs(gradient_norms):
    per_layer = {}
    for activation, std in (("sigmoid", 4 / np.sqrt(100)), ("tanh", 1.0)):
        first, *_, last = norms_by_layer(normal(std), activation)
        per_layer[activation] = (first / last) ** (1 / 19)
        step = per_layer[activation]
        print(f"{activation:8s} σ = {std:g}: {step:.2f} a layer, {step**19:.0e} in all")
    assert 0.5 < per_layer["sigmoid"] < 0.85 and per_layer["tanh"] > 1.5

# %% [markdown]
# Larger weights drive the sigmoid units away from $z = 0$, to where the slope is less than a quarter: 0.63 a layer are left, and the gradient vanishes all the same.
# The saturated tanh network surprises: its gradient **explodes**, although most slopes are nearly 0.
# The few units that are not saturated pass on a gradient that the large weights multiply, and these few win.
# Such a network is chaotic: the smallest change of an input, or of a weight, is another output.

# %% [markdown]
# ## 7 · Break it
#
# Thirty layers, 100 units wide. Move the slider for the standard deviation of the weights, or type into the box; the second one changes the activation: 0 is tanh, 1 is ReLU.
# The histograms show the part of the values that is in each bin; orange bars hold what lies beyond 0.95 in size.
#
# 1. tanh: find the standard deviation at which the size neither collapses nor sticks to 1. How wide is the range in which the thirtieth layer has a size between 0.05 and 0.6?
# 2. ReLU: find the value that keeps the size. How wide is the range in which the thirtieth layer has a size between 0.1 and 10?
#
# *What you found (double-click to write it here):*


# %%
def draw(std, relu):
    activation = "relu" if relu else "tanh"
    net = layers_of(normal(std), activation, 30, width=100, n_samples=60)
    name = "ReLU" if relu else "tanh"
    note = f"{name}, σ = {std:g}: layer 30 has the size {rms(net[-1]):.1e}"
    return pictures.layer_sizes(net, which=(1, 5, 30), note=note)


# %% tags=["experiment"]
widgets.explore(
    draw,
    std=widgets.slider("standard deviation σ", 0.01, 0.4, 0.1, step=0.005),
    relu=widgets.slider("0 tanh, 1 ReLU", 0, 1, 0, step=1),
)

# %% tags=["experiment"]
stds = np.arange(0.02, 0.4, 0.004)
for activation, low, high in (("tanh", 0.05, 0.6), ("relu", 0.1, 10.0)):
    ends = np.array(
        [rms(layers_of(normal(s), activation, 30, 100, 40)[-1]) for s in stds]
    )
    good = stds[(ends > low) & (ends < high)]
    print(f"{activation}: from {good.min():.3f} to {good.max():.3f}")
    if activation == "relu":
        theory = required_weight_std(100, "relu") * np.array([0.1, 10]) ** (1 / 30)
        print(f"      predicted {theory.round(3)}, middle {np.sqrt(2 / 100):.3f}")
        assert np.abs(good[[0, -1]] - theory).max() < 0.014
    else:
        assert 0.09 < good.min() < 0.105 and 0.13 < good.max() < 0.17

# %% [markdown]
# For ReLU the range is narrow, and it is known beforehand: the size of layer 30 is $(\sigma/\sigma_0)^{30}$ with $\sigma_0 = 0.141$, so 8 percent more or less in $\sigma$ are a factor of 10 in the end.
# For tanh the range goes from about 0.10 to 0.15; it is wider at its upper end, since tanh cannot exceed 1 and forgives what is too large; below $1/\sqrt{n} = 0.1$ it dies as quickly as ReLU.

# %% [markdown]
# ## 8 · A real network of twenty layers
#
# Back to section 1: the same 20 layers of ReLU, the same digits, the same plain gradient descent.
#
# Four starts: standard deviation 0.01, standard deviation 1, Xavier, Kaiming.
# Xavier's weights are Kaiming's, divided by $\sqrt2$.
#
# > **Predict.** Kaiming's start is below a loss of 0.5 after 400 steps. Where is Xavier's?

# %%
predict("xavier", ...)

# %%
starts = {
    "std 1": normal(1.0),
    "std 0.01": small,
    "Xavier": xavier_normal,
    "Kaiming": kaiming_normal,
}


def losses_of(init):
    """Losses from three seeds, each value a mean over 20 batches."""
    runs = [train_deep(init, seed)[2] for seed in range(3)]
    return np.array([np.convolve(run, np.ones(20) / 20, "valid") for run in runs])


# %% tags=["experiment"]
curves = {name: losses_of(init) for name, init in starts.items()}
ends = {name: np.median(losses[:, -1]) for name, losses in curves.items()}
print("loss in the end:", {name: f"{end:.2f}" for name, end in ends.items()})
assert ends["Kaiming"] < 0.5 < ends["Xavier"] < ends["std 0.01"] < ends["std 1"]
print(f"first loss at std 1: {train_deep(starts['std 1'], n_steps=1)[2][0]:.0e}")
faster = [train_deep(xavier_normal, seed, lr=0.1)[2][-20:].mean() for seed in range(3)]
print("Xavier with η = 0.1, three seeds:", np.round(faster, 2))
assert min(faster) > 3 * ends["Kaiming"]
guess = compare("xavier", ends["Xavier"])

del curves["std 1"]
figure = figures.lines(
    curves,
    title=f"20 layers on the digits, η = 0.03, 3 seeds: Xavier comes to {ends['Xavier']:.2f}",
    xlabel="step",
    ylabel="loss, mean of 20 batches, nats",
)
figures.guessed(figure.axes[0], y=guess)
alt = f"Loss against step: std 0.01 ends at {ends['std 0.01']:.1f}, Xavier at \
{ends['Xavier']:.1f}, Kaiming at {ends['Kaiming']:.1f}. std 1 is not drawn: it diverges \
in step 1."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# With standard deviation 1 the first loss is about $2\cdot10^{15}$ and after one step nothing is a number any more, so it has no line.
# With 0.01 nothing moves.
# Xavier's weights are too small by $\sqrt2$ a layer, a factor of $2^{10}$ in all; the network starts late and comes to 2.02.
# Kaiming's learn from the first step on.
# (Each start would like a learning rate of its own, as chapter 2 says. With $\eta = 0.1$, more than three times as much, Xavier comes to 1.1 to 1.7 in the same 400 steps: better, and far behind.)
#
# </details>

# %% [markdown]
# ### A routine for your own network
#
# Before you train a network for hours, three numbers take a second:
#
# - **the first loss**: it should be near $\ln C$ for $C$ classes; far above means that the scores are too large to begin with, and exactly $\ln C$ that the network says the same to every input;
# - **the part of the units that says nothing**: saturated, or for ReLU 0 for every example of a batch (*dead*);
# - **the size of an update compared with its weights**, $\eta\,\lVert\partial L/\partial W\rVert / \lVert W \rVert$ in each layer: about $10^{-3}$ is a good start; $10^{-6}$ means that nothing moves, and $10^{-1}$ that the weights are thrown about.
#
# Here they are for the four starts.

# %% tags=["experiment"]
print("start      first loss   dead units   smallest and largest update / weights")
for name, init in starts.items():
    net, _, _ = train_deep(init, n_steps=1)
    with np.errstate(all="ignore"):
        loss, grads, seen = deep_network.loss_and_grads(
            net, data.X[:256], data.labels[:256]
        )
    dead = np.mean([np.mean(np.all(z <= 0, axis=0)) for z in seen])
    moves = [
        0.03 * np.linalg.norm(grad["W"]) / np.linalg.norm(layer["W"])
        for grad, layer in zip(grads, net, strict=True)
    ]
    print(f"{name:9s} {loss:11.3g} {dead:11.0%}   {min(moves):10.0e} {max(moves):8.0e}")
    if name == "Kaiming":
        assert 2 < loss < 6 and min(moves) > 1e-4 and max(moves) < 3e-2
    else:
        assert max(moves) > 1 or min(moves) < 1e-5

# %% [markdown]
# Only Kaiming's network passes: a first loss not far above 2.3, updates of some thousandths of the weights in every layer.
# With standard deviation 0.01 and with Xavier the updates are next to nothing in some layer, and the loss is 2.303 to three digits: every image gets the same scores.
# (Dead are about as many units in all four: deep in such a network different inputs look alike, so that many units say 0 to all of them.)
# With standard deviation 1 one update is larger than the weights by many powers of ten.
# The routine says that something is wrong, and where, before a single epoch has passed.

# %% [markdown]
# ### Initial weights stay
#
# > **Predict.** After 400 steps the Kaiming network reads most digits. By how many percent have the weights of a middle layer changed, compared with their own size?

# %%
predict("weights moved", ..., unit=" %")

# %% tags=["experiment"]
before, after, _ = train_deep(kaiming_normal)
changes = np.array(
    [
        np.linalg.norm(new["W"] - old["W"]) / np.linalg.norm(old["W"])
        for old, new in zip(before, after, strict=True)
    ]
)
std = [layer["W"].std() for layer in (before[9], after[9])]
right = deep_network.accuracy(after, data.X_val, data.labels_val)
print(f"right on new images: {right:.2f}")
print(f"change of layers 1, 10, 20: {changes[[0, 9, 19]].round(2)}")
print(f"standard deviation of layer 10: {std[0]:.4f} before, {std[1]:.4f} after")
assert abs(std[1] / std[0] - 1) < 0.05
compare("weights moved", 100 * changes[9], " %")

# %% [markdown]
# <details><summary>Why</summary>
#
# The weights of layer 10 have moved by 5.7 percent of their size, and their standard deviation is the one they were born with.
# Training takes a small step away from the random start, so the variance that you choose stays visible to the end.
#
# </details>

# %% [markdown]
# ### Your own network
#
# A library does this for you when it makes a layer; whoever writes a network does it once for all layers.
# Two sizes belong to each layer, and what follows it decides the scale: ReLU, another function, or nothing.

# %% [markdown] exercise="init_network"
# Return the weights and biases of a whole network as two lists.
# `sizes` has the number of inputs first, then the units of each layer; so there is one layer less than sizes.
# Normal weights: Kaiming's before `"relu"`, Xavier's before `"tanh"` and `"sigmoid"`; where no function follows, in the last layer and in `"linear"` networks, the variance is 1 over `fan_in`.
# Biases are zeros.
# Draw the first layer's weights first.

# %% exercise="init_network"

# %% tags=["try"]
weights, biases = init_network([64, 50, 10], "relu", np.random.default_rng(0))
for W, b in zip(weights, biases, strict=True):
    print(W.shape, W.std().round(3), b.shape)

# %% [markdown]
# ### Find the mistakes
#
# *Further work.* The next function initialises a network of ReLU layers with uniform weights.
# It is tried on seven layers with 64 and 256 units in turn and 10 outputs, and 2,000 examples of size 1.
#
# | layer | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
# |---|---|---|---|---|---|---|---|
# | size of its output | 0.29 | 0.33 | 0.099 | 0.105 | 0.030 | 0.034 | 0.064 |
# | should be about | 1 | 1 | 1 | 1 | 1 | 1 | 0.7 to 1 |
#
# With layers of equal size the sizes fall by 0.58 from layer to layer.

# %% [markdown] exercise="uniform_network"
# There are three mistakes in this function.
# Find them, and change as little as you can.
# The check names a mistake only when it is the last one that is left.

# %% exercise="uniform_network"

# %% tags=["try"]
rng = np.random.default_rng(0)
weights, biases = uniform_network([64, 256] * 3 + [64, 10], rng)
H, last = rng.standard_normal((2000, 64)), len(weights) - 1
for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
    H = H @ W + b if i == last else np.maximum(0, H @ W + b)
    print(W.shape, f"deviation {W.std():.3f}, output {np.sqrt(np.mean(H**2)):.3f}")

# %% [markdown]
# ## 9 · Why
#
# A person reads this answer. Three to six sentences are enough.

# %% [markdown] question="initialization_why"
# A colleague builds a network of 40 ReLU layers, each 256 units wide, and draws all weights with
#
# `rng.normal(0, 2 / 256, (256, 256))`.
#
# The loss does not move. They say: "I used Kaiming, so the initialisation cannot be the problem. The learning rate must be too small."
#
# 1. What did they do wrong, and which standard deviation did they want?
# 2. By which factor does the size of the signal change in one layer, and in all forty?
# 3. Would a larger learning rate help? Say what the gradient of the first layer's weights looks like.
# 4. They repair it, and then set all weights of the *first* layer to 0.05, to "save randomness". Will the network train? Why?

# %% [markdown] answer="initialization_why"
# 1. `rng.normal` takes a standard deviation, and they gave it the variance 2/256 = 0.0078; they wanted its root, 0.088.
# 2. One layer multiplies the mean square by 256 · 0.0078² / 2 = 1/128, so the size by 0.088; forty layers leave 0.088⁴⁰, about 7 · 10⁻⁴³.
# 3. No. Both signals shrink alike, so all gradients are of the order 10⁻⁴¹ or so; a rate that makes up for it cannot be found, and the scores do not depend on the image anyway.
# 4. The units of the first layer start equal, but the random second layer sends a different gradient into each of them, so they part after one step and the network can train. At first, though, the first layer passes on one number only, the sum of its inputs.
#
# - [0.5] They gave the variance as standard deviation, and wanted 0.088.
# - [0.5] The size changes by 0.088 in a layer, and by about $10^{-42}$ in all forty.
# - [0.5] A larger rate does not help: the gradient has vanished as well.
# - [0.5] It trains, since the random second layer tells the equal units apart.

# %% [markdown]
# ## 10 · Summary
#
# - Random weights break the symmetry of the units; equal weights in *and* out never do.
# - One layer multiplies the mean square by $n\sigma^2$, with ReLU by half of that; a wrong factor is raised to the power of the depth.
# - Xavier: variance $2/(n+n')$, a compromise between the two directions. Kaiming: $g^2/n$, with $g^2 = 2$ for the half that ReLU takes.
# - A uniform distribution with bound $a$ has the standard deviation $a/\sqrt3$.
# - Slopes below 1 multiply too: sigmoid's quarter makes gradients vanish whatever the weights are. tanh under Xavier declines like $1/(2l)$.

# %% [markdown]
# ## 11 · Elsewhere
#
# | where | its form | compared with this chapter |
# |---|---|---|
# | Glorot and Bengio (2010) | uniform, $\pm\sqrt6/\sqrt{n+n'}$ | (6.6) |
# | LeCun et al. (1998) | variance $1/n$ | (6.7) with $g = 1$; some texts and courses call this Xavier |
# | PyTorch `xavier_normal_`, `kaiming_uniform_` | weights of shape (out, in) | (6.5), (6.8); `mode="fan_out"` takes $n'$ instead |
# | PyTorch `Linear`, by default | `kaiming_uniform_` with `a=sqrt(5)` | (6.8) with $g = \sqrt{1/3}$: bound $1/\sqrt n$, variance $1/(3n)$ |
# | Keras `GlorotNormal`, `HeNormal` | cut off at two standard deviations, then widened | the variances of (6.5) and (6.7), another distribution |
# | Orthogonal weights (Saxe et al., 2014) | $W^{\mathsf T} W = g^2 I$ | keeps each vector's length, not only the mean |
#
# > **Predict.** PyTorch's default for a dense layer has the variance $1/(3n)$. Ten layers of ReLU, each 256 wide: ten to which power is left of a signal of size 1?

# %%
predict("default", ...)

# %% tags=["experiment"]
net = layers_of(
    lambda n, m, rng: kaiming_uniform(n, m, rng, gain=(1 / 3) ** 0.5),
    "relu",
    depth=10,
    width=256,
)
if needs(predicted_scale):
    left, theory = rms(net[-1]), predicted_scale(10, 256, 1 / (3 * 256), "relu")
    print(f"left {left:.1e}, predicted {theory:.1e}")
    assert 0.6 < left / theory < 1.6
compare("default", np.log10(rms(net[-1])))

# %% [markdown]
# <details><summary>Why</summary>
#
# $10^{-3.9}$, and $6^{-5}$ says the same.
# The default was chosen long ago for other networks, and in PyTorch it is usually the next layer that repairs it: batch normalisation.
# That is chapter 7.
#
# </details>
#
# **To read** Glorot and Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*; He et al. (2015), *Delving Deep into Rectifiers*, section 2.2; Poole et al. (2016) and Schoenholz et al. (2017) for what happens between order and chaos.
