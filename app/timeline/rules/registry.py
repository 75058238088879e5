"""The handlers of all kinds of timing rules. How to add a kind: docs/architecture.md."""

from collections.abc import Mapping
from typing import Any, Final

from app.catalogue.timing_rules import Rule
from app.timeline.rules import (
    acceptance,
    account_page,
    after_end,
    booking,
    contract_end,
    expiry,
    free_months,
    porting,
    refund,
    renewal,
    return_by,
    unpaid,
    window,
)
from app.timeline.rules.handler import RuleHandler

HANDLERS: Final[tuple[RuleHandler[Any], ...]] = (
    acceptance.HANDLER,
    contract_end.HANDLER,
    window.HANDLER,
    expiry.HANDLER,
    return_by.HANDLER,
    porting.HANDLER,
    renewal.HANDLER,
    account_page.HANDLER,
    booking.HANDLER,
    free_months.HANDLER,
    unpaid.HANDLER,
    refund.HANDLER,
    after_end.HANDLER,
)
"""In the order of docs/timing-rules.md."""

_BY_RULE: Final[Mapping[type[Rule], RuleHandler[Any]]] = {
    handler.rule: handler for handler in HANDLERS
}


def handler_of(rule: Rule) -> RuleHandler[Any]:
    """Return the handler for the kind of the rule."""
    return _BY_RULE[type(rule)]
