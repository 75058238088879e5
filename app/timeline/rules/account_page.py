"""Events of `account_page` rules: when the account page closes after the contract has ended."""

from collections.abc import Iterator
from typing import Final

from app import dates
from app.catalogue.codes import EventCode
from app.catalogue.timing_rules import AccountPage
from app.messages.message import Message
from app.timeline.context import RuleContext
from app.timeline.events import Event, new_event, with_deadline
from app.timeline.rules.handler import Computation, RuleHandler


def _closes(rule: AccountPage, context: RuleContext) -> Iterator[Event]:
    deadline = context.deadline(rule, dates.later(context.contract_end, rule.open_for))
    message = Message("account_page_closes.day", {"deadline": deadline})
    yield with_deadline(
        new_event(rule, EventCode.ACCOUNT_PAGE_CLOSES, message), deadline, context.at
    )


HANDLER: Final = RuleHandler(AccountPage, (Computation(EventCode.ACCOUNT_PAGE_CLOSES, _closes),))
