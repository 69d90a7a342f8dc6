"""What is said of a wrong answer that is one of a few, an error, or random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from autograder.calling.calls import Foreign, Outcome
from autograder.checking.cases import Case, Question
from autograder.checking.verdict import Statement

__all__ = ["error_returned", "of_choices", "of_statistics"]

Pair = tuple[Case, Outcome]


def of_choices(pairs: Sequence[Pair]) -> str:
    """What is answered in place of what, where an answer is one of a few."""
    found = [
        (got.returned, case.expected.returned)
        for case, got in pairs
        if case.expected.error is None and got.error is None
    ]
    if not found or not all(isinstance(b, bool | str) for _, b in found):
        return ""
    answers = {a for a, _ in found if isinstance(a, bool | str)}
    if len(answers) == 1 and len(found) > 2:
        return f"It answers {_code(answers.pop())} in every case."
    if all(isinstance(a, bool) and a is not b for a, b in found):
        return "It answers the opposite in every case."
    mistaken = {(a, b) for a, b in found if a != b and isinstance(a, bool | str)}
    if len(mistaken) == 1:
        ((mine, right),) = mistaken
        return (
            f"Whenever it is wrong, it answers {_code(mine)} where {_code(right)} is "
            "right."
        )
    rights = {b for _, b in mistaken}
    if len(rights) == 1 and len(mistaken) > 1:
        answered = " or ".join(sorted(_code(a) for a, _ in mistaken))
        return (
            f"It is wrong only where {_code(rights.pop())} is right: it answers "
            f"{answered}."
        )
    mines = {a for a, _ in mistaken}
    if len(mines) == 1:
        return f"Whenever it is wrong, it answers {_code(mines.pop())}."
    wrong = [(a, b) for a, b in found if a != b and isinstance(a, bool | str)]
    ((mine, right), n), *_ = Counter(wrong).most_common(1) or [(("", ""), 0)]
    if not _is_most(n, len(wrong)):
        return ""
    return (
        f"In {n} of the {len(wrong)} wrong cases it answers {_code(mine)} where "
        f"{_code(right)} is right."
    )


def _is_most(n: int, of: int) -> bool:
    """Whether what holds in `n` wrong cases says something of them all."""
    return n > 1 and 2 * n >= of


def error_returned(pairs: Sequence[Pair]) -> str:
    """An exception that is returned where it should be raised."""
    for case, got in pairs:
        error, value = case.expected.error, got.returned
        if error is None or not isinstance(value, Foreign):
            continue
        if value.type_name == error.kind:
            return f"It returns the {error.kind}. Write `raise` for `return` there."
    return ""


def of_statistics(question: Question, pairs: Sequence[Pair]) -> list[Statement]:
    """How many times too large a random answer's statistic is, if always alike."""
    ratios: dict[str, list[float]] = {}
    words: dict[str, list[tuple[str, str]]] = {}
    observe = question.observer
    assert observe is not None
    for case, got in pairs:
        if case.expected.error is not None or got.error is not None:
            continue
        arguments = {**case.arguments, **case.fixed}
        try:
            seen = observe(got.returned, arguments)
            right = case.expected.observed or observe(case.expected.returned, arguments)
        except Exception:  # noqa: BLE001
            return []
        for name, value in right.items():
            mine = seen.get(name)
            if isinstance(value, float) and isinstance(mine, float) and value:
                ratios.setdefault(name, []).append(mine / value)
            if isinstance(value, str) and isinstance(mine, str) and mine != value:
                words.setdefault(name, []).append((mine, value))
    for name, found in ratios.items():
        wrong = [r for r in found if abs(r - 1) > 1e-9]
        if wrong and np.ptp(wrong) <= 0.1 * np.abs(wrong).max():
            times = float(np.mean(wrong))
            text = (
                f"{_measured(name)} is {times:.2g} times what it should be, in every "
                "case alike."
            )
            return [Statement("relation", text)]
    for name, seen_words in words.items():
        ((mine, value), n), *_ = Counter(seen_words).most_common(1)
        of = len(seen_words)
        if n == of or _is_most(n, of):
            where = "" if n == of else f" in {n} of the {of} cases in which it is wrong"
            text = f"{_measured(name)}{where}: {mine}. It should be: {value}."
            return [Statement("relation", text)]
    return []


def _measured(name: str) -> str:
    """What is measured, from its name: "layer 2, mean of the weights"."""
    what = name.removesuffix(", give or take 12 %")
    layer, _, rest = what.rpartition(", ")
    if layer.startswith("layer "):
        return f"In {layer}, the {rest}"
    return f"The {what}"


def _code(answer: bool | str) -> str:
    """An answer as code, in the quotes that the course uses."""
    return f'`"{answer}"`' if isinstance(answer, str) else f"`{answer}`"
