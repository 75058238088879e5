"""A creation can be repeated with its key for 24 hours."""

import datetime as dt
import uuid
from typing import Final

import pytest

from app.catalogue.authoring.publish import publish
from app.database import Database
from app.i18n import DEFAULT_LANGUAGE
from app.sessions import store
from app.sessions.creations import (
    REPEATABLE_FOR,
    creation_of,
    forget_creations,
    remember_creation,
    sha256,
)
from app.sessions.problems import IdempotencyKeyReused
from app.sessions.store import SessionRequest
from tests.support import builders

NOW: Final = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
KEY: Final = "6f1f6d0e-6a0a-4f6e-9a55-3f0c8f6c2f11"
REQUEST: Final = sha256("a request")
SECOND: Final = dt.timedelta(seconds=1)


@pytest.fixture
def session_id(database: Database, tmp_path_factory: pytest.TempPathFactory) -> uuid.UUID:
    """The id of a session that was created with the key."""
    folder = tmp_path_factory.mktemp("creations")
    files = {"example": {"cancel": builders.procedure()}}
    publish(database, builders.read(builders.write(folder, files)))
    request = SessionRequest("example", "cancel", DEFAULT_LANGUAGE, {})
    with database.write() as db:
        created = store.start(db, request, None).view.row.id
        remember_creation(db, KEY, REQUEST, created, NOW)
    return created


def test_the_same_request_finds_its_creation(database: Database, session_id: uuid.UUID) -> None:
    """Until 24 hours have passed, the key and the request give the session."""
    with database.write() as db:
        creation = creation_of(db, KEY, REQUEST, NOW + REPEATABLE_FOR - SECOND)

    assert creation is not None
    assert creation.session_id == session_id


def test_another_request_with_the_key_is_refused(database: Database, session_id: uuid.UUID) -> None:
    """A key that was used for another request raises an error, and its session stays."""
    with database.write() as db, pytest.raises(IdempotencyKeyReused):
        creation_of(db, KEY, sha256("another request"), NOW)
    with database.write() as db:
        creation = creation_of(db, KEY, REQUEST, NOW)
        assert creation is not None
        assert creation.session_id == session_id


@pytest.mark.usefixtures("session_id")
def test_an_expired_key_is_free_again(database: Database) -> None:
    """After 24 hours the key can be used for any request."""
    with database.write() as db:
        assert creation_of(db, KEY, sha256("another request"), NOW + REPEATABLE_FOR) is None
        assert creation_of(db, KEY, REQUEST, NOW) is None


def test_a_forgotten_key_is_free_again(database: Database, session_id: uuid.UUID) -> None:
    """Once the keys of a session are deleted, they give it no more."""
    with database.write() as db:
        forget_creations(db, session_id)
        assert creation_of(db, KEY, REQUEST, NOW) is None
