"""A chapter so small that a test can hold it, and a course that has only that."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import venv
import zipfile
from pathlib import Path

import pytest

from autograder.bundling.bundle import NAME, make_bundle
from autograder.exercises.spec import Chapter, Exercise, Written


def blend(a, b, weight=0.5):
    """Mean of two arrays with a weight.

    The weight goes with `a`.

    Parameters
    ----------
    a, b : ndarray
        Of one shape.
    weight : float
        Between 0 and 1.

    Returns
    -------
    mean : ndarray

    Raises
    ------
    ValueError
        If the weight is not between 0 and 1.

    Notes
    -----
    weight * a + (1 - weight) * b.

    References
    ----------
    Nobody (2001).
    """
    if not 0 <= weight <= 1:
        raise ValueError("weight is not between 0 and 1")
    return weight * a + (1 - weight) * b


def spread(x):
    """Largest entry minus the smallest.

    Parameters
    ----------
    x : ndarray of shape (n,)

    Returns
    -------
    spread : float
    """
    return float(x.max() - x.min())


def _exercise(reference, **settings):
    nothing = {"returns": ("y",), "draw": lambda rng: [], "misconceptions": ()}
    nothing |= {"equivalents": (), "hints": ("Think.",), "read": "section 1"}
    return Exercise(name=reference.__name__, reference=reference, **nothing, **settings)


TINY = Chapter(
    "05_tiny",
    "Tiny",
    10,
    (
        _exercise(blend, points=2, lines=4, level=2),
        _exercise(spread, points=1, lines=1, level=1, bonus=True),
    ),
    (Written("blend_why", 3),),
)

# The set-up brings a check of its own, since the course's registry is another.
TEXT = """\
# %% [markdown]
# # Tiny
#
# A chapter about two functions.

# %% tags=["setup"]
import numpy as np


class CheckFailed(AssertionError): ...


def check(function):
    arguments = [np.ones(2)] * (1 if function.__name__ == "spread" else 2)
    try:
        function(*arguments)
    except NotImplementedError:
        raise CheckFailed("-- NOT WRITTEN YET -- " + function.__name__) from None


# %% [markdown] exercise="blend"
# Write the weighted mean of equation (1).
#
# - `a` and `b` have one shape.

# %% exercise="blend"
LIMITS = (0, 1)


def blend(a, b, weight=0.5):
    # weights outside are refused
    if not LIMITS[0] <= weight <= LIMITS[1]:
        raise ValueError("weight is not between 0 and 1")

    return b + weight * (a - b)


# %% tags=["try"]
blend(np.array([1.0, 2.0]), np.array([3.0, 5.0]))

# %% tags=["experiment"]
print(blend(np.zeros(3), np.ones(3), 0.25).sum())

# %% [markdown]
# $$ y = wa + (1 - w)b. \\\\tag{5.1} $$

# %% [markdown] exercise="spread"
# How far apart are the ends?

# %% exercise="spread"
def spread(x):
    return float(np.ptp(x))


# %% [markdown] question="blend_why"
# Why does the mean never leave the interval?

# %% [markdown] answer="blend_why"
# Because it is a convex combination, and an interval holds every convex
# combination of its points.

# %%
print("the end")
""".replace("\\\\", "\\")


class Course:
    """A course in a folder of its own, with one chapter."""

    def __init__(self, root: Path):
        self.root = root
        self.chapter = TINY
        self.source = root / "solutions" / "05_tiny" / "05_tiny.py"
        self.solution = self.source.with_suffix(".ipynb")
        self.release = root / "notebooks" / "05_tiny" / "05_tiny.ipynb"
        self.source.parent.mkdir(parents=True)
        self.write(TEXT)

    def write(self, text: str) -> None:
        """Replace the chapter's source."""
        self.source.write_text(textwrap.dedent(text), encoding="utf-8", newline="\n")

    def replace(self, old: str, new: str) -> None:
        """Replace one piece of the chapter's source."""
        text = self.source.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        self.write(text.replace(old, new))


@pytest.fixture(scope="session")
def new_course(root):
    """``new_course(folder)`` makes a course with the chapter 05_tiny, not built."""

    def make(folder):
        shutil.copy(root / "nbgrader_config.py", folder)
        return Course(folder)

    return make


@pytest.fixture
def course(tmp_path, new_course):
    """A course with the chapter 05_tiny, not built yet."""
    return new_course(tmp_path)


@pytest.fixture(scope="session")
def tiny():
    """The chapter 05_tiny of the registry."""
    return TINY


@pytest.fixture(scope="session")
def tiny_text():
    """Its source."""
    return TEXT


class Learner:
    """A learner's environment: the bundle's wheel, installed, and no checkout."""

    def __init__(self, bundle, folder: Path):
        self.bundle = bundle
        self.folder = folder
        self.notebooks = folder / "unpacked" / NAME / "notebooks"
        venv.create(folder / ".venv", with_pip=False)
        scripts = "Scripts" if os.name == "nt" else "bin"
        self.python = folder / ".venv" / scripts / "python"
        ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
        (place,) = self.run("-c", ask).stdout.splitlines()
        # NumPy and the others are the tests' own.  A line in such a file is a
        # folder and no more: the editable installation in it is not followed.
        libraries = [p for p in sys.path if Path(p).name == "site-packages"]
        Path(place, "libraries.pth").write_text("\n".join(libraries))
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet"]
        alone = ["--offline", "--no-index", "--no-deps", "--python", str(self.python)]
        subprocess.run([*install, *alone, str(bundle.wheel)], check=True)
        self.package = Path(place, "autograder")
        with zipfile.ZipFile(bundle.archive) as archive:
            archive.extractall(folder / "unpacked")

    def run(self, *words: str | Path, cwd: Path | None = None):
        """Run the environment's Python, or one of its modules."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        return subprocess.run(
            [str(self.python), *map(str, words)],
            cwd=cwd or self.folder,
            env=clean,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )


@pytest.fixture(scope="session")
def bundle(root, tmp_path_factory):
    """The whole course, bundled; made once for all tests of one worker."""
    return make_bundle(root, output=tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def learner(bundle, tmp_path_factory):
    """A learner who has installed the bundle."""
    return Learner(bundle, tmp_path_factory.mktemp("learner"))
