"""The needs of the project's vocabulary include and replace each other as they do in life."""

from typing import NamedTuple

import pytest

from app.guide.needs import Requirement, Supply
from app.guide.situation import Situation
from tests.support.guide import own_guide

pytestmark = pytest.mark.own_catalogue


class Case(NamedTuple):
    need: str
    supply: Supply
    have: frozenset[str] = frozenset()
    lack: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "case",
    [
        Case("account_password", Supply.MET, have=frozenset({"account_login"})),
        Case("account_password", Supply.LACKING, lack=frozenset({"account_login"})),
        Case("account_login", Supply.LACKING, lack=frozenset({"account_password"})),
        Case("in_japan", Supply.OPEN, lack=frozenset({"shop_visit"})),
        Case("shop_visit", Supply.LACKING, lack=frozenset({"in_japan"})),
    ],
)
def test_needs_of_the_vocabulary(case: Case) -> None:
    """A sign-in includes its password, and a visit to a shop includes being in Japan."""
    situation = Situation(have=case.have, lack=case.lack, relations=own_guide().relations)

    assert situation.possessions.supply(Requirement(case.need)) is case.supply
