"""The capstone's held-out images, through the grader: nobody can read or guess them.

Answers are written into the released notebook of chapter 08 and graded in each
box as any other.
"""

from __future__ import annotations

import json
import zlib

import numpy as np
import pytest

from autograder.course import load_course
from autograder.exercises import find
from autograder.grading.grade import grade_submission
from autograder.lab.datasets import held_out_digits
from autograder.sandbox.options import RunOptions
from autograder.submissions.intake import Submission

CHAPTER = "08_classification"
NAME = "train_classifier"
HEAD = f"def {NAME}(X, labels, X_val, labels_val, rng):\n"


def written(body):
    return HEAD + "".join(f"    {line}\n" for line in body.splitlines())


LOOKED_UP = """
    rng.random()
    def predict(images):
        distance = np.abs(images[:, None] - images_there).sum(axis=2)
        return right[distance.argmin(axis=1)]
    return predict
"""

READS = {
    "asks the course's own module": """
        from autograder.lab.datasets import held_out_digits
        images_there, right = held_out_digits()
    """,
    "reads the file by its path": """
        path = "{project}/data/held_out/digits_test.csv"
        table = np.loadtxt(path, delimiter=",", skiprows=1)
        images_there, right = table[:, 1:] / 16, table[:, 0].astype(int)
    """,
    "reads the grader's copy by its path": """
        import os, autograder
        place = os.path.dirname(autograder.__file__)
        path = os.path.join(place, "lab", "data", "held_out", "digits_test.csv")
        table = np.loadtxt(path, delimiter=",", skiprows=1)
        images_there, right = table[:, 1:] / 16, table[:, 0].astype(int)
    """,
    "searches the file system": """
        import os
        found = [os.path.join(place, name)
                 for top in ("/", "{project}", os.path.expanduser("~"), "/tmp", "..")
                 for place, _, names in os.walk(top) if "/site-packages" not in place
                 for name in names if "digits_test" in name or "held_out" in place]
        print("found", found)
        table = np.loadtxt(found[0], delimiter=",", skiprows=1)
        images_there, right = table[:, 1:] / 16, table[:, 0].astype(int)
    """,
    "searches the memory": """
        import gc
        digits = [o for o in gc.get_objects() if type(o).__name__ == "Digits"]
        kept = [a for o in digits for a in (o.labels, o.labels_val)]
        kept += [o for o in gc.get_objects() if type(o) is np.ndarray]
        right = [a for a in kept if a.shape == (360,) and a is not labels_val][2]
        images_there = X_val
    """,
}

NOT_THERE = ("FileNotFoundError", "PermissionError", "DataMissing", "IndexError")

LEARNS_NOTHING = {
    "one label for all": """
        rng.random()
        return lambda images: np.full(len(images), 3)
    """,
    "the images by heart": """
        rng.random()
        known = {x.tobytes(): y for its, ys in ((X, labels), (X_val, labels_val))
                 for x, y in zip(its, ys)}
        return lambda images: np.array([known.get(x.tobytes(), 7) for x in images])
    """,
    "the validation labels in their order": """
        rng.random()
        return lambda images: labels_val[: len(images)]
    """,
    "looks for the caller's labels": """
        import sys
        def predict(images):
            frame = sys._getframe()
            while frame:
                for name, value in frame.f_locals.items():
                    if name in ("fixed", "right", "expected"):
                        return value
                frame = frame.f_back
            return np.zeros(len(images), int)
        rng.random()
        return predict
    """,
}


def table_of_known_images():
    """Labels by checksum of the images that anybody can find: they are public."""
    table = {
        zlib.crc32(np.round(16 * x).astype(np.uint8).tobytes()): int(label)
        for x, label in zip(*held_out_digits(), strict=True)
    }
    return (
        "import zlib\nrng.random()\n"
        f"KNOWN = {table!r}\n"
        "def code(x): return zlib.crc32(np.round(16 * x).astype(np.uint8).tobytes())\n"
        "return lambda images: np.array([KNOWN.get(code(x), 0) for x in images])"
    )


def lines(text):
    """A body without the indentation that it has above."""
    kept = [line for line in text.splitlines() if line.strip()]
    indent = min(len(line) - len(line.lstrip()) for line in kept)
    return "\n".join(line[indent:] for line in kept)


@pytest.fixture(scope="module")
def course(root):
    return load_course(root)


@pytest.fixture
def grade(course, secret, box):
    """Grades a body of the capstone's function; gives its verdict, and all outputs."""

    def graded(body):
        notebook = json.loads(course.releases[CHAPTER])
        for cell in notebook["cells"]:
            marks = cell["metadata"].get("nbgrader", {})
            if marks.get("grade_id") == NAME:
                cell["source"] = "import numpy as np\n" + written(body)
        submission = Submission("mallory", CHAPTER, json.dumps(notebook).encode())
        result = grade_submission(submission, course, secret, RunOptions(box))
        (found,) = [v for v in result.verdicts if v.exercise == NAME]
        assert not result.needs_person
        return found

    return graded


@pytest.mark.parametrize("reading", READS.values(), ids=READS)
def test_held_out_labels_cannot_be_read(grade, reading, root):
    """No way to them earns a point, in any box.

    Without a box (``--box none``) the first two read the file and earn all points:
    what one's own user can read cannot be kept from code of that user.
    """
    body = lines(reading).replace("{project}", str(root)) + "\n" + lines(LOOKED_UP)

    found = grade(body)

    assert found.score == 0
    assert found.code == "raised"
    said = found.message.text()
    assert any(name in said for name in NOT_THERE), said
    assert find(NAME).points == found.points == 6


@pytest.mark.parametrize("answer", LEARNS_NOTHING.values(), ids=LEARNS_NOTHING)
def test_what_learned_nothing_earns_nothing(grade, answer):
    """By heart, by order and by guess, through the real grader."""
    found = grade(lines(answer))

    assert found.score == 0
    assert found.code in ("wrong-values", "wrong-type")


def test_a_table_of_the_held_out_images_earns_nothing(grade):
    """Whoever finds them finds no image that is asked: each student gets others."""
    found = grade(table_of_known_images())

    assert found.score == 0
    assert found.code == "wrong-values"


def test_the_images_are_there_and_their_labels_are_not(grade):
    """An honest nearest mean is measured, and is not good enough for a point."""
    found = grade(
        "rng.random()\n"
        "means = np.stack([X[labels == c].mean(axis=0) for c in range(10)])\n"
        "return lambda images: "
        "(images @ means.T - (means**2).sum(axis=1) / 2).argmax(axis=1)"
    )

    assert found.code == "wrong-values"
    assert "% right labels" in found.message.text()
    assert found.score == 0
