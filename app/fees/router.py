"""The fee check over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from app import clock
from app.catalogue import store
from app.catalogue.problems import CarrierNotFound, CarrierRetired, NothingPublished
from app.database import ReadSession
from app.facts.query import refuse_future
from app.facts.specs import Fact
from app.fees import examples
from app.fees.fee_cap import assess_fee, operator_kind
from app.fees.schemas import FeeCheckOut, FeeCheckQuery
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
    "/fee-check",
    tags=["fees"],
    responses=json_example(examples.FEE_CHECK) | problem_responses(CarrierNotFound, CarrierRetired),
)
@cacheable()
@counted(Count.COMPUTATION)
def check_fee(
    query: Annotated[FeeCheckQuery, Query()], language: ChosenLanguage, db: ReadSession
) -> FeeCheckOut:
    """Return which legal cap applies to an early cancellation fee, and whether the fee is above it.

    Name the carrier: for some carriers, the catalogue knows whether the operator is a large one
    that the law designates. If the kind of operator or the day of the contract is not known, the
    response lists every possible case. The response summarises the cited sources, including what
    the caps do not cover. It is not legal advice.
    """
    edition = store.edition(db)
    started_on = query.contract_started_on
    if started_on is not None:
        today = clock.now_in_japan().date()
        refuse_future(Fact.CONTRACT_STARTED_ON, started_on, today, language)
    carrier = store.carrier(db, query.carrier) if query.carrier else None
    operator = query.operator_kind or (operator_kind(carrier.document) if carrier else None)
    check = assess_fee(
        edition.regulation, started_on, operator, query.quoted_jpy, query.monthly_price_jpy
    )
    return FeeCheckOut.of(edition, carrier, query, check, language)
