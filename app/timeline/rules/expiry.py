"""Events of `expiry` rules: when a service is suspended and when it expires."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from app.catalogue.codes import Certainty, EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import Expiry
from app.facts.specs import Fact
from app.messages.keys import MessageKey
from app.messages.message import Message
from app.timeline.context import RuleContext, expiry_days
from app.timeline.events import Event, new_event, with_deadline
from app.timeline.rules.handler import Computation, RuleHandler


def _expires(rule: Expiry, context: RuleContext) -> Iterator[Event]:
    days = expiry_days(rule, context.facts)
    if days.suspended_after is not None:
        yield _lasts_until(
            days.suspended_after, EventCode.SUSPENDED, "suspended.day", rule, context
        )
    expires = _lasts_until(days.last_day, EventCode.EXPIRES, "expires.day", rule, context)
    if rule.rolling:
        # It expires at the hour of activation, which is not known. Only the day can be given.
        message = Message("expires.rolling", {"day": days.last_day})
        expires = replace(expires, at=None, why=message, certainty=Certainty.ESTIMATED)
    yield expires


def _lasts_until(
    day: dt.date, code: EventCode, key: MessageKey, rule: Expiry, context: RuleContext
) -> Event:
    deadline = context.deadline(rule, day, rule.time)
    event = new_event(rule, code, Message(key, {"deadline": deadline}))
    return with_deadline(event, deadline, context.at)


def _facts(rule: Expiry, _procedure: ProcedureContent) -> Iterable[Fact]:
    return (rule.after, Fact.PLAN_DAYS) if rule.length == "plan_days" else (rule.after,)


HANDLER: Final = RuleHandler(Expiry, (Computation(EventCode.EXPIRES, _expires),), _facts)
