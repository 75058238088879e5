"""Windows that are counted from one of two days: the safe day, and the later one beside it."""

import datetime as dt

import pytest

from app.catalogue.codes import Certainty, EventCode
from app.facts.query import Facts
from app.timeline.build import build_timeline
from app.timeline.events import Event, Timeline, drop_request_deadlines
from tests.support import rules
from tests.support.sample import EIGHT_DAYS

TWO_DAYS = {"contract_received_on": "2026-11-14", "service_started_on": "2026-11-16"}


def instant(at: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{at}+09:00")


def built(at: str, **facts: str) -> Timeline:
    procedure = rules.procedure_of(timing=[EIGHT_DAYS])
    return build_timeline(procedure, Facts.model_validate(facts).given(), instant(at))


def window(timeline: Timeline) -> Event:
    (event,) = (event for event in timeline.events if event.code is EventCode.WINDOW_CLOSES)
    return event


@pytest.mark.parametrize(
    ("at", "expected", "said"),
    [
        ("2026-11-21T23:59:59", (Certainty.EXACT, False), "window.later_count"),
        ("2026-11-22T00:00:00", (Certainty.ESTIMATED, False), "window.may_be_over"),
        ("2026-11-23T23:59:59", (Certainty.ESTIMATED, False), "window.may_be_over"),
        ("2026-11-24T00:00:00", (Certainty.EXACT, True), "window.later_count"),
    ],
)
def test_a_right_may_be_over_after_the_safe_day_and_is_over_after_the_later_one(
    at: str, expected: tuple[Certainty, bool], said: str
) -> None:
    event = window(built(at, **TWO_DAYS))

    assert event.on == dt.date(2026, 11, 21)
    assert (event.certainty, event.passed) == expected
    assert [message.key for message in event.why.also] == [said]


def test_a_day_that_is_both_has_no_later_one_beside_it() -> None:
    event = window(built("2026-11-22T00:00:00", **dict.fromkeys(TWO_DAYS, "2026-11-14")))

    assert (event.latest_at, event.certainty, event.passed) == (None, Certainty.EXACT, True)
    assert not event.why.also


@pytest.mark.parametrize("given", TWO_DAYS)
def test_one_day_alone_is_told_as_uncertain_and_never_as_over(given: str) -> None:
    event = window(built("2026-11-30T10:00:00", **{given: "2026-11-14"}))

    assert event.on == dt.date(2026, 11, 21)
    assert (event.certainty, event.passed) == (Certainty.ESTIMATED, False)
    assert [message.key for message in event.why.also] == ["window.one_day_given"]
    assert set(event.needs) == set(TWO_DAYS) - {given}


def test_in_a_session_the_right_is_not_over_before_the_later_day() -> None:
    at = "2026-11-23T12:00:00"

    assert not window(drop_request_deadlines(built(at, **TWO_DAYS), instant(at))).passed
