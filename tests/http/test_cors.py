"""Pages of every origin can read the headers they need, and send those of the contract."""

import httpx
import pytest

from app.settings import Settings
from tests.support.contract import operations
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

ALWAYS_READABLE = {
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
}
"""Readable by the Fetch standard, even if the server does not expose them."""

FOR_BROWSERS_AND_CACHES = {
    "access-control-allow-origin",
    "access-control-expose-headers",
    "connection",
    "content-encoding",
    "content-security-policy",
    "date",
    "referrer-policy",
    "transfer-encoding",
    "vary",
    "x-content-type-options",
}
"""Headers of no use to a page."""


def _limited(databases: Databases) -> Settings:
    return settings_for(databases.with_sample(), changes_per_minute=8)


def _responses(http: httpx.Client) -> list[httpx.Response]:
    """Return responses of every kind that the service gives."""
    wanted = {"carrier": "monthly", "procedure": "cancel-online"}
    key = {"Idempotency-Key": "6f1f6d0e-6a0a-4f6e-9a55-3f0c8f6c2f11"}
    created = http.post("/v1/sessions", json=wanted, headers=key)
    at, owner = (
        created.headers["location"],
        {"Authorization": f"Bearer {created.json()['token']}"},
    )
    timeline = "/v1/carriers/monthly/procedures/cancel-online/timeline.ics"
    return [
        created,
        http.post("/v1/sessions", json=wanted, headers=key),
        http.post("/v1/sessions", content=b"{}"),
        http.patch(at, content=b"{}", headers=owner),
        http.patch(at, json={"language": "ja"}, headers=owner),
        http.patch(at, json={"language": "ja"}, headers={**owner, "If-Match": '"9"'}),
        http.get(at, headers=owner),
        http.get(at),
        http.get(f"{at}/calendar.ics", headers=owner),
        http.delete(f"{at}/shares", headers=owner),
        http.get("/v1"),
        http.get("/v1", headers={"If-None-Match": "*"}),
        http.put("/v1"),
        http.get(timeline),
        http.get("/v1/guide"),
        http.get("/v1/nothing"),
        http.get("/healthz"),
        http.get("/openapi.json"),
        *(http.post("/v1/sessions", json=wanted) for _ in range(8)),
    ]


@pytest.mark.parametrize("path", ["/v1", "/v1/carriers/nobody", "/v1?colour=red"])
def test_any_origin_may_read(client: httpx.Client, path: str) -> None:
    """Responses and problems allow every origin."""
    assert (
        client.get(path, headers={"Origin": "https://front-end.example"}).headers[
            "access-control-allow-origin"
        ]
        == "*"
    )


def test_a_preflight_is_answered(client: httpx.Client) -> None:
    """An OPTIONS request of a browser gets a 204 that allows the header it asks for."""
    answer = client.options(
        "/v1",
        headers={
            "Origin": "https://front-end.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )

    assert answer.status_code == 204
    assert "if-none-match" in answer.headers["access-control-allow-headers"].lower()


def test_pages_can_read_every_useful_header(databases: Databases) -> None:
    """Every header sent, except those of no use to a page, is exposed on every response."""
    with serving(_limited(databases)) as address, httpx.Client(base_url=address) as http:
        answers = _responses(http)

    sent = {name.lower() for answer in answers for name in answer.headers}
    exposed = {
        name.strip().lower()
        for name in answers[0].headers["access-control-expose-headers"].split(",")
    }
    assert {
        "allow",
        "content-disposition",
        "www-authenticate",
        "retry-after",
        "accept-patch",
        "idempotent-replayed",
    } <= sent
    assert sent - FOR_BROWSERS_AND_CACHES - ALWAYS_READABLE <= exposed
    assert all("access-control-expose-headers" in answer.headers for answer in answers)


def test_the_preflight_allows_all_of_the_contract(client: httpx.Client) -> None:
    """The preflight allows every header and every method that the contract names."""
    named = {
        parameter["name"].lower()
        for operation in operations()
        for parameter in operation.details.get("parameters", [])
        if parameter["in"] == "header"
    } | {"authorization", "content-type"}

    answer = client.options(
        "/v1/sessions",
        headers={"Origin": "https://a.example", "Access-Control-Request-Method": "PATCH"},
    )

    allowed = {
        name.strip().lower() for name in answer.headers["access-control-allow-headers"].split(",")
    }
    assert named <= allowed
    methods = {operation.method.upper() for operation in operations()}
    assert methods <= {
        name.strip() for name in answer.headers["access-control-allow-methods"].split(",")
    }
