"""The class report: one page that needs no network and no script, and its tables."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from autograder.classroom.class_result import ClassResult
from autograder.report.chapter import chapter_values
from autograder.report.rendering import asset, render
from autograder.report.summarise_class import summarise
from autograder.report.summary import ChapterSummary
from autograder.report.summary_csv import summary_files
from autograder.writing import write_whole

__all__ = ["REPORT", "policy", "write_report"]

REPORT, ANONYMOUS, PAGE = "report", "report-anonymous", "report.html"
"""Folders beside the marks, and the page in each."""

_NOTHING = "'none'"

MOST = 50
"""Problems of the class as a whole that are shown."""


def write_report(result: ClassResult, anonymous: bool = False) -> tuple[Path, ...]:
    """Write the page and its tables into a folder of the course's grading folder.

    Parameters
    ----------
    result : ClassResult
    anonymous : bool
        Whether to leave out names and everything that students wrote.  This
        goes into a folder of its own, all of which can be shown.

    Returns
    -------
    tuple of path
        The page first.
    """
    folder = result.course.grading / (ANONYMOUS if anonymous else REPORT)
    chapters = summarise(result)
    tables = summary_files(result, chapters, anonymous)
    page = _page(result, chapters, anonymous, folder, list(tables))
    texts = {PAGE: page, **tables}
    for name, text in texts.items():
        write_whole(folder / name, text.encode(), if_changed=True, private=True)
    return tuple(folder / name for name in texts)


def _page(
    result: ClassResult,
    chapters: Sequence[ChapterSummary],
    anonymous: bool,
    folder: Path,
    files: Sequence[str],
) -> str:
    css, script = asset("report.css"), asset("report.js")
    # What concerns no one student: folders that cannot be anybody's.
    problems = [trouble.text for trouble in result.problems if trouble.student is None]
    return render(
        "report.html",
        css=css,
        script=script,
        policy=policy(css, script),
        course=result.course.name,
        anonymous=anonymous,
        n_students=len({graded.student for graded in result.graded}),
        n_submissions=len(result.graded),
        n_boxless=sum(graded.unconfined for graded in result.graded),
        accounts=sorted({one.account for one in result.graded if one.account}),
        n_problems=len(problems),
        problems=[] if anonymous else problems[:MOST],
        chapters=[chapter_values(chapter, anonymous, folder) for chapter in chapters],
        files=files,
    )


def policy(css: str, script: str = "") -> str:
    """What a page may do: whatever slips through escaping runs and loads nothing."""
    return (
        f"default-src 'none'; style-src {_digest(css)}; "
        f"script-src {_digest(script) if script else _NOTHING}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
