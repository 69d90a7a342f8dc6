"""What keeps learners from an exchange is told before they meet it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess

import pytest

from autograder.classroom.exchange import find_exchange
from autograder.course import OWN_CONFIG

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


@pytest.fixture
def hub(root, tmp_path):
    """A course with an exchange of its own, in folders that all can get to."""
    closed = [p for p in (tmp_path, *tmp_path.parents) if not p.stat().st_mode & 1]
    for folder in closed:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    exchange = tmp_path / "an exchange"
    line = f"c.Exchange.root = {str(exchange)!r}\n"
    (tmp_path / OWN_CONFIG).write_text(line, encoding="utf-8")
    yield exchange
    for folder in closed:
        folder.chmod(folder.stat().st_mode & ~stat.S_IXOTH)


@pytest.mark.parametrize(
    ("mode", "found"),
    [
        (None, "is not there"),
        (0o755, "others cannot write into it"),
        (0o773, "others cannot write into it"),
        (0o777, "anybody can delete what others have in it"),
    ],
)
def test_what_is_said_to_type_opens_it(hub, mode, found):
    if mode is not None:
        hub.mkdir()
        hub.chmod(mode)
    (before,) = find_exchange(hub.parent)

    subprocess.run(["sh", "-c", before.remedy], check=True)
    (after,) = find_exchange(hub.parent)

    assert (before.ok, before.found) == (False, found)
    assert (after.ok, after.found) == (True, "everybody may write")
    assert stat.S_IMODE(hub.stat().st_mode) == 0o1777


def test_a_closed_folder_above_is_named(hub):
    """As that of a home in which somebody has put it."""
    hub.mkdir()
    hub.chmod(0o1777)
    hub.parent.chmod(0o700)

    (finding,) = find_exchange(hub.parent)

    assert finding.found == f"others do not get past {hub.parent}"
    assert finding.remedy == f"chmod o+x {hub.parent}"
    assert not finding.needed  # whoever grades without a hub can do so


@pytest.mark.parametrize(
    "text", ["", "c.Exchange.root = '/nowhere'\nc.CourseDirectory.groupshared = True\n"]
)
def test_without_an_exchange_for_everybody_nothing_is_said(hub, text):
    (hub.parent / OWN_CONFIG).write_text(text, encoding="utf-8")

    assert list(find_exchange(hub.parent)) == []


def test_without_settings_of_ones_own_none_are_read(hub):
    """To look at a checkout leaves nothing in it."""
    (hub.parent / OWN_CONFIG).unlink()

    assert list(find_exchange(hub.parent)) == []
    assert not (hub.parent / "grading").exists()
