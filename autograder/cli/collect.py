"""`autograder collect`: other systems' archives to the folders that are graded."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli import show_errors
from autograder.cli._lock import alone_in

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from autograder.course import Course

__all__ = ["collect"]


@click.command()
@click.argument(
    "archives",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="ARCHIVE...",
)
@click.option("--chapter", metavar="NAME", help="Collect only this chapter.")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The class: names the folders, and says who is missing.",
)
@click.option("--match", metavar="COLUMN", help="Where the roster has our names.")
@click.option(
    "--form",
    type=click.Choice(
        ["gradescope", "moodle", "blackboard", "canvas", "drive", "plain"]
    ),
    help="Whose form the archive has; found out by default.",
)
@click.option("--timezone", metavar="ZONE", help="Of times that name none.")
@click.option("--dry-run", is_flag=True, help="Say all, write nothing.")
def collect(
    archives: tuple[Path, ...],
    chapter: str | None,
    roster: Path | None,
    match: str | None,
    form: str | None,
    timezone: str | None,
    dry_run: bool,
) -> None:
    """Put what was handed in where grading finds it: grading/submitted/.

    ARCHIVE is what Canvas, Moodle, Blackboard, Gradescope or Google Drive gives,
    another zip or tar, or a folder; the parts of one download are several.  Says
    who, which file, when and why.  Earlier versions are kept in grading/earlier/.

    Exits with 0 if all is used or harmless, 1 if files or people are left for you
    to look at, 2 if nothing could be read.
    """
    from rich.console import Console

    from autograder.collecting.budget import Refused
    from autograder.collecting.collect import collect as collect_all
    from autograder.collecting.collected import NOT_READ
    from autograder.collecting.printing import print_collected
    from autograder.course import NotACourse, load_course
    from autograder.exports.roster import NoRoster, read_roster

    with show_errors(NotACourse):
        course = load_course(Path.cwd())
        if chapter is not None:
            course.release(chapter)
        zone = _zone(course, timezone)
    try:
        listed = read_roster(roster) if roster else None
        with nullcontext() if dry_run else alone_in(course.grading):
            collected = collect_all(
                course, archives, chapter, listed, match, form, zone, not dry_run
            )
    except (Refused, NoRoster) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(NOT_READ)
    print_collected(collected, Console(highlight=False), not dry_run)
    sys.exit(collected.code)


def _zone(course: Course, name: str | None) -> ZoneInfo | None:
    """The time zone of times that name none: as asked, the class's, or nbgrader's."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from autograder.course import NotACourse, nbgrader_settings
    from autograder.term.class_file import zone_of

    name = name or zone_of(course.grading)
    name = name or str(nbgrader_settings(course.root).Exchange.get("timezone", ""))
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise NotACourse(
            f"There is no time zone {name}: write it as Europe/Berlin."
        ) from error
