"""Idempotency keys: a repeated creation request gets the same result for 24 hours."""

import datetime as dt
import hashlib
import uuid
from typing import Final

from sqlalchemy import delete
from sqlmodel import Session, col

from app.database import advisory_lock
from app.sessions.models import SessionCreation
from app.sessions.problems import IdempotencyKeyReused

REPEATABLE_FOR: Final = dt.timedelta(hours=24)
"""How long a creation can be repeated with its Idempotency-Key."""


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal. Keys and requests are stored only as hashes."""
    return hashlib.sha256(text.encode()).hexdigest()


def creation_of(
    db: Session, key: str, request_hash: str, now: dt.datetime
) -> SessionCreation | None:
    """Return the creation for which the key was used; None if the key is new or has expired.

    Raises `IdempotencyKeyReused` if the key was used for another request.
    """
    # If two requests with the same key arrive at once, the second one waits for the first.
    advisory_lock(db, f"session creation {sha256(key)}")
    creation = db.get(SessionCreation, sha256(key))
    if creation is None:
        return None
    if creation.expires_at <= now:
        # Not `db.delete`: a purge can delete the row first, and then the mapper raises.
        db.exec(delete(SessionCreation).where(col(SessionCreation.key_hash) == creation.key_hash))
        db.expunge(creation)
        return None
    if creation.request_hash != request_hash:
        raise IdempotencyKeyReused
    return creation


def remember_creation(
    db: Session, key: str, request_hash: str, session_id: uuid.UUID, now: dt.datetime
) -> None:
    """Store that the key was used for the session. It expires after `REPEATABLE_FOR`."""
    db.add(
        SessionCreation(
            key_hash=sha256(key),
            request_hash=request_hash,
            session_id=session_id,
            expires_at=now + REPEATABLE_FOR,
        )
    )
    db.flush()


def forget_creations(db: Session, session_id: uuid.UUID) -> None:
    """Delete the keys of a session."""
    db.exec(delete(SessionCreation).where(col(SessionCreation.session_id) == session_id))
