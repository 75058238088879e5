"""The guide over HTTP: which procedure fits a situation, and the one question worth asking next."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session

from app import dates
from app.catalogue import store
from app.database import ReadSession
from app.guide import examples
from app.guide.query import GuideQuery
from app.guide.schemas import GuideOut
from app.guide.service import GENERIC, CarrierProcedures, GuideService
from app.http.cache.policy import cacheable
from app.http.rate_limit.policy import Count, counted
from app.i18n import ChosenLanguage
from app.problems.base import TooManyRequests, json_example, problem_responses
from app.routes import Route

router = APIRouter(
    prefix="/v1",
    responses=problem_responses(store.NothingPublished, TooManyRequests),
    route_class=Route,
)


@router.get(
    "/guide",
    tags=["guide"],
    responses=json_example(examples.GUIDE)
    | problem_responses(store.CarrierNotFound, store.CarrierRetired),
)
@cacheable(depends_on_now=True)
@counted(Count.COMPUTATION)
def get_guide(
    query: Annotated[GuideQuery, Query()], language: ChosenLanguage, db: ReadSession
) -> GuideOut:
    """Return which way out fits a situation, why, by when, and the one question worth asking next.

    Start with no query at all and add what each question's options say: five answers at most after the company's.
    Needs are of three values: at hand (`have`), not at hand (`lack`), not said. Moving the number and cancelling the
    line are never both recommended. Nothing to cancel is an answer like any other.
    """
    edition, at = store.edition(db), query.at or dates.now()
    guided = _guided(db, query.carrier or GENERIC)
    situation = query.situation(at, guided.allowed(edition), language)
    guide = GuideService(edition, situation, at, query.tz, language)
    if query.carrier is None:
        names = [(slug, name) for slug, name in store.carrier_names(db, edition) if slug != GENERIC]
        return guide.of_unknown(guided, names)
    return guide.of_carrier(guided, lambda: _guided(db, GENERIC))


def _guided(db: Session, slug: str) -> CarrierProcedures:
    row = store.carrier(db, slug)
    return CarrierProcedures(row, store.newest_contents(db, row))
