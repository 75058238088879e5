"""The state of an answer: recommended, a question, a choice, blocked, or nothing."""

from typing import NamedTuple

import pytest

from app.catalogue.goals import Goal
from app.guide.schemas import GuideState
from app.guide.situation import Situation
from app.guide.state import find_state, goal_procedures, needs_desks
from tests.support.builders import Content, step
from tests.support.guide import UNKNOWN, names, recommend_for
from tests.support.guide_sample import (
    EIGHT_DAYS,
    applies_to,
    company,
    generic,
    in_shop,
    procedure,
)

UNVERIFIED = procedure(steps=[step(sources=["T1"])])


class Case(NamedTuple):
    procedures: dict[str, Content]
    state: GuideState
    situation: Situation = UNKNOWN


@pytest.mark.parametrize(
    "case",
    [
        Case({"it": procedure()}, GuideState.RECOMMENDED),
        Case({"cancel": procedure(), "port-out": procedure(Goal.PORT_OUT)}, GuideState.QUESTION),
        Case({"it": UNVERIFIED}, GuideState.CHOOSE),
        Case({"it": in_shop()}, GuideState.BLOCKED, Situation(location="abroad")),
        Case({"it": procedure()}, GuideState.NOTHING, Situation(goal=Goal.SUSPEND)),
        Case(
            {"it": procedure(applies_to=applies_to(applicants=["heir"]))},
            GuideState.NOTHING,
            Situation(unknown=frozenset({"applicant"})),
        ),
        # A procedure that can be tried: nothing is blocked.
        Case(
            {"it": in_shop(), "other": UNVERIFIED},
            GuideState.CHOOSE,
            Situation(location="abroad"),
        ),
    ],
)
def test_state_follows_from_the_recommendation(case: Case) -> None:
    """The state says whether something is recommended, asked, to be chosen, blocked or absent."""
    assert find_state(recommend_for(company(case.procedures), case.situation)) is case.state


def test_ways_end_the_line() -> None:
    """Without a goal, the ways are open ends; a right of the first days only while it is open."""
    own = company(
        {
            "cancel": procedure(),
            "suspend": procedure(Goal.SUSPEND),
            "eight-days": procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS]),
            "return": procedure(Goal.RETURN_RENTAL),
        }
    )

    assert names(goal_procedures(recommend_for(own))) == ["cancel"]
    assert names(goal_procedures(recommend_for(own, Situation(goal=Goal.SUSPEND)))) == ["suspend"]


def test_return_is_a_way_if_nothing_ends_the_line() -> None:
    """Where nothing else ends a rental, its return is the way out."""
    own = company({"return": procedure(Goal.RETURN_RENTAL)})

    assert names(goal_procedures(recommend_for(own))) == ["return"]


def test_generic_procedure_without_a_channel_is_no_way() -> None:
    """A generic end whose channel no source names is no way out."""
    own = company({"suspend": procedure(Goal.SUSPEND)})
    others = generic({"cancel": procedure(channel="unknown")})

    assert names(goal_procedures(recommend_for(own, UNKNOWN, others))) == []


@pytest.mark.parametrize(
    ("state", "goal", "expected"),
    [
        (GuideState.BLOCKED, None, True),
        (GuideState.NOTHING, None, True),
        (GuideState.CHOOSE, None, False),
        (GuideState.RECOMMENDED, Goal.STILL_CHARGED, True),
        (GuideState.RECOMMENDED, Goal.REQUEST_REFUND, True),
        (GuideState.RECOMMENDED, Goal.SUSPEND, False),
    ],
)
def test_desks_are_named_in_need(state: GuideState, goal: Goal | None, *, expected: bool) -> None:
    """Desks are named at a dead end, and when money is at stake."""
    any_line = applies_to(lines=["in_use", "ended"])
    own = company({"it": procedure(goal or Goal.CANCEL_CONTRACT, applies_to=any_line)})
    advice = recommend_for(own, Situation(goal=goal))

    assert needs_desks(state, advice) is expected
