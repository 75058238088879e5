"""A session as an iCalendar file (RFC 5545): the open steps, and the known dates."""

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
    """Return the file: a to-do with the open steps, and an event for each date to come.

    UIDs are stable, so a client that fetches the file again updates its entries.
    """
    language = presenter.language
    calendar_of = calendar_of_session(view, language)
    step_lines = open_step_lines(view, language)
    components: list[Component] = [_todo(view, calendar_of, step_lines, timeline, presenter)]
    if step_lines:
        components += entries(calendar_of, timeline.events, presenter)
    return calendar_file(calendar_of.title, language, components)


def calendar_of_session(view: SessionView, language: Language) -> CalendarOf:
    """Return the title, link, UID and version that all entries of a session's calendar share."""
    return CalendarOf(
        uid=str(view.row.id),
        title=view.content.procedure.title[language],
        url=absolute(procedure_url(view.content.carrier, view.content.slug)),
        written=clock.utc_now(),
        changed=view.row.changed_at,
        version=view.row.version,
    )


def open_step_lines(view: SessionView, language: Language) -> list[str]:
    """Return a heading and one line for each unfinished step; empty if no step is unfinished."""
    titles = [
        step.title[language] for step in progress.unfinished(view.content.steps, view.row.ticks)
    ]
    if not titles:
        return []
    return [translate("checklist.open", language), *(f"- {title}" for title in titles)]


def _todo(
    view: SessionView,
    calendar_of: CalendarOf,
    step_lines: Sequence[str],
    timeline: Timeline,
    presenter: TimelinePresenter,
) -> Todo:
    language = presenter.language
    lines = [*step_lines] or [translate("checklist.done", language)]
    if step_lines and timeline.needs:
        names = [presenter.name(fact, presenter.vocabulary.facts) for fact in timeline.needs]
        lines += [translate("checklist.missing", language), *(f"- {name}" for name in names)]
    todo = Todo()
    todo.add("uid", f"{calendar_of.uid}@kaiyaku")
    todo.add("dtstamp", calendar_of.written.astimezone(dt.UTC))
    todo.add("last-modified", view.row.changed_at)
    todo.add("sequence", calendar_of.version)
    todo.add("summary", calendar_of.title, parameters={"LANGUAGE": language})
    todo.add("description", "\n".join(lines))
    todo.add("status", "NEEDS-ACTION" if step_lines else "COMPLETED")
    return todo
