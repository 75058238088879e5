"""Whether a procedure fits a situation, taken by itself."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import pytest

from app.catalogue.codes import Applicant, Contract, Device, Line, Product, Sale, Verdict
from app.catalogue.goals import Goal
from app.facts.specs import Fact, FactValue
from app.guide.assess import Assessment, assess, assess_again
from app.guide.situation import Situation
from app.messages.keys import MessageKey
from app.messages.message import Message, Needs
from tests.support.builders import Content, step
from tests.support.guide import AT, UNKNOWN
from tests.support.guide_sample import (
    BOOKING_UNTIL_SHIPPED,
    EIGHT_DAYS,
    REFUND_UNTIL_ACTIVATED,
    RELATIONS,
    applies_to,
    company,
    in_shop,
    procedure,
)

TODAY = AT.date()


def assess_one(
    content: Content, situation: Situation = UNKNOWN, at: dt.datetime = AT
) -> Assessment:
    candidates = company({"it": content}).candidates
    (assessment,) = assess(candidates, replace(situation, relations=RELATIONS), at)
    return assessment


def keys(messages: tuple[Message, ...]) -> list[MessageKey]:
    return [message.key for message in messages]


def days_ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def test_nothing_in_the_way_is_possible() -> None:
    """A procedure that nothing prevents is possible, without reasons and blockers."""
    assessment = assess_one(procedure())

    assert assessment.verdict is Verdict.POSSIBLE
    assert not assessment.reasons
    assert not assessment.blockers


def test_third_party_procedure_is_unverified() -> None:
    """A procedure that only third parties describe is unverified, for that reason alone."""
    assessment = assess_one(procedure(steps=[step(sources=["T1"])]))

    assert assessment.verdict is Verdict.UNVERIFIED
    assert keys(assessment.reasons) == ["guide.unverified"]


def test_unknown_outcome_is_unverified() -> None:
    """A procedure is unverified if no source says what results from it."""
    assessment = assess_one(procedure(Goal.STOP_RENEWAL, outcome="unknown"))

    assert assessment.verdict is Verdict.UNVERIFIED
    assert keys(assessment.reasons) == ["guide.outcome_unknown"]


def test_eligibility_conditions_make_it_conditional() -> None:
    """A right that has eligibility conditions stays conditional, even while its window is open."""
    scheme = procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS], conditional=True)
    received_today = {Fact.CONTRACT_RECEIVED_ON: TODAY, Fact.SERVICE_STARTED_ON: TODAY}

    assessment = assess_one(scheme, Situation(facts=received_today))

    assert assessment.right_is_open
    assert assessment.verdict is Verdict.CONDITIONAL
    assert keys(assessment.reasons) == ["guide.conditional"]


class OnlyLacking(NamedTuple):
    situation: Situation
    verdict: Verdict
    reasons: list[MessageKey]


@pytest.mark.parametrize(
    "case",
    [
        OnlyLacking(UNKNOWN, Verdict.CONDITIONAL, ["guide.only_lacking"]),
        OnlyLacking(Situation(lack=frozenset({"account_login"})), Verdict.POSSIBLE, []),
        OnlyLacking(
            Situation(have=frozenset({"account_login"})),
            Verdict.NOT_APPLICABLE,
            ["guide.only_lacking"],
        ),
    ],
)
def test_condition_about_needs_is_met_by_lacking(case: OnlyLacking) -> None:
    """A procedure for people without a sign-in fits once the sign-in is known to be lacking."""
    for_people_without = procedure(conditional=True, only_lacking=["account_login"])

    assessment = assess_one(for_people_without, case.situation)

    assert assessment.verdict is case.verdict
    assert keys(assessment.reasons) == case.reasons


class Misfit(NamedTuple):
    content: Content
    situation: Situation
    reason: MessageKey


@pytest.mark.parametrize(
    "case",
    [
        Misfit(procedure(), Situation(product=Product.ESIM), "guide.other_product"),
        Misfit(procedure(), Situation(contract=Contract.PREPAID), "guide.other_contract"),
        Misfit(
            procedure(applies_to=applies_to(plans=["large"])),
            Situation(plan="small"),
            "guide.other_plan",
        ),
        Misfit(
            procedure(applies_to=applies_to(sales=["door"])),
            Situation(sale=Sale.SHOP),
            "guide.other_sale",
        ),
        Misfit(
            procedure(applies_to=applies_to(devices=["rented"])),
            Situation(device=Device.BOUGHT),
            "guide.other_device",
        ),
        Misfit(procedure(), Situation(applicant=Applicant.HEIR), "guide.other_applicant"),
        Misfit(procedure(), Situation(keep_number=True), "guide.loses_number"),
        Misfit(procedure(Goal.PORT_OUT), Situation(keep_number=False), "guide.number_not_kept"),
        Misfit(procedure(), Situation(line=Line.ENDED), "guide.already_ended"),
        Misfit(
            procedure(Goal.STILL_CHARGED, applies_to=applies_to(lines=["ended"])),
            UNKNOWN,
            "guide.not_ended",
        ),
    ],
    ids=lambda case: case.reason,
)
def test_other_situations_are_not_applicable(case: Misfit) -> None:
    """A procedure for another product, applicant, number or line does not apply, and says why."""
    assessment = assess_one(case.content, case.situation)

    assert assessment.verdict is Verdict.NOT_APPLICABLE
    assert not assessment.is_applicable
    assert keys(assessment.reasons) == [case.reason]


def test_missing_need_blocks() -> None:
    """A procedure is blocked by a need that the person lacks, and names the need."""
    assessment = assess_one(
        procedure(needs=["account_login"]), Situation(lack=frozenset({"account_password"}))
    )

    assert assessment.verdict is Verdict.BLOCKED
    assert assessment.blockers == (Message("guide.lacks", {"needs": Needs(("account_login",))}),)
    assert assessment.lacking == ("account_login",)


def test_shop_is_blocked_from_abroad() -> None:
    """A procedure that works only in Japan is blocked for a person abroad, for that reason."""
    assessment = assess_one(in_shop(), Situation(location="abroad"))

    assert assessment.verdict is Verdict.BLOCKED
    assert keys(assessment.blockers) == ["guide.not_from_abroad"]


def test_missing_return_item_blocks_no_end() -> None:
    """A lost SIM card does not block a cancellation: the answer says it cannot be returned."""
    assessment = assess_one(procedure(needs=["sim_card"]), Situation(lack=frozenset({"sim_card"})))

    assert assessment.verdict is Verdict.POSSIBLE
    assert keys(assessment.reasons) == ["guide.cannot_return"]


def test_proxy_can_go_for_a_holder_abroad() -> None:
    """A procedure for proxies in a shop is possible for a holder abroad, and says who may go."""
    by_proxy = in_shop(applies_to=applies_to(applicants=["proxy"]))
    abroad = Situation(location="abroad", lack=frozenset({"shop_visit"}))

    assessment = assess_one(by_proxy, abroad)

    assert assessment.verdict is Verdict.POSSIBLE
    assert not assessment.is_for_applicant
    assert keys(assessment.reasons) == ["guide.for_proxy"]


def test_family_only_is_conditional_for_a_proxy() -> None:
    """A procedure for the holder's family is conditional for a proxy, who may be of the family."""
    for_family = procedure(applies_to=applies_to(applicants=["family"]))

    assessment = assess_one(for_family, Situation(applicant=Applicant.PROXY))

    assert assessment.verdict is Verdict.CONDITIONAL
    assert keys(assessment.reasons) == ["guide.for_family"]


class Right(NamedTuple):
    content: Content
    facts: Mapping[Fact, FactValue]
    is_open: bool | None


FIRST_DAYS = procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS])
REFUND = procedure(Goal.REQUEST_REFUND, timing=[REFUND_UNTIL_ACTIVATED])
BOOKING = procedure(Goal.CANCEL_BOOKING, timing=[BOOKING_UNTIL_SHIPPED])


@pytest.mark.parametrize(
    "case",
    [
        Right(procedure(), {}, is_open=None),  # no right that lapses
        # The eight days count from the later of two dates.
        Right(FIRST_DAYS, {}, is_open=None),
        Right(FIRST_DAYS, {Fact.CONTRACT_RECEIVED_ON: days_ago(20)}, is_open=None),
        Right(
            FIRST_DAYS,
            {Fact.CONTRACT_RECEIVED_ON: days_ago(20), Fact.SERVICE_STARTED_ON: days_ago(1)},
            is_open=None,
        ),
        Right(
            FIRST_DAYS,
            {Fact.CONTRACT_RECEIVED_ON: days_ago(5), Fact.SERVICE_STARTED_ON: days_ago(1)},
            is_open=True,
        ),
        Right(
            FIRST_DAYS,
            {Fact.CONTRACT_RECEIVED_ON: days_ago(20), Fact.SERVICE_STARTED_ON: days_ago(19)},
            is_open=False,
        ),
        # A contract of two months ago is past its first days, whatever else is missing.
        Right(FIRST_DAYS, {Fact.CONTRACT_STARTED_ON: days_ago(63)}, is_open=False),
        Right(FIRST_DAYS, {Fact.CONTRACT_STARTED_ON: days_ago(62)}, is_open=None),
        # An event closes the window at once, and has to be denied.
        Right(REFUND, {Fact.BOUGHT_ON: days_ago(3), Fact.ACTIVATED: True}, is_open=False),
        Right(REFUND, {Fact.BOUGHT_ON: days_ago(3), Fact.ACTIVATED: False}, is_open=True),
        Right(REFUND, {Fact.BOUGHT_ON: days_ago(3)}, is_open=None),
        Right(REFUND, {Fact.BOUGHT_ON: days_ago(31), Fact.ACTIVATED: False}, is_open=False),
        # A booking that has been shipped cannot be cancelled, however late it starts.
        Right(BOOKING, {Fact.RENTAL_STARTS_ON: days_ago(-20), Fact.SHIPPED: True}, is_open=False),
        Right(BOOKING, {Fact.RENTAL_STARTS_ON: days_ago(-20), Fact.SHIPPED: False}, is_open=True),
        Right(BOOKING, {Fact.RENTAL_STARTS_ON: days_ago(-20)}, is_open=None),
        Right(BOOKING, {Fact.RENTAL_STARTS_ON: TODAY, Fact.SHIPPED: False}, is_open=False),
        Right(BOOKING, {Fact.ACTIVATED_ON: TODAY, Fact.SHIPPED: False}, is_open=False),
    ],
)
def test_right_is_open_by_the_given_facts(case: Right) -> None:
    """A right that lapses is open, closed or unknown by the dates and events that are given."""
    assessment = assess_one(case.content, Situation(facts=case.facts))

    assert assessment.right_is_open is case.is_open
    assert (assessment.verdict is Verdict.BLOCKED) is (case.is_open is False)
    assert keys(assessment.blockers) == (["guide.too_late"] if case.is_open is False else [])


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-30T09:59:00-05:00", True),  # 23:59 in Japan, the day before the start
        ("2026-11-30T20:00:00-05:00", False),
        ("2026-12-01T10:00:00+09:00", False),  # the same instant
    ],
)
def test_days_are_those_of_japan(at: str, is_open: bool) -> None:  # noqa: FBT001 - a case
    """Whether a rental has started depends on the instant, and not on the zone it is given in."""
    booking = procedure(Goal.CANCEL_BOOKING)
    starts = Situation(facts={Fact.RENTAL_STARTS_ON: dt.date(2026, 12, 1)})

    assessment = assess_one(booking, starts, dt.datetime.fromisoformat(at))

    assert assessment.right_is_open is is_open


def test_only_affected_procedures_are_assessed_again() -> None:
    """One more answer changes the assessments that depend on it, and keeps the others."""
    own = company({"online": procedure(needs=["account_login"]), "phone": procedure()})
    before = assess(own.candidates, UNKNOWN, AT)
    lacking = Situation(lack=frozenset({"account_login"}), relations=RELATIONS)

    online, phone = assess_again(before, "account_login", lacking, AT)

    assert online.verdict is Verdict.BLOCKED
    assert phone is before[1]
