"""Fees: from which day one is no longer due. Their periods are in `fees`, not in `timing`."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from app.catalogue.charges import Fee
from app.catalogue.codes import Certainty, EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.parts import FeePeriod
from app.facts.specs import Fact
from app.messages.message import Message
from app.timeline.context import RuleContext
from app.timeline.contract_scope import is_for_contract, is_for_some_plans
from app.timeline.events import Event
from app.timeline.fee_period import first_free_day
from app.zones import JAPAN


def compute_fee_events(context: RuleContext) -> Iterator[Event]:
    """Yield the first free day of each fee whose period ends, as far as the facts give it."""
    for position, fee, period in _ending_fees(context.procedure):
        started = context.facts.get(period.counted_from)
        if is_for_contract(period, context.facts) and isinstance(started, dt.date):
            yield replace(_free_from(fee, period, started, context), slot=str(position))


def _free_from(fee: Fee, period: FeePeriod, started: dt.date, context: RuleContext) -> Event:
    certainty = Certainty(period.certainty)
    if certainty is Certainty.UNKNOWN:
        message = Message("fee_free.not_known", {"fee": fee.what})
        return Event(EventCode.FEE_FREE, certainty, message, "fee", fee.sources)
    day = first_free_day(period, started)
    is_for_some = is_for_some_plans(period, context.procedure)
    return Event(
        EventCode.FEE_FREE,
        Certainty.ESTIMATED if is_for_some else certainty,
        Message(
            "fee_free.fee",
            {"fee": fee.what, "day": day},
            (Message("fee_free.some_plans"),) if is_for_some else (),
        ),
        "fee",
        fee.sources,
        on=day,
        passed=day <= context.at.astimezone(JAPAN).date(),
    )


def fee_facts(procedure: ProcedureContent) -> Iterator[Fact]:
    """Yield the facts from which the first free days are counted."""
    for _, _, period in _ending_fees(procedure):
        if period.contracted_from or period.contracted_before:
            yield Fact.CONTRACT_STARTED_ON
        yield period.counted_from


class _EndingFee(NamedTuple):
    position: int
    fee: Fee
    period: FeePeriod


def _ending_fees(procedure: ProcedureContent) -> Iterator[_EndingFee]:
    """Yield the fees that are no longer due after some time, with their positions from 1 on.

    Only such a fee gives an event, so only its facts are worth asking for.
    """
    for position, fee in enumerate(procedure.fees, 1):
        period = fee.period
        if period is None or period.until is None or _costs_nothing(fee):
            continue
        if not any(_goes_on(period, other) for other in procedure.fees if other is not fee):
            yield _EndingFee(position, fee, period)


def _costs_nothing(fee: Fee) -> bool:
    return fee.amount is not None and fee.amount.exact == 0


def _goes_on(period: FeePeriod, other: Fee) -> bool:
    """Return whether another fee of the same contracts is due later on: a stage, not the end."""
    later, until = other.period, period.until
    if later is None or later.since is None or until is None or _costs_nothing(other):
        return False
    scope = {"since": None, "until": None, "certainty": "exact"}
    return (
        later.model_copy(update=scope) == period.model_copy(update=scope)
        and later.since.unit == until.unit
        and later.since.value >= until.value
    )
