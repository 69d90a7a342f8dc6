"""Many submissions in many processes: what fails is tried again, and nothing stays."""

from __future__ import annotations

import os
import signal
import tempfile
from concurrent.futures import Future, wait
from pathlib import Path

import pytest

from autograder.classroom import grade_class, pool, workers
from autograder.classroom.pool import Task, grade_all
from autograder.grading.grade import own_failure
from autograder.sandbox.options import OWN_CODE
from autograder.submissions.intake import Submission

pytestmark = pytest.mark.skipif(os.name != "posix", reason="grading needs forks")


class Failing(Task):
    """Fails for a reason of ours with some students, as often as their name says."""

    def grade(self, submission):
        student, _, times = submission.student.partition("-")
        seen = self.course.root / f"seen-{student}"
        with seen.open("a") as file:
            file.write(".")
        if seen.stat().st_size <= int(times or 0):
            return own_failure(submission, self.course, "no memory left")
        return super().grade(submission)


def test_whom_we_failed_to_grade_is_tried_again_when_all_others_are_done(
    course, make_notebook, secret
):
    """Alone; and who fails again waits for a person."""
    data = make_notebook().solve().data
    students = ("ada-1", "boris", "chen-9", "dora")
    submissions = [Submission(s, "03_momentum", data) for s in students]
    kept = []

    results = list(
        grade_all(
            submissions,
            Failing(course, secret, OWN_CODE),
            2,
            lambda submission, result: kept.append(submission.student),
        )
    )

    assert [submission.student for submission, _ in results[2:]] == ["ada-1", "chen-9"]
    assert {s.student: r.score for s, r in results} == {
        "ada-1": 5.0,
        "boris": 5.0,
        "chen-9": 0.0,
        "dora": 5.0,
    }
    assert [r.needs_person for _, r in results[2:]] == [False, True]
    assert sorted(kept) == sorted([*students, "ada-1", "chen-9"])


def test_folders_of_graders_that_were_killed_are_removed(
    course, make_notebook, secret, tmp_path, monkeypatch
):
    """The next grader does that, and leaves those of others that are at work."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed, working = (tmp_path / f"autograder-{n}-x" for n in (4194304, os.getpid()))
    for folder in (killed, working, tmp_path / "autograder-new-x"):
        (folder / "open" / "1").mkdir(parents=True)
    submission = Submission("ada", "03_momentum", make_notebook().data)

    list(grade_all([submission], Task(course, secret, OWN_CODE), 1))

    left = {path.name for path in Path(tmp_path).glob("autograder-*")}
    assert left == {working.name, "autograder-new-x"}


@pytest.mark.timeout(60)
def test_an_interrupt_waits_for_the_end_of_a_look(monkeypatch):
    """Else a future stays locked, and the end of Python waits for that for ever."""
    future = Future()
    looked = []

    def interrupted(futures, seconds, when):
        os.kill(os.getpid(), signal.SIGINT)
        looked.append(seconds)
        return wait(futures, seconds, when)

    monkeypatch.setattr(pool, "wait", interrupted)
    results = pool.as_completed(lambda _: future, iter(["ada"]), 1, None, [])
    with pytest.raises(KeyboardInterrupt):
        next(results)

    assert looked == [pool.WATCH_SECONDS]
    assert future._condition.acquire(timeout=1)


def test_what_takes_a_while_is_done_once_when_the_first_is_graded():
    """All others that may be handed out are: whoever grades them need not wait."""
    futures = {}

    def submit(name):
        futures[name] = Future()
        if len(futures) == 2:
            futures["ada"].set_result("graded")
        return futures[name]

    def meanwhile():
        done.append([name for name, future in futures.items() if future.done()])
        futures["boris"].set_result("graded")

    done = []
    names = iter(["ada", "boris"])
    results = list(pool.as_completed(submit, names, 2, None, [], meanwhile))

    assert results == [("ada", "graded"), ("boris", "graded")]
    assert done == [["ada"]]


def test_an_interrupt_waits_for_the_import_of_nbgrader(monkeypatch):
    """In the middle of it the lock of all imports may stay held."""
    imported = []

    def interrupted(name):
        os.kill(os.getpid(), signal.SIGINT)
        imported.append(name)

    monkeypatch.setattr(grade_class, "import_module", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade_class._import_nbgrader()

    assert imported == ["autograder.gradebook.recording"]


def test_a_result_that_cannot_be_read_is_an_error_and_nobody_waits_for_it(tmp_path):
    graded, future = Future(), Future()
    graded.set_result(None)

    workers._hand_over(future, tmp_path / "gone", graded)

    assert isinstance(future.exception(timeout=1), FileNotFoundError)
