"""`autograder grade`: a class, graded, with a sample class where there is none."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from autograder.cli import show_errors
from autograder.cli._lock import alone_in
from autograder.cli._options import box_option

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = ["grade"]

UNSETTLED = 3
"""Exit code: graded, but not everything there is accounted for."""

INTERRUPTED = 130
"""What a shell reports of a command that Ctrl-C ended."""

FOR_THE_TEACHER = {errno.EACCES, errno.EDQUOT, errno.ENOSPC, errno.EPERM, errno.EROFS}
"""What is wrong with a disk, not with this package."""

GARBAGE = 20_000
"""New objects after which Python looks for garbage: thousands of results are none."""

TURN = 1e-4
"""Seconds for which one thread holds up the other while the program starts."""

SAMPLE_CHAPTER = "03_momentum"
"""The chapter of the sample class, unless another one is asked for."""


@contextmanager
def _tell_what_stopped_it() -> Iterator[None]:
    """A full disk and Ctrl-C end the command with a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in FOR_THE_TEACHER:
            raise
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(
            f"{where}{error.strerror}.\nPut that right and give the same command again."
        ) from error
    except KeyboardInterrupt:
        click.echo(
            "\nInterrupted. What is graded is kept: the same command goes on from "
            "there.",
            err=True,
        )
        gc.freeze()  # else Python takes a second to look through all it has loaded
        sys.exit(INTERRUPTED)


@click.command()
@click.option("--chapter", metavar="NAME", help="Grade only this chapter.")
@click.option("--jobs", type=click.IntRange(min=1), help="How many at a time.")
@click.option(
    "--full", is_flag=True, help="Run the experiments too; no mark depends on them."
)
@click.option(
    "--pictures", is_flag=True, help="Draw figures and show them in feedback."
)
@box_option("What walls student code off; none is for notebooks of your own.")
@click.option("--again", is_flag=True, help="Grade also what has not changed.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Grade on the workers of a Dask cluster."
)
@_tell_what_stopped_it()
def grade(
    chapter: str | None,
    jobs: int | None,
    full: bool,
    pictures: bool,
    box: str,
    again: bool,
    scheduler: str | None,
) -> None:
    """Grade the class in grading/submitted/STUDENT/CHAPTER/.

    Enters the marks into nbgrader's gradebook and writes feedback pages, the
    class report, grading/marks.csv and grading/results.json.  What has not
    changed since the last time is not graded again.  With nothing at all in
    grading/, makes a sample class in sample/ and grades that.

    Exits with 0 if all that was handed in is graded, 3 if it is not: what stands
    first under Problems waits for a person.
    """
    _begin(box, scheduler)
    from rich.console import Console

    from autograder.classroom.cluster import NoCluster
    from autograder.classroom.grade_class import find_submissions, grade_class
    from autograder.classroom.privacy import told_if_open
    from autograder.course import NotACourse, load_course
    from autograder.exports.class_files import write_exports
    from autograder.exports.course_view import on_roster
    from autograder.grading.released import refuse_outdated_releases
    from autograder.report.terminal import progress_bar
    from autograder.report.terminal import report as print_report
    from autograder.sample.home import home_of, refuse_beside_others
    from autograder.sandbox.boxes import NoBox
    from autograder.sandbox.options import RunOptions
    from autograder.term.class_file import load_rules

    console = Console(highlight=False)
    with ExitStack() as stack:
        stack.enter_context(show_errors(NotACourse, NoBox, NoCluster))
        course = load_course(Path.cwd())
        on_roster(course, load_rules(course), [])  # read before anything is graded
        sample = not find_submissions(course, chapter)[0]
        if sample:
            refuse_beside_others(course, chapter)
            refuse_outdated_releases(course)
            course = home_of(course)
            _hand_in_a_sample(course, chapter)
            box = _box_for_sample(course, box)
        stack.enter_context(alone_in(course.grading))
        _tell_of_a_new_secret(course)
        with progress_bar(console) as progress:
            result = grade_class(
                course,
                chapter,
                jobs,
                progress,
                RunOptions(box, full=full, pictures=pictures),
                again=again,
                scheduler=scheduler,
                announce=partial(console.print, soft_wrap=True),
            )
        try:
            files, unwritten = write_exports(result, chapter), None
        except OSError as error:
            files, unwritten = (), error
        print_report(result, console, files)
        if (told := told_if_open(course.root)) and not sample:
            click.echo(f"\n{told}")
        if unwritten is not None:
            raise unwritten
        if result.unsettled and not sample:
            sys.exit(UNSETTLED)


def _begin(box: str, scheduler: str | None) -> None:
    """Begin at once with what takes a while, next to reading this program."""
    from autograder.classroom.preloading import preload
    from autograder.sandbox.boxes import NoBox, choose_box

    gc.set_threshold(GARBAGE)
    usual = sys.getswitchinterval()

    def choose() -> None:
        with suppress(NoBox):  # which is told when the box is needed
            choose_box(box)
        sys.setswitchinterval(usual)

    if scheduler is None and os.name == "posix":
        preload()
        # The thread waits for the disk a thousand times, and after each for its turn.
        sys.setswitchinterval(TURN)
        Thread(target=choose).start()  # its folder goes when it is done


def _tell_of_a_new_secret(course: Course) -> None:
    from autograder.classroom.store import FOLDER

    if (course.grading / FOLDER).is_dir() and not (course.grading / "secret").exists():
        click.echo(
            f"{course.grading.name}/secret is gone: a new one is made, everybody is "
            "graded again and gets\nother cases. To get the same ones, put the old "
            "file back from a copy and repeat\nthis command.\n"
        )


def _box_for_sample(home: Course, box: str) -> str:
    """Where there are no walls a sample class that is just ours needs none."""
    from autograder.sample.home import is_ours
    from autograder.sandbox.boxes import NONE, NoBox, choose_box

    try:
        return choose_box(box)
    except NoBox as error:
        if not is_ours(home):
            raise
        click.echo(f"{error}\nThe sample class is ours and is graded without.\n")
        return NONE


def _hand_in_a_sample(home: Course, chapter: str | None) -> None:
    from autograder.sample.home import HOME, hand_in

    released = list(home.releases)
    chosen = chapter or (SAMPLE_CHAPTER if SAMPLE_CHAPTER in released else released[0])
    students = hand_in(home, chosen)
    click.echo(
        "Nobody has handed in yet: grading/ is empty.\n"
        f"Here is a sample class of {len(students)} for {chosen}, graded as a real\n"
        f"one would be. All of it is in {HOME}/, and nothing else knows of it: delete\n"
        f"{HOME}/ whenever you like.\n"
    )
