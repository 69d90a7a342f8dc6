"""Prove the checks: break each reference kernel in small ways, see each refused.

Every kernel's syntax tree is changed in one place at a time: operators,
constants, dropped terms and factors, swapped names and arguments, functions
left out, statements left out or exchanged, updates in place.  A mutant that a
check lets pass is a survivor.  It is either a right form too, and then listed
with its reason in the exercise's `harmless`, or a hole in the cases.
"""

from __future__ import annotations

import ast
import copy
import difflib
import hashlib
import inspect
import linecache
import textwrap
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.authoring.told import is_told
from autograder.checking.cases import Question, draw_question
from autograder.checking.deadline import TooLong, deadline
from autograder.checking.judging import is_right
from autograder.diagnosis.calls_changed import NAMES_MIXED_UP
from autograder.exercises.spec import Chapter, Exercise
from autograder.limits import MUTANT_SECONDS

__all__ = ["Mutant", "Proof", "mutants_of", "prove"]

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.MatMult: (ast.Mult,),
}

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}

RIVALS = {**NAMES_MIXED_UP, "eigvalsh": ("diag",)}


@dataclass(frozen=True)
class Mutant:
    """One small change of a kernel: how it reads, and the function itself."""

    change: str
    function: Callable


@dataclass(frozen=True)
class Proof:
    """What became of the mutants of one exercise.

    Attributes
    ----------
    n_mutants : int
        How many were tried.
    survivors : tuple of str
        Changes that pass and are not listed: holes in the check.
    stale : tuple of str
        Listed changes that are refused or do not occur: to be removed.
    untold : tuple of str
        Changes that are refused without a word on what is wrong, if asked for.
        Of code to be mended none: there finding out is the exercise.
    """

    exercise: str
    n_mutants: int
    survivors: tuple[str, ...]
    stale: tuple[str, ...]
    untold: tuple[str, ...] = ()


def prove(
    exercise: Exercise, chapter: Chapter, seed: tuple[int, ...], told: bool = False
) -> Proof:
    """Try every mutant of the reference in the cases of `seed`; none if it has bands.

    With `told`, see as well whether a check says more of it than numbers.
    """
    if exercise.bands:
        return Proof(exercise.name, 0, (), ())
    question = draw_question(exercise, chapter, seed)
    mutants = list(mutants_of(exercise.reference))
    alive = [m.change for m in mutants if _passes(question, m.function)]
    asked = told and not exercise.broken
    refused = [m for m in mutants if asked and m.change not in alive]
    return Proof(
        exercise.name,
        len(mutants),
        tuple(sorted(set(alive) - set(exercise.harmless))),
        tuple(sorted(set(exercise.harmless) - set(alive))),
        tuple(m.change for m in refused if not is_told(question, m.function)),
    )


def mutants_of(kernel: Callable) -> Iterator[Mutant]:
    """All small changes of `kernel`, each once."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kernel)))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef | ast.ClassDef)
    if ast.get_docstring(function):
        function.body = function.body[1:]
    original = ast.unparse(tree)
    seen = {original}
    for changed in _changes(tree):
        source = ast.unparse(ast.fix_missing_locations(changed))
        if source in seen:
            continue
        seen.add(source)
        yield Mutant(_difference(original, source), _compile(kernel, source))


def _difference(original: str, changed: str) -> str:
    """The lines that were, an arrow, the lines that are."""
    old, new = original.splitlines(), changed.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    changes = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
    before = [line.strip() for a, b, _, _ in changes for line in old[a:b]]
    after = [line.strip() for _, _, c, d in changes for line in new[c:d]]
    if before == after:
        return f"moved: {'; '.join(before)}"
    return f"{'; '.join(before) or 'nothing'} -> {'; '.join(after) or 'nothing'}"


def _compile(kernel: Callable, source: str) -> Callable:
    module = inspect.getmodule(kernel)
    assert isinstance(module, types.ModuleType)
    namespace = dict(vars(module))
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    file = f"<mutant {digest} of {kernel.__name__}>"
    linecache.cache[file] = len(source), None, source.splitlines(True), file
    exec(compile(source, file, "exec"), namespace)  # noqa: S102
    return namespace[kernel.__name__]


def _passes(question: Question, mutant: Callable) -> bool:
    try:
        with deadline(MUTANT_SECONDS):
            return is_right(mutant, question)
    except TooLong:
        return False


def _changes(tree: ast.Module) -> Iterator[ast.Module]:
    """Copies of `tree`, each changed in one place."""
    names = _names(tree)
    told = _nodes_of_error_texts(tree)
    for index, node in enumerate(ast.walk(tree)):
        if node in told:
            continue
        for new in _replacements(node, names):
            changed = copy.deepcopy(tree)
            _put(changed, list(ast.walk(changed))[index], new)
            yield changed
    yield from _statement_changes(tree)


def _nodes_of_error_texts(tree: ast.Module) -> set[ast.AST]:
    """What stands inside `raise` statements: a check asks for the class only."""
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    return {inner for node in raised for inner in ast.walk(node)} - set(raised)


def _put(tree: ast.Module, target: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, field, new)
            elif isinstance(value, list):
                for i, item in enumerate(value):
                    if item is target:
                        value[i] = new


def _names(tree: ast.Module) -> list[str]:
    """Parameters and local variables, in order."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found += [a.arg for a in node.args.args if a.arg != "self"]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append(node.id)
    return list(dict.fromkeys(found))


def _replacements(node: ast.AST, names: list[str]) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            for operator in OPERATORS.get(type(op), ()):
                yield ast.BinOp(left, operator(), right)
            yield left
            yield right
            if not isinstance(op, ast.Add | ast.Mult):
                yield ast.BinOp(right, op, left)
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            for new in (value + 1, value - 1, 0, -value, 2 * value):
                if new != value:
                    yield ast.Constant(new)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for comparison in COMPARISONS.get(type(op), ()):
                yield ast.Compare(left, [comparison()], [right])
        case ast.BoolOp(op=op, values=values):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield ast.BoolOp(other, values)
            yield from values
        case ast.IfExp(body=body, orelse=orelse):
            yield body
            yield orelse
        case ast.Name(ctx=ast.Load()) if node.id in names:
            for name in names:
                if name != node.id:
                    yield ast.Name(name, ast.Load())
        case ast.Call(func=func, args=args, keywords=keywords):
            yield from _changed_calls(func, args, keywords)
        case ast.Attribute(value=value, attr=attr, ctx=ast.Load()):
            for rival in RIVALS.get(attr, ()):
                yield ast.Attribute(value, rival, ast.Load())
            if attr == "T":
                yield value
        case ast.Subscript(value=value, ctx=ast.Load()):
            yield value
        case ast.Tuple(elts=elts, ctx=ast.Load()) if len(elts) > 1:
            yield ast.Tuple([*elts[1:], elts[0]], ast.Load())


def _changed_calls(
    func: ast.expr, args: list[ast.expr], keywords: list[ast.keyword]
) -> Iterator[ast.AST]:
    """A call left out, its arguments exchanged, a keyword forgotten."""
    if isinstance(func, ast.Attribute) and not args:
        yield func.value
    if not (isinstance(func, ast.Name) and func.id == "float"):
        yield from args[:1]  # a check accepts any real scalar for a float
    if len(args) > 1:
        yield ast.Call(func, [args[1], args[0], *args[2:]], keywords)
    for i in range(len(keywords)):
        yield ast.Call(func, args, keywords[:i] + keywords[i + 1 :])


def _statement_changes(tree: ast.Module) -> Iterator[ast.Module]:
    """Statements left out, exchanged with the next one, or done in place."""
    for index, node in enumerate(ast.walk(tree)):
        for field in ("body", "orelse"):
            body = getattr(node, field, None)
            outer = isinstance(node, ast.Module | ast.ClassDef)
            if outer or not isinstance(body, list):
                continue
            for i in range(len(body)):
                for new in _changed_blocks(body, i):
                    changed = copy.deepcopy(tree)
                    block = list(ast.walk(changed))[index]
                    setattr(block, field, copy.deepcopy(new))
                    yield changed


def _changed_blocks(body: list[ast.stmt], i: int) -> Iterator[list[ast.stmt]]:
    statement = body[i]
    yield body[:i] + body[i + 1 :] or [ast.Pass()]
    if i + 1 < len(body):
        yield [*body[:i], body[i + 1], statement, *body[i + 2 :]]
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            whole = ast.Subscript(
                ast.Name(name, ast.Load()), ast.Constant(...), ast.Store()
            )
            yield [*body[:i], ast.Assign([whole], value), *body[i + 1 :]]
