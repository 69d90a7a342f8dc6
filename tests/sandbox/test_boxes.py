"""The boxes as a table: what is said of each in one place, and nowhere else."""

from __future__ import annotations

import ast
import re

import pytest
from click import Context

from autograder.cli import main
from autograder.sandbox import boxes
from autograder.sandbox.boxes import (
    AUTO,
    BOXES,
    NONE,
    NoBox,
    box_named,
    choose_box,
    is_unconfined,
    why_not,
)


def asked_for(source):
    """Where code compares something with names of boxes, or lists them."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare | ast.MatchValue):
            known, constants = {*BOXES, NONE}, {"NONE"}
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            known, constants = set(BOXES), set()
        else:
            continue
        for part in ast.walk(node):
            named = isinstance(part, ast.Constant) and part.value in known
            if named or (isinstance(part, ast.Name) and part.id in constants):
                found.add(ast.unparse(node))
    return found


LATE_WORK = {
    "gradebook/late.py": {"policy != 'none'"},
    "term/rules.py": {"self.rule == NONE"},
}
"""Comparisons with a rule for late work that has the name of no box."""


def imports_of_boxes(source):
    """What of the boxes' package a module imports by itself."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (n for n in names if n.startswith("autograder.sandbox"))


def test_no_box_is_named_outside_its_own_module(root):
    """Whoever adds one writes a module and a row; no other place asks for a name."""
    package = root / "autograder"
    sources = {p.relative_to(package).as_posix(): p for p in package.rglob("*.py")}
    asking = {
        name: found
        for name, path in sources.items()
        if (found := asked_for(path.read_text(encoding="utf-8")))
    }

    assert asking.pop("sandbox/boxes.py")
    assert asking == LATE_WORK
    for name in LATE_WORK:
        text = sources[name].read_text(encoding="utf-8")
        assert list(imports_of_boxes(text)) == []


@pytest.mark.parametrize(
    "source",
    [*(f"box == {name!r}" for name in (*BOXES, NONE)), "box != NONE", f"{[*BOXES]}"],
)
def test_asking_for_a_box_is_seen_in_every_form(source):
    """The reader of the test above sees what it looks for."""
    assert asked_for(source)


@pytest.mark.parametrize("name", BOXES)
def test_a_box_is_described_in_a_module_of_its_name(name, root):
    """It says that it is there, or what is missing and what to type."""
    assert (root / f"autograder/sandbox/{name}.py").is_file()
    assert BOXES[name].name == name
    missing = BOXES[name].missing()
    assert missing is None or re.search(
        r"not installed: |too old|does not load", missing
    )


@pytest.mark.parametrize("name", ["cardboard", AUTO, ""])
def test_what_is_no_box_confines_nothing_and_is_refused(name):
    """A name that nobody knows never means that student code runs unconfined."""
    with pytest.raises(KeyError):
        box_named(name)
    assert not is_unconfined(name)
    if name != AUTO:
        with pytest.raises(NoBox, match=f"there are {', '.join(BOXES)} and {NONE}"):
            choose_box(name)


def test_the_command_line_offers_what_there_is():
    """In the order in which they are tried."""
    for command in ("grade", "export"):
        params = main.get_command(Context(main), command).params
        (option,) = (p for p in params if p.name == "box")

        assert tuple(option.type.choices) == (AUTO, *BOXES, NONE)


def test_auto_is_the_first_that_works():
    works = [name for name in BOXES if why_not(name) is None]
    if not works:
        pytest.skip("no box works here")

    assert choose_box() == works[0]


def test_a_box_that_another_process_tried_is_not_tried_again(monkeypatch):
    monkeypatch.setattr(boxes, "_trusted", set())
    monkeypatch.setattr(boxes, "_why_not", lambda box: "it does not start")
    before = boxes.why_not("bubblewrap")

    boxes.trust("bubblewrap")

    assert before is not None
    assert boxes.why_not("bubblewrap") is None
