"""`autograder build`: notebooks from the chapters' texts, or an edit back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli import show_errors

if TYPE_CHECKING:
    from autograder.authoring.products import Difference

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
@click.option(
    "--into",
    metavar="LANGUAGE",
    help="Write the cells that LANGUAGE lacks into its text, in English, to translate.",
)
def build(
    chapters: tuple[str, ...], check: bool, from_ipynb: Path | None, into: str | None
) -> None:
    """Make the notebooks from solutions/CHAPTER/CHAPTER.py.

    With no CHAPTER, makes all of them. Those in another language are made from
    solutions/CHAPTER/CHAPTER.LANGUAGE.py, and what such a text lacks is said.
    """
    from autograder.authoring.errors import BuildError
    from autograder.exercises.mistakes import NotAMistake

    with show_errors(BuildError, NotAMistake):
        if from_ipynb is not None:
            _bring_back(from_ipynb)
        elif into is not None:
            _translate(chapters, into)
        else:
            _build(chapters, check)


def _build(chapters: tuple[str, ...], check: bool) -> None:
    from autograder.authoring.products import build as build_course
    from autograder.authoring.products import untranslated

    _make_mistakes()
    differences = build_course(Path.cwd(), chapters or None, check=check)
    if not chapters:
        differences += _catalogues(check)
    for difference in differences:
        click.echo(str(difference))
        if check and difference.hint:
            click.echo(difference.hint)
    for gap in untranslated(Path.cwd(), chapters or None):
        click.echo(gap)
    if not differences:
        click.echo("Every notebook is what its source makes.")
    elif check:
        raise click.ClickException("Run `autograder build` and commit what it writes.")


def _make_mistakes() -> None:
    """Make every known mistake: its author hears of a slip, no learner."""
    from autograder.exercises import EXERCISES

    for exercise in EXERCISES:
        for mistake in exercise.misconceptions:
            _ = mistake.mutant


def _catalogues(check: bool) -> list[Difference]:
    """Bring the catalogues up to date, and say what they lack."""
    from autograder.authoring.translations.built import build_catalogues, is_the_course
    from autograder.authoring.translations.catalogues import lacking, translations_of

    differences = build_catalogues(Path.cwd(), check=check)
    for language in translations_of() if is_the_course(Path.cwd()) else ():
        if sentence := lacking(language):
            click.echo(sentence)
    return differences


def _bring_back(path: Path) -> None:
    from autograder.authoring.edits import from_ipynb

    brought = from_ipynb(path)
    for sentence in brought.dropped:
        click.echo(f"Not brought back: {sentence}")
    if brought.changed:
        click.echo(f"{brought.path} is new. Now run `autograder build`.")
    else:
        click.echo(f"{brought.path} says the same already.")


def _translate(chapters: tuple[str, ...], language: str) -> None:
    from autograder.authoring.products import chapters_named
    from autograder.authoring.translations.chapters import add_missing

    if not chapters:
        raise click.UsageError("Name the chapters that are to be translated.")
    for chapter in chapters_named(chapters):
        click.echo(add_missing(Path.cwd(), chapter, language).as_posix())
