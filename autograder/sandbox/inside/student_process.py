"""The process in which student code runs: cells first, then one call at a time.

It answers requests that come over one pipe and has no opinion about them.
Student code shares this process, so nothing that it says is believed: it sends
values, and whoever asked decides what they are worth.

Requests are dicts with ``do``:

``limits``
    Confine this process, once, before anything else.
``names``
    Which names each of the `sources` binds and needs.
``run``
    Run one cell; answers with what it shows and its error.
``probe``
    Call a function in one case; ``first`` if it is the first case of this function.
    In a fork of this process, which is killed at a deadline, if ``apart``.
``places``
    Call a function again with changes in it, in a fork: what these prove in the
    cases of `question`.
``defined``
    Which of `names` are functions now.
``files``
    Put `files` into the folder where cells run.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from autograder.calling.packing import pack, unpack
from autograder.limits import MAX_PACKET
from autograder.sandbox.inside.alarm import Alarm, RanTooLong
from autograder.sandbox.inside.channel import Channel, ChannelClosed
from autograder.sandbox.inside.forked_calls import Calls
from autograder.sandbox.inside.resource_limits import die_with_parent, set_limits
from autograder.sandbox.inside.shell import Shell, new_shell

__all__ = ["close_standard_streams", "main", "serve"]


def main() -> None:
    """Answer requests over the standard streams until they are closed."""
    channel = Channel(os.dup(0), os.dup(1))
    close_standard_streams()
    channel.send(pack({"ready": True}))
    serve(channel)


def serve(channel: Channel, shell: Shell | None = None) -> None:
    """Answer requests until the channel is closed.

    `shell` is made anew unless the process has one that nobody has used.
    """
    confined = False
    alarm = Alarm()
    calls = Calls(alarm)
    with contextlib.suppress(ChannelClosed):
        while True:
            request = unpack(channel.receive(MAX_PACKET), MAX_PACKET)
            if request["do"] != "probe":
                calls.end()
            if request["do"] == "limits":
                sys.path[:0] = request["path"] or [os.getcwd()]
                warnings.filterwarnings("ignore", message=".*is non-interactive")
                die_with_parent()
                set_limits(request)
                confined = True
                shell = shell or new_shell()
                answer: dict[str, Any] = {"ready": True}
            elif shell is None or not confined:
                return
            elif request["do"] == "names":
                answer = {"names": [shell.names(s) for s in request["sources"]]}
            elif request["do"] == "run":
                answer = _run(shell, alarm, request)
            elif request["do"] == "probe":
                channel.send(calls.probe(shell.user_ns, request))
                continue
            elif request["do"] == "places":
                channel.send(calls.places(shell.user_ns, request))
                continue
            elif request["do"] == "files":
                answer = _put(request["files"])
            else:
                answer = {"defined": _defined(shell, request["names"])}
            channel.send(pack(answer))


def close_standard_streams() -> None:
    """Student code gets empty streams."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _run(shell: Shell, alarm: Alarm, request: dict[str, Any]) -> dict[str, Any]:
    if request["module"]:
        shell.user_ns["__name__"] = request["module"]
    timed_out = False
    shown: dict[str, Any] = {}
    try:
        with alarm.after(request["seconds"], request.get("left", math.inf)):
            shown = shell.run(request["source"], request["number"])
    except RanTooLong:
        timed_out = True
    error = shown.get("error", shell.error)
    if error and error["kind"] == RanTooLong.__name__:
        timed_out, error = True, None
    return {
        "outputs": shell.record.entries,
        "error": error,
        "timed_out": timed_out,
    }


def _put(files: dict[str, Any]) -> dict[str, Any]:
    for name, data in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.tobytes())
    return {"ready": True}


def _defined(shell: Shell, names: list[str]) -> list[str]:
    return [name for name in names if callable(shell.user_ns.get(name))]
