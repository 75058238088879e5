"""All queries of checklist sessions.

A session is found by its id alone; knows no HTTP.
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
"""How long a session lives after its last change."""


@dataclass(frozen=True)
class SessionRequest:
    """What a session is to be started for."""

    carrier: str
    procedure: str
    language: Language
    facts: StoredFacts
    requested_language: str | None = None
    """The language that the body names; None: it names none, and the request's headers decided."""

    def digest(self) -> str:
        """Return a fingerprint of the body.

        It tells a repeated request from another one with the same key.
        """
        return sha256(
            json.dumps(
                [self.carrier, self.procedure, self.requested_language, self.facts], sort_keys=True
            )
        )


@dataclass(frozen=True)
class Update:
    """What has become of a session's procedure since the session started or was upgraded."""

    newest_revision: int
    steps: progress.Difference | None
    retired: bool
    successor: str | None


@dataclass(frozen=True)
class SessionView:
    """A session with the content of its revision."""

    row: ChecklistSession
    content: RevisionContent
    update: Update | None
    edition: EditionView


class StartedSession(NamedTuple):
    """A session, and whether an earlier request with the same key had started it."""

    view: SessionView
    repeated: bool


def start(db: Session, request: SessionRequest, key: str | None) -> StartedSession:
    """Return a new session for the newest revision of a procedure.

    With a key that has started a session before, return that one. Raises `IdempotencyKeyReused`,
    and what `catalogue.store.procedure` raises.
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
    """Return the session that the access is for.

    Raises `SessionNotFound`, `SessionExpired`, `TokenInvalid` or `StaleVersion`.
    """
    session = _read(db, access)
    access.preconditions.refuse_stale(session.row.version)
    return _view(db, session)


# Each of the functions below raises what `fetch` raises, and `ReadOnly` or `VersionExcluded`.


def tick(db: Session, access: Access, key: str, state: State, *, acknowledge: bool) -> SessionView:
    """Set the state of one step and return the session.

    Raises `StepNotFound`, or `StepGated` unless acknowledged, too.
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
    before = row.ticks.get(key)
    since = (
        before.at if before and before.state is state else clock.utc_now().replace(microsecond=0)
    )
    row.ticks = {**row.ticks, key: Tick(state=state, at=since)}
    _save(db, row)
    return _view(db, session)


def change(
    db: Session,
    access: Access,
    change_facts: Callable[[StoredFacts], StoredFacts],
    language: Language | None,
) -> SessionView:
    """Change the facts, or the language unless it is None, and return the session.

    `change_facts` gets the stored facts and returns the new ones. If it raises, nothing changes.
    """
    session = _read_to_change(db, access)
    row = session.row
    row.facts = change_facts(row.facts)
    if language is not None:
        row.language = language
    _save(db, row)
    return _view(db, session)


def upgrade(db: Session, access: Access) -> SessionView:
    """Move the session on to the newest revision, and return it.

    Every tick whose step did not change stays as it is.
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
    """Return the version that a token shared now has."""
    return _read_to_change(db, access).row.share_token_version


def replace_token(db: Session, access: Access, key: str | None) -> ChecklistSession:
    """End the owner's token; the new one must have the `owner_token_version` of the returned row.

    With a key the request can be repeated, also with the token that it has just ended: the session
    is not changed again. Nobody gets the new token with the key that created the session, since
    that key may have leaked with the old token. Raises `IdempotencyKeyReused` too.
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
    """Make every shared token invalid; the owner's stays."""
    row = _read_to_change(db, access).row
    row.share_token_version += 1
    _save(db, row)
    return row


def remove(db: Session, access: Access) -> None:
    """Delete the session at once and for good."""
    row = _read_to_change(db, access).row
    forget_creations(db, row.id)
    db.delete(row)


def check_writable(db: Session) -> None:
    """Write without changing anything, or raise why the database cannot be written."""
    # Deletes nothing, but a server that is read-only refuses it, and so do missing rights.
    db.exec(delete(SessionCreation).where(col(SessionCreation.key_hash) == ""))
    if not row_locks(db):
        # SQLite writes a page for it, so that a full or broken disk shows.
        version = db.connection().exec_driver_sql("PRAGMA user_version").scalar_one()
        db.connection().exec_driver_sql(f"PRAGMA user_version = {int(version)}")


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
"""An update of the table itself: one of the model would be compiled each time."""

# The row alone, by its id, before it is joined. READ COMMITTED re-checks a locked row after the
# wait: a join locked in one statement is compared with the revision row that was read before the
# wait, so a session that an upgrade had just moved dropped out and was reported as deleted. The
# join in a statement of its own also sees revisions published during the wait.
_LOCK: Final = (
    select(_SESSIONS.c.id).where(_SESSIONS.c.id == bindparam("session")).with_for_update()
)
"""Of the table itself, as `_SAVE`: half the cost of a query of the model."""


@dataclass(frozen=True)
class _StoredSession:
    """A session, its procedure as it is now, and the edition that is served."""

    row: ChecklistSession
    procedure: Procedure
    edition: EditionView


def _read(db: Session, access: Access) -> _StoredSession:
    """Return the session.

    Raises `SessionNotFound`, `SessionExpired`, or `TokenInvalid` for a token that has ended.
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

    The row is locked, so all of it is written: finding out what differs costs more.
    """
    db.expunge(row)
    row.version += 1
    # A clock that was set back must not shorten a life: the next purge would delete the session.
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
