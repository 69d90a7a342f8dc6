"""What is there is never lost, and never reached through a link."""

from __future__ import annotations

import json
import os
import stat

import pytest

from autograder.exports.archive_names import names_in
from benchmarks.class_archives import CHAPTER, packed, solve

N = f"{CHAPTER}.ipynb"


@pytest.fixture
def two(release):
    """Two versions of somebody's work."""
    return solve(release, "first"), solve(release, "second")


def what(found):
    return {row.student: row.what for row in found.rows}


def test_what_is_replaced_is_kept_with_its_time(two, collected):
    first, second = two
    collected({f"ada/{N}": first})
    folder = collected.course.submitted / "ada" / CHAPTER
    (folder / "timestamp.txt").write_text("2026-11-20 12:00:00 UTC\n")
    found = collected({f"ada/{N}": second})
    (kept,) = (collected.course.grading / "earlier" / "ada" / CHAPTER).iterdir()

    assert what(found) == {"ada": "replaced"}
    assert collected.graded("ada") == second
    assert kept.read_bytes() == first
    assert kept.name.startswith("2026-11-20_120000_")
    # The old time is not that of the new work.
    assert collected.stamp("ada") is None


def test_untouched_work_never_takes_the_place_of_work(release, work, collected):
    collected({f"ada/{N}": work})
    found = collected({f"ada/{N}": release})

    assert what(found) == {"ada": "kept"}
    assert collected.graded("ada") == work
    assert collected.earlier("ada") == [release]


def sheet(time):
    one = {":submitters": [{":sid": "ada"}], ":created_at": time}
    return json.dumps({"submission_1": one}).encode()


def gradescope(data, time):
    return {f"e/submission_1/{N}": data, "e/submission_metadata.yml": sheet(time)}


def test_an_older_archive_after_a_newer_one_changes_nothing(two, collected):
    first, second = two
    collected(gradescope(second, "2026-11-21T12:00:00Z"))
    found = collected(gradescope(first, "2026-11-20T12:00:00Z"))

    assert what(found) == {"ada": "kept"}
    assert collected.graded("ada") == second
    assert collected.earlier("ada") == [first]


def test_a_newer_archive_brings_its_time(two, collected):
    first, second = two
    collected(gradescope(first, "2026-11-20T12:00:00Z"))
    collected(gradescope(second, "2026-11-21T12:00:00+01:00"))

    assert collected.graded("ada") == second
    assert collected.stamp("ada") == "2026-11-21 11:00:00.000000 UTC"


def test_a_time_that_somebody_wrote_stays_and_is_told(work, collected):
    """A teacher may have given somebody more time."""
    collected(gradescope(work, "2026-11-20T12:00:00Z"))
    path = collected.course.submitted / "ada" / CHAPTER / "timestamp.txt"
    path.write_text("2026-11-19 12:00:00 UTC\n")
    found = collected(gradescope(work, "2026-11-20T12:00:00Z"))

    assert path.read_text() == "2026-11-19 12:00:00 UTC\n"
    assert "it stays" in " ".join(found.rows[0].why)


def test_only_the_owner_reads_what_was_collected(work, collected):
    """On a shared machine nobody else sees or changes anybody's work."""
    mask = os.umask(0)
    try:
        collected({f"ada/{N}": work, "ada/x/y.csv": b"1"})
        collected({f"ada/{N}": work + b"\n"})
    finally:
        os.umask(mask)
    grading = collected.course.grading
    for path in [*grading.glob("submitted/**/*"), *grading.glob("earlier/**/*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
    for name in ("submitted", "earlier"):
        assert stat.S_IMODE((grading / name).stat().st_mode) == 0o700


LINKS = [
    "submitted",
    "submitted/ada",
    f"submitted/ada/{CHAPTER}",
    f"submitted/ada/{CHAPTER}/{N}",
    f"submitted/ada/{CHAPTER}/timestamp.txt",
]


@pytest.mark.parametrize("place", LINKS)
def test_nothing_is_written_through_a_link(place, two, collected, tmp_path):
    """Wherever a link lies, what it leads to is the same afterwards."""
    first, second = two
    elsewhere = tmp_path / "elsewhere"
    link = collected.course.grading / place
    link.parent.mkdir(parents=True, exist_ok=True)
    if "." in link.name:
        elsewhere.write_bytes(first)
    else:
        rest = f"submitted/ada/{CHAPTER}/{N}".removeprefix(place).lstrip("/")
        (elsewhere / rest).parent.mkdir(parents=True)
        (elsewhere / rest).write_bytes(first)
    link.symlink_to(elsewhere)
    before = {
        p: p.read_bytes() for p in tmp_path.rglob("elsewhere*/**/*") if p.is_file()
    }
    found = collected({f"ada/{N}": second, f"bo/{N}": second})

    assert all(path.read_bytes() == data for path, data in before.items())
    assert "is a link: nothing is written through it" in found.unaccounted[0].why
    assert found.code == 1
    if place != "submitted":
        assert collected.graded("bo") == second


def test_a_link_among_the_earlier_ones_is_not_followed(two, collected, tmp_path):
    first, second = two
    collected({f"ada/{N}": first})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (collected.course.grading / "earlier").symlink_to(elsewhere)
    found = collected({f"ada/{N}": second})

    assert list(elsewhere.iterdir()) == []
    assert collected.graded("ada") == first
    assert found.code == 1


@pytest.mark.parametrize(
    "place", ["submitted", "submitted/ada", f"submitted/ada/{CHAPTER}"]
)
def test_a_file_where_a_folder_belongs_is_told(place, work, collected):
    path = collected.course.grading / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    found = collected({f"ada/{N}": work, f"bo/{N}": work})

    assert path.read_text() == "mine"
    assert "is a file, where a folder belongs" in found.unaccounted[0].why


def test_a_file_beside_that_differs_is_kept(work, collected):
    collected({f"ada/{N}": work, "ada/helpers.py": b"old"})
    collected({f"ada/{N}": work, "ada/helpers.py": b"new"})
    beside = collected.course.submitted / "ada" / CHAPTER / "helpers.py"

    assert beside.read_bytes() == b"new"
    assert b"old" in collected.earlier("ada")


def test_other_things_in_the_folder_stay(work, collected):
    folder = collected.course.submitted / "ada" / CHAPTER
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("mine")
    (folder / "older.ipynb").write_text("{}")
    collected({f"ada/{N}": work})

    assert (folder / "mine.txt").read_text() == "mine"
    assert (folder / "older.ipynb").read_text() == "{}"


@pytest.mark.parametrize(
    "name", [f"{N}/x.py", "y" * 300 + ".py", f"{CHAPTER}.ipynb/a/b"]
)
def test_a_file_that_cannot_be_kept_beside_is_named(name, work, collected, tmp_path):
    (tmp_path / "a.zip").write_bytes(packed({f"ada/{N}": work, f"ada/{name}": b"1"}))
    found = collected(tmp_path / "a.zip")

    assert collected.graded("ada") == work
    assert [one.path for one in found.unaccounted] == [f"ada/{name}"]


def test_a_dry_run_says_all_and_writes_nothing(work, collected):
    before = collected.everything()
    found = collected({f"ada/{N}": work}, write=False)

    assert what(found) == {"ada": "new"}
    assert collected.everything() == before


@pytest.mark.parametrize(
    ("system", "name", "path"),
    [
        ("Moodle", "Ada L_4711_assignsubmission_file", f"/{N}"),
        ("Moodle", f"Ada L_4711_assignsubmission_file_{N}", ""),
        ("Canvas", f"lada_LATE_4711_99001_{N}", ""),
    ],
)
def test_the_archives_name_is_kept_for_giving_back(system, name, path, work, collected):
    """By which each system takes feedback; a dry run keeps nothing."""
    grading = collected.course.grading
    collected({f"all/{name}{path}": work}, write=False)
    assert not (grading / "collected").exists()

    found = collected({f"all/{name}{path}": work})

    assert found.system == system
    assert list(names_in(grading, CHAPTER, system).values()) == [name]
