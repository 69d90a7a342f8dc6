"""A process that has the libraries and nothing else, and forks for each notebook.

It runs inside the box and never runs student code itself.  Over a socket at
descriptor 0 it is told to ``open`` a folder, with the descriptors of a channel and of
the entrances to an account, and then to ``end``: what it forked is killed with all that
came of it, and the folder removed, before the next one begins.  Each fork is kept from
this process too.  Between two of them it may be told to ``draw``: to load Matplotlib.
After the first one it does once by itself what notebooks do, for all later ones, and
makes empty figures for them if they draw.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import random
import shutil
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from autograder.limits import MAX_CONTROL
from autograder.sandbox.inside.drawing import (
    DRAWING,
    draw_ahead,
    load_drawing,
    put_drawing_off,
)
from autograder.sandbox.inside.removing import remove_folder
from autograder.sandbox.inside.syscalls import install_filter

__all__ = ["become", "main", "prove_confined", "serve_forks"]

_SEED = 20150508  # of generators that a notebook does not seed: the same in all
_PLACES = {"HOME": "home", "IPYTHONDIR": "ipython", "TMPDIR": "tmp"}


def main() -> None:
    """Prepare, say so, and fork until the socket is closed."""
    setup = json.loads(sys.argv[1])
    become(setup["user"])
    prove_confined(setup["outside"])
    shutil.copytree(setup["home"], setup["open"] + "/home", dirs_exist_ok=True)
    shell = _preload()
    importlib.import_module("autograder.sandbox.inside.student_process")
    if setup["confine"]:
        import sandlock  # noqa: F401 -- now, for all forks
    gc.freeze()  # what is there stays, and stays shared
    bounded = _is_bounded(setup["open"], setup["size"])
    ready = {"ready": os.getpid(), "bounded": bounded}
    serve_forks(socket.socket(fileno=0), shell, setup["confine"], ready)


def _is_bounded(folder: str, size: int) -> bool:
    """Whether a folder is a file system of its own, of no more than `size` bytes."""
    room = os.statvfs(folder)
    return room.f_blocks * room.f_frsize <= size


def become(user: int | None) -> None:
    """Give up being root."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def prove_confined(outside: int | None) -> None:
    """Stop unless the process `outside`, which made the box, is out of reach.

    What this process forked is killed by killing all that it can reach, so it
    has to be sure that it cannot reach anything outside the box.  None if it
    has no number in here.
    """
    if outside is None:
        return
    try:
        os.kill(outside, 0)
    except (ProcessLookupError, PermissionError):
        return
    sys.exit("The box does not hold: processes outside can be reached.")


def _preload() -> Any:
    """Load what notebooks load; give the shell that the forks will use."""
    import bdb  # noqa: F401 -- with the next what IPython loads for its first cell

    import IPython.core.logger  # noqa: F401
    import numpy as np

    from autograder import lab
    from autograder.lab import datasets
    from autograder.sandbox.inside.shell import new_shell

    _no_checks()
    put_drawing_off()
    others = {module.name for module in pkgutil.iter_modules(lab.__path__)} - set(
        DRAWING
    )
    for name in sorted(others):
        with contextlib.suppress(Exception):  # a notebook that wants it will say so
            importlib.import_module(f"autograder.lab.{name}")
    with contextlib.suppress(Exception):
        datasets.digits()  # it keeps what it has read
    np.random.default_rng(0).standard_normal(3) @ np.ones(3)
    return new_shell()


def _no_checks() -> None:
    """A learner's own `check(f)` says nothing here: the grader asks by itself."""
    import autograder

    def unasked(*_: object, **__: object) -> None:
        """The grader judges every function when the cells have run."""

    for name in autograder.__all__:
        setattr(autograder, name, AssertionError if name == "CheckFailed" else unasked)


def serve_forks(
    control: socket.socket, shell: Any, confine: bool, ready: dict[str, Any]
) -> None:
    """Fork when asked to, and leave nothing alive between two notebooks."""
    _adopt_orphans()
    control.sendall(json.dumps(ready).encode())
    child, folder = 0, ""
    later: list[Callable[[], None]] = [partial(_rehearse, shell)]
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MAX_CONTROL, 8)
        if not message:
            break
        request = json.loads(message)
        if request["do"] == "open":
            folder = request["folder"]
            os.mkdir(folder)
            child = _fork()
            if child == 0:
                _serve(control, descriptors, shell, confine, folder)
            for descriptor in descriptors:
                os.close(descriptor)
            answer: dict[str, Any] = {"child": child}
        elif request["do"] == "draw":
            load_drawing()
            gc.freeze()
            later.append(draw_ahead)
            answer = {"draws": True}
        else:
            answer = {"status": end_all(child)}
            remove_folder(Path(folder))
            answer["clean"] = not os.path.lexists(folder)
        control.sendall(json.dumps(answer).encode())
        if request["do"] == "end" and later:  # nobody waits now
            for prepare in later:
                prepare()
            later.clear()
            gc.freeze()
    end_all(child)


def _rehearse(shell: Any) -> None:
    from autograder.sandbox.inside.rehearsal import rehearse

    rehearse(shell)


def end_all(child: int) -> int | None:
    """Kill every process in the box but this one; the child's exit code.

    One call reaches them all at once, also those that are just forking.
    """
    # One that has ended by itself keeps its own exit code.
    status = _reap(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(-1, signal.SIGKILL)
    return _reap(child, 0, status)


def _reap(child: int, options: int, status: int | None = None) -> int | None:
    while True:
        try:
            pid, code = os.waitpid(-1, options)
        except ChildProcessError:
            return status
        if pid == 0:
            return status
        if pid == child and status is None:
            status = os.waitstatus_to_exitcode(code)


def _fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # libraries may have threads; none is needed
        return os.fork()


def _serve(
    control: socket.socket,
    descriptors: list[int],
    shell: Any,
    confine: bool,
    folder: str,
) -> None:
    """In a fork: run one notebook, and never come back."""
    try:
        channel, *entrances = descriptors
        for entrance in entrances:
            os.write(entrance, b"0")
            os.close(entrance)
        from autograder.sandbox.inside.channel import Channel
        from autograder.sandbox.inside.student_process import (
            close_standard_streams,
            serve,
        )

        close_standard_streams()
        control.detach()  # its descriptor was 0 and is closed
        _move_into(folder)
        if confine:
            _confine_to(folder)
        install_filter(counted=bool(entrances))
        random.seed(_SEED)
        sys.modules["numpy"].random.seed(_SEED)
        serve(Channel(channel, channel), shell)
    finally:
        os._exit(0)


def _move_into(folder: str) -> None:
    for variable, name in _PLACES.items():
        os.environ[variable] = os.path.join(folder, name)
        os.mkdir(os.environ[variable])
    tempfile.tempdir = None
    work = os.path.join(folder, "work")
    os.mkdir(work)
    os.chdir(work)


def _confine_to(folder: str) -> None:
    """Keep a fork from this process, and from writing anywhere but into its folder.

    What can be read is what the box around this process leaves.
    """
    from sandlock import Sandbox, confine

    confine(Sandbox(fs_readable=["/"], fs_writable=[folder, os.devnull]))


def _adopt_orphans() -> None:
    import ctypes

    set_child_subreaper = 36
    ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


if __name__ == "__main__":
    main()
