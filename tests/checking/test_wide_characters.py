"""Messages in Chinese: two columns a character, and lines that end where they may."""

from __future__ import annotations

import re
import textwrap
from unicodedata import east_asian_width

import numpy as np
import pytest

from autograder.checking.beside import beside
from autograder.checking.message import Message, is_reading, reading
from autograder.checking.words.columns import columns, filled, padded
from autograder.checking.words.phrases import in_language, listed, sentences, times
from autograder.exercises import EXERCISES
from autograder.language import N_, speaking

TEXT = (
    "这些数值与“学习率乘了两次的动量法”得到的完全一致。`lr` 已经在速度里，所以把速度"
    "原样加到 `theta` 上（见公式 (3.1)），不用再乘：`theta + velocity` 就够了。"
)


@pytest.fixture
def chinese():
    with speaking("zh_CN"):
        yield


def taken(line):
    """The columns of a line, counted one by one."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in line)


@pytest.mark.parametrize("width", range(30, 79))
def test_lines_are_full_and_none_begins_with_a_full_stop(width):
    """Nothing is lost, no code is broken, and no line could have held the next part."""
    lines = filled(TEXT, width).splitlines()

    assert "".join(lines).replace(" ", "") == TEXT.replace(" ", "")
    assert all(taken(line) <= width for line in lines)
    assert all(line.count("`") % 2 == 0 for line in lines)
    assert not any(line[0] in "。，：）”" or line[-1] in "（“" for line in lines)
    longest = max(map(taken, re.findall("`[^`]*`[，。：]?", TEXT))) + 2
    assert all(taken(line) > width - longest for line in lines[:-1])


def test_text_without_wide_characters_is_filled_as_before():
    """As the standard library does it: all hints and explanations."""
    texts = [m.why for e in EXERCISES for m in e.misconceptions if m.why]
    assert len(texts) > 300

    for text in texts:
        unbroken = re.sub("`[^`]+`", lambda code: code[0].replace(" ", "\0"), text)
        if max(map(len, unbroken.split())) <= 76:
            lines = textwrap.wrap(
                unbroken, 78, break_long_words=False, break_on_hyphens=False
            )
            assert filled(text, 78) == "\n".join(lines).replace("\0", " ")


def test_columns_are_counted_and_filled_up():
    assert [columns(t) for t in ("", "a", "动量 b", "α…“”")] == [0, 1, 6, 4]
    assert padded("动量", 6) == "动量  "


def test_labels_stand_in_columns(chinese):
    """Of two characters or five, the values begin in one column."""
    told = beside(np.array([1.5, 2.0]), np.array([1.0, 2.0]), np.array([True, False]))

    assert told.lines(74) == [
        "返回值      [1.5 2. ]",
        "             ^^^",
        "应返回      [1. 2.]",
        "差          [0.5 0. ]",
        "错误的元素  2 个中的 1 个，位于 [0]",
    ]


def test_matrices_stand_side_by_side_below_wide_labels(chinese):
    right = np.arange(1.0, 5).reshape(2, 2)
    head, *rows = beside(right + 1, right, np.full((2, 2), True)).lines(74)

    starts = [taken(head[: head.index(label)]) for label in ("应返回", "差")]
    assert [rows[0].index("[[1."), rows[0].index("[[1. 1.]")] == starts


def test_the_heading_fills_the_line(chinese):
    heading = Message("VALUE MISMATCH", "momentum_step", ()).text().splitlines()[0]

    assert heading.startswith("-- 数值不符 ---")
    assert heading.endswith("- momentum_step")
    assert taken(heading) == 78


def test_a_page_says_in_which_language_a_message_is():
    message = Message("RIGHT", "f", ())

    with speaking("zh_CN"):
        assert '<div role="status" lang="zh-CN" style=' in message.html()
    assert "lang=" not in message.html()


@pytest.mark.parametrize("place", ["section 2, equation (3.1)", "第 2 节，公式 (3.1)"])
def test_a_section_to_read_is_a_link(chinese, place):
    """Whether the exercise is translated or not."""
    block = reading(place)
    message = Message("RIGHT", "f", (block,))

    page = message.html(["1 · 失败", "2 · 动量"])

    assert block == "参见：第 2 节，公式 (3.1)。"
    assert is_reading(block)
    assert not is_reading("这里没有。")
    assert '参见：<a href="#2-·-动量">第 2 节</a>，公式 (3.1)。' in page
    assert "<a " not in message.html(["1 · 失败"])


def test_parts_of_sentences(chinese):
    """A list, a number of times, and sentences side by side."""
    assert listed(["`a`", "`b`", "`c`"]) == "`a`、`b` 和 `c`"
    assert [times(n) for n in range(4)] == ["0 次", "1 次", "2 次", "3 次"]
    assert sentences("一。", "", "二。", "Three.") == "一。二。Three."
    assert sentences("One.", "二。", "三。") == "One. 二。三。"


def test_what_student_code_tells_is_put_into_words_if_it_is_known(chinese):
    templates = (N_("call {number}"), N_("mean of {what}"))

    assert in_language("call 12", templates) == "第 12 次调用"
    assert in_language("call 1, {x}", templates) == "call 1, {x}"
    assert in_language("mean of {a}", templates) == "{a} 的平均值"
