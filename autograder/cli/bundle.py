"""`autograder bundle`: what learners get."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli import show_errors

__all__ = ["bundle"]


@click.command()
@click.argument("chapters", nargs=-1, metavar="[CHAPTER]...")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default="dist",
    show_default=True,
    metavar="FOLDER",
    help="Where to write.",
)
@click.option(
    "--address",
    default="",
    metavar="URL",
    help="Where the wheel will be on the web, for notebooks opened elsewhere.",
)
@click.option(
    "--alone",
    is_flag=True,
    help="For studying alone: model answers of the written questions come along.",
)
@click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="LANGUAGE",
    help="Of the notebooks; a chapter that is not translated goes in in English.",
)
def bundle(
    chapters: tuple[str, ...], output: Path, address: str, alone: bool, language: str
) -> None:
    """Make what learners get: a zip with notebooks, a wheel, and no answer.

    With no CHAPTER, all of them are in it.  A notebook that is opened where the
    course is not installed says what to type: the wheel's address, if you give it.
    """
    from autograder.authoring.errors import BuildError
    from autograder.bundling.bundle import make_bundle

    with show_errors(BuildError):
        named = chapters or None
        made = make_bundle(Path.cwd(), named, output, address, alone, language)
    for path in (made.archive, made.wheel):
        size = path.stat().st_size / 1e6
        click.echo(f"{output / path.name}: {size:.1f} MB")
    n = sum(len(chapter.exercises) for chapter in made.chapters)
    chapter = "chapter" if len(made.chapters) == 1 else "chapters"
    told = "model answers of the written questions" if alone else "no answer"
    click.echo(f"{len(made.chapters)} {chapter}, {n} exercises, {told}.")
