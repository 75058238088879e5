"""A feed: calendar apps subscribe to its address without headers, and get each change."""

import datetime as dt
from typing import Any

import httpx
import pytest
import vobject

from app.database import Database
from tests.support.sessions import Served, Start, StartedSession


@pytest.fixture
def dated(start: Start) -> StartedSession:
    """A session with dates."""
    return start(procedure="with-dates", facts={"contract_received_on": today(-1).isoformat()})


def today(days: int = 0) -> dt.date:
    """Return the date this many days from today."""
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)


def create(http: httpx.Client, started: StartedSession, **query: str) -> dict[str, Any]:
    """Create a feed of the session, and return its body."""
    created = http.post(f"{started.path}/feeds", params=query, headers=started.owner)
    assert created.status_code == 201, created.text
    body: dict[str, Any] = created.json()
    assert created.headers["location"] == f"{started.path}/feeds/{body['id']}"
    assert created.headers["cache-control"] == "no-store"
    return body


def events(http: httpx.Client, feed: dict[str, Any]) -> dict[str, Any]:
    """Return the events of a feed by the part of their UID after the session."""
    answer = http.get(feed["url"], headers={"Accept": "*/*"})
    assert answer.status_code == 200, answer.text
    file = vobject.readOne(answer.text)
    return {
        entry.uid.value.partition("/")[2].partition("@")[0]: entry for entry in file.vevent_list
    }


def test_a_subscription_follows_its_session(http: httpx.Client, dated: StartedSession) -> None:
    """The feed shows a changed fact as a moved event, drops what is done, and ends when revoked."""
    feed = create(http, dated)

    first = events(http, feed)
    assert {"contract_end/charged_until", "window-window/window_closes", "deleted"} <= set(first)
    later = {"facts": {"contract_received_on": today().isoformat()}}
    http.patch(dated.path, json=later, headers=dated.owner).raise_for_status()

    moved = events(http, feed)
    before, after = (each["window-window/window_closes"] for each in (first, moved))
    assert after.dtstart.value - before.dtstart.value == dt.timedelta(days=1)
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.last_modified.value >= before.last_modified.value

    http.patch(
        f"{dated.path}/steps/sign-in", json={"state": "done"}, headers=dated.owner
    ).raise_for_status()
    assert "contract_end/apply_by" not in events(http, feed)

    revoked = http.delete(f"{dated.path}/feeds/{feed['id']}", headers=dated.owner)
    assert revoked.status_code == 204
    assert http.get(feed["url"]).json()["code"] == "feed-not-found"


def test_a_feed_keeps_its_language_and_zone(http: httpx.Client, dated: StartedSession) -> None:
    """A feed has the language and zone it was created with, whatever the calendar app asks for."""
    feed = create(http, dated, lang="ja", tz="Europe/Berlin")

    answer = http.get(feed["url"], headers={"Accept-Language": "zh"})

    assert (feed["language"], feed["zone"]) == ("ja", "Europe/Berlin")
    assert answer.headers["content-language"] == "ja"
    assert answer.headers["cache-control"].startswith("private")
    assert "月末まで" in answer.text.replace("\r\n ", "")
    assert "X-WR-TIMEZONE:Europe/Berlin" in answer.text
    assert "METHOD" not in answer.text


def test_an_unchanged_feed_is_not_sent_again(http: httpx.Client, dated: StartedSession) -> None:
    """A feed gives a 304 to its tag until the session changes."""
    feed = create(http, dated)
    first = http.get(feed["url"])

    known = http.get(feed["url"], headers={"If-None-Match": first.headers["etag"]})
    assert known.status_code == 304
    assert known.headers["etag"] == first.headers["etag"]

    http.patch(dated.path, json={"facts": {"contract_received_on": None}}, headers=dated.owner)
    assert (
        http.get(feed["url"], headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    )


def test_every_dead_address_is_the_same_404(http: httpx.Client, start: Start) -> None:
    """Deleted, shortened, changed and invented addresses all get the same 404."""
    started, gone = start(), start()
    address = create(http, started)["url"]
    of_gone = create(http, gone)["url"]
    http.delete(gone.path, headers=gone.owner).raise_for_status()

    answers = [
        http.get(path)
        for path in (
            of_gone,
            address[:-5],
            address[:-4],
            address.replace(".ics", "A.ics"),
            "/v1/feeds/x.ics",
            "/v1/feeds/%00",
            f"/v1/feeds/{'A' * 43}.ics",
            f"/v1/feeds/{'A' * 4000}.ics",
        )
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["code"] == "feed-not-found"


def test_a_feed_without_dates_still_has_an_event(http: httpx.Client, start: Start) -> None:
    """The feed of a session without dates has the deletion of the session as its event."""
    shown = events(http, create(http, start()))

    assert set(shown) == {"deleted"}
    assert "Still to do:" in shown["deleted"].description.value


def test_a_session_has_five_feeds_at_most(http: httpx.Client, start: Start) -> None:
    """A sixth feed is refused until one is revoked; the list shows no address."""
    started = start()
    feeds = [create(http, started) for _ in range(5)]

    sixth = http.post(f"{started.path}/feeds", headers=started.owner)
    assert (sixth.status_code, sixth.json()["code"]) == (409, "too-many-feeds")

    listed = http.get(f"{started.path}/feeds", headers=started.owner).json()
    assert {feed["id"] for feed in listed["items"]} == {feed["id"] for feed in feeds}
    assert all("url" not in feed for feed in listed["items"])
    http.delete(f"{started.path}/feeds/{feeds[0]['id']}", headers=started.owner).raise_for_status()
    create(http, started)


def test_only_the_owner_creates_and_revokes(http: httpx.Client, start: Start) -> None:
    """A shared token lists feeds and can change none; another owner's token finds none."""
    started, other = start(), start()
    feed = create(http, started)
    shared = http.post(f"{started.path}/shares", headers=started.owner).json()["token"]
    reader = {"Authorization": f"Bearer {shared}"}

    assert http.post(f"{started.path}/feeds", headers=reader).status_code == 403
    assert http.delete(f"{started.path}/feeds/{feed['id']}", headers=reader).status_code == 403
    assert http.get(f"{started.path}/feeds", headers=reader).status_code == 200
    foreign = http.delete(f"{other.path}/feeds/{feed['id']}", headers=other.owner)
    assert foreign.json()["code"] == "feed-not-found"
    assert http.get(feed["url"]).status_code == 200


def test_replacing_the_token_ends_its_feeds(http: httpx.Client, start: Start) -> None:
    """Feeds end with the token they were created with: a stranger may have created one."""
    started = start()
    feeds = [create(http, started) for _ in range(5)]

    token = http.post(f"{started.path}/token", headers=started.owner).json()["token"]

    assert http.get(feeds[0]["url"]).status_code == 404
    owner = StartedSession(started.path, {"Authorization": f"Bearer {token}"}, "", {})
    assert http.get(f"{started.path}/feeds", headers=owner.owner).json()["items"] == []
    assert http.get(create(http, owner)["url"]).status_code == 200


def test_the_address_is_not_stored(http: httpx.Client, served: Served, start: Start) -> None:
    """The database does not hold the secret part of a feed's address."""
    secret = create(http, start())["url"].rpartition("/")[2].removesuffix(".ics")

    database = Database(served.url)
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM calendar_feed").all()
    database.close()
    assert rows
    assert secret not in repr(rows)
