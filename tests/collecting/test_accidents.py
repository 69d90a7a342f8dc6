"""What happens to notebooks on their way in, and what comes of it."""

from __future__ import annotations

import io
import json
import tarfile
import unicodedata
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from benchmarks.class_archives import CHAPTER, packed, solve

N = f"{CHAPTER}.ipynb"
OTHER = "04_adaptive_learning_rates"


def what(found):
    """What was done with each student's work."""
    return {row.student: row.what for row in found.rows}


def why(found, path):
    """Why a path is unaccounted."""
    (one,) = [one for one in found.unaccounted if one.path == path]
    return one.why


# --- Where a notebook is, and how it is saved --------------------------------

PLACES = {
    "as it should be": lambda w: {f"ada/{CHAPTER}/{N}": w},
    "a folder too deep": lambda w: {f"ada/{CHAPTER}/{CHAPTER}/{N}": w},
    "an attempt's folder": lambda w: {f"ada/attempt_2/{CHAPTER}/{N}": w},
    "no folder of a chapter": lambda w: {f"ada/{N}": w},
    "folders of its own": lambda w: {f"ada/Desktop/my course/week 3/{N}": w},
    "Safari": lambda w: {f"ada/{CHAPTER}/{N}.txt": w},
    "text": lambda w: {f"ada/{CHAPTER}/{CHAPTER}.txt": w},
    "json": lambda w: {f"ada/{CHAPTER}/{CHAPTER}.json": w},
    "json twice": lambda w: {f"ada/{CHAPTER}/{N}.json": w},
    "capitals": lambda w: {f"ada/{CHAPTER}/{CHAPTER}.IPYNB": w},
    "more capitals": lambda w: {f"ada/{CHAPTER}/{CHAPTER.upper()}.Ipynb.TXT": w},
    "no ending": lambda w: {f"ada/{CHAPTER}/{CHAPTER}": w},
    "its own name": lambda w: {"ada/final FINAL.ipynb": w},
    "its own name and no ending": lambda w: {"ada/final": w},
    "UTF-16": lambda w: {f"ada/{N}": w.decode().encode("utf-16")},
    "UTF-16, big-endian": lambda w: {
        f"ada/{N}": b"\xfe\xff" + w.decode().encode("utf-16-be")
    },
    "UTF-16 without a mark": lambda w: {f"ada/{N}": w.decode().encode("utf-16-le")},
    "UTF-32": lambda w: {f"ada/{N}": w.decode().encode("utf-32")},
    "a mark": lambda w: {f"ada/{N}": b"\xef\xbb\xbf" + w},
    "a zip": lambda w: {"ada/work.zip": packed({N: w})},
    "a zip of folders": lambda w: {"ada/work.ZIP": packed({f"work/x/{N}": w})},
    "three zips": lambda w: {
        "ada/w.zip": packed({"v.zip": packed({"u.zip": packed({N: w})})})
    },
    "a person's zip": lambda w: {"ada.zip": packed({f"{CHAPTER}/{N}": w})},
    "a person's tar": lambda w: {"ada.tar.gz": tarred({f"{CHAPTER}/{N}": w})},
    "a tgz": lambda w: {"ada/work.tgz": tarred({f"./{N}": w})},
    "a tar by another name": lambda w: {"ada/work.tar": tarred({N: w}, "w:xz")},
    "a zip by another name": lambda w: {"ada/work.tar": packed({N: w})},
    "names with backslashes": lambda w: {"ada/w.zip": packed({f"work\\{N}": w})},
    "a person's file": lambda w: {"ada.ipynb": w},
    "a person's file with the chapter": lambda w: {f"ada_{N}": w},
    "the chapter first": lambda w: {f"{CHAPTER} - ada.ipynb": w},
    "downloaded twice": lambda w: {f"ada/{CHAPTER} (1).ipynb": w},
    "copied": lambda w: {f"ada/{CHAPTER}-Copy1.ipynb": w},
    "macOS beside": lambda w: {
        f"ada/{N}": w,
        f"ada/._{N}": b"\0\5",
        "ada/.DS_Store": b"",
    },
    "a folder of macOS": lambda w: {f"ada/{N}": w, f"__MACOSX/ada/._{N}": b"\0\5"},
    "other leavings": lambda w: {
        f"ada/{N}": w,
        f"ada/@eaDir/{N}": b"x",
        "ada/Thumbs.db": b"x",
        "desktop.ini": b"x",
        "lost+found/#123": b"x",
        f"ada/.ipynb_checkpoints/{CHAPTER}-checkpoint.ipynb": w[:100],
        "ada/.~lock.report.odt#": b"x",
        "ada/__pycache__/x.cpython-311.pyc": b"x",
    },
}


def tarred(files, mode="w:gz"):
    """Files as a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_work_is_found_wherever_it_is_and_however_it_is_saved(place, work, collected):
    """The notebook reaches its place in UTF-8, and nothing is left to look at."""
    found = collected(place(work))

    assert what(found) == {"ada": "new"}
    assert json.loads(collected.graded("ada")) == json.loads(work)
    assert (found.unaccounted, found.code) == ((), 0)


# --- What is no notebook -----------------------------------------------------

NONE = {
    "a web page": (b"<!DOCTYPE html>\n<html><body>Log in</body></html>", ""),
    "a pointer of Git LFS": (b"version https://git-lfs.github.com/spec/v1\n", ""),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", ""),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", ""),
    "nothing": (b"", "empty"),
    "zeros": (b"\0" * 4096, ""),
    "white space": (b"\n\n", "empty"),
    "half": (b'{"cells": [{"cell_type": "code"', ""),
    "a merge conflict": (b'{\n "cells": [\n<<<<<<< HEAD\n  {}\n=======\n', ""),
    "other JSON": (b'{"a": 1}', "no cells"),
    "a list": (b"[1, 2]", ""),
    "a word": (b"sorry", ""),
    "too deep": (b"[" * 100_000, ""),
    "of 2014": (b'{"worksheets": [{"cells": []}]}', "2015"),
    "another course's": (b'{"cells": [], "nbformat": 4}', "no chapter of this course"),
}


@pytest.mark.parametrize(("data", "says"), NONE.values(), ids=NONE)
def test_what_is_called_a_notebook_and_is_none_is_named(data, says, collected):
    """It is never in silence nothing, and never makes anything in grading/."""
    found = collected({"ada/work.ipynb": data})

    assert what(found) == {"ada": "nothing"}
    assert says in why(found, "ada/work.ipynb")
    assert found.code == 1
    assert not collected.course.submitted.exists()


@pytest.mark.parametrize("name", ["report.pdf", "work.rar", "work.7z", "x.py", "a.csv"])
def test_other_files_alone_are_named(name, collected):
    found = collected({f"ada/{name}": b"content"})

    assert "no notebook" in why(found, f"ada/{name}")
    assert found.code == 1


@pytest.mark.parametrize("name", ["helpers.py", "data/x.csv", "report.pdf", "note.txt"])
def test_files_beside_the_notebook_stay_beside_it(name, work, collected):
    """A module that the notebook imports is there when it is graded."""
    found = collected({f"ada/hw/{N}": work, f"ada/hw/{name}": b"content"})
    beside = collected.course.submitted / "ada" / CHAPTER / name

    assert beside.read_bytes() == b"content"
    assert (found.used, found.code) == (2, 0)


@pytest.mark.parametrize("name", ["timestamp.txt", "submission_secret.txt"])
def test_nobody_hands_in_what_grading_reads_beside_a_notebook(name, work, collected):
    """A time stamp in a student's own zip is no time; it is kept, and told."""
    found = collected(
        {"ada/w.zip": packed({N: work, name: b"2020-01-01 00:00:00 UTC"})}
    )

    assert collected.stamp("ada") is None
    assert b"2020-01-01 00:00:00 UTC" in collected.earlier("ada")
    assert "nothing to hand in" in " ".join(found.notes)


# --- Copies and attempts -----------------------------------------------------


def test_of_two_attempts_the_later_is_graded_and_the_other_kept(release, collected):
    """Canvas's names, as in the accident: -1 untouched and late, -2 solved."""
    solved = solve(release, "second")
    found = collected(
        {
            f"lovelaceada_4711_999_{CHAPTER}-2.ipynb": solved,
            f"lovelaceada_LATE_4711_998_{CHAPTER}-1.ipynb": release,
        }
    )

    assert what(found) == {"4711": "new"}
    assert collected.graded("4711") == solved
    assert collected.earlier("4711") == [release]
    assert "the latest attempt" in found.rows[0].why


@pytest.mark.parametrize("marks", [("first", "second"), ("second", "first")])
def test_the_number_of_the_upload_says_which_is_later(release, collected, marks):
    """Not the order in the archive, and not the name."""
    one, two = (solve(release, mark) for mark in marks)
    collected({f"adal_7_99_{CHAPTER}-3.ipynb": one, f"adal_7_100_{N}": two})

    assert collected.graded("7") == two
    assert collected.earlier("7") == [one]


def test_an_untouched_last_attempt_does_not_undo_work(release, work, collected):
    found = collected({f"adal_7_1_{N}": work, f"adal_7_2_{CHAPTER}-1.ipynb": release})

    assert collected.graded("7") == work
    assert "the latest attempt is untouched" in " ".join(found.rows[0].why)


@pytest.mark.parametrize(
    "names",
    [
        (N, f"{CHAPTER}-Copy1.ipynb"),
        (N, f"{CHAPTER} (1).ipynb"),
        (N, "untitled.ipynb"),
        (f"old/{N}", f"new/{N}"),
        (f"{CHAPTER}-Copy1.ipynb", N),
    ],
)
def test_a_copy_that_was_worked_on_is_preferred_and_told(
    names, release, work, collected
):
    original, copy = names
    files = {f"ada/{original}": release, f"ada/{copy}": work, f"bo/{N}": release}
    found = collected(files)

    assert collected.graded("ada") == work
    assert "an untouched copy is beside it" in found.rows[0].why
    assert collected.earlier("ada") == [release]


def test_two_that_were_worked_on_are_told_and_both_kept(release, collected, tmp_path):
    """Nothing says which is meant: a person is asked to look."""
    one, two = solve(release, "one"), solve(release, "two")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, data in ((f"ada/{N}", one), (f"ada/{CHAPTER}-Copy1.ipynb", two)):
            archive.writestr(zipfile.ZipInfo(name), data)
    found = collected(tmp_path / "a.zip")

    assert collected.graded("ada") == one
    assert collected.earlier("ada") == [two]
    assert "look which is meant" in " ".join(found.notes)


def test_the_same_twice_is_one(work, collected):
    found = collected({f"ada/{N}": work, f"ada/{CHAPTER} (1).ipynb": work})

    assert (found.used, found.code, collected.earlier("ada")) == (2, 0, [])


def test_untouched_work_is_collected_and_told(release, collected):
    found = collected({f"ada/{N}": release})

    assert collected.graded("ada") == release
    assert "untouched: it is as it was released" in found.rows[0].why


def test_a_broken_later_file_leaves_the_earlier_and_is_named(work, collected):
    found = collected({f"adal_7_1_{N}": work, f"adal_7_2_{CHAPTER}-1.ipynb": b"<html>"})

    assert collected.graded("7") == work
    assert found.code == 1


# --- Chapters ----------------------------------------------------------------


def test_another_chapters_notebook_is_told_and_not_collected(other, collected):
    """It is not graded as this one, and overwrites nothing in its own chapter."""
    found = collected({f"ada/{CHAPTER}/{N}": other, f"bo/{N}": other})

    assert found.code == 1
    assert [OTHER in one.why for one in found.unaccounted] == [True, True]
    assert collected.graded("ada", OTHER) is None


def test_a_slip_among_many_is_told(release, other, collected):
    files = {f"p{i}_{i}_{900 + i}_hw.ipynb": solve(release, str(i)) for i in range(9)}
    found = collected(files | {"adal_77_999_hw.ipynb": other})

    assert "04_adaptive_learning_rates, and this is about 03" in why(
        found, "adal_77_999_hw.ipynb"
    )


def test_several_chapters_at_once_go_each_to_its_own(work, other, collected):
    found = collected({f"ada/{CHAPTER}/{N}": work, f"ada/{OTHER}/{OTHER}.ipynb": other})

    assert [row.chapter for row in found.rows] == [CHAPTER, OTHER]
    assert collected.graded("ada", OTHER) == other


def test_one_chapter_can_be_asked_for(work, other, collected):
    found = collected({f"ada/{N}": work, f"ada/{OTHER}.ipynb": other}, chapter=CHAPTER)

    assert collected.graded("ada") == work
    assert collected.graded("ada", OTHER) is None
    assert f"this is about {CHAPTER}" in why(found, f"ada/{OTHER}.ipynb")


def stripped(work):
    tree = json.loads(work)
    for cell in tree["cells"]:
        cell["metadata"] = {}
    return json.dumps(tree).encode()


def retyped(work):
    code = "def momentum_step(theta, velocity, grad, lr, beta):\n    return theta"
    cell = {"cell_type": "code", "source": [code], "metadata": {}, "outputs": []}
    return json.dumps({"cells": [cell], "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.mark.parametrize("change", [stripped, retyped])
def test_a_chapter_is_known_without_its_marks(change, work, collected):
    """By its cells, and by the functions that it asks for."""
    collected({"ada/homework.ipynb": change(work)})

    assert collected.graded("ada") == change(work)


# --- Times -------------------------------------------------------------------


def blackboard(work, told):
    head = "Homework 3_al01_attempt_2026-11-20-12-00-10"
    text = f"Name: Ada Lovelace (al01)\nAssignment: x\nDate Submitted: {told}\n"
    return {f"{head}_{N}": work, f"{head}.txt": text.encode()}


def test_a_time_without_a_zone_waits_unless_the_zone_is_said(work, collected):
    """A stamp without a zone is no time for grading: nobody is in time by a guess."""
    files = blackboard(work, "Friday, 20 November 2026 12:00:10 o'clock MEZ")
    found = collected(files)

    assert collected.stamp("al01") == "2026-11-20 12:00:10"
    assert "--timezone" in " ".join(found.notes)


def test_the_zone_that_is_said_is_that_of_the_archive(work, collected):
    files = blackboard(work, "Friday, 20 November 2026 12:00:10 o'clock")
    found = collected(files, zone=ZoneInfo("Europe/Berlin"))

    assert collected.stamp("al01") == "2026-11-20 11:00:10.000000 UTC"
    assert found.rows[0].time.astimezone(UTC) == datetime(
        2026, 11, 20, 11, 0, 10, tzinfo=UTC
    )


@pytest.mark.parametrize("login", ["al_01", "Homework 3", "x.y-z", "ål"])
def test_blackboards_logins_are_whole(login, work, collected):
    """Its own file says which part of a name is the login."""
    head = f"Homework 3_{login}_attempt_2026-11-20-12-00-10"
    text = f"Name: A L ({login})\r\nDate Submitted: x\r\n"
    found = collected({f"{head}_{N}": work, f"{head}.txt": text.encode()})

    assert what(found) == {login: "new"}


# --- Names and lists ---------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Sukarno",
        "Zoë Núñez",
        "प्रिया शर्मा",
        "Siobhán OTHER’Neil",
        "ada+hw@uni.example",
        "Ada Lovelace (4711)",
        "李娜",
        "Jean-Luc d'Arc, jr.x",
        "Σωκράτης",
        "l·l",
    ],
)
def test_names_that_people_have_are_kept_composed(name, work, collected):
    found = collected({f"{unicodedata.normalize('NFD', name)}/{N}": work})

    assert what(found) == {unicodedata.normalize("NFC", name): "new"}
    assert collected.graded(unicodedata.normalize("NFC", name)) == work


@pytest.mark.parametrize(
    "folder",
    [
        "Sukarno_4713_assignsubmission_file/{N}",
        "Sukarno_4713_assignsubmission_file_/{N}",
        "Sukarno_4713_assignsubmission_file_{N}",
        "week 3/Sukarno_4713_assignsubmission_file/deep/er/{N}",
    ],
)
def test_moodles_folders_of_people_with_one_name_are_read(folder, work, collected):
    found = collected({folder.format(N=N): work})

    assert found.system == "Moodle"
    assert what(found) == {"Sukarno": "new"}


def test_namesakes_are_two_people(release, collected):
    """Moodle's number tells them apart, and is in their folders' names."""
    one, two = solve(release, "one"), solve(release, "two")
    found = collected(
        {
            f"Li Wei_11_assignsubmission_file/{N}": one,
            f"Li Wei_12_assignsubmission_file/{N}": two,
        }
    )

    assert what(found) == {"Li Wei 11": "new", "Li Wei 12": "new"}
    assert collected.graded("Li Wei 12") == two


def test_a_list_never_chooses_between_namesakes(work, collected):
    roster = "Full name,Username\nLi Wei,lw1\nLi Wei,lw2\nBo Bo,bb\n"
    files = {
        f"{who}_{i}_assignsubmission_file/{N}": work
        for i, who in enumerate(("Li Wei", "Bo Bo"))
    }
    found = collected(files, roster)

    assert what(found) == {
        "Li Wei": "new",
        "bb": "new",
        "Li Wei (lw1)": "missing",
        "Li Wei (lw2)": "missing",
    }
    assert (
        "not in the list" in found.rows[-3].why
        or "not in the list" in found.rows[1].why
    )


def test_moodles_number_decides_between_namesakes_of_a_worksheet(release, collected):
    roster = (
        "Identifier,Full name,Email address\n"
        "Participant 11,Li Wei,lw1@x.edu\nTeilnehmer 12,Li Wei,lw2@x.edu\n"
    )
    two = solve(release, "two")
    collected({f"Li Wei_12_assignsubmission_file/{N}": two}, roster)

    assert collected.graded("lw2@x.edu") == two


def test_nobody_gets_a_second_folder(work, collected):
    """Who has one under another of the list's names is put there again."""
    (collected.course.submitted / "4711" / "00_gradient_descent").mkdir(parents=True)
    roster = 'Student,ID,SIS User ID,SIS Login ID\n"Lovelace, Ada",4711,s1,al01\n'
    found = collected({f"lovelaceada_4711_1_{N}": work}, roster)

    assert what(found) == {"4711": "new"}


def test_a_column_can_be_said(work, collected):
    roster = 'Student,ID,SIS User ID,SIS Login ID\n"Lovelace, Ada",4711,s1,al01\n'
    found = collected({f"lovelaceada_4711_1_{N}": work}, roster, column="SIS User ID")

    assert what(found) == {"s1": "new"}


def test_who_is_not_in_the_list_is_collected_and_told(work, collected):
    roster = 'Student,ID,SIS Login ID\n"Lovelace, Ada",4711,al01\n'
    found = collected({f"evee_9_1_{N}": work}, roster)

    assert what(found) == {"9": "new", "Lovelace, Ada (al01)": "missing"}
    assert "not in the list" in found.rows[0].why


def test_a_file_that_is_nobodys_is_named(work, collected):
    """In an archive of Canvas's form a name of another form tells nobody."""
    found = collected(
        {f"adal_1_1_{N}": work, f"bob_2_2_{N}": work, "stray.ipynb": work}
    )

    assert "Nothing says whose it is" in why(found, "stray.ipynb")
    assert set(what(found)) == {"1", "2"}


@pytest.mark.parametrize("name", [N, f"{CHAPTER} (2).ipynb", f"{CHAPTER}/{N}"])
def test_a_notebook_without_a_name_is_nobodys(name, work, collected):
    found = collected({name: work})

    assert found.rows == ()
    assert found.code == 1


def test_a_group_of_gradescope_is_each_of_them(work, collected):
    sheet = (
        "submission_9:\n  :submitters:\n  - :name: Ada L\n    :sid: '07'\n"
        "    :email: a@x.edu\n  - :name: Bo B\n    :sid:\n    :email: b@x.edu\n"
        "  :created_at: 2026-11-20 12:00:00.5 Z\n  :history: []\n"
    )
    found = collected(
        {
            f"assignment_1_export/submission_9/{N}": work,
            "assignment_1_export/submission_metadata.yml": sheet.encode(),
        }
    )

    assert what(found) == {"07": "new", "b@x.edu": "new"}
    assert collected.stamp("07") == "2026-11-20 12:00:00.500000 UTC"


def test_an_anonymous_archive_of_canvas_has_people_too(work, collected):
    found = collected({f"anon_k3V9a_99_{N}": work, f"anon_LATE_Zz019_98_{N}": work})

    assert what(found) == {"k3V9a": "new", "Zz019": "new"}


def test_what_was_typed_into_canvas_is_named(collected):
    found = collected({"adal_4711_text.html": b"<p>here</p>"})

    assert what(found) == {"4711": "nothing"}
    assert found.code == 1


def test_an_archive_is_as_good_in_parts(release, course, tmp_path, collected):
    """Drive divides what is large: 001, 002."""
    from autograder.collecting.collect import collect

    parts = [collected.given({f"x/{who} - {N}": solve(release, who)}) for who in "ab"]
    found = collect(course, parts)

    assert what(found) == {"a": "new", "b": "new"}
