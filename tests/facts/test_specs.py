"""Facts: one row each, and what is derived from it."""

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from app.facts.query import Facts, FactsQuery, find_contradictions
from app.facts.specs import SPECS, Fact
from app.i18n import DEFAULT_LANGUAGE

TODAY = dt.date(2026, 11, 30)
VALUES: dict[str, Any] = {
    "date": "2026-11-20",
    "boolean": "true",
    "integer": "7",
    "choice": "last",
}


def test_every_fact_has_one_row() -> None:
    """The table of facts has exactly the facts."""
    assert set(SPECS) == set(Fact)


@pytest.mark.parametrize("model", [Facts, FactsQuery])
def test_every_fact_is_an_optional_field(model: type[Facts]) -> None:
    """The body and the query have a field for each fact, in the order of the table."""
    fields = [name for name in model.model_fields if name != "lang"]

    assert fields == [fact.value for fact in Fact]
    assert model.model_validate({}).given() == {}


@pytest.mark.parametrize("fact", Fact)
def test_a_value_of_the_type_is_accepted(fact: Fact) -> None:
    """Each fact accepts a value of its type."""
    facts = Facts.model_validate({fact.value: VALUES[SPECS[fact].type]})

    assert list(facts.given()) == [fact]


@pytest.mark.parametrize("fact", [fact for fact in Fact if SPECS[fact].type == "integer"])
def test_the_limits_of_a_number_are_checked(fact: Fact) -> None:
    """A number is accepted from its lowest to its highest value."""
    lowest, highest = SPECS[fact].lowest, SPECS[fact].highest
    assert lowest is not None
    assert highest is not None

    for value in (lowest, highest):
        assert Facts.model_validate({fact.value: value}).given() == {fact: value}
    for value in (lowest - 1, highest + 1):
        with pytest.raises(ValidationError):
            Facts.model_validate({fact.value: value})


@pytest.mark.parametrize(
    ("fact", "other"), [(spec.fact, other) for spec in SPECS.values() for other in spec.never_after]
)
def test_dates_in_an_impossible_order_are_refused(fact: Fact, other: Fact) -> None:
    """A date that cannot be after another may be on the same day, and not on the next."""
    at = dt.datetime.combine(TODAY, dt.time(), tzinfo=dt.UTC)
    next_day = TODAY + dt.timedelta(days=1)

    assert not find_contradictions({fact: TODAY, other: TODAY}, at, DEFAULT_LANGUAGE)
    (error,) = find_contradictions({fact: next_day, other: TODAY}, at, DEFAULT_LANGUAGE)
    assert (error.parameter, error.code) == (other, "out_of_order")


@pytest.mark.parametrize("fact", Fact)
def test_example_values_are_valid(fact: Fact) -> None:
    """The values that the guide tries out are accepted as values of the fact."""
    for value in SPECS[fact].example_values(TODAY):
        assert Facts.model_validate({fact.value: value}).given() == {fact: value}
