"""Calendar files of procedures, without a server."""

import datetime as dt
from typing import Any, Final

import icalendar

from app.catalogue.documents import ProcedureContent
from app.facts.query import Facts
from app.i18n import DEFAULT_LANGUAGE, Language
from app.timeline import ical
from app.timeline.build import basis_of_events, build_timeline
from app.timeline.presenter import TimelinePresenter
from tests.support import builders
from tests.support.rules import JAPAN

VOCABULARY: Final = builders.vocabulary()
AT: Final = dt.datetime(2026, 11, 20, 10, tzinfo=JAPAN)


def calendar(
    procedure: ProcedureContent,
    at: dt.datetime = AT,
    language: Language = DEFAULT_LANGUAGE,
    url: str | None = None,
    **facts: str,
) -> bytes:
    """Return the calendar file of a procedure."""
    given = Facts.model_validate(facts).given()
    calendar_of = ical.CalendarOf(
        uid="example/cancel",
        title="Cancel",
        url=url,
        written=at,
        basis=basis_of_events(procedure, given, at),
    )
    events = build_timeline(procedure, given, at).events
    presenter = TimelinePresenter(language, VOCABULARY, at)
    return ical.calendar_file("Cancel", language, ical.entries(calendar_of, events, presenter))


def entries(file: bytes) -> dict[str, icalendar.Component]:
    """Return the entries of a file by their UIDs."""
    events = icalendar.Calendar.from_ical(file).walk("VEVENT")
    found = {str(entry["uid"]): entry for entry in events}
    assert len(found) == len(events)
    return found


def starts(found: dict[str, icalendar.Component]) -> dict[str, Any]:
    """Return the start of each entry by its UID."""
    return {uid: entry.decoded("dtstart") for uid, entry in found.items()}


def alarms(found: dict[str, icalendar.Component]) -> dict[str, list[dt.timedelta]]:
    """Return by event code how long before each entry reminds."""
    return {
        uid.split("/")[3].partition("@")[0]: [
            alarm.decoded("trigger") for alarm in entry.walk("VALARM")
        ]
        for uid, entry in found.items()
    }
