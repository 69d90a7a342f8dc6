"""The first cell finds the course, or says what to type where it is opened."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys

import pytest

from autograder.authoring.first_cell import (
    ADDRESS,
    SAID,
    find_course,
    first_cell,
    texts_of,
)
from autograder.language import speaking

WHEEL = "optimising_deep_networks-0.1.0+b0123abcd-py3-none-any.whl"
OURS = {"autograder/__init__.py": "check = print"}
OTHER = {
    "autograder/__init__.py": "__version__ = '3.7.7'",
    "autograder-3.7.7.dist-info/METADATA": "Name: autograder\nVersion: 3.7.7\n",
}
PIP = {"pip.py": ""}


@pytest.fixture
def opened(tmp_path):
    """``opened(files)`` runs the cell in a folder with these files, and no others."""

    def run(files, *, address="", before="", **told):
        packages = tmp_path / "packages"
        for name, text in files.items():
            path = packages / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        place = tmp_path / "notebooks" / "00"
        place.mkdir(parents=True, exist_ok=True)
        cell = first_cell().replace(ADDRESS, f"ADDRESS = {address!r}")
        code = f"import sys; sys.path.append({str(packages)!r}); {before}\n{cell}"
        done = subprocess.run(
            [sys.executable, "-S", "-c", code],
            cwd=place,
            env={k: v for k, v in os.environ.items() if "PYTHON" not in k} | told,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        return done.stderr.partition("NotReady: ")[2] or done.stderr

    return run


def test_nothing_is_said_where_the_course_is(opened):
    assert opened(OURS) == ""


@pytest.mark.parametrize("above", [".", "..", "../.."])
def test_a_wheel_beside_the_notebook_is_named(opened, tmp_path, above):
    """By its whole path, whether it lies there or where the bundle has it."""
    place = tmp_path / "notebooks" / "00"
    place.mkdir(parents=True)
    wheel = (place / above / WHEEL).resolve()
    wheel.touch()

    said = opened(PIP, address="https://example.org/x.whl")

    assert said.splitlines()[-1] == f'%pip install "{wheel}"'
    assert "Type this into a new cell, run it, then run this cell again:" in said


def test_an_address_is_named_where_there_is_no_wheel(opened):
    address = f"https://example.org/{WHEEL}"

    assert opened(PIP, address=address).endswith(f'\n\n%pip install "{address}"\n')


def test_a_python_without_pip_is_given_a_line_for_uv(opened):
    said = opened({}, address="https://example.org/x.whl")

    assert f'!uv pip install --python "{sys.executable}" "https:' in said


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({}, "into the folder "),
        (
            {"before": "sys.modules['google.colab'] = sys"},
            "into Files, at the left edge of this page",
        ),
        ({"KAGGLE_KERNEL_RUN_TYPE": "Interactive"}, "into Add Input, Upload"),
    ],
)
def test_without_either_it_says_where_to_put_the_wheel(opened, place, words):
    """In the words of the page on which the notebook is open."""
    said = opened(PIP, **place)

    assert "Put the file optimising_deep_networks-*.whl that came with this" in said
    assert words in said


def test_another_package_of_that_name_is_told(opened):
    """Nothing of it is run, and the course's own name is what is typed."""
    said = opened(PIP | OTHER, address="https://example.org/x.whl")

    assert said.startswith("autograder 3.7.7 is another package")
    assert "then restart the kernel and run this cell again:" in said
    assert said.splitlines()[-2:] == [
        "%pip uninstall --yes autograder",
        '%pip install "https://example.org/x.whl"',
    ]


def test_another_package_beside_the_course_is_told(opened):
    """Both are one folder, so that taking one away breaks the other."""
    ours = {
        "optimising_deep_networks-0.1.0.dist-info/METADATA": (
            "Name: optimising-deep-networks\nVersion: 0.1.0\n"
        ),
    }
    said = opened(PIP | OTHER | OURS | ours, address="https://example.org/x.whl")

    assert said.splitlines()[-1] == (
        '%pip install --force-reinstall --no-deps "https://example.org/x.whl"'
    )


def test_a_package_that_the_course_needs_is_named(opened):
    needing = "def __getattr__(name):\n    import numpy.random\n"

    said = opened(PIP | {"autograder/__init__.py": needing})

    assert said.endswith("\n\n%pip install numpy\n")


def test_a_browser_is_told_of_its_network(opened):
    """There is no pip, and what is lacking is what Pyodide would have loaded."""
    said = opened({}, before="sys.platform = 'emscripten'")

    assert said.startswith("Your browser could not load the package autograder: ")
    assert "cdn.jsdelivr.net" in said


def test_all_that_it_says_can_be_translated():
    """But for its docstring, and what is to be typed."""
    texts = texts_of(inspect.getsource(find_course))

    said = {
        text for text in texts if " " in text and not re.search("^.?%?!?uv|--", text)
    }
    said -= {find_course.__doc__, "{uninstall} autograder", "%pip install"}
    said -= {text for text in said if text.startswith("{install} ")}
    assert said == set(SAID)


def test_it_speaks_the_notebook_s_language(opened):
    """And types what is typed in English."""
    with speaking("zh_CN"):
        told = opened(PIP, address="https://place.org/course.whl")
        other = opened(PIP | OTHER)

    assert told.startswith("这里没有安装课程。请在一个新单元格里输入下面的内容并运行")
    assert told.endswith('\n%pip install "https://place.org/course.whl"\n')
    assert "（autograder 3.7.7 是另一个软件包。）请把" in other
