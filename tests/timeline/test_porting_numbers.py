"""Porting numbers: how long one is valid, and until when new carriers accept it."""

import datetime as dt

import pytest

from app.catalogue.codes import EventCode
from app.facts.query import Facts
from app.timeline.build import build_timeline
from app.timeline.events import Event
from tests.support import rules
from tests.support.sample import rule

FREE = "porting_number_expires.new_number_is_free"


def built(at: str, **fields: object) -> dict[EventCode, Event]:
    procedure = rules.procedure_of(timing=[rule("porting_number", days=15, **fields)])
    facts = Facts.model_validate({"porting_number_issued_on": "2026-11-10"}).given()
    timeline = build_timeline(procedure, facts, dt.datetime.fromisoformat(f"{at}+09:00"))
    return {event.code: event for event in timeline.events}


def keys(event: Event) -> list[str]:
    return [event.why.key, *(message.key for message in event.why.also)]


@pytest.mark.parametrize(
    ("at", "use_by", "expires"),
    [
        (
            "2026-11-14T23:59:59",
            ["porting_number_use_by.day", FREE],
            ["porting_number_expires.day", FREE],
        ),
        (
            "2026-11-15T00:00:00",
            ["porting_number_use_by.passed", FREE],
            ["porting_number_expires.day", "porting_number_expires.too_few_days", FREE],
        ),
        (
            "2026-11-25T00:00:00",
            ["porting_number_use_by.passed", FREE],
            ["porting_number_expires.day", FREE],
        ),
    ],
)
def test_too_few_days_left_are_announced(at: str, use_by: list[str], expires: list[str]) -> None:
    """From the day on which too few days are left, the last day says so; a new number is free."""
    events = built(at, needs_days_left=10, new_number_is_free=True)

    assert events[EventCode.PORTING_NUMBER_USE_BY].on == dt.date(2026, 11, 14)
    assert events[EventCode.PORTING_NUMBER_EXPIRES].on == dt.date(2026, 11, 24)
    assert keys(events[EventCode.PORTING_NUMBER_USE_BY]) == use_by
    assert keys(events[EventCode.PORTING_NUMBER_EXPIRES]) == expires


def test_without_a_source_nothing_is_said_of_new_numbers() -> None:
    """A rule without days left and without the price of a new number has only its last day."""
    events = built("2026-11-20T12:00:00")

    assert EventCode.PORTING_NUMBER_USE_BY not in events
    assert keys(events[EventCode.PORTING_NUMBER_EXPIRES]) == ["porting_number_expires.day"]
