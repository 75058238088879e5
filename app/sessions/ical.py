"""A session as an iCalendar file (RFC 5545): what is left to do, and the dates that are known."""

import datetime as dt
from collections.abc import Sequence

from icalendar import Component, Todo

from app import clock
from app.i18n import Language
from app.links import absolute, procedure_url
from app.messages.loader import translate
from app.sessions import progress
from app.sessions.store import SessionView
from app.timeline.events import Timeline
from app.timeline.ical import CalendarOf, calendar_file, entries
from app.timeline.presenter import TimelinePresenter


def calendar(view: SessionView, timeline: Timeline, presenter: TimelinePresenter) -> bytes:
    """Return the calendar: a to-do with the open steps, and an event per date to come.

    UIDs are stable, so that a client that fetches the file again updates what it has.
    """
    language = presenter.language
    calendar_of = calendar_of_session(view, language)
    left = open_step_lines(view, language)
    components: list[Component] = [_todo(view, calendar_of, left, timeline, presenter)]
    if left:
        components += entries(calendar_of, timeline.events, presenter)
    return calendar_file(calendar_of.title, language, components)


def calendar_of_session(view: SessionView, language: Language) -> CalendarOf:
    """Return what a calendar of the session shows the dates of, as of now."""
    return CalendarOf(
        uid=str(view.row.id),
        title=view.content.procedure.title[language],
        url=absolute(procedure_url(view.content.carrier, view.content.slug)),
        written=clock.utc_now(),
        changed=view.row.changed_at,
        version=view.row.version,
    )


def open_step_lines(view: SessionView, language: Language) -> list[str]:
    """Return the steps that are left, under a heading; empty once nothing is left."""
    titles = [
        step.title[language] for step in progress.unfinished(view.content.steps, view.row.ticks)
    ]
    if not titles:
        return []
    return [translate("checklist.open", language), *(f"- {title}" for title in titles)]


def _todo(
    view: SessionView,
    calendar_of: CalendarOf,
    left: Sequence[str],
    timeline: Timeline,
    presenter: TimelinePresenter,
) -> Todo:
    language = presenter.language
    lines = [*left] or [translate("checklist.done", language)]
    if left and timeline.needs:
        names = [presenter.name(fact, presenter.vocabulary.facts) for fact in timeline.needs]
        lines += [translate("checklist.missing", language), *(f"- {name}" for name in names)]
    todo = Todo()
    todo.add("uid", f"{calendar_of.uid}@kaiyaku")
    todo.add("dtstamp", calendar_of.written.astimezone(dt.UTC))
    todo.add("last-modified", view.row.changed_at)
    todo.add("sequence", calendar_of.version)
    todo.add("summary", calendar_of.title, parameters={"LANGUAGE": language})
    todo.add("description", "\n".join(lines))
    todo.add("status", "NEEDS-ACTION" if left else "COMPLETED")
    return todo
