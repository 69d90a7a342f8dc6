"""`autograder build`: notebooks from the chapters' texts, or an edit back."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli import show_errors

__all__ = ["build"]


@click.command()
@click.argument("chapters", nargs=-1, metavar="[CHAPTER]...")
@click.option("--check", is_flag=True, help="Write nothing; say what is out of date.")
@click.option(
    "--from-ipynb",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Bring an edit made in Jupyter back into the chapter's text.",
)
def build(chapters: tuple[str, ...], check: bool, from_ipynb: Path | None) -> None:
    """Make the notebooks from solutions/CHAPTER/CHAPTER.py.

    With no CHAPTER, makes all of them.
    """
    from autograder.authoring.errors import BuildError

    with show_errors(BuildError):
        if from_ipynb is not None:
            _bring_back(from_ipynb)
        else:
            _build(chapters, check)


def _build(chapters: tuple[str, ...], check: bool) -> None:
    from autograder.authoring.products import build as build_course

    differences = build_course(Path.cwd(), chapters or None, check=check)
    for difference in differences:
        click.echo(str(difference))
        if check and difference.hint:
            click.echo(difference.hint)
    if not differences:
        click.echo("Every notebook is what its source makes.")
    elif check:
        raise click.ClickException("Run `autograder build` and commit what it writes.")


def _bring_back(path: Path) -> None:
    from autograder.authoring.edits import from_ipynb

    brought = from_ipynb(path)
    for sentence in brought.dropped:
        click.echo(f"Not brought back: {sentence}")
    if brought.changed:
        click.echo(f"{brought.path} is new. Now run `autograder build`.")
    else:
        click.echo(f"{brought.path} says the same already.")
