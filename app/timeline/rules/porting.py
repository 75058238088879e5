"""Events of `porting_number` rules: until when the reservation number is valid and usable.

New carriers can require that the number is valid for some more days (`needs_days_left`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from app.catalogue.codes import Certainty, EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import PortingNumber
from app.facts.specs import Fact
from app.messages.keys import MessageKey
from app.messages.message import Deadline, Message
from app.timeline.context import RuleContext
from app.timeline.events import Event, new_event, with_deadline
from app.timeline.rules.handler import Computation, RuleHandler


def _expires(rule: PortingNumber, context: RuleContext) -> Iterator[Event]:
    issued = context.date_of(Fact.PORTING_NUMBER_ISSUED_ON)
    days = rule.days - 1 if rule.first_day_counts else rule.days
    last_day = issued + dt.timedelta(days=days)
    deadline = context.deadline(rule, last_day)
    is_short = False
    if rule.needs_days_left is not None:
        use_by = context.deadline(rule, last_day - dt.timedelta(days=rule.needs_days_left))
        is_short = use_by.boundary <= context.at < deadline.boundary
        event = new_event(rule, EventCode.PORTING_NUMBER_USE_BY, _use_by(rule, use_by, context))
        yield replace(
            with_deadline(event, use_by, context.at),
            certainty=Certainty.ESTIMATED,
        )
    further_messages = []
    if is_short:
        values = {"days": rule.needs_days_left}
        further_messages.append(Message("porting_number_expires.too_few_days", values))
    if rule.new_number_is_free:
        further_messages.append(Message("porting_number_expires.new_number_is_free"))
    message = Message("porting_number_expires.day", {"deadline": deadline}, tuple(further_messages))
    yield with_deadline(
        new_event(rule, EventCode.PORTING_NUMBER_EXPIRES, message), deadline, context.at
    )


def _use_by(rule: PortingNumber, use_by: Deadline, context: RuleContext) -> Message:
    is_over = use_by.boundary <= context.at
    key: MessageKey = "porting_number_use_by.passed" if is_over else "porting_number_use_by.day"
    values = {"deadline": use_by, "days": rule.needs_days_left}
    if rule.new_number_is_free:
        return Message(key, values, (Message("porting_number_expires.new_number_is_free"),))
    return Message(key, values)


def _facts(_rule: PortingNumber, _procedure: ProcedureContent) -> Iterable[Fact]:
    return (Fact.PORTING_NUMBER_ISSUED_ON,)


HANDLER: Final = RuleHandler(
    PortingNumber, (Computation(EventCode.PORTING_NUMBER_EXPIRES, _expires),), _facts
)
