"""The end of a contract and its money: by when to apply, when it ends, until when it is paid, when no fee is due."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app import dates, zones
from app.catalogue.codes import Certainty, EventCode, LastMonth
from app.catalogue.documents import Fee, ProcedureContent
from app.catalogue.parts import FeePeriod
from app.catalogue.timing_rules import Acceptance
from app.facts.specs import Fact, GivenFacts
from app.messages.message import Deadline, Message, Month, Period
from app.timeline.contract_end import RUNS_ON, ContractEndCalculation, free_from, handled, taken
from app.timeline.events import CostOfDelay, Event, NotStated, due, event, undated

_OPEN_ENDED: Final = dt.date.max


def processed(rule: Acceptance, at: dt.datetime) -> Iterator[Event]:
    """Say when a request made at `at` is handled."""
    counts = handled(rule, at)
    key = "not_taken" if taken(rule, at) > at else "later" if counts > at else "at_once"
    message = Message(
        f"processed.{key}", {"request": at.astimezone(zones.zone(rule.zone)), "instant": counts}
    )
    yield replace(event(rule, EventCode.PROCESSED, message), at=counts, on=counts.date())


def apply_by(calculation: ContractEndCalculation, at: dt.datetime) -> Iterator[Event]:
    """Say by when to apply so as not to pay for longer: the charge boundary."""
    end = calculation.end
    if end.ends == "chosen_date":
        chosen = _for_the_chosen_day(calculation, at)
        yield chosen
        if not chosen.passed:
            return
    elif calculation.rules.billing.last_month is LastMonth.BY_USAGE and end.ends not in RUNS_ON:
        raise NotStated("by_usage")
    boundary = calculation.boundary(at)
    if boundary is None:
        return
    paid, then = calculation.charged_until(at), calculation.charged_until(boundary)
    deadline = Deadline(boundary.astimezone(zones.zone(end.zone)))
    values = {
        "deadline": deadline,
        "end": paid,
        "period": Period(paid + dt.timedelta(days=1), then),
        "then": then,
    }
    kind = _kind(calculation)
    limit = event(end, EventCode.APPLY_BY, Message(f"apply_by.{kind}", values))
    yield _based_on(
        calculation,
        replace(
            due(limit, deadline, at),
            cost_of_delay=CostOfDelay() if kind == "daily" else _waiting(calculation),
        ),
    )


def _for_the_chosen_day(calculation: ContractEndCalculation, at: dt.datetime) -> Event:
    if calculation.end.lead is None:
        raise NotStated("lead")
    last = dates.earlier(calculation.chosen(), calculation.end.lead)
    deadline = Deadline(dates.boundary(last, "24:00", zones.zone(calculation.end.zone)))
    limit = event(
        calculation.end,
        EventCode.APPLY_BY,
        Message("apply_by.chosen", {"deadline": deadline, "end": calculation.chosen()}),
    )
    return _based_on(calculation, replace(due(limit, deadline, at), cost_of_delay=CostOfDelay()))


def _kind(calculation: ContractEndCalculation) -> str:
    if calculation.end.ends == "number_moved":
        return "move"
    match calculation.rules.billing.last_month:
        case LastMonth.FULL:
            return "period"
        case LastMonth.PRORATED if calculation.end.ends not in RUNS_ON:
            return "daily"
        case _:
            return "runs_on"


def takes_effect(calculation: ContractEndCalculation, at: dt.datetime) -> Iterator[Event]:
    """Say when the contract ends if the request is made at `at`."""
    end = calculation.end
    if end.ends == "number_moved":
        raise NotStated("number_moved")
    if end.ends == "chosen_date" and Fact.CHOSEN_END_ON not in calculation.facts:
        yield _based_on(calculation, _to_be_chosen(calculation, at))
        return
    ends, last_day, counts = calculation.ends(at), calculation.last_day(at), calculation.handled(at)
    if end.ends == "chosen_date":
        key = "chosen" if last_day == calculation.chosen() else "too_early"
    else:
        key = "instant" if ends == counts else "day"
    unsure = end.not_before is not None and Fact.CONTRACT_STARTED_ON not in calculation.facts
    values = {"request": at.astimezone(zones.zone(end.zone)), "instant": ends, "day": last_day}
    message = Message(
        f"takes_effect.{key}", values, (Message("takes_effect.minimum"),) if unsure else ()
    )
    happens = replace(
        event(end, EventCode.TAKES_EFFECT, message),
        at=ends if key == "instant" else Deadline(ends).last,
        on=last_day,
        needs=(Fact.CONTRACT_STARTED_ON,) if unsure else (),
    )
    yield _based_on(
        calculation, replace(happens, certainty=Certainty.ESTIMATED) if unsure else happens
    )


def _to_be_chosen(calculation: ContractEndCalculation, at: dt.datetime) -> Event:
    end = calculation.end
    earliest = calculation.earliest_choice(calculation.handled(at).astimezone(zones.zone(end.zone)))
    message = Message(
        "takes_effect.choose" if end.lead else "takes_effect.choose_freely", {"day": earliest}
    )
    happens = replace(
        event(end, EventCode.TAKES_EFFECT, message), begins=earliest, needs=(Fact.CHOSEN_END_ON,)
    )
    return happens if end.lead else undated(replace(happens, begins=None), Fact.CHOSEN_END_ON)


def charged_until(calculation: ContractEndCalculation, at: dt.datetime) -> Iterator[Event]:
    """Say until which day is paid if the request is made at `at`."""
    if calculation.end.ends == "number_moved" or (
        calculation.end.ends == "chosen_date" and Fact.CHOSEN_END_ON not in calculation.facts
    ):
        return  # it follows from a day that nobody has named yet; `apply_by` says what can be said
    billing = calculation.rules.billing
    until = calculation.charged_until(at)
    message = Message(f"charged_until.{billing.last_month}", {"day": until})
    yield _based_on(
        calculation,
        Event(
            EventCode.CHARGED_UNTIL, Certainty.EXACT, message, "billing", billing.sources, on=until
        ),
    )


def bills(calculation: ContractEndCalculation, at: dt.datetime) -> Iterator[Event]:
    """Say when the last bill comes, and until when charges of the past can follow."""
    billing = calculation.rules.billing
    if calculation.end.ends == "number_moved" or (
        billing.final_bill_months is None and billing.late_charges_months is None
    ):
        return
    last_day = calculation.last_day(at)
    if billing.final_bill_months is not None:
        month = dates.day_of_month(last_day, "last", billing.final_bill_months)
        message = Message("final_bill", {"month": Month(month)})
        bill = Event(EventCode.FINAL_BILL, Certainty.ESTIMATED, message, "billing", billing.sources)
        yield replace(bill, begins=month.replace(day=1), ends=month)
    if billing.late_charges_months is not None:
        month = dates.day_of_month(last_day, "last", billing.late_charges_months)
        message = Message("late_charges_until", {"month": Month(month)})
        yield Event(
            EventCode.LATE_CHARGES_UNTIL,
            Certainty.ESTIMATED,
            message,
            "billing",
            billing.sources,
            on=month,
        )


def free_of_fees(rules: ProcedureContent, facts: GivenFacts, at: dt.datetime) -> Iterator[Event]:
    """Say from which day a fee is no longer due, for every fee that depends on how long the contract has run."""
    for fee in rules.fees:
        period = ending_period(fee)
        if period is None or not applies(fee, facts):
            continue
        started = facts.get(period.counted_from)
        if isinstance(started, dt.date):
            day = free_from(period, started)
            message = Message("fee_free.fee", {"fee": fee.what, "day": day})
            today = at.astimezone(zones.JAPAN).date()
            yield Event(
                EventCode.FEE_FREE,
                Certainty.EXACT,
                message,
                "fee",
                fee.sources,
                on=day,
                passed=day <= today,
            )


def applies(fee: Fee, facts: GivenFacts) -> bool:
    """Return whether the fee holds for a contract of this day, as far as the facts tell."""
    made = facts.get(Fact.CONTRACT_STARTED_ON)
    period = fee.period
    if period is None or not isinstance(made, dt.date):
        return True
    return (
        (period.contracted_from or dt.date.min) <= made < (period.contracted_before or _OPEN_ENDED)
    )


def ending_period(fee: Fee) -> FeePeriod | None:
    """Return the period of a fee that is no longer due after some time; None for any other fee.

    Only such a fee leads to an event, so only its facts are worth asking for.
    """
    costs_nothing = fee.amount is not None and fee.amount.exact == 0
    if costs_nothing or fee.period is None or fee.period.until is None:
        return None
    return fee.period


def _waiting(calculation: ContractEndCalculation) -> CostOfDelay:
    """Return what another period costs: the person's own price, or the one that the sources name."""
    own = calculation.facts.get(Fact.MONTHLY_PRICE_JPY)
    return CostOfDelay(own if isinstance(own, int) else calculation.rules.billing.price_jpy)


def _based_on(calculation: ContractEndCalculation, event: Event) -> Event:
    """Return the event with what the rules about acceptance add: their doubt and their sources."""
    rules = (calculation.end, *calculation.acceptance)
    certainty = (
        Certainty.ESTIMATED
        if any(rule.certainty == "estimated" for rule in rules)
        else event.certainty
    )
    sources = dict.fromkeys(
        (*event.sources, *(source for rule in rules for source in rule.sources))
    )
    return replace(
        event,
        sources=tuple(sources),
        certainty=event.certainty if event.certainty is Certainty.UNKNOWN else certainty,
    )
