"""Reasons why a date cannot be computed: a fact is not given, or no source states the rule."""

import datetime as dt

from app.facts.specs import Fact, GivenFacts
from app.messages.keys import MessageKey


class MissingFacts(Exception):  # noqa: N818 - not an error: it names what to ask for
    """A date cannot be computed without these facts."""

    def __init__(self, *facts: Fact) -> None:
        """Store the missing facts."""
        super().__init__(*facts)
        self.facts = facts


class NotStated(Exception):  # noqa: N818 - not an error: the sources are silent
    """A date cannot be computed because no source states what it depends on."""

    def __init__(self, reason: MessageKey) -> None:
        """Store the key of the message that gives the reason."""
        super().__init__(reason)
        self.reason = reason


def require_date(facts: GivenFacts, fact: Fact) -> dt.date:
    """Return the date of a fact, or raise `MissingFacts`."""
    value = facts.get(fact)
    if not isinstance(value, dt.date):
        raise MissingFacts(fact)
    return value
