"""Contradictions: statements about a situation that cannot all be true.

`contradictions` takes the situation of a request and today's date in Japan. It yields an error for
each pair of statements that exclude each other, and for each past day that must be in the future.
The request is then refused. Contradictory dates are checked in `app.facts.query`.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

from app.catalogue.codes import Line
from app.facts.specs import Fact
from app.guide.situation import Situation
from app.i18n import Language
from app.messages.loader import translate
from app.problems.base import ProblemError

_DATES_OF_RUNNING_CONTRACT: Final = (Fact.CHOSEN_END_ON, Fact.RENEWS_ON)
"""Dates that lie in the future only if the contract still runs."""


def contradictions(
    situation: Situation, today: dt.date, language: Language
) -> Iterator[ProblemError]:
    """Yield an error for each pair of statements that exclude each other, naming both."""
    for pair in _exclusions(situation, today):
        yield ProblemError(
            parameter=pair.name,
            code="excludes",
            detail=translate(
                "mistake.excludes",
                language,
                name=pair.name,
                value=str(pair.value),
                other=pair.other,
                other_value=str(pair.other_value),
            ),
            allowed=None,
        )
    for name, day in (
        ("leaves_japan_on", situation.leaves_japan_on),
        ("number_needed_until", situation.number_needed_until),
    ):
        if day is not None and day < today:
            yield ProblemError(
                parameter=name,
                code="in_the_past",
                detail=translate(
                    "mistake.in_the_past", language, name=name, value=str(day), today=str(today)
                ),
                allowed=None,
            )


class _Exclusion(NamedTuple):
    """A statement, by parameter name and value, and another one that it excludes."""

    name: str
    value: object
    other: str
    other_value: object


def _exclusions(situation: Situation, today: dt.date) -> Iterator[_Exclusion]:
    yield from _about_the_line(situation, today)
    chosen = situation.facts.get(Fact.CHOSEN_END_ON)
    needed_until = situation.number_needed_until
    if needed_until and isinstance(chosen, dt.date) and chosen < needed_until:
        yield _Exclusion("number_needed_until", needed_until, Fact.CHOSEN_END_ON, chosen)
    if situation.location == "abroad" and situation.leaves_japan_on is not None:
        yield _Exclusion("leaves_japan_on", situation.leaves_japan_on, "location", "abroad")
    possessions = situation.possessions
    for need in sorted(possessions.have & possessions.lack):
        yield _Exclusion(
            "have", _stated_as_had(need, situation), "lack", _stated_as_lacked(need, situation)
        )


def _about_the_line(situation: Situation, today: dt.date) -> Iterator[_Exclusion]:
    line, ended_on = situation.line, situation.facts.get(Fact.ENDED_ON)
    if line not in {Line.ENDED, Line.MOVED}:
        if ended_on is not None:
            yield _Exclusion("ended_on", ended_on, "line", line)
        return
    if isinstance(ended_on, dt.date) and ended_on > today:
        yield _Exclusion("ended_on", ended_on, "line", line)
    for fact in _DATES_OF_RUNNING_CONTRACT:
        day = situation.facts.get(fact)
        if isinstance(day, dt.date) and day >= today:
            yield _Exclusion(fact, day, "line", line)
    if line is Line.ENDED and situation.number_needed_until:
        yield _Exclusion("number_needed_until", situation.number_needed_until, "line", line)
    if line is Line.ENDED and situation.keep_number:
        yield _Exclusion("keep_number", "true", "line", line)


def _stated_as_had(need: str, situation: Situation) -> str:
    """Return the code in `have` that is the need or includes it."""
    return next(
        code
        for code in sorted(situation.have)
        if need in situation.relations.having(frozenset({code}))
    )


def _stated_as_lacked(need: str, situation: Situation) -> str:
    """Return the code in `lack` that is the need or implies that it is missing."""
    return next(
        code
        for code in sorted(situation.lack)
        if need in situation.relations.lacking(frozenset({code}))
    )
