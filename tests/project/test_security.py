"""SECURITY.md says what the limits are, and what is there."""

from __future__ import annotations

import re

import pytest

from autograder import limits
from autograder.limits import FULL_LIMITS, LIMITS
from autograder.sandbox.boxes import BOXES, NONE


@pytest.fixture(scope="module")
def text(root):
    return (root / "SECURITY.md").read_text()


def row(text, start):
    """The numbers in a row of the table of limits."""
    (found,) = re.findall(rf"^\| {start}.*$", text, re.MULTILINE)
    return [float(number) for number in re.findall(r"\d+", found)]


def test_limits_are_as_they_are(text):
    both = (LIMITS, FULL_LIMITS)

    assert row(text, "seconds for a cell") == [x.cell_seconds for x in both]
    assert row(text, "seconds in all") == [x.total_seconds for x in both]
    assert row(text, "GB of memory") == [x.memory / (1 << 30) for x in both]
    sizes = [n / (1 << 20) for x in both for n in (x.file_size, x.disk)]
    assert row(text, "MB in one file") == sizes
    assert row(text, "processes") == [x.processes for x in both]


def test_other_bounds_are_as_they_are(text):
    assert f"{limits.MAX_FILES_WRITTEN} files and folders" in text
    assert (
        f"{limits.MAX_NOTEBOOK >> 20} MB and {limits.MAX_CELLS} cells of a notebook"
        in text
    )
    assert f"{limits.MAX_NOTEBOOK_FILE >> 20} MB with them" in text
    assert f"{limits.MAX_NOTEBOOK_SHOWN >> 20} MB of outputs" in text
    assert f"{limits.MAX_RESTARTS} restarts" in text
    assert f"{limits.IDLE_SECONDS} seconds of sleep" in text
    assert limits.WATCH_SECONDS == 0.1
    assert "ten times a second" in text


def test_every_box_is_described(text):
    for box in BOXES:
        assert f"- **{box}**" in text
    assert f"- **`--box {NONE}`**" in text


def test_what_it_names_is_there(text, root):
    """Files of this project, and tests by their pattern."""
    assert (root / "autograder/sandbox/inside/syscalls.py").is_file()
    assert "`sandbox/inside/syscalls.py`" in text
    assert len(list((root / "tests" / "attacks").glob("test_*.py"))) >= 4


def test_each_bound_has_its_test(text, root):
    """A sentence that nothing tries is no promise."""
    tests = (root / "tests" / "attacks" / "test_limits.py").read_text()
    table = text[text.index("What bounds what") : text.index("A control group")]
    named = [line.split("|")[-2].strip() for line in table.splitlines()[4:] if line]

    assert len(named) >= 7
    for name in named:
        assert f"def {name.strip('`')}(" in tests, name


def test_each_test_that_it_names_is_there(text, root):
    """Of the sentences that are no bounds, too."""
    named = set(re.findall(r"`(test_\w+)`", text))
    source = "".join(path.read_text() for path in (root / "tests").rglob("test_*.py"))

    assert len(named) >= 25
    assert [name for name in sorted(named) if f"def {name}(" not in source] == []
