"""Intake: whatever lies in a submission folder becomes bytes or one sentence."""

from __future__ import annotations

import datetime
import json
import os

import pytest

from autograder.submissions.intake import (
    collect,
    is_student_name,
    parse_timestamp,
    read_submission,
)
from autograder.submissions.notebook import (
    MAX_BYTES,
    MAX_CELLS,
    Problem,
    parse_notebook,
)

CHAPTER = "03_momentum"


@pytest.fixture
def folder(tmp_path):
    """A student's empty folder for the chapter."""
    path = tmp_path / "ada" / CHAPTER
    path.mkdir(parents=True)
    return path


def hand_in(folder, data, name=f"{CHAPTER}.ipynb"):
    (folder / name).write_bytes(data)


def cells(*raw):
    return json.dumps({"cells": list(raw), "nbformat": 4}).encode()


BROKEN = {
    "nothing": (b"", "is empty"),
    "white space": (b" \n\n", "is empty"),
    "not JSON": (b"<<<<<<< HEAD\n{}", "not JSON: Expecting value at line 1, column 1"),
    "half a file": (b'{"cells": [{"cell', "not JSON"),
    "not text": (b"\x89PNG\r\n\x1a\n\xff", "not text in UTF-8"),
    "a list": (b"[1, 2]", "holds JSON, but no notebook"),
    "no cells": (b'{"metadata": {}}', "it has no cells"),
    "cells that are none": (b'{"cells": 3}', "it has no cells"),
    "a format of 2014": (b'{"worksheets": [{"cells": []}]}', "from before 2015"),
    "too deep": (b"[" * 200_000, "not JSON"),
    "a huge number": (b'{"cells": [], "x": ' + b"9" * 5000 + b"}", "not JSON that"),
    "too many cells": (cells(*[{}] * (MAX_CELLS + 1)), f"{MAX_CELLS} are the most"),
}


@pytest.mark.parametrize(("data", "says"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_notebook_is_named_in_one_sentence(data, says):
    with pytest.raises(Problem) as problem:
        parse_notebook(data)

    sentence = str(problem.value)
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_notebook_beyond_the_cap_is_refused_unread():
    with pytest.raises(Problem, match="more than 32 MB"):
        parse_notebook(b" " * MAX_BYTES + b"{}")


ODD_CELLS = [
    7,
    "text",
    None,
    {},
    {"cell_type": "raw", "source": "x"},
    {"cell_type": "code"},
    {"cell_type": "code", "source": 3},
    {"cell_type": "code", "source": "x = 1", "metadata": "a string"},
    {"cell_type": "code", "source": "y = 2", "metadata": {"nbgrader": ["a list"]}},
    {"cell_type": "code", "source": "z", "metadata": {"nbgrader": {"grade_id": 5}}},
    {"cell_type": "code", "source": ["a\n", 3, "b"], "metadata": {"tags": "try"}},
    {"cell_type": "markdown", "source": "t", "id": ["no"], "attachments": [1]},
]


def test_odd_cells_are_used_as_far_as_they_go():
    """Metadata of any shape costs the metadata, never the notebook."""
    found = parse_notebook(cells(*ODD_CELLS))

    assert [cell.source for cell in found] == ["", "x = 1", "y = 2", "z", "a\nb", "t"]
    assert {cell.grade_id for cell in found} == {""}


def test_a_byte_order_mark_is_no_problem(notebook):
    assert parse_notebook(b"\xef\xbb\xbf" + notebook.data) == parse_notebook(
        notebook.data
    )


def test_lone_surrogates_cannot_travel_on():
    (cell,) = parse_notebook(
        b'{"cells": [{"cell_type": "code", "source": "a = \\"\\ud800\\""}]}'
    )

    assert cell.source.encode()


def test_only_pictures_are_kept_of_attachments():
    picture = {"image/png": "iVBORw0=", "text/html": "<script>"}
    odd = {"image/png": '"><script>'}
    (cell,) = parse_notebook(
        cells(
            {
                "cell_type": "markdown",
                "source": "see",
                "attachments": {"a.png": picture, "b.png": odd, "c": 3},
            }
        )
    )

    assert cell.attachments == {"a.png": {"image/png": "iVBORw0="}}


def test_a_notebook_under_its_name_is_read_with_its_time(folder, notebook):
    hand_in(folder, notebook.data)
    (folder / "timestamp.txt").write_text("2026-03-01 12:30:05.250000 +0100\n")

    submission = read_submission("ada", folder)

    assert submission.data == notebook.data
    assert submission.timestamp == "2026-03-01 11:30:05.250000 UTC"
    assert submission.problem is None
    assert submission.notes == ()


def test_the_only_notebook_is_taken_under_any_name(folder, notebook):
    hand_in(folder, notebook.data, "hw (1).ipynb")

    submission = read_submission("ada", folder)

    assert submission.data == notebook.data
    assert submission.notes == (
        "The notebook is called hw (1).ipynb, not 03_momentum.ipynb.",
    )


def test_the_chapters_name_wins_over_others(folder, notebook):
    hand_in(folder, b"old", "Copy.ipynb")
    hand_in(folder, notebook.data)

    assert read_submission("ada", folder).data == notebook.data


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ((), "There is no notebook in the folder"),
        (("momentum.py", ".hidden.ipynb"), "There is no notebook in the folder"),
        (("03_momentum.zip", "timestamp.txt"), "What is there: 03_momentum.zip."),
        (("a.ipynb", "b.ipynb"), "There are 2 notebooks in the folder and none"),
    ],
)
def test_a_folder_without_the_notebook_says_so(folder, names, says):
    for name in names:
        hand_in(folder, b"{}", name)

    submission = read_submission("ada", folder)

    assert submission.data is None
    assert says in submission.problem


def test_links_folders_and_pipes_are_no_notebooks(folder, tmp_path):
    """Nothing outside the folder is read through it, and nothing blocks."""
    secret = tmp_path / "solution.ipynb"
    secret.write_text("{}")
    notebook = folder / f"{CHAPTER}.ipynb"

    notebook.symlink_to(secret)
    linked = read_submission("ada", folder)
    notebook.unlink()
    notebook.mkdir()
    inside = read_submission("ada", folder)
    notebook.rmdir()
    os.mkfifo(notebook)
    piped = read_submission("ada", folder)

    for submission in (linked, inside, piped):
        assert submission.data is None
        assert submission.problem == "03_momentum.ipynb is not a regular file."


def test_a_file_beyond_the_cap_is_not_read(folder):
    with open(folder / f"{CHAPTER}.ipynb", "wb") as file:
        file.truncate(MAX_BYTES + 1)

    assert "more than 32 MB" in read_submission("ada", folder).problem


def test_the_exchanges_token_is_kept_to_the_letter(folder, notebook):
    """By it the feedback finds its way back."""
    hand_in(folder, notebook.data)
    token = "0123456789abcdef" * 8
    (folder / "submission_secret.txt").write_text(token)

    assert read_submission("ada", folder).token == token


@pytest.mark.parametrize("text", ["", "a\n", "../x", "a" * 1001, "\x1b[2J"])
def test_what_is_no_token_is_left_out(folder, notebook, text):
    hand_in(folder, notebook.data)
    (folder / "submission_secret.txt").write_text(text)
    submission = read_submission("ada", folder)

    assert submission.token is None
    assert (submission.data, submission.notes) == (notebook.data, ())


@pytest.mark.parametrize("text", ["not a date", "", "9" * 300, "2026-13-01 00:00:00"])
def test_a_bad_time_is_ignored_and_told(folder, notebook, text):
    """A broken timestamp costs the timestamp, not the submission."""
    hand_in(folder, notebook.data)
    (folder / "timestamp.txt").write_text(text)

    submission = read_submission("ada", folder)

    assert submission.data == notebook.data
    assert submission.timestamp is None
    assert "which is no time, and is ignored" in submission.notes[0]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-01 10:00:00 UTC", "2026-03-01 10:00:00.000000 UTC"),
        ("2026-03-01 10:00:00.5 -0730", "2026-03-01 17:30:00.500000 UTC"),
        ("2026-03-01 10:00:00", "2026-03-01 10:00:00.000000 UTC"),
        ("2026-03-01", "2026-03-01 00:00:00.000000 UTC"),
    ],
)
def test_times_have_one_form(text, utc):
    assert parse_timestamp(text) == utc


def test_nbgrader_reads_that_form_rightly():
    """It takes +0200 for 200 seconds; in UTC it cannot go wrong."""
    from nbgrader.utils import parse_utc

    utc = parse_timestamp("2026-07-01 09:00:00.000000 +0200")

    assert parse_utc(utc) == datetime.datetime(2026, 7, 1, 7, 0)


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "müller", "a.b-c_d", "o'neil"])
def test_names_that_people_have(name):
    assert is_student_name(name)


@pytest.mark.parametrize(
    "name", ["", "=cmd", "-rf", ".hidden", "a/b", "a*", "a[b]", "a\nb", "x" * 200, "a."]
)
def test_names_that_mean_something_to_a_program(name):
    assert not is_student_name(name)


def test_a_class_is_collected_in_order(tmp_path, notebook):
    """By chapter and student; what cannot be a student is named, links are left."""
    for student in ("boris", "ada"):
        (tmp_path / student / CHAPTER).mkdir(parents=True)
        hand_in(tmp_path / student / CHAPTER, notebook.data)
        (tmp_path / student / "notes").mkdir()
    (tmp_path / "=cmd|calc" / CHAPTER).mkdir(parents=True)
    (tmp_path / "mallory").symlink_to(tmp_path / "ada")
    (tmp_path / "roster.csv").write_text("ada")

    submissions, odd = collect(tmp_path, [CHAPTER])

    assert [s.student for s in submissions] == ["ada", "boris"]
    assert odd == ["The folder '=cmd|calc' has a name that no student can have."]


def test_what_lies_in_the_wrong_place_is_named(tmp_path, notebook):
    """A misspelled chapter or a loose file is told, not passed over in silence."""
    for place in ("ada/03_momentum", "ada/05_adam", "eve/03_Momentum", "eve", "."):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        hand_in(tmp_path / place, notebook.data, "03_momentum.ipynb")

    submissions, odd = collect(tmp_path, [CHAPTER], [CHAPTER, "05_adam"])

    assert [s.student for s in submissions] == ["ada"]
    assert odd == [
        "Not graded, because no released chapter is called so: eve/03_Momentum.",
        "Not graded, because a notebook belongs in STUDENT/CHAPTER/CHAPTER.ipynb: "
        "03_momentum.ipynb, eve/03_momentum.ipynb.",
    ]


def test_a_long_list_of_misplaced_files_is_cut(tmp_path):
    for number in range(300):
        hand_in(tmp_path, b"{}", f"{number:03}.zip")

    _, (sentence,) = collect(tmp_path, [CHAPTER])

    assert sentence.endswith("004.zip, and 295 more.")


def test_a_course_without_submissions_has_none(tmp_path):
    assert collect(tmp_path / "nowhere", [CHAPTER]) == ([], [])
