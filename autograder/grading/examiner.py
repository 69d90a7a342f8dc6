"""Who judges: outside the process in which student code runs.

The examiner has the cells run, draws questions, has the functions called with
their cases, and decides from what comes back.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from autograder.calling.calls import ErrorNote, Outcome
from autograder.calling.packing import pack
from autograder.checking.cases import Question, public_question
from autograder.checking.judging import judge
from autograder.checking.verdict import Statement, Verdict
from autograder.diagnosis.in_box import packed
from autograder.diagnosis.telling import tell
from autograder.exercises.spec import Chapter, Exercise
from autograder.grading.accidents import (
    accident_message,
    missing_message,
    notes_on,
    shown,
    with_refusal,
)
from autograder.grading.behaviour import Unexplained, explain, is_unexplained
from autograder.grading.evidence import evidence_code
from autograder.grading.failed_cells import Ran, failed_cell, with_missing_name
from autograder.grading.leftovers import with_reason
from autograder.grading.result import verdict_without
from autograder.grading.walk import walk
from autograder.grading.words import words_code
from autograder.language import N_, _, speaking, spoken, usual
from autograder.limits import MAX_KEPT_SOURCE
from autograder.sandbox.answers import Accident, Missing
from autograder.sandbox.box import BoxFailed
from autograder.sandbox.options import RunOptions
from autograder.sandbox.run import Run
from autograder.sandbox.transcript import Transcript
from autograder.submissions.bindings import binds
from autograder.submissions.released_cells import OWN, answer_name, checked_name
from autograder.text import clean

__all__ = ["Examination", "examine", "judge_function"]

log = logging.getLogger(__name__)

_RIGHT_VALUES = frozenset(
    "passed argument-changed global-random generator-unused wrong-calls".split()
)


@dataclass(frozen=True)
class Examination:
    """What came of one notebook.

    Attributes
    ----------
    verdicts : tuple of Verdict
        In the notebook's order.
    outputs : mapping of str to tuple of dict
        What each cell showed, by cell id.
    notes : tuple of str
        What went wrong in cells.
    unexplained : mapping of str to Unexplained
        By exercise: the wrong answers that are no known mistake.
    box : str
        What kept the student's code in.
    account : str
        What bounded all that it used together.
    ran : bytes
        What it did when it ran, see `Transcript`.
    """

    verdicts: tuple[Verdict, ...]
    outputs: Mapping[str, tuple[dict[str, Any], ...]]
    notes: tuple[str, ...] = ()
    unexplained: Mapping[str, Unexplained] = field(default_factory=dict)
    box: str = ""
    account: str = ""
    ran: bytes = b""


def examine(
    notebook: Mapping[str, Any],
    chapter: Chapter,
    draw: Callable[[Exercise], Question],
    options: RunOptions,
    files: Mapping[str, bytes] | None = None,
    draw_again: Callable[[Exercise], Question] | None = None,
    ran: bytes = b"",
) -> Examination:
    """Run a grafted notebook and judge every function that it checks.

    Parameters
    ----------
    notebook : mapping
        A grafted notebook; its check cells and metadata are the release's.
    chapter : Chapter
    draw : callable
        Gives an exercise's question.
    options : RunOptions
        With the box chosen.
    files : mapping of str to bytes, optional
        Modules that were handed in beside it.
    draw_again : callable, optional
        Gives another question, to a function that was called with the first one and
        may have kept it for the cells that followed.
    ran : bytes, optional
        What it did before: as far as the same is asked, it is not run.

    Raises
    ------
    BoxFailed
        If student code could not be run for a reason that is ours.
    """
    cells = notebook["cells"]
    exercises = {exercise.name: exercise for exercise in chapter.exercises}
    asked = [name for name in map(checked_name, cells) if name in exercises]
    theirs = [c["source"] for c in cells if c["metadata"].get(OWN)]
    unexplained: dict[str, Unexplained] = {}

    def opened(likely: Sequence[str]) -> Run:
        return Run(options.for_cells(likely), files=files)

    evidence = evidence_code() + words_code(spoken(), usual())
    with Transcript(opened, ran, evidence) as run:

        def verdict(name: str, ran: Sequence[Ran], again: bool) -> Verdict:
            source = _source(name, cells, ran)
            drawn = draw_again if again and draw_again is not None else draw
            found = _verdict(run, exercises[name], chapter, drawn, ran)
            found = with_reason(found, source, theirs)
            if is_unexplained(found):
                unexplained[name] = _unexplained(run, found, source)
            return found

        walked = walk(run, cells, asked, verdict, options.full, released=True)
    return Examination(
        tuple(walked.verdicts[name] for name in asked),
        {cells[at]["id"]: shown(report) for at, report in walked.reports.items()},
        tuple(notes_on(cells, walked.reports)),
        {
            name: told
            for name, told in unexplained.items()
            if is_unexplained(walked.verdicts[name])
        },
        options.box,
        run.account,
        run.to_bytes(),
    )


def _verdict(
    run: Transcript,
    exercise: Exercise,
    chapter: Chapter,
    draw: Callable[[Exercise], Question],
    ran: Sequence[Ran],
) -> Verdict:
    """The verdict on one function; a failure of ours becomes its own verdict."""
    places = partial(_places, run, exercise.name)
    try:
        return judge_function(run, draw(exercise), ran, public=False, places=places)
    except BoxFailed:
        raise
    except Exception:
        log.exception("%s could not be judged", exercise.name)
        told = _(
            "`{name}` could not be judged, for a reason that has nothing to do with "
            "the answer. A person will look at it."
        ).format(name=exercise.name)
        title = N_("NOT JUDGED")
        return verdict_without(exercise, chapter, "own-failure", title, told)


def _places(run: Transcript, name: str) -> list[Statement]:
    """What small changes of the function prove, in other cases than are judged."""
    found = run.places(name, packed(name))
    tried = _("{told} (Tried in the public cases.)")
    last = [replace(one, text=tried.format(told=one.text)) for one in found[-1:]]
    return [*found[:-1], *last]


def judge_function(
    run: Run | Transcript,
    question: Question,
    ran: Sequence[Ran],
    public: bool,
    places: Callable[[], list[Statement]] | None = None,
) -> Verdict:
    """Have one function called in all cases of its question, and judge it.

    `ran` are the cells that ran before: one of them may be why it is missing.
    `places` is as in `tell`.
    """
    answers = _answers(run, question)
    if isinstance(answers, Missing):
        failed = failed_cell(question.name, ran)
        message = missing_message(question.name, answers, failed)
        if failed is not None and not public:
            message = with_refusal(message, failed.error)
        return Verdict.without_points(
            question.name, question.chapter, question.points, "not-defined", message
        )
    outcomes = [_as_outcome(answer) for answer in answers]
    verdict = judge(question, outcomes, public)
    for at, answer in enumerate(answers):
        if isinstance(answer, Accident):
            before = replace(question, cases=question.cases[:at])
            if at and judge(before, outcomes[:at], public).code not in _RIGHT_VALUES:
                break  # something else went wrong before
            message = accident_message(question, at, answer)
            return replace(
                verdict, code=answer.code, message=message, misconceptions=(), told=()
            )
    if verdict.passed:
        return verdict
    verdict = tell(verdict, question, outcomes, places)
    raised = next((o.error for o in outcomes if o.error is not None), None)
    if verdict.code == "raised":
        message = with_missing_name(verdict.message, raised, ran)
        message = message if public else with_refusal(message, raised)
        return replace(verdict, message=message)
    return verdict


def _answers(
    run: Run | Transcript, question: Question
) -> list[Outcome | Accident] | Missing:
    """What came of each case; they are called in an order that nobody can know."""
    packed_cases = [pack(dict(case.arguments)) for case in question.cases]
    order = _order(packed_cases)
    answers = run.call(
        question.name,
        [packed_cases[at] for at in order],
        question.parameters,
        question.seconds,
    )
    if isinstance(answers, Missing):
        return answers
    called = dict(zip(order, answers, strict=True))
    return [called[at] for at in range(len(order))]


def _order(packed_cases: Sequence[bytes]) -> list[int]:
    """A permutation that all cases decide together."""
    digest = hashlib.sha256(b"".join(packed_cases)).digest()
    shuffled = np.random.default_rng(list(digest)).permutation(len(packed_cases))
    return [int(at) for at in shuffled]


def _unexplained(run: Transcript, verdict: Verdict, source: str) -> Unexplained:
    """What a wrong answer does in the public cases, for a teacher who looks at it."""
    places = [one for one in verdict.told if one.kind in ("mistake", "place")]
    theirs = spoken()
    with speaking(usual()):
        if places and theirs != spoken():
            places = _places(run, verdict.exercise)
        return _compared(run, verdict, source, places)


def _compared(
    run: Transcript, verdict: Verdict, source: str, places: Sequence[Statement]
) -> Unexplained:
    only_code = Unexplained(verdict.code, source, "")
    question = public_question(verdict.exercise)
    if question.bands:  # its calls take long, and no two answers are alike
        return only_code
    answers = _answers(run, question)
    if isinstance(answers, Missing):
        return only_code
    try:
        return explain(question, answers, source, places)
    except Exception:
        log.exception("%s could not be compared", verdict.exercise)
        return only_code


def _source(name: str, cells: Sequence[dict[str, Any]], ran: Sequence[Ran]) -> str:
    """The cell that defined a function last, of those that ran."""
    found = [cell.source for cell in ran if binds(cell.source, name)]
    if not found:
        found = [cell["source"] for cell in cells if answer_name(cell) == name]
    return clean(found[-1] if found else "", MAX_KEPT_SOURCE)


def _as_outcome(answer: Outcome | Accident) -> Outcome:
    """An accident as an outcome that is right in no case."""
    if isinstance(answer, Outcome):
        return answer
    return Outcome(error=ErrorNote((f"Accident: {answer.code}",), ""))
