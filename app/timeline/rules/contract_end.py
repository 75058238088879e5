"""Events of `contract_end` rules: the deadline to apply, the end, the charges, the last bills."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from app import dates, zones
from app.catalogue.charges import Billing
from app.catalogue.codes import BillingCycle, Certainty, EventCode, LastMonth
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import ContractEnd
from app.facts.specs import Fact
from app.messages.keys import MessageKey
from app.messages.message import Deadline, Message, Month, Period
from app.timeline.context import RuleContext
from app.timeline.contract_end import END_OF_PERIOD, ContractEndCalculation
from app.timeline.events import CostOfDelay, Event, new_event, with_deadline, without_date
from app.timeline.missing import NotStated
from app.timeline.rules.handler import Computation, RuleHandler

_CHARGED_UNTIL: Final[Mapping[LastMonth, MessageKey]] = {
    LastMonth.FULL: "charged_until.full",
    LastMonth.PRORATED: "charged_until.prorated",
    LastMonth.BY_USAGE: "charged_until.by_usage",
    LastMonth.PREPAID: "charged_until.prepaid",
    LastMonth.UNKNOWN: "charged_until.unknown",
}


def _apply_by(rule: ContractEnd, context: RuleContext) -> Iterator[Event]:
    """Yield the deadlines to apply: for the chosen end date, and to avoid a longer charge."""
    calculation = context.calculation_of(rule)
    at = context.at
    if rule.ends == "chosen_date":
        chosen_day = _apply_by_for_chosen_day(calculation, at)
        yield chosen_day
        if not chosen_day.passed:
            return
    elif (
        calculation.procedure.billing.last_month is LastMonth.BY_USAGE
        and rule.ends not in END_OF_PERIOD
    ):
        raise NotStated("not_stated.by_usage")
    boundary = calculation.charge_boundary(at)
    if boundary is None:
        return
    charged_until = calculation.charged_until(at)
    charged_when_late = calculation.charged_until(boundary)
    deadline = Deadline(boundary.astimezone(zones.zone(rule.zone)))
    values = {
        "deadline": deadline,
        "end": charged_until,
        "period": Period(charged_until + dt.timedelta(days=1), charged_when_late),
        "then": charged_when_late,
    }
    key = _apply_by_key(calculation)
    event = with_deadline(new_event(rule, EventCode.APPLY_BY, Message(key, values)), deadline, at)
    # If charges end on the day of the request, each day of delay adds a day: no fixed amount.
    cost = CostOfDelay() if key == "apply_by.daily" else _cost_of_delay(calculation)
    yield _with_acceptance(calculation, replace(event, cost_of_delay=cost))


def _apply_by_for_chosen_day(calculation: ContractEndCalculation, at: dt.datetime) -> Event:
    rule = calculation.rule
    if rule.lead is None:
        raise NotStated("not_stated.lead")
    last_day = dates.earlier(calculation.chosen_day(), rule.lead)
    deadline = Deadline(dates.boundary(last_day, "24:00", zones.zone(rule.zone)))
    values = {"deadline": deadline, "end": calculation.chosen_day()}
    event = new_event(rule, EventCode.APPLY_BY, Message("apply_by.chosen", values))
    event = with_deadline(event, deadline, at)
    event = replace(event, cost_of_delay=CostOfDelay(), slot="chosen")
    return _with_acceptance(calculation, event)


def _apply_by_key(calculation: ContractEndCalculation) -> MessageKey:
    if calculation.rule.ends == "number_moved":
        return "apply_by.move"
    match calculation.procedure.billing.last_month:
        case LastMonth.FULL:
            return "apply_by.period"
        case LastMonth.PRORATED if calculation.rule.ends not in END_OF_PERIOD:
            return "apply_by.daily"
        case _:
            return "apply_by.runs_on"


def _takes_effect(rule: ContractEnd, context: RuleContext) -> Iterator[Event]:
    """Yield when the contract ends if the request is made at the context's instant."""
    calculation = context.calculation_of(rule)
    at = context.at
    if rule.ends == "number_moved":
        raise NotStated("not_stated.number_moved")
    if rule.ends == "chosen_date" and Fact.CHOSEN_END_ON not in context.facts:
        yield _with_acceptance(calculation, _day_to_choose(calculation, at))
        return
    ends = calculation.ends_at(at)
    last_day = calculation.last_day(at)
    key: MessageKey
    if rule.ends == "chosen_date":
        on_time = last_day == calculation.chosen_day()
        key = "takes_effect.chosen" if on_time else "takes_effect.too_early"
    elif ends == calculation.processed_at(at):
        # If the day is uncertain, so is the hour.
        key = "takes_effect.instant" if calculation.same_day_is_certain else "takes_effect.on_day"
    else:
        key = "takes_effect.day"
    request = at.astimezone(zones.zone(rule.zone))
    values = {"request": request, "instant": ends, "day": last_day}
    ends_at: dt.datetime | None
    match key:
        case "takes_effect.instant":
            ends_at = ends
        case "takes_effect.on_day":
            ends_at = None
        case _:
            ends_at = Deadline(ends).last
    if rule.not_before is not None and Fact.CONTRACT_STARTED_ON not in context.facts:
        message = Message(key, values, (Message("takes_effect.minimum"),))
        event = replace(
            new_event(rule, EventCode.TAKES_EFFECT, message),
            certainty=Certainty.ESTIMATED,
            needs=(Fact.CONTRACT_STARTED_ON,),
        )
    else:
        event = new_event(rule, EventCode.TAKES_EFFECT, Message(key, values))
    yield _with_acceptance(calculation, replace(event, at=ends_at, on=last_day))


def _day_to_choose(calculation: ContractEndCalculation, at: dt.datetime) -> Event:
    rule = calculation.rule
    earliest = calculation.earliest_choice(calculation.processed_at(at))
    if rule.lead is None:
        message = Message("takes_effect.choose_freely", {"day": earliest})
        event = new_event(rule, EventCode.TAKES_EFFECT, message)
        return without_date(event, Fact.CHOSEN_END_ON)
    message = Message("takes_effect.choose", {"day": earliest})
    event = new_event(rule, EventCode.TAKES_EFFECT, message)
    return replace(event, begins=earliest, needs=(Fact.CHOSEN_END_ON,))


def _charged_until(rule: ContractEnd, context: RuleContext) -> Iterator[Event]:
    """Yield the last day that is charged if the request is made at the context's instant."""
    if rule.ends == "number_moved" or (
        rule.ends == "chosen_date" and Fact.CHOSEN_END_ON not in context.facts
    ):
        return  # It depends on a day that is not known yet. `apply_by` gives what is known.
    calculation = context.calculation_of(rule)
    billing = context.procedure.billing
    event = charged_until_event(billing, calculation.charged_until(context.at))
    yield _with_acceptance(calculation, event)


def charged_until_event(billing: Billing, last_day: dt.date) -> Event:
    """Return the event `charged_until` for this last day."""
    message = Message(_CHARGED_UNTIL[billing.last_month], {"day": last_day})
    event = _billing_event(EventCode.CHARGED_UNTIL, Certainty.EXACT, message, billing)
    return replace(event, on=last_day)


def _last_bills(rule: ContractEnd, context: RuleContext) -> Iterator[Event]:
    """Yield when the last bill arrives, and until when late charges can follow."""
    billing = context.procedure.billing
    if rule.ends == "number_moved" or (
        billing.final_bill_months is None and billing.late_charges_months is None
    ):
        return
    yield from last_bill_events(billing, context.calculation_of(rule).last_day(context.at))


def last_bill_events(billing: Billing, last_day: dt.date) -> Iterator[Event]:
    """Yield the events of the last bill and late charges of a contract that ends on `last_day`."""
    if billing.final_bill_months is not None:
        month_end = dates.day_of_month(last_day, "last", billing.final_bill_months)
        message = Message("final_bill.month", {"month": Month(month_end)})
        event = _billing_event(EventCode.FINAL_BILL, Certainty.ESTIMATED, message, billing)
        yield replace(event, begins=month_end.replace(day=1), ends=month_end)
    if billing.late_charges_months is not None:
        month_end = dates.day_of_month(last_day, "last", billing.late_charges_months)
        message = Message("late_charges_until.month", {"month": Month(month_end)})
        event = _billing_event(EventCode.LATE_CHARGES_UNTIL, Certainty.ESTIMATED, message, billing)
        yield replace(event, on=month_end)


def _billing_event(
    code: EventCode, certainty: Certainty, message: Message, billing: Billing
) -> Event:
    return Event(code, certainty, message, "billing", billing.sources)


def _cost_of_delay(calculation: ContractEndCalculation) -> CostOfDelay:
    """Return the cost of another period: the price that the person gave, or that of the sources."""
    own_price = calculation.facts.get(Fact.MONTHLY_PRICE_JPY)
    if isinstance(own_price, int):
        return CostOfDelay(own_price)
    return CostOfDelay(calculation.procedure.billing.price_jpy)


def _with_acceptance(calculation: ContractEndCalculation, event: Event) -> Event:
    """Return the event with the sources of the acceptance rules; estimated if any of them is."""
    rules = (calculation.rule, *calculation.acceptance_rules)
    sources = dict.fromkeys(
        (*event.sources, *(source for rule in rules for source in rule.sources))
    )
    event = replace(event, sources=tuple(sources))
    if not calculation.same_day_is_certain:
        why = replace(event.why, also=(*event.why.also, Message("acceptance.careful")))
        event = replace(event, why=why)
    is_estimated = not calculation.same_day_is_certain or any(
        rule.certainty == "estimated" for rule in rules
    )
    if is_estimated and event.certainty is not Certainty.UNKNOWN:
        return replace(event, certainty=Certainty.ESTIMATED)
    return event


def billing_facts(billing: Billing) -> Iterator[Fact]:
    """Yield the facts that the last charged day depends on."""
    if billing.cycle is BillingCycle.CLOSING_DAY:
        yield Fact.CLOSING_DAY
    if billing.cycle is BillingCycle.CONTRACT_DAY:
        yield Fact.CONTRACT_STARTED_ON
        yield Fact.SERVICE_STARTED_ON
    if billing.full_within:
        yield billing.full_within.counted_from


def _facts(rule: ContractEnd, procedure: ProcedureContent) -> Iterable[Fact]:
    yield Fact.MONTHLY_PRICE_JPY
    yield from billing_facts(procedure.billing)
    if rule.ends == "chosen_date":
        yield Fact.CHOSEN_END_ON
    if rule.not_before is not None:
        yield Fact.CONTRACT_STARTED_ON


HANDLER: Final = RuleHandler(
    ContractEnd,
    (
        Computation(EventCode.APPLY_BY, _apply_by),
        Computation(EventCode.TAKES_EFFECT, _takes_effect),
        Computation(EventCode.CHARGED_UNTIL, _charged_until),
        Computation(EventCode.FINAL_BILL, _last_bills),
    ),
    _facts,
)
