"""Intake: whatever lies in a submission folder becomes bytes or one sentence."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from autograder.limits import MAX_CELLS, MAX_NOTEBOOK_FILE
from autograder.submissions.intake import (
    collect,
    read_submission,
)
from autograder.submissions.notebook import Problem, parse_notebook
from autograder.submissions.submission import (
    NO_NOTEBOOK,
    NOT_OPENED,
    TIME_UNCLEAR,
    UNACCOUNTED,
    UNREADABLE,
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
    "not text": (b"\x00\xff\x81\n\xff", "not text in UTF-8"),
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


ODD_CELLS = [
    7,
    "text",
    None,
    {},
    {"cell_type": "raw", "source": "x"},
    {"cell_type": "sql", "source": "y"},
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

    sources = [cell.source for cell in found]
    assert sources == ["x", "y", "", "x = 1", "y = 2", "z", "a\nb", "t"]
    assert [cell.kind for cell in found][:3] == ["raw", "raw", "code"]
    assert {cell.grade_id for cell in found} == {""}


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
    """And what is left beside it is told: it may be what counts."""
    hand_in(folder, b"old", "Copy.ipynb")
    hand_in(folder, notebook.data)

    submission = read_submission("ada", folder)

    assert submission.data == notebook.data
    (doubt,) = submission.doubts
    assert doubt.code == UNACCOUNTED
    assert "what else is there is not: Copy.ipynb." in doubt.text


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
    assert submission.code == (UNREADABLE if set(names) - {".x"} else NO_NOTEBOOK)


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
        file.truncate(MAX_NOTEBOOK_FILE + 1)

    assert "more than 256 MB" in read_submission("ada", folder).problem


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


@pytest.mark.parametrize("text", ["not a date", "", "2026-11-21 12:00:00 CST"])
def test_an_unclear_time_is_a_doubt(folder, notebook, text):
    """It costs nobody the submission, and nobody is in time by it."""
    hand_in(folder, notebook.data)
    (folder / "timestamp.txt").write_text(text)

    submission = read_submission("ada", folder)

    assert submission.data == notebook.data
    assert submission.timestamp is None
    (doubt,) = submission.doubts
    assert doubt.code == TIME_UNCLEAR
    assert doubt.text.startswith("timestamp.txt ")


def test_a_time_that_we_cannot_open_is_a_doubt(folder, notebook):
    hand_in(folder, notebook.data)
    (folder / "timestamp.txt").symlink_to("/dev/zero")

    assert [d.code for d in read_submission("ada", folder).doubts] == [TIME_UNCLEAR]


def test_a_class_is_collected_in_order(tmp_path, notebook):
    """By chapter and student; what cannot be a student and links are told."""
    for student in ("boris", "ada"):
        (tmp_path / student / CHAPTER).mkdir(parents=True)
        hand_in(tmp_path / student / CHAPTER, notebook.data)
        (tmp_path / student / "notes").mkdir()
    (tmp_path / "=cmd|calc" / CHAPTER).mkdir(parents=True)
    (tmp_path / "mallory").symlink_to(tmp_path / "ada")
    (tmp_path / "roster.csv").write_text("ada")

    submissions, strays = collect(tmp_path, [CHAPTER])

    assert [s.student for s in submissions] == ["ada", "boris"]
    assert [s.text for s in strays] == [
        "The folder '=cmd|calc' has a name that no student can have: it has '|', "
        "U+007C VERTICAL LINE in it. Rename it; nothing in it is graded.",
        "Not graded, because a link is not followed: mallory.",
    ]


def test_what_lies_in_the_wrong_place_is_named(tmp_path, notebook):
    """A misspelled chapter or a loose file is told, not passed over in silence."""
    for place in ("ada/03_momentum", "ada/05_adam", "eve/03_Momentum", "eve", "."):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        hand_in(tmp_path / place, notebook.data, "03_momentum.ipynb")

    submissions, strays = collect(tmp_path, [CHAPTER], [CHAPTER, "05_adam"])

    assert [s.student for s in submissions] == ["ada"]
    belongs = "Not graded, because a notebook belongs in STUDENT/CHAPTER/CHAPTER.ipynb"
    assert [(s.student, s.chapter, s.text) for s in strays] == [
        (None, None, f"{belongs}: 03_momentum.ipynb."),
        (
            "eve",
            CHAPTER,
            "Not graded, because no released chapter is called so: eve/03_Momentum. "
            "In it: eve/03_Momentum/03_momentum.ipynb.",
        ),
        ("eve", CHAPTER, f"{belongs}: eve/03_momentum.ipynb."),
    ]
    assert {s.code for s in strays} == {UNACCOUNTED}


def test_a_long_list_of_misplaced_files_is_cut(tmp_path):
    for number in range(300):
        hand_in(tmp_path, b"{}", f"{number:03}.zip")

    _, (stray,) = collect(tmp_path, [CHAPTER])

    assert stray.text.endswith("004.zip, and 295 more.")


def test_a_course_without_submissions_has_none(tmp_path):
    assert collect(tmp_path / "nowhere", [CHAPTER]) == ([], [])


PLACES = {
    "attempt_2/03_momentum/03_momentum.ipynb": CHAPTER,
    "03 Momentum/hw.ipynb": CHAPTER,
    "03/hw.ipynb": CHAPTER,
    "03_momentum.zip": CHAPTER,
    "Downloads/work.ipynb": None,
    "essay.docx": None,
    "Downloads/deep/er/photo.jpg": None,
}


@pytest.mark.parametrize(("path", "chapter"), PLACES.items(), ids=PLACES)
def test_whatever_lies_in_a_students_folder_is_told(tmp_path, path, chapter):
    """With the chapter that it seems to be for, if there is just one."""
    file = tmp_path / "zed" / path
    file.parent.mkdir(parents=True)
    file.write_bytes(b"{}")

    found, (stray,) = collect(tmp_path, [CHAPTER, "05_adam"])

    assert found == []
    assert (stray.student, stray.chapter, stray.code) == ("zed", chapter, UNACCOUNTED)
    assert f"zed/{path}" in stray.text


@pytest.mark.parametrize("name", ["__MACOSX", ".DS_Store", "@eaDir", "lost+found"])
def test_what_systems_leave_behind_is_nobodys(tmp_path, notebook, name):
    """Beside students, in a student's folder and beside the notebook."""
    (tmp_path / "ada" / CHAPTER).mkdir(parents=True)
    hand_in(tmp_path / "ada" / CHAPTER, notebook.data)
    for place in (".", "ada", f"ada/{CHAPTER}"):
        (tmp_path / place / name / CHAPTER).mkdir(parents=True)
        hand_in(tmp_path / place / name / CHAPTER, b"", "._03_momentum.ipynb")

    (found,), strays = collect(tmp_path, [CHAPTER])

    assert (found.student, strays) == ("ada", [])
    submission = read_submission("ada", found.folder)
    assert (submission.notes, submission.doubts) == ((), ())


def test_a_name_written_in_two_ways_is_one_student(tmp_path):
    """The composed one is graded, and the other is told, whichever comes first."""
    for name in ("Zoe\u0308", "Zo\u00eb"):
        (tmp_path / name / CHAPTER).mkdir(parents=True)

    (found,), (stray,) = collect(tmp_path, [CHAPTER])

    assert (found.student, found.folder.parent.name) == ("Zo\u00eb", "Zo\u00eb")
    assert "the same name, written in two ways" in stray.text


def test_a_name_in_two_pieces_is_composed(tmp_path):
    (tmp_path / "Nu\u0301n\u0303ez" / CHAPTER).mkdir(parents=True)

    (found,), strays = collect(tmp_path, [CHAPTER])

    assert (found.student, strays) == ("N\u00fa\u00f1ez", [])
    assert found.folder.is_dir()


RENAMED = [
    "03_momentum.ipynb.txt",
    "03_momentum.IPYNB",
    "03_momentum.ipynb.json",
    "03_momentum.json",
    "03_momentum.txt",
    "03_momentum",
    "03_momentum/03_momentum.ipynb",
    "03_momentum.ipynb/03_momentum.ipynb",
    "a/b/c/work (1).ipynb",
]


@pytest.mark.parametrize("name", RENAMED)
def test_a_notebook_is_found_whatever_became_of_its_name(folder, notebook, name):
    """Browsers add endings, archives add folders."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    hand_in(folder, notebook.data, name)

    submission = read_submission("ada", folder)

    assert submission.data == notebook.data
    assert submission.doubts == ()
    assert submission.notes == (
        f"The notebook is called {name}, not 03_momentum.ipynb.",
    )


@pytest.mark.parametrize(
    "names", [("03_momentum", "03_momentum-Copy1"), ("a-1", "a-2")]
)
def test_a_copy_that_was_worked_on_is_preferred(folder, notebook, solved, names):
    """The released notebook beside it is nobody's work."""
    hand_in(folder, notebook.data, f"{names[0]}.ipynb")
    hand_in(folder, solved.data, f"{names[1]}.ipynb")

    submission = read_submission("ada", folder, release=notebook.data)

    assert submission.data == solved.data
    assert submission.doubts == ()
    (note,) = submission.notes
    assert note == (
        f"{names[0]}.ipynb is as it was released; {names[1]}.ipynb, in which somebody "
        "worked, is graded."
    )


def test_copies_that_say_the_same_are_one(folder, solved):
    hand_in(folder, solved.data)
    hand_in(folder, solved.data + b"\n", "03_momentum (1).ipynb")

    submission = read_submission("ada", folder)

    assert submission.data == solved.data
    assert submission.doubts == ()


def test_two_that_were_worked_on_wait_for_a_person(folder, notebook, make_notebook):
    """None is an untouched one's zero, and none is chosen by chance."""
    hand_in(folder, notebook.data)
    hand_in(folder, make_notebook().solve("momentum_step").data, "a.ipynb")
    hand_in(folder, make_notebook().solve("nesterov_step").data, "b.ipynb")

    submission = read_submission("ada", folder, release=notebook.data)

    assert (submission.data, submission.code) == (None, UNREADABLE)
    assert "Leave the one that counts" in submission.problem


@pytest.mark.parametrize("name", ["old.zip", "more/other.ipynb", "x.7z"])
def test_what_may_be_work_beside_the_notebook_is_told(folder, solved, name):
    (folder / name).parent.mkdir(exist_ok=True)
    hand_in(folder, solved.data)
    hand_in(folder, b"{}", name)

    submission = read_submission("ada", folder)

    assert submission.data == solved.data
    assert [d.code for d in submission.doubts] == [UNACCOUNTED]
    assert name in submission.doubts[0].text


def test_other_files_beside_the_notebook_are_noted(folder, solved):
    """A plot or a table is no doubt, and is not passed over in silence either."""
    hand_in(folder, solved.data)
    hand_in(folder, b"1,2", "data.csv")
    hand_in(folder, b"%PDF", "report.pdf")

    submission = read_submission("ada", folder)

    assert submission.doubts == ()
    assert submission.notes == (
        "Handed in beside the notebook, and not graded: data.csv, report.pdf.",
    )


def denied(place):
    """Makes the system refuse what lies in `place`, as it would for a user."""

    def refuse(call):
        def guarded(path, *more, **options):
            if Path(path) == place or place in Path(path).parents:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return call(path, *more, **options)

        return guarded

    return refuse


@pytest.mark.parametrize("what", ["the file", "the folder"])
def test_what_we_cannot_open_is_our_failure(folder, solved, monkeypatch, what):
    hand_in(folder, solved.data)
    place = folder / f"{CHAPTER}.ipynb" if what == "the file" else folder
    for name in ("open", "scandir"):
        monkeypatch.setattr(os, name, denied(place)(getattr(os, name)))

    submission = read_submission("ada", folder)

    assert (submission.data, submission.code) == (None, NOT_OPENED)
    assert "We could not open" in submission.problem
    assert "Permission denied" in submission.problem
    assert "no fault of the student's" in submission.problem


def test_a_student_whose_folder_is_closed_has_a_submission(tmp_path, monkeypatch):
    """Of each chapter that others have handed in: nobody is left out in silence."""
    for student in ("ada", "bo"):
        (tmp_path / student / CHAPTER).mkdir(parents=True)
    refused = denied(tmp_path / "bo")(os.scandir)
    monkeypatch.setattr(os, "scandir", refused)

    found, strays = collect(tmp_path, [CHAPTER, "05_adam"])

    assert [(s.student, s.chapter) for s in found] == [
        ("ada", CHAPTER),
        ("bo", CHAPTER),
    ]
    assert strays == []
    assert read_submission("bo", found[1].folder).code == NOT_OPENED


def test_a_closed_class_is_told(tmp_path, monkeypatch):
    """A mount that is away is no class that nobody handed in to."""
    monkeypatch.setattr(os, "scandir", denied(tmp_path)(os.scandir))

    found, (stray,) = collect(tmp_path, [CHAPTER])

    assert (found, stray.code) == ([], NOT_OPENED)
