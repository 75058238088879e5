"""What a procedure costs: its fees, and how the end is billed."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.catalogue.codes import BillingCycle, FeeKind, LastMonth
from app.catalogue.parts import CatalogueModel, Citations, FeePeriod
from app.i18n import LocalizedText


class Amount(CatalogueModel):
    """How much: `exact`, or between `min` and `max`; or a share of the price."""

    exact: Decimal | None = Field(default=None, ge=0)
    min: Decimal | None = Field(default=None, ge=0)
    max: Decimal | None = Field(default=None, ge=0)
    percent: Decimal | None = Field(default=None, ge=0, le=100)
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "JPY"
    per: Literal["once", "day", "month", "item", "remaining_month"] = "once"
    tax: Literal["included", "excluded", "unknown"] = "unknown"

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        forms = [
            self.exact is not None,
            self.min is not None or self.max is not None,
            self.percent is not None,
        ]
        if forms.count(True) != 1:
            raise ValueError(
                "give one of: exact, min and/or max, percent; leave the whole amount null when it "
                "is not known"
            )
        return self


class Fee(CatalogueModel):
    """What may have to be paid."""

    what: LocalizedText
    # Revisions from before the field was added do not say it.
    kind: FeeKind = Field(
        default=FeeKind.OTHER,
        description="What it is for; `early_cancellation` is any fee for leaving.",
    )
    amount: Amount | None = Field(description="Null: a fee exists, its amount is not known.")
    condition: LocalizedText | None = None
    period: FeePeriod | None = Field(
        default=None, description="For which contracts, and how long, as far as it can be computed."
    )
    sources: Citations


class Billing(CatalogueModel):
    """How the end is billed."""

    last_month: LastMonth
    cycle: BillingCycle = BillingCycle.UNKNOWN
    closing_days: tuple[Annotated[int, Field(ge=1, le=28)] | Literal["last"], ...] = Field(
        default=(),
        description="With cycle closing_day: the days on which a customer's month can close.",
    )
    final_bill_months: int | None = Field(
        default=None, ge=0, le=6, description="The last bill comes so many months after."
    )
    late_charges_months: int | None = Field(
        default=None, ge=1, le=12, description="Charges can still follow for so many months."
    )
    price_jpy: int | None = Field(
        default=None,
        ge=1,
        description="What one period costs, where the sources name one amount for all.",
    )
    full_within: FeePeriod | None = Field(
        default=None, description="With prorated: charged in full when it ends within this period."
    )
    note: LocalizedText | None = None
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _sourced_unless_unknown(self) -> Self:
        if self.last_month is not LastMonth.UNKNOWN and not self.sources:
            raise ValueError("billing that is known needs sources")
        return self
