"""What is there for experiments alone, and not for an answer that is judged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

__all__ = ["judged", "only_here"]

_depth = 0


@contextlib.contextmanager
def judged() -> Iterator[None]:
    """While an answer is called to be judged."""
    global _depth
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1


def only_here(name: str) -> None:
    """Refuse to do an answer's work; RuntimeError while one is judged."""
    if _depth:
        raise RuntimeError(
            f"`{name}` is for experiments. An answer has a training loop of its own."
        )
