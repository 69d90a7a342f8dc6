"""One chapter of the class report, as the values that its template shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.report.charts import bins_of, histogram, stacked_bar
from autograder.report.students import student_values, trouble_values
from autograder.report.summary import OUTCOMES, ChapterSummary
from autograder.report.wrong_answers import group_values, mistake_values

__all__ = ["chapter_values"]


def chapter_values(
    chapter: ChapterSummary, anonymous: bool, folder: Path
) -> dict[str, Any]:
    """All that the page tells of one chapter.

    Parameters
    ----------
    chapter : ChapterSummary
    anonymous : bool
        Whether to leave out names and everything that students wrote: a
        template cannot show what it is not given.
    folder : path
        Where the page lies, so that it can link to feedback.
    """
    judged = [one for one in chapter.exercises if one.judged]
    mistakes = chapter.mistakes
    median = chapter.median
    return {
        "name": chapter.name,
        "title": f"{chapter.number} · {chapter.title}",
        "n_graded": len(chapter.graded),
        "n_marks": len(chapter.marks),
        "n_waiting": chapter.waiting,
        "n_full": chapter.full,
        "out_of": chapter.out_of,
        "median": median,
        "mean": chapter.mean,
        "hardest": min(judged, key=lambda one: one.pass_rate, default=None),
        "commonest": mistakes[0] if mistakes else None,
        "bins": bins_of(chapter.marks, chapter.out_of),
        "histogram": None
        if median is None
        else histogram(chapter.marks, chapter.out_of, median),
        "outcomes": OUTCOMES,
        "exercises": chapter.exercises,
        "bars": {one.name: stacked_bar(one.counts) for one in chapter.exercises},
        "mistakes": mistake_values(chapter, anonymous),
        "groups": group_values(chapter, anonymous),
        "troubles": trouble_values(chapter, anonymous),
        "students": None if anonymous else student_values(chapter, folder),
    }
