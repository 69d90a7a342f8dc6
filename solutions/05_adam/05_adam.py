# %% [markdown]
# # Chapter 5 · Adam and bias correction
#
# Momentum averages the gradients and finds a direction; RMSProp averages their squares and finds a scale for every parameter.
# This chapter puts the two halves together, sees them fail at the very start, mends that, and asks what the result, **Adam**, is good for.
#
# **Time** about 150 minutes for the core; exercises marked *further work* come on top. A good place for a break is after section 5.
#
# **Know first** the moving average (chapter 3, section 3) and RMSProp (chapter 4).
#
# **Papers** Kingma and Ba (2015), Reddi, Kale and Kumar (2018), Loshchilov and Hutter (2019).

# %% tags=["setup"]
import numpy as np

from autograder import check, compare, hint, needs, predict
from autograder.lab import figures, landscapes, recorded_runs, widgets
from autograder.lab.tasks import further

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
# Run the cell below and choose, or write your choice in quotes instead of the three dots.
# It stays in your notebook and counts for nothing; whoever goes on without a guess skips the question.

# %%
predict("mixture", ..., among=("too short", "just right", "too long"))

# %% tags=["experiment"]
walks = recorded_runs.on_ravine("two halves")
both = walks["uncorrected"]
print("steps along x, in learning rates")
for name in ("RMSProp", "uncorrected"):
    steps = np.abs(np.diff(walks[name].path[:, 0])) / walks[name].lr
    print(f"{name:11s}", steps[:8].round(2))
print(f"farthest point: x = {both.path[:, 0].max():.1f}")
assert abs(steps[0] - np.sqrt(10)) < 1e-5
compare(
    "mixture",
    "too long" if steps[0] > 1.1 else "too short" if steps[0] < 0.9 else "just right",
)

# %% [markdown]
# <details><summary>What the numbers say</summary>
#
# The first step of the mixture is 3.16 learning rates long, as RMSProp's is; but RMSProp's steps then become shorter, and those of the mixture grow to more than 5.
# So the mixture shoots past the minimum.
#
# </details>

# %% tags=["experiment"]
farthest = both.path[:, 0].max()
title = f"30 points each: put together, the halves reach x = {farthest:.1f}"
figure, (left, right) = figures.pair(title)
halves = {name: walks[name].path for name in ("momentum", "RMSProp")}
where = "momentum, η = 0.1; RMSProp, η = 0.3"
figures.trajectories(ravine, halves, title=where, axes=left)
figures.trajectories(ravine, {"both": both.path}, title="both, η = 0.3", axes=right)
alt = f"Left: momentum swings past the minimum, RMSProp creeps up to it. Right: both \
together go as far as x = {farthest:.1f}, turn around and overshoot again."
figures.show(figure, alt=alt)

# %% [markdown]
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
# That is what the ratio of the two will tell us: how much the gradients agree, whatever their size.

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
# The next cell measures it: means over 10,000 runs, with $\beta_1 = 0.9$ and $\beta_2 = 0.999$.


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
# Correcting makes the mean right.
# Does it also make a single $\hat v_1$ reliable? It is an average of one gradient's square.

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
# If the gradients of a parameter all agree, the ratio is near 1 or −1 and the step is about $\eta$ long; if they disagree, it is shorter.
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
# Try a first step with the learning rate 0.1 and the gradient $(0.000001,\ -0.5,\ 2000)$.

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
# With a very large `t`, such as `never`, both divisors of (5.3) are 1, which switches the correction off.


# %%
never = 40_000


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
# > **Predict.** The same learning rate, 0.3, as in section 1, where the mixture overshot to $x = 3.7$; now corrected, and 60 steps.
# > What is the largest $x$ on Adam's path?

# %%
predict("overshoot", ...)

# %% tags=["experiment"]
path, uncorrected = walk(n_steps=60), walk(n_steps=60, count=lambda t: never)
steps = np.abs(np.diff(path, axis=0)) / 0.3
print("steps along x, in learning rates:", steps[:8, 0].round(2))
print(f"longest along x {steps[:, 0].max():.2f}, along y {steps[:, 1].max():.2f}")
for name, points in (("Adam", path), ("not corrected", uncorrected)):
    x = points[:, 0]
    print(f"{name:13s} farthest x = {x.max():.2f}, after {x.argmax()} steps; ", end="")
    print(
        f"loss after 29 steps {ravine.f(points[29]):.3f}, after 60 {ravine.f(points[60]):.4f}"
    )
assert steps.max() < 1 + 1e-6

reach, far = path[:, 0].max(), uncorrected[:, 0].max()
figure = figures.trajectories(
    ravine,
    {"Adam": path, "not corrected": uncorrected},
    title=f"η = 0.3, 60 steps: Adam reaches x = {reach:.1f}, uncorrected {far:.1f}",
)
figures.guessed(figure.axes[0], x=compare("overshoot", reach))
alt = f"The uncorrected path jumps along the ravine and reaches x = {far:.1f}; Adam \
walks along it in even steps, reaches {reach:.1f} and comes back."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# Along $x$ and along $y$, Adam's longest step is one learning rate long.
# It overshoots too, as momentum does: to $x = 0.71$ after 41 steps, where the uncorrected path has gone to 3.68.
# On so simple a map both arrive, and after 60 steps the losses are 0.0044 and 0.0079.
# Section 9 shows what the missing correction costs where something has been learned already.
#
# </details>

# %% [markdown]
# ### What the size of the loss does
#
# Someone measures the loss in other units and multiplies it by 1000.
# All gradients are then 1000 times as large.
#
# > **Predict.** Plain gradient descent with $\eta = 0.5$ diverges then. What happens to Adam with $\eta = 0.3$?

# %%
predict("loss units", ..., among=("it diverges", "other steps", "the same steps"))

# %% tags=["experiment"]
plain = ravine.start * (1 - 0.5 * np.array([0.1, 2.0])) ** 29
blown = ravine.start * (1 - 0.5 * 1000 * np.array([0.1, 2.0])) ** 29
print(f"plain descent ends at {np.linalg.norm(plain):.2f} from the minimum, and with")
print(f"1000 times the loss at {np.linalg.norm(blown):.0e}")
for scale in (1e3, 1e-3, 1e-7):
    change = np.abs(walk(scale=scale) - walk()).max()
    print(f"Adam, {scale:.0e} times the loss: its path changes by at most {change:.0e}")
change = np.abs(walk(scale=1e3) - walk()).max()
what = "the same steps" if change < 1e-6 else "other steps"
compare("loss units", "it diverges" if change > 100 else what)
assert np.abs(walk(scale=1e-7) - walk()).max() > 0.01

# %% [markdown]
# <details><summary>Why</summary>
#
# Plain descent needs another learning rate; Adam takes the same path.
# A factor on the gradient enters $\hat m$ and $\sqrt{\hat v}$ alike, and the ratio loses it.
# Adam's learning rate is therefore a **length in parameter space**: about how far a parameter moves in a step if its gradients come regularly and agree.
# (It is no upper bound; section 5 finds the exception.)
# Only $\varepsilon$ has a size of its own; with a loss of $10^{-7}$ times the size it begins to count, and the path changes.
#
# </details>

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
# > **Predict.** With $\beta_1 = 0.9$ and $\beta_2 = 0.999$ the ratio begins at 3.16. Sketch how it goes on, to step 2400.

# %%
predict("startup", ..., at=(1, 4, 12, 40, 150, 600, 2400), between=(0, 10))


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
assert abs(ratio[0] - np.sqrt(10)) < 1e-9 and ratio.min() > 1

curves = {"not corrected": (t, ratio), "Adam": (t, np.ones(5000))}
title = f"Uncorrected steps are too long, up to {ratio.max():.2f} times"
axis = {"xlabel": "step t", "ylabel": "length of the step, in η"}
figure = figures.lines(curves, title=title, **axis, xscale="log")
drawn = (1, 4, 12, 40, 150, 600, 2400)
guess = compare("startup", [ratio[k - 1] for k in drawn])
figures.guessed(figure.axes[0], drawn, guess)
alt = f"The ratio starts at {ratio[0]:.2f}, is {ratio.max():.2f} at step {peak}, falls \
slowly and comes near 1 only after some thousand steps."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The ratio is 3.16 in the first step, **6.57 at its peak in step 12**, still 3.24 in step 100, and above 1.05 until step 2374.
# It is never below 1.
#
# Chapter 3 taught that an average which begins at zero gives short steps.
# That is still true of the numerator.
# But $v$ is the more biased average, because it remembers longer, and it stands **below** the fraction line.
#
# </details>

# %% [markdown]
# The ratio was derived. Now measure it, with your own `adam_step` on a constant gradient.


# %%
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
# With `never` we can imitate them: to correct $m$ alone, divide the learning rate by $1-\beta_1^{\,t}$, the part of $\mathrm{E}[g]$ that $m$ holds, and leave the rest uncorrected.
#
# > **Predict.** Which of these makes the longest first step: correcting $m$ alone, $v$ alone, or neither?

# %%
predict("half", ..., among=("only m", "only v", "neither"))


# %%
def tell(which, t, lr):
    """What to tell `adam_step` about t and lr, so that it corrects only a half."""
    held = 1 - 0.9**t  # the part of E[g] that m holds
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
first = {name: abs(path[1, 0]) for name, path in steady.items()}
compare("half", max(first, key=first.get))

# %% [markdown]
# <details><summary>Why</summary>
#
# With $m$ alone corrected the first step is 31.6 learning rates long; on the ravine that lands at a loss of 56, where the start had 6.
# With $v$ alone it is ten times too short, but the 12th has 0.72 of its length already, as $m$ fills up.
# With neither, two mistakes partly cancel.
#
# </details>

# %% tags=["experiment"]
steady = compare_halves(lambda theta: np.ones(1), np.zeros(1), lr=1.0)
ravines = compare_halves(ravine.gradient, ravine.start, lr=0.3)
first = {name: abs(path[1, 0]) for name, path in steady.items()}
numbers = np.arange(1, 201)
lengths = {
    name: (numbers, np.abs(np.diff(path[:, 0]))) for name, path in steady.items()
}
places = {name: path[:61, 0] for name, path in ravines.items()}

worst = max(first, key=first.get)
title = f"The longest first step, {first[worst]:.0f} η: {worst} corrected"
figure, (left, right) = figures.pair(title)
axis = {"xlabel": "step t", "ylabel": "length of the step, in η", "xscale": "log"}
figures.lines(lengths, title="constant gradient", **axis, yscale="log", axes=left)
axis = {"xlabel": "steps", "ylabel": "parameter x"}
figures.lines(places, title="the ravine, η = 0.3", **axis, axes=right)
starts = ", ".join(f"{name} {length:.2g}" for name, length in first.items())
alt = f"Left: the first steps in learning rates: {starts}. Right: the longer the first \
steps, the wider the swings."
figures.show(figure, alt=alt)

# %% [markdown]
# On so simple a map all four arrive in the end; in a network a jump of 30 learning rates may not be forgiven.

# %% [markdown]
# ### The same burst after a long quiet
#
# *Further work.*
#
# Correction mends the *start*.
# But an average can hold next to nothing later on, too: a parameter that belongs to a rare input meets gradients of 0 for a thousand steps, $m$ and $v$ decay to almost nothing, and $1-\beta^t$ has long been 1.
# How long can a corrected step be at all?
# Both averages are weighted sums of the same gradients, and the Cauchy–Schwarz inequality compares them:
#
# $$ |m_t| = (1-\beta_1)\Bigl|\sum_k \beta_1^{\,t-k} g_k\Bigr| \le (1-\beta_1) \sqrt{\sum_k \Bigl(\frac{\beta_1^2}{\beta_2}\Bigr)^{t-k}}\;\sqrt{\sum_k \beta_2^{\,t-k} g_k^2} \;\le\; \frac{1-\beta_1}{\sqrt{1-\beta_2}\,\sqrt{1-\beta_1^2/\beta_2}}\,\sqrt{v_t} $$
#
# if $\beta_1^2 < \beta_2$.
# Kingma and Ba (2015), section 2.1, have the case of a single gradient after a quiet: $(1-\beta_1)/\sqrt{1-\beta_2}$.
#
# > **Predict.** 10,000 gradients of 0, then gradients of 1, with your `adam_step` and the usual decays: how long is the longest step, in $\eta$?

# %%
predict("quiet", ...)


# %%
def after_quiet(gradients, beta2, n_quiet=10_000):
    """Lengths of the steps through `gradients` after many of 0, in learning rates."""
    theta = m = v = np.zeros(1)
    lengths = []
    for t, g in enumerate(gradients, start=n_quiet + 1):  # zeros leave m and v at 0
        old = theta
        theta, m, v = adam_step(theta, m, v, t, np.array([g]), lr=1.0, beta2=beta2)
        lengths.append(abs(theta - old).item())
    return np.array(lengths)


# %% tags=["experiment"]
for beta2 in (0.999, 0.99, 0.95):
    bound = (1 - 0.9) / np.sqrt(1 - beta2) / np.sqrt(1 - 0.9**2 / beta2)
    equal = after_quiet(np.ones(100), beta2)
    worst = after_quiet((beta2 / 0.9) ** np.arange(200), beta2)
    print(
        f"β₂ = {beta2}: first {equal[0]:.3f} η, longest of equal ones {equal.max():.3f},",
        end=" ",
    )
    print(f"of growing ones {worst.max():.3f}; the bound {bound:.3f}")
    assert equal.max() < worst.max() <= bound < 1.001 * worst.max()
    if beta2 == 0.999:
        compare("quiet", equal.max())

# %% [markdown]
# <details><summary>Why</summary>
#
# The numbers are those of the uncorrected start: 3.162 learning rates in the first step, 6.568 at the peak, and 7.270 at the very worst, with gradients that grow by $\beta_2/\beta_1$.
# To an average it is all one whether it is empty because it is young or because nothing came in.
# The first is mended by a count, the second is not: Adam's learning rate is a length for parameters whose gradients come regularly, and up to seven times that for rare ones.
# With $\beta_2 = 0.95$, which is common for large language models, the bound is 1.165: $v$ forgets about as fast as $m$, and there is no burst.
#
# </details>

# %% [markdown]
# ### What a warmup hides
#
# A **warmup** (chapter 4) raises the learning rate from near 0 to $\eta$ over the first steps.
# Programs that train large networks with Adam nearly always begin with one.
#
# The figure has Adam without correction, with a linear warmup over 2,000 steps and over 100.

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

# %% [markdown]
# ### What a warmup is for
#
# *Further work*, as is the rest of this section.
#
# Does it help a method that *is* right?
# As section 3 showed, the first $\hat v$ are right on average and still noisy; and at the start a loss is often curved more than later (chapter 2).
#
# A network with ten hidden layers of 50 ReLU units reads the digits; Adam, corrected, 400 steps in batches of 32, and a learning rate that falls to 0 like a cosine.
# Ten seeds each, with and without a warmup over 150 steps.
# The runs are recorded.
#
# > **Predict.** Does warmup make the best loss much lower, or does it let larger learning rates do well, or neither?

# %%
predict("warmup", ..., among=("a lower loss", "larger rates", "neither"))

# %% tags=["experiment"]
recorded = recorded_runs.warmups()
print(
    "median loss after 400 steps (lowest and highest of 10 seeds), right on new images"
)
for k, lr in enumerate(recorded.lrs):
    for name, run, right in zip(
        ("without", "warmup"), recorded.loss[:, k], recorded.accuracy[:, k], strict=True
    ):
        print(
            f"η = {lr:5.2g}, {name:8s} {np.median(run):6.3f} ({run.min():.3f} to ",
            end="",
        )
        print(f"{run.max():.3f})  {np.median(right):.1%}")
cold, warm = recorded.loss
medians = np.median(recorded.loss, axis=2)
lower = medians[1].min() < 0.5 * medians[0].min()
larger = medians[1].argmin() > medians[0].argmin()
what = "a lower loss" if lower else "larger rates" if larger else "neither"
compare("warmup", what)
print("warmup is ahead in", np.sum(warm < cold, axis=1), "of 10 seeds, by η")

curves = {
    "Adam, at once": (recorded.lrs, cold.T),
    "Adam, warmup of 150": (recorded.lrs, warm.T),
}
best = [recorded.lrs[row.argmin()] for row in medians]
title = f"Ten layers: best η {best[0]:.2g} at once and {best[1]:.2g} with warmup"
axis = {"xlabel": "learning rate η", "ylabel": "loss after 400 steps"}
figure = figures.lines(
    curves, title=title, **axis, xscale="log", yscale="log", dots=True
)
alt = f"Loss against learning rate, ten thin lines and a median each. The medians are \
least at {best[0]:.2g} at once and at {best[1]:.2g} with warmup."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# At $\eta = 0.032$ warmup is ahead in all ten seeds, by a factor of four, and at 0.01 in at least nine.
# At smaller rates it only costs time, and at 0.1 both are lost.
# The best loss is about the same with and without, 0.016 and 0.017, each at its own best $\eta$; on new images warmup's best is ahead, 96.1 % against 94.3 %.
# So warmup does not make a good run better by much.
# It makes a larger learning rate possible, and a wrong guess of it less costly: at the start the steep directions allow short steps only, and while these are taken, the curvature gives way.
#
# </details>

# %% [markdown]
# ## 6 · Where ε sits
#
# *Further work*, as is the section.
#
# Some programs do not compute (5.4) as it stands.
# The factors that depend on $t$ alone can be gathered in a learning rate of this step:
#
# $$ \eta_t = \eta\,\frac{\sqrt{1-\beta_2^{\,t}}}{1-\beta_1^{\,t}}, \qquad \theta_t = \theta_{t-1} - \eta_t\,\frac{m_t}{\sqrt{v_t} + \varepsilon}. \tag{5.6} $$
#
# That is the **folded form**.
# It spares two divisions of whole arrays and is what Keras computes.
# But here $\varepsilon$ is added to the root of the *uncorrected* $v_t$, so with the same $\varepsilon$ the numbers are not the same.

# %% [markdown] exercise="folded_adam_step"
# Write one step of the folded form (5.6), with `eps` added as it is.
# Arguments and results are those of `adam_step`.


# %% exercise="folded_adam_step"
def folded_adam_step(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = update_moments(m, v, grad, beta1, beta2)
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


# %% [markdown]
# The next cells make a first step with a small gradient and different $\varepsilon$: Adam's, the folded form's, and with $\varepsilon$ *inside* the root.


# %%
def first_step(step, g, eps):
    """Length of the first step for gradients g, in learning rates."""
    zeros = np.zeros_like(g)
    return np.abs(step(zeros, zeros, zeros, 1, g, lr=1.0, eps=eps)[0])


# %% tags=["experiment"]
if needs(folded_adam_step):
    for g, eps in ((1e-3, 1e-2), (1e-5, 1e-8), (1.0, 1e-8)):
        plain = first_step(adam_step, np.array(g), eps)
        folded = first_step(folded_adam_step, np.array(g), eps)
        inside = g / np.sqrt(g**2 + eps)
        print(f"g = {g:g}, ε = {eps:g}:", end=" ")
        print(f"plain {plain:.7f}, folded {folded:.7f}, inside the root {inside:.7f}")
        assert abs(plain - g / (g + eps)) < 1e-9
        assert abs(folded - g / (g + eps / np.sqrt(1e-3))) < 1e-9

# %% tags=["experiment"]
if needs(folded_adam_step):
    g = np.logspace(-11, 0, 200)
    curves = {
        "Adam": (g, first_step(adam_step, g, eps=1e-8)),
        "Adam, folded": (g, first_step(folded_adam_step, g, eps=1e-8)),
        "ε in the root": (g, g / np.sqrt(g**2 + 1e-8)),
    }
    title = "With ε = 1e-8 in the root, a gradient of 1e-5 hardly moves"
    axis = {"xlabel": "size of the gradient", "ylabel": "first step, in η"}
    figure = figures.lines(curves, title=title, **axis, xscale="log")
    alt = (
        "Three curves rise from 0 to 1: at gradients of 1e-8 for Adam, of 3e-7 for the \
folded form, and only at 1e-4 with ε inside the root."
    )
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
# Compare them in 100 steps on the ravine, with $\varepsilon = 0.1$ in both, and then with $\varepsilon_t$.

# %% tags=["experiment"]
if needs(folded_adam_step, folded_epsilon):
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
# ## 7 · Weight decay and Adam
#
# **Weight decay** lets every parameter lose a small part of itself in each step, so that only what the data keep asking for stays large.
# In plain gradient descent it does not matter how you write it: to subtract $\eta\lambda\theta$ is the same as to add a penalty $\tfrac{\lambda}{2}\lVert\theta\rVert^2$ to the loss, an **L2 penalty**, since the penalty's gradient is $\lambda\theta$.
#
# In Adam the two part company.
# **AdamW** subtracts the decay in addition to Adam's step; it is *decoupled* from the averages:
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
# The figure shows what is left of each kind in 1,000 steps with $\eta = 0.01$ and $\lambda = 0.1$, under AdamW and under the L2 penalty.


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
# ### Where decoupling pays, and where not
#
# *Further work*, as is the rest of this section.
#
# Is that good or bad?
# It depends on which weights *ought* to decay.
# The penalty shrinks weights with small gradients most; seen as a penalty of its own, AdamW's decay pulls on a weight in proportion to its gradients' scale, $\lambda\sqrt{\hat v}\,\theta$.
#
# Three kinds of tables for logistic regression, too small to learn from without decay:
#
# - **mixed units**: 100 columns that matter alike, measured in units from 0.1 to 10, with 200 rows;
# - **one unit**: the same, all in one unit;
# - **rare columns**: the 200 columns of 0 and 1 of chapter 4, with 500 rows.
#
# > **Predict.** Ten tables of each kind; Adam with the penalty and AdamW, each with its best $\lambda$ of a grid.
# > On which kind does AdamW gain most on new rows?

# %%
predict("decoupled", ..., among=("mixed units", "one unit", "rare columns"))


# %%
from autograder.lab.tasks import logistic_regression

kinds = {
    "mixed units": (
        logistic_regression.mixed_units(200),
        (0.1, 0.3, 1.0),
        (0.3, 1.0, 3.0),
    ),
    "one unit": (
        logistic_regression.mixed_units(200, decades=0.0),
        (0.01, 0.03, 0.1),
        (0.3, 1.0, 3.0),
    ),
    "rare columns": (
        logistic_regression.rare_columns(500),
        (1e-4, 3e-4, 1e-3),
        (0.01, 0.03, 0.1),
    ),
}


def held_out(tables, decoupled, strength, n_steps=1000):
    """Loss on new rows for each table; the learning rate falls from 0.03 to 0."""
    theta = m = v = np.zeros_like(tables.weights)
    n_rows = tables.X.shape[1]
    for t in range(1, n_steps + 1):
        rows = np.arange(20 * t, 20 * t + 20) % n_rows
        grad = logistic_regression.gradient(theta, tables.X[:, rows], tables.y[:, rows])
        lr = 0.03 * (1 + np.cos(np.pi * t / n_steps)) / 2
        if decoupled:
            theta, m, v = adamw_step(theta, m, v, t, grad, lr, weight_decay=strength)
        else:
            theta, m, v = adam_step(theta, m, v, t, grad + strength * theta, lr)
    return logistic_regression.loss(theta, tables.X_new, tables.y_new)


# %% tags=["experiment"]
gains = {}
for kind, (tables, penalties, decays) in kinds.items():
    best = []
    for decoupled, grid in ((False, penalties), (True, decays)):
        losses = {strength: held_out(tables, decoupled, strength) for strength in grid}
        chosen = min(grid, key=lambda strength: np.median(losses[strength]))
        assert grid[0] < chosen < grid[-1]
        best.append(losses[chosen])
        name = "AdamW" if decoupled else "Adam, L2"
        print(
            f"{kind:12s} {name:8s} λ = {chosen:5g}: loss {np.median(losses[chosen]):.3f} ",
            end="",
        )
        print(f"({losses[chosen].min():.3f} to {losses[chosen].max():.3f})")
    gains[kind] = best[0] - best[1]
for kind, gain in gains.items():
    print(
        f"{kind:12s} AdamW ahead by {np.median(gain):6.3f} ({gain.min():.3f} to {gain.max():.3f})"
    )
compare("decoupled", max(gains, key=lambda kind: np.median(gains[kind])))
nothing = np.median(held_out(kinds["mixed units"][0], True, 0.0))
print(f"mixed units, no decay at all: loss {nothing:.2f}; guessing: {np.log(2):.2f}")

# %% [markdown]
# <details><summary>Why</summary>
#
# With mixed units AdamW is ahead in all ten tables, by 0.055 in the median; without any decay the loss would be worse than guessing.
# A weight for a column in small units has to be large.
# The penalty sees only that it is large, and holds it down; in AdamW the gradients' scale makes up for the unit.
# With one unit for all columns the two are level: the difference is within what tables differ by.
# With rare columns the penalty is ahead, by 0.010, in all ten: it is right to distrust a weight that has seen few examples, and AdamW trusts it more.
#
# So decoupling is no gain in itself.
# It makes the decay independent of the units of the inputs and of the size of the loss, as Adam's steps are, and a good $\lambda$ less dependent on $\eta$; that is what one wants of a setting that is carried from one network to the next.
#
# </details>

# %% [markdown]
# ## 8 · A memory that is too short
#
# *Further work*, down to *From a step to an optimiser*, where the core goes on with exercise 5.9.
#
# Adam's denominator forgets.
# Reddi, Kale and Kumar (2018) built a stream of losses to show what that can do.
# One parameter $x$ may move between $-1$ and $1$.
# The loss of step $t$ is $4x$ if $t$ is 1, 4, 7, …, and $-x$ in all other steps.
# In three steps together the loss is $4x - x - x = 2x$, so $x = -1$ is best.
#
# Let $\beta_1 = 0$ and $\beta_2 = 1/17$: no average of the gradients, and a short memory of the squares.
# The learning rate falls like $0.5/\sqrt t$, as theory asks for.
#
# In a run of three steps, one gradient is 4 and two are −1.
# Adam divides each by the root of its recent mean square.
#
# > **Predict.** Adam starts at $x = 0$. Where is it after 3,000 steps?

# %%
predict("stream", ...)


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
v, pushes = np.zeros(1), []
for slope in [4.0, -1.0, -1.0] * 20:  # long enough for v to repeat itself
    _, v = update_moments(np.zeros(1), v, np.array([slope]), **short)
    pushes.append(-slope / np.sqrt(v).item())
print(f"pushes {np.round(pushes[-3:], 2)} η, together {sum(pushes[-3:]):.2f} η")

places, slopes = follow(adam_step, 2, **short)
regret = np.mean(slopes * (places + 1))
print(f"after 3,000 steps Adam is at {places[-1]:.2f};")
print(f"it loses {regret:.2f} more a step than x = −1 would, theory {4 / 3:.2f}")
compare("stream", places[-1])
assert abs(regret - 4 / 3) < 0.05

# %% [markdown]
# <details><summary>Why</summary>
#
# The 4 pushes $x$ down by 1.03 $\eta$, since it is divided by its own size.
# The two −1 push it up by 0.74 $\eta$ and 0.98 $\eta$: by then $v$ has forgotten the 4.
# The sum points upwards, and Adam walks to $x = 1$, **the worst point there is**.
# Standing there costs $2x = 2$ in three steps where $-2$ was to be had: 4/3 a step.
#
# </details>

# %% [markdown]
# ### A denominator that never shrinks
#
# **AMSGrad** keeps, in addition to the average, the largest average so far, entry by entry, and divides by its root:
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
# Now the 4 and the −1 are divided by the same root.
# The figure shows where $x$ goes, and what plain Adam does with its usual decays, 0.9 and 0.999.


# %%
def follow_all():
    """Places and slopes for three methods on the stream."""
    runs = {
        "Adam": follow(adam_step, 2, **short),
        "Adam, usual decays": follow(adam_step, 2),
    }
    if needs(amsgrad_step, recorded=True):
        runs["AMSGrad"] = follow(amsgrad_step, 3, **short)
    else:
        runs["AMSGrad"] = further.recorded("amsgrad_step")
    return runs


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
# ### From a step to an optimiser
#
# Now the object that is called in every step of nearly all training today.
# It puts together what this chapter has: two averages and their correction, decoupled decay, and a learning rate that may follow a schedule.
#
# ```python
# optimiser = Adam(lr=lambda t: 1e-3 * min(1, (t + 1) / 100), weight_decay=0.01)
# for X, labels in batches:
#     optimiser.update(params, gradients_of(params, X, labels))
# ```

# %% [markdown] exercise="Adam"
# Write it, with your `adam_step` for one array.
# `params` and `grads` are dicts of arrays with the same keys; a key may be seen for the first time in any update.
# There are two counts here: a schedule is asked for the learning rate of update 0, 1, 2, …, and the correction has $t = 1$ in the first update.

# %% exercise="Adam"

# %% tags=["try"]
optimiser, params = Adam(lr=0.1), {"w": np.array([1.0]), "b": np.array([-2.0])}
for _ in range(3):
    optimiser.update(params, {"w": np.array([2.0]), "b": np.array([0.01])})
    print(params)

# %% [markdown]
# ### Find the mistakes
#
# The next function is Adam with a warmup and a decay, all in one loop, as it stands in many programs.
# On the ravine, from $(-7, 2)$ with $\eta = 0.1$, a warmup of 4 steps and a decay of 0.1, its steps should be 0.04, 0.08, 0.13 and 0.17 long, and then stay near that.
# It takes 0.70, 0.71, 0.71 and 0.70, and after twelve steps they are 0.26.

# %% [markdown] exercise="warmed_up_adam"
# There are three mistakes in this function.
# Find them, and change as little as you can.
# The check names a mistake only when it is the last one that is left.

# %% exercise="warmed_up_adam"

# %% tags=["try"]
theta, lengths = warmed_up_adam(ravine.gradient, np.array([-7.0, 2.0]), 0.1, 4, 12, 0.1)
print(theta, lengths, sep="\n")

# %% [markdown]
# ## 9 · Train a network
#
# What works on a plane should train a network.
# `digit_network` has 64 pixels, 32 tanh units and 10 classes; its 2,410 parameters are a dict of two arrays, and so are their gradients.
# The course's `Optimiser` makes of any step function of this chapter what `Adam` is: an object with one method, `update(params, grads)`, and a memory for each array.

# %%
from autograder.lab.tasks.optimiser import Optimiser

# %% [markdown]
# Somebody else's `Adam` is right in every test with one array.
# A network of twelve arrays, whose gradients are all 1, gets these first steps from it; each should be one $\eta$ long.

# %% tags=["experiment"]
zeros, grad = np.zeros(1), np.ones(1)
for k in range(1, 13):
    first = -adam_step(zeros, zeros, zeros, k, grad, lr=1.0)[0].item()
    theory = startup_ratio(0.9, 0.999, 1) / startup_ratio(0.9, 0.999, k)
    print(f"array {k:2d}: first step {first:.4f} η")
    assert abs(first - theory) < 1e-6

# %% [markdown]
# Which of its lines stands in the wrong place, and is your own `Adam` free of that?
# Write it down before you unfold the answer.
#
# <details><summary>Answer</summary>
#
# `self.t += 1` stands inside the loop over the arrays.
# So the second array is told that this is step 2, and its first step is 0.7441 $\eta$ long; that of the twelfth array is 0.4814 $\eta$ long.
# All later steps are counted wrongly as well.
# An optimiser counts updates, not arrays.
#
# </details>
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


# %% [markdown]
# Five epochs with $\eta = 0.01$: Adam, and AdamW with the default $\lambda = 0.01$ and with $\lambda = 0.5$.

# %% tags=["experiment"]
optimisers = {
    "Adam": lambda: Adam(lr=0.01),
    "AdamW 0.01": lambda: Adam(lr=0.01, weight_decay=0.01),
    "AdamW 0.5": lambda: Adam(lr=0.01, weight_decay=0.5),
}
print("             loss    right (lowest and highest of 10 seeds)   hidden weights")
right, final = {}, {}
for name, make in optimisers.items():
    runs = [train(make(), n_epochs=5, seed=seed) for seed in range(10)]
    right[name] = [
        digit_network.accuracy(params, digits.X_val, digits.labels_val)
        for params, _ in runs
    ]
    final[name] = np.median([losses[-1] for _, losses in runs])
    length = np.median([np.linalg.norm(params["hidden"]) for params, _ in runs])
    print(f"{name:11s} {final[name]:6.3f}    {np.median(right[name]):.1%} ", end="")
    print(f"({min(right[name]):.1%} to {max(right[name]):.1%})  length {length:.2f}")
    assert min(right[name]) > 0.9
assert np.ptp([np.median(r) for r in right.values()]) < np.ptp(right["Adam"])
assert 1.5 < final["AdamW 0.5"] / final["Adam"] < 2.5

# %% [markdown]
# All of them learn to read digits that they have not seen.
# Decay keeps the weights shorter, and here it buys nothing: on new images all three are level within the seeds, and a decay fifty times the default doubles the loss on the training images.
# A network of 2,410 parameters that has 1,077 images and five epochs does not overfit yet; where nothing is overfitted, decay has nothing to mend.
# Decay is a hyperparameter like any other: measure it on held-out data.
#
# *Further work.* If you wrote `amsgrad_step` and `folded_adam_step`:

# %% tags=["experiment"]
if needs(amsgrad_step, folded_adam_step):
    three = {
        "Adam": Adam(lr=0.01),
        "AMSGrad": Optimiser(amsgrad_step, 3, counted=True, lr=0.01),
        "folded": Optimiser(folded_adam_step, 2, counted=True, lr=0.01),
    }
    ends = {}
    for name, optimiser in three.items():
        params, losses = train(optimiser, n_epochs=5, seed=1)
        ends[name] = losses[-1]
        print(f"{name:8s} loss {losses[-1]:.3f}")
    assert np.ptp(list(ends.values())) < 0.02

# %% [markdown]
# AMSGrad and Adam end alike: in this task it hardly matters that $v$ may shrink.
# So does the folded form: compared with these gradients an $\varepsilon$ of $10^{-8}$ counts for nothing, wherever it stands.

# %% [markdown]
# ### What a missing correction costs
#
# A run is interrupted after five epochs.
# The weights were saved, the averages were not, so Adam goes on with empty ones.
#
# The figure shows the loss in the next 60 updates, with and without correction.


# %%
def resumed(trained, seed, count, n_updates=60):
    """Loss at each update from a trained network on, with averages that start anew."""
    params, losses = dict(trained), []
    moments = {name: [np.zeros_like(array)] * 2 for name, array in params.items()}
    rng = np.random.default_rng(100 + seed)
    stream = [pair for _ in range(2) for pair in digit_network.batches(digits, rng)]
    for t, (X, labels) in enumerate(stream[:n_updates], start=1):
        losses.append(digit_network.loss(params, digits.X, digits.labels))
        _, grads = digit_network.loss_and_grads(params, X, labels)
        for name, grad in grads.items():
            params[name], *moments[name] = adam_step(
                params[name], *moments[name], count(t), grad, lr=0.01
            )
    return losses


# %% tags=["experiment"]
nets = [train(Adam(lr=0.01), 5, seed)[0] for seed in range(10)]
counts = {"Adam": lambda t: t, "not corrected": lambda t: never}
curves = {
    name: np.array([resumed(net, seed, count) for seed, net in enumerate(nets)])
    for name, count in counts.items()
}
for name, losses in curves.items():
    worst = losses.max(axis=1)
    print(f"{name:13s} loss {np.median(losses[:, 0]):.2f}, then up to ", end="")
    print(f"{np.median(worst):.2f} (seeds: {worst.min():.2f} to {worst.max():.2f})")
corrected, uncorrected = (losses.max(axis=1) for losses in curves.values())
assert np.all(uncorrected > 1.5 * corrected)

title = "Resumed with empty averages: uncorrected steps undo most of five epochs"
axis = {
    "xlabel": "update after the interruption",
    "ylabel": "loss on the training images",
}
figure = figures.lines(curves, title=title, **axis, yscale="log")
alt = "Ten seeds each. Corrected, the loss stays between 0.1 and 0.2; not corrected it \
jumps to about 0.5 within some updates and needs dozens to come back."
figures.show(figure, alt=alt)

# %% [markdown]
# With correction the loss rises a little, since the first averages are noisy.
# Without, it goes up to several times that in every seed: steps of up to 6.57 learning rates in directions that a few batches have chosen.
# Save the averages with the weights; and correct them.

# %% [markdown]
# ### Rare columns
#
# The task on which AdaGrad beat SGD in chapter 4: ten tables of 200 columns, as rare as words; logistic regression, one pass over 10,000 rows in batches of 10.
# AdaGrad came to 0.018 above the loss of the true weights there.
#
# Adam forgets, and after a long quiet it bursts.
# The next cells ask whether it beats SGD here, and whether $\beta_2 = 0.95$ helps.

# %%
rare = logistic_regression.rare_columns(10_000)
floor = logistic_regression.loss(rare.weights, rare.X_new, rare.y_new)


def one_pass(step):
    """Loss above that of the true weights, on new rows, for each of ten tables."""
    theta = m = v = np.zeros_like(rare.weights)
    for t in range(1, 1001):
        rows = slice(10 * t - 10, 10 * t)
        grad = logistic_regression.gradient(theta, rare.X[:, rows], rare.y[:, rows])
        theta, m, v = step(theta, m, v, t, grad)
    return logistic_regression.loss(theta, rare.X_new, rare.y_new) - floor


def sgd(lr):
    return lambda theta, m, v, t, grad: (theta - lr * grad, m, v)


def adam(lr, beta2):
    return lambda theta, m, v, t, grad: adam_step(theta, m, v, t, grad, lr, 0.9, beta2)


# %% tags=["experiment"]
candidates = {
    "SGD": {lr: sgd(lr) for lr in (2.0, 4.0, 8.0)},
    "Adam, β₂ = 0.999": {lr: adam(lr, 0.999) for lr in (0.02, 0.04, 0.08)},
    "Adam, β₂ = 0.95": {lr: adam(lr, 0.95) for lr in (0.02, 0.04, 0.08)},
}
excess = {}
for name, steps in candidates.items():
    runs = {lr: one_pass(step) for lr, step in steps.items()}
    lr = min(runs, key=lambda lr: np.median(runs[lr]))
    excess[name] = runs[lr]
    print(
        f"{name:17s} η = {lr:4}: {np.median(runs[lr]):.3f} above the true weights",
        end=" ",
    )
    print(f"({runs[lr].min():.3f} to {runs[lr].max():.3f})")
    assert min(runs) < lr < max(runs)
usual = excess["Adam, β₂ = 0.999"]
print(f"Adam is ahead of SGD in {np.sum(usual < excess['SGD'])} of 10 tables")
assert np.all(usual < excess["SGD"])
assert abs(np.median(usual) - np.median(excess["Adam, β₂ = 0.95"])) < 0.01

# %% [markdown]
# Adam beats SGD in all ten tables, 0.026 against 0.039, and does not reach AdaGrad's 0.018.
# A shorter memory makes no difference here: it takes away the burst, and with it the long first steps that a rare column could use.
# Where a model has many rare inputs, a scale for every parameter is worth a lot; that is the case for which these methods exist.

# %% [markdown]
# ### Five optimisers on the ravine
#
# The other four are the methods of chapters 0, 3 and 4.
# Their functions are not in this notebook, so their runs are recorded; Adam's is yours.
#
# All five have $\eta = 0.4$ and 30 points, momentum with $\beta = 0.9$.

# %% tags=["experiment"]
others = recorded_runs.on_ravine("one learning rate")
paths = {name: run.path for name, run in others.items()} | {"Adam": walk(lr=0.4)}
for name, path in paths.items():
    print(f"{name:16s} ends {np.linalg.norm(path[-1]):.2f} from the minimum")
ends = {name: np.linalg.norm(path[-1]) for name, path in paths.items()}
assert min(ends, key=ends.get) == "RMSProp" and max(ends, key=ends.get) == "AdaGrad"

title = "η = 0.4, 30 points each: RMSProp comes nearest, AdaGrad stays behind"
figure, (left, right) = figures.pair(title)
swinging = {name: paths[name] for name in ("gradient descent", "momentum")}
figures.trajectories(
    ravine, swinging, title="one scale for both coordinates", axes=left
)
scaled = {name: paths[name] for name in ("AdaGrad", "RMSProp", "Adam")}
figures.trajectories(ravine, scaled, title="a scale for each", axes=right)
for axes, part in ((left, swinging), (right, scaled)):
    for points in part.values():
        axes.plot(
            *points[-1], "o", markersize=8, markerfacecolor="none", color="#222222"
        )
alt = (
    "Left: gradient descent falls into the ravine and creeps along it, momentum swings \
widely. Right: AdaGrad, RMSProp and Adam leave the start along the diagonal; rings mark \
their ends, AdaGrad's halfway."
)
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
# Here every optimiser was trained with the same 12 learning rates, from 0.0001 to 32, in steps of $\sqrt{10}$, and 10 seeds each.
# A seed fixes the first network and the order of the images, the same for all.
# Each optimiser then shows the learning rate with the least median loss after 20 epochs.
# The runs are recorded; you repeat Adam's first one.
#
# Look at the order in which they finish, and at how large the differences are, compared with those between seeds.

# %% tags=["experiment"]
race = recorded_runs.on_digits()
recorded = race["Adam"]
_, mine = train(Adam(lr=recorded.lr), n_epochs=20, seed=0)
print(f"my Adam ends at {mine[-1]:.5f}, recorded {recorded.losses[0, -1]:.5f}")
assert np.allclose(mine[:6], recorded.losses[0, :6], rtol=1e-5)

# %% tags=["experiment"]
print("                     η   epoch 5   epoch 20 (all seeds)   right")
for name, run in race.items():
    early, late = np.median(run.losses[:, [5, 20]], axis=0)
    low, high = run.losses[:, 20].min(), run.losses[:, 20].max()
    print(f"{name:16s} {run.lr:6.3f}   {early:.3f}  ", end=" ")
    print(f"{late:.4f} ({low:.4f}–{high:.4f})   {np.median(run.accuracy):.1%}", end=" ")
    print(f"({run.accuracy.min():.1%} to {run.accuracy.max():.1%})")
by_epoch = {
    epoch: sorted(race, key=lambda name: np.median(race[name].losses[:, epoch]))
    for epoch in (5, 20)
}
print("order after 20 epochs:", ", ".join(by_epoch[20]))
assert by_epoch[5][0] == "Adam" and by_epoch[20][:2] == ["momentum", "Adam"]
assert by_epoch[20][2:] == ["RMSProp", "gradient descent", "AdaGrad"]
gap = np.median(race["Adam"].accuracy) - np.median(race["momentum"].accuracy)
assert abs(gap) < np.ptp(race["Adam"].accuracy)

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
# After 5 epochs Adam is ahead: 0.051 against 0.104 or more.
# After 20 epochs momentum is in front by a hair, 0.0010 against Adam's 0.0012, and the ranges of their seeds overlap.
# RMSProp's seeds are far apart, AdaGrad slows down as chapter 4 foretold.
#
# And on images that they have not seen, does Adam generalise worse than SGD, as one often reads (Wilson et al., 2017)?
# Here it does not: Adam and momentum are right in 97.5 % of the cases in the median, and both range from 96.9 to 97.8 % over the ten seeds; plain descent ranges from 96.4 to 97.5 %.
# Differences of a point are what another seed makes.
# What was found elsewhere depends on the task and on how well each method was tuned; on large language models nobody trains with plain SGD, because of the rare columns.

# %% [markdown]
# > **Predict.** Run the same race on the ravine: the same learning rates, each method with its best one, 30 points.
# > Which method wins there?

# %%
predict(
    "ravine",
    ...,
    among=("gradient descent", "momentum", "AdaGrad", "RMSProp", "Adam"),
)

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
compare("ravine", min(losses, key=losses.get))

# %% [markdown]
# <details><summary>Why</summary>
#
# **The order is another one.**
# AdaGrad, last on the digits, wins on the ravine with a loss of $10^{-37}$: no noise, two parameters, axes along the valley, and a learning rate of 32, the largest one tried, after whose first leap the sum of squares stands in for the curvature.
# (There is no best one: the larger that leap, the better. On the digits 0.3 was best.)
# Momentum, first on the digits, is third.
#
# No optimiser wins everywhere, nor could one.
# What Adam offers is that one learning rate, a length, often serves parameters of very different scale, and that it is quick early on.
#
# </details>

# %% [markdown]
# ## 10 · One formula
#
# *Further work*, down to *Decide*, where the core goes on with exercise 5.12.
#
# Five methods, from chapters 0, 3, 4 and 5, and all of them are
#
# $$ \theta \leftarrow \theta - \frac{\eta_t}{\sigma_t}\; m_t : \tag{5.11} $$
#
# a **direction** $m_t$, made of the gradients; a **scale** $\sigma_t$, made of their squares, for every parameter; and a **schedule** $\eta_t$, made of the step's number alone.
# Whoever invents an optimiser chooses these three.
#
# The cell below has the parts: each takes all gradients so far, one a row.


# %%
def last(gradients):
    return gradients[-1]


def weighted(gradients, beta):
    """The sum of all gradients, each weighing `beta` times what its successor does."""
    return beta ** np.arange(len(gradients))[::-1] @ gradients


def average(values, beta, corrected=True):
    """Their moving average from zero, with its bias or without."""
    held = 1 - beta ** len(values) if corrected else 1.0
    return (1 - beta) * weighted(values, beta) / held


def root_mean(gradients):
    return np.sqrt(np.mean(gradients**2, axis=0))


# %% [markdown]
# Which part is which method's direction, scale and schedule?
# Fill the table in your head (or in a cell) before you read the next one.
#
# | method | direction $m_t$ | scale $\sigma_t$ | schedule $\eta_t$ |
# |---|---|---|---|
# | gradient descent | ? | ? | $\eta$ |
# | momentum | ? | ? | $\eta$ |
# | AdaGrad | ? | ? | ? |
# | RMSProp | ? | ? | $\eta$ |
# | Adam | ? | ? | $\eta$ |

# %% tags=["experiment"]
choices = {
    "gradient descent": (last, lambda g: 1.0, lambda t: 0.4),
    "momentum": (lambda g: weighted(g, 0.9), lambda g: 1.0, lambda t: 0.4),
    "AdaGrad": (last, root_mean, lambda t: 0.4 / np.sqrt(t)),
    "RMSProp": (last, lambda g: np.sqrt(average(g**2, 0.9, False)), lambda t: 0.4),
    "Adam": (
        lambda g: average(g, 0.9),
        lambda g: np.sqrt(average(g**2, 0.999)),
        lambda t: 0.4,
    ),
}
walked = {
    name: run.path for name, run in recorded_runs.on_ravine("one learning rate").items()
}
walked["Adam"] = walk(lr=0.4)
for name, (direction, scale, schedule) in choices.items():
    points, gradients = [ravine.start], []
    for t in range(1, 30):
        gradients.append(ravine.gradient(points[-1]))
        g = np.array(gradients)
        points.append(points[-1] - schedule(t) / scale(g) * direction(g))
    apart = np.abs(np.array(points) - walked[name]).max()
    print(f"{name:16s} differs from its own function's path by at most {apart:.0e}")
    assert apart < 1e-5

# %% [markdown]
# | method | direction $m_t$ | scale $\sigma_t$ | schedule $\eta_t$ |
# |---|---|---|---|
# | gradient descent | last gradient | 1 | $\eta$ |
# | momentum | sum with weights $\beta^{t-k}$ | 1 | $\eta$ |
# | AdaGrad | last gradient | root of the mean square of all | $\eta/\sqrt{t}$ |
# | RMSProp | last gradient | root of the moving average of squares | $\eta$ |
# | Adam | moving average, corrected | root of the moving average of squares, corrected | $\eta$ |
#
# The five paths of the last section come out again; what is left is where each puts its $\varepsilon$.
# Any schedule of chapter 4 can stand in the last column, and decoupled weight decay next to the whole formula.
# The signs of PyTorch's momentum look different, $v \leftarrow \beta v + g$ and $\theta \leftarrow \theta - \eta v$: that is the row *momentum* as it stands here, with the minus in front of the step instead of inside the velocity, and the same path as long as $\eta$ is constant.

# %% [markdown]
# ## 11 · In practice
#
# What is done with all this in large trainings, as of 2026, and what of it these chapters explain.
#
# - **AdamW is the default for Transformers**, mostly with $\beta_1 = 0.9$ and $\beta_2 = 0.95$ (Brown et al., 2020; Touvron et al., 2023): by the bound in section 5 no rare word can then burst. Convolutional networks are still often trained with momentum.
# - **Why Adam and not SGD there?** Words are rare columns. Kunstner et al. (2024) find that the gap between the two comes mostly from the many rare words, which SGD learns slowly, as in section 9.
# - **No decay on biases and on the scales of normalisation layers**: they are few, do not overfit, and should not be pulled to 0. (In a library: two groups of parameters with different `weight_decay`.)
# - **Clipping**: if the length of the whole gradient exceeds a bound, often 1, the gradient is shortened to that (Pascanu et al., 2013). That caps $m$, and keeps one bad batch out of $v$.
# - **Warmup, then decay**: some hundred to some thousand steps of warmup, then a cosine, or a constant rate with a short decay at the end (Hu et al., 2024), which leaves the length of the training open.
# - **The batch grows** in some trainings as the loss falls, since the noise scale grows (chapter 2).
# - **Choosing $\eta$ in three runs**: take what others used for such a network, and a third and three times that. If an outer one wins, go on in that direction. The loss rises slowly below the best $\eta$ and fast above it.
# - **From a small network to a large one**: if initial weights and learning rates of each layer are scaled with its width in the right way (for Adam, $\eta$ of hidden layers like one over the width), the best $\eta$ of a narrow network stays the best for a wide one (Yang et al., 2021, *Tensor Programs V*), so it can be searched for where it is cheap.
# - **Methods with more than a scale for each parameter** treat a matrix of weights as one thing. Shampoo (Gupta et al., 2018), SOAP (Vyas et al., 2024) and Muon (Jordan et al., 2024) aim at what AdaGrad cannot do: ravines that do not run along an axis (chapter 4).
#
# And memory: Adam keeps two numbers for every parameter.
#
# Take a language model of seven billion parameters, in 32-bit numbers: weights, gradients, and what each method keeps.

# %% tags=["experiment"]
billions = 7
for name, n_averages in (
    ("gradient descent", 0),
    ("momentum", 1),
    ("Adam", 2),
    ("AMSGrad", 3),
):
    print(
        f"{name:16s} {4 * (2 + n_averages) * billions:4d} GB, of these {4 * n_averages * billions} GB averages"
    )
curve = np.median(race["Adam"].final, axis=1)
best = int(np.nanargmin(curve))
print(
    "Adam on the digits, loss at a third of the best η, at it, and at three times it:"
)
print(
    *(
        f"η = {race['Adam'].lrs[k]:.3g}: {curve[k]:.4f}  "
        for k in (best - 1, best, best + 1)
    )
)

# %% [markdown]
# 112 gigabytes, and half of them are Adam's.
# That is why averages are kept in fewer bits (Dettmers et al., 2022), or $v$ as a row and a column for each matrix instead of a number for each entry (Adafactor, Shazeer and Stern, 2018), or divided among many machines (Rajbhandari et al., 2020).

# %% [markdown]
# ### Suspects
#
# In practice nobody sees a mistake; what is seen are numbers.
# Six programs were given the same thirty gradients and took these steps.
# Each has one of six mistakes: no correction at all, no correction of $m$, none of $v$, a $t$ that is one ahead, corrected moments that are kept as the moments, or $\beta_1$ and $\beta_2$ exchanged.
# Each mistake occurs once.

# %% tags=["experiment"]
from autograder.lab.tasks import suspects

seen = suspects.recorded()
t = np.arange(1, len(seen.grads) + 1)
lengths = {name: np.abs(steps) / seen.lr for name, steps in seen.runs.items()}
curves = {name: (t, np.where(y > 0.05, y, np.nan)) for name, y in lengths.items()}
where = {"xlabel": "step t", "ylabel": "length of the step, in η"}
title, few = "Six programs, the same gradients", {"xscale": "log", "yscale": "log"}
figure = figures.lines(curves, title=title, **where, **few)
first = ", ".join(f"{name} {y[0]:.2g}" for name, y in lengths.items())
figures.show(figure, alt=f"Lengths of thirty steps. The first, in η: {first}.")

# %% [markdown]
# A line ends where the steps become shorter than a twentieth of η.
# Read the lengths of the first steps: some programs give themselves away there.
# Then write the detective.

# %% [markdown] exercise="adam_suspect"
# Given the gradients and steps of one parameter, return the mistake that an Adam with these steps has, as one of the texts of the docstring, or `"none of these"`.
# Steps agree with a suspect if they are the same up to rounding; eps is 0 everywhere.

# %% exercise="adam_suspect"

# %% tags=["experiment"]
if needs(adam_suspect):
    for name, steps in seen.runs.items():
        found = adam_suspect(seen.grads, steps, seen.lr, seen.beta1, seen.beta2)
        print(f"{name}: {found}")

# %% [markdown]
# Is each mistake found once?

# %% [markdown]
# ### Decide
#
# A model of sixteen features, most of them rare: a feature that is seen once in ten thousand examples has a gradient ten thousand times smaller than a frequent one, and its parameter may have as far to go.
# You get the gradient, a start, and a budget of 80 gradients.
# Nothing is known about how far away the bottom is.

# %% [markdown] exercise="descend"
# Choose a method, its settings, and perhaps a schedule; return where you come.
# It is judged on losses that you have not seen, by the part of the way to the bottom that is gone, on average over the parameters: 80 % earn a third of the points, 95 % two thirds, 99 % all.
# An 81st gradient stops the function.

# %% exercise="descend"

# %% [markdown]
# ## 12 · Break it
#
# Move the sliders, or type into the boxes.
# Both paths have the same $\eta$, $\beta_1$ and $\beta_2$; the grey one is not corrected.
#
# 1. Lower $\beta_2$ from 0.999 to 0.9. Where do the two paths come close, and why there?
# 2. Find a pair for which the uncorrected path starts too *slowly*.
# 3. Raise $\eta$ as far as it goes. Can you make Adam diverge? Then set $\beta_2$ to 0.5 with $\eta = 0.3$: does it still come to rest?
#
# *What you found (double-click to write it here):*


# %%
def draw(lr, beta1, beta2):
    settings = {"lr": lr, "n_steps": 60, "beta1": beta1, "beta2": beta2}
    paths = {
        "Adam": walk(**settings),
        "not corrected": walk(count=lambda t: never, **settings),
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
# Adam does not diverge here: gradients come in every step, so that none is much longer than $\eta$, and $v$ remembers the large gradients for so long that the steps shrink on the way back.
# With a short memory $v$ shrinks as fast as the gradient, the steps stay near $\eta$, and the path never stops circling around the star.
# The two paths start alike where $1-\beta_1$ equals $\sqrt{1-\beta_2}$, as with 0.9 and 0.99; when $m$ remembers longer than that, the uncorrected path starts too slowly.

# %% [markdown]
# ## 13 · Why
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
# 1. A corrects both averages: on a constant gradient the ratio is 1. B corrects neither: $0.1/\sqrt{0.001} = 3.16$, and so on along (5.5). C corrects only $m$: $1/\sqrt{0.001} = 31.6$, falling as $v$ fills up. D corrects only $v$: $1-0.9^t$ is 0.1, 0.19, 0.27.
# 2. The step is $m$ divided by the root of $v$. $v$ remembers a hundred times as long, so far more of it is still the zero of the start; its root is too small by 0.03 where $m$ is too small by 0.1, and it stands below the fraction line.
# 3. In B the two biases work against each other and partly cancel. C has removed the one that shortened the steps and kept the one that lengthens them.
# 4. The warmup multiplies the early steps by a small number, so that even 31 learning rates come out short; by its end all biases are nearly gone (B and C are 1.08 times too long). One should worry about B and C when somebody shortens the warmup, trains for a few hundred steps only, or resumes a run with empty averages.
#
# - [0.5] A corrects both averages, B neither, C only $m$, D only $v$, told from the numbers.
# - [0.5] $v$ remembers longer, so its root is too small by more than $m$ is.
# - [0.5] In B two biases partly cancel; C has removed the one that shortened the steps.
# - [0.5] The warmup hides the early steps; B and C are a worry where it is short.

# %% [markdown]
# ## 14 · Summary
#
# - Adam divides an average of the gradients by the root of an average of their squares: direction from one, scale from the other.
# - Both averages begin at zero and hold only $1-\beta^t$ of what they should; dividing by that frees them of the bias, not of the noise.
# - Without correction the steps are too **long**, because $v$ is the more biased: 3.16 times at first, 6.57 times in step 12. A long warmup hides it.
# - $\varepsilon$ outside the root, inside it, or added to the uncorrected root are three different methods; it shows when gradients are small or $\varepsilon$ is large.
# - A corrected step can still be up to 7.27 learning rates long, after a long quiet; with $\beta_2 = 0.95$ no more than 1.17.
# - AdamW takes the decay out of the gradient: it pays where inputs have different units, and not everywhere. Adam can go to the wrong end where $v$ forgets too fast.
# - Direction, scale, schedule: (5.11) holds all five methods. Which one wins depends on the task; rare columns are one that Adam and AdaGrad win.

# %% [markdown]
# ## 15 · Elsewhere
#
# | where | its form | compared with this chapter |
# |---|---|---|
# | Kingma and Ba (2015), algorithm 1; PyTorch `Adam` | $\hat m_t/(\sqrt{\hat v_t}+\varepsilon)$, $\varepsilon = 10^{-8}$ | (5.4) |
# | Kingma and Ba, end of section 2; Keras `Adam` | folded, $\varepsilon = 10^{-7}$ | (5.6) |
# | PyTorch `Adam(weight_decay=λ)` | penalty in the gradient | (5.9), not AdamW |
# | PyTorch `AdamW` | $\theta$ times $1-\eta\lambda$, then Adam's step; $\lambda = 0.01$ | (5.8) |
# | Loshchilov and Hutter (2019), algorithm 2 | the decay is multiplied by the schedule, not by $\eta$ | (5.8) with $\lambda/\eta$ instead of $\lambda$ |
# | PyTorch `Adam(amsgrad=True)` | maximum of the uncorrected $v$ | (5.10) |
# | Reddi et al. (2018), algorithm 2 | no correction at all | (5.10) without the divisors |
#
# All of PyTorch's rows were compared with the functions of this chapter, step by step, to twelve decimals.
#
# **To read** Kingma and Ba (2015), sections 2 and 3, which are four pages; Loshchilov and Hutter (2019), section 2; Reddi, Kale and Kumar (2018), section 3.
# Next, chapter 6: the variance of initial weights.
