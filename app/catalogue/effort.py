"""The effort of a procedure: a score from 0 to 100, computed from published weights.

Scores can be compared across procedures and carriers. The guide uses them only to choose between
procedures that are otherwise equal (docs/decisions/0010). The formula is in docs/api.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from app.catalogue.codes import Actor, Channel, EffortReason, Possibility, Requirement
from app.catalogue.documents import ProcedureContent, Step
from app.catalogue.timing_rules import Acceptance, ContractEnd, Renewal

_MAX_SCORE: Final = 100

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
"""Points by channel. Calls have opening hours, and a shop must be visited; websites add none."""


class Weight(NamedTuple):
    """Points for each item of a kind, and the maximum for the kind."""

    per_item: int
    maximum: int


WEIGHTS: Final[Mapping[EffortReason, Weight]] = {
    EffortReason.STEPS: Weight(per_item=3, maximum=30),
    EffortReason.NEEDS: Weight(per_item=4, maximum=20),
    EffortReason.PAPERS: Weight(per_item=6, maximum=18),
    EffortReason.RETURN: Weight(per_item=10, maximum=10),
    EffortReason.CUT_OFF: Weight(per_item=5, maximum=5),
    EffortReason.WAITING: Weight(per_item=5, maximum=5),
    EffortReason.NOT_FROM_ABROAD: Weight(per_item=5, maximum=5),
    EffortReason.UNKNOWNS: Weight(per_item=2, maximum=10),
}


@dataclass(frozen=True)
class Effort:
    """A score from 0 to 100, and the points of each reason (only reasons with points)."""

    score: int
    reasons: Mapping[EffortReason, int]


def effort(procedure: ProcedureContent, steps: Iterable[Step]) -> Effort:
    """Return the effort of the procedure. Optional steps and steps of the carrier do not count."""
    own_steps = [step for step in steps if step.actor is not Actor.CARRIER and not step.optional]
    counts = dict(_counts(procedure, own_steps))
    points = {
        reason: min(weight.per_item * counts[reason], weight.maximum)
        for reason, weight in WEIGHTS.items()
    }
    points[EffortReason.CHANNEL] = CHANNEL_WEIGHTS[procedure.channel]
    reasons = {reason: points[reason] for reason in EffortReason if points[reason]}
    return Effort(min(sum(reasons.values()), _MAX_SCORE), reasons)


def _counts(procedure: ProcedureContent, steps: list[Step]) -> Iterator[tuple[EffortReason, int]]:
    ends = [rule for rule in procedure.timing if isinstance(rule, ContractEnd)]
    yield EffortReason.STEPS, len(steps)
    yield EffortReason.NEEDS, len({need for step in steps for need in step.needs})
    yield EffortReason.PAPERS, len(procedure.documents)
    yield EffortReason.RETURN, int(procedure.return_items.required is Requirement.REQUIRED)
    yield EffortReason.CUT_OFF, int(any(_cuts_off(rule) for rule in procedure.timing))
    yield EffortReason.WAITING, int(any(end.months_ahead or end.lead for end in ends))
    yield EffortReason.NOT_FROM_ABROAD, int(procedure.from_abroad is Possibility.IMPOSSIBLE)
    yield EffortReason.UNKNOWNS, len(procedure.unknowns)


def _cuts_off(rule: object) -> bool:
    match rule:
        case Acceptance():
            return bool(
                rule.accepted
                or rule.weekdays
                or rule.same_day_until
                or not rule.same_day_is_certain
                or rule.closed_from_day
                or rule.closures
            )
        case ContractEnd():
            return rule.cutoff is not None
        case Renewal():
            return rule.notice.value > 0
        case _:
            return False
