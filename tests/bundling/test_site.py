"""The course as a site: what is in it, and what runs in Chromium without a network.

NumPy and Matplotlib come from Pyodide's own network when a learner opens a
notebook.  No index of Python packages has them for a browser, so that no test
here runs a check in one.
"""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from playwright.sync_api import sync_playwright

import autograder
from autograder.authoring.errors import BuildError
from autograder.bundling import browser_packages, site
from autograder.bundling.browser_packages import LOCK, installed_package, read_lock
from autograder.bundling.site import make_site
from autograder.bundling.site_page import site_page
from autograder.exercises import CHAPTERS
from tests.helpers.tiny_course import TINY

CHAPTER = "03_momentum"
NETWORK = "https://cdn.jsdelivr.net/pyodide/"
BROWSER = {
    "sys_platform": "emscripten",
    "platform_system": "Emscripten",
    "python_version": "3.14",
    "python_full_version": "3.14.2",
    "extra": "",
}


@pytest.fixture(scope="module")
def small(root, tmp_path_factory):
    """A site whose Pyodide is a list of two packages, one of them at hand."""
    pyodide = tmp_path_factory.mktemp("pyodide")
    entries = {
        name: {"name": name, "file_name": f"{name}-1.whl", "depends": [], "imports": []}
        for name in ("here", "far")
    }
    (pyodide / LOCK).write_text(json.dumps({"info": {}, "packages": entries}))
    for name in ("here-1.whl", "pyodide.mjs"):
        (pyodide / name).write_text("")
    return make_site(root, [CHAPTER], tmp_path_factory.mktemp("small"), pyodide)


def test_notebooks_and_wheel_are_the_bundle_s(small, root):
    """The same bytes; and only the chapters that were chosen."""
    notebooks = list((small.folder / "files").rglob("*.ipynb"))
    (wheel,) = (small.folder / "wheels").glob("optimising_deep_networks-*.whl")

    assert [path.name for path in notebooks] == [f"{CHAPTER}.ipynb"]
    release = root / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
    assert notebooks[0].read_bytes() == release.read_bytes()
    assert wheel.name == small.bundle.wheel.name


def test_its_root_says_what_there_is_and_what_it_takes(small):
    """Each chapter with its time and what to know; where answers are; no network."""
    page = (small.folder / "index.html").read_text(encoding="utf-8")

    (chapter,) = small.bundle.chapters
    assert f'href="lab/index.html?path={CHAPTER}/{CHAPTER}.ipynb"' in page
    further = sum(exercise.bonus for exercise in CHAPTERS[3].exercises)
    core = len(CHAPTERS[3].exercises) - further
    assert (
        f"About {chapter.minutes} minutes · {core} core exercises, {further} further"
        in page
    )
    assert "Know first: gradient descent and the learning rate (chapter 0)" in page
    assert f'const packages = "{NETWORK}' in page
    assert "stay in this browser" in page
    assert (small.folder / "lab" / "index.html").is_file()


def test_a_letter_of_a_formula_is_a_letter():
    """What a chapter says in its notebook, as a page without formulas can say it."""
    text = {"cells": [{"source": ["**Know first** its number $\\kappa$ < 3."]}]}
    notebooks = {"notebooks/05_tiny/05_tiny.ipynb": json.dumps(text).encode()}

    page = site_page([TINY], notebooks, "").decode()

    assert "Know first: its number κ &lt; 3." in page
    assert 'const packages = "";' in page


def test_a_package_comes_from_the_site_if_it_is_there(small):
    """Else from Pyodide's network; the course's own always from the site."""
    folder = small.folder / "wheels"
    packages = json.loads((folder / LOCK).read_text())["packages"]

    assert packages["far"]["file_name"].startswith(NETWORK)
    own = {name: p for name, p in packages.items() if name != "far"}
    assert set(own) == {
        autograder.DISTRIBUTION,
        "comm",
        "here",
        "ipywidgets",
        "jupyterlab_widgets",
    }
    for package in own.values():
        path = folder / package["file_name"]
        assert path.is_file()
        if "sha256" in package:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert digest == package["sha256"]
    assert set(own[autograder.DISTRIBUTION]["depends"]) >= {"numpy", "matplotlib"}


def test_nothing_in_it_asks_for_a_server(small):
    """nbgrader's extension talks to a server, which a site has none of."""
    settings = json.loads((small.folder / "jupyter-lite.json").read_text())
    names = [e["name"] for e in settings["jupyter-config-data"]["federated_extensions"]]

    assert sorted(names) == sorted(site._EXTENSIONS)


def test_a_folder_that_is_no_site_is_not_replaced(root, tmp_path):
    """A wrong --output does not cost anybody their files."""
    (tmp_path / "thesis.tex").touch()

    with pytest.raises(BuildError, match="no site"):
        make_site(root, [CHAPTER], tmp_path, tmp_path)

    assert (tmp_path / "thesis.tex").is_file()


def test_a_list_that_cannot_be_had_is_told(tmp_path, monkeypatch):
    """Without a network, and in a folder without Pyodide."""

    def no_network(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr(browser_packages.urllib.request, "urlopen", no_network)
    for folder in (None, tmp_path):
        with pytest.raises(BuildError, match="--pyodide FOLDER"):
            read_lock(folder)


def test_a_package_is_packed_again_as_it_was():
    """The same bytes each time, with what an installer needs and no bytecode."""
    one, two = (installed_package("comm", ["comm"]) for _ in range(2))

    assert one == two
    assert one.file_name == f"comm-{one.version}-py3-none-any.whl"


def fetched(folder: Path, *command: str) -> None:
    """Run a package manager in `folder`; without a network there is no test."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        why = f"{command[0]} cannot fetch {command[-1]}: {done.stderr[-300:]}"
        if os.environ.get("AUTOGRADER_REQUIRE_ALL") == "1":
            pytest.fail(why)
        pytest.skip(why)


@pytest.fixture(scope="module")
def pyodide(program, tmp_path_factory):
    """Pyodide's core from npm, with the pure Python that a kernel needs.

    These packages are in Pyodide's distribution in other versions; here they
    are the installed ones, packed again.
    """
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    work = tmp_path_factory.mktemp("npm")
    name = f"pyodide@{PYODIDE_VERSION}"
    fetched(work, program("npm"), "pack", "--silent", "--prefer-offline", name)
    subprocess.run(["tar", "xzf", *map(str, work.glob("*.tgz"))], cwd=work, check=True)
    folder = work / "package"
    lock = json.loads((folder / LOCK).read_text())
    packages = lock["packages"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    pip += ["--only-binary", ":all:", "--python-version", lock["info"]["python"][:4]]
    fetched(folder, *pip, f"micropip=={packages['micropip']['version']}")
    (wheel,) = folder.glob("micropip-*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    packages["micropip"] |= {"file_name": wheel.name, "sha256": digest}
    known = {canonicalize_name(key): key for key in packages}
    for package, depends in needed_by("ipython", "packaging").items():
        files = distribution(package).files or ()
        tops = {f.parts[0] for f in files if f.suffix == ".py" and ".." not in f.parts}
        imports = sorted(top.removesuffix(".py") for top in tops)
        packed = installed_package(package, imports)
        (folder / packed.file_name).write_bytes(packed.content)
        key = known.get(package, package)
        packages[key] = {
            "name": key,
            "version": packed.version,
            "file_name": packed.file_name,
            "install_dir": "site",
            "sha256": hashlib.sha256(packed.content).hexdigest(),
            "package_type": "package",
            "imports": imports,
            "depends": [known.get(name, name) for name in depends],
            "unvendored_tests": False,
        }
    (folder / LOCK).write_text(json.dumps(lock))
    return folder


def needed_by(*names: str) -> dict[str, list[str]]:
    """Installed packages that these need in a browser, each with what it needs."""
    found: dict[str, list[str]] = {}
    waiting = list(names)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            wanted = map(Requirement, requires(name) or ())
            found[name] = [
                canonicalize_name(r.name)
                for r in wanted
                if r.marker is None or r.marker.evaluate(BROWSER)
            ]
            waiting += found[name]
    return found


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and tells nobody."""

    extensions_map = {  # noqa: RUF012 -- as in the standard library
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_):
        pass


@pytest.fixture
def page(root, pyodide, program, tmp_path):
    """The chapter's notebook, open in Chromium; what leaves the machine is stopped."""
    made = make_site(root, [CHAPTER], tmp_path / "site", pyodide)
    settings = made.folder / "jupyter-lite.json"
    text = settings.read_text(encoding="utf-8")
    # Keys pressed while JupyterLab still opens would be lost: the test gives
    # its commands by name.
    exposed = text.replace('"appName"', '"exposeAppInBrowser": true, "appName"', 1)
    assert exposed != text
    settings.write_text(exposed, encoding="utf-8")
    handler = functools.partial(Quiet, directory=str(made.folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    words = "no-sandbox disable-gpu disable-quic no-first-run disable-sync "
    words += "disable-background-networking disable-component-update"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("chromium"),
            args=[f"--{word}" for word in words.split()],
        )
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.outside = []

        def stop(route):
            url = route.request.url
            if url.startswith((address, "data:", "blob:")):
                route.continue_()
            else:
                page.outside.append(url)
                route.abort()

        page.context.route("**/*", stop)
        page.goto(f"{address}/lab/index.html?path={CHAPTER}/{CHAPTER}.ipynb")
        yield page
        browser.close()
    server.shutdown()
    server.server_close()


CODE = """\
import json, autograder, ipywidgets
from importlib.metadata import version
from importlib.resources import files
from autograder.checking.deadline import deadline
with deadline(0.01): sum(range(10**6))
kept = sorted(f.name for f in (files("autograder") / "checking" / "recorded").iterdir())
display(ipywidgets.FloatSlider(description="eta"))
print(json.dumps(["told", version("optimising-deep-networks"), kept]))
"""


OPEN = "window.jupyterapp?.shell.currentWidget?.context?.isReady"
"""The notebook is there."""

RUN = """async code => {
    const app = window.jupyterapp;
    await app.restored;
    const panel = app.shell.currentWidget;
    await panel.sessionContext.ready;
    await app.commands.execute("notebook:insert-cell-above");
    panel.content.activeCell.model.sharedModel.setSource(code);
    app.commands.execute("notebook:run-cell");
}"""
"""Runs code in a new cell above the first, when there is a kernel."""


@pytest.mark.needs("chromium", "npm")
def test_a_browser_runs_the_package_without_a_network(page):
    """Python starts, the wheel is loaded by its import, a slider is shown.

    Beside it NumPy, Matplotlib and what these need are asked of Pyodide's
    network, and nothing else of any.
    """
    page.wait_for_function(OPEN)
    page.evaluate(RUN, CODE)

    told = page.locator(".jp-OutputArea-output", has_text='["told"')
    told.wait_for()
    _, version, kept = json.loads(told.inner_text())
    slider = page.locator(".jp-OutputArea-output .widget-slider")
    slider.wait_for()

    assert "+b" in version
    assert "course.json" in kept
    assert "momentum_step.case" in kept
    assert "eta" in slider.inner_text()
    assert all(url.startswith(NETWORK) for url in page.outside)
    names = {url.rsplit("/", 1)[1].split("-")[0] for url in page.outside}
    assert {"numpy", "matplotlib"} <= names
    assert not names & {"optimising_deep_networks", "ipywidgets", "ipython", "comm"}
