"""A guess made in the browser: by the keyboard alone, in either theme, and kept."""

from __future__ import annotations

import json

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.test_learner import (
    CHAPTER,
    ROOT,
    Notebook,
    serious_faults,
    setup_of,
)
from tests.helpers.predictions import calls, code

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(900),
]

TABS = 40
"""Of the Tab key, from a cell to the form below it, at most."""


def cell_that(calls_what: str, chapter: str = CHAPTER, asked: str = "") -> str:
    """Id of the first cell that calls a function, or of the question's one."""
    notebook = nbformat.read(ROOT / "notebooks" / chapter / f"{chapter}.ipynb", 4)
    return next(
        cell.id
        for _, cell in code(notebook)
        for call in calls(cell, calls_what)
        if asked in ("", call.args[0].value)
    )


def in_theme(notebook: Notebook, theme: str) -> None:
    """Change JupyterLab's theme, and wait until the page has it."""
    notebook.do(
        "await jupyterapp.commands.execute('apputils:change-theme', { theme: value })",
        theme,
    )
    light = str("Light" in theme).lower()
    notebook.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")


def run_by_keyboard(notebook: Notebook, name: str) -> None:
    """Select a cell, whose code may be folded, and run it."""
    before = notebook._count()
    notebook.cell(name)
    notebook.do(
        "const at = panel.content.widgets.findIndex((c) => c.model.id === value);"
        "panel.content.activeCellIndex = at; panel.content.mode = 'command';"
        "panel.content.activate();",
        name,
    )
    notebook.page.keyboard.press("Control+Enter")
    notebook._wait_until_run(f"c.model.id === '{name}'", before)


def test_a_guess_is_made_by_the_keyboard_alone(server, tabs):
    """Given, told, compared, saved in the notebook's file; fit for either theme."""
    lab = tabs.open(server.address(f"/lab/tree/{CHAPTER}/{CHAPTER}.ipynb"))
    notebook = Notebook(lab)
    asking, experiment = cell_that("predict"), cell_that("compare")
    expect(notebook.cell(experiment).locator(".cm-content")).not_to_be_visible()
    for name in (setup_of(CHAPTER), asking):
        run_by_keyboard(notebook, name)
    asked = notebook.cell(asking)
    box = asked.get_by_label("Your guess, °")
    expect(asked).to_contain_text("No guess yet.")
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        in_theme(notebook, theme)
        assert serious_faults(lab, ".jupyter-widgets") == []
    notebook.do("panel.content.activate()")

    for _ in range(TABS):
        lab.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    lab.keyboard.type("30")
    lab.keyboard.press("Enter")
    expect(asked).to_contain_text("Your prediction: 30°.")
    tabs.picture(lab, "given")

    run_by_keyboard(notebook, experiment)
    result = notebook.cell(experiment)
    expect(result).to_contain_text("You predicted 30°, it is 16.9°.")
    expect(result.locator("img")).to_be_visible()
    tabs.picture(lab, "compared")

    notebook.save()
    path = server.folder / CHAPTER / f"{CHAPTER}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [o for c in cells if c["id"] == asking for o in c["outputs"]]
    marks = [o["metadata"].get("autograder") for o in outputs]
    assert {"asked": "downhill", "guess": 30} in marks


def test_a_sketch_is_drawn_by_the_keyboard_alone(server, tabs):
    """Height after height; the plot follows, and is fit for either theme."""
    chapter = "05_adam"
    lab = tabs.open(server.address(f"/lab/tree/{chapter}/{chapter}.ipynb"))
    notebook = Notebook(lab)
    asking = cell_that("predict", chapter, asked="startup")
    for name in (setup_of(chapter), asking):
        run_by_keyboard(notebook, name)
    asked = notebook.cell(asking)
    expect(asked).to_contain_text("No guess yet.")
    boxes = asked.get_by_role("spinbutton")
    expect(boxes).to_have_count(7)
    plot = asked.get_by_role("img", name="your sketch")
    empty = plot.inner_html()

    asked.get_by_label("at 1", exact=True).focus()
    for presses in (6, 10, 13, 10, 6, 2, 2):
        for _ in range(presses):
            lab.keyboard.press("ArrowUp")
        lab.keyboard.press("Tab")

    expect(asked).to_contain_text("Your prediction: 3, 5, 6.5, 5, 3, 1, 1.")
    assert plot.inner_html() != empty
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        in_theme(notebook, theme)
        assert serious_faults(lab, ".jupyter-widgets") == []
        tabs.picture(lab, theme.split()[-1].lower())
