"""`autograder doctor`: what is installed, and what to type."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import click

from autograder.cli import FAILED, PASSED

__all__ = ["doctor"]


@click.command()
def doctor() -> None:
    """Say what is installed, what is missing, and what to type.

    Exits with 0 if a learner can work, 1 if not.
    """
    from autograder.desk.doctor import GRADE, diagnose, report

    more = {}
    if find_spec("autograder.kernels") is not None:
        from autograder.classroom.exchange import find_exchange
        from autograder.classroom.privacy import find_open_folders
        from autograder.sandbox.available import find_boxes

        here = Path.cwd()
        more[GRADE] = [
            find_boxes,
            lambda: find_open_folders(here),
            lambda: find_exchange(here),
        ]
    sections = diagnose(more)
    click.echo(report(sections), nl=False)
    sys.exit(PASSED if sections[0].possible else FAILED)
