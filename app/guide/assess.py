"""Assessment: the verdict on each procedure by itself, for one person's situation.

Compares each `Candidate` with the `Situation` at an instant. A procedure for another contract, line
or applicant is `not_applicable`. It is `blocked` if it is out of reach, if the person lacks a need,
or if it is too late. The others are `conditional`, `unverified` or `possible`. Which of them to
recommend is decided in `choose` and `recommend`. The policy: docs/guide.md. Its reasons:
docs/decisions/0010.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.catalogue.codes import Applicant, Certainty, Evidence, Outcome, Possibility, Verdict
from app.catalogue.goals import Goal, GoalPolicy
from app.catalogue.timing_rules import Window
from app.catalogue.vocabulary import NEEDS_IN_JAPAN
from app.facts.specs import Fact
from app.guide.candidates import Candidate, Circumstance
from app.guide.needs import Supply
from app.guide.situation import Situation
from app.messages.keys import MessageKey
from app.messages.message import Message, Needs
from app.timeline.build import compute_events
from app.timeline.context import RuleContext
from app.zones import JAPAN

WEAK_EVIDENCE = frozenset({Evidence.THIRD_PARTY, Evidence.SINGLE_SOURCE})
"""Grades of procedures that only third parties describe. The guide never recommends these."""

_FOR_APPLICANT: Final[Mapping[Applicant, MessageKey]] = {
    Applicant.HOLDER: "guide.for_holder",
    Applicant.FAMILY: "guide.for_family",
    Applicant.PROXY: "guide.for_proxy",
    Applicant.GUARDIAN: "guide.for_guardian",
    Applicant.COMPANY: "guide.for_company",
    Applicant.HEIR: "guide.for_heir",
}
"""The message that names who may apply."""

_OTHER_CIRCUMSTANCE: Final[Mapping[Circumstance, MessageKey]] = {
    "product": "guide.other_product",
    "contract": "guide.other_contract",
    "plan": "guide.other_plan",
    "sale": "guide.other_sale",
    "device": "guide.other_device",
}
"""The message for each circumstance that differs from what the procedure applies to."""

REPRESENTATIVES: Final = frozenset({Applicant.FAMILY, Applicant.PROXY, Applicant.GUARDIAN})
"""Applicants who can apply for the contract holder."""

_EARLY_CANCELLATION_OVER_AFTER: Final = dt.timedelta(days=62)
"""Contracts older than this are past their early-cancellation rights.

The rights last 8 days from the contract document or the start of the service, whichever is later.
The document arrives within days of the contract and the service starts within weeks. Two months
allow for both.
"""

EARLY_CANCELLATION: Final = frozenset({Goal.INITIAL_CONTRACT_CANCELLATION, Goal.CANCEL_PURCHASE})
"""Goals that are early-cancellation rights: they can be used only in a contract's first days."""

_RENTAL_FACTS: Final = (
    Fact.RENTAL_STARTS_ON,
    Fact.RENTAL_ENDS_ON,
    Fact.ACTIVATED_ON,
    Fact.LAST_USED_ON,
)
"""Dates that show, once they are reached, that a rental has begun."""

CONTRACT_START_FACTS: Final = (
    Fact.CONTRACT_STARTED_ON,
    Fact.CONTRACT_RECEIVED_ON,
    Fact.SERVICE_STARTED_ON,
)
"""Dates that show how old a contract is."""


@dataclass(frozen=True)
class Assessment:
    """A candidate, the verdict on it, and the reasons."""

    candidate: Candidate
    verdict: Verdict
    is_for_applicant: bool
    """Whether the person may apply. Unless stated otherwise, the person is the contract holder."""
    reasons: tuple[Message, ...] = ()
    blockers: tuple[Message, ...] = ()
    """What prevents the procedure. Empty unless the verdict is `blocked`."""
    right_is_open: bool | None = None
    """For a right that lapses: whether it can still be used. None: unknown, or no such right."""
    lacking: tuple[str, ...] = ()
    """Needs that the person lacks and cannot replace. Empty unless the verdict is `blocked`."""

    @property
    def goal(self) -> Goal:
        """What the procedure achieves."""
        return self.candidate.goal

    @property
    def policy(self) -> GoalPolicy:
        """How the guide treats the procedure's goal."""
        return self.candidate.policy

    @property
    def is_applicable(self) -> bool:
        """Whether the procedure applies to the situation; it can still be blocked."""
        return self.verdict is not Verdict.NOT_APPLICABLE


def assess(
    candidates: Iterable[Candidate], situation: Situation, at: dt.datetime
) -> list[Assessment]:
    """Return the assessment of each candidate, in the same order. None is `recommended` yet."""
    return [_assess(candidate, situation, at) for candidate in candidates]


def assess_again(
    assessments: Iterable[Assessment], question: str, situation: Situation, at: dt.datetime
) -> list[Assessment]:
    """Return the assessments for a situation that has one more answer, the one to the question.

    Only the candidates that depend on the question are assessed again.
    """
    return [
        _assess(assessment.candidate, situation, at)
        if question in assessment.candidate.questions
        else assessment
        for assessment in assessments
    ]


def _assess(candidate: Candidate, situation: Situation, at: dt.datetime) -> Assessment:
    is_own = not situation.applicants.isdisjoint(candidate.applicants)
    if misfits := tuple(find_misfits(candidate, situation)):
        return Assessment(candidate, Verdict.NOT_APPLICABLE, is_own, misfits)
    is_open = right_is_open(candidate, situation, at)
    lacking = tuple(_lacking(candidate, situation))
    if blockers := tuple(_blockers(candidate, situation, lacking, right_is_open=is_open)):
        return Assessment(candidate, Verdict.BLOCKED, is_own, (), blockers, is_open, lacking)
    verdict, doubts = _verdict(candidate, situation)
    for_others = () if is_own else _for_others(candidate)
    reasons = (*doubts, *for_others, *_consequences(candidate, situation))
    return Assessment(candidate, verdict, is_own, reasons, (), is_open)


def _verdict(candidate: Candidate, situation: Situation) -> tuple[Verdict, tuple[Message, ...]]:
    """Return the verdict on a procedure that nothing blocks, and the doubts about it."""
    if situation.applicant is Applicant.PROXY and _is_for_family(candidate):
        return Verdict.CONDITIONAL, (Message(_FOR_APPLICANT[Applicant.FAMILY]),)
    if candidate.procedure.conditional and not _meets_condition(candidate, situation):
        lacking = candidate.procedure.only_lacking
        reason = (
            Message("guide.only_lacking", {"needs": Needs(lacking)})
            if lacking
            else Message("guide.conditional")
        )
        return Verdict.CONDITIONAL, (reason,)
    if candidate.procedure.outcome is Outcome.UNKNOWN:
        return Verdict.UNVERIFIED, (Message("guide.outcome_unknown"),)
    if candidate.evidence in WEAK_EVIDENCE:
        return Verdict.UNVERIFIED, (Message("guide.unverified"),)
    return Verdict.POSSIBLE, ()


def _is_for_family(candidate: Candidate) -> bool:
    """Return whether a representative of the holder has to be a family member."""
    return Applicant.FAMILY in candidate.applicants and Applicant.PROXY not in candidate.applicants


def _meets_condition(candidate: Candidate, situation: Situation) -> bool:
    """Return whether the condition is known to be met. Only a condition about needs can be."""
    return not situation.possessions.lack.isdisjoint(candidate.procedure.only_lacking)


def find_misfits(candidate: Candidate, situation: Situation) -> Iterator[Message]:
    """Yield the reasons why the procedure does not apply to the situation."""
    applies_to = candidate.procedure.applies_to
    if situation.state_of_line not in applies_to.lines:
        yield Message("guide.already_ended" if situation.has_ended else "guide.not_ended")
    for circumstance, message in _OTHER_CIRCUMSTANCE.items():
        stated, codes = getattr(situation, circumstance), candidate.codes_of(circumstance)
        if stated is not None and codes and stated not in codes:
            yield Message(message)
    if situation.applicant and not _may_apply(candidate, situation):
        yield Message("guide.other_applicant")
    if situation.keep_number is True and candidate.policy.keeps_number is False:
        yield Message("guide.loses_number")
    if situation.keep_number is False and candidate.policy.keeps_number is True:
        yield Message("guide.number_not_kept")
    only_lacking = candidate.procedure.only_lacking
    if only_lacking and situation.possessions.have.issuperset(only_lacking):
        yield Message("guide.only_lacking", {"needs": Needs(only_lacking)})


def _may_apply(candidate: Candidate, situation: Situation) -> bool:
    """Return whether the person may apply, or a representative may apply for the holder."""
    if not situation.applicants.isdisjoint(candidate.applicants):
        return True
    return situation.applicant is Applicant.HOLDER and not REPRESENTATIVES.isdisjoint(
        candidate.applicants
    )


def _lacking(candidate: Candidate, situation: Situation) -> Iterator[str]:
    is_by_others = situation.applicants.isdisjoint(candidate.applicants)
    for requirement in candidate.requirements:
        # A person who acts for a holder abroad is in Japan.
        if is_by_others and requirement.need in NEEDS_IN_JAPAN:
            continue
        if situation.possessions.supply(requirement) is Supply.LACKING:
            yield requirement.need


def _consequences(candidate: Candidate, situation: Situation) -> Iterator[Message]:
    """Name the things that cannot be returned. They do not block the end of a contract."""
    lacking = tuple(need for need in candidate.returned_needs if need in situation.possessions.lack)
    if lacking:
        yield Message("guide.cannot_return", {"needs": Needs(lacking)})


def _blockers(
    candidate: Candidate,
    situation: Situation,
    lacking: tuple[str, ...],
    *,
    right_is_open: bool | None,
) -> Iterator[Message]:
    """Yield what prevents the procedure for this person."""
    if is_out_of_reach(candidate, situation):
        yield Message("guide.not_from_abroad")
    if lacking:
        yield Message("guide.lacks", {"needs": Needs(lacking)})
    if right_is_open is False:
        yield Message("guide.too_late")


def is_out_of_reach(candidate: Candidate, situation: Situation) -> bool:
    """Return whether the procedure is impossible from where the person is.

    A procedure that only others can apply for, such as a proxy or an heir, stays in reach of a
    holder abroad, because they can be in Japan. An unstated applicant counts as the holder.
    """
    return (
        situation.location == "abroad"
        and candidate.procedure.from_abroad is Possibility.IMPOSSIBLE
        and not (
            situation.applicant in {None, Applicant.HOLDER}
            and Applicant.HOLDER not in candidate.applicants
        )
    )


def _for_others(candidate: Candidate) -> tuple[Message, ...]:
    """Name who may apply for a procedure that the person cannot apply for."""
    applicants = candidate.procedure.applies_to.applicants
    return tuple(Message(_FOR_APPLICANT[applicant]) for applicant in applicants)


def right_is_open(candidate: Candidate, situation: Situation, at: dt.datetime) -> bool | None:
    """Return whether a right that lapses can still be used; None: unknown, or no such right.

    It is open if any of its windows is. An early-cancellation right is over if the contract is
    older than two months. A right that ends with the start of a rental is over from that day.
    """
    policy = candidate.policy
    if not policy.window:
        return None
    if candidate.goal in EARLY_CANCELLATION and _began_long_ago(situation, at):
        return False
    open_windows = [_is_open(rule, candidate, situation, at) for rule in candidate.windows]
    if policy.lapses_at_start:
        today = at.astimezone(JAPAN).date()
        if any(_is_reached(situation.facts.get(fact), today) for fact in _RENTAL_FACTS):
            open_windows = [False]
        elif Fact.RENTAL_STARTS_ON in situation.facts:
            open_windows = open_windows or [True]
    if True in open_windows:
        return True
    return False if open_windows and None not in open_windows else None


def _is_reached(day: object, today: dt.date) -> bool:
    return isinstance(day, dt.date) and day <= today


def _began_long_ago(situation: Situation, at: dt.datetime) -> bool:
    """Return whether a start date is given, and every given one is too long ago."""
    latest_start = at.astimezone(JAPAN).date() - _EARLY_CANCELLATION_OVER_AFTER
    given = [situation.facts[fact] for fact in CONTRACT_START_FACTS if fact in situation.facts]
    start_days = [day for day in given if isinstance(day, dt.date)]
    return bool(start_days) and max(start_days) < latest_start


def _is_open(
    window: Window, candidate: Candidate, situation: Situation, at: dt.datetime
) -> bool | None:
    """Return whether the window is open at the instant; None: a missing fact decides."""
    context = RuleContext(candidate.procedure, situation.facts, at)
    (event,) = compute_events(window, context)
    if event.passed:
        return False
    if event.day is None:
        return True if window.length is None and not event.needs else None
    # An estimated date is the earliest possible one: a missing fact can make it later. Facts that
    # close the window at once, such as installing the eSIM, must be known for it to be open.
    can_be_over = event.certainty is Certainty.ESTIMATED and event.at is not None and event.at < at
    closed_by = set(map(Fact, window.closed_by))
    return None if can_be_over or closed_by.intersection(event.needs) else True
