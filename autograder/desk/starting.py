"""Start JupyterLab on the start page."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.desk.progress import find_notebooks
from autograder.desk.server import ADDRESS

__all__ = ["SETTINGS", "arguments", "start"]

SETTINGS = {
    # The start page counts what is saved.
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},
    # JupyterLab asks other machines for news and updates, unless told.
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
    },
    "@jupyterlab/mainmenu-extension:plugin": {
        "menus": [
            {
                "id": "jp-mainmenu-help",
                "items": [
                    {
                        "command": "help:open",
                        "rank": 0,
                        "args": {
                            "text": "Start Page of the Course",
                            "url": ADDRESS,
                            "newBrowserTab": True,
                        },
                    }
                ],
            }
        ]
    },
}
"""JupyterLab's settings for the course; a learner's own settings win over them."""

PAGE = {
    # A learner validates notebooks and makes none.
    "disabledExtensions": {
        f"@jupyter/nbgrader:{name}": True
        for name in ("create-assignment", "course-list", "formgrader", "menu")
    }
}
"""Parts of JupyterLab that a learner has no use for."""

_QUIET = {"ServerApp": {"log_level": "WARN"}, "LabApp": {"log_level": "WARN"}}
"""The address and what is wrong; not thirty lines on what was loaded."""

_GRADERS = [
    f"nbgrader.server_extensions.{name}" for name in ("course_list", "formgrader")
]
_LABCONFIG = {"default_setting_overrides": SETTINGS, "page_config": PAGE}


def arguments(folder: Path) -> list[str]:
    """JupyterLab's command line for the notebooks in `folder`."""
    return [
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.jpserver_extensions=autograder.desk.server=True",
        *(f"--ServerApp.jpserver_extensions={name}=False" for name in _GRADERS),
        # Without it each kernel warns that it talks in plain text.
        "--KernelManager.transport_encryption=auto",
        f"--LabApp.default_url={ADDRESS}",
        "--LabApp.extension_manager=readonly",
        # The start page asks an open JupyterLab to go to a cell.
        "--LabApp.expose_app_in_browser=True",
    ]


def start(folder: Path | None, options: Sequence[str]) -> None:
    """Run JupyterLab until it is stopped.

    Parameters
    ----------
    folder : Path or None
        Where the notebooks are, by default here or in ``notebooks`` below.
    options : sequence of str
        Passed on to JupyterLab.

    Raises
    ------
    NoNotebooks
        If there is no chapter in the folder.
    """
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]

    found = find_notebooks(folder or Path.cwd())
    with tempfile.TemporaryDirectory(prefix="course-settings-") as settings:
        labconfig = Path(settings) / "labconfig"
        labconfig.mkdir()
        for name, content in _LABCONFIG.items():
            text = json.dumps(content)
            (labconfig / f"{name}.json").write_text(text, encoding="utf-8")
        server = Path(settings) / "jupyter_server_config.json"
        server.write_text(json.dumps(_QUIET), encoding="utf-8")
        others = os.environ.get("JUPYTER_CONFIG_PATH")
        paths = [settings, *filter(None, [others])]
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(paths)
        LabApp.launch_instance([*arguments(found), *options])
