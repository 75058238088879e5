"""Fees: from which day one is no longer due. Their periods are in `fees`, not in `timing`."""

import datetime as dt
from collections.abc import Iterator

from app.catalogue.codes import Certainty, EventCode
from app.catalogue.documents import Fee, ProcedureContent
from app.catalogue.parts import FeePeriod
from app.facts.specs import Fact, GivenFacts
from app.messages.message import Message
from app.timeline.context import RuleContext
from app.timeline.events import Event
from app.timeline.fee_period import first_free_day
from app.zones import JAPAN


def compute_fee_events(context: RuleContext) -> Iterator[Event]:
    """Yield the first free day of each fee whose period ends, as far as the facts give it."""
    today = context.at.astimezone(JAPAN).date()
    for position, fee in enumerate(context.procedure.fees, 1):
        period = _ending_period(fee)
        if period is None or not _applies(period, context.facts):
            continue
        started = context.facts.get(period.counted_from)
        if isinstance(started, dt.date):
            day = first_free_day(period, started)
            yield Event(
                EventCode.FEE_FREE,
                Certainty.EXACT,
                Message("fee_free.fee", {"fee": fee.what, "day": day}),
                "fee",
                fee.sources,
                on=day,
                passed=day <= today,
                slot=str(position),
            )


def fee_facts(procedure: ProcedureContent) -> Iterator[Fact]:
    """Yield the facts from which the first free days are counted."""
    for fee in procedure.fees:
        period = _ending_period(fee)
        if period is None:
            continue
        if period.contracted_from or period.contracted_before:
            yield Fact.CONTRACT_STARTED_ON
        yield period.counted_from


def _ending_period(fee: Fee) -> FeePeriod | None:
    """Return the period of a fee that is no longer due after some time; None for any other fee.

    Only such a fee gives an event, so only its facts are worth asking for.
    """
    costs_nothing = fee.amount is not None and fee.amount.exact == 0
    if costs_nothing or fee.period is None or fee.period.until is None:
        return None
    return fee.period


def _applies(period: FeePeriod, facts: GivenFacts) -> bool:
    """Return whether the fee applies to the contract; assumed while its date is not known."""
    contracted_on = facts.get(Fact.CONTRACT_STARTED_ON)
    if not isinstance(contracted_on, dt.date):
        return True
    starts = period.contracted_from or dt.date.min
    stops = period.contracted_before or dt.date.max
    return starts <= contracted_on < stops
