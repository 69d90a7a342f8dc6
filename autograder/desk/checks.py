"""What a learner calls: `check` and `hint`."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import CodeType
from typing import Any

from autograder.calling.calls import Outcome, call
from autograder.checking.cases import Question, names, public_question
from autograder.checking.deadline import TooLong, deadline
from autograder.checking.fingerprint import judged_text
from autograder.checking.judging import judge
from autograder.checking.message import Message
from autograder.checking.too_slow import too_slow
from autograder.checking.verdict import Statement, Verdict
from autograder.language import N_, _

__all__ = ["CheckFailed", "Passed", "check", "hint"]

_NO_FUNCTION = N_(
    "check() takes a function, as in check(momentum_step); it was given {kind}."
)

_rungs_climbed: dict[str, int] = {}


class CheckFailed(AssertionError):
    """An answer is not right; shows the message, and no traceback.

    Attributes
    ----------
    verdict : Verdict
        What was found.
    """

    def __init__(self, verdict: Verdict, judged: str | None = None):
        super().__init__(verdict.message.text())
        self.verdict = verdict
        self._judged = judged
        self._shown = False

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback; a kernel asks for it twice."""
        if _in_a_notebook():
            if not self._shown:
                self._shown = True
                _display(self.verdict.message, self._judged, self.verdict.chapter)
            return [f"{_(self.verdict.message.title)}: {self.verdict.exercise}"]
        return self.verdict.message.text().splitlines()


class Passed:
    """A right answer; shows one line."""

    def __init__(self, verdict: Verdict, judged: str | None = None):
        self.verdict = verdict
        self._judged = judged

    def __repr__(self) -> str:
        return self.verdict.message.text()

    def _ipython_display_(self) -> None:
        # Not as the cell's result: nbgrader takes a result for a number of points.
        _display(self.verdict.message, self._judged)


def check(function: Callable, exercise: str | None = None) -> Passed:
    """Check a function against the public cases of its exercise.

    Parameters
    ----------
    function : callable
        The answer.
    exercise : str, optional
        Name of the exercise; the function's own name by default.

    Returns
    -------
    Passed
        If every case is right.

    Raises
    ------
    CheckFailed
        If one is not: the first wrong case, and the mistake if it is a known one.
    NoSuchExercise
        If no exercise has that name.
    TypeError
        If `function` is not a function.
    """
    if not callable(function):
        raise TypeError(_(_NO_FUNCTION).format(kind=type(function).__name__))
    name = exercise or str(getattr(function, "__name__", ""))
    if not name.isidentifier():
        told = _(
            "check() cannot tell which exercise this function answers. "
            'Name it: check(function, "momentum_step").'
        )
        raise TypeError(told)
    question = public_question(name)
    verdict = _verdict(function, question)
    judged = judged_text(function)
    if not verdict.passed:
        verdict = _with_wrong_parts(verdict, function)
        raise CheckFailed(verdict, judged)
    if elsewhere := _from_other_notebooks(function):
        warning = _(
            "It calls {names} from another notebook. What is handed in is this one: "
            "put the code here, `mine(…, paste=True)`, before you hand it in."
        ).format(names=_(", ").join(f"`{other}`" for other in elsewhere))
        message = replace(verdict.message, blocks=(*verdict.message.blocks, warning))
        verdict = replace(verdict, message=message)
    return Passed(verdict, judged)


def _from_other_notebooks(function: Callable) -> list[str]:
    """Names of functions that `mine` loaded, and that an answer calls."""
    return [
        name
        for name, other in _called(function)
        if str(getattr(other, "__module__", "")).endswith(".ipynb")
    ]


def _with_wrong_parts(verdict: Verdict, function: Callable) -> Verdict:
    """`verdict`, with a word on the first answer that it calls and that is wrong."""
    called = dict(_called(function))
    for name in names():  # in the course's order: others build on the first
        other = called.get(name)
        if name == verdict.exercise or not callable(other):
            continue
        question = public_question(name)
        if question.bands:  # its calls take long
            continue
        part = _judged(other, question)[0]
        if not part.passed:
            told = _(
                "It calls `{n}`, which is not right yet: `check({n})` comes first."
            )
            if part.code == "not-written":
                told = _(
                    "It calls `{n}`, which is not written yet: `check({n})` comes "
                    "first."
                )
            told = told.format(n=name)
            headline, *rest = verdict.message.blocks
            message = replace(verdict.message, blocks=(headline, told, *rest))
            return replace(verdict, message=message)
    return verdict


def _called(function: Callable) -> Iterator[tuple[str, Any]]:
    """What the code of an answer finds by name, in functions next to it too."""
    methods = vars(function).values() if isinstance(function, type) else [function]
    space = next((m.__globals__ for m in methods if hasattr(m, "__globals__")), {})
    waiting = [getattr(method, "__code__", None) for method in methods]
    seen: set[CodeType] = set()
    while waiting:
        code = waiting.pop()
        if code is None or code in seen:
            continue
        seen.add(code)
        waiting += [c for c in code.co_consts if isinstance(c, CodeType)]
        for name in code.co_names:
            other = space.get(name)
            if other is not None:
                yield name, other
            if getattr(other, "__globals__", None) is space:
                waiting.append(getattr(other, "__code__", None))


def _verdict(function: Callable, question: Question) -> Verdict:
    """As `verdict`, with a deadline for each call."""
    start = time.process_time()
    verdict, outcomes = _judged(function, question)
    if verdict.passed or not outcomes:
        return verdict
    spent = time.process_time() - start
    return _told(verdict, question, outcomes, function, spent)


def _judged(function: Callable, question: Question) -> tuple[Verdict, list[Outcome]]:
    """The verdict with the outcomes; without any if a call takes too long."""
    outcomes: list[Outcome] = []
    for number, case in enumerate(question.cases, start=1):
        try:
            with deadline(question.seconds):
                outcomes.append(call(function, case.arguments, question.parameters))
        except TooLong:
            return too_slow(question, number), []
    return judge(question, outcomes), outcomes


def _told(
    verdict: Verdict,
    question: Question,
    outcomes: list[Outcome],
    function: Callable,
    spent: float,
) -> Verdict:
    """`verdict` with what the evidence says; as it is if that cannot be found out."""
    from autograder.diagnosis.place import places
    from autograder.diagnosis.telling import seconds_left, tell

    def found() -> list[Statement]:
        return places(question, outcomes, function, seconds_left(spent))

    try:
        with deadline(2 * question.seconds):
            return tell(verdict, question, outcomes, found)
    except (Exception, TooLong):  # noqa: BLE001
        return verdict


class _Hint:
    """One rung of a ladder of hints; shows itself."""

    def __init__(self, message: Message):
        self.message = message

    def __repr__(self) -> str:
        return self.message.text()

    def _repr_html_(self) -> str:
        return self.message.html()


def hint(exercise: str | Callable) -> _Hint:
    """The next hint for an exercise; each call climbs one rung, up to the last.

    Parameters
    ----------
    exercise : str or callable
        Its name, or the function itself.

    Raises
    ------
    NoSuchExercise
        If no exercise has that name.
    """
    name = exercise if isinstance(exercise, str) else exercise.__name__
    hints = public_question(name).hints
    rung = min(_rungs_climbed.get(name, 0), len(hints) - 1)
    _rungs_climbed[name] = rung + 1
    blocks: list[Any] = [_only_code(hints[rung]) or hints[rung]]
    if rung == len(hints) - 1:
        blocks.append(_("That is the last hint."))
    title = _("HINT {number} OF {count}").format(number=rung + 1, count=len(hints))
    return _Hint(Message(title, name, tuple(blocks), good=None))


def _only_code(hint: str) -> list[str]:
    """The code of a hint that is nothing else, without its backquotes."""
    code = hint.removesuffix(".").removesuffix("。")
    whole = code.startswith("`") and code.endswith("`") and code.count("`") == 2
    return [code[1:-1]] if whole else []


def _in_a_notebook() -> bool:
    """Whether a person sees HTML here; `nbgrader validate` reads plain text."""
    if os.environ.get("NBGRADER_EXECUTION"):
        return False
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    # Jupyter's kernel, and the one that runs inside a browser.
    kernels = ("ipykernel", "pyodide_kernel")
    return type(get_ipython()).__module__.split(".")[0] in kernels


def _display(message: Message, judged: str | None, chapter: str = "") -> None:
    from IPython.display import display

    markup = message.html(_headings(Path(f"{chapter}.ipynb")))
    data = {"text/html": markup, "text/plain": message.text()}
    display(data, metadata=_mark(judged), raw=True)


def _headings(notebook: Path) -> list[str]:
    """The headings of sections in a saved notebook; none if it is not there."""
    try:
        text = notebook.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return []
    found = re.findall(r'"## ((?:[^"\\]|\\[^n])*)', text)
    return [json.loads(f'"{heading}"') for heading in found]


def _mark(judged: str | None) -> dict[str, Any]:
    """What a saved output says next to its text; `progress` reads it."""
    return {"autograder": {"judged": judged}} if judged else {}
