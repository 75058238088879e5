"""How a procedure is presented: its dates, its conditions, and what is charged and lost."""

import datetime as dt

from app.catalogue.codes import EventCode, Verdict
from app.catalogue.goals import Goal
from app.facts.specs import Fact
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.schemas import GuideProcedureOut
from app.guide.situation import Situation
from tests.support.builders import Content, step, text
from tests.support.guide import UNKNOWN
from tests.support.guide_sample import (
    EIGHT_DAYS,
    answer_for,
    applies_to,
    company,
    expiry,
    generic,
    procedure,
)
from tests.support.messages import is_message

NUMBER = {"cancel": procedure(), "port-out": procedure(Goal.PORT_OUT)}
EXPIRES: Content = {
    "kind": "expiry",
    "after": "activated_on",
    "length": "plan_days",
    "first_day_counts": True,
    "sources": ["S1"],
}
RENEWS: Content = {
    "kind": "renewal",
    "on": "renews_on",
    "notice": {"value": 2},
    "sources": ["S1"],
}


def presented(
    own: CarrierProcedures,
    situation: Situation = UNKNOWN,
    others: CarrierProcedures | None = None,
) -> GuideProcedureOut:
    """Return the procedure that is listed first."""
    answer = answer_for(own, situation, others)
    return (answer.procedures or answer.generic)[0]


def dates_of(listed: GuideProcedureOut) -> list[tuple[EventCode, dt.date]]:
    assert listed.dates
    return [(event.code, event.on) for event in listed.dates.next]


def test_dates_follow_from_the_facts() -> None:
    """The next dates follow from the facts given; those that are missing are named."""
    own = company({"let-expire": expiry(timing=[EXPIRES])})
    activated = Situation(
        facts={Fact.ACTIVATED_ON: dt.date(2026, 11, 29), Fact.PLAN_DAYS: 5, Fact.USED: True}
    )

    known, missing = presented(own, activated), presented(own)

    assert dates_of(known) == [(EventCode.EXPIRES, dt.date(2026, 12, 3))]
    assert known.dates
    assert known.dates.url == (
        "/v1/carriers/example/procedures/let-expire/timeline?activated_on=2026-11-29&plan_days=5"
    )
    assert missing.dates
    assert missing.dates.next == []
    assert set(missing.dates.needs_facts) == {Fact.ACTIVATED_ON, Fact.PLAN_DAYS}
    assert missing.dates.url == "/v1/carriers/example/procedures/let-expire/timeline"


def test_missed_deadline_is_named_before_a_renewal() -> None:
    """Past dates are left out, except a missed deadline for the renewal to come."""
    own = company({"stop": procedure(Goal.STOP_RENEWAL, timing=[RENEWS])})
    renews = Situation(facts={Fact.RENEWS_ON: dt.date(2026, 12, 1)})
    renewed = Situation(facts={Fact.RENEWS_ON: dt.date(2026, 11, 1)})

    missed = presented(own, renews).dates

    assert missed
    assert [(event.code, event.passed) for event in missed.next] == [
        (EventCode.APPLY_BY, True),
        (EventCode.RENEWS, False),
    ]
    assert dates_of(presented(own, renewed)) == []


def test_procedures_that_do_not_apply_have_no_dates() -> None:
    """A procedure for somebody else has no dates and names no losses."""
    answer = answer_for(company(NUMBER), Situation(keep_number=True))

    by_id = {each.procedure.id: each for each in answer.procedures}
    assert by_id["port-out"].dates is not None
    assert by_id["cancel"].verdict is Verdict.NOT_APPLICABLE
    assert by_id["cancel"].dates is None
    assert by_id["cancel"].loses == []


def test_equal_conditions_are_said_once() -> None:
    """Conditions with the same sentence are one, with all their questions."""
    first_days = procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS])
    own = company({"cancel": procedure(), "eight-days": first_days})
    unknown = Situation(unknown=frozenset({"contract_received_on", "service_started_on"}))

    (condition,) = presented(own, unknown).conditions

    assert condition.questions == ["contract_received_on", "service_started_on"]
    assert is_message("condition.no_other_right", condition.text)


def test_condition_names_what_replaces_a_need() -> None:
    """A condition for a need names what can replace it."""
    replaced = step(needs=["line_pin"], replaced_by={"line_pin": [["order_number"]]})

    plain = presented(company({"it": procedure(needs=["line_pin"])})).conditions
    with_others = presented(company({"it": procedure(steps=[replaced])})).conditions

    assert [each.questions for each in plain] == [["line_pin"]]
    assert is_message("condition.need", plain[0].text)
    assert all(is_message("condition.need_or_others", each.text) for each in with_others)


def test_losses_and_later_charges_are_named() -> None:
    """A recommendation that ends a line names what is lost, and what is charged afterwards."""
    claim = {"text": text("A membership", "会員", "会员"), "sources": ["S1"]}
    own = company(
        {
            "best": procedure(still_charged=[claim]),
            "other": procedure(channel="post", still_charged=[claim]),
        }
    )

    best, other = answer_for(own).procedures

    assert [term.code for term in best.loses] == ["phone_number"]
    assert best.still_charged == ["A membership"]
    assert other.still_charged == []


def test_generic_dates_use_the_carriers_billing() -> None:
    """A generic procedure after the end is dated by the carrier's billing."""
    billing = {"last_month": "full", "cycle": "calendar_month", "sources": ["S1"]}
    still_charged = procedure(
        Goal.STILL_CHARGED,
        applies_to=applies_to(lines=["ended"]),
        timing=[{"kind": "after_end", "sources": ["S1"]}],
    )
    own = company({"cancel": procedure(billing=billing)})
    ended = Situation(goal=Goal.STILL_CHARGED, facts={Fact.ENDED_ON: dt.date(2026, 8, 10)})

    listed = answer_for(own, ended, generic({"still-charged": still_charged})).generic[0]

    assert (EventCode.CHARGED_UNTIL, dt.date(2026, 8, 31)) in dates_of(listed)
