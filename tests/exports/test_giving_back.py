"""Feedback given back: under the names by which each system takes it."""

from __future__ import annotations

import email
import io
import json
import re
import zipfile
from email.policy import default

import pytest

from autograder.course import NotACourse
from autograder.exports.archive_names import keep_names, names_in
from autograder.exports.comments import comment, is_ours
from autograder.exports.formats import Wanted, export
from autograder.exports.moodle import NO_COMMENTS, moodle_csv
from autograder.exports.moodle_feedback import moodle_path
from autograder.exports.roster import NoRoster, Roster
from autograder.writing import write_whole

CHAPTER = "03_momentum"
WORKSHEET = (
    "Identifier,Full name,Email address,Grade,Last modified (grade),Feedback comments\n"
    "Participant 4711,Ada Lovelace,ada@uni.org,,-,\n"
    "Participant 4712,Boris B.,boris@uni.org,,-,\n"
    "Participant 4713,Zed,zed@uni.org,,-,\n"
)


@pytest.fixture
def pages(course):
    """Ada's and Boris's pages are there."""
    for who in ("ada", "boris"):
        path = course.feedback / who / CHAPTER / f"{CHAPTER}.html"
        write_whole(path, f"<p>{who}, ½ <b>&amp;</b></p>".encode())
    return course


def exported(course, format, **more):
    """What the command says, and the files of the zip that it writes."""
    wanted = Wanted(course, format, CHAPTER, **more)
    lines = list(export(wanted))
    path = wanted.path("zip", CHAPTER)
    if not path.is_file():
        return lines, {}
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return lines, {name: archive.read(name) for name in archive.namelist()}


def moodle_takes(path):
    """Whose it is and the file's name, by the rules of importziplib.php."""
    parts = path.split("/")
    while parts:
        found = parts.pop(0).split("_", 4)
        if len(found) >= 4 and found[1].isdigit():
            assert found[2:4] == ["assignsubmission", "file"]
            return int(found[1]), "/".join([*found[4:], *parts]).lstrip("/")
    return None


def test_moodle_knows_whose_each_page_is(pages):
    names = {
        "ada": "Ada Lovelace_4711_assignsubmission_file",
        "boris": "Boris B._4712_assignsubmission_file_03_momentum.ipynb",
        "zed": "Zed_4713_assignsubmission_file_",
    }
    keep_names(pages.grading, CHAPTER, "Moodle", names)
    lines, files = exported(pages, "moodle-feedback")

    assert {moodle_takes(path): data for path, data in files.items()} == {
        (4711, f"{CHAPTER}.html"): "<p>ada, ½ <b>&amp;</b></p>".encode(),
        (4712, f"{CHAPTER}.html"): "<p>boris, ½ <b>&amp;</b></p>".encode(),
    }
    assert lines == [f"grading/exports/moodle-feedback-{CHAPTER}.zip: 2 pages"]


def test_moodles_worksheet_has_the_numbers_too(pages, tmp_path):
    """For a class that was not collected from its archive."""
    roster = tmp_path / "worksheet.csv"
    roster.write_text(WORKSHEET)
    _, files = exported(pages, "moodle-feedback", roster=roster)

    assert sorted(files) == [
        f"Ada Lovelace_4711_assignsubmission_file/{CHAPTER}.html",
        f"Boris B._4712_assignsubmission_file/{CHAPTER}.html",
    ]


@pytest.mark.parametrize("name", ["", "x.ipynb", "../a_1_assignsubmission_file"])
def test_no_path_is_made_of_another_systems_name(name):
    assert ".." not in moodle_path(name, CHAPTER)


def test_canvas_gets_its_own_names_back(pages):
    """A notebook for a notebook: Canvas shows it under the name that was handed in."""
    name = "lovelaceada_LATE_4711_99001_03_momentum.ipynb"
    keep_names(pages.grading, CHAPTER, "Canvas", {"ada": name})
    lines, files = exported(pages, "canvas-feedback")

    assert list(files) == [name]
    numbers = [part for part in name.split("_") if part.isdigit()][:2]
    assert numbers == ["4711", "99001"]  # what abstract_assignment.rb looks for
    notebook = json.loads(files[name])
    (output,) = notebook["cells"][0]["outputs"]
    assert output["data"]["text/html"] == "<p>ada, ½ <b>&amp;</b></p>"
    assert "  1 page not in it (not in Canvas's archive):" in lines
    assert "    boris" in lines


@pytest.mark.parametrize("format", ["moodle-feedback", "canvas-feedback"])
def test_without_the_archives_names_it_is_said_what_to_do(pages, format):
    with pytest.raises(NotACourse, match="autograder collect"):
        exported(pages, format)


def test_names_of_another_system_are_not_kept(course):
    keep_names(course.grading, CHAPTER, "Canvas", {"ada": "a"})
    keep_names(course.grading, CHAPTER, "Canvas", {"boris": "b"})
    assert names_in(course.grading, CHAPTER, "Canvas") == {"ada": "a", "boris": "b"}

    keep_names(course.grading, CHAPTER, "Moodle", {"ada": "c"})
    assert names_in(course.grading, CHAPTER, "Canvas") == {}


def test_mails_are_drafts_with_the_page_in_them(pages, tmp_path):
    """The same each time; whoever has no address is named."""
    roster = tmp_path / "list.csv"
    roster.write_text(
        'Student,Email\n"Lovelace, Ada",ada@uni.org\nboris,no address\nzed,z@uni.org\n'
    )
    lines, _ = exported(pages, "mail", roster=roster, match="Email")
    folder = pages.grading / "exports" / f"mail-{CHAPTER}"
    (path,) = folder.iterdir()
    data = path.read_bytes()
    exported(pages, "mail", roster=roster, match="Email")
    found = email.message_from_bytes(data, policy=default)

    assert path.name == "ada.eml"
    assert path.read_bytes() == data
    assert found["To"] == "Ada Lovelace <ada@uni.org>"
    assert found["X-Unsent"] == "1"
    assert "Hello Ada Lovelace," in found.get_body().get_content()
    (page,) = found.iter_attachments()
    assert page.get_filename() == f"{CHAPTER}.html"
    assert page.get_content_type() == "text/html"
    assert page.get_payload(decode=True).decode() == "<p>ada, ½ <b>&amp;</b></p>"
    assert "    boris" in lines


def test_only_mails_of_before_are_taken_away(pages, tmp_path):
    """What somebody else has put next to them stays."""
    roster = tmp_path / "list.csv"
    roster.write_text("Student,Email\nada,ada@uni.org\n")
    folder = pages.grading / "exports" / f"mail-{CHAPTER}"
    write_whole(folder / "gone.eml", b"of somebody who has left")
    write_whole(folder / "mine.txt", b"whom to write to first")

    exported(pages, "mail", roster=roster)

    assert {path.name for path in folder.iterdir()} == {"ada.eml", "mine.txt"}


def test_without_addresses_no_mail_is_written(pages, tmp_path):
    roster = tmp_path / "list.csv"
    roster.write_text("Login,Group\nada,A\nboris,B\n")

    with pytest.raises(NoRoster, match="no address"):
        exported(pages, "mail", roster=roster)
    with pytest.raises(NotACourse, match="--roster"):
        exported(pages, "mail")


def sheet(old):
    head, *rows = (line.split(",") for line in WORKSHEET.splitlines())
    rows[0][-1] = old
    return Roster(tuple(head), tuple(map(tuple, rows)))


@pytest.mark.parametrize(
    ("old", "kept"),
    [("", False), ("Found in your functions:<br>old", False), ("From me.", True)],
)
def test_moodles_feedback_comments_name_the_mistakes(result, old, kept):
    """In the worksheet, and never over what somebody else wrote there."""
    rows = [row for row in result.rows if row.misconceptions][:1]
    told = comment(rows)
    comments = {"4711": told}
    text = moodle_csv({"4711": 1.0}, "M", sheet(old), comments=comments).text

    assert is_ours(told)
    assert re.match(r"Found in your functions:<br><code>\w+</code>: ", told)
    assert ("From me." in text) is kept
    assert (told.split("<br>")[1][:40] in text) is not kept


def test_a_worksheet_without_comments_is_told(result):
    full = sheet("")
    without = Roster(full.head[:-1], tuple(row[:-1] for row in full.rows))
    made = moodle_csv({"4711": 1.0}, "M", without, comments={"4711": "x"})

    assert made.notes == (NO_COMMENTS,)


def test_a_comment_fits_into_a_cell(result):
    rows = [row for row in result.rows if row.misconceptions][:1] * 60

    assert "your feedback page" not in comment(rows)
    assert len(comment(rows[:1])) > len(comment(rows)) / 60 > 20
