"""Who in a list is which student: certain, or listed."""

from __future__ import annotations

import pytest

from autograder.exports.roster import NoRoster, Roster, match, read_roster

LIST = Roster(
    ("Name", "Login", "Mail"),
    (
        ("Lovelace, Ada", "al01", "ada@x.edu"),
        ("Boris B.", "bb02", "Boris@x.edu"),
        ("Nobody", "", ""),
    ),
)


def test_the_column_is_found_by_whom_it_holds():
    found = match(["al01", "bb02"], LIST)

    assert (found.column, found.rows) == ("Login", {"al01": 0, "bb02": 1})
    assert (found.lacking, found.idle) == ((), (2,))


def test_an_address_is_known_by_its_first_part_and_without_capitals():
    found = match(["ADA", "boris"], LIST)

    assert (found.column, found.rows) == ("Mail", {"ADA": 0, "boris": 1})


def test_who_is_not_there_is_listed():
    found = match(["al01", "eve", "dave"], LIST)

    assert found.lacking == ("dave", "eve")
    assert found.idle == (1, 2)


def test_two_of_a_name_are_nobody():
    twice = Roster(("Login",), (("ada@x.edu",), ("ada@y.edu",), ("bo",)))
    found = match(["ada", "bo"], twice)

    assert found.rows == {"bo": 2}
    assert found.lacking == ("ada",)
    assert match(["ada@x.edu", "bo"], twice).rows == {"ada@x.edu": 0, "bo": 2}


def test_two_students_are_never_one_row():
    found = match(["Ada", "ada@x.edu", "boris"], LIST)

    assert found.rows == {"boris": 1}
    assert found.lacking == ("Ada", "ada@x.edu")


def test_the_column_can_be_said():
    assert match(["ada"], LIST, "Mail").rows == {"ada": 0}
    with pytest.raises(NoRoster, match="no column ID; there are Name, Login, Mail"):
        match(["ada"], LIST, "ID")


def test_a_list_of_somebody_else_is_refused():
    with pytest.raises(NoRoster, match="Is it the list of this class"):
        match(["zoe"], LIST)


@pytest.mark.parametrize(
    "data",
    [
        b"Name,Login\r\nAda,al01\r\n",
        b"\xef\xbb\xbfName,Login\nAda,al01\n\n , \n",
        b"Name;Login\nAda;al01\n",
        b'"Name","Login"\n"Ada","al01"',
        b"Name,Login\nAda,al01,further\n",
    ],
)
def test_lists_are_read_as_systems_write_them(tmp_path, data):
    path = tmp_path / "list.csv"
    path.write_bytes(data)

    assert read_roster(path) == Roster(("Name", "Login"), (("Ada", "al01"),))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "cannot be read"),
        (b"", "lists nobody"),
        (b"Name,Login\n", "lists nobody"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b'Name\n"a"b\n', "no CSV file"),
    ],
)
def test_what_is_no_list_is_said(tmp_path, data, told):
    path = tmp_path / "list.csv"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(NoRoster, match=told):
        read_roster(path)
