"""What a learner reads in Chinese besides a check's message."""

from __future__ import annotations

import pytest

from autograder import language
from autograder.desk import predictions, standing
from autograder.desk.needs import needs, numbered
from autograder.desk.outline import outline
from autograder.desk.progress import read_progress
from autograder.desk.progress_report import as_html, as_text
from autograder.desk.standing import State, read_cells, standings
from autograder.desk.start_page import start_page
from autograder.desk.validating import counted
from autograder.language import ENGLISH, speaking

CHAPTER, NAME = "03_momentum", "momentum_step"
TASKS = next(chapter.tasks for chapter in outline() if chapter.name == CHAPTER)


@pytest.fixture
def chinese():
    with speaking("zh_CN"):
        yield


def test_progress_and_the_start_page(desk, chinese):
    found = read_progress(desk.folder)
    text, page = as_text(found), start_page(found, lambda path, cell: "there")
    table = as_html(found, lambda path, cell: "there")

    assert text.startswith("-- 进度 ---")
    assert "动量" in text
    assert "下一步：练习 3.1，momentum_step：未做" in text
    assert "请继续：" in table
    assert '<html lang="zh-CN">' in page
    assert "从第 0 章开始：梯度下降" in page
    assert 'const stopped = "JupyterLab 没有响应' in page


def test_columns_stand_below_each_other(desk, chinese):
    """A Chinese character has two."""
    heads, first = as_text(read_progress(desk.folder)).splitlines()[2:4]

    assert len(heads.encode("gb18030")) == len(first.encode("gb18030")) == 78


def test_english_is_what_it_was(desk):
    with speaking(ENGLISH):
        text = as_text(read_progress(desk.folder))

    assert "    next: Exercise 3.1, momentum_step: open\n" in text


def test_a_title_counts_in_every_language(desk, monkeypatch):
    """Who looks at a notebook may speak another language than its kernel."""
    chinese = {"RIGHT": "正确", "NOT WRITTEN YET": "尚未编写"}
    said = standing._
    monkeypatch.setattr(
        standing,
        "_",
        lambda t: chinese.get(t, t) if language.spoken() == "zh_CN" else said(t),
    )
    standing.in_every_language.cache_clear()
    source = f"def {NAME}(theta, velocity, grad, lr, beta):\n    return 1, 2"
    desk.write(CHAPTER, NAME, source)

    def state():
        found = standings(read_cells(desk.path(CHAPTER)), TASKS)
        return next(one.state for one in found if one.task.name == NAME)

    states = []
    for title in ("正确", "尚未编写", "数值不符"):
        desk.checked(CHAPTER, NAME, title, source)
        states.append(state())

    standing.in_every_language.cache_clear()
    assert states == [State.RIGHT, State.UNCHECKED, State.WRONG]


def test_validate_counts_what_a_chinese_notebook_says():
    failed = {
        "source": "check(clipped_descent)",
        "error": "",
        "raw_error": "-- 尚未编写 ------ clipped_descent",
    }
    wrong = {**failed, "source": f"check({NAME})", "raw_error": "-- 数值不符 -- x"}
    asked = {NAME: "core", "clipped_descent": "further"}

    with speaking("zh_CN"):
        told = counted({"failed": [failed, wrong]}, asked)["failed"]

    assert len(told) == 1
    counts = "1 个核心函数中有 0 个正确，延伸练习中 1 个尚未开始"
    assert told[0]["source"].startswith(counts)


def test_a_prediction_and_a_missing_function(chinese, capsys):
    def nesterov_difference_step(*_arguments):
        raise NotImplementedError

    predictions.predict("a-name", 3, unit=" s")
    predictions.compare("a-name", 4)
    predictions.predict("a-name", "no number")
    assert not needs(nesterov_difference_step)
    shown = capsys.readouterr().out

    assert "你的预测：3 s。" in shown
    assert "你预测的是 3 s，结果是 4 s。" in shown
    assert "这还不是预测：请改写成一个数。" in shown
    assert "`nesterov_difference_step`（练习 3.7，延伸练习）" in shown
    assert numbered(NAME) == f"`{NAME}`（练习 3.1）"
