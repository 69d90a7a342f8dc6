"""What a cell says when a function that it uses is not written, or not right yet.

A cell that can do without a function asks `needs` and goes on.  A cell that
cannot stops, and then one line says why instead of a traceback.  One that goes
on with an answer whose check failed says so below its result.
"""

from __future__ import annotations

import ast
import html
import inspect
import linecache
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import CodeType, FunctionType, TracebackType
from typing import Any

from autograder.checking.cases import names, public_question
from autograder.desk.checks import CheckFailed, check
from autograder.desk.outline import Task, outline
from autograder.language import _

__all__ = ["explain_stops", "needs", "numbered", "said_line", "shown_line"]

_UNWRITTEN = "not-written"
"""The code of an answer that is still the stub."""

_wrong: set[str] = set()
"""Exercises whose last check failed in this kernel."""


def needs(*functions: Callable, recorded: bool = False) -> bool:
    """Whether these functions are written and right; one line says which is not.

    Parameters
    ----------
    *functions : callable
        Answers to exercises.
    recorded : bool
        Whether recorded results are shown until they are.

    Returns
    -------
    bool
        True if each passes its check.  Nothing is raised if not.
    """
    for function in functions:
        name = function.__name__
        if problem := _problem(function, name):
            told = _without(problem, recorded)
            _said(told.format(function=numbered(name), name=name), name)
            return False
    return True


def _without(problem: str, recorded: bool) -> str:
    """What is said of a figure whose function is not there."""
    if recorded and problem == _UNWRITTEN:
        return _(
            "Recorded results: with your {function} this is drawn by your own code. It "
            "is not written yet: `check({name})`."
        )
    if recorded:
        return _(
            "Recorded results: with your {function} this is drawn by your own code. It "
            "is not right yet: `check({name})`."
        )
    if problem == _UNWRITTEN:
        return _(
            "Left out: this needs your {function}, which is not written yet: "
            "`check({name})`."
        )
    return _(
        "Left out: this needs your {function}, which is not right yet: `check({name})`."
    )


def numbered(name: str) -> str:
    """An exercise as a sentence names it: "`groupnorm` (exercise 7.7)"."""
    task = _tasks().get(name)
    if task is None:
        return f"`{name}`"
    told = _("`{name}` ({label})")
    if task.kind == "further":
        told = _("`{name}` ({label}, further work)")
    label = task.called
    return told.format(name=name, label=label[0].lower() + label[1:])


def _said(line: str, name: str, *, how: str = "left out") -> None:
    """Show one line on the function `name`; `how` is what became of the cell."""
    shown_line(line, {how: name})


def shown_line(line: str, mark: Mapping[str, Any] | None = None) -> None:
    """Show one line; what stands in backquotes is code.

    Parameters
    ----------
    line : str
    mark : mapping, optional
        What the saved output says of it, for programs.
    """
    from IPython.display import display

    data, metadata = said_line(line, mark)
    display(data, metadata=metadata, raw=True)


def said_line(
    line: str, mark: Mapping[str, Any] | None = None
) -> tuple[dict[str, str], dict[str, Any]]:
    """One line as an output's data and metadata, for `shown_line`."""
    code = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line))
    data = {"text/plain": line, "text/html": f'<p role="status">{code}</p>'}
    return data, {"autograder": dict(mark or {})}


def explain_stops() -> None:
    """Let this notebook's cells say which function stops them; elsewhere nothing."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    if shell := get_ipython():
        shell.set_custom_exc((Exception,), _explained)
        shell.events.register("post_run_cell", _doubted)


@cache
def _tasks() -> dict[str, Task]:
    tasks = (task for chapter in outline() for task in chapter.tasks)
    return {task.name: task for task in tasks if task.kind != "written"}


def _problem(function: Callable, name: str) -> str:
    """What is the matter with an answer, a verdict's code; empty if it is right."""
    try:
        check(function, name)
    except CheckFailed as failed:
        return failed.verdict.code
    return ""


def _explained(
    shell: Any,
    kind: type[BaseException],
    raised: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,
) -> None:
    """Show an error: by one line if that tells all, with its traceback if not."""
    line, name = "", ""
    if isinstance(raised, CheckFailed):
        _wrong.add(raised.verdict.exercise)
    else:
        line, name = _why(shell.user_ns, raised, trace)
    tells_all = isinstance(raised, AssertionError | NotImplementedError)
    if not line or not (tells_all or _asks_for_a_hint(trace)):
        shell.showtraceback((kind, raised, trace), tb_offset=tb_offset)
    if line:
        _said(line, name, how="stopped")


def _doubted(result: Any) -> None:
    """Say below a cell's result which wrong answer it was computed with, if any."""
    from IPython import get_ipython

    if not _wrong or not result.success:
        return
    user = get_ipython().user_ns
    for name in _exercises_used(_shown_by(result.info.raw_cell), user):
        if name not in _wrong or public_question(name).bands:  # that takes long
            continue
        if _tasks()[name].kind != "further" and _problem(user[name], name):
            line = _(
                "This cell uses your {function}, which is not right yet: "
                "`check({name})` says where."
            )
            _said(line.format(function=numbered(name), name=name), name, how="doubted")
            return
        _wrong.discard(name)


def _shown_by(source: str) -> CodeType:
    """The code of a cell that shows something; nothing's if all it does is define."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):  # a magic
        body = []
    kinds = ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
    body = [statement for statement in body if not isinstance(statement, kinds)]
    shows = not all(isinstance(each, ast.Assign | ast.Assert) for each in body)
    code = compile(ast.Module(body if shows else [], []), "", "exec")
    asks = {"check", "hint", "needs"} & set(code.co_names)
    return compile("", "", "exec") if asks else code


def _why(
    user: dict[str, Any], raised: BaseException, trace: TracebackType | None
) -> tuple[str, str]:
    """A line on the function that an error comes from, and its name; or nothing."""
    frames = [frame for frame in _frames(trace) if frame.f_globals is user]
    if isinstance(raised, NameError) and raised.name in _tasks():
        line = _("This cell needs {function}: run the cell that defines it.")
        if _asks_for_a_hint(trace):
            line = _(
                "{function} is not defined yet: run its cell, or ask by its name, "
                '`hint("{name}")`.'
            )
        name = raised.name
        return line.format(function=numbered(name), name=name), name
    # Where it was raised comes first: a cell may hold its functions in a list.
    raising = [f.f_code.co_qualname.partition(".")[0] for f in reversed(frames[1:])]
    used = [name for name in raising if name in _tasks() and _is_answer(name, user)]
    if frames:
        used += _exercises_used(_cell(frames[0].f_code), user)
    for name in used:
        if problem := _problem(user[name], name):
            line = _(
                "This cell needs {function}, which is not right yet: `check({name})` "
                "says where."
            )
            if problem == _UNWRITTEN:
                line = _(
                    "This cell needs {function}, which is not written yet: "
                    "`check({name})`."
                )
            return line.format(function=numbered(name), name=name), name
    return "", ""


def _asks_for_a_hint(trace: TracebackType | None) -> bool:
    """Whether the line that stopped does nothing but ask for a hint."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return False
    line = linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
    return line.lstrip().startswith("hint(")


def _frames(trace: TracebackType | None) -> Iterator[Any]:
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _cell(statement: CodeType) -> CodeType:
    """All of the cell that a statement stands in; IPython runs them one by one."""
    name = statement.co_filename
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        return compile("".join(linecache.getlines(name)), name, "exec", flags)
    except (SyntaxError, ValueError):
        return statement


def _exercises_used(code: CodeType, user: dict[str, Any]) -> list[str]:
    """Names of the answers that a cell calls, itself or by functions near it."""
    known, seen, found = set(names()), {code}, []
    waiting = [code]
    while waiting:
        now = waiting.pop(0)
        more = [c for c in now.co_consts if isinstance(c, CodeType)]
        for name in now.co_names:
            value = getattr(user.get(name), "__wrapped__", user.get(name))
            if name in known and _is_answer(name, user):
                if not public_question(name).bands:
                    found.append(name)
            elif isinstance(value, dict):  # methods to compare, by their names
                held = [getattr(v, "__name__", "") for v in value.values()]
                found += [
                    n for n in held if n in known and user.get(n) in value.values()
                ]
            elif isinstance(value, type):
                more += [v.__code__ for v in vars(value).values() if _is_ours(v, user)]
            elif isinstance(value, FunctionType) and _is_ours(value, user):
                more.append(value.__code__)
        waiting += [c for c in more if c not in seen]
        seen.update(more)
    return [name for name in dict.fromkeys(found) if name in known]


def _is_answer(name: str, user: dict[str, Any]) -> bool:
    """Whether it can be the exercise's: a helper of a notebook may be called alike."""
    try:
        inspect.signature(user[name]).bind(*public_question(name).parameters)
    except (KeyError, TypeError, ValueError):
        return False
    return True


def _is_ours(value: Any, user: dict[str, Any]) -> bool:
    return isinstance(value, FunctionType) and value.__globals__ is user


explain_stops()
