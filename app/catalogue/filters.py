"""What lists of the catalogue can be filtered by.

All are optional.
"""

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
    """Which carriers a list holds."""

    q: str | None = Field(
        default=None,
        min_length=1,
        max_length=80,
        description="A name of a company, brand, plan, shop or kind of product in any script, or "
        "its first words or letters: spacing, case, width and kana do not matter. Words match at "
        "their beginning, never inside.",
        examples=EXAMPLE_WORDS["searches"],
    )
    kind: CarrierKind | None = Field(default=None, description="Kind of company.")
    audience: Audience | None = Field(default=None, description="Whom it sells to.")
    product: Product | None = Field(
        default=None, description="What the customer holds in the hand."
    )


class ProcedureFilter(BaseModel):
    """Which procedures a list holds."""

    carrier: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        pattern=r"^[^\x00]*$",
        description="Id of a carrier.",
        examples=["rakuten-mobile"],
    )
    goal: Goal | None = Field(default=None, description="What the person wants.")
    outcome: Outcome | None = Field(default=None, description="What is the case afterwards.")
    channel: Channel | None = Field(default=None, description="How the carrier is reached.")
    product: Product | None = Field(default=None, description="A product it applies to.")
    contract: Contract | None = Field(default=None, description="A kind of contract it applies to.")
    from_abroad: Possibility | None = Field(
        default=None, description="Whether it can be done from outside Japan."
    )
    evidence: Evidence | None = Field(default=None, description="How well it is backed.")


class CarriersQuery(CarrierFilter, PageQuery):
    """Which carriers to list."""


class ProceduresQuery(ProcedureFilter, PageQuery):
    """Which procedures to list."""
