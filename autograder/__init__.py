"""A hands-on course on optimising deep networks, with checks that name the mistake.

What a notebook needs: `check` judges a function that the learner wrote, `hint`
gives the next hint for an exercise, `progress` says what is done, `needs` whether a
function is there that a cell would call, `mine` takes one from an earlier chapter,
`predict` keeps a guess, `compare` says what came of it, `model_answer` shows what a
written answer can be compared with, and `speak` chooses the language of all this.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.desk.alone.model_answers import model_answer
    from autograder.desk.checks import CheckFailed, check, hint
    from autograder.desk.mine import mine
    from autograder.desk.needs import needs
    from autograder.desk.predictions import compare, predict
    from autograder.desk.progress_report import progress
    from autograder.language import speak

__all__ = [
    "CheckFailed",
    "check",
    "compare",
    "hint",
    "mine",
    "model_answer",
    "needs",
    "predict",
    "progress",
    "speak",
]
__version__ = "0.1.0"

DISTRIBUTION = "optimising-deep-networks"
"""What an installer calls this package; PyPI's `autograder` is somebody else's."""

ONE_THREAD = {
    f"{library}_NUM_THREADS": "1"
    for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
}
"""The course's matrices are small, and threads that wait for more of them spin.

NumPy reads it when it is loaded, so this package is to be imported before it; what
is in the environment already is left as it is.
"""

for _variable, _value in ONE_THREAD.items():
    os.environ.setdefault(_variable, _value)

_HOMES = {
    "compare": "autograder.desk.predictions",
    "mine": "autograder.desk.mine",
    "model_answer": "autograder.desk.alone.model_answers",
    "needs": "autograder.desk.needs",
    "predict": "autograder.desk.predictions",
    "progress": "autograder.desk.progress_report",
    "speak": "autograder.language",
}
"""Where the names are that do not come from `autograder.desk.checks`."""


def __getattr__(name: str) -> Any:
    """Load a name when it is asked for: where NumPy is broken, `doctor` still runs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "autograder.desk.checks")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
