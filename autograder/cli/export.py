"""`autograder export`: marks, or a chapter, for another system."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli import show_errors
from autograder.cli._options import box_option
from autograder.exports.formats import FORMATS, Wanted
from autograder.exports.formats import export as write_export

__all__ = ["export"]

_LISTED = "\b\nFormats:\n" + "\n".join(
    f"  {name:<16} {format.what}" for name, format in FORMATS.items()
)


@click.command(epilog=_LISTED)
@click.argument("format", type=click.Choice(FORMATS))
@click.option("--chapter", metavar="NAME", help="Only this chapter.")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The class as Canvas or Moodle exports it; of mail, with addresses.",
)
@click.option("--match", metavar="COLUMN", help="Where the roster has our names.")
@click.option("--title", metavar="TEXT", help="What the assignment is called there.")
@box_option("Of gradescope: what walls student code off in its container.")
def export(
    format: str,
    chapter: str | None,
    roster: Path | None,
    match: str | None,
    title: str | None,
    box: str,
) -> None:
    """Write what another system imports, into grading/exports/."""
    from autograder.course import NotACourse, load_course
    from autograder.exports.roster import NoRoster
    from autograder.gradebook.gradebook import GradebookFailed

    with show_errors(NotACourse, NoRoster, GradebookFailed):
        course = load_course(Path.cwd())
        wanted = Wanted(course, format, chapter, roster, match, title, box)
        for line in write_export(wanted):
            click.echo(line)
