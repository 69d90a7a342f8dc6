"""What is said of a wrong random answer: by how much, or in what, it is off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.calling.calls import Outcome
from autograder.checking.cases import Case, Question
from autograder.checking.verdict import Statement

__all__ = ["of_statistics"]

Pair = tuple[Case, Outcome]


def of_statistics(question: Question, pairs: Sequence[Pair]) -> list[Statement]:
    """How many times too large a random answer's statistic is, if always alike."""
    ratios: dict[str, list[float]] = {}
    words: dict[str, set[tuple[str, str]]] = {}
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
                words.setdefault(name, set()).add((mine, value))
    for name, found in ratios.items():
        wrong = [r for r in found if abs(r - 1) > 1e-9]
        if wrong and np.ptp(wrong) <= 0.1 * np.abs(wrong).max():
            what = name.partition(",")[0]
            ratio = float(np.mean(wrong))
            return [
                Statement(
                    "relation",
                    f"The {what} is {ratio:.2g} times what it "
                    "should be, in every case alike.",
                )
            ]
    for name, seen_words in words.items():
        if len(seen_words) == 1:
            ((mine, value),) = seen_words
            text = f"The {name}: {mine}. It should be: {value}."
            return [Statement("relation", text)]
    return []
