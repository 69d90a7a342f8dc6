"""What is said of calls and cells that did not end by themselves."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.calling.calls import ErrorNote
from autograder.checking.cases import Question
from autograder.checking.message import Message
from autograder.checking.too_slow import TOO_SLOW, too_slow
from autograder.checking.values import format_call
from autograder.grading.words import CELL, SIGNAL
from autograder.language import ENGLISH, N_, _, speaking
from autograder.sandbox.answers import Accident, CellReport, Missing

__all__ = [
    "accident_message",
    "error_lines",
    "left_behind",
    "missing_message",
    "notes_on",
    "shown",
    "with_refusal",
]

_TITLES = {
    "timed-out": TOO_SLOW,
    "crashed": N_("PYTHON STOPPED"),
    "out-of-memory": N_("OUT OF MEMORY"),
    "too-much-output": N_("TOO MUCH RETURNED"),
}

_REFUSED = N_(
    "A notebook that is graded may not use the network, write outside of its folder, "
    "or share memory or open files between processes, as a pool of processes does."
)


def accident_message(question: Question, at: int, accident: Accident) -> Message:
    """Of the call in case `at`, which had to be stopped or stopped everything."""
    name, title = question.name, _TITLES[accident.code]
    if accident.whole:
        told = _("Python stopped again and again before `{name}` was judged.")
        if accident.code == "timed-out":
            told = _(
                "The notebook as a whole used up its time before `{name}` was judged: "
                "look for a cell that takes long."
            )
        return Message(title, name, (told.format(name=name),))
    if accident.code == "timed-out":
        return too_slow(question, at + 1).message
    case = question.cases[at]
    blocks = (
        _accident(question, accident),
        _("Case {number} of {n}: {label}.").format(
            number=at + 1, n=len(question.cases), label=case.label
        ),
        _("I called it like this:"),
        format_call(name, case.arguments),
    )
    return Message(title, name, blocks)


def _accident(question: Question, accident: Accident) -> str:
    name = question.name
    match accident.code:
        case "out-of-memory":
            told = _("`{name}` asked for more memory than grading allows.")
        case "too-much-output":
            told = _("`{name}` returned far more than its answer has room for.")
        case _other if accident.status is None or accident.status >= 0:
            told = _(
                "Python itself stopped while it ran `{name}`: look for `exit()` or "
                "`os._exit()`."
            )
        case _other if _signal(accident.status):
            told = _(
                "Python itself stopped while it ran `{name}`, with the signal {signal}."
            )
        case _other:
            told = _("Python itself stopped while it ran `{name}`.")
    return told.format(name=name, signal=_signal(accident.status))


def _signal(status: int | None) -> str:
    """Its name; empty if it was none, or has no name."""
    if status is None or status >= 0:
        return ""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return ""


def missing_message(name: str, missing: Missing, failed: CellReport | None) -> Message:
    """Why there is no function `name`; `failed` is what became of its cell."""
    if missing.kind:
        no_function = _("`{name}` is no function; it is an object of type {kind}.")
        told: tuple = (no_function.format(name=name, kind=missing.kind),)
    elif failed is None:
        told = (_("Nothing defines `{name}`.").format(name=name),)
    elif failed.error is not None:
        because = _(
            "`{name}` is not defined, because the code for it stops with an error:"
        )
        told = (because.format(name=name), error_lines(failed.error))
    else:
        because = _("`{name}` is not defined, because the code for it {stopped}.")
        told = (because.format(name=name, stopped=_stopped(failed)),)
    return Message(N_("NOT DEFINED"), name, told)


def left_behind(name: str, failed: CellReport) -> tuple:
    """Why a name is missing that a call needed: what became of its cell."""
    if failed.error is not None:
        told = _("`{name}` is missing, because its cell stops with an error:")
        return told.format(name=name), error_lines(failed.error)
    told = _("`{name}` is missing, because its cell {stopped}.")
    return (told.format(name=name, stopped=_stopped(failed)),)


def with_refusal(message: Message, error: ErrorNote | None) -> Message:
    """The message on what stopped with `error`, and what is refused if it was that."""
    blocks = list(message.blocks)
    reading = _("Read: {place}.").partition("{place}")[0]
    at = len(blocks) - str(blocks[-1]).startswith(reading)
    blocks[at:at] = _refusal(error) if error is not None else ()
    return replace(message, blocks=tuple(blocks))


def _refusal(error: ErrorNote) -> tuple[str, ...]:
    return (_(_REFUSED),) if "PermissionError" in error.kinds else ()


def error_lines(error: ErrorNote) -> list[str]:
    """An error as lines of code: where it was, and what it says."""
    lines = [f"{error.kind}: {error.text}" if error.text else error.kind]
    if error.line_number is not None and error.line:
        lines = [f"line {error.line_number}:  {error.line}", *lines]
    return [part for line in lines for part in line.splitlines()]


def notes_on(
    cells: Sequence[Mapping[str, Any]], reports: Mapping[int, CellReport]
) -> Iterator[str]:
    """Sentences on the cells that did not end by themselves, for a teacher too."""
    with speaking(ENGLISH):
        for at, report in reports.items():
            if report.accident is not None and not report.accident.whole:
                stopped = _stopped(report)
                yield CELL.format(number=at + 1, id=cells[at]["id"], stopped=stopped)


def _stopped(report: CellReport) -> str:
    """How a cell ended that did not end by itself: what a sentence says of it."""
    assert report.accident is not None
    if report.accident.whole:
        return _("was not run: the notebook had used up its time or its restarts")
    match report.accident.code:
        case "timed-out":
            return _("ran for too long and was stopped")
        case "too-much-output":
            return _("printed too much and was stopped")
        case "out-of-memory":
            return _("used more memory than a notebook has and was stopped")
    signal_name = _signal(report.accident.status)
    if not signal_name:
        return _("ended the Python process and was left out")
    return _(SIGNAL).format(signal=signal_name)


def shown(report: CellReport) -> tuple[dict[str, Any], ...]:
    """A cell's outputs as a notebook holds them, with how it ended."""
    outputs = list(report.outputs)
    if report.error is not None:
        outputs.append(
            {
                "output_type": "error",
                "ename": report.error.kind,
                "evalue": report.error.text,
                "traceback": error_lines(report.error),
            }
        )
        outputs += [_said(text) for text in _refusal(report.error)]
    if report.accident is not None:
        told = _("This cell {stopped}.").format(stopped=_stopped(report))
        outputs.append(_said(told))
    return tuple(outputs)


def _said(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stderr", "text": f"{text}\n"}
