"""Contacts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from app import clock
from app.catalogue import store
from app.catalogue.parameters import CarrierId
from app.catalogue.problems import CarrierNotFound, CarrierRetired, NothingPublished
from app.contacts import examples
from app.contacts.schemas import ContactsOut, ContactsQuery
from app.database import ReadSession
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
    "/carriers/{carrier}/contacts",
    tags=["contacts"],
    responses=json_example(examples.CONTACTS) | problem_responses(CarrierNotFound, CarrierRetired),
)
@cacheable(depends_on_now=True)
@counted(Count.COMPUTATION)
def get_contacts(
    carrier: CarrierId,
    query: Annotated[ContactsQuery, Query()],
    language: ChosenLanguage,
    db: ReadSession,
) -> ContactsOut:
    """Return the contacts of a carrier, which of them are open, and when the others open next.

    Opening hours follow Japan's public holidays. Hours that no source states are unknown (null).
    """
    view, at = store.carrier(db, carrier), query.at or clock.now_in_japan()
    return ContactsOut.of(store.edition(db), view, at, query.tz, language)
