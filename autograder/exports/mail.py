"""Feedback pages as mails that are written and not sent: one file for each student.

A mail program opens such a file as a draft, and takes a folder of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from autograder.course import NotACourse
from autograder.exports.formats import Wanted
from autograder.exports.pages import Pages, read_pages
from autograder.exports.roster import NAMES, NoRoster, Roster, match, read_roster
from autograder.gradebook.reading import Mark, class_marks
from autograder.report.words import people, plain_number
from autograder.text import one_line
from autograder.writing import write_whole

__all__ = ["export", "mail"]

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z]+")
_WHOLE_NAMES = ("Full name", "Student", "Name")


def export(wanted: Wanted) -> Iterator[str]:
    """Write a folder of mails for one chapter."""
    pages = read_pages(wanted)
    if wanted.roster is None:
        raise NotACourse("To whom? mail needs --roster FILE, a list with addresses.")
    roster = read_roster(wanted.roster)
    found = match(pages.of, roster, wanted.match)
    to = {
        who: address
        for who, place in found.rows.items()
        if (address := _address(roster, roster.rows[place])) is not None
    }
    if not to:
        raise NoRoster(f"{wanted.roster} has no address of anybody who has a page.")
    marks = class_marks(wanted.course)
    folder = wanted.path("zip", pages.chapter).with_suffix("")
    for old in folder.glob("*.eml"):  # nobody is to get an old one
        old.unlink()
    title = wanted.title or pages.chapter
    for who, address in to.items():
        written = mail(address, title, pages, who, marks.get((pages.chapter, who)))
        write_whole(folder / f"{who}.eml", written, private=True)
    yield wanted.written(folder, f"{people(len(to), 'mail')}, none of them sent")
    yield from pages.told(to, "no address")


def mail(
    to: Address, title: str, pages: Pages, student: str, mark: Mark | None
) -> bytes:
    """One mail with the page in it; the same page makes the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["To"] = to
    message["Subject"] = f"Feedback: {one_line(title, 200)}"
    message["X-Unsent"] = "1"  # a draft, says Outlook
    points = ""
    if mark is not None and mark.given:
        earned = f"{plain_number(mark.mark)} of {plain_number(mark.out_of)} points"
        points = f"You have {earned}.\n"
    greeting = f"Hello {to.display_name},\n\n" if to.display_name else ""
    message.set_content(
        f"{greeting}{points}The attached page says of each of your answers what was "
        "found.\nIt opens in a browser, and needs nothing else.\n"
    )
    page = pages.of[student]
    name = f"{pages.chapter}.html"
    message.add_attachment(page, maintype="text", subtype="html", filename=name)
    message.set_boundary(f"==={hashlib.sha256(page).hexdigest()[:32]}===")
    return message.as_bytes()


def _address(roster: Roster, row: tuple[str, ...]) -> Address | None:
    """Somebody's address, from whichever column has one."""
    cells = dict(zip(roster.head, row, strict=True))
    found = next((cell for cell in row if _ADDRESS.fullmatch(cell)), None)
    return None if found is None else Address(_name(cells), addr_spec=found)


def _name(cells: Mapping[str, str]) -> str:
    whole = next((cells[h] for h in _WHOLE_NAMES if cells.get(h)), "")
    if whole.count(",") == 1:
        last, first = whole.split(",")
        whole = f"{first.strip()} {last.strip()}"
    for pair in NAMES:
        whole = whole or " ".join(filter(None, map(cells.get, pair)))
    return one_line(whole)
