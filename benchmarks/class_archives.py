"""Archives of a class's notebooks as each system gives them, a tenth of them odd.

They are made after the systems' documentation and sources, which
`autograder.collecting.systems` and `autograder.collecting.plain` name.
"""

from __future__ import annotations

import io
import json
import re
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

__all__ = ["CHAPTER", "ODD", "SYSTEMS", "Person", "make_class", "roster", "solve"]

CHAPTER = "03_momentum"
START = datetime(2026, 11, 20, 12, 0, 10)
FIRST = "Ada Boris Chén Dalia Émile Farah Göran Hana Inès José".split()
LAST = "Lovelace Núñez O’Neil Müller-Lüdenscheidt Şahin Wójcik Li Okoro Sukarno Åberg"

Attempts = list[dict[str, bytes]]
"""Each attempt's files by name, in order."""


@dataclass(frozen=True)
class Person:
    """Somebody of the class.

    Attributes
    ----------
    odd : str
        What is odd about what they handed in; empty for nothing.
    used : bytes or None
        What is to be graded; None if nothing can be.
    """

    number: int
    name: str
    login: str
    attempts: Attempts
    odd: str = ""
    used: bytes | None = None


def solve(release: bytes, mark: str) -> bytes:
    """The released notebook with somebody's own work in its first answer."""
    tree = json.loads(release)
    for cell in tree["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("solution") and cell["cell_type"] == "code":
            cell["source"] = f"def momentum_step(*a):  # {mark}\n    return a[:2]\n"
            break
    return json.dumps(tree, indent=1, ensure_ascii=False).encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _without_metadata(work: bytes) -> bytes:
    tree = json.loads(work)
    for cell in tree["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    return json.dumps(tree).encode()


def _with_outputs(work: bytes) -> bytes:
    tree = json.loads(work)
    picture = {"image/png": "iVBORw0KGgo" * 200_000}
    shown = {"output_type": "display_data", "metadata": {}, "data": picture}
    next(c for c in tree["cells"] if c["cell_type"] == "code")["outputs"] = [shown]
    return json.dumps(tree).encode()


N = f"{CHAPTER}.ipynb"
_MAC = {f"__MACOSX/work/._{N}": b"\0\5\26\7", "work/.DS_Store": b"\0\0\0\1Bud1"}
Odd = Callable[[bytes, bytes, bytes], tuple[Attempts, bytes | None]]

ODD: dict[str, Odd] = {
    "in a zip with a folder": lambda w, r, o: (
        [{"work.zip": packed({f"a/b/{N}": w})}],
        w,
    ),
    "a zip of macOS": lambda w, r, o: (
        [{"w.zip": packed({f"work/{N}": w, **_MAC})}],
        w,
    ),
    "zip in a zip": lambda w, r, o: (
        [{"w.zip": packed({"inner.zip": packed({N: w})})}],
        w,
    ),
    "Safari's ending": lambda w, r, o: ([{f"{N}.txt": w}], w),
    "Firefox's ending": lambda w, r, o: ([{f"{CHAPTER}.json": w}], w),
    "capitals": lambda w, r, o: ([{f"{CHAPTER}.IPYNB": w}], w),
    "UTF-16": lambda w, r, o: ([{N: w.decode().encode("utf-16")}], w),
    "a mark first": lambda w, r, o: ([{N: b"\xef\xbb\xbf" + w}], w),
    "an untouched original": lambda w, r, o: (
        [{N: r, f"{CHAPTER}-Copy1.ipynb": w}],
        w,
    ),
    "downloaded twice": lambda w, r, o: ([{f"{CHAPTER} (1).ipynb": w}], w),
    "an attempt before": lambda w, r, o: ([{N: solve(r, "first")}, {N: w}], w),
    "untouched, then solved": lambda w, r, o: ([{N: r}, {N: w}], w),
    "solved, then untouched": lambda w, r, o: ([{N: w}, {N: r}], w),
    "without metadata": lambda w, r, o: ([{N: (m := _without_metadata(w))}], m),
    "with pictures": lambda w, r, o: ([{N: (p := _with_outputs(w))}], p),
    "a module beside": lambda w, r, o: ([{N: w, "helpers.py": b"x = 1\n"}], w),
    "a report beside": lambda w, r, o: ([{N: w, "report.pdf": b"%PDF-1.7\n"}], w),
    "named by heart": lambda w, r, o: ([{f"Homework {CHAPTER}.ipynb": w}], w),
    "a web page": lambda w, r, o: ([{N: b"<!DOCTYPE html><html></html>"}], None),
    "a PDF": lambda w, r, o: ([{f"{CHAPTER}.pdf": b"%PDF-1.7\n"}], None),
    "a pointer of Git LFS": lambda w, r, o: (
        [{N: b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9\n"}],
        None,
    ),
    "half of it": lambda w, r, o: ([{N: w[: len(w) // 2]}], None),
    "nothing in it": lambda w, r, o: ([{N: b""}], None),
    "another chapter's": lambda w, r, o: ([{N: o}], None),
    "a damaged zip": lambda w, r, o: ([{f"{CHAPTER}.zip": packed({N: w})[:400]}], None),
}
"""By what is odd: from work, release, another chapter's to attempts and what counts."""


def make_class(size: int, release: bytes, other: bytes) -> list[Person]:
    """A class, every tenth of which hands in something odd, each kind in turn."""
    kinds = list(ODD)
    people = []
    for i in range(size):
        name = f"{FIRST[i % 10]} {LAST.split()[i // 10 % 10]} {i // 100 + 1}"
        name = name.removesuffix(" 1").replace(" 2", " Maria").replace(" 3", " Tran")
        work = solve(release, f"{name} {i}")
        attempts: Attempts = [{N: work}]
        used: bytes | None = work
        odd = kinds[i // 10 % len(kinds)] if i % 10 == 9 else ""
        if odd:
            attempts, used = ODD[odd](work, release, other)
        people.append(Person(4000 + i, name, f"u{i:04}", attempts, odd, used))
    return people


def roster(people: list[Person]) -> str:
    """What Canvas exports of this class, with numbers, logins and addresses."""
    lines = ["Student,ID,SIS User ID,SIS Login ID,Email address,Identifier,Section"]
    for one in people:
        first, _, last = one.name.partition(" ")
        name = f'"{last}, {first}"'
        mail, identifier = f"{one.login}@x.edu", f"Participant {one.number}"
        lines.append(
            f"{name},{one.number},s{one.number},{one.login},{mail},{identifier},A"
        )
    return "\n".join(lines) + "\n"


Files = Iterator[tuple[str, bytes]]


def _canvas(people: list[Person]) -> Files:
    upload = 99000
    for one in people:
        first, _, last = one.name.partition(" ")
        name = re.sub(r"\W", "", f"{last}, {first}").lower()
        late = "LATE_" if one.number % 7 == 0 else ""
        for i, files in enumerate(one.attempts):
            for file, data in files.items():
                upload += 1
                stem, dot, ending = file.partition(".")
                shown = f"{stem}-{i}{dot}{ending}" if i else file
                yield f"{name}_{late}{one.number}_{upload}_{shown}", data


def _moodle(people: list[Person], between: str) -> Files:
    for one in people:
        name = one.name
        for file, data in one.attempts[-1].items():
            if one.odd == "solved, then untouched":
                data = one.attempts[0][file]
            yield f"{name}_{one.number}_assignsubmission_file{between}{file}", data


def _blackboard(people: list[Person]) -> Files:
    for one in people:
        for i, files in enumerate(one.attempts):
            time = START + timedelta(minutes=one.number + 60 * i)
            head = f"Homework 3_{one.login}_attempt_{time:%Y-%m-%d-%H-%M-%S}"
            told = (
                f"Name: {one.name} ({one.login})\nAssignment: Homework 3\n"
                f"Date Submitted: {time:%A, %d %B %Y %H:%M:%S} o'clock GMT\n"
                "Current Grade: Needs Grading\n\nSubmission Field:\nThere is no "
                "student submission text data for this assignment.\n\nFiles:\n"
            )
            yield f"{head}.txt", told.encode()
            for file, data in files.items():
                yield f"{head}_{file}", data


def _gradescope(people: list[Person]) -> Files:
    told = []
    for one in people:
        top = f"submission_{one.number + 10_000}"
        time = START + timedelta(minutes=one.number)
        told.append(
            f"{top}:\n  :submitters:\n  - :name: {one.name}\n    :sid: '{one.login}'\n"
            f"    :email: {one.login}@x.edu\n  :created_at: {time} Z\n  :score: 0.0\n"
        )
        for file, data in one.attempts[-1].items():
            if one.odd == "solved, then untouched":
                data = one.attempts[0][file]
            yield f"assignment_7_export/{top}/{file}", data
    yield "assignment_7_export/submission_metadata.yml", "".join(told).encode()


def _drive(people: list[Person]) -> Files:
    for one in people:
        for file, data in one.attempts[-1].items():
            if one.odd == "solved, then untouched":
                data = one.attempts[0][file]
            if file in ("work.zip", "w.zip", f"Homework {N}"):
                file = file.replace("work", CHAPTER).replace("Homework ", "")
                file = file.replace("w.zip", f"{CHAPTER}.zip")
            yield f"Homework 3/{one.name} - {file}", data


def _plain(people: list[Person]) -> Files:
    for one in people:
        for i, files in enumerate(one.attempts):
            for file, data in files.items():
                name = unicodedata.normalize("NFD", one.name)
                yield f"class/{name}/attempt_{i + 1}/{file}", data


def _zip(files: Files, path: Path) -> Path:
    path = path.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return path


def _tar(files: Files, path: Path) -> Path:
    path = path.with_suffix(".tar.gz")
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def _folder(files: Files, path: Path) -> Path:
    for name, data in files:
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return path


SYSTEMS: dict[str, Callable[[list[Person], Path], Path]] = {
    "Canvas": lambda people, path: _zip(_canvas(people), path),
    "Moodle, with folders": lambda people, path: _zip(_moodle(people, "/"), path),
    "Moodle before 4": lambda people, path: _zip(_moodle(people, "_/"), path),
    "Moodle, without folders": lambda people, path: _zip(_moodle(people, "_"), path),
    "Blackboard": lambda people, path: _zip(_blackboard(people), path),
    "Gradescope": lambda people, path: _zip(_gradescope(people), path),
    "Google Drive": lambda people, path: _zip(_drive(people), path),
    "a zip": lambda people, path: _zip(_plain(people), path),
    "a tar": lambda people, path: _tar(_plain(people), path),
    "a folder": lambda people, path: _folder(_plain(people), path),
}
"""By system: writes a class's archive, and gives its path."""
