"""What to do if nothing that is still open stands in the way.

The preferences and their reasons: docs/decisions/0010.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from app.catalogue.codes import Channel, Evidence, Possibility, Verdict
from app.catalogue.effort import CHANNEL_WEIGHTS
from app.catalogue.goals import GOALS, Goal
from app.guide.assess import Assessment
from app.guide.candidates import Candidate, Circumstance
from app.guide.situation import Situation

_RANK_OF_LAPSING: Final = 5
"""Letting a contract lapse rests on what does not happen: asking for its end comes first."""

_EVIDENCE_ORDER: Final = tuple(Evidence)

_NEAREST: Final[Mapping[Goal, tuple[Goal, ...]]] = {
    Goal.SUSPEND: (Goal.REPORT_LOSS,),
    Goal.REPORT_LOSS: (Goal.SUSPEND,),
    Goal.RETURN_RENTAL: (Goal.REPORT_LOSS,),
}
"""What a company can offer instead of a goal; goals that end the line stand for each other."""

OF_THE_DEVICE: Final[tuple[Circumstance, ...]] = ("sale", "device")
"""What a return and a purchase depend on."""

_MONEY_BACK: Final = frozenset({Goal.REQUEST_REFUND, Goal.CANCEL_PURCHASE})

ENDS_NOTHING: Final = frozenset(goal for goal, policy in GOALS.items() if not policy.ends_line)
"""Goals of people who do not want to end the line."""

CandidateId = tuple[bool, str]
"""See `Candidate.id`."""


class Choice(NamedTuple):
    """What to take: one procedure for the goal or to end the line, and what goes with it."""

    goal: Goal | None
    """The goal that is pursued: the stated one, or the nearest that the company offers."""
    end: Assessment | None
    companions: tuple[Assessment, ...]
    """Returns, refunds and purchases that are undone."""

    @property
    def all(self) -> tuple[Assessment, ...]:
        """Everything to take, the end first."""
        return (self.end, *self.companions) if self.end else self.companions

    @property
    def end_id(self) -> CandidateId | None:
        """The id of the procedure for the goal."""
        return self.end.candidate.id if self.end else None

    @property
    def ids(self) -> frozenset[CandidateId]:
        """The ids of everything to take."""
        return frozenset(assessment.candidate.id for assessment in self.all)


def choose(assessments: Sequence[Assessment], situation: Situation) -> Choice:
    """Return what to do if every open question is answered in favour of it."""
    goal = effective_goal(assessments, situation)
    usable = [
        assessment
        for assessment in assessments
        if _is_usable(assessment) and _is_settled(assessment, situation)
    ]
    if situation.goal and not goal and not GOALS[situation.goal].ends_line:
        return Choice(goal, None, ())  # it ends nothing, and no procedure comes near it
    end = _best(_for_goal(usable, assessments, situation, goal), situation)
    if goal is not None and not GOALS[goal].ends_line:
        return Choice(goal, end, ())
    return Choice(goal, end, tuple(_companions(usable, assessments, situation, end)))


def without_covered(assessments: Sequence[Assessment]) -> list[Assessment]:
    """Leave out what holds for any company where the company has a way of its own.

    That way can be blocked: what holds for any company does not remove what blocks it. A right of
    the first days is the exception, since it costs less than any other end.
    """
    own = [
        assessment
        for assessment in assessments
        if assessment.is_applicable and not assessment.candidate.is_generic
    ]
    return [
        assessment
        for assessment in assessments
        if not assessment.candidate.is_generic or not any(_covers(each, assessment) for each in own)
    ]


def _covers(own: Assessment, generic: Assessment) -> bool:
    """Return whether the company's procedure is for the same, so that no generic one is needed."""
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
    """Return the stated goal, or the nearest one that an applicable procedure achieves."""
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
    """Return the place of the procedure among those that end the line; lower comes first."""
    return _RANK_OF_LAPSING if candidate.lapses else candidate.policy.rank


def has_other_goal(assessment: Assessment, goal: Goal | None) -> bool:
    """Return whether it leads elsewhere. Without a goal, the line is to end."""
    if goal is None:
        return not (assessment.policy.ends_line or assessment.policy.follows_end)
    return assessment.goal is not goal


def has_no_known_way(candidate: Candidate) -> bool:
    """Return whether it ends the line in a way that no source tells."""
    return candidate.procedure.channel is Channel.UNKNOWN and candidate.policy.ends_line


def _is_usable(assessment: Assessment) -> bool:
    """Return whether the guide may send the person there."""
    candidate = assessment.candidate
    return (
        assessment.verdict is Verdict.POSSIBLE
        and assessment.is_for_applicant
        and not candidate.is_by_not_paying
        and not has_no_known_way(candidate)
    )


def _is_settled(assessment: Assessment, situation: Situation) -> bool:
    """Return whether the person has said what a return or a purchase depends on.

    What was bought does not go back, and what was sold in a shop stays sold: neither is presumed.
    """
    if not assessment.policy.follows_end:
        return True
    return all(
        not assessment.candidate.codes_of(name)
        or getattr(situation, name) is not None
        or name in situation.unknown
        for name in OF_THE_DEVICE
    )


def _for_goal(
    usable: Sequence[Assessment],
    assessments: Sequence[Assessment],
    situation: Situation,
    goal: Goal | None,
) -> list[Assessment]:
    """Return what can be recommended for the goal or, without one, to end the line."""
    certain = [
        assessment
        for assessment in usable
        if (assessment.goal is goal if goal else assessment.policy.ends_line)
        # A right that lapses is recommended only while it is known to be open.
        and (not assessment.policy.window or assessment.right_is_open)
    ]
    if goal is Goal.RESTORE_ACCESS:
        lack = situation.possessions.lack
        certain = [each for each in certain if not lack.isdisjoint(each.candidate.restores)]
    if situation.keep_number and any(
        assessment.goal is Goal.PORT_OUT for assessment in assessments
    ):
        # Every other procedure that ends the line can lose the number.
        return [
            assessment
            for assessment in certain
            if assessment.policy.keeps_number or not assessment.policy.ends_line
        ]
    return [
        assessment
        for assessment in certain
        if assessment.goal is goal or not assessment.policy.only_if_asked
    ]


def _companions(
    usable: Sequence[Assessment],
    assessments: Iterable[Assessment],
    situation: Situation,
    end: Assessment | None,
) -> Iterator[Assessment]:
    """Return what goes with the end: a return, and rights to money that are open."""
    # A return belongs to an end. Where nothing else ends, the return itself does.
    has_ends = any(
        assessment.is_applicable
        and assessment.is_for_applicant
        and assessment.policy.ends_line
        and assessment.right_is_open is not False
        for assessment in assessments
    )
    # A booking that is cancelled has not been sent yet: nothing has to be returned.
    if end.goal is not Goal.CANCEL_BOOKING if end else not has_ends:
        returns = [assessment for assessment in usable if assessment.goal is Goal.RETURN_RENTAL]
        best_return = _best(returns, situation)
        if best_return is not None:
            yield best_return
    for assessment in usable:
        if assessment.goal in _MONEY_BACK and assessment.right_is_open:
            yield assessment


class _Preference(NamedTuple):
    """What the best procedure has least of, the most important first.

    The channel comes before all other effort: a letter is for those who cannot use the site.
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
