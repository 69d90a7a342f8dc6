"""Messages as JupyterLab shows them: accessible, and their columns in line."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.test_learner import PATIENCE, Notebook, serious_faults

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.timeout(900),
]

expect.set_options(timeout=PATIENCE * 1000)

MESSAGES = """from autograder import CheckFailed, check, hint
from autograder.exercises import find
from IPython.display import HTML, display

def told(name):
    seen = set()
    for mistake in find(name).misconceptions:
        try:
            check(mistake.mutant, name)
        except CheckFailed as failed:
            message = failed.verdict.message
            kind = (message.title, *map(type, message.blocks))
            if kind not in seen:
                seen.add(kind)
                display(HTML(message.html()))

for name in ("gradient_descent", "numerical_hessian", "cosine_decay", "xavier_normal"):
    told(name)
display(check(find("gd_step").reference), hint("gd_step"))
"""


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_messages_of_all_kinds(server, tabs, theme):
    cell = {"cell_type": "code", "id": "told", "source": MESSAGES, "metadata": {}}
    cells = [cell | {"outputs": [], "execution_count": None}]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (server.folder / "told.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    lab = tabs.open(server.address("/lab/tree/told.ipynb"))
    notebook = Notebook(lab)
    notebook.do(
        "await jupyterapp.commands.execute('apputils:change-theme', { theme: value })",
        theme,
    )
    notebook.run("told")
    messages = lab.locator("div[role=status][style]")
    expect(messages.last).to_contain_text("HINT 1 OF")
    for title in ("SHAPE MISMATCH", "VALUE MISMATCH", "CALL", "RIGHT"):
        expect(messages.filter(has_text=title).first).to_be_visible()
    expect(messages.locator("img")).to_have_count(3)
    loaded = messages.locator("img").evaluate_all(
        "(all) => all.map((img) => img.complete && img.naturalWidth > 100)"
    )
    assert loaded == [True] * 3
    # JupyterLab's own style gives labels a fifth of the width.
    heights = messages.locator("dt").evaluate_all(
        "(all) => all.map((label) => label.getClientRects()[0].height)"
    )
    assert len(heights) > 10
    assert max(heights) < 30
    tabs.picture(lab, "told")
    assert serious_faults(lab, "div[role=status][style]") == []
