"""The bundle as a site: JupyterLab and Python run in the learner's browser."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_path

import autograder
from autograder.authoring.errors import BuildError
from autograder.bundling.browser_packages import (
    LOCK,
    BrowserPackage,
    browser_lock,
    installed_package,
    read_lock,
)
from autograder.bundling.bundle import Bundle, make_bundle
from autograder.bundling.site_page import site_page

__all__ = ["Site", "make_site"]

_KERNEL = "@jupyterlite/pyodide-kernel-extension"
_EXTENSIONS = (_KERNEL, "@jupyter-widgets/jupyterlab-manager")
_WHEELS = "wheels"


@dataclass(frozen=True)
class Site:
    """What `make_site` made.

    Attributes
    ----------
    folder : Path
        To be put on any web server.
    bundle : Bundle
        What is in it.
    """

    folder: Path
    bundle: Bundle


def make_site(
    root: Path,
    chapters: Sequence[str] | None = None,
    output: Path = Path("dist/site"),
    pyodide: Path | None = None,
) -> Site:
    """Make a JupyterLite site with the released notebooks and the learners' wheel.

    Parameters
    ----------
    root, chapters
        What `make_bundle` takes.
    output : Path
        The site's folder, from `root`; what is in it is replaced.
    pyodide : Path, optional
        A folder with Pyodide.  The site then serves what is in it; without it a
        browser loads Pyodide and its packages from Pyodide's own network.

    Raises
    ------
    BuildError
        If the bundle cannot be made, JupyterLite is missing or fails, or
        Pyodide's list of packages cannot be had.
    """
    if find_spec("jupyterlite_core") is None or _labextension(_KERNEL) is None:
        raise BuildError(
            "A site is made by JupyterLite, which is not installed.\n"
            "In a checkout: make setup.  Elsewhere: the group `site` of pyproject.toml."
        )
    target = root / output
    is_site = (target / "jupyter-lite.json").is_file()
    if not is_site and target.exists() and any(target.iterdir()):
        raise BuildError(f"{output} is there and is no site.\nChoose another folder.")
    lock, address = read_lock(pyodide)
    with tempfile.TemporaryDirectory(prefix="site-") as temporary:
        work = Path(temporary).resolve()
        bundle = make_bundle(root, chapters, work / "bundle")
        packages = _packages(bundle)
        _lay_out(work, bundle, pyodide)
        made = _build(work)
        local = _local_files(lock, pyodide)
        _write(made / _WHEELS, {p.file_name: p.content for p in packages})
        listed = browser_lock(lock, address, local, packages, ".")
        _write(made / _WHEELS, {LOCK: listed})
        whole = len(local) == len(lock["packages"])
        asked = "" if whole else f"{address}/{LOCK}"
        page = site_page(bundle.chapters, bundle.notebooks, asked)
        _write(made, {"index.html": page})
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(made, target)
    return Site(target, bundle)


def _packages(bundle: Bundle) -> list[BrowserPackage]:
    version = bundle.wheel.name.split("-")[1]
    content = bundle.wheel.read_bytes()
    needed = ("ipywidgets", "matplotlib", "numpy")
    return [
        BrowserPackage(
            autograder.DISTRIBUTION,
            version,
            bundle.wheel.name,
            content,
            ("autograder",),
            needed,
        ),
        installed_package("comm", ["comm"]),
        # The part of it that is no Python is an extension of the site.
        installed_package("jupyterlab_widgets", ["jupyterlab_widgets"]),
        installed_package(
            "ipywidgets", ["ipywidgets"], ["comm", "ipython", "traitlets"]
        ),
    ]


def _lay_out(work: Path, bundle: Bundle, pyodide: Path | None) -> None:
    """The folder that JupyterLite builds from."""
    for path, content in bundle.notebooks.items():
        _write(work / "contents", {path.removeprefix("notebooks/"): content})
    settings = {
        "appName": "Optimising deep networks",
        "litePluginSettings": {
            f"{_KERNEL}:kernel": {
                "loadPyodideOptions": {"lockFileURL": f"./{_WHEELS}/{LOCK}"}
            }
        },
    }
    config = {
        "LiteBuildConfig": {
            "apps": ["lab"],
            "contents": ["contents"],
            "federated_extensions": [str(_labextension(n)) for n in _EXTENSIONS],
            "ignore_sys_prefix": ["federated_extensions"],
            "no_sourcemaps": True,
            "output_dir": "site",
        }
    }
    lite: dict[str, Any] = {"jupyter-lite-schema-version": 0}
    lite["jupyter-config-data"] = settings
    for name, value in {
        "jupyter-lite.json": lite,
        "jupyter_lite_config.json": config,
    }.items():
        _write(work, {name: json.dumps(value, indent=1).encode()})
    if pyodide is not None:
        shutil.copytree(pyodide, work / "static" / "pyodide")


def _build(work: Path) -> Path:
    command = "from jupyterlite_core.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "build"],
        cwd=work,
        capture_output=True,
        text=True,
    )
    if done.returncode or not (work / "site" / "jupyter-lite.json").is_file():
        lines = (done.stdout + done.stderr).strip().splitlines()[-8:]
        raise BuildError("JupyterLite could not make the site:\n" + "\n".join(lines))
    return work / "site"


def _local_files(lock: dict[str, Any], pyodide: Path | None) -> dict[str, str]:
    """Pyodide's packages that the site has, from where its list of them lies."""
    if pyodide is None:
        return {}
    names = (entry["file_name"] for entry in lock["packages"].values())
    return {n: f"../static/pyodide/{n}" for n in names if (pyodide / n).is_file()}


def _labextension(name: str) -> Path | None:
    folders = (Path(place, name) for place in jupyter_path("labextensions"))
    return next((f for f in folders if (f / "package.json").is_file()), None)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
