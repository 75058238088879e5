"""Events of `window` rules: when a right ends, by a date, an event, or whichever is first."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from app import dates, zones
from app.catalogue.codes import Certainty, EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.parts import Span
from app.catalogue.timing_rules import Window
from app.facts.specs import Fact
from app.messages.keys import MessageKey
from app.messages.message import ClosingEvents, Deadline, Message
from app.timeline.context import RuleContext, last_day_of
from app.timeline.events import Event, new_event, with_deadline, without_date
from app.timeline.missing import MissingFacts
from app.timeline.rules.handler import Computation, RuleHandler

_EVENTS: Final[Mapping[str, EventCode]] = {
    "window": EventCode.WINDOW_CLOSES,
    "refund": EventCode.REFUND_CLOSES,
    "extension": EventCode.EXTEND_BY,
    "start": EventCode.START_BY,
    "withdrawal": EventCode.WITHDRAW_BY,
}
"""By `Window.closes`: the right that ends."""

_UNTIL: Final[Mapping[str, MessageKey]] = {
    "window": "window.until_window",
    "refund": "window.until_refund",
    "extension": "window.until_extension",
    "start": "window.until_start",
    "withdrawal": "window.until_withdrawal",
}
"""Texts for rights that only an event ends, by `Window.closes`."""

_BY_DATE: Final[Mapping[tuple[str, str | None], MessageKey]] = {
    ("window", "request"): "window.window.request",
    ("window", "dispatch"): "window.window.dispatch",
    ("window", "arrival"): "window.window.arrival",
    ("refund", "request"): "window.refund.request",
    ("refund", "dispatch"): "window.refund.dispatch",
    ("refund", "arrival"): "window.refund.arrival",
    ("extension", None): "window.extension",
    ("start", None): "window.start",
    ("withdrawal", None): "window.withdrawal",
}
"""Texts for rights that end on a date, by `Window.closes` and, where it matters, `met_by`."""

_SERVICE_STARTED: Final = frozenset({Fact.ACTIVATED_ON, Fact.SERVICE_STARTED_ON})


def _closes(rule: Window, context: RuleContext) -> Iterator[Event]:
    if rule.closes == "start" and not _SERVICE_STARTED.isdisjoint(context.facts):
        return  # The service has already started.
    code = _EVENTS[rule.closes]
    happened = tuple(fact for fact in rule.closed_by if context.facts.get(fact) is True)
    not_given = tuple(fact for fact in rule.closed_by if fact not in context.facts)
    if happened:
        message = Message("window.happened", {"closing_events": ClosingEvents(happened)})
        yield replace(new_event(rule, code, message), passed=True)
    elif rule.length is None:
        closing_events = ClosingEvents(rule.closed_by)
        message = Message(
            _UNTIL[rule.closes], {"closing_events": closing_events}, tuple(_data_limit(rule))
        )
        yield without_date(new_event(rule, code, message), *not_given)
    else:
        yield _closes_on_a_date(rule, rule.length, context, not_given)


def _closes_on_a_date(
    rule: Window, length: Span, context: RuleContext, closing_facts: tuple[Fact, ...]
) -> Event:
    missing = tuple(fact for fact in rule.after if fact not in context.facts)
    given_days = sorted(context.date_of(fact) for fact in rule.after if fact in context.facts)
    # If the later date counts, a deadline from either is safe. If the earlier, both are needed.
    is_one_of_several = bool(missing and given_days and rule.of_several == "later")
    if missing and not is_one_of_several:
        raise MissingFacts(*missing)
    deadline = _deadline(rule, length, context, given_days[:1])
    later = deadline
    if rule.of_several == "later":
        later = _deadline(rule, length, context, given_days[-1:])
    further_messages = _data_limit(rule)
    is_in_doubt = deadline.boundary <= context.at < later.boundary
    if later != deadline:
        key: MessageKey = "window.may_be_over" if is_in_doubt else "window.later_count"
        further_messages.insert(0, Message(key, {"deadline": later}))
    if closing_facts:
        values = {"closing_events": ClosingEvents(closing_facts)}
        further_messages.append(Message("window.sooner", values))
    if is_one_of_several:
        further_messages.append(Message("window.one_day_given", {"facts": missing}))
    message_key = _BY_DATE.get((rule.closes, rule.met_by)) or _BY_DATE[rule.closes, None]
    message = Message(message_key, {"deadline": deadline}, tuple(further_messages))
    event = replace(
        with_deadline(new_event(rule, _EVENTS[rule.closes], message), deadline, context.at),
        needs=(*missing, *closing_facts),
        latest_at=later.last if later != deadline else None,
        # The carrier may count from the later date, so the right can outlast the safe deadline.
        passed=later.boundary <= context.at,
    )
    is_by_the_hour = length.unit == "hours" and not rule.after_request
    if is_one_of_several or is_by_the_hour:
        # It can end later, so it is never reported as passed.
        return replace(event, certainty=Certainty.ESTIMATED, passed=False)
    return replace(event, certainty=Certainty.ESTIMATED) if is_in_doubt else event


def _deadline(
    rule: Window, length: Span, context: RuleContext, given_days: Sequence[dt.date]
) -> Deadline:
    if rule.before is not None:
        last_day = dates.earlier(context.date_of(rule.before), length)
        return context.deadline(rule, last_day, rule.time)
    if length.unit == "hours":
        hours = dt.timedelta(hours=length.value)
        zone = zones.zone(rule.zone)
        if rule.after_request:
            return Deadline(context.at.astimezone(zone) + hours)
        # Only the day is known. Counted from its first minute, the deadline is never too late.
        return Deadline(dates.boundary(_start(rule, context, given_days), "00:00", zone) + hours)
    start = _start(rule, context, given_days)
    last_day = last_day_of(start, length, first_day_counts=rule.first_day_counts)
    return context.deadline(rule, last_day, rule.time)


def _start(rule: Window, context: RuleContext, given_days: Sequence[dt.date]) -> dt.date:
    if rule.after_request:
        return context.today(rule)
    if rule.after_event is not None:
        return context.contract_end if rule.after_event == "contract_end" else context.expiry
    (start,) = given_days
    return start


def _data_limit(rule: Window) -> list[Message]:
    if rule.data_limit_mb is None:
        return []
    return [Message("window.data_limit", {"megabytes": rule.data_limit_mb})]


def _facts(rule: Window, _procedure: ProcedureContent) -> Iterable[Fact]:
    yield from rule.after
    if rule.before is not None:
        yield rule.before
    yield from rule.closed_by


HANDLER: Final = RuleHandler(
    Window, (Computation(lambda rule: _EVENTS[rule.closes], _closes),), _facts
)
