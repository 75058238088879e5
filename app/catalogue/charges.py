"""The fees of a procedure, and the billing at the end of the contract."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.catalogue.codes import BillingCycle, FeeKind, LastMonth
from app.catalogue.parts import CatalogueModel, Citations, FeePeriod
from app.i18n import LocalizedText


class Amount(CatalogueModel):
    """An amount of money: `exact`, a range from `min` to `max`, or `percent` of the price."""

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
                "give exact, min and/or max, or percent; if unknown, leave the whole amount null"
            )
        return self


class Fee(CatalogueModel):
    """A fee that may have to be paid."""

    what: LocalizedText
    # Revisions that were published before this field was added have no value.
    kind: FeeKind = Field(
        default=FeeKind.OTHER,
        description="What the fee is for. `early_cancellation` is any fee for leaving.",
    )
    amount: Amount | None = Field(description="Null if the amount is unknown.")
    condition: LocalizedText | None = None
    period: FeePeriod | None = Field(
        default=None,
        description="The contracts it applies to, and until when, if that can be computed.",
    )
    sources: Citations


class Billing(CatalogueModel):
    """Charges for the last billing period, and when the last bill arrives."""

    last_month: LastMonth
    cycle: BillingCycle = BillingCycle.UNKNOWN
    closing_days: tuple[Annotated[int, Field(ge=1, le=28)] | Literal["last"], ...] = Field(
        default=(),
        description="With cycle closing_day: the days on which a billing month can close.",
    )
    final_bill_months: int | None = Field(
        default=None, ge=0, le=6, description="Months from the end until the last bill arrives."
    )
    late_charges_months: int | None = Field(
        default=None,
        ge=1,
        le=12,
        description="Months after the end in which late charges can follow.",
    )
    price_jpy: int | None = Field(
        default=None,
        ge=1,
        description="Price of one period in yen, if the sources state one for all customers.",
    )
    full_within: FeePeriod | None = Field(
        default=None,
        description="With prorated: if the contract ends in this time, the last billing period is "
        "charged in full.",
    )
    note: LocalizedText | None = None
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _sourced_unless_unknown(self) -> Self:
        if self.last_month is not LastMonth.UNKNOWN and not self.sources:
            raise ValueError("known billing needs sources")
        return self
