"""`autograder class`: the rules of the class, explained, shown and set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli import show_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.course import Course

__all__ = ["class_"]


@click.command("class")
@click.option("--begin", is_flag=True, help="Make the file, every key explained.")
@click.option(
    "--set",
    "settings",
    nargs=2,
    multiple=True,
    metavar="KEY VALUE",
    help="Set a key, as due.03_momentum; an empty value takes it out. Give it once "
    "more for a key that needs another one.",
)
def class_(begin: bool, settings: tuple[tuple[str, str], ...]) -> None:
    """Explain grading/class.toml, and show what is in force.

    That file has the rules of your class: due dates, late work, extensions,
    attempts, groups, weights.  All of it may be left out.
    """
    from autograder.course import NotACourse, load_course
    from autograder.gradebook.gradebook import GradebookFailed
    from autograder.term.class_file import NAME
    from autograder.term.keys import explained
    from autograder.term.setting import begin as make_file
    from autograder.term.setting import set_values

    with show_errors(NotACourse, GradebookFailed):
        course = load_course(Path.cwd())
        if begin:
            click.echo(f"Written: {make_file(course).relative_to(course.root)}")
        if settings:
            click.echo(f"Set: {set_values(course, settings).relative_to(course.root)}")
        told = list(_in_force(course))
    if not (begin or settings):
        click.echo(f"grading/{NAME} may have these keys, each with an example:")
        click.echo("\n".join(explained()))
    click.echo("\nIn force now:\n")
    click.echo("\n".join(told))


def _in_force(course: Course) -> Iterator[str]:
    from autograder.classroom.grade_class import find_submissions
    from autograder.course import nbgrader_settings
    from autograder.exports.course_view import on_roster
    from autograder.gradebook.class_rules import due_dates
    from autograder.gradebook.late import refuse_two_late_rules
    from autograder.term.class_file import load_rules
    from autograder.term.in_force import in_force

    rules = load_rules(course)
    refuse_two_late_rules(course, rules)
    here = sorted({found.student for found in find_submissions(course)[0]})
    known = [*here, *on_roster(course, rules, here)]
    late = nbgrader_settings(course.root).LateSubmissionPlugin
    policy = late.get("penalty_method", "none")
    yield from in_force(rules, course.releases, due_dates(course), policy, known)
