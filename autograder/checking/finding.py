"""The first thing that is wrong in one outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Finding"]


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
        One sentence that says what is wrong; ``{name}`` is the function.
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
