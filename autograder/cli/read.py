"""`autograder read`: all answers to one question, one after another."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from autograder.cli import show_errors

__all__ = ["read"]


@click.command()
@click.argument("chapter")
@click.argument("question", required=False)
@click.option("--blind", is_flag=True, help="Keep names back.")
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Enter points and comments from a table: student, points, comment.",
)
@click.option("--port", default=0, metavar="NUMBER", help="Any free one by default.")
@click.option("--no-browser", is_flag=True, help="Print the address only.")
def read(
    chapter: str,
    question: str | None,
    blind: bool,
    table: Path | None,
    port: int,
    no_browser: bool,
) -> None:
    """Read all written answers to a QUESTION of a CHAPTER, in the browser.

    A digit gives or takes a point of the rubric, Enter saves and shows the next
    answer.  All that is given is in nbgrader's gradebook at once; the next
    `autograder grade` brings it into the feedback pages.
    """
    from autograder.course import NotACourse, load_course
    from autograder.exports.roster import NoRoster
    from autograder.gradebook.reading import GradebookFailed
    from autograder.reading.question import read_question

    with show_errors(NotACourse, NoRoster, GradebookFailed):
        course = load_course(Path.cwd())
        asked = read_question(course, chapter, question)
        if table is not None:
            from autograder.reading.table import enter_table

            count = enter_table(course, asked, table)
            click.echo(f"{count} answers to {asked.name} have their points.")
            return
        from autograder.reading.server import serve
        from autograder.reading.session import Session

        session = Session(course, asked, blind)
        with suppress(KeyboardInterrupt):
            serve(session, course.grading, _say, port, not no_browser)
        session.close()


def _say(address: str) -> None:
    click.echo(f"Read at {address}\nCtrl-C ends it; all that was given is kept.")
