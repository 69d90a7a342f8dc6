"""Parts of sentences that every language makes in its own way.

A sentence is one message of a catalogue, with what differs as a named part.  These
are parts that several sentences have: a list of names, how often something happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from autograder.language import _, ngettext

__all__ = [
    "Said",
    "in_language",
    "listed",
    "listed_with_and",
    "pattern",
    "sentences",
    "times",
]

_NO_SPACE_AFTER = "。！？；：，、）】》」』”"
"""Marks of punctuation that have their space in themselves."""


@dataclass(frozen=True)
class Said:
    """A part of a sentence, which is told when it is known that it is to be.

    Attributes
    ----------
    message : str
        A message of the catalogue.
    given : mapping of str to object
        Its named parts, which may be `Said` themselves.
    """

    message: str
    given: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """It in English, by which code decides."""
        return self.message.format(**self.given)

    def told(self) -> str:
        """It in the language that is spoken."""
        given = {
            name: part.told() if isinstance(part, Said) else part
            for name, part in self.given.items()
        }
        return _(self.message).format(**given)


def sentences(*parts: str) -> str:
    """Whole sentences one after another; empty ones are left out."""
    told = ""
    for part in filter(None, parts):
        space = "" if not told or told[-1] in _NO_SPACE_AFTER else " "
        told += space + part
    return told


def listed(names: Sequence[str]) -> str:
    """All of these: "a, b and c"."""
    *most, last = names
    if not most:
        return last
    return _("{most} and {last}").format(most=_(", ").join(most), last=last)


def listed_with_and(names: Sequence[str]) -> str:
    """All of these: "a and b and c"."""
    return _(" and ").join(names)


def times(n: int) -> str:
    """How often something is done."""
    if n == 0:
        return _("never")
    if n == 2:
        return _("twice")
    return ngettext("once", "{n} times", n).format(n=n)


def in_language(text: str, templates: Iterable[str]) -> str:
    """English text that was made of one of `templates`, in the language spoken.

    It stays as it is where none fits: what student code sends may be anything.
    """
    for template in templates:
        found = pattern(template).fullmatch(text)
        if found is not None:
            return _(template).format(**found.groupdict())
    return text


@cache
def pattern(template: str) -> re.Pattern[str]:
    """What English text is like that was made of a message with named parts.

    A part called `number` is a whole number.
    """
    parts = re.split(r"\{(\w+)\}", template)
    for at, part in enumerate(parts):
        anything = r"\d+" if part == "number" else ".+?"
        parts[at] = f"(?P<{part}>{anything})" if at % 2 else re.escape(part)
    return re.compile("".join(parts), re.DOTALL)
