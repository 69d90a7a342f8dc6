"""GitHub: a workflow that runs a chapter's public checks on each push."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.exercises.spec import Chapter
from autograder.exports.formats import Wanted
from autograder.writing import write_whole

__all__ = ["classroom_workflow", "export"]

WORKFLOW = ".github/workflows/classroom.yml"
"""Where the file belongs in the repository that students start from."""

# The names of workflow and job are those that GitHub Classroom looked for.
TEXT = """\
# On each push: the public checks of {name}, with the same messages as in
# the notebook. The mark, from fresh cases, is given elsewhere.
name: Autograding Tests
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - name: Install the course
        run: |
          wheel=$(echo ./*.whl)
          python -m pip install --quiet --constraint constraints.txt "${{wheel}}[lab]"
      - name: Check {notebook}
        shell: bash
        run: |
          set -o pipefail
          echo '~~~~~' >> "$GITHUB_STEP_SUMMARY"
          status=0
          autograder check "{notebook}" | tee -a "$GITHUB_STEP_SUMMARY" || status=$?
          echo '~~~~~' >> "$GITHUB_STEP_SUMMARY"
          exit $status
"""


def export(wanted: Wanted) -> Iterator[str]:
    """Write the workflow for one chapter."""
    course, chapter = wanted.course, wanted.one_chapter()
    course.release(chapter)
    path = wanted.path("yml", chapter)
    notebook = f"notebooks/{chapter}/{chapter}.ipynb"
    workflow = classroom_workflow(course.chapter(chapter), notebook)
    write_whole(path, workflow.encode(), private=True)
    yield wanted.written(path, f"to be {WORKFLOW} in the students' template")
    yield f"  The rest of that repository is what `autograder bundle {chapter}` makes."


def classroom_workflow(chapter: Chapter, notebook: str) -> str:
    """The workflow for one chapter; it fails while an exercise is not right.

    It uses GitHub Actions alone: GitHub Classroom and the actions that reported
    points to it were retired in 2026.  The repository holds what the learners'
    bundle holds: its wheel and ``constraints.txt``, and the notebook.

    Parameters
    ----------
    chapter : Chapter
    notebook : str
        The notebook's path in the student's repository.

    References
    ----------
    https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
    https://github.com/classroom-resources/autograding-grading-reporter
    """
    return TEXT.format(name=chapter.name, notebook=notebook)
