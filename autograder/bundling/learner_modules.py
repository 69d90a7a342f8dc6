"""Which modules of the package a learner gets: what is needed, and no answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from autograder.authoring.errors import BuildError

__all__ = ["is_authors", "learner_files", "modules_named"]

_COMMANDS = ("check", "doctor", "lab", "progress")
_ROOTS = (
    "autograder.__init__",
    "autograder.__main__",
    *(f"autograder.cli.{name}" for name in _COMMANDS),
)
_WHOLE = ("desk",)
"""Folders that are a learner's as a whole."""

_AUTHORS = (
    "authoring",
    "bundling",
    "classroom",
    "collecting",
    "exports",
    "gradebook",
    "kernels",
    "report",
    "sample",
)
"""Folders of which a learner gets nothing."""

_SHARED = {
    "cli": {"", "__init__", *_COMMANDS},
    "exercises": {"", "__init__", "spec", "observations", "recognition"},
}
"""Folders of which a learner gets these modules alone: the commands that a learner
has; what says how an answer is judged, and no exercise.
"""

# A process is started with such a line of Python.
_STARTED = re.compile(r"from (autograder(?:\.\w+)+) import")
# What is done only if this holds is not done in a learner's installation.
_ELSEWHERE = re.compile(
    r"TYPE_CHECKING|(importlib\.util\.)?find_spec\('autograder\.kernels'\) is not None"
)
_NAME = re.compile(r"autograder(?:\.\w+)+")


def is_authors(module: str) -> bool:
    """Whether a module, "autograder.kernels.adam", is not for learners."""
    _, part, *rest = [*module.split("."), ""]
    if part in _AUTHORS:
        return True
    return part in _SHARED and rest[0] not in _SHARED[part]


def learner_files(package: Path, notebooks: Iterable[str]) -> dict[str, bytes]:
    """The files of the learner's package.

    Parameters
    ----------
    package : Path
        The folder ``autograder`` of a checkout.
    notebooks : iterable of str
        Code that learners are given; what it imports is in the package.

    Returns
    -------
    dict
        Bytes by path from the folder that holds the package, sorted.

    Raises
    ------
    BuildError
        If a learner's module imports one of the author's, directly or not.
    """
    wanted = dict.fromkeys(_ROOTS, "")
    for folder in _WHOLE:
        for path in sorted((package / folder).glob("*.py")):
            wanted[f"autograder.{folder}.{path.stem}"] = ""
    for code in notebooks:
        wanted |= dict.fromkeys(modules_named(ast.parse(code)), "")
    found: dict[str, Path] = {}
    queue = list(wanted.items())
    while queue:
        module, asked_by = queue.pop()
        file = _file(package, module)
        if file is None or module in found:
            continue
        if is_authors(module):
            raise BuildError(
                f"{asked_by or 'A notebook'} imports {module}, which is not for "
                "learners.\nMove what it needs to autograder/lab or autograder/desk."
            )
        found[module] = file
        tree = ast.parse(file.read_text(encoding="utf-8"))
        queue += [(name, module) for name in modules_named(tree)]
        queue.append((f"{module.rpartition('.')[0]}.__init__", module))
    paths = {*found.values(), *_beside(found.values()), *_catalogues(package, found)}
    files = {p.relative_to(package.parent).as_posix(): p.read_bytes() for p in paths}
    return dict(sorted(files.items()))


def modules_named(tree: ast.AST) -> Iterator[str]:
    """All that code imports from this package, wherever it does; some are no modules.

    What is imported for type checkers alone, or where there are kernels, does
    not count.  A module may be imported by its name, but none of the author's:
    to ask whether there are kernels is no import.
    """
    for node in _walk(tree):
        names: Collection[str] = ()
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{a.name}" for a in node.names)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = _STARTED.findall(node.value)
            if _NAME.fullmatch(node.value) and not is_authors(node.value):
                names = [node.value]  # imported when it is needed
        for name in names:
            if name.split(".")[0] == "autograder":
                yield f"{name}.__init__" if name == "autograder" else name


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    queue = [tree]
    while queue:
        node = queue.pop()
        yield node
        if isinstance(node, ast.If) and _ELSEWHERE.fullmatch(ast.unparse(node.test)):
            queue += node.orelse
        else:
            queue += ast.iter_child_nodes(node)


def _file(package: Path, module: str) -> Path | None:
    """A module's file; None for the name of something inside a module."""
    path = package.parent.joinpath(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _catalogues(package: Path, modules: Iterable[str]) -> Iterator[Path]:
    """What these modules say in other languages; exercises' words tell answers."""
    rooms = {module.split(".")[1] for module in modules} - {"exercises"}
    for path in (package / "locale").glob("*/*.mo"):
        if path.stem in rooms:
            yield path


def _beside(modules: Iterable[Path]) -> Iterator[Path]:
    """Files that are no Python and that a module beside them names."""
    for module in modules:
        text = module.read_text(encoding="utf-8")
        folder = module.parent
        for path in (*folder.glob("*"), *folder.glob("templates/*")):
            plain = path.is_file() and path.suffix not in (".py", ".pyc")
            if plain and (path.name in text or path.stem == module.stem):
                yield path
