"""`autograder report`: the class report, from what grading stored."""

from __future__ import annotations

import os
from pathlib import Path

import click

from autograder.cli import show_errors

__all__ = ["report"]


@click.command()
@click.option("--anonymous", is_flag=True, help="Without names, to show in class.")
def report(anonymous: bool) -> None:
    """Write the class report from what grading stored; grades nothing.

    One page and its numbers as CSV, in grading/report/: marks, pass rates, the
    mistakes that the class makes and what to say about them.  Marks are those
    that the gradebook has now.  Beside it likeness.html has pairs whose answers are
    alike.
    """
    from autograder.course import NotACourse, load_course
    from autograder.report.class_report import write_report
    from autograder.report.likeness_page import write_likeness
    from autograder.report.results_file import (
        NoResults,
        read_results,
        with_current_marks,
    )

    with show_errors(NotACourse, NoResults):
        stored = read_results(load_course(Path.cwd()))
        page, *_ = write_report(with_current_marks(stored), anonymous)
        if not anonymous:
            write_likeness(stored)
    click.echo(os.path.relpath(page))
