"""Whether the connection stays open after a failure, seen on a raw socket."""

import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPResponse

import pytest
from sqlalchemy import text

from app.database import Database
from tests.faults.outage import publish_example
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

BODY = b'{"carrier": "example", "procedure": "cancel"}'
POST = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


@pytest.fixture(scope="module")
def faulty(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service whose tables have other names than the code expects."""
    url = databases.migrated()
    publish_example(url, tmp_path_factory.mktemp("catalogue"))
    database = Database(url)
    with database.write() as session:
        for table in ("carrier_name", "checklist_session"):
            session.connection().execute(text(f"ALTER TABLE {table} RENAME TO away_{table}"))
    database.close()
    with serving(settings_for(url)) as address:
        yield address
    databases.drop(url)


def connect(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def send(connection: socket.socket, request: bytes, rest: bytes = b"\r\n") -> HTTPResponse:
    """Send a request and read its whole answer."""
    connection.sendall(request + b" HTTP/1.1\r\nHost: example.org\r\n" + rest)
    answer = HTTPResponse(connection, method=request.split()[0].decode())
    answer.begin()
    answer.read()
    return answer


@pytest.mark.parametrize(
    ("request_line", "rest"),
    [
        (b"GET /v1/carriers?q=example", b"\r\n"),
        (b"HEAD /v1/carriers?q=example", b"\r\n"),
        (b"POST /v1/sessions", POST),
    ],
)
def test_after_a_500_the_connection_closes(faulty: str, request_line: bytes, rest: bytes) -> None:
    """A 500 has `Connection: close`, and the server closes the connection."""
    with closing(connect(faulty)) as connection:
        answer = send(connection, request_line, rest)

        assert answer.status == 500
        assert answer.headers["connection"] == "close"
        assert connection.recv(1) == b""


@pytest.mark.parametrize("path", [b"/v1/carriers/example", b"/nowhere", b"/v1/carriers?limit=x"])
def test_after_other_answers_the_connection_stays_open(faulty: str, path: bytes) -> None:
    """After a 200, a 404 or a 422 the connection takes further requests."""
    with closing(connect(faulty)) as connection:
        first = send(connection, b"GET " + path)
        second = send(connection, b"GET " + path)

    assert first.headers["connection"] is None
    assert first.status == second.status != 500


def test_after_a_503_the_connection_stays_open() -> None:
    """After a 503 the connection stays open.

    An outage is no fault of the worker, and many clients would connect again at once.
    """
    away = settings_for("postgresql://k@127.0.0.1:1/k")
    with serving(away) as address, closing(connect(address)) as connection:
        first = send(connection, b"GET /v1/carriers?q=example")
        second = send(connection, b"GET /healthz")

    assert (first.status, second.status) == (503, 200)
    assert first.headers["connection"] is None
