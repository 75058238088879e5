"""Which cap applies to a fee, and whether the fee is above it, by made-up caps."""

import datetime as dt
from typing import NamedTuple

import pytest

from app.catalogue.codes import Operator
from app.catalogue.documents import CarrierDocument
from app.catalogue.regulation import RegulationDocument
from app.fees.fee_cap import FeeCheck, assess_fee, operator_kind
from tests.support import builders
from tests.support.fee_caps import AMOUNT, regulation


class Fee(NamedTuple):
    """A fee as a customer states it: amounts in yen, None where it is not known."""

    contracted_on: str | None
    operator: str | None
    quoted: int | None
    monthly: int | None = None


class Expected(NamedTuple):
    """The cap in yen, whether the fee is above it, and whether the price would help."""

    cap: int | None
    is_above: bool | None
    needs_price: bool = False


def assess(fee: Fee) -> FeeCheck:
    return assess_fee(
        regulation(),
        dt.date.fromisoformat(fee.contracted_on) if fee.contracted_on else None,
        Operator(fee.operator) if fee.operator else None,
        fee.quoted,
        fee.monthly,
    )


def answer(check: FeeCheck) -> Expected:
    return Expected(check.cap_jpy, check.is_above, check.needs_monthly_price)


@pytest.mark.parametrize(
    ("fee", "expected"),
    [
        # No cap before the first day of the law, and none for other operators until the second.
        (Fee("2010-03-31", "designated", 10450), Expected(None, None)),
        (Fee("2020-09-30", "other", 10450, 3000), Expected(None, None)),
        # An amount, to the yen and to the day.
        (Fee("2010-04-01", "designated", AMOUNT), Expected(AMOUNT, is_above=False)),
        (Fee("2010-04-01", "designated", AMOUNT + 1), Expected(AMOUNT, is_above=True)),
        (Fee("2020-09-30", "designated", 10450), Expected(AMOUNT, is_above=True)),
        (Fee("2020-09-30", "designated", None), Expected(AMOUNT, None)),
        # The lower of an amount and the price of a month.
        (Fee("2020-10-01", "designated", AMOUNT + 1), Expected(None, is_above=True)),
        (Fee("2020-10-01", "designated", 1000), Expected(None, None, needs_price=True)),
        (Fee("2020-10-01", "designated", 1000, 990), Expected(990, is_above=True)),
        (Fee("2020-10-01", "designated", 1000, 3278), Expected(AMOUNT, is_above=False)),
        # The price of a month.
        (Fee("2020-10-01", "other", 3278, 3278), Expected(3278, is_above=False)),
        (Fee("2020-10-01", "other", 3279, 3278), Expected(3278, is_above=True)),
        (Fee("2020-10-01", "other", 3279), Expected(None, None, needs_price=True)),
    ],
)
def test_the_cap_follows_the_day_and_the_operator(fee: Fee, expected: Expected) -> None:
    """The day of the contract and the kind of operator choose one cap."""
    check = assess(fee)

    assert answer(check) == expected
    assert check.only_case is not None


@pytest.mark.parametrize(
    ("price", "designated", "other", "is_above"),
    [
        (None, Expected(None, is_above=True), Expected(None, None, needs_price=True), None),
        (900, Expected(900, is_above=True), Expected(900, is_above=True), True),
        (3980, Expected(AMOUNT, is_above=True), Expected(3980, is_above=True), True),
        (5000, Expected(AMOUNT, is_above=True), Expected(5000, is_above=False), None),
    ],
)
def test_an_unknown_operator_gets_both_cases(
    price: int | None, designated: Expected, other: Expected, *, is_above: bool | None
) -> None:
    """Without the kind of operator, both are assessed; the answer is what they agree on."""
    check = assess(Fee("2026-08-10", None, 5000, price))

    cases = {
        case.operator: Expected(case.cap_jpy, case.is_above, case.needs_monthly_price)
        for case in check.cases
    }
    assert cases == {Operator.DESIGNATED: designated, Operator.OTHER: other}
    assert check.is_above is is_above
    assert check.only_case is None
    assert check.needs_monthly_price is (price is None)


def test_a_cap_that_all_cases_share_is_the_cap() -> None:
    """The price of a month is the cap of both kinds of operator if it is below the amount."""
    assert assess(Fee("2026-08-10", None, None, 900)).cap_jpy == 900
    assert assess(Fee("2026-08-10", None, None, 5000)).cap_jpy is None


def test_without_a_day_every_period_is_a_case() -> None:
    """Without the day of the contract, the caps of all times are assessed in their order."""
    check = assess(Fee(None, "designated", 5000))

    periods = [
        (case.cap.contracted_from, case.cap.contracted_before, case.is_above)
        for case in check.cases
        if case.cap
    ]
    first, second = dt.date(2010, 4, 1), dt.date(2020, 10, 1)
    assert periods == [(None, first, None), (first, second, True), (second, None, True)]
    assert check.is_above is None


def test_without_a_rule_there_is_one_case_without_a_cap() -> None:
    """A day that no rule covers is a case in which nothing can be said."""
    day = dt.date(2026, 8, 10)
    check = assess_fee(RegulationDocument(), day, Operator.OTHER, 5000, 3000)

    assert check.only_case is not None
    assert check.only_case.cap is None
    assert answer(check) == Expected(None, None)


@pytest.mark.parametrize(
    ("designation", "operator"),
    [
        (None, None),
        ({"value": True, "sources": ["S1"]}, Operator.DESIGNATED),
        ({"value": False, "sources": ["S1"]}, Operator.OTHER),
    ],
)
def test_the_carriers_file_names_the_kind_of_operator(
    designation: dict[str, object] | None, operator: Operator | None
) -> None:
    """A carrier's operator is of a known kind only if a source says so."""
    document = builders.carrier(designated_operator=designation)

    assert operator_kind(CarrierDocument.model_validate(document)) is operator
