"""What is committed is the course's own: no machine's paths, no registry's host."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("git")

ROOT = Path(__file__).parents[2]

# Written so that this file does not hold what it looks for.
FOREIGN = {
    "a path of one machine": r"(?<![\w.~-])/(?:root|work|home/\w+|Users/\w+)/\w",
    "a registry's host": r"(?:python|hosted|anaconda|npmjs)\.(?:org|com)/(?:simple|pkg)"
    r"|\bpypi[.]org|files[.]pythonhosted|registry[.]npmjs",
    "a mark of unfinished work": r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b",
    "a file outside the project": r"\.\./" r"shared\b",
}


@pytest.fixture(scope="module")
def tracked() -> dict[str, str]:
    """Text of every tracked file that is text, by its path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a Git checkout")
    texts = {}
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue  # deleted, and not yet committed
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return texts


@pytest.mark.parametrize("what", FOREIGN)
def test_no_tracked_file_holds(what, tracked):
    """Nothing that belongs to one machine or one moment is committed."""
    found = [
        f"{name}:{number}: {match.group()}"
        for name, text in tracked.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in re.finditer(FOREIGN[what], line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a path of one machine", "open('/home" + "/ann/data.npz')"),
        ("a path of one machine", "#!/root" + "/bin/python"),
        ("a registry's host", "--index-url https://pypi" + ".org/simple"),
        ("a mark of unfinished work", "# TO" + "DO: more"),
        ("a file outside the project", "see ../" + "shared/design.md"),
    ],
)
def test_the_search_finds(what, line):
    """Each pattern matches what it is for."""
    assert re.search(FOREIGN[what], line)


def test_marks_and_submissions_are_never_tracked(tracked):
    """A class's work and marks stay on the machine that grades it."""
    assert [name for name in tracked if name.startswith(("grading/", "sample/"))] == []


@pytest.mark.usefixtures("tracked")
def test_the_sample_class_is_ignored_and_its_code_is_not():
    """`sample/` is at the root alone; `autograder/sample` is a part of the package."""
    names = ("grading/secret", "sample/secret", "autograder/sample/new.py")
    git = ["git", "check-ignore", "--no-index", *names]
    done = subprocess.run(git, cwd=ROOT, capture_output=True, text=True)

    assert done.stdout.split() == ["grading/secret", "sample/secret"]


def test_text_files_end_their_lines_alike(tracked):
    """No carriage returns, and a newline at the end."""
    for name, text in tracked.items():
        assert "\r" not in text, name
        assert not text or text.endswith("\n"), name
