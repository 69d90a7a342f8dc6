"""Whether the learners' part of the package gives an answer away."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.authoring.expressions import Searched, Telling, numbered
from autograder.authoring.stub import BEGIN, END, inside_of
from autograder.bundling.learner_modules import is_authors
from autograder.exercises import CHAPTERS
from autograder.exercises.spec import Chapter, Exercise

__all__ = ["CodeLeak", "find_code_leaks"]


@dataclass(frozen=True)
class CodeLeak:
    """Something of an answer in a file of the package.

    Attributes
    ----------
    path : str
        The file.
    answer : str
        The exercise that it gives away; empty if that is not clear.
    shown : str
        What was found.
    """

    path: str
    answer: str
    shown: str

    def __str__(self) -> str:
        of = f" to {self.answer}" if self.answer else ""
        return f"{self.path}: an answer{of}: {self.shown}"


def find_code_leaks(root: Path, files: Mapping[str, bytes]) -> list[CodeLeak]:
    """Search a learner's package for the answers of the whole course.

    Parameters
    ----------
    root : Path
        The course's folder, for the solution notebooks.
    files : mapping
        Bytes by path, from the folder that holds the package.

    Notes
    -----
    An answer is the reference kernel of any exercise, each listed equivalent,
    and what the solution notebook writes.  What tells it is an expression, as
    in a release (`expressions.Telling`), a function that does the same under
    other names, a function of the exercise's name, or a module of the author's.
    """
    answers = [_Answer(*known) for known in _answers(root)]
    names = {exercise.name for chapter in CHAPTERS for exercise in chapter.exercises}
    leaks = []
    for path, content in files.items():
        module = path.rpartition(".")[0].replace("/", ".")
        if path.endswith((".py", ".toml")) and is_authors(module):
            leaks.append(CodeLeak(path, "", "a file of the author's"))
        if path.endswith((".bank", ".case", ".csv")):
            continue
        text = content.decode()
        for mark in (BEGIN, END):
            if mark in text:
                leaks.append(CodeLeak(path, "", mark))
        if path.endswith(".py"):
            leaks += [CodeLeak(path, *told) for told in _told(text, answers, names)]
    return list(dict.fromkeys(leaks))


class _Answer:
    """One right form of one exercise, and what of it would tell."""

    def __init__(self, name: str, code: str):
        self.name = name
        self.telling = Telling(code)
        self.bodies = set(_bodies(ast.parse(code)))


def _answers(root: Path) -> Iterator[tuple[str, str]]:
    for chapter in CHAPTERS:
        solved = _solutions(root, chapter)
        for exercise in chapter.exercises:
            for function in (exercise.reference, *exercise.equivalents):
                yield exercise.name, textwrap.dedent(inspect.getsource(function))
            yield exercise.name, _as_function(exercise, solved[exercise.name])


def _solutions(root: Path, chapter: Chapter) -> dict[str, str]:
    """The body of each answer in a chapter's solution notebook."""
    path = root / "solutions" / chapter.name / f"{chapter.name}.ipynb"
    return {
        cell.metadata.nbgrader.grade_id: inside_of(cell.source)
        for cell in nbformat.read(path, 4).cells
        if "nbgrader" in cell.metadata and BEGIN in cell.source
    }


def _as_function(exercise: Exercise, body: str) -> str:
    indented = textwrap.indent(textwrap.dedent(body), "    ")
    return f"def {exercise.name}({', '.join(exercise.parameters)}):\n{indented}"


def _told(
    text: str, answers: list[_Answer], names: set[str]
) -> Iterator[tuple[str, str]]:
    searched, tree = Searched("code", text), ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names:
            keyword = "class" if isinstance(node, ast.ClassDef) else "def"
            yield node.name, f"{keyword} {node.name}"
    bodies = dict(_bodies_with_names(tree))
    for answer in answers:
        told = answer.telling.found_in(searched)
        if told:
            yield answer.name, told
        for body in answer.bodies & set(bodies):
            yield answer.name, f"def {bodies[body]}"


def _bodies(tree: ast.AST) -> Iterator[str]:
    for body, _ in _bodies_with_names(tree):
        yield body


def _bodies_with_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What each function or lambda does, with its names numbered, and its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            lines = node.body[1:] if ast.get_docstring(node) else node.body
            told, name = ast.Module(lines, []), node.name
        elif isinstance(node, ast.Lambda):
            told, name = ast.Module([ast.Return(node.body)], []), "(lambda)"
        else:
            continue
        if _computes(told):
            yield numbered(told), name


def _computes(body: ast.Module) -> bool:
    """Whether a body computes anything: `return x` is in many functions."""
    kinds = (ast.BinOp, ast.Call, ast.Compare, ast.Subscript)
    return sum(isinstance(node, kinds) for node in ast.walk(body)) > 1
