"""`autograder chapters`: the table of chapters."""

from __future__ import annotations

import click

__all__ = ["chapters"]


@click.command()
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
