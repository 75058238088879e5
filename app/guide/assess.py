"""Whether each procedure fits a person's situation, taken by itself."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.catalogue.codes import Applicant, Certainty, Evidence, Outcome, Possibility, Verdict
from app.catalogue.goals import Goal, GoalPolicy
from app.catalogue.timing_rules import Window
from app.facts.specs import Fact
from app.guide.candidates import Candidate
from app.guide.situation import Situation
from app.messages.keys import MessageKey
from app.messages.message import Message, Needs
from app.timeline.build import compute_events
from app.timeline.context import RuleContext
from app.zones import JAPAN

WEAK_EVIDENCE = frozenset({Evidence.THIRD_PARTY, Evidence.SINGLE_SOURCE})
"""Grades of evidence that no recommendation rests on."""

FOR_APPLICANT: Final[Mapping[Applicant, MessageKey]] = {
    Applicant.HOLDER: "guide.for_holder",
    Applicant.PROXY: "guide.for_proxy",
    Applicant.HEIR: "guide.for_heir",
}
"""Who may apply."""


@dataclass(frozen=True)
class Assessment:
    """A candidate, whether it fits, and why."""

    candidate: Candidate
    verdict: Verdict
    is_for_applicant: bool
    """Whether the person may apply: the holder, unless the situation names another."""
    reasons: tuple[Message, ...] = ()
    blockers: tuple[Message, ...] = ()
    right_is_open: bool | None = None
    """Of a right that lapses: whether it still can be used. None: unknown, or no such right."""

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
        """Whether the procedure is for a situation like this one."""
        return self.verdict is not Verdict.NOT_APPLICABLE


def assess(
    candidates: Iterable[Candidate], situation: Situation, at: dt.datetime
) -> list[Assessment]:
    """Return what each candidate is worth by itself; none is recommended yet."""
    return [_assess(candidate, situation, at) for candidate in candidates]


def _assess(candidate: Candidate, situation: Situation, at: dt.datetime) -> Assessment:
    applicant = situation.applicant or Applicant.HOLDER
    is_own = applicant in candidate.procedure.applies_to.applicants
    if misfits := tuple(_misfits(candidate, situation)):
        return Assessment(candidate, Verdict.NOT_APPLICABLE, is_own, misfits)
    is_open = right_is_open(candidate, situation, at)
    if blockers := tuple(_blockers(candidate, situation, right_is_open=is_open)):
        return Assessment(candidate, Verdict.BLOCKED, is_own, (), blockers, is_open)
    for_others = () if is_own else _for_others(candidate)
    if candidate.procedure.outcome is Outcome.UNKNOWN:
        doubt = (Message("guide.outcome_unknown"),)
        return Assessment(candidate, Verdict.UNVERIFIED, is_own, doubt, (), is_open)
    if candidate.evidence in WEAK_EVIDENCE:
        doubts = (Message("guide.unverified"), *for_others)
        return Assessment(candidate, Verdict.UNVERIFIED, is_own, doubts, (), is_open)
    return Assessment(candidate, Verdict.POSSIBLE, is_own, for_others, (), is_open)


def _misfits(candidate: Candidate, situation: Situation) -> Iterator[Message]:
    """Return why the procedure is for somebody else."""
    applies_to = candidate.procedure.applies_to
    if situation.product and situation.product not in applies_to.products:
        yield Message("guide.other_product")
    if situation.contract and situation.contract not in applies_to.contracts:
        yield Message("guide.other_contract")
    if situation.plan and applies_to.plans and situation.plan not in applies_to.plans:
        yield Message("guide.other_plan")
    if situation.applicant and situation.applicant not in applies_to.applicants:
        yield Message("guide.other_applicant")
    if situation.keep_number is True and candidate.policy.keeps_number is False:
        yield Message("guide.loses_number")
    if situation.keep_number is False and candidate.policy.keeps_number is True:
        yield Message("guide.number_not_kept")


def _blockers(
    candidate: Candidate, situation: Situation, *, right_is_open: bool | None
) -> Iterator[Message]:
    """Return what the person cannot get around."""
    # A proxy or an heir acts in Japan, wherever the holder is.
    by_holder = Applicant.HOLDER in candidate.procedure.applies_to.applicants
    if (
        situation.location == "abroad"
        and by_holder
        and candidate.procedure.from_abroad is Possibility.IMPOSSIBLE
    ):
        yield Message("guide.not_from_abroad")
    if lacking := tuple(need for need in candidate.needs if need in situation.lack):
        yield Message("guide.lacks", {"needs": Needs(lacking)})
    if right_is_open is False:
        yield Message("guide.too_late")


def _for_others(candidate: Candidate) -> tuple[Message, ...]:
    """Say who may apply, of a procedure that is not for the person asking."""
    applicants = candidate.procedure.applies_to.applicants
    return tuple(Message(FOR_APPLICANT[applicant]) for applicant in applicants)


def right_is_open(candidate: Candidate, situation: Situation, at: dt.datetime) -> bool | None:
    """Return whether a right that lapses can still be used; None: unknown, or no such right."""
    policy = candidate.policy
    if not policy.window:
        return None
    windows = [
        rule
        for rule in candidate.procedure.timing
        if isinstance(rule, Window) and rule.closes in policy.window
    ]
    open_windows = [_is_open(rule, candidate, situation, at) for rule in windows]
    rental_starts_on = situation.facts.get(Fact.RENTAL_STARTS_ON)
    if policy.lapses_at_start and isinstance(rental_starts_on, dt.date):
        has_begun = rental_starts_on <= at.astimezone(JAPAN).date()
        open_windows = [False] if has_begun else open_windows or [True]
    if True in open_windows:
        return True
    return False if open_windows and None not in open_windows else None


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
    # The date is the earliest possible one: with a missing date it can be later. What else closes
    # the window, such as installing the eSIM, has to be given.
    can_be_over = event.certainty is Certainty.ESTIMATED and event.at is not None and event.at < at
    closed_by = set(map(Fact, window.closed_by))
    return None if can_be_over or closed_by.intersection(event.needs) else True
