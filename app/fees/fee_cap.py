"""Whether an early cancellation fee is above the legal cap.

The cap depends on the kind of operator and on the day of the contract. If one of them is not known,
every possible case is computed. All amounts are in yen with tax.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.catalogue.codes import Operator
from app.catalogue.documents import CarrierDocument
from app.catalogue.regulation import FeeCap, RegulationDocument


@dataclass(frozen=True)
class FeeCase:
    """The cap for one kind of operator and one period of contract dates."""

    operator: Operator
    cap: FeeCap | None
    """None: no rule is known for such a contract."""

    cap_jpy: int | None
    """In yen with tax; None: there is no cap, or it depends on a price that is not given."""

    is_above: bool | None
    """Whether the quoted fee is above the cap; None: no fee or no cap, or a price is missing."""

    needs_monthly_price: bool
    """Whether the monthly price would decide `is_above`."""


@dataclass(frozen=True)
class FeeCheck:
    """All possible cases, and what they have in common."""

    cases: Sequence[FeeCase]

    @property
    def only_case(self) -> FeeCase | None:
        """The case if only one is possible, otherwise None."""
        return self.cases[0] if len(self.cases) == 1 else None

    @property
    def cap_jpy(self) -> int | None:
        """The cap in yen with tax if it is the same in every case, otherwise None."""
        caps = {case.cap_jpy for case in self.cases}
        return caps.pop() if len(caps) == 1 else None

    @property
    def is_above(self) -> bool | None:
        """True if the fee is above the cap in every case, False if in none, otherwise None."""
        answers = {case.is_above for case in self.cases}
        return answers.pop() if len(answers) == 1 else None

    @property
    def needs_monthly_price(self) -> bool:
        """Whether the monthly price would decide any case."""
        return any(case.needs_monthly_price for case in self.cases)


def operator_kind(carrier: CarrierDocument) -> Operator | None:
    """Return how the law classifies the carrier's operator; None if no source states it."""
    designation = carrier.designated_operator
    if designation is None:
        return None
    return Operator.DESIGNATED if designation.value else Operator.OTHER


def assess_fee(
    regulation: RegulationDocument,
    contracted_on: dt.date | None,
    operator: Operator | None,
    quoted_jpy: int | None,
    monthly_jpy: int | None,
) -> FeeCheck:
    """Return every case that is possible for the day of the contract and the kind of operator.

    An argument that is None is not known. Amounts are in yen with tax.
    """
    operators = [operator] if operator else list(Operator)
    return FeeCheck(
        [
            _case(cap, kind, quoted_jpy, monthly_jpy)
            for kind in operators
            for cap in _caps(regulation, contracted_on, kind)
        ]
    )


def _caps(
    regulation: RegulationDocument, contracted_on: dt.date | None, operator: Operator
) -> Sequence[FeeCap | None]:
    caps = [cap for cap in regulation.fee_caps if cap.operator in {None, operator}]
    if contracted_on is None:
        return caps
    return [next((cap for cap in caps if _applies_on(cap, contracted_on)), None)]


def _case(
    cap: FeeCap | None, operator: Operator, quoted_jpy: int | None, monthly_jpy: int | None
) -> FeeCase:
    if cap is None or cap.kind == "none":
        return FeeCase(operator, cap, None, None, needs_monthly_price=False)
    limits = _limits(cap, monthly_jpy)
    known_limits = [limit for limit in limits if limit is not None]
    all_known = len(known_limits) == len(limits)
    is_above = _is_above(quoted_jpy, known_limits, all_known=all_known)
    return FeeCase(
        operator,
        cap,
        min(known_limits) if all_known else None,
        is_above,
        needs_monthly_price=not all_known and is_above is None,
    )


def _is_above(quoted_jpy: int | None, known_limits: list[int], *, all_known: bool) -> bool | None:
    """Return whether the fee is above the lowest limit; None if an unknown limit decides."""
    if quoted_jpy is None:
        return None
    # A fee above one limit is above the lowest, whatever the unknown one is.
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


def _applies_on(cap: FeeCap, contracted_on: dt.date) -> bool:
    starts = cap.contracted_from or dt.date.min
    stops = cap.contracted_before or dt.date.max
    return starts <= contracted_on < stops
