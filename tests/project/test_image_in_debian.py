r"""What the Dockerfile runs, run in a clean Debian: graded, handed out, opened.

Docker cannot be had everywhere.  Each step of its file is a script, and a Debian
system of its own in a folder is as clean as an image.  It takes minutes and downloads
a system, so it has to be asked for, with the mirror to take it from:

    AUTOGRADER_TEST_IMAGE=http://deb.debian.org/debian make test \
        ARGS=tests/project/test_image_in_debian.py
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

MIRROR = os.environ.get("AUTOGRADER_TEST_IMAGE", "")

pytestmark = [
    pytest.mark.skipif(
        not MIRROR,
        reason="downloads a Debian system; asked for by AUTOGRADER_TEST_IMAGE=MIRROR",
    ),
    pytest.mark.needs("debootstrap"),
    pytest.mark.timeout(3600),
]

PACKAGES = "bubblewrap,ca-certificates,git,make,python3,python3-venv"
COURSE, LEARNER = "course", "home/learner"


class Debian:
    """A system in a folder, in which commands run as root, with the network."""

    def __init__(self, root: Path):
        self.root = root
        # How this machine reaches the package index is no part of an image.
        self._environ = {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("PIP_", "SSL_")) or name.lower().endswith("_proxy")
        }
        config = Path("/etc/pip.conf"), Path.home() / ".config" / "pip" / "pip.conf"
        for path in (Path("/etc/resolv.conf"), *config, *self._named_files()):
            if path.is_file():
                inside = root / path.relative_to("/")
                inside.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, inside)

    def _named_files(self) -> list[Path]:
        return [Path(v) for v in self._environ.values() if v.startswith("/")]

    def run(self, command: str, folder: str, **environ: str) -> str:
        """What a command says that has to end well."""
        inside = f"cd /{folder} && {command}"
        enter = 'mount -t proc proc "$0/proc" && exec chroot "$0" sh -c "$1"'
        done = subprocess.run(
            [
                *("unshare", "--mount", "--pid", "--fork"),
                *("sh", "-c", enter, self.root, inside),
            ],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
            | self._environ
            | environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout


@pytest.fixture(scope="module")
def debian(tmp_path_factory, root):
    """With the course in /course, as committed, and set up by its script."""
    folder = tmp_path_factory.mktemp("debian")
    folder.chmod(0o755)
    made = subprocess.run(
        [
            *("debootstrap", "--variant=minbase", f"--include={PACKAGES}"),
            *("bookworm", folder, MIRROR),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    system = Debian(folder)
    (folder / COURSE).mkdir()
    (folder / LEARNER).mkdir()
    archive = subprocess.run(
        ["git", "-c", "safe.directory=*", "archive", "HEAD"],
        cwd=root,
        stdout=subprocess.PIPE,
        check=True,
    )
    subprocess.run(
        ["tar", "x", "-C", folder / COURSE], input=archive.stdout, check=True
    )
    said = system.run("sh .devcontainer/course.sh", COURSE, AUTOGRADER_NO_APT="1")
    assert re.search(r"autograder, version \d", said)
    yield system
    shutil.rmtree(folder)  # a gigabyte, of which pytest would keep three


def test_it_grades(debian):
    """The sample class, in a box: what the image's command does."""
    debian.run("make grade", COURSE)

    results = debian.root / COURSE / "sample" / "results.json"
    rows = json.loads(results.read_text(encoding="utf-8"))["submissions"]
    graded = [row for row in rows if row["mark"] is not None]
    assert len(graded) > 10
    assert {row["box"] for row in graded} <= {"bubblewrap", "sandlock"}


def test_a_learner_gets_the_bundle_and_no_answer(debian):
    """Installed from the zip alone, it checks, and has no kernel."""
    debian.run(".venv/bin/autograder bundle", COURSE)
    bundle = f"/{COURSE}/dist/optimising-deep-networks.zip"
    script = f"/{COURSE}/.devcontainer/learner.sh"
    said = debian.run(f"sh {script} {bundle} /opt/learner", LEARNER)

    assert re.search(r"autograder, version \d", said)
    place = f"{LEARNER}/optimising-deep-networks"
    code = (
        "from autograder import check; "
        "print(check(lambda theta, grad, lr: theta - lr * grad, 'gd_step'))"
    )
    assert "RIGHT" in debian.run(f'/opt/learner/bin/python -c "{code}"', place)
    assert not list((debian.root / "opt" / "learner").rglob("autograder/kernels"))
