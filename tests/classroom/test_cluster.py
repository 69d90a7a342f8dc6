"""Grading on a Dask cluster: the same results, and no worker's death loses one."""

from __future__ import annotations

import pytest

from autograder.classroom.cluster import NoCluster, grade_on_cluster
from autograder.classroom.pool import Task
from autograder.grading.grade import grade_submission
from autograder.sandbox.boxes import NoBox, choose_box
from autograder.sandbox.options import OWN_CODE, RunOptions
from autograder.submissions.intake import Submission

pytest.importorskip("distributed", reason="Dask is not installed")

CHAPTER = "03_momentum"
WRONG = """\
def momentum_step(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad
    return theta + velocity, velocity
"""
KILLER = """\
import os, signal
os.kill(os.getppid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def cluster():
    """Two workers, each a process."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=":0",
        silence_logs=50,
        host="127.0.0.1",
    ) as started:
        yield started


@pytest.mark.filterwarnings("default")  # Dask's own
def test_a_cluster_gives_the_same_bytes(cluster, course, make_notebook, secret):
    submissions = [
        Submission("ada", CHAPTER, make_notebook().solve().data),
        Submission(
            "boris", CHAPTER, make_notebook().solve().fill("momentum_step", WRONG).data
        ),
        Submission("chen", CHAPTER, b"no notebook"),
        Submission("dora", CHAPTER, make_notebook().data),
    ]
    task = Task(course, secret, RunOptions(choose_box()))
    kept = {}

    found = {
        submission.student: result.to_bytes()
        for submission, result in grade_on_cluster(
            cluster.scheduler_address,
            iter(submissions),
            task,
            lambda s, r: kept.update({s.student: r.to_bytes()}),
        )
    }

    assert kept == found
    assert found == {
        s.student: grade_submission(s, course, secret, task.options).to_bytes()
        for s in submissions
    }


@pytest.mark.filterwarnings("default")
def test_a_worker_that_dies_loses_nothing(cluster, course, make_notebook, secret):
    """Without a box a notebook can kill the worker that grades it, and does."""
    submissions = [
        Submission("ada", CHAPTER, make_notebook().solve().data),
        Submission(
            "mallory", CHAPTER, make_notebook().solve().insert("setup", KILLER).data
        ),
        Submission("zoe", CHAPTER, make_notebook().solve().data),
    ]

    results = {
        s.student: r
        for s, r in grade_on_cluster(
            cluster.scheduler_address, submissions, Task(course, secret, OWN_CODE)
        )
    }

    assert results["ada"].score == results["zoe"].score == 5.0
    assert {v.code for v in results["mallory"].verdicts} == {"own-failure"}
    assert "the cluster gave no result" in results["mallory"].problem


@pytest.mark.filterwarnings("default")
def test_a_worker_without_a_box_is_named(cluster, course, secret):
    with pytest.raises(
        NoBox, match=r"(?s)On the worker at tcp://.*there is no such box"
    ):
        list(
            grade_on_cluster(
                cluster.scheduler_address,
                [],
                Task(course, secret, RunOptions("cardboard")),
            )
        )


@pytest.mark.filterwarnings("default")
def test_other_code_on_a_worker_is_refused(cluster, course, secret, monkeypatch):
    monkeypatch.setattr("autograder.classroom.cluster.all_code", _version_of_tomorrow)

    with pytest.raises(NoCluster, match="another version"):
        list(grade_on_cluster(cluster.scheduler_address, [], Task(course, secret)))


def _version_of_tomorrow():
    return "of tomorrow"


@pytest.mark.filterwarnings("default")
def test_no_scheduler_is_said(course, secret, monkeypatch):
    monkeypatch.setattr("autograder.classroom.cluster.CONNECT_SECONDS", 1)

    with pytest.raises(NoCluster, match="There is no Dask scheduler at"):
        list(grade_on_cluster("tcp://127.0.0.1:9", [], Task(course, secret)))


@pytest.mark.filterwarnings("default")
def test_a_scheduler_without_workers_is_said(course, secret, monkeypatch):
    """With the command that starts one, and no wait without end."""
    from distributed import LocalCluster

    monkeypatch.setattr("autograder.classroom.cluster.CONNECT_SECONDS", 2)
    with LocalCluster(
        n_workers=0, dashboard_address=":0", silence_logs=50, host="127.0.0.1"
    ) as empty:
        address = empty.scheduler_address
        with pytest.raises(NoCluster, match=f"`dask worker {address}`"):
            next(grade_on_cluster(address, iter([]), Task(course, secret)))
