"""A person's facts in a query or a session: their fields, and checks for impossible values."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

from app.dates import months_later
from app.facts.specs import CLOSING_DAYS, SPECS, Fact, FactSpec, FactType, GivenFacts
from app.i18n import Language, ReadQuery
from app.messages.keys import MessageKey
from app.messages.loader import translate
from app.problems.base import InvalidRequest, ProblemError

_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")

_EARLIEST: Final = dt.date(1979, 12, 1)
"""Start of Japan's first mobile telephone service: no contract is older."""

_YEARS_AHEAD: Final = 10


def _date(value: object) -> object:
    # Pydantic alone would also accept a Unix time such as 1700000000.
    if isinstance(value, str) and not _ISO_DATE.fullmatch(value):
        raise PydanticCustomError("not_a_date", "not a date")
    return value


def _closing_day(value: object) -> object:
    if value is None or value == "last":
        return value
    if str(value) not in CLOSING_DAYS:
        raise PydanticCustomError("not_a_closing_day", "not a closing day")
    return int(str(value))


Day = Annotated[dt.date, BeforeValidator(_date)]
"""A date in the form YYYY-MM-DD."""

_ClosingDay = Annotated[int | Literal["last"], BeforeValidator(_closing_day)]

_ANNOTATIONS: Final[Mapping[FactType, Any]] = {
    "date": Day,
    "boolean": bool,
    "integer": int,
    "choice": _ClosingDay,  # the only choice so far
}


def _field(spec: FactSpec) -> tuple[Any, Any]:
    """Return the annotation and the `Field` of an optional model field for the fact."""
    return (
        _ANNOTATIONS[spec.type] | None,
        Field(default=None, ge=spec.lowest, le=spec.highest, description=spec.description),
    )


if TYPE_CHECKING:
    _FactFields = BaseModel
else:
    _FactFields = create_model("_FactFields", **{fact.value: _field(SPECS[fact]) for fact in Fact})


class Facts(_FactFields):
    """Facts about a person's contract: dates, numbers and choices; all optional, no free text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def given(self) -> GivenFacts:
        """Return the facts that have a value."""
        values = {fact: getattr(self, fact) for fact in Fact}
        return {fact: value for fact, value in values.items() if value is not None}


class FactsQuery(ReadQuery, Facts):
    """A query with one optional field for each fact."""

    def facts(self, at: dt.datetime, language: Language) -> Facts:
        """Return the facts without the other fields of the query.

        Raises `InvalidRequest` if they cannot all be true (see `find_contradictions`).
        """
        facts = Facts.model_construct(**{fact.value: getattr(self, fact) for fact in Fact})
        if errors := find_contradictions(facts.given(), at, language):
            raise InvalidRequest(errors=errors)
        return facts


def find_contradictions(
    given_facts: GivenFacts, at: dt.datetime, language: Language
) -> list[ProblemError]:
    """Return one error for each impossible date.

    A date is impossible if it is before December 1979, more than ten years after `at`, or after
    another date that it must precede (`FactSpec.never_after`).
    """
    return [*_too_far(given_facts, at.date(), language), *_out_of_order(given_facts, language)]


def refuse_unused(facts: Facts, relevant: Collection[Fact], language: Language) -> None:
    """Raise `InvalidRequest` if any given fact is not in `relevant`: it would have no effect."""
    usable = [fact.value for fact in Fact if fact in relevant]
    listed = ", ".join(usable) or "-"
    errors = [
        _mistake(fact, "not_used", language, allowed=listed, names=usable)
        for fact in facts.given()
        if fact not in relevant
    ]
    if errors:
        raise InvalidRequest(errors=errors)


def refuse_future(fact: Fact, day: dt.date, today: dt.date, language: Language) -> None:
    """Raise `InvalidRequest` if the day of a past fact is after `today` or before December 1979."""
    if not _EARLIEST <= day <= today:
        code = "in_the_future" if day > today else "too_far_away"
        raise InvalidRequest(
            errors=[_mistake(fact, code, language, earliest=_EARLIEST, latest=today)]
        )


def _too_far(given_facts: GivenFacts, today: dt.date, language: Language) -> Iterator[ProblemError]:
    latest = months_later(today, 12 * _YEARS_AHEAD)
    for fact, value in given_facts.items():
        if isinstance(value, dt.date) and not _EARLIEST <= value <= latest:
            yield _mistake(fact, "too_far_away", language, earliest=_EARLIEST, latest=latest)


def _out_of_order(given_facts: GivenFacts, language: Language) -> Iterator[ProblemError]:
    for spec in SPECS.values():
        day = given_facts.get(spec.fact)
        for later_fact in spec.never_after:
            later_day = given_facts.get(later_fact)
            if isinstance(day, dt.date) and isinstance(later_day, dt.date) and day > later_day:
                yield _mistake(later_fact, "out_of_order", language, other=spec.fact, value=day)


def _mistake(
    fact: Fact, code: str, language: Language, *, names: list[str] | None = None, **values: object
) -> ProblemError:
    return ProblemError(
        parameter=fact,
        code=code,
        detail=translate(_DETAILS[code], language, name=fact, **values),
        allowed=names,
    )


_DETAILS: Final[Mapping[str, MessageKey]] = {
    "not_used": "mistake.not_used",
    "too_far_away": "mistake.too_far_away",
    "in_the_future": "mistake.in_the_future",
    "out_of_order": "mistake.out_of_order",
}
