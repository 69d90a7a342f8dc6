"""What a module needs is found in its text, and nothing too little."""

from __future__ import annotations

import ast

import pytest

from autograder.imports import PACKAGE, beside, hash_of, needed, ours_in

TEXTS = {
    "from autograder.calling import calls, packing": {"calling.calls"},
    "def late():\n    from autograder.lab import (\n        svg as s,\n    )": {
        "lab.svg"
    },
    "import autograder.kernels.adam as kernels": {"kernels.adam"},
    'import_module("autograder.lab.svg")': {"lab.svg"},
    'import_module(f"{__name__}.pairs")': {"exercises.pairs"},
    'import_module(f"autograder.term.{name}")': {"term.keys", "term.totals"},
    'program = "from autograder.sandbox.run import main; main()"': {"sandbox.run"},
}


@pytest.mark.parametrize("text", TEXTS)
def test_every_form_of_import_is_seen(text):
    found = {
        n.removeprefix("autograder.") for n in ours_in(text, "autograder.exercises")
    }

    assert found >= TEXTS[text]


def test_what_only_types_need_does_not_count():
    text = (
        "if TYPE_CHECKING:\n    from autograder.lab import a\n\n    import b\n"
        "from autograder.lab import c\n"
    )

    assert list(ours_in(text)) == ["autograder.lab", "autograder.lab.c"]


def test_the_text_has_all_that_its_syntax_tree_has():
    """Of all modules that grading needs, as they are laid out."""
    modules = needed("autograder.grading.grade", "autograder.exercises.batch_norm")
    assert len(modules) > 100
    for module, path in modules.items():
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        alone = [
            node
            for test in ast.walk(tree)
            if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING"
            for node in ast.walk(test)
        ]
        nodes = [node for node in ast.walk(tree) if node not in alone]
        named = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                assert not node.level, f"{module}: relative"
                named |= {f"{node.module}.{alias.name}" for alias in node.names}
        ours = {name for name in named if name.startswith("autograder")}
        assert ours <= set(ours_in(text, module)), module


def test_a_package_is_needed_with_its_modules():
    found = needed("autograder.kernels.adam")

    assert {"autograder", "autograder.kernels", "autograder.kernels.adam"} <= set(found)


def test_what_is_left_out_leaves_out_what_it_alone_needs():
    whole = needed("autograder.sandbox.run")
    part = needed("autograder.sandbox.run", but=["autograder.diagnosis.in_box"])

    assert set(part) < set(whole)
    assert "autograder.checking.comparison" in set(whole) - set(part)


def test_names_and_bytes_of_files_are_in_the_hash(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"a")
    two.write_bytes(b"a")

    assert len({hash_of([one]), hash_of([two]), hash_of([one, two])}) == 3
    assert hash_of([one, one]) == hash_of([one])
    before = hash_of([one])
    one.write_bytes(b"b")
    assert hash_of([one]) != before
    assert hash_of([PACKAGE / "limits.py"], b"x") != hash_of([PACKAGE / "limits.py"])


def test_what_python_leaves_beside_its_modules_does_not_count(tmp_path):
    """Compiled files are made anew by whoever runs them first; tables are ours."""
    for name in ("__init__.py", "a.toml", "tables/b.json", "__pycache__/a.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    found = {path.name for path in beside(tmp_path / "__init__.py")}

    assert found == {"a.toml", "b.json"}
