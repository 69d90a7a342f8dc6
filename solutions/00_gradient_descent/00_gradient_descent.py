# %% [markdown]
# # Chapter 0 · Gradient descent
#
# To train a model is to walk downhill in a landscape that nobody can see: the height is the model's error, and the place is given by all its parameters, thousands or billions of numbers.
# This chapter takes the simplest rule for the walk and asks three things: why it leads down, how long its steps may be, and when the bottom that it finds is the lowest one.
#
# It is also where you learn how the course works.
# The first function that you write has one line.
#
# **Time** about 75 minutes for the core; exercises marked *further work* come on top.
#
# **Know first** Python functions and NumPy arrays; derivatives, vectors and matrices. Eigenvalues are recalled in section 5.
#
# **Sources** Cauchy (1847), Jensen (1906); for more, Boyd and Vandenberghe (2004), *Convex Optimization*.

# %% tags=["setup"]
import numpy as np

import autograder
from autograder import check, compare, hint, needs, predict
from autograder.lab import datasets, figures, landscapes, widgets

bowl = landscapes.bowl(2.0, 4.0)

# %% [markdown]
# ## How a chapter works
#
# A chapter is a text with cells that you run, from top to bottom: click on a cell and press Shift+Enter.
# Three kinds of cell want something from you.
#
# - **Predict.** A question before an experiment, and a cell for your guess: a number, a choice, or an order. Run the cell and give it there, or write it instead of the three dots. The experiment then says what came next to what you predicted. A wrong guess that is put right teaches more than a right answer that you only read; it counts for nothing, and whoever goes on without a guess skips the question.
# - **Exercise.** A function without a body. You write the body.
# - **Check.** The cell after it calls your function with numbers of its own and compares. It says what it called, what came back and what should have come back, and if your numbers are those of a known mistake, it names the mistake. You may run it as often as you like.
#
# The other cells make figures and numbers, and most of them use the functions that you have written.
# The code of experiments is folded, so that it tells nothing before it has run, and so are the explanations below: a click opens them.
# Until you have, a line says which function they need, and that is all right.
# When you come back another day, run the chapter again from the top: *Run*, then *Run All Cells*.

# %% [markdown]
# ## 1 · A landscape in the dark
#
# A **loss** is a function that says how badly a model does: the lower, the better.
# It depends on the model's **parameters**, which we write as one array $\theta$.
# With two parameters $\theta = (x, y)$ we can draw it as a landscape.
# The map of this chapter is
#
# $$ f(x, y) = x^2 + 2y^2 . $$
#
# In the code it is called `bowl`.
# Its lowest point, the **minimum**, is at $(0, 0)$; a star marks it.
#
# We start at $(-5, -2)$, and it is dark.
# All that we can feel is the slope under our feet: how fast $f$ grows along $x$ and along $y$.
# These two numbers make the **gradient**, a vector with one entry for each parameter:
#
# $$ g = \nabla f = \Bigl( \frac{\partial f}{\partial x}, \frac{\partial f}{\partial y} \Bigr) = (2x,\; 4y) . $$

# %% [markdown]
# The gradient points to where the loss grows, and the opposite direction, $-g$, downhill.
#
# > **Predict.** At $(-5, -2)$, by how many degrees does downhill miss the minimum?

# %%
predict("downhill", ..., unit="°")

# %% tags=["experiment"]
h, here = 1e-6, bowl.start
felt = [(bowl.f(here + h * axis) - bowl.f(here)) / h for axis in np.eye(2)]
print("gradient by the formula", bowl.gradient(here), " by feeling", np.round(felt, 4))
assert np.abs(felt - bowl.gradient(here)).max() < 1e-5
downhill, to_minimum = -bowl.gradient(here), bowl.optimum - here
angles = np.degrees([np.arctan2(y, x) for x, y in (downhill, to_minimum)])
print(f"downhill points to {angles[0]:.1f} degrees, the minimum is at {angles[1]:.1f}")

missed = angles[0] - angles[1]
title = f"Downhill is at right angles to the contours; here it misses by {missed:.0f}°"
alt = (
    f"A wire frame of a long bowl with the start on its wall, and its contours, which \
are ellipses, with arrows downhill. The start's arrow points {missed:.0f} degrees past \
the dashed line that leads from the start to the minimum."
)
figure = figures.portrait(bowl, title=title)
guess = compare("downhill", missed, "°")
if guess is not None:
    turn = np.radians(angles[1] + guess)
    end = here + 2 * np.array([np.cos(turn), np.sin(turn)])
    figures.guessed(figure.axes[1], *np.transpose([here, end]))
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The gradient is $(-10, -8)$, and two tiny steps to feel the slope give the same.
# On the map the grey lines are **contours**, along which the loss stays the same; downhill is at right angles to them.
# At the start it points to 38.7 degrees, while the minimum is at 21.8: it misses by 16.9.
# Somebody who only feels the slope does not know where the minimum is, but does know a direction in which it goes down.
#
# </details>

# %% [markdown]
# ## 2 · One step
#
# So take a step in the direction $-g$, and let a number say how long it is:
#
# $$ \theta \leftarrow \theta - \eta\, g . \tag{0.1} $$
#
# The number $\eta$ is called the **learning rate**.
# It is not learned but chosen; such a number is called a **hyperparameter**.
# The rule is called **gradient descent**.
# Every later chapter changes something about this one line.
#
# | symbol | argument | what it is |
# |---|---|---|
# | $\theta$ | `theta` | the parameters, an array of any shape |
# | $g$ | `grad` | the gradient at `theta`, of the same shape |
# | $\nabla f$ | `grad_fn` | the function that gives the gradient at a place |
# | $\theta_0$ | `theta0` | the place where a walk starts (section 4) |
# | | `n_steps` | how many steps it takes (section 4) |
# | $\eta$ | `lr` | the learning rate, greater than 0 |
# | $H$ | `H` | the Hessian: all second derivatives, a symmetric matrix (section 5) |
# | $\lambda$ | | an eigenvalue of the Hessian |
# | $a$, $b$ | `a`, `b` | the two ends of a chord (section 6) |
# | $\alpha$ | | how far along it, from 0 at $b$ to 1 at $a$ |

# %% [markdown] exercise="gd_step"
# Write one step of gradient descent, equation (0.1).
# `theta` and `grad` are arrays of one shape, whatever it is; return the new parameters.
# Make a new array: whoever called you still needs the old one.
#
# The cell below holds the **stub**: the function's name, its arguments, what they are, and no body.
# Replace the line that raises `NotImplementedError` by yours, and run the cell.
#
# If you are stuck, run `hint(gd_step)` in a cell of its own; each call tells more, and the last one tells all.

# %% exercise="gd_step"

# %% [markdown]
# This cell is free, to try your function before it is checked.
# At $(-5, -2)$ with $\eta = 0.1$ it should go to $(-4, -1.2)$: work it out by hand once.

# %% tags=["try"]
print(gd_step(theta=np.array([-5.0, -2.0]), grad=np.array([-10.0, -8.0]), lr=0.1))

# %% [markdown]
# If the check says RIGHT, your function gave the right answer for all of its numbers.
# When your work is graded, it is called with other numbers of the same kinds, so an answer that is only right for these does not help.

# %% [markdown]
# ### Use it: learn from data
#
# You can train a model already.
# The course has 1,077 images of handwritten digits to learn from, 8×8 pixels each, and 360 others to be judged by.
# Our model has 640 parameters, the **weights**: ten for each pixel, one for each digit.
# An image's score for a digit is the sum of its pixels times their weights for that digit, and the largest score wins.
# The loss says how badly the scores fit the labels, and `softmax_regression` computes it and its gradient; how, is the matter of chapter 8.
# The rest is your one line, a hundred times.
#
# > **Predict.** All weights start at 0, so the model guesses: one image in ten. What percentage of the new images does it read right after a single step?

# %%
predict("digits", ..., unit=" %")

# %% tags=["experiment"]
from autograder.lab import softmax_regression

digits = datasets.digits()
weights, losses, read = np.zeros((64, 10)), [], []
for step in range(101):
    if step in (0, 1, 10, 100):
        right = softmax_regression.accuracy(weights, digits.X_val, digits.labels_val)
        loss = softmax_regression.loss(weights, digits.X, digits.labels)
        losses.append(loss)
        read.append(right)
        print(
            f"after {step:3d} steps: loss {loss:.3f}, {right:.1%} of the new images right"
        )
    slope = softmax_regression.gradient(weights, digits.X, digits.labels)
    weights = gd_step(weights, slope, lr=1.0)
assert losses == sorted(losses, reverse=True)
assert read == sorted(read)
compare("digits", 100 * read[1], " %")

# %% [markdown]
# <details><summary>Why</summary>
#
# After a single step 80.3 % of the new images are read right, and after a hundred steps 95 %.
# Nobody has told the program what a 3 looks like.
# It has gone downhill in a landscape of 640 dimensions, by the rule (0.1) and nothing else.
# The rest of this chapter asks why that works, and looks at landscapes of one or two dimensions, because we can draw them.
#
# </details>

# %% [markdown]
# ### Now make a mistake
#
# The check is worth knowing before you need it.
#
# 1. Go back to your `gd_step`, turn the minus into a plus, and run its cell and the check again. Read the whole message.
# 2. Put the minus back. Now write the same step in place: change `theta` itself with `-=` in one line, and return it in the next. Run both cells again.
#
# > **Predict.** The second version returns exactly the right numbers. What does the check say?

# %%
predict("in place", ..., among=("right", "not right"))

# %% [markdown]
# The next cell makes the same two mistakes and one more, so that you can compare.
# It shows the title of each message and the sentence that names the mistake.


# %%
def too_far(theta, grad, lr):
    return theta - grad


def wrong_way(theta, grad, lr):
    return theta + lr * grad


def in_place(theta, grad, lr):
    np.subtract(theta, lr * grad, out=theta)
    return theta


# %% tags=["experiment"]
for wrong in (too_far, wrong_way, in_place):
    try:
        autograder.check(wrong, "gd_step")
    except AssertionError as told:
        title, _, named, *_ = str(told).strip().split("\n\n")
        print(f"{wrong.__name__}\n{title}\n{named}\n")
    else:
        title = "RIGHT"
    assert "This is" in named or "These are exactly the numbers of" in named
compare("in place", "right" if title == "RIGHT" else "not right")

# %% [markdown]
# <details><summary>Why</summary>
#
# The last one does not pass.
# It returns the right numbers, and it changes its argument as well: whoever called the function finds `theta` moved.
# That is a **side effect**, and it would bite in section 4, where every place on the way has to be kept.
#
# </details>
#
# Before you go on, make your `gd_step` right again and run its check.

# %% [markdown]
# ## 3 · Why downhill is minus the gradient
#
# Near a place $\theta$ a smooth function looks like a plane.
# Taylor's formula to first order says so: for a small step $\delta$
#
# $$ f(\theta + \delta) \approx f(\theta) + g^{\mathsf T} \delta . \tag{0.2} $$
#
# Which step of length $r$ lowers the right-hand side most?
# The Cauchy–Schwarz inequality bounds a scalar product by the two lengths: $|g^{\mathsf T}\delta| \le \lVert g\rVert\,\lVert\delta\rVert$.
# So
#
# $$ g^{\mathsf T} \delta \;\ge\; -\lVert g\rVert\, r \qquad \text{for every } \delta \text{ of length } r, \tag{0.3} $$
#
# with equality exactly when $\delta$ points against $g$: $\delta = -r\, g / \lVert g\rVert$.
# No direction goes down faster than $-g$.
#
# All of this is about the plane, not about the landscape.
# The landscape is close to its plane only in a small ball around $\theta$.

# %% [markdown]
# Stand at $(-5, -2)$ and draw a circle around you.
# Walk to each of its points in a straight line, and note how much the loss has changed for each unit of distance.
# On a circle of radius 0.05 the best direction is $-g$.
#
# > **Predict.** On a circle of radius 4, how many degrees is the best direction away from $-g$?

# %%
predict("circle", ..., unit="°")

# %% tags=["experiment"]
turned = np.radians(np.linspace(-90, 90, 361))
along = angles[0] / 180 * np.pi + turned
directions = np.stack([np.cos(along), np.sin(along)], axis=-1)
curves, slope = {}, np.linalg.norm(bowl.gradient(here))
for r in (0.05, 2.0, 4.0):
    change = (bowl.f(here + r * directions) - bowl.f(here)) / r
    curves[f"radius {r}"] = (np.degrees(turned), change)
    best = np.degrees(turned[change.argmin()])
    print(f"radius {r}: best {best:5.1f} degrees from -g, change {change.min():.2f}")
curves["theory, plane"] = (np.degrees(turned), -slope * np.cos(turned))
print(f"steepest slope of the plane: {-slope:.2f}")
assert np.abs(curves["radius 0.05"][1] - curves["theory, plane"][1]).max() < 0.15

title = f"Four units away, the best direction is {abs(best):.0f}° away from −g"
labels = {"xlabel": "direction, degrees from −g", "ylabel": "change of f per distance"}
figure = figures.lines(curves, title=title, **labels)
guess = compare("circle", abs(best), "°")
figures.guessed(figure.axes[0], x=None if guess is None else np.sign(best) * guess)
alt = f"Change of the loss against direction. The curve for radius 0.05 lies on the \
cosine of the plane; for radius 4 the lowest point is at {best:.0f} degrees."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# On the smallest circle the curve is that of the plane, $-\lVert g\rVert\cos$, and $-g$ is best.
# On the circle of radius 4 the best direction is 14 degrees away from it: nearly where the minimum is.
# So "steepest" is true, and it is a promise about small steps only.
# How small is small enough is the question of section 5.
#
# </details>

# %% [markdown]
# ## 4 · Many steps
#
# One step is not enough, so we take many, and feel the slope anew at each place:
#
# $$ \theta_{k+1} = \theta_k - \eta\, \nabla f(\theta_k), \qquad k = 0, 1, 2, \dots \tag{0.4} $$
#
# The places $\theta_0, \theta_1, \theta_2, \dots$, also called **iterates**, make the **path**.

# %% [markdown] exercise="gradient_descent"
# Take `n_steps` steps of equation (0.4) and return the whole path, the start included.
# `theta0` may have any shape; the path has one axis more, in front: `path[k]` is the place after $k$ steps.
# Use your `gd_step`.
# Each gradient is worth keeping: call `grad_fn` exactly `n_steps` times.


# %% exercise="gradient_descent"
def gradient_descent(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        path.append(gd_step(path[-1], grad_fn(path[-1]), lr))
    return np.array(path)


# %% tags=["try"]
print(gradient_descent(lambda x: 2 * x, np.array(-5.0), lr=0.2, n_steps=4))

# %% [markdown]
# ### Use it
#
# The simplest landscape has one parameter: $f(x) = x^2$, with the slope $2x$.
#
# We take ten steps with $\eta = 0.2$ from $-5$. By which factor does each of them change $x$?

# %% tags=["experiment"]
parabola = landscapes.bowl(2.0)
path = gradient_descent(parabola.gradient, parabola.start, lr=0.2, n_steps=10)
print("factors:", (path[1:] / path[:-1]).round(6))
print(f"x after 10 steps: {path[-1]:.6f};  -5 * 0.6**10 = {-5 * 0.6**10:.6f}")
assert np.abs(path - -5 * 0.6 ** np.arange(11)).max() < 1e-12

title = "f(x) = x², η = 0.2: each step goes 0.4 of the way, so the steps get shorter"
name = "gradient descent"
figure = figures.ball_on_curve(parabola, path, name=name, title=title)
alt = "A parabola with dots that come down its left side and crowd at the minimum."
figures.show(figure, alt=alt)

# %% [markdown]
# The factor is $1 - 0.2 \cdot 2 = 0.6$ in every step, because here the slope is proportional to $x$.
# The learning rate has not changed, and still the steps get shorter: near the minimum the slope is small.
#
# > **Predict.** Now four learning rates: 0.02, 0.2, 0.9 and 1.05. Work out the factor for each, and put them in order by their loss after 20 steps, the least one first.

# %%
predict("rates", ..., order=("0.02", "0.2", "0.9", "1.05"))

# %% tags=["experiment"]
losses = {}
for lr in (0.02, 0.2, 0.9, 1.05):
    path = gradient_descent(parabola.gradient, parabola.start, lr, n_steps=20)
    factor = path[1] / path[0]
    print(f"η = {lr:4}: factor {factor:5.2f}, |x| after 20 steps {abs(path[-1]):9.2e}")
    assert abs(factor - (1 - 2 * lr)) < 1e-12
    losses[f"η = {lr}"] = parabola.f(path)

order = sorted(losses, key=lambda name: losses[name][-1])
compare("rates", [name.removeprefix("η = ") for name in order])
title = f"Same start, 20 steps: {order[0]} comes nearest, {order[-1]} ends farthest"
labels = {"xlabel": "step", "ylabel": "loss x²", "yscale": "log"}
figure = figures.lines(losses, title=title, method="gradient descent", **labels)
alt = f"Loss against step on a logarithmic axis: four straight lines, which end in the \
order {', '.join(order)}."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The factors are $1 - 2\eta$: 0.96, 0.6, $-0.8$ and $-1.1$.
# The loss is multiplied by the factor's square, so on a logarithmic axis each line is straight.
# A negative factor jumps across the minimum to the other side; as long as its size is below 1, the jumps get shorter all the same.
# At 1.05 each jump is longer than the last, and the walk is lost: it **diverges**.
#
# </details>

# %% [markdown]
# ### Two parameters, one learning rate
#
# Back to $f(x, y) = x^2 + 2y^2$, whose slopes are $2x$ and $4y$.
#
# Now $\eta = 0.4$: work out by which factors $x$ and $y$ change in each step, and what the path looks like.

# %% tags=["experiment"]
path = gradient_descent(bowl.gradient, bowl.start, lr=0.4, n_steps=10)
print("factors of x and y:", (path[1] / path[0]).round(6))
assert np.abs(path[-1] - bowl.start * np.array([0.2, -0.6]) ** 10).max() < 1e-12

title = "η = 0.4, 10 steps: x shrinks by 0.2, y by −0.6, and the sign is the zigzag"
figure = figures.trajectories(bowl, {"gradient descent": path}, title=title)
alt = "Contours of the bowl. The path jumps to the other side of the x axis in each \
step, and ends at the star."
figures.show(figure, alt=alt)

# %% [markdown]
# The factors are $1 - 0.4\cdot 2 = 0.2$ and $1 - 0.4 \cdot 4 = -0.6$.
# Along $x$ this learning rate is nearly perfect; along $y$ it is too long, and the path zigzags.
# One number has to serve both directions, and no choice is best for both; section 5 finds the best compromise.
# Chapters 3 to 5 are about doing better than that.

# %% [markdown]
# ## 5 · How long may a step be?
#
# The second derivatives of $f$ make a symmetric matrix, the **Hessian** $H$: its entry in row $i$ and column $j$ is $\partial^2 f / \partial\theta_i\,\partial\theta_j$.
# They say how the slope changes from place to place: the **curvature**.
# Where $f$ is a quadratic with its minimum at $\theta^*$, the gradient is $g = H(\theta - \theta^*)$.
#
# Recall: a vector $v$ is an **eigenvector** of $H$ with the **eigenvalue** $\lambda$ if $Hv = \lambda v$, that is, if $H$ only stretches it.
# A symmetric matrix of shape $(d, d)$ has $d$ eigenvectors at right angles to each other, so every vector is a sum of parts along them, and $H$ stretches each part by its own $\lambda$.
# For a diagonal matrix they are the axes, and the eigenvalues stand on the diagonal.
# In NumPy, `np.linalg.eigvalsh(H)` gives the eigenvalues of a symmetric matrix, the smallest first.
#
# Along an eigenvector of $H$ with the eigenvalue $\lambda$, the gradient is $\lambda$ times the error $e$, the distance that is left to go; so
#
# $$ e_{k+1} = (1 - \eta\lambda)\, e_k . \tag{0.5} $$
#
# For our map $H$ is diagonal with the eigenvalues 2 and 4, and (0.5) says what we saw.
#
# The error shrinks if $|1 - \eta\lambda| < 1$, that is, if $0 < \eta\lambda < 2$.
# It must shrink along **every** eigenvector:
#
# $$ \eta < \frac{2}{\lambda_{\max}} . \tag{0.6} $$
#
# The steepest direction sets the limit for all.

# %% [markdown] exercise="largest_stable_lr"
# Return the limit of equation (0.6), a float, for a symmetric positive-definite matrix `H` of shape `(d, d)`.
# If the largest eigenvalue is not positive there is no such limit: raise `ValueError`.

# %% exercise="largest_stable_lr"

# %% tags=["try"]
print(largest_stable_lr(np.array([[2.0, 0.0], [0.0, 4.0]])))

# %% [markdown]
# ### Use it
#
# > **Predict.** For our map the limit is $2/4 = 0.5$. With $\eta = 0.51$, how many times as large as at the start is $|y|$ after 100 steps?

# %%
predict("beyond", ..., unit=" times")

# %% tags=["experiment"]
limit = largest_stable_lr(bowl.hessian(bowl.start))
paths = [
    gradient_descent(bowl.gradient, bowl.start, limit + d, 8) for d in (-0.01, 0.01)
]
factors = [path[1, 1] / path[0, 1] for path in paths]
print(
    f"limit {limit}; factors of y just under it {factors[0]:.2f}, over {factors[1]:.2f}"
)
assert abs(factors[0] + 0.96) < 1e-9 and abs(factors[1] + 1.04) < 1e-9
grown = abs(factors[1]) ** 100
print(f"after 100 steps with {limit - 0.01}: {abs(factors[0]) ** 100:.3f} of the start")
compare("beyond", grown, " times")

title = f"Two hundredths more in η: after 100 steps {grown:.0f} times the start"
figure, (left, right) = figures.pair(title)
named = {f"η = {limit + d:.2f}": p for d, p in zip((-0.01, 0.01), paths, strict=True)}
steps = {name: np.abs(path[:, 1]) for name, path in named.items()}
labels = {"xlabel": "step", "ylabel": "|y|", "method": "gradient descent"}
figures.lines(steps, title="distance from the floor", dots=True, axes=left, **labels)
below = {"gradient descent": paths[0]}
figures.trajectories(bowl, below, title="the path with η = 0.49", axes=right)
alt = (
    "Left |y| against the step: it sinks a little with η = 0.49 and rises a little with \
0.51. Right, a path that jumps to and fro across the x axis, a little less each time."
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The factor of $y$ is $-0.96$ with $\eta = 0.49$, and $-1.04$ with $0.51$.
# After 100 steps that makes 0.017 of the start against 50.5 times the start.
#
# </details>
#
# In practice the directions are not the axes: the parameters are coupled, and $H$ is not diagonal.
# Equation (0.6) does not mind.
#
# Take five coupled parameters, and learning rates 2 % under the limit and 2 % over it: this is left of the error after 500 steps.

# %% tags=["experiment"]
rng = np.random.default_rng(0)
A = rng.standard_normal((5, 5))
H = A @ A.T + np.eye(5)
limit, steepest = largest_stable_lr(H), np.linalg.eigh(H)[1][:, -1]
for part in (0.98, 1.02):
    path = gradient_descent(lambda x: H @ x, np.ones(5), part * limit, 500)
    left = abs(path[-1] @ steepest) / abs(path[0] @ steepest)
    theory = abs(1 - part * 2) ** 500
    print(f"{part} of {limit:.4f}: {left:.3e} left along the steepest, {theory:.3e}")
    assert abs(left / theory - 1) < 1e-6

# %% [markdown]
# Both numbers are $|1 - 0.98 \cdot 2|^{500}$ and $|1 - 1.02\cdot 2|^{500}$, whatever the matrix: what counts is the product $\eta\lambda_{\max}$ alone.

# %% [markdown]
# ### The best compromise
#
# Below the limit, which $\eta$ is best?
# After many steps the direction with the largest $|1 - \eta\lambda|$ is what is left, so we want that to be small.
# Small $\eta$ leave the flattest direction behind, large ones the steepest, and the best one makes the two equal:
#
# $$ 1 - \eta\lambda_{\min} = -(1 - \eta\lambda_{\max}) \quad\Rightarrow\quad \eta^* = \frac{2}{\lambda_{\min} + \lambda_{\max}}, \qquad |1-\eta^*\lambda| = \frac{\kappa - 1}{\kappa + 1}, \quad \kappa = \frac{\lambda_{\max}}{\lambda_{\min}} . $$
#
# The ratio $\kappa$ of the largest and the smallest eigenvalue is called the **condition number**.
# It alone says how fast gradient descent can be on a quadratic.
#
# Here it is for our map, with the eigenvalues 2 and 4, and for a map with the eigenvalues 2 and 400.

# %% tags=["experiment"]
for flat, steep in ((2.0, 4.0), (2.0, 400.0)):
    map_ = landscapes.bowl(flat, steep)
    best = 2 / (flat + steep)
    path = gradient_descent(map_.gradient, map_.start, best, 40)
    left = np.linalg.norm(path[-1]) / np.linalg.norm(path[-2])
    kappa = steep / flat
    print(f"κ = {kappa:.0f}: η* = {best:.4f}, a step leaves {left:.4f}, ", end="")
    print(f"theory {(kappa - 1) / (kappa + 1):.4f}")
    assert abs(left - (kappa - 1) / (kappa + 1)) < 1e-9

etas = np.linspace(0, 0.5, 101)
curves = {
    "along x: |1 − 2η|": (etas, np.abs(1 - 2 * etas)),
    "along y: |1 − 4η|": (etas, np.abs(1 - 4 * etas)),
}
title = "Eigenvalues 2 and 4: the two directions are equally slow at η = 1/3"
labels = {"xlabel": "learning rate η", "ylabel": "part left after one step"}
figure = figures.lines(curves, title=title, method="gradient descent", **labels)
figure.axes[0].plot(1 / 3, 1 / 3, "o", color="#D55E00", markersize=7, zorder=5)
alt = "Two V shapes. The one along y falls to 0 at 0.25 and rises to 1 at 0.5; the one \
along x falls to 0 at 0.5. They cross at η = 1/3, at the height 1/3."
figures.show(figure, alt=alt)

# %% [markdown]
# For our map a step leaves a third.
# With $\kappa = 200$ it leaves 0.99 with the *best* learning rate: hundreds of steps for a tenth of the distance.
# Chapter 3 brings $\kappa$ down to its root, and chapter 4 asks where it comes from.
#
# Section 3 promised to say how small a small step is.
# If no eigenvalue of the Hessian exceeds $\lambda_{\max}$ anywhere, Taylor's formula to second order gives, for any $f$,
#
# $$ f(\theta - \eta g) \;\le\; f(\theta) - \eta\,\Bigl(1 - \frac{\eta\lambda_{\max}}{2}\Bigr)\,\lVert g \rVert^2 . $$
#
# So as long as $\eta < 2/\lambda_{\max}$ every step goes down, quadratic or not, and it goes down most surely at $\eta = 1/\lambda_{\max}$.

# %% [markdown]
# ### Where the landscape is no quadratic
#
# Then $H$ changes from place to place, and the limit with it.
# Take $f(x) = x^4$, whose second derivative is $12x^2$, and $\eta = 0.03$.
#
# At $x = 1$ the limit $2/\lambda_{\max}$ is 0.17, and the walk converges.
# The limit falls below 0.03 beyond $|x| = 2.36$.
#
# > **Predict.** Starts near the minimum converge, and very distant ones do not. At which $|x|$ is the border?

# %%
predict("border", ...)

# %% tags=["experiment"]
ends = {}
border = np.sqrt(1 / (2 * 0.03))
for start in (1.0, 2.0, 3.0, 4.0, 0.999 * border, 1.001 * border, 5.0):
    limit = largest_stable_lr(np.array([[12 * start**2]]))
    with np.errstate(over="ignore", invalid="ignore"):  # a lost walk overflows
        path = gradient_descent(lambda x: 4 * x**3, np.array(start), 0.03, 2000)
    ends[start] = abs(path[-1])
    print(f"start {start:.3f}: limit there {limit:.4f}; first steps ", end="")
    print(f"{path[:4].round(2)}, after 2,000 at {path[-1]:.3f}")
    assert (ends[start] < 0.1) == (start < border)
print(f"the limit is below 0.03 from {np.sqrt(2 / 12 / 0.03):.3f} on")
compare("border", border)

# %% [markdown]
# <details><summary>Why</summary>
#
# From 3 and from 4 the walk converges, although the limit there is less than the learning rate.
# The reason is in the rule itself: $x \leftarrow x - 4\eta x^3 = (1 - 4\eta x^2)\,x$.
# The distance shrinks exactly if $4\eta x^2 < 2$, so the border is $|x| = 1/\sqrt{2\eta} = 4.08$.
# Inside it a step may jump across the minimum, and still lands nearer to it, where the curvature is smaller; the walk leaves the steep place for good.
# Outside it each step lands farther out than the last.
#
# So $2/\lambda_{\max}$ at some place is not a verdict on a walk that starts there.
# It says whether gradient descent can *stay* where the curvature is that large: near a minimum it decides, and far from one it warns.
# Chapter 2 comes back to this, when a network trains with a learning rate beyond its limit.
#
# </details>

# %% [markdown]
# ## 6 · One bottom, or many?
#
# Gradient descent stops where the slope is zero.
# For one large family of losses such a place is always the best one.
#
# A set $C$ is **convex** if with any two points it holds the straight line between them:
#
# $$ \alpha a + (1-\alpha)\, b \in C \qquad \text{for all } a, b \in C \text{ and } 0 \le \alpha \le 1 . \tag{0.7} $$
#
# A disc is convex, a ring is not.
# A function on a convex set is **convex** if it never rises above its **chords**, the straight lines between two points of its graph:
#
# $$ f(\alpha a + (1-\alpha)\, b) \;\le\; \alpha f(a) + (1-\alpha) f(b) . \tag{0.8} $$
#
# It is **strictly convex** if for $a \ne b$ and $0 < \alpha < 1$ it lies below: $<$ instead of $\le$.
# A straight line lies on its own chords, so it is convex, but not strictly.

# %% [markdown]
# Two of these are convex: $x^2$, $|x|$, $-x^2$, $\cos x$. For the other two a chord shows that they are not.

# %% tags=["experiment"]
x, ends = np.linspace(-2.4, 2.4, 201), np.array([-2.0, 2.0])
title = "On the left no point lies above its chord, on the right a whole hill does"
figure, panels = figures.pair(title)
pairs = (
    {"x²": lambda x: x**2, "|x|": np.abs},
    {"−x²": lambda x: -(x**2), "cos x": np.cos},
)
for axes, functions in zip(panels, pairs, strict=True):
    named = {name: (x, f(x)) for name, f in functions.items()}
    figures.lines(named, title="", xlabel="x", ylabel="f(x)", axes=axes)
    for name, f in functions.items():
        axes.plot(ends, f(ends), "o--", color="#D55E00", linewidth=1.2)
        middle, chord = f(np.array(0.0)), np.mean(f(ends))
        print(f"{name}: {middle:.2f} in the middle, {chord:.2f} on the chord")
        assert (middle <= chord) == (axes is panels[0])
alt = "Left x² and |x|, each below its dashed chord. Right −x² and cos x, of which the \
hill in the middle lies above the dashed chord."
figures.show(figure, alt=alt)

# %% [markdown]
# $x^2$ and $|x|$ are convex, $x^2$ even strictly.
# For $-x^2$ any chord shows that it is not.
# For $\cos x$ it has to be a chord across a hill, as here; one across the valley, from $\pi/2$ to $3\pi/2$, shows nothing.
# The next exercise lets you look along any chord.
#
# One chord can prove that a function is not convex.
# No number of chords proves that it is.

# %% [markdown] exercise="violates_convexity"
# Look along one chord: return `True` if inequality (0.8) is violated at some of the `n` equally spaced values of $\alpha$ from 0 to 1, both ends included.
# Rounding can lift a straight line above its own chord by $10^{-16}$ or so; therefore only what is above by more than `1e-12` counts.
# `a` and `b` have shape `(d,)`, and `f` takes one point of that shape.

# %% exercise="violates_convexity"

# %% tags=["try"]
for a, b in ((-2.0, 2.0), (np.pi / 2, 3 * np.pi / 2)):
    seen = violates_convexity(lambda x: np.cos(x[0]), np.array([a]), np.array([b]))
    print(f"cos on the chord from {a:.2f} to {b:.2f}: {seen}")

# %% [markdown]
# The chord across the hill shows that $\cos$ is not convex, and the one across the valley does not.

# %% [markdown]
# ### More than two points
#
# Inequality (0.8) mixes two points.
# Apply it again and again, and it holds for any mixture, so for any average: the function of the mean is at most the mean of the function.
# Where $X$ is random and $\operatorname{E}$ stands for the mean,
#
# $$ f(\operatorname{E} X) \;\le\; \operatorname{E} f(X) . \tag{0.9} $$
#
# This is **Jensen's inequality**.
#
# Its right side minus its left is the **Jensen gap**, and one set of points at which the gap is negative proves that $f$ is not convex.

# %% [markdown] exercise="jensen_gap"
# Return the Jensen gap of `f` for `n` points, the rows of `points`, of which the $i$-th counts with the weight $w_i \ge 0$, where $\sum_i w_i = 1$.
# Weights that are negative, or whose sum is farther from 1 than `1e-9`, raise `ValueError`.

# %% exercise="jensen_gap"

# %% tags=["try"]
ends, weights = np.array([[-2.0], [2.0]]), np.array([0.25, 0.75])
print("x²:   ", jensen_gap(lambda x: x[0] ** 2, ends, weights))
print("cos x:", jensen_gap(lambda x: np.cos(x[0]), ends, weights))

# %% [markdown]
# Two points make a chord, and the gap is its height above the function: negative on a hill of the cosine.
#
# Now throw a die, $X = 1, \dots, 6$, each with the weight $\frac16$.
# The gap of $X^2$ is a number that has a name.

# %% tags=["experiment"]
die, sixths = np.arange(1.0, 7)[:, None], np.full(6, 1 / 6)
gap = jensen_gap(lambda x: x[0] ** 2, die, sixths)
print(f"gap of x²:  {gap:.4f}, variance {np.var(die):.4f}, theory {35 / 12:.4f}")
gap_of_exp = jensen_gap(lambda x: np.exp(x[0]), die, sixths)
at_mean = np.exp(die.mean())
print(f"gap of exp: {gap_of_exp:.1f} = {at_mean + gap_of_exp:.1f} - {at_mean:.1f}")
assert abs(gap - 35 / 12) < 1e-12

# %% [markdown]
# For $x^2$ the gap is the variance, $35/12 = 2.9167$.
# It is zero only if nothing varies, since $x^2$ is strictly convex.
# The exponential function is convex as well: the mean of $e^X$ is 106.1, and $e$ to the mean only 33.1.

# %% [markdown]
# ### A bottom of a convex loss is the bottom
#
# Let $p$ be a **local minimum**: no place near it is lower.
# Suppose some place $q$ far away were lower.
# On the chord from $p$ to $q$ every point but $p$ lies below $f(p)$, and by (0.8) the function lies below the chord.
# So there are lower places arbitrarily near to $p$, and $p$ is no local minimum after all.
# **A local minimum of a convex function is a global one**: nothing is lower anywhere.
#
# If the function is strictly convex, there is at most one: halfway between two of them it would be lower still.
#
# We start 41 walks, from $x = -6$ to $6$, on each of three functions: $\sqrt{1+x^2}$ (strictly convex), one with a flat floor from $-1$ to $1$ (convex), and $x^2/20 + \cos 2x$ (not convex).
# In how many different places, and with how many different losses, do they end?


# %%
def floor_slope(x):
    """Slope of max(|x| - 1, 0)**2: zero from -1 to 1."""
    return 2 * np.sign(x) * np.maximum(np.abs(x) - 1, 0)


valleys = {
    "strictly convex": (lambda x: np.sqrt(1 + x**2), lambda x: x / np.sqrt(1 + x**2)),
    "flat floor": (lambda x: np.maximum(np.abs(x) - 1, 0) ** 2, floor_slope),
    "not convex": (
        lambda x: x**2 / 20 + np.cos(2 * x),
        lambda x: x / 10 - 2 * np.sin(2 * x),
    ),
}

# %% tags=["experiment"]
starts, curves, shapes, counts = np.linspace(-6, 6, 41), {}, {}, []
for name, (f, slope) in valleys.items():
    # One array of starts: each entry walks on its own.
    ends = gradient_descent(slope, starts, lr=0.2, n_steps=400)[-1]
    places, losses = (len(np.unique(np.round(v, 3))) for v in (ends, f(ends)))
    print(f"{name:16s} {places:2d} places, {losses} losses")
    counts.append((places, losses))
    curves[name], shapes[name] = (starts, ends), (starts, np.minimum(f(starts), 6))
assert counts[0] == (1, 1) and counts[1][1] == 1 < counts[1][0] and counts[2][1] > 1

title = "41 starts: one end, many equally good ones, or many of different quality"
figure, (left, right) = figures.pair(title)
figures.lines(shapes, title="the functions", xlabel="x", ylabel="f(x)", axes=left)
labels = {"xlabel": "start x", "ylabel": "end x"}
figures.lines(curves, title="where the walks end", dots=True, axes=right, **labels)
alt = "Left the three functions: a valley, a valley with a flat floor, and a wave on a \
wide bowl. Right the end against the start. Strictly convex: always 0. Flat floor: the \
start itself from -1 to 1, and the edges beyond. Not convex: a staircase."
figures.show(figure, alt=alt)

# %% [markdown]
# The strictly convex function has one end.
# On the flat floor there are many ends, but all with the same loss.
# Without convexity the start decides where the walk ends and how good that place is.
# One of its five ends is no minimum at all: the walk that starts at exactly 0 stays there, on the top of a hill, where the slope is zero too. Chapter 1 is about such places.

# %% [markdown]
# ### Which models have a convex loss?
#
# **Linear regression** predicts a number as a weighted sum of its inputs.
# **Softmax regression** predicts which of several classes an input belongs to, from one weighted sum for each class; its loss is called cross-entropy (chapter 8).
# Both have a convex loss, the first one with the squared error.
#
# A **network with a hidden layer** computes some numbers in between, its **hidden units**.
# Each is a weighted sum of the inputs, bent by a function such as $\tanh$, and the outputs are weighted sums of the hidden units.
# Its loss is not convex, and there is a short argument for that which needs no calculation.
#
# Hidden units can change places.
# If two units exchange all their weights, the network computes the same function, so the loss is the same at two different places.
# If the loss were convex, the average of all such copies would be at least as good as the network itself.
# But in that average all hidden units are alike, and a layer of equal units is worth no more than a single one.
# So wherever more than one unit is of use, the loss is not convex.
# Other kinds of networks have parts that can change places too, so the argument meets them as well: convolutional networks (channels), recurrent networks (units) and attention (heads).
#
# Train a small network to read the digits, let its hidden units change places, and walk along the chord from the network to its copy.
# Both ends have the same loss.
#
# > **Predict.** At the highest place between them, how many times that loss is it?

# %%
predict("hill", ..., unit=" times")


# %%
from autograder.lab import digit_network


def trained_network():
    """A network with 32 hidden units, and its copy with the units exchanged."""
    rng = np.random.default_rng(0)
    params = digit_network.initial(rng)
    for _ in range(20):
        for X, labels in digit_network.batches(digits, rng):
            _, grads = digit_network.loss_and_grads(params, X, labels)
            params = {k: gd_step(params[k], grads[k], 0.5) for k in params}
    order = rng.permutation(32)
    hidden, output = params["hidden"][:, order], params["output"].copy()
    output[:32] = output[order]
    return params, {"hidden": hidden, "output": output}


def trained_regression(seed):
    """A softmax regression that starts from random weights."""
    W = np.random.default_rng(seed).standard_normal((64, 10))
    for _ in range(50):
        grad = softmax_regression.gradient(W, digits.X, digits.labels)
        W = gd_step(W, grad, 0.5)
    return W


# %% tags=["experiment"]
alphas, curves = np.linspace(0, 1, 41), {}
network, copy = trained_network()
one, other = trained_regression(1), trained_regression(2)
losses = {"network": [], "softmax regression": []}
for t in alphas:
    mixed = {k: copy[k] + t * (network[k] - copy[k]) for k in network}
    data = digits.X, digits.labels
    losses["network"].append(digit_network.loss(mixed, *data))
    W = other + t * (one - other)
    losses["softmax regression"].append(softmax_regression.loss(W, *data))
for name, values in losses.items():
    chord = np.linspace(values[0], values[-1], 41)
    print(f"{name:18s} ends {values[0]:.3f}, {values[-1]:.3f}; above its chord", end="")
    print(f" by at most {(values - chord).max():.3f}")
end, top = losses["network"][0], max(losses["network"])
assert abs(end - losses["network"][-1]) < 1e-9
guess = compare("hill", top / end, " times")

title = (
    f"Between two equally good networks the loss is up to {top / end:.1f} times theirs"
)
labels = {"xlabel": "way along the chord, α", "ylabel": "loss on the training digits"}
figure = figures.lines(
    {k: (alphas, v) for k, v in losses.items()}, title=title, **labels
)
figures.guessed(figure.axes[0], 0.5, None if guess is None else guess * end)
alt = (
    f"Loss along a chord. The network's is {end:.2f} at both ends and up to {top:.2f} \
between; the regression's sags between its ends."
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The network and its copy have the same loss, and between them it rises to 8.5 times that value.
# (The two regressions were stopped on their way, after 50 steps from large random weights; that is why their ends are higher than the network's. Only the shape counts here.)
# The loss of softmax regression stays below its chord, as it does on every chord.
# So for a network, where you start matters, and no theorem says that the place where you end is the best.
# Chapter 1 looks at what else there can be apart from minima.
#
# </details>

# %% [markdown]
# *Further work.* If you wrote `violates_convexity`, let it look at 100 random chords of three losses: linear regression (the digit itself is what the model is to predict), softmax regression, and the network.

# %% tags=["experiment"]
X, labels = digits.X[:100], digits.labels[:100]


def network_loss(theta):
    params = {
        "hidden": theta[:2080].reshape(65, 32),
        "output": theta[2080:].reshape(33, 10),
    }
    return digit_network.loss(params, X, labels)


models = {
    "linear regression": (lambda w: np.mean((X @ w - labels) ** 2) / 2, 64),
    "softmax regression": (
        lambda w: softmax_regression.loss(w.reshape(64, 10), X, labels),
        640,
    ),
    "network": (network_loss, digit_network.N_PARAMETERS),
}
rng = np.random.default_rng(0)
if needs(violates_convexity):
    for name, (f, d) in models.items():
        ends = [rng.standard_normal((2, d)) for _ in range(100)]
        share = np.mean([violates_convexity(f, a, b, n=5) for a, b in ends])
        print(f"{name:18s} {share:.0%} of 100 random chords violate convexity")
        assert (share > 0) == (name == "network")

# %% [markdown]
# The two regressions never do.
# The network does, but only on a few of these chords: a place chosen at random hardly ever shows what the chord to the copy shows at once.
# One has to know where to look.

# %% [markdown]
# ### Find the mistakes
#
# *Further work.* Code that trains is seldom wrong in a way that stops it.
# It trains worse than it should, and somebody has to notice.
#
# The next function is a linear regression with an offset, in which large weights cost something: to half the mean squared error it adds half the sum of their squares, times a penalty.
# The offset is no weight and costs nothing.
# It is tried on four points of the line $y = 10 + 2x$, at $x = 1, 2, 3, 4$:
#
# | penalty, learning rate | its first three losses | they should be | it comes to | it should come to |
# |---|---|---|---|---|
# | 0, $\eta = 0.05$ | 115, 8.6, 5.6 | 115, 42.8, 18.2 | offset 10, weight 2 | the same |
# | 0.5, $\eta = 0.05$ | 115, 16.6, 16.0 | 115, 43.8, 21.3 | offset 4.73, weight 3.64 | offset 11.43, weight 1.43 |

# %% [markdown] exercise="ridge_descent"
# There are three mistakes in this function.
# Find them, and change as little as you can.
# The check names a mistake only when it is the last one that is left.

# %% exercise="ridge_descent"

# %% tags=["try"]
X = np.array([[1.0], [2.0], [3.0], [4.0]])
for penalty in (0.0, 0.5):
    theta, losses = ridge_descent(X, 10 + 2 * X[:, 0], 0.05, penalty, 2000)
    print(penalty, theta.round(2), losses[:3].round(1))

# %% [markdown]
# ## 7 · Break it
#
# Move the sliders, or type into the boxes.
# The landscape is $f(x, y) = x^2 + \tfrac{1}{2} h\, y^2$, with the curvatures 2 along $x$ and $h$ along $y$.
#
# 1. Keep $h = 4$ and raise $\eta$ until the walk is lost. Write down the value.
# 2. Set $h = 20$. Which $\eta$ is the largest now? Where is $x$ after 40 steps with it?
# 3. Keep $h = 20$. Find the $\eta$ that finishes $y$ in a single step.
#
# Work out all three from equations (0.5) and (0.6) before you touch anything.
#
# *What you found (double-click to write it here):*


# %%
def draw(lr, h):
    landscape = landscapes.bowl(2.0, h)
    path = gradient_descent(landscape.gradient, landscape.start, lr, 40)
    factors = (path[1] / path[0]).round(2)
    note = f"η = {lr:.3f}: each step multiplies x by {factors[0]} and y by {factors[1]}"
    return widgets.trajectory_and_loss(landscape, {"gradient descent": path}, note=note)


# %% tags=["experiment"]
widgets.explore(
    draw,
    lr=widgets.slider("learning rate η", 0.005, 1.1, 0.1, step=0.005),
    h=widgets.slider("curvature h along y", 0.5, 40, 4, step=0.5),
)

# %% tags=["experiment"]
for h in (4.0, 20.0):
    steep = landscapes.bowl(2.0, h)
    limit = largest_stable_lr(steep.hessian(steep.start))
    ends = [
        abs(gradient_descent(steep.gradient, steep.start, part * limit, 500)[-1, 1])
        for part in (0.98, 1.02)
    ]
    print(
        f"h = {h:4.0f}: limit {limit}; |y| just under {ends[0]:.0e}, over {ends[1]:.0e}"
    )
    assert ends[0] < 1e-6 and ends[1] > 1e6
path = gradient_descent(steep.gradient, steep.start, 0.1, 40)
print(f"h = 20, η = 0.1: x = {path[-1, 0]:.4f};  -5 * 0.8**40 = {-5 * 0.8**40:.4f}")
path = gradient_descent(steep.gradient, steep.start, 1 / 20, 40)
print(
    f"h = 20, η = 1/20: y after one step {path[1, 1]:.1e}, x after 40 {path[-1, 0]:.4f}"
)
assert abs(path[1, 1]) < 1e-12

# %% [markdown]
# For $h = 4$ the limit is $2/4 = 0.5$, for $h = 20$ it is $2/20 = 0.1$.
# At that learning rate $x$ is multiplied by 0.8 in each step and 0.0007 of it is left after 40, while $y$ never stops jumping to and fro.
# With $\eta = 1/20$ the factor of $y$ is zero: one step, and done.
# But then $x$ shrinks only by 0.9 a step: what is best for the steep direction is slow for the flat one.

# %% [markdown]
# ## 8 · Why
#
# A person reads this answer. A few sentences for each part are enough.

# %% [markdown] question="gradient_descent_why"
# Two friends train the same model from the same start, with the same right code and two learning rates.
# Ann's loss is multiplied by 1.21 in every step, from the hundredth step on. Bo's is multiplied by 0.9801.
# Both suspect a bug in the gradient.
#
# 1. Suppose that a single direction of a quadratic is left that matters, with the curvature $\lambda$. What is $\eta\lambda$ for Ann, and what is it for Bo? (How does the loss depend on the error?)
# 2. How should each of them change the learning rate, so that this direction is finished in one step? Why may that be bad advice for the model as a whole?
# 3. Bo says: "My steps go against the gradient, and no direction is steeper. So no method can get there faster." What is true in this, and what is wrong?
# 4. They try again with a hidden layer, and end in two places with different losses. Does that prove a bug?

# %% [markdown] answer="gradient_descent_why"
# 1. On a quadratic the loss goes with the square of the error, so the errors are multiplied by 1.1 and 0.99 in size. Ann's factor is $1 - \eta\lambda = -1.1$, since no positive learning rate makes it $+1.1$; hence $\eta\lambda = 2.1$. For Bo $1 - \eta\lambda = 0.99$ gives $\eta\lambda = 0.01$. (A factor of $-0.99$, that is $\eta\lambda = 1.99$, would look the same in the loss; whether the error changes sign tells the two apart.)
# 2. The factor is zero at $\eta\lambda = 1$: Ann divides her learning rate by 2.1, Bo multiplies his by 100. For Bo that is dangerous: if the direction that is left is a flat one, steeper directions with up to $\lambda_{\max}$ are still there, and $\eta\lambda_{\max}$ must stay below 2.
# 3. It is true that for an infinitely small step no direction lowers the loss faster. But the steps are finite, the slope changes on the way, and the steepest direction is in general not that of the minimum; a method that knows more than the slope, such as the curvature or the steps before, can be faster.
# 4. No. With hidden units the loss is not convex, and different starts, or different orders of the data, may end in different minima with different losses.
#
# - [0.5] $\eta\lambda$ is 2.1 for Ann and 0.01 for Bo, as the loss goes with the square of the error.
# - [0.5] Ann divides by 2.1, Bo multiplies by 100; a steeper direction still needs $\eta\lambda_{\max} < 2$.
# - [0.5] It is true of infinitely small steps only; a method that knows more than the slope can be faster.
# - [0.5] No bug is proved: with hidden units the loss is not convex, and has several minima.

# %% [markdown]
# ## 9 · Summary
#
# - Gradient descent subtracts $\eta$ times the gradient. To first order no other direction goes down faster, and that holds only for small steps.
# - On a quadratic each step multiplies the error along an eigenvector by $1 - \eta\lambda$: it creeps if $\eta\lambda$ is small, zigzags above 1, and diverges above 2.
# - The limit is $2/\lambda_{\max}$. The steepest direction sets it, and the flattest one pays for it. The best $\eta$ is $2/(\lambda_{\min}+\lambda_{\max})$, and a step then leaves $(\kappa-1)/(\kappa+1)$ of the distance.
# - On other landscapes the limit holds where the walk is to stay, near a minimum.
# - A convex function never rises above its chords; then every local minimum is a global one, and if it is strictly convex there is at most one.
# - Linear and softmax regression are convex. Networks with hidden units are not.

# %% [markdown]
# ## 10 · Elsewhere
#
# | where | its form | compared with this chapter |
# |---|---|---|
# | Cauchy (1847) | along $-g$ to the lowest point of the line | the same direction; the length is searched for anew in each step |
# | PyTorch `torch.optim.SGD(params, lr)` | `step()` changes the parameters | the same numbers, but in place, and with one gradient for all its methods |
# | Keras `SGD(learning_rate)` | `apply_gradients` | the same, in place; its default learning rate is 0.01 |
# | JAX, Optax `optax.sgd(lr)` | returns the step $-\eta g$, which you add | nothing is changed in place, as here |
# | "steepest descent" in books on numerical methods | often Cauchy's method | the learning rate is called step size |
#
# "SGD" has an S that stands for *stochastic*: the gradient is measured on a part of the data only.
# That is chapter 2.
# Next, chapter 1: places where the slope is zero and that are no minima.
