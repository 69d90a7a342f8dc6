"""Whether learners can reach the exchange, nbgrader's folder for handing in."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from autograder.desk.findings import Finding

__all__ = ["find_exchange"]


def find_exchange(root: Path) -> Iterator[Finding]:
    """A finding of `autograder doctor`, where an instructor has set up an exchange.

    The one of the course's own settings is in ``grading/``, for one account alone.
    An exchange that graders share by a group is the administrator's affair.
    """
    if os.name != "posix" or not (root / "nbgrader_config_local.py").is_file():
        return
    # Here, and not through `course`, which needs NumPy: it may be what is broken.
    from traitlets.config.loader import PyFileConfigLoader

    settings = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    folder = Path(str(settings.Exchange.get("root", "")))
    by_group = settings.CourseDirectory.get("groupshared", False)
    if by_group or not folder.is_absolute() or folder.is_relative_to(root / "grading"):
        return
    wrong, remedy = _fault(folder)
    yield Finding(
        "exchange",
        not wrong,
        wrong or "everybody may write",
        "learners fetch and hand in on a hub",
        remedy,
        needed=False,
    )


def _fault(folder: Path) -> tuple[str, str]:
    """What keeps others from using a folder, or makes it unsafe; what to type."""
    if not folder.is_dir():
        return "is not there", f"install -d -m 1777 {shlex.quote(str(folder))}"
    opened = f"chmod 1777 {shlex.quote(str(folder))}"
    folder = folder.resolve()
    for parent in reversed(folder.parents):
        if not parent.stat().st_mode & stat.S_IXOTH:
            closed = shlex.quote(str(parent))
            return f"others do not get past {parent}", f"chmod o+x {closed}"
    mode = folder.stat().st_mode
    if mode & stat.S_IRWXO != stat.S_IRWXO:
        return "others cannot write into it", opened
    if not mode & stat.S_ISVTX:
        return "anybody can delete what others have in it", opened
    return "", ""
