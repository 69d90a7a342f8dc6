"""A PostgreSQL server for tests: an ordinary user's, in a folder, on a socket."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

SECONDS_TO_START = 60


@contextmanager
def postgresql_server(pg_ctl: str) -> Iterator[Callable[[], str]]:
    """Start a server; gives a function that makes a database and returns its URL.

    Parameters
    ----------
    pg_ctl : str
        Path of that command; the others lie beside it.
    """
    commands = Path(pg_ctl).resolve().parent
    # Not pytest's folder: root's is closed to others, and a socket's path is short.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    rights = _ordinary_user()
    if rights:
        os.chown(folder, pwd.getpwnam(rights["user"]).pw_uid, -1)
    data = folder / "data"
    options = ["--auth=trust", "--username=tests", "--encoding=UTF8", "--locale=C"]
    _run([commands / "initdb", *options, "--no-sync", "-D", data], folder, rights)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "shared_buffers": "16MB",
    }
    words = [f"--{name}={value}" for name, value in settings.items()]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [commands / "postgres", "-D", data, *words],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=log,
            **rights,
        )
    numbers = count(1)

    def make_database() -> str:
        name = f"course_{next(numbers)}"
        with _connect(folder, server) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://tests@/{name}?host={folder}"

    try:
        yield make_database
    finally:
        server.send_signal(signal.SIGINT)  # does not wait for clients
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user() -> dict[str, Any]:
    """For a subprocess: PostgreSQL refuses to be run by root."""
    if os.getuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_name, "group": user.pw_gid, "extra_groups": []}


def _run(command: list, folder: Path, rights: dict[str, Any]) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, **rights
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def _connect(folder: Path, server: subprocess.Popen) -> psycopg.Connection:
    """A connection to the server, which may be starting still."""
    give_up = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            return psycopg.connect(
                host=str(folder), user="tests", dbname="postgres", autocommit=True
            )
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.05)
