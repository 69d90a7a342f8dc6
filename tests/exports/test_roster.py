"""Who in a list is which student: certain, or listed."""

from __future__ import annotations

import csv
import io
import unicodedata

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
        (b"\xff\xfe\x00", "lists nobody"),
        (b"PK\x03\x04workbook", "is a workbook: save it as CSV"),
        (b"<html><table>", "is a web page or XML"),
        (b'Name\n"a"b\n', "no CSV file"),
    ],
)
def test_what_is_no_list_is_said(tmp_path, data, told):
    path = tmp_path / "list.csv"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(NoRoster, match=told):
        read_roster(path)


LINES = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework 3 (9911),Final Score",
    "    Points Possible,,,,,13,(read only)",
    '"Núñez, José",1001,00123,josé,Sec 1,,88',
    '"Okoro, Zoë",1002,00124,zoë,Sec 1,,88',
    '"Byron, Ada",1003,00125,al01,Sec 1 and Sec 2,,88',
    '"Bo, Bo",1004,00126,bo02,Sec 2,,88',
    '"Student, Test",1005,,7f3ab,Sec 1,,88',
)
"""What Canvas exports, of which the lists below are accidents."""

TEXT = "\r\n".join(LINES) + "\r\n"
OURS = ("00123", "00124", "00125", "00126")
NAMES = ("Núñez, José", "Okoro, Zoë", "Byron, Ada", "Bo, Bo")


def divided(separator):
    """The same list with another separator."""
    rows = csv.reader(io.StringIO(TEXT))
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


ACCIDENTS = {
    "as Canvas writes it": TEXT.encode(),
    "with a byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "Excel, cp1252": TEXT.encode("cp1252"),
    "Excel on a Macintosh": TEXT.encode("mac_roman"),
    "Excel, Unicode text": divided("\t").encode("utf-16"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16, big-endian": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "German Excel": divided(";").encode("cp1252"),
    "tabs": divided("\t").encode(),
    "bars": divided("|").encode(),
    "sep=,": b"sep=,\r\n" + TEXT.encode(),
    "sep=; in quotes": b'"sep=;"\r\n' + divided(";").encode(),
    "SEP with a mark": b"\xef\xbb\xbfSEP=;\r\n" + divided(";").encode("utf-8"),
    "manual posting": TEXT.replace(
        "    Points", "    ,,,,,Manual Posting,\r\n    Points"
    ).encode(),
    "empty rows": TEXT.replace("\r\n", "\r\n\r\n ,,,,,,\r\n").encode(),
    "decomposed letters": unicodedata.normalize("NFD", TEXT).encode(),
    "a row of averages": (TEXT + "Class average,,,,,7.5,80\r\n").encode(),
    "a total": (TEXT + '"Total",,,,,"7,5",80%\r\n').encode(),
    "line ends of old Macintoshes": TEXT.replace("\r\n", "\r").encode(),
    "white space around": TEXT.replace(",00123,", ", 00123 ,").encode(),
    "columns only some rows have": TEXT.replace("Sec 2,,88", "Sec 2,,88,,").encode(),
}


@pytest.mark.parametrize("data", ACCIDENTS.values(), ids=ACCIDENTS)
def test_a_list_is_the_same_however_it_was_saved(tmp_path, data):
    """Encoding, separator and rows that are no people make no difference."""
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    roster = read_roster(path)
    found = match(OURS, roster)

    assert found.column == "SIS User ID"
    assert found.rows == dict(zip(OURS, range(4), strict=True))
    assert (found.lacking, found.idle) == ((), ())
    assert tuple(row[0] for row in roster.rows) == NAMES


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("cp1252", "Müller, Jörg"),
        ("cp1251", "Иванов, Пётр"),
        ("cp932", "山田, 太郎"),
        ("cp1250", "Kovářová, Łucja"),
        ("cp1252", "Ångström, Élodie"),
        ("cp1252", "D’Souza, Noël"),
        ("mac_roman", "Müller, François"),
        ("mac_roman", "Gérard, Zoë"),
    ],
)
def test_the_code_page_that_was_guessed_is_said(tmp_path, page, name):
    path = tmp_path / "list.csv"
    path.write_bytes(f'Name,Login\n"{name}",jm\n"Bo, Bo",bo\n'.encode(page))
    roster = read_roster(path)

    assert roster.rows[0] == (name, "jm")
    assert [f"was read as {page}" in note for note in roster.notes] == [True]


def test_a_code_page_without_letters_of_its_own_is_never_refused(tmp_path):
    """Bytes that no code page knows cost a letter, not the list."""
    path = tmp_path / "list.csv"
    path.write_bytes(b"Name,Login\nJ\x81\x8d\x9d\xff,jm\n")

    assert read_roster(path).rows[0][1] == "jm"


def test_a_person_who_is_called_like_a_row_of_sums_is_a_person(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Name,Login\nTotal,total@x.edu\nMean,m\nAverage,7.5\n")

    assert [row[0] for row in read_roster(path).rows] == ["Total", "Mean"]


def test_a_test_student_with_a_number_is_a_student(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(TEXT.replace("1005,,", "1005,00127,"), encoding="utf-8")

    assert len(read_roster(path).rows) == 5


NUMBERS = Roster(("ID number",), (("123",), ("124",), ("0077",), ("77",)))


def test_zeros_that_a_spreadsheet_dropped_are_found_again_and_said():
    found = match(["00123", "00124"], NUMBERS)

    assert found.rows == {"00123": 0, "00124": 1}
    assert found.without_zeros == ("00123", "00124")


@pytest.mark.parametrize(
    ("students", "rows"),
    [
        (["00123", "0123"], {}),
        (["00123", "123"], {"123": 0}),
        (["077"], {}),
        (["77", "0077"], {"77": 3, "0077": 2}),
    ],
)
def test_zeros_never_decide_between_two(students, rows):
    """Two students or two rows that differ in zeros alone are not told apart."""
    known = Roster(NUMBERS.head, (*NUMBERS.rows, ("other",)))
    found = match([*students, "other"], known)

    assert found.rows == rows | {"other": 4}


def test_accents_are_the_same_in_one_sign_or_two():
    whole = Roster(("Login",), (("josé",), ("zoë",)))
    apart = [unicodedata.normalize("NFD", name) for name in ("josé", "Zoë")]

    assert set(match(apart, whole).rows.values()) == {0, 1}


def test_a_name_is_found_the_other_way_round_and_in_two_columns():
    canvas = Roster(("Student",), (("Lovelace, Ada",), ("Bo, Bo",)))
    moodle = Roster(
        ("First name", "Last name"), (("Ada", "Lovelace"), ("Ada", "Byron"))
    )

    assert match(["Ada Lovelace"], canvas).rows == {"Ada Lovelace": 0}
    assert match(["Ada Lovelace", "ada byron"], moodle).rows == {
        "Ada Lovelace": 0,
        "ada byron": 1,
    }


def test_a_namesake_is_never_chosen():
    """Two of a name are listed, whichever way the list writes them."""
    twice = Roster(("Student",), (("Wei, Li",), ("Li Wei",), ("Bo, Bo",)))
    found = match(["Li Wei", "Bo Bo"], twice)

    assert found.rows == {"Bo Bo": 2}
    assert found.lacking == ("Li Wei",)
