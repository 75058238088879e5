"""When a refund arrives: from a span or by a month's end, counted from one of three days."""

import datetime as dt

import pytest

from app.catalogue.codes import EventCode
from app.facts.query import Facts
from app.timeline.build import build_timeline
from app.timeline.events import Event
from tests.support import rules
from tests.support.sample import rule

AT = dt.datetime(2026, 11, 24, 10, tzinfo=rules.JAPAN)
AT_MONTH_END = rule("contract_end", ends="month_end")


def refund(
    *others: dict[str, object], facts: dict[str, str] | None = None, **fields: object
) -> Event:
    """Return the event of a `refund_paid` rule with these fields, beside other rules."""
    procedure = rules.procedure_of(
        goal="request_refund", outcome="money_back", timing=[*others, rule("refund_paid", **fields)]
    )
    given = Facts.model_validate(facts or {}).given()
    (event,) = (
        event
        for event in build_timeline(procedure, given, AT).events
        if event.code is EventCode.REFUND_EXPECTED
    )
    return event


@pytest.mark.parametrize(
    ("after", "facts", "expected"),
    [
        ("request", {}, dt.date(2026, 12, 4)),
        ("rental_ends_on", {"rental_ends_on": "2026-12-20"}, dt.date(2026, 12, 30)),
    ],
)
def test_a_refund_is_counted_from_its_day(
    after: str, facts: dict[str, str], expected: dt.date
) -> None:
    """A span of 10 days is counted from the request or from the end of the rental."""
    event = refund(after=after, latest={"value": 10}, facts=facts)

    assert (event.on, event.why.key) == (expected, "refund_expected.latest")


def test_a_refund_after_the_contract_is_counted_from_its_end() -> None:
    """A contract that ends on 30 November is refunded by the end of the second month after."""
    event = refund(AT_MONTH_END, after="contract_end", month_end_after=2)

    assert event.on == dt.date(2027, 1, 31)


def test_a_refund_with_two_spans_has_a_first_and_a_last_day() -> None:
    """Between 7 and 14 days after the request, no single day is given."""
    event = refund(after="request", earliest={"value": 7}, latest={"value": 14})

    assert (event.on, event.begins, event.ends) == (
        None,
        dt.date(2026, 12, 1),
        dt.date(2026, 12, 8),
    )
    assert event.why.key == "refund_expected.between"


def test_a_refund_after_an_unknown_end_asks_for_it() -> None:
    """Without the end of the rental, the day is not guessed: the timeline needs the fact."""
    event = refund(after="rental_ends_on", latest={"value": 10})

    assert event.day is None
