"""A write transaction is opened only for a request that is valid as a whole."""

from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from tests.support.sessions import Start, StartedSession


@pytest.fixture
def transactions() -> Iterator[list[str]]:
    """The write transactions opened since the test began."""
    opened: list[str] = []

    def note(connection: Connection) -> None:
        options = connection.get_execution_options()
        if (
            options.get("begin") == "BEGIN IMMEDIATE"
            or options.get("isolation_level") == "READ COMMITTED"
        ):
            opened.append(connection.dialect.name)

    event.listen(Engine, "begin", note)
    yield opened
    event.remove(Engine, "begin", note)


class Write(NamedTuple):
    """A request that changes something."""

    method: str
    path: str
    body: object


def writes(started: StartedSession) -> list[Write]:
    """Return valid requests for every change of a session."""
    return [
        Write("POST", "/v1/sessions", {"carrier": "example", "procedure": "cancel"}),
        Write("PATCH", started.path, {"language": "ja"}),
        Write("PATCH", f"{started.path}/steps/a", {"state": "done"}),
        Write("POST", f"{started.path}/upgrade", None),
        Write("POST", f"{started.path}/shares", None),
        Write("DELETE", f"{started.path}/shares", None),
        Write("DELETE", started.path, None),
    ]


def test_a_bad_query_opens_no_transaction(
    http: httpx.Client, start: Start, transactions: list[str]
) -> None:
    """A change with a wrong or unknown parameter is refused without a write transaction."""
    started = start()
    transactions.clear()

    for method, path, body in writes(started):
        for query in ("tz=nowhere", "lang=tlh", "colour=red", "lang=ja&lang=en"):
            assert (
                http.request(
                    method, f"{path}?{query}", json=body, headers=started.owner
                ).status_code
                == 422
            ), (method, path)

    assert transactions == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"colour": 1}', b'{"state": "done", "state": "todo"}']
)
def test_a_bad_body_opens_no_transaction(
    http: httpx.Client, start: Start, transactions: list[str], content: bytes
) -> None:
    """A change with a malformed or invalid body is refused without a write transaction."""
    started = start()
    transactions.clear()
    headers = {**started.owner, "Content-Type": "application/json"}

    for method, path, body in writes(started):
        if body is not None:
            assert (
                http.request(method, path, content=content, headers=headers).status_code == 422
            ), (method, path)

    assert transactions == []


def test_impossible_facts_open_no_transaction(
    http: httpx.Client, start: Start, transactions: list[str]
) -> None:
    """Facts that contradict each other are refused without a write transaction."""
    start()
    transactions.clear()

    for facts in (
        {"contract_started_on": "2026-04-10", "service_started_on": "2026-04-09"},
        {"bought_on": "1066-10-14"},
    ):
        refused = http.post(
            "/v1/sessions", json={"carrier": "example", "procedure": "cancel", "facts": facts}
        )
        assert refused.status_code == 422, facts

    assert transactions == []


def test_a_bad_header_opens_no_transaction(
    http: httpx.Client, start: Start, transactions: list[str]
) -> None:
    """A change without a token or with a malformed If-Match opens no write transaction."""
    started = start()
    transactions.clear()

    for method, path, body in writes(started)[1:]:
        assert http.request(method, path, json=body).status_code == 401, (method, path)
        assert (
            http.request(
                method, path, json=body, headers={**started.owner, "If-Match": "3"}
            ).status_code
            == 422
        ), (method, path)

    assert transactions == []


def test_a_good_write_opens_one_transaction(
    http: httpx.Client, start: Start, transactions: list[str]
) -> None:
    """Each valid change opens exactly one write transaction."""
    started = start()

    for method, path, body in writes(started):
        transactions.clear()
        assert http.request(method, path, json=body, headers=started.owner).is_success, (
            method,
            path,
        )
        assert len(transactions) == 1, (method, path)
