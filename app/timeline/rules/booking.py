"""Events of `charge_tiers` rules: what cancelling a booking costs, and until when."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from app import dates
from app.catalogue.codes import EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.parts import Span
from app.catalogue.timing_rules import ChargeTiers
from app.facts.specs import Fact
from app.messages.keys import MessageKey
from app.messages.message import Message
from app.timeline.context import RuleContext
from app.timeline.events import CostOfDelay, Event, new_event, with_deadline
from app.timeline.rules.handler import Computation, RuleHandler


def _apply_by(rule: ChargeTiers, context: RuleContext) -> Iterator[Event]:
    starts = context.date_of(rule.before)
    for tier in rule.tiers:
        length = Span(
            value=tier.until_days_before, unit="business_days" if rule.business_days else "days"
        )
        deadline = context.deadline(rule, dates.earlier(starts, length), rule.time)
        values = {"deadline": deadline, "percent": tier.percent, "yen": tier.amount_jpy}
        event = new_event(rule, EventCode.APPLY_BY, Message(_message_key(tier), values))
        yield replace(
            with_deadline(event, deadline, context.at),
            cost_of_delay=_cost_of_next(rule, tier),
            slot=f"until-{tier.until_days_before}",
        )


def _message_key(tier: ChargeTiers.Tier) -> MessageKey:
    if tier.percent == 0 or tier.amount_jpy == 0:
        return "tier.free"
    if tier.percent is not None:
        return "tier.percent"
    return "tier.amount" if tier.amount_jpy is not None else "tier.unknown"


def _cost_of_next(rule: ChargeTiers, tier: ChargeTiers.Tier) -> CostOfDelay:
    """Return the cost of the next tier. It is unknown after the last tier."""
    position = rule.tiers.index(tier) + 1
    if position == len(rule.tiers):
        return CostOfDelay()
    next_tier = rule.tiers[position]
    return CostOfDelay(next_tier.amount_jpy, next_tier.percent)


def _facts(rule: ChargeTiers, _procedure: ProcedureContent) -> Iterable[Fact]:
    return (rule.before,)


HANDLER: Final = RuleHandler(ChargeTiers, (Computation(EventCode.APPLY_BY, _apply_by),), _facts)
