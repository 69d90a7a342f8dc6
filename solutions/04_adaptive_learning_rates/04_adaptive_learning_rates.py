# %% [markdown]
# # Chapter 4 · A learning rate for every parameter, and over time
#
# One learning rate for all parameters is limited by the steepest direction, and the flattest direction pays for it.
# This chapter gives each parameter a learning rate of its own, lets it change over time, and makes the landscape rounder before any optimiser sees it.
#
# **Time** about 150 minutes for the core; exercises marked *further work* come on top. A good place for a break is after section 6.
#
# **Know first** gradient descent (chapter 0); the Hessian and its eigenvalues (chapter 1); the ravine, its condition number $\kappa$ and the moving average (chapter 3).
#
# **Papers** Duchi, Hazan and Singer (2011), Tieleman and Hinton (2012), Vaswani et al. (2017), Goyal et al. (2017), Loshchilov and Hutter (2017).

# %% tags=["setup"]
import numpy as np

from autograder import check, compare, hint, needs, predict
from autograder.lab import datasets, figures, landscapes, widgets
from autograder.lab.tasks import further

ravine = landscapes.ravine

# %% [markdown]
# ## 1 · See it fail
#
# The map is the ravine of chapter 3, $f(x, y) = x^2/20 + y^2$, and we start at $(-7, 2)$ again.
# Its **curvature**, the second derivative, is 0.1 along $x$ and 2 along $y$.
# Plain gradient descent with the learning rate $\eta$ multiplies $x$ by $1 - 0.1\,\eta$ and $y$ by $1 - 2\,\eta$ in each step.
#
# So $\eta = 0.5$ brings $y$ to its minimum in a single step, and $\eta = 10$ does that for $x$.
#
# > **Predict.** Take $\eta = 10$. Where is $y$ after that one step, coming from 2?
#
# Run the cell below and type your guess, or write it instead of the three dots.
# It stays in your notebook and counts for nothing; whoever goes on without a guess skips the question.

# %%
predict("thrown", ...)


# %%
def descend(lr, n_steps):
    """The points that gradient descent visits; `lr` is one number or two."""
    path = [ravine.start]
    for _ in range(n_steps):
        path.append(path[-1] - lr * ravine.gradient(path[-1]))
    return np.array(path)


# %% tags=["experiment"]
for lr in (0.5, 10.0, 2 / 2.1):
    x, y = descend(lr, 1)[1]
    left = np.round([x / -7, y / 2], 3) + 0.0
    print(f"η = {lr:6.3f}:  after one step x = {x:.2f}, y = {y:.2f}; left: {left}")
    assert abs(x / -7 - (1 - 0.1 * lr)) < 1e-12 and abs(y / 2 - (1 - 2 * lr)) < 1e-12
compare("thrown", descend(10.0, 1)[1, 1])

# %% [markdown]
# <details><summary>Why</summary>
#
# With $\eta = 0.5$ the steep coordinate is there at once, and the flat one has moved from $-7$ to $-6.65$.
# With $\eta = 10$ the flat coordinate is there, and the steep one has been thrown from 2 to $-38$.
# The best compromise, $2/(0.1 + 2) = 0.952$, leaves 0.905 of either: chapter 3 found no better one.
#
# </details>
#
# So let us cheat once, and give each coordinate its own.

# %% tags=["experiment"]
paths = {
    "gradient descent, η = 0.95": descend(0.95, 29),
    "gradient descent, η = (10, 0.5)": descend(np.array([10.0, 0.5]), 1),
}
for name, path in paths.items():
    print(f"{name}: after step {len(path) - 1} at {path[-1].round(3)}")
assert np.abs(paths["gradient descent, η = (10, 0.5)"][-1]).max() < 1e-12

title = "One rate for both creeps for 29 steps; a rate for each arrives in one"
alt = "A zigzag along the whole ravine, and one straight line from the start to the \
star."
figures.show(figures.trajectories(ravine, paths, title=title), alt=alt)

# %% [markdown]
# The two learning rates were 10 and 0.5: one over the curvature, each.
# In a network nobody tells us the curvatures.
# The question of this chapter is how to find such numbers from the gradients alone.

# %% [markdown]
# ## 2 · The best step, and what stands in for it
#
# Look at one coordinate of a quadratic.
# With the curvature $h > 0$ and the minimum at $c$ the loss is $\tfrac{1}{2} h\,(x-c)^2$, so its gradient is $g = h\,(x - c)$ and
#
# $$ |x - c| = \frac{|g|}{h} . \tag{4.1} $$
#
# That is the length of the **best step**: it ends at the minimum.
# Within one coordinate a larger gradient means a longer way to go.
# Between coordinates it means nothing of the kind: where the bowl is steep, gradients are large even close to the bottom.

# %% [markdown] exercise="best_quadratic_step"
# Return the length of the best step for each parameter, equation (4.1).
# `grad` and `curvature` are arrays of one shape, and so is the answer; a length is never negative.
# A parameter whose curvature is not positive has no minimum to go to: raise `ValueError` if there is one.
#
# If you are stuck, `hint(best_quadratic_step)` asks you a question; call it again for more.


# %% exercise="best_quadratic_step"
def best_quadratic_step(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("every curvature must be positive")
    return np.abs(grad) / curvature


# %% tags=["try"]
print(best_quadratic_step(ravine.gradient(ravine.start), np.array([0.1, 2.0])))

# %% [markdown]
# ### A stand-in for the curvature
#
# Curvatures are expensive, while gradients are computed anyway, one in every step.
# Where a bowl is steeper, its gradients are larger *on the whole*.
# A fair measure of that is their **root mean square** (rms in the figure): square them, take the mean, take the root.
#
# Two bowls have the curvatures 0.5 and 2, and both are visited at the same places between $-3$ and $3$.

# %% tags=["experiment"]
x, levels = np.linspace(-3, 3, 301), {}
title = "Four times the curvature, four times the root mean square of the gradients"
figure, panels = figures.pair(title, sharey=True)
for panel, h in zip(panels, (0.5, 2.0), strict=True):
    g = h * x
    levels[h] = np.sqrt(np.mean(g**2))
    level = np.full_like(x, levels[h])
    curves = {"|g|": (x, np.abs(g)), f"rms {levels[h]:.2f}": (x, level)}
    names = {"xlabel": "parameter x", "ylabel": "size of the gradient"}
    figures.lines(curves, title=f"curvature {h:g}", axes=panel, **names)
print(f"ratio of the two: {levels[2.0] / levels[0.5]:.6f}")
assert abs(levels[2.0] / levels[0.5] - 2.0 / 0.5) < 1e-12

alt = "Two V shapes, the right one four times as steep, each with a level line at its \
root mean square."
figures.show(figure, alt=alt)

# %% [markdown]
# The ratio is 4, the ratio of the curvatures: the root mean square of the gradients is proportional to the curvature, if both bowls are visited alike.
# Nobody computed a second derivative for that.
# All three optimisers of this chapter, and Adam in the next, divide the step by such a root.

# %% [markdown]
# ## 3 · AdaGrad
#
# AdaGrad remembers for each parameter one number $r$: the sum of the squares of all its gradients.
#
# $$ r_t = r_{t-1} + g_t^2, \qquad \theta_{t+1} = \theta_t - \frac{\eta}{\sqrt{r_t} + \epsilon}\; g_t . \tag{4.2} $$
#
# Square, root and division are taken entry by entry, and $r$ starts at 0.
# The tiny number $\epsilon$ stands *outside* the root; without it, a parameter that has seen only zeros would lead to 0 divided by 0.
# What stands before $g_t$ is the parameter's **effective learning rate**: short steps where gradients have been large, long ones where they have been small.
#
# | symbol | argument | what it is |
# |---|---|---|
# | $\theta$ | `theta` | the parameters, an array of any shape |
# | $g$ | `grad` | the gradient at `theta` |
# | $h$ | `curvature` | second derivatives, one for each parameter (section 2) |
# | $\eta$ | `lr` | the learning rate, greater than 0 |
# | $r$ | `r` | sum of squared gradients |
# | $\epsilon$ | `eps` | a tiny number against division by zero |
# | $\sum g_i^2$ | `sum_sq` | the same sum, in section 4 |
# | $t$ | `t` | how many steps came before this one: the first step is $t = 0$ |
# | $s$ | `s` | moving average of squared gradients (section 5) |
# | $\rho$ | `rho` | the part of $s$ that is kept in each step |

# %% [markdown] exercise="adagrad_step"
# Write one step of AdaGrad, equation (4.2).
# `theta`, `r` and `grad` have one shape; return the new parameters and the new sum.
# The present gradient is in the sum before you divide.
# Make new arrays; whoever called you still needs the old ones.

# %% exercise="adagrad_step"

# %% [markdown]
# At the start of the ravine the gradient is $(-0.7, 4)$, and $r$ is 0.
# Try AdaGrad's first step with $\eta = 0.4$.

# %% tags=["try"]
grad = ravine.gradient(ravine.start)
theta, r = adagrad_step(ravine.start, np.zeros(2), grad, lr=0.4)
print("gradient", grad, "  first step", theta - ravine.start)
assert np.allclose(theta - ravine.start, -0.4 * np.sign(grad))

# %% [markdown]
# Both coordinates move by 0.4.
# After one gradient $\sqrt{r}$ is its own size, so the first step is $\eta$ times its sign.

# %% [markdown]
# ### Use it
#
# The cell below only defines a loop.
# It hands each step's memory on to the next, and takes a learning rate that is a number or a function of $t$, which section 7 will need.


# %%
def walk(step, lr, n_steps, landscape=ravine, **settings):
    """The points that `step` visits, start included; its memory starts at 0."""
    path, memory = [landscape.start], np.zeros_like(landscape.start)
    for t in range(n_steps):
        lr_t = lr(t) if callable(lr) else lr
        grad = landscape.gradient(path[-1])
        theta, memory = step(path[-1], memory, grad, lr_t, **settings)
        path.append(theta)
    return np.array(path)


# %% [markdown]
# The figure shows AdaGrad with $\eta = 1.5$ and plain descent with $\eta = 0.95$, 30 points each.

# %% tags=["experiment"]
paths = {"gradient descent": descend(0.95, 29), "AdaGrad": walk(adagrad_step, 1.5, 29)}
far, near = (np.linalg.norm(path[-1]) for path in paths.values())
print(f"distance to the minimum: gradient descent {far:.3f}, AdaGrad {near:.3f}")
assert far / near > 2.5

title = "30 points each: AdaGrad does not zigzag, and ends nearer"
alt = "Gradient descent zigzags across the floor. AdaGrad goes diagonally down to the \
floor and then along it, in steps that grow shorter."
figures.show(figures.trajectories(ravine, paths, title=title), alt=alt)

# %% [markdown]
# AdaGrad goes downhill diagonally and then along the floor; it ends 0.136 from the minimum, plain descent 0.398.
# It was told nothing about the ravine.

# %% [markdown]
# ### The curvature drops out
#
# > **Predict.** Make the ravine a hundred times flatter along $x$: condition number 2000 instead of 20.
# > Same start, same $\eta$: how far from the minimum does AdaGrad end now, after the same 29 steps?

# %%
predict("flatter", ..., among=("nearer", "as far as before", "farther"))

# %% tags=["experiment"]
for condition in (20, 2000):
    valley = landscapes.valley(condition)
    adaptive = walk(adagrad_step, 1.5, 29, valley)
    best = (condition - 1) / (condition + 1)
    print(
        f"κ = {condition:4d}: AdaGrad ends at {adaptive[-1].round(5)}; "
        f"plain descent keeps {best**29:.3f} of its distance at best"
    )
same = walk(adagrad_step, 1.5, 29, landscapes.valley(20))
assert np.abs(adaptive - same).max() < 1e-5
ratio = np.linalg.norm(adaptive[-1]) / np.linalg.norm(same[-1])
compare(
    "flatter",
    "nearer" if ratio < 0.9 else "farther" if ratio > 1.1 else "as far as before",
)

# %% [markdown]
# <details><summary>Why</summary>
#
# AdaGrad's path is the same; only $\epsilon$ makes a difference, too small to see.
# In one coordinate of a quadratic $g = h\,e$, where $e$ is the distance to the minimum, so $\sqrt{r} = h\sqrt{\sum e^2}$ and $h$ cancels from (4.2).
# Plain descent keeps 5.5 % of its distance in the first ravine and 97.1 % in the second.
#
# </details>
#
# That sounds like a cure for every ravine.
# It is one for every ravine *that runs along an axis*.

# %% [markdown]
# ### Turn the map
#
# The cell below turns a landscape around its minimum, start and all.
# For plain descent nothing changes: it follows the gradient, and the gradient turns along.
#
# Give each method the learning rate that suits it best.
# Down to a loss of $10^{-6}$ plain descent needs 79 steps, however the ravine lies; AdaGrad needs 7 along the axes.
#
# > **Predict.** Turn the ravine by 45°. How many steps does AdaGrad need now?

# %%
predict("turned", ..., unit=" steps")


# %%
def rotated(landscape, degrees):
    """The same landscape, turned around the origin."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    R = np.array([[c, -s], [s, c]])
    return landscapes.Landscape(
        f=lambda p: landscape.f(p @ R),
        gradient=lambda p: landscape.gradient(p @ R) @ R.T,
        hessian=lambda p: R @ landscape.hessian(p @ R) @ R.T,
        start=R @ landscape.start,
        optimum=R @ landscape.optimum,
        region=(-9.0, 4.0, -7.5, 3.5),
    )


# %%
def steps_needed(step, lr, landscape, target=1e-6, at_most=400):
    """After how many steps the loss is below `target`, and the path up to there."""
    path = walk(step, lr, at_most, landscape)
    below = landscape.f(path) < target
    n = int(np.argmax(below)) if below.any() else at_most
    return n, path[: n + 1]


def plain_step(theta, memory, grad, lr):
    """Gradient descent, which has no memory, in the form that `walk` calls."""
    return theta - lr * grad, memory


# %% tags=["experiment"]
angles, needed, best_paths = (0, 5, 10, 20, 30, 45), [], {}
for angle in angles:
    landscape = rotated(ravine, angle)
    plain, _ = steps_needed(plain_step, 2 / 2.1, landscape)
    tries = [
        steps_needed(adagrad_step, lr, landscape) for lr in np.geomspace(1, 12, 40)
    ]
    best, best_paths[angle] = min(tries, key=lambda found: found[0])
    needed.append((plain, best))
    print(f"turned by {angle:2d}°: plain {plain} steps, AdaGrad {best}")
plain, adagrad = np.array(needed).T
assert np.ptp(plain) == 0 and adagrad[1] >= 2 * adagrad[0] and adagrad[-1] > plain[-1]

title = f"Turned by 5°, AdaGrad needs {adagrad[1]} steps; by 45°, {adagrad[-1]}"
figure, (left, right) = figures.pair(title)
curves = {"gradient descent": (angles, plain), "AdaGrad": (angles, adagrad)}
labels = {"xlabel": "turned by, degrees", "ylabel": "steps to a loss of 1e-6"}
figures.lines(curves, title="each at its best η", dots=True, axes=left, **labels)
left.set_ylim(0)
figures.guessed(left, 45, compare("turned", adagrad[-1], " steps"))
part = {"AdaGrad": best_paths[45]}
figures.trajectories(
    rotated(ravine, 45), part, title="AdaGrad, turned by 45°", axes=right
)
alt = f"Left: plain descent needs {plain[0]} steps at every angle; AdaGrad \
{adagrad[0]} at first and {adagrad[-1]} at 45 degrees. Right: AdaGrad's path on the \
turned ravine."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# Along the axes seven steps are enough, fewer than a tenth of plain descent's 79.
# Five degrees double that, and at 45° AdaGrad needs 112: it has lost its whole advantage.
# Each coordinate now contains a bit of the steep and a bit of the flat direction, so both sums grow alike and both effective learning rates are nearly the same.
# (On the right it also leaps across the ravine and back at first: its best learning rate is a large one, since the long first steps are what stops the sums from growing later.)
#
# </details>
#
# AdaGrad has a learning rate for each **parameter**, not for each **direction**.
# It helps as far as the parameters of a network differ among themselves in how steep they are, and they do: one belongs to a frequent input, another to a rare one.

# %% [markdown]
# ## 4 · A root mean square with a schedule in it
#
# Divide by the root *mean* square of all gradients, not by the root of their sum:
#
# $$ \sigma_t = \sqrt{\frac{1}{t+1} \sum_{i=0}^{t} g_i^2}, \qquad \theta_{t+1} = \theta_t - \frac{\eta}{\sigma_t}\; g_t . \tag{4.3} $$
#
# Here $t$ counts from 0, and the gradients $g_0, \dots, g_t$ are $t + 1$ many.
# There is no $\epsilon$: a parameter with $\sigma_t = 0$ has seen only zeros, and stays where it is.

# %% [markdown] exercise="rms_step"
# Write one step of equation (4.3).
# `sum_sq` is the sum of the squared gradients *before* this one, and `t` says how many those were.
# Return the new parameters and the new sum.
# A parameter whose gradients were all 0 does not move; the others do, however small their gradients are.


# %% exercise="rms_step"
def rms_step(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    sigma = np.sqrt(sum_sq / (t + 1))
    return theta - lr * grad / np.where(sigma > 0, sigma, 1.0), sum_sq


# %% tags=["try"]
theta, sum_sq = np.array([1.0, 1.0]), np.zeros(2)
for t, grad in enumerate(np.array([[2.0, 0.0], [4.0, 0.0]])):
    theta, sum_sq = rms_step(theta, sum_sq, t, grad, lr=0.1)
    print(f"t = {t}:  theta = {theta}, sum_sq = {sum_sq}")

# %% [markdown]
# Some learning rate $\eta_t$ that changes with $t$ turns (4.3) into AdaGrad.
# Find it on paper first: compare (4.3) with (4.2).


# %%
def walk_rms(lr, n_steps):
    """The points that `rms_step` visits on the ravine; `lr` is a function of t."""
    path, sum_sq = [ravine.start], np.zeros(2)
    for t in range(n_steps):
        grad = ravine.gradient(path[-1])
        theta, sum_sq = rms_step(path[-1], sum_sq, t, grad, lr(t))
        path.append(theta)
    return np.array(path)


# %% tags=["experiment"]
falling = walk_rms(lambda t: 1.5 / np.sqrt(t + 1), 29)
adagrad = walk(adagrad_step, 1.5, 29, eps=0.0)
print(f"largest difference of the two paths: {np.abs(falling - adagrad).max():.0e}")
assert np.abs(falling - adagrad).max() < 1e-12

# %% [markdown]
# With $\eta_t = \eta/\sqrt{t+1}$ the factor $\sqrt{t+1}$ cancels, and what is left is (4.2).
# So AdaGrad is two things at once: a division by the root mean square, which is about *where*, and a learning rate that falls like $1/\sqrt{t+1}$, which is about *when*.
# The first is what we wanted.
# The second was built in without asking, and it never ends.

# %% [markdown]
# ## 5 · RMSProp forgets
#
# Replace the sum by an exponential moving average, as chapter 3 did with the gradients themselves:
#
# $$ s_t = \rho\, s_{t-1} + (1-\rho)\, g_t^2, \qquad \theta_{t+1} = \theta_t - \frac{\eta}{\sqrt{s_t} + \epsilon}\; g_t . \tag{4.4} $$
#
# With $\rho = 0.9$ a square has lost half of its weight after 6.6 steps, as in section 4 of chapter 3.
# The average can fall again, and so the effective learning rate can recover.
# It starts at $s = 0$, and nothing corrects that here; Adam will, in chapter 5.

# %% [markdown] exercise="rmsprop_step"
# Write one step of RMSProp, equation (4.4).
# `theta`, `s` and `grad` have one shape; return the new parameters and the new average.
# As in AdaGrad, `eps` is outside the root, and the present gradient is in the average before you divide.

# %% exercise="rmsprop_step"

# %% tags=["try"]
theta, s = rmsprop_step(np.array([1.0, -2.0]), np.zeros(2), np.array([2.0, -4.0]), 0.1)
print(f"theta = {theta}, s = {s}")

# %% [markdown]
# > **Predict.** The gradient is constantly 3, and $\eta = 1$.
# > AdaGrad's first step has the length 1, and so has that of (4.3). How long is RMSProp's, with $\rho = 0.9$?

# %%
predict("first", ...)

# %% tags=["experiment"]
lengths = {}
for g in (3.0, 0.003):
    a = b = c = np.zeros(1)
    r, sum_sq, s, grad = np.zeros(1), np.zeros(1), np.zeros(1), np.array([g])
    for t in range(100):
        was = np.concatenate([a, b, c])
        a, r = adagrad_step(a, r, grad, 1.0)
        b, sum_sq = rms_step(b, sum_sq, t, grad, 1.0)
        c, s = rmsprop_step(c, s, grad, 1.0)
        lengths[g, t + 1] = was - np.concatenate([a, b, c])
print("step   AdaGrad  (4.3)   RMSProp   (gradient 3)")
for n in (1, 2, 3, 10, 100):
    print(f"{n:4d}   " + "   ".join(f"{x:.3f}" for x in lengths[3.0, n]))
    theory = [n**-0.5, 1.0, (1 - 0.9**n) ** -0.5]
    for g in (3.0, 0.003):
        assert np.allclose(lengths[g, n], theory, rtol=1e-4)
compare("first", lengths[3.0, 1][2])

# %% [markdown]
# <details><summary>Why</summary>
#
# AdaGrad's $n$-th step has the length $\eta/\sqrt{n}$: 1, 0.707, and 0.1 in the hundredth.
# Steps of (4.3) keep the length $\eta$.
# RMSProp's are $\eta/\sqrt{1-\rho^n}$: the first is 3.162 times as long as the learning rate says, and soon they are 1.
# The size of the gradient is in none of these: 0.003 gives the same table.
#
# </details>

# %% [markdown]
# ### AdaGrad's standstill
#
# A network often begins on a steep wall and then has a long way to go on a plain.
# Let the first 20 gradients be 10 and all later ones 0.1.
#
# > **Predict.** Both optimisers creep at first. After how many steps on the plain is a step of RMSProp back at 0.9 of $\eta$?

# %%
predict("recovers", ..., unit=" steps")


# %%
def step_lengths(step, gradients):
    """How far each step goes, with learning rate 1, through given gradients."""
    theta, memory, lengths = np.zeros(1), np.zeros(1), []
    for g in gradients:
        new, memory = step(theta, memory, np.array([g]), 1.0)
        lengths.append(abs(new - theta)[0])
        theta = new
    return np.array(lengths)


# %% tags=["experiment"]
gradients = np.where(np.arange(300) < 20, 10.0, 0.1)
curves = {
    "AdaGrad": step_lengths(adagrad_step, gradients),
    "RMSProp": step_lengths(rmsprop_step, gradients),
}
k = np.arange(1, 281)
wall, kept = 100 * (1 - 0.9**20), 0.9**k
adagrad = 0.1 / np.sqrt(20 * 100 + 0.01 * k)
rmsprop = 0.1 / np.sqrt(wall * kept + 0.01 * (1 - kept))
assert np.allclose(curves["AdaGrad"][20:], adagrad, rtol=1e-6)
assert np.allclose(curves["RMSProp"][20:], rmsprop, rtol=1e-6)
print(f"on the plain: AdaGrad {adagrad[0]:.5f}, 280 steps later {adagrad[-1]:.5f}")
back = k[rmsprop > 0.9][0]
print(f"RMSProp {rmsprop[0]:.4f}, above 0.9 from step {back} on")

title = f"After a wall AdaGrad stands still; RMSProp needs {back} steps to recover"
names = {"xlabel": "step", "ylabel": "length of the step / η"}
figure = figures.lines(curves, title=title, yscale="log", **names)
guess = compare("recovers", back, " steps")
figures.guessed(figure.axes[0], x=None if guess is None else 20 + guess)
alt = f"Both fall steeply at step 20. AdaGrad stays at {adagrad[-1]:.3f}; RMSProp \
climbs back to {rmsprop[-1]:.1f}."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# On the plain AdaGrad's steps are 0.00224 of the learning rate, and 280 steps later 0.00223: the wall is in the sum and stays there.
# RMSProp begins with 0.011, and after 100 steps it is back at 0.9 of $\eta$: that is when $\rho^k$ times the wall's squares has become smaller than the plain's.
#
# </details>

# %% [markdown]
# ### The same map once more
#
# Now both with the small learning rate $\eta = 0.4$ on the ravine, 30 points each.
# They begin alike, with steps along the diagonal; then one of them gets stuck.

# %% tags=["experiment"]
paths = {
    "AdaGrad": walk(adagrad_step, 0.4, 29),
    "RMSProp": walk(rmsprop_step, 0.4, 29),
}
far, near = (np.linalg.norm(path[-1]) for path in paths.values())
print(f"distance to the minimum: AdaGrad {far:.2f}, RMSProp {near:.3f}")
assert far > 3 and near < 0.05

title = "η = 0.4, 30 points each: RMSProp arrives, AdaGrad is halfway"
figure, panels = figures.pair(title, sharey=True)
for panel, (name, path) in zip(panels, paths.items(), strict=True):
    figures.trajectories(ravine, {name: path}, title="", axes=panel)
    panel.plot(*path[-1], "o", markersize=9, markerfacecolor="none", color="#222222")
alt = "Two maps with nearly the same curve. On the left AdaGrad's dots crowd and end \
halfway along the floor, in a ring; on the right RMSProp's reach the star."
figures.show(figure, alt=alt)

# %% [markdown]
# AdaGrad is still 3.69 away, RMSProp 0.013.
# Nothing was steep here for long; the falling $1/\sqrt{t+1}$ alone made AdaGrad slow.

# %% [markdown]
# ### The effective learning rates
#
# The next figure shows what the two coordinates really get: $\eta/(\sqrt{r}+\epsilon)$ and $\eta/(\sqrt{s}+\epsilon)$ after each step.
#
# Coordinate $y$ reaches its minimum early, and its gradients become tiny.
# Plain descent is stable along $y$ up to a learning rate of $2/2 = 1$; the dashed line is that limit.


# %%
def effective_rates(step, lr, n_steps, eps):
    """Of both coordinates after each step on the ravine: shape (n_steps, 2)."""
    theta, memory, rates = ravine.start, np.zeros(2), []
    for _ in range(n_steps):
        theta, memory = step(theta, memory, ravine.gradient(theta), lr)
        rates.append(lr / (np.sqrt(memory) + eps))
    return np.array(rates)


# %% tags=["experiment"]
adagrad = effective_rates(adagrad_step, 0.4, 100, 1e-10)
rmsprop = effective_rates(rmsprop_step, 0.4, 100, 1e-8)
curves = {
    "AdaGrad, x": adagrad[:, 0],
    "AdaGrad, y": adagrad[:, 1],
    "RMSProp, x": rmsprop[:, 0],
    "RMSProp, y": rmsprop[:, 1],
    "theory: limit for y": np.full(100, 2 / 2.0),
}
assert np.all(np.diff(adagrad, axis=0) <= 0)
assert rmsprop[0, 1] < 2 / 2.0 < rmsprop[:, 1].max()
ratio = adagrad[-1, 0] / adagrad[-1, 1]
print(f"AdaGrad's last rates {adagrad[-1].round(3)}, their ratio {ratio:.1f}")
print(f"RMSProp's for y is above 1 from step {np.argmax(rmsprop[:, 1] > 1) + 1} on")

title = "AdaGrad's rates can only fall; RMSProp's rise until the step is too long"
names = {"xlabel": "step", "ylabel": "effective learning rate"}
figure = figures.lines(curves, title=title, yscale="log", **names)
alt = "AdaGrad's two lines fall slowly. RMSProp's rise by powers of ten, and come back."
figures.show(figure, alt=alt)

# %% [markdown]
# AdaGrad's rates only fall, and flat $x$ ends with 2.2 times the rate of steep $y$.
# By the curvatures it should be 20 times.
# The stand-in of section 2 is exact where both coordinates are visited alike; here $x$ was far from its minimum all the time, and $y$ close to it.
# RMSProp's rate for $y$ rises as the gradients there shrink, and passes the limit 1.
# From then on $y$ is unstable: it grows until its gradients are large enough to bring the rate down again.

# %% [markdown]
# So RMSProp with a constant learning rate never comes to rest.
# If it ends in a zigzag between $-c$ and $c$, its gradients all have one size, and $c$ follows from that.
# Here are its last three points after 400 steps.

# %% tags=["experiment"]
path = walk(rmsprop_step, 0.4, 400)
print(path[-3:].round(6))
assert np.allclose(np.abs(path[-3:]), 0.4 / 2, rtol=1e-4)

# %% [markdown]
# The gradients all have the size $|g|$, so $\sqrt{s} = |g|$, every step has the length $\eta$, and a zigzag of length $\eta$ around 0 goes from $-\eta/2$ to $\eta/2$.
# That is $\pm 0.2$ in *both* coordinates, whatever their curvature.
# What forgets cannot settle by itself; it needs a learning rate that falls.
# Section 7 brings that back, this time on purpose.

# %% [markdown]
# ## 6 · The burst after a long quiet
#
# Take (4.3) with a constant $\eta$: it has neither AdaGrad's falling learning rate nor RMSProp's forgetting.
# While a coordinate is quiet, its sum of squares stands still, but the count $t + 1$ goes on.
# So $\sigma$ shrinks like $1/\sqrt{t+1}$, and the effective learning rate grows.
#
# > **Predict.** On the ravine with $\eta = 1$, $|y|$ falls from 2 to below a millionth within 20 steps. How large is it at most in the 80 steps after that?

# %%
predict("burst", ...)

# %% tags=["experiment"]
constant = np.abs(walk_rms(lambda t: 1.0, 100)[:, 1])
falling = np.abs(walk_rms(lambda t: 1 / np.sqrt(t + 1), 100)[:, 1])
turn = np.argmin(constant[:40])
squares = np.sum((2 * constant[:turn]) ** 2)
print(f"|y| is least, {constant[turn]:.0e}, after {turn} steps")
print(f"theory: the rate for y passes 1 at t + 1 = {squares:.1f}")
top = turn + np.argmax(constant[turn:])
print(f"then it grows, up to {constant[top]:.2f} after {top} steps")
assert abs(turn - squares) < 1.5

curves = {"η = 1 throughout": constant[:81], "AdaGrad: η = 1/√(t+1)": falling[:81]}
title = f"{turn} steps down, then up to {constant[top]:.2g}; a falling η tames it"
figure = figures.lines(curves, title=title, xlabel="step", ylabel="|y|", yscale="log")
figures.guessed(figure.axes[0], y=compare("burst", constant[top]))
alt = f"With a constant rate |y| falls, turns at step {turn} and is at \
{constant[top]:.2g} at step {top}. With the falling rate it only falls."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# $y$ falls to $2\cdot 10^{-9}$, turns around after 20 steps, and forty steps later it stands at 2.83, farther out than where it started.
# The turn is where the effective learning rate $\eta\sqrt{t+1}\,/\sqrt{\sum g^2}$ passes the limit $2/h = 1$, that is at $t + 1 = 20.6$: no gradient announced it.
# With $\eta/\sqrt{t+1}$ the two roots cancel, and nothing bursts.
#
# </details>

# %% [markdown]
# The worst case: $N$ gradients that are 0, then one that is 1.
# The table has the length of that step, in $\eta$, for the three methods.

# %% tags=["experiment"]
print("quiet steps   AdaGrad   RMSProp    (4.3)")
for n_quiet in (10, 100, 1000):
    gradients = np.append(np.zeros(n_quiet), 1.0)
    adagrad = step_lengths(adagrad_step, gradients)[-1]
    rmsprop = step_lengths(rmsprop_step, gradients)[-1]
    moved, _ = rms_step(np.zeros(1), np.zeros(1), n_quiet, np.ones(1), 1.0)
    rms = -moved[0]
    print(f"{n_quiet:11d}   {adagrad:7.3f}   {rmsprop:7.3f}   {rms:6.3f}")
    assert np.allclose([adagrad, rmsprop], [1, 0.1**-0.5], rtol=1e-6)
    assert abs(rms - np.sqrt(n_quiet + 1)) < 1e-9

# %% [markdown]
# AdaGrad's step is $\eta$, RMSProp's $\eta/\sqrt{1-\rho} = 3.162\,\eta$, and that of (4.3) grows without limit, $\eta\sqrt{N+1}$.
# Rare inputs are exactly this case: a word that occurs once in a thousand batches has a gradient of 0 in all the others.

# %% [markdown]
# ### What AdaGrad was invented for
#
# A table with 200 columns of 0 and 1, as words are in texts: the first column is 1 in every second row, the next in every fourth, and half of the columns in 3 of 1,000 rows.
# From such a row a logistic regression is to predict yes or no (chapter 8 has its loss).
# A rare column is not a less important one: all 200 true weights come from one distribution.
# We make ten such tables, each with weights of its own, and train on 10,000 rows once, in batches of 10.
#
# > **Predict.** Plain steps on batches (SGD), AdaGrad and RMSProp, each with its best learning rate of a grid.
# > Put them in order by their loss on new rows, the best one first.

# %%
predict("rare", ..., order=("SGD", "AdaGrad", "RMSProp"))

# %%
from autograder.lab.tasks import logistic_regression

rare = logistic_regression.rare_columns(10_000)
floor = logistic_regression.loss(rare.weights, rare.X_new, rare.y_new)


def trained(step, lr):
    """Weights of all ten tables after one pass, each row a table."""
    theta = memory = np.zeros_like(rare.weights)
    for k in range(0, 10_000, 10):
        rows = slice(k, k + 10)
        grad = logistic_regression.gradient(theta, rare.X[:, rows], rare.y[:, rows])
        theta, memory = step(theta, memory, grad, lr)
    return theta


# %%
from functools import cache

grids = {
    "SGD": (1.0, 2.0, 4.0, 8.0, 16.0),
    "AdaGrad": (0.25, 0.5, 1.0, 2.0, 4.0),
    "RMSProp": (0.01, 0.03, 0.06, 0.1, 0.3),
}


def best_of(name):
    """The best learning rate of a method's grid, its losses above the floor, its weights."""
    steps = {"SGD": plain_step, "AdaGrad": adagrad_step, "RMSProp": rmsprop_step}
    return searched(steps[name], grids[name])


@cache
def searched(step, grid):
    """The same for a step function, computed once."""
    runs = {lr: trained(step, lr) for lr in grid}
    over = {
        lr: logistic_regression.loss(theta, rare.X_new, rare.y_new) - floor
        for lr, theta in runs.items()
    }
    lr = min(grid, key=lambda lr: np.median(over[lr]))
    return lr, over[lr], runs[lr]


# %% tags=["experiment"]
excess = {}
for name, grid in grids.items():
    best, excess[name], _ = best_of(name)
    low, middle, high = np.percentile(excess[name], [0, 50, 100])
    print(
        f"{name:8s} η = {best:4}: loss above that of the true weights, median ", end=""
    )
    print(f"{middle:.3f}, from {low:.3f} to {high:.3f}")
    assert grid[0] < best < grid[-1]
order = sorted(excess, key=lambda name: np.median(excess[name]))
for other in order[1:]:
    ahead = np.sum(excess[order[0]] < excess[other])
    print(f"{order[0]} ahead of {other} in {ahead} of 10 tables")
compare("rare", order)

# %% [markdown]
# <details><summary>Why</summary>
#
# AdaGrad comes to 0.018 above the loss of the true weights, SGD to 0.039, more than twice as far; AdaGrad is ahead in all ten tables.
# RMSProp, at 0.031, is behind AdaGrad in every table too: it forgets what it has seen of a rare column long before the next time, and then bursts.
# The next figure shows what SGD fails to learn.
#
# </details>

# %% tags=["experiment"]
kinds = [
    (0.0, 0.005),
    (0.005, 0.02),
    (0.02, 0.1),
    (0.1, 1.0),
]  # of columns, by how often
learned, middles = {name: [] for name in ("SGD", "AdaGrad")}, []
for low, high in kinds:
    part = (rare.sizes[0] > low) & (rare.sizes[0] <= high)
    middles.append(np.exp(np.mean(np.log(rare.sizes[0][part]))))
    for name in learned:
        true = rare.weights[:, part]
        slope = np.sum(best_of(name)[2][:, part] * true, axis=1) / np.sum(
            true**2, axis=1
        )
        learned[name].append(slope)
for name, slopes in learned.items():
    print(
        f"{name:8s} part of the true weights, rare to frequent:",
        np.median(slopes, axis=1).round(2),
    )
assert np.all(learned["AdaGrad"][0] > learned["SGD"][0])

title = "Ten tables: SGD learns half of the rare columns' weights, AdaGrad two thirds"
curves = {name: (middles, np.array(slopes).T) for name, slopes in learned.items()}
labels = {
    "xlabel": "how often a column is 1",
    "ylabel": "part of the true weight learned",
}
figure = figures.lines(curves, title=title, xscale="log", **labels)
figure.axes[0].set_ylim(0, 1)
alt = "Part of the true weight that is learned, against how often a column is 1. Both \
learn about 0.8 of the frequent ones; of the rarest SGD 0.5 and AdaGrad 0.7."
figures.show(figure, alt=alt)

# %% [markdown]
# Both learn about 0.8 of the frequent columns' weights.
# Of the rarest SGD has learned 0.50 and AdaGrad 0.69: SGD's learning rate is limited by the noise of the frequent columns, and a rare one, which gets thirty steps in all, would need larger ones.
# AdaGrad gives it larger ones: its sum is small, because it has seen few gradients.
#
# Words are such columns, and so are the rows of an **embedding**, the table in a language model that holds a vector for each word.
# Chapter 5 puts Adam to the same test.

# %% [markdown]
# ## 7 · Schedules
#
# A **schedule** is a learning rate that depends on the step's number, $\eta_t$, the same for all parameters.
# Lowering it over time is called **decay**, or annealing.
# Large steps first to get far, small ones later to come to rest.
#
# Four common ones, all with $\eta_0 = \eta$ and $t$ counted from 0:
#
# $$ \eta_t = \eta\, d^{\,\lfloor t/k \rfloor} \quad \text{(step decay: the factor } d \text{ every } k \text{ steps)} \tag{4.5} $$
#
# $$ \eta_t = \frac{\eta}{\sqrt{t+1}} \quad \text{(inverse root)} \tag{4.6} $$
#
# $$ \eta_t = \eta\, e^{-\gamma t} \quad \text{(exponential decay with the rate } \gamma \text{)} \tag{4.7} $$
#
# $$ \eta_t = \eta_{\min} + (\eta - \eta_{\min})\, \frac{1 + \cos(\pi \min(t, T)/T)}{2} \quad \text{(cosine decay over } T \text{ steps)} \tag{4.8} $$
#
# The optimisers that you build in section 9 take any of these in place of a learning rate; the first three are a line each, to warm up.
# In all four `t` may be one number or a whole array of them, with any number of axes; NumPy's functions take both.
#
# | symbol | $\eta$ | $t$ | $d$ | $k$ | $\gamma$ | $T$ | $\eta_{\min}$ |
# |---|---|---|---|---|---|---|---|
# | argument | `lr` | `t` | `drop` | `every` | `rate` | `total` | `lr_min` |

# %% [markdown] exercise="step_decay"
# Write equation (4.5).
# The brackets $\lfloor\;\rfloor$ round down: the first drop comes *at* $t = k$, the second at $2k$.

# %% exercise="step_decay"

# %% [markdown] exercise="inverse_sqrt_decay"
# Write equation (4.6), AdaGrad's hidden schedule.

# %% exercise="inverse_sqrt_decay"

# %% [markdown] exercise="exponential_decay"
# Write equation (4.7).
# Beware of rival conventions: `rate` is $\gamma$ in the exponent, not the factor of one step.

# %% exercise="exponential_decay"

# %% tags=["try"]
t = np.array([0, 1, 3, 4, 8, 99])
for name, rates in {
    "steps": step_decay(0.8, t, drop=0.5, every=4),
    "inverse root": inverse_sqrt_decay(0.8, t),
    "exponential": exponential_decay(0.8, t, rate=0.1),
}.items():
    print(f"{name:12s}", rates.round(4))

# %% [markdown] exercise="cosine_decay"
# Write equation (4.8): half a cosine wave from `lr` at $t = 0$ down to `lr_min` at $t = T$.
# Past the end it *stays* there: a cosine would rise again.

# %% exercise="cosine_decay"

# %% tags=["try"]
print(cosine_decay(0.8, np.array([0, 50, 100, 150]), total=100, lr_min=0.02))

# %% [markdown]
# ### How close a schedule comes
#
# On $x^2/2$ let each gradient be $x$ plus noise of variance 1, as small batches give it.
# One step multiplies $x$ by $1-\eta_t$ and adds $\eta_t$ times fresh noise, so the mean square $v_t$ of $x$ obeys exactly
#
# $$ v_{t+1} = (1-\eta_t)^2\, v_t + \eta_t^2 . $$
#
# For a constant $\eta$ it settles at $\eta/(2-\eta)$.
#
# All schedules of the next figure start at $\eta = 0.1$ and run for 5000 steps: constant, step decay (halved every 500 steps), inverse root, exponential ($\gamma = 0.01$), cosine, and $1/(t+10)$.


# %%
def mean_square(rates, n_runs=1000):
    """Measured over many runs, and by the formula above, after each step."""
    rng = np.random.default_rng(4)
    x, v, measured, exact = np.ones(n_runs), 1.0, [], []
    for lr in rates:
        x = x - lr * (x + rng.standard_normal(n_runs))
        v = (1 - lr) ** 2 * v + lr**2
        measured.append(np.mean(x**2))
        exact.append(v)
    return np.array(measured), np.array(exact)


# %% tags=["experiment"]
t = np.arange(5000)
schedules = {
    "constant": np.full(5000, 0.1),
    "step decay": step_decay(0.1, t, drop=0.5, every=500),
    "inverse root": inverse_sqrt_decay(0.1, t),
    "exponential decay": exponential_decay(0.1, t, rate=0.01),
    "cosine decay": cosine_decay(0.1, t, total=5000),
    "1 / (t + 10)": 1 / (t + 10),
}
curves = {}
for name, rates in schedules.items():
    measured, exact = mean_square(rates)
    print(f"{name:18s} {measured[-1]:.5f}   theory {exact[-1]:.5f}")
    assert abs(measured[-1] / exact[-1] - 1) < 0.25
    curves[name] = exact
assert max(exact[-1] for exact in list(curves.values())[1:]) < 0.1 / 1.9 / 20

title = "Every schedule passes below the noise floor of the constant learning rate"
figure, (left, right) = figures.pair(title)
names = {"xlabel": "step", "xscale": "log", "yscale": "log"}
figures.lines(schedules, title="", ylabel="learning rate", axes=left, **names)
figures.lines(curves, title="", ylabel="mean square of x", axes=right, **names)
left.set_ylim(1e-4, 0.2)
figures.level(right, 0.1 / 1.9)
alt = "Left the six learning rates. Right the constant line levels off at 0.05; the \
others go on falling below it; 1 / (t + 10) is lowest in the end."
figures.show(figure, alt=alt)

# %% [markdown]
# The constant learning rate stops at 0.053, a floor of noise; every schedule goes below it.
# The exponential one comes to 0.0025 and then nothing changes any more: its steps are over.
# Cosine spends long at large steps and falls late, to 0.0013; inverse root and step decay end at 0.0007 and 0.0004.
# The winner, $1/(t+10)$, is made for the curvature 1: it weighs all gradients alike, as a plain mean does.
# With a curvature ten times smaller its steps would become short long before $x$ has arrived.
#
# This is no ranking of schedules: each has a setting of its own (how often to halve, which $\gamma$), chosen here without a search, and with another one the order is another.

# %% [markdown]
# > **Predict.** Exponential decay with $\eta = 0.1$ and $\gamma = 0.1$, no noise, on $x^2/2$ from $x = 1$.
# > Where does $x$ end, if you wait without end?

# %%
predict("reach", ...)

# %% tags=["experiment"]
for n_steps in (100, 1000, 10_000):
    rates = exponential_decay(0.1, np.arange(n_steps), rate=0.1)
    x = np.prod(1 - rates)
    print(f"{n_steps:6d} steps: sum of rates {rates.sum():.4f}, x = {x:.4f}")
reach = 0.1 / (1 - np.exp(-0.1))
print(f"limit of the sum: {reach:.4f}, and exp(-sum) = {np.exp(-reach):.4f}")
assert abs(rates.sum() - reach) < 1e-9
compare("reach", x)

# %% [markdown]
# <details><summary>Why</summary>
#
# The rates add up to 1.0508, a geometric series, and $x$ stops at 0.3397, near $e^{-1.05}$.
# Ten thousand steps bring no more than a hundred.
# A schedule whose sum is finite has a reach; if the minimum is farther away, it is never seen.
#
# </details>

# %% [markdown]
# ### RMSProp comes to rest
#
# Section 5 ended with RMSProp in a zigzag of $\pm\eta/2$.
# The figure shows its distance to the minimum with a constant learning rate, and with two schedules.

# %% tags=["experiment"]
rates = {
    "RMSProp, constant": 0.4,
    "RMSProp, inverse root": lambda t: inverse_sqrt_decay(0.4, t),
    "RMSProp, cosine": lambda t: cosine_decay(0.4, t, total=200),
}
curves = {
    name: np.linalg.norm(walk(rmsprop_step, lr, 240), axis=1)
    for name, lr in rates.items()
}
last = {"constant": 0.4, "inverse root": inverse_sqrt_decay(0.4, 239), "cosine": 0}
for (name, distances), lr in zip(curves.items(), last.values(), strict=True):
    theory = lr / 2 * np.sqrt(2)
    print(f"{name:22s} ends {distances[-1]:.4f} from the minimum, theory {theory:.4f}")
    assert abs(distances[-1] - theory) < 0.2 * theory + 1e-9

least = {name: distances[:100].min() for name, distances in curves.items()}
burst = {name: distances[46:].max() for name, distances in curves.items()}
quiet, loud = least["RMSProp, constant"], burst["RMSProp, constant"]
print(f"constant: down to {quiet:.0e}, then up to {loud:.2f}")
assert quiet < 1e-5 and least["RMSProp, cosine"] < 1e-5 and 0.4 < loud < 2
assert burst["RMSProp, cosine"] > 0.3

t = np.arange(241)
curves["theory: η √½"] = np.full(241, 0.4 / np.sqrt(2))
title = "RMSProp dives and bursts; only a falling η brings it to rest"
names = {"xlabel": "step", "ylabel": "distance to the minimum", "yscale": "log"}
figure = figures.lines(curves, title=title, **names)
figure.axes[0].set_ylim(1e-8, 20)
alt = "With a constant rate the distance dives to 1e-7 at step 44, bursts to 0.9 and \
settles at 0.28. With cosine it bursts likewise and falls to 0 at step 200; with the \
inverse root it sinks to 0.017."
figures.show(figure, alt=alt)

# %% [markdown]
# A zigzag of $\pm\eta_t/2$ in two coordinates is a distance of $\tfrac{1}{2}\eta_t\sqrt{2} = \eta_t/\sqrt 2$: 0.283 for the constant rate.
# Before it gets there it passes through the minimum and out again: down to $10^{-7}$ at step 44, and up to 0.92.
# That is the burst of section 6: while a coordinate is quiet, $s$ shrinks, the effective learning rate grows, and the smallest error is thrown out.
# Cosine does not prevent that, as long as its rate is still large.
# In the end it is the rate that decides: with the inverse root the distance follows it down to 0.017, and with the cosine to 0.
# Past $t = 200$, where the cosine has reached 0, nothing moves.

# %% [markdown]
# ## 8 · Warmup
#
# Sometimes the *first* steps have to be short.
# **Warmup** multiplies any schedule by a factor that rises in a straight line over $W$ steps and then stays 1:
#
# $$ \eta_t = \text{schedule}(t) \cdot \min\!\left(1, \frac{t+1}{W}\right) . \tag{4.9} $$
#
# It is $t + 1$, because $t$ counts from 0 and a first step of length 0 is a wasted one.
# The schedule's own clock runs from the start.

# %% [markdown] exercise="warmup"
# Write equation (4.9).
# `schedule` is a function: `schedule(t)` is the learning rate of step `t` without warmup.
# $W$ is `warmup_steps`, and `t` may again be one number or an array of any shape, which you hand to `schedule` as it is.

# %% exercise="warmup"

# %% tags=["try"]
print(warmup(lambda t: 0.8 + 0 * t, np.arange(6), warmup_steps=4))

# %% [markdown]
# ### Why anyone would start slowly
#
# A method that divides by an average of squares trusts it from the first step on, when it has seen a single gradient.
# Take weights that are already good, as in fine-tuning: $x$ starts *at* the minimum of $x^2/2$, and each gradient is $x$ plus noise of variance 1.
# RMSProp runs with $\eta = 0.1$ and $\rho = 0.99$, which is PyTorch's default.
#
# The figure shows how far that throws $x$, with and without a warmup of 100 steps.


# %%
def spread_from_minimum(lr, n_steps=300, n_runs=1000):
    """Root mean square of x over many runs of RMSProp that start at the minimum."""
    rng = np.random.default_rng(5)
    x, s, spread = np.zeros(n_runs), np.zeros(n_runs), [0.0]
    for t in range(n_steps):
        x, s = rmsprop_step(x, s, x + rng.standard_normal(n_runs), lr(t), rho=0.99)
        spread.append(np.sqrt(np.mean(x**2)))
    return np.array(spread)


# %% tags=["experiment"]
at_once = spread_from_minimum(lambda t: 0.1)
warm = spread_from_minimum(lambda t: warmup(lambda t: 0.1, t, warmup_steps=100))
print(f"first step: {at_once[1]:.3f} at once, {warm[1]:.3f} with warmup")
print(f"farthest:   {at_once.max():.3f} at once, {warm.max():.3f} with warmup")
assert abs(at_once[1] - 0.1 / np.sqrt(1 - 0.99)) < 1e-4
assert abs(warm[1] - at_once[1] / 100) < 1e-6

curves = {"RMSProp, at once": at_once, "RMSProp, warmup": warm}
title = "Started at the minimum: the first step alone throws RMSProp 1.0 away"
names = {"xlabel": "step", "ylabel": "root mean square of x"}
alt = "At once the spread jumps to 1 and decays slowly; with warmup it rises to 0.25."
figures.show(figures.lines(curves, title=title, **names), alt=alt)

# %% [markdown]
# The first step has the length $\eta/\sqrt{1-\rho} = 10\,\eta = 1$ whatever the gradient is, and here the gradient is noise.
# All that the weights knew would be lost before the average knows anything.
# With a warmup of 100 steps nothing is thrown; both end at the same floor of noise.
#
# Strictly, warmup mends here what is a fault of RMSProp: its average starts at 0 and nothing corrects that.
# Chapter 5 corrects it, and then shows a warmup that helps a method without that fault.
#
# Nor is the fault the only reason.
# He et al. (2016) trained their ResNet of 110 layers with a tenth of the learning rate for the first 400 steps, because the full one was too large to begin with; Goyal et al. (2017) needed a warmup for very large batches, where the linear rule of chapter 2 fails at first; BERT and the Transformer warm up for thousands of steps.
# At the start the loss is often curved more than later, and a step that would be too long there is fine after some hundred short ones (Gilmer et al., 2022): the edge of stability in chapter 2 shows how the curvature gives way.

# %% [markdown]
# ### The Transformer's schedule
#
# It has warmup and decay in one formula, with $d$ the width of the model:
#
# $$ \eta_t = d^{-1/2} \cdot \min\!\left(t^{-1/2},\; t \cdot W^{-3/2}\right), \qquad t = 1, 2, \dots \tag{4.10} $$
#
# Here $t$ counts from **1**, as in the paper.
# The straight line $t\,W^{-3/2}$ meets the root $t^{-1/2}$ at $t = W$.

# %% [markdown] exercise="transformer_lr"
# Write equation (4.10); $d$ is `d_model` and $W$ is `warmup_steps`.
# Note that the first step is `t = 1` here, and that `t` may be an array of any shape.

# %% exercise="transformer_lr"

# %% [markdown]
# ### All of them on one plot
#
# Six schedules of 100 steps, with the largest learning rate 1.
# Look at where each starts, where it is at $t = 100$, and what it does after that.

# %% tags=["experiment"]
t = np.arange(141)
curves = {
    "step decay": step_decay(1.0, t, drop=0.5, every=30),
    "inverse root": inverse_sqrt_decay(1.0, t),
    "exponential decay": exponential_decay(1.0, t, rate=0.03),
    "cosine decay": cosine_decay(1.0, t, total=100),
    "warmup, then cosine": warmup(lambda t: cosine_decay(1.0, t, total=100), t, 20),
}
if needs(transformer_lr, recorded=True):
    curves["Transformer"] = transformer_lr(t + 1, 512, 20) / transformer_lr(20, 512, 20)
else:
    curves["Transformer"] = further.recorded("transformer_lr")
print("                       t = 0   t = 50  t = 100  t = 140")
for name, rates in curves.items():
    print(f"{name:20s}" + "".join(f"{rates[k]:9.3f}" for k in (0, 50, 100, 140)))
at_one = [name for name in curves if abs(curves[name][0] - 1) < 1e-12]
assert at_one == list(curves)[:4]
assert np.abs(curves["cosine decay"][100:]).max() < 1e-12

title = "Decays start at their largest rate, warmups at 1/20 of it"
figure, panels = figures.pair(title, sharey=True)
names = {"xlabel": "step t (from 0)", "ylabel": "learning rate"}
parts = {"decays": list(curves)[:4], "with warmup": list(curves)[4:]}
for panel, (part, which) in zip(panels, parts.items(), strict=True):
    shown = {name: curves[name] for name in which}
    figures.lines(shown, title=part, axes=panel, **names)
alt = "Left four decays fall from 1, each in its own way. Right two schedules rise for \
20 steps first: the cosine to 0.9 and then to 0, the Transformer's to 1."
figures.show(figure, alt=alt)

# %% [markdown]
# Four start at 1, the two with warmup at 0.05.
# (The Transformer's clock counts from 1, so it is asked for $t + 1$, and here it is divided by its top.)
# Past $t = 100$ cosine is 0 and stays there, with or without warmup; step decay keeps falling by halves, exponential decay goes on towards 0, and the two inverse roots hardly change.
# If training goes on for longer than planned, the cosine lets it learn nothing more, and all the others still something.
# The warmup of the cosine does not reach 1, because the cosine has begun to fall meanwhile.

# %% [markdown]
# ## 9 · Feature scaling
#
# Everything so far took the landscape as it was.
# But part of its shape is our own doing: if one input is measured in milligrams and another in percent, the loss is a ravine before training begins.
#
# **Standardising** gives each column of the data mean 0 and standard deviation 1:
#
# $$ z_{ij} = \frac{x_{ij} - \mu_j}{\sigma_j}, \qquad \mu_j = \frac{1}{n}\sum_{i=1}^n x_{ij}, \quad \sigma_j = \sqrt{\frac{1}{n}\sum_{i=1}^n (x_{ij} - \mu_j)^2} . \tag{4.11} $$
#
# Means and deviations come from the **training set**, also for the test set: it stands for examples that have not come yet.

# %% [markdown] exercise="standardize"
# Write equation (4.11) for two tables, with one row for each example.
# `X_train` has shape `(n_train, n_features)` and `X_test` `(n_test, n_features)`; return both scaled, with their shapes.
# A column with one and the same number everywhere has $\sigma_j = 0$; it becomes 0, and not `nan`.


# %% exercise="standardize"
def standardize(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std[np.ptp(X_train, axis=0) == 0] = 1.0
    return (X_train - mean) / std, (X_test - mean) / std


# %% [markdown]
# Thirteen measurements of 178 wines, by three growers.
#
# The first 150 are to learn from, and then *one* wine comes to be judged.

# %% tags=["try"]
wine = datasets.wine()
Z, Z_new = standardize(wine.X[:150], wine.X[150:151])
for j in (0, 1, 12):
    print(
        f"{wine.columns[j]:12s} mean {wine.X[:150, j].mean():7.2f}, "
        f"new wine {wine.X[150, j]:7.2f}, standardised {Z_new[0, j]:6.2f}"
    )
assert np.allclose(Z.mean(axis=0), 0) and np.allclose(Z.std(axis=0), 1)

# %% [markdown]
# By its own mean each of its numbers would become 0: nothing would be left to judge it by.
# A larger test set hides that mistake, but it remains one.

# %% [markdown]
# ### How round a landscape is
#
# For linear regression, the loss $\tfrac{1}{2n}\lVert Xw - y\rVert^2$, the Hessian is $X^\top X/n$: it depends on the inputs alone.
# Its condition number is
#
# $$ \kappa = \frac{\lambda_{\max}(X^\top X/n)}{\lambda_{\min}(X^\top X/n)} , \tag{4.12} $$
#
# and plain descent with its best learning rate shrinks the distance by $(\kappa-1)/(\kappa+1)$ a step.
# If $\lambda_{\min} = 0$ the matrix is **singular**: there is a direction along which the loss never changes, and $\kappa$ is infinite.

# %% [markdown] exercise="condition_number"
# Return $\kappa$ of equation (4.12) for a table `X` of shape `(n_samples, n_features)`, as it stands.
# Return `np.inf` if the matrix is singular.
# Rounding makes a trap of that: an eigenvalue that should be 0 comes out as $10^{-17}$, or as $-10^{-17}$, so treat it as 0 if it is tiny compared with the largest, say below $10^{-14}$ times that.


# %% exercise="condition_number"
def condition_number(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    if eigenvalues[0] < 1e-14 * eigenvalues[-1]:
        return np.inf
    return eigenvalues[-1] / eigenvalues[0]


# %% tags=["try"]
print(condition_number(np.array([[3.0, 0.0], [0.0, 1.0]])))
print(condition_number(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])))

# %% [markdown]
# ### Two columns
#
# Two of the wine's columns, malic acid and ash, make a ravine that we know.
# We predict the colour of the wine from them: $w$ has two entries, and we start at $w = 0$.
#
# Their means are 2.3 and 2.4, their standard deviations 1.1 and 0.3.


# %%
def regression(X, y):
    """The loss of linear regression on two columns, from w = 0, as a landscape."""
    H, b = X.T @ X / len(X), X.T @ y / len(X)
    best = np.linalg.solve(H, b)
    return landscapes.Landscape(
        f=lambda w: np.sum((w - best) @ H * (w - best), axis=-1) / 2,
        gradient=lambda w: (w - best) @ H,
        hessian=lambda w: H,
        start=np.zeros(2),
        optimum=best,
        region=(-0.5, 1.1, -0.5, 0.65),
    )


# %% tags=["experiment"]
X = wine.X[:, 1:3]
Z, _ = standardize(X, X)
centred, divided = X - X.mean(axis=0), X / X.std(axis=0)
forms = {"as measured": X, "centred only": centred, "divided only": divided}
for name, table in (forms | {"standardised": Z}).items():
    print(f"{name}: κ = {condition_number(table):.1f}")
colour = wine.X[:, 9] - wine.X[:, 9].mean()
title = "Malic acid and ash as measured, and standardised: 60 steps and 10"
figure, panels = figures.pair(title)
tables = (("as measured", X, 60), ("standardised", Z, 10))
for panel, (name, table, n_steps) in zip(panels, tables, strict=True):
    kappa = condition_number(table)
    bowl = regression(table, colour)
    lr = 2 / np.trace(bowl.hessian(bowl.start))
    path = walk(plain_step, lr, n_steps, bowl)
    left = np.linalg.norm(path[-1] - bowl.optimum) / np.linalg.norm(bowl.optimum)
    assert left <= ((kappa - 1) / (kappa + 1)) ** n_steps * 1.001
    part = {"gradient descent": path}
    figures.trajectories(bowl, part, title=f"{name}: κ = {kappa:.1f}", axes=panel)
    panel.set(xlabel="weight of malic acid", ylabel="weight of ash")
alt = "Left a long narrow ravine with a zigzag, right nearly circles and a short path."
figures.show(figure, alt=alt)

# %% [markdown]
# As measured the two columns make a ravine with $\kappa = 20.2$, by chance almost the one of section 1; standardised, $\kappa = 1.4$, nearly a round bowl.
# Neither half of (4.11) does it alone: centred the columns keep 17.1, because their deviations differ, and divided they get 86.9, because both means are far from 0, so that the columns look alike.

# %% [markdown]
# ### Real tables
#
# From a rate of $(\kappa-1)/(\kappa+1)$ a step follows the number of steps to a thousandth of the distance: about $\tfrac{1}{2}\kappa\ln 1000$.
#
# > **Predict.** The wines' columns have standard deviations from 0.1 to 314, and standardised their condition number is 46.
# > As measured it is ten to which power?

# %%
predict("units", ...)


# %%
def steps_to_a_thousandth(X):
    """What (4.12) predicts for plain descent with its best learning rate."""
    kappa = condition_number(X)
    rate = -np.log1p(-2 / (kappa + 1)) if np.isfinite(kappa) else 0.0
    return np.log(1000) / rate if rate else np.inf


def left_after(X, n_steps):
    """Measured: what part of the slowest error is left after n steps."""
    eigenvalues, directions = np.linalg.eigh(X.T @ X / len(X))
    lr = 2 / (eigenvalues[0] + eigenvalues[-1])
    one_step = np.eye(X.shape[1]) - lr * X.T @ X / len(X)
    n_steps_at_once = np.linalg.matrix_power(one_step, n_steps)
    return np.linalg.norm(n_steps_at_once @ directions[:, 0])


# %% tags=["experiment"]
digits = datasets.digits().X
varying = digits[:, np.ptp(digits, axis=0) > 0]
tables = {
    "wine": wine.X,
    "breast cancer": datasets.breast_cancer().X,
    "digits": digits,
    "digits that vary": varying,
}
print("table             κ as measured   standardised      steps, before and after")
for name, X in tables.items():
    Z, _ = standardize(X, X)
    before, after = steps_to_a_thousandth(X), steps_to_a_thousandth(Z)
    kappas = f"{condition_number(X):15.2g} {condition_number(Z):14.4g}"
    print(f"{name:16s} {kappas}      {before:9.2g} {after:9.0f}")
    if np.isfinite(after):
        left = left_after(Z, round(after))
        assert abs(left - 0.001) < 1e-4 and before / after > 1e4
compare("units", np.log10(condition_number(wine.X)))

# %% [markdown]
# <details><summary>Why</summary>
#
# Ten to the power 7.9: the wines go from $8\cdot10^7$ to 46, and from $2.8\cdot10^8$ steps to 157.
# At a million steps a second the breast cancer table would take 88 days as measured, and a third of a second standardised.
# In the digits three pixels are never inked: they are constant columns, the matrix is singular before and after, and no scaling mends that.
# Without them scaling brings $\kappa$ from $2.9\cdot10^7$ to 150.
# The condition numbers that remain, 150 or $10^5$, are not a matter of units: columns that say nearly the same thing are a ravine along the diagonal, and there neither standardising nor AdaGrad helps.
#
# </details>

# %% [markdown]
# ### Use it on a network
#
# Now your own steps train a network.
# The course's `Optimiser` gives each array of it to a step function, with a memory of its own; you build such objects yourself below.

# %%
from autograder.lab.tasks.optimiser import Optimiser

# %% [markdown]
# The network has 13 inputs, 16 hidden units with tanh, and 3 outputs, one for each grower; the loss is half the mean squared error against 0 and 1.


# %%
def loss_and_grads(params, X, Y):
    """Half the mean squared error of a tanh network, and its gradient."""
    H = np.tanh(X @ params["W1"] + params["b1"])
    error = H @ params["W2"] + params["b2"] - Y
    dH = (error @ params["W2"].T) * (1 - H**2)
    grads = {"W1": X.T @ dH, "b1": dH.sum(axis=0), "W2": H.T @ error}
    grads["b2"] = error.sum(axis=0)
    grads = {name: grad / len(X) for name, grad in grads.items()}
    return np.sum(error**2) / (2 * len(X)), grads


def train(X, Y, optimiser, seed, n_steps=200):
    """The loss before each step, from random weights."""
    rng, d, k = np.random.default_rng(seed), X.shape[1], Y.shape[1]
    params = {"W1": rng.standard_normal((d, 16)) / np.sqrt(d), "b1": np.zeros(16)}
    params |= {"W2": rng.standard_normal((16, k)) / 4, "b2": np.zeros(k)}
    losses = []
    for _ in range(n_steps):
        loss, grads = loss_and_grads(params, X, Y)
        optimiser.update(params, grads)
        losses.append(loss)
    return np.array(losses)


# %% [markdown]
# Your `rms_step` also asks how many steps came before.
# The class counts them, so a function in between can tell it.


# %%
def rms_optimiser(lr):
    """An `Optimiser` for `rms_step`; `lr` is a number or a function of t."""

    def step(theta, sum_sq, number, grad, lr):
        return rms_step(theta, sum_sq, number - 1, grad, lr)

    return Optimiser(step, counted=True, lr=lr)


# %% [markdown]
# In section 4 the schedule $\eta/\sqrt{t+1}$ turned (4.3) into AdaGrad, on two coordinates.
# Here are the two after 200 steps on the 275 parameters of this network.

# %% tags=["experiment"]
Y, (Z, _) = np.eye(3)[wine.labels], standardize(wine.X, wine.X)
adagrad = train(Z, Y, Optimiser(adagrad_step, lr=0.1), seed=0)
falling = train(Z, Y, rms_optimiser(lambda t: inverse_sqrt_decay(0.1, t)), seed=0)
print(f"loss of AdaGrad {adagrad[-1]:.6f}, of (4.3) {falling[-1]:.6f}, ", end="")
print(f"largest difference {np.abs(adagrad - falling).max():.0e}")
assert np.abs(adagrad - falling).max() < 1e-6

# %% [markdown]
# The losses agree to six digits, all the way; what is left is AdaGrad's $\epsilon$ and rounding.
# A law of one coordinate is a law of a network, where steps are taken coordinate by coordinate.

# %% [markdown]
# Can a learning rate for every parameter replace feature scaling?
# Three methods, on the wines as measured and standardised; each gets the best learning rate of one and the same grid.


# %%
def tuned(step, X, Y):
    """The best learning rate of a grid, and the losses of five runs with it."""
    grid = 10.0 ** np.arange(-3, 0.1, 0.5)
    with np.errstate(all="ignore"):  # the largest rates of the grid diverge
        ends = [train(X, Y, Optimiser(step, lr=lr), seed=0)[-1] for lr in grid]
    lr = grid[np.nanargmin(ends)]
    return lr, np.array(
        [train(X, Y, Optimiser(step, lr=lr), seed) for seed in range(5)]
    )


# %% tags=["experiment"]
Y, (Z, _) = np.eye(3)[wine.labels], standardize(wine.X, wine.X)
steps = {"AdaGrad": adagrad_step, "RMSProp": rmsprop_step}
steps = {"gradient descent": plain_step} | steps
title = "Scaling the columns helps every method more than changing the method"
figure, panels = figures.pair(title, sharey=True)
tables, ends = {"as measured": wine.X, "standardised": Z}, []
for panel, (table, X) in zip(panels, tables.items(), strict=True):
    curves = {}
    for name, step in steps.items():
        lr, curves[name] = tuned(step, X, Y)
        ends.append(np.median(curves[name][:, -1]))
        print(f"{table}, {name}: η = {lr:.2g}, loss {ends[-1]:.4f}")
    names = {"xlabel": "step", "ylabel": "loss", "yscale": "log"}
    figures.lines(curves, title=table, axes=panel, **names)
share = Y.mean(axis=0)
guess = np.sum(share * (1 - share)) / 2
print(f"guessing by the growers' frequencies: loss {guess:.4f}")
assert max(ends[3:]) < min(ends[:3]) / 5 and np.allclose(ends[:2], guess, atol=0.001)
alt = "Left most losses stay near 0.33, and some of RMSProp's fall further; right all \
fall below 0.05, RMSProp lowest."
figures.show(figure, alt=alt)

# %% [markdown]
# As measured, plain descent and AdaGrad get no further than guessing by how frequent the three growers are, whose loss is 0.3292: the column proline, in the hundreds, has pushed every tanh to its flat end, where gradients are 0.
# Standardised, even plain descent comes to a fifteenth of that, and the adaptive methods are better still: 0.022, 0.006, 0.004.
# The order of the methods is that of this small task; other tasks order them differently.
#
# And RMSProp, as measured?
# Its five runs do not agree, so five are too few.

# %% [markdown]
# > **Predict.** Of 40 runs of RMSProp on the table as measured, from 40 random starts: how many come below the loss of guessing?

# %%
predict("escapes", ..., unit=" of 40")

# %% tags=["experiment"]
Y = np.eye(3)[wine.labels]
guess = np.sum(Y.mean(axis=0) * (1 - Y.mean(axis=0))) / 2
runs = [
    train(wine.X, Y, Optimiser(rmsprop_step, lr=10**-2.5), seed) for seed in range(40)
]
late = np.median(np.array(runs)[:, -50:], axis=1)  # of each run's last 50 steps
escaped = late < 0.98 * guess
print(f"{escaped.sum()} of 40 escape; the losses of these: ", end="")
print(f"{late[escaped].min():.2f} to {late[escaped].max():.2f}, of the others ", end="")
print(f"{late[~escaped].min():.3f} to {late[~escaped].max():.3f}")
assert np.ptp(late[~escaped]) < 0.02
compare("escapes", escaped.sum(), " of 40")

# %% [markdown]
# <details><summary>Why</summary>
#
# About half of the starts, 19 here, get out of the flat place; the others stay at the loss of guessing.
# (Which ones they are can depend on the rounding of your own `rmsprop_step`: a run that goes to and fro makes large differences of tiny ones.)
# A learning rate for every parameter does not replace feature scaling.
# And the last loss of five runs would have told us whatever those five happened to do.
#
# </details>

# %% [markdown]
# ### From a step to an optimiser
#
# What libraries offer is an object: made once, and called in every step of training.
# It remembers what each array needs, and how many updates there were, so that a schedule can be given in place of a learning rate:
#
# ```python
# optimiser = AdaGrad(lr=lambda t: 0.1 / (1 + t / 100))
# for X, labels in batches:
#     optimiser.update(params, gradients_of(params, X, labels))
# ```

# %% [markdown] exercise="AdaGrad"
# Write AdaGrad as such an object, with your `adagrad_step` for one array.
# `params` and `grads` are dicts of arrays with the same keys; a key may be seen for the first time in any update.
# `lr` is a number, or a function of the number of the update, as your schedules are: in Python `callable(lr)` tells which.

# %% exercise="AdaGrad"

# %% tags=["try"]
optimiser = AdaGrad(lr=lambda t: step_decay(1.0, t, drop=0.5, every=2))
params = {"w": np.array([1.0, -2.0])}
for _ in range(3):
    optimiser.update(params, {"w": np.array([2.0, 4.0])})
    print(params["w"].round(3))

# %% [markdown] exercise="RMSProp"
# The same for RMSProp and your `rmsprop_step`.

# %% exercise="RMSProp"

# %% [markdown]
# ### Decide
#
# *Further work.* A loss has sixteen parameters: four are steep, the others nearly flat, and the curvatures differ by factors of up to a hundred million.
# Every gradient is noisy, as if it were measured at a place nearby, at another one in each call.
# You get a start and a budget of 150 gradients.
# The bottom is 5 to 40 units away in each parameter, up or down.

# %% [markdown] exercise="come_to_rest"
# Choose a method of this chapter, its settings, and perhaps a schedule; return where you come.
# It is judged on losses that you have not seen, by the part of the way to the bottom that is gone, on average over the parameters: 75 % earn a third of the points, 94 % two thirds, 97 % all.
# A 151st gradient stops the function.

# %% exercise="come_to_rest"

# %% [markdown]
# ## 10 · Break it
#
# Move the sliders, or type into the boxes.
# All three paths have 60 steps; plain descent has the learning rate $2/2.1$ throughout.
#
# 1. Raise $\eta$. Which of the two adaptive methods breaks first, and how does the other take it?
# 2. Set $\rho = 0.999$. What does the first step do, and why?
# 3. Set $\eta = 4$ and turn the map, to 20° and then to 45°. Who suffers?
#
# *What you found (double-click to write it here):*


# %%
def draw(lr, rho, degrees):
    landscape = rotated(ravine, degrees)
    paths = {
        "gradient descent": walk(plain_step, 2 / 2.1, 60, landscape),
        "AdaGrad": walk(adagrad_step, lr, 60, landscape),
        "RMSProp": walk(rmsprop_step, lr, 60, landscape, rho=rho),
    }
    _, adagrad, rmsprop = (landscape.f(path[-1]) for path in paths.values())
    note = f"Loss after 60 steps: AdaGrad {adagrad:.1e}, RMSProp {rmsprop:.1e}"
    return widgets.trajectory_and_loss(landscape, paths, note=note)


# %% tags=["experiment"]
widgets.explore(
    draw,
    lr=widgets.slider("learning rate η", 0.05, 10, 0.4, step=0.05),
    rho=widgets.slider("decay ρ", 0.5, 0.999, 0.9, step=0.001),
    degrees=widgets.slider("turned by (degrees)", 0, 90, 0, step=1),
)

# %% tags=["experiment"]
for degrees in (0, 20, 45):
    turned = rotated(ravine, degrees)
    plain = turned.f(walk(plain_step, 2 / 2.1, 60, turned)[-1])
    ada = turned.f(walk(adagrad_step, 4.0, 60, turned)[-1])
    print(
        f"turned by {degrees:2d}°: loss of plain descent {plain:.0e}, AdaGrad {ada:.0e}"
    )
    assert (ada > plain) == (degrees > 20)

# %% tags=["experiment"]
for lr in (0.4, 4.0, 9.0):
    ada, rms = (
        np.abs(walk(step, lr, 60)[-20:]).max() for step in (adagrad_step, rmsprop_step)
    )
    print(f"η = {lr}: farthest of the last 20: AdaGrad {ada:.1e}, RMSProp {rms:.2f}")
first = np.abs(walk(rmsprop_step, 0.4, 1, rho=0.999)[1] - ravine.start)
print(f"ρ = 0.999: first step {first.round(3)}")
assert np.allclose(first, 0.4 / np.sqrt(1 - 0.999), rtol=1e-6)

# %% [markdown]
# RMSProp breaks first: it never stops throwing both coordinates by about $\eta$, while AdaGrad overshoots once, remembers it in $r$, and settles.
# (In the widget RMSProp's loss may fall below the axis and shoot back up: the dive and the burst of section 7.)
# With $\rho = 0.999$ the first step is $0.4/\sqrt{0.001} = 12.6$ in each coordinate: right off the map.
# On a turned map AdaGrad loses its advantage: with $\eta = 4$ its loss after 60 steps goes from $10^{-38}$ to $10^{-6}$ and $10^{-3}$, while plain descent's stays at $4\cdot10^{-5}$.

# %% [markdown]
# ## 11 · Why
#
# A person reads this answer. Four to eight sentences are enough.

# %% [markdown] question="adaptive_learning_rates_why"
# A colleague trains with AdaGrad, $\eta = 0.1$, and logs one weight:
#
# | step | size of the gradient | $\sqrt{r}$ | length of the step |
# |---:|---:|---:|---:|
# | 1 | 8.0 | 8.0 | 0.1 |
# | 100 | 0.8 | 24.0 | 0.0033 |
# | 10 000 | 0.8 | 83.1 | 0.00096 |
#
# and concludes: "The steps have gone to zero, so the weight has reached a minimum."
#
# 1. Which number in the table speaks against that, and what happened instead?
# 2. Check the last row: the gradient stayed at 0.8 from step 100 on.
# 3. What length would RMSProp's steps have in that last row, and which new trouble comes with it? Name a remedy.
# 4. The weight belongs to an input that is measured in grams. A second colleague changes the unit to milligrams, so that the weight becomes a thousand times smaller. What changes for plain descent, and what for AdaGrad?

# %% [markdown] answer="adaptive_learning_rates_why"
# 1. The gradient is still 0.8; at a minimum it would be 0. The large gradients at the start stay in $r$, so the effective learning rate $\eta/\sqrt{r}$ has gone to zero, not the slope: a standstill.
# 2. $\sqrt{24^2 + 9900 \cdot 0.8^2} = \sqrt{6912} = 83.1$, and $0.1 \cdot 0.8/83.1 = 0.00096$. The table is right.
# 3. With a constant gradient $\sqrt{s}$ is its size, so the steps have the length $\eta = 0.1$, a hundred times longer. But near the minimum they stay that long: it ends in a zigzag of $\pm\eta/2$. A schedule that lowers $\eta$, cosine for example, brings it to rest.
# 4. Inputs become 1000 times larger, so the gradient of the weight does too, while the weight that is wanted is 1000 times smaller. Plain descent's step is then a million times too long in proportion, and it diverges unless $\eta$ is made smaller by that factor. For AdaGrad the factor cancels from $g/\sqrt{r}$: its steps keep their length, which is 1000 times too long for the smaller weight at first, until the sum has grown. Standardising the input removes the question.
#
# - [0.5] The gradient is still 0.8: the sum in $r$ has used up the learning rate.
# - [0.5] The row is right, as $\sqrt{24^2 + 9900 \cdot 0.8^2} = 83.1$.
# - [0.5] RMSProp's steps have length 0.1 and end in a zigzag; a schedule is the remedy.
# - [0.5] Plain descent's step is a million times too long; AdaGrad's steps keep their length.

# %% [markdown]
# ## 12 · Summary
#
# - On a quadratic the best step is $|g|/h$; the root mean square of past gradients stands in for the curvature $h$.
# - AdaGrad divides by the root of the sum: steep parameters are tamed, flat ones helped, curvature along an axis drops out. Its steps fall like $1/\sqrt{t+1}$ and end in a standstill.
# - RMSProp forgets, so it recovers, and for the same reason never settles: it ends in a zigzag of $\pm\eta/2$ unless the learning rate falls.
# - A schedule decides when: large steps to get far, small ones to come to rest; warmup while the averages know nothing.
# - Standardising columns makes the landscape rounder for every method. Against a ravine along the diagonal neither that helps nor a learning rate for every parameter.

# %% [markdown]
# ## 13 · Elsewhere
#
# | where | its form | compared with this chapter |
# |---|---|---|
# | Duchi et al. (2011) | $\eta\,g/(\delta + \sqrt{\sum g^2})$ | (4.2); the paper also has a full matrix instead of the diagonal, which helps against turned ravines and costs $d^2$ numbers |
# | PyTorch `Adagrad` | `eps=1e-10` outside the root | (4.2); `initial_accumulator_value=0` |
# | Keras `Adagrad` | $r$ starts at 0.1, `epsilon=1e-7` inside the root | first steps are shorter |
# | d2l.ai | $\epsilon = 10^{-6}$ inside the root | at tiny gradients it counts as $10^{-3}$ |
# | PyTorch `RMSprop` | `alpha=0.99`, `eps=1e-8` outside the root | (4.4) with $\rho$ = `alpha`; `centered=True` subtracts the squared mean |
# | Keras `RMSprop` | `rho=0.9`, `epsilon=1e-7` | (4.4), with $\epsilon$ inside the root |
# | PyTorch `StepLR`, `CosineAnnealingLR` | | (4.5); (4.8) with $\eta_{\min}$ = `eta_min`, but $t$ for $\min(t, T)$: past $T$ it rises again |
# | PyTorch `ExponentialLR(gamma)` | $\eta\,\gamma^t$ | (4.7) with $\gamma_{\text{PyTorch}} = e^{-\gamma}$ |
# | most trainers' warmup | the schedule's clock starts after the warmup | in (4.9) it starts at once |
# | scikit-learn `StandardScaler` | population deviation, constant columns divided by 1 | (4.11) |
#
# **To read** Duchi, Hazan and Singer (2011), *Adaptive Subgradient Methods*; Hinton's lecture 6.5 (2012); Goodfellow, Bengio and Courville (2016), section 8.5; Zhang et al., *Dive into Deep Learning*, sections 12.7, 12.8 and 12.11; Wilson et al. (2017), *The Marginal Value of Adaptive Gradient Methods*, for the other side.
# Next, chapter 5: momentum for the direction, RMSProp for the scale, and what to do about averages that start at 0.
