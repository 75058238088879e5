"""The dates of a session are the same in its timeline and in its calendar."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import vobject

from app import clock
from tests.support.sessions import Begun

Begin = Callable[..., Begun]

LANGUAGES = ("en", "ja", "zh-Hans")


@pytest.fixture
def dated(begin: Begin) -> Begun:
    return begin(
        procedure="with-dates",
        facts={"contract_received_on": dt.datetime.now(dt.UTC).date().isoformat()},
    )


def read_in_one_second(
    http: httpx.Client, begun: Begun, language: str
) -> tuple[dict[str, Any], str]:
    """Return the timeline and the calendar of the same second, since dates depend on now."""
    while True:
        before, answer, after = (
            http.get(f"{begun.at}{part}", params={"lang": language}, headers=begun.owner)
            for part in ("", "/calendar.ics", "")
        )
        if before.json()["timeline"]["at"] == after.json()["timeline"]["at"]:
            return before.json()["timeline"], answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_tells_the_dates_of_the_timeline_to_any_reader(
    http: httpx.Client, dated: Begun, language: str
) -> None:
    timeline, text = read_in_one_second(http, dated, language)

    file = vobject.readOne(text)
    shown = {
        entry.uid.value.split("/")[2].removesuffix("@kaiyaku"): entry for entry in file.vevent_list
    }
    known = {
        event["code"]: event
        for event in timeline["events"]
        if event["certainty"] != "unknown" and not event["passed"]
    }
    expected = {
        code: event
        for code, event in known.items()
        if event["at"] is None or event["at"] > timeline["at"]
    }
    assert "takes_effect" in known
    assert {"apply_by", "charged_until", "window_closes"} <= set(expected)
    assert set(shown) == set(expected)
    for code, event in expected.items():
        begins = shown[code].dtstart.value
        if event["at"]:
            assert begins == dt.datetime.fromisoformat(event["at"])
        else:
            assert begins == dt.date.fromisoformat(event["on"] or event["from"])
            assert shown[code].dtend.value == dt.date.fromisoformat(
                event["to"] or event["on"]
            ) + dt.timedelta(days=1)
        assert shown[code].summary.value.startswith(event["name"])
        assert event["why"] in shown[code].description.value
        assert shown[code].uid.value.startswith(dated.body["id"])
    assert shown["apply_by"].valarm_list
    assert (
        file.vtodo.summary.value
        == {"en": "By the month", "ja": "月末まで", "zh-Hans": "到月底"}[language]
    )


def test_the_entries_keep_their_ids_so_that_fetching_again_changes_nothing_else(
    http: httpx.Client, dated: Begun
) -> None:
    first, second = (
        vobject.readOne(http.get(f"{dated.at}/calendar.ics", headers=dated.owner).text)
        for _ in range(2)
    )

    assert [entry.uid.value for entry in first.vevent_list] == [
        entry.uid.value for entry in second.vevent_list
    ]


def test_with_a_fact_missing_the_calendar_holds_what_can_be_said_and_asks_for_it(
    http: httpx.Client, begin: Begin
) -> None:
    begun = begin(procedure="with-dates")

    told = http.get(begun.at, headers=begun.owner).json()["timeline"]
    file = vobject.readOne(http.get(f"{begun.at}/calendar.ics", headers=begun.owner).text)

    assert [need["fact"] for need in told["needs_facts"]] == ["contract_received_on"]
    shown = {entry.uid.value.split("/")[2].removesuffix("@kaiyaku") for entry in file.vevent_list}
    assert "apply_by" in shown
    assert "window_closes" not in shown
    assert "Day you received the contract papers" in file.vtodo.description.value


def test_once_the_request_is_ticked_the_dates_are_its_own_and_nothing_is_to_be_applied_for(
    http: httpx.Client, dated: Begun
) -> None:
    ticked = http.patch(
        f"{dated.at}/steps/sign-in", json={"state": "done"}, headers=dated.owner
    ).json()
    again = http.patch(
        f"{dated.at}/steps/sign-in", json={"state": "done"}, headers=dated.owner
    ).json()

    made = dt.datetime.fromisoformat(ticked["timeline"]["at"])
    assert made == dt.datetime.fromisoformat(ticked["changed_at"]).replace(microsecond=0)
    assert "apply_by" not in {event["code"] for event in ticked["timeline"]["events"]}
    assert again["timeline"]["at"] == ticked["timeline"]["at"]
    undone = http.patch(
        f"{dated.at}/steps/sign-in", json={"state": "todo"}, headers=dated.owner
    ).json()
    assert "apply_by" in {event["code"] for event in undone["timeline"]["events"]}


def test_a_required_step_that_was_skipped_is_still_to_be_done_in_the_calendar(
    http: httpx.Client, dated: Begun
) -> None:
    http.patch(f"{dated.at}/steps/sign-in", json={"state": "skipped"}, headers=dated.owner)

    file = vobject.readOne(http.get(f"{dated.at}/calendar.ics", headers=dated.owner).text)

    assert file.vtodo.status.value == "NEEDS-ACTION"
    assert "Everything is done" not in file.vtodo.description.value


def test_a_finished_session_reminds_of_nothing(http: httpx.Client, dated: Begun) -> None:
    http.patch(f"{dated.at}/steps/sign-in", json={"state": "done"}, headers=dated.owner)

    file = vobject.readOne(http.get(f"{dated.at}/calendar.ics", headers=dated.owner).text)

    assert not hasattr(file, "vevent")
    assert file.vtodo.status.value == "COMPLETED"


def test_instants_are_told_in_the_readers_zone(http: httpx.Client, dated: Begun) -> None:
    timeline = http.get(dated.at, params={"tz": "Europe/Berlin"}, headers=dated.owner).json()[
        "timeline"
    ]

    (apply_by,) = (event for event in timeline["events"] if event["code"] == "apply_by")
    assert timeline["zone"] == "Europe/Berlin"
    assert dt.datetime.fromisoformat(apply_by["at"]) == dt.datetime.fromisoformat(
        apply_by["at_japan"]
    )
    assert dt.datetime.fromisoformat(apply_by["at"]).utcoffset() in {
        dt.timedelta(hours=1),
        dt.timedelta(hours=2),
    }


def test_the_calendar_says_when_it_was_written_and_keeps_its_tag(
    http: httpx.Client, dated: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second later the same calendar has another DTSTAMP, and is not sent again."""
    now = clock.utc_now().replace(microsecond=0)
    files = {}
    for seconds in (0, 1):
        written = now + dt.timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "utc_now", lambda written=written: written)
        files[written] = http.get(f"{dated.at}/calendar.ics", headers=dated.owner)

    for written, file in files.items():
        stamps = {entry.dtstamp.value for entry in vobject.readOne(file.text).components()}
        assert stamps == {written}
    tag = {file.headers["etag"] for file in files.values()}
    assert len(tag) == 1
    known = {"If-None-Match": tag.pop()}
    again = http.get(f"{dated.at}/calendar.ics", headers=dated.owner | known)
    assert again.status_code == 304
