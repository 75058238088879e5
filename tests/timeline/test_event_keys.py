"""Events have the same key whatever their dates are, and know the facts they follow from."""

import datetime as dt

from app.catalogue.timing_rules import Window
from app.facts.specs import Fact
from app.timeline.event_keys import FactsRead, named_rules
from tests.support import rules
from tests.support.sample import rule

REFUND = rule("window", closes="refund", length={"value": 30}, after=["bought_on"])
RIGHT = rule("window", closes="window", length={"value": 8}, after=["contract_received_on"])
BOUGHT = dt.date(2026, 11, 20)


def test_rules_of_one_kind_are_numbered() -> None:
    """The first rule of a name has no number, and windows of other rights have other names."""
    procedure = rules.procedure_of(timing=[REFUND, RIGHT, REFUND])

    named = list(named_rules(procedure.timing))

    assert [name for name, _ in named] == ["window-refund", "window-window", "window-refund-2"]
    assert all(isinstance(named_rule, Window) for _, named_rule in named)


def test_the_basis_is_what_was_read() -> None:
    """Facts that a computation looked at are its basis; given ones that it did not are not."""
    facts = FactsRead({Fact.BOUGHT_ON: BOUGHT, Fact.RENTAL_ENDS_ON: BOUGHT})

    assert facts.get(Fact.BOUGHT_ON) == BOUGHT
    assert Fact.ACTIVATED_ON not in facts

    assert facts.basis == ((Fact.BOUGHT_ON, BOUGHT),)
    assert (len(facts), list(facts)) == (2, [Fact.BOUGHT_ON, Fact.RENTAL_ENDS_ON])


def test_a_look_at_a_given_fact_counts() -> None:
    """Asking whether a fact is given reads it, as its value does."""
    facts = FactsRead({Fact.BOUGHT_ON: BOUGHT})

    assert Fact.BOUGHT_ON in facts
    assert facts.basis == ((Fact.BOUGHT_ON, BOUGHT),)
