"""Guidance over HTTP: what to do, by when, who is behind a SIM, and who can be reached."""

import datetime as dt
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import Session

from app.catalogue import store
from app.catalogue.router import CarrierId, ProcedureId
from app.catalogue.timing import Fact
from app.database import ReadSession
from app.guidance import calendar, days, examples
from app.guidance.check_schemas import ContactsOut, ContactsQuery, FeeCheckOut, FeeCheckQuery
from app.guidance.clues import CluesIn, refuse_eid
from app.guidance.events import Timeline
from app.guidance.facts import refuse_future, refuse_unused
from app.guidance.fee_check import fee_check
from app.guidance.guide_query import GuideQuery
from app.guidance.guide_schemas import GENERIC, Guide, Guided, GuideOut
from app.guidance.identify import identify
from app.guidance.identify_schemas import IdentificationOut
from app.guidance.schemas import Speech, TimelineOut, TimelineQuery
from app.guidance.timeline import timeline
from app.guidance.used import facts_used
from app.languages import ChosenLanguage, Language, ReadQuery
from app.problems import BodyTooLarge, RequestRefused, TooManyRequests, answers, good
from app.routes import Route, UnsupportedMediaType

router = APIRouter(prefix="/v1", responses=answers(store.NothingPublished, TooManyRequests), route_class=Route)

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
    rules = view.content.facts
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
    title = f"{view.carrier.document.name[language]}: {view.content.facts.title[language]}"
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


@router.get(
    "/guide",
    tags=["guidance"],
    responses=good(examples.GUIDE) | answers(store.CarrierNotFound, store.CarrierRetired),
    dependencies=[Depends(_kept_with_at_only)],
)
def get_guide(query: Annotated[GuideQuery, Query()], language: ChosenLanguage, db: ReadSession) -> GuideOut:
    """Return which way out fits a situation, why, by when, and the one question worth asking next.

    Start with no query at all and add what each question's options say: five answers at most after the company's.
    Needs are of three values: at hand (`have`), not at hand (`lack`), not said. Moving the number and cancelling the
    line are never both recommended. Nothing to cancel is an answer like any other.
    """
    edition, at = store.edition(db), query.at or days.now()
    guided = _guided(db, query.carrier or GENERIC)
    situation = query.situation(at, guided.allowed(edition), language)
    guide = Guide(edition, situation, at, query.tz, language)
    if query.carrier is None:
        names = [(slug, name) for slug, name in store.carrier_names(db, edition) if slug != GENERIC]
        return guide.of_unknown(guided, names)
    return guide.of_carrier(guided, lambda: _guided(db, GENERIC))


def _guided(db: Session, slug: str) -> Guided:
    row = store.carrier(db, slug)
    return Guided(row, store.newest_contents(db, row))


@router.get(
    "/carriers/{carrier}/contacts",
    tags=["guidance"],
    responses=good(examples.CONTACTS) | answers(store.CarrierNotFound, store.CarrierRetired),
    dependencies=[Depends(_kept_with_at_only)],
)
def get_contacts(carrier: CarrierId, query: Annotated[ContactsQuery, Query()], language: ChosenLanguage, db: ReadSession) -> ContactsOut:
    """Return the ways to reach a carrier, which of them answer at the instant, and when the others open next.

    Hours are Japan's, with its public holidays. Hours that no source tells stay unknown.
    """
    row = store.carrier(db, carrier)
    return ContactsOut.of(store.edition(db), row, query.at or days.now(), query.tz, language)


@router.get("/fee-check", tags=["guidance"], responses=good(examples.FEE_CHECK))
def check_fee(query: Annotated[FeeCheckQuery, Query()], language: ChosenLanguage, db: ReadSession) -> FeeCheckOut:
    """Return which legal cap applies to a fee for leaving early, and whether the quoted fee is above it.

    A summary of the sources it cites, with the limits of the statement; no legal advice.
    """
    edition = store.edition(db)
    made_on = query.contract_started_on
    refuse_future(Fact.CONTRACT_STARTED_ON, made_on, days.now().date(), language)
    check = fee_check(edition.regulation, made_on, query.operator_kind, query.quoted_jpy, query.monthly_price_jpy)
    return FeeCheckOut.of(edition, query, check, language)


@router.post(
    "/identify", tags=["guidance"], responses=good(examples.IDENTIFICATION) | answers(RequestRefused, BodyTooLarge, UnsupportedMediaType)
)
def identify_company(
    clues: CluesIn, response: Response, _query: Annotated[ReadQuery, Query()], language: ChosenLanguage, db: ReadSession
) -> IdentificationOut:
    """Return the companies that can be behind a SIM, each with its role, and the clue to look for next.

    Nothing of the clues is stored or logged. A whole SIM number, EID, IMSI or activation code is refused and not echoed.
    """
    edition = store.edition(db)
    refuse_eid(clues, edition.identification, language)
    found = identify(edition.identification, clues.clues(), store.carriers_by_name(db))
    carriers = store.carriers_of(db, {candidate.carrier for candidate in found.candidates if candidate.carrier})
    response.headers["Cache-Control"] = "no-store"
    return IdentificationOut.of(edition, found, {slug: carrier.document.name for slug, carrier in carriers.items()}, language)
