"""All queries of checklist sessions. A session is found by its id alone; its procedure's content is kept in the process."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import bindparam, delete, update
from sqlmodel import Session, SQLModel, col, func, select

from app import clock
from app.catalogue import store as catalogue
from app.catalogue.models import Edition, Procedure, Revision
from app.database import hold, row_locks
from app.http.field_values import EntityTags
from app.i18n import Language
from app.sessions import progress
from app.sessions.models import (
    ChecklistSession,
    SessionCreation,
    State,
    StoredFacts,
    Tick,
)
from app.sessions.problems import (
    IdempotencyKeyReused,
    SessionExpired,
    SessionNotFound,
    StaleVersion,
    StepGated,
    StepNotFound,
    VersionExcluded,
)
from app.sessions.tokens import Access, ReadOnly, Rights, TokenInvalid

LIFETIME: Final = dt.timedelta(days=180)
"""How long a session lives after its last change."""

LARGEST_SHARE: Final = 0.3
"""Part of all sessions that one purge deletes at most without being forced: with a clock far ahead all would go."""

_FEW: Final = 20
"""So many expired sessions are deleted whatever their share, so that a small service is purged at all."""

_CLOCKS_DIFFER_BY: Final = dt.timedelta(minutes=5)
"""How far the clocks of several servers may be apart."""

REPEATABLE_FOR: Final = dt.timedelta(hours=24)
"""How long a creation can be asked for again by its Idempotency-Key."""


@dataclass(frozen=True)
class SessionRequest:
    """What a session is to be begun for."""

    carrier: str
    procedure: str
    language: Language
    facts: StoredFacts
    asked_language: str | None = None
    """What the body says of the language; null: it says nothing, and the request's headers decided."""

    def digest(self) -> str:
        """Return a fingerprint of the body, to tell a repeated request from another one with the same key."""
        return _hash(
            json.dumps(
                [self.carrier, self.procedure, self.asked_language, self.facts], sort_keys=True
            )
        )


@dataclass(frozen=True)
class Update:
    """What has become of a session's procedure since the session began or moved on."""

    newest_revision: int
    steps: progress.Difference | None
    retired: bool
    successor: str | None


@dataclass(frozen=True)
class SessionView:
    """A session with the content of its revision."""

    row: ChecklistSession
    content: catalogue.RevisionContent
    update: Update | None
    edition: catalogue.EditionView


def start(db: Session, wanted: SessionRequest, key: str | None) -> tuple[SessionView, bool]:
    """Return a new session for the newest revision of a procedure, or the one that the key began before (then True)."""
    now = clock.utc_now()
    creation = _creation(db, key, wanted.digest(), now)
    if creation is not None:
        return fetch(db, Access(creation.session_id, Rights.WRITE, 0)), True
    found = catalogue.procedure(db, wanted.carrier, wanted.procedure)
    row = ChecklistSession(
        revision_id=found.content.id,
        language=wanted.language,
        facts=wanted.facts,
        ticks={},
        created_at=now,
        changed_at=now,
        expires_at=now + LIFETIME,
    )
    db.add(row)
    db.flush()
    if key is not None:
        db.add(
            SessionCreation(
                key_hash=_hash(key),
                request_hash=wanted.digest(),
                session_id=row.id,
                expires_at=now + REPEATABLE_FOR,
            )
        )
        db.flush()
    return SessionView(row, found.content, None, found.edition), False


def fetch(db: Session, access: Access) -> SessionView:
    """Return the session that the access is for, or raise why it cannot be had."""
    found = _found(db, access)
    _refuse_stale(access, found.row)
    return _view(db, found)


def tick(db: Session, access: Access, key: str, state: State, *, acknowledge: bool) -> SessionView:
    """Set the state of one step and return the session."""
    found = _writable(db, access)
    row = found.row
    content = catalogue.revision_content(db, row.revision_id)
    step = next((step for step in content.steps if step.key == key), None)
    if step is None:
        raise StepNotFound(key=key, members={"known": [step.key for step in content.steps]})
    if state is State.DONE and not acknowledge:
        missing = progress.missing(step, row.ticks)
        if missing or step.irreversible:
            raise StepGated(
                members={
                    "step": key,
                    "missing": missing,
                    "irreversible": step.irreversible,
                    "loses": list(step.loses),
                }
            )
    before = row.ticks.get(key)
    since = (
        before.at if before and before.state is state else clock.utc_now().replace(microsecond=0)
    )
    row.ticks = {**row.ticks, key: Tick(state=state, at=since)}
    _changed(db, row)
    return _view(db, found)


def change(
    db: Session,
    access: Access,
    changed: Callable[[StoredFacts], StoredFacts],
    language: Language | None,
) -> SessionView:
    """Change the facts by what is stored, or the language, and return the session. What `changed` raises changes nothing."""
    found = _writable(db, access)
    row = found.row
    row.facts = changed(row.facts)
    if language is not None:
        row.language = language
    _changed(db, row)
    return _view(db, found)


def upgrade(db: Session, access: Access) -> SessionView:
    """Move the session on to the newest revision, keeping every tick whose step did not change, and return it."""
    found = _writable(db, access)
    row = found.row
    view = _view(db, found)
    if view.update is not None and view.update.steps is not None:
        moved_to = catalogue.revision_id(db, view.content.procedure_id, view.update.newest_revision)
        row.ticks = progress.upgraded(
            row.ticks, view.content.steps, catalogue.revision_content(db, moved_to).steps
        )
        row.revision_id = moved_to
        _changed(db, row)
        view = _view(db, found)
    return view


def writable(db: Session, access: Access) -> ChecklistSession:
    """Return the session, locked for a change, or raise why it cannot be changed."""
    return _writable(db, access).row


def share_token_version(db: Session, access: Access) -> int:
    """Return the version that a token shared now has."""
    return _writable(db, access).row.share_token_version


def replace_token(db: Session, access: Access, key: str | None) -> ChecklistSession:
    """End the owner's token and return the session, whose `owner_token_version` the new token must have.

    With a key the request can be repeated, also with the token that it has just ended: the session is not changed again.
    Nobody gets the new token with the key that created the session, since that key may have leaked with the old token.
    """
    now = clock.utc_now()
    digest = _hash(json.dumps(["token", str(access.session), access.version]))
    if _creation(db, key, digest, now) is not None:
        return _found(db, replace(access, version=access.version + 1)).row
    row = _writable(db, access).row
    db.exec(delete(SessionCreation).where(col(SessionCreation.session_id) == row.id))
    if key is not None:
        db.add(
            SessionCreation(
                key_hash=_hash(key),
                request_hash=digest,
                session_id=row.id,
                expires_at=now + REPEATABLE_FOR,
            )
        )
        db.flush()
    row.owner_token_version += 1
    _changed(db, row)
    return row


def revoke_shares(db: Session, access: Access) -> ChecklistSession:
    """Make every shared token invalid; the owner's stays."""
    row = _writable(db, access).row
    row.share_token_version += 1
    _changed(db, row)
    return row


def remove(db: Session, access: Access) -> None:
    """Delete the session at once and for good."""
    row = _writable(db, access).row
    db.exec(delete(SessionCreation).where(col(SessionCreation.session_id) == row.id))
    db.delete(row)


class PurgeRefusedError(Exception):
    """Purging would delete sessions that a wrong clock makes look expired; nothing was deleted."""


def purge(db: Session, now: dt.datetime, *, force: bool = False) -> int:
    """Delete what has expired: sessions, and keys of creations. Return how many sessions there were.

    Raises `PurgeRefusedError` when the clock is before the newest change, or when more than `LARGEST_SHARE` of the
    sessions would go, unless forced.
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
    if newest is not None and newest > now + _CLOCKS_DIFFER_BY:
        raise PurgeRefusedError(
            f"the clock says {now:%Y-%m-%d %H:%M} UTC, but a session was changed at {newest:%Y-%m-%d %H:%M}"
        )
    if expired > _FEW and expired > total * LARGEST_SHARE:
        raise PurgeRefusedError(f"{expired} of {total} sessions would be deleted")


def check_writable(db: Session) -> None:
    """Write without changing anything, or raise why the database cannot be written."""
    # Deletes nothing, but a server that is read-only refuses it, and so do missing rights.
    db.exec(delete(SessionCreation).where(col(SessionCreation.key_hash) == ""))
    if not row_locks(db):
        # SQLite writes a page for it, so that a full or broken disk shows.
        version = db.connection().exec_driver_sql("PRAGMA user_version").scalar_one()
        db.connection().exec_driver_sql(f"PRAGMA user_version = {int(version)}")


def etag(row: ChecklistSession, answer: str | bytes | None = None) -> str:
    """Return the entity tag of the session's present version, or of an answer that shows it.

    The answer to a read changes with the days too, and with the language: its tag has a mark of its own after the
    version. If-Match looks at the version alone.
    """
    if answer is None:
        return f'"{row.version}"'
    content = answer.encode() if isinstance(answer, str) else answer
    return f'"{row.version}.{hashlib.blake2b(content, digest_size=8).hexdigest()}"'


# Statements are made once: making one costs as much as sending it.
_SESSION: Final = (
    select(ChecklistSession, Procedure, Edition.number, Edition.published_at)
    .join(Revision, col(Revision.id) == ChecklistSession.revision_id)
    .join(Procedure, col(Procedure.id) == Revision.procedure_id)
    .join(Edition, col(Edition.number) == select(func.max(Edition.number)).scalar_subquery())
    .where(ChecklistSession.id == bindparam("session"))
)


_CHANGEABLE: Final = (
    "revision_id",
    "language",
    "facts",
    "ticks",
    "version",
    "share_token_version",
    "owner_token_version",
    "changed_at",
    "expires_at",
)
_SESSIONS: Final = SQLModel.metadata.tables["checklist_session"]
_SAVE: Final = (
    update(_SESSIONS)
    .where(_SESSIONS.c.id == bindparam("session"))
    .values({name: bindparam(name) for name in _CHANGEABLE})
)
"""To the table itself: as an update of the model it would be compiled anew each time."""

# The row alone, by its id, before it is joined. READ COMMITTED re-checks a locked row after the
# wait: a join locked in one statement is compared with the revision row that was read before the
# wait, so a session that an upgrade had just moved dropped out and was reported as deleted. The join
# in a statement of its own also sees revisions published during the wait.
_LOCK: Final = (
    select(_SESSIONS.c.id).where(_SESSIONS.c.id == bindparam("session")).with_for_update()
)
"""Of the table itself, as `_SAVE`: half the cost of a query of the model."""


@dataclass(frozen=True)
class _Found:
    """A session, its procedure as it is now, and the edition that is served."""

    row: ChecklistSession
    procedure: Procedure
    edition: catalogue.EditionView


def _found(db: Session, access: Access) -> _Found:
    found = db.exec(_SESSION, params={"session": access.session}).first()
    if found is None:
        raise SessionNotFound
    row, procedure, number, published_at = found
    if row.expires_at <= clock.utc_now():
        raise SessionExpired
    if access.version != (
        row.owner_token_version if access.rights is Rights.WRITE else row.share_token_version
    ):
        raise TokenInvalid(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    return _Found(row, procedure, catalogue.edition_of(db, number, published_at))


def _writable(db: Session, access: Access) -> _Found:
    if row_locks(db):
        db.connection().execute(_LOCK, {"session": access.session})
    found = _found(db, access)
    if access.rights is not Rights.WRITE:
        raise ReadOnly
    _refuse_stale(access, found.row)
    if access.if_none_match is not None and _names(access.if_none_match, found.row):
        raise VersionExcluded(members={"etag": etag(found.row)}, headers={"ETag": etag(found.row)})
    return found


def _refuse_stale(access: Access, row: ChecklistSession) -> None:
    if access.if_match is not None and not _names(access.if_match, row):
        raise StaleVersion(members={"etag": etag(row)}, headers={"ETag": etag(row)})


def _names(tags: EntityTags, row: ChecklistSession) -> bool:
    """Return whether one of the tags is of the session's present version, with or without the mark of an answer."""
    return tags.any or any(
        tag.strip('"').partition(".")[0] == str(row.version) for tag in tags.unmarked
    )


def _changed(db: Session, row: ChecklistSession) -> None:
    """Write back what has been changed. The row is locked, so it is written as it stands; finding out what differs costs more."""
    db.expunge(row)
    row.version += 1
    # A clock that was set back must not shorten a life: the next purge would delete the session.
    row.changed_at = max(row.changed_at, clock.utc_now())
    row.expires_at = max(row.expires_at, row.changed_at + LIFETIME)
    db.connection().execute(
        _SAVE, {"session": row.id, **{name: getattr(row, name) for name in _CHANGEABLE}}
    )


def _view(db: Session, found: _Found) -> SessionView:
    row, now = found.row, found.procedure
    content = catalogue.revision_content(db, row.revision_id)
    if now.revision == content.number and now.retired_in is None:
        return SessionView(row, content, None, found.edition)
    steps = None
    if now.revision != content.number:
        after = catalogue.revision_content(
            db, catalogue.revision_id(db, content.procedure_id, now.revision)
        )
        steps = progress.difference(content.steps, after.steps)
    return SessionView(
        row,
        content,
        Update(now.revision, steps, now.retired_in is not None, now.successor),
        found.edition,
    )


def _creation(
    db: Session, key: str | None, digest: str, now: dt.datetime
) -> SessionCreation | None:
    if key is None:
        return None
    hold(
        db, f"session creation {_hash(key)}"
    )  # two requests with the same key at once: the second waits for the first
    creation = db.get(SessionCreation, _hash(key))
    if creation is None:
        return None
    if creation.expires_at <= now:
        # By statement: a purge can delete the row first, and the mapper objects to that.
        db.exec(delete(SessionCreation).where(col(SessionCreation.key_hash) == creation.key_hash))
        db.expunge(creation)
        return None
    if creation.request_hash != digest:
        raise IdempotencyKeyReused
    return creation


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
