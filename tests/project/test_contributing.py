"""The exercise that CONTRIBUTING.md adds is a real one."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module, util
from pathlib import Path

import pytest

from autograder import exercises
from autograder.authoring.prover import prove
from autograder.authoring.source import read_source
from autograder.authoring.validation import validate
from autograder.checking.cases import draw_question
from autograder.checking.judging import verdict
from autograder.exercises import CHAPTERS, own_packages
from autograder.exercises.spec import Chapter

TESTS = Path(__file__).parents[1]
TEXT = (TESTS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
KERNEL, EXERCISE, SOURCE = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)
(MISTAKES,) = re.findall(r"^```toml\n(.*?)^```", TEXT, re.M | re.S)
(CHAPTER,) = re.findall(r'^```py\n("""Chapter 20.*?)^```', TEXT, re.M | re.S)
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


OWN_TEXT = """\
# %% [markdown]
# # Velocity
#
# How fast does a ball become?

# %% tags=["setup"]
import numpy as np

from autograder import check, hint, progress

# %% [markdown]
# ## 4 · An even slope

"""
IN_OWN_COURSE = """
import json
from pathlib import Path

import autograder
from autograder import exercises
from autograder.authoring.products import build
from autograder.course import load_course
from autograder.grading.code import chapter_files
from autograder.grading.grade import grade_submission
from autograder.sandbox.options import OWN_CODE
from autograder.submissions.submission import Submission

root = Path.cwd()
built = [str(one) for one in build(root, ["20_velocity"])]
course = load_course(root)
data = (root / "solutions/20_velocity/20_velocity.ipynb").read_bytes()
wrong = data.replace(b"return -lr", b"return lr")
found = {}
for who, notebook in {"right": data, "wrong": wrong}.items():
    submission = Submission(who, "20_velocity", notebook)
    result = grade_submission(submission, course, bytes(32), OWN_CODE)
    (verdict,) = result.verdicts
    found[who] = [verdict.score, list(verdict.misconceptions)]
checked = autograder.check(exercises.find("terminal_velocity").reference)
files = [path.name for path in chapter_files("20_velocity")]
print(json.dumps([built, found, checked.verdict.passed, files]))
"""


@pytest.mark.skipif(os.name != "posix", reason="grading needs forks")
def test_a_chapter_of_ones_own_is_built_checked_and_graded(root, tmp_path):
    """In the folder `course`, beside a course that knows nothing of it."""
    (tmp_path / "autograder").symlink_to(root / "autograder")
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    own = "from autograder.exercises.velocity import kernels"
    for name, text in {
        "course/velocity/__init__.py": CHAPTER,
        "course/velocity/kernels.py": f'__all__ = ["terminal_velocity"]\n\n\n{KERNEL}',
        "course/velocity/terminal_velocity.py": EXERCISE.replace(KERNELS, own),
        "course/velocity/terminal_velocity.toml": MISTAKES,
        "solutions/20_velocity/20_velocity.py": OWN_TEXT + SOURCE,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", IN_OWN_COURSE],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    built, found, passed, files = json.loads(done.stdout)
    assert built == [
        f"{folder}/20_velocity/20_velocity.ipynb: new"
        for folder in ("solutions", "notebooks")
    ]
    assert found == {"right": [1.0, []], "wrong": [0.0, ["rolls_uphill"]]}
    assert passed
    assert {"kernels.py", "terminal_velocity.py", "terminal_velocity.toml"} <= {*files}


@pytest.mark.needs("git")
def test_an_upgrade_has_no_file_where_ones_own_are(root):
    """So no merge of one can have a conflict with them."""
    own = {c.name for c in CHAPTERS if c.name.partition("_")[2] in own_packages()}
    listed = ["git", "ls-files", "course", "solutions", "notebooks"]
    done = subprocess.run(listed, cwd=root, capture_output=True, text=True, check=True)

    folders = {tuple(name.split("/")[:2]) for name in done.stdout.splitlines()}

    assert {name for top, name in folders if top == "course"} == {*own_packages()}
    assert {name for _, name in folders if "20" <= name[:2] <= "99"} <= own
    assert {c.number for c in CHAPTERS if c.name not in own} < set(range(20))


def test_a_name_that_the_course_has_is_refused():
    """Whichever came first: neither a package, nor a chapter, nor a function twice."""
    with pytest.raises(ValueError, match="no package of the course has that name"):
        exercises._load(("momentum", "adam"), ("momentum",))
    with pytest.raises(ValueError, match="Two have the name 05_adam, Adam"):
        exercises._load(("adam", "adam"), ())
