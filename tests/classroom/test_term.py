"""An instructor's term from the first release to the totals, each sum done by hand.

Thirty students, of whom twenty-five differ in nothing: release 1 is due on Friday
at noon, release 2 with an exercise more comes out on Wednesday.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys

import pytest

from autograder.course import load_course
from autograder.exercises import find
from autograder.writing import write_whole
from tests.helpers.graded_course import Notebook, answer, make_release

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
    pytest.mark.timeout(600),
]

CHAPTER, NEW = "03_momentum", "optimal_momentum"
WRONG = (
    "def momentum_step(theta, velocity, grad, lr, beta):\n    return theta, velocity"
)
IN_TIME, LATE = "2026-11-20 10:30:00 UTC", "2026-11-22 10:30:00 UTC"
USUAL = [f"s{at:02d}" for at in range(25)]

# Of 7 points, 8 from release 2 on; `why` is worth 2 of them.
MARKS = {
    **dict.fromkeys(USUAL, (7.0, 7.0)),
    "ada": (8.0, 8.0),  # handed in again with release 2, and its further work
    "boris": (4.0, 7.0),  # a wrong step, and 1 of 2 for the words
    "chen": (7.0 - 1.4, 7.0),  # two days late: twice 10 % of 7
    "dora": (7.0, 7.0),  # as late, with three days more
    "emil": (7.0, 7.0),  # of one group with s00, who handed in for both
}


class Term:
    """A course, and what its instructor and its students do in it."""

    def __init__(self, folder, root):
        self.folder = folder
        shutil.copy(root / "nbgrader_config.py", folder)
        self.build(make_release())
        solution = make_release()
        solution["cells"][-1]["source"] = "Because it rolls."
        path = folder / "solutions" / CHAPTER / f"{CHAPTER}.ipynb"
        write_whole(path, json.dumps(solution).encode())

    def run(self, *words, code=0):
        """One command of the instructor's; gives what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def build(self, tree):
        path = self.folder / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
        write_whole(path, json.dumps(tree).encode())

    def hand_in(self, student, release, time=IN_TIME, why="It keeps rolling.", **cells):
        """A notebook of that release, right but for these cells."""
        notebook = Notebook()
        notebook.tree = json.loads(load_course(self.folder).frozen[CHAPTER][release])
        notebook.solve().fill("why", why)
        for name, source in cells.items():
            notebook.fill(name, source)
        folder = self.folder / "grading" / "submitted" / student / CHAPTER
        write_whole(folder / f"{CHAPTER}.ipynb", notebook.data)
        write_whole(folder / "timestamp.txt", time.encode())

    def rows(self):
        """`marks.csv`, by student and chapter."""
        with (self.folder / "grading" / "marks.csv").open(encoding="utf-8-sig") as file:
            return {
                (one["student"], one["chapter"]): one for one in csv.DictReader(file)
            }


def with_one_more(tree):
    """What a build makes once the author has added an exercise."""
    theirs = [cell for cell in tree["cells"] if "momentum_step" in cell["id"]]
    new = json.loads(json.dumps(theirs).replace("momentum_step", NEW))
    for cell in new:
        if cell["id"] == f"{NEW}_check":
            cell["metadata"]["nbgrader"]["points"] = find(NEW).points
    tree["cells"] += new
    return tree


def test_a_term(tmp_path, root):
    term = Term(tmp_path, root)
    assert "Release 1 of 03_momentum frozen." in term.run("release", CHAPTER)
    people = [*MARKS, "zoe"]
    roster = "Login,Name\n" + "".join(f"{who},{who.title()}\n" for who in people)
    write_whole(tmp_path / "grading" / "roster.csv", roster.encode())
    rules = {
        "timezone": "Europe/Berlin",
        f"due.{CHAPTER}": "2026-11-20 12:00",
        "late.rule": "a day",
        "late.amount": "10 %",
        f"extensions.dora.{CHAPTER}": "+3 days",
        "groups.red": '["s00", "emil"]',
        "roster": "roster.csv",
        "column": "Login",
    }
    term.run("class", *(word for pair in rules.items() for word in ("--set", *pair)))

    for student in [*USUAL, "ada"]:
        term.hand_in(student, 1)
    term.hand_in("boris", 1, momentum_step=WRONG)
    term.hand_in("chen", 1, time=LATE)
    term.hand_in("dora", 1, time=LATE)
    term.run("grade")
    first = term.rows()
    assert first["ada", CHAPTER]["mark"] == "5"

    term.build(with_one_more(make_release()))
    said = term.run("release", CHAPTER)
    assert "8 points instead of 7" in said
    assert "29 who handed in an older release keep its points" in said
    term.hand_in("ada", 2, why="It keeps on rolling.", **{NEW: answer(NEW)})
    said = term.run("grade")
    assert "1 new or changed, 29 unchanged since the last run" in said

    table = "student,points,comment\n" + "".join(
        f"{who},{1 if who == 'boris' else 2},{'What of friction?' * (who == 'boris')}\n"
        for who in MARKS
        if who != "emil"
    )
    write_whole(tmp_path / "given.csv", table.encode())
    assert "29 answers" in term.run("read", CHAPTER, "why", "--csv", "given.csv")
    term.run("grade")

    rows = term.rows()
    for student, (mark, out_of) in MARKS.items():
        row = rows[student, CHAPTER]
        assert (float(row["mark"]), float(row["out_of"])) == (mark, out_of), student
        assert row["waiting"] == "0"
    assert (rows["zoe", CHAPTER]["mark"], rows["zoe", CHAPTER]["problem"]) == (
        "0",
        "not handed in",
    )
    totals = {who: float(rows[who, "total"]["mark"]) for who in people}
    # Of 7 points everybody's, on top of which comes the point of further work.
    by_hand = {who: round(100 * mark / 7, 2) for who, (mark, _) in MARKS.items()}
    assert totals == by_hand | {"zoe": 0.0}
    assert rows["chen", CHAPTER]["taken_off"] == "1.4"

    page = tmp_path / "grading" / "feedback" / "boris" / CHAPTER / f"{CHAPTER}.html"
    assert "What of friction?" in page.read_text(encoding="utf-8")
    write_whole(
        tmp_path / "addresses.csv",
        (
            "Login,Email\n" + "".join(f"{who},{who}@uni.org\n" for who in people)
        ).encode(),
    )
    said = term.run("export", "mail", "--chapter", CHAPTER, "--roster", "addresses.csv")
    assert "30 " in said
    term.run("export", "moodle")
    exports = tmp_path / "grading" / "exports"
    with (exports / f"moodle-{CHAPTER}.csv").open(encoding="utf-8-sig") as file:
        given = {next(iter(row.values())): row for row in csv.DictReader(file)}
    assert set(given) >= set(MARKS)

    before = {
        path: path.stat().st_mtime_ns for path in (tmp_path / "grading").rglob("*")
    }
    assert "all unchanged since the last run" in term.run("grade")
    assert before == {path: path.stat().st_mtime_ns for path in before}
