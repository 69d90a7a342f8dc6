"""What the button Validate says: core exercises are counted, further work is no fault.

nbgrader runs the notebook and lists the cells that failed; its dialog shows them as
they come.  Here the list is put in the course's words before the dialog has it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from autograder.checking.known_mistakes import UNMENDED
from autograder.desk.outline import outline
from autograder.desk.standing import in_every_language
from autograder.language import _

__all__ = ["counted", "kinds"]

_CHECK = re.compile(r"check\((\w+)\)")
_NOT_BEGUN = ("NOT WRITTEN YET", UNMENDED)


def kinds(grade_ids: Collection[str]) -> dict[str, str]:
    """Which functions a notebook with these cells checks: "core" or "further"."""
    return {
        task.name: task.kind
        for chapter in outline()
        for task in chapter.tasks
        if task.kind != "written" and f"{task.name}_check" in grade_ids
    }


def counted(results: Mapping[str, Any], asked: Mapping[str, str]) -> dict[str, Any]:
    """nbgrader's results, with a count before the first cell that failed.

    Parameters
    ----------
    results : mapping
        What its validator found.
    asked : mapping of str to str
        What `kinds` found.

    Returns
    -------
    dict
        Without the checks of further work that nobody has begun; nothing failed
        if there is nothing else.  As they are of a notebook of another course.
    """
    failed = [(cell, _name(cell)) for cell in results.get("failed", ())]
    if not failed or not asked:
        return dict(results)
    titles = [f"-- {t} " for title in _NOT_BEGUN for t in in_every_language(title)]
    not_begun = {
        name
        for cell, name in failed
        if any(title in cell["raw_error"] for title in titles)
    }
    wrong = {name for _cell, name in failed}
    core = [name for name, kind in asked.items() if kind == "core"]
    further = [name for name, kind in asked.items() if kind == "further"]
    open_ = [name for name in further if name in not_begun]
    kept = [dict(cell) for cell, name in failed if name not in open_]
    rest = {key: value for key, value in results.items() if key != "failed"}
    if not kept:
        return rest
    right = sum(name not in wrong for name in core)
    done = sum(name not in wrong for name in further)
    told = _("{right} of {n} core functions right.")
    if done and open_:
        told = _(
            "{right} of {n} core functions right, {done} further right, {open} further "
            "not begun, which is no fault."
        )
    elif done:
        told = _("{right} of {n} core functions right, {done} further right.")
    elif open_:
        told = _(
            "{right} of {n} core functions right, {open} further not begun, which is "
            "no fault."
        )
    told = told.format(right=right, n=len(core), done=done, open=len(open_))
    kept[0]["source"] = f"{told}\n\n{kept[0]['source']}"
    return {**rest, "failed": kept}


def _name(cell: Mapping[str, str]) -> str:
    found = _CHECK.fullmatch(cell["source"].strip())
    return found[1] if found else ""
