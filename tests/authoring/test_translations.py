"""A chapter in another language: cell by cell, and what is missing or stale."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from autograder.authoring.errors import SourceError
from autograder.authoring.leaks import find_leaks
from autograder.authoring.products import build, untranslated
from autograder.authoring.release import load_config, make_release
from autograder.authoring.solution import solution_notebook
from autograder.authoring.source import read_source
from autograder.authoring.source_text import write_source
from autograder.authoring.translations.cells import (
    fingerprint,
    read_translation,
    with_missing,
)
from autograder.authoring.translations.chapters import add_missing
from autograder.authoring.translations.same_code import other_code, other_signs
from autograder.cli import main
from autograder.language import speaking

PATH = Path("solutions/05_tiny/05_tiny.zh_CN.py")

IN_CHINESE = {
    "# Tiny": "# 很小",
    "A chapter about two functions.": (
        "关于两个函数的一章。\n还有一句。\nAdam 的一句。\n```\n# 码。\nx\n```"
    ),
    'print("the end")': 'print("完")',
    "Write the weighted mean of equation (1).": "写出加权平均。",
    "How far apart are the ends?": "两端相距多远？",
    "Why does the mean never leave the interval?": "平均为什么不离开区间？",
    "Because it is a convex combination, and an interval holds every convex\n"
    "combination of its points.": "因为它是凸组合，而区间包含其中各点的一切凸组合，"
    "无论权重取什么值都是这样。",
}
SPREAD = """\
\"\"\"最大的元素减去最小的。

参数
----
x : ndarray

返回值
------
spread : float
\"\"\""""


@pytest.fixture(scope="module")
def english(tiny_text):
    return read_source(tiny_text, "05_tiny.py")


@pytest.fixture(scope="module")
def chinese(english, tiny):
    """The text of a whole translation, in which one docstring is left as it is."""
    own = {"spread": SPREAD, "blend": ""}
    cells = []
    for cell in english:
        source = own[cell.name] if cell.role == "exercise" else cell.source
        for old, new in IN_CHINESE.items():
            source = source.replace(old, new)
        cells.append(replace(cell, source=source, of=fingerprint(cell, tiny)))
    return write_source(cells)


def changed(text, old, new):
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_a_translation_is_the_same_notebook_in_other_words(english, chinese, tiny):
    """Ids, grade ids and code are the English ones; headings are translated too."""
    given = read_translation(english, chinese, tiny, PATH)
    own = solution_notebook(english, tiny)

    made = given.notebook(tiny, own)

    assert given.gaps == ()
    assert made.metadata.autograder == {"language": "zh_CN"}
    assert [c.id for c in made.cells] == [c.id for c in own.cells]
    (setup,) = (c for c in made.cells if "setup" in c.metadata.get("tags", ()))
    assert setup.metadata.pop("autograder") == {"language": "zh_CN"}
    assert [c.metadata for c in made.cells] == [c.metadata for c in own.cells]
    sources = {cell.id: cell.source for cell in made.cells}
    (heading,) = (c for c in made.cells if c.metadata.get("exercise") == "spread")
    assert heading.source == (
        "### 练习 5.2 — `spread`\n\n"
        "1 分 · 约 1 行 · 难度 ●○○ · 延伸练习\n\n"
        "两端相距多远？"
    )
    assert made.cells[0].source == (
        "# 很小\n\n关于两个函数的一章。还有一句。Adam 的一句。\n```\n# 码。\nx\n```"
    )
    assert "最大的元素减去最小的。" in sources["spread"]
    assert "Mean of two arrays with a weight." in sources["blend"]  # left empty
    assert "float(np.ptp(x))" in sources["spread"]
    assert setup.source.startswith('from autograder import speak\n\nspeak("zh_CN")\n')


def test_a_changed_and_a_missing_cell_are_said_and_are_english(english, chinese, tiny):
    """By file, line and first words, with what to write into the marker."""
    stale = changed(chinese, f'of="{fingerprint(english[0], tiny)}"', 'of="00000000"')
    start = stale.index("# %% [markdown] question")
    less = stale[:start] + stale[stale.index("# %% [markdown] answer") :]

    given = read_translation(english, less, tiny, PATH)

    changed_one, missing = given.gaps
    assert changed_one == (
        "solutions/05_tiny/05_tiny.py, line 1: “# Tiny” has changed. Translate it anew "
        "in solutions/05_tiny/05_tiny.zh_CN.py, line 1, then write there "
        f'of="{fingerprint(english[0], tiny)}".'
    )
    assert "“Why does the mean never leave the interv…” is not in" in missing
    assert given.cells[0] == english[0]
    assert given.cells[2].source == "写出加权平均。\n\n- `a` and `b` have one shape."


def test_a_docstring_that_changes_makes_its_cell_stale(english, chinese, tiny):
    """Learners would read what the kernel said before."""
    (cell,) = (c for c in english if (c.role, c.name) == ("exercise", "spread"))
    stale = changed(chinese, fingerprint(cell, tiny), "00000000")

    given = read_translation(english, stale, tiny, PATH)

    assert len(given.gaps) == 1
    assert given.docstrings == {}


def test_another_solution_makes_nothing_stale(english, chinese, tiny):
    """Of an exercise the docstring is translated, and no code."""
    other = [
        replace(c, source=c.source.replace("np.ptp(x)", "x.max() - x.min()"))
        for c in english
    ]

    given = read_translation(other, chinese, tiny, PATH)

    assert given.gaps == ()
    (place,) = (
        i for i, c in enumerate(english) if (c.role, c.name) == ("exercise", "spread")
    )
    assert given.cells[place].source == other[place].source != english[place].source


def test_a_translation_of_nothing_is_to_be_removed(english, chinese, tiny):
    given = read_translation(
        english, chinese + '\n# %% of="12345678"\nprint("旧")\n', tiny, PATH
    )

    (gap,) = given.gaps
    assert '“print("旧")” is of no cell' in gap


def test_cells_may_move_in_the_english_text(english, chinese, tiny):
    """A translation goes with its text, in whatever order both stand."""
    moved = (*english[1:], english[0])

    given = read_translation(moved, chinese, tiny, PATH)

    assert given.gaps == ()
    assert given.cells[-1].source.startswith("# 很小\n\n关于两个函数的一章。")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("np.zeros(3)", "np.zeros(4)", "does something else"),
        ('print("完")', 'print("完")\nprint("再见")', "does something else"),
        ("- `a` and `b` have one shape.", "- `a`", "alone: b."),
        ("y = wa +", "y = wb +", "alone: y=w"),
        ("x : ndarray", "x：ndarray", "does not name x"),
        (SPREAD, "def spread(x):\n    return 0", "more than a docstring"),
        ('"experiment"', '"try"', "not the English one's"),
    ],
)
def test_other_code_formulas_or_names_are_refused(
    english, chinese, tiny, old, new, problem
):
    """With the line, so that nothing is taught that the English text does not say."""
    with pytest.raises(SourceError, match=problem):
        read_translation(english, changed(chinese, old, new), tiny, PATH)


@pytest.mark.parametrize(
    ("english", "translated", "line"),
    [
        ('f(f"{a} of {b:.2f}")', 'f(f"{b:.2f} 中的 {a}")', None),
        ('f("a" "b", key="c")  # why', 'f("甲", key="乙")  # 为何', None),
        ('f(f"{a:.2f}")', 'f(f"{a:.3f}")', 1),
        ('f(f"{a} {a}")', 'f(f"{a}")', 1),
        ("x = 1\ny = 2", "x = 1\ny = 3", 2),
        ('predict("a", among=("b",))', 'predict("a", among=("乙",))', None),
        ('predict("a", ...)', 'predict("甲", ...)', 1),
        ('def f():\n    """Do."""', 'def f():\n    """做。"""', None),
        ("x = 1\ny = 2", "x = 1", 1),
    ],
)  # fmt: skip
def test_texts_and_comments_may_differ_and_nothing_else(english, translated, line):
    found = other_code(english, translated)

    assert (found and found[0]) == line


@pytest.mark.parametrize(
    ("english", "translated", "other"),
    [
        ("## 2 · Why\n\nSo.", "## 2 · 为什么\n\n所以。", []),
        ("## 2 · Why", "## 3 · 为什么", ["## 2 ·", "## 3 ·"]),
        ("<details><summary>Why</summary>\nSo.\n</details>", "所以。", 4),
        ("> **Predict.** What?", "**预测。** 什么？", ["> **"]),
        ("- [0.5] One.\n- [0.5] Two.", "- [0.5] 一和二。", ["- [0.5]"]),
        ("1. One.\n2. Two.", "1. 一。\n2. 二。", []),
        ("| a |\n|---|\n| b |", "| 甲 |\n|---|\n| 乙 |", []),
    ],
)  # fmt: skip
def test_what_a_page_is_made_of_stays(english, translated, other):
    """Sections that checks name, points of a rubric, what waits for a click."""
    found = other_signs(english, translated)

    assert (found if isinstance(other, list) else len(found)) == other


def test_words_in_a_formula_may_be_translated():
    assert not other_signs(r"$x^2 \text{ for } x$.", r"当 $x^2\text{ 对 }x$ 时")
    assert other_signs("$x$ and `f`", "$y$ 和 `f`") == ["x", "y"]


def test_what_is_missing_is_written_in_english_to_be_translated(
    english, chinese, tiny, course
):
    """Without `of`, so that it counts as missing until somebody writes it."""
    begun = with_missing(english, "", tiny, PATH)

    given = read_translation(english, begun, tiny, PATH)
    assert len(given.gaps) == len(english)
    assert given.cells == tuple(english)
    assert "ValueError\n    If the weight is not between 0 and 1.\n" in begun
    start = chinese.index("# %% [markdown] question")
    less = chinese[:start] + chinese[chinese.index("# %% [markdown] answer") :]
    assert "Why does the mean" in with_missing(english, less, tiny, PATH)
    assert "关于两个函数的一章。" in with_missing(english, less, tiny, PATH)
    with pytest.raises(SourceError, match="does not speak xx"):
        add_missing(course.root, tiny, "xx")


def test_a_build_makes_the_release_in_each_language(course, chinese):
    """It is nbgrader's own, below a folder that is no assignment; gaps are said."""
    source = course.root / PATH
    source.write_text(changed(chinese, "# 很小", "# 很小的"), encoding="utf-8")
    release = course.root / "translations/zh_CN/05_tiny/05_tiny.ipynb"
    arguments = {"course": [course.chapter]}

    build(course.root, **arguments)
    ours, theirs = nbformat.read(release, 4), nbformat.read(course.release, 4)

    assert untranslated(course.root, **arguments) == []
    assert [c.metadata.get("nbgrader", {}).get("grade_id") for c in ours.cells] == [
        c.metadata.get("nbgrader", {}).get("grade_id") for c in theirs.cells
    ]
    sources = {cell.id: cell.source for cell in ours.cells}
    assert sources["blend_why"] == "在这里写下你的回答"
    config = load_config(course.root)
    with speaking("zh_CN"):
        make_release(course.solution.read_bytes(), course.chapter.name, config)
    again = make_release(course.solution.read_bytes(), course.chapter.name, config)
    assert again == course.release.read_bytes()
    assert "combination" not in str(ours)
    assert "凸组合" not in str(ours)
    course.replace("# A chapter about two functions.", "# Two functions.")
    (gap,) = untranslated(course.root, **arguments)
    assert "“# Tiny” has changed" in gap
    build(course.root, **arguments)
    with speaking("zh_CN"):  # as somebody does whose language that is
        assert build(course.root, check=True, **arguments) == []
    assert nbformat.read(release, 4).cells[0].source == "# Tiny\n\nTwo functions."
    source.unlink()
    (left,) = build(course.root, check=True, **arguments)
    assert str(left) == "translations/zh_CN/05_tiny/05_tiny.ipynb: left over"


def test_a_clause_of_a_chinese_answer_is_found(english, chinese, tiny):
    """Where words have no spaces between them, letters are counted."""
    own = solution_notebook(english, tiny)
    solved = read_translation(english, chinese, tiny, PATH).notebook(tiny, own)
    clause = "区间包含其中各点的一切凸组合，无论权重取什么值"
    for text, found in ((clause, True), ("区间包含其中各点", False)):
        released = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_markdown_cell(f"注意：{text}。")]
        )

        assert bool(find_leaks(tiny, solved, released)) == found


def test_every_translation_is_whole(root):
    """Of each chapter that is translated, all cells, as the English text is now."""
    assert untranslated(root) == []


def test_the_command_brings_a_missing_cell_and_changes_nothing_else(
    root, tmp_path, monkeypatch
):
    """A translator begins with it, and goes on with it when the text has grown."""
    folder = Path("solutions/03_momentum")
    shutil.copytree(root / folder, tmp_path / folder)
    source = tmp_path / folder / "03_momentum.zh_CN.py"
    whole = source.read_text(encoding="utf-8")
    start = whole.index("# %% [markdown]", whole.index("## 10 · 小结"))
    last = whole[start : whole.index("# %%", start + 4)]
    source.write_text(whole.replace(last, ""), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["build", "03_momentum", "--into", "zh_CN"])

    assert done.output == "solutions/03_momentum/03_momentum.zh_CN.py\n"
    before, after = whole.split(last)
    now = source.read_text(encoding="utf-8")
    assert now.startswith(before)
    assert now.endswith(after)
    added = now.removeprefix(before).removesuffix(after)
    assert added.startswith("# %% [markdown]\n# ## 11 · Elsewhere\n")
