"""The examiner: every way in which an answer can go wrong has its own name."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from autograder.calling.packing import pack
from autograder.checking.cases import public_question
from autograder.diagnosis.in_box import packed
from autograder.exercises import find
from autograder.grading import examiner
from autograder.grading.examiner import examine, judge_function
from autograder.limits import LIMITS, MAX_STATEMENTS, MAX_TEXT
from autograder.sandbox import run as run_module
from autograder.sandbox.answers import Accident, as_statements
from autograder.sandbox.options import OWN_CODE
from autograder.sandbox.run import Run
from autograder.submissions.graft import graft
from autograder.submissions.notebook import parse_notebook

pytestmark = pytest.mark.skipif(os.name != "posix", reason="grading needs forks")

NAME = "momentum_step"
HEAD = f"def {NAME}(theta, velocity, grad, lr, beta):\n    "
RIGHT = HEAD + "v = beta * velocity - lr * grad\n    return theta + v, v"


def public(exercise):
    """The public cases: for tests as good as any."""
    return public_question(exercise.name)


@pytest.fixture(scope="module")
def run():
    """One box for all answers that leave it alive."""
    with Run(OWN_CODE) as opened:
        opened.cell(1, "import numpy as np")
        yield opened


ANSWERS = {
    "right": (RIGHT, "passed", 2.0, "RIGHT"),
    "not written": (
        HEAD + "raise NotImplementedError('not written yet')",
        "not-written",
        0.0,
        "is not written yet",
    ),
    "wrong values": (
        HEAD + "v = beta * velocity + lr * grad\n    return theta + v, v",
        "wrong-values",
        0.0,
        "exactly the numbers of a step uphill",
    ),
    "in place": (
        HEAD + "velocity *= beta\n    velocity -= lr * grad\n"
        "    return theta + velocity, velocity",
        "argument-changed",
        1.0,
        "changes its argument `velocity` in place",
    ),
    "wrong shape": (
        HEAD + "return theta[..., None], velocity",
        "wrong-shape",
        0.0,
        "of shape (2, 1)",
    ),
    "one value": (HEAD + "return theta", "wrong-type", 0.0, "a tuple of 2"),
    "an object": (
        HEAD + "return object(), velocity",
        "wrong-type",
        0.0,
        "an object of type object",
    ),
    "raises": (
        HEAD + "return theta + nothing",
        "raised",
        0.0,
        "line 2: return theta + nothing",
    ),
    "leaves politely": (HEAD + "raise SystemExit", "raised", 0.0, "SystemExit"),
    "never ends": (
        HEAD + "while True: pass",
        "timed-out",
        0.0,
        "has not returned after 0.5 seconds",
    ),
    "leaves": (
        HEAD + "import os; os._exit(0)",
        "crashed",
        0.0,
        "look for `exit()` or `os._exit()`",
    ),
    "is killed": (
        HEAD + "import os; os.kill(os.getpid(), 11)",
        "crashed",
        0.0,
        "with the signal SIGSEGV",
    ),
    "eats memory": (
        HEAD + "return np.ones(6 << 30, 'u1'), velocity",
        "out-of-memory",
        0.0,
        "asked for more memory than grading allows",
    ),
    "floods": (
        HEAD + "return np.ones(1 << 18), velocity",
        "too-much-output",
        0.0,
        "returned far more than its answer has room for",
    ),
    "is a number": (
        f"{NAME} = 3",
        "not-defined",
        0.0,
        "an object of type int",
    ),
    "is gone": (
        f"{RIGHT}\ndel {NAME}",
        "not-defined",
        0.0,
        f"Nothing defines `{NAME}`",
    ),
}


@pytest.mark.parametrize(
    ("source", "code", "score", "says"), ANSWERS.values(), ids=ANSWERS
)
def test_each_outcome_has_its_code_its_points_and_its_words(
    run, source, code, score, says
):
    run.cell(2, source)

    question = public(find(NAME))
    if code == "timed-out":
        question = replace(question, seconds=0.5)

    verdict = judge_function(run, question, (), public=False)

    assert verdict.code == code
    assert verdict.score == score
    assert says in " ".join(verdict.message.text().split())


def test_an_accident_in_one_case_costs_that_case(run):
    """Two cases of six right by themselves, four after the accident."""
    run.cell(
        2,
        HEAD + "if np.ndim(theta) == 3: import os; os._exit(1)\n    "
        "v = beta * velocity - lr * grad\n    return theta + v, v",
    )

    verdict = judge_function(run, public(find(NAME)), (), public=False)

    assert verdict.code == "crashed"
    assert verdict.score == round(2 * 5 / 6, 2)
    assert "Case 6 of 6" in verdict.message.text()


def test_what_goes_wrong_first_is_told_first(run):
    """Wrong values in the first case come before a crash in the last."""
    run.cell(
        2,
        HEAD + "if np.ndim(theta) == 3: import os; os._exit(1)\n    "
        "return theta, velocity",
    )

    verdict = judge_function(run, public(find(NAME)), (), public=False)

    assert verdict.code == "wrong-values"


def test_what_grading_refuses_is_told_in_words(run):
    """Before where to read; a learner's own check of a file refuses nothing."""
    run.cell(2, HEAD + "raise PermissionError(1, 'Operation not permitted')")

    graded, checked = (
        judge_function(run, public(find(NAME)), (), public=public_cases).message.text()
        for public_cases in (False, True)
    )

    told = "may not use the network, write outside of its folder, or share memory or"
    assert told in " ".join(graded.split())
    assert graded.index("A notebook that is graded") < graded.index("Read:")
    assert "A notebook that is graded" not in checked


def test_control_characters_in_an_error_are_not_shown(run):
    run.cell(2, HEAD + "raise ValueError('\\x1b]0;pwned\\x07\\x1b[2J' + 'x' * 10**6)")

    message = judge_function(run, public(find(NAME)), (), public=False).message

    assert "\x1b" not in message.text()
    assert len(message.text()) < 10_000


def test_random_numbers_of_a_notebook_are_its_own(run):
    """A constant generator in the notebook changes no case."""
    run.cell(2, "np.random.default_rng = lambda *a: None\n" + RIGHT)

    assert judge_function(run, public(find(NAME)), (), public=False).passed


def examined(release, notebook, chapter, **options):
    """Verdicts by name, and the rest."""
    grafted = graft(release, parse_notebook(notebook.data))
    found = examine(grafted.notebook, chapter, public, replace(OWN_CODE, **options))
    return {verdict.exercise: verdict for verdict in found.verdicts}, found


def test_a_syntax_error_costs_its_function_and_is_shown(release, solved, chapter):
    solved.fill(NAME, HEAD + "velocity = (beta * velocity\n    return theta")

    verdicts, found = examined(release, solved, chapter)

    assert verdicts[NAME].code == "not-defined"
    text = verdicts[NAME].message.text()
    assert "line 2:  velocity = (beta * velocity" in text
    assert "SyntaxError: '(' was never closed" in text
    assert verdicts["nesterov_step"].passed
    assert verdicts["velocity_weights"].passed
    (shown,) = found.outputs[NAME]
    assert shown["output_type"] == "error"
    assert found.notes == ()


def test_a_cell_that_ends_python_costs_itself(release, solved, chapter):
    """Everything before it is there again, and it is named."""
    solved.insert(NAME, "import os\nos._exit(1)")

    verdicts, found = examined(release, solved, chapter)

    assert all(verdict.passed for verdict in verdicts.values())
    assert found.notes == ("Cell 5 (own-1) ended the Python process and was left out.",)


def test_an_answer_that_ends_python_is_not_defined(release, solved, chapter):
    solved.fill(NAME, f"import os\nos.kill(os.getpid(), 9)\n{RIGHT}")

    verdicts, _ = examined(release, solved, chapter)

    assert verdicts[NAME].code == "not-defined"
    assert "ended the Python process, with the signal SIGKILL" in " ".join(
        verdicts[NAME].message.text().split()
    )
    assert verdicts["velocity_weights"].passed


def test_an_endless_cell_costs_its_time(release, solved, chapter):
    solved.insert(NAME, "while True: pass")

    verdicts, found = examined(
        release, solved, chapter, limits=replace(LIMITS, cell_seconds=0.5)
    )

    assert all(verdict.passed for verdict in verdicts.values())
    assert found.notes == ("Cell 5 (own-1) ran for too long and was stopped.",)
    assert "ran for too long" in found.outputs["own-1"][0]["text"]


def test_sleeping_when_all_is_judged_ends_the_notebook(
    release, solved, chapter, monkeypatch
):
    """Others wait meanwhile; what the cells before it showed is kept."""
    monkeypatch.setattr(run_module, "IDLE_SECONDS", 0.2)
    solved.insert("setup", "print('not run')")
    solved.insert("setup", "import time\ntime.sleep(9)")
    solved.insert("setup", "print('ran')")

    verdicts, found = examined(release, solved, chapter)

    assert all(verdict.passed for verdict in verdicts.values())
    ran, slept, after = (found.outputs[f"own-{n}"][0]["text"] for n in (1, 2, 3))
    assert ran == "ran\n"
    assert "ran for too long and was stopped" in slept
    assert "the notebook had used up its time" in after


def test_a_call_that_kills_the_notebook_costs_one_function(release, solved, chapter):
    """It is run again without that function's calls."""
    solved.fill(NAME, HEAD + "import os; os.kill(os.getppid(), 9)")

    verdicts, _ = examined(release, solved, chapter)

    assert verdicts[NAME].code == "crashed"
    assert verdicts["nesterov_step"].passed


def test_a_notebook_that_dies_again_and_again_ends(release, solved, chapter):
    """Some restarts, no more; what was judged before stays judged."""
    for _ in range(7):
        solved.insert("nesterov_step_text", "import os\nos._exit(1)")

    verdicts, _ = examined(release, solved, chapter, full=True)

    assert verdicts[NAME].passed
    assert verdicts["nesterov_step"].code == "crashed"
    assert "again and again" in verdicts["nesterov_step"].message.text()


def test_a_submission_has_one_budget(release, solved, chapter):
    """Many slow cells end together."""
    for _ in range(20):
        solved.insert("nesterov_step_text", "import time\ntime.sleep(0.4)")
    limits = replace(LIMITS, total_seconds=4.0)

    verdicts, _ = examined(release, solved, chapter, limits=limits, full=True)

    late = verdicts["velocity_weights"]
    assert late.code == "timed-out"
    assert "The notebook as a whole used up its time" in late.message.text()


def test_cells_of_ones_own_take_none_of_the_answers_time(release, solved, chapter):
    for _ in range(8):
        solved.insert("setup", "import time\ntime.sleep(9)")
    limits = replace(LIMITS, cell_seconds=0.5, total_seconds=1.5)

    verdicts, found = examined(release, solved, chapter, limits=limits)

    assert all(verdict.passed for verdict in verdicts.values())
    assert "ran for too long and was stopped" in found.notes[0]


def test_a_function_below_its_check_is_found(release, solved, chapter, make_notebook):
    """Cells that were run in another order than they stand in."""
    right = solved[NAME]["source"]
    solved.fill(NAME, make_notebook()[NAME]["source"])
    solved.insert("velocity_weights_check", right)

    verdicts, _ = examined(release, solved, chapter)

    assert verdicts[NAME].passed


def test_a_later_cell_does_not_spoil_an_earlier_answer(release, solved, chapter):
    """A function is judged at its check cell, as in a run from top to bottom."""
    solved.insert("velocity_weights_check", f"{NAME} = None")

    verdicts, _ = examined(release, solved, chapter)

    assert verdicts[NAME].passed


def test_names_of_the_checks_are_free(release, solved, chapter):
    """Shadowed builtins, resets and redefined checks cost nothing."""
    solved.insert(
        "setup",
        "import os, sys, builtins, numpy\n"
        "os.chdir('/')\n"
        "x = rng = range = sum = print = check = expected = 3\n"
        "numpy.testing.assert_allclose = numpy.allclose = None\n"
        "del builtins.sum",
    )

    verdicts, _ = examined(release, solved, chapter)

    assert all(verdict.passed for verdict in verdicts.values())


def test_experiments_run_with_full_only(release, solved, chapter):
    """And figures are drawn where pictures are asked for."""
    solved.fill(
        "experiment",
        "import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.show()\nprint('drawn')",
    )

    _, short_run = examined(release, solved, chapter)
    _, words = examined(release, solved, chapter, full=True)
    _, full_run = examined(release, solved, chapter, full=True, pictures=True)

    assert "experiment" not in short_run.outputs
    (text,) = words.outputs["experiment"]
    assert text["text"] == "drawn\n"
    picture, text = full_run.outputs["experiment"]
    if picture["output_type"] == "stream":
        picture, text = text, picture
    assert picture["data"]["image/png"].startswith("iVBOR")
    assert text["text"] == "drawn\n"


def test_the_courses_figures_are_pictures_with_their_words(release, solved, chapter):
    """They show themselves as HTML, of which only the picture and its text pass."""
    solved.insert(
        "setup",
        "from autograder.lab import figures, landscapes\n"
        "figure = figures.portrait(landscapes.ravine, title='t')\n"
        "figures.show(figure, alt='A <b> map.')",
    )

    _, words = examined(release, solved, chapter)
    _, found = examined(release, solved, chapter, pictures=True)

    (said,) = words.outputs["own-1"]
    assert said["data"] == {"text/plain": "A <b> map."}
    (shown,) = found.outputs["own-1"]
    assert set(shown["data"]) == {"text/plain", "image/png"}
    assert shown["data"]["text/plain"] == "A <b> map."
    assert shown["metadata"] == {"image/png": {"alt": "A <b> map."}}


def test_a_failure_of_ours_is_no_zero_of_the_students(release, solved, chapter, caplog):
    """One question that cannot be drawn is told apart; the others are judged."""

    def draw(exercise):
        if exercise.name == NAME:
            raise RuntimeError("the registry is broken")
        return public(exercise)

    grafted = graft(release, parse_notebook(solved.data))
    found = examine(grafted.notebook, chapter, draw, OWN_CODE)

    assert [verdict.code for verdict in found.verdicts] == [
        "own-failure",
        "passed",
        "passed",
    ]
    assert "A person will look at it" in found.verdicts[0].message.text()
    assert "the registry is broken" in caplog.text


@pytest.mark.parametrize("later", [{"accident": "x"}, {}, {"missing": "int"}])
def test_what_is_no_answer_is_a_crash(monkeypatch, later):
    """Whatever the process says, there is one answer for each case."""
    said = iter([{"accident": "x"}, later])
    with Run(OWN_CODE) as run:
        monkeypatch.setattr(run, "_ask", lambda *a: next(said))
        answers = run.call(NAME, [pack({})] * 2, (), 1.0)

    assert answers == [Accident("crashed")] * 2


def test_only_asked_exercises_are_judged(release, solved, chapter):
    """A release may leave out exercises of its chapter."""
    verdicts, _ = examined(release, solved, chapter)

    assert len(chapter.exercises) > len(verdicts) == 3


def test_a_cell_without_trouble_is_no_failed_cell():
    assert examiner.failed_cell(NAME, []) is None


def test_the_place_of_a_mistake_is_found_in_the_box(run):
    """What is found leaves it, and decides nothing."""
    run.cell(50, HEAD + "v = beta * velocity - 7 * lr * grad\n    return theta + v, v")
    question = public_question(NAME)

    plain = judge_function(run, question, [], public=False)
    verdict = judge_function(
        run, question, [], public=False, places=lambda: run.places(NAME, packed(NAME))
    )

    (place,) = [one for one in verdict.told if one.kind == "place"]
    assert (place.line, place.proved) == (2, True)
    assert "with `1` in place of `7`" in verdict.message.text()
    assert (verdict.code, verdict.score) == (plain.code, plain.score)


def test_what_a_box_says_of_places_is_bounded():
    """Student code shares the process: it may say anything."""
    forged = {"kind": "x", "text": "a\x1b[2J\n" * 9_000, "line": -1, "proved": 1}

    told = as_statements({"told": [forged] * 50})

    assert len(told) == MAX_STATEMENTS
    assert all(one.kind == "place" and not one.proved for one in told)
    assert all(one.line is None and len(one.text) <= MAX_TEXT for one in told)
    assert "\x1b" not in told[0].text
    assert as_statements({"told": "all of it"}) == []
