"""A class in which one answer was copied, and its names changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from autograder.classroom.class_result import ClassResult
from autograder.course import Course
from tests.helpers.class_results import CHAPTER, RIGHT, graded

ROOT = Path(__file__).parents[2]

FORMS = (
    "velocity = beta * velocity - lr * grad\n    return theta + velocity, velocity",
    "v = velocity * beta\n    v = v - grad * lr\n    return theta + v, v",
    "step = lr * grad\n    new = beta * velocity - step\n    return theta + new, new",
)
COPIED = """scaled = [beta * entry for entry in velocity]  # no idea why a list
    pushed = np.asarray([a - lr * b for a, b in zip(scaled, grad)])
    moved = np.add(theta, pushed)
    return moved, pushed"""
DISGUISED = """first = [beta * entry for entry in velocity]
    second = np.asarray([a - lr * b for a, b in zip(first, grad)])


    third = np.add(theta, second)
    return third, second"""
HEAD = "def momentum_step(theta, velocity, grad, lr, beta):\n    "


def copied_class(course: Course) -> ClassResult:
    """Twenty-seven notebooks, handed in: two are alike, one has a hostile name."""
    release = (ROOT / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb").read_bytes()
    bodies = {"ada": COPIED, "bo": DISGUISED, "<b>": "return 1"}
    bodies |= {f"s{at:02d}": FORMS[at % 3] for at in range(24)}
    for name, body in bodies.items():
        notebook = json.loads(release)
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "momentum_step":
                cell["source"] = f"{HEAD}{body}\n    # <script>alert(1)</script>"
        folder = course.submitted / name / CHAPTER
        folder.mkdir(parents=True)
        (folder / f"{CHAPTER}.ipynb").write_text(json.dumps(notebook))
    course = replace(course, releases={CHAPTER: release})
    return ClassResult(course, tuple(graded(name, *RIGHT) for name in bodies), ())
