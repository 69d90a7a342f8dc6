"""What is said of a wrong answer that is one of a few, an error, or random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from autograder.calling.calls import Foreign, Outcome
from autograder.checking.cases import Case, Question
from autograder.checking.verdict import Statement
from autograder.checking.words.observed import in_layer, observation
from autograder.language import _

__all__ = ["error_returned", "of_choices", "of_statistics"]

Pair = tuple[Case, Outcome]


def of_choices(pairs: Sequence[Pair]) -> str:
    """What is answered in place of what, where an answer is one of a few."""
    found = [
        (got.returned, case.expected.returned)
        for case, got in pairs
        if case.expected.error is None and got.error is None
    ]
    if not found or not all(isinstance(b, bool | str) for _a, b in found):
        return ""
    answers = {a for a, _b in found if isinstance(a, bool | str)}
    if len(answers) == 1 and len(found) > 2:
        words = _("It answers {answer} in every case.")
        return words.format(answer=_code(answers.pop()))
    if all(isinstance(a, bool) and a is not b for a, b in found):
        return _("It answers the opposite in every case.")
    mistaken = {(a, b) for a, b in found if a != b and isinstance(a, bool | str)}
    if len(mistaken) == 1:
        ((mine, right),) = mistaken
        words = _("Whenever it is wrong, it answers {answer} where {right} is right.")
        return words.format(answer=_code(mine), right=_code(right))
    rights = {b for _a, b in mistaken}
    if len(rights) == 1 and len(mistaken) > 1:
        answered = _(" or ").join(sorted(_code(a) for a, _b in mistaken))
        words = _("It is wrong only where {right} is right: it answers {answers}.")
        return words.format(right=_code(rights.pop()), answers=answered)
    mines = {a for a, _b in mistaken}
    if len(mines) == 1:
        words = _("Whenever it is wrong, it answers {answer}.")
        return words.format(answer=_code(mines.pop()))
    wrong = [(a, b) for a, b in found if a != b and isinstance(a, bool | str)]
    ((mine, right), n), *_more = Counter(wrong).most_common(1) or [(("", ""), 0)]
    if not _is_most(n, len(wrong)):
        return ""
    return _(
        "In {n} of the {total} wrong cases it answers {answer} where {right} is right."
    ).format(n=n, total=len(wrong), answer=_code(mine), right=_code(right))


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
            words = _("It returns the {error}. Write `raise` for `return` there.")
            return words.format(error=error.kind)
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
            text = _times_too_large(name, f"{float(np.mean(wrong)):.2g}")
            return [Statement("relation", text)]
    for name, seen_words in words.items():
        (counted, n), *_more = Counter(seen_words).most_common(1)
        of = len(seen_words)
        if n == of or _is_most(n, of):
            mine, value = map(observation, counted)
            return [Statement("relation", _other_words(name, mine, value, n, of))]
    return []


def _times_too_large(name: str, times: str) -> str:
    layer, quantity = in_layer(name)
    words = (
        _(
            "In layer {layer}, the {quantity} is {times} times what it should be, in "
            "every case alike."
        )
        if layer
        else _(
            "The {quantity} is {times} times what it should be, in every case alike."
        )
    )
    return words.format(layer=layer, quantity=quantity, times=times)


def _other_words(name: str, mine: str, value: str, n: int, of: int) -> str:
    layer, quantity = in_layer(name)
    if layer and n == of:
        words = _("In layer {layer}, the {quantity}: {mine}. It should be: {right}.")
    elif layer:
        words = _(
            "In layer {layer}, the {quantity} in {n} of the {total} cases in which it "
            "is wrong: {mine}. It should be: {right}."
        )
    elif n == of:
        words = _("The {quantity}: {mine}. It should be: {right}.")
    else:
        words = _(
            "The {quantity} in {n} of the {total} cases in which it is wrong: {mine}. "
            "It should be: {right}."
        )
    return words.format(
        layer=layer, quantity=quantity, n=n, total=of, mine=mine, right=value
    )


def _code(answer: bool | str) -> str:
    """An answer as code, in the quotes that the course uses."""
    return f'`"{answer}"`' if isinstance(answer, str) else f"`{answer}`"
