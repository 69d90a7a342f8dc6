"""Right answers in unusual forms, which no list has: none is refused."""

import itertools
import math
from functools import reduce

import numpy as np
import pytest

from autograder.checking.cases import public_question
from autograder.checking.judging import verdict as judged

RIGHT = []


def right(form):
    """Collect a right form of the exercise that it is called after, but for a `_k`."""
    RIGHT.append(form)
    return form


def name_of(form):
    return form.__name__.rpartition("_")[0]


# --- chapter 00 --------------------------------------------------------------


@right
def gd_step_1(theta, grad, lr):
    return np.add(theta, np.multiply(-lr, grad))


@right
def gd_step_2(theta, grad, lr):
    pairs = zip(theta.flat, grad.flat, strict=True)
    return np.reshape([x - lr * g for x, g in pairs], theta.shape)


@right
def gd_step_3(theta, grad, lr):
    new = theta.copy()
    new -= lr * grad
    return new


@right
def gradient_descent_1(grad_fn, theta0, lr, n_steps):
    steps = itertools.repeat(None, n_steps)
    walk = itertools.accumulate(
        steps, lambda x, _: x - lr * grad_fn(x), initial=theta0.astype(float)
    )
    return np.stack(list(walk))


@right
def gradient_descent_2(grad_fn, theta0, lr, n_steps):
    path = np.empty((n_steps + 1, *theta0.shape))
    path[0] = theta0
    for before, after in itertools.pairwise(path):
        after[:] = before - lr * grad_fn(before.copy())
    return path


@right
def gradient_descent_3(grad_fn, theta0, lr, n_steps):
    def walk(theta, n):
        return [theta] + (walk(theta - lr * grad_fn(theta), n - 1) if n else [])

    return np.stack(walk(theta0, n_steps))


@right
def largest_stable_lr_1(H):
    top = sorted(np.linalg.eigvalsh(H))[-1]
    if not top > 0:
        raise ValueError("no learning rate")
    return 2.0 / float(top)


@right
def largest_stable_lr_2(H):
    values = np.linalg.eigvals(H).real
    if all(values <= 0):
        raise ValueError("no learning rate")
    return float(np.min(2 / values[values > 0]))


@right
def largest_stable_lr_3(H):
    w, _ = np.linalg.eigh(H)
    assert w[0] <= w[-1]
    if w[-1] <= 0:
        raise ValueError
    return float(np.divide(2, w[-1]))


@right
def violates_convexity_1(f, a, b, n=101):
    t = np.arange(n) / (n - 1)
    return any(f(s * a + (1 - s) * b) - s * f(a) - (1 - s) * f(b) > 1e-12 for s in t)


@right
def violates_convexity_2(f, a, b, n=101):
    alphas = np.linspace(1, 0, n)
    above = [f(x * a + (1 - x) * b) for x in alphas]
    chord = alphas * f(a) + (1 - alphas) * f(b)
    return bool(np.max(np.array(above) - chord) > 1e-12)


@right
def jensen_gap_1(f, points, weights):
    if min(weights) < 0 or not 1 - 1e-9 <= sum(weights) <= 1 + 1e-9:
        raise ValueError(weights)
    mean = np.einsum("i,ij->j", weights, points)
    return sum(w * (f(x) - f(mean)) for x, w in zip(points, weights, strict=True))


@right
def jensen_gap_2(f, points, weights):
    if (weights < 0).any() or not np.allclose(weights.sum(), 1):
        raise ValueError("no mean")
    centre = (points * weights[:, np.newaxis]).sum(0)
    return np.dot(np.fromiter(map(f, points), float), weights) - f(centre)


# --- chapter 01 --------------------------------------------------------------


@right
def numerical_gradient_1(f, theta, h=1e-5):
    def slope(k):
        e = np.eye(theta.size)[k].reshape(theta.shape) * h
        return (f(theta + e) - f(theta - e)) / h / 2

    return np.array([slope(k) for k in range(theta.size)]).reshape(theta.shape)


@right
def numerical_gradient_2(f, theta, h=1e-5):
    x, grad = theta.astype(float), np.zeros(theta.shape)
    for index, old in np.ndenumerate(theta):
        x[index] = old + h
        above = f(x.copy())
        x[index] = old - h
        grad[index] = 0.5 * (above - f(x.copy())) / h
        x[index] = old
    return grad


@right
def numerical_hessian_1(f, theta, h=1e-4):
    n, E = theta.size, h * np.eye(theta.size)
    H = np.zeros((n, n))
    for i, j in itertools.combinations_with_replacement(range(n), 2):
        signs = itertools.product((1, -1), repeat=2)
        total = sum(s * r * f(theta + s * E[i] + r * E[j]) for s, r in signs)
        H[i, j] = H[j, i] = total / (2 * h) ** 2
    return H


@right
def quadratic_model_1(loss0, g, H, v):
    return float(loss0 + np.einsum("i,i", g, v) + np.einsum("i,ij,j", v, H, v) / 2)


@right
def quadratic_model_2(loss0, g, H, v):
    return float(loss0 + v.dot(g + 0.5 * H.dot(v)))


@right
def quadratic_model_3(loss0, g, H, v):
    return float(loss0 + sum(v * g) + np.sum(np.outer(v, v) * H) * 0.5)


@right
def classify_critical_point_1(H, tol=1e-8):
    kinds = {int(np.sign(x)) if abs(x) > tol else 0 for x in np.linalg.eigvalsh(H)}
    if {1, -1} <= kinds:
        return "saddle"
    if 0 in kinds:
        return "degenerate"
    return "local minimum" if kinds == {1} else "local maximum"


@right
def classify_critical_point_2(H, tol=1e-8):
    low, *_, high = np.r_[np.linalg.eigvalsh(H), np.linalg.eigvalsh(H)[-1]]
    if low < -tol and high > tol:
        return "saddle"
    if low > tol:
        return "local minimum"
    return "local maximum" if high < -tol else "degenerate"


@right
def minimum_ratio_1(H, tol=1e-8):
    w = np.linalg.eigvalsh(H)
    return np.count_nonzero(w > tol) / w.size


@right
def minimum_ratio_2(H, tol=1e-8):
    w = list(np.linalg.eigvalsh(H))
    return len([x for x in w if x > tol]) / len(H)


@right
def escape_direction_1(H):
    w, V = np.linalg.eigh(H)
    if not (w < 0).any():
        raise ValueError("no way down")
    return -V.T[np.argmin(w)]


@right
def newton_step_1(theta, g, H):
    return np.linalg.solve(H, H @ theta - g)


@right
def newton_step_2(theta, g, H):
    return theta - np.linalg.inv(H).dot(g)


@right
def hessian_vector_product_1(grad_fn, theta, v, h=1e-5):
    return sum(s * grad_fn(theta + s * h * v) for s in (1, -1)) * (0.5 / h)


# --- chapter 02 --------------------------------------------------------------


@right
def epoch_batches_1(n, batch_size, rng):
    if batch_size not in range(1, n + 1):
        raise ValueError("batch_size")
    rest = list(rng.permutation(n))
    cut = itertools.zip_longest(*[iter(rest)] * batch_size)
    return [np.array([i for i in batch if i is not None]) for batch in cut]


@right
def batch_gradient_1(w, X, y):
    return np.mean([x * (x @ w - t) for x, t in zip(X, y, strict=True)], axis=0)


@right
def batch_gradient_2(w, X, y):
    return np.einsum("ni,n->i", X, X.dot(w) - y) / X.shape[0]


@right
def batch_gradient_3(w, X, y):
    n = len(y)
    return (X.T @ X) @ w / n - X.T @ y / n


@right
def sgd_epoch_1(w, X, y, lr, batches):
    def step(w, rows):
        return w - lr / len(rows) * (X[rows] @ w - y[rows]) @ X[rows]

    return reduce(step, batches, w)


@right
def gradient_noise_1(per_example_grads):
    centred = per_example_grads - np.mean(per_example_grads, axis=0)
    return float(np.vdot(centred, centred) / (len(centred) - 1))


@right
def gradient_noise_2(per_example_grads):
    return float(np.trace(np.atleast_2d(np.cov(per_example_grads, rowvar=False))))


@right
def minibatch_variance_1(trace_cov, n, batch_size):
    return trace_cov * (1 / batch_size - 1 / n)


@right
def minibatch_variance_2(trace_cov, n, batch_size):
    return trace_cov * (n - batch_size) / n / batch_size


@right
def noise_scale_1(per_example_grads):
    mean = np.mean(per_example_grads, axis=0)
    spread = np.sum((per_example_grads - mean) ** 2) / (len(per_example_grads) - 1)
    return float(spread / np.linalg.norm(mean) ** 2)


@right
def scale_lr_1(lr, batch_size, base_batch_size, rule):
    powers = {"linear": 1.0, "sqrt": 0.5}
    if rule not in powers:
        raise ValueError(rule)
    return lr * (batch_size / base_batch_size) ** powers[rule]


@right
def scale_lr_2(lr, batch_size, base_batch_size, rule):
    match rule:
        case "linear":
            return batch_size * lr / base_batch_size
        case "sqrt":
            return lr * math.sqrt(batch_size) / math.sqrt(base_batch_size)
        case _:
            raise ValueError("unknown rule")


# --- chapter 03 --------------------------------------------------------------


@right
def momentum_step_1(theta, velocity, grad, lr, beta):
    moved = theta + beta * velocity - lr * grad
    return moved, moved - theta


@right
def ema_momentum_step_1(theta, m, grad, lr, beta):
    m = m + (1 - beta) * (grad - m)
    return theta - lr * m, m


@right
def ema_momentum_step_2(theta, m, grad, lr, beta):
    m = np.average([m, grad], axis=0, weights=[beta, 1 - beta])
    return theta - lr * m, m


@right
def nesterov_step_1(theta, velocity, grad_fn, lr, beta):
    ahead = theta + beta * velocity
    new = ahead - lr * grad_fn(ahead)
    return new, new - theta


@right
def nesterov_difference_step_1(theta, m, grad, previous_grad, lr, beta):
    m = beta * (m + grad - previous_grad) + grad
    return theta - lr * m, m


@right
def velocity_weights_1(beta, t):
    weights = [1.0]
    while len(weights) < t:
        weights.insert(0, weights[0] * beta)
    return np.array(weights)


@right
def velocity_weights_2(beta, t):
    return np.cumprod(np.r_[1.0, np.full(t - 1, beta)])[::-1]


@right
def convergence_rate_1(lr, beta, eigenvalues):
    def rate(h):
        b = 1 + beta - lr * h
        root = complex(b * b - 4 * beta) ** 0.5
        return max(abs(b + root), abs(b - root)) / 2

    return float(max(map(rate, eigenvalues)))


@right
def optimal_momentum_1(mu, L):
    a, b = math.sqrt(L), math.sqrt(mu)
    return 4 / (a + b) ** 2, ((a - b) / (a + b)) ** 2


# --- chapter 04 and 05 -------------------------------------------------------


@right
def rmsprop_step_1(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = s + (1 - rho) * (grad * grad - s)
    return theta - np.divide(lr * grad, s**0.5 + eps), s


@right
def step_decay_1(lr, t, drop, every):
    return lr * np.power(drop, np.floor_divide(t, every))


@right
def inverse_sqrt_decay_1(lr, t):
    return lr * np.power(np.add(t, 1.0), -0.5)


@right
def cosine_decay_1(lr, t, total, lr_min=0):
    part = np.clip(np.asarray(t) / total, None, 1)
    return lr_min + (lr - lr_min) * np.cos(np.pi * part / 2) ** 2


@right
def warmup_1(schedule, t, warmup_steps):
    return np.minimum(schedule(t), schedule(t) * (t + 1) / warmup_steps)


@right
def transformer_lr_1(t, d_model, warmup_steps):
    rise = t / warmup_steps**1.5
    return np.where(t < warmup_steps, rise, 1 / np.sqrt(t)) / np.sqrt(d_model)


@right
def correct_bias_1(moment, beta, t):
    if t < 1:
        raise ValueError("t")
    return moment / -math.expm1(t * math.log(beta))


@right
def update_moments_1(m, v, grad, beta1=0.9, beta2=0.999):
    return m - (1 - beta1) * (m - grad), v - (1 - beta2) * (v - np.square(grad))


# --- chapters 06 to 08 -------------------------------------------------------


@right
def fans_1(shape):
    if len(shape) not in (2, 4):
        raise ValueError("shape")
    area = math.prod(shape[2:])
    first, second = shape[:2]
    return (first, second) if len(shape) == 2 else (second * area, first * area)


@right
def variance_factor_1(fan_in, weight_var, activation):
    if activation == "relu":
        return weight_var * fan_in / 2
    if activation != "linear":
        raise ValueError("no factor")
    return weight_var * fan_in


@right
def kaiming_normal_1(fan_in, fan_out, rng, gain=2**0.5):
    return rng.standard_normal((fan_out, fan_in)).T * gain * fan_in**-0.5


@right
def xavier_uniform_1(fan_in, fan_out, rng):
    b = math.sqrt(6 / (fan_in + fan_out))
    return b * (2 * rng.random((fan_in, fan_out)) - 1)


@right
def batchnorm_inference_1(x, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma * (running_var + eps) ** -0.5
    return x * scale + (beta - running_mean * scale)


@right
def batchnorm_backward_1(dout, x, gamma, eps=1e-5):
    n = len(x)
    centred = x - x.mean(0)
    inverse = 1 / np.sqrt((centred**2).mean(0) + eps)
    dxhat = dout * gamma
    dvar = (dxhat * centred).sum(0) * -0.5 * inverse**3
    dmean = -(dxhat * inverse).sum(0) - 2 * dvar * centred.mean(0)
    dx = dxhat * inverse + dvar * 2 * centred / n + dmean / n
    return dx, (dout * centred * inverse).sum(0), dout.sum(0)


@right
def groupnorm_1(x, n_groups, eps=1e-5):
    if x.shape[1] % n_groups != 0:
        raise ValueError("channels")
    parts = []
    for part in np.split(x, n_groups, axis=1):
        axes = tuple(range(1, x.ndim))
        mean, var = part.mean(axes, keepdims=True), part.var(axes, keepdims=True)
        parts.append((part - mean) / np.sqrt(var + eps))
    return np.concatenate(parts, axis=1)


@right
def weight_norm_1(v, g):
    return v @ np.diag(g / np.sqrt(np.einsum("ij,ij->j", v, v)))


@right
def one_hot_1(labels, n_classes):
    if labels.size and not 0 <= labels.min() <= labels.max() < n_classes:
        raise ValueError("label")
    return (labels[:, None] == np.arange(n_classes)).astype(float)


@right
def softmax_1(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return np.exp(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


@right
def softmax_2(z):
    return np.apply_along_axis(lambda r: np.exp(r - np.logaddexp.reduce(r)), -1, z)


@right
def cross_entropy_1(z, labels):
    rows = zip(z, labels, strict=True)
    return float(np.mean([np.logaddexp.reduce(row) - row[k] for row, k in rows]))


@right
def cross_entropy_grad_1(z, labels):
    log_p = z - np.logaddexp.reduce(z, axis=1)[:, None]
    rows = np.arange(len(z))
    grad = np.exp(log_p) / len(z)
    grad[rows, labels] -= 1 / len(z)
    return grad


@right
def squared_error_grad_1(z, labels):
    n, k = z.shape
    p = np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])
    error = 2 * (p - np.eye(k)[labels]) / n
    return np.stack(
        [(np.diag(q) - np.outer(q, q)) @ e for q, e in zip(p, error, strict=True)]
    )


# --- other habits: in place on copies, matrices, comprehensions, recursion -------


@right
def newton_step_3(theta, g, H):
    return theta - np.linalg.inv(H).dot(g)


@right
def minimum_ratio_3(H, tol=1e-8):
    w = np.linalg.eigvalsh(H).tolist()
    return len([1 for x in w if x > tol]) / len(w)


@right
def escape_direction_2(H):
    w, V = np.linalg.eig(H)
    k = np.argmin(w.real)
    if w[k].real >= 0:
        raise ValueError("uphill everywhere")
    return -V.T[k].real


@right
def classify_critical_point_3(H, tol=1e-8):
    signs = {int(np.sign(x)) if abs(x) > tol else 0 for x in np.linalg.eigvalsh(H)}
    if {1, -1} <= signs:
        return "saddle"
    if 0 in signs:
        return "degenerate"
    return "local minimum" if signs == {1} else "local maximum"


@right
def numerical_hessian_2(f, theta, h=1e-4):
    e = np.eye(len(theta)) * h

    def second(i, j):
        ways = itertools.product((1, -1), repeat=2)
        return sum(a * b * f(theta + a * e[i] + b * e[j]) for a, b in ways)

    n = range(len(theta))
    return np.array([[second(i, j) for j in n] for i in n]) / (2 * h) ** 2


@right
def hessian_vector_product_2(grad_fn, theta, v, h=1e-5):
    return np.subtract(*(grad_fn(theta + s * h * v) for s in (1, -1))) / h / 2


@right
def epoch_batches_2(n, batch_size, rng):
    if batch_size < 1 or batch_size > n:
        raise ValueError(batch_size)
    indices = np.arange(n)
    rng.shuffle(indices)
    return np.split(indices, np.arange(batch_size, n, batch_size))


@right
def sgd_epoch_2(w, X, y, lr, batches):
    w = w.copy()
    for b in batches:
        A, t = X[b], y[b]
        w -= lr * np.mean((A @ w - t)[:, None] * A, axis=0)
    return w


@right
def minibatch_variance_3(trace_cov, n, batch_size):
    return trace_cov * (n - batch_size) / (n * batch_size)


@right
def scale_lr_3(lr, batch_size, base_batch_size, rule):
    powers = {"linear": 1, "sqrt": 0.5}
    if rule not in powers:
        raise ValueError(rule)
    return lr * math.pow(batch_size / base_batch_size, powers[rule])


@right
def noise_scale_2(per_example_grads):
    g = np.asarray(per_example_grads)
    centred = g - g.mean(0)
    return float(np.sum(centred**2) / (len(g) - 1) / np.sum(g.mean(0) ** 2))


@right
def train_1(w, X, y, lr, batch_size, n_epochs, rng):
    w = np.array(w, dtype=float)
    for _ in range(n_epochs):
        order = rng.permutation(len(y))
        while order.size:
            now, order = order[:batch_size], order[batch_size:]
            w -= lr / now.size * X[now].T @ (X[now] @ w - y[now])
    return w


@right
def momentum_step_2(theta, velocity, grad, lr, beta):
    new = theta - lr * grad + beta * velocity
    return new, new - theta


@right
def nesterov_step_2(theta, velocity, grad_fn, lr, beta):
    ahead = np.add(theta, beta * velocity)
    moved = ahead - lr * grad_fn(ahead)
    return moved, moved - theta


@right
def nesterov_difference_step_2(theta, m, grad, previous_grad, lr, beta):
    m = beta * (m - previous_grad) + (1 + beta) * grad
    return theta - m * lr, m


@right
def convergence_rate_2(lr, beta, eigenvalues):
    def radius(h):
        return max(abs(np.roots([1, -(1 + beta - lr * h), beta])), default=0.0)

    return (
        max(radius(h) for h in eigenvalues)
        if beta
        else max(abs(1 - lr * h) for h in eigenvalues)
    )


@right
def optimal_momentum_2(mu, L):
    a, b = math.sqrt(mu), math.sqrt(L)
    return 4 / (a + b) ** 2, ((b - a) / (b + a)) ** 2


@right
def Momentum_1(lr, beta=0.9):
    class Optimiser:
        def __init__(self):
            self.seen = {}

        def update(self, params, grads):
            for key in grads:
                past = self.seen.setdefault(key, np.zeros(np.shape(grads[key])))
                self.seen[key] = beta * past - lr * grads[key]
                params[key] = params[key] + self.seen[key]

    return Optimiser()


@right
def best_quadratic_step_1(grad, curvature):
    if curvature.size and curvature.min() <= 0:
        raise ValueError("flat or uphill")
    return np.hypot(grad, 0) / curvature


@right
def adagrad_step_1(theta, r, grad, lr, eps=1e-10):
    total = np.add(r, np.square(grad))
    return theta - np.divide(lr * grad, eps + total**0.5), total


@right
def rms_step_1(theta, sum_sq, t, grad, lr):
    new = sum_sq + grad * grad
    root = np.sqrt(new / (1 + t))
    step = np.zeros_like(theta)
    np.divide(grad, root, out=step, where=root != 0)
    return theta - lr * step, new


@right
def rmsprop_step_2(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = s + (1 - rho) * (grad**2 - s)
    return theta - lr * grad * (np.sqrt(s) + eps) ** -1.0, s


@right
def exponential_decay_1(lr, t, rate):
    return lr * np.power(math.exp(-rate), t)


@right
def step_decay_2(lr, t, drop, every):
    return np.multiply(lr, np.power(float(drop), np.floor_divide(t, every)))


@right
def cosine_decay_2(lr, t, total, lr_min=0):
    x = np.clip(np.asarray(t) / total, 0, 1)
    return lr_min + (lr - lr_min) * np.cos(np.pi * x / 2) ** 2


@right
def warmup_2(schedule, t, warmup_steps):
    return schedule(t) * np.clip((np.asarray(t) + 1.0) / warmup_steps, None, 1.0)


@right
def standardize_1(X_train, X_test):
    constant = (X_train == X_train[0]).all(axis=0)
    mean = np.where(constant, X_train[0], X_train.mean(axis=0))
    scale = np.where(constant, 1.0, X_train.std(axis=0))
    test = (X_test - mean) / scale
    test[:, constant] = 0
    return (X_train - mean) / scale, test


@right
def condition_number_1(X):
    s = np.linalg.svd(X, compute_uv=False)
    slack = s[0] * max(X.shape) * np.finfo(float).eps
    if len(s) < X.shape[1] or s[-1] <= slack:
        return math.inf
    return float((s[0] / s[-1]) ** 2)


@right
def startup_ratio_1(beta1, beta2, t):
    return (1 - beta1**t) * (1 - beta2**t) ** -0.5


@right
def folded_epsilon_1(eps, beta2, t):
    return eps * math.sqrt(-math.expm1(t * math.log(beta2)))


@right
def adam_step_1(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = m + (1 - beta1) * (grad - m), v + (1 - beta2) * (grad**2 - v)
    up, down = m / (1 - beta1**t), (v / (1 - beta2**t)) ** 0.5 + eps
    return theta - lr * (up / down), m, v


@right
def folded_adam_step_1(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = beta1 * m + grad * (1 - beta1), beta2 * v + grad * grad * (1 - beta2)
    alpha = lr * math.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - np.divide(alpha * m, np.sqrt(v) + eps), m, v


@right
def required_weight_std_1(fan_in, activation):
    try:
        return math.sqrt({"linear": 1, "relu": 2}[activation] / fan_in)
    except KeyError:
        raise ValueError(activation) from None


@right
def predicted_scale_1(depth, fan_in, weight_var, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    half = 2 if activation == "relu" else 1
    return math.prod([math.sqrt(fan_in * weight_var / half)] * depth)


@right
def dense_forward_1(X, weights, biases, activation):
    phi = {
        "linear": lambda z: z,
        "relu": lambda z: z * (z > 0),
        "tanh": np.tanh,
        "sigmoid": lambda z: (1 + np.tanh(z / 2)) / 2,
    }[activation]
    layers = zip(weights, biases, strict=True)
    steps = itertools.accumulate(
        layers, lambda H, layer: phi(H @ layer[0] + layer[1]), initial=X
    )
    return list(steps)[1:]


@right
def xavier_normal_1(fan_in, fan_out, rng):
    std = math.sqrt(2) / math.sqrt(fan_in + fan_out)
    return std * rng.standard_normal(fan_in * fan_out).reshape(fan_in, fan_out)


@right
def kaiming_uniform_1(fan_in, fan_out, rng, gain=2**0.5):
    return (2 * rng.random((fan_in, fan_out)) - 1) * gain * math.sqrt(3 / fan_in)


@right
def init_network_1(sizes, activation, rng):
    weights, pairs = [], list(itertools.pairwise(sizes))
    for k, (a, b) in enumerate(pairs, 1):
        square = {"relu": 2 / a, "linear": 1 / a}.get(activation, 2 / (a + b))
        square = 1 / a if k == len(pairs) else square
        weights.append(math.sqrt(square) * rng.standard_normal((a, b)))
    return weights, [np.zeros(b) for _, b in pairs]


@right
def batchnorm_forward_1(x, gamma, beta, eps=1e-5):
    mean = np.mean(x, 0)
    std = np.sqrt(np.mean(x * x, 0) - mean * mean + eps)
    x_hat = (x - mean) / std
    return x_hat * gamma + beta, {"x_hat": x_hat, "std": std}


@right
def update_running_1(running_mean, running_var, x, momentum=0.1):
    n = len(x)
    var = x.var(0) * n / (n - 1)
    return (
        running_mean + momentum * (x.mean(0) - running_mean),
        running_var + momentum * (var - running_var),
    )


@right
def fold_batchnorm_1(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = np.diag(gamma * (running_var + eps) ** -0.5)
    return W @ scale, beta + (b - running_mean) @ scale


@right
def normalize_1(x, axes, eps=1e-5):
    centred = x - np.mean(x, axis=axes, keepdims=True)
    return centred * (np.mean(centred**2, axis=axes, keepdims=True) + eps) ** -0.5


@right
def groupnorm_2(x, n_groups, eps=1e-5):
    if x.shape[1] % n_groups != 0:
        raise ValueError("groups of one size")
    out = np.empty_like(x)
    for example, new in zip(x, out, strict=True):
        for part, to in zip(
            np.split(example, n_groups), np.split(new, n_groups), strict=True
        ):
            to[...] = (part - part.mean()) / np.sqrt(part.var() + eps)
    return out


@right
def batch_renorm_1(x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5):
    std = np.sqrt(np.var(x, 0) + eps)
    r = np.minimum(np.maximum(std / running_std, 1 / r_max), r_max)
    d = (x.mean(0) - running_mean) / running_std
    d = np.sign(d) * np.minimum(abs(d), d_max)
    return gamma * (r * (x - x.mean(0)) / std + d) + beta


@right
def weight_norm_2(v, g):
    return np.stack([s * c / math.sqrt(c @ c) for s, c in zip(g, v.T, strict=True)], 1)


@right
def spectral_norm_1(W, n_iter, u):
    v = None
    for _ in range(n_iter):
        v = u @ W
        v /= math.sqrt(v @ v)
        u = W @ v / np.linalg.norm(W @ v)
    return W / np.einsum("i,ij,j->", u, W, v), u


@right
def one_hot_2(labels, n_classes):
    labels = np.asarray(labels)
    if labels.min(initial=0) < 0 or labels.max(initial=0) >= n_classes:
        raise ValueError("no such class")
    return (labels[..., None] == np.arange(n_classes)).astype(float)


@right
def cross_entropy_2(z, labels):
    p = z - z.max(1, keepdims=True)
    right_ones = np.take_along_axis(p, labels[:, None], axis=1)[:, 0]
    return np.average(np.log(np.exp(p).sum(1)) - right_ones)


@right
def mlp_loss_and_grads_1(params, X, labels):
    n = len(X)
    a = X @ params["W1"] + params["b1"]
    h = np.where(a > 0, a, 0)
    z = h @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    d = np.exp(log_p)
    d[range(n), labels] -= 1
    d /= n
    back = (d @ params["W2"].T) * (a > 0)
    loss = -log_p[range(n), labels].sum() / n
    grads = {"W2": h.T @ d, "b2": d.sum(0), "W1": X.T @ back, "b1": back.sum(0)}
    return loss, grads


@right
def amsgrad_step_1(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.square(grad)
    highest = np.where(v > v_max, v, v_max)
    size = np.sqrt(highest) / math.sqrt(1 - beta2**t) + eps
    return theta - lr / (1 - beta1**t) * m / size, m, v, highest


@right
def adamw_step_1(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    smaller = theta * (1 - lr * weight_decay)
    root = np.sqrt(v / (1 - beta2**t))
    return smaller - lr * m / (1 - beta1**t) / (root + eps), m, v


@right
def gradient_norms_1(X, weights, grad_out, activation):
    phi, slope = {
        "linear": (lambda z: z, np.ones_like),
        "relu": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
        "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        "sigmoid": (
            lambda z: 1 / (1 + np.exp(-z)),
            lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
        ),
    }[activation]
    inputs, sums = [X], []
    for W in weights:
        sums.append(inputs[-1] @ W)
        inputs.append(phi(sums[-1]))
    norms, delta = [], grad_out
    for W, z, H in zip(weights[::-1], sums[::-1], inputs[-2::-1], strict=True):
        delta = delta * slope(z)
        norms.insert(0, math.sqrt(np.sum((H.T @ delta) ** 2)))
        delta = delta @ W.T
    return np.array(norms)


@pytest.mark.parametrize("form", RIGHT, ids=lambda form: form.__name__)
def test_a_right_answer_in_an_unusual_form_passes(form):
    found = judged(form, public_question(name_of(form)))

    assert found.passed, found.message.text()
