"""The facts that can change a procedure's timeline. Requests with other facts are refused."""

from app.catalogue.documents import ProcedureContent
from app.facts.specs import Fact
from app.timeline.rules.fees import fee_facts
from app.timeline.rules.registry import handler_of


def relevant_facts(procedure: ProcedureContent) -> frozenset[Fact]:
    """Return every fact that can change the procedure's timeline."""
    rule_facts = (
        fact for rule in procedure.timing for fact in handler_of(rule).facts(rule, procedure)
    )
    return frozenset((*rule_facts, *fee_facts(procedure)))
