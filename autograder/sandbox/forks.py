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
from autograder.sandbox.bounds.account import Account, accounts, place_in_force
from autograder.sandbox.command import Command, open_to_box
from autograder.sandbox.confining import Confining
from autograder.sandbox.environment import clean_environment
from autograder.sandbox.fork import Fork, ForkServerFailed
from autograder.sandbox.inside.removing import remove_folder
from autograder.sandbox.readable import NotSeparate, library
from autograder.sandbox.sandlock import can_confine_forks
from autograder.text import clean

__all__ = [
    "Fork",
    "ForkServer",
    "ForkServerFailed",
    "close_fork_servers",
    "fork_server",
]

START_LOG = "start.log"
_PAGE = 4096


class ForkServer:
    """Python inside a box, with the libraries loaded.  Has one fork at a time.

    It serves one notebook after another if its forks can be kept from
    it; where the kernel cannot do that, each notebook gets a new one.

    Parameters
    ----------
    box : Confining
    pictures : bool
        Whether figures are drawn and kept.
    disk : int
        Bytes that a fork may write.

    Attributes
    ----------
    bounded : bool
        Whether the kernel bounds them.
    """

    def __init__(self, box: Confining, pictures: bool, disk: int):
        self.lasts = can_confine_forks()
        self.bounded = False
        self._draws = False
        self._disk = disk
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
        shown = library()
        home, inside_home = self.folder / "home", self.open / "home"
        home.mkdir()
        self.open.mkdir()
        environment = {
            name: value.replace(str(home), str(inside_home))
            for name, value in clean_environment(home, pictures).items()
        }
        open_to_box(self.folder, self.open)
        readable = [*shown.readable, str(home)]
        size = self._disk + _size(home)
        setup = {
            **box.setup(),
            "confine": self.lasts,
            "home": str(home),
            "open": str(self.open),
            "size": size,
        }
        program = (
            f"import sys; sys.path[:0] = {list(shown.path)!r}; "
            "from autograder.sandbox.inside.fork_server import main; main()"
        )
        python = [sys.executable, "-s", "-S", "-P", "-c", program]
        with open(self.folder / START_LOG, "wb") as errors:
            command = Command(
                [*python, json.dumps(setup)],
                readable,
                str(self.open),
                environment,
                size,
            )
            self._process = box.start(command, inside.fileno(), errors.fileno())
        inside.close()
        self.bounded = self._hear(START_SECONDS).get("bounded") is True
        self._own = set(self._all_processes())

    @property
    def worn(self) -> bool:
        """Whether the next notebook needs a new one.

        What a sandbox keeps of every process that there was is bounded so.
        """
        return not self.lasts or self._n_forks >= MAX_FORKS

    def fork(self, limits: Limits, draws: bool) -> Fork:
        """A fork with a folder and a channel of its own, and Matplotlib if it draws."""
        try:
            if draws and not self._draws:
                self._ask({"do": "draw"}, START_SECONDS)
                self._draws = True
            return self._fork(limits)
        except ForkServerFailed:
            forget(self)  # whoever tries again gets a new one
            raise

    def _fork(self, limits: Limits) -> Fork:
        self._n_forks += 1
        folder = self.open / str(self._n_forks)
        request = json.dumps({"do": "open", "folder": str(folder)}).encode()
        account = None
        channel, inside = socket.socketpair()
        try:
            account = accounts(limits, place_in_force())
            with inside, _entrances(account) as entrances:
                descriptors = [inside.fileno(), *entrances]
                socket.send_fds(self._control, [request], descriptors)
                self._hear(SERVER_SECONDS)
        except (OSError, ForkServerFailed) as error:
            channel.close()
            if account is not None:
                account.close()
            raise ForkServerFailed(f"the fork server is gone: {error}") from error
        return Fork(self, folder, channel.detach(), account, limits)

    def end_fork(self) -> int | None:
        """Kill the fork and all that came of it, and remove its folder.

        Gives its exit code, if it had one.
        """
        answer = self._ask({"do": "end"}, SERVER_SECONDS)
        if answer.get("clean") is not True:
            raise ForkServerFailed("a folder could not be removed")
        status = answer.get("status")
        return status if isinstance(status, int) else None

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            self._control.sendall(json.dumps(request).encode())
        except OSError as error:
            raise ForkServerFailed("the fork server is gone") from error
        return self._hear(seconds)

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

    def forget(self) -> None:
        """Close it: it cannot be trusted any more."""
        forget(self)

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


def _size(folder: Path) -> int:
    """Bytes of all files in a folder of ours, as blocks of memory."""
    pages = (-(-path.stat().st_size // _PAGE) for path in folder.rglob("*"))
    return _PAGE * sum(pages)


def _entrances(
    account: Account | None,
) -> contextlib.AbstractContextManager[list[int]]:
    return contextlib.nullcontext([]) if account is None else account.entrances()


_servers: dict[tuple[str, bool, int], ForkServer] = {}


def fork_server(box: Confining, pictures: bool, disk: int) -> ForkServer:
    """The one fork server of this process for this box; started if need be."""
    key = (box.name, pictures, disk)
    if key not in _servers:
        close_fork_servers()
        _servers[key] = ForkServer(box, pictures, disk)
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
