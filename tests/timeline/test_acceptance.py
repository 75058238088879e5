"""Acceptance hours: from when a request counts."""

import datetime as dt
from typing import Any

import pytest

from app.catalogue.timing_rules import Acceptance
from app.timeline.acceptance import first_accepted, processed_at
from tests.support.sample import rule


def acceptance(**fields: Any) -> Acceptance:  # noqa: ANN401 - fields of the rule
    return Acceptance.model_validate(rule("acceptance", **fields))


def japan(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{text}+09:00")


# 20 November 2026 is a Friday; Monday the 23rd is a public holiday.
@pytest.mark.parametrize(
    ("fields", "request_at", "accepted_at"),
    [
        ({}, "11-20T03:00", "11-20T03:00"),
        ({"accepted": {"opens": "10:00", "closes": "18:00"}}, "11-20T09:00", "11-20T10:00"),
        ({"accepted": {"opens": "10:00", "closes": "18:00"}}, "11-20T17:59", "11-20T17:59"),
        ({"accepted": {"opens": "10:00", "closes": "18:00"}}, "11-20T18:00", "11-21T10:00"),
        ({"weekdays": ["mon"]}, "11-20T12:00", "11-23T00:00"),
        ({"closed_from_day": 26}, "11-25T23:59", "11-25T23:59"),
        ({"closed_from_day": 26}, "11-26T00:00", "12-01T00:00"),
        (
            {"closures": [{"day": "last", "hours": {"opens": "20:00", "closes": "24:00"}}]},
            "11-30T21:00",
            "12-01T00:00",
        ),
        (
            {"closures": [{"day": "last", "hours": {"opens": "20:00", "closes": "24:00"}}]},
            "11-29T21:00",
            "11-29T21:00",
        ),
    ],
)
def test_a_request_waits_until_it_is_accepted(
    fields: dict[str, object], request_at: str, accepted_at: str
) -> None:
    """Outside the hours and days of acceptance, a request is made when they begin."""
    assert first_accepted(acceptance(**fields), japan(request_at)) == japan(accepted_at)


@pytest.mark.parametrize(
    ("fields", "request_at", "counts_from"),
    [
        ({"same_day_until": "20:00"}, "11-20T19:59:59", "11-20T19:59:59"),
        ({"same_day_until": "20:00"}, "11-20T20:00", "11-21T00:00"),
        ({"same_day_until": "19:59"}, "11-20T19:59:59", "11-20T19:59:59"),
        ({"same_day_until": "20:00", "resumes_at": "09:00"}, "11-20T20:00", "11-21T09:00"),
        ({"same_day_until": "20:00", "resumes_at": "09:00"}, "11-20T03:00", "11-20T09:00"),
        ({"same_day_until": "15:00", "later": "next_business_day"}, "11-20T15:00", "11-24T00:00"),
        ({"same_day_until": "15:00", "later": "next_business_day"}, "11-21T10:00", "11-24T00:00"),
        ({"same_day_is_certain": False}, "11-20T10:00", "11-21T00:00"),
    ],
)
def test_a_late_request_counts_later(
    fields: dict[str, object], request_at: str, counts_from: str
) -> None:
    """After the daily cut-off a request counts on the next day, or the next business day."""
    assert processed_at(acceptance(**fields), japan(request_at)) == japan(counts_from)
