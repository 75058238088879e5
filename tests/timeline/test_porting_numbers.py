"""Porting numbers: how long one is valid, and until when new carriers take it."""

import datetime as dt

import pytest

from app.catalogue.authoring.loader import read
from app.catalogue.codes import EventCode
from app.facts.query import Facts
from app.settings import ROOT
from app.timeline.build import build_timeline
from app.timeline.events import Event
from tests.support import rules
from tests.support.sample import rule

pytestmark = pytest.mark.own_catalogue

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
def test_too_few_days_are_told_beside_the_last_day_and_that_a_new_number_is_free(
    at: str, use_by: list[str], expires: list[str]
) -> None:
    events = built(at, needs_days_left=10, new_number_is_free=True)

    assert events[EventCode.PORTING_NUMBER_USE_BY].on == dt.date(2026, 11, 14)
    assert events[EventCode.PORTING_NUMBER_EXPIRES].on == dt.date(2026, 11, 24)
    assert keys(events[EventCode.PORTING_NUMBER_USE_BY]) == use_by
    assert keys(events[EventCode.PORTING_NUMBER_EXPIRES]) == expires


def test_what_no_source_says_of_a_new_number_is_not_told() -> None:
    events = built("2026-11-20T12:00:00")

    assert EventCode.PORTING_NUMBER_USE_BY not in events
    assert keys(events[EventCode.PORTING_NUMBER_EXPIRES]) == ["porting_number_expires.day"]


def test_every_way_to_move_a_number_tells_until_when_it_is_taken() -> None:
    catalogue, findings = read(ROOT / "catalogue")
    assert catalogue is not None, findings

    silent = [
        f"{carrier}/{procedure}"
        for carrier, files in catalogue.carriers.items()
        for procedure, file in files.procedures.items()
        if file.document.goal == "port_out"
        and not any(getattr(rule, "needs_days_left", None) for rule in file.document.timing)
    ]

    assert silent == []
