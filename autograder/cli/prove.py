"""`autograder prove`: whether an exercise's cases see every small change."""

from __future__ import annotations

import sys

import click

from autograder.cli import FAILED, PASSED

__all__ = ["prove"]


@click.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE]...")
@click.option("--told", is_flag=True, help="Count what is told, too; takes long.")
def prove(names: tuple[str, ...], told: bool) -> None:
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
    holes = mutants = asked = untold = 0
    for exercise in EXERCISES:
        if names and exercise.name not in names:
            continue
        chapter = chapter_of(exercise.name)
        proof = prove_exercise(exercise, chapter, public_seed(exercise.name), told)
        untold += len(proof.untold)
        mutants += proof.n_mutants
        asked += 0 if exercise.broken else proof.n_mutants
        holes += len(proof.survivors) + len(proof.stale)
        listed = f", {len(exercise.harmless)} listed" if exercise.harmless else ""
        click.echo(f"{exercise.name}: {proof.n_mutants} mutants{listed}")
        for change in proof.survivors:
            click.echo(f"    passes: {change}")
        for change in proof.untold:
            click.echo(f"    refused, and no word on why: {change}")
        for change in proof.stale:
            click.echo(f"    listed, but refused or not there: {change}")
    click.echo(f"{mutants} mutants, {holes} to look at")
    if told and asked:
        click.echo(
            f"{1 - untold / asked:.1%} of {asked} are told what is wrong "
            "(of code to be mended nothing is)"
        )
    sys.exit(FAILED if holes else PASSED)
