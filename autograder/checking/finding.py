"""What is found of a wrong answer, before anybody tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.language import _

__all__ = ["Finding", "Statement"]


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong in one outcome.

    Attributes
    ----------
    code : str
        Verdict code: ``wrong-values``, ``raised``, …
    title : str
        Heading of the message: ``VALUE MISMATCH``, ``CALL FAILED``, …
    headline : str
        A sentence or two that say what is wrong, as a message of the catalogue;
        ``{name}`` is the function.
    given : mapping of str to object
        The headline's other named parts.
    returned, expected : object
        The two things to show next to each other, if there are two.
    part : str
        Which thing that is: a returned one's name, or an observation's.
    """

    code: str
    title: str
    headline: str
    returned: Any = None
    expected: Any = None
    shows_values: bool = False
    part: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)

    def told(self, name: str) -> str:
        """The headline on the function `name`, in the language that is spoken."""
        return _(self.headline).format(name=name, **self.given)


@dataclass(frozen=True)
class Statement:
    """One thing that is known of a wrong answer, apart from its verdict.

    Attributes
    ----------
    kind : str
        Which evidence says so: ``right-so-far``, ``mistake``, ``mistake-in-part``,
        ``relation`` or ``place``.
    text : str
        Whole sentences for the learner.
    line : int or None
        The line of the learner's code that it is about.
    expression : str
        The learner's own expression there.
    proved : bool
        Whether the numbers of every case bear it out.
    """

    kind: str
    text: str
    line: int | None = None
    expression: str = ""
    proved: bool = True
