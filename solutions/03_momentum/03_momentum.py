# %% [markdown]
# # Chapter 3 · Momentum
#
# Plain gradient descent forgets every step as soon as it is taken, and in a narrow ravine it pays for that: it bounces from wall to wall and hardly moves along the floor.
# This chapter gives it a memory of one array, and asks how much faster that can make it.
#
# **Time** about 120 minutes for the core; exercises marked *further work* come on top.
#
# **Know first** gradient descent and the learning rate (chapter 0); the Hessian and its eigenvalues (chapter 1); batches and epochs (chapter 2).
#
# **Papers** Polyak (1964), Nesterov (1983), Sutskever, Martens, Dahl and Hinton (2013), Lessard, Recht and Packard (2016).

# %% tags=["setup"]
import numpy as np

from autograder import check, compare, hint, needs, predict
from autograder.lab import figures, landscapes, widgets

ravine = landscapes.ravine

# %% [markdown]
# ## 1 · See it fail
#
# The map of this chapter is the loss $f(x, y) = x^2/20 + y^2$.
# It is a ravine: steep across, along $y$, and almost flat along its floor, along $x$.
# Its second derivatives are $\lambda_x = 0.1$ and $\lambda_y = 2$; they are the eigenvalues of its Hessian.
# The ratio of the largest and the smallest is the **condition number** $\kappa = 2/0.1 = 20$.
#
# We always start at $(-7, 2)$. The minimum, marked by a star, is at $(0, 0)$.

# %% [markdown]
# > **Predict.** The arrow $-\nabla f$ points downhill, straight across the contour line.
# > At $(-7, 2)$, by how many degrees does it miss the minimum?
#
# Run the cell below and type your guess, or write it instead of the three dots.
# It stays in your notebook and counts for nothing; whoever goes on without a guess skips the question.

# %%
predict("angle", ..., unit="°")

# %% tags=["experiment"]
downhill = -ravine.gradient(ravine.start)
to_minimum = ravine.optimum - ravine.start
lengths = np.linalg.norm(downhill) * np.linalg.norm(to_minimum)
angle = np.degrees(np.arccos(downhill @ to_minimum / lengths))
print(f"downhill {downhill}, to the minimum {to_minimum}: {angle:.1f} degrees apart")
assert abs(angle - np.degrees(np.arctan(4 / 0.7) - np.arctan(2 / 7))) < 1e-9

title = f"At the start, downhill points {angle:.0f}° away from the minimum"
alt = "A wire frame of a long narrow valley, and its contours with arrows downhill. \
Almost all arrows point across the valley. A dashed line leads from the start to the \
star, and an arc marks the angle between it and the start's arrow."
figure = figures.portrait(ravine, title=title)
guess = compare("angle", angle, "°")
if guess is not None:
    turn = np.arctan2(*downhill[::-1]) + np.radians(guess)
    end = ravine.start + 2 * np.array([np.cos(turn), np.sin(turn)])
    figures.guessed(figure.axes[1], *np.transpose([ravine.start, end]))
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The arrow misses the minimum by 64.1 degrees.
# Almost all of its length goes into crossing the ravine, because across is where it is steep.
# Nothing is wrong with the arrow: it is the steepest way down, but only for a small step.
#
# </details>

# %% [markdown]
# Plain gradient descent subtracts the learning rate $\eta$ times the gradient, and so it treats each coordinate on its own:
#
# $$ x \leftarrow (1 - 0.1\,\eta)\,x, \qquad y \leftarrow (1 - 2\,\eta)\,y . $$
#
# With $\eta = 0.95$ the factor of $x$ is 0.905 and that of $y$ is $-0.9$.


# %%
def descend(lr, n_steps):
    """The points that plain gradient descent visits on the ravine, start included."""
    path = [ravine.start]
    for _ in range(n_steps):
        path.append(path[-1] - lr * ravine.gradient(path[-1]))
    return np.array(path)


# %% tags=["experiment"]
plain = descend(lr=0.95, n_steps=29)
print("row         x              y")
for row in (1, 2, 3, 29, 30):
    x, y = plain[row - 1]
    print(f"{row:3d}   {x:13.10f}  {y:13.10f}")
theory = [-7 * (1 - 0.1 * 0.95) ** 29, 2 * (1 - 2 * 0.95) ** 29]
assert np.abs(plain[-1] - theory).max() < 1e-9

# %% [markdown]
# The table has 30 rows, the start and 29 steps, and ends at $(-0.3871745809, -0.0942025739)$.
# That is what the factors say: $-7 \cdot 0.905^{29}$ and $2 \cdot (-0.9)^{29}$.
# If a textbook shows you this table, these are its numbers.

# %% tags=["experiment"]
plain = descend(lr=0.95, n_steps=29)
assert np.all(plain[1:, 1] * plain[:-1, 1] < 0)

figure = figures.trajectories(
    ravine,
    {"gradient descent": plain},
    title="Plain descent, η = 0.95, 30 points: every step changes the sign of y",
)
alt = "Contours of the ravine. The path of gradient descent zigzags across the floor \
from (-7, 2), with shorter and shorter steps, and ends just left of the minimum."
figures.show(figure, alt=alt)

# %% [markdown]
# Each step throws $y$ to the other wall, while $x$ creeps along by less than a tenth of what is left.
# The steep direction sets the limit: above $\eta = 2/2 = 1$ the zigzag grows instead of shrinking.
# The flat direction pays for it.
#
# Look at two successive steps: across they nearly cancel, along the floor they agree.
# A method that **adds up** its past steps would keep what agrees and lose what cancels.

# %% [markdown]
# ## 2 · The velocity
#
# Let a heavy ball roll over the loss.
# It has a **velocity** $v$: the step it is about to take.
# In each step friction leaves it a part $\beta$ of its velocity, and the slope pushes it downhill by $-\eta\,\nabla f$:
#
# $$ v_{t+1} = \beta\, v_t - \eta\, \nabla f(\theta_t), \qquad \theta_{t+1} = \theta_t + v_{t+1}. \tag{3.1} $$
#
# The number $\beta$ is called **momentum** and lies in $[0, 1)$; with $\beta = 0$ this is plain gradient descent.
# The ball starts at rest, $v_0 = 0$.
# The method is called **heavy ball**, or gradient descent with momentum.
#
# | symbol | argument | what it is |
# |---|---|---|
# | $\theta$ | `theta` | the parameters, an array of any shape |
# | $v$ | `velocity` | the running sum of past steps, of the same shape |
# | $\nabla f(\theta)$, or $g$ | `grad` | the gradient at `theta` |
# | $\nabla f$ | `grad_fn` | the function that gives the gradient |
# | $\eta$ | `lr` | the learning rate, greater than 0 |
# | $\beta$ | `beta` | the momentum, at least 0 and below 1 |
# | $m$ | `m` | an average, or a sum, of past gradients (sections 3 and 6) |
# | $\mu$, $L$ | `mu`, `L` | smallest and largest eigenvalue of the Hessian (section 5) |
# | $\kappa$ | | condition number $L/\mu$ |

# %% [markdown] exercise="momentum_step"
# Write one step of heavy ball, equation (3.1).
# Take the parameters, the velocity and the gradient, all of one shape, and return the new parameters and the new velocity.
# Order matters: the ball moves by its *new* velocity.
# Make new arrays; whoever called you still needs the old ones.
#
# If you are stuck, `hint(momentum_step)` asks you a question; call it again for more.

# %% exercise="momentum_step"

# %% [markdown]
# Try it by hand first.
# A ball stands at $x = -3$ with $v = 0$; the slope pushes it with a constant force of 1, and $\beta = 0.9$.
#
# What is $v$ after one, two and three steps, and if the force never stops, does $v$ grow without end?

# %% tags=["try"]
x, v = np.array(-3.0), np.array(0.0)
for step in (1, 2, 3):
    x, v = momentum_step(x, v, grad=np.array(-1.0), lr=1.0, beta=0.9)
    print(f"step {step}:  v = {v:.2f},  x = {x:.2f}")
assert abs(v - (1 + 0.9 + 0.9**2)) < 1e-12
print(f"limit of v:  1 / (1 - 0.9) = {1 / (1 - 0.9):.0f}")

# %% [markdown]
# ### Use it
#
# The cell below only defines a loop.
# It keeps the path, so that we can draw it, and hands each step's velocity on to the next.


# %%
def roll(step, lr, beta, n_steps, landscape=ravine):
    """The points that `step` visits, start included; the ball starts at rest."""
    path, velocity = [landscape.start], np.zeros_like(landscape.start)
    for _ in range(n_steps):
        grad = landscape.gradient(path[-1])
        theta, velocity = step(path[-1], velocity, grad, lr, beta)
        path.append(theta)
    return np.array(path)


# %% [markdown]
# Now $\eta = 0.1$ for both, and $\beta = 0.9$ for the ball: 30 points each.

# %% tags=["experiment"]
heavy, slow = roll(momentum_step, 0.1, 0.9, 29), descend(0.1, 29)
far, near = np.linalg.norm(slow[-1]), np.linalg.norm(heavy[-1])
print(f"distance to the minimum: plain {far:.2f}, momentum {near:.2f}")
print(f"plain with learning rate 0.95: {np.linalg.norm(descend(0.95, 29)[-1]):.2f}")
assert 6 < far / near < 6.2

figure = figures.trajectories(
    ravine,
    {"gradient descent": slow, "momentum": heavy},
    title="η = 0.1, 30 points each: momentum ends six times nearer to the minimum",
)
alt = "Gradient descent falls to the floor of the ravine and creeps there, far left. \
Momentum swings across the floor in wide curves and runs past the minimum."
figures.show(figure, alt=alt)

# %% [markdown]
# The ball swings in wide curves instead of a sharp zigzag, and it runs past the star before it turns.
# It ends at a distance of 0.86 where plain descent is still 5.23 away.
#
# That is no free gift, though.
# Plain descent with $\eta = 0.95$ came as near as 0.40 in the same number of steps.
# Momentum has two numbers to choose, and (0.1, 0.9) is not a good pair for this ravine.
# Section 5 finds the best one.

# %% [markdown]
# ## 3 · The moving average
#
# Many programs keep an average of the gradients instead of a velocity.
# An **exponential moving average** keeps the part $\beta$ of the old average and takes the part $1-\beta$ from the new gradient:
#
# $$ m_{t+1} = \beta\, m_t + (1-\beta)\, \nabla f(\theta_t), \qquad \theta_{t+1} = \theta_t - \eta\, m_{t+1}. \tag{3.2} $$
#
# It too starts at $m_0 = 0$.
# Multiply its first part by $-\eta$ and write $v = -\eta\,m$: that is (3.1) with the learning rate $(1-\beta)\,\eta$.
# So both forms take **the same path with another learning rate**, as long as the learning rate stays constant.

# %% [markdown] exercise="ema_momentum_step"
# Write one step of the averaged form, equation (3.2).
# `theta`, `m` and `grad` have one shape; return the new parameters and the new average.
# The learning rate stays outside the average.

# %% exercise="ema_momentum_step"

# %% [markdown]
# The averaged form with $\eta = 1$ and $\beta = 0.9$ should take the same path as heavy ball with $\eta = 0.1$.

# %% tags=["try"]
averaged = roll(ema_momentum_step, lr=1.0, beta=0.9, n_steps=29)
heavy = roll(momentum_step, lr=0.1, beta=0.9, n_steps=29)
print(f"largest difference of the two paths: {np.abs(averaged - heavy).max():.0e}")
assert np.abs(averaged - heavy).max() < 1e-12

# %% [markdown]
# The difference is rounding.
# A tenth of the learning rate inside a velocity is the whole learning rate outside an average.
# Keep that in mind when you copy a learning rate from one program to another: with $\beta = 0.9$ you may be wrong by a factor of 10.

# %% [markdown]
# ### What the average does at the start
#
# The average begins at 0, which is no gradient that anybody has seen.
#
# > **Predict.** Let all gradients be 1 and $\beta = 0.9$. What is $m$ after 10 steps?

# %%
predict("average", ...)

# %% tags=["experiment"]
theta, m, averages = np.array(0.0), np.array(0.0), []
for _ in range(40):
    theta, m = ema_momentum_step(theta, m, np.array(1.0), lr=0.1, beta=0.9)
    averages.append(m)
steps = np.arange(1, 41)
theory = 1 - 0.9**steps
print("m after 1, 10, 40 steps:", np.round(averages, 3)[[0, 9, 39]])
assert np.abs(averages - theory).max() < 1e-12

curves = {"m": (steps, averages), "m / (1 − βᵗ)": (steps, averages / theory)}
missing = 100 * (1 - averages[9])
title = f"After 10 steps the average of a constant gradient 1 lacks {missing:.0f} %"
figure = figures.lines(curves, title=title, xlabel="step t", ylabel="average, β = 0.9")
axes = figure.axes[0]
axes.plot([10, 10], [averages[9], 1], color="#D55E00", linewidth=2)
axes.text(10.6, 0.94, f"{missing:.0f} % missing", color="#D55E00", va="center")
figures.guessed(axes, 10, compare("average", averages[9]))
alt = "m rises from 0.1 towards 1; divided by 1 − βᵗ it is 1 from the first step on."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# After one step $m$ is 0.1, after ten 0.651, after forty 0.985; it lies on the curve $1-\beta^t$.
# So the first steps of the averaged form are too short, and dividing by $1-\beta^t$ mends that exactly.
# Momentum usually goes without that division, since a slow start does little harm.
# In chapter 5 the same average stands below a fraction line, and there it does harm.
#
# </details>

# %% [markdown]
# ### Which form to tune
#
# Both forms are one method, but their knobs differ.
# Let the gradient of $x^2/2$ be measured with noise of variance 1, as a small batch measures it.
# The ball then never comes to rest; it settles to a **noise floor**, a variance of $x$ around the minimum.
# Put $v_t = x_t - x_{t-1}$ into (3.1): with the gradient $x_t + n_t$,
#
# $$ x_{t+1} = (1+\beta-\eta)\, x_t - \beta\, x_{t-1} - \eta\, n_t . $$
#
# Let $V$ be the variance of $x$ once it has settled, and $C$ the mean of $x_t x_{t-1}$.
# Multiply the equation by $x_t$ and take means: $C = (1+\beta-\eta)\,V - \beta\,C$.
# Square it and take means: $V = (1+\beta-\eta)^2\,V + \beta^2\,V - 2\beta\,(1+\beta-\eta)\,C + \eta^2$.
# These are two equations for two unknowns, and solved for $V$ they give
#
# $$ \operatorname{var}(x) = \frac{\eta\,(1+\beta)}{(1-\beta)\,\bigl(2(1+\beta) - \eta\bigr)} , $$
#
# which for $\beta = 0$ is the floor of chapter 2, $\eta/(2-\eta)$.
#
# > **Predict.** You keep $\eta = 0.1$ and turn $\beta$ from 0 up to 0.9, hoping to average the noise away.
# > What does the floor of heavy ball do?

# %%
predict("floor", ..., among=("sinks", "stays", "rises"))


# %%
def noise_floor(step, lr, beta, noise):
    """Variance of x around the minimum of x**2 / 2, over many balls."""
    x, memory = np.zeros(noise.shape[1]), np.zeros(noise.shape[1])
    for noise_now in noise:
        x, memory = step(x, memory, x + noise_now, lr, beta)
    return x.var()


# %% tags=["experiment"]
betas = np.array([0.0, 0.3, 0.6, 0.8, 0.9])
noise = np.random.default_rng(3).standard_normal((400, 5000))
heavy = np.array([noise_floor(momentum_step, 0.1, b, noise) for b in betas])
averaged = np.array([noise_floor(ema_momentum_step, 0.1, b, noise) for b in betas])
theory = [
    lr * (1 + betas) / ((1 - betas) * (2 * (1 + betas) - lr))
    for lr in (0.1, 0.1 * (1 - betas))
]
print("heavy ball", heavy.round(3), "theory", theory[0].round(3))
print("averaged  ", averaged.round(3), "theory", theory[1].round(3))
assert np.abs(heavy / theory[0] - 1).max() < 0.1
assert np.abs(averaged / theory[1] - 1).max() < 0.1

curves = {
    "momentum": (betas, heavy),
    "momentum, averaged form": (betas, averaged),
    "theory": (betas, theory[0]),
}
change = heavy[-1] / heavy[0]
floor = "rises" if change > 2 else "sinks" if change < 0.5 else "stays"
compare("floor", floor)
title = f"η = 0.1: from β = 0 to 0.9 the noise floor of momentum {floor}"
labels = {"xlabel": "momentum β", "ylabel": "variance of x", "yscale": "log"}
figure = figures.lines(curves, title=title, dots=True, **labels)
alt = (
    f"Variance against β. Heavy ball goes from {heavy[0]:.2f} to {heavy[-1]:.2f}, on the \
line of theory; the averaged form from {averaged[0]:.2f} to {averaged[-1]:.2f}."
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# At $\beta = 0.9$ the floor of heavy ball is ten times that of plain descent, and the averaged form stays where it was.
# Raising $\beta$ at a fixed $\eta$ does two things at once: it averages over more gradients, and it makes the whole sum $1/(1-\beta)$ times as long.
# In the averaged form the second effect is divided out, so $\eta$ sets the size of the steps and $\beta$ only the memory.
#
# </details>

# %% [markdown]
# ## 4 · What the velocity remembers
#
# Put (3.1) into itself.
# After $t$ steps the velocity is a sum of all gradients so far, and each has been multiplied by $\beta$ once in every step after its own:
#
# $$ v_t = -\eta \sum_{k=1}^{t} \beta^{\,t-k}\, g_k . \tag{3.3} $$
#
# Old gradients fade, but none is ever dropped.

# %% [markdown] exercise="velocity_weights"
# Return the weights of the gradients $g_1, \dots, g_t$ in equation (3.3), in units of $-\eta$: an array of shape `(t,)`, the oldest gradient first.

# %% exercise="velocity_weights"

# %% tags=["try"]
print(velocity_weights(0.5, 4))

# %% [markdown]
# People say that $\beta = 0.9$ "averages the last 10 gradients".
# The table says after how many steps a gradient has lost half of its weight, and what fraction of the whole weight the last 10 carry.

# %% tags=["experiment"]
curves = {}
print(" beta   weight halves in   sum of weights   part of the last 1/(1 - beta)")
for beta in (0.5, 0.9, 0.99):
    theta, velocity, weights = np.array(0.0), np.array(0.0), []
    for age in range(3000):  # one gradient of 1, and what is left of it in v
        grad = np.array(float(age == 0))
        theta, velocity = momentum_step(theta, velocity, grad, lr=1.0, beta=beta)
        weights.append(-velocity)
    weights = np.array(weights)
    half_life, window = np.log(2) / -np.log(beta), round(1 / (1 - beta))
    part = weights[:window].sum() / weights.sum()
    print(f"{beta:5} {half_life:12.1f} steps {weights.sum():14.1f} {part:20.0%}")
    assert abs(weights.sum() - 1 / (1 - beta)) < 1e-6
    assert weights[int(half_life) + 1] <= 0.5 + 1e-12 <= weights[int(half_life)] + 1e-9
    curves[f"β = {beta}"] = weights[:101]

title = "The weight of a gradient halves in 1, 6.6 or 69 steps"
labels = {"xlabel": "age of the gradient in steps", "ylabel": "weight in the velocity"}
figure = figures.lines(curves, title=title, method="momentum", **labels)
axes = figure.axes[0]
figures.level(axes, 0.5)
axes.plot([1, 6.58, 68.97], [0.5] * 3, "o", color="#D55E00", markersize=6, zorder=5)
alt = (
    "Weights fall from 1. They cross the line at one half after 1, 6.6 and 69 steps for \
β = 0.5, 0.9 and 0.99."
)
figures.show(figure, alt=alt)

# %% [markdown]
# With $\beta = 0.9$ the weight halves in 6.6 steps, and the last 10 gradients carry 65 % of the sum.
# The other 35 % are older.
# "About ten" is right for the sum of all weights, which is $1/(1-\beta) = 10$, and not for a window.

# %% [markdown]
# ### What agrees adds up, what alternates cancels
#
# If all gradients are equal, the sum of the weights is $1 + \beta + \beta^2 + \dots = 1/(1-\beta)$.
# If they change sign each time, it is $1 - \beta + \beta^2 - \dots = 1/(1+\beta)$.
#
# Here are both with $\beta = 0.9$ and gradients of size 1.

# %% tags=["experiment"]
speeds = {"steady gradient": [], "alternating gradient": []}
for speed, sign in zip(speeds.values(), (1, -1), strict=True):
    theta, velocity = np.array(0.0), np.array(0.0)
    for t in range(60):
        grad = np.array(float(sign**t))
        theta, velocity = momentum_step(theta, velocity, grad, lr=1.0, beta=0.9)
        speed.append(abs(velocity))
one, other = (speed[-1] for speed in speeds.values())
print(f"steady {one:.2f}, alternating {other:.3f}, ratio {one / other:.1f}")
assert abs(one - 1 / (1 - 0.9)) < 0.02 and abs(other - 1 / (1 + 0.9)) < 0.002

title = "β = 0.9: a steady gradient counts 10 times, an alternating one half"
figure = figures.lines(speeds, title=title, xlabel="step", ylabel="speed |v| / η")
figures.show(figure, alt="The steady speed climbs to 10, the other one sinks to 0.53.")

# %% [markdown]
# The steady gradient is worth 9.98 after 60 steps, on its way to 10; the alternating one 0.525, near $1/1.9$.
# Agreement counts 19 times as much: $(1+\beta)/(1-\beta)$.
# In the ravine the floor is the steady direction and the walls are the alternating one.
#
# A **plateau** is steady as well.
# On a slope of 0.01 with $\eta = 1$, plain descent needs 1,000 steps for a distance of 10.
# The ball's speed tends to $10 \cdot 0.01$ a step.
#
# How many steps does the ball need, roughly?

# %% tags=["experiment"]
theta, velocity, n_steps = np.array(0.0), np.array(0.0), 0
while abs(theta) < 10 and n_steps < 1000:
    theta, velocity = momentum_step(theta, velocity, np.array(0.01), lr=1.0, beta=0.9)
    n_steps += 1
theory = 10 * (1 - 0.9) / 0.01 + 0.9 / (1 - 0.9)
print(f"{n_steps} steps; at full speed from the start 100; theory {theory:.0f}")
assert abs(n_steps - theory) <= 1

# %% [markdown]
# The ball takes 109 steps: 100 at full speed, and 9 that it loses while it gathers speed.

# %% [markdown]
# ### Through a shallow well
#
# Memory also carries the ball *up* a slope.
# The next curve is $x^2/10$ with a shallow dent at $x = -2$.
# Plain descent from $x = -6$ stops in the dent, since the gradient there is 0.
#
# > **Predict.** One ball has $\beta = 0.7$ and one has $\beta = 0.85$. Which of them reach the minimum?

# %%
predict("dent", ..., among=("both", "only 0.7", "only 0.85", "neither"))

# %% tags=["experiment"]
bowl = landscapes.dented_bowl
plain, stays, leaves = (roll(momentum_step, 0.1, b, 80, bowl) for b in (0, 0.7, 0.85))
print(f"plain ends at {plain[-1]:.2f}, β = 0.7 at {stays[-1]:.2f}, ", end="")
print(f"β = 0.85 at {leaves[-1]:.2f}")

home = [abs(path[-1]) < 0.1 for path in (stays, leaves)]
who = {(1, 1): "both", (1, 0): "only 0.7", (0, 1): "only 0.85"}.get(
    tuple(home), "neither"
)
compare("dent", who)
title = f"Same slope, η = 0.1, 80 steps: {sum(home)} of the two balls leaves the dent"
figure, panels = figures.pair(title, sharey=True)
for axes, path, beta in zip(panels, (stays, leaves), (0.7, 0.85), strict=True):
    look = {"name": f"β = {beta}", "method": "momentum", "title": ""}
    figures.ball_on_curve(bowl, path, axes=axes, **look)
alt = f"Two curves with a dent left of the minimum at 0. The dots of the ball end at \
{stays[-1]:.2f} with β = 0.7 and at {leaves[-1]:.2f} with β = 0.85."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The first ball swings in the dent and stops at $-1.89$, like plain descent.
# The second one comes in fast enough, passes the rim and settles at 0.
# Nothing in (3.1) knows that the dent is a bad place: a ball that is fast enough leaves a good minimum just as well.
#
# </details>

# %% [markdown]
# ## 5 · How fast
#
# Close to a minimum a smooth loss looks like a quadratic, so that is the case to understand.
# Along an eigenvector of the Hessian with eigenvalue $h$ the gradient is $h$ times the error $e_t$, and with $v_t = e_t - e_{t-1}$ equation (3.1) becomes
#
# $$ e_{t+1} = (1 + \beta - \eta h)\, e_t - \beta\, e_{t-1} . $$
#
# The pair (error, error before) is multiplied by the same 2×2 matrix in every step.
# Powers of a matrix shrink or grow like its **spectral radius**, the largest absolute value of its eigenvalues.
# The slowest direction decides, so heavy ball shrinks the error, step by step and in the long run, by
#
# $$ \rho(\eta, \beta) = \max_h \; \operatorname{radius} \begin{pmatrix} 1 + \beta - \eta h & -\beta \\ 1 & 0 \end{pmatrix}, \tag{3.4} $$
#
# where $h$ runs over the eigenvalues of the Hessian.
# We call $\rho$ the **rate**. The method converges if $\rho < 1$.

# %% [markdown] exercise="convergence_rate"
# Compute the rate $\rho(\eta, \beta)$ of equation (3.4) for an array of eigenvalues, as a float.
# This matrix is not symmetric, and the eigenvalues of such a matrix may be complex numbers $a + b\,\mathrm{i}$; their absolute value is $\sqrt{a^2+b^2}$, and `np.abs` knows that.

# %% exercise="convergence_rate"

# %% tags=["try"]
print(convergence_rate(lr=0.95, beta=0.0, eigenvalues=np.array([0.1, 2.0])))

# %% [markdown]
# For plain descent that is $|1 - 0.95 \cdot 0.1| = 0.905$, the factor of section 1.
#
# What the matrix says can also be measured, with your `momentum_step` alone.
# It takes arrays of any shape, so one call moves balls with thousands of different pairs at once.
# The measured rate is the 400th root of what is left after 400 steps: of the distance and the velocity together, since a ball that happens to pass the minimum is not at rest there.


# %%
def measured_rates(etas, betas, curvatures, n_steps=400):
    """Rate of each pair, of shape (len(betas), len(etas)); NaN where it diverges."""
    shape = len(betas), len(etas), len(curvatures)
    theta, velocity = np.ones(shape), np.zeros(shape)
    lr, beta = etas[None, :, None], betas[:, None, None]
    for _ in range(n_steps):
        theta, velocity = momentum_step(theta, velocity, curvatures * theta, lr, beta)
    rates = np.hypot(theta, velocity).max(axis=-1) ** (1 / n_steps)
    return np.where(rates < 1, rates, np.nan)


# %% [markdown]
# > **Predict.** Plain descent converges while $\eta h < 2$.
# > The ball with $\beta = 0.9$ is harder to stop. Up to which $\eta h$ does it converge?

# %%
predict("limit", ...)

# %% tags=["experiment"]
products, betas = np.linspace(0.01, 4.0, 400), np.array([0.0, 0.5, 0.9])
rates = measured_rates(products, betas, np.array([1.0]))
curves = {}
for beta, rate in zip(betas, rates, strict=True):
    largest = products[np.isfinite(rate)].max()
    print(f"β = {beta}: converges up to ηh = {largest:.2f}")
    assert abs(largest - 2 * (1 + beta)) < 0.02
    curves[f"β = {beta:g}"] = (products, rate)
    if beta > 0:
        flat = (1 - np.sqrt(beta)) ** 2, (1 + np.sqrt(beta)) ** 2
        inside = rate[(products > flat[0] + 0.02) & (products < flat[1] - 0.02)]
        print(
            f"         flat from {flat[0]:.2f} to {flat[1]:.2f}, at {np.median(inside):.3f}"
        )
        assert np.abs(inside - np.sqrt(beta)).max() < 0.02

title = f"With β = {beta} momentum converges up to ηh = {largest:.2f}"
labels = {"xlabel": "ηh", "ylabel": "rate per step", "method": "momentum"}
figure = figures.lines(curves, title=title, **labels)
figure.axes[0].set_ylim(0.18, 1.1)  # lower ones are too small for 64 bits
figures.level(figure.axes[0], 1)
figures.guessed(figure.axes[0], x=compare("limit", largest))
figures.show(
    figure, alt=f"Rates reach 1, the last at ηh = {largest:.2f}; they are flat between."
)

# %% [markdown]
# <details><summary>Why</summary>
#
# The limit is $\eta h < 2(1+\beta)$: 2 for plain descent, 3.8 for $\beta = 0.9$.
# Each curve has a flat floor at $\rho = \sqrt\beta$: there the learning rate makes no difference to the speed, $\beta$ alone decides.
# Why just these numbers?
#
# </details>

# %% [markdown]
# ### Why: the two eigenvalues
#
# A 2×2 matrix with the rows $(a, b)$ and $(c, d)$ has two eigenvalues.
# Their sum is its **trace** $a + d$, and their product is its **determinant** $ad - bc$; so they are the roots of $\lambda^2 - (\text{trace})\,\lambda + \text{determinant} = 0$.
# For the matrix in (3.4) that is
#
# $$ \lambda^2 - (1 + \beta - \eta h)\,\lambda + \beta = 0, \qquad \lambda = \tfrac{1}{2}\Bigl(1+\beta-\eta h \pm \sqrt{D}\Bigr), \quad D = (1+\beta-\eta h)^2 - 4\beta . $$
#
# Three facts follow, a line each.
#
# - **The floor.** If $D < 0$ the two are complex, $a + b\,\mathrm{i}$ and $a - b\,\mathrm{i}$, and their product is $a^2 + b^2 = |\lambda|^2$. The product is the determinant, so $|\lambda| = \sqrt\beta$, whatever $\eta h$ is.
# - **Where it lies.** $D < 0$ means $|1+\beta-\eta h| < 2\sqrt\beta$, that is $(1-\sqrt\beta)^2 < \eta h < (1+\sqrt\beta)^2$.
# - **The limit.** Beyond the floor both are real and negative, and the method diverges when the lower one passes $-1$. Put $\lambda = -1$ into the equation: $1 + (1+\beta-\eta h) + \beta = 0$, so $\eta h = 2(1+\beta)$.
#
# Complex eigenvalues are a swing.
# With $\lambda = \sqrt\beta\,(\cos\omega \pm \mathrm{i}\sin\omega)$ and $\cos\omega = (1+\beta-\eta h)/2\sqrt\beta$, the error is
#
# $$ e_t = \beta^{t/2}\,\bigl( A\cos\omega t + B \sin\omega t \bigr), $$
#
# with $A$ and $B$ from the start: a wave that fades by $\sqrt\beta$ a step.
# Where $D = 0$ the two are one, and the ball comes back as fast as it can without swinging: **critical damping**, as engineers say of a door closer.
#
# The figure has $\eta h = 0.1$, with the critical $\beta$, a smaller and a larger one.

# %% tags=["experiment"]
critical = (1 - np.sqrt(0.1)) ** 2
curves = {}
for beta in (0.3, critical, 0.9):
    error, velocity, errors = np.array(1.0), np.array(0.0), [1.0]
    for _ in range(80):
        error, velocity = momentum_step(error, velocity, 0.1 * error, 1.0, beta)
        errors.append(float(error))
    curves[f"momentum, β = {beta:.2f}"] = errors
    swings = int(np.sum(np.diff(np.sign(errors)) != 0))
    print(
        f"β = {beta:.3f}: passes 0 {swings} times, |e| after 80 steps {abs(errors[-1]):.1e}"
    )
t, cosine = np.arange(81), (1 + 0.9 - 0.1) / (2 * np.sqrt(0.9))
omega = np.arccos(cosine)
sine_part = ((1 - 0.1) / np.sqrt(0.9) - cosine) / np.sin(omega)  # from e₁ = 1 − ηh
wave = 0.9 ** (t / 2) * (np.cos(omega * t) + sine_part * np.sin(omega * t))
assert np.abs(wave - errors).max() < 1e-9 and swings > 5
assert min(curves[f"momentum, β = {critical:.2f}"]) > 0
curves["theory: √β to the power of t"] = 0.9 ** (t / 2)

title = "ηh = 0.1: at β = 0.47 the ball is back soonest without a swing"
labels = {"xlabel": "step t", "ylabel": "error e"}
figure = figures.lines(curves, title=title, **labels)
alt = "The error of three balls. β = 0.3 creeps down, β = 0.47 comes down fastest and \
stays above 0, β = 0.9 swings through 0 again and again while its waves fade."
figures.show(figure, alt=alt)

# %% [markdown]
# The formula of the wave and the steps of your own function agree to nine digits.
# Critical is $\beta = (1-\sqrt{\eta h})^2 = 0.468$.
# With less momentum the ball creeps, with more it swings and takes longer.
# So a small $\beta$ would be fast, but its floor is narrow, and **all** eigenvalues have to lie on it at once.
#
# *Further work.* If you wrote `convergence_rate`, compare it with what was measured:

# %% tags=["experiment"]
if needs(convergence_rate):
    products, betas = np.linspace(0.01, 4.0, 400), np.array([0.5, 0.9])
    rates = measured_rates(products, betas, np.array([1.0]))
    for beta, rate in zip(betas, rates, strict=True):
        derived = np.array(
            [convergence_rate(eta_h, beta, np.ones(1)) for eta_h in products]
        )
        converging = np.isfinite(rate)
        apart = np.abs(derived - rate)[converging].max()
        print(f"β = {beta}: measured and derived rates differ by at most {apart:.3f}")
        assert apart < 0.03 and np.all(derived[~converging] > 0.99)

# %% [markdown]
# Polyak asked for the fastest pair when the eigenvalues lie between $\mu$ and $L$.
# The floor has to reach exactly from $\eta\mu$ to $\eta L$, so $\eta\mu = (1-\sqrt\beta)^2$ and $\eta L = (1+\sqrt\beta)^2$.
# Solved for the two unknowns, with $\kappa = L/\mu$:
#
# $$ \eta^* = \Bigl(\frac{2}{\sqrt L + \sqrt \mu}\Bigr)^2, \qquad \beta^* = \Bigl(\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}\Bigr)^2, \qquad \rho^* = \sqrt{\beta^*} . \tag{3.5} $$
#
# The best that plain descent can do is $\eta = 2/(L+\mu)$, with the rate $(\kappa-1)/(\kappa+1)$, as chapter 0 found.
# The same formula, but with $\kappa$ instead of its root.

# %% [markdown] exercise="optimal_momentum"
# Return Polyak's learning rate and momentum of equation (3.5), two floats, for the smallest and the largest eigenvalue `mu` and `L`.

# %% exercise="optimal_momentum"

# %% tags=["try"]
print(optimal_momentum(mu=0.1, L=2.0))

# %% [markdown]
# For the ravine, $\kappa = 20$. Look at where in the plane of all pairs $(\eta, \beta)$ the best one lies: in the middle of the good region, or at its edge?

# %% tags=["experiment"]
etas, betas = np.linspace(0.02, 2, 100), np.linspace(0, 0.98, 99)
rates = measured_rates(etas, betas, np.array([0.1, 2.0]))
lr, beta = optimal_momentum(0.1, 2.0)
plain, best = np.nanmin(rates[0]), np.nanmin(rates)
print(f"plain:    measured {plain:.4f}, theory {19 / 21:.4f}")
print(f"momentum: measured {best:.4f}, theory {np.sqrt(beta):.4f}")
print(f"best pair: η = {lr:.2f}, β = {beta:.2f}")
assert abs(plain - 19 / 21) < 0.005 and abs(best - np.sqrt(beta)) < 0.01

title = "Ravine, κ = 20: best rate 0.905 a step without momentum, 0.635 with it"
names = {"xlabel": "learning rate η", "ylabel": "momentum β", "zlabel": "rate per step"}
marks = {"best plain": (2 / 2.1, 0), "best momentum": (lr, beta)}
figure = figures.field(etas, betas, rates, title=title, marks=marks, **names)
figures.show(figure, alt="A triangle of rates below 1; the best one is near its edge.")

# %% [markdown]
# Theory says 0.9048 and 0.6345, and the measured rates agree to the width of the grid.
# In the upper part the contour lines are level: the floor of the last figure, where only $\beta$ counts.
# To the right of the edge the method diverges.
# The best pair, $\eta = 1.34$ and $\beta = 0.40$, lies close to that edge, and so does the best plain rate.

# %% [markdown]
# Now the best of both, from the start of section 1, and with them the ball of section 2.
# A rate is a slope here: on a logarithmic axis a loss that shrinks by $\rho^2$ a step is a straight line.
#
# > **Predict.** After 29 steps plain descent is left with about $0.905^{29} = 5\,\%$ of its distance to the minimum. With how many per cent is momentum left?

# %%
predict("left", ..., unit=" %")

# %% tags=["experiment"]
paths = {
    "gradient descent": descend(2 / 2.1, 60),
    "momentum": roll(momentum_step, *optimal_momentum(0.1, 2.0), 60),
    "momentum (0.1, 0.9)": roll(momentum_step, 0.1, 0.9, 60),
}
losses = {name: ravine.f(path) for name, path in paths.items()}
far, near, _ = (np.linalg.norm(path[29]) for path in paths.values())
print(f"distance after 29 steps: plain {far:.2f}, momentum {near:.5f}")
print(f"largest |y| on the way: {np.abs(paths['momentum'][:, 1]).max():.2f}")
assert far / near > 1000

compare("left", 100 * near / np.linalg.norm(ravine.start), " %")
title = (
    f"Best settings, same start, 29 steps: momentum is {far / near:.0f} times nearer"
)
labels = {"xlabel": "step", "ylabel": "f(θ) − f(θ*)"}
figure = figures.lines(losses, title=title, yscale="log", **labels)
figures.show(figure, alt="Momentum's loss falls along the steepest straight line.")

# %% [markdown]
# <details><summary>Why</summary>
#
# Plain descent ends at a distance of 0.40, momentum at 0.00024, which is 0.0032 % of the start's.
# The fastest ball is not a careful one: its loss rises in the first steps, and $|y|$ reaches 3.44 before it falls.
# A rate is a promise about the long run only.
#
# </details>

# %% [markdown]
# ### The worse the ravine, the more it is worth
#
# A rate of $(\kappa-1)/(\kappa+1)$ means about $\tfrac{1}{2}\kappa \ln(1/\epsilon)$ steps to the accuracy $\epsilon$.
# With $\sqrt\kappa$ instead of $\kappa$ it is the square root that counts.
#
# > **Predict.** At $\kappa = 1000$, how many times fewer steps does momentum need?

# %%
predict("fewer", ..., unit=" times")


# %%
def steps_needed(lr, beta, kappa):
    """Steps until errors along the curvatures 1 and kappa are below 1e-6."""
    curvature, error, velocity = np.array([1.0, kappa]), np.ones(2), np.zeros(2)
    n_steps = 0
    while np.abs(error).max() > 1e-6 and n_steps < 20_000:
        error, velocity = momentum_step(error, velocity, curvature * error, lr, beta)
        n_steps += 1
    return n_steps


# %% tags=["experiment"]
kappas = np.array([10, 30, 100, 300, 1000])
plain = [steps_needed(2 / (1 + kappa), 0.0, kappa) for kappa in kappas]
heavy = [steps_needed(*optimal_momentum(1, kappa), kappa) for kappa in kappas]
print("kappa", kappas, "\nplain", plain, "\nmomentum", heavy)
print(f"theory for plain descent at kappa = 100: {np.log(1e-6) / np.log(99 / 101):.0f}")
slopes = [np.polyfit(np.log(kappas[2:]), np.log(n[2:]), 1)[0] for n in (plain, heavy)]
print("slopes from kappa = 100 on:", np.round(slopes, 2))
assert abs(slopes[0] - 1) < 0.02 and abs(slopes[1] - 0.5) < 0.05

curves = {
    "gradient descent": (kappas, plain),
    "theory: slope 1": (kappas, plain[-1] * kappas / 1000),
    "momentum": (kappas, heavy),
    "theory: slope ½": (kappas, heavy[-1] * np.sqrt(kappas / 1000)),
}
scales = {"xscale": "log", "yscale": "log", "dots": True}
labels = {"xlabel": "condition number κ", "ylabel": "steps to an error of 1e-6"}
compare("fewer", plain[-1] / heavy[-1], " times")
title = f"Slopes {slopes[0]:.2f} without momentum and {slopes[1]:.2f} with it"
figure = figures.lines(curves, title=title, **labels, **scales)
alt = "Two straight lines, close to dashed guides of slope 1 and of slope one half."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The slopes are 1 and 0.53; the second one tends to ½ only slowly, because at the best pair the two eigenvalues of a matrix in (3.4) are the same, and then the error shrinks a little more slowly than its rate says.
# At $\kappa = 1000$ it is 6908 steps against 321, 21.5 times fewer.
# While there are fewer steps than parameters, no method that only adds up past gradients can do better than the order of $\sqrt\kappa$ on every quadratic (Nesterov, 2004, section 2.1).
#
# </details>

# %% [markdown]
# ### Away from a saddle
#
# Equation (3.4) holds for a negative eigenvalue too; then the rate is above 1, and we want it large.
# On the saddle $x^2 - y^2$ we have $h = -2$ along $y$.
# With $\eta = 0.1$ plain descent leaves by a factor of 1.2 a step.
#
# > **Predict.** By which factor a step does the ball with $\beta = 0.9$ leave?

# %%
predict("saddle", ...)

# %% tags=["experiment"]
for beta in (0.0, 0.9):
    y, velocity, n_steps = np.array(1e-6), np.array(0.0), 0
    while abs(y) < 1 and n_steps < 1000:
        before = y
        y, velocity = momentum_step(y, velocity, -2 * y, lr=0.1, beta=beta)
        n_steps += 1
    half = (1 + beta + 0.1 * 2) / 2
    theory = half + np.sqrt(half**2 - beta)
    factor = y / before
    print(f"β = {beta}: {n_steps} steps to 1, factor {factor:.4f}, theory {theory:.4f}")
    assert abs(factor - theory) < 1e-4
compare("saddle", factor)

# %% [markdown]
# <details><summary>Why</summary>
#
# The factor is 1.5 instead of 1.2, and the ball is away after 36 steps instead of 76.
#
# </details>

# %% [markdown]
# ## 6 · Look ahead
#
# The ball is going to move by $\beta v_t$ whatever the slope says.
# Nesterov's idea: go there first, and ask for the gradient at that place.
#
# $$ v_{t+1} = \beta\, v_t - \eta\, \nabla f(\theta_t + \beta\, v_t), \qquad \theta_{t+1} = \theta_t + v_{t+1}. \tag{3.6} $$
#
# Only the point at which the gradient is taken differs from (3.1).
# If the ball is about to run up the opposite wall, the gradient there already pushes back, one step earlier.

# %% [markdown] exercise="nesterov_step"
# Write one step of Nesterov's method, equation (3.6).
# You are given a function `grad_fn` instead of a gradient; call it once.

# %% exercise="nesterov_step"

# %% tags=["try"]
theta, velocity = np.array([1.0, -2.0]), np.array([0.5, 0.0])
print(nesterov_step(theta, velocity, lambda x: 2 * x, lr=0.1, beta=0.9))

# %% [markdown]
# ### Use it
#
# Heavy ball and Nesterov side by side, both with $\eta = 0.1$ and $\beta = 0.9$ as in section 2.


# %%
def roll_ahead(step, lr, beta, n_steps, landscape=ravine):
    """Like `roll`, for a step that asks for gradients itself."""
    path, velocity = [landscape.start], np.zeros_like(landscape.start)
    for _ in range(n_steps):
        theta, velocity = step(path[-1], velocity, landscape.gradient, lr, beta)
        path.append(theta)
    return np.array(path)


# %% tags=["experiment"]
heavy = roll(momentum_step, 0.1, 0.9, 29)
ahead = roll_ahead(nesterov_step, 0.1, 0.9, 29)
for name, path in (("heavy ball", heavy), ("Nesterov", ahead)):
    y, late = path[:, 1], np.abs(path[20:, 1]).max()
    print(f"{name}: y down to {y.min():.2f}, from point 21 on |y| at most {late:.2f}")
assert ahead[:, 1].min() > 0.5 * heavy[:, 1].min()

title = "η = 0.1, β = 0.9, 30 points each: Nesterov swings less than half as far"
figure, (left, right) = figures.pair(title)
where = "gradient taken where the ball is", "gradient taken ahead of the ball"
figures.trajectories(ravine, {"momentum": heavy}, title=where[0], axes=left)
figures.trajectories(ravine, {"Nesterov": ahead}, title=where[1], axes=right)
alt = "Two maps. Heavy ball moves in wide waves across the floor; Nesterov's waves are \
less than half as high and soon flat."
figures.show(figure, alt=alt)

# %% [markdown]
# Heavy ball reaches $y = -1.42$ on the other wall, Nesterov $-0.67$; from point 21 on its $|y|$ is at most 0.07 instead of 0.70.
# Along the floor the two hardly differ.

# %% [markdown]
# ### Why it brakes across and not along
#
# On a quadratic the gradient ahead is $h\,(e_t + \beta v_t)$, so along one eigenvector Nesterov's method has the matrix
#
# $$ \begin{pmatrix} (1+\beta)(1-\eta h) & -\beta(1-\eta h) \\ 1 & 0 \end{pmatrix}, \qquad \text{with radius } \sqrt{\beta\,(1-\eta h)} $$
#
# while it swings.
# Heavy ball has $\sqrt\beta$ in every direction.
# Nesterov's $\beta$ is made smaller where the curvature $h$ is large: it brakes where it is steep.

# %% tags=["experiment"]
heavy = roll(momentum_step, 0.1, 0.9, 300)
ahead = roll_ahead(nesterov_step, 0.1, 0.9, 300)
brake = 1 - 0.1 * np.array([0.1, 2.0])
print("            along  across")
for name, path, factor in (("heavy ball", heavy, 1.0), ("Nesterov", ahead, brake)):
    early, late = (np.abs(path[n : n + 50]).max(axis=0) for n in (50, 250))
    measured, theory = (late / early) ** (1 / 200), np.sqrt(0.9 * factor * np.ones(2))
    print(f"{name:10s}  {measured.round(2)}  theory {theory.round(2)}")
    assert np.abs(measured - theory).max() < 0.01

# %% [markdown]
# Across the ravine Nesterov shrinks the swing by 0.85 a step where heavy ball has 0.95; along the floor it is 0.94 and 0.95.

# %% [markdown]
# ### The same method without looking ahead
#
# In a training loop the gradient is computed at the parameters that the network has; there is no second place to ask.
# So let the network *live* at the point ahead, and call that point $\theta$.
# From one point ahead to the next the step is $v_{t+1} + \beta\,(v_{t+1} - v_t)$; call it $-\eta\, m_{t+1}$.
# Since $v_{t+1} - \beta v_t = -\eta\, g_t$, subtracting $\beta$ times the step before leaves
#
# $$ m_{t+1} = \beta\, m_t + g_t + \beta\,(g_t - g_{t-1}), \qquad \theta_{t+1} = \theta_t - \eta\, m_{t+1}, \tag{3.7} $$
#
# with $g_t = \nabla f(\theta_t)$, and $m_0 = 0$ and $g_{-1} = 0$ at the start.
# The new term is a difference of two gradients: how much the slope has changed over the last step.
# That is **curvature**, measured for free.

# %% [markdown] exercise="nesterov_difference_step"
# Write one step of equation (3.7).
# `theta`, `m`, `grad` and `previous_grad` have one shape; return the new parameters and the new `m`.
# The learning rate stays outside the sum, and there is no factor $1-\beta$.

# %% exercise="nesterov_difference_step"

# %% tags=["try"]
theta, m, grad, previous = np.array([[1.0, -2.0], [0.0, 0.5], [2.0, 2.0], [4.0, 0.0]])
print(nesterov_difference_step(theta, m, grad, previous, lr=0.1, beta=0.9))

# %% [markdown]
# On the ravine, what is $g_t - g_{t-1}$ in terms of the Hessian and the last step?

# %% tags=["experiment"]
if needs(nesterov_difference_step):
    theta, m, previous = ravine.start, np.zeros(2), np.zeros(2)
    place, velocity = ravine.start, np.zeros(2)
    for _ in range(30):
        grad, before = ravine.gradient(theta), theta
        theta, m = nesterov_difference_step(theta, m, grad, previous, 0.1, 0.9)
        place, velocity = nesterov_step(place, velocity, ravine.gradient, 0.1, 0.9)
        previous = grad
    ahead = place + 0.9 * velocity
    print(f"(3.7) is at        {theta}\n(3.6) looks ahead to {ahead}")
    assert np.abs(theta - ahead).max() < 1e-12
    change = ravine.gradient(theta) - ravine.gradient(before)
    bend = ravine.hessian(theta) @ (theta - before)
    print(f"change of the gradient {change}\nHessian times step     {bend}")
    assert np.abs(change - bend).max() < 1e-12

# %% [markdown]
# Both forms are at the same point, and on a quadratic the change of the gradient *is* the Hessian times the last step.
# No Hessian was computed: the difference of two gradients that we had anyway stands in for it.

# %% [markdown]
# ### From a step to an optimiser
#
# A network has many arrays of parameters: weights and biases of every layer.
# Libraries keep them in one object, and the optimiser is another object that is made once and then called in every step of training:
#
# ```python
# optimiser = Momentum(lr=0.1)
# for X, labels in batches:
#     optimiser.update(params, gradients_of(params, X, labels))
# ```
#
# Nobody passes velocities around: the optimiser remembers them.

# %% [markdown] exercise="Momentum"
# Write that object.
# `params` and `grads` are dicts of arrays with the same keys, such as `{"W1": …, "b1": …}`.
# Your `momentum_step` does the work for one array; the class decides what is remembered, and for how long.
# A key may be seen for the first time in any update, since layers are added to networks.

# %% exercise="Momentum"

# %% tags=["try"]
optimiser, params = Momentum(lr=0.1, beta=0.5), {"w": np.array([1.0, -2.0])}
for _ in range(3):
    optimiser.update(params, {"w": np.array([2.0, 4.0])})
    print(params["w"])

# %% [markdown]
# ### Find the mistakes
#
# Code that trains is seldom wrong in a way that stops it.
# It trains worse than it should, and somebody has to notice.
# The function below is such a case: it descends along the *averaged* gradient, corrected at the start, and cuts gradients that are too long before they enter the average, which keeps one bad batch from ruining a run.
#
# On the ravine, from $(-7, 2)$ with $\eta = 0.1$, $\beta = 0.9$ and gradients cut to the length 1, no step can be longer than 0.1.
# It reports the lengths 0.53, 0.70, 0.78, 0.67, 0.45 and 0.36.
# And its path has seven places, of which the last six are one and the same.

# %% [markdown] exercise="clipped_descent"
# There are three mistakes in this function.
# Find them, and change as little as you can.
# The check names a mistake only when it is the last one that is left.

# %% exercise="clipped_descent"

# %% tags=["try"]
path, lengths = clipped_descent(
    ravine.gradient, np.array([-7.0, 2.0]), 0.1, 0.9, 1.0, 6
)
print(path, lengths, sep="\n")

# %% [markdown]
# ## 7 · Train a network
#
# What rolls on a plane should train a network.
# The network here reads the handwritten digits of chapter 2.
# It has 64 pixels, 32 units with the function $\tanh$, and 10 classes; its 2,410 parameters are a dict of two arrays, and so are their gradients.
# The course's `Optimiser` makes of any step function what `Momentum` is: an object with one method, `update(params, grads)`, and a memory for each array.
# Nesterov's method in the form (3.6) asks for a gradient ahead, and the training loop has none to give.
# The form (3.7) makes do with the gradient of the step before, so that is one more thing to remember.

# %%
from autograder.lab.tasks.optimiser import Optimiser


def nesterov_remembered(theta, m, previous_grad, grad, lr, beta):
    """One step (3.7), with the latest gradient among what it remembers."""
    theta, m = nesterov_difference_step(theta, m, grad, previous_grad, lr, beta)
    return theta, m, grad


# %% [markdown]
# The loop that trains is short:


# %%
from autograder.lab import datasets, digit_network

digits = datasets.digits()


def train(optimiser, n_epochs=10, seed=0):
    """The loss on the training images before each epoch and after the last."""
    rng, losses = np.random.default_rng(seed), []
    params = digit_network.initial(rng)
    for _ in range(n_epochs):
        losses.append(digit_network.loss(params, digits.X, digits.labels))
        for X, labels in digit_network.batches(digits, rng):
            optimiser.update(params, digit_network.loss_and_grads(params, X, labels)[1])
    losses.append(digit_network.loss(params, digits.X, digits.labels))
    return np.array(losses)


# %% [markdown]
# Steady gradients make the steps of the ball $1/(1-\beta) = 10$ times as long.
# So compare it with plain descent with the learning rate $10\,\eta$: then both go equally far where gradients agree.
#
# One race with $\eta = 0.02$ and one with $\eta = 0.2$, 10 epochs each; the averaged form has the learning rate $10\,\eta$.


# %%
def race(lr):
    """The losses of plain descent, heavy ball and average, of equal reach."""
    return {
        "gradient descent, 10 η": train(Momentum(10 * lr, beta=0.0)),
        "momentum, η": train(Momentum(lr, beta=0.9)),
        "average, 10 η": train(Optimiser(ema_momentum_step, lr=10 * lr, beta=0.9)),
    }


# %% tags=["experiment"]
races = {lr: race(lr) for lr in (0.02, 0.2)}
for lr, losses in races.items():
    plain, heavy, averaged = losses.values()
    print(f"η = {lr}: loss after 1 and 10 epochs, plain {plain[[1, -1]].round(3)}, ")
    print(f"          ball {heavy[[1, -1]].round(3)}")
    apart = np.abs(averaged / heavy - 1).max()
    print(f"          the average differs from the ball by at most {apart:.0e} of it")
    assert apart < 1e-6
    assert abs(plain[-1] / heavy[-1] - 1) < 0.1 if lr < 0.1 else heavy[-1] < 0.02
print(f"the loss of a network that knows nothing: ln 10 = {np.log(10):.3f}")
assert plain[1] > np.log(10)

title = "Small η: a tenfold rate does as well; large η: only momentum learns"
figure, panels = figures.pair(title, sharey=True)
for axes, (lr, losses) in zip(panels, races.items(), strict=True):
    curves = dict(list(losses.items())[:2])
    axis = {"xlabel": "epoch", "ylabel": "loss on the training images"}
    figures.lines(curves, title=f"η = {lr}", **axis, yscale="log", axes=axes)
    axes.set_xticks([0, 5, 10])
alt = "Left both losses fall together. Right plain descent jumps up to 25 and stays \
high, while momentum falls to 0.01."
figures.show(figure, alt=alt)

# %% [markdown]
# Which learning rate does the curvature allow? Chapter 2 has measured the **sharpness**, the largest eigenvalue of the Hessian, on the way.
# Section 5 says: $2/\lambda_{\max}$ without momentum, $2(1+\beta)/\lambda_{\max}$ with it.

# %% tags=["experiment"]
from autograder.lab.sharpness import sharpness


def flat_gradient(theta):
    """Gradient on all training images, parameters and gradient as one row."""
    hidden, output = np.split(theta, [65 * 32])
    params = {"hidden": hidden.reshape(65, 32), "output": output.reshape(33, 10)}
    _, grads = digit_network.loss_and_grads(params, digits.X, digits.labels)
    return np.concatenate([grads[name].ravel() for name in params])


start = digit_network.initial(np.random.default_rng(0))
largest = sharpness(flat_gradient, np.concatenate([a.ravel() for a in start.values()]))
print(f"λmax at the start {largest:.2f}: plain descent bears η up to ", end="")
print(f"{2 / largest:.2f}, the ball up to {2 * 1.9 / largest:.2f}")
assert 2 / largest < 2.0 and 3.8 / largest > 0.2 and 2 / largest > 10 * 0.02

# %% [markdown]
# With $\eta = 0.02$ both end at 0.14 to 0.15: the ball is worth a learning rate ten times as large, no more and no less.
# With $\eta = 0.2$ plain descent gets the learning rate 2, and after one epoch its loss is 25, far worse than that of a network that knows nothing; the ball goes down to 0.010.
# The limits tell why: for the steepest direction 2 is far beyond what plain descent bears, and 0.2 is well within what the ball bears.
# Along the steep directions gradients alternate, and the velocity does not lengthen those, it halves them: section 4 again, in 2,410 dimensions.
#
# The averaged form takes the ball's path here too, up to rounding.

# %% [markdown]
# *Further work.* This one needs your `nesterov_difference_step`.
#
# Nesterov's method with the same $\eta$ and $\beta$ in both races:

# %% tags=["experiment"]
if needs(nesterov_difference_step):
    for lr in (0.02, 0.2):
        heavy = train(Momentum(lr, beta=0.9), n_epochs=1)
        ahead = train(Optimiser(nesterov_remembered, 2, lr=lr, beta=0.9), n_epochs=1)
        share = ahead[1] / heavy[1]
        print(f"η = {lr}: loss after one epoch, ball {heavy[1]:.3f}, ", end="")
        print(f"Nesterov {ahead[1]:.3f}: {share:.2f} of it")
        assert (share < 0.8) == (lr > 0.1)

# %% [markdown]
# With small steps the two are nearly alike: 1.34 and 1.30 after the first epoch.
# With large ones Nesterov is at 0.185 where the ball is at 0.262: it brakes where it is steep, and only large steps need that.
# These learning rates were chosen to show a difference; in chapter 5 every method gets its own best one.

# %% [markdown]
# ## 8 · Break it
#
# Move the sliders, or type into the boxes.
# Both paths have the learning rate $\eta$; only the ball has the momentum $\beta$.
#
# 1. Keep $\beta = 0.9$ and $\kappa = 20$, and raise $\eta$ until the ball diverges. Write down the value. Plain descent is lost long before: where?
# 2. Keep $\eta = 0.1$ and move $\beta$ from 0 to 0.99. Where does the ball start to swing, and where does swinging cost more than it brings?
# 3. Set $\kappa = 1$. Is momentum still of use?
#
# Work out the value for 1 from section 5 before you touch anything.
#
# *What you found (double-click to write it here):*


# %%
def draw(lr, beta, condition):
    valley = landscapes.valley(condition)
    paths = {
        "gradient descent": roll(momentum_step, lr, 0.0, 60, valley),
        "momentum": roll(momentum_step, lr, beta, 60, valley),
    }
    plain, heavy = (valley.f(path[-1]) for path in paths.values())
    note = f"Loss after 60 steps: {plain:.1e} plain, {heavy:.1e} with momentum"
    return widgets.trajectory_and_loss(valley, paths, note=note)


# %% tags=["experiment"]
widgets.explore(
    draw,
    lr=widgets.slider("learning rate η", 0.01, 2.5, 0.1),
    beta=widgets.slider("momentum β", 0, 0.99, 0.9),
    condition=widgets.slider("condition number κ", 1, 200, 20, step=1),
)

# %% tags=["experiment"]
for beta in (0.0, 0.5, 0.9):
    limit = 2 * (1 + beta) / 2.0
    below, above = (
        np.abs(roll(momentum_step, part * limit, beta, 1000)[-1]).max()
        for part in (0.99, 1.01)
    )
    print(
        f"β = {beta}: limit {limit:.2f}; just below {below:.0e}, just above {above:.0e}"
    )
    assert below < 1e-3 and above > 1e3
for h in (0.1, 2.0):
    print(f"η = 0.1, h = {h}: swings from β = {(1 - np.sqrt(0.1 * h)) ** 2:.2f} on")

# %% [markdown]
# The largest eigenvalue is 2, so the limit $\eta h < 2(1+\beta)$ is $\eta < 1$ for plain descent and $\eta < 1.9$ for $\beta = 0.9$.
# One part in a hundred below it everything converges, one part in a hundred above it everything is lost.
#
# With $\eta = 0.1$ the ball begins to swing across the ravine at $\beta = 0.31$ and along it at $\beta = 0.81$, where $\eta h = (1-\sqrt\beta)^2$.
# Up to 0.81 more momentum is faster; beyond, the rate is $\sqrt\beta$ and grows again.
# With $\kappa = 1$ nothing has to be balanced: (3.5) says $\beta = 0$, and plain descent with $\eta = 1/2$ is there in one step.

# %% [markdown]
# ### Beyond quadratics
#
# The best pair (3.5) is best for *quadratics*.
# Lessard, Recht and Packard (2016) bend one a little: a convex function of one variable whose slope has the steepness 25, then 1 between $x = 1$ and $x = 2$, then 25 again.
# All curvatures lie between $\mu = 1$ and $L = 25$, so (3.5) gives $\eta = 1/9$ and $\beta = 4/9$.
#
# > **Predict.** The function is convex and its minimum is at 0. Start at $x = 3.3$ with that pair: what does the ball do?

# %%
predict("guarantee", ..., among=("converges", "circles", "diverges"))

# %% tags=["experiment"]
bent = landscapes.kinked_bowl
paths = {
    "gradient descent": roll(momentum_step, 2 / 26, 0.0, 60, bent),
    "momentum": roll(momentum_step, *optimal_momentum(1, 25), 60, bent),
    "Nesterov": roll_ahead(nesterov_step, 1 / 25, 4 / 6, 60, bent),
}
for name, path in paths.items():
    print(f"{name:16s} ends at {path[-3:].round(4)}")
assert np.abs(paths["Nesterov"][2:]).max() < 1e-9
paths = {name: path[:31] for name, path in paths.items()}
last = np.abs(paths["momentum"][-6:])
what = "diverges" if last.max() > 10 else "circles" if last.max() > 0.1 else "converges"
compare("guarantee", what)
title = f"From x = 3.3 the “optimal” ball {what}"
figure = figures.lines(paths, title=title, xlabel="step", ylabel="parameter x")
seen = ", ".join(f"{value:.2f}" for value in paths["momentum"][-3:])
alt = f"The parameter against the step. Momentum's last three values are {seen}; the \
other two methods go to 0."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The ball visits $-1.8024$, $2.1159$ and $0.6465$ again and again, without end; exactly, these are $-2208$, $2592$ and $792$ over $1225$.
# Plain descent with its best learning rate converges slowly.
# Nesterov's method with its usual pair $\eta = 1/L$ and $\beta = (\sqrt\kappa-1)/(\sqrt\kappa+1)$ is there after two steps; that is luck, since $1/L$ is exactly right for the part left of $x = 1$, but that it converges is not.
# Nesterov's pair is proved for every function whose curvature stays between $\mu$ and $L$; Polyak's is proved for quadratics, and it is tuned to their edge.
#
# </details>

# %% [markdown]
# ## 9 · Why
#
# A person reads this answer. Three to six sentences are enough.

# %% [markdown] question="momentum_why"
# A textbook lets a ball roll from $x = -3$ on the loss $f(x) = |x|$, with $\eta = 1$ and $\beta = 0.9$.
# The slope pushes with the force 1 as long as $x < 0$, and with $-1$ where $x > 0$.
# It prints this table:
#
# | step | force | $v$ | $x$ |
# |---:|---:|---:|---:|
# | 0 | | 0 | −3 |
# | 1 | 1 | 1 | −2 |
# | 2 | 1 | 1.9 | −0.1 |
# | 3 | 1 | 1.71 | 1.61 |
# | 4 | −1 | 0.539 | 2.149 |
#
# 1. Which row is the first one that does not follow from the row above it by equation (3.1), and what should that row be?
# 2. What did the author leave out? Say how the wrong number itself tells you.
# 3. Does row 4 contain a second mistake?
# 4. In the right table the ball passes the minimum at step 3 at its highest speed so far. Say in one or two sentences where in this chapter that was of use, and where it did harm.

# %% [markdown] answer="momentum_why"
# 1. Row 3. From $v = 1.9$ and a push of 1 one gets $v = 0.9 \cdot 1.9 + 1 = 2.71$, hence $x = -0.1 + 2.71 = 2.61$.
# 2. The push is missing: 1.71 is $0.9 \cdot 1.9$, friction alone. The place before the step is $-0.1$, still left of zero, so the full push acts.
# 3. No: $0.9 \cdot 1.71 - 1 = 0.539$ and $1.61 + 0.539 = 2.149$ obey the rule; the row is wrong only because it inherits row 3. Correct would be 1.439 and 4.049.
# 4. Speed at the bottom is what carries a ball over the rim of the shallow well and along the nearly flat floor; it harms where the ball overshoots and swings around the minimum it was looking for.
#
# - [0.5] Row 3 should have $v = 2.71$ and $x = 2.61$.
# - [0.5] The push is missing: 1.71 is friction alone.
# - [0.5] Row 4 follows from row 3 and has no mistake of its own.
# - [0.5] Speed carries over the rim or along the flat floor, and overshoots at the minimum.

# %% [markdown]
# ## 10 · Summary
#
# - The velocity is the sum of all past gradients with the weights $\beta^{t-k}$: what agrees is made $1/(1-\beta)$ times as long, what alternates shrinks to $1/(1+\beta)$.
# - Velocity and moving average are one method with learning rates that differ by the factor $1-\beta$.
# - On a quadratic the step count falls from the order of $\kappa$ to the order of $\sqrt\kappa$, and the ball is stable while $\eta\lambda < 2(1+\beta)$.
# - Nesterov takes the gradient ahead, which brakes steep directions; written without looking ahead, it contains a free measure of curvature.
# - On a network momentum is worth a learning rate $1/(1-\beta)$ times as large, and bears it where plain descent diverges.
# - Speed carries a ball out of shallow wells, and past good minima; Polyak's pair is optimal for quadratics only.

# %% [markdown]
# ## 11 · Elsewhere
#
# | where | its form | compared with this chapter |
# |---|---|---|
# | Polyak (1964) | $\theta_{t+1} = \theta_t - \eta g_t + \beta(\theta_t - \theta_{t-1})$ | (3.1), with $v_t = \theta_t - \theta_{t-1}$ |
# | Sutskever et al. (2013) | $v \leftarrow \beta v - \eta g$ | (3.1) and (3.6) |
# | Keras `SGD(momentum=β)` | $v \leftarrow \beta v - \eta g$ | (3.1); with `nesterov=True` its $\theta$ is the point ahead, as in (3.7) |
# | PyTorch `SGD(momentum=β)` | $b \leftarrow \beta b + g$, then $\theta \leftarrow \theta - \eta b$ | (3.1) with $v = -\eta b$ while $\eta$ is constant |
# | PyTorch `dampening=τ` | $b \leftarrow \beta b + (1-\tau) g$ | with $\tau = \beta$ it is (3.2), except that the first $b$ is $g$, not $(1-\beta) g$ |
# | PyTorch `nesterov=True` | $\theta \leftarrow \theta - \eta\,(g + \beta b)$ | (3.7): its $\theta$ is the point ahead |
# | Adam (chapter 5) | the average of (3.2), divided by $1-\beta^t$ | |
#
# Is PyTorch's sign wrong, with $b \leftarrow \beta b + g$? No: it keeps the sum of the gradients and subtracts at the end, and (3.1) keeps the sum of the steps and adds. Mixed, $b \leftarrow \beta b - g$ and then $\theta - \eta b$, they climb.
#
# Where the learning rate stands makes no difference until it changes.
#
# > **Predict.** Ten steps on a constant gradient 1 with $\eta = 1$, then thirty with $\eta = 0.1$.
# > Which ball goes farther?

# %%
predict("schedule", ..., among=("velocity of (3.1)", "PyTorch", "equally far"))

# %% tags=["experiment"]
theta, velocity = np.array(0.0), np.array(0.0)
torch_theta, buffer = 0.0, 0.0
for t in range(40):
    lr = 1.0 if t < 10 else 0.1
    theta, velocity = momentum_step(theta, velocity, np.array(1.0), lr, 0.9)
    buffer = 0.9 * buffer + 1.0
    torch_theta -= lr * buffer
    if t in (9, 10, 39):
        print(
            f"after {t + 1} steps: (3.1) at {theta:.2f}, PyTorch's at {torch_theta:.2f}"
        )
speed, coasting = (1 - 0.9**10) / 0.1, 0.9 * (1 - 0.9**30) / 0.1
assert abs(torch_theta - theta - (1 - 0.1) * speed * coasting) < 1e-9
ahead = abs(theta) - abs(torch_theta)
who = "velocity of (3.1)" if ahead > 1 else "PyTorch" if ahead < -1 else "equally far"
compare("schedule", who)

# %% [markdown]
# <details><summary>Why</summary>
#
# For ten steps both are at $-41.38$.
# Then PyTorch's ball slows down at once, because $\eta$ multiplies its whole memory, while ours keeps the speed it has and loses it by friction: $-118.90$ against $-68.38$ in the end.
# A schedule that lowers the learning rate acts at once in one form and about $1/(1-\beta)$ steps late in the other.
#
# </details>
#
# **To read** Goh (2017), *Why Momentum Really Works*, distill.pub, for the figures of section 5 that you can drag; Goodfellow, Bengio and Courville (2016), section 8.3; Lessard, Recht and Packard (2016), *Analysis and Design of Optimization Algorithms via Integral Quadratic Constraints*; Nesterov (2004), *Introductory Lectures on Convex Optimization*.
# Next, chapter 4: one learning rate for every parameter.
