"""A timeline as an iCalendar file (RFC 5545): one event for each date to come, with alarms where something has to be done."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

import icalendar

from app.catalogue.codes import Certainty, EventCode
from app.timeline.events import Event
from app.timeline.schemas import Presenter

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"

_TO_DO: Final = frozenset(
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


def calendar(
    of: str, title: str, events: Iterable[Event], presenter: Presenter, written: dt.datetime
) -> bytes:
    """Return the calendar of what is to come; `of` names the timeline, so that its events keep their ids."""
    file = icalendar.Calendar()
    file.add("prodid", "-//Kaiyaku//timeline//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("name", title)
    file.add("x-wr-calname", title)
    for entry in entries(of, title, events, presenter, written):
        file.add_component(entry)
    content: bytes = file.to_ical()
    return content


def entries(
    of: str, title: str, events: Iterable[Event], presenter: Presenter, written: dt.datetime
) -> Iterator[icalendar.Event]:
    """Return what a calendar shows of the events: those with a date that is still to come.

    What happens at the very instant of asking is left out: it would move with every fetch of a subscribed calendar.
    """
    seen: dict[EventCode, int] = {}
    for event in events:
        at_once = event.at is not None and event.at <= presenter.at
        if event.certainty is Certainty.UNKNOWN or event.passed or event.day is None or at_once:
            continue
        seen[event.code] = seen.get(event.code, 0) + 1
        yield _entry(
            f"{of}/{event.code}/{seen[event.code]}@kaiyaku", title, event, presenter, written
        )


def _entry(
    uid: str, title: str, event: Event, presenter: Presenter, written: dt.datetime
) -> icalendar.Event:
    name = presenter.name(event.code, presenter.vocabulary.event_codes)
    entry = icalendar.Event()
    entry.add("uid", uid)
    entry.add("dtstamp", written.astimezone(dt.UTC))
    entry.add("summary", f"{name} - {title}")
    why = presenter.formatter.sentence(event.why)
    entry.add(
        "description", "\n".join([why, *([event.note[presenter.language]] if event.note else [])])
    )
    entry.add("transp", "TRANSPARENT")
    if event.at is not None:
        # In UTC: a deadline in Japan is the right hour on every reader's clock.
        entry.add("dtstart", event.at.astimezone(dt.UTC))
    else:
        first = event.on or event.begins
        assert first is not None  # events without a day are left out
        entry.add("dtstart", first)
        entry.add("dtend", (event.ends or first) + dt.timedelta(days=1))
    if event.code in _TO_DO:
        for before in _ALARMS:
            alarm = icalendar.Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", why)
            alarm.add("trigger", -before)
            entry.add_component(alarm)
    return entry
