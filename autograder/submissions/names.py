"""Names below `grading/submitted`: of people, and of what systems leave behind."""

from __future__ import annotations

import re
import unicodedata

from autograder.limits import MAX_STUDENT_NAME, MAX_STUDENT_NAME_BYTES

__all__ = [
    "composed",
    "is_archive",
    "is_harmless",
    "is_notebook",
    "is_student_name",
    "why_no_name",
]

SIGNS = frozenset("_@.,;'’‘ʼ`´·•・‧()+&#!~= -‐‑‒–—−\u200c\u200d")
"""What stands in names besides letters, marks, digits: joiners in Persian ones."""

NOT_FIRST = frozenset(".,;=+&#!~)- ‐‑‒–—−\u200c\u200d")
"""What means something to a program or spreadsheet at the start of a name."""

_HARMLESS = frozenset(
    "__macosx/@eadir/#recycle/#snapshot/@recycle/@recently-snapshot/lost+found/"
    "thumbs.db/ehthumbs.db/desktop.ini/$recycle.bin/recycler/__pycache__/cvs/icon\r/"
    "node_modules/system volume information".split("/")
)
_HARMLESS_FORM = re.compile(
    r".*(?:\.py[co]|~|\.sw[a-p]|\.bak\d*)|~\$.*|#.*#", re.DOTALL
)
_HIDDEN_WORK = re.compile(r"\.(?![_~#])(?:.*\.)?(?:ipynb|zip)", re.IGNORECASE)
_NOTEBOOK = re.compile(r".*\.ipynb(?:\.(?:txt|json))?", re.IGNORECASE | re.DOTALL)
_ARCHIVE = re.compile(
    r".*\.(?:zip|tar|tgz|tbz2?|txz|gz|bz2|xz|zst|7z|rar)", re.IGNORECASE | re.DOTALL
)


def composed(name: str) -> str:
    """A name with each letter and its marks in one piece, as far as there is one.

    A Mac writes é in two, and the same name would be two people.
    """
    return unicodedata.normalize("NFC", name)


def is_student_name(name: str) -> bool:
    """Whether a folder's name can be a student's name everywhere it is used."""
    return why_no_name(name) is None


def why_no_name(name: str) -> str | None:
    """What keeps a folder's name from being a student's; None if nothing does."""
    if not name:
        return "is empty"
    size = len(name.encode("utf-8", "replace"))
    if len(name) > MAX_STUDENT_NAME or size > MAX_STUDENT_NAME_BYTES:
        characters, size = MAX_STUDENT_NAME, MAX_STUDENT_NAME_BYTES
        return f"is longer than {characters} characters or {size} bytes"
    for sign in name:
        if not (unicodedata.category(sign)[0] in "LMN" or sign in SIGNS):
            return f"has {_shown(sign)} in it"
    if name[0] in NOT_FIRST or unicodedata.category(name[0])[0] == "M":
        return f"begins with {_shown(name[0])}"
    if name[-1] in " .":
        return f"ends with {_shown(name[-1])}"
    return None


def _shown(sign: str) -> str:
    """A character as it looks, if it can be seen, with its number and name."""
    number = f"U+{ord(sign):04X}"
    called = unicodedata.name(sign, "")
    seen = f"{sign!r}, " if sign.isprintable() and not sign.isspace() else ""
    return f"{seen}{number}{' ' + called if called else ''}"


def is_harmless(name: str) -> bool:
    """Whether a file or folder is what a system or an editor leaves behind.

    So is everything hidden but a notebook or an archive.
    """
    low = name.casefold()
    if name.startswith("."):
        return _HIDDEN_WORK.fullmatch(name) is None
    return low in _HARMLESS or _HARMLESS_FORM.fullmatch(name) is not None


def is_notebook(name: str) -> bool:
    """Whether a file's name is a notebook's, as browsers change it on their way."""
    return _NOTEBOOK.fullmatch(name) is not None


def is_archive(name: str) -> bool:
    """Whether a file's name is an archive's."""
    return _ARCHIVE.fullmatch(name) is not None
