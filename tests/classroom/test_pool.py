"""Many submissions in many processes: what fails is tried again, and nothing stays."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import Future, wait
from pathlib import Path

import psutil
import pytest

from autograder.classroom import grade_class, pool, workers
from autograder.classroom.pool import Task, grade_all
from autograder.classroom.preloading import preload
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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers start anew")
def test_workers_are_forked_from_a_process_that_has_loaded_what_they_need():
    """It dies with the one that started it, however that dies."""
    code = (
        "import os, signal, psutil\n"
        "from autograder.classroom.preloading import preload\n"
        "context = preload()\n"
        "loaded = context.Pool(1).apply(eval, (LOADED,))\n"
        "server, = (p for p in psutil.Process().children()"
        " if 'forkserver' in ' '.join(p.cmdline()))\n"
        "print(loaded, server.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    loaded = "'autograder.grading.examiner' in __import__('sys').modules"
    killed = subprocess.run(
        [sys.executable, "-c", code.replace("LOADED", repr(loaded))],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    told, server = killed.stdout.split()

    assert killed.returncode == -signal.SIGKILL
    assert told == "True"
    assert psutil.wait_procs(processes_of(int(server)), timeout=60)[1] == []


def processes_of(number):
    """The process of that number, unless it is gone."""
    try:
        return [psutil.Process(number)]
    except psutil.NoSuchProcess:
        return []


def work_and_end(scratch, told):
    """A worker that has nothing to do, and says when it closes its boxes."""
    workers.close_boxes = lambda: told.write_text("closed")
    workers._start_worker(scratch)


def test_a_worker_that_ends_closes_its_boxes(course, secret, tmp_path):
    task = Task(course, secret, OWN_CODE)
    (tmp_path / workers._TASK).write_bytes(pickle.dumps((task, None)))
    told = tmp_path / "told"

    worker = preload().Process(target=work_and_end, args=(tmp_path, told))
    worker.start()
    worker.join(60)

    assert worker.exitcode == 0
    assert told.read_text() == "closed"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers start anew")
def test_workers_start_anew_where_a_path_is_too_long_for_a_socket(tmp_path):
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    code = (
        "from autograder.classroom.preloading import preload\n"
        "context = preload()\n"
        "print(context.get_start_method(), context.Pool(1).apply(abs, (-3,)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )

    assert done.stdout == "spawn 3\n"


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
