"""What a person says that no procedure of the carrier depends on."""

import datetime as dt

import pytest

from app.catalogue.codes import Device, Sale
from app.catalogue.goals import Goal
from app.facts.specs import Fact
from app.guide.not_used import find_not_used
from app.guide.situation import Situation
from tests.support.builders import Content
from tests.support.guide_sample import (
    REFUND_UNTIL_ACTIVATED,
    RELATIONS,
    applies_to,
    company,
    expiry,
    in_shop,
    procedure,
)

DAY = dt.date(2026, 11, 18)


def not_used(
    procedures: dict[str, Content],
    situation: Situation,
    helping: dict[str, Content] | None = None,
) -> list[str]:
    supporting = company(helping).contents if helping else ()
    return list(find_not_used(company(procedures).candidates, supporting, situation))


@pytest.mark.parametrize(
    ("situation", "used_by"),
    [
        (Situation(plan="large"), procedure(applies_to=applies_to(plans=["large"]))),
        (Situation(location="abroad"), in_shop()),
        (Situation(keep_number=True), procedure()),
        (Situation(sale=Sale.SHOP), procedure(applies_to=applies_to(sales=["door"]))),
        (Situation(device=Device.BOUGHT), procedure(applies_to=applies_to(devices=["rented"]))),
        (
            Situation(facts={Fact.ACTIVATED: True}),
            procedure(Goal.REQUEST_REFUND, timing=[REFUND_UNTIL_ACTIVATED]),
        ),
        (Situation(facts={Fact.RENTAL_STARTS_ON: DAY}), procedure(Goal.CANCEL_BOOKING)),
        (Situation(have=frozenset({"line_pin"})), procedure(needs=["line_pin"])),
        (
            Situation(lack=frozenset({"account_password"}), relations=RELATIONS),
            procedure(needs=["account_login"]),
        ),
        (
            Situation(lack=frozenset({"account_login"})),
            procedure(conditional=True, only_lacking=["account_login"]),
        ),
        (
            Situation(lack=frozenset({"return_envelope"}), relations=RELATIONS),
            procedure(needs=["return_envelope"]),
        ),
    ],
)
def test_statements_without_effect_are_listed(situation: Situation, used_by: Content) -> None:
    """A statement is listed unless a procedure depends on it."""
    stated = {*situation.facts, *situation.have, *situation.lack} or {
        name
        for name in ("plan", "location", "keep_number", "sale", "device")
        if getattr(situation, name) is not None
    }

    assert not_used({"other": expiry()}, situation) == list(stated)
    assert not_used({"other": expiry(), "it": used_by}, situation) == []


def test_dates_of_the_beginning_and_the_end_are_always_used() -> None:
    """Dates that say how old a contract is, or when it ended, are never listed."""
    dates = {
        Fact.CONTRACT_STARTED_ON: DAY,
        Fact.CONTRACT_RECEIVED_ON: DAY,
        Fact.SERVICE_STARTED_ON: DAY,
        Fact.ENDED_ON: DAY,
    }

    assert not_used({"other": expiry()}, Situation(facts=dates)) == []


def test_what_help_restores_is_used() -> None:
    """A need is not listed if a procedure that is offered as help restores it."""
    lacking = Situation(lack=frozenset({"sms_on_line"}))
    replace_sim = procedure(Goal.RESTORE_ACCESS, supporting=True, restores=["sms_on_line"])

    assert not_used({"it": procedure()}, lacking) == ["sms_on_line"]
    assert not_used({"it": procedure()}, lacking, {"replace-sim": replace_sim}) == []
