"""All queries of calendar feeds. A feed is looked up by the hash of its address."""

import hashlib
import re
import secrets
import uuid
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlmodel import Session, col, delete, select

from app import clock
from app.feeds.models import CalendarFeed
from app.feeds.problems import FeedNotFound, TooManyFeeds
from app.i18n import Language
from app.sessions import store as sessions
from app.sessions.models import ChecklistSession
from app.sessions.problems import SessionExpired, SessionNotFound, TokenInvalid
from app.sessions.tokens import Access, Rights

MOST_FEEDS: Final = 5
"""Enough for the devices of one person, and for a few people with whom they share their dates."""

_ADDRESS: Final = re.compile(r"([A-Za-z0-9_-]{43})\.ics")
"""256 random bits: an address cannot be found by trying, so a feed needs no other protection."""


def create(db: Session, access: Access, language: Language | None, zone: str) -> "NewFeed":
    """Add a feed to the session; if `language` is None, in the session's language.

    Raises `TooManyFeeds`, and what `sessions.store.writable` raises: `ReadOnly`, for example.
    """
    session = sessions.writable(db, access)
    # Feeds of a replaced token no longer work, and must not count.
    db.exec(
        delete(CalendarFeed).where(
            col(CalendarFeed.session_id) == session.id,
            col(CalendarFeed.owner_token_version) != session.owner_token_version,
        )
    )
    if len(_feeds(db, session)) >= MOST_FEEDS:
        raise TooManyFeeds(most=MOST_FEEDS)
    address = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        session_id=session.id,
        address_hash=_hash(address),
        owner_token_version=session.owner_token_version,
        language=language or session.language,
        zone=zone,
        created_at=clock.utc_now().replace(microsecond=0),
    )
    db.add(feed)
    db.flush()
    return NewFeed(feed, f"{address}.ics")


class NewFeed(NamedTuple):
    """A feed and its address, which is not stored."""

    feed: CalendarFeed
    address: str


def feeds(db: Session, access: Access) -> Sequence[CalendarFeed]:
    """Return the feeds of the session, the oldest first; raises what `sessions.fetch` raises."""
    return _feeds(db, sessions.fetch(db, access).row)


def revoke(db: Session, access: Access, feed_id: uuid.UUID) -> None:
    """Delete a feed of the session.

    Raises `FeedNotFound` if the session has no feed with this id, and what
    `sessions.store.writable` raises.
    """
    session = sessions.writable(db, access)
    deleted = db.exec(
        delete(CalendarFeed).where(
            col(CalendarFeed.id) == feed_id, col(CalendarFeed.session_id) == session.id
        )
    )
    if deleted.rowcount == 0:
        raise FeedNotFound


def read(db: Session, address: str) -> tuple[CalendarFeed, sessions.SessionView]:
    """Return the feed with the address, and its session.

    Raises `FeedNotFound`, also if the session has expired or the owner's token was replaced.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise FeedNotFound
    feed = db.exec(
        select(CalendarFeed).where(CalendarFeed.address_hash == _hash(match[1]))
    ).one_or_none()
    if feed is None:
        raise FeedNotFound
    # The feed is valid as long as the owner's token with which it was created.
    access = Access(feed.session_id, Rights.WRITE, feed.owner_token_version)
    try:
        return feed, sessions.fetch(db, access)
    except (SessionNotFound, SessionExpired, TokenInvalid):
        raise FeedNotFound from None


def _feeds(db: Session, session: ChecklistSession) -> Sequence[CalendarFeed]:
    return db.exec(
        select(CalendarFeed)
        .where(
            CalendarFeed.session_id == session.id,
            CalendarFeed.owner_token_version == session.owner_token_version,
        )
        .order_by(col(CalendarFeed.created_at), col(CalendarFeed.id))
    ).all()


def _hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
