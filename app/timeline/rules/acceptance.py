"""Events of `acceptance` rules: when the request is processed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app import zones
from app.catalogue.codes import Certainty, EventCode
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
    if not rule.same_day_is_certain:
        key = "processed.at_the_latest"
    elif first_accepted(rule, context.at) > context.at:
        key = "processed.not_taken"
    elif processed > context.at:
        key = "processed.later"
    else:
        key = "processed.at_once"
    request = context.at.astimezone(zones.zone(rule.zone))
    values = {"request": request, "instant": processed, "day": processed.date()}
    event = new_event(rule, EventCode.PROCESSED, Message(key, values))
    # If the day is uncertain, so is the hour.
    at = processed if rule.same_day_is_certain else None
    certainty = event.certainty if rule.same_day_is_certain else Certainty.ESTIMATED
    yield replace(event, at=at, on=processed.date(), certainty=certainty)


HANDLER: Final = RuleHandler(Acceptance, (Computation(EventCode.PROCESSED, _processed),))
