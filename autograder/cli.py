"""The command line: `autograder build`, `check`, `grade`, `prove`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import autograder

__all__ = ["main"]

PASSED, FAILED, UNREADABLE = 0, 1, 2
"""Exit codes: everything is right, something is not, it cannot be read."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
    from autograder.building.errors import BuildError

    try:
        if from_ipynb is not None:
            _bring_back(from_ipynb)
        else:
            _build(chapters, check)
    except BuildError as error:
        raise click.ClickException(str(error)) from error


def _build(chapters: tuple[str, ...], check: bool) -> None:
    from autograder.building.products import build as build_course

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
    from autograder.building.edits import from_ipynb

    brought = from_ipynb(path)
    for sentence in brought.dropped:
        click.echo(f"Not brought back: {sentence}")
    if brought.changed:
        click.echo(f"{brought.path} is new. Now run `autograder build`.")
    else:
        click.echo(f"{brought.path} says the same already.")


@main.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE]...")
def prove(names: tuple[str, ...]) -> None:
    """Break each reference kernel in small ways and see every mutant refused.

    With no EXERCISE, proves all of them.  A mutant that passes is a hole in an
    exercise's cases, unless the exercise lists it with a reason.
    """
    from autograder.checking.cases import public_seed
    from autograder.checking.prover import prove as prove_exercise
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
