"""A timeline as an iCalendar file (RFC 5545): an entry for each coming date, with alarms."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import icalendar

from app.catalogue.codes import Certainty, EventCode
from app.timeline.events import Event
from app.timeline.presenter import TimelinePresenter

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"

_DEADLINES: Final = frozenset(
    {
        EventCode.APPLY_BY,
        EventCode.WINDOW_CLOSES,
        EventCode.REFUND_CLOSES,
        EventCode.START_BY,
        EventCode.EXTEND_BY,
        EventCode.WITHDRAW_BY,
        EventCode.RETURN_BY,
        EventCode.PORTING_NUMBER_USE_BY,
        EventCode.PORTING_NUMBER_EXPIRES,
        EventCode.ACCOUNT_PAGE_CLOSES,
    }
)
_ALARMS: Final = (dt.timedelta(days=3), dt.timedelta(days=1))
"""How long before a deadline its alarms go off."""


def calendar(
    timeline_id: str,
    title: str,
    events: Iterable[Event],
    presenter: TimelinePresenter,
    written_at: dt.datetime,
) -> bytes:
    """Return the calendar of the coming events; `timeline_id` keeps their ids stable."""
    file = icalendar.Calendar()
    file.add("prodid", "-//Kaiyaku//timeline//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("name", title)
    file.add("x-wr-calname", title)
    for entry in entries(timeline_id, title, events, presenter, written_at):
        file.add_component(entry)
    content: bytes = file.to_ical()
    return content


def entries(
    timeline_id: str,
    title: str,
    events: Iterable[Event],
    presenter: TimelinePresenter,
    written_at: dt.datetime,
) -> Iterator[icalendar.Event]:
    """Yield an entry for each event that has a date and is still to come.

    An event at the very instant of the request is left out: in a subscribed calendar it would
    move with every fetch.
    """
    entries_of_code: Counter[EventCode] = Counter()
    for event in events:
        is_immediate = event.at is not None and event.at <= presenter.at
        is_dated = event.certainty is not Certainty.UNKNOWN and event.day is not None
        if event.passed or is_immediate or not is_dated:
            continue
        entries_of_code[event.code] += 1
        uid = f"{timeline_id}/{event.code}/{entries_of_code[event.code]}@kaiyaku"
        yield _entry(uid, title, event, presenter, written_at)


def _entry(
    uid: str, title: str, event: Event, presenter: TimelinePresenter, written_at: dt.datetime
) -> icalendar.Event:
    name = presenter.name(event.code, presenter.vocabulary.event_codes)
    entry = icalendar.Event()
    entry.add("uid", uid)
    entry.add("dtstamp", written_at.astimezone(dt.UTC))
    entry.add("summary", f"{name} - {title}")
    why = presenter.formatter.sentence(event.why)
    description = [why, event.note[presenter.language]] if event.note else [why]
    entry.add("description", "\n".join(description))
    entry.add("transp", "TRANSPARENT")
    if event.at is not None:
        # In UTC: a deadline in Japan is the right hour on every reader's clock.
        entry.add("dtstart", event.at.astimezone(dt.UTC))
    else:
        assert event.day is not None  # events without a day are left out
        entry.add("dtstart", event.day)
        entry.add("dtend", (event.ends or event.day) + dt.timedelta(days=1))
    if event.code in _DEADLINES:
        for time_before in _ALARMS:
            entry.add_component(_alarm(why, time_before))
    return entry


def _alarm(description: str, time_before: dt.timedelta) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", description)
    alarm.add("trigger", -time_before)
    return alarm
