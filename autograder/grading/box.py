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
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.checking.packing import BadPacket, pack, unpack
from autograder.grading.channel import Channel, ChannelClosed, FrameTooLong, TooLate

__all__ = ["LIMITS", "Box", "BoxDied", "BoxFailed", "Limits"]

START_SECONDS = 60
GRACE_SECONDS = 3
"""What a request may take beyond the time that the process itself keeps."""

_MARK = "AUTOGRADER_BOX"
_THREADS = ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
_PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    cell_seconds : float
        For one cell.
    total_seconds : float
        For the whole submission, restarts included.
    memory, file_size : int
        Bytes of address space of one process, and of one file.
    processes : int
        Processes and threads beyond those that the user has already.  Does not
        bind root.
    """

    cell_seconds: float = 10.0
    total_seconds: float = 120.0
    memory: int = 2 << 30
    file_size: int = 64 << 20
    processes: int = 64


LIMITS = Limits()
"""What a submission gets unless somebody says otherwise."""


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
        self._scratch = Path(tempfile.mkdtemp(prefix="autograder-"))
        self._closed = False
        try:
            work = folder or self._scratch / "work"
            work.mkdir(exist_ok=True)
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-c", _start_line()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=work,
                env=_environment(self._scratch, self._mark, pictures),
                start_new_session=True,
            )
        except OSError as error:
            shutil.rmtree(self._scratch, ignore_errors=True)
            raise BoxFailed(f"Python cannot be started: {error}") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._channel = Channel(
            os.dup(self._process.stdout.fileno()), os.dup(self._process.stdin.fileno())
        )
        self._process.stdin.close()
        self._process.stdout.close()
        try:
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
        except BoxDied as death:
            raise BoxFailed(f"The student's process did not start: {death}") from death

    def ask(
        self, request: dict[str, Any], seconds: float, limit: int = 1 << 23
    ) -> dict[str, Any]:
        """Send a request and give its answer, of at most `limit` bytes.

        Raises
        ------
        BoxDied
            If there is no proper answer in time; the box is then closed.
        """
        if self._closed:
            raise BoxDied("died")
        deadline = time.monotonic() + seconds + GRACE_SECONDS
        try:
            with self._watchdog(deadline):
                self._channel.send(pack(request), deadline)
        except (ChannelClosed, TooLate) as error:
            raise self._death(error) from error
        return self._receive(deadline, limit)

    def _receive(self, deadline: float, limit: int) -> dict[str, Any]:
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
        status = None
        if reason == "died":
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self._process.wait(timeout=1)
        self.close()
        return BoxDied(reason, status)

    @contextlib.contextmanager
    def _watchdog(self, deadline: float) -> Iterator[None]:
        """On Windows, where no pipe can be polled, kill at the deadline."""
        if os.name != "nt":
            yield
            return
        timer = threading.Timer(deadline - time.monotonic(), self._process.kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close(self) -> None:
        """Kill the process and all that it started, and remove its folder."""
        if self._closed:
            return
        self._closed = True
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        _kill_marked(self._mark)
        self._channel.close()
        _remove(self._scratch)

    def __enter__(self) -> Box:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _start_line() -> str:
    return (
        f"import sys; sys.path.append({_PACKAGE_PARENT!r}); "
        "from autograder.grading.child import main; main()"
    )


def _environment(scratch: Path, mark: str, pictures: bool) -> dict[str, str]:
    """A clean environment, with a home where the process may write."""
    places = {}
    for variable, name in {
        "HOME": "home",
        "USERPROFILE": "home",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
        "TMPDIR": "tmp",
        "TEMP": "tmp",
        "TMP": "tmp",
    }.items():
        (scratch / name).mkdir(exist_ok=True)
        places[variable] = str(scratch / name)
    for cache in _font_caches():
        shutil.copy(cache, scratch / "matplotlib")
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    inline = "module://matplotlib_inline.backend_inline"
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",  # the same order of sets in every run
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": inline if pictures else "Agg",
        **{f"{library}_NUM_THREADS": "1" for library in _THREADS},
        **places,
        **kept,
        _MARK: mark,
    }


@lru_cache(maxsize=1)
def _font_caches() -> Sequence[Path]:
    """Matplotlib's list of fonts, which takes seconds to make anew."""
    try:
        import matplotlib
    except ImportError:
        return ()
    folder = Path(matplotlib.get_cachedir())
    found = tuple(folder.glob("fontlist-*.json"))
    if not found:
        import matplotlib.font_manager  # makes the list

        found = tuple(folder.glob("fontlist-*.json"))
    return found


def _kill_marked(mark: str) -> None:
    """Kill what has left the process group; it still has the box's environment."""
    proc = Path("/proc")
    if not proc.is_dir():
        return
    needle = f"{_MARK}={mark}".encode()
    for _ in range(100):
        alive = False
        for entry in proc.iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                if needle in (entry / "environ").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
                    alive = True
        if not alive:
            return
        time.sleep(0.01)


def _remove(folder: Path) -> None:
    """Remove a folder whose permissions student code may have changed."""

    def retry(function: Any, path: str, _: Any) -> None:
        with contextlib.suppress(OSError):
            os.chmod(os.path.dirname(path), 0o700)
            os.chmod(path, 0o700)
            function(path)

    shutil.rmtree(folder, onerror=retry)
