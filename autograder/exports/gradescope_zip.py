"""The zip that Gradescope makes an autograder of: two scripts and the course.

References
----------
https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import hashlib
import hmac
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import autograder
from autograder.course import TRANSLATIONS, Course, NotACourse, load_secret
from autograder.exercises import OWN
from autograder.exports.formats import Wanted
from autograder.grading.released import refuse_outdated_releases
from autograder.sandbox.boxes import AUTO, BOXES
from autograder.writing import write_whole

__all__ = ["export", "gradescope_zip"]

PACKAGE = Path(autograder.__file__).parent
SCRIPTS = Path(__file__).with_name("gradescope_scripts")
NEEDED = ("pyproject.toml", "requirements.lock", "README.md", "LICENSE")
"""What installing the package needs, beside it."""


def export(wanted: Wanted) -> Iterator[str]:
    """Write the zip for one chapter."""
    course, chapter = wanted.course, wanted.one_chapter()
    path = wanted.path("zip", chapter)
    data = gradescope_zip(course, chapter, load_secret(course), wanted.box)
    write_whole(path, data, private=True)
    yield wanted.written(path, "for Configure Autograder, base image Ubuntu 24.04")
    yield "  It holds the reference kernels: it is for instructors only."


def gradescope_zip(
    course: Course, chapter: str, secret: bytes, box: str = AUTO
) -> bytes:
    """The zip for one chapter; the same course gives the same bytes.

    It holds the grader with its reference kernels, the chapter's release, and
    a secret that is made from the course's and does not give it away.  It is
    for instructors only.

    Raises
    ------
    NotACourse
        If `chapter` is not released, its release is not what the course makes now,
        or the package is not in a checkout.
    """
    released = course.release(chapter)
    refuse_outdated_releases(course, [chapter])
    lacking = [name for name in NEEDED if not (PACKAGE.parent / name).is_file()]
    if lacking:
        raise NotACourse(
            f"The zip is made of a checkout of the course; {lacking[0]} is missing "
            f"beside {PACKAGE}."
        )
    own = hmac.new(secret, b"gradescope", hashlib.sha256).hexdigest()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for script in ("setup.sh", "run_autograder"):
            _add(archive, script, (SCRIPTS / script).read_bytes(), 0o755)
        _add(archive, "chapter", f"{chapter}\n".encode(), 0o644)
        _add(archive, "box", f"{box}\n".encode(), 0o644)
        packages = " ".join(kind.debian_package for kind in BOXES.values())
        _add(archive, "packages", f"{packages.strip()}\n".encode(), 0o644)
        _add(archive, "course/grading/secret", f"{own}\n".encode(), 0o600)
        _add(archive, "course/nbgrader_config.py", _config(course), 0o644)
        release = f"course/notebooks/{chapter}/{chapter}.ipynb"
        _add(archive, release, released, 0o644)
        translated = (course.root / TRANSLATIONS).glob(f"*/{chapter}/{chapter}.ipynb")
        for path in sorted(translated):
            name = path.relative_to(course.root).as_posix()
            _add(archive, f"course/{name}", path.read_bytes(), 0o644)
        for path in _files():
            name = path.relative_to(PACKAGE.parent).as_posix()
            _add(archive, f"course/{name}", path.read_bytes(), 0o644)
    return buffer.getvalue()


def _config(course: Course) -> bytes:
    """nbgrader's settings as far as grading one submission reads them."""
    return (
        "c = get_config()  # noqa: F821\n"
        f"c.CourseDirectory.course_id = {course.name!r}\n"
        'c.CourseDirectory.release_directory = "notebooks"\n'
    ).encode()


def _files() -> Iterator[Path]:
    """The package, its data and what installs them, in a fixed order."""
    yield from (PACKAGE.parent / name for name in NEEDED)
    for folder in (PACKAGE, PACKAGE.parent / "data", OWN):
        for path in sorted(folder.rglob("*")):
            hidden = any(part.startswith(".") for part in path.parts[-2:])
            if path.is_file() and "__pycache__" not in path.parts and not hidden:
                yield path


def _add(archive: zipfile.ZipFile, name: str, data: bytes, mode: int) -> None:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.external_attr = (0o100000 | mode) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)
