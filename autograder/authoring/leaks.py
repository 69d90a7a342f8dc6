"""Whether a release gives an answer away."""

from __future__ import annotations

import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.authoring.broken import broken_lines
from autograder.authoring.errors import BuildError
from autograder.authoring.expressions import Searched, Telling
from autograder.authoring.stub import BEGIN, END, inside_of, outside_of
from autograder.exercises.spec import Chapter, Exercise

__all__ = ["Leak", "find_leaks"]

SHINGLE = 8
"""So many words in a row of a model answer, found again, are no coincidence.

Where a script writes no spaces, each letter is a word here, and it takes twice as many.
"""

_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")


@dataclass(frozen=True)
class Leak:
    """Something of an answer that a release holds.

    Attributes
    ----------
    cell : int
        Number of the released cell, from 1; 0 is the notebook's own metadata.
    answer : str
        The exercise or question that it gives away; empty if that is not clear.
    shown : str
        What was found.
    """

    cell: int
    answer: str
    shown: str

    def __str__(self) -> str:
        of = f" of {self.answer}" if self.answer else ""
        return f"cell {self.cell}: the answer{of} is there: {self.shown}"


@dataclass(frozen=True)
class _Answer:
    """What one release must not hold: lines and expressions, or words."""

    name: str
    lines: frozenset[str] = frozenset()
    telling: Telling | None = None
    shingles: frozenset[str] = frozenset()


def find_leaks(
    chapter: Chapter, solution: NotebookNode, release: NotebookNode
) -> list[Leak]:
    """Compare every cell of a release with the answers of its chapter.

    Parameters
    ----------
    chapter : Chapter
        What the registry says; its kernels are answers too.
    solution : NotebookNode
        The solution notebook.
    release : NotebookNode
        What learners get.

    Returns
    -------
    list of Leak
        Empty if the release holds no answer.

    Raises
    ------
    BuildError
        If the solution notebook lacks an answer, so that nothing can be proved.

    Notes
    -----
    Text that the author gives the learner word for word (prose, set-up,
    experiments) may share small lines with an answer, `return theta`, but no
    expression that tells it.  Everything else, that is what nbgrader has made
    of cells with answers, what the build writes, and whatever else is in the
    file, may hold no line of an answer at all.
    """
    answers = _answers(chapter, solution)
    given = {(c.cell_type, c.source) for c in solution.cells if not _is_answer(c)}
    stubs = {
        _grade_id(c): outside_of(c.source) for c in solution.cells if _is_answer(c)
    }
    broken = {e.name: _given(e) for e in chapter.exercises if e.broken}
    whole = NotebookNode(cell_type="raw", source="", metadata=release.metadata)
    leaks = []
    for number, cell in enumerate([whole, *release.cells]):
        legitimate = set(_squeezed(stubs.get(_grade_id(cell), "")))
        legitimate |= set(broken.get(_grade_id(cell), ()))
        verbatim = (cell.cell_type, cell.source) in given
        rest = "\n".join(_strings(cell, besides="source"))
        for answer, shown in [
            *_marks(f"{cell.source}\n{rest}"),
            *_told(answers, cell.cell_type, cell.source),
            *_told(answers, "raw", rest),
            *([] if verbatim else _lines(answers, cell.source, legitimate)),
            *_lines(answers, rest, set()),
        ]:
            leaks.append(Leak(number, answer, shown))
        if cell.get("outputs"):
            leaks.append(Leak(number, "", "an output, which a release has none of"))
    return list(dict.fromkeys(leaks))


def _answers(chapter: Chapter, solution: NotebookNode) -> list[_Answer]:
    cells = {_grade_id(cell): cell for cell in solution.cells if _is_answer(cell)}
    answers = []
    for exercise in chapter.exercises:
        cell = cells.get(exercise.name)
        inside = inside_of(cell.source) if cell else ""
        if not inside.strip():
            raise _nothing_to_prove(exercise.name)
        kernel = textwrap.dedent(inspect.getsource(exercise.reference))
        telling: Telling | None = Telling(inside, kernel)
        lines = frozenset(_squeezed(inside))
        if exercise.broken:  # all but what is to be mended is given
            telling, lines = None, lines - frozenset(_given(exercise))
        answers.append(_Answer(exercise.name, lines, telling))
    for written in chapter.written:
        if written.name not in cells:
            raise _nothing_to_prove(written.name)
        text = cells[written.name].source
        size = SHINGLE * (2 if re.search(f"[{_WIDE}]", text) else 1)
        shingles = frozenset(_shingles(text, size))
        answers.append(
            _Answer(written.name, frozenset(_squeezed(text)), None, shingles)
        )
    return answers


def _given(exercise: Exercise) -> list[str]:
    """Lines of the code that a learner mends, squeezed."""
    return _squeezed("\n".join(broken_lines(exercise)))


def _nothing_to_prove(name: str) -> BuildError:
    return BuildError(
        f"The solution notebook has no answer to {name}, so nothing can be proved.\n"
        "Build it again from the chapter's source."
    )


def _marks(text: str) -> Iterator[tuple[str, str]]:
    for mark in (BEGIN, END):
        if mark.strip("# ") in text:
            yield "", mark


def _told(
    answers: list[_Answer], cell_type: str, source: str
) -> Iterator[tuple[str, str]]:
    """Expressions of code, and runs of words, wherever they stand."""
    searched = Searched(cell_type, source)
    words: dict[int, set[str]] = {}
    for answer in answers:
        if answer.telling:
            told = answer.telling.found_in(searched)
            if told:
                yield answer.name, told
        for shingle in sorted(answer.shingles):
            size = len(shingle.split())
            if size not in words:
                words[size] = set(_shingles(source, size))
            if shingle in words[size]:
                yield answer.name, f"“{shingle}”"
                break


def _lines(
    answers: list[_Answer], source: str, legitimate: set[str]
) -> Iterator[tuple[str, str]]:
    """Whole lines, but for those that stand outside the answer as well."""
    here = set(_squeezed(source)) - legitimate
    for answer in answers:
        for line in sorted(answer.lines & here):
            yield answer.name, line


def _squeezed(text: str) -> list[str]:
    """Lines without spaces; those that hold no word are left out."""
    lines = (re.sub(r"\s", "", line) for line in text.splitlines())
    return [line for line in lines if re.search(r"\w", line)]


def _shingles(text: str, size: int) -> Iterator[str]:
    """Every run of `size` words; the whole text if it is shorter."""
    # A formula is one word, or any two of them would look alike.
    text = re.sub(r"\$+([^$]+)\$+", lambda m: re.sub(r"\W", "", m[1]), text)
    words = _WORD.findall(text.lower())
    for start in range(max(1, len(words) - size + 1)):
        run = words[start : start + size]
        if run:
            yield " ".join(run)


def _is_answer(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _grade_id(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _strings(value: object, besides: str = "") -> Iterator[str]:
    """Every text in a cell but its source: metadata, outputs, attachments."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key != besides:
                yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)
    elif value is not None:
        yield json.dumps(value)
