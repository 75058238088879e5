"""Query parameters that filter lists of the catalogue. All are optional."""

from pydantic import BaseModel, Field

from app.catalogue.codes import (
    Audience,
    CarrierKind,
    Channel,
    Contract,
    Evidence,
    Outcome,
    Possibility,
    Product,
)
from app.catalogue.example_words import EXAMPLE_WORDS
from app.catalogue.goals import Goal
from app.pagination import PageQuery


class CarrierFilter(BaseModel):
    """Filters for carriers."""

    q: str | None = Field(
        default=None,
        min_length=1,
        max_length=80,
        description="Name of a company, brand, plan, shop or kind of product in any script, or the "
        "beginning of its words. Spacing, case, width and the kind of kana do not matter. Words "
        "match only at their beginning.",
        examples=EXAMPLE_WORDS["searches"],
    )
    kind: CarrierKind | None = Field(default=None, description="Kind of company.")
    audience: Audience | None = Field(
        default=None, description="A group of customers that the carrier sells to."
    )
    product: Product | None = Field(
        default=None, description="A kind of product that the carrier sells."
    )


class ProcedureFilter(BaseModel):
    """Filters for procedures."""

    carrier: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        pattern=r"^[^\x00]*$",
        description="Id of a carrier.",
        examples=["rakuten-mobile"],
    )
    goal: Goal | None = Field(default=None, description="What the customer wants to achieve.")
    outcome: Outcome | None = Field(default=None, description="The result of the procedure.")
    channel: Channel | None = Field(
        default=None, description="How the procedure is carried out with the carrier."
    )
    product: Product | None = Field(
        default=None, description="A kind of product that the procedure applies to."
    )
    contract: Contract | None = Field(
        default=None, description="A kind of contract that the procedure applies to."
    )
    from_abroad: Possibility | None = Field(
        default=None, description="Whether the procedure can be done from outside Japan."
    )
    evidence: Evidence | None = Field(
        default=None, description="How well sources support the procedure."
    )


class CarriersQuery(CarrierFilter, PageQuery):
    """Filters and page of a list of carriers."""


class ProceduresQuery(ProcedureFilter, PageQuery):
    """Filters and page of a list of procedures."""
