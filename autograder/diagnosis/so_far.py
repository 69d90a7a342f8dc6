"""What is right of a wrong answer, and what is wrong besides the first thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.calling.calls import Outcome
from autograder.checking.cases import Case, Question
from autograder.checking.comparison import compare, differs
from autograder.checking.laws import broken_law
from autograder.checking.verdict import Statement

__all__ = ["right_results", "so_far"]

Pair = tuple[Case, Outcome]


def so_far(question: Question, pairs: Sequence[Pair]) -> list[Statement]:
    """Which results and cases are right, which errors and laws are not kept."""
    findings = [differs(question, c, c.expected, got) for c, got in pairs]
    valued = [i for i, (case, _) in enumerate(pairs) if case.expected.error is None]
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
        n = len(valued)
        cases = f"all {n} cases" if n > 1 else "the one case"
        told.append(f"It is right in {cases} in which a value is to come back.")
    if wrong and unraised:
        told.append(_unraised(pairs, unraised))
    first_law = not wrong and not unraised
    told += _laws(pairs, wrong, skip_first=first_law)
    return [Statement("right-so-far", " ".join(told))] if told else []


def _results(
    question: Question, pairs: Sequence[Pair], valued: list[int], wrong: list[int]
) -> list[str]:
    right = right_results(question, pairs, valued)
    n, n_right = len(valued), len(valued) - len(wrong)
    if right and len(right) < len(question.returns):
        names = [f"`{name}`" for name in right]
        verb = "is" if len(names) == 1 else "are"
        cases = f"all {n} cases" if n > 1 else "it"
        return [f"{_listed(names)} {verb} right in {cases}."]
    if n_right == 0:
        return []
    if n_right == 1:
        (at,) = set(valued) - set(wrong)
        return [f"Case {at + 1} alone is right: {pairs[at][0].label}."]
    if len(wrong) == 1:
        return [f"In the other {n_right} cases it is right."]
    return [f"It is right in {n_right} of {n} cases."]


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
        return (
            f"Besides, it raises {got.error.kind} where {kind} is asked for: "
            f"{case.label}."
        )
    return f"Besides, it raises no {kind} where one is asked for: {case.label}."


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
        names = _listed([f"`{name}`" for name in sorted(changed)])
        told.append(f"Besides, it changes its argument {names} in place.")
    if random and said != "global-random":
        told.append("Besides, it draws from NumPy's global generator.")
    if said != "wrong-calls":
        for name, (seen, n) in calls.items():
            told.append(
                f"Besides, it calls `{name}` {_times(seen)}, and should {_times(n)}."
            )
    return told


def _times(n: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n} times")


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
