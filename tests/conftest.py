"""What all tests share: programs outside Python, and a home of their own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]

pytest_plugins = ("tests.helpers.graded_course",)

# Before NumPy and Jupyter are imported: one thread for each worker, no window,
# and nobody's personal configuration.
_home = tempfile.mkdtemp(prefix="autograder-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
    os.environ[_name] = str(Path(_home) / _name.lower())
os.environ["IPYTHONDIR"] = str(Path(_home) / "ipython")
os.environ["MPLBACKEND"] = "agg"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

PROGRAMS = {
    "bubblewrap": ("bwrap",),
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "configurable-http-proxy": ("configurable-http-proxy",),
    "debootstrap": ("debootstrap",),
    "git": ("git",),
    "make": ("make",),
    "npm": ("npm",),
    "passwd": ("useradd",),
    "postgresql": ("pg_ctl",),
}
"""By package: what its command may be called."""

LEARNER_AREAS = {"calling", "checking", "desk", "exercises", "kernels", "lab"}
"""Folders of tests/ whose tests need nothing beyond a learner's installation."""


def find_program(package: str) -> str | None:
    """Path of the command that `package` brings, or None."""
    folders = [os.environ.get("PATH", "")]
    if package == "postgresql":  # Debian keeps each version's commands apart
        folders += map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin")))
    for command in PROGRAMS[package]:
        found = shutil.which(command, path=os.pathsep.join(folders))
        if found:
            return found
    return None


SHARING = {"browser", "bundling"}
"""Folders of tests/ whose files share what is costly to prepare."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a file's tests to one worker: what they share is prepared once."""
    from xdist.scheduler import LoadScopeScheduling

    class OneWorkerForAFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = Path(nodeid.split("::")[0])
            folder = file.parent
            return str(folder if folder.name in SHARING else file)

    # In the order of folders: by their number of tests the longest would be last.
    config.option.loadscopereorder = False
    return OneWorkerForAFile(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than cores, at most 4: many a test waits for another program."""
    return min((os.cpu_count() or 1) + 1, 4)


class FailuresAtOnce:
    """Name a failed test when it fails: a run that is cut short has said it too."""

    def __init__(self, config: pytest.Config):
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write its name and the first line of what went wrong."""
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and terminal is not None:
            crash = getattr(report.longrepr, "reprcrash", None)
            why = (crash.message if crash else report.longreprtext).split("\n")[0]
            terminal.write_line(f"\nFAILED {report.nodeid} ({report.when}): {why}")


def pytest_configure(config: pytest.Config) -> None:
    """Failures are named by the process that all tests report to."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(FailuresAtOnce(config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of a learner's parts, by their folder."""
    for item in items:
        if item.path.parent.name in LEARNER_AREAS:
            item.add_marker("learner")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test marked `needs(...)`, or fail it where everything is required."""
    for mark in item.iter_markers("needs"):
        missing = [package for package in mark.args if find_program(package) is None]
        if missing and os.environ.get("AUTOGRADER_REQUIRE_ALL") == "1":
            pytest.fail(f"AUTOGRADER_REQUIRE_ALL=1, but missing: {', '.join(missing)}")
        if missing:
            pytest.skip(f"not installed: {', '.join(missing)}")


@pytest.fixture(scope="session")
def program():
    """``program("chromium")`` is its path; for tests marked ``needs("chromium")``."""
    return find_program


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT
