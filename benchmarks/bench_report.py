"""How long a teacher waits for the class report of a thousand students."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from autograder.report.class_report import write_report
from autograder.report.results_file import RESULTS, read_results, results_json
from autograder.writing import write_whole
from benchmarks.measuring import Row, seconds
from benchmarks.synthetic import empty_course, synthetic_class

STUDENTS = 1000
REPEATS = 5


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        course = empty_course(Path(folder))
        result, _ = synthetic_class(course, STUDENTS)
        write_whole(course.grading / RESULTS, results_json(result).encode())

        def work() -> None:
            write_report(read_results(course))

        work()
        time = median(seconds(work) for _ in range(REPEATS))
        page = (course.grading / "report" / "report.html").stat().st_size
    name = f"report of {STUDENTS} students, from stored results"
    yield Row(name, time, "s", limit=10)
    yield Row("  its page", page / 1e6, "MB")
