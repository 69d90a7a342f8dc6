"""An exercise's known mistakes, read from the text file next to its module."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from inspect import getmembers, isclass, isfunction
from pathlib import Path
from typing import Any

from autograder.exercises.edited import Edit, NotAnEdit
from autograder.exercises.spec import AS_GIVEN, Misconception

__all__ = ["NotAMistake", "mistakes"]

_KEYS = {"edit", "of", "function", "form", "why"}


class NotAMistake(ValueError):
    """A file does not describe a mistake; says which file, which one, and why."""


def mistakes(
    module: str, reference: Callable, given: Sequence[str] = ()
) -> tuple[Misconception, ...]:
    """The mistakes in ``NAME.toml`` next to the module ``NAME.py``, in its order.

    Each is a table under the mistake's name:

    - `edit`: replacements in the source of the reference, see `Edit`;
    - `of`: the name of a function of the module that is edited instead;
    - `function`: instead of `edit`, the name of a function of the module
      that is wrong as a whole, where no edit says it well;
    - `form` and `why`: as in `Misconception`.  The judge knows why a law may not
      be broken, so there `why` can be left out.  ``{ as = "another" }`` says the
      same as another mistake, ``{ as = "exercise.another" }`` as another
      exercise's.

    Parameters
    ----------
    module : str
        The module's ``__name__``; what `of` and `function` name stands in it
        before this is called.
    reference : callable
        What is edited where nothing else is named.
    given : sequence of str
        Names of those that the code has all at once that a learner is to mend; it is
        the last mistake then, `AS_GIVEN`.

    Raises
    ------
    NotAMistake
        If a key is unknown, or missing, or says what cannot be.  What an edit makes
        is seen when it is made, see `Misconception.mutant`.
    """
    there = sys.modules[module]
    assert there.__file__ is not None
    path = Path(there.__file__).with_suffix(".toml")
    functions = dict(getmembers(there, lambda it: isfunction(it) or isclass(it)))
    found = [
        _mistake(path, name, entry, reference, functions)
        for name, entry in _read(path).items()
    ]
    if given:
        edits = {mistake.name: mistake.edit for mistake in found}
        found.append(_as_given(path, [edits[name] for name in given], reference))
    return tuple(found)


def _as_given(
    path: Path, edits: Sequence[Edit | None], reference: Callable
) -> Misconception:
    """The code that is to be mended, as long as nothing in it is."""
    changes: dict[str, str] = {}
    for edit in edits:
        assert edit is not None
        assert edit.of is reference
        changes |= edit.changes
    whole = Edit(reference, changes)
    return Misconception(
        AS_GIVEN,
        partial(_made, path, whole, reference.__name__),
        "the code as it was given to you",
        "Nothing that shows is mended yet.",
        whole,
    )


@cache
def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise NotAMistake(f"{path}: {error}") from None


def _mistake(
    path: Path,
    name: str,
    entry: Any,
    reference: Callable,
    functions: Mapping[str, Callable],
) -> Misconception:
    try:
        _check(name, entry)
        form = _text(path, name, entry["form"], "form")
        why = _text(path, name, entry.get("why", ""), "why")
        if "function" in entry:
            wrong = _one_of(functions, entry["function"])
            return Misconception(name, lambda: wrong, form, why)
        of = _one_of(functions, entry["of"]) if "of" in entry else reference
        edit = Edit(of, entry["edit"])
        return Misconception(name, partial(_made, path, edit, name), form, why, edit)
    except NotAMistake as error:
        raise NotAMistake(f"{path}: {name}: {error}") from None


def _made(path: Path, edit: Edit, name: str) -> Callable:
    try:
        return edit.made(name)
    except NotAnEdit as error:
        raise NotAMistake(f"{path}: {name}: {error}") from None


def _check(name: str, entry: Any) -> None:
    """Whether a table has the keys that it should have."""
    if not name.isidentifier():
        raise NotAMistake("a mistake's name is an identifier")
    if not isinstance(entry, dict):
        raise NotAMistake("a mistake is a table")
    if unknown := sorted(set(entry) - _KEYS):
        known = ", ".join(sorted(_KEYS))
        raise NotAMistake(f"{', '.join(unknown)}: unknown; there are {known}")
    if "form" not in entry:
        raise NotAMistake("there is no form")
    if ("edit" in entry) == ("function" in entry):
        raise NotAMistake("there has to be an edit or a function, one of the two")
    if "function" in entry and "of" in entry:
        raise NotAMistake("of belongs to an edit, not to a function")
    if "edit" in entry and not _is_edit(entry["edit"]):
        raise NotAMistake("an edit is a table of texts, with one at least")


def _is_edit(edit: Any) -> bool:
    if not isinstance(edit, dict) or not edit:
        return False
    return all(isinstance(new, str) and new != old for old, new in edit.items())


def _one_of(functions: Mapping[str, Callable], name: Any) -> Callable:
    if name not in functions:
        raise NotAMistake(f"{name} is no function of the module")
    return functions[name]


def _text(path: Path, name: str, text: Any, key: str) -> str:
    """A text in one line: what stands there, or what it says is the same."""
    if isinstance(text, dict) and set(text) == {"as"}:
        exercise, _, other = str(text["as"]).rpartition(".")
        entries = _read(_file_of(path, exercise))
        text = entries.get(other, {}).get(key)
        if not isinstance(text, str):
            raise NotAMistake(f"{exercise or path.stem}.{other} says no {key} itself")
    if not isinstance(text, str):
        raise NotAMistake(f"{key} is a text, or {{ as = … }}")
    return " ".join(text.split())


def _file_of(path: Path, exercise: str) -> Path:
    """The file of another exercise: `path` itself where none is named."""
    if not exercise or exercise == path.stem:
        return path
    found = sorted(path.parents[1].glob(f"*/{exercise}.toml"))
    if len(found) != 1:
        raise NotAMistake(f"{exercise} is no other exercise with known mistakes")
    return found[0]
