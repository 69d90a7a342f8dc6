"""One submission graded inside Gradescope's container: ``results.json``.

``python -m autograder.exports.gradescope HOME CHAPTER BOX`` reads
``HOME/submission`` and ``HOME/submission_metadata.json`` and writes
``HOME/results/results.json``.

References
----------
https://gradescope-autograders.readthedocs.io/en/latest/specs/
https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from autograder.course import Course, load_course, load_secret
from autograder.grading.grade import grade_submission
from autograder.grading.result import Result
from autograder.language import speaking
from autograder.limits import MAX_METADATA
from autograder.report.summary import exercise_number
from autograder.sandbox.boxes import NoBox
from autograder.sandbox.options import RunOptions
from autograder.submissions.intake import is_student_name, read_submission
from autograder.writing import write_whole

__all__ = ["grade_here", "main", "results_tree", "student_of"]

WITHOUT = (
    "To trust Gradescope's own container alone, which is a new one for each "
    "submission: autograder export gradescope --box none"
)


def results_tree(result: Result) -> dict[str, Any]:
    """A result as Gradescope reads it.

    Every function is a test with its points, and its message as the test's
    output.  What the program prints stays with the instructors.
    """
    told = [result.problem] if result.problem else []
    told += result.notes
    with speaking(result.language):
        tests = [
            {
                "name": verdict.exercise,
                "number": exercise_number(verdict.exercise),
                "score": verdict.score,
                "max_score": verdict.points,
                "output": verdict.message.text(),
                "visibility": "visible",
                "extra_data": {
                    "code": verdict.code,
                    "misconceptions": list(verdict.misconceptions),
                },
            }
            for verdict in result.verdicts
        ]
    tree: dict[str, Any] = {
        "score": result.score,
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {"submission": result.submission, "box": result.box},
    }
    if told:
        tree["output"] = "\n".join(told)
    return tree


def student_of(metadata: Path) -> str:
    """A name for whoever handed in: the address of the first by number.

    It decides the cases, so that a regrade draws the same.  Where it is no
    name that a student can have, Gradescope's number stands for it.
    """
    try:
        users = json.loads(metadata.read_bytes()[:MAX_METADATA])["users"]
        first = min(users, key=lambda user: int(user["id"]))
        address, number = str(first.get("email") or ""), int(first["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown"
    return address if is_student_name(address) else f"gradescope {number}"


def grade_here(home: Path, course: Course, chapter: str, box: str) -> Result:
    """Grade what lies in ``HOME/submission``.

    Raises
    ------
    NoBox
        If that box does not work here.
    """
    student = student_of(home / "submission_metadata.json")
    submission = read_submission(student, home / "submission", chapter)
    return grade_submission(submission, course, load_secret(course), RunOptions(box))


def main(arguments: list[str]) -> int:
    """Grade and write; 1, and no results, where we failed: that is no zero."""
    home, chapter, box = Path(arguments[0]), *arguments[1:]
    try:
        result = grade_here(home, load_course(Path.cwd()), chapter, box)
    except NoBox as error:
        print(f"{error}\n{WITHOUT}")
        return 1
    if result.needs_person:
        print(result.problem or "Not everything could be judged.")
        return 1
    text = json.dumps(results_tree(result), indent=1, ensure_ascii=False) + "\n"
    write_whole(home / "results" / "results.json", text.encode())
    print(f"{result.student}: {result.score:g} of {result.points}, box: {result.box}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
