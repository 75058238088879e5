"""The guide over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session

from app import clock
from app.catalogue import store
from app.catalogue.codes import GENERIC_CARRIER
from app.catalogue.problems import CarrierNotFound, CarrierRetired, NothingPublished
from app.catalogue.records import EditionView
from app.database import ReadSession
from app.guide import examples
from app.guide.carrier_procedures import CarrierProcedures, procedures_of
from app.guide.presenter import GuidePresenter
from app.guide.query import Allowed, GuideQuery
from app.guide.schemas import GuideOut
from app.guide.service import GuideService
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
    """Return the procedures that fit a situation, why, by when, and the next question.

    Start without parameters. Add the parameter of the chosen option and repeat the request, until
    `question` is null. After the carrier is known, there are at most six questions. Every parameter
    is optional. A need has three values: the person has it (`have`), lacks it (`lack`), or it is
    not stated. Porting out and cancelling are never both recommended. The result can be that there
    is nothing to cancel. The policy: docs/guide.md.
    """
    edition, at = store.edition(db), query.at or clock.now_in_japan()
    own = _procedures_of(db, edition, query.carrier or GENERIC_CARRIER)
    generic = own if own.is_generic else _generic_procedures(db, edition, own)
    own_plans = list(own.carrier.document.plans)
    allowed = Allowed(own_plans, lambda: store.all_plans(db, edition), own.relations)
    situation = query.situation(at, allowed, language)
    guide = GuideService(GuidePresenter(edition, situation, at, query.tz, language), generic)
    if query.carrier is None:
        names = [
            (slug, name)
            for slug, name in store.carrier_names(db, edition)
            if slug != GENERIC_CARRIER
        ]
        return guide.of_unknown(names)
    other_plan = query.plan is not None and situation.plan is None
    return guide.of_carrier(own, ["plan"] if other_plan else [])


def _procedures_of(db: Session, edition: EditionView, slug: str) -> CarrierProcedures:
    return procedures_of(store.published(db, edition, slug), edition)


def _generic_procedures(
    db: Session, edition: EditionView, own: CarrierProcedures
) -> CarrierProcedures:
    """Return the generic procedures; none if the catalogue has no carrier `generic`."""
    try:
        return _procedures_of(db, edition, GENERIC_CARRIER)
    except (CarrierNotFound, CarrierRetired):
        return CarrierProcedures(own.carrier, (), own.relations)
