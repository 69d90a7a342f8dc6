"""Whether every setting of a course is one that something reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any

# These bring classes that have settings.
import nbconvert.exporters
import nbconvert.preprocessors  # noqa: F401
import nbgrader.apps  # noqa: F401
from traitlets import HasTraits, Instance, TraitError, TraitType, Type
from traitlets.config import Config, Configurable
from traitlets.config.loader import DeferredConfig, LazyConfigValue
from traitlets.utils.importstring import import_item

from autograder.course import CONFIG, OWN_CONFIG, NotACourse, nbgrader_settings

__all__ = ["refuse_unknown_settings"]

Settings = dict[str, TraitType[Any, Any]]


def refuse_unknown_settings(root: Path) -> None:
    """Refuse to grade with settings that nothing reads, or that have no such value.

    traitlets keeps whatever is written into a configuration.  So a penalty for
    late work whose name is misspelt would be none, and nobody would be told.

    Raises
    ------
    NotACourse
        A line for each such setting: where it stands and what may be meant.
    """
    config = nbgrader_settings(root)
    known = _known(config)
    told = [
        f"{_place(root, section, name)}: {text}"
        for section, names in config.items()
        for name, text in _wrong(section, names, known)
    ]
    if told:
        raise NotACourse("\n".join([*told, "Nothing is graded: put that right first."]))


def _wrong(
    section: str, names: Any, known: dict[str, Settings]
) -> Iterator[tuple[str, str]]:
    """What is wrong in one section: a setting's name, and what to say of it."""
    if names == {}:
        return  # it was looked at, and nothing is set
    if section not in known:
        meant = _near(section, known)
        yield (
            "",
            f"nothing has settings called c.{section}{meant and f'; c.{meant} has'}.",
        )
        return
    for name, value in names.items():
        setting = f"c.{section}.{name}"
        if isinstance(value, Config):  # of that class within this one
            told = _wrong(name, value, known)
            yield from ((f"{name}.{inner}", text) for inner, text in told)
        elif name not in known[section]:
            meant = _near(name, known[section])
            like = f": is c.{section}.{meant} meant?" if meant else "."
            yield name, f"there is no setting {setting}{like}"
        elif not _fits(trait := known[section][name], value):
            yield name, f"{setting} cannot be {value!r}: it has to be {trait.info()}."


def _near(name: str, names: dict[str, Any]) -> str:
    """The name that is most like it, also with another case; empty if none is."""
    by_lower = {one.lower(): one for one in names}
    near = get_close_matches(name.lower(), by_lower, 1)
    return by_lower[near[0]] if near else ""


def _known(config: Config) -> dict[str, Settings]:
    """The settings of each class, by the name of its section.

    These are nbgrader's classes, nbconvert's and ours, and those that a setting
    names, as a plugin of the instructor's.
    """
    for section in config.values():
        for value in section.values() if isinstance(section, Config) else ():
            for name in value if isinstance(value, list) else [value]:
                _load(name)
    found: dict[str, Settings] = {}
    waiting: list[type[Configurable]] = [Configurable]
    seen = set(waiting)
    for kind in waiting:
        found.setdefault(kind.__name__, {}).update(kind.class_traits(config=True))
        new = [one for one in kind.__subclasses__() if one not in seen]
        waiting += new
        seen.update(new)
    return found


def _load(name: Any) -> None:
    """Read the module of a class that a setting names."""
    if isinstance(name, str) and re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", name):
        # It may be a name of something else; else nbgrader says what fails.
        with suppress(Exception):
            import_item(name)


def _fits(trait: TraitType[Any, Any], value: Any) -> bool:
    """Whether a setting takes a value, as far as that can be said without using it."""
    if isinstance(value, DeferredConfig | LazyConfigValue | Config):
        return True
    if isinstance(trait, Instance | Type):
        return True
    try:
        trait._validate(HasTraits(), value)
    except TraitError:
        return False
    return True


def _place(root: Path, section: str, name: str) -> str:
    """File and line of a setting; what is read last counts."""
    setting = re.compile(rf"\b{section}\.{name}\b" if name else rf"\b{section}\b")
    for file in (OWN_CONFIG, CONFIG):
        path = root / file
        text = path.read_text(errors="replace") if path.is_file() else ""
        for number, line in enumerate(text.splitlines(), 1):
            if setting.search(line.partition("#")[0]):
                return f"{file}, line {number}"
    return CONFIG
