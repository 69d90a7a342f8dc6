"""The command line: `autograder build`, `check`, `grade`, `prove`."""

from __future__ import annotations

import errno
import json
import os
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

import autograder

if TYPE_CHECKING:
    from autograder.checking.judging import Verdict
    from autograder.course import Course

__all__ = ["main"]

PASSED, FAILED, UNREADABLE = 0, 1, 2
"""Exit codes: everything is right, something is not, it cannot be read."""

UNSETTLED = 3
"""Exit code of `grade`: graded, but not everything there is accounted for."""

INTERRUPTED = 130
"""What a shell reports of a command that Ctrl-C ended."""

FOR_THE_TEACHER = {errno.EACCES, errno.EDQUOT, errno.ENOSPC, errno.EPERM, errno.EROFS}
"""What is wrong with a disk, not with this package."""

FORMATS = ("canvas", "moodle", "nbgrader", "gradescope", "github")
"""What `autograder export` writes for."""

SAMPLE_CHAPTER = "03_momentum"
"""The chapter of the sample class, unless another one is asked for."""


FOR_LEARNERS = ("check", "doctor", "lab", "progress")
"""Commands that a learner's installation has too; the bundle's package has what
they import, and nothing for the others.
"""


class _Commands(click.Group):
    """The commands; in a learner's installation those of the author say so."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = super().list_commands(ctx)
        return [name for name in names if _is_here(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if command is not None and not _is_here(cmd_name):
            raise click.ClickException(
                f"`autograder {cmd_name}` is not part of a learner's installation.\n"
                "It needs the course itself, which whoever teaches it has."
            )
        return command


def _is_here(command: str) -> bool:
    return command in FOR_LEARNERS or find_spec("autograder.kernels") is not None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(autograder.__version__, prog_name="autograder")
def main() -> None:
    """A course on optimising deep networks, with checks that name the mistake."""


@main.command()
@click.argument("chapters", nargs=-1, metavar="[CHAPTER]...")
@click.option("--check", is_flag=True, help="Write nothing; say what is out of date.")
@click.option(
    "--from-ipynb",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Bring an edit made in Jupyter back into the chapter's text.",
)
def build(chapters: tuple[str, ...], check: bool, from_ipynb: Path | None) -> None:
    """Make the notebooks from solutions/CHAPTER/CHAPTER.py.

    With no CHAPTER, makes all of them.
    """
    from autograder.authoring.errors import BuildError

    try:
        if from_ipynb is not None:
            _bring_back(from_ipynb)
        else:
            _build(chapters, check)
    except BuildError as error:
        raise click.ClickException(str(error)) from error


def _build(chapters: tuple[str, ...], check: bool) -> None:
    from autograder.authoring.products import build as build_course

    differences = build_course(Path.cwd(), chapters or None, check=check)
    for difference in differences:
        click.echo(str(difference))
        if check and difference.hint:
            click.echo(difference.hint)
    if not differences:
        click.echo("Every notebook is what its source makes.")
    elif check:
        raise click.ClickException("Run `autograder build` and commit what it writes.")


def _bring_back(path: Path) -> None:
    from autograder.authoring.edits import from_ipynb

    brought = from_ipynb(path)
    for sentence in brought.dropped:
        click.echo(f"Not brought back: {sentence}")
    if brought.changed:
        click.echo(f"{brought.path} is new. Now run `autograder build`.")
    else:
        click.echo(f"{brought.path} says the same already.")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTION]...")
def lab(options: tuple[str, ...]) -> None:
    """Open JupyterLab on the start page, for the chapters in this folder.

    Every OPTION is passed on to JupyterLab: --port=8890, --no-browser.
    """
    from autograder.desk.progress import NoNotebooks
    from autograder.desk.starting import start

    try:
        start(Path.cwd(), options)
    except NoNotebooks as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
def progress(folder: Path) -> None:
    """Say what is done in the chapters of FOLDER, here by default.

    Reads the saved notebooks and runs nothing in them.
    """
    from autograder.desk.progress import NoNotebooks, find_notebooks, read_progress
    from autograder.desk.progress_report import as_text

    try:
        click.echo(as_text(read_progress(find_notebooks(folder))), nl=False)
    except NoNotebooks as error:
        raise click.ClickException(str(error)) from error


@main.command()
def doctor() -> None:
    """Say what is installed, what is missing, and what to type.

    Exits with 0 if a learner can work, 1 if not.
    """
    from importlib.util import find_spec

    from autograder.desk.doctor import GRADE, diagnose, report

    more = {}
    if find_spec("autograder.kernels") is not None:
        from autograder.sandbox.available import find_boxes

        more[GRADE] = [find_boxes]
    sections = diagnose(more)
    click.echo(report(sections), nl=False)
    sys.exit(PASSED if sections[0].possible else FAILED)


@main.command()
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

    try:
        made = make_bundle(Path.cwd(), chapters or None, output)
    except BuildError as error:
        raise click.ClickException(str(error)) from error
    for path in (made.archive, made.wheel):
        size = path.stat().st_size / 1e6
        click.echo(f"{output / path.name}: {size:.1f} MB")
    n = sum(len(chapter.exercises) for chapter in made.chapters)
    chapter = "chapter" if len(made.chapters) == 1 else "chapters"
    click.echo(f"{len(made.chapters)} {chapter}, {n} exercises, no answer.")


@main.command()
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

    try:
        made = make_site(Path.cwd(), chapters or None, output, pyodide)
    except BuildError as error:
        raise click.ClickException(str(error)) from error
    size = sum(p.stat().st_size for p in made.folder.rglob("*") if p.is_file()) / 1e6
    click.echo(f"{output}: {len(made.bundle.chapters)} chapters, {size:.0f} MB")
    click.echo("Put it on any web server. To look at it on this machine:")
    click.echo(f"    {Path(sys.executable)} -m http.server --directory {output}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--exercise", metavar="NAME", help="Judge only this function.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
def check(file: Path, exercise: str | None, as_json: bool) -> None:
    """Judge the functions in a .py file or a notebook, in the public cases.

    Exits with 0 if all are right, 1 if some are not, 2 if FILE cannot be read.
    """
    from autograder.checking.cases import NoSuchExercise
    from autograder.grading.one_file import CannotRead, check_file
    from autograder.sandbox.box import BoxFailed

    try:
        verdicts = check_file(file, exercise)
    except (CannotRead, NoSuchExercise, BoxFailed) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(UNREADABLE)
    if as_json:
        click.echo(json.dumps([_as_object(v) for v in verdicts], indent=2))
    else:
        for verdict in verdicts:
            click.echo(verdict.message.text())
        right = sum(verdict.passed for verdict in verdicts)
        click.echo(f"{right} of {len(verdicts)} right")
    sys.exit(PASSED if all(verdict.passed for verdict in verdicts) else FAILED)


def _as_object(verdict: Verdict) -> dict[str, object]:
    return {
        "exercise": verdict.exercise,
        "chapter": verdict.chapter,
        "passed": verdict.passed,
        "score": verdict.score,
        "points": verdict.points,
        "code": verdict.code,
        "misconceptions": list(verdict.misconceptions),
        "message": verdict.message.text(),
    }


@main.command()
@click.option("--chapter", metavar="NAME", help="Grade only this chapter.")
@click.option("--jobs", type=click.IntRange(min=1), help="How many at a time.")
@click.option(
    "--full", is_flag=True, help="Run the experiments too; no mark depends on them."
)
@click.option(
    "--pictures", is_flag=True, help="Draw figures and show them in feedback."
)
@click.option(
    "--box",
    type=click.Choice(["auto", "sandlock", "bubblewrap", "none"]),
    default="auto",
    show_default=True,
    help="What walls student code off; none is for notebooks of your own.",
)
@click.option("--again", is_flag=True, help="Grade also what has not changed.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Grade on the workers of a Dask cluster."
)
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
    changed since the last time is not graded again.  With no submission there,
    makes a sample class and grades that.

    Exits with 0 if all that was handed in is graded, 3 if it is not: what stands
    first under Problems waits for a person.
    """
    from rich.console import Console

    from autograder.classroom.cluster import NoCluster
    from autograder.classroom.grade_class import find_submissions, grade_class
    from autograder.course import NotACourse, load_course
    from autograder.exports.class_files import write_exports
    from autograder.report.table import progress_bar
    from autograder.report.table import report as print_report
    from autograder.sandbox.boxes import NoBox

    console = Console(highlight=False)
    try:
        course = load_course(Path.cwd())
        sample = not find_submissions(course, chapter)[0]
        if sample:
            _refuse_a_sample_among_others(course, chapter)
            _hand_in_a_sample(course, chapter)
            box = _box_for_sample(box)
        _tell_of_a_new_secret(course)
        with progress_bar(console) as progress:
            result = grade_class(
                course,
                chapter,
                jobs,
                progress,
                full,
                box=box,
                again=again,
                pictures=pictures,
                scheduler=scheduler,
                announce=partial(console.print, soft_wrap=True),
            )
        try:
            files, unwritten = write_exports(result, chapter), None
        except OSError as error:
            files, unwritten = (), error
        print_report(result, console, files)
        if unwritten is not None:
            raise unwritten
        if result.unsettled and not sample:
            sys.exit(UNSETTLED)
    except (NotACourse, NoBox, NoCluster) as error:
        raise click.ClickException(str(error)) from error
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
        sys.exit(INTERRUPTED)


def _tell_of_a_new_secret(course: Course) -> None:
    from autograder.classroom.store import FOLDER

    if (course.grading / FOLDER).is_dir() and not (course.grading / "secret").exists():
        click.echo(
            "grading/secret is gone: a new one is made, everybody is graded again and "
            "gets\nother cases. To get the same ones, put the old file back from a "
            "copy and repeat\nthis command.\n"
        )


def _box_for_sample(box: str) -> str:
    """The sample class is our own: where there are no walls it needs none."""
    from autograder.sandbox.boxes import NONE, NoBox, choose_box

    try:
        return choose_box(box)
    except NoBox as error:
        click.echo(f"{error}\nThe sample class is ours and is graded without.\n")
        return NONE


def _refuse_a_sample_among_others(course: Course, chapter: str | None) -> None:
    """A sample class is made in an empty folder only, never among real students."""
    from autograder.classroom.grade_class import find_submissions
    from autograder.course import NotACourse

    others, odd = find_submissions(course)
    if not others and not odd:
        return
    folder = course.submitted.relative_to(course.root).as_posix()
    missing = f"{folder}/STUDENT/{chapter or 'CHAPTER'}"
    raise NotACourse(
        "\n".join([f"Nothing to grade: there is no {missing}.", *(s.text for s in odd)])
    )


def _hand_in_a_sample(course: Course, chapter: str | None) -> None:
    from autograder.sample.sample_class import write_class

    released = list(course.releases)
    chosen = chapter or (SAMPLE_CHAPTER if SAMPLE_CHAPTER in released else released[0])
    students = write_class(course, chosen)
    folder = course.submitted.relative_to(course.root).as_posix()
    grading = course.grading.relative_to(course.root).as_posix()
    click.echo(
        f"Nobody has handed in yet: there is no submission in {folder}/.\n"
        f"Here is a sample class of {len(students)} for {chosen}, graded as a real\n"
        "one would be. Before the first real notebook comes in, throw it away with\n"
        f"its marks and its secret: rm -r {grading}\n"
    )


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTION]...")
def formgrader(options: tuple[str, ...]) -> None:
    """Open nbgrader's formgrader: release, grade, comment, in the browser.

    Every OPTION is passed on to JupyterLab: --port=8890, --no-browser.
    """
    from autograder.course import NotACourse, load_course
    from autograder.gradebook.formgrader import start

    try:
        start(load_course(Path.cwd()), options)
    except NotACourse as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--anonymous", is_flag=True, help="Without names, to show in class.")
def report(anonymous: bool) -> None:
    """Write the class report from what grading stored; grades nothing.

    One page and its numbers as CSV, in grading/report/: marks, pass rates, the
    mistakes that the class makes and what to say about them.  Marks are those
    that the gradebook has now.
    """
    from autograder.course import NotACourse, load_course
    from autograder.report.report import write_report
    from autograder.report.results_file import (
        NoResults,
        read_results,
        with_current_marks,
    )

    try:
        stored = read_results(load_course(Path.cwd()))
        page, *_ = write_report(with_current_marks(stored), anonymous)
    except (NotACourse, NoResults) as error:
        raise click.ClickException(str(error)) from error
    click.echo(os.path.relpath(page))


@main.command()
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
@click.option(
    "--box",
    type=click.Choice(["auto", "sandlock", "bubblewrap", "none"]),
    default="auto",
    show_default=True,
    help="Of gradescope: what walls student code off in its container.",
)
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

    try:
        course = load_course(Path.cwd())
        for line in write_export(course, format, chapter, roster, match, title, box):
            click.echo(line)
    except (NotACourse, NoRoster, GradebookFailed) as error:
        raise click.ClickException(str(error)) from error


@main.command()
def chapters() -> None:
    """List the chapters: what each asks, and how long its core takes."""
    from autograder.exercises import CHAPTERS

    click.echo("| chapter | about | core | further | minutes | points |")
    click.echo("|---|---|---|---|---|---|")
    for chapter in CHAPTERS:
        further = sum(exercise.bonus for exercise in chapter.exercises)
        core = len(chapter.exercises) - further
        points = sum(exercise.points for exercise in chapter.exercises)
        points += sum(question.points for question in chapter.written)
        click.echo(
            f"| `{chapter.name}` | {chapter.title} | {core} | {further} "
            f"| {chapter.minutes} | {points} |"
        )


@main.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE]...")
def prove(names: tuple[str, ...]) -> None:
    """Break each reference kernel in small ways and see every mutant refused.

    With no EXERCISE, proves all of them.  A mutant that passes is a hole in an
    exercise's cases, unless the exercise lists it with a reason.
    """
    from autograder.authoring.prover import prove as prove_exercise
    from autograder.checking.cases import public_seed
    from autograder.exercises import EXERCISES, chapter_of

    unknown = set(names) - {exercise.name for exercise in EXERCISES}
    if unknown:
        raise click.ClickException(
            f"No exercise is called {', '.join(sorted(unknown))}."
        )
    holes = mutants = 0
    for exercise in EXERCISES:
        if names and exercise.name not in names:
            continue
        chapter = chapter_of(exercise.name)
        proof = prove_exercise(exercise, chapter, public_seed(exercise.name))
        mutants += proof.n_mutants
        holes += len(proof.survivors) + len(proof.stale)
        listed = f", {len(exercise.harmless)} listed" if exercise.harmless else ""
        click.echo(f"{exercise.name}: {proof.n_mutants} mutants{listed}")
        for change in proof.survivors:
            click.echo(f"    passes: {change}")
        for change in proof.stale:
            click.echo(f"    listed, but refused or not there: {change}")
    click.echo(f"{mutants} mutants, {holes} to look at")
    sys.exit(FAILED if holes else PASSED)
