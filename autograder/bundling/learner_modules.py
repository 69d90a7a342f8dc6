"""Which modules of the package a learner gets: what is needed, and no answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from autograder.authoring.errors import BuildError

__all__ = ["is_authors", "learner_files", "modules_named"]

_ROOTS = ("autograder.__init__", "autograder.__main__", "autograder.cli")
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

_FOR_LEARNERS = {"__init__", "spec", "observations", "recognition"}
"""Of the exercises' folder: what says how an answer is judged, and none."""

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
    return part == "exercises" and rest[0] not in (*_FOR_LEARNERS, "")


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
        queue += [(name, module) for name in modules_named(_learners_part(tree))]
        queue.append((f"{module.rpartition('.')[0]}.__init__", module))
    paths = {*found.values(), *_beside(found.values())}
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


def _learners_part(tree: ast.Module) -> ast.Module:
    """A module of commands without those that are not a learner's.

    Their imports stand inside them, so that a learner's installation can have
    the command line without what they import.
    """
    kept = _kept_commands(tree)
    if not kept:
        return tree
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    used: set[str] = set()
    queue = [name for name in kept if name in functions]
    while queue:
        name = queue.pop()
        used.add(name)
        queue += sorted((_mentioned(functions[name]) & set(functions)) - used)
    others = {function for name, function in functions.items() if name not in used}
    return ast.Module([node for node in tree.body if node not in others], [])


def _mentioned(function: ast.FunctionDef) -> set[str]:
    """Names of the module that a function uses."""
    names = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
    imports = (n for n in ast.walk(function) if isinstance(n, ast.ImportFrom))
    return names - {a.asname or a.name for node in imports for a in node.names}


def _kept_commands(tree: ast.Module) -> tuple[str, ...]:
    """What a module says in FOR_LEARNERS; nothing if it has no such name."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and "FOR_LEARNERS" in map(
            ast.unparse, node.targets
        ):
            return ast.literal_eval(node.value)
    return ()


def _file(package: Path, module: str) -> Path | None:
    """A module's file; None for the name of something inside a module."""
    path = package.parent.joinpath(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _beside(modules: Iterable[Path]) -> Iterator[Path]:
    """Files that are no Python and that a module beside them names."""
    for module in modules:
        text = module.read_text(encoding="utf-8")
        folder = module.parent
        for path in (*folder.glob("*"), *folder.glob("templates/*")):
            plain = path.is_file() and path.suffix not in (".py", ".pyc")
            if plain and (path.name in text or path.stem == module.stem):
                yield path
