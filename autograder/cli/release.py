"""`autograder release`: a chapter's notebook frozen under a number."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import click

from autograder.cli import show_errors
from autograder.cli._lock import alone_in

__all__ = ["release"]


@click.command()
@click.argument("chapter")
def release(chapter: str) -> None:
    """Freeze CHAPTER's notebook, exercises and points under a number.

    The number is in the notebook's metadata: whoever hands it in is graded by that
    release, whatever is released later.  `autograder bundle` hands out the newest.
    """
    from autograder.classroom.grade_class import find_submissions
    from autograder.course import TRANSLATIONS, NotACourse, load_course
    from autograder.grading.released import refuse_outdated_releases
    from autograder.submissions.releases import release_of
    from autograder.term.freezing import concerns, freeze

    with show_errors(NotACourse):
        course = load_course(Path.cwd())
        if chapter in course.built:
            built = replace(course, releases=course.built, frozen={})
            refuse_outdated_releases(built, [chapter])
        with alone_in(course.grading):
            found = freeze(course, chapter)
            theirs = Counter(
                release_of(one.read(course).data, course, chapter).number
                for one in find_submissions(course, chapter)[0]
            )
        state = "frozen" if found.new else "is what the course makes still"
        click.echo(f"Release {found.number} of {chapter} {state}.")
        click.echo(concerns(found, theirs))
        where = found.path.relative_to(course.root)
        click.echo(
            f"It lies in {where.as_posix()}. Hand it out with\n"
            f"    autograder bundle {chapter}\n"
            f"or, on JupyterHub,\n"
            f"    nbgrader release_assignment {chapter} --force "
            f"--CourseDirectory.release_directory={where.parts[0]}/"
            f"{where.parts[1]}/{found.number}"
        )
        for language in found.languages:
            click.echo(
                f"In {language} as well: autograder bundle {chapter} --language "
                f"{language}, or on JupyterHub the folder "
                f"{where.parts[0]}/{where.parts[1]}/{found.number}/{TRANSLATIONS}/"
                f"{language}."
            )
