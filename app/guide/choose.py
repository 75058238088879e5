"""The choice: which procedures to take if every open question is answered in their favour.

`choose` takes the assessments of a carrier's candidates. It returns at most one procedure for the
goal or, without a goal, to end the line, and its follow-ups, such as a return. Whether the choice
is also recommended depends on the open questions (`lookahead`, `recommend`). The order of
preference and its reasons: docs/decisions/0010.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from app.catalogue.codes import Channel, Evidence, Possibility, Verdict
from app.catalogue.effort import CHANNEL_WEIGHTS
from app.catalogue.goals import GOALS, Goal
from app.guide.assess import Assessment
from app.guide.candidates import Candidate, CandidateId, Circumstance
from app.guide.situation import Situation

_RANK_OF_LAPSING: Final = 5
"""The rank of letting a contract lapse: after the procedures that ask for its end."""

_EVIDENCE_ORDER: Final = tuple(Evidence)

_NEAREST: Final[Mapping[Goal, tuple[Goal, ...]]] = {
    Goal.SUSPEND: (Goal.REPORT_LOSS,),
    Goal.REPORT_LOSS: (Goal.SUSPEND,),
    Goal.RETURN_RENTAL: (Goal.REPORT_LOSS,),
}
"""Goals to pursue if the carrier does not offer the stated one.

Goals that end the line need no row: if one is not offered, any procedure that ends the line counts.
"""

DEVICE_CIRCUMSTANCES: Final[tuple[Circumstance, ...]] = ("sale", "device")
"""Circumstances that decide whether a return or the cancellation of a purchase applies."""

_REFUND_GOALS: Final = frozenset({Goal.REQUEST_REFUND, Goal.CANCEL_PURCHASE})

NON_ENDING_GOALS: Final = frozenset(goal for goal, policy in GOALS.items() if not policy.ends_line)
"""Goals that do not end the line."""


class Choice(NamedTuple):
    """The procedures to take: one for the goal or to end the line, and its follow-ups."""

    goal: Goal | None
    """The effective goal: the stated one, or the nearest the carrier offers. None: end the line."""
    end: Assessment | None
    """The procedure for the goal or, without a goal, to end the line; None if there is none."""
    follow_ups: tuple[Assessment, ...]
    """Returns, refunds and cancellations of a purchase."""

    @property
    def all(self) -> tuple[Assessment, ...]:
        """All procedures to take, `end` first."""
        return (self.end, *self.follow_ups) if self.end else self.follow_ups

    @property
    def end_id(self) -> CandidateId | None:
        """The id of `end`."""
        return self.end.candidate.id if self.end else None

    @property
    def ids(self) -> frozenset[CandidateId]:
        """The ids of all procedures to take."""
        return frozenset(assessment.candidate.id for assessment in self.all)


def choose(assessments: Sequence[Assessment], situation: Situation) -> Choice:
    """Return the procedures to take if every open question is answered in their favour."""
    goal = effective_goal(assessments, situation)
    usable = [
        assessment
        for assessment in assessments
        if _is_usable(assessment) and _is_settled(assessment, situation)
    ]
    if situation.goal and not goal and not GOALS[situation.goal].ends_line:
        return Choice(goal, None, ())  # ending the line is no substitute for this goal
    end = _best(_for_goal(usable, assessments, situation, goal), situation)
    if goal is not None and not GOALS[goal].ends_line:
        return Choice(goal, end, ())
    return Choice(goal, end, tuple(_follow_ups(usable, assessments, situation, end)))


def without_covered(assessments: Sequence[Assessment]) -> list[Assessment]:
    """Return the assessments without generic procedures that the carrier's own ones replace.

    A blocked procedure replaces generic ones too: they do not remove what blocks it. A right that
    lapses is replaced only by the same right, because it costs less than any other end.
    """
    own_assessments = [
        assessment
        for assessment in assessments
        if assessment.is_applicable and not assessment.candidate.is_generic
    ]
    return [
        assessment
        for assessment in assessments
        if not assessment.candidate.is_generic
        or not any(_covers(own, assessment) for own in own_assessments)
    ]


def _covers(own: Assessment, generic: Assessment) -> bool:
    """Return whether the carrier's own procedure replaces the generic one.

    Both must share an applicant. They must also have the same goal, or both end the line while
    neither is a right that lapses and the own one is not `only_if_asked`.
    """
    if own.candidate.applicants.isdisjoint(generic.candidate.applicants):
        return False
    return own.goal is generic.goal or (
        own.policy.ends_line
        and not own.policy.only_if_asked
        and not own.policy.window
        and generic.policy.ends_line
        and not generic.policy.window
    )


def effective_goal(assessments: Iterable[Assessment], situation: Situation) -> Goal | None:
    """Return the stated goal, or the nearest one that an applicable procedure achieves.

    If the line has ended, `still_charged` replaces a goal that is not stated or not offered. None:
    to end the line.
    """
    offered = {assessment.goal for assessment in assessments if assessment.is_applicable}
    stated = situation.goal
    if stated is None and situation.has_ended:
        stated = Goal.STILL_CHARGED
    if stated is None or stated in offered:
        return stated
    if situation.has_ended and Goal.STILL_CHARGED in offered:
        return Goal.STILL_CHARGED
    return next((goal for goal in _NEAREST.get(stated, ()) if goal in offered), None)


def rank(candidate: Candidate) -> int:
    """Return the rank of the procedure among those that end the line; lower comes first."""
    return _RANK_OF_LAPSING if candidate.lapses else candidate.policy.rank


def has_other_goal(assessment: Assessment, goal: Goal | None) -> bool:
    """Return whether the procedure has another goal.

    If `goal` is None, these are the procedures that neither end the line nor follow an end.
    """
    if goal is None:
        return not (assessment.policy.ends_line or assessment.policy.follows_end)
    return assessment.goal is not goal


def has_unknown_channel(candidate: Candidate) -> bool:
    """Return whether it ends the line through a channel that no source names."""
    return candidate.procedure.channel is Channel.UNKNOWN and candidate.policy.ends_line


def _is_usable(assessment: Assessment) -> bool:
    """Return whether the guide may recommend the procedure to the person."""
    candidate = assessment.candidate
    return (
        assessment.verdict is Verdict.POSSIBLE
        and assessment.is_for_applicant
        and not candidate.is_by_not_paying
        and not has_unknown_channel(candidate)
    )


def _is_settled(assessment: Assessment, situation: Situation) -> bool:
    """Return whether the circumstances that a follow-up depends on are stated.

    None of them is presumed: a bought device is not returned, and a sale in a shop cannot be
    cancelled. A circumstance that the person cannot state counts as stated.
    """
    if not assessment.policy.follows_end:
        return True
    return all(
        not assessment.candidate.codes_of(name)
        or getattr(situation, name) is not None
        or name in situation.unknown
        for name in DEVICE_CIRCUMSTANCES
    )


def _for_goal(
    usable: Sequence[Assessment],
    assessments: Sequence[Assessment],
    situation: Situation,
    goal: Goal | None,
) -> list[Assessment]:
    """Return the usable procedures for the goal or, without one, those that end the line."""
    matching = [
        assessment
        for assessment in usable
        if (assessment.goal is goal if goal else assessment.policy.ends_line)
        # A right that lapses is recommended only while it is known to be open.
        and (not assessment.policy.window or assessment.right_is_open)
    ]
    if goal is Goal.RESTORE_ACCESS:
        lack = situation.possessions.lack
        matching = [
            assessment
            for assessment in matching
            if not lack.isdisjoint(assessment.candidate.restores)
        ]
    if situation.keep_number and any(
        assessment.goal is Goal.PORT_OUT for assessment in assessments
    ):
        # Every other procedure that ends the line can lose the number.
        return [
            assessment
            for assessment in matching
            if assessment.policy.keeps_number or not assessment.policy.ends_line
        ]
    return [
        assessment
        for assessment in matching
        if assessment.goal is goal or not assessment.policy.only_if_asked
    ]


def _follow_ups(
    usable: Sequence[Assessment],
    assessments: Iterable[Assessment],
    situation: Situation,
    end: Assessment | None,
) -> Iterator[Assessment]:
    """Yield what follows the end: the best return, and open rights to a refund."""
    # A return follows an end. If nothing else ends the line, the return itself does.
    has_ends = any(
        assessment.is_applicable
        and assessment.is_for_applicant
        and assessment.policy.ends_line
        and assessment.right_is_open is not False
        for assessment in assessments
    )
    # A booking is cancelled before anything is sent: nothing has to be returned.
    can_return = end.goal is not Goal.CANCEL_BOOKING if end else not has_ends
    if can_return:
        returns = [assessment for assessment in usable if assessment.goal is Goal.RETURN_RENTAL]
        best_return = _best(returns, situation)
        if best_return is not None:
            yield best_return
    for assessment in usable:
        if assessment.goal in _REFUND_GOALS and assessment.right_is_open:
            yield assessment


class _Preference(NamedTuple):
    """Sort key for the best procedure. Lower is better; earlier fields count more.

    The channel counts more than the rest of the effort: a letter is for people who cannot use the
    site. Order and reasons: docs/decisions/0010.
    """

    rank: int
    is_generic: bool
    doubtful_from_abroad: bool
    channel_weight: int
    effort: int
    needs_not_confirmed: int
    evidence: int
    slug: str


def _preference(candidate: Candidate, situation: Situation) -> _Preference:
    return _Preference(
        rank(candidate),
        candidate.is_generic,
        situation.location == "abroad"
        and candidate.procedure.from_abroad is not Possibility.POSSIBLE,
        CHANNEL_WEIGHTS[candidate.procedure.channel],
        candidate.effort.score,
        sum(need not in situation.possessions.have for need in candidate.needs),
        _EVIDENCE_ORDER.index(candidate.evidence),
        candidate.slug,
    )


def _best(assessments: Iterable[Assessment], situation: Situation) -> Assessment | None:
    return min(
        assessments,
        key=lambda assessment: _preference(assessment.candidate, situation),
        default=None,
    )
