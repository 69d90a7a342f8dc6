"""`autograder progress`: what is done in the chapters of a folder."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli import show_errors

__all__ = ["progress"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
def progress(folder: Path) -> None:
    """Say what is done in the chapters of FOLDER, here by default.

    Reads the saved notebooks and runs nothing in them.
    """
    from autograder.desk.progress import NoNotebooks, find_notebooks, read_progress
    from autograder.desk.progress_report import as_text

    with show_errors(NoNotebooks):
        click.echo(as_text(read_progress(find_notebooks(folder))), nl=False)
