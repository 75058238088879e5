"""The tables of the catalogue: published editions, carriers, and all revisions of procedures.

Content that is only read as a whole is in typed JSON columns. Content that is searched, filtered,
joined or constrained has its own columns and tables. Only `authoring/publish.py` writes rows.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.catalogue.advice import AdviceDocument
from app.catalogue.codes import (
    Actor,
    Audience,
    CarrierKind,
    Channel,
    Contract,
    Evidence,
    Outcome,
    Phase,
    Possibility,
    Product,
)
from app.catalogue.documents import CarrierDocument, ProcedureContent, Source
from app.catalogue.documents import Step as StepDocument
from app.catalogue.goals import Goal
from app.catalogue.identification import IdentificationDocument
from app.catalogue.regulation import RegulationDocument
from app.catalogue.vocabulary import VocabularyDocument
from app.database import Json, slug_type, text_enum


class Edition(SQLModel, table=True):
    """One published state of the whole catalogue. The edition with the highest number is served."""

    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    digest: str = Field(max_length=64)
    published_at: dt.datetime
    folder: str | None = Field(
        default=None,
        description="Absolute path of the folder it was published from; null if unknown.",
    )
    vocabulary: VocabularyDocument = Field(sa_type=Json(VocabularyDocument))
    advice: AdviceDocument = Field(sa_type=Json(AdviceDocument))
    identification: IdentificationDocument = Field(sa_type=Json(IdentificationDocument))
    regulation: RegulationDocument = Field(sa_type=Json(RegulationDocument))


class Carrier(SQLModel, table=True):
    """A carrier as in the newest edition or, if it is retired, as in its last one."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(sa_type=slug_type(), unique=True)
    kind: CarrierKind = Field(sa_type=text_enum(CarrierKind), index=True)
    document: CarrierDocument = Field(sa_type=Json(CarrierDocument))
    digest: str = Field(max_length=64)
    added_in: int = Field(foreign_key="edition.number")
    changed_in: int = Field(foreign_key="edition.number", index=True)
    retired_in: int | None = Field(default=None, foreign_key="edition.number")
    successor: str | None = Field(default=None, max_length=64)


class CarrierName(SQLModel, table=True):
    """A name that the search finds a carrier by, folded by `app.catalogue.search.fold`."""

    __tablename__ = "carrier_name"

    carrier_id: int = Field(foreign_key="carrier.id", primary_key=True)
    folded: str = Field(max_length=200, primary_key=True)


class CarrierAudience(SQLModel, table=True):
    """One group that a carrier sells to."""

    __tablename__ = "carrier_audience"

    carrier_id: int = Field(foreign_key="carrier.id", primary_key=True)
    audience: Audience = Field(sa_type=text_enum(Audience), primary_key=True)


class CarrierProduct(SQLModel, table=True):
    """One kind of product that a carrier sells."""

    __tablename__ = "carrier_product"

    carrier_id: int = Field(foreign_key="carrier.id", primary_key=True)
    product: Product = Field(sa_type=text_enum(Product), primary_key=True)


class Procedure(SQLModel, table=True):
    """A procedure for one goal with one carrier. Its content is in its revisions."""

    __table_args__ = (
        UniqueConstraint("carrier_id", "slug"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    carrier_id: int = Field(foreign_key="carrier.id")
    slug: str = Field(sa_type=slug_type())
    revision: int = Field(description="Number of the newest revision.")
    added_in: int = Field(foreign_key="edition.number")
    retired_in: int | None = Field(default=None, foreign_key="edition.number", index=True)
    successor: str | None = Field(default=None, max_length=129)


class Revision(SQLModel, table=True):
    """One state of a procedure. Rows are never changed or deleted."""

    __table_args__ = (
        UniqueConstraint("procedure_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    procedure_id: int = Field(foreign_key="procedure.id")
    number: int
    edition: int = Field(
        foreign_key="edition.number",
        index=True,
        description="The edition that first published it.",
    )
    digest: str = Field(max_length=64)
    goal: Goal = Field(sa_type=text_enum(Goal))
    outcome: Outcome = Field(sa_type=text_enum(Outcome))
    channel: Channel = Field(sa_type=text_enum(Channel))
    from_abroad: Possibility = Field(sa_type=text_enum(Possibility))
    evidence: Evidence = Field(sa_type=text_enum(Evidence))
    content: ProcedureContent = Field(sa_type=Json(ProcedureContent))
    sources: list[Source] = Field(
        sa_type=Json(list[Source]), description="The sources it cites, as of its edition."
    )


class RevisionProduct(SQLModel, table=True):
    """One kind of product that a revision applies to."""

    __tablename__ = "revision_product"

    revision_id: int = Field(foreign_key="revision.id", primary_key=True)
    product: Product = Field(sa_type=text_enum(Product), primary_key=True)


class RevisionContract(SQLModel, table=True):
    """One kind of contract that a revision applies to."""

    __tablename__ = "revision_contract"

    revision_id: int = Field(foreign_key="revision.id", primary_key=True)
    contract: Contract = Field(sa_type=text_enum(Contract), primary_key=True)


class Step(SQLModel, table=True):
    """One step of a revision. Rows are never changed or deleted."""

    __table_args__ = (
        UniqueConstraint("revision_id", "key"),
        CheckConstraint("position >= 1", name="position_from_one"),
    )

    revision_id: int = Field(foreign_key="revision.id", primary_key=True)
    position: int = Field(primary_key=True)
    key: str = Field(sa_type=slug_type())
    phase: Phase = Field(sa_type=text_enum(Phase))
    actor: Actor = Field(sa_type=text_enum(Actor))
    optional: bool
    irreversible: bool
    document: StepDocument = Field(sa_type=Json(StepDocument))
