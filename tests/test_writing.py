"""A file is written whole, or the old one stays and nothing is left beside it."""

from __future__ import annotations

import os
import stat
import sys

import pytest

from autograder import writing
from autograder.writing import make_private, write_whole

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")


@pytest.fixture
def path(tmp_path):
    """A file that is not there, in a folder that is not there."""
    return tmp_path / "folder" / "file"


@pytest.fixture
def everybodys():
    """A user whose new files can be read by all and written by nobody else."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_if_it_changed(path):
    """Asked to, it leaves a file alone that has the content, and says so."""
    assert write_whole(path, b"old", if_changed=True)
    os.utime(path, (1, 1))

    assert not write_whole(path, b"old", if_changed=True)
    assert path.stat().st_mtime == 1
    assert write_whole(path, b"old")
    assert path.stat().st_mtime > 1
    assert write_whole(path, b"new", if_changed=True)
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_if_writing_fails_the_old_file_is_there_and_nothing_else(
    path, monkeypatch, step
):
    write_whole(path, b"old")

    def fail(*_):
        raise OSError("disk")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="disk"):
        write_whole(path, b"new", durable=True)

    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_what_is_not_bytes_is_not_written(path):
    write_whole(path, b"old")
    with pytest.raises(TypeError):
        write_whole(path, "not bytes")  # type: ignore[arg-type]

    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


@posix
@pytest.mark.usefixtures("everybodys")
def test_a_new_file_is_as_open_as_the_users_and_another_keeps_its_mode(path):
    write_whole(path, b"old")
    assert mode(path) == 0o644

    for kept in (0o600, 0o664):
        path.chmod(kept)
        write_whole(path, b"new")
        assert mode(path) == kept


@posix
def test_a_link_is_replaced_and_what_it_points_to_stays(path):
    """Of the file, and of the name that it has while it is written."""
    other = path.parent.parent / "other"
    other.write_bytes(b"not ours")
    path.parent.mkdir()
    path.symlink_to(other)

    write_whole(path, b"new")

    assert not path.is_symlink()
    assert (path.read_bytes(), other.read_bytes()) == (b"new", b"not ours")


@posix
def test_a_link_that_waits_under_the_name_of_the_part_is_refused(path, monkeypatch):
    monkeypatch.setattr(writing.secrets, "token_hex", lambda _: "guessed")
    other = path.parent.parent / "other"
    write_whole(path, b"old")
    (path.parent / ".file.guessed.part").symlink_to(other)

    with pytest.raises(FileExistsError):
        write_whole(path, b"new")

    assert path.read_bytes() == b"old"
    assert not other.exists()


@posix
@pytest.mark.usefixtures("everybodys")
def test_what_is_private_is_its_owners_alone(path):
    """The file, and each folder made for it; what was there stays as it is."""
    there, new = path.parent, path.parent / "deeper" / "still" / "file"
    there.mkdir()

    write_whole(new, b"new", private=True)
    make_private(there / "other" / "file")

    assert [mode(p) for p in (new, new.parent, new.parents[1], there)] == [
        0o600,
        0o700,
        0o700,
        0o755,
    ]
    assert mode(there / "other") == 0o700
    assert mode(there / "other" / "file") == 0o600


@posix
def test_a_private_file_that_is_there_is_not_touched(path):
    write_whole(path, b"old")
    path.chmod(0o640)
    os.utime(path, (1, 1))

    make_private(path)

    assert mode(path) == 0o640
    assert path.stat().st_mtime == 1
    assert path.read_bytes() == b"old"
