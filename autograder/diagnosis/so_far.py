"""What is right of a wrong answer, and what is wrong besides the first thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.calling.calls import Outcome
from autograder.checking.cases import Case, Question
from autograder.checking.comparison import compare, differs
from autograder.checking.laws import broken_law
from autograder.checking.verdict import Statement
from autograder.checking.words.phrases import listed, sentences, times
from autograder.language import _, ngettext

__all__ = ["right_results", "so_far"]

Pair = tuple[Case, Outcome]


def so_far(question: Question, pairs: Sequence[Pair]) -> list[Statement]:
    """Which results and cases are right, which errors and laws are not kept."""
    findings = [differs(question, c, c.expected, got) for c, got in pairs]
    valued = [i for i, (case, _got) in enumerate(pairs) if case.expected.error is None]
    wrong = [i for i in valued if findings[i] is not None]
    told = []
    unraised = [
        i
        for i, (case, got) in enumerate(pairs)
        if case.expected.error is not None and findings[i] is not None
    ]
    if wrong:
        told += _results(question, pairs, valued, wrong)
    elif unraised and valued:
        right = _("It is right in the one case in which a value is to come back.")
        if len(valued) > 1:
            right = _("It is right in all {n} cases in which a value is to come back.")
        told.append(right.format(n=len(valued)))
    if wrong and unraised:
        told.append(_unraised(pairs, unraised))
    first_law = not wrong and not unraised
    told += _laws(pairs, wrong, skip_first=first_law)
    return [Statement("right-so-far", sentences(*told))] if told else []


def _results(
    question: Question, pairs: Sequence[Pair], valued: list[int], wrong: list[int]
) -> list[str]:
    right = right_results(question, pairs, valued)
    n, n_right = len(valued), len(valued) - len(wrong)
    if right and len(right) < len(question.returns):
        words = ngettext(
            "{names} is right in it.", "{names} are right in it.", len(right)
        )
        if n > 1:
            words = ngettext(
                "{names} is right in all {n} cases.",
                "{names} are right in all {n} cases.",
                len(right),
            )
        return [words.format(names=listed([f"`{name}`" for name in right]), n=n)]
    if n_right == 0:
        return []
    if n_right == 1:
        (at,) = set(valued) - set(wrong)
        words = _("Case {number} alone is right: {label}.")
        return [words.format(number=at + 1, label=pairs[at][0].label)]
    if len(wrong) == 1:
        return [_("In the other {n} cases it is right.").format(n=n_right)]
    return [_("It is right in {n} of {total} cases.").format(n=n_right, total=n)]


def right_results(
    question: Question, pairs: Sequence[Pair], chosen: Sequence[int]
) -> list[str]:
    """Names of the results that are right in every one of the chosen cases."""
    names = question.returns
    if len(names) < 2 or question.observer is not None:
        return []
    return [
        name
        for name in question.order or names
        if all(_is_right(question, *pairs[at], name) for at in chosen)
    ]


def _is_right(question: Question, case: Case, got: Outcome, name: str) -> bool:
    names = question.returns
    returned = got.returned
    if got.error or not isinstance(returned, tuple) or len(returned) != len(names):
        return False
    at = names.index(name)
    expected = case.expected.returned[at]
    return (
        compare(
            replace(case.expected, returned=expected),
            replace(got, returned=returned[at]),
            (name,),
            (name,),
            case.tolerance,
            None,
            case.arguments,
        )
        is None
    )


def _unraised(pairs: Sequence[Pair], unraised: Sequence[int]) -> str:
    case, got = pairs[unraised[0]]
    assert case.expected.error is not None
    kind = case.expected.error.kind
    if got.error is not None:
        words = _("Besides, it raises {raised} where {error} is asked for: {label}.")
        return words.format(raised=got.error.kind, error=kind, label=case.label)
    words = _("Besides, it raises no {error} where one is asked for: {label}.")
    return words.format(error=kind, label=case.label)


def _laws(pairs: Sequence[Pair], wrong: list[int], skip_first: bool) -> list[str]:
    """Laws that are broken besides what the headline says."""
    changed: set[str] = set()
    calls: dict[str, tuple[int, int]] = {}
    random = False
    first = None
    for case, got in pairs:
        if got.error is not None:
            continue
        law = broken_law(case.expected, got)
        first = first or law
        changed |= set(got.changed) - set(case.expected.changed)
        random |= got.global_random and not case.expected.global_random
        for name, n in case.expected.calls.items():
            seen = got.calls.get(name, 0)
            if seen != n and name not in calls:
                calls[name] = seen, n
    said = first.code if skip_first and first is not None else ""
    told = []
    if changed and said != "argument-changed":
        names = listed([f"`{name}`" for name in sorted(changed)])
        words = _("Besides, it changes its argument {arguments} in place.")
        told.append(words.format(arguments=names))
    if random and said != "global-random":
        told.append(_("Besides, it draws from NumPy's global generator."))
    if said != "wrong-calls":
        words = _("Besides, it calls `{function}` {often}, and should {enough}.")
        told += [
            words.format(function=name, often=times(seen), enough=times(n))
            for name, (seen, n) in calls.items()
        ]
    return told
