"""The dates of a session are the same in its timeline and in its calendar."""

import datetime as dt
from typing import Any

import httpx
import pytest
import vobject

from app import clock
from tests.support.sessions import Start, StartedSession

LANGUAGES = ("en", "ja", "zh-Hans")


@pytest.fixture
def dated(start: Start) -> StartedSession:
    """A session with dates, whose papers arrived today."""
    return start(
        procedure="with-dates",
        facts={"contract_received_on": dt.datetime.now(dt.UTC).date().isoformat()},
    )


def read_in_one_second(
    http: httpx.Client, started: StartedSession, language: str
) -> tuple[dict[str, Any], str]:
    """Return the timeline and the calendar of the same second, since dates depend on now."""
    while True:
        before, answer, after = (
            http.get(f"{started.path}{part}", params={"lang": language}, headers=started.owner)
            for part in ("", "/calendar.ics", "")
        )
        if before.json()["timeline"]["at"] == after.json()["timeline"]["at"]:
            return before.json()["timeline"], answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_has_the_dates_of_the_timeline(
    http: httpx.Client, dated: StartedSession, language: str
) -> None:
    """The calendar has each known, future event of the timeline, with its texts and its day."""
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


def test_the_entries_keep_their_ids(http: httpx.Client, dated: StartedSession) -> None:
    """Two fetches of a calendar have the same UIDs."""
    first, second = (
        vobject.readOne(http.get(f"{dated.path}/calendar.ics", headers=dated.owner).text)
        for _ in range(2)
    )

    assert [entry.uid.value for entry in first.vevent_list] == [
        entry.uid.value for entry in second.vevent_list
    ]


def test_a_calendar_without_a_fact_asks_for_it(http: httpx.Client, start: Start) -> None:
    """If a fact is missing, the calendar has the dates that need none, and asks for the fact."""
    started = start(procedure="with-dates")

    told = http.get(started.path, headers=started.owner).json()["timeline"]
    file = vobject.readOne(http.get(f"{started.path}/calendar.ics", headers=started.owner).text)

    assert [need["fact"] for need in told["needs_facts"]] == ["contract_received_on"]
    shown = {entry.uid.value.split("/")[2].removesuffix("@kaiyaku") for entry in file.vevent_list}
    assert "apply_by" in shown
    assert "window_closes" not in shown
    assert "Day you received the contract papers" in file.vtodo.description.value


def test_a_ticked_request_fixes_the_dates(http: httpx.Client, dated: StartedSession) -> None:
    """After the tick the dates count from its time, without `apply_by`, until it is undone."""
    ticked = http.patch(
        f"{dated.path}/steps/sign-in", json={"state": "done"}, headers=dated.owner
    ).json()
    again = http.patch(
        f"{dated.path}/steps/sign-in", json={"state": "done"}, headers=dated.owner
    ).json()

    made = dt.datetime.fromisoformat(ticked["timeline"]["at"])
    assert made == dt.datetime.fromisoformat(ticked["changed_at"]).replace(microsecond=0)
    assert "apply_by" not in {event["code"] for event in ticked["timeline"]["events"]}
    assert again["timeline"]["at"] == ticked["timeline"]["at"]
    undone = http.patch(
        f"{dated.path}/steps/sign-in", json={"state": "todo"}, headers=dated.owner
    ).json()
    assert "apply_by" in {event["code"] for event in undone["timeline"]["events"]}


def test_a_skipped_required_step_is_still_to_do(http: httpx.Client, dated: StartedSession) -> None:
    """In the calendar a required step that was skipped still needs action."""
    http.patch(f"{dated.path}/steps/sign-in", json={"state": "skipped"}, headers=dated.owner)

    file = vobject.readOne(http.get(f"{dated.path}/calendar.ics", headers=dated.owner).text)

    assert file.vtodo.status.value == "NEEDS-ACTION"
    assert "Everything is done" not in file.vtodo.description.value


def test_a_finished_session_has_no_events(http: httpx.Client, dated: StartedSession) -> None:
    """The calendar of a finished session has no events, and its task is completed."""
    http.patch(f"{dated.path}/steps/sign-in", json={"state": "done"}, headers=dated.owner)

    file = vobject.readOne(http.get(f"{dated.path}/calendar.ics", headers=dated.owner).text)

    assert not hasattr(file, "vevent")
    assert file.vtodo.status.value == "COMPLETED"


def test_instants_are_in_the_zone_asked_for(http: httpx.Client, dated: StartedSession) -> None:
    """With `tz`, instants have its offset, and are the same instants as in Japan."""
    timeline = http.get(dated.path, params={"tz": "Europe/Berlin"}, headers=dated.owner).json()[
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


def test_the_time_of_writing_does_not_change_the_tag(
    http: httpx.Client, dated: StartedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second later the calendar has another DTSTAMP and the same tag: a read is a 304."""
    now = clock.utc_now().replace(microsecond=0)
    files = {}
    for seconds in (0, 1):
        written = now + dt.timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "utc_now", lambda written=written: written)
        files[written] = http.get(f"{dated.path}/calendar.ics", headers=dated.owner)

    for written, file in files.items():
        stamps = {entry.dtstamp.value for entry in vobject.readOne(file.text).components()}
        assert stamps == {written}
    tag = {file.headers["etag"] for file in files.values()}
    assert len(tag) == 1
    known = {"If-None-Match": tag.pop()}
    again = http.get(f"{dated.path}/calendar.ics", headers=dated.owner | known)
    assert again.status_code == 304
