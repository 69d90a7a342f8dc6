"""nbgrader's formgrader, opened in the browser for one course."""

from __future__ import annotations

import os
from collections.abc import Sequence

from autograder.course import Course, NotACourse

__all__ = ["PAGE", "arguments", "start"]

PAGE = "/formgrader/manage_assignments"

_NEVER = "jupyterlab.handlers.announcements.NeverCheckForUpdate"


def arguments(course: Course) -> list[str]:
    """JupyterLab's command line for grading a course."""
    return [
        f"--ServerApp.root_dir={course.root}",
        f"--LabApp.default_url={PAGE}",
        # Else the formgrader logs in for its own pages only, and a notebook that
        # is opened from there asks for a password.
        "--IdentityProvider.cookie_options={'path': '/'}",
        # JupyterLab asks other machines for news, updates, extensions, unless told.
        "--LabApp.news_url=None",
        f"--LabApp.check_for_updates_class={_NEVER}",
        "--LabApp.extension_manager=readonly",
    ]


def start(course: Course, options: Sequence[str]) -> None:
    """Run JupyterLab's server until it is stopped, and open the formgrader.

    The gradebook is made first: without one the formgrader shows an error.

    Parameters
    ----------
    course : Course
    options : sequence of str
        Passed on to JupyterLab.

    Raises
    ------
    NotACourse
        If this system cannot grade, or a setting is unknown.
    """
    if os.name != "posix":
        raise NotACourse(
            "Grading needs Linux or macOS; on Windows it runs in WSL 2 or in Docker."
        )
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]

    from autograder.gradebook.gradebook import open_gradebook
    from autograder.gradebook.nbgrader_times import read_times_for_nbgrader
    from autograder.gradebook.settings import refuse_unknown_settings

    refuse_unknown_settings(course.root)
    read_times_for_nbgrader()
    with open_gradebook(course):
        pass
    os.chdir(course.root)  # nbgrader reads its settings where it stands
    LabApp.launch_instance([*arguments(course), *options])
