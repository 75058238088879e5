"""Pages of every origin can read what they need and send what the contract names."""

import httpx

from app.settings import Settings
from tests.contract.test_openapi import operations
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
"""By the Fetch standard, whatever the server exposes."""

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
"""Of no use to a page."""


def _limited(databases: Databases) -> Settings:
    return settings_for(databases.with_sample(), changes_per_minute=8)


def _answers(http: httpx.Client) -> list[httpx.Response]:
    """Return answers of every kind the service gives."""
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


def test_pages_can_read_every_header_that_they_need(databases: Databases) -> None:
    with serving(_limited(databases)) as address, httpx.Client(base_url=address) as http:
        answers = _answers(http)

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


def test_the_preflight_allows_every_header_of_the_contract(client: httpx.Client) -> None:
    named = {
        parameter["name"].lower()
        for _, _, operation in operations()
        for parameter in operation.get("parameters", [])
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
    methods = {method.upper() for method, _, _ in operations()}
    assert methods <= {
        name.strip() for name in answer.headers["access-control-allow-methods"].split(",")
    }
