"""Interactive figures in JupyterLab: by ear, by keys, and without a kernel."""

from __future__ import annotations

import io
import json
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_learner import PATIENCE, Notebook, serious_faults

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.timeout(900),
]

expect.set_options(timeout=PATIENCE * 1000)

FIGURE = """import numpy as np
from autograder.lab import landscapes, widgets

def draw(lr, condition):
    valley = landscapes.valley(condition)
    path = [valley.start]
    for _ in range(30):
        path.append(path[-1] - lr * valley.gradient(path[-1]))
    note = f"η = {lr:g}, κ = {condition:g}"
    return widgets.trajectory_and_loss(valley, {"SGD": np.array(path)}, note=note)

widgets.explore(
    draw,
    lr=widgets.slider("learning rate η", 0.01, 0.5, 0.1),
    condition=widgets.slider("condition number κ", 1, 200, 20, step=1),
)"""


STILL = """from autograder.lab import figures

figure, axes = figures.single("Down and up")
axes.plot([0, 1, 2], [3, 1, 2])
figures.show(figure, alt="A line that goes down and up.")"""


@pytest.fixture
def lab(server, tabs):
    """A notebook of one cell, which makes a figure; open, and not run."""
    cell = {"cell_type": "code", "id": "figure", "source": FIGURE, "metadata": {}}
    cells = [cell | {"outputs": [], "execution_count": None}]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (server.folder / "figure.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return tabs.open(server.address("/lab/tree/figure.ipynb"))


def test_a_figure_by_ear_and_by_keys(lab, tabs):
    notebook = Notebook(lab)
    notebook.run("figure")
    cell = notebook.cell("figure")
    handle = cell.get_by_role("slider", name="condition number κ")
    box = cell.get_by_role("spinbutton", name="condition number κ")
    picture = cell.locator("svg[role=img]")
    expect(picture).to_have_attribute("aria-label", re.compile("^η = 0.1, κ = 20 "))
    expect(cell.get_by_role("slider", name="learning rate η")).to_be_visible()
    expect(cell.locator("img.autograder-still")).to_be_hidden()
    tabs.picture(lab, "alive")
    assert serious_faults(lab, ".autograder-figure") == []

    handle.press("ArrowRight")
    handle.press("ArrowRight")
    expect(box).to_have_value("22")
    handle.press("ArrowLeft")
    expect(picture).to_have_attribute("aria-label", re.compile("^η = 0.1, κ = 21 "))
    box.press("ArrowUp")
    expect(handle).to_have_attribute("aria-valuetext", "22")
    handle.press("End")
    expect(picture).to_have_attribute("aria-label", re.compile("^η = 0.1, κ = 200 "))
    tabs.picture(lab, "moved")


def test_a_saved_figure_shows_its_picture_without_its_kernel(lab, server, tabs):
    notebook = Notebook(lab)
    notebook.run("figure")
    expect(notebook.cell("figure").get_by_role("slider").first).to_be_visible()
    notebook.do("await panel.context.save(); await panel.sessionContext.shutdown();")
    lab.close()

    later = tabs.open(server.address("/lab/tree/figure.ipynb"))
    cell = Notebook(later).cell("figure")
    still = cell.locator("img.autograder-still")
    expect(still).to_be_visible()
    expect(still).to_have_attribute("alt", re.compile("^η = 0.1, κ = 20 "))
    expect(cell.get_by_text("Loading widget")).to_have_count(0)
    expect(cell.get_by_text("model not found")).to_be_hidden()
    tabs.picture(later, "still")
    assert serious_faults(later, ".autograder-still") == []
    # JupyterLab notes in the console that the widget's kernel is gone.
    tabs.complaints[:] = [c for c in tabs.complaints if "model not found" not in c]


@pytest.mark.parametrize("live", [True, False])
def test_a_figure_follows_the_theme(lab, tabs, live):
    """On JupyterLab's dark page both kinds of figure stand on its own ground."""
    notebook = Notebook(lab)
    if not live:
        notebook.write("figure", STILL)
    notebook.run("figure")
    picture = notebook.cell("figure").locator(
        "svg[role=img]" if live else "img.autograder-picture"
    )
    assert _ground(picture) > 250
    notebook.do(
        "await jupyterapp.commands.execute('apputils:change-theme', { theme: value })",
        "JupyterLab Dark",
    )
    lab.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    expect(lab.locator("#jupyterlab-splash")).to_have_count(0)
    tabs.picture(lab, "dark")
    assert _ground(picture) < 25
    assert serious_faults(lab, ".jp-OutputArea-output") == []


def _ground(picture):
    """How light a picture's upper left corner is, as it is seen: 0 to 255."""
    seen = Image.open(io.BytesIO(picture.screenshot())).convert("L")
    return seen.getpixel((3, 3))
