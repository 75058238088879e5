"""HTTP routes of timelines, as JSON and as iCalendar files."""

import datetime as dt
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from app import clock
from app.catalogue import store
from app.catalogue.parameters import CarrierId, ProcedureId
from app.catalogue.problems import (
    CarrierNotFound,
    CarrierRetired,
    NothingPublished,
    ProcedureNotFound,
    ProcedureRetired,
)
from app.catalogue.records import ProcedureView
from app.database import ReadSession
from app.facts.query import refuse_unused
from app.http.cache.policy import cacheable
from app.http.rate_limit.policy import Count, counted
from app.i18n import ChosenLanguage, Language, content_language
from app.links import absolute, procedure_url
from app.problems.base import TooManyRequests, json_example, problem_responses
from app.routes import Route
from app.timeline import examples, ical
from app.timeline.build import basis_of_events, build_timeline
from app.timeline.events import Timeline
from app.timeline.presenter import TimelinePresenter
from app.timeline.problems import NoDates
from app.timeline.relevant_facts import relevant_facts
from app.timeline.schemas import TimelineOut, TimelineQuery
from app.zones import zone

router = APIRouter(
    prefix="/v1",
    responses=problem_responses(NothingPublished, TooManyRequests),
    route_class=Route,
)


_PROBLEMS: Final = problem_responses(
    CarrierNotFound, CarrierRetired, ProcedureNotFound, ProcedureRetired
)


_CALENDAR: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {"text/calendar": {"schema": {"type": "string"}, "example": examples.CALENDAR}}
    }
}


def _build_timeline(
    view: ProcedureView, query: TimelineQuery, at: dt.datetime, language: Language
) -> Timeline:
    facts = query.facts(at, language)
    procedure = view.content.procedure
    refuse_unused(facts, relevant_facts(procedure), language)
    return build_timeline(procedure, facts.given(), at)


@router.get(
    "/carriers/{carrier}/procedures/{procedure}/timeline",
    tags=["timeline"],
    responses=json_example(examples.TIMELINE) | _PROBLEMS,
)
@cacheable(depends_on_now=True)
@counted(Count.COMPUTATION)
def get_timeline(
    carrier: CarrierId,
    procedure: ProcedureId,
    query: Annotated[TimelineQuery, Query()],
    language: ChosenLanguage,
    db: ReadSession,
) -> TimelineOut:
    """Return a procedure's timeline: by when to apply, when the contract ends, and other dates.

    Dates are computed for a request made at `at` (default: now). Missing facts are listed in
    `needs_facts` and never assumed.
    """
    view = store.procedure(db, carrier, procedure)
    at = query.at or clock.now_in_japan()
    timeline = _build_timeline(view, query, at, language)
    presenter = TimelinePresenter(language, view.edition.vocabulary, at, zone(query.tz))
    return presenter.timeline(view, timeline)


@router.get(
    "/carriers/{carrier}/procedures/{procedure}/timeline.ics",
    tags=["timeline"],
    responses=_CALENDAR | _PROBLEMS | problem_responses(NoDates),
    response_class=Response,
)
@cacheable(depends_on_now=True)
@counted(Count.COMPUTATION)
def get_timeline_file(
    carrier: CarrierId,
    procedure: ProcedureId,
    query: Annotated[TimelineQuery, Query()],
    language: ChosenLanguage,
    db: ReadSession,
) -> Response:
    """Return the future dates of a timeline as an iCalendar file (RFC 5545), with alarms."""
    view = store.procedure(db, carrier, procedure)
    at = query.at or clock.now_in_japan()
    title = f"{view.carrier.document.name[language]}: {view.content.procedure.title[language]}"
    presenter = TimelinePresenter(language, view.edition.vocabulary, at)
    events = _build_timeline(view, query, at, language).events
    if not ical.shown(events, at):
        raise NoDates
    facts = query.facts(at, language).given()
    calendar_of = ical.CalendarOf(
        uid=f"{carrier}/{procedure}",
        title=title,
        url=absolute(procedure_url(carrier, procedure)),
        written=at,
        basis=basis_of_events(view.content.procedure, facts, at),
    )
    entries = ical.entries(calendar_of, events, presenter)
    return Response(
        ical.calendar_file(title, language, entries),
        media_type=ical.MEDIA_TYPE,
        headers={
            "Content-Language": content_language(language),
            "Content-Disposition": f'attachment; filename="{carrier}-{procedure}.ics"',
        },
    )
