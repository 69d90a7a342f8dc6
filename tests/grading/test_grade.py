"""The seam: a pure function from a submission to a result."""

from __future__ import annotations

import json
import os
import pickle
import stat
import tempfile

import numpy as np
import pytest

from autograder.classroom.pool import Task, grade_all
from autograder.course import NotACourse, load_course, load_secret
from autograder.exercises import chapter_of, find
from autograder.grading import grade as grade_module
from autograder.grading.grade import case_seed, drawing, grade_submission
from autograder.grading.result import Result
from autograder.lab import datasets
from autograder.sandbox.box import BoxFailed
from autograder.sandbox.options import OWN_CODE
from autograder.submissions.intake import Submission
from autograder.writing import write_whole

CHAPTER = "03_momentum"
posix = pytest.mark.skipif(os.name != "posix", reason="grading needs forks")


def hand_in(notebook, student="ada"):
    return Submission(student, CHAPTER, notebook.data)


WRONG = (
    "def momentum_step(theta, velocity, grad, lr, beta):\n"
    "    print({'a', 'b', 'c'}, id)\n"
    "    v = beta * velocity + lr * grad\n"
    "    return theta + v, v"
)


@posix
def test_the_same_submission_gives_the_same_bytes(course, solved, secret):
    solved.fill("momentum_step", WRONG).insert("setup", "print([*{'x', 'y', 'z'}])")

    one = grade_submission(hand_in(solved), course, secret)
    other = grade_submission(hand_in(solved), course, secret)

    assert one.to_bytes() == other.to_bytes()
    assert one.score == 3.0
    assert one.points == 5
    assert one.verdicts[0].misconceptions == ("climbs",)
    assert one.outputs["own-1"][0]["text"].startswith("[")


def test_each_student_gets_other_cases_and_always_the_same(chapter, secret):
    """One student's feedback is worth nothing to another, a regrade is fair."""
    exercise = find("momentum_step")

    def cases(student):
        question = drawing(secret, "tests", student, chapter)(exercise)
        return [record_case(case) for case in question.cases]

    def record_case(case):
        return {name: np.asarray(v).tolist() for name, v in case.arguments.items()}

    assert cases("ada") == cases("ada")
    shared = [one for one in cases("ada") if one in cases("boris")]
    assert len(shared) <= 1  # the smallest one is for reading


@posix
def test_a_hard_coded_answer_fails(course, notebook, secret):
    """What passes the public cases by heart does not pass fresh ones."""
    from autograder.calling.calls import call
    from autograder.checking.cases import public_question

    question = public_question("velocity_weights")
    table = {
        tuple(case.arguments.values()): case.expected.returned.tolist()
        for case in question.cases
    }
    source = (
        f"TABLE = {table!r}\n"
        "def velocity_weights(beta, t):\n"
        "    return np.array(TABLE[beta, t])"
    )
    namespace: dict = {}
    exec("import numpy as np\n" + source, namespace)  # noqa: S102 -- the learner's
    by_heart = namespace["velocity_weights"]
    assert all(call(by_heart, c.arguments).error is None for c in question.cases)

    result = grade_submission(
        hand_in(notebook.fill("velocity_weights", source)), course, secret
    )

    verdict = result.verdicts[-1]
    assert verdict.exercise == "velocity_weights"
    assert verdict.code == "raised"
    assert verdict.score == 0.0


UNREADABLE = {
    "not JSON": Submission("ada", CHAPTER, b"<<<<"),
    "empty": Submission("ada", CHAPTER, b""),
    "missing": Submission("ada", CHAPTER, None, "There is no notebook."),
}


@pytest.mark.parametrize("submission", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_a_row_that_says_why(course, submission, secret):
    result = grade_submission(submission, course, secret)

    assert {verdict.code for verdict in result.verdicts} == {"unreadable"}
    assert len(result.verdicts) == 3
    assert result.score == 0.0
    assert result.problem.endswith(".")
    assert result.problem in result.verdicts[0].message.text().replace("\n", " ")
    assert not result.needs_person


def test_our_failure_is_tried_again_and_then_left_to_a_person(
    course, solved, secret, monkeypatch
):
    tried = []

    def fail(*arguments, **options):
        tried.append(1)
        raise BoxFailed("no process today")

    monkeypatch.setattr(grade_module, "examine", fail)

    result = grade_submission(hand_in(solved), course, secret)

    assert len(tried) == 2
    assert {verdict.code for verdict in result.verdicts} == {"own-failure"}
    assert result.needs_person
    assert result.problem == "Grading failed, not the submission: no process today"


@posix
def test_a_passing_failure_of_ours_costs_nothing(course, solved, secret, monkeypatch):
    examine = grade_module.examine
    tried = []

    def fail_once(*arguments, **options):
        tried.append(1)
        if len(tried) == 1:
            raise OSError("too many open files")
        return examine(*arguments, **options)

    monkeypatch.setattr(grade_module, "examine", fail_once)

    assert grade_submission(hand_in(solved), course, secret).score == 5.0


@posix
def test_results_survive_writing_and_reading(course, solved, secret):
    solved.fill("momentum_step", WRONG)
    result = grade_submission(hand_in(solved), course, secret)

    again = Result.from_bytes(result.to_bytes())

    assert again == result
    assert again.to_bytes() == result.to_bytes()
    assert pickle.loads(pickle.dumps(result)) == result
    assert again.verdicts[0].message.html() == result.verdicts[0].message.html()


def test_seeds_depend_on_everything_and_nothing_runs_together(secret):
    """Every field counts, and where one ends and the next begins."""
    seeds = [
        case_seed(secret, "course", "ada", "f"),
        case_seed(secret[::-1], "course", "ada", "f"),
        case_seed(secret, "other", "ada", "f"),
        case_seed(secret, "course", "boris", "f"),
        case_seed(secret, "course", "ada", "g"),
        case_seed(secret, "course", "ada", "f", digest="1"),
        case_seed(secret, "coursea", "da", "f"),
        case_seed(secret, "course", "adaf", ""),
    ]

    assert len(set(seeds)) == len(seeds)
    assert case_seed(secret, "course", "ada", "f") == seeds[0]
    assert all(0 <= word < 1 << 32 for word in seeds[0])


def test_the_secret_is_made_once_for_its_owner(course):
    secret = load_secret(course)

    path = course.grading / "secret"
    assert len(secret) == 32
    assert load_secret(course) == secret
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in course.grading.iterdir()] == ["secret"]


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32, "ab" * 31])
def test_a_damaged_secret_is_no_reason_for_a_new_one(course, text):
    """Another secret would mean other cases for everybody: somebody must decide."""
    course.grading.mkdir()
    (course.grading / "secret").write_text(text)

    with pytest.raises(NotACourse, match="holds no secret"):
        load_secret(course)


def test_two_courses_have_two_secrets(course, tmp_path):
    from dataclasses import replace

    other = replace(course, grading=tmp_path / "other")

    assert load_secret(course) != load_secret(other)


@posix
def test_any_number_of_processes_gives_the_same_bytes(course, make_notebook, secret):
    """Results do not know where and beside what they were made."""
    submissions = [
        hand_in(make_notebook().solve(), "ada"),
        hand_in(make_notebook().solve().fill("momentum_step", WRONG), "boris"),
        Submission("chen", CHAPTER, b""),
    ]
    task = Task(course, secret)

    def graded(jobs):
        return {s.student: r.to_bytes() for s, r in grade_all(submissions, task, jobs)}

    alone = graded(1)
    assert sorted(alone) == ["ada", "boris", "chen"]
    assert graded(2) == alone
    here = grade_submission(submissions[1], course, secret)
    assert alone["boris"] == here.to_bytes()


KILLER = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="kills its grandparent")
def test_a_worker_that_dies_loses_nothing(
    course, make_notebook, secret, tmp_path, monkeypatch
):
    """Whoever kills the process that grades it is told apart; the rest is graded."""
    submissions = [
        hand_in(make_notebook().solve(), "ada"),
        hand_in(make_notebook().solve().insert("setup", KILLER), "mallory"),
        hand_in(make_notebook().solve(), "zoe"),
    ]

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    results = {
        s.student: r
        for s, r in grade_all(submissions, Task(course, secret, OWN_CODE), 2)
    }

    assert list(tmp_path.glob("autograder-*")) == []
    assert results["ada"].score == results["zoe"].score == 5.0
    assert {v.code for v in results["mallory"].verdicts} == {"own-failure"}
    assert "the process that graded it died" in results["mallory"].problem


def test_a_folder_without_settings_is_no_course(tmp_path):
    with pytest.raises(NotACourse, match=r"there is no nbgrader_config.py in it"):
        load_course(tmp_path)


def test_a_course_without_releases_says_what_to_do(tmp_path, root):
    (tmp_path / "nbgrader_config.py").write_bytes(
        (root / "nbgrader_config.py").read_bytes()
    )
    with pytest.raises(NotACourse, match="run `autograder build` first"):
        load_course(tmp_path)


def test_the_courses_own_settings_are_read(tmp_path, root, release):
    (tmp_path / "nbgrader_config.py").write_bytes(
        (root / "nbgrader_config.py").read_bytes()
    )
    path = tmp_path / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
    write_whole(path, release)

    course = load_course(tmp_path)

    assert course.releases == {CHAPTER: release}
    assert course.submitted == tmp_path / "grading" / "submitted"
    assert course.feedback == tmp_path / "grading" / "feedback"
    assert course.db_url.endswith("grading/gradebook.db")
    assert course.chapter(CHAPTER).title == "Momentum"


def test_a_result_as_json_has_no_time_in_it(course, secret):
    tree = json.loads(
        grade_submission(Submission("ada", CHAPTER, b""), course, secret).to_bytes()
    )

    assert set(tree) == {
        "student",
        "chapter",
        "submission",
        "problem",
        "notes",
        "verdicts",
        "outputs",
        "unexplained",
        "box",
        "account",
        "language",
    }


def test_an_instructors_own_images_take_the_place_of_the_held_out_ones(
    tmp_path, secret
):
    """They lie where grading keeps its own, and change for each student too."""
    exercise = find("train_classifier")
    images, labels = datasets.held_out_digits()
    few = slice(150, 350)
    table = np.column_stack([labels[few], np.rint(16 * images[few]).astype(int)])
    path = tmp_path / exercise.own_data
    np.savetxt(path, table, fmt="%d", delimiter=",", header="label", comments="")
    cases = {}
    for student in ("ada", "boris"):
        draw = drawing(secret, "c", student, chapter_of(exercise.name), "", tmp_path)
        (cases[student],) = draw(exercise).cases

    ada, boris = (case.arguments["images"].value for case in cases.values())
    assert ada.shape == boris.shape == (200, 64)
    assert {x.tobytes() for x in ada}.isdisjoint({x.tobytes() for x in boris})
    assert sorted(cases["ada"].fixed["right"]) == sorted(labels[few])
