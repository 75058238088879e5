"""How laborious a procedure is: a number from 0 to 100 that anybody can compute again from the published weights.

It lets two ways, or two carriers, be compared; of two ways that are gone alike the guide recommends the one with less.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.catalogue.codes import Actor, Channel, EffortReason, Possibility, Requirement
from app.catalogue.documents import ProcedureContent, Step
from app.catalogue.timing_rules import Acceptance, ContractEnd, Renewal

MOST: Final = 100

CHANNEL_WEIGHTS: Final[Mapping[Channel, int]] = {
    Channel.NONE: 0,
    Channel.WEB: 0,
    Channel.APP: 0,
    Channel.EMAIL: 5,
    Channel.CHAT: 5,
    Channel.UNKNOWN: 10,
    Channel.PHONE: 15,
    Channel.POST: 20,
    Channel.COUNTER: 20,
    Channel.STORE: 25,
}
"""A website costs nothing beyond its steps; a call has to be made in its hours, a shop has to be gone to."""

WEIGHTS: Final[Mapping[EffortReason, tuple[int, int]]] = {
    EffortReason.STEPS: (3, 30),
    EffortReason.NEEDS: (4, 20),
    EffortReason.PAPERS: (6, 18),
    EffortReason.RETURN: (10, 10),
    EffortReason.CUT_OFF: (5, 5),
    EffortReason.WAITING: (5, 5),
    EffortReason.NOT_FROM_ABROAD: (5, 5),
    EffortReason.UNKNOWNS: (2, 10),
}
"""What each one of a kind adds, and the most that the kind adds."""


@dataclass(frozen=True)
class Effort:
    """The number, and what each reason adds to it."""

    score: int
    reasons: Mapping[EffortReason, int]


def effort(facts: ProcedureContent, steps: Iterable[Step]) -> Effort:
    """Return how laborious the procedure is."""
    counts = dict(
        _counts(
            facts, [step for step in steps if step.actor is not Actor.CARRIER and not step.optional]
        )
    )
    reasons = {reason: min(each * counts[reason], most) for reason, (each, most) in WEIGHTS.items()}
    reasons[EffortReason.CHANNEL] = CHANNEL_WEIGHTS[facts.channel]
    told = {reason: reasons[reason] for reason in EffortReason if reasons[reason]}
    return Effort(min(sum(told.values()), MOST), told)


def _counts(facts: ProcedureContent, steps: list[Step]) -> Iterator[tuple[EffortReason, int]]:
    ends = [rule for rule in facts.timing if isinstance(rule, ContractEnd)]
    yield EffortReason.STEPS, len(steps)
    yield EffortReason.NEEDS, len({need for step in steps for need in step.needs})
    yield EffortReason.PAPERS, len(facts.documents)
    yield EffortReason.RETURN, facts.return_items.required is Requirement.REQUIRED
    yield EffortReason.CUT_OFF, any(_cuts_off(rule) for rule in facts.timing)
    yield EffortReason.WAITING, any(end.months_ahead or end.lead for end in ends)
    yield EffortReason.NOT_FROM_ABROAD, facts.from_abroad is Possibility.IMPOSSIBLE
    yield EffortReason.UNKNOWNS, len(facts.unknowns)


def _cuts_off(rule: object) -> bool:
    match rule:
        case Acceptance():
            return bool(
                rule.accepted
                or rule.weekdays
                or rule.same_day_until
                or rule.closed_from_day
                or rule.closures
            )
        case ContractEnd():
            return rule.cutoff is not None
        case Renewal():
            return rule.notice.value > 0
        case _:
            return False
