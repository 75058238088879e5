"""Every goal has one policy, which agrees with itself."""

import pytest

from app.catalogue.goals import GOALS, LAST, Goal


def test_every_goal_has_a_policy() -> None:
    """The table of policies has exactly the goals."""
    assert set(GOALS) == set(Goal)


@pytest.mark.parametrize("goal", Goal)
def test_a_policy_agrees_with_itself(goal: Goal) -> None:
    """The fields of a policy do not contradict each other."""
    policy = GOALS[goal]

    assert (policy.rank < LAST) == policy.ends_line, "only goals that end the line are ranked"
    assert not (policy.ends_line and policy.follows_end)
    assert policy.window or not policy.lapses_at_start
