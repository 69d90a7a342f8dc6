"""How long a teacher waits until what 300 people handed in lies where it is graded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder.collecting.collect import collect
from autograder.course import load_course
from benchmarks.class_archives import CHAPTER, SYSTEMS, make_class
from benchmarks.measuring import Row, seconds

STUDENTS = 300
ROOT = Path(__file__).parents[1]


def rows() -> Iterator[Row]:
    course = load_course(ROOT)
    other = course.releases["04_adaptive_learning_rates"]
    people = make_class(STUDENTS, course.releases[CHAPTER], other)
    for name, write in SYSTEMS.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            archive = write(people, root / "archive")
            grading = root / "grading"
            there = replace(course, grading=grading, submitted=grading / "submitted")
            time = seconds(lambda: collect(there, [archive]))  # noqa: B023 -- at once
        yield Row(f"collect {STUDENTS} people, {name}", time, "s", limit=10)
