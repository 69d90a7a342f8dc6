"""Nothing is seen of what a function says while it is judged."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator

import numpy as np

from autograder.lab import experiments

__all__ = ["quiet"]

_is_quiet = False


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Let nothing be seen of what an answer prints or warns of, while it is judged.

    Around many calls of functions that can be trusted it is prepared once.
    """
    global _is_quiet
    if _is_quiet:
        yield
        return
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        experiments.judged(),
    ):
        warnings.simplefilter("ignore")
        _is_quiet = True
        try:
            yield
        finally:
            _is_quiet = False
