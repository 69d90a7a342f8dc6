"""What `autograder collect` does, given what was typed."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.console import Console

from autograder.collecting.collect import collect
from autograder.collecting.collected import NOT_READ
from autograder.collecting.limits import Refused
from autograder.collecting.printing import print_collected
from autograder.course import NotACourse, load_course, nbgrader_settings
from autograder.exports.roster import NoRoster, read_roster

__all__ = ["run"]


def run(
    root: Path,
    sources: tuple[Path, ...],
    chapter: str | None,
    roster: Path | None,
    column: str | None,
    form: str | None,
    timezone: str | None,
    dry_run: bool,
    console: Console,
) -> int:
    """Collect, print, and give the exit code.

    Raises
    ------
    NotACourse
        If the folder holds no course, or the course no such chapter.
    """
    course = load_course(root)
    if chapter is not None and chapter not in course.releases:
        known = ", ".join(course.releases)
        raise NotACourse(f"There is no released chapter {chapter}; there are {known}.")
    named = timezone or str(nbgrader_settings(course.root).Exchange.get("timezone", ""))
    try:
        zone = ZoneInfo(named) if named else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise NotACourse(
            f"There is no time zone {named}: write it as Europe/Berlin."
        ) from error
    try:
        listed = read_roster(roster) if roster else None
        collected = collect(
            course, sources, chapter, listed, column, form, zone, not dry_run
        )
    except (Refused, NoRoster) as error:
        console.print(f"Error: {error}", style="red", markup=False, soft_wrap=True)
        return NOT_READ
    print_collected(collected, console, not dry_run)
    return collected.code
