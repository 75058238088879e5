"""The facts that a session stores: what the person has stated so far."""

import datetime as dt
from typing import Any

from app.facts.query import Facts, find_contradictions
from app.i18n import Language
from app.problems.base import InvalidRequest, ProblemError
from app.sessions.models import StoredFacts


def change_facts(
    change: Facts | None, stored: StoredFacts, now: dt.datetime, language: Language
) -> StoredFacts:
    """Return the stored facts with the change applied; null in the change removes a fact.

    `now` is the instant against which past and future dates are checked. Raises `InvalidRequest`,
    with pointers into the body, if the facts cannot all be true.
    """
    if change is None:
        return stored
    changed: dict[str, Any] = change.model_dump(mode="json", exclude_unset=True)
    facts = {name: value for name, value in (stored | changed).items() if value is not None}
    if errors := find_contradictions(given_facts(facts).given(), now, language):
        raise InvalidRequest(errors=[_in_body(error) for error in errors])
    return facts


def given_facts(stored: StoredFacts) -> Facts:
    """Return the stored facts with values of their types."""
    return Facts.model_validate(stored)


def _in_body(error: ProblemError) -> ProblemError:
    return error.model_copy(update={"parameter": None, "pointer": f"/facts/{error.parameter}"})
