# %% [markdown]
# # Chapter 5 · Adam and bias correction
#
# Momentum averages the gradients and finds a direction; RMSProp averages their squares and finds a scale for every parameter.
# This chapter puts the two halves together, sees them fail at the very start, mends that, and asks what the result, **Adam**, is good for.
#
# **Time** about 120 minutes for the core; exercises marked *further work* come on top.
#
# **Know first** the moving average (chapter 3, section 3) and RMSProp (chapter 4).
#
# **Papers** Kingma and Ba (2015), Reddi, Kale and Kumar (2018), Loshchilov and Hutter (2019).

# %% tags=["setup"]
import numpy as np

from autograder import check, hint
from autograder.lab import figures, landscapes, recorded_runs, widgets

ravine = landscapes.ravine

# %% [markdown]
# ## 1 · See it fail
#
# The map is the one of chapters 3 and 4: the ravine $f(x, y) = x^2/20 + y^2$, from $(-7, 2)$.
#
# You know two methods that remember.
# **Momentum** keeps an average of the gradients: what agrees adds up, what alternates cancels.
# But it has one learning rate for both coordinates.
# **RMSProp** keeps an average of the *squared* gradients and divides by its root: every coordinate gets a scale of its own.
# But it moves by the last gradient alone.
#
# So use both at once: divide the average of the gradients by the root of the average of their squares.
#
# > **Predict.** Both averages begin at zero, so both are too small at first.
# > Is the first step of this mixture too short, just right, or too long?
#
# *Your prediction (double-click to write it here):*

# %% tags=["experiment"]
walks = recorded_runs.on_ravine("two halves")
both = walks["uncorrected"]
print("steps along x, in learning rates")
for name in ("RMSProp", "uncorrected"):
    steps = np.abs(np.diff(walks[name].path[:, 0])) / walks[name].lr
    print(f"{name:11s}", steps[:8].round(2))
print(f"farthest point: x = {both.path[:, 0].max():.1f}")
assert abs(steps[0] - np.sqrt(10)) < 1e-5 and steps[3] > 5

# %% tags=["experiment"]
title = "30 points each: put together, the halves overshoot to x = 3.7"
figure, (left, right) = figures.pair(title)
halves = {name: walks[name].path for name in ("momentum", "RMSProp")}
where = "momentum, η = 0.1; RMSProp, η = 0.3"
figures.trajectories(ravine, halves, title=where, axes=left)
figures.trajectories(ravine, {"both": both.path}, title="both, η = 0.3", axes=right)
alt = "Left: momentum swings past the minimum, RMSProp creeps up to it. Right: both \
together overshoot far to the right, turn around and overshoot again."
figures.show(figure, alt=alt)

# %% [markdown]
# The mixture shoots past the minimum to $x = 3.7$.
# Its first step along $x$ is 3.16 learning rates long, as RMSProp's is; but RMSProp's steps then become shorter, and those of the mixture grow to more than 5.
#
# Both averages were too small, and still the steps came out too long.
# Sections 2 to 5 find out why, and what to do about it.

# %% [markdown]
# ## 2 · Two averages
#
# Let $g_t$ be the gradient of step $t$, counted from 1.
# Keep two **exponential moving averages**, one of the gradients and one of their squares:
#
# $$ m_t = \beta_1\, m_{t-1} + (1-\beta_1)\, g_t, \qquad v_t = \beta_2\, v_{t-1} + (1-\beta_2)\, g_t^2, \qquad m_0 = v_0 = 0. \tag{5.1} $$
#
# The square is taken entry by entry, so $v$ has the shape of $g$.
# The averages have names from statistics: $m$ estimates the **first moment** of the gradients, their mean, and $v$ the **second moment**, the mean of their squares.
# The usual decays are $\beta_1 = 0.9$ and $\beta_2 = 0.999$: $v$ remembers a hundred times as long as $m$.
#
# | symbol | argument | what it is |
# |---|---|---|
# | $\theta$ | `theta` | the parameters, an array of any shape |
# | $g_t$ | `grad` | the gradient of step $t$ |
# | $t$ | `t` | the number of this step, from 1 |
# | $m$, $v$ | `m`, `v` | averages of the gradients and of their squares |
# | $\hat m$, $\hat v$ | `m_hat`, `v_hat` | the same, freed of their bias (section 3) |
# | $\beta_1$, $\beta_2$ | `beta1`, `beta2` | the decays, at least 0 and below 1 |
# | $\eta$ | `lr` | the learning rate |
# | $\varepsilon$ | `eps` | a small number that keeps a division possible (section 6) |
# | $\lambda$ | `weight_decay` | strength of the weight decay (section 7) |
# | $v^{\max}$ | `v_max` | the largest $v$ so far (section 8) |

# %% [markdown] exercise="update_moments"
# Write equation (5.1).
# `m`, `v` and `grad` have one shape; return the new `m` and the new `v`.
# Make new arrays; whoever called you still needs the old ones.
#
# If you are stuck, `hint(update_moments)` asks you a question; call it again for more.

# %% exercise="update_moments"

# %% tags=["try"]
m, v = np.zeros(2), np.zeros(2)
for grad in np.array([[1.0, -10.0], [2.0, 10.0]]):
    m, v = update_moments(m, v, grad, beta1=0.5, beta2=0.75)
    print("m =", m, "  v =", v)
assert np.allclose(m, [1.25, 2.5])

# %% [markdown]
# The second parameter's gradients change their sign: in $m$ they mostly cancel, in $v$ they cannot.
# That is what the quotient of the two will tell us: how much the gradients agree, whatever their size.

# %% [markdown]
# ## 3 · Averages that begin at zero
#
# Put (5.1) into itself: $m_t$ is a sum of all gradients so far, and the gradient of step $k$ has the weight $(1-\beta_1)\,\beta_1^{\,t-k}$.
# If all gradients have the same mean $\mathrm{E}[g]$, and their squares the same mean $\mathrm{E}[g^2]$, then
#
# $$ \mathrm{E}[m_t] = (1-\beta_1)\sum_{k=1}^{t}\beta_1^{\,t-k}\;\mathrm{E}[g] = (1-\beta_1^{\,t})\,\mathrm{E}[g], \qquad \mathrm{E}[v_t] = (1-\beta_2^{\,t})\,\mathrm{E}[g^2]. \tag{5.2} $$
#
# What is missing, $\beta^t$, is the weight that the zero at the start still has.
# An estimate that misses its target on average is called **biased**.
#
# > **Predict.** After 10 steps with $\beta_1 = 0.9$ and $\beta_2 = 0.999$: which part of $\mathrm{E}[g]$ does $m$ hold, and which part of $\mathrm{E}[g^2]$ does $v$ hold?
#
# *Your prediction:*


# %%
def mean_averages(n_steps=60, n_runs=10_000):
    """Means over many runs of m and v after each step; E[g] = 1 and E[g²] = 5."""
    rng = np.random.default_rng(5)
    m = v = np.zeros(n_runs)
    means = []
    for _ in range(n_steps):
        m, v = update_moments(m, v, rng.normal(1.0, 2.0, n_runs))
        means.append((m.mean(), v.mean()))
    return np.array(means).T


# %% tags=["experiment"]
mean_m, mean_v = mean_averages()
t = np.arange(1, 61)
theory_m, theory_v = 1 - 0.9**t, 5 * (1 - 0.999**t)
print(f"after 10 steps: m {mean_m[9]:.3f} of 1, theory {theory_m[9]:.3f}")
print(f"                v {mean_v[9]:.3f} of 5, theory {theory_v[9]:.3f}")
assert np.abs(mean_m - theory_m).max() < 5 * 2 / np.sqrt(10_000)
assert np.abs(mean_v / theory_v - 1).max() < 0.05

# %% [markdown]
# Now look at the same means over 60 steps.
# Solid lines are measured, dashed lines are equation (5.2).

# %% tags=["experiment"]
mean_m, mean_v = mean_averages()
t = np.arange(1, 61)
figure, (left, right) = figures.pair(
    "After 60 steps m has arrived; v holds 6 % of what it should"
)
axis = {"xlabel": "step t", "ylabel": "mean of 10,000 runs"}
curves = {"Adam's m": (t, mean_m), "theory": (t, 1 - 0.9**t)}
figures.lines(curves, title="m, where E[g] = 1", **axis, axes=left)
curves = {"Adam's v": (t, mean_v), "theory": (t, 5 * (1 - 0.999**t))}
figures.lines(curves, title="v, where E[g²] = 5", **axis, axes=right)
print(f"after 60 steps v holds {mean_v[-1] / 5:.1%} of E[g²]")
assert 0.055 < mean_v[-1] / 5 < 0.062
alt = "m rises to 1 within 40 steps. v rises in a straight line to 0.3, where 5 is \
its limit. Both lie on the dashed lines of theory."
figures.show(figure, alt=alt)

# %% [markdown]
# After 10 steps $m$ holds 65 % of the mean gradient, and $v$ holds 1 % of the mean square.
# The longer the memory, the longer the zero stays in it: $v$ is by far the more biased of the two.
#
# Equation (5.2) also says how to mend that.
# The bias is a known factor, so divide by it:
#
# $$ \hat m_t = \frac{m_t}{1-\beta_1^{\,t}}, \qquad \hat v_t = \frac{v_t}{1-\beta_2^{\,t}}. \tag{5.3} $$

# %% [markdown] exercise="correct_bias"
# Write equation (5.3) for one average.
# `moment` is an average after `t` steps, `beta` its decay; return the corrected average as a new array.
# The count starts at 1.
# Raise `ValueError` if `t` is below 1: then no step has been made, and a wrong count is better noticed at once.

# %% exercise="correct_bias"

# %% tags=["try"]
m = np.zeros(3)
for t in (1, 2, 3):
    m, _ = update_moments(m, m, np.array([1.0, 1.0, 1.0]))
    print(f"t = {t}:  m = {m.round(3)},  corrected {correct_bias(m, 0.9, t).round(3)}")

# %% [markdown]
# > **Predict.** Correcting makes the mean right. Does it also make a single $\hat v_1$ reliable?
# > Of how many gradients is it an average?
#
# *Your prediction:*

# %% tags=["experiment"]
rng, n_runs = np.random.default_rng(6), 10_000
v = np.zeros(n_runs)
print("   t   mean of v_hat   spread of v_hat")
for t in range(1, 101):
    _, v = update_moments(v, v, rng.normal(1.0, 2.0, n_runs))
    if t in (1, 10, 100):
        v_hat = correct_bias(v, 0.999, t)
        print(f"{t:4d}   {v_hat.mean():13.2f}   {v_hat.std():15.2f}")
        # One g² has variance 2 σ⁴ + 4 μ² σ² = 48; weights are nearly equal.
        assert abs(v_hat.std() / np.sqrt(48 / t) - 1) < 0.06
        assert abs(v_hat.mean() - 5) < 5 * np.sqrt(48 / t / n_runs)

# %% [markdown]
# The mean is 5 from the first step on, but the spread of $\hat v_1$ is 7: it is one single square.
# Correction removes the bias, not the noise.
# Noise goes away only as more gradients come in, here like one over the root of $t$.

# %% [markdown]
# ## 4 · Adam
#
# **Adam** (for *adaptive moments*) updates both averages by (5.1), frees both of their bias by (5.3), and then moves every parameter by
#
# $$ \theta_t = \theta_{t-1} - \eta\,\frac{\hat m_t}{\sqrt{\hat v_t} + \varepsilon}. \tag{5.4} $$
#
# The numerator has the direction, the denominator the scale.
# If the gradients of a parameter all agree, the quotient is near 1 or −1 and the step is about $\eta$ long; if they disagree, it is shorter.
# The number $\varepsilon$ stands **outside the root**; it keeps the division possible where a parameter has never had a gradient.
#
# The averages that are carried on to the next step are $m_t$ and $v_t$, not the corrected ones: the next step corrects afresh, with its own $t$.

# %% [markdown] exercise="adam_step"
# Write one step of Adam: (5.1), (5.3) and (5.4).
# You are given the parameters, both averages of the step before, the number `t` of this step, and the gradient; return the new parameters and the new averages, uncorrected.
# You may call your `update_moments` and `correct_bias`.


# %% exercise="adam_step"
def adam_step(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = update_moments(m, v, grad, beta1, beta2)
    m_hat, v_hat = correct_bias(m, beta1, t), correct_bias(v, beta2, t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% [markdown]
# > **Predict.** A first step with the learning rate 0.1 and the gradient $(0.000001,\ -0.5,\ 2000)$.
# > By how much does each parameter move?
#
# *Your prediction:*

# %% tags=["try"]
zeros, grad = np.zeros(3), np.array([1e-6, -0.5, 2000.0])
theta, m, v = adam_step(zeros, zeros, zeros, 1, grad, lr=0.1)
print("moved by", theta.round(4))
assert np.allclose(theta, -0.1 * grad / (np.abs(grad) + 1e-8))

# %% [markdown]
# In the first step $\hat m_1 = g$ and $\sqrt{\hat v_1} = |g|$, so every parameter moves by $\eta$ against the **sign** of its gradient.
# Only where $|g|$ comes near $\varepsilon = 10^{-8}$ is the step a little shorter: the first parameter moves by 0.099.
#
# ### Use it
#
# The cell below only defines a loop that keeps the path.
# Two of its arguments are for experiments: `scale` multiplies the loss, and `count` may lie to your function about `t`.


# %%
def walk(lr=0.3, n_steps=29, scale=1.0, count=lambda t: t, **settings):
    """The points that Adam visits on the ravine, start included."""
    theta, m, v = ravine.start, np.zeros(2), np.zeros(2)
    path = [theta]
    for t in range(1, n_steps + 1):
        grad = scale * ravine.gradient(theta)
        theta, m, v = adam_step(theta, m, v, count(t), grad, lr, **settings)
        path.append(theta)
    return np.array(path)


# %% [markdown]
# > **Predict.** The same learning rate, 0.3, as in section 1.
# > How far does Adam overshoot now?
#
# *Your prediction:*

# %% tags=["experiment"]
path = walk(lr=0.3)
steps = np.abs(np.diff(path, axis=0)) / 0.3
print("steps along x, in learning rates:", steps[:8, 0].round(2))
print(f"longest along x {steps[:, 0].max():.2f}, along y {steps[:, 1].max():.2f}")
print(f"farthest point: x = {path[:, 0].max():.2f}")
assert steps.max() < 1 + 1e-6 and path[:, 0].max() < 0.1

figure = figures.trajectories(
    ravine,
    {"Adam": path, "not corrected": both.path},
    title="η = 0.3, 30 points: no coordinate moves more than η",
)
alt = "The uncorrected path jumps along the ravine and overshoots; Adam walks along \
it in even steps and comes near the minimum with the last ones."
figures.show(figure, alt=alt)

# %% [markdown]
# Along $x$ and along $y$, Adam's longest step is one learning rate long.
# It swings across, as momentum does, and comes to $x = 0.02$ with its 30th point, where the uncorrected path had run on to $3.7$.

# %% [markdown]
# ### What the size of the loss does
#
# Someone measures the loss in other units and multiplies it by 1000.
# All gradients are then 1000 times as large.
#
# > **Predict.** What happens to plain gradient descent with $\eta = 0.5$? What happens to Adam?
#
# *Your prediction:*

# %% tags=["experiment"]
plain = ravine.start * (1 - 0.5 * np.array([0.1, 2.0])) ** 29
blown = ravine.start * (1 - 0.5 * 1000 * np.array([0.1, 2.0])) ** 29
print(f"plain descent ends at {np.linalg.norm(plain):.2f} from the minimum, and with")
print(f"1000 times the loss at {np.linalg.norm(blown):.0e}")
for scale in (1e3, 1e-3, 1e-7):
    change = np.abs(walk(scale=scale) - walk()).max()
    print(f"Adam, {scale:.0e} times the loss: its path changes by at most {change:.0e}")
assert np.abs(walk(scale=1e3) - walk()).max() < 1e-6
assert np.abs(walk(scale=1e-7) - walk()).max() > 0.01

# %% [markdown]
# Plain descent needs another learning rate; Adam takes the same path.
# A factor on the gradient enters $\hat m$ and $\sqrt{\hat v}$ alike, and the quotient loses it.
# Adam's learning rate is therefore a **length in parameter space**: about how far a parameter may move in one step.
# Only $\varepsilon$ has a size of its own; with a loss of $10^{-7}$ times the size it begins to count, and the path changes.

# %% [markdown]
# ## 5 · Too long, not too short
#
# Go back to the riddle of section 1.
# Let every gradient be the same number, and leave $\varepsilon$ out.
# How long is the step without correction, measured in steps with it?
# We call that the **startup ratio**:
#
# $$ r_t = \frac{m_t}{\sqrt{v_t}} \bigg/ \frac{\hat m_t}{\sqrt{\hat v_t}}\,. \tag{5.5} $$
#
# For a constant gradient it does not depend on the gradient: by (5.2) and (5.3) only $\beta_1$, $\beta_2$ and $t$ are left.
# What is too small on top makes the step shorter, what is too small below makes it longer.

# %% [markdown] exercise="startup_ratio"
# Work out on paper what (5.5) is for a constant gradient, and write that: a function of $\beta_1$, $\beta_2$ and $t$.
# `t` is a single number, from 1; return a single number.


# %% exercise="startup_ratio"
def startup_ratio(beta1, beta2, t):
    return (1 - beta1**t) / np.sqrt(1 - beta2**t)


# %% [markdown]
# > **Predict.** With $\beta_1 = 0.9$ and $\beta_2 = 0.999$: at which step is the ratio largest, and how large is it?
# > After how many steps is it below 1.05?
#
# *Your prediction:*


# %%
def startup_curve(n_steps=5000):
    """Step numbers from 1, and your ratio at each, for the usual decays."""
    t = np.arange(1, n_steps + 1)
    return t, np.array([startup_ratio(0.9, 0.999, k) for k in t])


# %% tags=["experiment"]
t, ratio = startup_curve()
peak = t[ratio.argmax()]
below_105, below_101 = t[ratio > 1.05][-1] + 1, t[ratio > 1.01][-1] + 1
for k in (1, peak, 100, 1000, 2000):
    print(f"t = {k:4d}: {ratio[k - 1]:.2f} times too long")
print(f"below 1.05 from step {below_105} on, below 1.01 from step {below_101} on")
assert (peak, below_105, below_101) == (12, 2375, 3925) and ratio.min() > 1
assert abs(ratio[0] - np.sqrt(10)) < 1e-9 and abs(ratio.max() - 6.57) < 0.005

# %% [markdown]
# The same on a logarithmic axis of steps:

# %% tags=["experiment"]
t, ratio = startup_curve()
curves = {"not corrected": (t, ratio), "Adam": (t, np.ones(5000))}
title = "Uncorrected steps are too long, up to 6.57 times"
axis = {"xlabel": "step t", "ylabel": "length of the step, in η"}
figure = figures.lines(curves, title=title, **axis, xscale="log")
alt = "The ratio starts at 3.16, rises to 6.57 at step 12, falls slowly and comes \
near 1 only after some thousand steps."
figures.show(figure, alt=alt)

# %% [markdown]
# The ratio is 3.16 in the first step, **6.57 at its peak in step 12**, still 3.24 in step 100, and above 1.05 until step 2374.
# It is never below 1.
#
# Chapter 3 taught that an average which begins at zero gives short steps.
# That is still true of the numerator.
# But $v$ is the more biased average, because it remembers longer, and it stands **below** the fraction line.

# %% [markdown]
# The ratio was derived. Now measure it, with your own `adam_step` on a constant gradient.
# With a very large `t` both divisors of (5.3) are 1, which switches the correction off.


# %%
never = 40_000


def step_lengths(count, n_steps=200):
    """Lengths of the steps on a gradient that is always 3, in learning rates."""
    theta = m = v = np.zeros(1)
    path = [theta]
    for t in range(1, n_steps + 1):
        theta, m, v = adam_step(theta, m, v, count(t), np.array([3.0]), lr=1.0)
        path.append(theta)
    return np.abs(np.diff(np.concatenate(path)))


# %% tags=["experiment"]
corrected, uncorrected = step_lengths(lambda t: t), step_lengths(lambda t: never)
print("corrected    ", corrected[[0, 11, 99]].round(4))
print("not corrected", uncorrected[[0, 11, 99]].round(4))
assert np.abs(corrected - 1).max() < 1e-6
derived = [startup_ratio(0.9, 0.999, t) for t in range(1, 201)]
assert np.abs(uncorrected / derived - 1).max() < 1e-6

# %% [markdown]
# ### Half a correction
#
# Some programs correct only one of the two averages.
# With `never` and your `correct_bias` we can imitate them: to correct $m$ alone, divide the learning rate by $1-\beta_1^{\,t}$ and leave the rest uncorrected.
#
# > **Predict.** Which is worse: correcting $m$ alone, $v$ alone, or neither?
# > How long is the first step in each case?
#
# *Your prediction:*


# %%
def tell(which, t, lr):
    """What to tell `adam_step` about t and lr, so that it corrects only a half."""
    held = lr / correct_bias(lr, 0.9, t)  # the part of E[g] that m holds
    return {
        "Adam": (t, lr),
        "neither": (never, lr),
        "only m": (never, lr / held),
        "only v": (t, lr * held),
    }[which]


# %%
def walk_half(which, gradient, start, lr, n_steps=200):
    """The points visited when only a half is corrected, start included."""
    theta, m, v = start, np.zeros_like(start), np.zeros_like(start)
    path = [theta]
    for t in range(1, n_steps + 1):
        count, rate = tell(which, t, lr)
        theta, m, v = adam_step(theta, m, v, count, gradient(theta), rate)
        path.append(theta)
    return np.array(path)


# %%
def compare_halves(gradient, start, lr):
    """The four paths by name."""
    names = ("Adam", "neither", "only m", "only v")
    return {name: walk_half(name, gradient, start, lr) for name in names}


# %% tags=["experiment"]
steady = compare_halves(lambda theta: np.ones(1), np.zeros(1), lr=1.0)
ravines = compare_halves(ravine.gradient, ravine.start, lr=0.3)
first = {"Adam": 1, "neither": np.sqrt(10), "only m": np.sqrt(1000), "only v": 0.1}
for name, path in steady.items():
    lengths, losses = np.abs(np.diff(path[:, 0])), ravine.f(ravines[name])
    print(
        f"{name:8s} first step {lengths[0]:5.2f} η, 12th {lengths[11]:4.2f} η;", end=" "
    )
    print(f"on the ravine up to x = {ravines[name][:, 0].max():.1f},", end=" ")
    print(f"loss after one step {losses[1]:.1f}")
    assert abs(lengths[0] / first[name] - 1) < 1e-4

# %% tags=["experiment"]
steady = compare_halves(lambda theta: np.ones(1), np.zeros(1), lr=1.0)
ravines = compare_halves(ravine.gradient, ravine.start, lr=0.3)
lengths = {name: np.abs(np.diff(path[:, 0])) for name, path in steady.items()}
places = {name: path[:, 0] for name, path in ravines.items()}

title = "Correcting m alone is worse than correcting nothing"
figure, (left, right) = figures.pair(title)
axis = {"xlabel": "steps before", "ylabel": "length of the step, in η"}
figures.lines(lengths, title="constant gradient", **axis, yscale="log", axes=left)
axis = {"xlabel": "steps", "ylabel": "parameter x"}
figures.lines(places, title="the ravine, η = 0.3", **axis, axes=right)
alt = "Left: with m alone the steps start at 32 learning rates, with neither at 3, \
with v alone at a tenth. Right: the longer the first steps, the wider the swings."
figures.show(figure, alt=alt)

# %% [markdown]
# With $m$ alone corrected the first step is 31.6 learning rates long; on the ravine that lands at a loss of 56, where the start had 6.
# With $v$ alone it is ten times too short, but the 12th has 0.72 of its length already, as $m$ fills up.
# With neither, two mistakes partly cancel.
# On so simple a map all four arrive in the end; in a network a jump of 30 learning rates may not be forgiven.

# %% [markdown]
# ### What a warmup hides
#
# A **warmup** (chapter 4) raises the learning rate from near 0 to $\eta$ over the first steps.
# Programs that train large networks with Adam nearly always begin with one.
#
# > **Predict.** Adam without correction, and a linear warmup over 2,000 steps: how long is its longest step, in $\eta$?
# > And with a warmup over 100 steps?
#
# *Your prediction:*

# %% tags=["experiment"]
t, ratio = startup_curve()
curves = {"not corrected": (t, ratio)}
for n in (100, 2000):
    warmed = ratio * np.minimum(1, t / n)
    curves[f"warmup of {n:,}"] = (t, warmed)
    print(f"warmup over {n:4d} steps: longest step {warmed.max():.2f} η, at its end")
    assert np.argmax(warmed) + 1 == n
    assert abs(warmed.max() - startup_ratio(0.9, 0.999, n)) < 1e-9

title = "A warmup over 2,000 steps hides the missing correction"
axis = {"xlabel": "step t", "ylabel": "length of the step, in η"}
figure = figures.lines(curves, title=title, **axis, xscale="log")
alt = "Without warmup the curve peaks at 6.57. A warmup over 100 steps cuts the peak \
to 3.24, one over 2,000 steps to 1.08."
figures.show(figure, alt=alt)

# %% [markdown]
# A warmup over 2,000 steps keeps every step below 1.08 learning rates, although nothing is corrected.
# One over 100 steps does not: at its end the steps are still 3.24 times too long.
# So a long warmup hides a missing correction, and the mistake may go unnoticed.
# (Warmup has another use as well: as section 3 showed, the first $\hat v$ are right on average and still very noisy.)

# %% [markdown]
# ## 6 · Where ε sits
#
# Some programs do not compute (5.4) as it stands.
# The factors that depend on $t$ alone can be gathered in a learning rate of this step:
#
# $$ \eta_t = \eta\,\frac{\sqrt{1-\beta_2^{\,t}}}{1-\beta_1^{\,t}}, \qquad \theta_t = \theta_{t-1} - \eta_t\,\frac{m_t}{\sqrt{v_t} + \varepsilon}. \tag{5.6} $$
#
# That is the **folded form**.
# It spares two divisions of whole arrays and is what Keras computes.
# But here $\varepsilon$ stands beside the root of the *uncorrected* $v_t$, so with the same $\varepsilon$ the numbers are not the same.

# %% [markdown] exercise="folded_adam_step"
# Write one step of the folded form (5.6), with `eps` added as it is.
# Arguments and results are those of `adam_step`.


# %% exercise="folded_adam_step"
def folded_adam_step(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = update_moments(m, v, grad, beta1, beta2)
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


# %% [markdown]
# > **Predict.** A first step with $g = 0.001$ and $\varepsilon = 0.01$: by how many $\eta$ does Adam move the parameter, and the folded form?
# > What would $\varepsilon$ *inside* the root give?
#
# *Your prediction:*


# %%
def first_step(step, g, eps):
    """Length of the first step for gradients g, in learning rates."""
    zeros = np.zeros_like(g)
    return np.abs(step(zeros, zeros, zeros, 1, g, lr=1.0, eps=eps)[0])


# %% tags=["experiment"]
for g, eps in ((1e-3, 1e-2), (1e-5, 1e-8), (1.0, 1e-8)):
    plain = first_step(adam_step, np.array(g), eps)
    folded = first_step(folded_adam_step, np.array(g), eps)
    inside = g / np.sqrt(g**2 + eps)
    print(f"g = {g:g}, ε = {eps:g}:", end=" ")
    print(f"plain {plain:.7f}, folded {folded:.7f}, inside the root {inside:.7f}")
    assert abs(plain - g / (g + eps)) < 1e-9
    assert abs(folded - g / (g + eps / np.sqrt(1e-3))) < 1e-9

# %% tags=["experiment"]
g = np.logspace(-11, 0, 200)
curves = {
    "Adam": (g, first_step(adam_step, g, eps=1e-8)),
    "Adam, folded": (g, first_step(folded_adam_step, g, eps=1e-8)),
    "ε in the root": (g, g / np.sqrt(g**2 + 1e-8)),
}
title = "With ε = 1e-8 in the root, a gradient of 1e-5 hardly moves"
axis = {"xlabel": "size of the gradient", "ylabel": "first step, in η"}
figure = figures.lines(curves, title=title, **axis, xscale="log")
alt = "Three curves rise from 0 to 1: at gradients of 1e-8 for Adam, of 3e-7 for the \
folded form, and only at 1e-4 with ε inside the root."
figures.show(figure, alt=alt)

# %% [markdown]
# With $g = 0.001$ and $\varepsilon = 0.01$ Adam moves by 0.0909 learning rates, the folded form by 0.0032, and $\varepsilon$ inside the root would give 0.0100.
# In the folded form the first root is smaller by $\sqrt{1-\beta_2} = 0.032$, so the same $\varepsilon$ weighs 32 times as much.
# Inside the root it is the *root* of $\varepsilon$ that counts: $10^{-8}$ acts like $10^{-4}$, and a gradient of $10^{-5}$ moves its parameter by a tenth of a learning rate only.
#
# With $\varepsilon = 10^{-8}$ and a gradient of 1 all three agree to six digits.
# That is why a misplaced $\varepsilon$ is rarely noticed, and why our checks try a large one as well.

# %% [markdown]
# ### The ε that makes both forms equal
#
# Multiply numerator and denominator of (5.4) by $\sqrt{1-\beta_2^{\,t}}$.
# The root of $\hat v_t$ turns into the root of $v_t$, and $\varepsilon$ turns into
#
# $$ \varepsilon_t = \varepsilon\,\sqrt{1-\beta_2^{\,t}}. \tag{5.7} $$
#
# So the folded form with $\varepsilon_t$ makes the very steps of (5.4) with $\varepsilon$.

# %% [markdown] exercise="folded_epsilon"
# Write equation (5.7): the `eps` to be handed to the folded form in step `t`, so that it makes the plain form's step.
# Return a single number.


# %% exercise="folded_epsilon"
def folded_epsilon(eps, beta2, t):
    return eps * np.sqrt(1 - beta2**t)


# %% [markdown]
# > **Predict.** 100 steps on the ravine with $\varepsilon = 0.1$: how far apart are the plain and the folded form with the same $\varepsilon$?
# > And with $\varepsilon_t$?
#
# *Your prediction:*

# %% tags=["experiment"]
ends = {}
for name in ("same ε", "its own ε"):
    plain = folded = (ravine.start, np.zeros(2), np.zeros(2))
    apart = []
    for t in range(1, 101):
        eps_t = 0.1 if name == "same ε" else folded_epsilon(0.1, 0.999, t)
        grads = ravine.gradient(plain[0]), ravine.gradient(folded[0])
        plain = adam_step(*plain, t, grads[0], lr=0.1, eps=0.1)
        folded = folded_adam_step(*folded, t, grads[1], lr=0.1, eps=eps_t)
        apart.append(np.linalg.norm(plain[0] - folded[0]))
    ends[name] = max(apart)
    print(f"folded form with {name}: at most {max(apart):.0e} from the plain form")
assert ends["same ε"] > 1 and ends["its own ε"] < 1e-12
print("1e-8 as a number of 16 bits:", np.float16(1e-8))

# %% [markdown]
# With the same $\varepsilon$ the two forms part by more than 1; with $\varepsilon_t$ the difference is rounding.
# When you copy a setting from one program to another, ask which form it computes.
# In 16-bit numbers $10^{-8}$ is rounded to 0, and then nothing keeps the division possible.

# %% [markdown]
# ## 7 · Weight decay beside Adam
#
# **Weight decay** lets every parameter lose a small part of itself in each step, so that only what the data keep asking for stays large.
# In plain gradient descent it does not matter how you write it: to subtract $\eta\lambda\theta$ is the same as to add a penalty $\tfrac{\lambda}{2}\lVert\theta\rVert^2$ to the loss, an **L2 penalty**, since the penalty's gradient is $\lambda\theta$.
#
# In Adam the two part company.
# **AdamW** subtracts the decay beside Adam's step; it is *decoupled* from the averages:
#
# $$ \theta_t = \theta_{t-1} - \eta\left(\frac{\hat m_t}{\sqrt{\hat v_t} + \varepsilon} + \lambda\,\theta_{t-1}\right). \tag{5.8} $$
#
# With a penalty in the loss, the gradient that Adam sees is
#
# $$ g_t' = g_t + \lambda\,\theta_{t-1}, \tag{5.9} $$
#
# and the decay goes through both averages and is divided by the scale, like everything else.

# %% [markdown] exercise="adamw_step"
# Write one step of AdamW, equation (5.8).
# `grad` is the gradient without any penalty.
# It is the old `theta` that decays, and the decay enters neither `m` nor `v`.
# You may call your `adam_step`.


# %% exercise="adamw_step"
def adamw_step(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    moved, m, v = adam_step(theta, m, v, t, grad, lr, beta1, beta2, eps)
    return moved - lr * weight_decay * theta, m, v


# %% [markdown]
# Now two kinds of weights that the data do not need: their gradients are pure noise, of size 10 for one kind and 0.5 for the other.
# All begin at 1. Decay alone should bring them down.
#
# > **Predict.** 1,000 steps with $\eta = 0.01$ and $\lambda = 0.1$.
# > Under AdamW, what is left of each kind on average? Under the L2 penalty, which kind shrinks more, and how much is left of it?
#
# *Your prediction:*


# %%
def decayed(n_steps=1000, n=2000, lr=0.01, strength=0.1):
    """Mean of the two kinds of weights after each step, for either decay."""
    rng, sizes = np.random.default_rng(7), np.array([[10.0], [0.5]])
    decoupled = np.ones((2, n)), np.zeros((2, n)), np.zeros((2, n))
    penalised = tuple(array.copy() for array in decoupled)
    means = [[state[0].mean(axis=1) for state in (decoupled, penalised)]]
    for t in range(1, n_steps + 1):
        grad = sizes * rng.standard_normal((2, n))
        decoupled = adamw_step(*decoupled, t, grad, lr, weight_decay=strength)
        penalised = adam_step(*penalised, t, grad + strength * penalised[0], lr)
        means.append([state[0].mean(axis=1) for state in (decoupled, penalised)])
    return dict(zip(("AdamW", "Adam, L2"), np.swapaxes(means, 0, 1), strict=True))


# %% tags=["experiment"]
shrink = 0.01 * 0.1
theory = {
    "AdamW": np.array([(1 - shrink) ** 1000] * 2),
    "Adam, L2": (1 - shrink / np.array([10, 0.5])) ** 1000,
}
decay = decayed()
for name, means in decay.items():
    print(f"{name:8s} left {means[-1].round(2)}, theory {theory[name].round(2)}")
    assert np.abs(means[-1] - theory[name]).max() < 0.02

title = "AdamW treats all weights alike; an L2 penalty does not"
figure, panels = figures.pair(title, sharey=True)
axis = {"xlabel": "step", "ylabel": "mean weight"}
for (name, means), axes in zip(decay.items(), panels, strict=True):
    kinds = {f"{name}, noise 10": means[:, 0], f"{name}, noise 0.5": means[:, 1]}
    figures.lines(kinds, title=name, **axis, axes=axes)
alt = "With AdamW both kinds fall together to 0.37. With an L2 penalty the weights \
with noisy gradients stay at 0.91 and the others fall to 0.13."
figures.show(figure, alt=alt)

# %% [markdown]
# AdamW leaves 0.37 of both kinds: it multiplies by $1-\eta\lambda$ in each step, whatever the gradients are.
# Under the penalty the decay is divided by the gradients' size, so each step multiplies by about $1-\eta\lambda/\sigma$, where $\sigma$ is that size.
# What is left is 0.91 of the weights with large gradients and 0.13 of the others: the noisier a weight's gradients, the less it decays.

# %% [markdown]
# ## 8 · A stream on which Adam goes to the wrong end
#
# Adam's denominator forgets.
# Reddi, Kale and Kumar (2018) built a stream of losses that uses this against it.
# One parameter $x$ may move between $-1$ and $1$.
# The loss of step $t$ is $4x$ if $t$ is 1, 4, 7, …, and $-x$ in all other steps.
# In three steps together the loss is $4x - x - x = 2x$, so $x = -1$ is best.
#
# Let $\beta_1 = 0$ and $\beta_2 = 1/17$: no average of the gradients, and a short memory of the squares.
# The learning rate falls like $0.5/\sqrt t$, as theory asks for.
#
# > **Predict.** In a run of three steps, one gradient is 4 and two are −1.
# > Adam divides each by the root of its recent mean square.
# > In units of $\eta$: how far does the 4 push $x$ down, and how far do the two −1 push it up?
#
# *Your prediction:*


# %%
short = {"beta1": 0.0, "beta2": 1 / 17}


def follow(step, n_moments, n_steps=3000, **settings):
    """Where x stands before each step of the stream, and the slopes it meets."""
    x, moments = np.array(0.0), [np.array(0.0)] * n_moments
    slopes = np.where(np.arange(1, n_steps + 1) % 3 == 1, 4.0, -1.0)
    places = []
    for t, slope in enumerate(slopes, start=1):
        places.append(float(x))
        lr = 0.5 / np.sqrt(t)
        x, *moments = step(x, *moments, t, slope, lr, **settings)
        x = np.clip(x, -1, 1)
    return np.array(places), slopes


# %% tags=["experiment"]
v, pushes = 0.0, []
for slope in [4.0, -1.0, -1.0] * 20:  # long enough for v to repeat itself
    _, v = update_moments(0.0, v, slope, **short)
    pushes.append(-slope / np.sqrt(v))
print(f"pushes {np.round(pushes[-3:], 2)} η, together {sum(pushes[-3:]):.2f} η")

places, slopes = follow(adam_step, 2, **short)
regret = np.mean(slopes * (places + 1))
print(f"after 3,000 steps Adam is at {places[-1]:.2f};")
print(f"it loses {regret:.2f} more a step than x = −1 would, theory {4 / 3:.2f}")
assert sum(pushes[-3:]) > 0.5 and places[-1] > 0.99
assert abs(regret - 4 / 3) < 0.05

# %% [markdown]
# The 4 pushes $x$ down by 1.03 $\eta$, since it is divided by its own size.
# The two −1 push it up by 0.74 $\eta$ and 0.98 $\eta$: by then $v$ has forgotten the 4.
# The sum points upwards, and Adam walks to $x = 1$, **the worst point there is**.
# Standing there costs $2x = 2$ in three steps where $-2$ was to be had: 4/3 a step.

# %% [markdown]
# ### A denominator that never shrinks
#
# **AMSGrad** keeps, beside the average, the largest average so far, entry by entry, and divides by its root:
#
# $$ v^{\max}_t = \max\bigl(v^{\max}_{t-1},\, v_t\bigr), \qquad \theta_t = \theta_{t-1} - \eta\,\frac{\hat m_t}{\sqrt{v^{\max}_t / (1-\beta_2^{\,t})} + \varepsilon}. \tag{5.10} $$
#
# The maximum is taken of the *uncorrected* $v_t$ and corrected afterwards, as in PyTorch.
# The average itself goes on as before.

# %% [markdown] exercise="amsgrad_step"
# Write one step of AMSGrad, equation (5.10).
# It takes `v_max` after `v` and returns four arrays: the new parameters, both averages, and the new maximum.


# %% exercise="amsgrad_step"
def amsgrad_step(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v = update_moments(m, v, grad, beta1, beta2)
    v_max = np.maximum(v_max, v)
    m_hat, v_hat = correct_bias(m, beta1, t), correct_bias(v_max, beta2, t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


# %% [markdown]
# > **Predict.** Now the 4 and the −1 are divided by the same root. Where does $x$ go?
# > And what would plain Adam do with its usual decays, 0.9 and 0.999?
#
# *Your prediction:*


# %%
def follow_all():
    """Places and slopes for three methods on the stream."""
    return {
        "Adam": follow(adam_step, 2, **short),
        "AMSGrad": follow(amsgrad_step, 3, **short),
        "Adam, usual decays": follow(adam_step, 2),
    }


# %% tags=["experiment"]
runs = follow_all()
for name, (places, slopes) in runs.items():
    regret = np.mean(slopes * (places + 1))
    print(f"{name:18s} ends at {places[-1]:5.2f}, loses {regret:5.2f} a step")
    assert (places[-1] < -0.98) == (name != "Adam")

curves = {name: (np.arange(1, 3001), places) for name, (places, _) in runs.items()}
title = "Adam climbs to the worst point, AMSGrad goes to the best one"
axis = {"xlabel": "step t", "ylabel": "parameter x"}
figure = figures.lines(curves, title=title, **axis, xscale="log")
alt = "Adam with a short memory goes up to x = 1. AMSGrad, and Adam with its usual \
decays, go down to x = −1."
figures.show(figure, alt=alt)

# %% [markdown]
# AMSGrad goes to $-1$, where it should, and so does Adam with its usual decays.
# This counterexample needs a $v$ that forgets within three steps; for a longer memory the large gradients would have to come more rarely.
# But for every pair with $\beta_1 < \sqrt{\beta_2}$ some such stream exists, so there can be no proof that Adam always converges.
# AMSGrad pays for its proof: after one very large gradient all later steps are short.

# %% [markdown]
# ## 9 · Train a network
#
# What works on a plane should train a network.
# `digit_network` has 64 pixels, 32 tanh units and 10 classes; its 2,410 parameters are a dict of two arrays, and so are their gradients.
# An optimiser for it needs one method, `update(params, grads)`.
# This small class makes one of any step function of this chapter.


# %%
class Optimiser:
    """Gives each array of a network to a step function, with a state of its own."""

    def __init__(self, step, n_moments=2, **settings):
        self.step, self.n_moments, self.settings = step, n_moments, settings
        self.moments, self.t = {}, 0

    def update(self, params, grads):
        self.t += 1
        for name, grad in grads.items():
            zeros = [np.zeros_like(grad)] * self.n_moments
            moments = self.moments.get(name, zeros)
            params[name], *self.moments[name] = self.step(
                params[name], *moments, self.t, grad, **self.settings
            )


# %% [markdown]
# > **Predict.** A careless author moves `self.t += 1` into the loop over the arrays.
# > In the first update, which `t` does the second array get, and how long is its step?
#
# *Your prediction:*

# %% tags=["experiment"]
zeros, grad = np.zeros(1), np.ones(1)
for t in (1, 2, 12):
    first = -adam_step(zeros, zeros, zeros, t, grad, lr=1.0)[0].item()
    theory = startup_ratio(0.9, 0.999, 1) / startup_ratio(0.9, 0.999, t)
    print(f"first step, counted as step {t:2d}: {first:.4f} η, theory {theory:.4f}")
    assert abs(first - theory) < 1e-6

# %% [markdown]
# The second array would be told that this is step 2, and its first step would be 0.7441 $\eta$ long instead of $\eta$; that of a twelfth array would be 0.4814 $\eta$ long.
# All later steps would be counted wrongly as well.
# So the optimiser counts updates, not arrays.
#
# The loop that trains is short:


# %%
from autograder.lab import datasets, digit_network

digits = datasets.digits()


# %%
def train(optimiser, n_epochs, seed):
    """The network after some epochs, and its loss before and after each of them."""
    rng = np.random.default_rng(seed)
    params = digit_network.initial(rng)
    losses = [digit_network.loss(params, digits.X, digits.labels)]
    for _ in range(n_epochs):
        for X, labels in digit_network.batches(digits, rng):
            _, grads = digit_network.loss_and_grads(params, X, labels)
            optimiser.update(params, grads)
        losses.append(digit_network.loss(params, digits.X, digits.labels))
    return params, np.array(losses)


# %% tags=["experiment"]
optimisers = {
    "Adam": Optimiser(adam_step, lr=0.01),
    "AdamW": Optimiser(adamw_step, lr=0.01, weight_decay=0.5),
    "AMSGrad": Optimiser(amsgrad_step, n_moments=3, lr=0.01),
    "folded": Optimiser(folded_adam_step, lr=0.01),
}
print("            loss   right   length of the hidden weights")
for name, optimiser in optimisers.items():
    params, losses = train(optimiser, n_epochs=5, seed=1)
    right = digit_network.accuracy(params, digits.X_val, digits.labels_val)
    length = np.linalg.norm(params["hidden"])
    print(f"{name:8s} {losses[-1]:8.3f} {right:7.1%} {length:8.2f}")
    assert losses[-1] < 0.3 and right > 0.9

# %% [markdown]
# All four learn to read digits that they have not seen, and AdamW keeps the weights shorter.
# AMSGrad and Adam end alike: in this task it hardly matters that $v$ may shrink.
# So does the folded form: beside these gradients an $\varepsilon$ of $10^{-8}$ counts for nothing, wherever it stands.

# %% [markdown]
# ### Five optimisers on the ravine
#
# The other four are the methods of chapters 0, 3 and 4.
# Their functions are not in this notebook, so their runs are recorded; Adam's is yours.
#
# > **Predict.** All five with $\eta = 0.4$ and 30 points, momentum with $\beta = 0.9$.
# > Which one is nearest to the star in the end, which one farthest away?
#
# *Your prediction:*

# %% tags=["experiment"]
others = recorded_runs.on_ravine("one learning rate")
paths = {name: run.path for name, run in others.items()} | {"Adam": walk(lr=0.4)}
for name, path in paths.items():
    print(f"{name:16s} ends {np.linalg.norm(path[-1]):.2f} from the minimum")
ends = {name: np.linalg.norm(path[-1]) for name, path in paths.items()}
assert min(ends, key=ends.get) == "RMSProp" and max(ends, key=ends.get) == "AdaGrad"

title = "η = 0.4, 30 points each: RMSProp comes nearest, AdaGrad stays behind"
figure = figures.trajectories(ravine, paths, title=title)
alt = "Gradient descent falls into the ravine and creeps along it; momentum swings \
widely; AdaGrad, RMSProp and Adam leave the start along the diagonal."
figures.show(figure, alt=alt)

# %% [markdown]
# The three methods with a scale for each parameter leave the start along the diagonal: they do not see how steep a direction is.
# RMSProp ends 0.01 from the minimum, Adam 1.06, AdaGrad 3.69.
#
# That is a picture, not a race.
# One learning rate suits one method and not another; to compare, each must have its own best one.

# %% [markdown]
# ### A fair race on the digits
#
# Here every optimiser was trained with the same 11 learning rates, from 0.0001 to 10, in steps of $\sqrt{10}$, and 8 seeds each.
# A seed fixes the first network and the order of the images, the same for all.
# Each optimiser then shows the learning rate with the least median loss after 20 epochs.
# The runs are recorded; you repeat Adam's first one.
#
# > **Predict.** In which order do gradient descent, momentum, AdaGrad, RMSProp and Adam finish?
# > How large are the differences, compared with those between seeds?
#
# *Your prediction:*

# %% tags=["experiment"]
race = recorded_runs.on_digits()
recorded = race["Adam"]
_, mine = train(Optimiser(adam_step, lr=recorded.lr), n_epochs=20, seed=0)
print(f"my Adam ends at {mine[-1]:.5f}, recorded {recorded.losses[0, -1]:.5f}")
assert np.allclose(mine[:6], recorded.losses[0, :6], rtol=1e-5)

# %% tags=["experiment"]
print("                     η   epoch 5   epoch 20 (all seeds)   right")
for name, run in race.items():
    early, late = np.median(run.losses[:, [5, 20]], axis=0)
    low, high = run.losses[:, 20].min(), run.losses[:, 20].max()
    print(f"{name:16s} {run.lr:6.3f}   {early:.3f}  ", end=" ")
    print(f"{late:.4f} ({low:.4f}–{high:.4f})   {np.median(run.accuracy):.1%}")
by_epoch = {
    epoch: sorted(race, key=lambda name: np.median(race[name].losses[:, epoch]))
    for epoch in (5, 20)
}
print("order after 20 epochs:", ", ".join(by_epoch[20]))
assert by_epoch[5][0] == "Adam" and by_epoch[20][:2] == ["momentum", "Adam"]
assert by_epoch[20][2:] == ["RMSProp", "gradient descent", "AdaGrad"]

# %% [markdown]
# Now the same as a picture: thin lines are seeds, thick lines their medians.

# %% tags=["experiment"]
curves = {name: run.losses for name, run in race.items()}
title = "Digits: Adam leads early, momentum catches up, AdaGrad slows"
axis = {"xlabel": "epoch", "ylabel": "loss on the training images"}
figure = figures.lines(curves, title=title, **axis, yscale="log")
alt = "All five losses fall over 20 epochs. Adam is lowest at first; in the end \
momentum and Adam share the lowest place and RMSProp's seeds are far apart."
figures.show(figure, alt=alt)

# %% [markdown]
# After 5 epochs Adam is ahead: 0.054 against 0.117 or more.
# After 20 epochs momentum is in front by a hair, 0.0011 against Adam's 0.0012, and the ranges of their seeds overlap.
# RMSProp's seeds are far apart, AdaGrad slows down as chapter 4 foretold.
# On images that they have not seen, all five are right in 96 to 98 % of the cases; the order of the training losses says little about that.

# %% [markdown]
# > **Predict.** Run the same race on the ravine: the same learning rates, each method with its best one, 30 points.
# > Which method wins there, and where does the winner on the digits come in?
#
# *Your prediction:*

# %% tags=["experiment"]
losses = {}
for name, run in recorded_runs.on_ravine("tuned").items():
    losses[name] = (ravine.f(run.path[-1]), run.lr)
tried = [(ravine.f(walk(lr=lr)[-1]), lr) for lr in recorded.lrs]
losses["Adam"] = min(tried)
for name in sorted(losses, key=losses.get):
    loss, lr = losses[name]
    print(
        f"{name:16s} η = {lr:6.3f}: loss {loss:.1e}; on the digits place {by_epoch[20].index(name) + 1}"
    )
assert min(losses, key=losses.get) == "AdaGrad" == by_epoch[20][-1]

# %% [markdown]
# **The order is another one.**
# AdaGrad, last on the digits, wins on the ravine with a loss of $10^{-30}$: no noise, two parameters, axes along the valley, and a learning rate of 10, the largest one tried, after whose first leap the sum of squares stands in for the curvature.
# Momentum, first on the digits, is third.
#
# No optimiser wins everywhere, nor could one.
# What Adam offers is that one learning rate, a length, often serves parameters of very different scale, and that it is quick early on.

# %% [markdown]
# ## 10 · Break it
#
# Move the sliders, or type into the boxes.
# Both paths have the same $\eta$, $\beta_1$ and $\beta_2$; the lighter one is not corrected.
#
# 1. Lower $\beta_2$ from 0.999 to 0.9. Where do the two paths come close, and why there?
# 2. Find a pair for which the uncorrected path starts too *slowly*.
# 3. Raise $\eta$ as far as it goes. Can you make Adam diverge? Then set $\beta_2$ to 0.5 with $\eta = 0.3$: does it still come to rest?
#
# *Your prediction for 3, and what you found:*


# %%
def draw(lr, beta1, beta2):
    settings = {"lr": lr, "n_steps": 60, "beta1": beta1, "beta2": beta2}
    paths = {
        "Adam": walk(**settings),
        "Adam, not corrected": walk(count=lambda t: never, **settings),
    }
    first = startup_ratio(beta1, beta2, 1)
    note = f"Without correction the first step is {first:.2f} η long"
    return widgets.trajectory_and_loss(ravine, paths, note=note)


# %% tags=["experiment"]
widgets.explore(
    draw,
    lr=widgets.slider("learning rate η", 0.01, 10, 0.3),
    beta1=widgets.slider("decay β₁", 0, 0.99, 0.9),
    beta2=widgets.slider("decay β₂", 0, 0.999, 0.999, step=0.001),
)

# %% tags=["experiment"]
for lr in (0.3, 10, 1000):
    distance = np.linalg.norm(walk(lr=lr, n_steps=1000), axis=1)
    print(
        f"η = {lr:6}: farthest {distance.max():7.1f}, after 1,000 steps {distance[-1]:.0e}"
    )
    assert distance[-1] < 1e-6
for beta2 in (0.999, 0.9, 0.5):
    late = np.linalg.norm(walk(lr=0.3, beta2=beta2, n_steps=3000)[-100:], axis=1).max()
    print(f"η = 0.3, β₂ = {beta2}: still {late:.0e} away after 3,000 steps")
first = [startup_ratio(*betas, 1) for betas in ((0.9, 0.99), (0.9, 0.9), (0.99, 0.9))]
print("first uncorrected steps, in η:", np.round(first, 2))

# %% [markdown]
# Adam does not diverge here: no step is much longer than $\eta$, and $v$ remembers the large gradients for so long that the steps shrink on the way back.
# With a short memory $v$ shrinks as fast as the gradient, the steps stay near $\eta$, and the path circles around the star for ever.
# The two paths start alike where $1-\beta_1$ equals $\sqrt{1-\beta_2}$, as with 0.9 and 0.99; when $m$ remembers longer than that, the uncorrected path starts too slowly.

# %% [markdown]
# ## 11 · Why
#
# A person reads this answer. Four to eight sentences are enough.

# %% [markdown] question="adam_why"
# Four programs run Adam with $\beta_1 = 0.9$, $\beta_2 = 0.999$ and a tiny $\varepsilon$.
# To test them, somebody lets every gradient be 5 and writes down the lengths of the first three steps, in learning rates:
#
# | program | step 1 | step 2 | step 3 |
# |---|---:|---:|---:|
# | A | 1.00 | 1.00 | 1.00 |
# | B | 3.16 | 4.25 | 4.95 |
# | C | 31.6 | 22.4 | 18.3 |
# | D | 0.10 | 0.19 | 0.27 |
#
# 1. What does each program do about the bias? Say how the numbers tell you.
# 2. Both averages of program B are too small. Why are its steps too long all the same?
# 3. Program C corrects more than program B and does worse. How can that be?
# 4. All four train their networks with a warmup over 2,000 steps, and nobody notices any difference. Why not, and for which of them would you still worry?

# %% [markdown] answer="adam_why"
# 1. A corrects both averages: on a constant gradient the quotient is 1. B corrects neither: $0.1/\sqrt{0.001} = 3.16$, and so on along (5.5). C corrects only $m$: $1/\sqrt{0.001} = 31.6$, falling as $v$ fills up. D corrects only $v$: $1-0.9^t$ is 0.1, 0.19, 0.27.
# 2. The step is $m$ divided by the root of $v$. $v$ remembers a hundred times as long, so far more of it is still the zero of the start; its root is too small by 0.03 where $m$ is too small by 0.1, and it stands below the fraction line.
# 3. In B the two biases work against each other and partly cancel. C has removed the one that shortened the steps and kept the one that lengthens them.
# 4. The warmup multiplies the early steps by a small number, so that even 31 learning rates come out short; by its end all biases are nearly gone (B and C are 1.08 times too long). One should worry about B and C when somebody shortens the warmup, trains for a few hundred steps only, or resumes a run with empty averages.

# %% [markdown]
# ## 12 · Summary
#
# - Adam divides an average of the gradients by the root of an average of their squares: direction from one, scale from the other.
# - Both averages begin at zero and hold only $1-\beta^t$ of what they should; dividing by that frees them of the bias, not of the noise.
# - Without correction the steps are too **long**, because $v$ is the more biased: 3.16 times at first, 6.57 times in step 12. A long warmup hides it.
# - $\varepsilon$ outside the root, inside it, or beside the uncorrected root are three different methods; it shows when gradients are small or $\varepsilon$ is large.
# - Decay belongs beside Adam's step, not in its gradient. Adam can go to the wrong end where $v$ forgets too fast. Which optimiser wins depends on the task.

# %% [markdown]
# ## 13 · Elsewhere
#
# | where | its form | compared with this chapter |
# |---|---|---|
# | Kingma and Ba (2015), algorithm 1; PyTorch `Adam` | $\hat m_t/(\sqrt{\hat v_t}+\varepsilon)$, $\varepsilon = 10^{-8}$ | (5.4) |
# | Kingma and Ba, end of section 2; Keras `Adam` | folded, $\varepsilon = 10^{-7}$ | (5.6) |
# | PyTorch `Adam(weight_decay=λ)` | penalty in the gradient | (5.9), not AdamW |
# | PyTorch `AdamW` | $\theta$ times $1-\eta\lambda$, then Adam's step; $\lambda = 0.01$ | (5.8) |
# | Loshchilov and Hutter (2019), algorithm 2 | the decay is multiplied by the schedule, not by $\eta$ | (5.8) with $\lambda/\eta$ in the place of $\lambda$ |
# | PyTorch `Adam(amsgrad=True)` | maximum of the uncorrected $v$ | (5.10) |
# | Reddi et al. (2018), algorithm 2 | no correction at all | (5.10) without the divisors |
#
# All of PyTorch's rows were compared with the functions of this chapter, step by step, to twelve decimals.
#
# **To read** Kingma and Ba (2015), sections 2 and 3, which are four pages; Loshchilov and Hutter (2019), section 2; Reddi, Kale and Kumar (2018), section 3.
# Next, chapter 6: the variance of initial weights.
