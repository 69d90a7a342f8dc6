"""`autograder site`: what learners get, as a site."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.cli import show_errors

__all__ = ["site"]


@click.command()
@click.argument("chapters", nargs=-1, metavar="[CHAPTER]...")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default="dist/site",
    show_default=True,
    metavar="FOLDER",
    help="Where to write.",
)
@click.option(
    "--pyodide",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="A folder with Pyodide, for the site to serve what is in it.",
)
def site(chapters: tuple[str, ...], output: Path, pyodide: Path | None) -> None:
    """Make the bundle into a site: a learner needs a browser and nothing else.

    With no CHAPTER, all of them are in it.
    """
    from autograder.authoring.errors import BuildError
    from autograder.bundling.site import make_site

    with show_errors(BuildError):
        made = make_site(Path.cwd(), chapters or None, output, pyodide)
    size = sum(p.stat().st_size for p in made.folder.rglob("*") if p.is_file()) / 1e6
    click.echo(f"{output}: {len(made.bundle.chapters)} chapters, {size:.0f} MB")
    click.echo("Put it on any web server. To look at it on this machine:")
    click.echo(f"    {Path(sys.executable)} -m http.server --directory {output}")
