"""What has to be done by when: windows, returns, porting numbers, and bookings that cost more the later they are cancelled."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app import dates, zones
from app.catalogue.codes import Certainty, EventCode
from app.catalogue.parts import Span
from app.catalogue.timing_rules import ChargeTiers, PortingNumber, ReturnBy, Window
from app.facts.specs import Fact
from app.messages.message import ClosingEvents, Deadline, Message
from app.timeline.context import RuleContext, nth
from app.timeline.contract_end import day_of
from app.timeline.events import CostOfDelay, Event, MissingFacts, due, event, undated

WINDOWS: Final = {
    "window": EventCode.WINDOW_CLOSES,
    "refund": EventCode.REFUND_CLOSES,
    "extension": EventCode.EXTEND_BY,
    "start": EventCode.START_BY,
    "withdrawal": EventCode.WITHDRAW_BY,
}
"""The event of each right that can close."""

_STARTED: Final = frozenset({Fact.ACTIVATED_ON, Fact.SERVICE_STARTED_ON})


def window(rule: Window, context: RuleContext) -> Iterator[Event]:
    """Say when a right closes, or that it has."""
    code = WINDOWS[rule.closes]
    if rule.closes == "start" and _STARTED.intersection(context.facts):
        return  # nothing has to be started any more
    happened = [Fact(name) for name in rule.closed_by if context.facts.get(Fact(name)) is True]
    open_questions = tuple(Fact(name) for name in rule.closed_by if Fact(name) not in context.facts)
    if happened:
        message = Message("window.happened", {"closing_events": ClosingEvents(tuple(happened))})
        yield replace(event(rule, code, message), passed=True)
    elif rule.length is None:
        closing_events = ClosingEvents(tuple(Fact(name) for name in rule.closed_by))
        message = Message(
            f"window.until_{rule.closes}", {"closing_events": closing_events}, _limit(rule)
        )
        yield undated(event(rule, code, message), *open_questions)
    else:
        yield _window_by_date(rule, rule.length, context, open_questions)


def _window_by_date(
    rule: Window, length: Span, context: RuleContext, open_questions: tuple[Fact, ...]
) -> Event:
    missing = tuple(fact for fact in rule.after if fact not in context.facts)
    told = [day_of(context.facts, fact) for fact in rule.after if fact in context.facts]
    safe = bool(missing and told and rule.of_several == "later")
    if missing and not safe:
        raise MissingFacts(*missing)
    deadline = _close(rule, length, context, told)
    key = f"{rule.closes}.{rule.met_by}" if rule.closes in {"window", "refund"} else rule.closes
    also = [*_limit(rule)]
    if open_questions:
        also.append(Message("window.sooner", {"closing_events": ClosingEvents(open_questions)}))
    if safe:
        also.append(Message("window.at_the_earliest", {"facts": missing}))
    closes = event(
        rule, WINDOWS[rule.closes], Message(f"window.{key}", {"deadline": deadline}, tuple(also))
    )
    unsure = safe or (length.unit == "hours" and not rule.after_request)
    certainty = Certainty.ESTIMATED if unsure else closes.certainty
    found = replace(
        due(closes, deadline, context.at), needs=(*missing, *open_questions), certainty=certainty
    )
    return (
        replace(found, passed=False) if unsure else found
    )  # at the earliest then: nobody can say that it is over


def _close(rule: Window, length: Span, context: RuleContext, told: list[dt.date]) -> Deadline:
    if rule.after_request and length.unit == "hours":
        return Deadline(
            context.at.astimezone(zones.zone(rule.zone)) + dt.timedelta(hours=length.value)
        )
    if rule.before is not None:
        return context.deadline(
            rule, dates.earlier(day_of(context.facts, rule.before), length), rule.time
        )
    if rule.after_request:
        start = context.today(rule)
    elif rule.after_event is not None:
        start = context.contract_end if rule.after_event == "contract_end" else context.expired_on
    else:
        start = max(told) if rule.of_several == "later" else min(told)
    if length.unit == "hours":
        # Only the day is known: counted from its first minute, the deadline is never too late.
        return Deadline(
            dates.boundary(start, "00:00", zones.zone(rule.zone)) + dt.timedelta(hours=length.value)
        )
    return context.deadline(
        rule, nth(start, length, first_day_counts=rule.first_day_counts), rule.time
    )


def _limit(rule: Window) -> tuple[Message, ...]:
    return (
        (Message("window.data_limit", {"megabytes": rule.data_limit_mb}),)
        if rule.data_limit_mb
        else ()
    )


def charge_tiers(rule: ChargeTiers, context: RuleContext) -> Iterator[Event]:
    """Say until when cancelling costs how much."""
    starts = day_of(context.facts, rule.before)
    for tier in rule.tiers:
        span = Span(
            value=tier.until_days_before, unit="business_days" if rule.business_days else "days"
        )
        deadline = context.deadline(rule, dates.earlier(starts, span), rule.time)
        if tier.percent == 0 or tier.amount_jpy == 0:
            key = "free"
        elif tier.percent is not None:
            key = "percent"
        else:
            key = "amount" if tier.amount_jpy is not None else "unknown"
        message = Message(
            f"tier.{key}", {"deadline": deadline, "percent": tier.percent, "yen": tier.amount_jpy}
        )
        yield replace(
            due(event(rule, EventCode.APPLY_BY, message), deadline, context.at),
            cost_of_delay=_next_tier(rule, tier),
        )


def _next_tier(rule: ChargeTiers, tier: ChargeTiers.Tier) -> CostOfDelay:
    """Return what it costs to miss a tier: what the one after it costs, unknown after the last."""
    position = rule.tiers.index(tier) + 1
    then = rule.tiers[position] if position < len(rule.tiers) else None
    return CostOfDelay(then.amount_jpy, then.percent) if then else CostOfDelay()


def return_by(rule: ReturnBy, context: RuleContext) -> Iterator[Event]:
    """Say when the device or card has to be back, and when it counts as lost."""
    match rule.after:
        case "rental_ends_on" | "contract_received_on":
            start = day_of(context.facts, Fact(rule.after))
        case "contract_end":
            start = context.contract_end
        case "expiry":
            start = context.expired_on
        case "request":
            start = context.today(rule)
    if rule.length is not None:
        day = dates.later(start, rule.length)
    else:
        assert rule.day_of_month is not None  # the rule's own check
        day = dates.day_of_month(start, rule.day_of_month, rule.months_ahead)
    deadline = context.deadline(rule, day, rule.time)
    message = Message(f"return_by.{rule.counts}", {"deadline": deadline})
    yield due(event(rule, EventCode.RETURN_BY, message), deadline, context.at)
    if rule.lost_after is not None:
        lost = context.deadline(rule, dates.later(day, rule.lost_after))
        yield due(
            event(rule, EventCode.COUNTED_AS_LOST, Message("counted_as_lost", {"deadline": lost})),
            lost,
            context.at,
        )


def porting_number(rule: PortingNumber, context: RuleContext) -> Iterator[Event]:
    """Say how long the porting number can be used."""
    issued = day_of(context.facts, Fact.PORTING_NUMBER_ISSUED_ON)
    last = issued + dt.timedelta(days=rule.days - rule.first_day_counts)
    if rule.needs_days_left is not None:
        use = context.deadline(rule, last - dt.timedelta(days=rule.needs_days_left))
        message = Message("porting_number_use_by", {"deadline": use, "days": rule.needs_days_left})
        yield replace(
            due(event(rule, EventCode.PORTING_NUMBER_USE_BY, message), use, context.at),
            certainty=Certainty.ESTIMATED,
        )
    deadline = context.deadline(rule, last)
    message = Message("porting_number_expires", {"deadline": deadline})
    yield due(event(rule, EventCode.PORTING_NUMBER_EXPIRES, message), deadline, context.at)
