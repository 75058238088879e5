"""The guide over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session

from app import clock
from app.catalogue import store
from app.catalogue.problems import CarrierNotFound, CarrierRetired, NothingPublished
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
    responses=problem_responses(NothingPublished, TooManyRequests),
    route_class=Route,
)


@router.get(
    "/guide",
    tags=["guide"],
    responses=json_example(examples.GUIDE) | problem_responses(CarrierNotFound, CarrierRetired),
)
@cacheable(depends_on_now=True)
@counted(Count.COMPUTATION)
def get_guide(
    query: Annotated[GuideQuery, Query()], language: ChosenLanguage, db: ReadSession
) -> GuideOut:
    """Return which procedure fits a situation, why, by when, and the next question.

    Start without a query and add the parameters of the options: five answers at most after the
    company's. A need has three values: the person has it (`have`), lacks it (`lack`), or it is
    not said. Porting out and cancelling are never both recommended. "Nothing to cancel" is an
    answer like any other.
    """
    edition, at = store.edition(db), query.at or clock.now_in_japan()
    procedures = _procedures_of(db, query.carrier or GENERIC)
    situation = query.situation(at, procedures.allowed(edition), language)
    guide = GuideService(edition, situation, at, query.tz, language)
    if query.carrier is None:
        names = [(slug, name) for slug, name in store.carrier_names(db, edition) if slug != GENERIC]
        return guide.of_unknown(procedures, names)
    return guide.of_carrier(procedures, lambda: _procedures_of(db, GENERIC))


def _procedures_of(db: Session, slug: str) -> CarrierProcedures:
    carrier = store.carrier(db, slug)
    return CarrierProcedures(carrier, store.newest_contents(db, carrier))
