"""Events of `refund_paid` rules: when a refund arrives."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from app import dates
from app.catalogue.codes import EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import RefundPaid
from app.facts.specs import Fact
from app.messages.message import Message
from app.timeline.context import RuleContext
from app.timeline.events import Event, new_event
from app.timeline.rules.handler import Computation, RuleHandler


def _expected(rule: RefundPaid, context: RuleContext) -> Iterator[Event]:
    match rule.after:
        case "request":
            start = context.today(rule)
        case "contract_end":
            start = context.contract_end
        case "rental_ends_on":
            start = context.date_of(Fact.RENTAL_ENDS_ON)
    if rule.latest is not None:
        latest = dates.later(start, rule.latest)
    else:
        assert rule.month_end_after is not None  # checked by the model of the rule
        latest = dates.day_of_month(start, "last", rule.month_end_after)
    if rule.earliest is None:
        message = Message("refund_expected.latest", {"day": latest})
        yield replace(new_event(rule, EventCode.REFUND_EXPECTED, message), on=latest)
    else:
        begins = dates.later(start, rule.earliest)
        message = Message("refund_expected.between", {"begins": begins, "day": latest})
        event = new_event(rule, EventCode.REFUND_EXPECTED, message)
        yield replace(event, begins=begins, ends=latest)


def _facts(rule: RefundPaid, _procedure: ProcedureContent) -> Iterable[Fact]:
    return (Fact.RENTAL_ENDS_ON,) if rule.after == "rental_ends_on" else ()


HANDLER: Final = RuleHandler(
    RefundPaid, (Computation(EventCode.REFUND_EXPECTED, _expected),), _facts
)
