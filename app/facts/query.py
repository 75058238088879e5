"""A person's facts: dates and a few closed answers, as they stand in a query, and what is wrong with them."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.catalogue.timing_rules import Fact
from app.dates import months_later
from app.i18n import Language, ReadQuery
from app.messages.keys import MessageKey
from app.messages.loader import translate
from app.problems.base import InvalidRequest, ProblemError
from app.zones import zone_names

FactValue = dt.date | bool | int | str
"""The value of a fact."""

_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_OFFSET: Final = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$")
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")
_CLOSING_DAYS: Final = {str(day): day for day in range(1, 29)}


def _date(value: object) -> object:
    # Left to Pydantic, 1700000000 would be a date too.
    if isinstance(value, str) and not _ISO_DATE.fullmatch(value):
        kind, message = "not_a_date", "not a date"
        raise PydanticCustomError(kind, message)
    return value


def _instant(value: object) -> object:
    if isinstance(value, str):
        # A plus sign that was not escaped arrives as a space.
        value = value.replace(" ", "+") if re.search(r"\d \d\d:\d\d$", value) else value
        if not _OFFSET.search(value):
            kind, message = (
                ("offset_missing" if _LOCAL.fullmatch(value) else "not_an_instant"),
                "no offset",
            )
            raise PydanticCustomError(kind, message)
    return value


def _within_reason(instant: dt.datetime) -> dt.datetime:
    if instant.year not in _YEARS:
        kind, message = "instant_too_far_away", "too far away"
        raise PydanticCustomError(kind, message, {"low": _YEARS.start, "high": _YEARS.stop - 1})
    return instant


def _zone(name: str) -> str:
    # In `Etc/GMT+9` too, a plus sign that was not escaped arrives as a space.
    name = name.replace(" ", "+")
    if name not in zone_names():
        kind, message = "not_a_zone", "not a zone"
        raise PydanticCustomError(kind, message)
    return name


def _closing_day(value: object) -> object:
    if value is None or value == "last":
        return value
    if str(value) not in _CLOSING_DAYS:
        kind, message = "not_a_closing_day", "not a closing day"
        raise PydanticCustomError(kind, message)
    return _CLOSING_DAYS[str(value)]


_EARLIEST: Final = dt.date(1979, 12, 1)
"""Japan's first mobile telephone service began then."""

_YEARS_AHEAD: Final = 10
_YEARS: Final = range(2000, 2090)
"""Years in which a timeline can begin: ten more and the holidays of Japan can still be computed."""

Day = Annotated[dt.date, BeforeValidator(_date)]
At = Annotated[dt.datetime, AfterValidator(_within_reason), BeforeValidator(_instant)]
ZoneName = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
ClosingDay = Annotated[int | Literal["last"], BeforeValidator(_closing_day)]


class Facts(BaseModel):
    """What a person has told: dates and closed answers, each of which can be left out. There is no free text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract_received_on: Day | None = Field(
        default=None,
        description="When the contract papers were received, on paper or electronically.",
    )
    service_started_on: Day | None = Field(default=None, description="When the service started.")
    contract_started_on: Day | None = Field(default=None, description="When the contract started.")
    chosen_end_on: Day | None = Field(default=None, description="The day it is to end.")
    renews_on: Day | None = Field(default=None, description="The next day it is paid for again.")
    closing_day: ClosingDay | None = Field(
        default=None, description="Day on which the billing month closes: 1 to 28, or `last`."
    )
    last_topup_ended_on: Day | None = Field(
        default=None, description="When the last paid top-up ended."
    )
    activated_on: Day | None = Field(
        default=None, description="When the SIM or eSIM was activated."
    )
    installed: bool | None = Field(default=None, description="Whether the eSIM is installed.")
    activated: bool | None = Field(
        default=None, description="Whether the SIM, eSIM or pack is activated."
    )
    plan_days: int | None = Field(
        default=None, ge=1, le=1100, description="How many days the plan lasts."
    )
    rental_starts_on: Day | None = Field(default=None, description="First day of the rental.")
    rental_ends_on: Day | None = Field(default=None, description="Last day of the rental.")
    porting_number_issued_on: Day | None = Field(
        default=None, description="When the porting reservation number was issued."
    )
    bought_on: Day | None = Field(default=None, description="When it was bought.")
    last_used_on: Day | None = Field(default=None, description="When it was last used.")
    payment_due_on: Day | None = Field(default=None, description="When the unpaid bill was due.")
    problem_noticed_on: Day | None = Field(default=None, description="When the problem appeared.")
    qr_sent: bool | None = Field(default=None, description="Whether the QR code has been sent.")
    shipped: bool | None = Field(default=None, description="Whether the order has been shipped.")
    used: bool | None = Field(default=None, description="Whether any of it was used.")
    monthly_price_jpy: int | None = Field(
        default=None,
        ge=0,
        le=1_000_000,
        description="What a month costs; never needed, it tells what waiting costs.",
    )

    def given(self) -> Mapping[Fact, FactValue]:
        """Return the facts that were told."""
        values = {Fact(name): getattr(self, name) for name in Facts.model_fields}
        return {fact: value for fact, value in values.items() if value is not None}


class FactsQuery(ReadQuery, Facts):
    """A query that holds facts."""

    def facts(self, at: dt.datetime, language: Language) -> Facts:
        """Return the facts alone, or raise what is wrong with them together."""
        facts = Facts.model_construct(**{name: getattr(self, name) for name in Facts.model_fields})
        if errors := impossible(facts.given(), at, language):
            raise InvalidRequest(errors=errors)
        return facts


def impossible(
    given: Mapping[Fact, FactValue], at: dt.datetime, language: Language
) -> list[ProblemError]:
    """Return what is wrong with facts together: dates that are absurdly far away, or in an order that cannot be."""
    return [*_too_far(given, at.date(), language), *_out_of_order(given, language)]


def refuse_unused(facts: Facts, used: Collection[Fact], language: Language) -> None:
    """Raise `InvalidRequest` for every fact that no rule asks for: it would be left out of the answer unseen."""
    allowed = [str(fact) for fact in Fact if fact in used]
    listed = ", ".join(allowed) or "-"
    errors = [
        _mistake(fact, "not_used", language, allowed=listed, names=allowed)
        for fact in facts.given()
        if fact not in used
    ]
    if errors:
        raise InvalidRequest(errors=errors)


def refuse_future(fact: Fact, day: dt.date, today: dt.date, language: Language) -> None:
    """Raise `InvalidRequest` for a date that has to lie in the past and does not, or that is absurdly long ago."""
    if not _EARLIEST <= day <= today:
        code = "in_the_future" if day > today else "too_far_away"
        raise InvalidRequest(
            errors=[_mistake(fact, code, language, earliest=_EARLIEST, latest=today)]
        )


def _too_far(
    given: Mapping[Fact, FactValue], today: dt.date, language: Language
) -> Iterator[ProblemError]:
    last = months_later(today, 12 * _YEARS_AHEAD)
    for fact, value in given.items():
        if isinstance(value, dt.date) and not _EARLIEST <= value <= last:
            yield _mistake(fact, "too_far_away", language, earliest=_EARLIEST, latest=last)


def _out_of_order(given: Mapping[Fact, FactValue], language: Language) -> Iterator[ProblemError]:
    for first, second in _ORDER:
        begin, end = given.get(first), given.get(second)
        if isinstance(begin, dt.date) and isinstance(end, dt.date) and begin > end:
            yield _mistake(second, "out_of_order", language, other=first, value=begin)


def _mistake(
    fact: Fact, code: str, language: Language, *, names: list[str] | None = None, **values: object
) -> ProblemError:
    return ProblemError(
        parameter=fact,
        code=code,
        detail=translate(_DETAILS[code], language, name=fact, **values),
        allowed=names,
    )


_ORDER: Final = (
    (Fact.CONTRACT_STARTED_ON, Fact.SERVICE_STARTED_ON),
    (Fact.CONTRACT_STARTED_ON, Fact.CHOSEN_END_ON),
    (Fact.CONTRACT_STARTED_ON, Fact.RENEWS_ON),
    (Fact.CONTRACT_STARTED_ON, Fact.PORTING_NUMBER_ISSUED_ON),
    (Fact.SERVICE_STARTED_ON, Fact.CHOSEN_END_ON),
    (Fact.BOUGHT_ON, Fact.ACTIVATED_ON),
    (Fact.BOUGHT_ON, Fact.LAST_USED_ON),
    (Fact.RENTAL_STARTS_ON, Fact.RENTAL_ENDS_ON),
)
"""Dates of which the first cannot be after the second."""

_DETAILS: Final[Mapping[str, MessageKey]] = {
    "not_used": "mistake.not_used",
    "too_far_away": "mistake.too_far_away",
    "in_the_future": "mistake.in_the_future",
    "out_of_order": "mistake.out_of_order",
}
