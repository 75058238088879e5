"""Whether a fee for leaving early is above what the law allows."""

import datetime as dt
from dataclasses import dataclass

from app.catalogue.codes import Operator
from app.catalogue.regulation import FeeCap, RegulationDocument


@dataclass(frozen=True)
class FeeCheck:
    """The cap that applies to a contract, and how the quoted fee compares with it."""

    cap: FeeCap | None
    """None: no rule is known for such a contract."""

    cap_jpy: int | None
    """In yen with tax; None: there is no cap, or it depends on a price that is not given."""

    is_above: bool | None
    """Whether the quoted fee is above the cap; None: that cannot be said."""

    needs_monthly_price: bool
    """Whether the price of a month would answer what cannot be said without it."""


def assess_fee(
    regulation: RegulationDocument,
    contracted_on: dt.date,
    operator: Operator,
    quoted_jpy: int | None,
    monthly_jpy: int | None,
) -> FeeCheck:
    """Return the cap for a contract of that day and operator, and how the fee compares with it.

    Amounts are in yen with tax.
    """
    cap = next((cap for cap in regulation.fee_caps if _applies(cap, contracted_on, operator)), None)
    if cap is None or cap.kind == "none":
        return FeeCheck(cap, None, None, needs_monthly_price=False)
    limits = _limits(cap, monthly_jpy)
    known_limits = [limit for limit in limits if limit is not None]
    all_known = len(known_limits) == len(limits)
    is_above = _is_above(quoted_jpy, known_limits, all_known=all_known)
    return FeeCheck(
        cap,
        min(known_limits) if all_known else None,
        is_above,
        needs_monthly_price=not all_known and is_above is None,
    )


def _is_above(quoted_jpy: int | None, known_limits: list[int], *, all_known: bool) -> bool | None:
    """Return whether the fee is above the lower of two limits, of which one can be unknown."""
    if quoted_jpy is None:
        return None
    # A fee above one limit is above the lower of both, whatever the other is.
    if any(quoted_jpy > limit for limit in known_limits):
        return True
    return False if all_known else None


def _limits(cap: FeeCap, monthly_jpy: int | None) -> tuple[int | None, ...]:
    match cap.kind:
        case "amount":
            return (cap.amount_jpy,)
        case "monthly_charge":
            return (monthly_jpy,)
        case _:
            return (cap.amount_jpy, monthly_jpy)


def _applies(cap: FeeCap, contracted_on: dt.date, operator: Operator) -> bool:
    if cap.operator is not None and cap.operator is not operator:
        return False
    starts = cap.contracted_from or dt.date.min
    stops = cap.contracted_before or dt.date.max
    return starts <= contracted_on < stops
