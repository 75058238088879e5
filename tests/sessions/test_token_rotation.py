"""Tokens while the secret is changed, and an owner who replaces a token."""

import uuid
from collections.abc import Callable, Iterator

import httpx
import pytest

from app.settings import Settings
from tests.support.server import serving, settings_for
from tests.support.sessions import Begun, Served

OLD = "the old secret of these tests, long enough"
NEW = "the new secret of these tests, long enough"
Begin = Callable[..., Begun]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def start(http: httpx.Client) -> tuple[str, str]:
    """Start a session; return its address and its token."""
    created = http.post(
        "/v1/sessions", json={"carrier": "example", "procedure": "cancel"}
    ).raise_for_status()
    return created.headers["location"], created.json()["token"]


@pytest.fixture
def with_secrets(served: Served) -> Iterator[Callable[..., httpx.Client]]:
    """Serve the same database with other secrets; gives a client."""
    opened = []

    def serve(**secrets: str) -> httpx.Client:
        server = serving(Settings.model_validate(settings_for(served.url).model_dump() | secrets))
        client = httpx.Client(base_url=server.__enter__())
        opened.append((client, server))
        return client

    yield serve
    for client, server in opened:
        client.close()
        server.__exit__(None, None, None)


def test_an_old_token_is_renewed_in_any_answer(with_secrets: Callable[..., httpx.Client]) -> None:
    path, old = start(with_secrets(secret=OLD))
    changing = with_secrets(secret=NEW, secret_previous=OLD)

    answers = [
        changing.get(path, headers=bearer(old)),
        changing.get(
            path,
            headers=bearer(old)
            | {"If-None-Match": changing.get(path, headers=bearer(old)).headers["etag"]},
        ),
        changing.get(f"{path}/calendar.ics", headers=bearer(old)),
        changing.patch(f"{path}/steps/a", json={"state": "done"}, headers=bearer(old)),
        changing.patch(
            f"{path}/steps/a", json={"state": "done"}, headers=bearer(old) | {"If-Match": '"99"'}
        ),
        changing.patch(f"{path}/steps/none", json={"state": "done"}, headers=bearer(old)),
    ]

    renewed = answers[0].headers["kaiyaku-token"]
    assert [answer.status_code for answer in answers] == [200, 304, 200, 200, 412, 404]
    assert {answer.headers.get("kaiyaku-token") for answer in answers} == {renewed}
    assert renewed != old
    again = changing.get(path, headers=bearer(renewed))
    assert again.status_code == 200
    assert "kaiyaku-token" not in again.headers


def test_old_tokens_end_with_the_previous_secret(with_secrets: Callable[..., httpx.Client]) -> None:
    path, old = start(with_secrets(secret=OLD))
    renewed = (
        with_secrets(secret=NEW, secret_previous=OLD)
        .get(path, headers=bearer(old))
        .headers["kaiyaku-token"]
    )
    after = with_secrets(secret=NEW)

    assert after.get(path, headers=bearer(old)).status_code == 401
    assert after.get(path, headers=bearer(renewed)).status_code == 200


def test_a_forged_token_is_not_renewed(with_secrets: Callable[..., httpx.Client]) -> None:
    path, old = start(with_secrets(secret=OLD))
    changing = with_secrets(secret=NEW, secret_previous=OLD)

    answer = changing.get(path, headers=bearer(old[:-3] + "AAA"))

    assert answer.status_code == 401
    assert "kaiyaku-token" not in answer.headers


def test_a_shared_token_is_renewed_with_the_same_rights(
    with_secrets: Callable[..., httpx.Client],
) -> None:
    before = with_secrets(secret=OLD)
    path, old = start(before)
    shared = before.post(f"{path}/shares", headers=bearer(old)).json()["token"]
    changing = with_secrets(secret=NEW, secret_previous=OLD)

    renewed = changing.get(path, headers=bearer(shared)).headers["kaiyaku-token"]

    assert changing.get(path, headers=bearer(renewed)).status_code == 200
    assert (
        changing.patch(
            f"{path}/steps/a", json={"state": "done"}, headers=bearer(renewed)
        ).status_code
        == 403
    )


def test_replacing_the_token_ends_the_old_one(http: httpx.Client, begin: Begin) -> None:
    begun = begin()

    replaced = http.post(f"{begun.at}/token", headers=begun.owner)

    assert replaced.status_code == 201
    assert replaced.headers["cache-control"] == "no-store"
    assert replaced.json()["rights"] == "write"
    assert http.get(begun.at, headers=begun.owner).status_code == 401
    assert (
        http.patch(f"{begun.at}/steps/a", json={"state": "done"}, headers=begun.owner).status_code
        == 401
    )
    assert http.post(f"{begun.at}/token", headers=begun.owner).status_code == 401
    now = bearer(replaced.json()["token"])
    assert http.patch(f"{begun.at}/steps/a", json={"state": "done"}, headers=now).status_code == 200


def test_a_lost_answer_to_a_replacement_can_be_repeated(http: httpx.Client, begin: Begin) -> None:
    begun = begin()
    keyed = begun.owner | {"Idempotency-Key": str(uuid.uuid4())}

    first, second = (http.post(f"{begun.at}/token", headers=keyed) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["etag"] == second.headers["etag"]
    other = begun.owner | {"Idempotency-Key": str(uuid.uuid4())}
    assert http.post(f"{begun.at}/token", headers=other).status_code == 401


def test_a_repeated_replacement_does_not_outlive_the_next(http: httpx.Client, begin: Begin) -> None:
    begun = begin()
    keyed = begun.owner | {"Idempotency-Key": str(uuid.uuid4())}
    now = bearer(http.post(f"{begun.at}/token", headers=keyed).json()["token"])
    http.post(f"{begun.at}/token", headers=now).raise_for_status()

    assert http.post(f"{begun.at}/token", headers=keyed).status_code == 401


def test_the_key_that_created_a_session_does_not_give_a_replaced_token(http: httpx.Client) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"carrier": "example", "procedure": "cancel"}
    created = http.post("/v1/sessions", json=body, headers=key)
    http.post(
        f"{created.headers['location']}/token", headers=bearer(created.json()["token"])
    ).raise_for_status()

    again = http.post("/v1/sessions", json=body, headers=key)

    assert again.status_code == 201
    assert again.json()["id"] != created.json()["id"]


def test_shares_outlive_a_replaced_token(http: httpx.Client, begin: Begin) -> None:
    begun = begin()
    shared = http.post(f"{begun.at}/shares", headers=begun.owner).json()["token"]

    http.post(f"{begun.at}/token", headers=begun.owner).raise_for_status()

    assert http.get(begun.at, headers=bearer(shared)).status_code == 200


def test_a_shared_token_cannot_replace_the_owners(http: httpx.Client, begin: Begin) -> None:
    begun = begin()
    shared = http.post(f"{begun.at}/shares", headers=begun.owner).json()["token"]

    assert http.post(f"{begun.at}/token", headers=bearer(shared)).status_code == 403
    assert http.get(begun.at, headers=begun.owner).status_code == 200
