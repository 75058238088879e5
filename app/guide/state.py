"""The state of the guide's response: recommended, question, choose, blocked or nothing.

Derives it from the recommendation, and decides whether the response lists desks. What each state
means: `GuideOut.state` and docs/guide.md.
"""

from collections.abc import Sequence

from app.catalogue.codes import Verdict
from app.catalogue.goals import Goal
from app.guide.assess import EARLY_CANCELLATION, Assessment
from app.guide.choose import has_unknown_channel
from app.guide.lookahead import USABLE
from app.guide.recommend import Recommendation
from app.guide.schemas import GuideState


def goal_procedures(recommendation: Recommendation) -> Sequence[Assessment]:
    """Return the procedures that achieve the goal or, without one, end the line.

    If nothing ends a line, a return does. Other follow-ups do not count. Neither do an
    early-cancellation right that may be over, and a generic procedure without a known channel.
    """
    options = [
        assessment
        for assessment in recommendation.options
        if (assessment.goal not in EARLY_CANCELLATION or assessment.right_is_open is not None)
        and not (assessment.candidate.is_generic and has_unknown_channel(assessment.candidate))
    ]
    if recommendation.goal is not None:
        return [assessment for assessment in options if assessment.goal is recommendation.goal]
    ends = [
        assessment
        for assessment in options
        if assessment.policy.ends_line and assessment.right_is_open is not False
    ]
    return ends or [assessment for assessment in options if assessment.goal is Goal.RETURN_RENTAL]


def find_state(recommendation: Recommendation) -> GuideState:
    """Return the state of the response."""
    if recommendation.is_goal_unavailable:
        return GuideState.NOTHING
    if any(assessment.verdict is Verdict.RECOMMENDED for assessment in recommendation.options):
        return GuideState.RECOMMENDED
    procedures = goal_procedures(recommendation)
    is_any_usable = any(assessment.verdict in USABLE for assessment in procedures)
    if not is_any_usable and any(
        assessment.verdict is Verdict.BLOCKED for assessment in procedures
    ):
        return GuideState.BLOCKED
    if recommendation.question is not None:
        return GuideState.QUESTION
    return GuideState.CHOOSE if is_any_usable else GuideState.NOTHING


def needs_desks(state: GuideState, recommendation: Recommendation) -> bool:
    """Return whether to list desks: no procedure can be taken, or the goal is about money."""
    return state in {GuideState.BLOCKED, GuideState.NOTHING} or recommendation.goal in {
        Goal.STILL_CHARGED,
        Goal.REQUEST_REFUND,
    }
