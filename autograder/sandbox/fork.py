"""One notebook's process: a fork of the fork server, watched and counted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from autograder.limits import Limits
from autograder.sandbox.bounds.account import LOOKED_AT, Account
from autograder.sandbox.bounds.usage import Watch, processor_seconds, waited_seconds
from autograder.sandbox.inside.channel import Channel

if TYPE_CHECKING:
    from autograder.sandbox.forks import ForkServer

__all__ = ["Fork", "ForkServerFailed"]


class ForkServerFailed(Exception):
    """The fork server did not start, or does not answer any more."""


class Fork:
    """What a fork server forked, and all that came of it.

    Parameters
    ----------
    server : ForkServer
    folder : path
        Where it writes.
    descriptor : int
        Of the channel to it.
    account : Account or None
        What the kernel counts it by.
    limits : Limits
    """

    tells_start = False

    def __init__(
        self,
        server: ForkServer,
        folder: Path,
        descriptor: int,
        account: Account | None,
        limits: Limits,
    ):
        self.channel = Channel(descriptor, descriptor)
        self._server = server
        self._account = account
        self._ended = False
        self._status: int | None = None
        self._watch = Watch(self._processes, folder, server.bounded, account, limits)

    def _processes(self) -> list[psutil.Process]:
        return self._server.processes()

    @property
    def account(self) -> str:
        """What bounds it, as a report says."""
        return LOOKED_AT if self._account is None else self._account.name

    @property
    def killed_for(self) -> str:
        """What it used too much of, if it was killed for that."""
        return self._watch.reason

    def exhausted(self) -> bool:
        """Whether the kernel has killed part of it for its memory."""
        return self._account is not None and self._account.out_of_memory()

    def used(self) -> float:
        """Seconds of processor time of all that came of it."""
        if self._account is not None:
            return self._account.processor_seconds()
        return processor_seconds(self._processes())

    def used_lately(self) -> float:
        """The same as of a moment ago, without looking for the processes."""
        return self._watch.used

    def busy(self) -> float:
        """Seconds in which it had, or waited for, a processor."""
        if self._account is None:
            numbers = [process.pid for process in self._processes()]
        else:
            numbers = self._account.processes()
        return self.used() + waited_seconds(numbers)

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
            self._ended = True
            try:
                self._status = self._server.end_fork()
            except ForkServerFailed:
                self._server.forget()
            if self._account is not None:
                self._account.close()
        return self._status

    def close(self) -> None:
        """End it; its folder goes too."""
        self.exit_code()
        self.channel.close()
        if self._server.worn:
            self._server.forget()
