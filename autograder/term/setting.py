"""Writing into `grading/class.toml`: a first one, or a value, comments kept."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit

from autograder.course import Course, NotACourse
from autograder.term.class_file import NAME, class_file, read_rules
from autograder.term.keys import explained
from autograder.writing import read_if_there, write_whole

__all__ = ["begin", "set_values"]

HEADING = (
    "# The rules of this class.  A line that begins with # says nothing yet: take",
    "# the # away.  Tables, those with a name in brackets, come after all else.",
    "# `autograder class` shows what is in force.",
)


def begin(course: Course) -> Path:
    """Make the file, every key explained and none of them set.

    Raises
    ------
    NotACourse
        If there is one already.
    """
    path = class_file(course)
    if path.exists():
        raise NotACourse(f"There is a grading/{NAME} already: it stays as it is.")
    text = "\n".join([*HEADING, *explained(comment=True), ""])
    write_whole(path, text.encode(), private=True)
    return path


def set_values(course: Course, settings: Sequence[tuple[str, str]]) -> Path:
    """Set keys, as `due.03_momentum`; nothing is written that would not be read.

    A value is TOML, or a text without its quotes.  An empty one takes the key out.

    Raises
    ------
    NotACourse
        If the file would say something that is not understood.
    """
    path = class_file(course)
    data = read_if_there(path) or b""
    if data:
        read_rules(data, list(course.releases), course.timezone)
    tree = tomlkit.parse(data.decode("utf-8-sig"))
    for name, value in settings:
        _set(tree, name.split("."), value)
    text = tomlkit.dumps(tree).encode()
    read_rules(text, list(course.releases), course.timezone)
    write_whole(path, text, if_changed=True, private=True)
    return path


def _set(tree: Any, names: list[str], value: str) -> None:
    *tables, key = names
    place = tree
    for depth, name in enumerate(tables):
        if name not in place:
            place[name] = tomlkit.table(is_super_table=depth < len(tables) - 1)
        place = place[name]
    if value:
        place[key] = _value(value)
    elif key in place:
        del place[key]


def _value(text: str) -> Any:
    """A number, a list of texts, or a text."""
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return found if isinstance(found, int | float | list) else text
