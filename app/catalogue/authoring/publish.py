"""Publishes checked files as a new edition, in one transaction."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, select

from app import clock
from app.catalogue import search
from app.catalogue.authoring.loader import CarrierFiles, Catalogue
from app.catalogue.documents import CarrierDocument, ProcedureContent, ProcedureDocument, Source
from app.catalogue.documents import Step as StepDocument
from app.catalogue.evidence import cited_by, grade
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
from app.database import Database


class PublishedMeanwhileError(Exception):
    """Another process published first. Nothing was changed, and it is safe to publish again."""


@dataclass(frozen=True)
class Published:
    """The result of publishing: the served edition, and how many procedures changed."""

    edition: int
    new: bool
    """False if the served edition already has the same files."""

    added: int = 0
    changed: int = 0
    retired: int = 0


def is_published(database: Database, digest: str) -> int | None:
    """Return the number of the served edition if its files had this digest, otherwise None."""
    with database.read() as session:
        served = _served(session)
    return served.number if served and served.digest == digest else None


class Origin(NamedTuple):
    """The files that the served edition was published from."""

    edition: int
    digest: str
    folder: str | None
    """Absolute path. None for editions that were published before folders were recorded."""


def origin(database: Database) -> Origin | None:
    """Return the origin of the served edition, or None if nothing is published."""
    newest = (
        select(Edition.number, Edition.digest, Edition.folder)
        .order_by(col(Edition.number).desc())
        .limit(1)
    )
    with database.read() as session:
        row = session.exec(newest).first()
    return Origin(*row) if row else None


def record_folder(database: Database, edition: int, folder: Path) -> None:
    """Record the folder of an edition whose files were published again from there."""
    with database.write() as session:
        session.exec(
            update(Edition)
            .where(col(Edition.number) == edition)
            .values(folder=str(folder.resolve()))
        )


def publish(database: Database, catalogue: Catalogue, folder: Path | None = None) -> Published:
    """Publish the catalogue as a new edition, in one transaction.

    If the served edition has the same files, nothing is written. The folder is recorded with the
    edition. Raises `PublishedMeanwhileError` if another process published at the same time.
    """
    with database.read() as session:
        before = _served(session)
    if before and before.digest == catalogue.digest:
        return Published(before.number, new=False)
    try:
        with database.write() as session:
            if _served(session) != before:
                raise PublishedMeanwhileError
            edition = before.number + 1 if before else 1
            return _Publication(session, catalogue, edition, folder).write()
    except IntegrityError as error:
        # On PostgreSQL, two publishers can get this far. The slower finds the number taken.
        with database.read() as session:
            if _served(session) != before:
                raise PublishedMeanwhileError from error
        raise


class _ServedEdition(NamedTuple):
    number: int
    digest: str


def _served(session: Session) -> _ServedEdition | None:
    row = session.exec(
        select(Edition.number, Edition.digest).order_by(col(Edition.number).desc()).limit(1)
    ).first()
    return _ServedEdition(*row) if row else None


class _Publication:
    """Writes one edition into an open transaction."""

    def __init__(
        self, session: Session, catalogue: Catalogue, edition: int, folder: Path | None
    ) -> None:
        self.session = session
        self.catalogue = catalogue
        self.folder = folder
        self.edition = edition
        self.added = self.changed = self.retired = 0

    def write(self) -> Published:
        self.session.add(
            Edition(
                number=self.edition,
                digest=self.catalogue.digest,
                published_at=clock.utc_now(),
                folder=str(self.folder.resolve()) if self.folder else None,
                vocabulary=self.catalogue.vocabulary.document,
                advice=self.catalogue.advice.document,
                identification=self.catalogue.identification.document,
                regulation=self.catalogue.regulation.document,
            )
        )
        self.session.flush()  # claims the number of the edition first: see `publish`
        carriers = {carrier.slug: carrier for carrier in self.session.exec(select(Carrier)).all()}
        for slug, files in self.catalogue.carriers.items():
            carrier = self._carrier(carriers.get(slug), slug, files.carrier.document)
            self._procedures(carrier, files)
        for slug in carriers.keys() - self.catalogue.carriers.keys():
            self._retire_carrier(carriers[slug])
        self.session.flush()
        return Published(
            self.edition, new=True, added=self.added, changed=self.changed, retired=self.retired
        )

    def _carrier(self, row: Carrier | None, slug: str, document: CarrierDocument) -> Carrier:
        digest = _digest(document)
        if row is None:
            row = Carrier(
                slug=slug,
                kind=document.kind,
                document=document,
                digest=digest,
                added_in=self.edition,
                changed_in=self.edition,
            )
        elif row.digest == digest and row.retired_in is None:
            return row
        row.kind, row.document, row.digest, row.changed_in = (
            document.kind,
            document,
            digest,
            self.edition,
        )
        row.retired_in = row.successor = None
        self.session.add(row)
        self.session.flush()
        assert row.id is not None  # it has just been written
        for model in (CarrierName, CarrierAudience, CarrierProduct):
            self.session.exec(delete(model).where(col(model.carrier_id) == row.id))
        self.session.add_all(
            CarrierName(carrier_id=row.id, folded=name) for name in search.names(slug, document)
        )
        self.session.add_all(
            CarrierAudience(carrier_id=row.id, audience=audience)
            for audience in set(document.audience)
        )
        self.session.add_all(
            CarrierProduct(carrier_id=row.id, product=product) for product in set(document.products)
        )
        return row

    def _procedures(self, carrier: Carrier, files: CarrierFiles) -> None:
        assert carrier.id is not None  # it is in the database
        rows = {
            row.slug: row
            for row in self.session.exec(
                select(Procedure).where(Procedure.carrier_id == carrier.id)
            ).all()
        }
        digests = self._newest_digests(carrier.id)
        for slug, file in files.procedures.items():
            state = _State.of(file.document, files.carrier.document.sources)
            row = rows.get(slug) or Procedure(
                carrier_id=carrier.id, slug=slug, revision=0, added_in=self.edition
            )
            self._procedure(row, state, digests.get(slug))
        for slug in rows.keys() - files.procedures.keys():
            self._retire(
                rows[slug], self.catalogue.retired.document.procedures.get(f"{carrier.slug}/{slug}")
            )

    def _newest_digests(self, carrier_id: int) -> Mapping[str, str]:
        newest = (
            select(Procedure.slug, Revision.digest)
            .join(
                Revision,
                (col(Revision.procedure_id) == Procedure.id)
                & (col(Revision.number) == Procedure.revision),
            )
            .where(Procedure.carrier_id == carrier_id)
        )
        return dict(self.session.exec(newest).all())

    def _procedure(self, row: Procedure, state: "_State", newest: str | None) -> None:
        is_changed = newest != state.digest
        if not is_changed and row.retired_in is None:
            return
        if newest is None:
            self.added += 1
        else:
            self.changed += 1
        if is_changed:
            row.revision += 1
        row.retired_in = row.successor = None
        self.session.add(row)
        self.session.flush()
        if is_changed:
            self._revision(row, state)

    def _revision(self, procedure: Procedure, state: "_State") -> None:
        assert procedure.id is not None  # it has just been written
        content = state.content
        revision = Revision(
            procedure_id=procedure.id,
            number=procedure.revision,
            edition=self.edition,
            digest=state.digest,
            goal=content.goal,
            outcome=content.outcome,
            channel=content.channel,
            from_abroad=content.from_abroad,
            evidence=grade(state.sources),
            content=content,
            sources=state.sources,
        )
        self.session.add(revision)
        self.session.flush()
        assert revision.id is not None  # it has just been written
        rows: list[SQLModel] = [
            Step(
                revision_id=revision.id,
                position=position,
                key=step.key,
                phase=step.phase,
                actor=step.actor,
                optional=step.optional,
                irreversible=step.irreversible,
                document=step,
            )
            for position, step in enumerate(state.steps, 1)
        ]
        rows += [
            RevisionProduct(revision_id=revision.id, product=product)
            for product in set(content.applies_to.products)
        ]
        rows += [
            RevisionContract(revision_id=revision.id, contract=contract)
            for contract in set(content.applies_to.contracts)
        ]
        self.session.add_all(rows)

    def _retire(self, procedure: Procedure, successor: str | None) -> None:
        if procedure.retired_in is None:
            procedure.retired_in = self.edition
            self.retired += 1
        procedure.successor = successor
        self.session.add(procedure)

    def _retire_carrier(self, carrier: Carrier) -> None:
        retired = self.catalogue.retired.document
        if carrier.retired_in is None:
            carrier.retired_in = self.edition
        carrier.successor = retired.carriers.get(carrier.slug)
        self.session.add(carrier)
        for procedure in self.session.exec(
            select(Procedure).where(Procedure.carrier_id == carrier.id)
        ).all():
            self._retire(procedure, retired.procedures.get(f"{carrier.slug}/{procedure.slug}"))


@dataclass(frozen=True)
class _State:
    """The content of a revision: the procedure, its steps, and the sources that they cite."""

    content: ProcedureContent
    steps: Sequence[StepDocument]
    sources: list[Source]
    digest: str

    @classmethod
    def of(cls, document: ProcedureDocument, sources: Iterable[Source]) -> "_State":
        content = ProcedureContent.model_validate(
            {name: getattr(document, name) for name in ProcedureContent.model_fields}
        )
        cited = cited_by(content, document.steps, sources)
        return cls(content, document.steps, cited, _digest(document, *cited))


def _digest(*documents: BaseModel) -> str:
    """Return the SHA-256 (hexadecimal) of the documents, regardless of the order of keys."""
    content = [document.model_dump(mode="json", exclude_defaults=True) for document in documents]
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()
