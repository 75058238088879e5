"""For which contracts a rule about a fee is: contracts of some days, or of some plans."""

import datetime as dt

from app.catalogue.documents import ProcedureContent
from app.catalogue.parts import FeePeriod
from app.catalogue.timing_rules import FreeMonths
from app.facts.specs import Fact, GivenFacts


def is_for_contract(rule: FeePeriod | FreeMonths, facts: GivenFacts) -> bool:
    """Return whether the rule is for a contract of that day; assumed while it is not known."""
    contracted_on = facts.get(Fact.CONTRACT_STARTED_ON)
    if not isinstance(contracted_on, dt.date):
        return True
    starts = rule.contracted_from or dt.date.min
    stops = rule.contracted_before or dt.date.max
    return starts <= contracted_on < stops


def is_for_some_plans(rule: FeePeriod | FreeMonths, procedure: ProcedureContent) -> bool:
    """Return whether a customer of the procedure can be on a plan that the rule is not for.

    A timeline knows the procedure, never the plan of the person.
    """
    if not rule.plans:
        return False
    plans = procedure.applies_to.plans
    return not plans or not set(plans) <= set(rule.plans)
