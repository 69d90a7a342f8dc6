"""What is said of calls and cells that did not end by themselves."""

from __future__ import annotations

import signal
from dataclasses import replace
from typing import Any

from autograder.calling.calls import ErrorNote
from autograder.checking.cases import Question
from autograder.checking.message import Message
from autograder.checking.too_slow import TOO_SLOW, too_slow
from autograder.checking.values import format_call
from autograder.sandbox.answers import Accident, CellReport, Missing

__all__ = [
    "accident_message",
    "error_lines",
    "missing_message",
    "shown",
    "stopped",
    "with_refusal",
]

_TITLES = {
    "timed-out": TOO_SLOW,
    "crashed": "PYTHON STOPPED",
    "out-of-memory": "OUT OF MEMORY",
    "too-much-output": "TOO MUCH RETURNED",
}

_REFUSED = (
    "A notebook that is graded may not use the network, write outside of its folder, "
    "or share memory or open files between processes, as a pool of processes does."
)


def accident_message(question: Question, at: int, accident: Accident) -> Message:
    """Of the call in case `at`, which had to be stopped or stopped everything."""
    name, title = question.name, _TITLES[accident.code]
    if accident.whole:
        slow = accident.code == "timed-out"
        told = (
            f"The notebook as a whole used up its time before `{name}` was judged: "
            "look for a cell that takes long."
            if slow
            else f"Python stopped again and again before `{name}` was judged."
        )
        return Message(title, name, (told,))
    if accident.code == "timed-out":
        return too_slow(question, at + 1).message
    case = question.cases[at]
    blocks = (
        _accident(question, accident),
        f"Case {at + 1} of {len(question.cases)}: {case.label}.",
        "I called it like this:",
        format_call(name, case.arguments),
    )
    return Message(title, name, blocks)


def _accident(question: Question, accident: Accident) -> str:
    name = question.name
    match accident.code:
        case "out-of-memory":
            return f"`{name}` asked for more memory than grading allows."
        case "too-much-output":
            return f"`{name}` returned far more than its answer has room for."
    stopped = f"Python itself stopped while it ran `{name}`"
    if accident.status is not None and accident.status < 0:
        return f"{stopped}{_signal(accident.status)}."
    return f"{stopped}: look for `exit()` or `os._exit()`."


def _signal(status: int | None) -> str:
    if status is None or status >= 0:
        return ""
    try:
        return f", with the signal {signal.Signals(-status).name}"
    except ValueError:
        return ""


def missing_message(name: str, missing: Missing, failed: CellReport | None) -> Message:
    """Why there is no function `name`; `failed` is what became of its cell."""
    if missing.kind:
        told: tuple = (
            f"`{name}` is no function; it is an object of type {missing.kind}.",
        )
    elif failed is None:
        told = (f"Nothing defines `{name}`.",)
    elif failed.error is not None:
        told = (
            f"`{name}` is not defined, because the code for it stops with an error:",
            error_lines(failed.error),
        )
    else:
        told = (f"`{name}` is not defined, because the code for it {stopped(failed)}.",)
    return Message("NOT DEFINED", name, told)


def with_refusal(message: Message, error: ErrorNote | None) -> Message:
    """The message on what stopped with `error`, and what is refused if it was that."""
    blocks = list(message.blocks)
    at = len(blocks) - str(blocks[-1]).startswith("Read:")
    blocks[at:at] = _refusal(error) if error is not None else ()
    return replace(message, blocks=tuple(blocks))


def _refusal(error: ErrorNote) -> tuple[str, ...]:
    return (_REFUSED,) if "PermissionError" in error.kinds else ()


def error_lines(error: ErrorNote) -> list[str]:
    """An error as lines of code: where it was, and what it says."""
    lines = [f"{error.kind}: {error.text}" if error.text else error.kind]
    if error.line_number is not None and error.line:
        lines = [f"line {error.line_number}:  {error.line}", *lines]
    return [part for line in lines for part in line.splitlines()]


def stopped(report: CellReport) -> str:
    """How a cell ended that did not end by itself."""
    assert report.accident is not None
    if report.accident.whole:
        return "was not run: the notebook had used up its time or its restarts"
    match report.accident.code:
        case "timed-out":
            return "ran for too long and was stopped"
        case "too-much-output":
            return "printed too much and was stopped"
        case "out-of-memory":
            return "used more memory than a notebook has and was stopped"
    signal_name = _signal(report.accident.status)
    return f"ended the Python process{signal_name} and was left out"


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
        outputs.append(_said(f"This cell {stopped(report)}."))
    return tuple(outputs)


def _said(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stderr", "text": f"{text}\n"}
