"""The function or class that an exercise cell holds."""

from __future__ import annotations

import ast
import inspect
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

from autograder.authoring.errors import SourceError
from autograder.authoring.source import SourceCell

__all__ = [
    "Definition",
    "exercise_function",
    "methods_of",
    "parse_code",
    "python_of",
    "signature_text",
]

Definition = ast.FunctionDef | ast.ClassDef

_transformer = TransformerManager()


def python_of(source: str) -> ast.Module:
    """Parse a cell's code; lines that are IPython's, such as %timeit, are allowed.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    with warnings.catch_warnings():
        # Whoever runs the cell sees these; here they would only be noise.
        warnings.simplefilter("ignore")
        return ast.parse(_transformer.transform_cell(source))


def parse_code(cell: SourceCell, path: Path | str) -> ast.Module:
    """Parse a code cell of a source.

    Raises
    ------
    SourceError
        If the cell is not Python.
    """
    try:
        return python_of(cell.source)
    except SyntaxError as error:
        raise SourceError(
            path,
            cell.place(error.lineno or 1),
            f"This is not Python: {error.msg}.",
            "A release with it would stop here for everybody; mend the line.",
        ) from error


def exercise_function(
    cell: SourceCell, path: Path | str, reference: Callable | None = None
) -> Definition:
    """The function that an exercise cell ends with, or the class.

    Parameters
    ----------
    cell : SourceCell
        An exercise cell.
    path : Path
        Where it is from, for messages.
    reference : callable, optional
        The kernel whose signature the function must have.

    Raises
    ------
    SourceError
        If the cell does not end with the function, as an author writes it.
    """

    def wrong(line: int, problem: str, remedy: str) -> SourceError:
        return SourceError(path, cell.place(line), problem, remedy)

    body = parse_code(cell, path).body
    last = body[-1] if body else None
    if not isinstance(last, Definition) or last.name != cell.name:
        found = f"`{last.name}`" if isinstance(last, Definition) else "other code"
        raise wrong(
            last.lineno if last else 0,
            f"The exercise cell of `{cell.name}` ends with {found}.",
            f"End it with `{_keyword(reference)} {cell.name}(…):`; what is given "
            "stands before that, what tries it out in the next cell. "
            "Or leave the cell empty, which means the kernel.",
        )
    documented = ast.get_docstring(last) is not None
    further = len(last.body) - len(methods_of(last)) - documented
    if isinstance(last, ast.ClassDef) and further:
        raise wrong(
            last.lineno,
            f"`{cell.name}` holds something else than methods.",
            "Let `__init__` make what an instance has; the build writes the docstring.",
        )
    if last.body[0].lineno == last.lineno:
        raise wrong(
            last.lineno,
            f"The body of `{cell.name}` begins on the line of its `def`.",
            "Give the body lines of its own.",
        )
    if reference is None:
        return last
    if ast.get_docstring(last) is not None:
        raise wrong(
            last.body[0].lineno,
            f"`{cell.name}` has a docstring.",
            "Remove it; the build writes it from the reference kernel.",
        )
    is_so, should_be = signature_text(last), signature_text(reference)
    if is_so != should_be:
        raise wrong(
            last.lineno,
            f"The signature is `{cell.name}{is_so}`.",
            f"The registry says `{cell.name}{should_be}`.",
        )
    return last


def methods_of(definition: Definition) -> list[ast.FunctionDef]:
    """The methods of a class; a function is the one of its own."""
    if isinstance(definition, ast.FunctionDef):
        return [definition]
    return [node for node in definition.body if isinstance(node, ast.FunctionDef)]


def _keyword(reference: Callable | None) -> str:
    return "class" if isinstance(reference, type) else "def"


def signature_text(function: Definition | Callable) -> str:
    """Names, kinds and defaults of parameters, without annotations.

    Of a class, those of all its methods, each with its name.
    """
    if isinstance(function, ast.ClassDef):
        return " ".join(f"{m.name}{signature_text(m)}" for m in methods_of(function))
    if isinstance(function, type):
        methods = inspect.getmembers(function, inspect.isfunction)
        order = sorted(methods, key=lambda pair: pair[1].__code__.co_firstlineno)
        return " ".join(f"{name}{signature_text(method)}" for name, method in order)
    if isinstance(function, ast.FunctionDef):
        parameters = list(_parameters_of(function.args))
    else:
        parameters = [
            p.replace(annotation=p.empty)
            for p in inspect.signature(function).parameters.values()
        ]
    return str(inspect.Signature(parameters))


_ARITHMETIC = (ast.BinOp, ast.UnaryOp, ast.Constant, ast.operator, ast.unaryop)


class _Expression:
    """A default that is not a literal; shown as it is written."""

    def __init__(self, node: ast.expr):
        self.text = ast.unparse(node)

    def __repr__(self) -> str:
        return self.text


def _parameters_of(args: ast.arguments) -> Iterator[inspect.Parameter]:
    def value(node: ast.expr | None) -> object:
        if node is None:
            return inspect.Parameter.empty
        if all(isinstance(part, _ARITHMETIC) for part in ast.walk(node)):
            # 2**0.5 is no literal, and the registry has its value.
            return eval(compile(ast.Expression(node), "<default>", "eval"))
        try:
            return ast.literal_eval(node)
        except ValueError:
            return _Expression(node)

    given = inspect.Parameter
    positional = [*args.posonlyargs, *args.args]
    missing = [None] * (len(positional) - len(args.defaults))
    defaults = [*missing, *args.defaults]
    for i, (arg, default) in enumerate(zip(positional, defaults, strict=True)):
        only = i < len(args.posonlyargs)
        kind = given.POSITIONAL_ONLY if only else given.POSITIONAL_OR_KEYWORD
        yield given(arg.arg, kind, default=value(default))
    if args.vararg:
        yield given(args.vararg.arg, given.VAR_POSITIONAL)
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield given(arg.arg, given.KEYWORD_ONLY, default=value(default))
    if args.kwarg:
        yield given(args.kwarg.arg, given.VAR_KEYWORD)
