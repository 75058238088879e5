"""The timeline over HTTP, and the instants at which it changes."""

import datetime as dt
from typing import Any

import httpx
import icalendar
import pytest

from app.facts.specs import Fact
from app.timeline.build import build_timeline
from tests.support import rules
from tests.support.requests import get
from tests.support.sample import FULL_MONTH, rule

CANCEL = "/v1/carriers/monthly/procedures/cancel-online/timeline"
EIGHT_DAYS = "/v1/carriers/monthly/procedures/eight-days/timeline"


def events(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {event["code"]: event for event in body["events"]}


@pytest.mark.parametrize(
    ("at", "apply_by", "charged_until"),
    [
        ("2026-11-30T18:59:59+09:00", "2026-11-30T19:59:59+09:00", "2026-11-30"),
        ("2026-11-30T19:59:59+09:00", "2026-11-30T19:59:59+09:00", "2026-11-30"),
        ("2026-11-30T20:00:00+09:00", "2026-12-31T19:59:59+09:00", "2026-12-31"),
        ("2026-11-30T21:00:00+09:00", "2026-12-31T19:59:59+09:00", "2026-12-31"),
        ("2028-02-28T12:00:00+09:00", "2028-02-29T19:59:59+09:00", "2028-02-29"),
        ("2027-02-28T12:00:00+09:00", "2027-02-28T19:59:59+09:00", "2027-02-28"),
        ("2026-12-31T23:00:00+09:00", "2027-01-31T19:59:59+09:00", "2027-01-31"),
    ],
)
def test_a_whole_month_ends_at_its_last_cut_off(
    client: httpx.Client, at: str, apply_by: str, charged_until: str
) -> None:
    """To pay for no further month, apply by the cut-off of the last day of the month."""
    events_by_code = events(get(client, CANCEL, at=at))

    assert events_by_code["apply_by"]["at"] == apply_by
    assert events_by_code["charged_until"]["on"] == charged_until


def test_a_deadline_is_a_sentence_in_each_language(client: httpx.Client) -> None:
    """The sentence has the deadline, its zone, and the month that is charged after it."""
    sentences = {
        language: events(get(client, CANCEL, at="2026-11-20T10:00:00+09:00", lang=language))[
            "apply_by"
        ]["why"]
        for language in ("en", "ja", "zh-Hans")
    }

    assert sentences == {
        "en": "Apply by 20:00 on Mon 30 Nov (Japan time); after that you also pay for December.",
        "ja": (
            "11月30日（月）20:00（日本時間）までに申し込んでください。"
            "過ぎると12月の分も請求されます。"
        ),
        "zh-Hans": "请在11月30日（周一）20:00（日本时间）前申请，逾期还要支付12月的费用。",
    }


def test_the_cost_of_delay_is_the_given_price(
    client: httpx.Client,
) -> None:
    """The cost of delay is the price of a month; without the price it is unknown."""
    without_price = events(get(client, CANCEL, at="2026-11-20T10:00:00+09:00"))["apply_by"][
        "cost_of_delay"
    ]
    with_price = events(
        get(client, CANCEL, at="2026-11-20T10:00:00+09:00", monthly_price_jpy=3278)
    )["apply_by"]["cost_of_delay"]

    assert without_price["amount_jpy"] is None
    assert without_price["text"] == "The cost of being late is not known."
    assert with_price["amount_jpy"] == 3278
    assert with_price["text"] == "If you are late, you pay 3,278 yen more."


def test_instants_are_given_in_japan_and_in_the_readers_zone(client: httpx.Client) -> None:
    """An event has its instant in both zones, and its day in Japan."""
    event = events(get(client, CANCEL, at="2026-11-30T10:00:00Z", tz="America/New_York"))[
        "apply_by"
    ]

    assert event["at"] == "2026-11-30T05:59:59-05:00"
    assert event["at_japan"] == "2026-11-30T19:59:59+09:00"
    assert event["on"] == "2026-11-30"


def test_a_missing_fact_is_asked_for_and_never_assumed(client: httpx.Client) -> None:
    """An event without its facts has no date, and the facts are listed as needed."""
    body = get(client, EIGHT_DAYS, at="2026-11-20T10:00:00+09:00")

    assert [need["fact"] for need in body["needs_facts"]] == [
        "contract_received_on",
        "service_started_on",
    ]
    assert body["needs_facts"][0]["type"] == "date"
    assert events(body)["window_closes"]["certainty"] == "unknown"
    assert events(body)["window_closes"]["on"] is None


def test_one_of_two_dates_gives_an_estimate(client: httpx.Client) -> None:
    """With one of two dates the window closes on an estimated day, and the other is needed."""
    body = get(
        client, EIGHT_DAYS, at="2026-11-20T10:00:00+09:00", contract_received_on="2026-11-18"
    )

    assert events(body)["window_closes"]["on"] == "2026-11-25"
    assert events(body)["window_closes"]["certainty"] == "estimated"
    assert [need["fact"] for need in body["needs_facts"]] == ["service_started_on"]


TWO_DAYS = {"contract_received_on": "2026-11-14", "service_started_on": "2026-11-16"}


@pytest.mark.parametrize(
    "days",
    [TWO_DAYS, {"contract_received_on": "2026-11-16", "service_started_on": "2026-11-14"}],
)
def test_of_two_dates_the_earlier_counts(client: httpx.Client, days: dict[str, str]) -> None:
    """The window closes by the earlier date; `latest_at` is the instant by the later."""
    event = events(get(client, EIGHT_DAYS, at="2026-11-20T10:00:00+09:00", **days))["window_closes"]

    assert event["at"] == "2026-11-21T23:59:59+09:00"
    assert event["latest_at"] == "2026-11-23T23:59:59+09:00"
    assert event["certainty"] == "exact"


def test_a_plus_sign_that_was_not_escaped_is_understood(client: httpx.Client) -> None:
    """A plus sign that arrives as a space is read as a plus sign."""
    answer = client.get(f"{CANCEL}?at=2026-11-30T19:00:00+09:00")

    assert answer.json()["at"] == "2026-11-30T19:00:00+09:00"


@pytest.mark.parametrize(
    ("params", "parameter", "code"),
    [
        ({"at": "2026-11-30T19:00:00"}, "at", "offset_missing"),
        ({"at": "yesterday"}, "at", "not_an_instant"),
        ({"at": "9999-11-30T19:00:00Z"}, "at", "out_of_range"),
        ({"tz": "Mars/Olympus"}, "tz", "not_a_zone"),
        ({"contract_received_on": "2026-02-30"}, "contract_received_on", "not_a_date"),
        ({"contract_received_on": "1700000000"}, "contract_received_on", "not_a_date"),
        ({"contract_received_on": "20261130"}, "contract_received_on", "not_a_date"),
        ({"closing_day": "31"}, "closing_day", "not_a_closing_day"),
        ({"contract_received_on": "1903-01-01"}, "contract_received_on", "too_far_away"),
        ({"contract_received_on": "2099-01-01"}, "contract_received_on", "too_far_away"),
        ({"activated_on": "2026-11-20"}, "activated_on", "not_used"),
        (
            {"contract_started_on": "2026-11-20", "service_started_on": "2026-11-19"},
            "service_started_on",
            "out_of_order",
        ),
        ({"colour": "red"}, "colour", "unknown"),
    ],
)
def test_bad_input_is_refused_in_each_language(
    client: httpx.Client, params: dict[str, str], parameter: str, code: str
) -> None:
    """A value that is malformed, far away, unused or contradictory has its code and a text."""
    for language in ("en", "ja", "zh-Hans"):
        answer = client.get(
            EIGHT_DAYS, params={"at": "2026-11-20T10:00:00Z", "lang": language, **params}
        )

        assert answer.status_code == 422
        assert (parameter, code) in {
            (error.get("parameter"), error["code"]) for error in answer.json()["errors"]
        }
        assert all(error["detail"] for error in answer.json()["errors"])


def test_a_response_of_now_is_not_stored(client: httpx.Client) -> None:
    """Without `at`, the timeline and its file are `no-store`; with it, they are public."""
    for path in (CANCEL, f"{CANCEL}.ics"):
        now, fixed = client.get(path), client.get(path, params={"at": "2026-11-20T10:00:00Z"})

        assert now.headers["cache-control"] == "no-store"
        assert "etag" not in now.headers
        assert "public" in fixed.headers["cache-control"]


def test_the_calendar_has_events_and_alarms(
    client: httpx.Client,
) -> None:
    """The file has coming events, and alarms for those that the customer must act on."""
    answer = client.get(f"{CANCEL}.ics", params={"at": "2026-11-20T10:00:00+09:00"})

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    entries = {str(entry["uid"]): entry for entry in calendar.walk("VEVENT")}
    apply_by = entries["monthly/cancel-online/contract_end/apply_by@kaiyaku"]
    assert apply_by.decoded("dtstart") == dt.datetime(2026, 11, 30, 10, 59, 59, tzinfo=dt.UTC)
    assert [alarm.decoded("trigger") for alarm in apply_by.walk("VALARM")] == [
        dt.timedelta(days=-2),
        dt.timedelta(hours=-3),
    ]
    charged = entries["monthly/cancel-online/contract_end/charged_until@kaiyaku"]
    assert b"DTSTART;VALUE=DATE:20261130" in charged.to_ical()
    assert b"DTEND;VALUE=DATE:20261201" in charged.to_ical()
    assert not charged.walk("VALARM")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_the_calendar_leaves_out_the_present(
    client: httpx.Client,
) -> None:
    """Events at the very instant of the request are left out of the file."""

    def shown(at: str) -> set[str]:
        calendar = icalendar.Calendar.from_ical(
            client.get(f"{CANCEL}.ics", params={"at": at}).content
        )
        return {
            str(entry["uid"]).removesuffix("@kaiyaku").split("/")[3]
            for entry in calendar.walk("VEVENT")
        }

    at_once, next_day = shown("2026-11-20T10:00:00+09:00"), shown("2026-11-20T21:00:00+09:00")

    assert next_day - at_once == {"processed", "takes_effect"}
    assert at_once == {"apply_by", "charged_until"}


def on(procedure: dict[str, Any], at: str, **facts: object) -> dict[str, dt.date | None]:
    timeline = build_timeline(
        rules.procedure_of(**procedure),
        {Fact(name): value for name, value in facts.items()},  # type: ignore[misc]
        dt.datetime.fromisoformat(at),
    )
    return {event.code: event.on for event in timeline.events}


@pytest.mark.parametrize(
    ("at", "takes_effect"),
    [
        ("2026-11-25T23:59:59+09:00", dt.date(2026, 11, 30)),
        ("2026-11-26T00:00:00+09:00", dt.date(2026, 12, 31)),
        ("2027-02-24T23:59:59+09:00", dt.date(2027, 2, 28)),
        ("2027-02-25T00:00:00+09:00", dt.date(2027, 3, 31)),
    ],
)
def test_a_cut_off_can_have_another_day_in_february(at: str, takes_effect: dt.date) -> None:
    """A cut-off on the 25th is on the 24th in February."""
    end = rule("contract_end", ends="month_end", cutoff={"day": 25, "february_day": 24})

    assert on({"timing": [end], "billing": FULL_MONTH}, at)["takes_effect"] == takes_effect


@pytest.mark.parametrize(
    ("at", "takes_effect"),
    [
        ("2026-11-29T17:59:59+09:00", dt.date(2026, 11, 30)),
        ("2026-11-29T18:00:00+09:00", dt.date(2026, 12, 31)),
        ("2028-02-28T17:59:59+09:00", dt.date(2028, 2, 29)),
    ],
)
def test_a_time_ending_in_59_counts_to_the_end_of_its_minute(
    at: str, takes_effect: dt.date
) -> None:
    """A cut-off at 17:59 is over at 18:00."""
    end = rule(
        "contract_end", ends="month_end", cutoff={"day": "last", "days_before": 1, "time": "17:59"}
    )

    assert on({"timing": [end], "billing": FULL_MONTH}, at)["takes_effect"] == takes_effect


def test_a_month_of_notice_moves_the_end() -> None:
    """With a month of notice, a request by the 15th ends the contract with the next month."""
    end = rule("contract_end", ends="month_end", months_ahead=1, cutoff={"day": 15})

    assert on({"timing": [end]}, "2026-11-15T12:00+09:00")["takes_effect"] == dt.date(2026, 12, 31)
    assert on({"timing": [end]}, "2026-11-16T12:00+09:00")["takes_effect"] == dt.date(2027, 1, 31)


def test_the_closing_day_moves_the_deadline() -> None:
    """The deadline is the customer's own closing day."""
    billing = {
        "last_month": "full",
        "cycle": "closing_day",
        "closing_days": [20, "last"],
        "sources": ["S1"],
    }
    procedure = {"timing": [rule("contract_end", ends="same_day")], "billing": billing}

    assert on(procedure, "2026-11-18T12:00+09:00", closing_day=20)["apply_by"] == dt.date(
        2026, 11, 20
    )
    assert on(procedure, "2026-11-21T12:00+09:00", closing_day=20)["apply_by"] == dt.date(
        2026, 12, 20
    )
    assert on(procedure, "2026-11-21T12:00+09:00", closing_day="last")["apply_by"] == dt.date(
        2026, 11, 30
    )


def test_closed_days_move_a_request_to_next_month() -> None:
    """From the day on which requests close, the deadline is that of the next month."""
    procedure = {
        "timing": [rule("acceptance", closed_from_day=26), rule("contract_end", ends="month_end")],
        "billing": FULL_MONTH,
    }

    assert on(procedure, "2026-11-25T12:00+09:00")["apply_by"] == dt.date(2026, 11, 25)
    assert on(procedure, "2026-11-26T12:00+09:00")["apply_by"] == dt.date(2026, 12, 25)


def test_a_window_can_begin_at_the_contracts_end() -> None:
    """A window after an event is counted from the end that another rule gives."""
    withdrawal = rule(
        "window", closes="withdrawal", length={"value": 0}, after_event="contract_end", time="20:00"
    )

    days = on(
        {"timing": [rule("contract_end", ends="month_end"), withdrawal]}, "2026-11-10T12:00+09:00"
    )

    assert days["withdraw_by"] == dt.date(2026, 11, 30)


def test_a_free_month_returns_with_each_term() -> None:
    """A free month of a two-year term is free again two years later."""
    free = rule("free_months", month=25, months=1, every=24)
    procedure = rules.procedure_of(timing=[free])

    (event,) = (
        event
        for event in build_timeline(
            procedure,
            {Fact.CONTRACT_STARTED_ON: dt.date(2022, 3, 10)},
            dt.datetime(2026, 1, 5, tzinfo=rules.JAPAN),
        ).events
        if event.code == "fee_free"
    )

    assert (event.begins, event.ends) == (dt.date(2026, 3, 1), dt.date(2026, 3, 31))


def test_a_fee_that_ends_has_a_first_free_day() -> None:
    """A fee of the first year is not due on the day a year after the start."""
    fee = {
        "what": {"en": "Early fee", "ja": "解除料", "zh-Hans": "违约金"},
        "amount": {"exact": 1100},
        "period": {"until": {"value": 1, "unit": "years"}},
        "sources": ["S1"],
    }

    days = on({"fees": [fee]}, "2026-11-10T12:00+09:00", contract_started_on=dt.date(2026, 2, 28))

    assert days["fee_free"] == dt.date(2027, 2, 28)
