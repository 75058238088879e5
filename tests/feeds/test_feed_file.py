"""The file of a feed changes with its session and its dates, not with every fetch."""

import datetime as dt
import uuid

import pytest

from app import clock
from app.catalogue.authoring.publish import publish
from app.database import Database
from app.feeds.ical import feed_file
from app.feeds.models import CalendarFeed
from app.i18n import DEFAULT_LANGUAGE
from app.sessions import store
from app.sessions.store import SessionRequest
from app.zones import JAPAN
from tests.support import builders

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=JAPAN)
PROCEDURE = builders.procedure(
    timing=[{"kind": "contract_end", "ends": "month_end", "sources": ["S1"]}],
    billing={"last_month": "full", "cycle": "calendar_month", "sources": ["S1"]},
)


def test_the_tag_of_a_feed_changes_by_the_hour(
    database: Database, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts name the hour of the request: the file keeps its tag until the next hour."""
    folder = tmp_path_factory.mktemp("feed")
    publish(database, builders.read(builders.write(folder, {"example": {"cancel": PROCEDURE}})))
    with database.write() as db:
        view, _ = store.start(db, SessionRequest("example", "cancel", DEFAULT_LANGUAGE, {}), None)
        feed = CalendarFeed(
            session_id=view.row.id,
            address_hash=uuid.uuid4().hex,
            owner_token_version=0,
            language="en",
            zone="Asia/Tokyo",
            created_at=NOON,
        )
        files = {}
        for minutes in (1, 59, 61):
            now = NOON + dt.timedelta(minutes=minutes)
            monkeypatch.setattr(clock, "now_in_japan", lambda now=now: now)
            monkeypatch.setattr(clock, "utc_now", lambda now=now: now.astimezone(dt.UTC))
            files[minutes] = feed_file(feed, view)

    assert b"12:00" in files[1].content, "the text names the hour"
    assert files[1].etag == files[59].etag
    assert files[1].content != files[59].content, "it says when it was written"
    assert files[1].etag != files[61].etag
