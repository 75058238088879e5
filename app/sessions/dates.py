"""The dates of a session: they follow from its facts and from what has been done."""

import datetime as dt
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


def timeline_of(
    view: SessionView, language: Language, zone: str, now: dt.datetime | None = None
) -> tuple[Timeline, TimelinePresenter]:
    """Return the session's timeline, and what says it in the language and for the zone.

    `now` is the moment of a request that is not made yet; None: the present second.
    Once the request is made, the dates are those of that moment, and nothing has to be applied
    for any more.
    """
    now = now or clock.now_in_japan()
    requested_at = progress.requested_at(view.content.steps, view.row.ticks)
    at = requested_at.astimezone(JAPAN) if requested_at else now
    presenter = TimelinePresenter(language, view.edition.vocabulary, at, ZoneInfo(zone))
    timeline = build_timeline(view.content.procedure, given_facts(view.row.facts).given(), at)
    return drop_request_deadlines(timeline, now) if requested_at else timeline, presenter
