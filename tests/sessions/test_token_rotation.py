"""Tokens during a change of the secret, and tokens that their owners replace."""

import uuid
from collections.abc import Callable, Iterator

import httpx
import pytest

from app.settings import Settings
from tests.support.server import serving, settings_for
from tests.support.sessions import Served, Start

OLD = "the old secret of these tests, long enough"
NEW = "the new secret of these tests, long enough"


def bearer(token: str) -> dict[str, str]:
    """Return the header with this token."""
    return {"Authorization": f"Bearer {token}"}


def start_on(http: httpx.Client) -> tuple[str, str]:
    """Start a session on this server; return its path and its token."""
    created = http.post(
        "/v1/sessions", json={"carrier": "example", "procedure": "cancel"}
    ).raise_for_status()
    return created.headers["location"], created.json()["token"]


@pytest.fixture
def with_secrets(served: Served) -> Iterator[Callable[..., httpx.Client]]:
    """A function that serves the same database with other secrets, and returns a client."""
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


def test_an_old_token_is_renewed_in_any_response(with_secrets: Callable[..., httpx.Client]) -> None:
    """While the secret changes, every response to an old token carries the same new one."""
    path, old = start_on(with_secrets(secret=OLD))
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
    """Without the previous secret an old token is a 401, and a renewed one works."""
    path, old = start_on(with_secrets(secret=OLD))
    renewed = (
        with_secrets(secret=NEW, secret_previous=OLD)
        .get(path, headers=bearer(old))
        .headers["kaiyaku-token"]
    )
    after = with_secrets(secret=NEW)

    assert after.get(path, headers=bearer(old)).status_code == 401
    assert after.get(path, headers=bearer(renewed)).status_code == 200


def test_a_forged_token_is_not_renewed(with_secrets: Callable[..., httpx.Client]) -> None:
    """A forged token gets a 401 and no new token."""
    path, old = start_on(with_secrets(secret=OLD))
    changing = with_secrets(secret=NEW, secret_previous=OLD)

    answer = changing.get(path, headers=bearer(old[:-3] + "AAA"))

    assert answer.status_code == 401
    assert "kaiyaku-token" not in answer.headers


def test_a_shared_token_is_renewed_with_the_same_rights(
    with_secrets: Callable[..., httpx.Client],
) -> None:
    """The new token of a shared one reads, and cannot change."""
    before = with_secrets(secret=OLD)
    path, old = start_on(before)
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


def test_replacing_the_token_ends_the_old_one(http: httpx.Client, start: Start) -> None:
    """After a replacement the old token is a 401 everywhere, and the new one works."""
    started = start()

    replaced = http.post(f"{started.path}/token", headers=started.owner)

    assert replaced.status_code == 201
    assert replaced.headers["cache-control"] == "no-store"
    assert replaced.json()["rights"] == "write"
    assert http.get(started.path, headers=started.owner).status_code == 401
    assert (
        http.patch(
            f"{started.path}/steps/a", json={"state": "done"}, headers=started.owner
        ).status_code
        == 401
    )
    assert http.post(f"{started.path}/token", headers=started.owner).status_code == 401
    now = bearer(replaced.json()["token"])
    assert (
        http.patch(f"{started.path}/steps/a", json={"state": "done"}, headers=now).status_code
        == 200
    )


def test_a_replacement_can_be_repeated_with_its_key(http: httpx.Client, start: Start) -> None:
    """A repeated replacement with the same key gives the same token; with another key, a 401."""
    started = start()
    keyed = started.owner | {"Idempotency-Key": str(uuid.uuid4())}

    first, second = (http.post(f"{started.path}/token", headers=keyed) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["etag"] == second.headers["etag"]
    other = started.owner | {"Idempotency-Key": str(uuid.uuid4())}
    assert http.post(f"{started.path}/token", headers=other).status_code == 401


def test_a_repeated_replacement_does_not_outlive_the_next(http: httpx.Client, start: Start) -> None:
    """After a further replacement the first one cannot be repeated."""
    started = start()
    keyed = started.owner | {"Idempotency-Key": str(uuid.uuid4())}
    now = bearer(http.post(f"{started.path}/token", headers=keyed).json()["token"])
    http.post(f"{started.path}/token", headers=now).raise_for_status()

    assert http.post(f"{started.path}/token", headers=keyed).status_code == 401


def test_a_creation_key_gives_no_replaced_token(http: httpx.Client) -> None:
    """After a replacement the key of the creation starts another session."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"carrier": "example", "procedure": "cancel"}
    created = http.post("/v1/sessions", json=body, headers=key)
    http.post(
        f"{created.headers['location']}/token", headers=bearer(created.json()["token"])
    ).raise_for_status()

    again = http.post("/v1/sessions", json=body, headers=key)

    assert again.status_code == 201
    assert again.json()["id"] != created.json()["id"]


def test_shares_outlive_a_replaced_token(http: httpx.Client, start: Start) -> None:
    """A shared token still reads after the owner's was replaced."""
    started = start()
    shared = http.post(f"{started.path}/shares", headers=started.owner).json()["token"]

    http.post(f"{started.path}/token", headers=started.owner).raise_for_status()

    assert http.get(started.path, headers=bearer(shared)).status_code == 200


def test_a_shared_token_cannot_replace_the_owners(http: httpx.Client, start: Start) -> None:
    """A shared token cannot replace the owner's token."""
    started = start()
    shared = http.post(f"{started.path}/shares", headers=started.owner).json()["token"]

    assert http.post(f"{started.path}/token", headers=bearer(shared)).status_code == 403
    assert http.get(started.path, headers=started.owner).status_code == 200
