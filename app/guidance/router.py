"""Guidance over HTTP: the dates of a procedure."""

import datetime as dt
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from app.catalogue import store
from app.catalogue.router import CarrierId, ProcedureId
from app.database import ReadSession
from app.guidance import calendar, days, examples
from app.guidance.events import Timeline
from app.guidance.facts import refuse_unused
from app.guidance.schemas import Speech, TimelineOut, TimelineQuery
from app.guidance.timeline import timeline
from app.guidance.used import facts_used
from app.languages import ChosenLanguage, Language
from app.problems import answers, good

router = APIRouter(prefix="/v1", responses=answers(store.NothingPublished))

_PROBLEMS: Final = answers(store.CarrierNotFound, store.CarrierRetired, store.ProcedureNotFound, store.ProcedureRetired)
_CALENDAR: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/calendar": {"schema": {"type": "string"}, "example": examples.CALENDAR}}}
}


def _kept_with_at_only(request: Request, response: Response) -> None:
    """See to it that nobody keeps an answer that holds for this moment only."""
    if "at" not in request.query_params:
        response.headers["Cache-Control"] = "no-store"


def _timeline(view: store.ProcedureView, query: TimelineQuery, at: dt.datetime, language: Language) -> Timeline:
    facts = query.facts(at, language)
    rules = view.revision.facts
    refuse_unused(facts, facts_used(rules), language)
    return timeline(rules, facts.given(), at)


@router.get(
    "/carriers/{carrier}/procedures/{procedure}/timeline",
    tags=["guidance"],
    responses=good(examples.TIMELINE) | _PROBLEMS,
    dependencies=[Depends(_kept_with_at_only)],
)
def get_timeline(
    carrier: CarrierId, procedure: ProcedureId, query: Annotated[TimelineQuery, Query()], language: ChosenLanguage, db: ReadSession
) -> TimelineOut:
    """Return by when to apply, when it ends, until when it is charged, and every other date that follows from the facts given.

    A fact that is missing is asked for in `needs_facts`, never assumed. Without `at` the request is taken to be made now.
    """
    view, at = store.procedure(db, carrier, procedure), query.at or days.now()
    return TimelineOut.of(view, _timeline(view, query, at, language), at, query.tz, language)


@router.get(
    "/carriers/{carrier}/procedures/{procedure}/timeline.ics",
    tags=["guidance"],
    responses=_CALENDAR | _PROBLEMS,
    response_class=Response,
)
def get_timeline_file(
    carrier: CarrierId, procedure: ProcedureId, query: Annotated[TimelineQuery, Query()], language: ChosenLanguage, db: ReadSession
) -> Response:
    """Return the dates to come as an iCalendar file (RFC 5545), with alarms for what has to be done in time."""
    view, at = store.procedure(db, carrier, procedure), query.at or days.now()
    title = f"{view.carrier.document.name[language]}: {view.revision.facts.title[language]}"
    speech = Speech(language, view.edition.vocabulary, at)
    events = _timeline(view, query, at, language).events
    return Response(
        calendar.calendar(f"{carrier}/{procedure}", title, events, speech, view.edition.published_at),
        media_type=calendar.MEDIA_TYPE,
        headers={
            "Content-Language": language,
            "Content-Disposition": f'attachment; filename="{carrier}-{procedure}.ics"',
            **({} if query.at else {"Cache-Control": "no-store"}),
        },
    )
