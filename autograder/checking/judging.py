"""From what a function did in every case to a verdict, a mark and a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.calling.calls import NO_ANSWER, Outcome, call
from autograder.calling.drivers import SEEN
from autograder.checking.bands import (
    least_measure,
    score_by_bands,
    told_measure,
    too_little,
)
from autograder.checking.beside import Comparison, beside
from autograder.checking.cases import Case, Question
from autograder.checking.comparison import differs, is_returned, measured, wrong_entries
from autograder.checking.errors import error_lines
from autograder.checking.finding import Finding
from autograder.checking.known_mistakes import known_mistakes, titled, told_mistakes
from autograder.checking.laws import REPEATED, broken_law, repeated_case
from autograder.checking.message import Message, reading
from autograder.checking.sketch import sketch
from autograder.checking.structure import moment_of
from autograder.checking.values import format_value, the_call
from autograder.checking.verdict import PASSED, Statement, Verdict
from autograder.checking.words.observed import observation
from autograder.checking.words.phrases import in_language, sentences
from autograder.language import N_, _

__all__ = ["is_right", "judge", "verdict"]


@np.errstate(all="ignore")  # numbers that come back may be as large as they like
def judge(
    question: Question, outcomes: Sequence[Outcome], public: bool = True
) -> Verdict:
    """The verdict on a function that did `outcomes` in the question's cases.

    `public` says whether these are the cases that every learner sees.

    A case with right values counts fully, or half if a law is broken in it.
    Points begin when more than half of the telling cases have right values, so
    that what is right by chance, or memorised, earns nothing; where each
    answer is one of a few, they need all of them.  Where an exercise has bands,
    the one that the worst case reaches decides, and any broken law halves that.
    """
    pairs = list(zip(question.cases, outcomes, strict=True))
    wrong = [_wrong(question, case, got) for case, got in pairs]
    laws = [broken_law(case.expected, got) for case, got in pairs]
    repeated = repeated_case(question, outcomes)
    if repeated is not None:
        laws = [law or REPEATED for law in laws]
    first = _first(wrong)
    if first is None:
        first = _first(laws)
    if repeated is not None and first is not None and first[1] is REPEATED:
        first = repeated, REPEATED
    if first is None:
        return _passed(question, pairs, public)
    if question.bands:
        score = score_by_bands(question, pairs, wrong, any(laws))
        if public and score and not any(laws):
            return _passed_so_far(question, pairs, score)
    else:
        score = _score(question, wrong, laws)
    named = known_mistakes(question, pairs, by_values=any(wrong))
    at, finding = first if first[1] is REPEATED else _smallest(question, first, wrong)
    case, got = pairs[at]
    words = told_mistakes(question, named, finding)
    headline, *numbers = _what_happened(question, at, case, got, finding)
    blocks = [headline, *words, *numbers, reading(question.read)]
    message = Message(titled(named, finding), question.name, tuple(blocks))
    return Verdict(
        question.name,
        question.chapter,
        finding.code,
        score,
        question.points,
        tuple(named),
        message,
        (Statement("mistake", sentences(*words)),) if words else (),
    )


def verdict(function: Callable, question: Question, public: bool = True) -> Verdict:
    """Call `function` in every case of `question`, here and now, and judge it."""
    outcomes = [
        call(function, case.arguments, question.parameters) for case in question.cases
    ]
    return judge(question, outcomes, public)


@np.errstate(all="ignore")
def is_right(function: Callable, question: Question) -> bool:
    """Whether its verdict is a pass: called no further than the first wrong case."""
    outcomes = []
    for case in question.cases:
        got = call(function, case.arguments, question.parameters)
        if _wrong(question, case, got) or broken_law(case.expected, got):
            return False
        outcomes.append(got)
    return repeated_case(question, outcomes) is None


def _first(findings: Sequence[Finding | None]) -> tuple[int, Finding] | None:
    return next(((i, f) for i, f in enumerate(findings) if f is not None), None)


def _smallest(
    question: Question,
    first: tuple[int, Finding],
    findings: Sequence[Finding | None],
) -> tuple[int, Finding]:
    """Of the cases in which the same is found as in the first, the smallest one."""
    alike = [
        (at, finding)
        for at, finding in enumerate(findings)
        if finding is not None and _as_told(finding) == _as_told(first[1])
    ]
    if first[0] not in [at for at, _finding in alike]:
        return first  # no value is wrong: a law is broken
    return min(alike, key=lambda one: _size(question.cases[one[0]].arguments))


def _as_told(finding: Finding) -> tuple[str, str, str]:
    """What makes one finding the same as another, whatever its numbers."""
    return finding.code, finding.title, finding.told("")


def _size(value: Any) -> int:
    """How many characters of a value there are to read: round numbers have few."""
    if isinstance(value, Mapping):
        return sum(map(_size, value.values()))
    if isinstance(value, np.ndarray):
        value = value.ravel().tolist()
    if isinstance(value, list | tuple):
        return sum(map(_size, value))
    return len(f"{value:g}") if isinstance(value, float) else len(str(value))


def _wrong(question: Question, case: Case, got: Outcome) -> Finding | None:
    """What is wrong in one case, by values or, where there are bands, by measure."""
    finding = differs(question, case, case.expected, got)
    of_values = finding is None or finding.title in {"VALUE MISMATCH", "NOT FINITE"}
    if question.bands and of_values:
        return too_little(question, case, got)
    return finding


def _passed(
    question: Question, pairs: Sequence[tuple[Case, Outcome]], public: bool
) -> Verdict:
    if question.bands:
        least = least_measure(question, pairs)
        told = _("`{name}` gives {measure}.").format(
            name=question.name, measure=told_measure(question, least)
        )
        more = _("Grading measures it on examples that are not here.")
    else:
        right = (
            _("`{name}` is right in all {n} public cases.")
            if public
            else _("`{name}` is right in all {n} fresh cases.")
        )
        told = right.format(name=question.name, n=len(question.cases))
        more = _("Grading draws fresh ones of the same kinds.")
    told = sentences(told, more if public else "")
    return Verdict(
        question.name,
        question.chapter,
        PASSED,
        float(question.points),
        question.points,
        (),
        Message(N_("RIGHT"), question.name, (told,), good=True),
    )


def _passed_so_far(
    question: Question, pairs: Sequence[tuple[Case, Outcome]], score: float
) -> Verdict:
    """What a learner is told from the first band on: what it would earn, and what more.

    It is for the cases that every learner sees; a grade is never called passed
    before the last band.
    """
    least = least_measure(question, pairs)
    earns, earns_all = _("{percent} % earns {points}"), _("{percent} % earns all")
    more = [
        (earns_all if share == 1 else earns).format(
            percent=f"{100 * limit:g}", points=f"{share * question.points:g}"
        )
        for limit, share in question.bands
        if least < limit
    ]
    told = _(
        "`{name}` gives {measure}: {score} of {points} points; {more}. Grading "
        "measures it on examples that are not here."
    ).format(
        name=question.name,
        measure=told_measure(question, least),
        score=f"{score:g}",
        points=question.points,
        more=_(", ").join(more),
    )
    message = Message(N_("RIGHT SO FAR"), question.name, (told,), good=True)
    return Verdict(
        question.name, question.chapter, PASSED, score, question.points, (), message
    )


def _score(
    question: Question,
    wrong: Sequence[Finding | None],
    laws: Sequence[Finding | None],
) -> float:
    pairs = list(zip(question.cases, wrong, strict=True))
    telling = [finding for case, finding in pairs if case.telling] or wrong
    n_right = sum(finding is None for finding in telling)
    by_chance = 2 * n_right <= len(telling) or 2 * wrong.count(None) <= len(wrong)
    if by_chance or (n_right < len(telling) and _is_choice(question)):
        return 0.0
    earned = sum(
        0.5 if law else 1.0
        for finding, law in zip(wrong, laws, strict=True)
        if finding is None
    )
    return round(question.points * earned / len(wrong), 2)


def _is_choice(question: Question) -> bool:
    """Whether every answer is one of a few: a truth value or a word."""
    return all(
        isinstance(case.expected.returned, bool | np.bool_ | str)
        for case in question.cases
        if case.expected.error is None
    )


def _what_happened(
    question: Question, at: int, case: Case, got: Outcome, finding: Finding
) -> list:
    headline = finding.told(question.name)
    if finding.code == "not-written":
        return [headline]
    blocks: list = [headline, *the_call(question, at)]
    if got.error and got.error.kind != "WrongCall" and NO_ANSWER not in got.error.kinds:
        blocks.append(error_lines(got.error))
    if finding.shows_values:
        blocks += _values_beside(case, got, finding)
    return blocks


def _values_beside(case: Case, got: Outcome, finding: Finding) -> list:
    """What came back next to what should, and a picture where that says more."""
    returned, expected = finding.returned, finding.expected
    if case.expected.error is not None:
        rows = (
            (_("it returned"), format_value(returned)),
            (_("it should raise"), case.expected.error.kind),
        )
        return [Comparison(rows)]
    if moment_of(finding.part)[1]:
        returned, expected = map(_driven, (returned, expected))
    blocks: list = [beside(returned, expected, wrong_entries(finding, case.tolerance))]
    if not is_returned(finding.part):
        blocks = [_observed(got, finding)]
    seen = got.returned if case.fixed else returned
    picture = sketch(finding.part, seen, expected, case.arguments, case.fixed)
    return [*blocks, picture] if picture else blocks


def _observed(got: Outcome, finding: Finding) -> Comparison:
    """What was looked at in a result, which did not come back as it is shown."""
    mine, right = (
        observation(value) if isinstance(value, str) else format_value(value)
        for value in (finding.returned, finding.expected)
    )
    returned = got.returned
    if not isinstance(returned, np.ndarray) or returned.size > _SHOWN_BESIDE:
        return Comparison(((_("it is"), mine), (_("it should be"), right)))
    rows = (
        (_("it returned"), format_value(returned)),
        (measured(finding.part), mine),
        (_("it should be"), right),
    )
    return Comparison(rows)


_SHOWN_BESIDE = 12
"""Entries of a result that is shown next to what was looked at in it."""


def _driven(value: Any) -> Any:
    """What was seen of a driven answer; words in the language that is spoken."""
    return in_language(value, SEEN) if isinstance(value, str) else value
