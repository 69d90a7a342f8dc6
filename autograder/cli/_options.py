"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from autograder.sandbox.boxes import AUTO, CHOICES

__all__ = ["box_option"]


def box_option(text: str) -> Callable[[Any], Any]:
    """``--box``, with its help."""
    return click.option(
        "--box",
        type=click.Choice(CHOICES),
        default=AUTO,
        show_default=True,
        help=text,
    )
