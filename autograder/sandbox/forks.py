"""The fork server of this process: inside a box, and forked for each notebook."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil

from autograder.limits import (
    MAX_FORKS,
    MAX_GREETING,
    MAX_LAST_WORDS,
    SERVER_SECONDS,
    START_SECONDS,
    Limits,
)
from autograder.sandbox.command import Command, open_to_box
from autograder.sandbox.confining import Confining
from autograder.sandbox.environment import clean_environment, remove_folder
from autograder.sandbox.inside.channel import Channel
from autograder.sandbox.readable import NotSeparate, stage
from autograder.sandbox.sandlock import can_confine_forks
from autograder.sandbox.usage import Watch, processor_seconds
from autograder.text import clean

__all__ = [
    "Fork",
    "ForkServer",
    "ForkServerFailed",
    "close_fork_servers",
    "fork_server",
]

START_LOG = "start.log"


class ForkServerFailed(Exception):
    """The fork server did not start, or does not answer any more."""


class ForkServer:
    """Python inside a box, with the libraries loaded.  Has one fork at a time.

    It serves one notebook after another if its forks can be kept from
    it; where the kernel cannot do that, each notebook gets a new one.

    Parameters
    ----------
    box : Confining
    pictures : bool
        Whether figures are drawn and kept.
    """

    def __init__(self, box: Confining, pictures: bool):
        self.lasts = can_confine_forks()
        self._n_forks = 0
        self.folder = Path(tempfile.mkdtemp(prefix="autograder-"))
        self.open = self.folder / "open"
        self._control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process: subprocess.Popen[bytes] | None = None
        self._own: set[psutil.Process] = set()
        try:
            self._start(box, pictures, inside)
        except (NotSeparate, OSError) as error:
            self.close()
            raise ForkServerFailed(f"{box.name} did not start: {error}") from error
        except ForkServerFailed:
            self.close()
            raise
        finally:
            inside.close()

    def _start(self, box: Confining, pictures: bool, inside: socket.socket) -> None:
        library = stage(self.folder / "library")
        home = self.open / "home"
        home.mkdir(parents=True)
        environment = clean_environment(home, pictures)
        open_to_box(self.folder, self.open)
        readable = [*library.readable, str(home)]
        setup = {**box.setup(), "confine": self.lasts}
        program = (
            f"import sys; sys.path[:0] = {list(library.path)!r}; "
            "from autograder.sandbox.inside.fork_server import main; main()"
        )
        python = [sys.executable, "-s", "-S", "-P", "-c", program]
        with open(self.folder / START_LOG, "wb") as errors:
            command = Command(
                [*python, json.dumps(setup)], readable, str(self.open), environment
            )
            self._process = box.start(command, inside.fileno(), errors.fileno())
        inside.close()
        self._hear(START_SECONDS)
        self._own = set(self._all_processes())

    @property
    def worn(self) -> bool:
        """Whether the next notebook needs a new one.

        What a sandbox keeps of every process that there was is bounded so.
        """
        return not self.lasts or self._n_forks >= MAX_FORKS

    def fork(self, limits: Limits) -> Fork:
        """A fork with a folder and a channel of its own."""
        try:
            return self._fork(limits)
        except ForkServerFailed:
            forget(self)  # whoever tries again gets a new one
            raise

    def _fork(self, limits: Limits) -> Fork:
        self._n_forks += 1
        folder = self.open / str(self._n_forks)
        folder.mkdir()
        open_to_box(self.folder, folder)
        channel, inside = socket.socketpair()
        with inside:
            request = json.dumps({"do": "open", "folder": str(folder)}).encode()
            try:
                socket.send_fds(self._control, [request], [inside.fileno()])
                self._hear(SERVER_SECONDS)
            except (OSError, ForkServerFailed) as error:
                channel.close()
                raise ForkServerFailed("the fork server is gone") from error
        return Fork(self, folder, channel.detach(), limits)

    def end_fork(self) -> int | None:
        """Kill the fork and all that came of it; its exit code, if it had one."""
        try:
            self._control.sendall(json.dumps({"do": "end"}).encode())
        except OSError as error:
            raise ForkServerFailed("the fork server is gone") from error
        status = self._hear(SERVER_SECONDS).get("status")
        return status if isinstance(status, int) else None

    def _hear(self, seconds: float) -> dict[str, Any]:
        self._control.settimeout(seconds)
        try:
            answer = json.loads(self._control.recv(MAX_GREETING) or "")
        except (OSError, ValueError) as error:
            raise ForkServerFailed(self.last_words() or str(error)) from error
        return answer if isinstance(answer, dict) else {}

    def last_words(self) -> str:
        """What Python said when it did not start."""
        with contextlib.suppress(OSError):
            lines = (self.folder / START_LOG).read_text(errors="replace").splitlines()
            return clean(lines[-1], MAX_LAST_WORDS) if lines else ""
        return ""

    def processes(self) -> list[psutil.Process]:
        """What the fork is made of: all inside the box but the fork server."""
        return [
            process for process in self._all_processes() if process not in self._own
        ]

    def _all_processes(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            if self._process is not None:
                return psutil.Process(self._process.pid).children(recursive=True)
        return []

    def close(self) -> None:
        """Kill everything inside and remove the folder.  May be done twice."""
        self._control.close()
        if self._process is not None and self._process.returncode is None:
            # From the leaves up: who is still there keeps what it is to kill.
            for process in reversed(self._all_processes()):
                with contextlib.suppress(psutil.Error):
                    process.kill()
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
        remove_folder(self.folder)


class Fork:
    """One notebook's process: a fork of the fork server, watched."""

    tells_start = False

    def __init__(
        self, server: ForkServer, folder: Path, descriptor: int, limits: Limits
    ):
        self.channel = Channel(descriptor, descriptor)
        self._server = server
        self._folder = folder
        self._ended = False
        self._status: int | None = None
        self._watch = Watch(server.processes, folder, limits)

    @property
    def killed_for(self) -> str:
        """What it used too much of, if it was killed for that."""
        return self._watch.reason

    def used(self) -> float:
        """Seconds of processor time of all that came of it."""
        return processor_seconds(self._server.processes())

    def used_lately(self) -> float:
        """The same as of a moment ago, without looking for the processes."""
        return self._watch.used

    def last_words(self) -> str:
        """What the fork server said last."""
        return self._server.last_words()

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self.exit_code()

    def exit_code(self) -> int | None:
        """End it with all that it started; its exit code, if it had one."""
        if not self._ended:
            self._watch.close()
            try:
                self._status = self._server.end_fork()
            except ForkServerFailed:
                forget(self._server)
            self._ended = True
        return self._status

    def close(self) -> None:
        """End it and remove its folder."""
        self.exit_code()
        self.channel.close()
        remove_folder(self._folder)
        if self._server.worn:
            forget(self._server)


_servers: dict[tuple[str, bool], ForkServer] = {}


def fork_server(box: Confining, pictures: bool) -> ForkServer:
    """The one fork server of this process for this box; started if need be."""
    key = (box.name, pictures)
    if key not in _servers:
        close_fork_servers()
        _servers[key] = ForkServer(box, pictures)
    return _servers[key]


def forget(server: ForkServer) -> None:
    """Close a fork server that cannot be trusted any more."""
    for key, known in list(_servers.items()):
        if known is server:
            del _servers[key]
    server.close()


@atexit.register
def close_fork_servers() -> None:
    """End the fork servers of this process."""
    for server in list(_servers.values()):
        forget(server)
