"""Starting a session: repeated requests, and requests that are refused."""

import uuid
from typing import Any

import httpx
import pytest


def test_a_retry_in_another_language_is_the_same_request(http: httpx.Client) -> None:
    """A repeated creation with another Accept-Language gives the same session and token."""

    def create(language: str) -> httpx.Response:
        headers = {"Idempotency-Key": key, "Accept-Language": language}
        return http.post(
            "/v1/sessions", json={"carrier": "example", "procedure": "cancel"}, headers=headers
        )

    key = str(uuid.uuid4())
    first, second = create("ja"), create("en")

    assert second.headers["idempotent-replayed"] == "true"
    assert (second.json()["id"], second.json()["token"]) == (
        first.json()["id"],
        first.json()["token"],
    )


@pytest.mark.parametrize(
    "key", ["short", "a" * 40, "00000000-0000-0000-0000-000000000000", "123456789012345678901"]
)
def test_a_key_that_can_be_guessed_is_refused(http: httpx.Client, key: str) -> None:
    """An Idempotency-Key that can be guessed is refused by name."""
    answer = http.post(
        "/v1/sessions",
        json={"carrier": "example", "procedure": "cancel"},
        headers={"Idempotency-Key": key},
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "Idempotency-Key"


def test_a_key_used_for_another_body_is_refused(http: httpx.Client) -> None:
    """An Idempotency-Key that was used for another body is refused."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    http.post("/v1/sessions", json={"carrier": "example", "procedure": "cancel"}, headers=key)

    answer = http.post(
        "/v1/sessions",
        json={"carrier": "example", "procedure": "cancel", "facts": {"plan_days": 3}},
        headers=key,
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency-key-reused"


def test_a_repeated_creation_gives_the_same_session_and_token(http: httpx.Client) -> None:
    """The same key and body give the same session and token."""
    key, wanted = (
        {"Idempotency-Key": str(uuid.uuid4())},
        {"carrier": "example", "procedure": "cancel"},
    )

    first, second = (http.post("/v1/sessions", json=wanted, headers=key).json() for _ in range(2))

    assert (first["id"], first["token"]) == (second["id"], second["token"])


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"carrier": "exmple", "procedure": "cancel"}, 404, "carrier-not-found"),
        ({"carrier": "example", "procedure": "cancl"}, 404, "procedure-not-found"),
        ({"carrier": "example"}, 422, "invalid-request"),
        ({"carrier": "example", "procedure": "cancel", "note": "hello"}, 422, "invalid-request"),
        ({"carrier": "example", "procedure": "cancel", "language": "fr"}, 422, "invalid-request"),
    ],
)
def test_a_session_for_an_unknown_procedure_is_refused(
    http: httpx.Client, wanted: dict[str, Any], status: int, code: str
) -> None:
    """An unknown carrier, procedure, member or language is refused with its code."""
    answer = http.post("/v1/sessions", json=wanted)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_body_that_is_no_json_is_refused(http: httpx.Client) -> None:
    """A body that is not JSON is refused as such."""
    answer = http.post("/v1/sessions", content=b"{", headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "not_json"


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_a_body_that_is_too_large_is_refused(
    http: httpx.Client, language: str, *, chunked: bool
) -> None:
    """A body over 16 KiB gets a 413 in the client's language, with a Content-Length or without."""
    body = b" " * (16 * 1024 + 1)
    content = iter([body[:9000], body[9000:]]) if chunked else body

    answer = http.post("/v1/sessions", content=content, headers={"Accept-Language": language})

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert answer.headers["content-language"] == language
    assert http.get("/healthz").status_code == 200
