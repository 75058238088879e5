"""Events of `unpaid` rules: when the carrier suspends or ends the service for an unpaid bill."""

from collections.abc import Iterable, Iterator
from typing import Final

from app.catalogue.codes import EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import Unpaid
from app.facts.specs import Fact
from app.messages.message import Message
from app.timeline.context import RuleContext, day_after
from app.timeline.events import Event, new_event, with_deadline
from app.timeline.rules.handler import Computation, RuleHandler


def _suspended_or_ended(rule: Unpaid, context: RuleContext) -> Iterator[Event]:
    due_on = context.date_of(rule.after)
    day = day_after(due_on, rule.length, rule.day_of_month, rule.months_ahead)
    if rule.leads_to == "suspension":
        code, message = EventCode.SUSPENDED, Message("unpaid.suspension", {"day": day})
    else:
        code, message = EventCode.EXPIRES, Message("unpaid.end", {"day": day})
    event = new_event(rule, code, message)
    yield with_deadline(event, context.deadline(rule, day), context.at)


def _facts(rule: Unpaid, _procedure: ProcedureContent) -> Iterable[Fact]:
    return (rule.after,)


HANDLER: Final = RuleHandler(Unpaid, (Computation(EventCode.EXPIRES, _suspended_or_ended),), _facts)
