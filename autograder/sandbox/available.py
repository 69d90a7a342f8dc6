"""What `autograder doctor` says of the boxes on this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from autograder.desk.findings import Finding
from autograder.desk.remedies import brought_by
from autograder.sandbox.bounds.account import LOOKED_AT, account_name
from autograder.sandbox.boxes import BOXES, why_not
from autograder.sandbox.sandlock import can_confine_forks

__all__ = ["find_boxes"]


def find_boxes() -> Iterator[Finding]:
    """Each box, tried, and whether there is one at all."""
    reasons = {box: why_not(box) for box in BOXES}
    working = [box for box, reason in reasons.items() if reason is None]
    for box, reason in reasons.items():
        yield Finding(
            box,
            reason is None,
            "works" if reason is None else reason,
            "a sandbox for student code",
            needed=False,
        )
    # `make grade` installs boxes that are Python packages; they may work or may not.
    linux = sys.platform == "linux"
    later = brought_by("make grade", "grading") if linux else ""
    package = next(box.debian_package for box in BOXES.values() if box.debian_package)
    yield Finding(
        "box",
        bool(working),
        f"grading uses {working[0]}" if working else "none works here",
        "marks that student code cannot forge",
        later or f"sudo apt-get install {package}   (or grade in Docker or WSL 2)",
        later=later,
    )
    if working:
        name = account_name()
        by_kernel = name != LOOKED_AT
        yield Finding(
            "account",
            by_kernel,
            f"{name} bounds memory, processes and time of a notebook"
            if by_kernel
            else "none: what a notebook uses is looked at ten times a second",
            "limits that hold at once",
            "grade as root, or: systemd-run --user --scope -p Delegate=yes make grade",
            needed=False,
        )
        shared = can_confine_forks()
        yield Finding(
            "warm start",
            shared,
            "one Python serves all notebooks"
            if shared
            else "each notebook starts a Python of its own: about a second more",
            "speed",
            "needs sandlock and Linux 6.12 or later",
            needed=False,
        )
