"""Archives of 300 people, as each system gives them: everybody is accounted for."""

from __future__ import annotations

import time

import pytest

from benchmarks.class_archives import CHAPTER, ODD, SYSTEMS, make_class, roster

SIZE = 300
NAMED = ("Blackboard", "Gradescope")
"""Systems whose archives have logins; in the others the list has to give them."""


@pytest.fixture(scope="module")
def people(release, other):
    """The class."""
    return make_class(SIZE, release, other)


@pytest.mark.parametrize("system", SYSTEMS)
def test_everybody_in_an_archive_of_300_is_accounted_for(
    system, people, collected, tmp_path, record_property
):
    """Each person has one row, each usable work is graded, all else is named."""
    archive = SYSTEMS[system](people, tmp_path / "archive")
    start = time.perf_counter()
    found = collected(archive, roster(people))
    seconds = time.perf_counter() - start
    record_property("seconds", round(seconds, 2))

    assert found.system.split(",")[0] in (
        system.split(",")[0].split(" before")[0],
        "plain",
    )
    by_student = {row.student: row for row in found.rows}
    assert len(by_student) == len(found.rows) == SIZE
    for one in people:
        student = one.login if one.login in by_student else one.name
        row = by_student[student]
        assert row.what == ("nothing" if one.used is None else "new"), (one, row)
        assert collected.graded(student) == one.used, one.odd
    lost = [one for one in people if one.used is None]
    assert {one.odd for one in people} == {"", *ODD}
    assert len(found.unaccounted) == len(lost)
    assert found.code == 1
    assert all(row.what != "missing" for row in found.rows)
    # A guard against what grows with the square of the class, nothing else.
    assert seconds < 60


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_second_time_nothing_is_written(system, people, collected, tmp_path):
    """The same archive again changes nothing on disk, not even a time."""
    few = people[140:260]
    archive = SYSTEMS[system](few, tmp_path / "archive")
    first = collected(archive, roster(few))
    before = collected.everything()
    second = collected(archive, roster(few))

    assert collected.everything() == before
    assert {row.what for row in second.rows} == {"same", "nothing"}
    assert second.unaccounted == first.unaccounted


@pytest.mark.parametrize("system", NAMED)
def test_times_in_the_archive_stand_beside_the_notebooks(
    system, people, collected, tmp_path
):
    """In the form of nbgrader's timestamp.txt, in UTC."""
    few = people[:3]
    collected(SYSTEMS[system](few, tmp_path / "archive"))
    assert people[0].number == 4000

    assert collected.stamp("u0000") == "2026-11-23 06:40:10.000000 UTC"
    assert collected.stamp("u0002") == "2026-11-23 06:42:10.000000 UTC"


@pytest.mark.parametrize("system", SYSTEMS)
def test_whoever_is_in_the_list_and_handed_in_nothing_is_missing(
    system, people, collected, tmp_path
):
    found = collected(SYSTEMS[system](people[:5], tmp_path / "a"), roster(people[:7]))
    missing = [row.student for row in found.rows if row.what == "missing"]

    assert [name.split("(")[-1] for name in missing] == ["u0005)", "u0006)"]
    assert len(found.rows) == 7
    assert {row.chapter for row in found.rows} == {CHAPTER, ""}
    assert found.code == 0
