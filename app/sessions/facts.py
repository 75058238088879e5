"""The facts a session keeps: what a person has told so far, each removable."""

import datetime as dt
from typing import Any

from app.facts.query import Facts, find_contradictions
from app.i18n import Language
from app.problems.base import InvalidRequest, ProblemError
from app.sessions.models import StoredFacts


def applied(
    change: Facts | None, stored: StoredFacts, now: dt.datetime, language: Language
) -> StoredFacts:
    """Return the stored facts with those of the change: set, or removed where they are null.

    Raises `InvalidRequest` when they cannot be true together.
    """
    if change is None:
        return stored
    given: dict[str, Any] = change.model_dump(mode="json", exclude_unset=True)
    facts = {name: value for name, value in (stored | given).items() if value is not None}
    if errors := find_contradictions(given_facts(facts).given(), now, language):
        raise InvalidRequest(errors=[_in_body(error) for error in errors])
    return facts


def given_facts(stored: StoredFacts) -> Facts:
    """Return the facts that a session keeps."""
    return Facts.model_validate(stored)


def _in_body(error: ProblemError) -> ProblemError:
    return error.model_copy(update={"parameter": None, "pointer": f"/facts/{error.parameter}"})
