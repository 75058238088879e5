"""Identification over HTTP."""

from fastapi import APIRouter, Response

from app.catalogue import presenter, store
from app.catalogue.listed_words import not_covered
from app.catalogue.problems import NothingPublished
from app.catalogue.search import Words
from app.database import ReadSession
from app.http.cache.policy import uncacheable
from app.http.rate_limit.policy import Count, counted
from app.i18n import ChosenLanguage, OnlyLanguage
from app.identify import examples
from app.identify.matching import identify
from app.identify.query import IdentifyRequest, refuse_eid
from app.identify.schemas import IdentificationOut
from app.problems.base import (
    BodyTooLarge,
    RequestRefused,
    TooManyRequests,
    json_example,
    problem_responses,
)
from app.routes import Route, UnsupportedMediaType

router = APIRouter(
    prefix="/v1",
    responses=problem_responses(NothingPublished, TooManyRequests),
    route_class=Route,
)


@router.post(
    "/identify",
    tags=["identify"],
    responses=json_example(examples.IDENTIFICATION)
    | problem_responses(RequestRefused, BodyTooLarge, UnsupportedMediaType),
)
@uncacheable
@counted(Count.COMPUTATION)
def identify_company(
    clues: IdentifyRequest,
    response: Response,
    _query: OnlyLanguage,
    language: ChosenLanguage,
    db: ReadSession,
) -> IdentificationOut:
    """Return the companies that can be behind a SIM, their roles, and the clue to look for next.

    Clues are neither stored nor logged. Whole SIM numbers, EIDs, IMSIs and activation codes are
    refused and not echoed.
    """
    edition = store.edition(db)
    refuse_eid(clues, edition.identification, language)
    index = store.search_index(db, edition)
    identification = identify(
        edition.identification, clues.clues(), index.carriers_by_name, index.sellers
    )
    carriers = store.carriers_of(
        db, {candidate.carrier for candidate in identification.candidates if candidate.carrier}
    )
    response.headers["Cache-Control"] = "no-store"
    return IdentificationOut.of(
        edition,
        identification,
        {slug: carrier.document.name for slug, carrier in carriers.items()},
        presenter.not_covered(
            edition, not_covered(edition.identification, Words.of("; ".join(clues.words))), language
        ),
        language,
    )
