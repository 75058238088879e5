"""Deletes expired sessions and expired idempotency keys.

When a session expires: `LIFETIME` in `store.py`.
"""

import datetime as dt
from typing import Final

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from app.sessions.models import ChecklistSession, SessionCreation

LARGEST_SHARE: Final = 0.3
"""The largest share of all sessions that one purge deletes.

If the clock is far ahead, all sessions look expired.
"""

_FEW: Final = 20
"""This many expired sessions are deleted whatever their share, so a small service is purged too."""

_CLOCK_TOLERANCE: Final = dt.timedelta(minutes=5)
"""How far apart the clocks of several servers may be."""


class PurgeRefusedError(Exception):
    """The clock may be wrong, so sessions may only look expired. Nothing was deleted."""


def purge(db: Session, now: dt.datetime, *, force: bool = False) -> int:
    """Delete expired sessions and keys, and return the number of deleted sessions.

    Raises `PurgeRefusedError`, unless forced, if the newest change is later than the clock, or if
    more than `LARGEST_SHARE` of the sessions have expired.
    """
    if not force:
        _refuse_doubtful(db, now)
    expired = select(ChecklistSession.id).where(ChecklistSession.expires_at <= now)
    db.exec(
        delete(SessionCreation).where(
            (col(SessionCreation.expires_at) <= now) | col(SessionCreation.session_id).in_(expired)
        )
    )
    return db.exec(delete(ChecklistSession).where(col(ChecklistSession.expires_at) <= now)).rowcount


def _refuse_doubtful(db: Session, now: dt.datetime) -> None:
    query = select(
        func.count(),
        func.count().filter(col(ChecklistSession.expires_at) <= now),
        func.max(ChecklistSession.changed_at),
    )
    total, expired, newest = db.exec(query).one()
    if newest is not None and newest > now + _CLOCK_TOLERANCE:
        raise PurgeRefusedError(
            f"the clock says {now:%Y-%m-%d %H:%M} UTC, but a session was changed at "
            f"{newest:%Y-%m-%d %H:%M}"
        )
    if expired > _FEW and expired > total * LARGEST_SHARE:
        raise PurgeRefusedError(f"{expired} of {total} sessions would be deleted")
