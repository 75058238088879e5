"""Calendar apps subscribe to an address without headers, and see what the owner changes."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import vobject

from app.database import Database
from tests.support.sessions import Begun, Served

Begin = Callable[..., Begun]


@pytest.fixture
def dated(begin: Begin) -> Begun:
    return begin(procedure="with-dates", facts={"contract_received_on": today(-1).isoformat()})


def today(days: int = 0) -> dt.date:
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)


def create(http: httpx.Client, begun: Begun, **query: str) -> dict[str, Any]:
    created = http.post(f"{begun.at}/feeds", params=query, headers=begun.owner)
    assert created.status_code == 201, created.text
    body: dict[str, Any] = created.json()
    assert created.headers["location"] == f"{begun.at}/feeds/{body['id']}"
    assert created.headers["cache-control"] == "no-store"
    return body


def events(http: httpx.Client, feed: dict[str, Any]) -> dict[str, Any]:
    """Return the events of a feed by what their UID says after the session."""
    answer = http.get(feed["url"], headers={"Accept": "*/*"})
    assert answer.status_code == 200, answer.text
    file = vobject.readOne(answer.text)
    return {
        entry.uid.value.partition("/")[2].partition("@")[0]: entry for entry in file.vevent_list
    }


def test_a_subscription_follows_its_session(http: httpx.Client, dated: Begun) -> None:
    feed = create(http, dated)

    first = events(http, feed)
    assert {"contract_end/charged_until", "window-window/window_closes", "deleted"} <= set(first)
    later = {"facts": {"contract_received_on": today().isoformat()}}
    http.patch(dated.at, json=later, headers=dated.owner).raise_for_status()

    moved = events(http, feed)
    before, after = (each["window-window/window_closes"] for each in (first, moved))
    assert after.dtstart.value - before.dtstart.value == dt.timedelta(days=1)
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.last_modified.value >= before.last_modified.value

    http.patch(
        f"{dated.at}/steps/sign-in", json={"state": "done"}, headers=dated.owner
    ).raise_for_status()
    assert "contract_end/apply_by" not in events(http, feed)

    revoked = http.delete(f"{dated.at}/feeds/{feed['id']}", headers=dated.owner)
    assert revoked.status_code == 204
    assert http.get(feed["url"]).json()["code"] == "feed-not-found"


def test_a_feed_speaks_as_it_was_created(http: httpx.Client, dated: Begun) -> None:
    feed = create(http, dated, lang="ja", tz="Europe/Berlin")

    answer = http.get(feed["url"], headers={"Accept-Language": "zh"})

    assert (feed["language"], feed["zone"]) == ("ja", "Europe/Berlin")
    assert answer.headers["content-language"] == "ja"
    assert answer.headers["cache-control"].startswith("private")
    assert "月末まで" in answer.text.replace("\r\n ", "")
    assert "X-WR-TIMEZONE:Europe/Berlin" in answer.text
    assert "METHOD" not in answer.text


def test_an_unchanged_feed_is_not_sent_again(http: httpx.Client, dated: Begun) -> None:
    feed = create(http, dated)
    first = http.get(feed["url"])

    known = http.get(feed["url"], headers={"If-None-Match": first.headers["etag"]})
    assert known.status_code == 304
    assert known.headers["etag"] == first.headers["etag"]

    http.patch(dated.at, json={"facts": {"contract_received_on": None}}, headers=dated.owner)
    assert (
        http.get(feed["url"], headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    )


def test_every_dead_address_is_the_same_404(http: httpx.Client, begin: Begin) -> None:
    begun, gone = begin(), begin()
    address = create(http, begun)["url"]
    of_gone = create(http, gone)["url"]
    http.delete(gone.at, headers=gone.owner).raise_for_status()

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


def test_a_feed_without_dates_still_has_an_event(http: httpx.Client, begin: Begin) -> None:
    shown = events(http, create(http, begin()))

    assert set(shown) == {"deleted"}
    assert "Still to do:" in shown["deleted"].description.value


def test_a_session_has_five_feeds_at_most(http: httpx.Client, begin: Begin) -> None:
    begun = begin()
    feeds = [create(http, begun) for _ in range(5)]

    sixth = http.post(f"{begun.at}/feeds", headers=begun.owner)
    assert (sixth.status_code, sixth.json()["code"]) == (409, "too-many-feeds")

    listed = http.get(f"{begun.at}/feeds", headers=begun.owner).json()
    assert {feed["id"] for feed in listed["items"]} == {feed["id"] for feed in feeds}
    assert all("url" not in feed for feed in listed["items"])
    http.delete(f"{begun.at}/feeds/{feeds[0]['id']}", headers=begun.owner).raise_for_status()
    create(http, begun)


def test_only_the_owner_creates_and_revokes(http: httpx.Client, begin: Begin) -> None:
    begun, other = begin(), begin()
    feed = create(http, begun)
    shared = http.post(f"{begun.at}/shares", headers=begun.owner).json()["token"]
    reader = {"Authorization": f"Bearer {shared}"}

    assert http.post(f"{begun.at}/feeds", headers=reader).status_code == 403
    assert http.delete(f"{begun.at}/feeds/{feed['id']}", headers=reader).status_code == 403
    assert http.get(f"{begun.at}/feeds", headers=reader).status_code == 200
    foreign = http.delete(f"{other.at}/feeds/{feed['id']}", headers=other.owner)
    assert foreign.json()["code"] == "feed-not-found"
    assert http.get(feed["url"]).status_code == 200


def test_replacing_the_token_ends_its_feeds(http: httpx.Client, begin: Begin) -> None:
    """Somebody who saw the old token may have created one."""
    begun = begin()
    feeds = [create(http, begun) for _ in range(5)]

    token = http.post(f"{begun.at}/token", headers=begun.owner).json()["token"]

    assert http.get(feeds[0]["url"]).status_code == 404
    owner = Begun(begun.at, {"Authorization": f"Bearer {token}"}, "", {})
    assert http.get(f"{begun.at}/feeds", headers=owner.owner).json()["items"] == []
    assert http.get(create(http, owner)["url"]).status_code == 200


def test_the_address_is_not_stored(http: httpx.Client, served: Served, begin: Begin) -> None:
    secret = create(http, begin())["url"].rpartition("/")[2].removesuffix(".ics")

    database = Database(served.url)
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM calendar_feed").all()
    database.close()
    assert rows
    assert secret not in repr(rows)
