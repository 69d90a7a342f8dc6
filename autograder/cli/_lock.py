"""One command at a time writes into a course."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

__all__ = ["alone_in"]

WAITS = (
    "Another `autograder grade` or `collect` is at work in {}/: this one waits until "
    "it has ended."
)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other command writes there, and say so; keep others waiting.

    The system ends a lock with its process, however that ends.
    """
    from filelock import FileLock, Timeout

    from autograder.course import LOCK
    from autograder.writing import make_private_folder

    make_private_folder(folder)
    lock = FileLock(folder / LOCK, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        click.echo(WAITS.format(folder.name), err=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
