"""What an answer does that no known mistake explains, so that equals are found.

Grading draws other cases for every student, so what two students' functions
did there cannot be compared.  A wrong answer that was not diagnosed is
therefore called once more, in the public cases, which are everybody's.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.calling.calls import Foreign, Outcome
from autograder.checking.cases import Case, Question
from autograder.checking.comparison import compare
from autograder.checking.judging import judge
from autograder.checking.laws import repeated_case
from autograder.checking.verdict import PASSED, Statement, Verdict
from autograder.diagnosis.telling import tell
from autograder.exercises.spec import Tolerance
from autograder.sandbox.answers import Accident

__all__ = ["RIGHT", "Unexplained", "behaviour_of", "explain", "is_unexplained"]

RIGHT = "right"
"""The behaviour of an answer that is right in every public case."""

DIAGNOSED = frozenset(
    "wrong-values wrong-shape wrong-type argument-changed global-random "
    "generator-unused wrong-calls raised".split()
)
"""Verdict codes under which a known mistake could have been named."""

FACTOR = 1.2
"""Statistics of random answers that are further apart are told apart."""

_LINE = re.compile(r"\bLine \d+, ")

# Numbers in cases are short decimals, and so are results.  Steps of an odd width
# and place keep these away from where one step ends and the next begins.
_STEP, _PLACE = 0.7548776662, 0.3183098862


@dataclass(frozen=True)
class Unexplained:
    """A wrong answer that equals no known mistake.

    Attributes
    ----------
    behaviour : str
        The same for answers that do the same in every public case.
    source : str
        What the student wrote, with control characters removed.
    told : str
        What a check says of it in the public cases.
    meaning : str
        The same for answers of which the same is told, in whatever line; empty if
        nothing is.
    """

    behaviour: str
    source: str
    told: str
    meaning: str = ""


def is_unexplained(verdict: Verdict) -> bool:
    """Whether an answer is wrong in a way that a known mistake could have been."""
    return verdict.code in DIAGNOSED and not verdict.misconceptions


def explain(
    question: Question,
    answers: Sequence[Outcome | Accident],
    source: str,
    places: Sequence[Statement] = (),
) -> Unexplained:
    """Describe an answer by what it did in the cases of a public `question`.

    `places` is what was found in its code.
    """
    outcomes = [answer for answer in answers if isinstance(answer, Outcome)]
    if len(outcomes) < len(answers):
        return Unexplained(behaviour_of(question, answers), source, "")
    public = tell(judge(question, outcomes), question, outcomes, lambda: list(places))
    behaviour = RIGHT if public.code == PASSED else behaviour_of(question, answers)
    return Unexplained(behaviour, source, public.message.text(), _meaning(public))


def _meaning(verdict: Verdict) -> str:
    """What is told of an answer but for what is right of it, without line numbers."""
    told = [s.text for s in verdict.told if s.kind != "right-so-far"]
    return _LINE.sub("", " ".join(told))


def behaviour_of(question: Question, answers: Sequence[Outcome | Accident]) -> str:
    """A short text, the same for answers that do the same in every case."""
    pairs = zip(question.cases, answers, strict=True)
    with np.errstate(all="ignore"):
        seen: Any = [_seen(question, case, answer) for case, answer in pairs]
    outcomes = [answer for answer in answers if isinstance(answer, Outcome)]
    if len(outcomes) == len(answers):
        repeated = repeated_case(question, outcomes)
        if repeated is not None:  # which no case shows by itself
            seen = {"cases": seen, "repeated": repeated}
    text = json.dumps(seen, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _seen(question: Question, case: Case, answer: Outcome | Accident) -> Any:
    """What is compared of one answer, as JSON."""
    if isinstance(answer, Accident):
        return {"accident": answer.code}
    if answer.error is not None:
        return {"error": answer.error.kind}
    conduct = [
        sorted(answer.changed),
        sorted(answer.calls.items()),
        answer.global_random,
        sorted(answer.drew),
    ]
    return {"does": conduct, "returns": _value(question, case, answer)}


def _value(question: Question, case: Case, answer: Outcome) -> Any:
    """What was returned, or what its definition fixes of it, in rounded numbers."""
    arguments = {**case.arguments, **case.fixed}
    finding = compare(
        case.expected,
        answer,
        question.returns,
        question.order,
        case.tolerance,
        question.observer,
        arguments,
    )
    returned = _judged(question, answer.returned)
    observable = finding is None or finding.code == "wrong-values"
    if question.observer and observable and case.expected.error is None:
        returned = question.observer(answer.returned, arguments)
        if case.fixed:
            right = question.observer(case.expected.returned, arguments)
            return {name: _factor(right[name], returned[name]) for name in returned}
    return _rounded(returned, case.tolerance.for_mistakes)


def _factor(right: Any, seen: Any) -> Any:
    """Roughly how many times too large a statistic is: chance makes it vary."""
    if isinstance(seen, str) or not right or not seen:
        return str(seen) if isinstance(seen, str) else bool(seen)
    ratio = float(seen) / float(right)
    if not math.isfinite(ratio):
        return str(ratio)
    times = math.floor(math.log(abs(ratio)) / math.log(FACTOR) + _PLACE)
    return [times, ratio > 0]


def _judged(question: Question, returned: Any) -> Any:
    """What was returned, without the parts that are not judged."""
    names = question.returns
    if len(names) > 1 and isinstance(returned, tuple) and len(returned) == len(names):
        parts = dict(zip(names, returned, strict=True))
        return {name: parts[name] for name in question.order}
    return returned


def _rounded(value: Any, tolerance: Tolerance) -> Any:
    """`value` as JSON, with numbers rounded together with their neighbours."""
    match value:
        case bool() | str() | None:
            return value
        case Foreign():
            return {"foreign": value.type_name}
        case list() | tuple():
            if value and all(_is_real(item) for item in value):
                return {"items": _steps(np.array(value, dtype=float), tolerance)}
            return {"items": [_rounded(item, tolerance) for item in value]}
        case dict():
            items = [[key, _rounded(item, tolerance)] for key, item in value.items()]
            return {"dict": items}
    array = np.asarray(value)
    if array.dtype.kind == "b":
        return {"truths": array.tolist()}
    if array.dtype.kind == "c":
        return [_rounded(array.real, tolerance), _rounded(array.imag, tolerance)]
    if array.dtype.kind not in "fiu":
        return {"foreign": str(array.dtype)}
    numbers = array.astype(float).ravel()
    return {"shape": list(array.shape), "numbers": _steps(numbers, tolerance)}


def _is_real(item: Any) -> bool:
    return isinstance(item, int | float) and not isinstance(item, bool)


def _steps(numbers: np.ndarray, tolerance: Tolerance) -> list[int | str]:
    """Numbers as whole steps, after the power of ten that is a step's width.

    A step is some ten times as wide as what may lie between right answers.
    """
    finite = np.isfinite(numbers)
    largest = float(np.max(np.abs(numbers[finite]), initial=0.0))
    near = (tolerance.rtol + tolerance.floor) * largest + tolerance.atol
    # Rounded first, so that 0.9999999999999999 and 1.0 give one width.
    exponent = math.floor(math.log10(float(f"{near:.5e}"))) + 2 if near else -320
    width = max(10.0**exponent, 1e-320)
    pairs = zip(numbers.tolist(), finite.tolist(), strict=True)
    steps = [
        math.floor(x / width * _STEP + _PLACE) if is_finite else str(x)
        for x, is_finite in pairs
    ]
    return [exponent if any(steps) else 0, *steps]
