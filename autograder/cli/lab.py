"""`autograder lab`: JupyterLab on the start page."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli import show_errors

__all__ = ["lab"]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTION]...")
def lab(options: tuple[str, ...]) -> None:
    """Open JupyterLab on the start page, for the chapters in this folder.

    Every OPTION is passed on to JupyterLab: --port=8890, --no-browser.
    """
    from autograder.desk.progress import NoNotebooks
    from autograder.desk.starting import start

    with show_errors(NoNotebooks):
        start(Path.cwd(), options)
