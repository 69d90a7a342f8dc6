"""The exercise that CONTRIBUTING.md adds is a real one."""

import re
import sys
from importlib import import_module, util
from pathlib import Path

import pytest

from autograder.authoring.prover import prove
from autograder.authoring.source import read_source
from autograder.authoring.validation import validate
from autograder.checking.cases import draw_question
from autograder.checking.judging import verdict
from autograder.exercises.spec import Chapter

TESTS = Path(__file__).parents[1]
TEXT = (TESTS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
KERNEL, EXERCISE, SOURCE = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)
(MISTAKES,) = re.findall(r"^```toml\n(.*?)^```", TEXT, re.M | re.S)
KERNELS = "from autograder.kernels import momentum as kernels"


@pytest.fixture
def exercise(tmp_path, monkeypatch):
    """The example's exercise, made of the files that a reader would write."""
    assert KERNELS in EXERCISE
    for name, text in {
        "example_kernels.py": f"import numpy as np\n\n\n{KERNEL}",
        "terminal_velocity.py": EXERCISE.replace(
            KERNELS, "import example_kernels as kernels"
        ),
        "terminal_velocity.toml": MISTAKES,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield import_module("terminal_velocity").TERMINAL_VELOCITY
    for name in ("example_kernels", "terminal_velocity"):
        sys.modules.pop(name, None)


def in_chapter(exercise):
    return Chapter("03_momentum", "Momentum", 90, (exercise,))


@pytest.mark.parametrize("seed", range(20))
def test_answers_are_told_apart(exercise, seed):
    """Right forms pass, wrong ones are refused and named."""
    question = draw_question(exercise, in_chapter(exercise), (seed,))

    for form in (exercise.reference, *exercise.equivalents):
        assert verdict(form, question).passed
    assert len(exercise.misconceptions) == 4
    for mistake in exercise.misconceptions:
        assert verdict(mistake.mutant, question).misconceptions == (mistake.name,)


def test_prover_finds_no_hole(exercise):
    """A reader who follows the example is done after step 5."""
    proof = prove(exercise, in_chapter(exercise), (0,))

    assert proof.n_mutants >= 10
    assert proof.survivors == ()


@pytest.mark.parametrize(
    "law", ["texts_are_whole", "code_in_hints_stands_in_backquotes"]
)
def test_texts_keep_the_registrys_laws(exercise, law):
    """What `make test` asks of every exercise's words, it will ask of these."""
    path = TESTS / "exercises" / "test_table.py"
    found = util.spec_from_file_location("table_of_laws", path)
    table = util.module_from_spec(found)
    found.loader.exec_module(table)

    getattr(table, f"test_{law}")(exercise)


def test_text_is_a_chapters(exercise):
    """The markers shown are the ones that the build reads."""
    path = Path("03_momentum.py")
    cells = read_source(SOURCE, path)

    validate(cells, in_chapter(exercise), path)

    assert len(cells) == 2
