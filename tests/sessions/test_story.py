"""The life of one checklist: two devices, a bad network, a new revision, a shared token."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlmodel import SQLModel

from app.catalogue.authoring.publish import publish
from app.database import Database
from tests.support import builders
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

STEPS = [
    builders.step(
        "sign-in", title=builders.text("Sign in", "ログイン", "登录"), needs=["account_login"]
    ),
    builders.step("read-notes", optional=True),
    builders.step("cancel", irreversible=True, loses=["phone_number"], requires=["sign-in"]),
    builders.step("keep-mail", phase="confirm"),
]


def _publish(url: str, folder: Path, steps: list[dict[str, Any]]) -> None:
    procedure = builders.procedure(steps=steps, documents=["passport"])
    database = Database(url)
    publish(database, builders.read(builders.write(folder, {"example": {"cancel": procedure}})))
    database.close()


@pytest.fixture
def url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with one procedure published."""
    url = databases.migrated()
    _publish(url, tmp_path, STEPS)
    yield url
    databases.drop(url)


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    """A client of a server with that database."""
    with serving(settings_for(url)) as address, httpx.Client(base_url=address) as client:
        yield client


def test_a_checklist_from_start_to_deletion(http: httpx.Client, url: str, tmp_path: Path) -> None:
    """A checklist can be started, ticked, upgraded, shared, finished and deleted.

    The client loses responses and repeats requests, and a second one has older versions.
    """
    # Start: the response is lost, so the client repeats the request with the same key.
    key = {"Idempotency-Key": str(uuid.uuid4())}
    wanted = {
        "carrier": "example",
        "procedure": "cancel",
        "language": "ja",
        "facts": {"contract_started_on": "2026-04-01"},
    }
    http.post("/v1/sessions", json=wanted, headers=key)
    created = http.post("/v1/sessions", json=wanted, headers=key)
    assert created.status_code == 201
    assert created.headers["idempotent-replayed"] == "true"
    session, token = created.json(), created.json()["token"]
    at, owner = created.headers["location"], {"Authorization": f"Bearer {token}"}
    assert at == f"/v1/sessions/{session['id']}"
    assert session["steps"][0]["title"] == "ログイン"
    assert session["progress"] == {"done": 0, "total": 4, "required_left": 3, "next": "sign-in"}
    assert [need["code"] for need in session["needs"]] == ["account_login"]

    # Tick: again the response is lost; ticking again does no harm.
    http.patch(f"{at}/steps/sign-in", json={"state": "done"}, headers=owner)
    ticked = http.patch(f"{at}/steps/sign-in", json={"state": "done"}, headers=owner)
    assert ticked.json()["progress"]["done"] == 1

    # A second client has an older version: its change is refused with the present ETag.
    stale = http.patch(
        f"{at}/steps/read-notes",
        json={"state": "skipped"},
        headers={**owner, "If-Match": created.headers["etag"]},
    )
    assert stale.status_code == 412
    assert stale.json()["etag"] == stale.headers["etag"]
    assert ticked.headers["etag"].startswith(stale.headers["etag"].rstrip('"'))
    again = http.patch(
        f"{at}/steps/read-notes",
        json={"state": "skipped"},
        headers={**owner, "If-Match": stale.headers["etag"]},
    )
    assert again.status_code == 200

    # The procedure changes meanwhile: the session keeps its revision, and names the update.
    changed = [
        STEPS[0] | {"title": builders.text("Sign in again")},
        STEPS[2],
        STEPS[3],
        builders.step("new", phase="aftercare"),
    ]
    _publish(url, tmp_path, changed)
    now = http.get(f"{at}?lang=en", headers=owner).json()
    assert now["revision"] == 1
    assert next(step["title"] for step in now["steps"]) == "Sign in"
    update = now["update_available"]
    assert (update["newest_revision"], update["added"], update["changed"], update["removed"]) == (
        2,
        ["new"],
        ["sign-in"],
        ["read-notes"],
    )

    # Upgrade: unchanged steps keep their ticks, changed ones need a review.
    moved = http.post(f"{at}/upgrade?lang=en", headers=owner).json()
    assert (moved["revision"], moved["update_available"]) == (2, None)
    assert {step["key"]: (step["state"], step["needs_review"]) for step in moved["steps"]} == {
        "sign-in": ("done", True),
        "cancel": ("todo", False),
        "keep-mail": ("todo", False),
        "new": ("todo", False),
    }

    # A shared token reads and cannot tick. Once revoked it is refused; the owner's still works.
    share = http.post(f"{at}/shares", headers=owner).json()
    reader = {"Authorization": f"Bearer {share['token']}"}
    assert http.get(at, headers=reader).status_code == 200
    assert (
        http.patch(f"{at}/steps/new", json={"state": "done"}, headers=reader).json()["code"]
        == "read-only"
    )
    assert http.delete(f"{at}/shares", headers=owner).status_code == 204
    assert http.get(at, headers=reader).json()["code"] == "token-invalid"

    # An irreversible step needs an acknowledgement.
    gated = http.patch(f"{at}/steps/cancel", json={"state": "done"}, headers=owner)
    assert (gated.status_code, gated.json()["missing"], gated.json()["loses"]) == (
        409,
        [],
        ["phone_number"],
    )
    http.patch(f"{at}/steps/cancel", json={"state": "done", "acknowledge": True}, headers=owner)
    for step in ("sign-in", "keep-mail", "new"):
        finished = http.patch(f"{at}/steps/{step}", json={"state": "done"}, headers=owner).json()
    assert finished["progress"] == {"done": 4, "total": 4, "required_left": 0, "next": None}
    assert finished["needs"] == finished["documents"] == []

    _nothing_personal_is_stored(url, [token, share["token"], key["Idempotency-Key"]])

    # Delete: the session is a 404 at once, but only for a client with its token.
    assert http.delete(at, headers=owner).status_code == 204
    assert http.get(at, headers=owner).json()["code"] == "session-not-found"
    assert http.get(at).status_code == 401


def _nothing_personal_is_stored(url: str, secrets: list[str]) -> None:
    """The database holds no token, key or address: only ids, codes, dates and hashes."""
    database = Database(url)
    with database.read() as db:
        dump = "\n".join(
            str(row)
            for table in SQLModel.metadata.sorted_tables
            for row in db.connection().execute(select(text("*")).select_from(table))
        )
        row = (
            db.connection()
            .execute(text("SELECT facts, ticks, language FROM checklist_session"))
            .one()
        )
    database.close()
    for secret in secrets:
        assert secret not in dump
        assert secret.rpartition(".")[2] not in dump
    assert "127.0.0.1" not in dump
    assert set(str(row)) & set("@/") == set()
