"""A check says which text it judged, as far as that can be known."""

from __future__ import annotations

import functools

import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell

from autograder import CheckFailed, check
from autograder.checking.fingerprint import fingerprint, judged_text
from autograder.desk import checks

CELL = """def momentum_step(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad
    return theta + velocity, velocity
"""


@pytest.fixture
def shell():
    """A notebook's kernel, without a notebook."""
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def test_the_cell_is_known_in_a_kernel(shell):
    shell.run_cell(CELL, store_history=True)

    assert judged_text(shell.user_ns["momentum_step"]) == fingerprint(CELL)


def test_a_wrapped_function_is_known_by_what_it_wraps(shell):
    shell.run_cell(CELL, store_history=True)
    inner = shell.user_ns["momentum_step"]
    wrapped = functools.wraps(inner)(lambda *args: inner(*args))

    assert judged_text(wrapped) == fingerprint(CELL)


def test_nothing_is_claimed_where_nothing_is_known():
    made = {}
    exec(CELL, made)  # noqa: S102

    assert judged_text(made["momentum_step"]) is None
    assert judged_text(len) is None
    assert judged_text(functools.partial(len)) is None


def test_every_edit_shows_but_blanks_at_ends():
    assert fingerprint(CELL) == fingerprint("\n" + CELL.replace("\n", "  \n") + "\n\n")
    assert fingerprint(CELL) != fingerprint(CELL.replace("- lr", "+ lr"))
    assert fingerprint(CELL) != fingerprint(CELL.replace("    ", "  "))


def test_a_right_answer_carries_the_mark(shell, monkeypatch):
    """Shown as a display, not as the cell's result."""
    shown = []
    monkeypatch.setattr(
        "IPython.display.display", lambda data, **rest: shown.append((data, rest))
    )
    shell.run_cell(CELL, store_history=True)
    passed = check(shell.user_ns["momentum_step"])

    assert DisplayFormatter().format(passed) == ({}, {})
    ((data, rest),) = shown
    assert data["text/plain"].startswith("-- RIGHT ---")
    assert data["text/html"].startswith("<div")
    assert rest["metadata"] == {"autograder": {"judged": fingerprint(CELL)}}


def test_a_wrong_answer_carries_the_mark(shell, monkeypatch):
    shown = []
    monkeypatch.setattr(checks, "_in_a_notebook", lambda: True)
    monkeypatch.setattr(
        "IPython.display.display", lambda data, **rest: shown.append((data, rest))
    )
    wrong = CELL.replace("- lr", "+ lr")
    shell.run_cell(wrong, store_history=True)
    with pytest.raises(CheckFailed) as failed:
        check(shell.user_ns["momentum_step"])
    failed.value._render_traceback_()

    ((data, rest),) = shown
    assert data["text/plain"].startswith("-- VALUE MISMATCH ---")
    assert rest["metadata"] == {"autograder": {"judged": fingerprint(wrong)}}
