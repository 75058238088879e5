"""Whether a fee asked for leaving early is above what the law allows."""

import datetime as dt
from dataclasses import dataclass

from app.catalogue.codes import Operator
from app.catalogue.regulation import FeeCap, RegulationDocument


@dataclass(frozen=True)
class FeeCheck:
    """The cap that applies, in yen as far as it can be told, and whether the fee is above it (None: not known)."""

    cap: FeeCap | None
    most_jpy: int | None
    above: bool | None
    needs_monthly_price: bool


def fee_check(
    regulation: RegulationDocument,
    contracted_on: dt.date,
    operator: Operator,
    quoted_jpy: int | None,
    monthly_jpy: int | None,
) -> FeeCheck:
    """Return the cap for a contract made on the day with an operator of the kind, and how the quoted fee stands to it."""
    cap = next((cap for cap in regulation.fee_caps if _applies(cap, contracted_on, operator)), None)
    if cap is None or cap.kind == "none":
        return FeeCheck(cap, None, None, needs_monthly_price=False)
    known = [limit for limit in _limits(cap, monthly_jpy) if limit is not None]
    all_known = len(known) == len(_limits(cap, monthly_jpy))
    most = min(known) if known else None
    # Above one of two limits is above the lower of both, whatever the other is.
    above = (
        None
        if quoted_jpy is None
        else True
        if most is not None and quoted_jpy > most
        else False
        if all_known
        else None
    )
    return FeeCheck(
        cap, most if all_known else None, above, needs_monthly_price=not all_known and above is None
    )


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
    return (
        (cap.contracted_from or dt.date.min)
        <= contracted_on
        < (cap.contracted_before or dt.date.max)
    )
