"""NumPy's global random state: seen whether it was used, and put back.

`get_state` makes a number of Python's of each of its 624 words, which takes longer
than most answers do; so the words are compared where they lie.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

__all__ = ["Watched", "global_random_kept"]

_SIZE = (624 + 1) * 4
"""Bytes of the words of a Mersenne twister, and of its place among them."""


@dataclass
class Watched:
    """Whether the global state was drawn from or seeded."""

    used: bool = False


@contextlib.contextmanager
def global_random_kept() -> Iterator[Watched]:
    """Leave the global random state as it was; tell at the end whether it was used."""
    generator, words, state = _whole()
    watched = Watched()
    try:
        yield watched
    finally:
        watched.used = not _is_now(generator, words, state)
        if watched.used:
            np.random.mtrand.set_bit_generator(generator)
            np.random.set_state(state)


_latest: tuple[Any, bytes, dict[str, Any]] | None = None
"""A generator, its words, and the whole state that goes with them."""


def _whole() -> tuple[Any, bytes, dict[str, Any]]:
    """The generator of the global state, its words or nothing, and all of the state."""
    global _latest
    generator = np.random.mtrand.get_bit_generator()
    words = _words(generator)
    if _latest is None or not _is_now(*_latest):
        _latest = generator, words, np.random.get_state(legacy=False)
    return _latest


def _is_now(generator: Any, words: bytes, state: dict[str, Any]) -> bool:
    """Whether the global state is this one."""
    if np.random.mtrand.get_bit_generator() is not generator:
        return False
    if not words or state["has_gauss"]:  # a normal number waits: words do not tell
        return _comparable(np.random.get_state(legacy=False)) == _comparable(state)
    return _words(generator) == words


def _words(generator: Any) -> bytes:
    """The words of a Mersenne twister and its place; nothing if they lie elsewhere."""
    if type(generator) is not np.random.MT19937 or not _lie_as_known():
        return b""
    return _read(generator)


def _read(generator: Any) -> bytes:
    import ctypes

    return ctypes.string_at(generator.ctypes.state_address, _SIZE)


@cache
def _lie_as_known() -> bool:
    """Whether this NumPy has them where they are looked for."""
    tried = np.random.MT19937(0)
    state = tried.state["state"]
    expected = state["key"].tobytes() + np.intc(state["pos"]).tobytes()
    try:
        return _read(tried) == expected
    except (ImportError, AttributeError, NotImplementedError):  # there is no ctypes
        return False


def _comparable(state: Any) -> Any:
    if isinstance(state, dict):
        return [(name, _comparable(value)) for name, value in state.items()]
    return state.tobytes() if isinstance(state, np.ndarray) else state
