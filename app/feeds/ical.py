"""A calendar feed as an iCalendar file: the dates of a session, and its open steps."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import icalendar

from app import clock
from app.feeds.models import CalendarFeed
from app.i18n import DEFAULT_LANGUAGE, Language, supported
from app.messages.loader import translate
from app.sessions.dates import timeline_of
from app.sessions.ical import calendar_of_session, open_step_lines
from app.sessions.store import SessionView
from app.timeline.ical import CalendarOf, calendar_file, entries, entry, without_stamps

_REFRESH_AFTER: Final = dt.timedelta(hours=6)
"""How often the file asks calendar apps to refresh it; most apps use their own period."""


class FeedFile(NamedTuple):
    """An iCalendar file, and the weak entity tag of its content without timestamps."""

    content: bytes
    etag: str


def feed_file(feed: CalendarFeed, view: SessionView) -> FeedFile:
    """Return the feed as a file. It has at least one event: some apps refuse an empty calendar."""
    language = feed_language(feed)
    calendar_of = calendar_of_session(view, language)
    components = [*_entries(feed, view, calendar_of, language)]
    file = calendar_file(
        calendar_of.title, language, components, zone=feed.zone, refresh=_REFRESH_AFTER
    )
    digest = hashlib.blake2b(without_stamps(file), digest_size=12).hexdigest()
    # Weak: files with the same tag differ in the timestamps of when they were written.
    return FeedFile(file, f'W/"{digest}"')


def feed_language(feed: CalendarFeed) -> Language:
    """Return the language of the feed, or the default if that is no longer supported."""
    return supported(feed.language) or DEFAULT_LANGUAGE


def _entries(
    feed: CalendarFeed, view: SessionView, calendar_of: CalendarOf, language: Language
) -> Iterator[icalendar.Event]:
    steps_left = open_step_lines(view, language)
    if steps_left:
        # Texts contain the instant of the request. It is rounded to the hour, so that the file
        # stays the same between fetches.
        this_hour = clock.now_in_japan().replace(minute=0, second=0)
        timeline, presenter = timeline_of(view, language, feed.zone, this_hour)
        yield from entries(calendar_of, timeline.events, presenter, steps_left)
    yield entry(
        calendar_of,
        "deleted",
        view.row.expires_at.astimezone(ZoneInfo(feed.zone)).date(),
        f"{translate('feed.deleted', language)} - {calendar_of.title}",
        steps_left,
    )
