"""How long a figure takes to follow its slider, in Chromium and JupyterLab."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.measuring import Row

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60
"""Seconds after which something has gone wrong."""

SINGLE = 30
EVENTS, RATE = 40, 30

FIGURE = """
import numpy as np
from autograder.kernels.momentum import momentum_step
from autograder.lab import landscapes, widgets

def draw(lr, beta):
    ravine = landscapes.ravine
    theta, velocity = ravine.start, np.zeros(2)
    path = [theta]
    for _ in range(60):
        grad = ravine.gradient(theta)
        theta, velocity = momentum_step(theta, velocity, grad, lr, beta)
        path.append(theta)
    paths = {"momentum": np.array(path)}
    return widgets.trajectory_and_loss(ravine, paths, note=f"η = {lr:g}, β = {beta:g}")

widgets.explore(
    draw,
    lr=widgets.slider("learning rate η", 0.01, 1, 0.1),
    beta=widgets.slider("momentum β", 0, 0.99, 0.9),
)
"""

RUN = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = 0;
  window.jupyterapp.commands.execute('notebook:run-cell');
}"""

MEASURE = """async ([single, events, rate]) => {
  const figure = document.querySelector('.autograder-figure');
  const handle = figure.querySelector('[role=slider]');
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const press = (key) =>
    handle.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  const drawn = (changes) => changes.some((change) => [...change.addedNodes].some(
    (node) => node.nodeType === 1 && (node.matches('svg') || node.querySelector('svg'))
  ));
  const watch = (seen) => {
    const observer = new MutationObserver((changes) => drawn(changes) && seen());
    observer.observe(figure, { childList: true, subtree: true });
    return observer;
  };
  const times = [];
  for (let i = 0; i < single; i++) {
    const start = performance.now();
    let observer;
    const painted = new Promise((done) => {
      observer = watch(() => requestAnimationFrame(
        () => done(performance.now() - start)));
    });
    press('ArrowRight');
    times.push(await Promise.race([painted, wait(5000).then(() => 5000)]));
    observer.disconnect();
    await wait(100);
  }
  let frames = 0;
  const observer = watch(() => { frames += 1; });
  for (let i = 0; i < events; i++) {
    press('ArrowLeft');
    await wait(1000 / rate);
  }
  await wait(1000);
  observer.disconnect();
  return [times, frames];
}"""


def rows() -> Iterator[Row]:
    program = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if program is None:
        print("  not measured: no Chromium is installed")
        return
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as address:
        times, frames = measured(program, address)
    yield Row("slider moved to figure redrawn, median", median(times), "ms", limit=60)
    yield Row(f"  longest of {SINGLE}", max(times), "ms")
    missed = f"frames left out, {EVENTS} moves at {RATE} a second"
    yield Row(missed, EVENTS - frames, "", limit=EVENTS // 2)


def measured(program: str, address: str) -> tuple[list[float], int]:
    """Milliseconds of single moves, and how many of many quick ones are drawn."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 960})
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(address)
        kernel = (
            "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
        )
        page.wait_for_function(f"() => {kernel}?.status === 'idle'")
        page.evaluate(RUN)
        page.wait_for_selector(".autograder-figure [role=slider]")
        page.wait_for_timeout(2000)
        page.evaluate(MEASURE, [5, 5, RATE])  # what is done once is not counted
        times, frames = page.evaluate(MEASURE, [SINGLE, EVENTS, RATE])
        browser.close()
    return times, frames


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """The address of a notebook with one figure, in a JupyterLab of its own."""
    cell = {"cell_type": "code", "id": "figure", "source": FIGURE, "metadata": {}}
    cells: list[dict] = [cell | {"outputs": [], "execution_count": None}]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    work, runtime = folder / "work", folder / "runtime"
    work.mkdir()
    (work / "figure.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    own = {"HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(runtime)}
    own |= {f"JUPYTER_{kind}_DIR": str(folder / kind) for kind in ("CONFIG", "DATA")}
    own["PYTHONPATH"] = str(Path(__file__).parents[1])
    options = ["--no-browser", "--allow-root", "--expose-app-in-browser"]
    options += ["--ServerApp.port=0", "--ServerApp.ip=127.0.0.1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        cwd=work,
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        about = said(runtime)
        yield f"{about['url']}lab/tree/figure.ipynb?token={about['token']}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def said(runtime: Path) -> dict[str, str]:
    """What a server says of itself in a file once it listens."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for file in runtime.glob("jpserver-*.json"):
            text = file.read_text(encoding="utf-8")
            if text.rstrip().endswith("}"):
                return json.loads(text)
        time.sleep(0.1)
    raise RuntimeError("JupyterLab has not started.")
