"""All limits stand in one module, each said once and with what it bounds."""

from __future__ import annotations

import ast
import re

import pytest

LIMIT = re.compile(
    r"_*(MAX|.*_MAX|SECONDS|.*_SECONDS|.*LIMITS?|PATIENCE|.*TIMEOUT)(_.*)?"
)
"""How constants that bound something are called."""


def constants(path):
    """Names that a module binds at its top level, and the statement after each."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    found = {}
    for statement, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = getattr(statement, "targets", None) or [statement.target]
            for target in targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name) and not name.id.startswith("__"):
                        assert name.id not in found, f"{name.id} is bound twice"
                        found[name.id] = after
    return found


def test_no_limit_stands_anywhere_else(root):
    """Whoever looks for one finds it in `limits.py`, and raises it in one place."""
    package = root / "autograder"
    elsewhere = {
        path.relative_to(package).as_posix(): limits
        for path in package.rglob("*.py")
        if (limits := [name for name in constants(path) if LIMIT.fullmatch(name)])
    }

    assert set(elsewhere) == {"limits.py"}, elsewhere


@pytest.mark.parametrize("name", ["MAX_CELLS", "_MAX_DEPTH", "SECONDS", "END_SECONDS"])
def test_a_limit_is_seen_by_its_name(name, tmp_path):
    """The reader of the test above sees what it looks for."""
    module = tmp_path / "module.py"
    module.write_text(f"{name} = 3")

    assert [found for found in constants(module) if LIMIT.fullmatch(found)] == [name]


def test_every_limit_says_what_it_bounds_and_binds_somebody(root):
    """A docstring follows each, and some other module imports it."""
    package = root / "autograder"
    imported = {
        alias.name
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "autograder.limits"
        for alias in node.names
    }

    for name, after in constants(package / "limits.py").items():
        assert isinstance(after, ast.Expr), name
        assert isinstance(after.value, ast.Constant), name
        assert name in imported, name
