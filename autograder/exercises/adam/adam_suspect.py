"""Chapter 05: find out which mistake an Adam has, from its steps."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import decided as kernels

__all__ = ["ADAM_SUSPECT"]


SUSPECTS = (
    *("no correction", "m not corrected", "v not corrected", "t one ahead"),
    *("corrected moments kept", "betas exchanged"),
)


def steps_of(suspect, grads, lr, beta1, beta2):
    """What an Adam with this mistake adds to a parameter, step by step.

    Of no suspect of the list there are two: a right one, and one without a root.
    """
    if suspect == "betas exchanged":
        beta1, beta2 = beta2, beta1
    m = v = 0.0
    steps = []
    for t, g in enumerate(grads, start=1 + (suspect == "t one ahead")):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        up, down = m / (1 - beta1**t), v / (1 - beta2**t)
        if suspect == "corrected moments kept":
            m, v = up, down
        up = m if suspect in ("no correction", "m not corrected") else up
        down = v if suspect in ("no correction", "v not corrected") else down
        root = 1.0 if suspect == "no root" else 0.5
        steps.append(-lr * up / down**root)
    return np.array(steps)


def draw_adam_suspect(rng):
    """Two runs of each suspect and two of others, in an order that nobody knows."""
    runs = [*SUSPECTS, *SUSPECTS, "right", "no root"]
    for number, at in enumerate(rng.permutation(len(runs)), start=1):
        settings = {
            "lr": between(rng, 0.01, 0.1),
            "beta1": between(rng, 0.85, 0.92),
            "beta2": between(rng, 0.97, 0.995),
        }
        grads = signed(rng, (6,), 0.5, 2.0)
        steps = steps_of(runs[at], grads, **settings)
        yield f"run {number}", {"grads": grads, "steps": steps, **settings}


def by_simulation(grads, steps, lr, beta1, beta2):
    for suspect in SUSPECTS:
        if np.allclose(steps_of(suspect, grads, lr, beta1, beta2), steps, rtol=1e-6):
            return suspect
    return "none of these"


def by_lengths(grads, steps, lr, beta1, beta2):
    first = -steps[0] / lr * np.sign(grads[0])
    root = np.sqrt(1 - beta2)
    likely = {
        "no correction": (1 - beta1) / root,
        "m not corrected": 1 - beta1,
        "v not corrected": 1 / root,
        "t one ahead": np.sqrt(1 + beta2) / (1 + beta1),
    }
    for suspect, length in likely.items():
        if abs(first / length - 1) < 1e-6:
            return suspect
    # Both others are right at first; the second step tells them apart.
    for suspect in SUSPECTS[4:]:
        seen = steps_of(suspect, grads[:2], lr, beta1, beta2)
        if np.allclose(seen, steps[:2], rtol=1e-6, atol=0):
            return suspect
    return "none of these"


BETAS = "b1, b2 = (beta2, beta1) if name == 'betas exchanged' else (beta1, beta2)"
NAMES = (
    "'m not corrected', 'v not corrected', 't one ahead', 'corrected moments kept', "
    "'betas exchanged'"
)
ZIP = "for t, (g, step) in enumerate(zip(grads, steps{}), start=1):"
END = "return best if errors[best] {} else 'none of these'"
APART = "what is exchanged does not need each other"

HARMLESS = {
    # The suspects before this one have the betas as they were given.
    f"{BETAS} -> {BETAS.replace('(beta2', '(b2')}": "b2 is beta2 there",
    f"{BETAS} -> {BETAS.replace(', beta1)', ', b1)', 1)}": "b1 is beta1 there",
    f"for name in ('no correction', {NAMES}): -> "
    f"for name in ({NAMES}, 'no correction'):": "any order of the suspects will do",
    "if name in ('no correction', 'm not corrected'): -> "
    "if name in ('m not corrected', 'no correction'):": "any order will do",
    "if name in ('no correction', 'v not corrected'): -> "
    "if name in ('v not corrected', 'no correction'):": "any order will do",
    f"moved: {BETAS}": APART,
    "moved: errors[name] += abs(step + lr * m_hat / np.sqrt(v_hat))": APART,
    "moved: if name == 'corrected moments kept':; m, v = (m_hat, v_hat)": APART,
    "moved: if name in ('no correction', 'v not corrected'):; v_hat = v": APART,
    "moved: number = t + 1 if name == 't one ahead' else t": APART,
}
HARMLESS |= {
    f"{ZIP.format(', strict=True')} -> {ZIP.format(form)}": "they have one length"
    for form in ("", ", strict=False")
}
HARMLESS |= {
    f"{END.format('< 1e-06')} -> {END.format(form)}": "still far from any step"
    for form in ("< 2e-06", "<= 1e-06")
}


ADAM_SUSPECT = Exercise(
    name="adam_suspect",
    points=3,
    bonus=True,
    reference=kernels.adam_suspect,
    returns=("mistake",),
    draw=draw_adam_suspect,
    equivalents=(by_simulation, by_lengths),
    misconceptions=mistakes(__name__, kernels.adam_suspect),
    hints=(
        (
            "Compute the first step of each suspect for a gradient of 1, as a multiple "
            "of `lr`. Which of them give themselves away already?"
        ),
        (
            "Or let the suspects speak: run all six on `grads`, in one loop over their "
            "names, and compare what each takes with `steps`."
        ),
        (
            "In the loop over the steps: add up `abs(step + lr * m_hat / "
            "np.sqrt(v_hat))` for each suspect. The culprit's sum is 0 up to rounding."
        ),
    ),
    read="section 11, on suspects",
    lines=20,
    level=3,
    harmless=HARMLESS,
)
