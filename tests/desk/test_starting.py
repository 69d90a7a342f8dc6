"""JupyterLab is started on the start page, with the course's settings."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner
from jupyter_server.services.config.manager import ConfigManager
from jupyterlab.labapp import LabApp

from autograder.cli import main
from autograder.desk.starting import PAGE, SETTINGS, start
from autograder.exercises import EXERCISES

N_CORE = sum(not exercise.bonus for exercise in EXERCISES)


@pytest.fixture
def launched(monkeypatch):
    """What JupyterLab would have been started with, and would have read."""
    told = {}

    def launch(argv):
        config = ConfigManager(config_dir_name="labconfig")
        told["argv"] = argv
        told["settings"] = config.get("default_setting_overrides")
        told["page"] = config.get("page_config")
        app = LabApp()
        app.config_file_name = "jupyter_server_config"
        app.load_config_file(suppress_errors=False)
        told["server"] = app.config

    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    monkeypatch.setattr(LabApp, "launch_instance", launch)
    return told


def test_start_page_comes_first(desk, launched):
    start(desk.folder / "03_momentum", ["--no-browser"])

    assert f"--ServerApp.root_dir={desk.folder.resolve()}" in launched["argv"]
    assert "--LabApp.default_url=/autograder" in launched["argv"]
    assert launched["argv"][-1] == "--no-browser"


def test_jupyterlab_finds_the_settings(desk, launched):
    start(desk.folder, [])

    assert launched["settings"] == SETTINGS
    disabled = launched["page"]["disabledExtensions"]
    assert PAGE["disabledExtensions"].items() <= disabled.items()


def test_terminal_shows_the_address_and_what_is_wrong(desk, launched):
    """JupyterLab says nothing of thirty things that it loaded."""
    start(desk.folder, [])

    assert launched["server"].ServerApp.log_level == "WARN"


def test_settings_of_others_stay(desk, launched, tmp_path, monkeypatch):
    """An administrator's folder is looked into as well."""
    theirs = tmp_path / "theirs" / "labconfig"
    theirs.mkdir(parents=True)
    (theirs / "default_setting_overrides.json").write_text('{"x": {"y": 1}}')
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(theirs.parent))
    start(desk.folder, [])

    assert launched["settings"] == {**SETTINGS, "x": {"y": 1}}


def test_command_passes_options_on(desk, launched, monkeypatch):
    monkeypatch.chdir(desk.folder)
    done = CliRunner().invoke(main, ["lab", "--port=9000", "--no-browser"])

    assert done.exit_code == 0, done.output
    assert launched["argv"][-2:] == ["--port=9000", "--no-browser"]


@pytest.mark.parametrize("command", ["lab", "progress"])
def test_a_folder_without_chapters_is_told(tmp_path, monkeypatch, command):
    empty = tmp_path / "a" / "b" / "c" / "d"
    empty.mkdir(parents=True)
    monkeypatch.chdir(empty)
    done = CliRunner().invoke(main, [command])

    assert done.exit_code == 1
    assert "There is no chapter of the course in" in done.output


def test_progress_is_printed(desk):
    desk.solve("00_gradient_descent", "gd_step")
    done = CliRunner().invoke(main, ["progress", str(desk.folder)])

    assert done.exit_code == 0
    assert f"1 of {N_CORE} core exercises done" in done.output


def test_progress_needs_no_server():
    """The page is made without Jupyter, for whoever serves it."""
    code = (
        "import autograder.desk.start_page, sys; print('jupyter_server' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.stdout.strip() == "False"
