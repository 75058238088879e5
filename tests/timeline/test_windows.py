"""Windows counted from one of two days: the safe day, and the later one."""

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
def test_a_window_is_uncertain_between_its_two_days(
    at: str, expected: tuple[Certainty, bool], said: str
) -> None:
    """After the safe day a right may be over; after the later day it is."""
    event = window(built(at, **TWO_DAYS))

    assert event.on == dt.date(2026, 11, 21)
    assert (event.certainty, event.passed) == expected
    assert [message.key for message in event.why.also] == [said]


def test_equal_days_have_no_later_one() -> None:
    """If both days are the same, the window has one end, which passes for certain."""
    event = window(built("2026-11-22T00:00:00", **dict.fromkeys(TWO_DAYS, "2026-11-14")))

    assert (event.latest_at, event.certainty, event.passed) == (None, Certainty.EXACT, True)
    assert not event.why.also


@pytest.mark.parametrize("given", TWO_DAYS)
def test_one_day_alone_is_uncertain_and_never_over(given: str) -> None:
    """With one of two days the end is an estimate that never passes, and the other is needed."""
    event = window(built("2026-11-30T10:00:00", **{given: "2026-11-14"}))

    assert event.on == dt.date(2026, 11, 21)
    assert (event.certainty, event.passed) == (Certainty.ESTIMATED, False)
    assert [message.key for message in event.why.also] == ["window.one_day_given"]
    assert set(event.needs) == set(TWO_DAYS) - {given}


def test_in_a_session_the_right_is_not_over_before_the_later_day() -> None:
    """In a session, a window is not over until the later day has passed."""
    at = "2026-11-23T12:00:00"

    assert not window(drop_request_deadlines(built(at, **TWO_DAYS), instant(at))).passed
