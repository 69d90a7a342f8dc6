"""Where student code runs: a process of its own in a folder of its own.

This box has limits but no walls.  Its process has a clean environment, an
empty home and bounds on memory, processor time, processes and file size, and
all that it started is killed when the box is closed.  It can still read what
the grader's user can read.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.checking.packing import BadPacket, pack, unpack
from autograder.grading.channel import Channel, ChannelClosed, FrameTooLong, TooLate
from autograder.grading.limits import Limits
from autograder.grading.surroundings import (
    end_marked,
    remove_folder,
    surroundings,
)
from autograder.grading.text import clean

__all__ = ["Box", "BoxDied", "BoxFailed", "close_boxes"]

START_SECONDS = 60
START_LOG = "start.log"
GRACE_SECONDS = 3
"""What a request may take beyond the time that the process itself keeps."""

_PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])


class BoxFailed(Exception):
    """The box could not be opened: our own failure, not the student's."""


class BoxDied(Exception):
    """The process is gone, or does not keep to the protocol any more.

    Attributes
    ----------
    reason : str
        ``timed-out``, ``died``, ``flooded`` or ``garbled``.
    status : int or None
        Exit code if it died, negative for a signal.
    """

    def __init__(self, reason: str, status: int | None = None):
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Box:
    """A process that runs student code, and its folder.  Close it after use.

    Parameters
    ----------
    limits : Limits
    folder : path, optional
        Where cells run and find modules; a fresh empty folder by default.
    pictures : bool
        Whether figures are drawn and kept.
    """

    def __init__(
        self, limits: Limits, folder: Path | None = None, pictures: bool = False
    ):
        self._mark = secrets.token_hex(16)
        self._process: subprocess.Popen | None = None
        self._channel: Channel | None = None
        self._last_words = ""
        self._scratch = Path(tempfile.mkdtemp(prefix="autograder-"))
        _open_boxes.add(self)
        try:
            self._start(folder or self._scratch / "work", pictures)
            self._receive(time.monotonic() + START_SECONDS, 4096)
            self.ask(
                {
                    "do": "limits",
                    "memory": limits.memory,
                    "file_size": limits.file_size,
                    "processes": limits.processes,
                    "cpu_seconds": int(limits.total_seconds) + 60,
                    "path": [str(folder)] if folder else [],
                },
                START_SECONDS,
            )
        except OSError as error:
            self.close()
            raise BoxFailed(f"Python cannot be started: {error}") from error
        except BoxDied as death:
            reason = self._last_words or str(death)
            raise BoxFailed(f"The process did not start: {reason}") from death

    def _start(self, work: Path, pictures: bool) -> None:
        work.mkdir(exist_ok=True)
        with open(self._scratch / START_LOG, "wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-c", _start_line()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,  # until the process has started
                cwd=work,
                env=surroundings(self._scratch, self._mark, pictures),
                start_new_session=True,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._channel = Channel(
            os.dup(self._process.stdout.fileno()), os.dup(self._process.stdin.fileno())
        )
        self._process.stdin.close()
        self._process.stdout.close()

    def ask(
        self, request: dict[str, Any], seconds: float, limit: int = 1 << 23
    ) -> dict[str, Any]:
        """Send a request and give its answer, of at most `limit` bytes.

        Raises
        ------
        BoxDied
            If there is no proper answer in time; the box is then closed.
        """
        if self._channel is None:
            raise BoxDied("died")
        deadline = time.monotonic() + seconds + GRACE_SECONDS
        try:
            with self._watchdog(deadline):
                self._channel.send(pack(request), deadline)
        except (ChannelClosed, TooLate) as error:
            raise self._death(error) from error
        return self._receive(deadline, limit)

    def _receive(self, deadline: float, limit: int) -> dict[str, Any]:
        assert self._channel is not None
        try:
            with self._watchdog(deadline):
                answer = unpack(self._channel.receive(limit, deadline), limit)
            if not isinstance(answer, dict):
                raise BadPacket("not an answer")
        except (ChannelClosed, TooLate, FrameTooLong, BadPacket) as error:
            raise self._death(error) from error
        return answer

    def _death(self, error: Exception) -> BoxDied:
        reason = {
            TooLate: "timed-out",
            FrameTooLong: "flooded",
            BadPacket: "garbled",
        }.get(type(error), "died")
        status = self._exit_code() if reason == "died" else None
        with contextlib.suppress(OSError):
            lines = (self._scratch / START_LOG).read_text(errors="replace").splitlines()
            self._last_words = clean(lines[-1], 300) if lines else ""
        self.close()
        return BoxDied(reason, status)

    def _exit_code(self) -> int | None:
        """How the process ended, if it did; it is not reaped yet.

        As long as it is not, nobody else can get its number.
        """
        if self._process is None or not hasattr(os, "waitid"):
            return None
        for _ in range(100):
            look = os.WEXITED | os.WNOHANG | os.WNOWAIT
            found = os.waitid(os.P_PID, self._process.pid, look)
            if found is not None:
                exited = found.si_code == os.CLD_EXITED
                return found.si_status if exited else -found.si_status
            time.sleep(0.01)
        return None

    @contextlib.contextmanager
    def _watchdog(self, deadline: float) -> Iterator[None]:
        """On Windows, where no pipe can be polled, kill at the deadline."""
        if os.name != "nt":
            yield
            return
        assert self._process is not None
        timer = threading.Timer(deadline - time.monotonic(), self._process.kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close(self) -> None:
        """Kill the process and all that it started, and remove its folder.

        Every step may be done twice, so that an interrupt may come between.
        """
        if self not in _open_boxes:
            return
        if self._process is not None and self._process.returncode is None:
            if os.name == "posix":
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
        end_marked(self._mark)
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        remove_folder(self._scratch)
        _open_boxes.discard(self)

    def __enter__(self) -> Box:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_open_boxes: set[Box] = set()


def close_boxes() -> None:
    """Close whatever is still open in this process, before it ends."""
    for box in list(_open_boxes):
        box.close()


def _start_line() -> str:
    return (
        f"import sys; sys.path.append({_PACKAGE_PARENT!r}); "
        "from autograder.grading.child import main; main()"
    )
