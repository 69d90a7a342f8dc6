"""nbgrader's own reading of `timestamp.txt`, replaced by ours.

nbgrader takes +0200 for 200 seconds, stops at most forms of a time, and fails
where it wants to say so.  Its command and the button in its formgrader then give
another mark than `autograder grade`.  There is no setting for it, so its two
readers are replaced in the process that runs them.
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from autograder.course import time_settings
from autograder.submissions.folder import read_time
from autograder.submissions.notebook import Problem
from autograder.term.class_file import zone_of

__all__ = ["read_times_for_nbgrader"]


def read_times_for_nbgrader() -> None:
    """Have nbgrader in this process read times as our command does."""
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp


def _existing_timestamp(self: Any, dest_path: str) -> datetime.datetime | None:
    """The time that stands in a folder; None if there is none that can be read."""
    try:
        zone, form = time_settings(self.config)
        zone = zone_of(Path(self.root) / "grading") or zone
        text = read_time(Path(dest_path), zone, form)
    except Problem as problem:
        self.log.warning("%s: %s", dest_path, problem)
        return None
    return None if text is None else parse_utc(text)


def _submitted_timestamp(
    self: Any, assignment_id: str, student_id: str
) -> datetime.datetime | None:
    """The time that stands beside what a student handed in."""
    place = self.coursedir.format_path(
        self.coursedir.submitted_directory, student_id, assignment_id
    )
    folder = os.path.abspath(place)
    return self.coursedir.get_existing_timestamp(folder)
