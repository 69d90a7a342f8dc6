"""Which expressions of an answer would give it away, and where they stand."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from autograder.authoring.functions import python_of

__all__ = ["Searched", "Telling", "numbered"]

_OPERATIONS = (
    ast.BinOp,
    ast.BoolOp,
    ast.Call,
    ast.Compare,
    ast.IfExp,
    ast.Subscript,
    ast.comprehension,
)
_ARITHMETIC = (ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp)

_ENOUGH = 3
"""From so many operations on, the same expression is no coincidence."""
_ENOUGH_RENAMED = 5
"""The same with other names, where a name that comes back counts as well."""

_CODE = re.compile(r"```[^\n]*\n(.*?)```|`([^`]+)`", re.S)
_CONVERSIONS = {"bool", "float", "int", "list", "np.array", "np.asarray", "tuple"}
_SHARED = {*dir(builtins), "np"}


class Telling:
    """The expressions of answers that no release may hold.

    Parameters
    ----------
    *codes : str
        Functions or bodies that answer one exercise.

    Notes
    -----
    What tells is all that a line computes, or half of the whole answer; a
    smaller part, like the Hessian `X.T @ X / n`, may be known.  It tells when it
    has three operations, or two if the answer has nothing larger:
    `theta - lr * grad`.  A call alone is no operation that tells.
    With other names in place of the answer's it takes more, since
    `a * b - c * d` is a momentum step and many other things; but
    `a = b * a - c * d` is not.
    """

    def __init__(self, *codes: str):
        units = [node for code in codes for node in _candidates(python_of(code))]
        largest = max((_weight(node) for node in units), default=0)
        enough = max(2, min(_ENOUGH, largest))
        told = [node for node in units if _weight(node) >= enough]
        self._exact = {ast.dump(node): ast.unparse(node) for node in told}
        self._renamed = {
            numbered(node): ast.unparse(node)
            for node in units
            if _weight(node) + _repeats(node)
            >= _ENOUGH_RENAMED - isinstance(node, ast.Assign)
        }
        # Code in prose or in a comment is found as text: whole words, and not
        # the start of something longer.
        self._text = [
            (
                _squeezed(told),
                re.compile(rf"(?<![\w.]){re.escape(_squeezed(told))}(?!\w|\.\w|[(\[])"),
                told,
            )
            for told in self._exact.values()
        ]

    def found_in(self, text: Searched) -> str | None:
        """The first expression that a text holds: in its code or word for word."""
        for known, there in ((self._exact, text.exact), (self._renamed, text.renamed)):
            for form, told in known.items():
                if form in there:
                    return told
        for part, whole, told in self._text:
            # Few texts hold it at all, and an expression takes long to say so.
            if part in text.squeezed and whole.search(text.squeezed):
                return told
        return None


class Searched:
    """A cell's text, taken apart once for all answers that are looked for in it.

    Parameters
    ----------
    cell_type : str
        Of markdown, the code in backquotes is taken for code.
    source : str
        The text.
    """

    def __init__(self, cell_type: str, source: str):
        self.squeezed = _squeezed(source)
        self.exact: set[str] = set()
        self.renamed: set[str] = set()
        pieces = [source]
        if cell_type == "markdown":
            pieces = [a or b for a, b in _CODE.findall(source)]
        for piece in pieces:
            try:
                units = list(_units(python_of(piece)))
            except SyntaxError:
                continue
            self.exact |= {ast.dump(node) for node in units}
            self.renamed |= {numbered(node) for node in units}


def _squeezed(text: str) -> str:
    """The text with no more space than keeps its words apart."""
    return re.sub(r"\s+(?!\w)|(?<!\w)\s+", "", re.sub(r"\s+", " ", text))


def _units(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Arithmetic, and the statements that hold it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.expr | ast.Assign | ast.AugAssign | ast.Return) and any(
            isinstance(part, _ARITHMETIC) for part in ast.walk(node)
        ):
            yield node


def _candidates(tree: ast.Module) -> Iterator[ast.expr | ast.stmt]:
    """The units of an answer that may tell it."""
    wholes = {id(node) for node in ast.walk(tree) for node in _wholes(node)}
    half = _weight(tree) / 2
    for node in _units(tree):
        if id(node) in wholes or _weight(node) >= half:
            yield node


def _wholes(statement: ast.AST) -> Iterator[ast.AST]:
    """All that a statement computes: itself, its value, what a call is given."""
    match statement:
        case ast.Assign(value=value) | ast.AugAssign(value=value):
            yield statement
            yield from _parts(value)
        case ast.Return(value=ast.expr() as value):
            yield statement
            yield from _parts(value)
        case ast.Expr(value=ast.Call(args=arguments)):
            for argument in arguments:
                yield from _parts(argument)
        case ast.If(test=test) | ast.While(test=test):
            yield test


def _parts(value: ast.expr) -> Iterator[ast.AST]:
    """A value; and its entries, or what it is before it is converted."""
    yield value
    match value:
        case ast.Tuple(elts=entries) | ast.List(elts=entries):
            for entry in entries:
                yield from _parts(entry)
        case ast.ListComp(elt=entry) | ast.GeneratorExp(elt=entry):
            yield from _parts(entry)
        case ast.Call(func=function, args=[argument]):
            if ast.unparse(function) in _CONVERSIONS:
                yield from _parts(argument)


def _weight(node: ast.AST) -> int:
    return sum(isinstance(part, _OPERATIONS) for part in ast.walk(node))


def _repeats(node: ast.AST) -> int:
    names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    return len(names) - len(set(names))


def numbered(node: ast.AST) -> str:
    """The node with its names, other than Python's and NumPy's, numbered."""
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in _SHARED:
            return match.group()
        return f"Name(id='{numbers.setdefault(name, str(len(numbers)))}'"

    return re.sub(r"Name\(id='(\w+)'", number, ast.dump(node))
