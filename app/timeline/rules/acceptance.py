"""Acceptance hours: when the request is processed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app import zones
from app.catalogue.codes import EventCode
from app.catalogue.timing_rules import Acceptance
from app.messages.keys import MessageKey
from app.messages.message import Message
from app.timeline.acceptance import first_accepted, processed_at
from app.timeline.context import RuleContext
from app.timeline.events import Event, new_event
from app.timeline.rules.handler import Computation, RuleHandler


def _processed(rule: Acceptance, context: RuleContext) -> Iterator[Event]:
    processed = processed_at(rule, context.at)
    key: MessageKey
    if first_accepted(rule, context.at) > context.at:
        key = "processed.not_taken"
    elif processed > context.at:
        key = "processed.later"
    else:
        key = "processed.at_once"
    request = context.at.astimezone(zones.zone(rule.zone))
    message = Message(key, {"request": request, "instant": processed})
    event = new_event(rule, EventCode.PROCESSED, message)
    yield replace(event, at=processed, on=processed.date())


HANDLER: Final = RuleHandler(Acceptance, (Computation(EventCode.PROCESSED, _processed),))
