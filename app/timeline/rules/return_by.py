"""Events of `return_by` rules: the deadline to return an item, and when it counts as lost."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from app import dates
from app.catalogue.codes import EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import ReturnBy
from app.facts.specs import Fact
from app.messages.keys import MessageKey
from app.messages.message import Message
from app.timeline.context import RuleContext, day_after
from app.timeline.events import Event, new_event, with_deadline
from app.timeline.rules.handler import Computation, RuleHandler

_MESSAGES: Final[Mapping[str, MessageKey]] = {
    "dispatch": "return_by.dispatch",
    "arrival": "return_by.arrival",
    "hand_over": "return_by.hand_over",
}
"""By `ReturnBy.counts`: what must happen in time."""


def _return_by(rule: ReturnBy, context: RuleContext) -> Iterator[Event]:
    day = day_after(_start(rule, context), rule.length, rule.day_of_month, rule.months_ahead)
    deadline = context.deadline(rule, day, rule.time)
    message = Message(_MESSAGES[rule.counts], {"deadline": deadline})
    yield with_deadline(new_event(rule, EventCode.RETURN_BY, message), deadline, context.at)
    if rule.lost_after is not None:
        lost = context.deadline(rule, dates.later(day, rule.lost_after))
        message = Message("counted_as_lost.day", {"deadline": lost})
        yield with_deadline(new_event(rule, EventCode.COUNTED_AS_LOST, message), lost, context.at)


def _start(rule: ReturnBy, context: RuleContext) -> dt.date:
    match rule.after:
        case "rental_ends_on" | "contract_received_on":
            return context.date_of(Fact(rule.after))
        case "contract_end":
            return context.contract_end
        case "expiry":
            return context.expiry
        case "request":
            return context.today(rule)


def _facts(rule: ReturnBy, _procedure: ProcedureContent) -> Iterable[Fact]:
    match rule.after:
        case "rental_ends_on" | "contract_received_on":
            yield Fact(rule.after)


HANDLER: Final = RuleHandler(ReturnBy, (Computation(EventCode.RETURN_BY, _return_by),), _facts)
