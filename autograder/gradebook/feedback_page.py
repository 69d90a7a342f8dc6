"""What a feedback page says: of each function and question, what was found in what.

The chapter's text is not said again: whoever reads the page has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.checking.message import code_spans
from autograder.gradebook.filters import numbered_code
from autograder.gradebook.formulas import markdown_to_html
from autograder.grading.found import said_note
from autograder.language import N_, _
from autograder.submissions.bindings import binds
from autograder.submissions.released_cells import OWN, checked_name
from autograder.text import PLAIN, clean

__all__ = ["Page", "page_of"]

NO_RESPONSE = "No response."
"""What nbgrader's gradebook says of an answer that is as it was released."""

NO_WORDS = N_("No description has been provided for this image")


@dataclass(frozen=True)
class Output:
    """Something that a cell showed: words, or a picture with words for it."""

    text: str
    picture: str = ""


@dataclass(frozen=True)
class Shown:
    """A cell of the student's as HTML, and what it showed."""

    html: Markup
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A function or a written question.

    Attributes
    ----------
    id : str
        Its grade id, by which it is linked.
    state : str
        ``right``, ``wrong``, or empty where a person decides.
    found : Markup
        In words.
    cells : tuple of Shown
        What the student wrote.
    folded : bool
        Whether that is shown on request only.
    nothing : str
        What stands there if the student wrote nothing.
    question, message, comment : Markup
        May be empty.
    """

    id: str
    name: str
    state: str
    found: Markup
    score: str
    points: str
    cells: tuple[Shown, ...]
    folded: bool
    nothing: str
    question: Markup
    message: Markup
    comment: Markup

    @property
    def sign(self) -> str:
        """What says the same as the colour."""
        return {"right": "✓ ", "wrong": "✗ "}.get(self.state, "")


@dataclass(frozen=True)
class Page:
    """All that is said."""

    chapter: str
    student: str
    score: str
    out_of: str
    late: str
    times: str
    problem: str
    notes: tuple[str, ...]
    answers: tuple[Answer, ...]
    others: tuple[Shown, ...]

    @property
    def has_formulas(self) -> bool:
        """Whether their font is needed, more than half of a page that has it.

        A question, which its reader has before them, is set in what the machine has.
        """
        shown = [cell.html for one in self.answers for cell in one.cells]
        shown += [one.comment for one in self.answers] + [c.html for c in self.others]
        return any("<math" in text for text in shown)


def page_of(notebook: NotebookNode, told: Mapping[str, Any]) -> Page:
    """What the page of a graded notebook says.

    Parameters
    ----------
    notebook : NotebookNode
        With verdicts, as `write_result` leaves it, with scores and comments.
    told : mapping
        The marks of the whole, as the gradebook has them.
    """
    return _Reader(notebook).page(told)


class _Reader:
    """One notebook, of which each of the student's cells is shown once."""

    def __init__(self, notebook: NotebookNode):
        self._cells = notebook.cells
        self._graded = notebook.metadata.get("autograder", {})
        self._by_id = {_flags(c)["grade_id"]: c for c in notebook.cells if _flags(c)}
        self._asked = {c.metadata.get("question"): c for c in notebook.cells}
        self._used: set[int] = set()
        self._rendered: dict[str, Any] = {}

    def page(self, told: Mapping[str, Any]) -> Page:
        problem = said_note(self._graded.get("problem") or "")
        answers = tuple(
            self._function(at) if checked_name(cell) else self._written(cell)
            for at, cell in enumerate(self._cells)
            if _flags(cell).get("grade")
        )
        return Page(
            told["notebook"],
            told["student"],
            _number(told["score"]),
            _number(told["max_score"]),
            _number(told["late_penalty"]) if told["late_penalty"] > 0 else "",
            told.get("times") or "",
            problem,
            tuple(map(said_note, self._graded.get("notes", ()))),
            answers,
            tuple(self._others()),
        )

    def _function(self, at: int) -> Answer:
        check = self._cells[at]
        name = checked_name(check) or ""
        verdict = check.metadata.get("autograder", {})
        written = self._by_id.get(name)
        right = verdict.get("code") == "passed"
        found = verdict.get("found") or _(verdict.get("title", "NOT JUDGED")).lower()
        return self._answer(
            check,
            name,
            "right" if right else "wrong",
            code_spans(clean(found)),
            tuple(self._code(name, at, written)),
            right,
            _message(check) if verdict else Markup(),
            written,
        )

    def _code(self, name: str, at: int, written: Any) -> Iterator[Shown]:
        """The cells above a check that may make its function, the right place first."""
        mine = [cell for cell in self._cells[:at] if _is_own(cell, "code")]
        mine.sort(key=lambda cell: cell is not written)
        for cell in mine:
            if cell is written or (
                id(cell) not in self._used
                and not _flags(cell)
                and binds(cell.source, name)
            ):
                yield self._shown(cell)

    def _written(self, cell: NotebookNode) -> Answer:
        flags = _flags(cell)
        own = _is_own(cell, "markdown")
        idle = flags.get("comment") == NO_RESPONSE and not flags["score"]
        comment = flags.get("comment") not in (None, "", NO_RESPONSE)
        found = _("a person reads it")
        if self._graded.get("problem"):
            found = _("not readable")
        elif idle:
            found = _("not written yet")
        elif flags["score"] or comment:
            found = _("read by a person")
        state = "wrong" if idle or self._graded.get("problem") else ""
        cells = (self._shown(cell),) if own else ()
        name = flags["grade_id"]
        return self._answer(cell, name, state, found, cells, False, Markup(), cell)

    def _answer(
        self,
        graded: NotebookNode,
        name: str,
        state: str,
        found: str,
        cells: tuple[Shown, ...],
        folded: bool,
        message: Markup,
        commented: Any,
    ) -> Answer:
        comment = _flags(commented).get("comment") if commented is not None else None
        comment = "" if comment in (None, NO_RESPONSE) else comment
        asked = self._asked.get(name)
        return Answer(
            _flags(graded)["grade_id"],
            name,
            state,
            Markup(found),
            _number(_flags(graded)["score"]),
            _number(_flags(graded)["points"]),
            cells,
            folded,
            "" if self._graded.get("problem") else _("Nothing was written here."),
            self._text(asked.source) if asked is not None else Markup(),
            message,
            self._text(comment) if comment else Markup(),
        )

    def _others(self) -> Iterator[Shown]:
        """What else is the student's, or showed something."""
        for cell in self._cells:
            if id(cell) in self._used or checked_name(cell):
                continue
            shown = tuple(_outputs(cell))
            if OWN in cell.metadata or shown:
                yield self._shown(cell)

    def _shown(self, cell: NotebookNode) -> Shown:
        self._used.add(id(cell))
        outputs = tuple(_outputs(cell))
        if OWN not in cell.metadata:
            return Shown(Markup(), outputs)
        if cell.cell_type == "code":
            code = numbered_code(cell.source, PLAIN in cell.metadata)
            return Shown(Markup(code), outputs)
        return Shown(self._text(cell.source, cell))

    def _text(self, source: str, cell: Mapping[str, Any] | None = None) -> Markup:
        """Markdown as HTML, as long as the page does not take too much of it."""
        context: Any = {"cell": cell or {}, "resources": self._rendered}
        return Markup(clean(markdown_to_html(context, source), 1 << 30))


def _flags(cell: NotebookNode) -> Mapping[str, Any]:
    return cell.metadata.get("nbgrader") or {}


def _is_own(cell: NotebookNode, kind: str) -> bool:
    return OWN in cell.metadata and cell.cell_type == kind and not checked_name(cell)


def _message(check: NotebookNode) -> Markup:
    """What grading said of a function, which is HTML of ours."""
    for output in check.get("outputs", ()):
        told = output.get("data", {}).get("text/html")
        if told:
            return Markup(told)
    return Markup()


def _outputs(cell: NotebookNode) -> Iterator[Output]:
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        text = _joined(data.get("text/plain", ""))
        picture = data.get("image/png")
        if picture:
            alt = output.get("metadata", {}).get("image/png", {}).get("alt")
            packed = "".join(_joined(picture).split())
            yield Output(alt or _(NO_WORDS), f"data:image/png;base64,{packed}")
            continue
        if output.get("output_type") == "stream":
            text = _joined(output.get("text", ""))
        elif output.get("output_type") == "error":
            text = "\n".join(output.get("traceback", ()))
        if text.strip():
            yield Output(text)


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _number(value: Any) -> str:
    return f"{round(float(value), 2):g}"
