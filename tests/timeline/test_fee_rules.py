"""From when a fee is no longer due: of some plans, in stages, and from a source cut off."""

import datetime as dt

import pytest

from app.catalogue.codes import Certainty, EventCode
from app.facts.query import Facts
from app.timeline.build import build_timeline
from app.timeline.events import Event
from tests.support import builders, rules
from tests.support.sample import rule

AT = dt.datetime(2026, 11, 24, 10, tzinfo=rules.JAPAN)
STARTED = {"contract_started_on": "2026-01-10"}
YEAR = {"until": {"value": 12, "unit": "months"}}


def fee(amount: int, **period: object) -> dict[str, object]:
    return {
        "what": builders.text("Early cancellation fee", "解約金", "违约金"),
        "amount": {"exact": amount},
        "period": period,
        "sources": ["S1"],
    }


def applies_to(*plans: str) -> dict[str, object]:
    return {"products": ["physical_sim"], "contracts": ["postpaid"], "plans": list(plans)}


def fee_events(facts: dict[str, str] = STARTED, **fields: object) -> list[Event]:
    procedure = rules.procedure_of(**fields)
    timeline = build_timeline(procedure, Facts.model_validate(facts).given(), AT)
    return [event for event in timeline.events if event.code is EventCode.FEE_FREE]


@pytest.mark.parametrize(
    ("plans", "certainty", "said"),
    [
        (["gold"], Certainty.EXACT, []),
        (["gold", "silver"], Certainty.ESTIMATED, ["fee_free.some_plans"]),
        ([], Certainty.ESTIMATED, ["fee_free.some_plans"]),
    ],
)
def test_a_fee_of_one_of_several_plans_is_estimated(
    plans: list[str], certainty: Certainty, said: list[str]
) -> None:
    """The end of a fee is exact only if the customer can have no plan without the fee."""
    (event,) = fee_events(applies_to=applies_to(*plans), fees=[fee(1100, plans=["gold"], **YEAR)])

    assert (event.certainty, event.on) == (certainty, dt.date(2027, 1, 10))
    assert [message.key for message in event.why.also] == said


def test_a_free_month_of_one_plan_is_estimated() -> None:
    """A free month of one plan is estimated if the customer can have another plan."""
    free = rule("free_months", month=25, plans=["gold"])

    (event,) = fee_events(applies_to=applies_to("gold", "silver"), timing=[free])

    assert (event.certainty, event.begins) == (Certainty.ESTIMATED, dt.date(2028, 1, 1))
    assert [message.key for message in event.why.also] == ["fee_free.some_plans"]


@pytest.mark.parametrize(
    ("started", "count"),
    [("2018-11-25", 0), ("2018-11-26", 1), ("2020-12-31", 1), ("2021-01-01", 0)],
)
def test_a_free_month_is_of_contracts_of_its_time(started: str, count: int) -> None:
    """Only contracts made from the first day on, and before the last, have the free month."""
    free = rule(
        "free_months", month=25, contracted_from="2018-11-26", contracted_before="2021-01-01"
    )

    assert len(fee_events({"contract_started_on": started}, timing=[free])) == count


def test_a_cut_off_source_gives_no_day() -> None:
    """A fee of unknown certainty has an end, but no day."""
    (event,) = fee_events(fees=[fee(1100, certainty="unknown", **YEAR)])

    assert (event.certainty, event.day) == (Certainty.UNKNOWN, None)
    assert event.why.key == "fee_free.not_known"


def test_a_fee_that_falls_in_stages_ends_with_its_last_stage() -> None:
    """A fee that falls after a year ends with the lower fee."""
    second = {"since": {"value": 12, "unit": "months"}, "until": {"value": 24, "unit": "months"}}

    (event,) = fee_events(fees=[fee(9000, **YEAR), fee(5000, **second)])

    assert event.on == dt.date(2028, 1, 10)


def test_a_fee_that_is_followed_by_one_without_end_never_ends() -> None:
    """A fee that is followed by one without an end has no free day."""
    onwards = {"since": {"value": 13, "unit": "months"}}

    assert not fee_events(fees=[fee(9000, **YEAR), fee(5000, **onwards)])


def test_a_later_fee_of_another_plan_prolongs_none() -> None:
    """A fee of one plan does not move the end of a fee of all plans."""
    other = {"plans": ["gold"], "since": {"value": 12, "unit": "months"}}

    (event,) = fee_events(fees=[fee(9000, **YEAR), fee(5000, **other)])

    assert event.on == dt.date(2027, 1, 10)
