"""HTTP routes of the catalogue: carriers, procedures, revisions, vocabulary and advice."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter

from app.catalogue import examples, presenter, store
from app.catalogue.carrier_schemas import CarrierOut, CarriersOut
from app.catalogue.edition_schemas import AdviceListOut, IndexLinks, IndexOut, VocabularyOut
from app.catalogue.filters import CarriersQuery, ProcedureFilter, ProceduresQuery
from app.catalogue.parameters import CarrierId, Id, ProcedureId, RevisionNumber
from app.catalogue.problems import (
    CarrierNotFound,
    CarrierRetired,
    NothingPublished,
    ProcedureNotFound,
    ProcedureRetired,
    RevisionNotFound,
)
from app.catalogue.schemas import ProcedureOut, ProceduresOut, RevisionOut, RevisionsOut
from app.database import ReadSession
from app.http.cache.policy import cacheable
from app.http.rate_limit.policy import Count, counted
from app.i18n import LANGUAGES, ChosenLanguage, OnlyLanguage
from app.links import link, procedure_url
from app.messages.loader import translate
from app.pagination import BadCursor, next_page, read_cursor
from app.problems.base import TooManyRequests, json_example, problem_responses
from app.routes import Route

router = APIRouter(
    prefix="/v1",
    responses=problem_responses(NothingPublished, TooManyRequests),
    route_class=Route,
)

_Rank = Annotated[int, Field(strict=True, ge=0, le=9)]
_CARRIER_KEY: Final[TypeAdapter[tuple[int, Id]]] = TypeAdapter(tuple[_Rank, Id])
_PROCEDURE_KEY: Final[TypeAdapter[tuple[Id, Id]]] = TypeAdapter(tuple[Id, Id])


@router.get("", tags=["service"], responses=json_example(examples.INDEX))
@cacheable()
@counted(Count.REFUSAL)
def get_index(_query: OnlyLanguage, language: ChosenLanguage, db: ReadSession) -> IndexOut:
    """Return the index: the served edition, the languages, and links to all resources."""
    edition = store.edition(db)
    return IndexOut(
        edition=edition.number,
        language=language,
        name="Kaiyaku",
        description=translate("index.description", language),
        disclaimer=translate("index.disclaimer", language),
        published_at=edition.published_at,
        languages=list(LANGUAGES),
        links=IndexLinks(
            guide=link("/v1/guide"),
            identify=link("/v1/identify"),
            fee_check=link("/v1/fee-check"),
            sessions=link("/v1/sessions"),
            carriers=link("/v1/carriers"),
            procedures=link("/v1/procedures"),
            vocabulary=link("/v1/vocabulary"),
            advice=link("/v1/advice"),
            openapi=link("/openapi.json"),
            documentation=link("/docs"),
        ),
    )


@router.get(
    "/carriers",
    tags=["carriers"],
    responses=json_example(examples.CARRIERS) | problem_responses(BadCursor),
)
@cacheable()
@counted(Count.REFUSAL, computed_with="q")
def list_carriers(
    query: Annotated[CarriersQuery, Query()], language: ChosenLanguage, db: ReadSession
) -> CarriersOut:
    """Return the carriers that match the query, sorted by id or, with `q`, the best match first.

    `q` is the name of a company, brand, plan, shop or kind of product. `match` shows how each
    carrier was found. If no company is found for certain, `help` lists next steps.
    """
    after = read_cursor("/v1/carriers", query, _CARRIER_KEY)
    edition = store.edition(db)
    carriers = store.carriers(db, query, after, query.limit + 1)
    page = carriers[: query.limit]
    next_address = None
    if len(carriers) > len(page):
        last = page[-1]
        next_address = next_page("/v1/carriers", query, language, (last.rank, last.carrier.slug))
    result = store.find(db, query.q) if query.q else None
    search_help = None
    if result and not (page and result.is_sure):
        search_help = presenter.search_help(edition, result, language, has_weak_matches=bool(page))
    return CarriersOut(
        edition=edition.number,
        language=language,
        items=[presenter.carrier_brief(carrier, language) for carrier in page],
        brands=[
            presenter.known_brand(edition, brand, language)
            for brand in (result.brands if result else ())
        ],
        help=search_help,
        next=next_address,
    )


@router.get(
    "/carriers/{carrier}",
    tags=["carriers"],
    responses=json_example(examples.CARRIER) | problem_responses(CarrierNotFound, CarrierRetired),
)
@cacheable()
@counted(Count.REFUSAL)
def get_carrier(
    carrier: CarrierId, _query: OnlyLanguage, language: ChosenLanguage, db: ReadSession
) -> CarrierOut:
    """Return a carrier, its contacts, and its procedures for ending a contract."""
    view = store.carrier(db, carrier)
    briefs = store.briefs(db, ProcedureFilter(carrier=carrier), None, None)
    return presenter.carrier_out(store.edition(db), view, briefs, language)


@router.get(
    "/procedures",
    tags=["procedures"],
    responses=json_example(examples.PROCEDURES)
    | problem_responses(BadCursor, CarrierNotFound, CarrierRetired),
)
@cacheable()
@counted(Count.REFUSAL)
def list_procedures(
    query: Annotated[ProceduresQuery, Query()], language: ChosenLanguage, db: ReadSession
) -> ProceduresOut:
    """Return the procedures that match the query in short form, sorted by carrier and id."""
    after = read_cursor("/v1/procedures", query, _PROCEDURE_KEY)
    if query.carrier:
        store.carrier(db, query.carrier)
    briefs = store.briefs(db, query, after, query.limit + 1)
    page = briefs[: query.limit]
    next_address = None
    if len(briefs) > len(page):
        last = page[-1]
        next_address = next_page("/v1/procedures", query, language, (last.carrier.slug, last.slug))
    return ProceduresOut(
        edition=store.edition(db).number,
        language=language,
        items=[presenter.procedure_brief(brief, language) for brief in page],
        next=next_address,
    )


@router.get(
    "/carriers/{carrier}/procedures/{procedure}",
    tags=["procedures"],
    responses=json_example(examples.PROCEDURE)
    | problem_responses(CarrierNotFound, CarrierRetired, ProcedureNotFound, ProcedureRetired),
)
@cacheable()
@counted(Count.REFUSAL)
def get_procedure(
    carrier: CarrierId,
    procedure: ProcedureId,
    _query: OnlyLanguage,
    language: ChosenLanguage,
    db: ReadSession,
) -> ProcedureOut:
    """Return a procedure: steps, deadlines, fees, documents, warnings, conflicts and sources."""
    return presenter.procedure_out(store.procedure(db, carrier, procedure), language)


@router.get(
    "/carriers/{carrier}/procedures/{procedure}/revisions",
    tags=["procedures"],
    responses=json_example(examples.REVISIONS)
    | problem_responses(CarrierNotFound, CarrierRetired, ProcedureNotFound),
)
@cacheable()
@counted(Count.REFUSAL)
def list_revisions(
    carrier: CarrierId,
    procedure: ProcedureId,
    _query: OnlyLanguage,
    language: ChosenLanguage,
    db: ReadSession,
) -> RevisionsOut:
    """Return the revisions of a procedure, newest first, even if it has been retired."""
    address = f"{procedure_url(carrier, procedure)}/revisions"
    return RevisionsOut(
        carrier=carrier,
        procedure=procedure,
        items=[
            RevisionOut(
                number=number, edition=edition, published_at=published_at, url=f"{address}/{number}"
            )
            for number, edition, published_at in store.revisions(db, carrier, procedure)
        ],
        next=None,
        edition=store.edition(db).number,
        language=language,
    )


@router.get(
    "/carriers/{carrier}/procedures/{procedure}/revisions/{revision}",
    tags=["procedures"],
    responses=json_example(examples.PROCEDURE)
    | problem_responses(CarrierNotFound, CarrierRetired, ProcedureNotFound, RevisionNotFound),
)
@cacheable(number_in_path=True)
@counted(Count.REFUSAL)
def get_revision(
    carrier: CarrierId,
    procedure: ProcedureId,
    revision: RevisionNumber,
    _query: OnlyLanguage,
    language: ChosenLanguage,
    db: ReadSession,
) -> ProcedureOut:
    """Return one revision of a procedure, even if it has been changed or retired since."""
    return presenter.procedure_out(store.revision(db, carrier, procedure, revision), language)


@router.get("/vocabulary", tags=["vocabulary"], responses=json_example(examples.VOCABULARY))
@cacheable()
@counted(Count.REFUSAL)
def get_vocabulary(
    _query: OnlyLanguage, language: ChosenLanguage, db: ReadSession
) -> VocabularyOut:
    """Return all codes of the API, with their names in the response language."""
    return VocabularyOut.of(store.edition(db), language)


@router.get("/advice", tags=["vocabulary"], responses=json_example(examples.ADVICE))
@cacheable()
@counted(Count.REFUSAL)
def list_advice(_query: OnlyLanguage, language: ChosenLanguage, db: ReadSession) -> AdviceListOut:
    """Return all advice, with the procedures that each item is shown with."""
    return AdviceListOut.of(store.edition(db), language)
