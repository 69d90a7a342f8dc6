"""From what a function did in every case to a verdict, a mark and a message."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.calling.calls import NO_ANSWER, ErrorNote, Outcome
from autograder.checking.beside import Comparison, beside
from autograder.checking.cases import Case, Question, but_for_seeds
from autograder.checking.comparison import Finding, broken_law, compare, wrong_entries
from autograder.checking.laws import WHY_A_LAW
from autograder.checking.message import Message
from autograder.checking.sketch import sketch
from autograder.checking.values import WIDTH, format_call, format_value
from autograder.exercises.spec import Tolerance

__all__ = [
    "PASSED",
    "Verdict",
    "judge",
    "repeated_case",
    "too_slow",
    "verdict_without_calls",
]

PASSED = "passed"

MIN_RANDOM = 20
"""Entries, or indices in a shuffled order, that no two generators make alike."""
REPEATED = Finding(
    "generator-unused",
    "GENERATOR NOT USED",
    "`{name}` returns what could be right, but the same numbers for two different "
    "generators. Every random number comes from the generator it is given.",
)


@dataclass(frozen=True)
class Verdict:
    """What is true of one answer.

    Attributes
    ----------
    code : str
        ``passed``, ``wrong-values``, ``wrong-shape``, ``wrong-type``,
        ``argument-changed``, ``global-random``, ``generator-unused``,
        ``wrong-calls``, ``raised``, ``not-written``, ``not-defined``,
        ``timed-out``, ``out-of-memory``, ``crashed``, ``too-much-output``,
        ``unreadable`` or ``own-failure``.
    score : float
        Points earned, rounded to hundredths.
    misconceptions : tuple of str
        Names of the known mistakes whose results are exactly these.
    message : Message
        What the learner is told.
    """

    exercise: str
    chapter: str
    code: str
    score: float
    points: int
    misconceptions: tuple[str, ...]
    message: Message

    @property
    def passed(self) -> bool:
        """Whether the answer is right in every case."""
        return self.code == PASSED


@np.errstate(all="ignore")  # numbers that come back may be as large as they like
def judge(
    question: Question, outcomes: Sequence[Outcome], public: bool = True
) -> Verdict:
    """The verdict on a function that did `outcomes` in the question's cases.

    `public` says whether these are the cases that every learner sees.

    A case with right values counts fully, or half if a law is broken in it.
    Points begin when more than half of the telling cases have right values, so
    that what is right by chance, or learned by heart, earns nothing; where each
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
        score = _score_by_bands(question, pairs, wrong, any(laws))
    else:
        score = _score(question, wrong, laws)
    named = _diagnose(question, pairs, by_values=any(wrong))
    at, finding = first
    case, got = pairs[at]
    blocks = [
        *_what_happened(question, at, case, got, finding),
        *_diagnosis(question, named, finding),
        f"Read: {question.read}.",
    ]
    message = Message(finding.title, question.name, tuple(blocks))
    return Verdict(
        question.name,
        question.chapter,
        finding.code,
        score,
        question.points,
        tuple(named),
        message,
    )


def too_slow(question: Question, number: int) -> Verdict:
    """The verdict on a function that did not return in case `number`, from 1."""
    case = question.cases[number - 1]
    message = Message(
        "TOO SLOW",
        question.name,
        (
            f"`{question.name}` has not returned after {question.seconds:g} seconds.",
            f"Case {number} of {len(question.cases)}: {case.label}.",
            "I called it like this:",
            format_call(question.name, case.arguments),
            "Is there a loop that never ends?",
        ),
    )
    return Verdict(
        question.name,
        question.chapter,
        "timed-out",
        0.0,
        question.points,
        (),
        message,
    )


def verdict_without_calls(
    question: Question, code: str, title: str, sentences: Sequence[str]
) -> Verdict:
    """The verdict on a function that could not be called in every case."""
    message = Message(title, question.name, tuple(sentences))
    return Verdict(
        question.name, question.chapter, code, 0.0, question.points, (), message
    )


def _first(findings: Sequence[Finding | None]) -> tuple[int, Finding] | None:
    return next(((i, f) for i, f in enumerate(findings) if f is not None), None)


def _compare(
    question: Question,
    case: Case,
    expected: Outcome,
    got: Outcome,
    tolerance: Tolerance | None = None,
) -> Finding | None:
    return compare(
        expected,
        got,
        question.returns,
        question.order,
        tolerance or case.tolerance,
        question.observer,
        {**case.arguments, **case.fixed},
    )


def _wrong(question: Question, case: Case, got: Outcome) -> Finding | None:
    """What is wrong in one case, by values or, where there are bands, by measure."""
    finding = _compare(question, case, case.expected, got)
    if not question.bands or (finding and finding.title != "VALUE MISMATCH"):
        return finding
    if not np.isfinite(got.returned).all():
        part = question.returns[0]
        told = f"`{{name}}` returns a `{part}` that is not finite."
        return Finding("wrong-values", "NOT FINITE", told)
    reached = _measured(question, case, got)
    if reached >= question.bands[-1][0]:
        return None
    ladder = ", ".join(
        f"{100 * limit:g} % earn {share * question.points:g}"
        for limit, share in question.bands
    )
    told = f"gives {_told_measure(question, reached)}. Of {question.points} points"
    return Finding("wrong-values", "NOT ENOUGH", f"`{{name}}` {told}, {ladder}.")


def _measured(question: Question, case: Case, got: Outcome) -> float:
    return question.measurer(got.returned, {**case.arguments, **case.fixed})


def _told_measure(question: Question, reached: float) -> str:
    """The measure in words: 96.4 % right labels.  Cut, so that 98 is 98."""
    words = str(question.measure).replace("_", " ")
    return f"{int(1000 * reached + 1e-9) / 10:g} % {words}"


def _score_by_bands(
    question: Question,
    pairs: Sequence[tuple[Case, Outcome]],
    wrong: Sequence[Finding | None],
    law_broken: bool,
) -> float:
    if any(finding and finding.title != "NOT ENOUGH" for finding in wrong):
        return 0.0
    least = min(_measured(question, case, got) for case, got in pairs)
    share = max((s for limit, s in question.bands if least >= limit), default=0.0)
    return round(question.points * share * (0.5 if law_broken else 1.0), 2)


def _passed(
    question: Question, pairs: Sequence[tuple[Case, Outcome]], public: bool
) -> Verdict:
    if question.bands:
        least = min(_measured(question, case, got) for case, got in pairs)
        told = f"`{question.name}` gives {_told_measure(question, least)}."
        if public:
            told += " Grading measures it on examples that are not here."
    else:
        kind = "public" if public else "fresh"
        told = f"`{question.name}` is right in all {len(question.cases)} {kind} cases."
        if public:
            told += " Grading draws fresh ones of the same kinds."
    return Verdict(
        question.name,
        question.chapter,
        PASSED,
        float(question.points),
        question.points,
        (),
        Message("RIGHT", question.name, (told,), good=True),
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


def repeated_case(question: Question, outcomes: Sequence[Outcome]) -> int | None:
    """The case with the random numbers of one before: then no generator made them.

    None if there is no such case, or if the answer is not a random one.
    """
    if question.observer is None:
        return None
    seen: dict[bytes, list[np.ndarray]] = {}
    for number, (case, got) in enumerate(zip(question.cases, outcomes, strict=True)):
        array = _in_one_array(got.returned)
        if array is None or array.size < MIN_RANDOM:
            continue
        others = seen.setdefault(but_for_seeds(case.arguments), [])
        if any(np.array_equal(array, other) for other in others):
            return number
        others.append(array)
    return None


def _in_one_array(returned: Any) -> np.ndarray | None:
    """An array as it is, a list of arrays end to end, None for all else."""
    if isinstance(returned, np.ndarray):
        return returned
    if not isinstance(returned, list | tuple) or not returned:
        return None
    if not all(isinstance(item, np.ndarray) for item in returned):
        return None
    return np.concatenate([item.ravel() for item in returned])


def _is_choice(question: Question) -> bool:
    """Whether every answer is one of a few: a truth value or a word."""
    return all(
        isinstance(case.expected.returned, bool | np.bool_ | str)
        for case in question.cases
        if case.expected.error is None
    )


def _diagnose(
    question: Question, pairs: Sequence[tuple[Case, Outcome]], by_values: bool
) -> list[str]:
    """Misconceptions that do exactly this in every case, and are not right."""
    return [
        name
        for name in question.forms
        if all(
            _does_the_same(question, case, name, got)
            and (by_values or _same_conduct(case.mistaken[name], got))
            for case, got in pairs
        )
    ]


def _does_the_same(question: Question, case: Case, name: str, got: Outcome) -> bool:
    """Whether `got` is what the misconception `name` does, but for rounding."""
    exact = case.tolerance.for_mistakes
    return _compare(question, case, case.mistaken[name], got, exact) is None


def _same_conduct(one: Outcome, other: Outcome) -> bool:
    return (
        set(one.changed) == set(other.changed)
        and dict(one.calls) == dict(other.calls)
        and one.global_random == other.global_random
        and set(one.drew) == set(other.drew)
    )


def _what_happened(
    question: Question, at: int, case: Case, got: Outcome, finding: Finding
) -> list:
    headline = finding.headline.format(name=question.name)
    if finding.code == "not-written":
        return [headline]
    blocks: list = [
        headline,
        f"Case {at + 1} of {len(question.cases)}: {case.label}.",
        "I called it like this:",
        format_call(question.name, case.arguments),
    ]
    if got.error and got.error.kind != "WrongCall" and NO_ANSWER not in got.error.kinds:
        blocks.append(_error_lines(got.error))
    if finding.shows_values:
        blocks += _values_beside(case, got, finding)
    return blocks


def _values_beside(case: Case, got: Outcome, finding: Finding) -> list:
    """What came back beside what should, and a picture where that says more."""
    returned, expected = finding.returned, finding.expected
    if case.expected.error is not None:
        rows = (
            ("it returned", format_value(returned)),
            ("it should raise", case.expected.error.kind),
        )
        return [Comparison(rows)]
    blocks: list = [beside(returned, expected, wrong_entries(finding, case.tolerance))]
    seen = got.returned if case.fixed else returned
    picture = sketch(finding.part, seen, expected, case.arguments, case.fixed)
    return [*blocks, picture] if picture else blocks


def _error_lines(error: ErrorNote) -> list[str]:
    told = textwrap.wrap(
        f"{error.kind}: {error.text}", WIDTH - 4, subsequent_indent="    "
    )
    if error.line:
        where = f"line {error.line_number}:  "
        told = [where + textwrap.shorten(error.line, WIDTH - 4 - len(where)), *told]
    return told


def _diagnosis(question: Question, named: Sequence[str], finding: Finding) -> list[str]:
    if not named:
        return []
    start = {
        "argument-changed": "This is",
        "global-random": "This is",
        "generator-unused": "This is",
        "wrong-calls": "This is",
    }.get(finding.code, "These are exactly the numbers of")
    if finding.code == "wrong-values" and any(case.fixed for case in question.cases):
        # No two random answers have the same numbers.
        start = "These have the statistics of"
    if isinstance(finding.expected, str | bool):
        start = "These are exactly the answers of"
    if finding.code in ("wrong-shape", "wrong-type", "raised") or question.bands:
        start = "This is exactly what comes of"
    told = []
    for name in named:
        form, why = question.forms[name]
        told.append(f"{form}. {why or WHY_A_LAW.get(finding.code, '')}".rstrip())
    if len(told) == 1:
        return [f"{start} {told[0]}"]
    more = [f"It may be {one}" for one in told]
    return [f"{start} more than one known mistake.", *more]
