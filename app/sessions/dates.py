"""The dates of a session, computed from its facts and its ticks."""

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app import clock
from app.i18n import Language
from app.sessions import progress
from app.sessions.facts import given_facts
from app.sessions.store import SessionView
from app.timeline.build import build_timeline
from app.timeline.events import Timeline, drop_request_deadlines
from app.timeline.presenter import TimelinePresenter
from app.zones import JAPAN


class SessionTimeline(NamedTuple):
    """A session's timeline, and the presenter for its language, instant and zone."""

    timeline: Timeline
    presenter: TimelinePresenter


def timeline_of(
    view: SessionView, language: Language, zone: str, now: dt.datetime | None = None
) -> SessionTimeline:
    """Return the session's timeline, with a presenter for the language and the IANA zone.

    Until the steps that make the request are done, the dates are those of a request at `now`; None
    is the current time. Afterwards they are those of the request, without deadlines for it.
    """
    now = now or clock.now_in_japan()
    requested_at = progress.requested_at(view.content.steps, view.row.ticks)
    at = requested_at.astimezone(JAPAN) if requested_at else now
    presenter = TimelinePresenter(language, view.edition.vocabulary, at, ZoneInfo(zone))
    timeline = build_timeline(view.content.procedure, given_facts(view.row.facts).given(), at)
    if requested_at:
        timeline = drop_request_deadlines(timeline, now)
    return SessionTimeline(timeline, presenter)
