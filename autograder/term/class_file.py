"""`grading/class.toml`, read: whatever is not understood is an error that says why."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.course import Course, NotACourse
from autograder.submissions.names import composed
from autograder.term.keys import KEYS, LATE_KEYS
from autograder.term.rules import A_DAY, ATTEMPTS, LATE_RULES, Late, Rules
from autograder.term.values import NoValue, amount, due_time, number, span_of
from autograder.text import clean
from autograder.writing import read_if_there

__all__ = ["NAME", "class_file", "load_rules", "read_rules", "zone_of"]

NAME = "class.toml"


def class_file(course: Course) -> Path:
    """Where the file of the class is, or would be."""
    return course.grading / NAME


def load_rules(course: Course) -> Rules:
    """What the class has agreed on; nothing but the time zone if there is no file.

    Raises
    ------
    NotACourse
        If something in it is not understood: every such line, and what was meant.
    """
    try:
        data = read_if_there(class_file(course))
    except OSError as error:
        raise NotACourse(f"{_place()}: {error.strerror or error}.") from None
    if data is None:
        return Rules(zone=course.timezone)
    return read_rules(data, list(course.releases), course.timezone)


def read_rules(data: bytes, chapters: Collection[str], zone: str = "") -> Rules:
    """The rules in the bytes of a file.

    Parameters
    ----------
    data : bytes
    chapters : collection of str
        All that are released.
    zone : str
        That of nbgrader's settings.
    """
    try:
        text = data.decode("utf-8-sig")
        tree = tomllib.loads(text)
    except UnicodeDecodeError:
        raise NotACourse(f"{_place()} is not in UTF-8: save it as that.") from None
    except tomllib.TOMLDecodeError as error:
        raise NotACourse(f"{_place()}: {error}. {_hint(text)}".rstrip()) from None
    reader = _Reader(text, tree, chapters, zone)
    rules = reader.rules()
    if reader.wrong:
        told = [*reader.wrong, "Nothing is graded: put that right first."]
        raise NotACourse("\n".join(told))
    return rules


class _Reader:
    """Reads a tree key by key, and goes on where something is wrong."""

    def __init__(
        self, text: str, tree: dict[str, Any], chapters: Collection[str], zone: str
    ) -> None:
        self._lines = text.splitlines()
        self._tree = tree
        self._chapters = chapters
        self._zone = zone
        self.wrong: list[str] = []

    def rules(self) -> Rules:
        names = [key.name for key in KEYS]
        for name in self._tree:
            if name not in names:
                self._unknown("key", name, names)
        zone = self._zone = self._read("timezone", _zone, self._zone)
        due = self._by_chapter("due", lambda _, value: due_time(value, zone))
        if "column" in self._tree and "roster" not in self._tree:
            self._tell("column", "column is one of a roster, and no roster is named.")
        return Rules(
            there=True,
            zone=zone,
            due=due,
            late=self._late(),
            extensions=self._extensions(due or {}),
            attempt=self._read("attempt", lambda v: _one_of(v, ATTEMPTS), ATTEMPTS[0]),
            groups=self._groups(),
            weights=self._by_chapter("weights", lambda _, value: number(value)) or {},
            drop_lowest=self._read("drop_lowest", lambda v: number(v, whole=True), 0),
            bonus_cap=self._read("bonus_cap", number, None),
            roster=self._read("roster", _file_name, ""),
            column=self._read("column", _words, ""),
        )

    def _late(self) -> Late | None:
        table = self._table("late")
        if table is None:
            return None
        for name in table:
            if name not in LATE_KEYS:
                self._unknown("key", name, LATE_KEYS, "late")
        reads: dict[str, Callable[[Any], Any]] = {
            "rule": lambda v: _one_of(v, LATE_RULES),
            "amount": amount,
            "grace": span_of,
            "cap": amount,
        }
        found = {
            name: value
            for name, read in reads.items()
            if name in table
            and (value := self._value(read, table[name], f"late.{name}", name))
            is not None
        }
        if "rule" not in table:
            rules = ", ".join(f'"{rule}"' for rule in LATE_RULES)
            self._tell("[late]", f"[late] needs a rule, one of {rules}.")
        if (found.get("rule") == A_DAY) != ("amount" in table) and "rule" in found:
            told = f'rule = "{A_DAY}" needs an amount, and no other rule has one.'
            self._tell("rule", f"late: {told}", "late")
        return Late(**found)

    def _extensions(
        self, due: Mapping[str, datetime]
    ) -> dict[str, dict[str, datetime]] | None:
        table = self._table("extensions")
        if table is None:
            return None

        def read(chapter: str, value: Any) -> datetime:
            if chapter not in due:
                raise NoValue(f"{chapter} has no due date in [due] that can be moved.")
            return due_time(value, self._zone, due[chapter])

        found = {}
        for student, own in table.items():
            name = f"extensions.{student}"
            if isinstance(own, dict):
                found[composed(student)] = dict(self._chaptered(name, own, read))
            else:
                self._tell(student, f"write [{name}], and below it CHAPTER = TIME.")
        return found

    def _groups(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        whose: dict[str, str] = {}
        for name, members in (self._table("groups") or {}).items():
            if not isinstance(members, list) or not all(
                isinstance(one, str) and one for one in members
            ):
                told = f'{name} is a list of names: {name} = ["ada", "boris"].'
                self._tell(name, f"groups.{told}")
                continue
            found[name] = tuple(dict.fromkeys(composed(one) for one in members))
            for one in found[name]:
                if one in whose:
                    told = f"{one} is in two groups, {whose[one]} and {name}."
                    self._tell(name, told)
                whose[one] = name
        return found

    def _by_chapter(
        self, name: str, read: Callable[[str, Any], Any]
    ) -> dict[str, Any] | None:
        table = self._table(name)
        return None if table is None else dict(self._chaptered(name, table, read))

    def _chaptered(
        self, name: str, table: Mapping[str, Any], read: Callable[[str, Any], Any]
    ) -> Iterator[tuple[str, Any]]:
        for chapter, value in table.items():
            if chapter not in self._chapters:
                self._unknown("released chapter", chapter, self._chapters, name)
                continue
            reads = partial(read, chapter)
            found = self._value(reads, value, f"{name}.{chapter}", chapter)
            if found is not None:
                yield chapter, found

    def _table(self, name: str) -> Mapping[str, Any] | None:
        found = self._tree.get(name)
        if found is None or isinstance(found, dict):
            return found
        self._tell(name, f"{name} is a table: write [{name}], and its keys below it.")
        return {}

    def _read(self, name: str, read: Callable[[Any], Any], default: Any) -> Any:
        if name not in self._tree:
            return default
        found = self._value(read, self._tree[name], name, name)
        return default if found is None else found

    def _value(
        self, read: Callable[[Any], Any], value: Any, shown: str, key: str
    ) -> Any:
        """What `read` makes of a value; None, and a line on it, if it is none."""
        try:
            return read(value)
        except NoValue as wrong:
            self._tell(key, f"{shown}: {wrong}", shown.rpartition(".")[0])
            return None

    def _unknown(
        self, what: str, name: str, known: Collection[str], table: str = ""
    ) -> None:
        """A line on a name that means nothing here, and what may be meant."""
        by_lower = {one.lower(): one for one in known}
        near = get_close_matches(name.lower(), by_lower, 1)
        told = f"there is no {what} {clean(name, 60)}"
        if near:
            told += f": is {by_lower[near[0]]} meant?"
        elif name in [key.name for key in KEYS]:
            told = f"{name} has to stand above the first line in brackets."
        else:
            told += f"; there are {', '.join(known)}."
        self._tell(name, told, table)

    def _tell(self, key: str, text: str, table: str = "") -> None:
        word = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])")
        heads = [n for n, line in enumerate(self._lines) if f"[{table}]" in line]
        start = heads[0] if heads else 0
        lines = enumerate(self._lines[start:], start + 1)
        number = next((n for n, line in lines if word.search(line)), None)
        where = _place() if number is None else f"{_place()}, line {number}"
        self.wrong.append(f"{where}: {text}")


def zone_of(grading: Path) -> str:
    """The class's time zone alone, as it stands there; empty if none does."""
    try:
        found = tomllib.loads((grading / NAME).read_text("utf-8-sig"))["timezone"]
    except (OSError, ValueError, KeyError):
        return ""
    return found if isinstance(found, str) else ""


def _place() -> str:
    return f"grading/{NAME}"


def _hint(text: str) -> str:
    """What is often behind a fault of TOML."""
    bare = re.search(r"=\s*\d{4}-\d\d-\d\d \d\d:\d\d\s*(#.*)?$", text, re.M)
    return "A time without seconds stands in quotes." if bare else ""


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        told = f"there is no time zone {clean(str(value), 60)}"
        raise NoValue(f"{told}: write it as Europe/Berlin.") from None


def _one_of(value: Any, known: Collection[str]) -> str:
    if value in known:
        return str(value)
    named = ", ".join(f'"{one}"' for one in known)
    raise NoValue(f"{clean(str(value), 60)} is none of {named}.")


def _words(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise NoValue("write a text in quotes.")


def _file_name(value: Any) -> str:
    name = _words(value)
    if Path(name).name != name:
        raise NoValue(f"{clean(name, 60)} has to lie beside {NAME}: only its name.")
    return name
