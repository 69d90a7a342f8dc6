"""The class report written down: one page, and its numbers as CSV."""

from __future__ import annotations

from pathlib import Path

from autograder.classroom.class_result import ClassResult
from autograder.report.class_report import report_page
from autograder.report.summarise_class import summarise
from autograder.report.summary_csv import summary_files
from autograder.report.words import Style
from autograder.writing import write_whole

__all__ = ["REPORT", "write_report"]

REPORT, ANONYMOUS, PAGE = "report", "report-anonymous", "report.html"
"""Folders beside the marks, and the page in each."""


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
    texts = {PAGE: report_page(result, chapters, Style(anonymous, folder))}
    texts |= summary_files(result, chapters, anonymous)
    for name, text in texts.items():
        write_whole(folder / name, text.encode())
    return tuple(folder / name for name in texts)
