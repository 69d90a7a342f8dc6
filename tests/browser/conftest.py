"""A real browser, and a real JupyterLab as `autograder lab` starts it.

Set AUTOGRADER_SCREENSHOTS to a folder to keep the pictures of each step.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
PATIENCE = 180
"""Seconds for a loaded machine; nobody waits for them where nothing is wrong."""

HARMLESS = {
    "@jupyterlite/services doesn't exist": "JupyterLite, from which a site is made in "
    "development, brings an extension that expects a page without a server; whoever "
    "learns or grades does not have it",
}
"""Complaints of the console that are nobody's fault here, and why."""

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--ServerApp.port=0",
    "--ServerApp.ip=127.0.0.1",
]


@dataclass
class Tabs:
    """Pages of one visitor, their complaints, and pictures of them."""

    context: BrowserContext
    pictures: Path
    complaints: list[str] = field(default_factory=list)
    _taken: int = 0

    def __post_init__(self):
        self.context.set_default_timeout(PATIENCE * 1000)
        self.context.on("page", self._watch)

    def open(self, address: str) -> Page:
        page = self.context.new_page()
        page.goto(address)
        return page

    def picture(self, page: Page, name: str) -> None:
        self._taken += 1
        page.screenshot(path=self.pictures / f"{self._taken:02d}-{name}.png")

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: m.type == "error" and self._complain(m))

    def _complain(self, message) -> None:
        if not any(harmless in message.text for harmless in HARMLESS):
            where = message.location.get("url", "")
            self.complaints.append(f"{message.text} ({where})")


@dataclass
class Server:
    """A running JupyterLab: its folder and its address."""

    folder: Path
    url: str
    token: str
    process: subprocess.Popen

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def address(self, path: str) -> str:
        return f"{self.url}{path}?token={self.token}"


@pytest.fixture(scope="module")
def chromium(program) -> Iterator[Browser]:
    """Chromium, for the tests of one module: Playwright keeps a loop running."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("chromium"), args=QUIET
        )
        yield browser
        browser.close()


@pytest.fixture
def tabs(chromium, tmp_path, request) -> Iterator[Tabs]:
    """A visitor with no history; nothing may be complained of in the console."""
    pictures = Path(os.environ.get("AUTOGRADER_SCREENSHOTS", tmp_path))
    pictures = pictures / request.node.name
    pictures.mkdir(parents=True, exist_ok=True)
    context = chromium.new_context(viewport={"width": 1280, "height": 960})
    tabs = Tabs(context, pictures)
    yield tabs
    context.close()
    assert tabs.complaints == []


@pytest.fixture
def saved_by_hand(tmp_path) -> None:
    """Nothing is saved but when a test says so; before `server`.

    JupyterLab takes for saved what changed while a save was under way, and two saves
    at once for two people's.  On a busy machine, where each takes seconds, it does.
    """
    settings = tmp_path / "CONFIG" / "lab" / "user-settings"
    saving = settings / "@jupyterlab" / "docmanager-extension"
    saving.mkdir(parents=True)
    (saving / "plugin.jupyterlab-settings").write_text('{"autosave": false}')


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    """JupyterLab on a copy of the released chapters."""
    folder = tmp_path / "a course" / "notebooks"
    shutil.copytree(
        ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints")
    )
    runtime = tmp_path / "runtime"
    # Workspaces and settings of one visitor are not the next one's.
    own = {"HOME": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(runtime)}
    own |= {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA")}
    with (tmp_path / "jupyterlab.log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "autograder", "lab", *OPTIONS],
            cwd=folder,
            env=os.environ | own,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        running = Server(folder, "", "", process)
        try:
            about = _about(runtime, process)
            running.url, running.token = about["url"].rstrip("/"), about["token"]
            yield running
        except TimeoutError as error:
            log.seek(0)
            raise RuntimeError(log.read()) from error
        finally:
            running.stop()


def _about(runtime: Path, process: subprocess.Popen) -> dict[str, str]:
    """What a server says of itself in a file once it listens."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        said = next(runtime.glob("jpserver-*.json"), None)
        if said and (text := said.read_text(encoding="utf-8")).rstrip().endswith("}"):
            return json.loads(text)
        time.sleep(0.1)
    raise TimeoutError
