"""A learner's own functions, from their saved notebooks of earlier chapters."""

from __future__ import annotations

import ast
import builtins
import linecache
import symtable
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.desk.checks import CheckFailed, check
from autograder.desk.needs import numbered
from autograder.desk.outline import ChapterOutline, outline
from autograder.desk.progress import NoNotebooks, find_notebooks, notebook_of
from autograder.desk.standing import NotANotebook, read_cells
from autograder.language import _

__all__ = ["NotLoaded", "mine"]

_EXPERIMENTS = {"experiment", "try"}


class NotLoaded(LookupError):
    """A function cannot be had from an earlier notebook; says why, in a sentence."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def mine(chapter: str, *functions: str, paste: bool = False) -> Any:
    """Your own functions of another chapter, checked again.

    Of that chapter's saved notebook only the functions run, and what they need:
    imports, functions next to them, plain values.

    Parameters
    ----------
    chapter : str
        Its number, "05", or its name.
    *functions : str
        Names of exercises of that chapter.
    paste : bool
        Put their code into a new cell below as well, for an answer that calls
        them: what is handed in is one notebook.

    Returns
    -------
    callable or tuple of callable
        The function; of several, all in their order.

    Raises
    ------
    NotLoaded
        If a function, or its notebook, is missing or not right.
    """
    asked = _chapter(chapter)
    path = _notebook(asked)
    statements = _statements(path)
    code = [_code_of(name, asked, path, statements) for name in functions]
    loaded = [
        _load(name, text, path) for name, text in zip(functions, code, strict=True)
    ]
    told = _("Yours, from {file}, and right: {functions}.")
    print(told.format(file=path.name, functions=_(", ").join(functions)))
    if paste:
        _paste(code)
    return loaded[0] if len(loaded) == 1 else tuple(loaded)


@dataclass(frozen=True)
class _Statement:
    """A line of a notebook that binds names, and what it takes to run it."""

    text: str
    binds: frozenset[str]
    needs: frozenset[str]
    is_stub: bool


def _chapter(chapter: str) -> ChapterOutline:
    for one in outline():
        if chapter in (one.name, one.name[:2], str(one.number)):
            return one
    known = _(", ").join(one.name for one in outline())
    told = _("There is no chapter {chapter!r}. There are {known}.")
    raise NotLoaded(told.format(chapter=chapter, known=known))


def _notebook(told: ChapterOutline) -> Path:
    here = Path.cwd()
    try:
        here = find_notebooks(here)
    except NoNotebooks:
        path = None
    else:
        path = notebook_of(here, told.name)
    if path is None:
        missing = _(
            "{name}.ipynb is not here. Looked for {name}/{name}.ipynb in {folder}: put "
            "your notebook there and run this cell again."
        )
        raise NotLoaded(missing.format(name=told.name, folder=here))
    return path


def _statements(path: Path) -> list[_Statement]:
    """What a notebook's cells bind at their top level, in order."""
    try:
        cells = read_cells(path)
    except NotANotebook as error:
        unread = _("{file} cannot be read: {why}.")
        raise NotLoaded(unread.format(file=path.name, why=error)) from error
    found: list[_Statement] = []
    for cell in cells:
        if cell.get("cell_type") == "code":
            found += _statements_of(cell)
    return found


def _statements_of(cell: dict[str, Any]) -> Iterator[_Statement]:
    source = cell.get("source", "")
    text = _plain(source if isinstance(source, str) else "".join(source))
    tags = (cell.get("metadata") or {}).get("tags") or ()
    kinds: tuple[type[ast.stmt], ...] = (
        ast.FunctionDef,
        ast.ClassDef,
        ast.Import,
        ast.ImportFrom,
    )
    if not _EXPERIMENTS & set(tags):
        kinds += (ast.Assign, ast.AnnAssign)
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return
    lines = text.splitlines()
    for node in body:
        if isinstance(node, kinds):
            starts = [d.lineno for d in getattr(node, "decorator_list", ())]
            start = min([node.lineno, *starts])
            part = "\n".join(lines[start - 1 : node.end_lineno])
            table = symtable.symtable(ast.unparse(node), "cell", "exec")
            symbols = table.get_symbols()
            yield _Statement(
                part,
                frozenset(
                    s.get_name() for s in symbols if s.is_assigned() or s.is_imported()
                ),
                frozenset(_globals_of(table)),
                "NotImplementedError" in part and "not written yet" in part,
            )


def _globals_of(table: symtable.SymbolTable) -> Iterator[str]:
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _globals_of(child)


def _plain(source: str) -> str:
    """A cell without magics, which would be no Python."""
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ImportError:
        return source
    try:
        return TransformerManager().transform_cell(source)
    except SyntaxError:
        return source


def _code_of(
    name: str, told: ChapterOutline, path: Path, statements: Sequence[_Statement]
) -> str:
    """The function's code, with all that it needs before it."""
    asked = [task.name for task in told.tasks if task.kind != "written"]
    if name not in asked:
        unasked = _("Chapter {chapter} asks for no {name!r}. It asks for {names}.")
        names = _(", ").join(asked)
        raise NotLoaded(unasked.format(chapter=told.name, name=name, names=names))
    places: dict[str, int] = {}
    for at, statement in enumerate(statements):
        for bound in statement.binds if not statement.is_stub else ():
            places[bound] = at
    if name not in places:
        unwritten = _(
            "{function} is not written yet in {file}. Write it there, save that "
            "notebook, and run this cell again."
        )
        raise NotLoaded(unwritten.format(function=numbered(name), file=path.name))
    wanted, chosen = [name], set()
    while wanted:
        at = places.get(wanted.pop(), -1)
        if at >= 0 and at not in chosen:
            chosen.add(at)
            wanted += statements[at].needs - set(vars(builtins))
    parts = dict.fromkeys(statements[at].text for at in sorted(chosen))
    return "\n\n\n".join(parts) + "\n"


def _load(name: str, code: str, path: Path) -> Callable:
    """Run the code, and check the function that it makes."""
    place = f"{path.name}: {name}"
    names: dict[str, Any] = {"__name__": path.name}
    linecache.cache[place] = (len(code), None, code.splitlines(True), place)
    try:
        exec(compile(code, place, "exec"), names)  # noqa: S102 -- the learner's own
        check(names[name], name)
    except CheckFailed as failed:
        told = _(
            "{function} is not right yet in {file}. There, check({name}) says where; "
            "mend it, save, and run this cell again."
        ).format(function=numbered(name), file=path.name, name=name)
        raise NotLoaded(told) from failed
    except Exception as error:
        told = _("{function} in {file} cannot be loaded: {error}").format(
            function=numbered(name),
            file=path.name,
            error=f"{type(error).__name__}: {error}",
        )
        raise NotLoaded(told) from error
    return names[name]


def _paste(code: Sequence[str]) -> None:
    """Put code into a new cell, where there is a notebook to put it into."""
    from IPython import get_ipython

    text = "\n\n".join(code).rstrip()
    if shell := get_ipython():
        shell.set_next_input(text, replace=False)
        print(_("Their code stands in a new cell below; run that one, and keep it."))
    else:
        print(text)
