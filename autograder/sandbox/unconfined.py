"""A process of its own for one notebook or module, which nothing confines.

It has a clean environment, an empty home and limits, and all that it started is
killed with it.  It can still read what its user can read: for code of one's own.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.limits import MAX_LAST_WORDS
from autograder.sandbox.bounds.usage import waited_seconds
from autograder.sandbox.environment import clean_environment, end_marked
from autograder.sandbox.inside.channel import Channel
from autograder.sandbox.inside.extra_time import processor_clock
from autograder.sandbox.inside.removing import remove_folder
from autograder.text import clean

__all__ = ["Unconfined"]

START_LOG = "start.log"
_PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])
_START = "from autograder.sandbox.inside.student_process import main; main()"


class Unconfined:
    """Python in a process of its own.

    Parameters
    ----------
    folder : path or None
        Where it starts; a fresh empty folder by default.
    pictures : bool
        Whether figures are drawn and kept.

    Raises
    ------
    OSError
        If it cannot be started.
    """

    tells_start = True
    """Whether the first frame that comes says that it has started."""
    killed_for = ""
    account = ""
    """Nothing bounds all of it together."""

    def __init__(self, folder: Path | None, pictures: bool):
        self._scratch = Path(tempfile.mkdtemp(prefix="autograder-"))
        try:
            self._start(folder, pictures)
        except OSError:
            remove_folder(self._scratch)
            raise

    def _start(self, folder: Path | None, pictures: bool) -> None:
        work = folder or self._scratch / "work"
        work.mkdir(exist_ok=True)
        self._mark = secrets.token_hex(16)
        with open(self._scratch / START_LOG, "wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-c", _start_line()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,  # until the process has started
                cwd=work,
                env=clean_environment(self._scratch, pictures, self._mark),
                start_new_session=True,
            )
        self._clock = processor_clock(self._process.pid)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.channel = Channel(
            os.dup(self._process.stdout.fileno()), os.dup(self._process.stdin.fileno())
        )
        self._process.stdin.close()
        self._process.stdout.close()

    def last_words(self) -> str:
        """What Python said when it did not start."""
        with contextlib.suppress(OSError):
            lines = (self._scratch / START_LOG).read_text(errors="replace").splitlines()
            return clean(lines[-1], MAX_LAST_WORDS) if lines else ""
        return ""

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()

    def used(self) -> float:
        """Seconds of processor time of the process."""
        return self._clock()

    def busy(self) -> float:
        """Seconds in which it had, or waited for, a processor."""
        return self._clock() + waited_seconds([self._process.pid])

    def exhausted(self) -> bool:
        """Nobody has killed part of it."""
        return False

    def used_lately(self) -> float:
        """The same."""
        return self.used()

    def exit_code(self) -> int | None:
        """How the process ended, if it did; it is not reaped yet.

        As long as it is not, nobody else can get its number.
        """
        if not hasattr(os, "waitid") or self._process.returncode is not None:
            return None
        for _ in range(100):
            look = os.WEXITED | os.WNOHANG | os.WNOWAIT
            found = os.waitid(os.P_PID, self._process.pid, look)
            if found is not None:
                exited = found.si_code == os.CLD_EXITED
                return found.si_status if exited else -found.si_status
            time.sleep(0.01)
        return None

    def close(self) -> None:
        """Kill the process and all that it started, and remove its folder."""
        if self._process.returncode is None:
            if os.name == "posix":
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
        end_marked(self._mark)
        self.channel.close()
        remove_folder(self._scratch)


def _start_line() -> str:
    return f"import sys; sys.path.append({_PACKAGE_PARENT!r}); {_START}"
