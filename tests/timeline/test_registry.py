"""Kinds of timing rules: each is registered once, documented and tried out."""

from typing import Any, get_args

import pytest
from hypothesis import find

from app.catalogue.timing_rules import TimingRule
from app.timeline.rules.handler import RuleHandler
from app.timeline.rules.registry import HANDLERS
from scripts.docs_timing_rules import EXAMPLES
from tests.support import rules

KINDS = [handler.kind for handler in HANDLERS]


def test_every_rule_of_a_procedure_file_has_one_handler() -> None:
    """The handlers are those of the kinds of rules in a procedure file, in their order."""
    (union, *_) = get_args(TimingRule)

    assert [handler.rule for handler in HANDLERS] == list(get_args(union))


def test_every_kind_has_an_example_in_the_docs() -> None:
    """docs/timing-rules.md has an example of each kind."""
    assert list(EXAMPLES) == KINDS


@pytest.mark.parametrize("handler", HANDLERS, ids=KINDS)
def test_a_kind_needs_no_strategy_of_its_own(handler: RuleHandler[Any]) -> None:
    """From the fields alone, the property tests can make valid rules of every kind."""
    for strategy in (rules.STRATEGIES[handler.kind], rules.any_rule(handler.kind, handler.rule)):
        assert find(strategy, rules.is_valid)["kind"] == handler.kind
