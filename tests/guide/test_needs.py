"""Whether a person can meet a need, by what they have and lack."""

from typing import NamedTuple

import pytest

from app.guide.needs import Requirement, Supply
from app.guide.situation import Situation
from tests.support.guide_sample import RELATIONS


class Case(NamedTuple):
    requirement: Requirement
    supply: Supply
    have: str = ""
    lack: str = ""


LOGIN = Requirement("account_login")
PASSWORD = Requirement("account_password")
PIN = Requirement("line_pin", (("birth_date", "registered_address"),))
VISIT = Requirement("shop_visit")


@pytest.mark.parametrize(
    "case",
    [
        Case(PASSWORD, Supply.OPEN),
        Case(PASSWORD, Supply.MET, have="account_login"),
        Case(PASSWORD, Supply.LACKING, lack="account_login"),
        Case(LOGIN, Supply.LACKING, lack="account_password"),
        Case(PIN, Supply.OPEN, lack="line_pin"),
        Case(PIN, Supply.MET, have="birth_date registered_address", lack="line_pin"),
        Case(PIN, Supply.OPEN, have="birth_date", lack="line_pin"),
        Case(PIN, Supply.LACKING, have="birth_date", lack="line_pin registered_address"),
        Case(Requirement("in_japan"), Supply.OPEN, lack="shop_visit"),
        Case(VISIT, Supply.LACKING, lack="in_japan"),
    ],
)
def test_needs_are_met_lacking_or_open(case: Case) -> None:
    """A need is met or lacking by itself, by what includes it, or by what replaces it."""
    situation = Situation(
        have=frozenset(case.have.split()), lack=frozenset(case.lack.split()), relations=RELATIONS
    )

    assert situation.possessions.supply(case.requirement) is case.supply


def test_replacement_of_the_vocabulary_holds_in_every_step() -> None:
    """A need is replaced by what the step names, then by what replaces it anywhere."""
    requirement = RELATIONS.requirement("sim_number", (("order_number",),))

    assert requirement.replacements == (("order_number",), ("sim_card",))
    assert [*requirement.needs] == ["sim_number", "order_number", "sim_card"]


def test_related_needs_say_something_about_each_other() -> None:
    """Needs are related if having or lacking one settles the other."""
    assert RELATIONS.related(frozenset({"account_login"})) == {"account_login", "account_password"}
    assert RELATIONS.related(frozenset({"in_japan"})) == {"in_japan", "shop_visit"}
