"""The bundle holds no answer: by name, by content, and for who calls everything."""

from __future__ import annotations

import ast
import inspect
import io
import json
import re
import textwrap
import zipfile

import numpy as np
import pytest

from autograder.authoring.errors import BuildError
from autograder.bundling.code_leaks import find_code_leaks
from autograder.bundling.learner_modules import is_authors, learner_files, modules_named
from autograder.calling.calls import call
from autograder.checking.cases import draw_question, public_question
from autograder.checking.judging import judge
from autograder.checking.recorded import load_recorded
from autograder.exercises import CHAPTERS, EXERCISES, chapter_of, find
from autograder.lab import datasets


@pytest.fixture(scope="module")
def files(bundle):
    """Bytes of every file of the bundle, of those inside the wheel too."""
    found = {}
    for path in (bundle.archive, bundle.wheel):
        with zipfile.ZipFile(path) as archive:
            found |= {name: archive.read(name) for name in archive.namelist()}
    return found


def test_no_file_is_the_author_s(files):
    """No kernel, no exercise, no solution, no tool that makes one, by name."""
    modules = [
        name.removesuffix(".py").replace("/", ".")
        for name in files
        if name.startswith("autograder/")
    ]

    assert len(modules) > 100
    assert [name for name in modules if is_authors(name)] == []
    assert not any("solutions/" in name or "held_out" in name for name in files)
    exercises = {n for n in modules if n.startswith("autograder.exercises.")}
    kept = ("__init__", "observations", "recognition", "spec")
    assert exercises == {f"autograder.exercises.{name}" for name in kept}
    assert not any(n.endswith(".toml") for n in files if n.startswith("autograder/"))


def test_no_line_tells_an_answer(root, files):
    """Expressions and functions of all references, equivalents and solutions."""
    package = {n: c for n, c in files.items() if n.startswith("autograder/")}

    assert find_code_leaks(root, package) == []


def renamed(function, name):
    """A function's source with other names for all that it calls its own."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    tree.body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    own = {a.arg for function in functions for a in function.args.args}
    own |= {
        n.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    new = {old: f"q{i}" for i, old in enumerate(sorted(own))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = new.get(node.arg, node.arg)
    tree.name = name
    return ast.unparse(tree)


def test_any_answer_in_a_module_would_be_found(root):
    """Each reference, with other names for everything, planted by itself."""
    planted = {
        f"autograder/lab/planted_{e.name}.py": renamed(e.reference, "helper").encode()
        for e in EXERCISES
    }

    found = {(leak.path, leak.answer) for leak in find_code_leaks(root, planted)}

    for exercise in EXERCISES:
        path = f"autograder/lab/planted_{exercise.name}.py"
        assert (path, exercise.name) in found, exercise.name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("autograder/lab/notes.md", "### BEGIN SOLUTION\n"),
        ("autograder/kernels/adam.py", "x = 1\n"),
        ("autograder/exercises/adam/adam_step.toml", "[climbs]\n"),
        ("autograder/lab/x.py", "def adam_step(*arguments): ...\n"),
    ],
)
def test_other_marks_of_an_answer_are_found(name, text, root):
    """nbgrader's mark, files of the author's, a function of an exercise's name."""
    (leak,) = find_code_leaks(root, {name: text.encode()})

    assert leak.path == name


def test_a_module_that_needs_an_answer_is_refused(tmp_path, root):
    """A learner's module that imports a kernel stops the bundle, by name."""
    package = tmp_path / "autograder"
    for name in ("__init__", "__main__", "cli"):
        (package / f"{name}.py").parent.mkdir(exist_ok=True)
        (package / f"{name}.py").write_text("")
    for name, text in {
        "lab/pictures": "def late():\n    from autograder.lab import helper\n",
        "lab/helper": "from autograder.kernels.adam import adam_step\n",
        "kernels/adam": "",
    }.items():
        path = package / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    with pytest.raises(BuildError, match=r"lab\.helper imports autograder\.kernels"):
        learner_files(package, ["from autograder.lab import pictures"])


def test_an_import_for_a_checkout_alone_is_not_followed():
    """For type checkers, or where it was asked whether there are kernels."""
    code = """
if TYPE_CHECKING:
    from autograder.kernels import adam
if find_spec("autograder.kernels") is not None:
    from autograder.sandbox import available as boxes
else:
    from autograder.desk import outline
module = "autograder.lab.drawing.svg"
line = f"import sys; from autograder.sandbox.inside.student_process import main; main()"
"""

    assert set(modules_named(ast.parse(code))) == {
        "autograder.desk",
        "autograder.desk.outline",
        "autograder.sandbox.inside.student_process",
        "autograder.lab.drawing.svg",
    }


def test_no_held_out_image_is_there(root, files):
    """Grading's images are in no file, under no name."""
    lines = (root / "data/held_out/digits_test.csv").read_text().splitlines()[1:]
    images = {line.split(",", 1)[1] for line in lines}
    assert len(images) > 350

    texts = [c.decode(errors="replace") for n, c in files.items() if ".case" not in n]
    rows = {
        line.split(",", 1)[1].strip()
        for text in texts
        for line in text.splitlines()
        if line.count(",") == 64 and line[0].isdigit()
    }
    assert len(rows) == 1077 + 360
    assert not rows & images
    recorded = load_recorded(
        files["autograder/checking/recorded/train_classifier.case"]
    )
    held_out, labels = datasets.held_out_digits()
    for array in arrays_in(recorded.cases):
        assert array.shape != held_out.shape or not np.array_equal(array, held_out)
        assert not np.array_equal(array, labels)


def arrays_in(value):
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from arrays_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from arrays_in(item)
    elif hasattr(value, "__dict__"):
        yield from arrays_in(vars(value))


def test_a_recorded_question_holds_nothing_to_call(files):
    """Numbers, texts and names, all the way down: a kernel is in none of them."""

    def kinds(value):
        if isinstance(value, dict):
            return set().union(*map(kinds, value), *map(kinds, value.values()))
        if isinstance(value, list | tuple):
            return {type(value)}.union(*map(kinds, value))
        if type(value).__module__.startswith("autograder."):
            return {type(value)} | kinds(vars(value))
        return {type(value)}

    for exercise in EXERCISES:
        name = f"autograder/checking/recorded/{exercise.name}.case"
        question = load_recorded(files[name])
        assert question.cases
        assert not any(issubclass(k, type(lambda: 0)) for k in kinds(question))


def test_nothing_in_it_answers_an_exercise(learner, root, tmp_path):
    """Every function of the package is tried for every exercise; one planted passes."""
    planted = tmp_path / "planted.py"
    planted.write_text("def helper(q, a, z):\n    return q - z * a\n")
    script = root / "tests" / "helpers" / "try_everything.py"

    done = learner.run(script, planted)

    assert done.returncode == 0, done.stderr
    found = json.load(io.StringIO(done.stdout))
    assert found["right"] == [["gd_step", "planted.helper"]]
    assert len(found["modules"]) > 50
    assert len(found["functions"]) > 300
    assert found["lacking"] == {}


@pytest.mark.parametrize(
    "code",
    [
        "import autograder.kernels",
        "from autograder.kernels.adam import adam_step",
        "from autograder.exercises import EXERCISES",
        "from autograder.exercises import find; find('adam_step').reference",
        "import autograder.exercises.adam",
        "import autograder.bundling",
        "from autograder.authoring.prover import prove",
        "import autograder.exercises.mistakes",
        "from autograder.lab.datasets import held_out_digits; held_out_digits()",
    ],
)
def test_what_holds_answers_cannot_be_had(code, learner):
    """Asked by name, the author's half is not there."""
    done = learner.run("-c", code)

    assert done.returncode == 1
    assert re.search(
        r"ModuleNotFoundError: No module named 'autograder|DataMissing", done.stderr
    )


@pytest.mark.parametrize("name", ["adam_step", "batch_gradient", "batchnorm_forward"])
def test_reciting_the_recorded_numbers_is_worth_nothing(name, files):
    """They pass the check that they are from, and no grading."""
    question = load_recorded(files[f"autograder/checking/recorded/{name}.case"])
    waiting = iter([case.expected.returned for case in question.cases])

    def reciting(*_, **__):
        return next(waiting, None)

    def verdict_on(question):
        cases = question.cases
        return judge(
            question,
            [call(reciting, case.arguments, question.parameters) for case in cases],
        )

    assert verdict_on(question).passed
    waiting = iter([case.expected.returned for case in question.cases])
    fresh = draw_question(find(name), chapter_of(name), (2026,))
    assert verdict_on(fresh).score == 0
    assert public_question(name).cases[0].label == question.cases[0].label
    assert CHAPTERS
