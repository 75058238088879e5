"""Statements about a situation that exclude each other."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from app.catalogue.codes import Line
from app.facts.specs import Fact
from app.guide.situation import Situation
from app.i18n import Language
from app.messages.loader import translate
from app.problems.base import ProblemError

_LATER: Final = (Fact.CHOSEN_END_ON, Fact.RENEWS_ON)
"""Days to come of a contract that still runs."""


def contradictions(
    situation: Situation, today: dt.date, language: Language
) -> Iterator[ProblemError]:
    """Return a mistake for each pair of statements that exclude each other, naming both."""
    for name, value, other, other_value in _pairs(situation, today):
        yield ProblemError(
            parameter=name,
            code="excludes",
            detail=translate(
                "mistake.excludes",
                language,
                name=name,
                value=str(value),
                other=other,
                other_value=str(other_value),
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


_Pair = tuple[str, object, str, object]
"""The name and the value of a statement, and of one that cannot be true with it."""


def _pairs(situation: Situation, today: dt.date) -> Iterator[_Pair]:
    yield from _about_the_line(situation, today)
    chosen = situation.facts.get(Fact.CHOSEN_END_ON)
    needed_until = situation.number_needed_until
    if needed_until and isinstance(chosen, dt.date) and chosen < needed_until:
        yield "number_needed_until", needed_until, Fact.CHOSEN_END_ON, chosen
    if situation.location == "abroad" and situation.leaves_japan_on is not None:
        yield "leaves_japan_on", situation.leaves_japan_on, "location", "abroad"
    possessions = situation.possessions
    for code in sorted(possessions.have & possessions.lack):
        yield "have", _stated(code, situation), "lack", _lacked(code, situation)


def _about_the_line(situation: Situation, today: dt.date) -> Iterator[_Pair]:
    line, ended_on = situation.line, situation.facts.get(Fact.ENDED_ON)
    if line not in {Line.ENDED, Line.MOVED}:
        if ended_on is not None:
            yield "ended_on", ended_on, "line", line
        return
    if isinstance(ended_on, dt.date) and ended_on > today:
        yield "ended_on", ended_on, "line", line
    for fact in _LATER:
        day = situation.facts.get(fact)
        if isinstance(day, dt.date) and day >= today:
            yield fact, day, "line", line
    if line is Line.ENDED and situation.number_needed_until:
        yield "number_needed_until", situation.number_needed_until, "line", line
    if line is Line.ENDED and situation.keep_number:
        yield "keep_number", "true", "line", line


def _stated(code: str, situation: Situation) -> str:
    """Return what the person has said to have that includes the need."""
    return next(
        each
        for each in sorted(situation.have)
        if code in situation.relations.having(frozenset({each}))
    )


def _lacked(code: str, situation: Situation) -> str:
    """Return what the person has said to lack because of which they lack the need."""
    return next(
        each
        for each in sorted(situation.lack)
        if code in situation.relations.lacking(frozenset({each}))
    )
