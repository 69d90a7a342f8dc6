"""The page's server: for this machine's user alone, and what it takes."""

from __future__ import annotations

import json

import pytest
from tornado.httpclient import HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from autograder.reading.server import HOST, application

TOKEN = "t0ken"


@pytest.fixture
def asking(session):
    """Asks the server for several things, one after another, and gives the answers."""
    import asyncio

    async def ask(requests):
        (socket,) = bind_sockets(0, HOST)
        port = socket.getsockname()[1]
        server = HTTPServer(application(session, TOKEN, port))
        server.add_sockets([socket])
        client = SimpleAsyncHTTPClient(force_instance=True)
        found = []
        for path, body, headers in requests:
            headers = {k: v.format(port=port) for k, v in headers.items()}
            request = HTTPRequest(
                f"http://{HOST}:{port}{path}",
                method="GET" if body is None else "POST",
                body=body,
                headers=headers,
            )
            found.append(await client.fetch(request, raise_error=False))
        server.stop()
        client.close()
        return found

    return lambda *requests: asyncio.run(ask(requests))


def sent(path, tree, **headers):
    headers = {"Content-Type": "application/json"} | headers
    return f"/{TOKEN}/{path}", json.dumps(tree), headers


def test_who_does_not_know_the_token_gets_nothing(asking):
    """Nor whoever reaches this machine under another name, as a web page can."""
    found = asking(
        (f"/{TOKEN}/", None, {}),
        (f"/{TOKEN}/", None, {"Host": "localhost:{port}"}),
        ("/", None, {}),
        ("/wrong/", None, {}),
        ("/wrong/everything", None, {}),
        (f"/{TOKEN}/everything", None, {"Host": "evil.example:{port}"}),
        (f"/{TOKEN}/everything", None, {"Host": "127.0.0.1"}),
        sent("look", {"reader": "x", "at": 0}, Origin="http://evil.example"),
        sent("look", {"reader": "x", "at": 0}, Origin="http://127.0.0.1:{port}"),
        (f"/{TOKEN}/../../etc/passwd", None, {}),
    )

    codes = [answer.code for answer in found]
    assert codes == [200, 200, 404, 404, 404, 403, 403, 403, 200, 404]
    for answer in found:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        if answer.code != 200:
            assert b"velocity" not in answer.body
            assert TOKEN.encode() not in answer.body


def test_what_is_given_is_taken_once(asking, session):
    version = session.everything()["groups"][0]["version"]
    one = {"at": 0, "earned": [1], "own": None, "comment": "", "done": True}
    first, again = asking(*[sent("give", one | {"version": version})] * 2)

    told = [json.loads(answer.body) for answer in (first, again)]
    assert [one["entered"] for one in told] == [True, False]
    assert [one["state"]["read"] for one in told] == [True, True]
    assert told[1]["state"]["earned"] == [1]


@pytest.mark.parametrize(
    "change",
    [
        {"at": "0"},
        {"at": True},
        {"at": 99},
        {"earned": [True]},
        {"earned": [[]]},
        {"own": "1"},
        {"own": 99},
        {"comment": None},
        {"done": 1},
    ],
)
def test_what_the_page_does_not_send_changes_nothing(asking, session, change):
    before = session.everything()
    one = {"at": 0, "earned": [1], "own": None, "comment": "", "done": True}
    one |= {"version": before["groups"][0]["version"]} | change
    (answer,) = asking(sent("give", one))

    assert answer.code == 400
    assert session.everything() == before


def test_no_form_of_another_page_is_taken(asking):
    body = json.dumps({"reader": "x", "at": 0})
    (answer,) = asking((f"/{TOKEN}/look", body, {"Content-Type": "text/plain"}))

    assert answer.code == 415
