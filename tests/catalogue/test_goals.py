"""Every goal has one policy, and its texts exist."""

import pytest

from app.catalogue.codes import Goal
from app.catalogue.goals import GOALS, LAST
from app.messages.sentences import SENTENCES


def test_every_goal_has_a_policy() -> None:
    assert set(GOALS) == set(Goal)


@pytest.mark.parametrize("goal", Goal)
def test_a_policy_agrees_with_itself(goal: Goal) -> None:
    policy = GOALS[goal]

    assert policy.reason in SENTENCES
    assert (policy.rank < LAST) == policy.ends_line, "only goals that end the line are ranked"
    assert not (policy.ends_line and policy.follows_end)
    assert policy.window or not policy.lapses_at_start
