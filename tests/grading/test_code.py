"""Which code a result depends on: all that judged it, and nothing besides."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.exercises import CHAPTERS
from autograder.gradebook import recorded
from autograder.grading import code, evidence
from autograder.grading.words import words_code
from autograder.imports import PACKAGE, needed

EVERY = tuple(chapter.name for chapter in CHAPTERS)
RESULTS = {*EVERY}
RUN = RESULTS | {"running"}
PLACE = RESULTS | {"evidence", "pages"}
ALL = RUN | PLACE

CHANGES = {
    "checking/judging.py": RESULTS,
    "checking/known_mistakes.py": RESULTS,
    "checking/laws.py": RESULTS,
    "diagnosis/relations.py": RESULTS,
    "grading/accidents.py": RESULTS,
    "exercises/pairs.py": PLACE,
    "checking/comparison.py": PLACE,
    "calling/calls.py": ALL,
    "sandbox/inside/shell.py": RUN | {"pages"},
    "limits.py": ALL,
    "exercises/momentum/momentum_step.py": {"03_momentum"},
    "exercises/momentum/momentum_step.toml": {"03_momentum"},
    "exercises/momentum/__init__.py": {"03_momentum"},
    "kernels/momentum.py": {"03_momentum", "08_classification"},
    "exercises/batch_norm/batchnorm_forward.toml": {"07_batch_norm"},
    "../data/held_out/digits_test.csv": RUN,
    "gradebook/templates/feedback.html": {"pages"},
    "gradebook/feedback_page.py": {"pages"},
    "locale/zh_CN/exercises.mo": set(),
    "report/charts.py": set(),
    "exports/canvas.py": set(),
    "cli/grade.py": set(),
    "classroom/pool.py": set(),
    "desk/progress.py": set(),
}
"""By file: whose code is another one when it changes."""


def hashes() -> dict[str, str]:
    """All of them, found anew."""
    found = {name: code.judging_code.__wrapped__(name) for name in EVERY}
    found["running"] = code.running_code.__wrapped__()
    found["evidence"] = evidence.evidence_code.__wrapped__()
    return found | {"pages": recorded._code.__wrapped__()}


@pytest.fixture(scope="module")
def before():
    return hashes()


@pytest.mark.parametrize("file", CHANGES)
def test_what_changes_concerns_only_whom_it_can(file, before, monkeypatch):
    """Found by imports: a chapter's own exercise is no other chapter's concern."""
    changed = (PACKAGE / file).resolve()
    read = Path.read_bytes
    assert changed.is_file()

    def altered(path):
        return read(path) + b"\n" * (path == changed)

    monkeypatch.setattr(Path, "read_bytes", altered)

    now = hashes()

    concerned = {name for name in now if now[name] != before[name]}
    assert concerned == CHANGES[file]


def test_a_catalogue_concerns_whom_it_speaks_to(monkeypatch):
    """English stands in the code."""
    before = words_code.__wrapped__("zh_CN", "en")
    read = Path.read_bytes
    changed = PACKAGE / "locale" / "zh_CN" / "exercises.mo"
    monkeypatch.setattr(Path, "read_bytes", lambda p: read(p) + b"!" * (p == changed))

    assert words_code.__wrapped__("en", "en") == ""
    assert words_code.__wrapped__("zh_CN", "en") != before
    assert words_code.__wrapped__("en", "zh_CN") != before


def test_all_that_grading_loads_is_in_it():
    """Also what is loaded late, for a wrong answer; other chapters' are loaded too."""
    program = (
        "import json, sys\n"
        "from autograder.calling.calls import call\n"
        "from autograder.checking.cases import public_question\n"
        "from autograder.checking.judging import judge\n"
        "from autograder.diagnosis.telling import tell\n"
        "import autograder.grading.grade\n"
        "def momentum_step(theta, velocity, grad, lr, beta):\n"
        "    return theta + velocity, beta * velocity + 2 * lr * grad\n"
        "question = public_question('momentum_step')\n"
        "got = [call(momentum_step, c.arguments) for c in question.cases]\n"
        "tell(judge(question, got), question, got)\n"
        "print(json.dumps([n for n in sys.modules if n.startswith('autograder')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert {"autograder.exercises.pairs", "autograder.kernels.momentum"} <= loaded
    files = {*needed(code.JUDGING).values(), *code.chapter_files("03_momentum")}
    found = {module: needed(module).get(module) for module in loaded}
    others = {
        f"autograder.exercises.{name.partition('_')[2]}"
        for name in set(EVERY) - {"03_momentum"}
    }

    missing = {module for module, path in found.items() if path not in files}

    kernels = "autograder.kernels."
    assert {n for n in missing if not n.startswith((*others, kernels))} == set()


def test_what_a_notebook_uses_by_itself_counts_too():
    """A learner may read our judge; what every release imports is there already."""
    usual = code.used_code(b'"from autograder import check\\n", "import numpy"')

    assert code.used_code(b"from autograder.lab import figures") == usual
    assert code.used_code(b"from autograder.checking import comparison") != usual
