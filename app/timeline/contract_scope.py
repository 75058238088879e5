"""Whether a fee rule applies to a contract: by the day it started, and by its plan."""

import datetime as dt

from app.catalogue.documents import ProcedureContent
from app.catalogue.parts import FeePeriod
from app.catalogue.timing_rules import FreeMonths
from app.facts.specs import Fact, GivenFacts


def is_for_contract(rule: FeePeriod | FreeMonths, facts: GivenFacts) -> bool:
    """Return whether the rule covers the contract's start date; True while that is not known."""
    contracted_on = facts.get(Fact.CONTRACT_STARTED_ON)
    if not isinstance(contracted_on, dt.date):
        return True
    first_day = rule.contracted_from or dt.date.min
    day_after_last = rule.contracted_before or dt.date.max
    return first_day <= contracted_on < day_after_last


def is_for_some_plans(rule: FeePeriod | FreeMonths, procedure: ProcedureContent) -> bool:
    """Return whether the procedure has customers whose plan the rule does not cover.

    A timeline knows the plans of the procedure, never the plan of the person.
    """
    if not rule.plans:
        return False
    plans = procedure.applies_to.plans
    return not plans or not set(plans) <= set(rule.plans)
