"""Events of fees: the first day on which a fee is no longer due.

Fees have no timing rule. Their periods are in `fees` of the procedure.
"""

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
    """Yield the first free day of each fee that ends, if the start of its period is given."""
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
    """Yield the facts that the first free days depend on."""
    for _, _, period in _ending_fees(procedure):
        if period.contracted_from or period.contracted_before:
            yield Fact.CONTRACT_STARTED_ON
        yield period.counted_from


class _EndingFee(NamedTuple):
    position: int
    fee: Fee
    period: FeePeriod


def _ending_fees(procedure: ProcedureContent) -> Iterator[_EndingFee]:
    """Yield the fees that end at some time, with their positions from 1 on.

    Only these fees give an event, so only their facts are asked for.
    """
    for position, fee in enumerate(procedure.fees, 1):
        period = fee.period
        if period is None or period.until is None or _costs_nothing(fee):
            continue
        other_fees = [other_fee for other_fee in procedure.fees if other_fee is not fee]
        if not any(_continues(period, other_fee) for other_fee in other_fees):
            yield _EndingFee(position, fee, period)


def _costs_nothing(fee: Fee) -> bool:
    return fee.amount is not None and fee.amount.exact == 0


def _continues(period: FeePeriod, other_fee: Fee) -> bool:
    """Return whether another fee for the same contracts starts after this period ends.

    The end of the period then changes the fee instead of ending it.
    """
    other_period, until = other_fee.period, period.until
    if other_period is None or other_period.since is None or until is None:
        return False
    if _costs_nothing(other_fee):
        return False
    # With these fields made equal, two periods are equal if they are for the same contracts.
    ignored = {"since": None, "until": None, "certainty": "exact"}
    return (
        other_period.model_copy(update=ignored) == period.model_copy(update=ignored)
        and other_period.since.unit == until.unit
        and other_period.since.value >= until.value
    )
