"""Which facts the rules of a procedure can make use of."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from app.catalogue.codes import BillingCycle
from app.catalogue.documents import Billing, ProcedureContent
from app.catalogue.timing_rules import (
    ChargeTiers,
    ContractEnd,
    Expiry,
    FreeMonths,
    PortingNumber,
    RefundPaid,
    Renewal,
    ReturnBy,
    Rule,
    Unpaid,
    Window,
)
from app.facts.specs import Fact
from app.timeline.rules.charges import ending_period


def relevant_facts(rules: ProcedureContent) -> frozenset[Fact]:
    """Return every fact that could change the procedure's timeline."""
    return frozenset((*_of_deadlines(rules), *_of_the_end(rules), *of_fees(rules)))


def _of_the_end(rules: ProcedureContent) -> Iterator[Fact]:
    for rule in rules.timing:
        if isinstance(rule, ContractEnd):
            yield Fact.MONTHLY_PRICE_JPY
            yield from _of_cycle(rules.billing)
            if rule.ends == "chosen_date":
                yield Fact.CHOSEN_END_ON
            if rule.not_before is not None:
                yield Fact.CONTRACT_STARTED_ON


def _of_cycle(billing: Billing) -> Iterator[Fact]:
    if billing.cycle is BillingCycle.CLOSING_DAY:
        yield Fact.CLOSING_DAY
    if billing.cycle is BillingCycle.CONTRACT_DAY:
        yield Fact.CONTRACT_STARTED_ON
        yield Fact.SERVICE_STARTED_ON
    if billing.full_within:
        yield billing.full_within.counted_from


def of_fees(rules: ProcedureContent) -> Iterator[Fact]:
    """Return the facts that decide from when fees are no longer due."""
    for fee in rules.fees:
        period = ending_period(fee)
        if period is None:
            continue
        if period.contracted_from or period.contracted_before:
            yield Fact.CONTRACT_STARTED_ON
        yield period.counted_from


def _of_deadlines(rules: ProcedureContent) -> Iterator[Fact]:
    for rule in rules.timing:
        yield from _COUNTED_FROM.get(type(rule), _nothing)(rule)


def _nothing(_rule: Rule) -> Iterable[Fact]:
    return ()


def _of_window(rule: Window) -> Iterable[Fact]:
    return (*rule.after, *([rule.before] if rule.before else []), *map(Fact, rule.closed_by))


def _of_expiry(rule: Expiry) -> Iterable[Fact]:
    return (rule.after, Fact.PLAN_DAYS) if rule.length == "plan_days" else (rule.after,)


def _of_renewal(rule: Renewal) -> Iterable[Fact]:
    match rule.on:
        case "renews_on":
            return (Fact.RENEWS_ON, Fact.MONTHLY_PRICE_JPY)
        case "plan_end":
            return (Fact.RENTAL_ENDS_ON, Fact.ACTIVATED_ON, Fact.PLAN_DAYS, Fact.MONTHLY_PRICE_JPY)
        case _:
            return (Fact.MONTHLY_PRICE_JPY,)


def _of_dates(rule: ReturnBy | RefundPaid) -> Iterable[Fact]:
    return (Fact(rule.after),) if rule.after in set(Fact) else ()


_COUNTED_FROM: Final[Mapping[type[Rule], Callable[[Any], Iterable[Fact]]]] = {
    ChargeTiers: lambda rule: (rule.before,),
    Expiry: _of_expiry,
    FreeMonths: lambda rule: (rule.counted_from,),
    PortingNumber: lambda _rule: (Fact.PORTING_NUMBER_ISSUED_ON,),
    RefundPaid: _of_dates,
    Renewal: _of_renewal,
    ReturnBy: _of_dates,
    Unpaid: lambda rule: (rule.after,),
    Window: _of_window,
}
