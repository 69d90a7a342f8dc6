"""The page on which answers are read, served to this machine's user alone.

Its address holds a token: who does not know it gets nothing.  Only this machine is
listened to, under its own name, and nothing is loaded from outside.
"""

from __future__ import annotations

import asyncio
import html
import json
import secrets
import webbrowser
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from autograder.gradebook.reading import GradebookFailed
from autograder.limits import MAX_RENDERED_PAGE
from autograder.reading.given import Given
from autograder.reading.session import NotUnderstood, Session
from autograder.writing import read_if_there, write_whole

__all__ = ["HOST", "application", "serve"]

HOST = "127.0.0.1"

_PAGE = Path(__file__).parent / "page"
_FONTS = Path(__file__).parents[1] / "gradebook" / "templates" / "fonts"
_FILES = {
    "": (_PAGE / "read.html", "text/html"),
    "read.js": (_PAGE / "read.js", "text/javascript"),
    "read.css": (_PAGE / "read.css", "text/css"),
    "course-math.woff": (_FONTS / "course-math.woff", "font/woff"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; "
    "img-src data:; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class _Handler(RequestHandler):
    """Refuses whoever has no token, and whoever calls this machine by another name."""

    def initialize(self, session: Session, token: str, hosts: set[str]) -> None:
        self._session, self._token, self._hosts = session, token, hosts

    def set_default_headers(self) -> None:
        for name, value in {
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Server": "autograder",
        }.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        # Else a web page could have a browser ask us under a name of its own.
        if self.request.host not in self._hosts:
            raise HTTPError(403)
        origin = self.request.headers.get("Origin")
        if origin is not None and origin not in {f"http://{h}" for h in self._hosts}:
            raise HTTPError(403)
        token = self.path_args[0] if self.path_args else ""
        if not secrets.compare_digest(str(token).encode(), self._token.encode()):
            raise HTTPError(404)

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish({"error": self._reason})

    def check_xsrf_cookie(self) -> None:
        """No cookie is used: the token stands in the address."""

    async def in_turn(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """One after another, while others are listened to."""
        try:
            loop = asyncio.get_running_loop()
            worker = self.application.settings["worker"]
            return await loop.run_in_executor(worker, work, *arguments)
        except GradebookFailed as error:
            self.set_status(503)
            return {"error": str(error)}
        except NotUnderstood as error:
            self.set_status(400)
            return {"error": str(error)}

    def asked(self, *fields: tuple[str, type | tuple[type, ...]]) -> list[Any]:
        """Fields of the request, each of its kind."""
        if self.request.headers.get("Content-Type") != "application/json":
            raise HTTPError(415)
        try:
            tree = json.loads(self.request.body)
            found = [tree[name] for name, _ in fields]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise HTTPError(400) from error
        for value, (_, kind) in zip(found, fields, strict=True):
            if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
                raise HTTPError(400)
        return found


class _File(_Handler):
    def get(self, _: str, name: str) -> None:
        path, kind = _FILES[name]
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.finish(path.read_bytes())


class _Everything(_Handler):
    async def get(self, _: str) -> None:
        self.finish(await self.in_turn(self._session.everything))


class _Look(_Handler):
    async def post(self, _: str) -> None:
        reader, at = self.asked(("reader", str), ("at", int))
        self.finish(await self.in_turn(self._session.look, reader[:64], at))


class _Give(_Handler):
    async def post(self, _: str) -> None:
        number = (int, float, type(None))
        at, version, earned, own, comment, done = self.asked(
            ("at", int),
            ("version", str),
            ("earned", list),
            ("own", number),
            ("comment", str),
            ("done", bool),
        )
        if not all(type(place) is int for place in earned) or own != own:
            raise HTTPError(400)
        given = Given(tuple(sorted(set(earned))), own, comment)
        told = await self.in_turn(self._session.give, at, version, given, done)
        if isinstance(told, tuple):
            told = {"entered": told[0], "state": told[1]}
        self.finish(told)


def application(session: Session, token: str, port: int) -> Application:
    """What is served on `port`, under addresses that begin with the token."""
    hosts = {f"{HOST}:{port}", f"localhost:{port}"}
    known = {"session": session, "token": token, "hosts": hosts}
    names = "|".join(name.replace(".", r"\.") for name in _FILES)
    return Application(
        [
            (r"/([\w-]+)/everything", _Everything, known),
            (r"/([\w-]+)/look", _Look, known),
            (r"/([\w-]+)/give", _Give, known),
            (rf"/([\w-]+)/({names})", _File, known),
        ],
        default_handler_class=_Handler,
        default_handler_args=known,
        worker=ThreadPoolExecutor(1),
    )


def serve(
    session: Session, folder: Path, say: Callable[[str], None], port: int, show: bool
) -> None:
    """Serve the page until the program is interrupted.

    Parameters
    ----------
    session : Session
    folder : Path
        The class's own, where the address may be written for the browser.
    say : callable
        Is given the address.
    port : int
        0 for any that is free.
    show : bool
        Whether to open a browser.
    """
    asyncio.run(_serve(session, folder, say, port, show))


async def _serve(
    session: Session, folder: Path, say: Callable[[str], None], port: int, show: bool
) -> None:
    sockets = bind_sockets(port, HOST)
    port = sockets[0].getsockname()[1]
    token = secrets.token_urlsafe(24)
    server = HTTPServer(
        application(session, token, port),
        max_body_size=MAX_RENDERED_PAGE,
        max_buffer_size=1 << 20,
    )
    server.add_sockets(sockets)
    address = f"http://{HOST}:{port}/{token}/"
    say(address)
    # Other users see a program's arguments: the browser is given a file's name.
    door = folder / f"read-{port}.html"
    if show:
        link = html.escape(address)
        page = f'<meta http-equiv="refresh" content="0; url={link}"><a href="{link}">'
        write_whole(door, f"{page}Read the answers</a>\n".encode(), private=True)
        webbrowser.open(door.as_uri())
    try:
        await asyncio.Event().wait()
    finally:
        server.stop()
        if show and read_if_there(door) is not None:
            door.unlink()
