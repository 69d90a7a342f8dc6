"""What a module needs of this package, by its imports, directly or not.

Read in the text, so that nothing has to be loaded: too much may be found, a line
in a docstring for instance, and nothing too little.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from autograder.exercises import OWN

__all__ = ["PACKAGE", "beside", "hash_of", "modules_in", "needed", "ours_in"]

PACKAGE = Path(__file__).parent

_TYPES_ALONE = re.compile(r"^if TYPE_CHECKING:\n(?:(?:[ \t].*)?\n)*", re.M)
# They begin with plain words, for which a long text is searched fast.
_FROM = re.compile(r"from\s+(autograder[.\w]*)\s+import\s+(\([^)]*\)|[^\n;\"']*)")
_WHOLE = re.compile(r"import\s+(autograder[.\w]*)")
_BY_NAME = re.compile(r"import_module\(\s*f?[\"']([^\"']*)")
_WORD = re.compile(r"\b[A-Za-z_]\w*")


def ours_in(text: str, module: str = "") -> Iterator[str]:
    """All of this package that the text of `module` names; some are no modules.

    What is imported for type checkers alone does not count.  Of a name that is put
    together, ``f"{package}.{name}"``, all modules in that folder are taken.
    """
    text = _TYPES_ALONE.sub("", text)
    for base, names in _FROM.findall(text):
        yield base
        yield from (f"{base}.{name}" for name in _WORD.findall(names))
    yield from _WHOLE.findall(text)
    for name in _BY_NAME.findall(text):
        known, brace, _ = name.replace("{__name__}", module).partition("{")
        if known.partition(".")[0] != PACKAGE.name:
            continue
        if not brace:
            yield known
        elif (folder := _file(known.rstrip("."))) is not None:
            yield from (f"{known}{path.stem}" for path in folder.parent.glob("*.py"))


def needed(*modules: str, but: Collection[str] = ()) -> dict[str, Path]:
    """Files by module: these modules and all of ours that they need.

    What only the modules in `but` need is left out, and so are these.
    """
    found: dict[str, Path] = {}
    queue = list(modules)
    while queue:
        module = queue.pop()
        path = None if module in found or module in but else _file(module)
        if path is not None:
            found[module] = path
            queue += _named_in(module)
            queue.append(module.rpartition(".")[0])  # a package comes first
    return found


def modules_in(room: str) -> tuple[str, ...]:
    """Names of all modules of a room."""
    paths = sorted((PACKAGE / room).rglob("*.py"))
    names = (path.relative_to(PACKAGE.parent).with_suffix("") for path in paths)
    return tuple(".".join(n.parts).removesuffix(".__init__") for n in names)


def hash_of(paths: Iterable[Path], *more: bytes) -> str:
    """A hash of files, of where they lie in the package, and of what else counts."""
    found = hashlib.sha256()
    for path in sorted(set(paths)):
        inside = path.is_relative_to(PACKAGE.parent)
        name = path.relative_to(PACKAGE.parent).as_posix() if inside else path.name
        for part in (name.encode(), path.read_bytes()):
            found.update(len(part).to_bytes(8, "big") + part)
    for part in more:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def beside(path: Path) -> Iterator[Path]:
    """Of a package's first module, all its files that are no Python, such as tables."""
    if path.name == "__init__.py":
        for entry in path.parent.iterdir():
            # Made anew by every Python that runs it; of no concern to who is not told.
            if entry.name in ("__pycache__", "locale"):
                continue
            if entry.is_file() and entry.suffix != ".py":
                yield entry
            elif entry.is_dir() and not any(entry.glob("*.py")):
                yield from (one for one in entry.rglob("*") if one.is_file())


@cache
def _named_in(module: str) -> tuple[str, ...]:
    path = _file(module)
    if path is None:
        return ()
    return tuple(set(ours_in(path.read_text(encoding="utf-8"), module)))


@cache
def _file(module: str) -> Path | None:
    """A module's file; None for the name of something inside a module."""
    places = [PACKAGE.parent.joinpath(*module.split("."))]
    if module.startswith("autograder.exercises."):
        places.append(OWN.joinpath(*module.split(".")[2:]))
    for path in places:
        for candidate in (path.with_suffix(".py"), path / "__init__.py"):
            if candidate.is_file():
                return candidate
    return None
