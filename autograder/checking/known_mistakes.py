"""Which known mistake makes exactly these numbers, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.calling.calls import Outcome
from autograder.calling.quietness import quiet
from autograder.checking.cases import Case, Question
from autograder.checking.comparison import differs, far_apart
from autograder.checking.errors import is_unwritten
from autograder.checking.finding import Finding
from autograder.checking.laws import WHY_A_LAW
from autograder.checking.likely_pairs import likely_pairs
from autograder.checking.words.phrases import sentences
from autograder.exercises.spec import AS_GIVEN
from autograder.language import N_, _

__all__ = ["UNMENDED", "known_mistakes", "titled", "told_mistakes"]

UNMENDED = N_("NOT MENDED YET")
"""The title where the code is what a learner was given."""


def known_mistakes(
    question: Question, pairs: Sequence[tuple[Case, Outcome]], by_values: bool
) -> list[str]:
    """Names of the known mistakes that do exactly this in every case.

    Of two at once, only where no single one does.  `by_values` says whether any
    value is wrong; otherwise a law is broken, and conduct has to be alike too.
    What is not written yet is none, and need not be compared with all of them.
    """
    if all(map(is_unwritten, (got for _case, got in pairs))):
        return []

    def all_the_same(names: Iterable[str]) -> list[str]:
        return [
            name
            for name in names
            if all(
                _does_the_same(question, case, name, got)
                and (by_values or _same_conduct(case.mistaken[name], got))
                for case, got in pairs
            )
        ]

    with quiet():
        singles = all_the_same(question.forms)
        return singles or all_the_same(likely_pairs(question, pairs))


def _does_the_same(question: Question, case: Case, name: str, got: Outcome) -> bool:
    """Whether `got` is what the misconception `name` does, but for rounding."""
    exact = case.tolerance.for_mistakes
    mistaken = case.mistaken[name]
    if far_apart(question, mistaken, got, exact):
        return False
    return differs(question, case, mistaken, got, exact) is None


def _same_conduct(one: Outcome, other: Outcome) -> bool:
    return (
        set(one.changed) == set(other.changed)
        and dict(one.calls) == dict(other.calls)
        and one.global_random == other.global_random
        and set(one.drew) == set(other.drew)
    )


def titled(named: Sequence[str], finding: Finding) -> str:
    """The title of a message on the known mistakes `named`."""
    return UNMENDED if list(named) == [AS_GIVEN] else finding.title


def told_mistakes(
    question: Question, named: Sequence[str], finding: Finding
) -> list[str]:
    """Paragraphs on the known mistakes `named`; none if there are none."""
    if not named:
        return []
    told = [question.forms.get(name) or _of_two(question, name) for name in named]
    whys = [why or _(WHY_A_LAW.get(finding.code, "")) for _form, why in told]
    forms = [form for form, _why in told]
    if len(told) == 1:
        one, _more = _leading_to(question, finding, forms[0])
        return [sentences(_(one).format(form=forms[0]), whys[0])]
    _one, more = _leading_to(question, finding, "")
    it_may_be = _("It may be {form}.")
    return [
        _(more),
        *(
            sentences(it_may_be.format(form=form), why)
            for form, why in zip(forms, whys, strict=True)
        ),
    ]


def _of_two(question: Question, name: str) -> tuple[str, str]:
    found = question.pair(name) if question.pair is not None else None
    assert found is not None
    return found


_ACTS = (
    *("a change", "a check", "a count", "a default", "a look-up", "a test"),
    *("a threshold", "an answer", "an error", "cutting", "one array", "returning"),
)
"""How forms begin that have no numbers of their own: something is done there."""


_LOOKS = (
    N_("This looks like {form}."),
    N_("This looks like more than one known mistake."),
)
_RESULT = (
    N_("This is exactly the result of {form}."),
    N_("This is exactly the result of more than one known mistake."),
)
_ANSWERS = (
    N_("Exactly these answers come from {form}."),
    N_("Exactly these answers come from more than one known mistake."),
)
_CONDUCT = (N_("This is {form}."), N_("This is more than one known mistake."))
_STATISTICS = (
    N_("These have the statistics of {form}."),
    N_("These have the statistics of more than one known mistake."),
)
_COME_FROM = (
    N_("Exactly these numbers come from {form}."),
    N_("Exactly these numbers come from more than one known mistake."),
)
_NUMBERS = (
    N_("These are exactly the numbers of {form}."),
    N_("These are exactly the numbers of more than one known mistake."),
)


def _leading_to(question: Question, finding: Finding, form: str) -> tuple[str, str]:
    """The sentence that leads to what a mistake is called, and to several of them."""
    if question.bands:  # what is compared is the kind of a result
        return _LOOKS
    if finding.code in ("wrong-shape", "wrong-type", "raised"):
        return _RESULT
    if isinstance(finding.expected, str | bool):
        return _ANSWERS
    if finding.code != "wrong-values":
        return _CONDUCT
    if any(case.fixed for case in question.cases):
        # No two random answers have the same numbers.
        return _STATISTICS
    return _COME_FROM if form.startswith(_ACTS) else _NUMBERS
