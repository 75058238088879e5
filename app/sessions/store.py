"""All queries and changes of checklist sessions.

The functions check the caller's right to a session (`Access`), the version, and the requirements
of a step.
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, update
from sqlmodel import Session, SQLModel, col, func, select

from app import clock
from app.catalogue import store as catalogue
from app.catalogue.models import Edition, Procedure, Revision
from app.catalogue.records import EditionView, RevisionContent
from app.database import row_locks
from app.i18n import Language
from app.sessions import progress
from app.sessions.creations import creation_of, forget_creations, remember_creation, sha256
from app.sessions.models import (
    ChecklistSession,
    SessionCreation,
    State,
    StoredFacts,
    Tick,
)
from app.sessions.problems import SessionExpired, SessionNotFound, StepGated, StepNotFound
from app.sessions.tokens import Access, Rights

LIFETIME: Final = dt.timedelta(days=180)
"""How long a session exists after its last change."""


@dataclass(frozen=True)
class SessionRequest:
    """The content of a request to start a session."""

    carrier: str
    procedure: str
    language: Language
    facts: StoredFacts
    requested_language: str | None = None
    """The language in the body; None if `language` comes from the query or the headers."""

    def digest(self) -> str:
        """Return a hash of the body, to tell a repeated request from another with the same key."""
        return sha256(
            json.dumps(
                [self.carrier, self.procedure, self.requested_language, self.facts], sort_keys=True
            )
        )


@dataclass(frozen=True)
class Update:
    """How a session's procedure has changed since the session started or was upgraded."""

    newest_revision: int
    steps: progress.Difference | None
    """None if the session follows the newest revision."""
    retired: bool
    successor: str | None
    """`carrier/procedure` that replaces a retired procedure."""


@dataclass(frozen=True)
class SessionView:
    """A session with the content of its revision, its update if any, and the current edition."""

    row: ChecklistSession
    content: RevisionContent
    update: Update | None
    edition: EditionView


class StartedSession(NamedTuple):
    """A session, and whether an earlier request with the same key started it."""

    view: SessionView
    repeated: bool


def start(db: Session, request: SessionRequest, key: str | None) -> StartedSession:
    """Return a new session for the newest revision of a procedure.

    If the key has started a session in the last 24 hours, return that session instead. Raises
    `IdempotencyKeyReused` for a key of another request, and what `catalogue.store.procedure`
    raises.
    """
    now = clock.utc_now()
    creation = creation_of(db, key, request.digest(), now) if key is not None else None
    if creation is not None:
        view = fetch(db, Access(creation.session_id, Rights.WRITE, 0))
        return StartedSession(view, repeated=True)
    procedure = catalogue.procedure(db, request.carrier, request.procedure)
    row = ChecklistSession(
        revision_id=procedure.content.id,
        language=request.language,
        facts=request.facts,
        ticks={},
        created_at=now,
        changed_at=now,
        expires_at=now + LIFETIME,
    )
    db.add(row)
    db.flush()
    if key is not None:
        remember_creation(db, key, request.digest(), row.id, now)
    view = SessionView(row, procedure.content, None, procedure.edition)
    return StartedSession(view, repeated=False)


def fetch(db: Session, access: Access) -> SessionView:
    """Return the session of the access.

    Raises `SessionNotFound`, `SessionExpired`, `TokenInvalid` for a revoked token, or
    `StaleVersion` if the version is not that of If-Match.
    """
    session = _read(db, access)
    access.preconditions.refuse_stale(session.row.version)
    return _view(db, session)


# The functions that change a session raise what `fetch` raises, `ReadOnly` for a shared token, and
# `VersionExcluded` for a version in If-None-Match.


def tick(db: Session, access: Access, key: str, state: State, *, acknowledge: bool) -> SessionView:
    """Set the state of one step and return the session.

    Also raises `StepNotFound`, and `StepGated` for `State.DONE` without `acknowledge` if the step
    cannot be undone or requires open steps.
    """
    session = _read_to_change(db, access)
    row = session.row
    content = catalogue.revision_content(db, row.revision_id)
    step = next((step for step in content.steps if step.key == key), None)
    if step is None:
        raise StepNotFound(key=key, known=[step.key for step in content.steps])
    if state is State.DONE and not acknowledge:
        missing = progress.missing(step, row.ticks)
        if missing or step.irreversible:
            raise StepGated(
                step=key, missing=missing, irreversible=step.irreversible, loses=list(step.loses)
            )
    previous = row.ticks.get(key)
    is_same = previous is not None and previous.state is state
    since = previous.at if previous and is_same else clock.utc_now().replace(microsecond=0)
    row.ticks = {**row.ticks, key: Tick(state=state, at=since)}
    _save(db, row)
    return _view(db, session)


def change(
    db: Session,
    access: Access,
    change_facts: Callable[[StoredFacts], StoredFacts],
    language: Language | None,
) -> SessionView:
    """Change the facts and, unless it is None, the language, and return the session.

    `change_facts` gets the stored facts and returns the new ones. If it raises, nothing is changed.
    """
    session = _read_to_change(db, access)
    row = session.row
    row.facts = change_facts(row.facts)
    if language is not None:
        row.language = language
    _save(db, row)
    return _view(db, session)


def upgrade(db: Session, access: Access) -> SessionView:
    """Move the session to the newest revision of its procedure, and return it.

    Ticks of unchanged steps stay the same. Without a newer revision nothing is changed.
    """
    session = _read_to_change(db, access)
    row = session.row
    view = _view(db, session)
    if view.update is not None and view.update.steps is not None:
        newest = catalogue.revision_id(db, view.content.procedure_id, view.update.newest_revision)
        row.ticks = progress.upgraded(
            row.ticks, view.content.steps, catalogue.revision_content(db, newest).steps
        )
        row.revision_id = newest
        _save(db, row)
        view = _view(db, session)
    return view


def writable(db: Session, access: Access) -> ChecklistSession:
    """Return the session, locked for a change."""
    return _read_to_change(db, access).row


def share_token_version(db: Session, access: Access) -> int:
    """Return the version for a new shared token."""
    return _read_to_change(db, access).row.share_token_version


def replace_token(db: Session, access: Access, key: str | None) -> ChecklistSession:
    """Invalidate the owner's token, and return the row with the new `owner_token_version`.

    With a key, the request can be repeated with the token that it has just invalidated: the session
    is not changed again. Older keys of the session are deleted, so that the key that created it,
    which may have leaked with the old token, does not give access to the new one. Also raises
    `IdempotencyKeyReused`.
    """
    now = clock.utc_now()
    digest = sha256(json.dumps(["token", str(access.session), access.version]))
    if key is not None and creation_of(db, key, digest, now) is not None:
        return _read(db, replace(access, version=access.version + 1)).row
    row = _read_to_change(db, access).row
    forget_creations(db, row.id)
    if key is not None:
        remember_creation(db, key, digest, row.id, now)
    row.owner_token_version += 1
    _save(db, row)
    return row


def revoke_shares(db: Session, access: Access) -> ChecklistSession:
    """Invalidate all shared tokens and return the row; the owner's token stays valid."""
    row = _read_to_change(db, access).row
    row.share_token_version += 1
    _save(db, row)
    return row


def remove(db: Session, access: Access) -> None:
    """Delete the session and its idempotency keys."""
    row = _read_to_change(db, access).row
    forget_creations(db, row.id)
    db.delete(row)


def check_writable(db: Session) -> None:
    """Execute a write that changes nothing; raises the database's error if it cannot be written."""
    # It deletes no row, but a read-only server refuses it, and so does a role without the right.
    db.exec(delete(SessionCreation).where(col(SessionCreation.key_hash) == ""))
    if not row_locks(db):
        # SQLite writes a page for this, so it fails on a full or broken disk.
        version = db.connection().exec_driver_sql("PRAGMA user_version").scalar_one()
        db.connection().exec_driver_sql(f"PRAGMA user_version = {int(version)}")


# Built once: building a statement costs as much as executing it.
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
"""An update of the table, not of the model, which would be compiled each time."""

# Locks the row alone, by its id, before it is joined. After a wait, READ COMMITTED checks a locked
# row again. If the join were locked, the row would be compared with the revision that was read
# before the wait: a session that an upgrade has just moved would be missing from the result and be
# reported as deleted. A join in a later statement also sees revisions published during the wait.
_LOCK: Final = (
    select(_SESSIONS.c.id).where(_SESSIONS.c.id == bindparam("session")).with_for_update()
)
"""A query of the table, like `_SAVE`: it costs half as much as one of the model."""


@dataclass(frozen=True)
class _StoredSession:
    """A session, its procedure in the current edition, and that edition."""

    row: ChecklistSession
    procedure: Procedure
    edition: EditionView


def _read(db: Session, access: Access) -> _StoredSession:
    """Return the session.

    Raises `SessionNotFound`, `SessionExpired`, or `TokenInvalid` for a revoked token.
    """
    result = db.exec(_SESSION, params={"session": access.session}).first()
    if result is None:
        raise SessionNotFound
    row, procedure, number, published_at = result
    if row.expires_at <= clock.utc_now():
        raise SessionExpired
    access.refuse_ended(
        owner_version=row.owner_token_version, share_version=row.share_token_version
    )
    return _StoredSession(row, procedure, catalogue.edition_of(db, number, published_at))


def _read_to_change(db: Session, access: Access) -> _StoredSession:
    """Lock the session and return it, if the token and the preconditions allow a change."""
    if row_locks(db):
        db.connection().execute(_LOCK, {"session": access.session})
    session = _read(db, access)
    access.refuse_read_only()
    access.preconditions.refuse_stale(session.row.version)
    access.preconditions.refuse_excluded(session.row.version)
    return session


def _save(db: Session, row: ChecklistSession) -> None:
    """Write the row back as a new version.

    The row is locked, so all its columns are written: finding the changed ones would cost more.
    """
    db.expunge(row)
    row.version += 1
    # A clock that was set back must not make the session expire earlier: a purge would delete it.
    row.changed_at = max(row.changed_at, clock.utc_now())
    row.expires_at = max(row.expires_at, row.changed_at + LIFETIME)
    db.connection().execute(
        _SAVE, {"session": row.id, **{name: getattr(row, name) for name in _CHANGEABLE}}
    )


def _view(db: Session, session: _StoredSession) -> SessionView:
    row, procedure = session.row, session.procedure
    content = catalogue.revision_content(db, row.revision_id)
    if procedure.revision == content.number and procedure.retired_in is None:
        return SessionView(row, content, None, session.edition)
    steps = None
    if procedure.revision != content.number:
        newest = catalogue.revision_content(
            db, catalogue.revision_id(db, content.procedure_id, procedure.revision)
        )
        steps = progress.difference(content.steps, newest.steps)
    retired = procedure.retired_in is not None
    update = Update(procedure.revision, steps, retired, procedure.successor)
    return SessionView(row, content, update, session.edition)
