# %% [markdown]
# # Chapter 1 · Critical points and the Hessian
#
# Training has come to rest: the loss no longer falls and the gradient is zero.
# This chapter asks what kind of place that is, and finds the way on where there is one.
#
# **Time** about 130 minutes for the core; exercises marked *further work* come on top. A good place for a break is after section 5.
#
# **Know first** gradient descent and the learning rate (chapter 0); partial derivatives; the product of a matrix and a vector.
# Eigenvalues are recalled in section 4.
#
# **Papers** Dauphin et al. (2014), Lee et al. (2016), Jin et al. (2017), Sagun et al. (2017), Dean and Majumdar (2006), Bray and Dean (2007); Goodfellow, Bengio and Courville (2016), sections 4.3 and 8.2.

# %% tags=["setup"]
import numpy as np

from autograder import check, compare, hint, needs, predict
from autograder.lab import figures, landscapes, slices, surfaces, widgets

two_weights = surfaces.two_weights

# %% [markdown]
# ## 1 · See it fail
#
# The smallest network that deserves the name has two weights, one after the other: from the input $x$ it computes $w_2\,w_1\,x$.
# Its training set is one example: the input 1 should become 1.
# With the squared error the loss is
#
# $$ L(w_1, w_2) = (1 - w_1 w_2)^2 . $$
#
# Every pair with $w_1 w_2 = 1$ has the loss 0, and no loss is below that.
# We start at $(1, -1)$, where the loss is 4, and take 100 steps of gradient descent with the learning rate $\eta = 0.1$.


# %%
def descend(landscape, start, lr=0.1, n_steps=100):
    """The points that gradient descent visits, start included."""
    path = [np.array(start, dtype=float)]
    for _ in range(n_steps):
        path.append(path[-1] - lr * landscape.gradient(path[-1]))
    return np.array(path)


# %% [markdown]
# > **Predict.** What is the loss after 100 steps?
#
# Run the cell below and type your guess, or write it instead of the three dots.
# It stays in your notebook and counts for nothing; whoever goes on without a guess skips the question.

# %%
predict("rest", ...)

# %% tags=["experiment"]
stuck = descend(two_weights, (1.0, -1.0))
print("step   loss        length of the gradient")
for step in (0, 5, 10, 50, 100):
    length = np.linalg.norm(two_weights.gradient(stuck[step]))
    print(f"{step:4d}   {two_weights.f(stuck[step]):.8f}  {length:.1e}")
compare("rest", two_weights.f(stuck[-1]))

# %% [markdown]
# <details><summary>Why</summary>
#
# The loss falls to 1 and stays there, and the gradient vanishes.
# By every sign that a training log gives, this run has arrived.
# Yet the loss 1 is far from the best one, which is 0.
#
# </details>

# %% [markdown]
# > **Predict.** Now the second weight starts at $-0.999$ instead of $-1$, a change of one part in a thousand.
# > After how many steps does the loss fall below one half? (0, if it never does.)

# %%
predict("moved", ..., unit=" steps")

# %% tags=["experiment"]
moved = descend(two_weights, (1.0, -0.999))
print("loss after 20, 30, 40 and 50 steps:", two_weights.f(moved)[20:51:10].round(5))
gone = int(np.argmax(two_weights.f(moved) < 0.5))

title = f"A start moved by 0.001: below one half after {gone} steps"
figure, (left, right) = figures.pair(title)
paths = {"gradient descent": stuck, "gradient descent from −0.999": moved}
figures.trajectories(two_weights, paths, title="", axes=left)
left.set(xlabel="weight w₁", ylabel="weight w₂")
for w in (np.linspace(0.4, 4, 100), -np.linspace(0.4, 4, 100)):
    left.plot(w, 1 / w, color="#009E73", linewidth=2.2, zorder=2)
left.lines[0].set_visible(False)  # the star: every point of the curve is as good
left.text(1.25, 1.35, "all minima", color="#00714F")
left.text(-2.2, -1.9, "all minima", color="#00714F")
losses = {"from −1": two_weights.f(stuck), "from −0.999": two_weights.f(moved)}
names = {"xlabel": "step", "ylabel": "loss", "method": "gradient descent"}
figures.lines(losses, title="", axes=right, **names)
figures.guessed(right, x=compare("moved", gone, " steps"))
ends = two_weights.f(np.array([stuck[-1], moved[-1]]))
alt = f"Left, both paths run from (1, -1) towards (0, 0); the curve of all minima is \
drawn. Right, both losses; after 100 steps they are {ends[0]:.1f} and {ends[1]:.1f}."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# Both runs head for the point $(0, 0)$ and seem to rest there; one of them leaves again after some 25 steps, and is below one half after 38.
# So $(0, 0)$ is a place where the gradient is zero, and still not a place to stop.
#
# </details>
#
# The three questions of this chapter:
#
# 1. Has a run that rests really reached a point where the gradient is zero? (Section 2)
# 2. If so, is it a minimum? (Sections 3 and 4)
# 3. If not, how does one get away, and how long does that take? (Section 5)
#
# The rest is about networks with more than two weights: how common such points are, and what Newton's method makes of them.

# %% [markdown]
# ## 2 · Is the gradient zero?
#
# A **critical point**, or **stationary point**, is a point where the gradient is zero.
# To look for one we need the gradient of *any* loss, also of one that we can only evaluate.
# Walk a small step $h$ to either side along one parameter, and divide the rise by the run:
#
# $$ \frac{\partial L}{\partial \theta_i} \approx \frac{L(\theta + h\,e_i) - L(\theta - h\,e_i)}{2h} . \tag{1.1} $$
#
# Here $e_i$ has a 1 in place $i$ and zeros elsewhere.
# This is called a **central difference**.
#
# | symbol | argument | what it is |
# |---|---|---|
# | $\theta$ | `theta` | the parameters |
# | $L$ | `f` | the loss, as a function of the parameters |
# | $L(\theta)$ | `loss0` | the loss at one point, a number |
# | $h$ | `h` | the step of a difference |
# | $g = \nabla L(\theta)$ | `g`, `grad` | the gradient: all first derivatives |
# | $H$ | `H`, `hessian` | the Hessian: all second derivatives (section 3) |
# | $v$ | `v` | a step away from $\theta$ |
# | $d$ | | number of parameters |
# | $\lambda$ | | an eigenvalue of $H$ (section 4) |
# | $\eta$ | `lr` | the learning rate |

# %% [markdown] exercise="numerical_gradient"
# Compute the gradient of `f` at `theta` with equation (1.1).
# `theta` has any shape, a vector or a matrix or more, and the gradient has the same.
# `f` takes an array of that shape and returns a number.
# Leave `theta` as you found it.
#
# If you are stuck, `hint(numerical_gradient)` asks you a question; call it again for more.

# %% exercise="numerical_gradient"

# %% tags=["try"]
bowl = landscapes.valley(2.0)  # x²/2 + y²
print("numerical", numerical_gradient(bowl.f, np.array([1.0, -2.0])))
print("exact    ", bowl.gradient(np.array([1.0, -2.0])))

# %% [markdown]
# ### How small should the step be?
#
# The smaller $h$, the better the ratio of differences approximates the slope.
# The **one-sided difference** $(L(\theta + h) - L(\theta))/h$ does so as well, and needs fewer evaluations of $L$.
#
# The figure has the derivative of $\sin x$ at $x = 1$, with $h$ from $10^{-1}$ down to $10^{-12}$.


# %%
def slope_errors(steps):
    """Errors of the slope of sin at 1 for each step, and what theory says."""
    x, exact, f = np.array([1.0]), np.cos(1.0), lambda x: np.sin(x[0])
    central = [abs(numerical_gradient(f, x, h)[0] - exact) for h in steps]
    one_sided = [abs((f(x + h) - f(x)) / h - exact) for h in steps]
    return {
        "central": (steps, np.array(central)),
        "one-sided": (steps, np.array(one_sided)),
        "theory h² |f‴| / 6": (steps[-6:], steps[-6:] ** 2 * np.cos(1.0) / 6),
        "theory ε |f| / h": (steps[:10], 1.1e-16 * np.sin(1.0) / steps[:10]),
    }


# %% tags=["experiment"]
curves = slope_errors(10.0 ** np.arange(-12, 0))
for name in ("central", "one-sided"):
    steps, errors = curves[name]
    print(f"{name}: best h {steps[errors.argmin()]:.0e}, error {errors.min():.0e}")
print(f"central, by theory: best h {(3 * 1.1e-16 * np.tan(1.0)) ** (1 / 3):.0e}")
(steps, central), (_, one_sided), (_, theory), _ = curves.values()
assert 1e-6 <= steps[central.argmin()] <= 1e-4 and central.min() < one_sided.min() / 10
assert np.all(abs(central[-4:] / theory[-4:] - 1) < 0.01)

title = "A central difference is best near h = 1e-5; a smaller step makes it worse"
names = {"xlabel": "step h", "ylabel": "error of the slope", "dots": True}
rounding = curves.pop("theory ε |f| / h")
figure = figures.lines(curves, title=title, xscale="log", yscale="log", **names)
figure.axes[0].plot(*rounding, color="#D55E00", linewidth=1.2, linestyle=(0, (1, 1)))
figure.axes[0].text(1e-12, 2e-3, "theory ε |f| / h", color="#B54A00")
alt = "On logarithmic axes the central error falls with slope 2 down to h = 1e-5 and \
rises again; the one-sided error falls with slope 1 down to 1e-8, far less deep."
figures.show(figure, alt=alt)

# %% [markdown]
# Read the figure from the right.
# A central difference misses by $h^2/6$ times a third derivative, so a tenth of $h$ makes it a hundred times better; the one-sided one only ten times.
# That goes well down to $h = 10^{-5}$.
# Then a second error takes over: the computer rounds each value of $L$ to about sixteen digits, and the difference of two such values is divided by a small $h$.
# Together, with $\varepsilon \approx 10^{-16}$,
#
# $$ \text{error} \approx \frac{h^2}{6}\,|L'''| + \varepsilon\,\frac{|L|}{h} . \tag{1.2} $$
#
# The sum is smallest at $h = (3\,\varepsilon\,|L|/|L'''|)^{1/3}$, here $8 \cdot 10^{-6}$.
# That is why `h=1e-5` is the default: it suits losses and derivatives of a size around 1.
# A loss of a million needs a larger step, and so `h` is an argument.

# %% [markdown]
# ### A loss that rests is not yet a critical point
#
# Two runs, 100 steps each.
# The first is the one of section 1, which rests at the loss 1.
# The second runs on the bowl $x^2/20 + y^2$ with $\eta = 1$, and its loss rests at 4.
#
# > **Predict.** In which of the two is the gradient zero?
# > (The update of $y$ in the second one is $y \leftarrow y - \eta \cdot 2y$.)

# %%
predict("zero", ..., among=("both", "the first", "the second", "neither"))


# %%
def lengths(landscape, path):
    """Length of the numerical gradient at every point of a path."""
    return [np.linalg.norm(numerical_gradient(landscape.f, point)) for point in path]


# %% tags=["experiment"]
bouncing = descend(landscapes.ravine, (-7.0, 2.0), lr=1.0)
slopes = {"at rest": lengths(two_weights, stuck)}
slopes["bouncing"] = lengths(landscapes.ravine, bouncing)
losses = {"at rest": two_weights.f(stuck), "bouncing": landscapes.ravine.f(bouncing)}
for name in losses:
    print(f"{name}: loss {losses[name][-1]:.4f}, gradient {slopes[name][-1]:.1e}")
zero = [slopes[name][-1] < 1e-3 for name in losses]
which = {(1, 1): "both", (1, 0): "the first", (0, 1): "the second"}
compare("zero", which.get(tuple(zero), "neither"))
figure, (left, right) = figures.pair(
    f"Two losses at rest, {sum(zero)} gradient of zero"
)
figures.lines(losses, title="", xlabel="step", ylabel="loss", axes=left)
names = {"xlabel": "step", "ylabel": "length of the gradient", "yscale": "log"}
figures.lines(slopes, title="", axes=right, **names)
alt = f"Losses rest at 1 and 4. The gradients end at {slopes['at rest'][-1]:.0e} and \
{slopes['bouncing'][-1]:.0e}."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# The second run stands on no critical point at all: $y$ never stops jumping between $2$ and $-2$, with a gradient of length 4.
# Its learning rate is exactly at the limit that you met in chapter 0: 2 divided by the second derivative, which is 2 along $y$.
# Large networks do that too: Goodfellow et al. (2016, figure 8.1) show a run whose gradient *grows* while its error settles.
# A smaller learning rate is the remedy then, and nothing of what follows here would be of use.
# (Chapter 2 shows that networks trained on all their data often go to this very limit by themselves, the *edge of stability*.)
#
# </details>

# %% [markdown]
# ## 3 · Curvature
#
# Where the gradient is zero, first derivatives have nothing left to say.
# The second derivatives of $L$ form a matrix, the **Hessian**:
#
# $$ H_{ij} = \frac{\partial^2 L}{\partial \theta_i\, \partial \theta_j} . $$
#
# It says how the slope along one parameter changes when another one moves.
# The order of the two derivatives does not matter, so $H$ is symmetric.
# With it the loss at a small step $v$ from $\theta$ is
#
# $$ L(\theta + v) \approx L(\theta) + v^\top g + \tfrac12\, v^\top H v . \tag{1.3} $$
#
# This is Taylor's formula to second order, and we call the right side the **quadratic model** of the loss.
# The products are those of matrices: $v^\top g = \sum_i v_i g_i$ and $v^\top H v = \sum_{ij} v_i H_{ij} v_j$ are numbers.
# The number $v^\top H v$ is the **curvature** along $v$ if $v$ has length 1: how strongly the loss bends upwards there.

# %% [markdown] exercise="quadratic_model"
# Return the right side of equation (1.3) as a number.
# `loss0` is the loss at the point, `g` and `v` have the shape `(d,)`, `H` has the shape `(d, d)`.

# %% exercise="quadratic_model"

# %% tags=["try"]
g, H = np.array([3.0, -1.0]), np.array([[2.0, 1.0], [1.0, 4.0]])
print(quadratic_model(1.0, g, H, np.array([2.0, 1.0])))

# %% [markdown]
# Where does $H$ come from, if we can only evaluate $L$?
# An entry of the Hessian is a slope of a slope, so take a central difference of central differences.
# Four values of $L$ remain:
#
# $$ H_{ij} \approx \frac{L(\theta + a + b) - L(\theta + a - b) - L(\theta - a + b) + L(\theta - a - b)}{4h^2}, \qquad a = h\,e_i,\; b = h\,e_j . \tag{1.4} $$
#
# On the diagonal, where $i = j$, the two middle terms are both $L(\theta)$, and the formula is a second difference with the step $2h$.
# Many books write it with the step $h$ there: $\bigl(L(\theta + a) - 2L(\theta) + L(\theta - a)\bigr)/h^2$, without the 4.
# Either is right; a mixture of the two is not.

# %% [markdown] exercise="numerical_hessian"
# Compute the Hessian of `f` at `theta`, of shape `(d,)`, with equation (1.4) or an equally exact form.
# The result has the shape `(d, d)` and is symmetric.
# Leave `theta` as you found it.

# %% exercise="numerical_hessian"

# %% [markdown]
# Try it on $L = (1 - w_1 w_2)^2$ at $(0, 0)$.
# Differentiate twice by hand first: with respect to $w_1$, then once more.

# %% tags=["try"]
print(numerical_hessian(two_weights.f, np.zeros(2)).round(6))

# %% [markdown]
# The diagonal is zero: along either axis alone the loss does not bend at all.
# Off the diagonal stands $-2$: the slope along one weight falls when the other one grows.
#
# ### Use it
#
# How good is the quadratic model?
# We stand at the point $(0.4, -0.3)$ and take steps of length $r$ in one fixed direction.
#
# Halve $r$: by which factor does the error of the quadratic model shrink, that of the model without curvature, $L + v^\top g$, and that of somebody who forgets the ½?


# %%
def model_errors(point, direction, radii):
    """Errors of both models for steps of the lengths `radii` along a direction."""
    loss0, g = two_weights.f(point), numerical_gradient(two_weights.f, point)
    H = numerical_hessian(two_weights.f, point)
    true = two_weights.f(point + radii[:, None] * direction)
    with_it = [quadratic_model(loss0, g, H, r * direction) for r in radii]
    without = loss0 + radii * (g @ direction)
    no_half = 2 * np.array(with_it) - without  # the curvature counted twice
    return {
        "without curvature": abs(true - without),
        "½ forgotten": abs(true - no_half),
        "quadratic model": abs(true - with_it),
    }


# %% tags=["experiment"]
radii = 2.0 ** np.arange(-8, 1)
errors = model_errors(np.array([0.4, -0.3]), np.array([0.6, 0.8]), radii)
for name, exponent in zip(errors, (2, 2, 3), strict=True):
    slope = np.polyfit(np.log(radii[:6]), np.log(errors[name][:6]), 1)[0]
    print(f"{name}: slope {slope:.2f}, theory {exponent}")
    assert abs(slope - exponent) < 0.1

curves = {name: (radii, error) for name, error in errors.items()}
names = {"xlabel": "length r of the step", "ylabel": "error of the model", "dots": True}
title = "Halving the step: four times better without curvature, eight times with it"
figure = figures.lines(curves, title=title, xscale="log", yscale="log", **names)
alt = (
    "Three straight lines on logarithmic axes. Two have the slope 2, without curvature \
and with the ½ forgotten, and lie close together; the quadratic model has the slope 3."
)
figures.show(figure, alt=alt)

# %% [markdown]
# On these axes a power is a straight line, and its exponent is the slope: 2 without curvature, 3 with it.
# If you forget the ½ in (1.3) the slope is 2 as well, as if there were no curvature at all, and that is how to notice it.
#
# A word on the price.
# A numerical gradient takes $2d$ evaluations of the loss and a numerical Hessian $4d^2$.
# With the 145 parameters of a network further down that is 84,100 evaluations, and with a million parameters nobody does it.

# %% [markdown]
# ## 4 · What the eigenvalues decide
#
# At a critical point $g = 0$, and (1.3) reads $L(\theta + v) \approx L(\theta) + \tfrac12 v^\top H v$.
# So everything depends on the sign of $v^\top H v$, for *every* direction $v$.
# There are infinitely many of them, and eigenvalues reduce them to $d$.
#
# Recall: $e$ is an **eigenvector** of $H$ with the **eigenvalue** $\lambda$ if $H e = \lambda e$, that is, if $H$ only stretches it.
# A symmetric matrix has $d$ of them, of length 1 and at right angles to each other.
# They are a set of axes of their own: every $v$ is a sum $c_1 e_1 + \dots + c_d e_d$.
# Multiply that by $H$, which stretches each part by its eigenvalue, and then by $v$, where all products of different eigenvectors are 0:
#
# $$ v^\top H v = \lambda_1 c_1^2 + \dots + \lambda_d c_d^2 . \tag{1.5} $$
#
# Squares are not negative, so the signs of the eigenvalues decide:
#
# | eigenvalues | $v^\top H v$ | the critical point is |
# |---|---|---|
# | all positive | positive for every $v$ | a **local minimum** |
# | all negative | negative for every $v$ | a **local maximum** |
# | some positive, some negative | of both signs | a **saddle** |
# | some zero, the others of one sign | zero for some $v$ | undecided: **degenerate** |
#
# Take $f = x^2 - y^2$. Its Hessian is $\begin{pmatrix} 2 & 0 \\ 0 & -2 \end{pmatrix}$ everywhere, with the axes as eigenvectors.
#
# What is the curvature $v^\top H v$ along $x$, along $y$, and along the diagonal between them?

# %% tags=["experiment"]
for angle in (0, 45, 90):
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    rise = quadratic_model(0.0, np.zeros(2), np.diag([2.0, -2.0]), np.array([c, s]))
    print(
        f"along {angle:2d}°: curvature {2 * rise:5.2f}, by (1.5) {2 * c**2 - 2 * s**2:5.2f}"
    )
    assert abs(2 * rise - (2 * c**2 - 2 * s**2)) < 1e-12

title = "x² − y² at the origin: a minimum along x, a maximum along y, a saddle"
figure = slices.eigen_slices(surfaces.saddle, title=title)
alt = "Left, the values of x² − y²: higher than at the origin to the left and right, \
lower above and below. Right, a parabola that opens upwards along the eigenvector \
of +2, and one that opens downwards along the eigenvector of −2."
assert np.allclose(np.linalg.eigvalsh(surfaces.saddle.hessian(np.zeros(2))), [-2, 2])
figures.show(figure, alt=alt)

# %% [markdown]
# Walking along $x$ you would say that you cross a valley, with the curvature 2; walking along $y$, that you cross a ridge, with the curvature $-2$.
# The thin lines are the directions between, where $v^\top H v = 0$.
# With both signs the origin is a saddle.

# %% [markdown] exercise="classify_critical_point"
# Name the kind of a critical point from its Hessian `H`, with the table above.
# Return one of the strings `"local minimum"`, `"local maximum"`, `"saddle"`, `"degenerate"`.
#
# A computed eigenvalue is hardly ever exactly zero: one from `-tol` to `tol`, both included, counts as zero.
# Eigenvalues of both signs make a saddle even if there is a zero among them.

# %% exercise="classify_critical_point"

# %% [markdown]
# Try it on $(0, 0)$ for the network of two weights, whose Hessian has zeros on the diagonal.

# %% tags=["try"]
H = numerical_hessian(two_weights.f, np.zeros(2))
print(np.linalg.eigvalsh(H).round(6), classify_critical_point(H, tol=1e-6))

# %% [markdown]
# It is a saddle, with the eigenvalues $\pm 2$ of $x^2 - y^2$.
# Numbers compared with theory, for both:

# %% tags=["experiment"]
for name, place in (("two weights", two_weights), ("x² − y²", surfaces.saddle)):
    g = numerical_gradient(place.f, np.zeros(2))
    H = numerical_hessian(place.f, np.zeros(2))
    eigenvalues, kind = np.linalg.eigvalsh(H), classify_critical_point(H, tol=1e-6)
    print(f"{name}: gradient {np.abs(g).max():.0e}, ", end="")
    print(f"eigenvalues {eigenvalues.round(6)}, theory [-2 2]: {kind}")
    assert np.abs(g).max() < 1e-9 and np.abs(eigenvalues - [-2, 2]).max() < 1e-6
    assert kind == "saddle"
assert (
    np.abs(numerical_hessian(two_weights.f, np.zeros(2)) - [[0, -2], [-2, 0]]).max()
    < 1e-6
)

# %% [markdown]
# The two landscapes have the same eigenvalues, and different eigenvectors: near the origin one is the other turned by 45 degrees.
#
# ### Turn it yourself
#
# The surface below is $u^2 + \tfrac12 \lambda\, w^2 + \tfrac18 w^4$, where $u$ and $w$ are axes turned by half a radian, 28.6 degrees, against $x$ and $y$.
# Its eigenvalues at the origin are 2 and $\lambda$.
# Turn the surface with the first slider, cut it in any direction with the second, and slide $\lambda$ from a bowl to a saddle with the third.
#
# 1. Find the two directions in which the curvature of the cut is largest and smallest. What do they have to do with the first and the second eigen-direction, the two coloured lines?
# 2. With $\lambda = -1$, find a cut along which the curvature is 0.
# 3. Set $\lambda = 0$ and cut along the grey line, at 119°. The dotted quadratic model is flat. Is the surface?


# %%
def draw(view, direction, second):
    return slices.turned_landscape(surfaces.bent_bowl(second), direction, view)


# %% tags=["experiment"]
widgets.explore(
    draw,
    view=widgets.slider("turn the surface, degrees", -180, 180, 30, step=5),
    direction=widgets.slider("direction of the cut, degrees", 0, 180, 80, step=1),
    second=widgets.slider("eigenvalue λ", -2, 2, -1, step=0.1),
)

# %% tags=["experiment"]
H = surfaces.bent_bowl(-1.0).hessian(np.zeros(2))
degrees = np.arange(0, 180)
rays = np.column_stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
curvatures = np.array([v @ H @ v for v in rays])
steepest, lowest = degrees[curvatures.argmax()], degrees[curvatures.argmin()]
zeros = degrees[np.abs(curvatures) < 0.03]
print(f"largest {curvatures.max():.3f} at {steepest}°, ", end="")
print(f"smallest {curvatures.min():.3f} at {lowest}°, nearly zero at {zeros}°")
assert lowest - steepest == 90 and abs(curvatures.max() - 2) < 1e-3

# %% [markdown]
# The largest curvature, 2, is found along the first eigen-direction, the red line at 29°, the smallest, $-1$, along the second one, blue, at 119°: the eigenvalues are the extremes, and their directions are at right angles.
# Between them, at 83° and 154°, the two terms of (1.5) cancel.
# With $\lambda = 0$ the quadratic model along the grey line is flat, and the surface is not: there it rises like $w^4/8$, and nothing in $H$ says so.

# %% [markdown]
# ### What the Hessian cannot say
#
# Four functions, all with a critical point at the origin: $x^3$, $x^4$, $-x^4$, and the **monkey saddle** $x^3 - 3xy^2$, which has a way down for each leg and one for the tail.
#
# > **Predict.** $x^4$ has its minimum there. What does `classify_critical_point` call it?

# %%
predict(
    "fourth",
    ...,
    among=("local minimum", "local maximum", "saddle", "degenerate"),
)

# %% tags=["experiment"]
functions = {
    "x³": (lambda p: p[0] ** 3, 1),
    "x⁴": (lambda p: p[0] ** 4, 1),
    "−x⁴": (lambda p: -(p[0] ** 4), 1),
    "monkey saddle": (surfaces.monkey_saddle.f, 2),
}
for name, (f, d) in functions.items():
    gradient, H = numerical_gradient(f, np.zeros(d)), numerical_hessian(f, np.zeros(d))
    kinds = [classify_critical_point(H, tol) for tol in (1e-6, 1e-8)]
    sizes = f"gradient {np.abs(gradient).max():.0e}, H {np.abs(H).max():.0e}"
    print(f"{name:14s} {sizes}: {kinds[0]} (with tol 1e-8: {kinds[1]})")
    assert np.abs(gradient).max() < 1e-9
    if name == "x⁴":
        of_fourth = kinds[0]
compare("fourth", of_fourth)

title = "Four kinds of place: all second derivatives are 0 at the origin"
figure, (left, right) = figures.pair(title)
x = np.linspace(-1, 1, 101)
curves = {"x⁴": (x, x**4), "x³": (x, x**3), "−x⁴": (x, -(x**4))}
figures.lines(curves, title="", xlabel="parameter x", ylabel="f(x)", axes=left)
y = np.linspace(-1, 1, 101)
z = surfaces.monkey_saddle.f(np.stack(np.meshgrid(x, y), axis=-1))
names = {"xlabel": "parameter x", "ylabel": "parameter y", "zlabel": "f(x, y)"}
figures.field(x, y, z, title="monkey saddle", signed=True, axes=right, **names)
right.set_aspect("equal")
alt = "Left, x⁴ with a minimum, −x⁴ with a maximum, and x³, which rises on both sides \
of the origin. Right, the monkey saddle: three ways up and three ways down by turns."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# All four are degenerate, and they are four different things: a point of inflection, a minimum, a maximum, and a saddle with three ways down.
# So "the Hessian has no negative eigenvalue" does not mean "this is a minimum".
# Zero eigenvalues are no rare accident either: networks have directions along which the loss does not change at all, and section 7 shows some.
#
# The last column is a warning.
# The true second derivative of $x^4$ at 0 is 0, but differences with $h = 10^{-4}$ give $8 \cdot 10^{-8}$, by the error $\tfrac13 h^2 L''''$.
# With a tolerance below that error, `classify_critical_point` calls $x^4$ a minimum: right, for a reason that is none.
# A tolerance has to be larger than the error of the Hessian it judges.
#
# </details>

# %% [markdown]
# ## 5 · The way off a saddle
#
# At a saddle gradient descent has nothing to follow, because $g = 0$.
# The quadratic model has: along the eigenvector $e$ of a negative eigenvalue $\lambda$ it says
#
# $$ L(\theta + t\,e) \approx L(\theta) + \tfrac12 \lambda\, t^2 < L(\theta), \tag{1.6} $$
#
# for a step $t$ to either side.
# The most negative eigenvalue falls off most steeply.

# %% [markdown] exercise="escape_direction"
# Return the eigenvector of the most negative eigenvalue of `H`, with length 1.
# Either sign is right, since both sides lead down.
# If no eigenvalue is negative there is no way down that the Hessian knows of: raise `ValueError`.

# %% exercise="escape_direction"

# %% [markdown]
# In which direction does the network of two weights leave the point $(0, 0)$, and how far does it have to go along that line until the loss is 0?

# %% tags=["try"]
e = escape_direction(numerical_hessian(two_weights.f, np.zeros(2)))
print("direction", e)
for t in (0.0, 0.1, 0.5, 1.0, np.sqrt(2)):
    ahead, behind = two_weights.f(t * e), two_weights.f(-t * e)
    print(f"t = {t:.2f}: loss {ahead:.4f} ahead and {behind:.4f} behind")

# %% [markdown]
# ### Use it
#
# The direction is $(1, 1)/\sqrt2$, up to its sign: both weights grow together, or both fall.
# Along it the loss is $(1 - t^2/2)^2$, so a minimum waits at $t = \sqrt2$ on either side.

# %% tags=["experiment"]
t, e = np.linspace(-1.5, 1.5, 31), escape_direction(two_weights.hessian(np.zeros(2)))
print(f"direction {np.abs(e).round(4)}, theory 1/√2 = {1 / np.sqrt(2):.4f} twice")
assert np.abs(np.abs(e) - 1 / np.sqrt(2)).max() < 1e-12 and e[0] * e[1] > 0
assert np.abs(two_weights.f(t[:, None] * e) - (1 - t**2 / 2) ** 2).max() < 1e-12
for start in (np.array([1.0, -1.0]), np.array([1.0, -0.999])):
    print(f"start {start}: {abs(start @ e):.5f} off the red line")

title = "The network of two weights at (0, 0): down along (1, 1), up along (1, −1)"
figure = slices.eigen_slices(two_weights, title=title)
figure.axes[0].set(xlabel="weight w₁", ylabel="weight w₂")
alt = "Left, the loss around the origin, lower in the first and third quadrant. Right, \
along the eigenvector of −2 the loss falls from 1 to 0 on both sides, along the one \
of +2 it rises."
figures.show(figure, alt=alt)

# %% [markdown]
# Section 1 is explained now.
# The start $(1, -1)$ lies exactly on the red line, and there the gradient points along the line: gradient descent has no reason to leave it.
# The start $(1, -0.999)$ lies off it, by $0.0007$ in the direction of the blue line.
#
# ### How long does it take to leave?
#
# Along an eigenvector with the eigenvalue $\lambda < 0$ each step of gradient descent multiplies the distance by $1 + \eta|\lambda|$.
#
# > **Predict.** On $x^2 - y^2$ with $\eta = 0.1$, a start at $y = 10^{-2}$ needs 26 steps.
# > How many does a start at $10^{-8}$ need, a million times nearer to the saddle?

# %%
predict("leave", ..., unit=" steps")


# %%
def steps_to_leave(distance, curvature, lr=0.1):
    """Steps of gradient descent from `distance` to 1 along a negative curvature."""
    n_steps = 0
    while distance < 1:
        distance = distance + lr * abs(curvature) * distance
        n_steps += 1
    return n_steps


# %% tags=["experiment"]
starts = 10.0 ** np.arange(-8, -1, 2)[::-1]
curves = {}
for curvature in (-0.5, -1.0, -2.0):
    measured = [steps_to_leave(start, curvature) for start in starts]
    theory = np.log(1 / starts) / np.log(1 + 0.1 * abs(curvature))
    print(f"λ = {curvature}: measured {measured}, theory {theory.round(1)}")
    assert measured == list(np.ceil(theory - 1e-9))
    curves[f"λ = {curvature:g}".replace("-", "−")] = (np.log10(1 / starts), measured)
print(f"from 0.00071 with λ = -2: {np.log(1 / 0.00071) / np.log(1.2):.1f}; ", end="")
print("loss of section 1 below one half:", np.argmax(two_weights.f(moved) < 0.5))

title = f"A million times nearer to the saddle of λ = −2: {measured[-1]} steps"
names = {"xlabel": "digits of closeness, log₁₀(1/ε)", "ylabel": "steps to leave"}
look = {"dots": True, "method": "gradient descent"}
figure = figures.lines(curves, title=title, **names, **look)
figures.guessed(figure.axes[0], 8, compare("leave", measured[-1], " steps"))
alt = "Three straight lines; the flatter the saddle, the steeper its line."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# From $10^{-2}$, $10^{-4}$, $10^{-6}$ and $10^{-8}$ it takes 26, 51, 76 and 102 steps.
# A million times nearer costs 76 steps more, not a million times the time: every factor of 10 costs the same number of steps.
#
# </details>
#
# From a distance $\epsilon$ gradient descent reaches the distance 1 after
#
# $$ n = \frac{\ln(1/\epsilon)}{\ln(1 + \eta|\lambda|)} \tag{1.7} $$
#
# steps, rounded up; that is the theory which the cell prints.
# For the run of section 1, which began $0.0007$ off the line, it says about 40 steps, and it took 38 until the loss was below one half.
# So a saddle is hardly ever the end of training: any noise, from small batches or from rounding, is enough of a distance.
#
# But the curvature counts fully.
# With $|\lambda| = 0.5$ it takes nearly four times as long, and a saddle that is almost flat looks like an end for thousands of steps.
# Such a stretch of nearly constant loss is called a **plateau**; in a training log it is easily taken for a minimum.
#
# There are theorems to this effect.
# From a random start, gradient descent with a small enough $\eta$ ends on a saddle with a negative eigenvalue only with probability 0, even without any noise (Lee et al., 2016): the starts that lead there, such as the red line here, are a set without volume.
# That says nothing about the time, which can be long; with a little noise the time grows only with a power of the logarithm of $d$ (Jin et al., 2017).
#
# > **Predict.** 1,000 random starts with both weights between $-1$ and $1$, and 500 steps with $\eta = 0.1$: how many are still near the saddle?

# %%
predict("thousand", ..., unit=" of 1,000")

# %% tags=["experiment"]
starts = np.random.default_rng(0).uniform(-1, 1, size=(1000, 2))
ends = np.array([descend(two_weights, start, n_steps=500)[-1] for start in starts])
near = np.linalg.norm(ends, axis=1) < 0.5
print(
    f"{near.sum()} of 1,000 near the saddle; largest loss {two_weights.f(ends).max():.0e}"
)
compare("thousand", near.sum(), " of 1,000")

# %% [markdown]
# <details><summary>Why</summary>
#
# 0 of them: all thousand are at a minimum.
#
# </details>

# %% [markdown]
# ## 6 · Why minima are rare
#
# With two parameters a minimum is nothing special.
# With $d$ of them, *all* $d$ eigenvalues have to be positive.
# We measure how near a point comes to that by the **minimum ratio**:
#
# $$ \text{minimum ratio} = \frac{\text{number of positive eigenvalues}}{d} . \tag{1.8} $$

# %% [markdown] exercise="minimum_ratio"
# Return the part of the eigenvalues of `H` that is positive, a number from 0 to 1.
# An eigenvalue is positive if it is greater than `tol`.

# %% exercise="minimum_ratio"

# %% tags=["try"]
from autograder.lab.random_matrices import random_symmetric

for H in random_symmetric(np.random.default_rng(0), n=5, d=5):
    print(minimum_ratio(H), classify_critical_point(H))

# %% [markdown]
# Suppose we know nothing about the landscape.
# Then the Hessian at one of its critical points is, for all we know, a random symmetric matrix.
# The simplest kind is $(A + A^\top)/2$ with independent normal numbers in $A$; it is called the **Gaussian orthogonal ensemble**, GOE.
# Half of its eigenvalues are positive on average.
#
# If the signs were $d$ independent coins, all would be positive with the chance $2^{-d}$: for $d = 5$ that is 1 in 32.
#
# > **Predict.** For random matrices with $d = 5$ it is 1 in how many?

# %%
predict("five", ...)

# %% tags=["experiment"]
from autograder.lab.random_matrices import chance_of_minimum

rng, n = np.random.default_rng(1), 200_000
closed = [1 / 2, (2 - np.sqrt(2)) / 4, (np.pi - 2 * np.sqrt(2)) / (4 * np.pi)]
measured = []
print("d   measured    exact       coins")
for d in range(1, 6):
    lowest = np.linalg.eigvalsh(random_symmetric(rng, n, d))[:, 0]
    measured.append(np.mean(lowest > 0))
    exact = chance_of_minimum(d)
    print(f"{d}   {measured[-1]:.6f}    {exact:.6f}    {2.0**-d:.6f}")
    assert abs(measured[-1] - exact) < 5 * np.sqrt(exact / n)
    assert d > 3 or abs(exact - closed[d - 1]) < 1e-9
compare("five", 1 / exact)

# %% [markdown]
# <details><summary>Why</summary>
#
# Far worse than coins: 1/2, 0.146, 0.025, 0.0025, 0.00014, that is 1 in 7,137 for $d = 5$.
# For the first three there are closed forms, $\tfrac12$, $\tfrac{2-\sqrt2}{4}$ and $\tfrac{\pi - 2\sqrt2}{4\pi}$; the column *exact* is an integral that holds for every $d$.
# What was measured differs from it by chance: at $d = 5$ only 28 of the 200,000 matrices are expected to be minima.
# The reason is that eigenvalues of a random matrix **repel** each other: they spread out evenly, and to squeeze all of them to one side of zero is much harder than to toss $d$ heads.
#
# </details>
#
# Dean and Majumdar (2006) found how the chance falls for large $d$:
#
# $$ P(\text{all positive}) \approx e^{-\frac{\ln 3}{4}\, d^2} . \tag{1.9} $$
#
# At $d = 10$ coins give 1 in 1,024; the figure shows what random matrices give.

# %% tags=["experiment"]
ds = np.arange(1, 21)
exact = np.array([chance_of_minimum(d) for d in ds])
rate, law = -np.diff(np.log(exact)) / np.diff(ds**2), np.log(3) / 4
print(f"d = 10: {exact[9]:.1e}")
print(f"fall of ln P / d²: {rate[0]:.3f} to {rate[-1]:.4f}, by the law {law:.4f}")
assert 0 < rate[-1] / law - 1 < 0.04

curves = {"coins": (ds, 2.0**-ds), "measured": (ds[:5], measured)}
curves["theory"] = (ds, exact)
title = "All d eigenvalues positive: at d = 10 once in 4·10¹³ matrices"
names = {"xlabel": "number of parameters d", "ylabel": "chance", "dots": True}
figure = figures.lines(curves, title=title, yscale="log", **names)
figure.axes[0].set_xticks([1, 5, 10, 15, 20])
alt = "On a logarithmic axis the chance of coins is a straight line; that of random \
matrices bends down far below it, and the five measured dots lie on it."
figures.show(figure, alt=alt)

# %% [markdown]
# At $d = 10$ the chance is $2 \cdot 10^{-14}$.
# The exponent of (1.9) is approached from above: the last value, between $d = 19$ and $20$, is within 4 percent of $\ln(3)/4 = 0.2747$.
#
# So if Hessians were random, a network with a thousand parameters would have practically no minimum, and every critical point would be a saddle with a way down.
# That thought goes two ways.
# It makes it plausible that a critical point at a *high* loss is a saddle and not a bad minimum.
# And it has to fail at a *low* loss: a loss cannot fall below zero, so ways down must run out on the way to the bottom, and Hessians there are not random.
# Bray and Dean (2007) worked that out for random landscapes: the lower a critical point, the fewer negative eigenvalues it has.
# The next section asks real networks.

# %% [markdown]
# ## 7 · Two real networks
#
# The **index** of a critical point is the number of its negative eigenvalues, the number of independent ways down.
# Dauphin et al. (2014) drew a famous figure: each critical point of a network as a dot, its loss to the right, its index divided by $d$ upwards.
#
# We repeat it with a network of 28 parameters that tells apart the handwritten digits 0 to 3.
# It takes three numbers that describe an image, passes them through three units with the function $\tanh$, and ends with four probabilities that add up to 1 (made by *softmax*, which is explained in chapter 8).
# Its loss is the mean of $-\ln$ of the probability given to the right digit, over 100 images, plus $0.0005\,\theta^\top\theta$.
# The small last term is called **weight decay**. It bends the directions in which the loss would be flat, so that critical points are single points.
#
# To find critical points of every kind we do not minimise the loss but the length of its gradient, from 120 places: half of them along training runs, half of them random.

# %%
from autograder.lab import tiny_network

network = tiny_network.four_digits()


def random_start(rng, k):
    """A place to search from; every other one lies on a training run."""
    if k % 2:
        return rng.uniform(0.3, 2.0) * rng.standard_normal(network.size)
    theta = 0.3 * rng.standard_normal(network.size)
    for _ in range(rng.integers(60)):
        theta = theta - network.gradient(theta)
    return theta + rng.uniform(0, 0.2) * rng.standard_normal(network.size)


# %% [markdown]
# First a point that needs no search.
# With all parameters 0 the network gives each of the four digits the probability $\tfrac14$, whatever the image, and its loss is $\ln 4$.
#
# Is $\theta = 0$ a critical point, and of which kind?

# %% tags=["experiment"]
origin = np.zeros(network.size)
H = network.hessian(origin)
print(f"d = {network.size}, loss {network.loss(origin):.6f}, ln 4 = {np.log(4):.6f}")
print(
    f"gradient {np.abs(numerical_gradient(network.loss, origin)).max():.0e}: ", end=""
)
print(f"{classify_critical_point(H)}, minimum ratio {minimum_ratio(H):.3f}, ", end="")
print(f"{np.sum(np.linalg.eigvalsh(H) < 0)} negative eigenvalues")
assert abs(network.loss(origin) - np.log(4)) < 1e-12
assert np.abs(numerical_hessian(network.loss, origin) - H).max() < 1e-6
assert classify_critical_point(H) == "saddle"

# %% [markdown]
# It is a saddle: 9 of the 28 eigenvalues are negative, and the minimum ratio is $19/28 = 0.679$.
# Gradient descent from $\theta = 0$ would never move, so weights must not all start at zero; chapter 6 comes back to that.
# The cell also checks that your `numerical_hessian` agrees with `network.hessian`, which takes differences of exact gradients and is only faster.
#
# From its 120 places the search comes to some two dozen different critical points.
#
# > **Predict.** How many of these are minima, with no way down?

# %%
predict("minima", ...)


# %%
def critical_points(n_starts, seed=0):
    """Losses of the critical points that are found, and their ways down."""
    rng, found = np.random.default_rng(seed), {}
    for k in range(n_starts):
        theta = tiny_network.find_critical_point(network, random_start(rng, k))
        if theta is not None:
            eigenvalues = np.linalg.eigvalsh(network.hessian(theta))
            found[round(network.loss(theta), 4)] = np.sum(eigenvalues < 0)
    return np.array(sorted(found)), np.array([found[loss] for loss in sorted(found)])


# %% tags=["experiment"]
losses, index = critical_points(n_starts=120)
correlation = np.corrcoef(losses, index)[0, 1]
print(f"{len(losses)} different critical points, correlation {correlation:.2f}")
print(f"lowest: loss {losses[0]:.3f} with {index[0]} ways down")
assert len(losses) >= 8 and index[0] < index[-1]
compare("minima", np.sum(index == 0))

figure, axes = figures.single(
    f"{len(losses)} critical points: loss and ways down, correlation {correlation:.2f}"
)
axes.plot(losses, index, "o", color="#333333", markersize=5)
axes.set(xlabel="loss of the critical point", ylabel="ways down, of 28")
axes.set(xlim=(0, None), ylim=(-0.6, None))
axes.text(np.log(4), 8.6, "θ = 0", ha="center", va="top")
axes.axhline(0, color="#BBBBBB", zorder=0)
axes.text(1.4, 0.1, "minima", ha="right", va="bottom", color="#555555")
alt = f"A dot for each critical point: loss to the right, ways down upwards. The first \
has {index[0]} ways down, the last, θ = 0, has {index[-1]}."
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# 1 of the 24, the one of lowest loss.
# Every dot is a place where the gradient is zero, and only those on the bottom line are minima; at the others gradient descent comes to rest from exceptional starts only (section 5).
# The dots rise from left to right, as Dauphin et al. found: at a high loss there is always a way down, and where there is none the loss is already low.
# The point on the far right is $\theta = 0$.
#
# </details>

# %% [markdown]
# ### Along a training run
#
# Now a network of 145 parameters that learns all ten digits, from 300 images shrunk to 4×4 pixels.
# A training run hardly ever meets a critical point exactly, but the Hessian has a minimum ratio everywhere.
#
# We look at it from a random start on: does it rise or fall while the loss falls, and does it reach 1?


# %%
from functools import cache

learner, marks = tiny_network.ten_digits(), np.array([0, 3, 10, 30, 100, 300])


@cache
def recorded(seed):
    """Loss, Hessian and all eigenvalues at marks of a run; computed once."""
    theta, seen = 0.3 * np.random.default_rng(seed).standard_normal(learner.size), []
    for step in range(marks[-1] + 1):
        if step in marks:
            H = learner.hessian(theta)
            seen.append((learner.loss(theta), H, np.linalg.eigvalsh(H)))
        theta = theta - learner.gradient(theta)
    return seen


def watch(seed):
    """Loss, minimum ratio, sixth smallest |λ| and lowest λ at the same marks."""
    rows = [
        (loss, minimum_ratio(H), np.sort(np.abs(eigenvalues))[5], eigenvalues[0])
        for loss, H, eigenvalues in recorded(seed)
    ]
    return np.array(rows).T


# %% tags=["experiment"]
print("after", marks, "steps")
for seed in range(3):
    losses, ratios, sixth, lowest = watch(seed)
    print("loss", losses.round(2), "minimum ratio", ratios.round(2))
    print(f"    lowest eigenvalue {lowest[0]:.3f} at first, {lowest[-1]:.3f} at last")
    print(f"    six eigenvalues are zero, to {sixth.max():.0e}")
    assert ratios[0] < 0.65 and ratios[-1] > 0.8 and sixth.max() < 1e-9
    assert lowest[0] < -0.1 and lowest[-1] > -0.01

# %% tags=["experiment"]
ratios, top = np.array([watch(seed)[1] for seed in range(3)]), 139 / 145
assert top == (learner.size - 6) / learner.size and ratios.max() <= top
assert ratios[:, 0].max() < 0.65 and ratios[:, -1].min() > 0.8

curves = {"measured": (marks + 1, ratios)}
curves[f"theory: below {top:.2f}"] = (marks + 1, np.full(len(marks), top))
title = "Training three networks: from 0.6 of the eigenvalues positive to over 0.8"
names = {"xlabel": "step + 1", "ylabel": "minimum ratio", "xscale": "log"}
figure = figures.lines(curves, title=title, **names)
figure.axes[0].set_ylim(0.5, 1)
alt = "Three rising curves from 0.57 at the start to 0.85 after 300 steps, and above \
them a dashed line at 0.96 that they do not reach."
figures.show(figure, alt=alt)

# %% [markdown]
# At the start a little more than half of the eigenvalues are positive, almost as for a random matrix.
# While the loss falls, ways down are used up one after the other.
# After 300 steps more than 0.8 are positive, and the lowest eigenvalue has come up from below $-0.1$ to above $-0.01$: what ways down are left are flat.
#
# The ratio cannot reach 1, and that has an exact reason.
# Softmax does not change if the same number is added to all ten outputs.
# There are six ways to do that here, through the weights of each of the five hidden units and through the biases.
# Along these six directions the loss is constant and the eigenvalue is 0: the ratio stays below $139/145 = 0.959$.
# This network has no isolated minimum at all; by the table of section 4 its lowest points are degenerate.

# %% [markdown]
# ### What a real spectrum looks like
#
# All eigenvalues of a Hessian together are its **spectrum**.
# That of a random symmetric matrix fills a half disc around 0, evenly to both sides.
#
# > **Predict.** After 300 steps, how many of the 145 eigenvalues are larger than a tenth of the largest?

# %%
predict("spectrum", ..., unit=" of 145")

# %% tags=["experiment"]
figure, panels = figures.pair("All 145 eigenvalues before and after training")
outliers = []
for axes, k in zip(panels, (0, 5), strict=True):
    spectra = np.array([recorded(seed)[k][2] for seed in range(3)])
    largest = spectra[:, -1:]
    few = np.sum(spectra > 0.1 * largest, axis=1)
    flat = np.mean(np.abs(spectra) < 0.01 * largest)
    outliers.append(few)
    print(f"after {marks[k]:3d} steps: largest {largest.ravel().round(2)}, ", end="")
    print(f"more than a tenth of it: {few}; less than a hundredth: {100 * flat:.0f} %")
    heights, edges = np.histogram(spectra[0], bins=40)
    axes.bar(edges[:-1], heights, np.diff(edges), align="edge", color="#555555")
    axes.set(title=f"after {marks[k]} steps", xlabel="eigenvalue", yscale="log")
    axes.set(ylabel="how many of 145", ylim=(0.7, 200))
assert flat > 0.5
compare("spectrum", np.median(outliers[1]), " of 145")
alt = (
    f"Two histograms with logarithmic heights. {100 * flat:.0f} % of the eigenvalues stand in a \
heap around 0 after training, and the largest is at {largest.max():.1f}."
)
figures.show(figure, alt=alt)

# %% [markdown]
# <details><summary>Why</summary>
#
# No half disc: a **bulk** of eigenvalues near zero, and a few **outliers** far to the right, 10 of them here in the median, about as many as there are classes.
# Sagun et al. (2017) and many after them found the same in networks of all sizes.
# It is why the argument with random matrices is a beginning and no more.
# It is also good news: a steep direction or two set the learning rate (chapter 0), and most others hardly matter.
#
# </details>

# %% [markdown]
# ## 8 · Newton's method
#
# *Further work*, down to *On large networks*, where the core goes on with exercise 1.8.
#
# If we have the quadratic model, why not jump to its critical point at once?
# Setting the gradient of (1.3) to zero gives $g + Hv = 0$, and so
#
# $$ \theta \leftarrow \theta - H^{-1} g . \tag{1.10} $$
#
# This is **Newton's method**. It has no learning rate.

# %% [markdown] exercise="newton_step"
# Return the new parameters after one Newton step, equation (1.10).
# Do not invert `H`; solve the linear equations $H s = g$ with `np.linalg.solve`.
# If `H` is singular, `np.linalg.solve` raises `LinAlgError`; let that pass to the caller.

# %% exercise="newton_step"

# %% tags=["try"]
ravine = landscapes.ravine
start = ravine.start
print(newton_step(start, ravine.gradient(start), ravine.hessian(start)))

# %% [markdown]
# On a quadratic the model is exact, and one step is enough: from $(-7, 2)$ straight to the minimum $(0, 0)$ of the ravine $x^2/20 + y^2$, however narrow it is.
# That is what makes Newton's method so attractive.
#
# Now the network of two weights, from $(0.5, 0.3)$: thirty steps of gradient descent, and eight Newton steps.

# %% tags=["experiment"]
newton = [np.array([0.5, 0.3])]
if needs(newton_step):
    for _ in range(8):
        g, H = two_weights.gradient(newton[-1]), two_weights.hessian(newton[-1])
        newton.append(newton_step(newton[-1], g, H))
    paths = {"gradient descent": descend(two_weights, (0.5, 0.3), n_steps=30)}
    paths["Newton"] = np.array(newton)
    for name, path in paths.items():
        first, *_, last = two_weights.f(path)
        print(f"{name}: loss {first:.4f} to {last:.4f}, at {abs(path[-1]).round(3)}")
    assert (
        np.abs(newton[-1]).max() < 1e-9
        and np.prod(paths["gradient descent"][-1]) > 0.99
    )

    title = "From (0.5, 0.3): Newton's method jumps onto the saddle, descent leaves it"
    figure = figures.trajectories(two_weights, paths, title=title)
    figure.axes[0].set(xlabel="weight w₁", ylabel="weight w₂")
    alt = "Gradient descent runs to the curve of minima; Newton's steps end at the origin."
    figures.show(figure, alt=alt)

# %% [markdown]
# Newton's method *raises* the loss, from 0.72 to 1, and ends on the saddle.
# No bug is to blame: (1.10) asks for a point where the gradient of the model is zero, and a saddle is one.
# Along a direction of negative curvature $H^{-1}$ turns the step around, uphill.
#
# One parameter is enough to see that: $f(x) = x \cos(0.15\,\pi x)$ from $x = 10$, where $f = 0$.
#
# Which way does Newton's method go, down or up?


# %% tags=["experiment"]
def wave(x):
    return x[0] * np.cos(0.15 * np.pi * x[0])


if needs(newton_step):
    x = np.array([10.0])
    for step in range(9):
        if step in (0, 1, 2, 8):
            print(f"step {step}: x = {x[0]:7.3f}, f = {wave(x).round(3) + 0.0:7.3f}")
        g, H = numerical_gradient(wave, x), numerical_hessian(wave, x)
        x = newton_step(x, g, H)
    print("there:", classify_critical_point(H))
    assert abs(x[0] - 26.8341) < 1e-3 and wave(x) > 26.7

# %% [markdown]
# The first step goes down, the second leaps to the other side, and then it climbs to $x = 26.83$ and stops on a local maximum with $f = 26.75$.
# A method that is drawn to every critical point alike is no method of minimisation, unless $H$ has positive eigenvalues only.
# Dauphin et al. mend it by dividing by $|\lambda|$ instead of $\lambda$ in every eigen-direction: *saddle-free Newton*.
# With one parameter there is one eigenvalue, $H$ itself.
#
# From the same start it goes another way.

# %% tags=["experiment"]
x = np.array([10.0])
for step in range(9):
    if step in (0, 1, 2, 3, 8):
        print(f"step {step}: x = {x[0]:7.3f}, f = {wave(x).round(3) + 0.0:7.3f}")
    g, H = numerical_gradient(wave, x), numerical_hessian(wave, x)
    x = x - g / np.abs(H[0])
print("there:", classify_critical_point(H))
assert classify_critical_point(H) == "local minimum" and abs(wave(x) + 20.1114) < 1e-3

# %% [markdown]
# The second step leaps as far as before, since $|\lambda|$ is small at $x = 5$ and nothing else limits the step.
# But from there every step goes down, to a local minimum with $f = -20.11$.
#
# And then there is the price.

# %% tags=["experiment"]
print("parameters     entries of H     bytes       multiplications to solve, d³/3")
for name, d in (("28 weights", 28), ("ten digits", 145), ("ResNet-50", 25_557_032)):
    print(f"{name:11s} {d:10,d}  {d**2:10.1e}  {8 * d**2:10.1e}  {d**3 / 3:10.1e}")
assert 8 * 25_557_032**2 > 5e15

# %% [markdown]
# ResNet-50 is a common network for images, and not a large one.
# Its Hessian alone would fill five petabytes, and $Hs = g$ would have to be solved anew in every step.
# So deep learning does without it.
# What remains of Newton's idea is to divide by *something* like the curvature: chapter 4 builds that from gradients alone.

# %% [markdown]
# ### On large networks
#
# The Hessian of a network with a million parameters has $10^{12}$ entries: nobody writes it down.
# But hardly anything needs the whole of it.
# Curvature along a direction $v$ is $v^\top H v$, the largest eigenvalue comes from multiplying a vector with $H$ again and again, and Newton's equations can be solved in the same way.
# All of these need products $Hv$ only, and a product is a **change of the gradient**: how $\nabla L$ differs between two places on the line through $\theta$ along $v$.
#
# Gradients of networks are cheap, so such products are too.

# %% [markdown] exercise="hessian_vector_product"
# Return the product of the Hessian at `theta` with `v`, by a central difference of gradients: two places at the distance `h * v` from `theta`, one on either side.
# `grad_fn` takes an array of the shape of `theta`, which may be any, and is called exactly twice.

# %% exercise="hessian_vector_product"

# %% tags=["try"]
bowl = np.array([[3.0, 1.0], [1.0, 2.0]])  # the gradient of a bowl is bowl @ theta
print(hessian_vector_product(lambda x: bowl @ x, np.ones(2), np.array([1.0, -1.0])))

# %% [markdown]
# ### Find the mistakes
#
# *Further work.* Saddle-free Newton with many parameters takes the curvatures along the eigenvectors: the gradient is split into its slopes along them, and each slope is divided by the size of its own eigenvalue.
# To that size a *damping* is added, so that no step is endless where a curvature is near 0.
#
# The next function does that; its Hessian has a row of such differences for each axis.
# On the bowl $x^2/2 + 2y^2$, whose curvatures are 1 and 4, it reports 2 as the lowest curvature.
# On the network of two weights, from $(0.5, 0.3)$ with a damping of 0.5, the lowest eigenvalue should be $-1.07$ before the first step, $0.62$ before the second and $0.00$ before the eighth, after which $w_1 w_2$ is 1 to six digits.
# It reports $-2.14$, $1.35$ and $0.02$, and $w_1 w_2$ is 0.998.
# On a bowl with the curvatures 3, 1 and 2 along three axes, one step with hardly any damping should end at the minimum; it ends elsewhere.

# %% [markdown] exercise="saddle_free_descent"
# There are three mistakes in this function.
# Find them, and change as little as you can.
# The check names a mistake only when it is the last one that is left.

# %% exercise="saddle_free_descent"

# %% tags=["try"]
slopes, start = two_weights.gradient, np.array([0.5, 0.3])
theta, lowest = saddle_free_descent(slopes, start, 0.5, 8)
print(theta.round(4), np.prod(theta).round(6), lowest.round(2) + 0.0)
curvatures = np.array([3.0, 1.0, 2.0])
print(saddle_free_descent(lambda x: curvatures * x, np.ones(3), 1e-3, 1)[0].round(3))

# %% [markdown]
# ## 9 · Break it
#
# Gradient descent on the network of two weights once more, 150 steps from $(1, -1 + 10^{-k})$.
# Move the sliders, or type into the boxes.
#
# 1. Raise $k$ by 1. By how many steps does the plateau of the loss grow? Compare with (1.7).
# 2. Set $k = 3$ and raise $\eta$. The plateau gets shorter. From which $\eta$ on does the run no longer converge, and the curvature of which point sets that limit?
# 3. How near to $-1$ must the second weight start so that the run never leaves the saddle?
#
# *What you found (double-click to write it here):*


# %%
def plateau(k, lr=0.1, n_steps=150):
    """The path from (1, -1 + 10**-k), and the steps until its loss is below 1/2."""
    with np.errstate(over="ignore", invalid="ignore"):
        path = descend(two_weights, (1.0, -1.0 + 10.0**-k), lr, n_steps)
        gone = np.flatnonzero(two_weights.f(path) < 0.5)
    return path, gone[0] if gone.size else None


def draw_plateau(k, lr):
    path, n_steps = plateau(k, lr)
    note = f"The loss falls below one half after {n_steps} steps"
    if n_steps is None:
        note = "After 150 steps the loss is not below one half"
    if not np.isfinite(path[-1]).all():
        note = "The run diverges"
    paths = {"gradient descent": path}
    return widgets.trajectory_and_loss(two_weights, paths, note=note)


# %% tags=["experiment"]
widgets.explore(
    draw_plateau,
    k=widgets.slider("closeness k", 0.5, 17, 3, step=0.5),
    lr=widgets.slider("learning rate η", 0.01, 0.6, 0.1),
)

# %% tags=["experiment"]
waits = [plateau(k, n_steps=400)[1] for k in range(1, 18)]
print("steps until the loss is below 1/2, for k = 1 to 17:", *waits)
each = (waits[14] - waits[0]) / 14
print(f"steps for each k: {each:.2f}; theory {np.log(10) / np.log(1.2):.2f}")
assert abs(each - np.log(10) / np.log(1.2)) < 0.1 and waits[16] is None
for lr in (0.49, 0.51):
    last = two_weights.f(plateau(3, lr, n_steps=400)[0][-1])
    print(f"η = {lr}: loss after 400 steps {last:.0e}")
limit = 2 / np.linalg.eigvalsh(two_weights.hessian(np.ones(2)))[-1]
print(f"limit 2/λ at the minimum (1, 1): {limit:.2f}, and -1 + 1e-17 is", -1 + 1e-17)
assert limit == 0.5

# %% [markdown]
# Each further digit of closeness costs 12.6 steps, $\ln 10/\ln 1.2$, as (1.7) says.
# The plateau is long, but the limit for $\eta$ is set at its other end: at the minimum $(1, 1)$ the largest eigenvalue is 4, and $2/4 = 0.5$.
#
# Only at $k = 17$ does the run never leave, because $-1 + 10^{-17}$ *is* $-1$ for the computer: numbers just below 1 are $1.1 \cdot 10^{-16}$ apart.
# A real network starts with random weights and sees noise in every step, so it does not sit on the line of symmetry; it is only slow near it.

# %% [markdown]
# ## 10 · Why
#
# A person reads this answer. Five to eight sentences are enough.

# %% [markdown] question="critical_points_why"
# A report on a training run says:
#
# > The loss has not changed for 2,000 steps, so the gradient is zero.
# > We computed the Hessian: its eigenvalues are 3.1, 0.8, 0.2, 0 and 0.
# > None is negative, so we have found a local minimum.
# > Since the loss is still high, we must have been caught in a bad one, and we should use Newton's method to get out.
#
# 1. The first sentence draws a conclusion. Which observation would refute it, and what would you do then?
# 2. Suppose that the gradient is zero. What follows from the five eigenvalues, and what does not? Give two functions that fit them, one with a minimum and one without.
# 3. Is it likely that a network with many parameters is caught in a bad local minimum at a high loss? Say what this chapter measured about that, and what it did not prove.
# 4. What would Newton's method do here?

# %% [markdown] answer="critical_points_why"
# 1. The length of the gradient. If it is not small, the run stands on no critical point but bounces between walls or drifts on noise; a smaller learning rate is the remedy. (The run with $\eta = 2/\lambda$ in section 2: loss at rest, gradient of length 4.)
# 2. Only that the point is degenerate: three directions go up, and along the two of eigenvalue 0 the Hessian says nothing. $1.55\,a^2 + 0.4\,b^2 + 0.1\,c^2 + x^4 + y^4$ has a minimum there; with $-x^4$ or $x^3$ instead of $x^4$ it has none.
# 3. Not likely. Random symmetric matrices have only positive eigenvalues with a chance that falls like $e^{-d^2 \ln 3/4}$, and in the small network the critical points of high loss all had ways down; minima lay at a low loss. That is a measurement on two small networks and an argument about random matrices, not a proof: real Hessians are not random, and zero eigenvalues leave room for anything.
# 4. $H$ is singular, so the step is not defined: `LinAlgError`. With a tiny number instead of a zero it would be huge. And where it is defined it goes to the nearest critical point of the model, a saddle or a maximum just as well; the gradient is zero here, so it would not move at all.
#
# - [0.5] A gradient that is not small would refute it; then the learning rate has to be smaller.
# - [0.5] The point is degenerate, with one function that has a minimum and one that has none.
# - [0.5] It is not likely, with what was measured, and that this is no proof.
# - [0.5] $H$ is singular, so the step is not defined, or moves nothing.

# %% [markdown]
# ## 11 · Summary
#
# - A loss at rest is not yet a gradient of zero; measure the gradient first.
# - At a critical point the signs of the Hessian's eigenvalues decide: all positive, a minimum; both signs, a saddle; a zero and one sign, and the Hessian cannot tell.
# - The eigenvector of the most negative eigenvalue leads off a saddle, and leaving from a distance $\epsilon$ takes $\ln(1/\epsilon)/\ln(1+\eta|\lambda|)$ steps: long on a flat saddle, but never without end.
# - The spectrum of a real Hessian is a bulk near zero and a few large eigenvalues.
# - All $d$ eigenvalues of a random symmetric matrix are positive with a chance like $e^{-d^2\ln 3/4}$; in small networks the critical points of high loss are saddles, and ways down get fewer as the loss falls.
# - Newton's method finds critical points, not minima, and its $d^2$ entries rule it out for networks.

# %% [markdown]
# ## 12 · Elsewhere
#
# | where | what it does | compared with this chapter |
# |---|---|---|
# | `torch.func.hessian`, `jax.hessian` | exact second derivatives by differentiating twice | (1.4) without its errors; still $d^2$ entries |
# | `torch.autograd.gradcheck` | central differences with $h = 10^{-6}$ in float64 | (1.1); it checks a gradient, as section 7 does |
# | `scipy.optimize.approx_fprime` | one-sided differences with $h = 1.5 \cdot 10^{-8}$ | the other curve of section 2 |
# | Hessian times vector, Lanczos | the product $Hv$ costs about two gradients, and a few dozen of them give the extreme eigenvalues | how the eigenvalues of large networks are measured |
# | Dauphin et al. (2014) | index $\alpha$: negative eigenvalues over $d$ | without zero eigenvalues it is 1 minus the minimum ratio |
# | Dauphin et al. (2014) | saddle-free Newton, $\lvert H\rvert^{-1} g$ | (1.10) with $\lvert\lambda\rvert$ for $\lambda$ |
# | L-BFGS | estimates $H^{-1}$ from past gradients and keeps it positive definite | never turns uphill, unlike (1.10) |
#
# **To read** Goodfellow, Bengio and Courville (2016), sections 4.3, 8.2 and 8.6; Dauphin, Pascanu, Gulcehre, Cho, Ganguli and Bengio (2014), *Identifying and attacking the saddle point problem in high-dimensional non-convex optimization*; Dean and Majumdar (2006), *Large deviations of extreme eigenvalues of random matrices*.
# Next, chapter 2: what happens if the gradient itself is only an estimate.
