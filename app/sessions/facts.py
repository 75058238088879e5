"""The facts a person can add to a session: dates and closed answers, each removable. There is no free text anywhere."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]


class Facts(BaseModel):
    """Dates and closed answers that deadlines follow from. In a change, null removes a fact."""

    model_config = ConfigDict(extra="forbid")

    contract_received_on: _Date | None = Field(default=None, description="When the contract papers were received.")
    service_started_on: _Date | None = Field(default=None, description="When the service could first be used.")
    contract_started_on: _Date | None = Field(default=None, description="When the contract began.")
    chosen_end_on: _Date | None = Field(default=None, description="The last day you want.")
    renews_on: _Date | None = Field(default=None, description="When it is paid for again.")
    closing_day: Annotated[int, Field(ge=1, le=28)] | Literal["last"] | None = Field(
        default=None, description="The day on which your billing month closes."
    )
    last_topup_ended_on: _Date | None = Field(default=None, description="When the last paid top-up ended.")
    activated_on: _Date | None = Field(default=None, description="When it was activated.")
    installed: bool | None = Field(default=None, description="Whether the eSIM has been installed.")
    activated: bool | None = Field(default=None, description="Whether it has been activated.")
    plan_days: Annotated[int, Field(ge=1, le=366)] | None = Field(default=None, description="How many days the plan has.")
    rental_starts_on: _Date | None = Field(default=None, description="First day of the rental.")
    rental_ends_on: _Date | None = Field(default=None, description="Last day of the rental.")
    porting_number_issued_on: _Date | None = Field(default=None, description="When the porting number was issued.")
    bought_on: _Date | None = Field(default=None, description="When it was bought.")

    def applied_to(self, stored: dict[str, str | int | bool]) -> dict[str, str | int | bool]:
        """Return the stored facts with those given here: set, or removed where they are null."""
        given = self.model_dump(mode="json", exclude_unset=True)
        return {name: value for name, value in (stored | given).items() if value is not None}
