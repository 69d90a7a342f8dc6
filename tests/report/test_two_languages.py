"""A class of which one works in Chinese: told in it, marked and counted as all."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import nbformat
import pytest
from bs4 import BeautifulSoup

from autograder import language
from autograder.authoring.products import release_path
from autograder.classroom.class_result import ClassResult
from autograder.classroom.graded import graded_of
from autograder.classroom.pool import Task
from autograder.classroom.store import RETOLD, UNCHANGED, Store
from autograder.exports.comments import comments_of, is_ours
from autograder.exports.gradescope import results_tree
from autograder.gradebook.feedback import FeedbackExporter
from autograder.gradebook.nbgrader_stages import write_result
from autograder.grading import examiner, words
from autograder.grading.found import said_note
from autograder.grading.grade import grade_submission, grafted_submission
from autograder.grading.one_file import language_of
from autograder.grading.result import Result
from autograder.language import ENGLISH, speaking
from autograder.report.results_file import RESULTS, results_json
from autograder.report.summarise_class import summarise
from autograder.sandbox.options import OWN_CODE
from autograder.sandbox.run import Run
from autograder.submissions.releases import language_in
from autograder.submissions.submission import Submission
from tests.helpers.graded_course import CHAPTER, Notebook, answer, course_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="grading needs forks")

CHINESE = "zh_CN"
UPHILL = answer("momentum_step").replace("- lr", "+ lr")
UNKNOWN = "def velocity_weights(beta, t):\n    return np.full(t, beta + 7.0)"
FORM = "朝上坡方向走的一步"


def in_language(notebook: Notebook, said: str) -> bytes:
    """The file of a notebook that says it is in a language."""
    return json.dumps(
        notebook.tree | {"metadata": {"autograder": {"language": said}}}
    ).encode()


def translated(release: bytes) -> bytes:
    """A release whose text is Chinese, and whose code is what it was."""
    return release.replace(b'"# Momentum"', '"# 动量"'.encode())


@pytest.fixture(scope="module")
def course(tmp_path_factory, release):
    """A course whose chapter is released in both languages."""
    course = course_of(tmp_path_factory.mktemp("course"), {CHAPTER.name: release})
    own = {(CHINESE, CHAPTER.name, None): translated(release)}
    return replace(course, translated=own)


@pytest.fixture(scope="module")
def submissions():
    """The same answers, of which two are wrong: one a known mistake, one not."""
    wrong = Notebook().solve().fill("momentum_step", UPHILL)
    wrong.fill("velocity_weights", UNKNOWN)
    english = Submission("ada", CHAPTER.name, wrong.data)
    wrong.fill("title", "# 动量")
    return english, Submission("bo", CHAPTER.name, in_language(wrong, CHINESE))


@pytest.fixture(scope="module")
def results(course, submissions, secret):
    """What came of both."""
    return [grade_submission(one, course, secret, OWN_CODE) for one in submissions]


def page_of(course, submission, result) -> BeautifulSoup:
    """Its feedback page."""
    grafted, _problem = grafted_submission(submission, course)
    notebook = nbformat.from_dict(grafted.notebook)
    write_result(notebook, result)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {"score": 1.0, "points": 2.0, "comment": None}
    marks = {"score": 3.0, "max_score": 7.0, "late_penalty": 0.5, "times": ""}
    told = {"nbgrader": {"student": "bo", "notebook": CHAPTER.name} | marks}
    page = FeedbackExporter().from_notebook_node(notebook, told)[0]
    return BeautifulSoup(page, "html.parser")


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"autograder": {"language": CHINESE}}, CHINESE),
        ({"autograder": {"other": 1, "language": CHINESE}}, CHINESE),
        ({"autograder": {"language": "xx_YY"}}, ENGLISH),
        ({"autograder": {"language": ["zh_CN"]}}, ENGLISH),
        ({"autograder": "zh_CN"}, ENGLISH),
        ({"kernelspec": {"language": CHINESE}}, ENGLISH),
        ({}, ENGLISH),
    ],
)
def test_a_claim_counts_if_the_course_speaks_it(metadata, language):
    """Also in UTF-16; a cell that has the same words in its text says nothing."""
    quoted = {"source": json.dumps({"autograder": {"language": CHINESE}})}
    text = json.dumps({"cells": [quoted], "metadata": metadata}, indent=1)

    assert language_in(text.encode()) == language_in(text.encode("utf-16")) == language


def test_a_program_may_forget_what_the_notebook_says(root):
    """A cell says the language too."""
    path = root / release_path(CHAPTER.name, CHINESE)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"] = {}

    assert language_in(json.dumps(notebook).encode()) == CHINESE


def test_a_file_of_ones_own_is_checked_in_its_language(tmp_path, submissions):
    """A notebook that says none, and what is no notebook, in the one that is spoken."""
    for name, submission in zip("ab", submissions, strict=True):
        (tmp_path / f"{name}.ipynb").write_bytes(submission.data)

    assert language_of(tmp_path / "b.ipynb") == CHINESE
    with speaking(CHINESE):
        assert language_of(tmp_path / "a.ipynb") == CHINESE
    assert language_of(tmp_path / "a.ipynb") == ENGLISH
    assert language_of(tmp_path / "missing.py") == ENGLISH


def test_marks_and_mistakes_are_the_same(results):
    english, chinese = results

    assert (english.language, chinese.language) == (ENGLISH, CHINESE)
    for one, other in zip(english.verdicts, chinese.verdicts, strict=True):
        assert (one.score, one.code) == (other.score, other.code)
        assert one.misconceptions == other.misconceptions
    assert Result.from_bytes(chinese.to_bytes()) == chinese


def test_a_page_is_in_the_notebooks_language(course, submissions, results):
    english, chinese = (
        page_of(course, *both) for both in zip(submissions, results, strict=True)
    )

    assert (english.html["lang"], chinese.html["lang"]) == ("en", "zh-CN")
    lead = chinese.select_one(".lead").get_text()
    assert "得分 3，满分 7；因迟交扣去 0.5 分。" in lead
    row = chinese.select_one("tbody tr")
    assert [cell.get_text() for cell in row.select("td")] == [
        "momentum_step",
        f"✗ {FORM}",
        "1/2",
    ]
    assert FORM in chinese.select_one(".message").get_text()
    assert "a step uphill" in english.select_one(".message").get_text()
    # The chapter's own Chinese text is nobody's.
    assert "动量" not in chinese.get_text()
    assert chinese.find("details").summary.get_text() == "你的代码"


def test_a_class_counts_both_together(course, results):
    """By a mistake's name, and by what a teacher is told of an answer that has none."""
    graded = tuple(graded_of(one, None) for one in results)
    (chapter,) = summarise(ClassResult(course, graded, ()))

    (mistake,), (group,) = chapter.mistakes, chapter.groups
    assert (mistake.name, mistake.students) == ("climbs", ("ada", "bo"))
    assert mistake.form == "a step uphill"
    assert (group.exercise, group.students) == ("velocity_weights", ("ada", "bo"))
    first, second = (one.unexplained["velocity_weights"] for one in results)
    assert replace(first, source="") == replace(second, source="")


def test_a_mark_s_comment_is_in_it(course, results):
    """What goes into another system next to a mark, which is found there again."""
    graded = tuple(graded_of(one, None) for one in results)
    course.grading.mkdir(exist_ok=True)
    told = results_json(ClassResult(course, graded, ()))
    (course.grading / RESULTS).write_text(told, encoding="utf-8")

    found = comments_of(course)[CHAPTER.name]

    assert found["ada"].startswith("Found in your functions:<br><code>momentum_step")
    assert "<code>momentum_step</code>: a step uphill. The gradient" in found["ada"]
    assert found["bo"].startswith("你的函数中发现：<br><code>momentum_step")
    assert f"<code>momentum_step</code>：{FORM}。梯度" in found["bo"]
    assert all(map(is_ours, found.values()))
    assert not is_ours("你的")


def test_gradescope_shows_the_message_in_it(results):
    told = results_tree(results[1])["tests"][0]

    assert FORM in told["output"]


def test_a_changed_catalogue_has_messages_told_anew(
    course, submissions, results, secret, monkeypatch
):
    """Of Chinese notebooks alone; and no code of a student's runs for that."""
    store = Store(Task(course, secret, OWN_CODE))
    for submission, result in zip(submissions, results, strict=True):
        store.save(submission, result)
    known = [store.ran(one) for one in submissions]
    told, asked = language._, []
    changed = {"a step uphill": "向上走"}
    files = words.hash_of
    monkeypatch.setattr(
        words,
        "hash_of",
        lambda paths, *more: files(paths, *more, *[b"!"] * (b"zh_CN" in more)),
    )
    words.words_code.cache_clear()

    class Watched(Run):
        def cell(self, number, source):
            asked.append(source)
            return super().cell(number, source)

    reasons = [store.reason(one) for one in submissions]
    monkeypatch.setattr(examiner, "Run", Watched)
    for module in ("autograder.exercises.pairs", "autograder.checking.cases"):
        monkeypatch.setattr(f"{module}._", lambda text: changed.get(text) or told(text))
    right = Notebook().solve().fill("momentum_step", UPHILL)
    one = Submission("bo", CHAPTER.name, in_language(right, CHINESE))
    before = grade_submission(one, course, secret, OWN_CODE)
    n_asked = len(asked)
    again = grade_submission(replace(one, ran=before.ran), course, secret, OWN_CODE)
    words.words_code.cache_clear()

    assert reasons == [UNCHANGED, RETOLD]
    assert all(known)
    assert n_asked > 0
    assert len(asked) == n_asked
    assert "向上走" in again.verdicts[0].message.text()


def test_our_own_failure_is_told_in_it(course, submissions):
    from autograder.grading.grade import own_failure

    result = own_failure(submissions[1], course, "the disk is full")

    assert result.problem == "Grading failed, not the submission: the disk is full"
    assert "由于我们这边的原因" in result.verdicts[0].message.blocks[0]
    with speaking(result.language):
        assert "由于我们这边的原因" in result.verdicts[0].message.text()


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("The notebook is called a.ipynb, not b.ipynb.", "文件名是 a.ipynb，不是"),
        ("A check cell was deleted and is put back: x_check.", "已恢复：x_check。"),
        ("Cell 3 (own) ran for too long and was stopped.", "（own）运行太久而被停止。"),
        (
            "Cell 3 (own) ended the Python process, with the signal SIGKILL and was "
            "left out.",
            "第 3 个单元格（own）使 Python 进程因信号 SIGKILL 结束而被略过。",
        ),
        (
            "This is the notebook of chapter 05_adam, handed in for 03_momentum. Hand "
            "in the one of 03_momentum.",
            "这是 05_adam 章的笔记本，却作为 03_momentum 提交。",
        ),
        ("Somebody's own words.", "Somebody's own words."),
    ],
)
def test_a_note_is_kept_in_english_and_said_in_chinese(note, said):
    """A teacher has the same in a list."""
    assert said_note(note) == note
    with speaking(CHINESE):
        assert said in said_note(note)


def test_what_was_mended_stands_on_the_page_in_chinese(course, submissions, secret):
    """And in the result, which a teacher's list is made from, in English."""
    moved = (
        Notebook().insert("setup", "1 / 0").insert("title", "import os; os._exit(3)")
    )
    moved.cells.append(moved.cells.pop(moved.at("momentum_step")))
    one = Submission("bo", CHAPTER.name, in_language(moved, CHINESE))
    result = grade_submission(one, course, secret, OWN_CODE)

    assert "Cells were moved; they are graded in the released order." in result.notes
    assert any("ended the Python process" in note for note in result.notes)
    page = page_of(course, one, result).select_one("header ul").get_text()
    assert "单元格被移动过；评分按发布时的顺序进行。" in page
    assert "使 Python 进程结束而被略过。" in page
