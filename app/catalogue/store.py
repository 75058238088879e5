"""All queries of the catalogue. They take ids and filters, and return frozen records.

Missing or retired content raises a problem (`problems.py`). Nothing here depends on HTTP.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, exists
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.catalogue import search
from app.catalogue.codes import CarrierKind, MatchKind
from app.catalogue.filters import CarrierFilter, ProcedureFilter
from app.catalogue.memo import WITHOUT_DOCUMENT, database_of, remember, with_documents
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
from app.catalogue.problems import (
    CarrierNotFound,
    CarrierRetired,
    NothingPublished,
    ProcedureNotFound,
    ProcedureRetired,
    RevisionNotFound,
)
from app.catalogue.records import (
    CarrierView,
    EditionView,
    ProcedureBrief,
    ProcedureView,
    PublishedCarrier,
    RankedCarrier,
    RevisionContent,
    RevisionEntry,
)
from app.catalogue.search_index import SearchIndex, SearchResult
from app.i18n import LocalizedText

_EDITIONS_KEPT: Final = 8
_INDEXES_KEPT: Final = 2

# Statements of most requests are built once, because building one costs as much as executing it.
_NEWEST_EDITION: Final = (
    select(Edition.number, Edition.published_at).order_by(col(Edition.number).desc()).limit(1)
)
_IS_NEWEST_REVISION: Final = (col(Revision.procedure_id) == Procedure.id) & (
    col(Revision.number) == Procedure.revision
)
_CARRIERS: Final = (
    select(Carrier).options(WITHOUT_DOCUMENT).where(col(Carrier.retired_in).is_(None))
)


# Editions


def edition(db: Session) -> EditionView:
    """Return the served edition, or raise `NothingPublished`."""
    newest = db.exec(_NEWEST_EDITION).first()
    if newest is None:
        raise NothingPublished
    return edition_of(db, *newest)


# Editions are published at different instants, so this key is unique across databases.
@remember(_EDITIONS_KEPT, key=lambda _db, number, published_at: (number, published_at))
def edition_of(
    db: Session,
    number: int,
    published_at: dt.datetime,  # noqa: ARG001 - used in the cache key
) -> EditionView:
    """Return the edition with this number and instant, which the caller has read from the database.

    Raises SQLAlchemy's `NoResultFound` for a number that does not exist.
    """
    row = db.exec(select(Edition).where(Edition.number == number)).one()
    return EditionView(
        row.number, row.published_at, row.vocabulary, row.advice, row.identification, row.regulation
    )


def newest_edition(db: Session) -> int | None:
    """Return the number of the served edition, or None if nothing is published."""
    return db.exec(select(func.max(Edition.number))).one()


# Carriers


def carrier(db: Session, slug: str) -> CarrierView:
    """Return the carrier.

    Raises `CarrierNotFound` or `CarrierRetired`, and `NothingPublished` before the first edition.
    """
    row = db.exec(select(Carrier).options(WITHOUT_DOCUMENT).where(Carrier.slug == slug)).first()
    if row is None:
        edition(db)  # raises NothingPublished
        raise CarrierNotFound(carrier=slug, closest=_closest_carrier(db, slug))
    if row.retired_in is not None:
        raise CarrierRetired(carrier=slug, edition=row.retired_in, successor=row.successor)
    return with_documents(db, [row])[0]


def carriers(
    db: Session, requested: CarrierFilter, after: tuple[int, str] | None, limit: int
) -> Sequence[RankedCarrier]:
    """Return up to `limit` carriers that follow the position `after` (rank and id).

    They are ordered by rank, best match first, then by id. Without a search, all have rank 0.
    Raises `NothingPublished` for a search before the first edition.
    """
    if requested.q is None:
        last_slug = after[1] if after else ""
        rows = db.exec(_filtered(requested).where(col(Carrier.slug) > last_slug).limit(limit)).all()
        return [RankedCarrier(0, view) for view in with_documents(db, rows)]
    ranked = find(db, requested.q).carriers
    if requested.kind or requested.audience or requested.product:
        slugs = {carrier.slug for carrier in db.exec(_filtered(requested))}
        ranked = [match for match in ranked if match.carrier.slug in slugs]
    following = [
        match for match in ranked if after is None or (match.rank, match.carrier.slug) > after
    ]
    return following[:limit]


def find(db: Session, text: str) -> SearchResult:
    """Return the companies, brands and uncovered contracts that the text names.

    Raises `NothingPublished`.
    """
    return search_index(db, edition(db)).search(text)


@remember(_INDEXES_KEPT, key=lambda _db, served: (served.number, served.published_at))
def search_index(db: Session, served: EditionView) -> SearchIndex:
    """Return the search index of the served edition."""
    rows = with_documents(db, db.exec(_CARRIERS.order_by(col(Carrier.slug))).all())
    carriers = {carrier.slug: carrier for carrier in rows}
    return SearchIndex.of(served.identification, carriers, carriers_by_name(db))


def _filtered(requested: CarrierFilter) -> SelectOfScalar[Carrier]:
    query = _CARRIERS.order_by(col(Carrier.slug))
    if requested.kind:
        query = query.where(Carrier.kind == requested.kind)
    if requested.audience:
        query = query.where(
            exists().where(
                col(CarrierAudience.carrier_id) == Carrier.id,
                col(CarrierAudience.audience) == requested.audience,
            )
        )
    if requested.product:
        query = query.where(
            exists().where(
                col(CarrierProduct.carrier_id) == Carrier.id,
                col(CarrierProduct.product) == requested.product,
            )
        )
    return query


@remember(_EDITIONS_KEPT, key=lambda _db, served: (served.number, served.published_at))
def carrier_names(
    db: Session,
    served: EditionView,  # noqa: ARG001 - used in the cache key
) -> Sequence[tuple[str, LocalizedText]]:
    """Return the id and name of each carrier of the edition, ordered by id."""
    rows = db.exec(_CARRIERS.order_by(col(Carrier.slug))).all()
    return [(carrier.slug, carrier.document.name) for carrier in with_documents(db, rows)]


def carriers_by_name(db: Session) -> Mapping[str, Sequence[str]]:
    """Return the ids of the companies with each folded name, ordered by id.

    The generic carrier is left out, because it is not a company.
    """
    rows = db.exec(
        select(CarrierName.folded, Carrier.slug)
        .join(Carrier, col(Carrier.id) == CarrierName.carrier_id)
        .where(col(Carrier.retired_in).is_(None), col(Carrier.kind) != CarrierKind.GENERIC)
        .order_by(col(Carrier.slug))
    )
    slugs_by_name: dict[str, list[str]] = {}
    for folded, slug in rows:
        slugs_by_name.setdefault(folded, []).append(slug)
    return slugs_by_name


def carriers_of(db: Session, slugs: Collection[str]) -> Mapping[str, CarrierView]:
    """Return the carriers with these ids, by id. Ids that are not in the catalogue are left out."""
    if not slugs:
        return {}
    rows = db.exec(_CARRIERS.where(col(Carrier.slug).in_(slugs))).all()
    return {carrier.slug: carrier for carrier in with_documents(db, rows)}


def _closest_carrier(db: Session, unknown_slug: str) -> str | None:
    """Return the carrier that a search for the id finds first, or else the one named most alike."""
    if len(search.fold(unknown_slug)) > 1:
        words = unknown_slug.replace("-", " ")
        for ranked in find(db, words).carriers:
            if ranked.match and ranked.match.kind is not MatchKind.PRODUCT:
                return ranked.carrier.slug
    names = db.exec(
        select(CarrierName.folded, Carrier.slug)
        .join(Carrier, col(Carrier.id) == CarrierName.carrier_id)
        .where(col(Carrier.retired_in).is_(None))
        .order_by(col(Carrier.slug).desc())  # so that `dict` keeps the first id of equal names
    )
    return search.closest_name(unknown_slug, dict(names.all()))


# Procedures


def briefs(
    db: Session, requested: ProcedureFilter, after: tuple[str, str] | None, limit: int | None
) -> Sequence[ProcedureBrief]:
    """Return up to `limit` procedures, in their newest revision, that follow `after`.

    `after` is a position: the ids of a carrier and a procedure. The order is by these ids. Retired
    procedures are left out.
    """
    query = (
        select(Carrier, Procedure, Revision)
        .options(WITHOUT_DOCUMENT)
        .join(Procedure, col(Procedure.carrier_id) == Carrier.id)
        .join(Revision, _IS_NEWEST_REVISION)
        .where(col(Procedure.retired_in).is_(None))
    )
    columns: Mapping[Any, object] = {
        Carrier.slug: requested.carrier,
        Revision.goal: requested.goal,
        Revision.outcome: requested.outcome,
        Revision.channel: requested.channel,
        Revision.from_abroad: requested.from_abroad,
        Revision.evidence: requested.evidence,
    }
    for column, value in columns.items():
        if value is not None:
            query = query.where(column == value)
    if requested.product:
        query = query.where(
            exists().where(
                col(RevisionProduct.revision_id) == Revision.id,
                col(RevisionProduct.product) == requested.product,
            )
        )
    if requested.contract:
        query = query.where(
            exists().where(
                col(RevisionContract.revision_id) == Revision.id,
                col(RevisionContract.contract) == requested.contract,
            )
        )
    if after:
        query = query.where(
            or_(
                col(Carrier.slug) > after[0],
                (col(Carrier.slug) == after[0]) & (col(Procedure.slug) > after[1]),
            )
        )
    rows = db.exec(query.order_by(col(Carrier.slug), col(Procedure.slug)).limit(limit)).all()
    views = with_documents(db, [carrier for carrier, _, _ in rows])
    return [
        ProcedureBrief(view, procedure.slug, revision.number, revision.evidence, revision.content)
        for view, (_, procedure, revision) in zip(views, rows, strict=True)
    ]


def procedure(db: Session, carrier_slug: str, slug: str) -> ProcedureView:
    """Return the procedure in its newest revision.

    Raises `CarrierNotFound`, `CarrierRetired`, `ProcedureNotFound` or `ProcedureRetired`.
    """
    row = _procedure_row(db, carrier_slug, slug)
    if row.procedure.retired_in is not None:
        raise ProcedureRetired(
            carrier=carrier_slug,
            procedure=slug,
            edition=row.procedure.retired_in,
            successor=row.procedure.successor,
        )
    return _view(db, row, row.procedure.revision)


def revision(db: Session, carrier_slug: str, slug: str, number: int) -> ProcedureView:
    """Return revision `number` of the procedure, even if the procedure has been retired since.

    Raises `CarrierNotFound`, `ProcedureNotFound` or `RevisionNotFound`. If the carrier is retired
    and never had the procedure, raises `CarrierRetired`.
    """
    row = _procedure_row(db, carrier_slug, slug)
    newest = row.procedure.revision
    if not 1 <= number <= newest:
        raise RevisionNotFound(carrier=carrier_slug, procedure=slug, revision=number, newest=newest)
    return _view(db, row, number)


def revisions(db: Session, carrier_slug: str, slug: str) -> Sequence[RevisionEntry]:
    """Return all revisions of a procedure, newest first, even if it has been retired since.

    Raises `CarrierNotFound` or `ProcedureNotFound`. If the carrier is retired and never had the
    procedure, raises `CarrierRetired`.
    """
    row = _procedure_row(db, carrier_slug, slug)
    rows = db.exec(
        select(Revision.number, Revision.edition, Edition.published_at)
        .join(Edition, col(Edition.number) == Revision.edition)
        .where(Revision.procedure_id == row.procedure.id)
        .order_by(col(Revision.number).desc())
    )
    return [RevisionEntry(*entry) for entry in rows]


@dataclass(frozen=True)
class _ProcedureRow:
    """A procedure, its carrier, and the served edition."""

    carrier: Carrier
    procedure: Procedure
    edition: int
    published_at: dt.datetime


_PROCEDURE: Final = (
    select(Carrier, Procedure, Edition.number, Edition.published_at)
    .join(Procedure, col(Procedure.carrier_id) == Carrier.id)
    .join(Edition, col(Edition.number) == select(func.max(Edition.number)).scalar_subquery())
    .where(Carrier.slug == bindparam("carrier"), Procedure.slug == bindparam("procedure"))
    .options(WITHOUT_DOCUMENT)
)


def _procedure_row(db: Session, carrier_slug: str, slug: str) -> _ProcedureRow:
    row = db.exec(_PROCEDURE, params={"carrier": carrier_slug, "procedure": slug}).first()
    if row is not None:
        return _ProcedureRow(*row)
    view = carrier(db, carrier_slug)
    slugs = db.exec(
        select(Procedure.slug).where(
            Procedure.carrier_id == view.id, col(Procedure.retired_in).is_(None)
        )
    ).all()
    raise ProcedureNotFound(
        carrier=carrier_slug, procedure=slug, closest=search.closest_id(slug, slugs)
    )


def _view(db: Session, row: _ProcedureRow, number: int) -> ProcedureView:
    carrier_view = with_documents(db, [row.carrier])[0]
    assert row.procedure.id is not None  # it was read from the database
    content = revision_content(db, revision_id(db, row.procedure.id, number))
    served = edition_of(db, row.edition, row.published_at)
    return ProcedureView(served, carrier_view, content, row.procedure.revision)


# Revisions


@remember(1024, key=lambda db, revision_id: (database_of(db), revision_id))
def revision_content(db: Session, revision_id: int) -> RevisionContent:
    """Return the content of the revision with this id.

    Raises SQLAlchemy's `NoResultFound` for an id that does not exist: revisions are never deleted.
    """
    row, slug, carrier_slug = db.exec(
        select(Revision, Procedure.slug, Carrier.slug)
        .join(Procedure, col(Procedure.id) == Revision.procedure_id)
        .join(Carrier, col(Carrier.id) == Procedure.carrier_id)
        .where(Revision.id == revision_id)
    ).one()
    return RevisionContent(
        id=revision_id,
        carrier=carrier_slug,
        slug=slug,
        procedure_id=row.procedure_id,
        number=row.number,
        evidence=row.evidence,
        procedure=row.content,
        steps=[step.document for step in _steps(db, revision_id)],
        sources=row.sources,
    )


@remember(16, key=lambda db, edition: (database_of(db), edition.number))
def all_plans(
    db: Session,
    edition: EditionView,  # noqa: ARG001 - a part of the key
) -> frozenset[str]:
    """Return the ids of the plans of all carriers, including retired ones."""
    rows = db.exec(select(Carrier).options(WITHOUT_DOCUMENT)).all()
    return frozenset(plan for view in with_documents(db, rows) for plan in view.document.plans)


# Published content changes only with the edition.
@remember(1024, key=lambda db, edition, slug: (database_of(db), edition.number, slug))
def published(
    db: Session,
    edition: EditionView,  # noqa: ARG001 - a part of the key
    slug: str,
) -> PublishedCarrier:
    """Return the carrier with the newest revision of each of its procedures, ordered by id.

    Raises `CarrierNotFound` or `CarrierRetired`.
    """
    view = carrier(db, slug)
    ids = db.exec(
        select(Revision.id)
        .join(Procedure, _IS_NEWEST_REVISION)
        .where(Procedure.carrier_id == view.id, col(Procedure.retired_in).is_(None))
        .order_by(col(Procedure.slug))
    ).all()
    contents = [revision_content(db, revision_id) for revision_id in ids if revision_id is not None]
    return PublishedCarrier(view, contents)


# The number of a revision never changes.
@remember(4096, key=lambda db, procedure_id, number: (database_of(db), procedure_id, number))
def revision_id(db: Session, procedure_id: int, number: int) -> int:
    """Return the id of revision `number` of the procedure.

    Raises SQLAlchemy's `NoResultFound` if it does not exist.
    """
    identifier = db.exec(
        select(Revision.id).where(Revision.procedure_id == procedure_id, Revision.number == number)
    ).one()
    assert identifier is not None  # it was read from the database
    return identifier


def _steps(db: Session, revision_id: int) -> Sequence[Step]:
    return db.exec(
        select(Step).where(Step.revision_id == revision_id).order_by(col(Step.position))
    ).all()
