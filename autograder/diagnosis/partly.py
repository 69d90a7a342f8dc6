"""Known mistakes that explain a part of a wrong answer: a result, or some cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograder.calling.calls import Outcome
from autograder.checking.cases import Case, Question
from autograder.checking.comparison import compare, differs
from autograder.checking.verdict import Statement
from autograder.checking.words.phrases import sentences
from autograder.language import _

__all__ = ["known_but_for_errors", "known_in_part"]

Pair = tuple[Case, Outcome]


def known_in_part(question: Question, pairs: Sequence[Pair]) -> list[Statement]:
    """What one known mistake says of an answer that it does not explain whole.

    Of each wrong result by itself; then of most of the cases.
    """
    valued = [pair for pair in pairs if pair[0].expected.error is None]
    wrong = [pair for pair in valued if not _right(question, *pair)]
    if not wrong:
        return []
    return _by_result(question, valued) or _in_most_cases(question, valued, wrong)


def known_but_for_errors(question: Question, pairs: Sequence[Pair]) -> list[Statement]:
    """The known mistake that an answer is where no error is to be raised."""
    valued = [pair for pair in pairs if pair[0].expected.error is None]
    if len(valued) == len(pairs) or all(_right(question, *pair) for pair in valued):
        return []
    found = [name for name in question.forms if _all_alike(question, valued, name)]
    words = _(
        "In all cases in which a value is to come back, these are exactly the numbers "
        "of {form}."
    )
    return [_said(question, name, words) for name in found[:1]]


def _by_result(question: Question, valued: Sequence[Pair]) -> list[Statement]:
    """Of each wrong result, the known mistake that gives it in every case."""
    names = question.returns
    if len(names) < 2 or question.observer is not None:
        return []
    if not all(_has_parts(got, names) for _case, got in valued):
        return []
    told = []
    for at, name in enumerate(names):
        if name not in (question.order or names):
            continue
        if all(_same_part(question, c, c.expected, got, at) for c, got in valued):
            continue
        found = [
            mistake
            for mistake in question.forms
            if all(
                _has_parts(c.mistaken[mistake], names)
                and _same_part(question, c, c.mistaken[mistake], got, at)
                for c, got in valued
            )
        ]
        if found:
            words = _("`{name}` has exactly the numbers of {form}.")
            told.append(_said(question, found[0], words, name=name))
    return told


def _in_most_cases(
    question: Question, valued: Sequence[Pair], wrong: Sequence[Pair]
) -> list[Statement]:
    """The one known mistake that explains the most cases, half of them at least."""
    if question.observer is not None or _is_choice(question):
        return []
    counts = {
        name: sum(_alike(question, case, name, got) for case, got in wrong)
        for name in question.forms
    }
    best = max(counts.values(), default=0)
    found = [name for name, n in counts.items() if n == best]
    if best < 2 or 2 * best < len(wrong) or len(found) > 1:
        return []
    words = _(
        "In {n} of the {total} wrong cases these are exactly the numbers of {form}."
    )
    said = _said(question, found[0], words, n=best, total=len(wrong))
    rest = _("In the others something else differs as well.")
    return [replace(said, text=sentences(said.text, rest))]


def _said(question: Question, mistake: str, words: str, **given: Any) -> Statement:
    form, why = question.forms[mistake]
    text = sentences(words.format(form=form, **given), why)
    return Statement("mistake-in-part", text)


def _right(question: Question, case: Case, got: Outcome) -> bool:
    return differs(question, case, case.expected, got) is None


def _all_alike(question: Question, pairs: Sequence[Pair], name: str) -> bool:
    return all(_alike(question, case, name, got) for case, got in pairs)


def _alike(question: Question, case: Case, name: str, got: Outcome) -> bool:
    mistaken = case.mistaken[name]
    if mistaken.error is not None or got.error is not None:
        return False
    exact = case.tolerance.for_mistakes
    return differs(question, case, mistaken, got, exact) is None


def _has_parts(got: Outcome, names: Sequence[str]) -> bool:
    returned: Any = got.returned
    return isinstance(returned, tuple) and len(returned) == len(names)


def _same_part(
    question: Question, case: Case, one: Outcome, got: Outcome, at: int
) -> bool:
    name = question.returns[at]
    found = compare(
        replace(one, returned=one.returned[at]),
        replace(got, returned=got.returned[at]),
        (name,),
        (name,),
        case.tolerance.for_mistakes,
        None,
        case.arguments,
    )
    return found is None


def _is_choice(question: Question) -> bool:
    return all(
        isinstance(case.expected.returned, bool | str)
        for case in question.cases
        if case.expected.error is None
    )
