"""The files that nbgrader's converters write for a submission, as they would."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import BaseConverter

from autograder.submissions.folder import TOKEN
from autograder.submissions.submission import NOT_OPENED, Submission
from autograder.writing import write_whole

__all__ = ["as_text", "read_notebook", "write_for"]


def as_text(notebook: NotebookNode) -> str:
    """A notebook for a file, in one line: indented it takes much longer to write."""
    return json.dumps(notebook, ensure_ascii=False, sort_keys=True) + "\n"


def read_notebook(
    converter: BaseConverter, submission: Submission
) -> NotebookNode | None:
    """What was written last time; None if there is nothing that can be read."""
    try:
        return nbformat.read(_place(converter, submission), as_version=4)
    except (OSError, ValueError, AttributeError):
        return None


def write_for(converter: BaseConverter, submission: Submission, text: str) -> Path:
    """Write what nbgrader's `converter` would, with its permissions.

    Whatever says that already is left alone.
    """
    path = _place(converter, submission)
    mode = int(str(converter.permissions), 8)
    _write(path, text, mode)
    # The exchange sends feedback by what it wrote beside the notebook.
    beside = {"timestamp.txt": submission.timestamp, TOKEN: submission.token}
    for name, told in beside.items():
        if told is not None:
            _write(path.parent / name, told, mode)
        elif submission.code != NOT_OPENED:  # of which nothing is known
            (path.parent / name).unlink(missing_ok=True)
    return path


def _place(converter: BaseConverter, submission: Submission) -> Path:
    """Where nbgrader's `converter` writes."""
    chapter = submission.chapter
    ending = ".html" if isinstance(converter, GenerateFeedback) else ".ipynb"
    folder = converter.coursedir.format_path(
        converter._output_directory, submission.student, chapter
    )
    return Path(folder) / f"{chapter}{ending}"


def _write(path: Path, text: str, mode: int) -> None:
    write_whole(path, text.encode(), if_changed=True, private=True)
    if path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)
