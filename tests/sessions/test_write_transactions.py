"""A write takes its turn only once the whole request is known to be good."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from tests.support.sessions import Begun

Begin = Callable[..., Begun]


@pytest.fixture
def turns() -> Iterator[list[str]]:
    """The write transactions that have been opened since the test began."""
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


def writes(begun: Begun) -> list[tuple[str, str, object]]:
    return [
        ("POST", "/v1/sessions", {"carrier": "example", "procedure": "cancel"}),
        ("PATCH", begun.at, {"language": "ja"}),
        ("PATCH", f"{begun.at}/steps/a", {"state": "done"}),
        ("POST", f"{begun.at}/upgrade", None),
        ("POST", f"{begun.at}/shares", None),
        ("DELETE", f"{begun.at}/shares", None),
        ("DELETE", begun.at, None),
    ]


def test_a_bad_query_takes_no_turn(http: httpx.Client, begin: Begin, turns: list[str]) -> None:
    begun = begin()
    turns.clear()

    for method, path, body in writes(begun):
        for query in ("tz=nowhere", "lang=tlh", "colour=red", "lang=ja&lang=en"):
            assert (
                http.request(method, f"{path}?{query}", json=body, headers=begun.owner).status_code
                == 422
            ), (method, path)

    assert turns == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"colour": 1}', b'{"state": "done", "state": "todo"}']
)
def test_a_bad_body_takes_no_turn(
    http: httpx.Client, begin: Begin, turns: list[str], content: bytes
) -> None:
    begun = begin()
    turns.clear()
    headers = {**begun.owner, "Content-Type": "application/json"}

    for method, path, body in writes(begun):
        if body is not None:
            assert (
                http.request(method, path, content=content, headers=headers).status_code == 422
            ), (method, path)

    assert turns == []


def test_facts_that_cannot_be_take_no_turn(
    http: httpx.Client, begin: Begin, turns: list[str]
) -> None:
    begin()
    turns.clear()

    for facts in (
        {"contract_started_on": "2026-04-10", "service_started_on": "2026-04-09"},
        {"bought_on": "1066-10-14"},
    ):
        refused = http.post(
            "/v1/sessions", json={"carrier": "example", "procedure": "cancel", "facts": facts}
        )
        assert refused.status_code == 422, facts

    assert turns == []


def test_a_bad_header_takes_no_turn(http: httpx.Client, begin: Begin, turns: list[str]) -> None:
    begun = begin()
    turns.clear()

    for method, path, body in writes(begun)[1:]:
        assert http.request(method, path, json=body).status_code == 401, (method, path)
        assert (
            http.request(
                method, path, json=body, headers={**begun.owner, "If-Match": "3"}
            ).status_code
            == 422
        ), (method, path)

    assert turns == []


def test_a_good_write_takes_one_turn(http: httpx.Client, begin: Begin, turns: list[str]) -> None:
    begun = begin()

    for method, path, body in writes(begun):
        turns.clear()
        assert http.request(method, path, json=body, headers=begun.owner).is_success, (method, path)
        assert len(turns) == 1, (method, path)
