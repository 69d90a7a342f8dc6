"""Chapter 02: A learning rate carried over from one batch size to another."""

from __future__ import annotations

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_size as kernels

__all__ = ["SCALE_LR"]


def draw_scale_lr(rng):
    def numbers(batch_size, base):
        lr = between(rng, 0.02, 0.3)
        return {"lr": lr, "batch_size": batch_size, "base_batch_size": base}

    yield (
        "four times the batch, the linear rule",
        {"lr": 0.1, "batch_size": 64, "base_batch_size": 16, "rule": "linear"},
    )
    yield (
        "four times the batch, the square-root rule",
        {"lr": 0.1, "batch_size": 64, "base_batch_size": 16, "rule": "sqrt"},
    )
    small, large = int(rng.integers(5, 9)), int(rng.integers(50, 60))
    for rule in ("linear", "sqrt"):
        yield f"a smaller batch, {rule}", {**numbers(small, large), "rule": rule}
    yield (
        "a batch that is not a multiple of the old one",
        {**numbers(120, 32), "rule": "linear"},
    )
    yield (
        "a batch many times larger, and so a large learning rate",
        {**numbers(4096, 8), "rule": "linear"},
    )
    yield "a rule that does not exist", {**numbers(32, 8), "rule": "cubic"}
    yield "a rule with a capital letter", {**numbers(32, 8), "rule": "Linear"}
    for rule in ("linear rule", "sqrt rule"):
        yield "a name that only begins like a rule", {**numbers(32, 8), "rule": rule}


def scaled_by_a_power(lr, batch_size, base_batch_size, rule):
    if rule not in ("linear", "sqrt"):
        raise ValueError(rule)
    return lr * (batch_size / base_batch_size) ** (1.0 if rule == "linear" else 0.5)


def scaled_by_a_match(lr, batch_size, base_batch_size, rule):
    match rule:
        case "linear":
            return lr / base_batch_size * batch_size
        case "sqrt":
            return lr * batch_size**0.5 / base_batch_size**0.5
        case _:
            raise ValueError("no such rule")


SCALE_LR = Exercise(
    name="scale_lr",
    points=1,
    reference=kernels.scale_lr,
    returns=("lr",),
    draw=draw_scale_lr,
    equivalents=(scaled_by_a_power, scaled_by_a_match),
    misconceptions=mistakes(__name__, kernels.scale_lr),
    hints=(
        "How many times larger is the new batch? What does each rule do with that?",
        (
            "`ratio = batch_size / base_batch_size`. One rule multiplies `lr` by it, "
            "the other by its root. What if `rule` is neither?"
        ),
        (
            '`return lr * ratio` for `"linear"`, `return lr * np.sqrt(ratio)` for '
            '`"sqrt"`, else raise `ValueError`.'
        ),
    ),
    read="section 6, equation (2.7)",
    lines=6,
    level=1,
    harmless={
        "moved: if rule == 'sqrt':; return float(lr * np.sqrt(ratio))": (
            "no rule has both names"
        ),
    },
)
