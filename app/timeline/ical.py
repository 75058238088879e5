"""Timelines as iCalendar files (RFC 5545), with one calendar event for each future date.

How events are identified, and when they count as changed: docs/decisions/0017.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import icalendar

from app.catalogue.codes import Certainty, EventCode
from app.timeline.event_keys import Basis
from app.timeline.events import Event
from app.timeline.presenter import TimelinePresenter

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"

_DEADLINE_ALARMS: Final = (dt.timedelta(days=2), dt.timedelta(hours=3))
_RETURN_ALARMS: Final = (dt.timedelta(days=1),)

ALARMS: Final[Mapping[EventCode, tuple[dt.timedelta, ...]]] = {
    EventCode.APPLY_BY: _DEADLINE_ALARMS,
    EventCode.WINDOW_CLOSES: _DEADLINE_ALARMS,
    EventCode.REFUND_CLOSES: _DEADLINE_ALARMS,
    EventCode.START_BY: _DEADLINE_ALARMS,
    EventCode.EXTEND_BY: _DEADLINE_ALARMS,
    EventCode.WITHDRAW_BY: _DEADLINE_ALARMS,
    EventCode.PORTING_NUMBER_USE_BY: _DEADLINE_ALARMS,
    EventCode.PORTING_NUMBER_EXPIRES: _DEADLINE_ALARMS,
    EventCode.ACCOUNT_PAGE_CLOSES: _DEADLINE_ALARMS,
    EventCode.RETURN_BY: _RETURN_ALARMS,
}
"""Times before an event at which its alarms ring. Only for events that require action."""

_STAMP: Final = re.compile(rb"^DTSTAMP:\S+\r\n", re.MULTILINE)

_DAYS_COUNTED_FROM: Final = dt.date(1970, 1, 1)
_DAYS_PER_VERSION: Final = 100_000
"""More days after 1970 than any event can have, so a later version has a higher number."""

_MOST_SEQUENCE: Final = 2**31 - 1
"""The largest integer (RFC 5545, 3.3.8). A session reaches it after 21,474 changes."""


@dataclass(frozen=True)
class CalendarOf:
    """The procedure or session whose dates a calendar file shows."""

    uid: str
    """Prefix of the UID of each event: names the procedure or the session."""

    title: str
    url: str | None
    """Absolute URL of the procedure. None if the service does not know its host name."""

    written: dt.datetime
    """When the file was written (DTSTAMP)."""

    basis: Mapping[str, Basis] = field(default_factory=dict)
    """Facts that each event was computed from, by event key. They become part of its UID.

    Empty for sessions: there, a corrected fact moves the event instead of making a new one.
    """

    changed: dt.datetime | None = None
    """When the session last changed. None for a procedure without a session."""

    version: int = 0
    """Version of the session. Events of a higher version replace older ones (SEQUENCE)."""


def calendar_file(
    title: str,
    language: str,
    components: Iterable[icalendar.Component],
    *,
    zone: str | None = None,
    refresh: dt.timedelta | None = None,
) -> bytes:
    """Return a calendar file with the components.

    `refresh` is how often subscribed apps should fetch the file again. The file has no METHOD:
    that property is for invitations, which need an ORGANIZER (RFC 5546).
    """
    file = icalendar.Calendar()
    file.add("prodid", f"-//Kaiyaku//Calendar//{language.upper()}")
    file.add("version", "2.0")
    file.add("name", title)
    file.add("x-wr-calname", title)
    if zone is not None:
        file.add("x-wr-timezone", zone)
    if refresh is not None:
        file.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
        file.add("x-published-ttl", icalendar.vDuration(refresh))
    for component in components:
        file.add_component(component)
    content: bytes = file.to_ical()
    return content


def without_stamps(file: bytes) -> bytes:
    """Return the file without its DTSTAMP lines, so that they do not change its entity tag."""
    return _STAMP.sub(b"", file)


def shown(events: Iterable[Event], at: dt.datetime) -> list[Event]:
    """Return the events that a calendar shows: those with a date in the future.

    Events at the instant of the request itself are left out: they would move with every fetch.
    """
    return [
        event
        for event in events
        if event.certainty is not Certainty.UNKNOWN
        and not event.passed
        and event.day is not None
        and (event.at is None or event.at > at)
    ]


def entries(
    calendar_of: CalendarOf,
    events: Iterable[Event],
    presenter: TimelinePresenter,
    more: Collection[str] = (),
) -> Iterator[icalendar.Event]:
    """Yield a calendar entry for each event in the future, with the lines `more` at the end."""
    for event in shown(events, presenter.at):
        yield _entry(calendar_of, event, presenter, more)


def entry(
    calendar_of: CalendarOf, key: str, day: dt.date, summary: str, description: Iterable[str]
) -> icalendar.Event:
    """Return a calendar entry for a whole day. `key` identifies it within `calendar_of`."""
    component = icalendar.Event()
    component.add("uid", f"{calendar_of.uid}/{key}{_basis_suffix(calendar_of, key)}@kaiyaku")
    component.add("dtstamp", calendar_of.written.astimezone(dt.UTC))
    if calendar_of.changed is not None:
        days = (day - _DAYS_COUNTED_FROM).days
        component.add("last-modified", calendar_of.changed.astimezone(dt.UTC))
        sequence = calendar_of.version * _DAYS_PER_VERSION + days
        component.add("sequence", min(sequence, _MOST_SEQUENCE))
    component.add("summary", summary)
    component.add("description", "\n".join(description))
    if calendar_of.url is not None:
        component.add("url", calendar_of.url)
    component.add("transp", "TRANSPARENT")
    component.add("dtstart", day)
    component.add("dtend", day + dt.timedelta(days=1))
    return component


def _basis_suffix(calendar_of: CalendarOf, key: str) -> str:
    """Return the part of a UID that differs for the same event computed from other facts."""
    basis = calendar_of.basis.get(key)
    if not basis:
        return ""
    text = "&".join(f"{fact}={value}" for fact, value in basis)
    return "/" + hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _entry(
    calendar_of: CalendarOf, event: Event, presenter: TimelinePresenter, more: Iterable[str]
) -> icalendar.Event:
    day = event.day
    assert day is not None  # events without a day are not shown
    summary = (
        f"{presenter.name(event.code, presenter.vocabulary.event_codes)} - {calendar_of.title}"
    )
    if event.certainty is Certainty.ESTIMATED:
        estimated = presenter.name(event.certainty, presenter.vocabulary.certainties)
        summary = f"{summary} ({estimated})"
    why = presenter.formatter.sentence(event.why)
    note = event.note[presenter.language] if event.note else None
    lines = [line for line in (why, note, *more, calendar_of.url) if line]
    component = entry(calendar_of, event.key, day, summary, lines)
    is_certain = event.certainty is Certainty.EXACT
    component.add("status", "CONFIRMED" if is_certain else "TENTATIVE")
    if event.at is not None:
        # In UTC, so that calendar apps show the instant in the reader's own time zone.
        del component["dtstart"], component["dtend"]
        component.add("dtstart", event.at.astimezone(dt.UTC))
    elif event.ends is not None:
        del component["dtend"]
        component.add("dtend", event.ends + dt.timedelta(days=1))
    for before in ALARMS.get(event.code, ()):
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", why)
        alarm.add("trigger", -before)
        component.add_component(alarm)
    return component
