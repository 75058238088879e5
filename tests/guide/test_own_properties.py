"""The guide's rules hold in any situation, over every carrier of the project's catalogue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.goals import Goal
from app.guide.situation import Situation
from tests.support.guide import own_guide
from tests.support.guide_rules import RULES, Rule, goals_are_kept, situations

pytestmark = pytest.mark.own_catalogue

GUIDE = own_guide()
CARRIERS = sorted(GUIDE.carriers)


@pytest.mark.parametrize("rule", RULES)
@given(carrier=st.sampled_from(CARRIERS), situation=situations(GUIDE))
def test_every_situation_keeps_the_rule(rule: Rule, carrier: str, situation: Situation) -> None:
    """Each rule of the guide holds for every carrier and any situation."""
    rule(GUIDE, carrier, situation)


@given(
    carrier=st.sampled_from(CARRIERS),
    situation=situations(GUIDE),
    goal=st.sampled_from(list(Goal)),
)
def test_stated_goal_is_kept(carrier: str, situation: Situation, goal: Goal) -> None:
    """A stated goal limits the recommendation to procedures that achieve it."""
    goals_are_kept(GUIDE, carrier, situation, goal)
