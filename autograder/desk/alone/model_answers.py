"""Model answers of written questions, for somebody who has written one of their own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from IPython.display import Markdown, display

from autograder.desk.outline import ChapterOutline, outline
from autograder.desk.progress import NoNotebooks, find_notebooks, notebook_of
from autograder.desk.standing import NotANotebook, State, read_cells, standings
from autograder.language import _

__all__ = ["FILE", "model_answer"]

FILE = Path(__file__).with_suffix(".json")
"""By question: a model answer, and what it has to say; `autograder bundle --alone`."""

_WORDS = {"yes": True, "y": True, "no": False, "n": False}


def model_answer(question: str, *said: str) -> None:
    """Show a model answer to a written question, once yours is written and saved.

    Parameters
    ----------
    question : str
        Its name, as the cell below it says it.
    *said : str
        "yes" or "no" for each point of a right answer, in their order: whether yours
        says so.  It counts for nothing; it is for you.
    """
    known = _known()
    if not known:
        print(_("Here a person reads your answer, and model answers are left out."))
    elif question not in known:
        names, told = (
            _(", ").join(known),
            _("There is no question {question!r}. There are {names}."),
        )
        print(told.format(question=question, names=names))
    elif not _written(question):
        told = _(
            "The model answer is for comparing. Write yours first, in the cell above, "
            "save the notebook, and run this cell again."
        )
        print(told)
    else:
        model, points = known[question]
        told = _marked(points, said) if said else _shown(question, model, points)
        display(Markdown(told))


def _known() -> dict[str, tuple[str, list[str]]]:
    if not FILE.is_file():
        return {}
    return json.loads(FILE.read_text(encoding="utf-8"))


def _written(question: str) -> bool:
    """Whether the saved notebook has an answer; True where no notebook is found."""
    chapter = next(c for c in outline() if question in (task.name for task in c.tasks))
    cells = _cells(chapter)
    if cells is None:
        return True
    states = {s.task.name: s.state for s in standings(cells, chapter.tasks)}
    return states[question] is State.ANSWERED


def _cells(chapter: ChapterOutline) -> list[dict] | None:
    try:
        path = notebook_of(find_notebooks(Path.cwd()), chapter.name)
        return None if path is None else read_cells(path)
    except (NoNotebooks, NotANotebook):
        return None


def _shown(question: str, model: str, points: Sequence[str]) -> str:
    parts = [
        _("**A model answer.** Yours may say it in other words and be as right."),
        model,
    ]
    if points:
        call = ", ".join([f'"{question}"', *['"yes"'] * len(points)])
        then = _('Then run `model_answer({call})`, with a "no" where it does not.')
        parts += [
            _("**Does yours say so?** Yes or no, for each of these:"),
            _numbered(list(enumerate(points, 1))),
            then.format(call=call),
        ]
    return "\n\n".join(parts)


def _marked(points: Sequence[str], said: Sequence[str]) -> str:
    given = [_WORDS.get(str(word).strip().lower()) for word in said]
    if None in given or len(given) != len(points):
        told = _('That takes {n} words, each "yes" or "no".')
        return told.format(n=len(points))
    n_yes = sum(map(bool, given))
    left = [(i, p) for i, p in enumerate(points, 1) if not given[i - 1]]
    if not left:
        told = _("**{yes} of {n}.** Your answer says all that a reader looks for.")
        return told.format(yes=n_yes, n=len(points))
    told = _("**{yes} of {n}.** Still to be said, in your own words:")
    told = told.format(yes=n_yes, n=len(points))
    return f"{told}\n\n{_numbered(left)}"


def _numbered(points: Sequence[tuple[int, str]]) -> str:
    return "\n".join(f"{number}. {point}" for number, point in points)
