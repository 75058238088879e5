"""All queries of the catalogue: domain words in, rows out. Raises problems, knows no HTTP."""

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any, Final, ParamSpec, TypeVar, cast

from cachetools import LRUCache, cached
from sqlalchemy import ColumnElement, bindparam, case, literal
from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, or_, select

from app.catalogue import search
from app.catalogue.codes import (
    Audience,
    CarrierKind,
    Channel,
    Contract,
    Evidence,
    Goal,
    Outcome,
    Possibility,
    Product,
)
from app.catalogue.documents import (
    AdviceDocument,
    CarrierDocument,
    ProcedureContent,
    Source,
    VocabularyDocument,
)
from app.catalogue.documents import Step as StepDocument
from app.catalogue.identification import IdentificationDocument
from app.catalogue.models import (
    Carrier,
    CarrierAudience,
    CarrierName,
    CarrierProduct,
    Edition,
    Procedure,
    Revision,
    RevisionContract,
    RevisionProduct,
    Step,
)
from app.catalogue.regulation import RegulationDocument
from app.i18n import LocalizedText
from app.links import carrier_url, procedure_url
from app.problems.base import Problem


class NothingPublished(Problem):
    """No edition of the catalogue has been published yet."""

    slug = "nothing-published"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class CarrierNotFound(Problem):
    """No carrier has this id; `closest` is the nearest id, when one is near."""

    slug = "carrier-not-found"
    status = HTTPStatus.NOT_FOUND


class ProcedureNotFound(Problem):
    """The carrier has no procedure with this id; `closest` is the nearest id, when one is near."""

    slug = "procedure-not-found"
    status = HTTPStatus.NOT_FOUND


class RevisionNotFound(Problem):
    """The procedure has no revision with this number; `newest` is the highest it has."""

    slug = "revision-not-found"
    status = HTTPStatus.NOT_FOUND


class CarrierRetired(Problem):
    """The carrier has left the catalogue; `successor` is what took its place, if anything did."""

    slug = "carrier-retired"
    status = HTTPStatus.GONE


class ProcedureRetired(Problem):
    """The procedure has left the catalogue; `successor` is what took its place. Its revisions stay readable."""

    slug = "procedure-retired"
    status = HTTPStatus.GONE


@dataclass(frozen=True, eq=False)
class EditionView:
    """The served edition: its number, when it was published, and the documents that belong to no carrier.

    A process holds each once, so that what follows from it can be kept by it.
    """

    number: int
    published_at: dt.datetime
    vocabulary: VocabularyDocument
    advice: AdviceDocument
    identification: IdentificationDocument
    regulation: RegulationDocument


@dataclass(frozen=True)
class CarrierView:
    """A carrier with its document."""

    id: int
    slug: str
    kind: CarrierKind
    document: CarrierDocument


@dataclass(frozen=True, eq=False)
class RevisionContent:
    """What a revision holds, for good: it never changes, whatever becomes of its procedure. A process holds each once."""

    id: int
    carrier: str
    slug: str
    procedure_id: int
    number: int
    evidence: Evidence
    procedure: ProcedureContent
    steps: Sequence[StepDocument]
    sources: Sequence[Source]


@dataclass(frozen=True)
class ProcedureView:
    """A procedure in one of its revisions, with its carrier and the served edition."""

    edition: EditionView
    carrier: CarrierView
    content: RevisionContent
    newest_revision: int


@dataclass(frozen=True)
class ProcedureBrief:
    """A procedure in one of its revisions, as lists show it."""

    carrier: CarrierView
    slug: str
    number: int
    evidence: Evidence
    procedure: ProcedureContent


@dataclass(frozen=True)
class CarrierFilter:
    """Which carriers a list is to hold; null: all."""

    q: str | None = None
    kind: CarrierKind | None = None
    audience: Audience | None = None
    product: Product | None = None


@dataclass(frozen=True)
class ProcedureFilter:
    """Which procedures a list is to hold; null: all."""

    carrier: str | None = None
    goal: Goal | None = None
    outcome: Outcome | None = None
    channel: Channel | None = None
    product: Product | None = None
    contract: Contract | None = None
    from_abroad: Possibility | None = None
    evidence: Evidence | None = None


_P = ParamSpec("_P")
_R = TypeVar("_R")


def _remember(
    maxsize: int, key: Callable[..., Hashable]
) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Return a decorator that keeps the `maxsize` most recently used results of a function.

    Routes run in threads, so a lock guards the results. It is free while the function runs:
    a slow query holds nobody up. Two threads may compute the same result; both get the first.
    """
    return cached(LRUCache(maxsize), key=key, lock=Lock())


# An edition's documents never change, so they are read and validated once in a process and found by the
# moment of publishing, which no two editions share.
_EDITIONS_KEPT: Final = 8

# A carrier's document is found by the digest of what it says, so it is read and validated once in a process.
# `_remember` keeps one result per call; here one query reads the documents of many carriers.
_documents: LRUCache[str, CarrierDocument] = LRUCache(512)
_documents_lock: Final = Lock()
_WITHOUT_DOCUMENT: Final = defer(
    cast("Any", Carrier.document), raiseload=True
)  # to the type checker it is a document


def _with_documents(db: Session, rows: Sequence[Carrier]) -> list[CarrierView]:
    """Return the carriers with their documents; those that the process does not have yet are read at once."""
    with _documents_lock:
        found = {row.digest: _documents[row.digest] for row in rows if row.digest in _documents}
    missing = [row.id for row in rows if row.digest not in found]
    if missing:
        read = db.exec(
            select(Carrier)
            .where(col(Carrier.id).in_(missing))
            .execution_options(populate_existing=True)
        )
        documents = {row.digest: row.document for row in read}
        with _documents_lock:
            for digest, document in documents.items():
                found[digest] = _documents.setdefault(digest, document)
    return [CarrierView(row.id or 0, row.slug, row.kind, found[row.digest]) for row in rows]


# Statements that most requests send are made once: making one costs as much as sending it.
_NEWEST_EDITION: Final = (
    select(Edition.number, Edition.published_at).order_by(col(Edition.number).desc()).limit(1)
)


def edition(db: Session) -> EditionView:
    """Return the served edition, or raise `NothingPublished`."""
    newest = db.exec(_NEWEST_EDITION).first()
    if newest is None:
        raise NothingPublished(headers={"Retry-After": "60"})
    return edition_of(db, *newest)


@_remember(_EDITIONS_KEPT, key=lambda _db, number, published_at: (number, published_at))
def edition_of(db: Session, number: int, published_at: dt.datetime) -> EditionView:  # noqa: ARG001 - part of the key
    """Return the edition with this number, for whoever has just read which one is served."""
    row = db.exec(select(Edition).where(Edition.number == number)).one()
    return EditionView(
        row.number, row.published_at, row.vocabulary, row.advice, row.identification, row.regulation
    )


def newest_edition(db: Session) -> int | None:
    """Return the number of the served edition, None before the first."""
    return db.exec(select(func.max(Edition.number))).one()


def carriers(
    db: Session, wanted: CarrierFilter, after: tuple[int, str] | None, limit: int
) -> Sequence[tuple[int, CarrierView]]:
    """Return up to `limit` carriers with their rank, best first, that follow the position `after`.

    The rank is 0 for a name that is the query, 1 for one that begins with it, 2 for one that holds it, 3 where
    all its words are found; without a query 0. Carriers of the same rank are in the order of their ids.
    """
    rank = _rank(wanted.q) if wanted.q else literal(0)
    query = (
        select(rank.label("rank"), Carrier)
        .options(_WITHOUT_DOCUMENT)
        .where(col(Carrier.retired_in).is_(None))
    )
    if wanted.q:
        query = query.where(_found(wanted.q))
    if wanted.kind:
        query = query.where(Carrier.kind == wanted.kind)
    if wanted.audience:
        query = query.where(
            select(CarrierAudience.carrier_id)
            .where(
                CarrierAudience.carrier_id == Carrier.id,
                CarrierAudience.audience == wanted.audience,
            )
            .exists()
        )
    if wanted.product:
        query = query.where(
            select(CarrierProduct.carrier_id)
            .where(
                CarrierProduct.carrier_id == Carrier.id, CarrierProduct.product == wanted.product
            )
            .exists()
        )
    if after:
        query = query.where(
            or_(rank > after[0], (rank == after[0]) & (col(Carrier.slug) > after[1]))
        )
    rows = db.exec(query.order_by(rank, col(Carrier.slug)).limit(limit)).all()
    views = _with_documents(db, [row for _, row in rows])
    return [(found, view) for (found, _), view in zip(rows, views, strict=True)]


def _named_like(pattern: str) -> ColumnElement[bool]:
    return col(CarrierName.folded).like(pattern, escape="\\")


def _pattern(folded: str) -> str:
    return folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _rank(query: str) -> ColumnElement[int]:
    whole = search.fold(query)
    quality = case(
        (col(CarrierName.folded) == whole, 0), (_named_like(f"{_pattern(whole)}%"), 1), else_=2
    )
    best = (
        select(func.min(quality))
        .where(CarrierName.carrier_id == Carrier.id, _named_like(f"%{_pattern(whole)}%"))
        .correlate(Carrier)
        .scalar_subquery()
    )
    return func.coalesce(best, 3)


def _found(query: str) -> ColumnElement[bool]:
    whole = search.fold(query)
    if not whole:
        return literal(value=False)

    def named(part: str) -> ColumnElement[bool]:
        return (
            select(CarrierName.carrier_id)
            .where(CarrierName.carrier_id == Carrier.id, _named_like(f"%{_pattern(part)}%"))
            .correlate(Carrier)
            .exists()
        )

    every_word: ColumnElement[bool] = literal(value=True)
    for word in search.words(query):
        every_word = every_word & named(word)
    return or_(named(whole), every_word)


def carrier(db: Session, slug: str) -> CarrierView:
    """Return the carrier, or raise `CarrierNotFound` or `CarrierRetired`."""
    row = db.exec(select(Carrier).options(_WITHOUT_DOCUMENT).where(Carrier.slug == slug)).first()
    if row is None:
        raise CarrierNotFound(
            carrier=slug, members={"carrier": slug, "closest": _closest_carrier(db, slug)}
        )
    if row.retired_in is not None:
        successor = carrier_url(row.successor) if row.successor else None
        raise CarrierRetired(
            carrier=slug, edition=row.retired_in, members={"carrier": slug, "successor": successor}
        )
    return _with_documents(db, [row])[0]


@_remember(_EDITIONS_KEPT, key=lambda _db, served: (served.number, served.published_at))
def carrier_names(db: Session, served: EditionView) -> Sequence[tuple[str, LocalizedText]]:  # noqa: ARG001 - the key
    """Return id and name of every carrier of the edition, by id."""
    query = (
        select(Carrier)
        .options(_WITHOUT_DOCUMENT)
        .where(col(Carrier.retired_in).is_(None))
        .order_by(col(Carrier.slug))
    )
    return [
        (found.slug, found.document.name) for found in _with_documents(db, db.exec(query).all())
    ]


def carriers_by_name(db: Session) -> Mapping[str, Sequence[str]]:
    """Return by folded name the ids of the companies that have it; what stands for any company is none."""
    rows = db.exec(
        select(CarrierName.folded, Carrier.slug)
        .join(Carrier, col(Carrier.id) == CarrierName.carrier_id)
        .where(col(Carrier.retired_in).is_(None), col(Carrier.kind) != CarrierKind.GENERIC)
        .order_by(col(Carrier.slug))
    )
    named: dict[str, list[str]] = {}
    for folded, slug in rows:
        named.setdefault(folded, []).append(slug)
    return named


def carriers_of(db: Session, slugs: Collection[str]) -> Mapping[str, CarrierView]:
    """Return by id those of the carriers that the catalogue has."""
    if not slugs:
        return {}
    query = (
        select(Carrier)
        .options(_WITHOUT_DOCUMENT)
        .where(col(Carrier.slug).in_(slugs), col(Carrier.retired_in).is_(None))
    )
    return {found.slug: found for found in _with_documents(db, db.exec(query).all())}


def briefs(
    db: Session, wanted: ProcedureFilter, after: tuple[str, str] | None, limit: int | None
) -> Sequence[ProcedureBrief]:
    """Return up to `limit` procedures in their newest revision, by carrier and id, that follow the position `after`."""
    query = (
        select(Carrier, Procedure, Revision)
        .options(_WITHOUT_DOCUMENT)
        .join(Procedure, col(Procedure.carrier_id) == Carrier.id)
        .join(
            Revision,
            (col(Revision.procedure_id) == Procedure.id)
            & (col(Revision.number) == Procedure.revision),
        )
        .where(col(Procedure.retired_in).is_(None))
    )
    columns: Mapping[Any, object] = {
        Carrier.slug: wanted.carrier,
        Revision.goal: wanted.goal,
        Revision.outcome: wanted.outcome,
        Revision.channel: wanted.channel,
        Revision.from_abroad: wanted.from_abroad,
        Revision.evidence: wanted.evidence,
    }
    for column, value in columns.items():
        if value is not None:
            query = query.where(column == value)
    if wanted.product:
        query = query.where(
            select(RevisionProduct.revision_id)
            .where(
                RevisionProduct.revision_id == Revision.id,
                RevisionProduct.product == wanted.product,
            )
            .exists()
        )
    if wanted.contract:
        query = query.where(
            select(RevisionContract.revision_id)
            .where(
                RevisionContract.revision_id == Revision.id,
                RevisionContract.contract == wanted.contract,
            )
            .exists()
        )
    if after:
        query = query.where(
            or_(
                col(Carrier.slug) > after[0],
                (col(Carrier.slug) == after[0]) & (col(Procedure.slug) > after[1]),
            )
        )
    rows = db.exec(query.order_by(col(Carrier.slug), col(Procedure.slug)).limit(limit)).all()
    owners = _with_documents(db, [owner for owner, _, _ in rows])
    return [
        ProcedureBrief(owner, row.slug, state.number, state.evidence, state.content)
        for owner, (_, row, state) in zip(owners, rows, strict=True)
    ]


def procedure(db: Session, carrier_slug: str, slug: str) -> ProcedureView:
    """Return the procedure in its newest revision, or raise what is wrong with its address."""
    found = _procedure(db, carrier_slug, slug)
    row = found.row
    if row.retired_in is not None:
        successor = procedure_url(*row.successor.split("/")) if row.successor else None
        members = {"carrier": carrier_slug, "procedure": slug, "successor": successor}
        raise ProcedureRetired(
            carrier=carrier_slug, procedure=slug, edition=row.retired_in, members=members
        )
    return _view(db, found, row.revision)


def revision(db: Session, carrier_slug: str, slug: str, number: int) -> ProcedureView:
    """Return the procedure as its revision `number` was, even when it has been retired since."""
    found = _procedure(db, carrier_slug, slug)
    row = found.row
    if not 1 <= number <= row.revision:
        raise RevisionNotFound(
            carrier=carrier_slug,
            procedure=slug,
            number=number,
            newest=row.revision,
            members={
                "carrier": carrier_slug,
                "procedure": slug,
                "revision": number,
                "newest": row.revision,
            },
        )
    return _view(db, found, number)


# Read and validated once in a process; by the database too, because tests have several.
@_remember(1024, key=lambda db, revision_id: (_address(db), revision_id))
def revision_content(db: Session, revision_id: int) -> RevisionContent:
    """Return the content of a revision, for whoever holds on to its id."""
    state, slug, owner = db.exec(
        select(Revision, Procedure.slug, Carrier.slug)
        .join(Procedure, col(Procedure.id) == Revision.procedure_id)
        .join(Carrier, col(Carrier.id) == Procedure.carrier_id)
        .where(Revision.id == revision_id)
    ).one()
    return RevisionContent(
        id=revision_id,
        carrier=owner,
        slug=slug,
        procedure_id=state.procedure_id,
        number=state.number,
        evidence=state.evidence,
        procedure=state.content,
        steps=[row.document for row in _steps(db, revision_id)],
        sources=state.sources,
    )


def newest_contents(db: Session, owner: CarrierView) -> Sequence[RevisionContent]:
    """Return the newest revision of each of the carrier's procedures, by id."""
    ids = db.exec(
        select(Revision.id)
        .join(
            Procedure,
            (col(Procedure.id) == Revision.procedure_id)
            & (col(Procedure.revision) == Revision.number),
        )
        .where(Procedure.carrier_id == owner.id, col(Procedure.retired_in).is_(None))
        .order_by(col(Procedure.slug))
    ).all()
    return [revision_content(db, revision_id) for revision_id in ids if revision_id is not None]


def revisions(db: Session, carrier_slug: str, slug: str) -> Sequence[tuple[int, int, dt.datetime]]:
    """Return number, edition and moment of publishing of every revision, newest first."""
    row = _procedure(db, carrier_slug, slug).row
    return db.exec(
        select(Revision.number, Revision.edition, Edition.published_at)
        .join(Edition, col(Edition.number) == Revision.edition)
        .where(Revision.procedure_id == row.id)
        .order_by(col(Revision.number).desc())
    ).all()


@dataclass(frozen=True)
class _Found:
    """A procedure, its carrier, and which edition is served."""

    owner: Carrier
    row: Procedure
    edition: tuple[int, dt.datetime]


_PROCEDURE: Final = (
    select(Carrier, Procedure, Edition.number, Edition.published_at)
    .join(Procedure, col(Procedure.carrier_id) == Carrier.id)
    .join(Edition, col(Edition.number) == select(func.max(Edition.number)).scalar_subquery())
    .where(Carrier.slug == bindparam("carrier"), Procedure.slug == bindparam("procedure"))
    .options(_WITHOUT_DOCUMENT)
)


def _procedure(db: Session, carrier_slug: str, slug: str) -> _Found:
    found = db.exec(_PROCEDURE, params={"carrier": carrier_slug, "procedure": slug}).first()
    if found is not None:
        owner, row, number, published_at = found
        return _Found(owner, row, (number, published_at))
    known = carrier(db, carrier_slug)
    slugs = db.exec(
        select(Procedure.slug).where(
            Procedure.carrier_id == known.id, col(Procedure.retired_in).is_(None)
        )
    ).all()
    members = {
        "carrier": carrier_slug,
        "procedure": slug,
        "closest": search.closest_id(slug, slugs),
    }
    raise ProcedureNotFound(carrier=carrier_slug, procedure=slug, members=members)


def _view(db: Session, found: _Found, number: int) -> ProcedureView:
    owner = _with_documents(db, [found.owner])[0]
    assert found.row.id is not None  # it comes from the database
    content = revision_content(db, revision_id(db, found.row.id, number))
    return ProcedureView(edition_of(db, *found.edition), owner, content, found.row.revision)


# A revision keeps its number for good; by the database too, because tests have several.
@_remember(4096, key=lambda db, procedure_id, number: (_address(db), procedure_id, number))
def revision_id(db: Session, procedure_id: int, number: int) -> int:
    """Return the id of a procedure's revision that is known to exist."""
    found = db.exec(
        select(Revision.id).where(Revision.procedure_id == procedure_id, Revision.number == number)
    ).one()
    assert found is not None  # it comes from the database
    return found


def _address(db: Session) -> str:
    return str(db.get_bind().engine.url)


def _steps(db: Session, revision_id: int) -> Sequence[Step]:
    return db.exec(
        select(Step).where(Step.revision_id == revision_id).order_by(col(Step.position))
    ).all()


def _closest_carrier(db: Session, wanted: str) -> str | None:
    """Return the id of the carrier that the search finds first for an unknown id, or that has nearly such a name."""
    if len(search.fold(wanted)) > 1:
        for _, found in carriers(db, CarrierFilter(q=wanted.replace("-", " ")), None, 1):
            return found.slug
    names = db.exec(
        select(CarrierName.folded, Carrier.slug)
        .join(Carrier, col(Carrier.id) == CarrierName.carrier_id)
        .where(col(Carrier.retired_in).is_(None))
        .order_by(col(Carrier.slug).desc())  # of two with the same name, the first id stays
    )
    return search.closest_name(wanted, dict(names.all()))
