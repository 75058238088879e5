"""Sessions expire, later with every change, and a purge deletes them."""

import uuid
from datetime import UTC, datetime, timedelta

import httpx
from sqlalchemy import update
from sqlmodel import col

from app.database import Database
from app.sessions.models import ChecklistSession
from app.sessions.purge import purge
from tests.support.sessions import Served, Start


def test_an_expired_session_is_gone_and_purged(
    served: Served, http: httpx.Client, start: Start
) -> None:
    """An expired session is a 410 until a purge deletes it, and it alone."""
    started, other = start(), start()
    database = Database(served.url)
    with database.write() as db:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session = uuid.UUID(started.body["id"])
        db.exec(
            update(ChecklistSession)
            .where(col(ChecklistSession.id) == session)
            .values(expires_at=past)
        )

    expired = http.get(started.path, headers=started.owner)
    with database.write() as db:
        purged = purge(db, datetime.now(UTC))
    database.close()

    assert (expired.status_code, expired.json()["code"]) == (410, "session-expired")
    assert purged == 1
    assert http.get(started.path, headers=started.owner).json()["code"] == "session-not-found"
    assert http.get(other.path, headers=other.owner).status_code == 200


def test_every_change_postpones_the_expiry(http: httpx.Client, start: Start) -> None:
    """After a change the session expires later than before."""
    started = start()

    ticked = http.patch(f"{started.path}/steps/a", json={"state": "done"}, headers=started.owner)

    assert ticked.json()["expires_at"] > started.body["expires_at"]
