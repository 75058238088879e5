"""The timeline of every procedure asks only for facts that change it."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

import pytest

from app.catalogue.authoring.loader import read
from app.catalogue.documents import ProcedureContent
from app.facts.specs import Fact, FactValue, GivenFacts
from app.settings import ROOT
from app.timeline.build import build_timeline
from app.timeline.relevant_facts import relevant_facts
from tests.support.rules import DATES, FLAGS, JAPAN

pytestmark = pytest.mark.own_catalogue

CATALOGUE, FINDINGS = read(ROOT / "catalogue")
NOW: Final = dt.datetime(2026, 11, 20, 12, tzinfo=JAPAN)

# Days on both sides of the days that fees name, and on both sides of now.
_DAYS: Final = (
    dt.date(2018, 3, 14),
    dt.date(2023, 6, 10),
    dt.date(2026, 10, 3),
    dt.date(2026, 12, 20),
)

PROCEDURES: Final = {
    f"{carrier}/{slug}": file.document
    for carrier, files in (CATALOGUE.carriers if CATALOGUE else {}).items()
    for slug, file in files.procedures.items()
}


def test_the_whole_catalogue_is_read() -> None:
    """The catalogue has more than 200 procedures."""
    assert len(PROCEDURES) > 200, FINDINGS


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_fact_asked_for_changes_an_event(name: str) -> None:
    """For each fact that a timeline asks for, some answer changes an event."""
    rules = PROCEDURES[name]

    asked = build_timeline(rules, {}, NOW).needs

    assert [fact for fact in asked if not _changes_an_event(fact, rules)] == []


def test_a_fixed_fee_of_old_contracts_asks_no_fact() -> None:
    """A fee with a fixed amount for old contracts asks for no date of the contract."""
    # Both the old and the new amount are listed with their dates; no event depends on either.
    rules = PROCEDURES["softbank-air/return-rented-terminal"]

    assert relevant_facts(rules) == {Fact.RENTAL_ENDS_ON}


def _changes_an_event(fact: Fact, rules: ProcedureContent) -> bool:
    return any(
        build_timeline(rules, {**others, fact: answer}, NOW).events
        != build_timeline(rules, others, NOW).events
        for others in _others(fact, rules)
        for answer in _answers(fact)
    )


def _others(fact: Fact, rules: ProcedureContent) -> Iterator[GivenFacts]:
    """Yield sets of other facts: none, and all that the procedure uses, with each of the days."""
    yield {}
    for position in range(len(_DAYS)):
        yield {
            other: _answers(other)[position % len(_answers(other))]
            for other in relevant_facts(rules)
            if other is not fact
        }


def _answers(fact: Fact) -> tuple[FactValue, ...]:
    if fact in DATES:
        return _DAYS
    if fact in FLAGS:
        return (False, True)
    return (5, 20, "last") if fact is Fact.CLOSING_DAY else (7, 400)
