"""The archives of Gradescope.

Gradescope (Review Grades, Export Submissions) has a folder ``submission_99001`` for
each submission, and ``submission_metadata.yml``, which says by folder who handed in,
one or several, with name, number and address, and when.

References
----------
https://guides.gradescope.com
https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import yaml
from dateutil import parser

from autograder.collecting.owner import Owner, Sorted
from autograder.collecting.spool import Member
from autograder.limits import MAX_CLASS_METADATA

__all__ = ["gradescope"]

METADATA = "submission_metadata.yml"


def gradescope(members: Sequence[Member]) -> Sorted:
    """Files by who handed in the folder that they are in."""
    owners: dict[str, tuple[Owner, ...]] = {}
    read = set()
    for sheet in members:
        if PurePosixPath(sheet.path).name != METADATA or sheet.copy is None:
            continue
        top = sheet.path.removesuffix(METADATA)
        entries = _metadata(sheet)
        if not entries:
            continue
        read.add(sheet.path)
        for member in members:
            folder, _, file = member.path.removeprefix(top).partition("/")
            entry = entries.get(folder)
            if member.path.startswith(top) and isinstance(entry, dict):
                owners[member.path] = tuple(_submitters(folder, file, entry))
    return Sorted("Gradescope", {p: o for p, o in owners.items() if o}, frozenset(read))


def _metadata(sheet: Member) -> dict[str, Any]:
    assert sheet.copy is not None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with sheet.copy.open("rb") as file:
        try:
            found = yaml.load(file.read(MAX_CLASS_METADATA), loader)
        except (yaml.YAMLError, ValueError, RecursionError):
            return {}
    return found if isinstance(found, dict) else {}


def _submitters(folder: str, file: str, entry: dict[str, Any]) -> Iterable[Owner]:
    people = entry.get(":submitters")
    created = entry.get(":created_at")
    if isinstance(created, str):
        try:
            created = parser.isoparse(created)
        except ValueError:
            created = None
    number = re.sub(r"\D", "", folder)
    for one in people if isinstance(people, list) else ():
        if isinstance(one, dict):
            text = {
                key: str(one.get(f":{key}") or "") for key in ("name", "sid", "email")
            }
            yield Owner(
                name=text["name"],
                student_number=text["sid"],
                email=text["email"],
                file=file,
                attempt=int(number or 0),
                time=created if isinstance(created, datetime) else None,
            )
