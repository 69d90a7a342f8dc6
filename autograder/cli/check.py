"""`autograder check`: the functions in a file, judged."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli import FAILED, PASSED

if TYPE_CHECKING:
    from autograder.checking.verdict import Verdict

__all__ = ["check"]

UNREADABLE = 2
"""Exit code: the file cannot be read."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--exercise", metavar="NAME", help="Judge only this function.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
def check(file: Path, exercise: str | None, as_json: bool) -> None:
    """Judge the functions in a .py file or a notebook, in the public cases.

    Exits with 0 if all are right, 1 if some are not, 2 if FILE cannot be read.
    """
    from autograder.grading.one_file import language_of
    from autograder.language import speaking

    with speaking(language_of(file)):
        _check(file, exercise, as_json)


def _check(file: Path, exercise: str | None, as_json: bool) -> None:
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
        "told": [vars(statement) for statement in verdict.told],
    }
