"""Look for an answer in this installation, as a learner with Python could.

    python try_everything.py FILE

Calls everything that the package has to call, in every module that computes,
as an answer to every exercise; and what the module FILE has, to see that an
answer would be found.  Prints a JSON object: the modules and functions that
there are, which of them were right, what could not be imported.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import autograder
from autograder.calling.calls import call
from autograder.checking.cases import names, public_question
from autograder.checking.deadline import TooLong, deadline
from autograder.checking.judging import judge

PARTS = ("autograder.checking", "autograder.exercises", "autograder.lab")
"""The others read files and start processes; their text is searched."""


def main(planted: str) -> None:
    """Import all that can be, call what the parts have."""
    warnings.simplefilter("ignore")
    modules, lacking = [autograder], {}
    for found in pkgutil.walk_packages(autograder.__path__, "autograder."):
        if found.name.endswith("__main__"):
            continue
        try:
            modules.append(importlib.import_module(found.name))
        except ImportError as error:
            lacking[found.name] = str(error)
    sys.path.append(str(Path(planted).parent))
    tried = [m for m in modules if m.__name__.startswith(PARTS)]
    tried.append(importlib.import_module(Path(planted).stem))
    functions = dict(found for module in tried for found in _callables(module))
    right = [
        (exercise, name)
        for exercise in names()
        for name, function in functions.items()
        if _passes(function, exercise)
    ]
    json.dump(
        {
            "modules": [module.__name__ for module in modules],
            "functions": list(functions),
            "right": right,
            "lacking": lacking,
        },
        sys.stdout,
    )


def _callables(module: ModuleType) -> Iterator[tuple[str, Callable]]:
    """Functions and classes of a module, private ones too, and classes' methods."""
    for name, value in vars(module).items():
        home = getattr(value, "__module__", None)
        if callable(value) and home == module.__name__:
            yield f"{home}.{name}", value
            for inner, method in vars(value).items() if inspect.isclass(value) else ():
                if callable(method):
                    yield f"{home}.{name}.{inner}", method
        if isinstance(value, dict) and not name.startswith("__"):
            for key, entry in value.items():
                if callable(entry):
                    yield f"{module.__name__}.{name}[{key!r}]", entry


def _takes(function: Callable, n: int) -> bool:
    """Whether a function can be called with n arguments at all."""
    try:
        inspect.signature(function).bind(*range(n))
    except TypeError:
        return False
    except ValueError:  # it does not say
        return True
    return True


def _passes(function: Callable, exercise: str) -> bool:
    question = public_question(exercise)
    if not _takes(function, len(question.cases[0].arguments)):
        return False
    outcomes = []
    for case in question.cases:
        try:
            with deadline(2):
                outcome = call(function, case.arguments, question.parameters)
        except TooLong:
            return False
        if (outcome.error is None) != (case.expected.error is None):
            return False
        outcomes.append(outcome)
    return judge(question, outcomes).code in (
        "passed",
        "argument-changed",
        "global-random",
        "generator-unused",
        "wrong-calls",
    )


if __name__ == "__main__":
    main(sys.argv[1])
