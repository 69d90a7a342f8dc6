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
def bundle(chapters: tuple[str, ...], output: Path) -> None:
    """Make what learners get: a zip with notebooks, a wheel, and no answer.

    With no CHAPTER, all of them are in it.
    """
    from autograder.authoring.errors import BuildError
    from autograder.bundling.bundle import make_bundle

    with show_errors(BuildError):
        made = make_bundle(Path.cwd(), chapters or None, output)
    for path in (made.archive, made.wheel):
        size = path.stat().st_size / 1e6
        click.echo(f"{output / path.name}: {size:.1f} MB")
    n = sum(len(chapter.exercises) for chapter in made.chapters)
    chapter = "chapter" if len(made.chapters) == 1 else "chapters"
    click.echo(f"{len(made.chapters)} {chapter}, {n} exercises, no answer.")
