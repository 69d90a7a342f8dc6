"""`autograder export`: marks, or a chapter, for another system."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli import show_errors
from autograder.cli._options import box_option

__all__ = ["export"]

FORMATS = ("canvas", "moodle", "nbgrader", "gradescope", "github")


@click.command()
@click.argument("format", type=click.Choice(FORMATS))
@click.option("--chapter", metavar="NAME", help="Only this chapter.")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The class as Canvas or Moodle exports it, to be filled in.",
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
    """Write what another system imports, into grading/exports/.

    canvas and moodle: the gradebook's marks, one file for each chapter.
    nbgrader: its own CSV.  gradescope: an autograder for one chapter.  github: a
    workflow that runs a chapter's checks.
    """
    from autograder.course import NotACourse, load_course
    from autograder.exports.export import export as write_export
    from autograder.exports.roster import NoRoster
    from autograder.gradebook.gradebook import GradebookFailed

    with show_errors(NotACourse, NoRoster, GradebookFailed):
        course = load_course(Path.cwd())
        for line in write_export(course, format, chapter, roster, match, title, box):
            click.echo(line)
