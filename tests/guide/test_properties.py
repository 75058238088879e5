"""The guide's rules hold in any situation, over made-up carriers of great variety."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.codes import Contract, Verdict
from app.catalogue.goals import Goal
from app.guide.situation import Situation
from tests.support.guide import UNKNOWN, verdicts
from tests.support.guide_rules import RULES, Rule, goals_are_kept, situations
from tests.support.guide_sample import sample_guide

GUIDE = sample_guide()
CARRIERS = sorted(GUIDE.carriers)


@pytest.mark.parametrize("rule", RULES)
@given(situation=situations(GUIDE))
def test_every_situation_keeps_the_rule(rule: Rule, situation: Situation) -> None:
    """Each rule of the guide holds for every made-up carrier and any situation."""
    for carrier in CARRIERS:
        rule(GUIDE, carrier, situation)


@given(situation=situations(GUIDE), goal=st.sampled_from(list(Goal)))
def test_stated_goal_is_kept(situation: Situation, goal: Goal) -> None:
    """A stated goal limits the recommendation to procedures that achieve it."""
    for carrier in CARRIERS:
        goals_are_kept(GUIDE, carrier, situation, goal)


def test_sample_has_every_goal() -> None:
    """The made-up carriers have a procedure for every goal, so each rule has cases."""
    goals = {content.procedure.goal for own in GUIDE.carriers.values() for content in own.contents}

    assert goals == set(Goal)


def test_sample_leads_to_every_verdict() -> None:
    """Three situations with the made-up carriers give every verdict, so each rule has cases."""
    people = (
        UNKNOWN,
        Situation(location="abroad", keep_number=False),
        Situation(contract=Contract.PREPAID),
    )
    found = {
        verdict
        for carrier in CARRIERS
        for situation in people
        for verdict in verdicts(GUIDE.recommend(carrier, situation)).values()
    }

    assert found == set(Verdict)
