"""`check_file`: the functions in a module or a notebook of one's own."""

from __future__ import annotations

import os

import pytest

from autograder.checking.cases import NoSuchExercise
from autograder.exercises import CHAPTERS
from autograder.grading.one_file import CannotRead, check_file

pytestmark = pytest.mark.skipif(os.name != "posix", reason="deadlines need forks")

MODULE = '''\
"""My answers."""

import numpy as np

from mine_too import double


def momentum_step(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad
    return theta + velocity, double(velocity) / 2


def velocity_weights(beta, t):
    return beta ** np.arange(t)


def main():
    return 1 / 0


if __name__ == "__main__":
    main()
'''


@pytest.fixture
def module(tmp_path):
    """A module that imports its neighbour."""
    (tmp_path / "mine_too.py").write_text("def double(x):\n    return 2 * x\n")
    path = tmp_path / "answers.py"
    path.write_text(MODULE)
    return path


def test_a_module_is_judged_as_if_imported(module):
    """In the course's order; a neighbour is found, and the main part is not run."""
    verdicts = check_file(module)

    assert [(v.exercise, v.code) for v in verdicts] == [
        ("momentum_step", "passed"),
        ("velocity_weights", "wrong-values"),
    ]
    assert verdicts[1].misconceptions == ("newest_first",)
    assert "public cases" in verdicts[0].message.text()


def test_one_exercise_can_be_asked_for(module):
    (verdict,) = check_file(module, "momentum_step")

    assert verdict.passed


def test_an_exercise_that_is_not_there_is_not_defined(module):
    (verdict,) = check_file(module, "nesterov_step")

    assert verdict.code == "not-defined"


def test_an_unknown_exercise_is_refused(module):
    with pytest.raises(NoSuchExercise, match="Did you mean `momentum_step`"):
        check_file(module, "momentum_stp")


def test_an_error_on_the_way_leaves_what_was_defined_before(module):
    module.write_text(MODULE.replace("def main", "undefined_name\n\n\ndef main"))

    assert [v.exercise for v in check_file(module)] == [
        "momentum_step",
        "velocity_weights",
    ]


def test_an_error_before_the_function_is_told(module):
    module.write_text(MODULE.replace("from mine_too", "from not_there"))

    verdicts = check_file(module)

    assert {v.code for v in verdicts} == {"not-defined"}
    assert "line 5:  from not_there import double" in verdicts[0].message.text()


def test_an_endless_function_ends(module):
    module.write_text(MODULE.replace("    return beta ** np", "    while True: np"))

    assert check_file(module)[1].code == "timed-out"


def test_a_notebook_is_judged_without_its_checks(tmp_path, solved):
    """Nor with its experiments, unless an answer needs them."""
    solved.fill("momentum_step_try", "offset = 0.0")
    solved.fill("experiment", "import time\ntime.sleep(1000)")
    solved.fill("momentum_step_check", "1 / 0")
    source = solved["momentum_step"]["source"]
    solved.fill("momentum_step", source.replace("theta + vel", "offset + theta + vel"))
    path = tmp_path / "mine.ipynb"
    path.write_bytes(solved.data)

    assert [(v.exercise, v.code) for v in check_file(path)] == [
        ("momentum_step", "passed"),
        ("velocity_weights", "passed"),
        ("nesterov_step", "passed"),
    ]


def test_a_broken_cell_of_a_notebook_costs_its_function(tmp_path, solved):
    solved.fill("momentum_step", "def momentum_step(theta:\n    pass")
    path = tmp_path / "mine.ipynb"
    path.write_bytes(solved.data)

    verdicts = {v.exercise: v for v in check_file(path)}

    assert verdicts["momentum_step"].code == "not-defined"
    assert "SyntaxError" in verdicts["momentum_step"].message.text()
    assert verdicts["nesterov_step"].passed


def test_the_solution_of_a_chapter_is_right(root):
    """From the first cell to the last; a helper called `train` is nobody's exercise."""
    path = root / "solutions" / "03_momentum" / "03_momentum.ipynb"
    (chapter,) = (c for c in CHAPTERS if c.name == "03_momentum")

    verdicts = check_file(path)

    assert {v.exercise for v in verdicts} == {e.name for e in chapter.exercises}
    assert all(verdict.passed for verdict in verdicts)


UNREADABLE = {
    "not_there.py": (None, "cannot be read: No such file or directory"),
    "letter.txt": ("Dear all,", "is neither a .py file nor a notebook"),
    "wrong.py": ("x = 1\ndef f(:\n", "wrong.py, line 2: invalid syntax."),
    "bytes.py": (b"\xff\xfe\x00", "is not text in UTF-8"),
    "nul.py": ("a = 1\0", "null bytes"),
    "other.py": ("def sort(x):\n    return x\n", "has no function of the course"),
    "said.py": ("x = 'momentum_step'\n", "has no function of the course"),
    "empty.ipynb": ("", "The notebook file is empty"),
    "wrong.ipynb": ("{", "not JSON"),
    "none.ipynb": ('{"cells": []}', "has no function of the course"),
}


@pytest.mark.parametrize(
    ("name", "content", "says"), [(n, *c) for n, c in UNREADABLE.items()]
)
def test_what_cannot_be_read_says_so(tmp_path, name, content, says):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(CannotRead) as refused:
        check_file(path)

    assert says in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(CannotRead, match="Is a directory"):
        check_file(tmp_path / "folder.py")


def test_a_file_that_names_no_exercise_is_not_run(tmp_path):
    """A program that has nothing to do with the course is left alone."""
    path = tmp_path / "other.py"
    path.write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")

    with pytest.raises(CannotRead):
        check_file(path)

    assert not (tmp_path / "ran").exists()
