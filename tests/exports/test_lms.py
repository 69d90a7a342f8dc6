"""Imports: read as Canvas and Moodle read them, the marks are the same."""

from __future__ import annotations

import csv
import io
import re

import pytest

from autograder.exports.canvas import canvas_csv
from autograder.exports.moodle import moodle_csv
from autograder.exports.roster import NoRoster, Roster

MARKS = {"ada": 12.0, "boris": 7.33, "chen": 0.0, "d'arcy": 0.5}
CANVAS = Roster(
    (
        "Student",
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        "03_momentum (12345)",
        "Essay (9)",
        "Current Score",
    ),
    (
        ("    Points Possible", "", "", "", "", "13", "5", "(read only)"),
        ("Lovelace, Ada", "7", "s07", "ada", "A", "", "4", "80"),
        ("B., Boris", "8", "s08", "boris", "A, evenings", "3", "", ""),
        ("Zed", "9", "s09", "zed", "B", "1", "", ""),
        ("Student, Test", "99", "", "abc", "A", "", "", ""),
    ),
)


class CanvasImport:
    """The rules of Canvas's gradebook_importer.rb, for a course of some people."""

    def __init__(self, people, assignments):
        self.people, self.assignments = people, assignments
        self.grades, self.points, self.new = {}, {}, []

    def read(self, text):
        rows = list(csv.reader(io.StringIO(text)))
        lines = text.splitlines()[:3]
        assert not all(line.count(";") > line.count(",") for line in lines)
        head = rows[0]
        assert len(head) > 3
        assert "Student" in head[0]
        assert "ID" in head[1]
        about = 3
        if re.search(r"SIS\s+Login\s+ID", head[2]):
            about = 4
        elif re.search(r"SIS\s+User\s+ID", head[2]) and "SIS Login ID" in head[3]:
            about = 5
        assert "Section" in head[about - 1]
        titles = [self._assignment(name) for name in head[about:]]
        for row in rows[1:]:
            if "Points Possible" in row[0]:
                self.points.update(zip(titles, row[about:], strict=True))
                continue
            person = self._person(dict(zip(head, row, strict=True)))
            for title, cell in zip(titles, row[about:], strict=True):
                self.grades[person, title] = self._number(cell)
        return self

    def _assignment(self, name):
        title, number = re.fullmatch(r"(.*?)(?: \((\d+)\))?", name).groups()
        if number in self.assignments or name in self.assignments.values():
            return self.assignments.get(number, name)
        self.new.append(title)
        return title

    def _person(self, row):
        for heading in ("ID", "SIS User ID", "SIS Login ID", "Student"):
            for person in self.people:
                if row[heading] and person[heading] == row[heading]:
                    return person["SIS Login ID"]
        raise AssertionError(f"Canvas would make somebody new: {row}")

    @staticmethod
    def _number(cell):
        """Commas and points both divide; the last one divides the decimals."""
        assert re.fullmatch(r"-?[0-9.,]+%?", cell)
        *whole, last = re.split(r"[,.]", cell)
        return float(".".join(["".join(whole), last]) if whole else last)


def people(*logins):
    return [
        {"Student": login, "ID": "", "SIS User ID": "", "SIS Login ID": login}
        for login in logins
    ]


def test_canvas_reads_the_same_marks_by_login():
    file = canvas_csv(MARKS, 13, "Momentum")
    read = CanvasImport(people(*MARKS), {}).read(file.text)

    assert read.grades == {(name, "Momentum"): mark for name, mark in MARKS.items()}
    assert read.points == {"Momentum": "13"}
    assert read.new == ["Momentum"]
    assert file.written == 4


def test_canvas_gets_its_own_list_back_with_the_marks():
    """The identifying columns and the assignment's number are as they came."""
    file = canvas_csv(MARKS, 13, "03_momentum", CANVAS)
    listed = [
        dict(zip(CANVAS.head, row, strict=True))
        for row in CANVAS.rows
        if "Points" not in row[0]
    ]
    read = CanvasImport(listed, {"12345": "03_momentum"}).read(file.text)

    assert read.grades == {
        ("ada", "03_momentum"): 12.0,
        ("boris", "03_momentum"): 7.33,
    }
    assert read.new == []
    assert "Essay" not in file.text
    assert file.column == "SIS Login ID"
    assert file.lacking == ("chen", "d'arcy")
    assert file.idle == ("zed", "abc")


def test_canvas_makes_a_new_assignment_only_where_there_is_none():
    file = canvas_csv(MARKS, 13, "Momentum", CANVAS)

    assert next(csv.reader(io.StringIO(file.text)))[-1] == "Momentum"


def test_an_older_canvas_list_has_fewer_columns():
    head = ("Student", "ID", "SIS Login ID", "Section")
    roster = Roster(head, (("Ada", "7", "ada", "A"),))
    file = canvas_csv({"ada": 1.0}, 2, "M", roster)
    listed = [{"Student": "Ada", "ID": "7", "SIS User ID": "", "SIS Login ID": "ada"}]

    assert next(csv.reader(io.StringIO(file.text))) == [*head, "M"]
    rows = list(csv.reader(io.StringIO(file.text)))
    assert rows[1] == ["    Points Possible", "", "", "", "2"]
    assert rows[2] == ["Ada", "7", "ada", "A", "1"]
    assert listed[0]["ID"] == rows[2][1]


def moodle_reads(text, users, field):
    """Moodle's load_data.php: one unknown user ends the import; "" is no grade."""
    rows = list(csv.reader(io.StringIO(text)))
    grades = {}
    for key, value in rows[1:]:
        user = next((u for u in users if u[field] == key.strip()), None)
        assert user is not None, "usermappingerror: the whole file is refused"
        assert value
        grades[user["username"]] = float(value)
    return rows[0], grades


USERS = [
    {"username": name, "email": f"{name}@x.edu", "idnumber": f"00{i}"}
    for i, name in enumerate(MARKS)
]


def test_moodle_reads_the_same_marks():
    file = moodle_csv(MARKS, "Momentum")

    assert moodle_reads(file.text, USERS, "username") == (
        ["username", "Momentum"],
        MARKS,
    )


@pytest.mark.parametrize("field", ["email", "idnumber"])
def test_moodle_knows_people_by_what_its_list_has(field):
    """A mark of a stranger stays out: else Moodle would refuse all the others."""
    heading = {"email": "Email address", "idnumber": "ID number"}[field]
    rows = tuple((u["username"], u[field], "-") for u in USERS[:3])
    students = {u[field].partition("@")[0]: MARKS[u["username"]] for u in USERS}
    roster = Roster(("First name", heading, "Quiz: Old (Real)"), rows)
    file = moodle_csv(students, "Momentum", roster, heading)

    head, grades = moodle_reads(file.text, USERS[:3], field)

    assert head == [heading, "Momentum"]
    assert grades == {u["username"]: MARKS[u["username"]] for u in USERS[:3]}
    assert file.lacking == (list(students)[3],)


def test_moodles_worksheet_comes_back_with_its_grades():
    """Moodle's zip names people by a number that no gradebook has, but this sheet."""
    head = ("Identifier", "Full name", "Status", "Grade", "Last modified (grade)")
    ada = ("Participant 4711", "Ada King Lovelace", "Submitted", "", "-")
    boris = ("Participant 4712", "Boris B.", "No submission", "", "-")
    roster = Roster(head, (ada, boris))

    file = moodle_csv({"4711": 12.0, "4799": 1.0}, "Momentum", roster)

    rows = [tuple(row) for row in csv.reader(io.StringIO(file.text))]
    assert rows == [head, (*ada[:3], "12", "")]
    assert file.column == "Identifier"
    assert file.lacking == ("4799",)
    assert file.idle == ("Participant 4712",)


def test_numbers_that_begin_with_zeros_stay():
    roster = Roster(("ID number",), (("007",),))

    assert moodle_csv({"007": 3.0}, "M", roster).text == "ID number,M\r\n007,3\r\n"


def test_a_title_is_no_formula():
    for text in (
        canvas_csv({"ada": 1.0}, 2, "=1+1").text,
        moodle_csv({"ada": 1.0}, "=1+1").text,
    ):
        assert "'=1+1" in text.splitlines()[0]


@pytest.mark.parametrize("mark", [0.0, 0.01, 0.1 + 0.2, 7.125, 12.99, 100.0, 12345.67])
def test_a_mark_is_written_to_the_hundredth(mark):
    read = CanvasImport(people("ada"), {}).read(canvas_csv({"ada": mark}, 13, "M").text)

    assert read.grades["ada", "M"] == round(mark, 2)


@pytest.mark.parametrize(
    "write", [lambda m: canvas_csv(m, 2, "M"), lambda m: moodle_csv(m, "M")]
)
def test_a_name_that_is_a_formula_is_left_out_and_listed(write):
    """Changed so that it is none, it would be another name; Moodle would stop there."""
    file = write({"@SUM(1)": 1.0, "ada": 2.0})

    assert (file.written, file.lacking) == (1, ("@SUM(1)",))
    assert "SUM" not in file.text


def test_a_title_that_the_list_lacks_is_said_before_canvas_makes_it():
    """A new assignment over there is never a surprise; the nearest are named."""
    (said,) = canvas_csv(MARKS, 13, "momentum", CANVAS).notes

    assert "No column of the list is called 'momentum'" in said
    assert "make a new assignment" in said
    assert "'03_momentum'" in said
    assert canvas_csv(MARKS, 13, "03_momentum", CANVAS).notes == ()


def test_moodle_is_given_what_it_can_look_up():
    """Found by name, a student is written by number; without one, it is said."""
    head = ("First name", "Surname", "ID number", "Assignment: Momentum (Real)")
    rows = (("Ada", "Lovelace", "007", ""), ("Boris", "B.", "008", ""))
    marks = {"Ada Lovelace": 3.0, "Boris B.": 4.0}
    file = moodle_csv(marks, "Momentum", Roster(head, rows))

    assert file.text == "ID number,Momentum\r\n007,3\r\n008,4\r\n"
    assert file.notes == ()
    with pytest.raises(NoRoster, match="Moodle finds people by user name"):
        moodle_csv(marks, "M", Roster(head[:2], tuple(row[:2] for row in rows)))
    (said,) = moodle_csv(marks, "Adam", Roster(head, rows)).notes
    assert "No column of the list is about 'Adam'" in said


def test_zeros_that_the_list_has_lost_are_given_back_to_moodle():
    """Moodle looks for 00123; the list from the spreadsheet says 123."""
    roster = Roster(("ID number",), (("123",), ("124",)))
    file = moodle_csv({"00123": 3.0}, "M", roster)

    assert file.text == "ID number,M\r\n00123,3\r\n"
    assert "lost the zeros" in file.notes[0]
