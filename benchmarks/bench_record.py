"""What it costs to enter a class into nbgrader, pages included, and how that grows."""

from __future__ import annotations

import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

from benchmarks.measuring import Row, fresh_python

CHAPTER = "03_momentum"
SIZES = (10, 100, 1000)
FIRST = 5
"""Submissions recorded before the measurement: they compile the templates."""


def rows() -> Iterator[Row]:
    measured = {n: json.loads(fresh_python("-m", __name__, str(n))) for n in SIZES}
    for n, (seconds, _) in measured.items():
        name = f"record one of {n:,} submissions, CPU"
        yield Row(name, 1e3 * seconds, "ms", limit=100)
    (few, few_bytes), (many, many_bytes) = measured[SIZES[-2]], measured[SIZES[-1]]
    span = f"of {SIZES[-1]:,} than of {SIZES[-2]:,}"
    yield Row(f"  more for each {span}", 100 * (many / few - 1), "%", limit=10)
    yield Row(f"  more memory {span}", (many_bytes - few_bytes) / 1e6, "MB", limit=50)
    yield Row(f"memory, {SIZES[-1]:,} submissions", many_bytes / 1e6, "MB")


def measure(n: int) -> tuple[float, int]:
    """CPU seconds for each of `n` submissions, and the process's peak of memory."""
    from autograder.calling.calls import call
    from autograder.checking.cases import public_question
    from autograder.checking.judging import judge
    from autograder.checking.verdict import Verdict
    from autograder.course import load_course
    from autograder.exercises import CHAPTERS
    from autograder.exercises.spec import Exercise
    from autograder.gradebook.recording import Recorder
    from autograder.grading.result import Result
    from autograder.sample.sample_class import make_sample_class
    from autograder.submissions.intake import Submission
    from autograder.writing import write_whole

    def verdict(exercise: Exercise, function: Callable) -> Verdict:
        question = public_question(exercise.name)
        cases, names = question.cases, question.parameters
        return judge(question, [call(function, c.arguments, names) for c in cases])

    chapter = next(chapter for chapter in CHAPTERS if chapter.name == CHAPTER)
    wrong_and_right = [
        (verdict(e, e.misconceptions[0].mutant), verdict(e, e.reference))
        for e in chapter.exercises
    ]
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(here / "nbgrader_config.py", root)
        released = Path("notebooks", CHAPTER, f"{CHAPTER}.ipynb")
        write_whole(root / released, (here / released).read_bytes())
        course = load_course(root)
        students = make_sample_class(course.releases[CHAPTER], chapter)
        used = 0.0
        with Recorder(course) as recorder:
            for i, student in enumerate(islice(cycle(students), FIRST + n)):
                name = f"student-{i:04}"
                # Every third function is wrong, and its page says how.
                verdicts = tuple(
                    pair[(i + at) % 3 > 0] for at, pair in enumerate(wrong_and_right)
                )
                result = Result(name, CHAPTER, "", verdicts)
                submission = Submission(name, CHAPTER, student.data)
                start = time.process_time()
                recorder.record(submission, result)
                if i >= FIRST:
                    used += time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / n, peak * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
