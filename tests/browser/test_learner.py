"""A learner's first hour: start page, chapter, check, slider, Validate, and back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from autograder.exercises import CHAPTERS, EXERCISES, find

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.timeout(900),
]

ROOT = Path(__file__).parents[2]
CHAPTER = "00_gradient_descent"
PATIENCE = 180
"""Seconds: for machines that do much else."""
DRAWN_SECONDS = 40
"""For a notebook to be drawn: what is not in view by then stays out of it."""
N_CORE = sum(not exercise.bonus for exercise in EXERCISES)
N_FURTHER = len(EXERCISES) - N_CORE

expect.set_options(timeout=PATIENCE * 1000)

WRONG = """def gd_step(theta, grad, lr):
    return theta + lr * grad"""
RIGHT = WRONG.replace("+", "-")


class Notebook:
    """The open notebook of a JupyterLab page, by its cells' ids."""

    def __init__(self, page: Page):
        self.page = page
        page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.content")
        self.do("await panel.context.ready; await panel.revealed;")
        self.wait("panel.sessionContext.session?.kernel?.status === 'idle'")

    def do(self, code: str, value=None):
        before = (
            "const { jupyterapp } = window;"
            "const panel = jupyterapp.shell.currentWidget;"
        )
        return self.page.evaluate(f"async (value) => {{ {before} {code} }}", value)

    def wait(self, condition: str) -> None:
        before = "const panel = window.jupyterapp.shell.currentWidget;"
        self.page.wait_for_function(f"() => {{ {before} return {condition}; }}")

    def cell(self, name: str):
        """The cell called `name`, scrolled into view."""
        self.do("await panel.setFragment(`#cell-id=${value}`)", name)
        panel, index = self.do(
            "const at = panel.content.widgets.findIndex((c) => c.model.id === value);"
            "return [panel.id, at];",
            name,
        )
        cell = self.page.locator(
            f'[id="{panel}"] .jp-Cell[data-windowed-list-index="{index}"]'
        )
        expect(cell).to_be_visible()
        return cell

    def write(self, name: str, source: str) -> None:
        """Replace a cell's text, as one pastes it; a rendered cell is opened first."""
        cell = self.cell(name)
        editor = cell.locator(".cm-content")
        if cell.locator(".jp-MarkdownOutput").is_visible():
            cell.locator(".jp-MarkdownOutput").dblclick()
        editor.click()
        editor.press("ControlOrMeta+a")
        editor.press("Delete")
        editor.fill(source)
        assert self._source(name) == source

    def _source(self, name: str) -> str:
        return self.do(
            "return panel.content.widgets.find((c) => c.model.id === value)"
            ".model.sharedModel.getSource()",
            name,
        )

    def run(self, *names: str) -> None:
        """Run cells with Ctrl+Enter, each to its end."""
        for name in names:
            before = self._count()
            self.cell(name).locator(".cm-content").click()
            self.page.keyboard.press("Control+Enter")
            self._wait_until_run(f"c.model.id === '{name}'", before)

    def run_all(self) -> None:
        before = self._count()
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        self._wait_until_run("c.model.type === 'code'", before)

    def save(self) -> None:
        self.do("await panel.context.save();")

    def _count(self) -> int:
        """The highest number of an executed cell."""
        return self.do(
            "return Math.max(0, ...panel.content.widgets.map("
            "(c) => c.model.executionCount ?? 0));"
        )

    def _wait_until_run(self, which: str, before: int) -> None:
        self.wait(
            f"panel.content.widgets.filter((c) => {which})"
            f".every((c) => c.model.executionCount > {before}) "
            "&& panel.sessionContext.session.kernel.status === 'idle'"
        )


def serious_faults(page: Page, context: str | None = None) -> list[str]:
    """What axe calls serious or critical, with the elements at fault."""
    found = Axe().run(page, context=context).response["violations"]
    return [
        f"{fault['id']}: {fault['help']}: {node['html']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def setup_of(chapter: str) -> str:
    """Id of a released chapter's set-up cell."""
    path = ROOT / "notebooks" / chapter / f"{chapter}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return next(
        cell["id"] for cell in cells if "setup" in cell["metadata"].get("tags", ())
    )


def answers(chapter: str) -> dict[str, str]:
    """Right answers of a chapter, by the ids of their cells."""
    path = ROOT / "solutions" / chapter / f"{chapter}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {
        cell["id"]: re.sub(
            r"\n? *### (BEGIN|END) SOLUTION", "", "".join(cell["source"])
        )
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("solution")
        and cell["cell_type"] == "code"
    }


def test_a_first_hour(saved_by_hand, server, tabs):
    start = tabs.open(server.address("/autograder"))
    expect(start.get_by_role("heading", level=1)).to_contain_text("by hand")
    expect(start.get_by_text(f"0 of {N_CORE} core exercises done")).to_be_visible()
    tabs.picture(start, "start")

    with tabs.context.expect_page() as opened:
        start.get_by_role("link", name="Begin with chapter 0").click()
    lab = opened.value
    notebook = Notebook(lab)
    expect(lab.get_by_role("heading", name="How a chapter works")).to_be_in_viewport()
    start.bring_to_front()
    start.locator("#first-task").click()
    statement = lab.get_by_role("heading", name="Exercise 0.1")
    expect(statement).to_be_in_viewport()
    tabs.picture(lab, "one-click-to-the-exercise")

    notebook.run_all()
    expect(notebook.cell("gd_step_check")).to_contain_text("NOT WRITTEN YET")
    tabs.picture(lab, "run-all")

    notebook.write("gd_step", WRONG)
    notebook.run("gd_step", "gd_step_check")
    check = notebook.cell("gd_step_check")
    expect(check).to_contain_text("VALUE MISMATCH")
    expect(check).to_contain_text("it should return")
    mistake = next(m for m in find("gd_step").misconceptions if m.name == "climbs")
    said = " ".join(f"These are exactly the numbers of {mistake.form}".split())
    expect(check).to_contain_text(said.replace("`", ""))
    tabs.picture(lab, "wrong-on-purpose")

    notebook.write("gd_step", RIGHT)
    notebook.run("gd_step", "gd_step_check")
    expect(check).to_contain_text("RIGHT")
    expect(check).not_to_contain_text("MISMATCH")
    tabs.picture(lab, "corrected")
    notebook.save()

    start.bring_to_front()
    line = start.get_by_role("listitem").filter(has_text="Exercise 0.1")
    expect(line.last).to_contain_text(
        "right at its last check", timeout=PATIENCE * 1000
    )
    expect(start.get_by_text(f"1 of {N_CORE} core exercises done")).to_be_visible()
    expect(start.locator("#go-on")).to_have_text(
        "Go on with Exercise 0.2, gradient_descent"
    )
    tabs.picture(start, "one-done")

    start.locator("#go-on").click()
    expect(lab.get_by_role("heading", name="Exercise 0.2")).to_be_in_viewport()
    assert len(tabs.context.pages) == 2
    rest = {k: v for k, v in answers(CHAPTER).items() if k != "gd_step"}
    for name, source in rest.items():
        notebook.write(name, source)
    notebook.run_all()
    for name in rest:
        expect(notebook.cell(f"{name}_check")).to_contain_text("RIGHT")

    slide(notebook, tabs)
    notebook.write("gradient_descent_why", "Because the step is too long for y.")
    validate(lab, tabs)

    start.bring_to_front()
    further = sum(exercise.bonus for exercise in CHAPTERS[0].exercises)
    core = len(CHAPTERS[0].exercises) - further
    done = f"{core} of {N_CORE} core exercises done, {further} of {N_FURTHER}"
    expect(start.get_by_text(done)).to_be_visible()
    chapter = start.locator(".path > li").first
    said = f"done · {core} of {core} core · {further} of {further} further · 1 of 1 in"
    expect(chapter).to_contain_text(said)
    expect(start.locator("#go-on")).to_contain_text("Go on with chapter 1")
    tabs.picture(start, "back")


def test_hints_and_progress_in_a_notebook(server, tabs):
    lab = tabs.open(server.address("/lab/tree/03_momentum/03_momentum.ipynb"))
    notebook = Notebook(lab)
    free = "9b8b8834ce7b"
    notebook.write(free, "hint(momentum_step)")
    notebook.run(setup_of("03_momentum"), "momentum_step", free)
    ladder = find("momentum_step").hints
    for rung in range(1, len(ladder) + 2):
        shown = min(rung, len(ladder))
        expect(notebook.cell(free)).to_contain_text(f"HINT {shown} OF {len(ladder)}")
        last = "That is the last hint."
        told = expect(notebook.cell(free))
        (told.to_contain_text if shown == len(ladder) else told.not_to_contain_text)(
            last
        )
        notebook.run(free)
    tabs.picture(lab, "last-hint")

    notebook.write(free, "import autograder\nautograder.progress()")
    notebook.run(free)
    table = notebook.cell(free).get_by_role("group", name="Progress")
    expect(table).to_contain_text(f"0 of {N_CORE} core exercises done")
    tabs.picture(lab, "progress")
    assert serious_faults(lab, "[aria-label=Progress]") == []
    link = table.get_by_role("link", name="Exercise 8.1, one_hot")
    heading = lab.get_by_role("heading", name="Exercise 8.1")
    link.click()
    try:
        expect(heading).to_be_in_viewport(timeout=DRAWN_SECONDS * 1000)
    except AssertionError:
        # JupyterLab looks for the place once, while the notebook is being drawn: on a
        # busy machine it may stand elsewhere by then.  Whoever clicks again arrives.
        lab.get_by_role("tab", name="03_momentum.ipynb").click()
        link.click()
        expect(heading).to_be_in_viewport()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_messages_are_accessible(server, tabs, theme):
    """A wrong answer, a right one and the progress, in both themes."""
    lab = tabs.open(server.address("/lab/tree/03_momentum/03_momentum.ipynb"))
    notebook = Notebook(lab)
    notebook.do(
        "await jupyterapp.commands.execute('apputils:change-theme', { theme: value })",
        theme,
    )
    dark = "dark" in theme.lower()
    lab.wait_for_function(
        f"() => document.body.dataset.jpThemeLight === '{str(not dark).lower()}'"
    )
    free, right = "9b8b8834ce7b", answers("03_momentum")["momentum_step"]
    for source, title in (
        (right.replace("- lr", "+ lr"), "VALUE MISMATCH"),
        ("def momentum_step(theta, velocity):\n    return 0", "CALL FAILED"),
        (right, "RIGHT"),
    ):
        notebook.write("momentum_step", source)
        notebook.run(setup_of("03_momentum"), "momentum_step", "momentum_step_check")
        check = notebook.cell("momentum_step_check")
        expect(check).to_contain_text(title)
        tabs.picture(lab, title.lower().replace(" ", "-"))
        assert serious_faults(lab, ".jp-OutputArea-output [role=status]") == []
    notebook.write(free, "import autograder\nautograder.progress()")
    notebook.run(free)
    expect(notebook.cell(free)).to_contain_text("core exercises done")
    tabs.picture(lab, "progress")
    assert serious_faults(lab, "[aria-label=Progress]") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_start_page_is_accessible(server, tabs, scheme):
    """Also with a chapter that is done, one that is begun and one that is broken."""
    solve(server.folder / CHAPTER / f"{CHAPTER}.ipynb")
    solve(server.folder / "03_momentum" / "03_momentum.ipynb", ["momentum_step"])
    (server.folder / "01_critical_points" / "01_critical_points.ipynb").write_text("{")
    (server.folder / "02_batch_size" / "02_batch_size.ipynb").rename(
        server.folder / "02_batch_size" / "my copy.ipynb"
    )
    core = sum(not exercise.bonus for exercise in CHAPTERS[3].exercises)
    start = tabs.open(server.address("/autograder"))
    start.emulate_media(color_scheme=scheme)
    for chapter in start.locator("details").all():
        if chapter.get_attribute("open") is None:
            chapter.locator("summary").press("Enter")
    expect(start.locator("details:not([open])")).to_have_count(0)
    expect(start.locator(".path > li").nth(0)).to_contain_text("done")
    expect(start.locator(".path > li").nth(1)).to_contain_text("cannot be read")
    expect(start.locator(".path > li").nth(2)).to_contain_text("my copy.ipynb")
    expect(start.locator(".path > li").nth(3)).to_contain_text(
        f"begun · 1 of {core} core"
    )
    tabs.picture(start, scheme)
    assert serious_faults(start) == []


def test_faults_are_found(tabs):
    """The rules see pale words and a picture that says nothing."""
    page = tabs.context.new_page()
    page.set_content('<p style="color:#ccc;background:#fff">pale</p><img src="data:,">')
    found = " ".join(serious_faults(page))
    assert "color-contrast" in found
    assert "image-alt" in found


def test_start_page_is_its_owners(server, tabs):
    """Without the token one gets to Jupyter's login, and sees no notebook's name."""
    page = tabs.open(f"{server.url}/autograder")
    expect(page.locator("#password_input")).to_be_visible()
    assert "gd_step" not in page.content()


def test_start_page_without_its_server(server, tabs):
    """The page says so when JupyterLab has stopped."""
    start = tabs.open(server.address("/autograder"))
    server.stop()
    start.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(start.get_by_role("status")).to_contain_text("does not answer")
    tabs.picture(start, "stopped")
    # The browser itself notes each request that nobody answers.
    tabs.complaints[:] = [c for c in tabs.complaints if "ERR_CONNECTION" not in c]


def solve(path: Path, only: list[str] | None = None) -> None:
    """Make a notebook what it is after answers were checked and saved."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    sources = answers(path.stem)
    for cell in notebook["cells"]:
        name = cell["id"].removesuffix("_check")
        if only and name not in only:
            continue
        if cell["id"] in sources:
            cell["source"] = sources[cell["id"]]
        elif name in sources:
            text = f"-- RIGHT ------ {name}\n"
            output = {"output_type": "execute_result", "data": {"text/plain": text}}
            cell["outputs"] = [{**output, "execution_count": 1, "metadata": {}}]
        elif cell["id"].endswith("_why"):
            cell["source"] = "Because."
    path.write_text(json.dumps(notebook), encoding="utf-8")


def slide(notebook: Notebook, tabs) -> None:
    """Move a slider by its keys and see the figure change."""
    figure = notebook.cell("80db81380caa")
    picture = figure.locator("svg[role=img]")
    handle = figure.get_by_role("slider").first
    before = picture.get_attribute("aria-label")
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    expect(figure.get_by_role("spinbutton").first).to_have_value("0.11")
    expect(picture).not_to_have_attribute("aria-label", before)
    tabs.picture(notebook.page, "slider-moved")


def validate(lab: Page, tabs) -> None:
    """Press nbgrader's button, which runs the notebook from its beginning."""
    lab.get_by_role("button", name="Validate").click()
    dialog = lab.get_by_role("dialog")
    expect(dialog).to_contain_text("passes all the tests")
    tabs.picture(lab, "validated")
    dialog.get_by_role("button").last.click()
    expect(dialog).to_be_hidden()
