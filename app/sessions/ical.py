"""A session as an iCalendar file (RFC 5545): what is left to do, and the dates that are known."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from icalendar import Component, Todo

from app.messages.loader import translate
from app.timeline.events import Timeline
from app.timeline.ical import CalendarOf, calendar_file, entries
from app.timeline.presenter import TimelinePresenter


@dataclass(frozen=True)
class Checklist:
    """What a calendar is made from."""

    session: uuid.UUID
    title: str
    open_steps: Sequence[str]
    timeline: Timeline
    url: str | None
    """Absolute address of the procedure; None where the service does not know its host."""
    written_at: dt.datetime
    changed_at: dt.datetime
    version: int


def calendar(checklist: Checklist, presenter: TimelinePresenter) -> bytes:
    """Return the calendar: a to-do with the open steps, and an event per date to come.

    UIDs are stable, so that a client that fetches the file again updates what it has.
    """
    components: list[Component] = [_todo(checklist, presenter)]
    if checklist.open_steps:
        calendar_of = CalendarOf(
            uid=str(checklist.session),
            title=checklist.title,
            url=checklist.url,
            written=checklist.written_at,
            changed=checklist.changed_at,
            version=checklist.version,
        )
        components += entries(calendar_of, checklist.timeline.events, presenter)
    return calendar_file(checklist.title, presenter.language, components)


def _todo(checklist: Checklist, presenter: TimelinePresenter) -> Todo:
    language = presenter.language
    left = (
        [translate("checklist.open", language), *(f"- {step}" for step in checklist.open_steps)]
        if checklist.open_steps
        else [translate("checklist.done", language)]
    )
    if checklist.open_steps and checklist.timeline.needs:
        left += [
            translate("checklist.missing", language),
            *(
                f"- {presenter.name(fact, presenter.vocabulary.facts)}"
                for fact in checklist.timeline.needs
            ),
        ]
    todo = Todo()
    todo.add("uid", f"{checklist.session}@kaiyaku")
    todo.add("dtstamp", checklist.written_at.astimezone(dt.UTC))
    todo.add("last-modified", checklist.changed_at)
    todo.add("sequence", checklist.version)
    todo.add("summary", checklist.title, parameters={"LANGUAGE": presenter.language})
    todo.add("description", "\n".join(left))
    todo.add("status", "NEEDS-ACTION" if checklist.open_steps else "COMPLETED")
    return todo
