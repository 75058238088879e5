"""The state of an answer of the guide: whether a way is found, asked for, blocked or absent."""

from collections.abc import Sequence

from app.catalogue.codes import Verdict
from app.catalogue.goals import Goal
from app.guide.assess import OF_THE_FIRST_DAYS, Assessment
from app.guide.choose import has_no_known_way
from app.guide.lookahead import USABLE
from app.guide.recommend import Recommendation
from app.guide.schemas import GuideState


def find_ways(recommendation: Recommendation) -> Sequence[Assessment]:
    """Return what leads to the goal or, without one, ends the line.

    Where nothing ends a line, a return ends the rental. What only goes with an end, or a right of
    the first days of which nobody knows that it is open, is no way out.
    """
    options = [
        each
        for each in recommendation.options
        if (each.goal not in OF_THE_FIRST_DAYS or each.right_is_open is not None)
        and not (each.candidate.is_generic and has_no_known_way(each.candidate))
    ]
    if recommendation.goal is not None:
        return [each for each in options if each.goal is recommendation.goal]
    ends = [each for each in options if each.policy.ends_line and each.right_is_open is not False]
    return ends or [each for each in options if each.goal is Goal.RETURN_RENTAL]


def find_state(recommendation: Recommendation) -> GuideState:
    """Return how far the guide has come."""
    if recommendation.is_out_of_question:
        return GuideState.NOTHING
    if any(each.verdict is Verdict.RECOMMENDED for each in recommendation.options):
        return GuideState.RECOMMENDED
    ways = find_ways(recommendation)
    can_be_tried = any(each.verdict in USABLE for each in ways)
    if not can_be_tried and any(each.verdict is Verdict.BLOCKED for each in ways):
        return GuideState.BLOCKED
    if recommendation.question is not None:
        return GuideState.QUESTION
    return GuideState.CHOOSE if can_be_tried else GuideState.NOTHING


def needs_desks(state: GuideState, recommendation: Recommendation) -> bool:
    """Return whether somebody has to be asked: nothing helps, or money is at stake."""
    return state in {GuideState.BLOCKED, GuideState.NOTHING} or recommendation.goal in {
        Goal.STILL_CHARGED,
        Goal.REQUEST_REFUND,
    }
