"""What follows from what a person has and lacks."""

import pytest

from app.guide.needs import Requirement, Supply
from app.guide.situation import Situation
from tests.support.guide import relations


def _supply(requirement: Requirement, *, have: str = "", lack: str = "") -> Supply:
    situation = Situation(
        have=frozenset(have.split()), lack=frozenset(lack.split()), relations=relations()
    )
    return situation.possessions.supply(requirement)


PASSWORD = Requirement("account_password")
PIN = Requirement("line_pin", (("birth_date", "registered_address"),))


@pytest.mark.parametrize(
    ("requirement", "have", "lack", "supply"),
    [
        (PASSWORD, "", "", Supply.OPEN),
        (PASSWORD, "account_login", "", Supply.MET),
        (PASSWORD, "", "account_login", Supply.LACKING),
        (Requirement("account_login"), "", "account_password", Supply.LACKING),
        (PIN, "", "line_pin", Supply.OPEN),
        (PIN, "birth_date registered_address", "line_pin", Supply.MET),
        (PIN, "birth_date", "line_pin", Supply.OPEN),
        (PIN, "birth_date", "line_pin registered_address", Supply.LACKING),
        (Requirement("in_japan"), "", "shop_visit", Supply.OPEN),
        (Requirement("shop_visit"), "", "in_japan", Supply.LACKING),
    ],
)
def test_a_need_is_met_by_itself_by_its_whole_or_by_what_replaces_it(
    requirement: Requirement, have: str, lack: str, supply: Supply
) -> None:
    assert _supply(requirement, have=have, lack=lack) is supply
