"""`autograder formgrader`: nbgrader's page for grading by hand."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli import show_errors

__all__ = ["formgrader"]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTION]...")
def formgrader(options: tuple[str, ...]) -> None:
    """Open nbgrader's formgrader: release, grade, comment, in the browser.

    Every OPTION is passed on to JupyterLab: --port=8890, --no-browser.
    """
    from autograder.course import NotACourse, load_course
    from autograder.gradebook.formgrader import start

    with show_errors(NotACourse):
        start(load_course(Path.cwd()), options)
