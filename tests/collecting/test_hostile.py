"""Archives that mean harm: refused with a sentence, and nothing is written outside."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
import zlib

import pytest

from autograder.collecting import budget, members
from autograder.collecting.budget import Refused
from benchmarks.class_archives import CHAPTER, packed

N = f"{CHAPTER}.ipynb"


def why(found, part):
    """Why the path with this part in it is unaccounted."""
    (one,) = [one for one in found.unaccounted if part in one.path]
    return one.why


@pytest.fixture
def outside(tmp_path, collected):
    """All that lies beside grading/, by path and content."""

    def look():
        top = collected.course.root.parent
        return {
            str(path): path.read_bytes() if path.is_file() else None
            for path in top.rglob("*")
            if collected.course.grading not in path.parents
        }

    return look


ESCAPES = [
    "../evil.ipynb",
    "ada/../../evil.ipynb",
    "/tmp/evil.ipynb",
    "C:/evil.ipynb",
    "C:\\evil.ipynb",
    "..\\..\\evil.ipynb",
    "ada//evil.ipynb",
    "ada/..",
]


@pytest.mark.parametrize("inner", [False, True])
@pytest.mark.parametrize("name", ESCAPES)
def test_a_name_that_leads_out_is_refused(
    name, inner, work, collected, outside, tmp_path
):
    """In the archive itself or in one that somebody handed in; others are collected."""
    path = tmp_path / "a.zip"
    evil = {"w.zip": packed({name: work})} if inner else {name: work}
    path.write_bytes(packed({**evil, f"bo/{N}": work, f"cy/{N}": work}))
    before = outside()
    found = collected(path)

    assert outside() == before
    assert "leads out of the archive" in why(found, "evil" if "evil" in name else "..")
    assert collected.graded("bo") == work
    assert found.code == 1


def with_link(kind, target):
    """A tar or zip with a link called like a notebook."""
    out = io.BytesIO()
    if kind == "zip":
        info = zipfile.ZipInfo(f"ada/{N}")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(info, target)
    else:
        info = tarfile.TarInfo(f"ada/{N}")
        info.type = {"symbolic": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE}[kind]
        info.linkname = target
        with tarfile.open(fileobj=out, mode="w") as archive:
            archive.addfile(info)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["zip", "symbolic", "hard"])
@pytest.mark.parametrize("target", ["/etc/passwd", "../../secret", "other.ipynb"])
def test_a_link_in_an_archive_is_refused(kind, target, collected, tmp_path):
    path = tmp_path / "a"
    path.write_bytes(with_link(kind, target))
    found = collected(path)

    assert "It is a link" in why(found, N)
    assert not collected.course.submitted.exists()


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.BLKTYPE])
def test_a_device_in_a_tar_is_refused(kind, collected, tmp_path):
    info = tarfile.TarInfo(f"ada/{N}")
    info.type = kind
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(info)

    assert "no regular file" in why(collected(tmp_path / "a.tar"), N)


def test_links_and_pipes_in_a_folder_are_refused(work, collected, tmp_path):
    """A folder that others may write to is no better than an archive."""
    (tmp_path / "secret.ipynb").write_bytes(work)
    top = collected.given({f"bo/{N}": work, f"ada/{N}.x/y": b""})
    (top / "ada" / N).symlink_to(tmp_path / "secret.ipynb")
    (top / "eve").symlink_to(tmp_path)
    (top / "mal").mkdir()
    os.mkfifo(top / "mal" / N)
    found = collected(top)

    assert {o.path for o in found.unaccounted} >= {f"ada/{N}", "eve", f"mal/{N}"}
    assert collected.graded("ada") is None
    assert collected.graded("bo") == work


def test_what_may_not_be_read_is_named(work, collected, monkeypatch):
    """A folder of somebody else's, a broken disk: others are collected."""
    top = collected.given({f"bo/{N}": work, f"ada/{N}": work, f"cy/{N}": work})
    scan, opened = os.scandir, os.open

    def scandir(path):
        if str(path).endswith("ada"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    def open_file(path, *how, **more):
        if "given" in str(path) and "bo" in str(path):
            raise OSError(5, "Input/output error")
        return opened(path, *how, **more)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "open", open_file)
    found = collected(top)

    assert why(found, "ada") == "It cannot be opened: Permission denied."
    assert why(found, "bo/") == "It cannot be read: Input/output error."
    assert collected.graded("cy") == work


def bomb(size):
    """A zip with a file of zeros, a thousand times smaller than that."""
    return packed({N: bytes(size)})


def test_a_bomb_costs_only_whoever_handed_it_in(work, collected, monkeypatch):
    monkeypatch.setattr(budget, "MAX_INNER_UNPACKED", 1 << 20)
    files = {f"ada/{N}": work, "eve/work.zip": bomb(100 << 20), f"bo/{N}": work}
    found = collected(files)

    assert "far more than its size" in why(found, "eve/work.zip")
    assert {row.student: row.what for row in found.rows} == {
        "ada": "new",
        "bo": "new",
        "eve": "nothing",
    }


def test_a_file_larger_than_any_notebook_is_named(collected, monkeypatch):
    monkeypatch.setattr(members, "MAX_MEMBER", 1 << 20)

    assert "more than 1 MB" in why(collected({f"ada/{N}": bytes(2 << 20)}), N)


def test_an_archive_that_unpacks_without_end_is_refused(
    collected, tmp_path, monkeypatch
):
    monkeypatch.setattr(budget, "MAX_UNPACKED", 1 << 20)
    (tmp_path / "a.zip").write_bytes(bomb(100 << 20))

    with pytest.raises(Refused, match="unpacks to far more than its size"):
        collected(tmp_path / "a.zip")
    assert not collected.course.submitted.exists()


def test_an_archive_in_itself_ends(work, collected):
    data = packed({N: work})
    for _ in range(6):
        data = packed({"w.zip": data})
    found = collected({"ada/w.zip": data})

    assert "an archive in an archive in an archive" in why(found, "ada/")
    assert found.code == 1


@pytest.mark.parametrize("where", ["MAX_MEMBERS", "MAX_INNER_MEMBERS"])
def test_more_files_than_anybody_has_are_refused(
    where, collected, monkeypatch, tmp_path
):
    monkeypatch.setattr(budget, where, 50)
    many = packed({f"x/{i}.txt": b"" for i in range(60)})
    if where == "MAX_MEMBERS":
        (tmp_path / "a.zip").write_bytes(many)
        with pytest.raises(Refused, match="more files than a class"):
            collected(tmp_path / "a.zip")
    else:
        found = collected({"ada/w.zip": many})
        assert "more files than a class" in " ".join(o.why for o in found.unaccounted)


def encrypted(data):
    """The same zip with the mark of encryption on its members."""
    found = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = found.find(mark)
        while place >= 0:
            found[place + at] |= 1
            place = found.find(mark, place + 4)
    return bytes(found)


def test_an_encrypted_member_is_named(work, collected, tmp_path):
    (tmp_path / "a.zip").write_bytes(encrypted(packed({f"ada/{N}": work})))

    assert "is encrypted" in why(collected(tmp_path / "a.zip"), N)


def test_a_method_that_python_lacks_is_named(work, collected, tmp_path):
    """Windows writes Deflate64 into large archives."""
    data = packed({f"ada/{N}": work, f"bo/{N}": work})
    place = data.find(b"PK\x01\x02")
    (tmp_path / "a.zip").write_bytes(
        data[: place + 10] + b"\x09\0" + data[place + 12 :]
    )
    found = collected(tmp_path / "a.zip")

    assert "cannot be unpacked" in why(found, f"ada/{N}")
    assert collected.graded("bo") == work


def test_a_damaged_member_costs_itself(work, collected, tmp_path):
    data = bytearray(packed({f"ada/{N}": work, f"bo/{N}": work}))
    data[200] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)
    found = collected(tmp_path / "a.zip")

    assert "damaged" in why(found, f"ada/{N}")
    assert collected.graded("bo") == work


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"no archive", b"Rar!\x1a\x07\0", zlib.compress(b"x" * 999)],
)
def test_what_is_no_archive_is_refused(data, collected, tmp_path):
    (tmp_path / "a.zip").write_bytes(data)

    with pytest.raises(Refused, match=r"a\.zip: It is"):
        collected(tmp_path / "a.zip")


def test_half_a_tar_gives_what_is_whole_or_is_refused(work, collected, tmp_path):
    """A download that broke off: nothing of it is written as if it were all."""
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for who in "ab":
            info = tarfile.TarInfo(f"{who}/{N}")
            info.size = len(work)
            archive.addfile(info, io.BytesIO(work))
    whole = (tmp_path / "a.tar").read_bytes()
    (tmp_path / "b.tar").write_bytes(whole[: len(work) + 3000])

    try:
        found = collected(tmp_path / "b.tar")
    except Refused:
        assert not collected.course.submitted.exists()
    else:
        assert found.code == 1
        assert collected.graded("b") is None


@pytest.mark.parametrize("name", ["a\nb", "a\x07b", "a\x7fb"])
def test_control_characters_in_names_are_named(name, work, collected, tmp_path):
    (tmp_path / "a.zip").write_bytes(packed({f"{name}/{N}": work}))
    found = collected(tmp_path / "a.zip")

    assert "control characters" in why(found, N)


def test_a_names_length_is_no_accident_of_others(work, collected, tmp_path):
    (tmp_path / "a.zip").write_bytes(packed({f"{'x' * 300}/{N}": work, f"b/{N}": work}))
    found = collected(tmp_path / "a.zip")

    assert "longer than 100 characters" in why(found, "xxx")
    assert collected.graded("b") == work


@pytest.mark.parametrize(
    "sid", ["../../evil", "a/b", "..", ".hidden", "x" * 300, "a\n"]
)
def test_a_system_cannot_name_a_folder_elsewhere(sid, work, collected, outside):
    """What stands in Gradescope's file is a name, not a path."""
    import json

    sheet = {
        "submission_9": {":submitters": [{":name": "A", ":sid": sid, ":email": ""}]}
    }
    files = {
        f"e/submission_9/{N}": work,
        "e/submission_metadata.yml": json.dumps(sheet).encode(),
    }
    given = collected.given(files)
    before = outside()
    found = collected(given)

    assert outside() == before
    assert why(found, N).startswith("The name ")
    assert collected.course.submitted.exists() is False


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch evil']",
        "a: &a [*a, *a]",
        "[" * 5000,
        "- 1",
        "submission_9: 3",
        "submission_9: {':submitters': 7}",
        "submission_9: {':submitters': [[]], ':created_at': 7}",
        "\x00",
        "a: b: c",
    ],
)
def test_a_sheet_that_is_none_runs_nothing(text, work, collected, outside):
    files = {f"e/submission_9/{N}": work, "e/submission_metadata.yml": text.encode()}
    given = collected.given(files)
    before = outside()
    collected(given)

    assert outside() == before
