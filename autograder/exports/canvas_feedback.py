"""Feedback pages for Canvas: an assignment's Upload Submissions.

Canvas attaches each file to a comment on the submission whose numbers are in the
file's name, and shows it under the name of what was handed in.  So a page goes
back within a notebook, where a notebook was handed in.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.bundling.archives import zip_bytes
from autograder.course import NotACourse
from autograder.exports.archive_names import names_in
from autograder.exports.formats import Wanted
from autograder.exports.pages import as_notebook, read_pages
from autograder.report.words import people
from autograder.writing import write_whole

__all__ = ["SYSTEM", "export"]

SYSTEM = "Canvas"
"""As `autograder collect` calls it."""


def export(wanted: Wanted) -> Iterator[str]:
    """Write the zip for one chapter.

    References
    ----------
    https://community.instructure.com/en/kb/articles/661072
    https://github.com/instructure/canvas-lms/blob/master/app/models/abstract_assignment.rb
    """
    pages = read_pages(wanted)
    names = names_in(wanted.course.grading, pages.chapter, SYSTEM)
    given = {who: name for who, name in names.items() if who in pages.of}
    if not given:
        raise NotACourse(
            "Nobody's file in Canvas is known: give its archive of all submissions "
            "to `autograder collect` (again, if need be)."
        )
    files, others = {}, 0
    for who, name in given.items():
        notebook = name.endswith(".ipynb")
        others += not notebook
        files[name] = as_notebook(pages.of[who]) if notebook else pages.of[who]
    path = wanted.path("zip", pages.chapter)
    write_whole(path, zip_bytes(files), private=True)
    yield wanted.written(path, people(len(files), "page"))
    yield "  Canvas calls each as what was handed in; it opens as a notebook."
    if others:
        what = people(others, "page")
        yield f"  {what} will be called as the archive that was handed in."
    yield from pages.told(given, "not in Canvas's archive")
