"""If-Match and If-None-Match of requests to a session (RFC 9110 section 13)."""

import httpx
import pytest

from tests.support.sessions import Start, StartedSession

READS = pytest.mark.parametrize("path", ["", "/calendar.ics"])


def header_lines(started: StartedSession, *headers: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the lines of the owner's headers, and further ones, which may repeat."""
    return [*started.owner.items(), *headers]


@READS
def test_a_known_response_is_not_sent_again(http: httpx.Client, start: Start, path: str) -> None:
    """A read whose If-None-Match names its tag is a 304 without a body, in each form of tag."""
    started = start()
    first = http.get(started.path + path, headers=started.owner)

    for given in (
        first.headers["etag"],
        "*",
        f'"x", W/{first.headers["etag"]}',
        first.headers["etag"][:-1] + '-gzip"',
    ):
        known = http.get(started.path + path, headers={**started.owner, "If-None-Match": given})

        assert (known.status_code, known.content) == (304, b""), given
        assert known.headers["etag"] == first.headers["etag"]
        assert known.headers["cache-control"] == "no-store"


@READS
def test_a_changed_session_is_sent_again(http: httpx.Client, start: Start, path: str) -> None:
    """After a change the tag before is no longer current: a read is a 200."""
    started = start()
    before = http.get(started.path + path, headers=started.owner).headers["etag"]
    http.patch(f"{started.path}/steps/a", json={"state": "done"}, headers=started.owner)

    assert (
        http.get(
            started.path + path, headers={**started.owner, "If-None-Match": before}
        ).status_code
        == 200
    )


@READS
def test_the_same_session_in_another_language_is_sent(
    http: httpx.Client, start: Start, path: str
) -> None:
    """A session in another language has another tag, and is sent."""
    started = start(language="en")
    english = http.get(started.path + path, headers=started.owner).headers["etag"]

    japanese = http.get(
        f"{started.path}{path}?lang=ja", headers={**started.owner, "If-None-Match": english}
    )

    assert (japanese.status_code, japanese.headers["content-language"]) == (200, "ja")


def test_a_write_has_the_tag_of_a_read(http: httpx.Client, start: Start) -> None:
    """The tag of a response to a change is that of a read, so the read is a 304."""
    started = start()
    ticked = http.patch(f"{started.path}/steps/a", json={"state": "done"}, headers=started.owner)

    assert started.etag.startswith('"1.')
    assert (
        http.get(
            started.path, headers={**started.owner, "If-None-Match": ticked.headers["etag"]}
        ).status_code
        == 304
    )


@pytest.mark.parametrize("given", ['"1"', "*", 'W/"1"', '"7", "1"'])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"language": "ja"}),
        ("PATCH", "/steps/a", {"state": "done"}),
        ("POST", "/upgrade", None),
        ("POST", "/shares", None),
        ("DELETE", "/shares", None),
        ("DELETE", "", None),
    ],
)
def test_if_none_match_prevents_a_write(  # noqa: PLR0913, PLR0917 - parts of the request
    http: httpx.Client, start: Start, method: str, path: str, body: object, given: str
) -> None:
    """A change whose If-None-Match names the version is a 412, and changes nothing."""
    started = start()

    refused = http.request(
        method, started.path + path, json=body, headers={**started.owner, "If-None-Match": given}
    )

    assert (refused.status_code, refused.json()["code"]) == (412, "version-excluded")
    assert refused.json()["etag"] == refused.headers["etag"] == '"1"'
    assert http.get(started.path, headers=started.owner).headers["etag"] == started.etag
    other = http.request(
        method, started.path + path, json=body, headers={**started.owner, "If-None-Match": '"7"'}
    )
    assert other.is_success


def test_every_line_of_if_match_counts(http: httpx.Client, start: Start) -> None:
    """Several If-Match lines are one list; one malformed line makes it malformed."""
    started = start()
    change = {"language": "ja"}

    stale = http.patch(
        started.path,
        json=change,
        headers=header_lines(started, ("If-Match", '"8"'), ("If-Match", '"9"')),
    )
    good = http.patch(
        started.path,
        json=change,
        headers=header_lines(started, ("If-Match", '"9"'), ("If-Match", '"1"')),
    )
    spoilt = http.patch(
        started.path,
        json=change,
        headers=header_lines(started, ("If-Match", '"2"'), ("If-Match", "2")),
    )

    assert [stale.status_code, good.status_code, spoilt.status_code] == [412, 200, 422]


@READS
def test_if_match_comes_before_if_none_match(http: httpx.Client, start: Start, path: str) -> None:
    """A read with both headers is a 412 if If-Match fails, before a 304."""
    started = start()
    tag = http.get(started.path + path, headers=started.owner).headers["etag"]

    def get(if_match: str) -> httpx.Response:
        return http.get(
            started.path + path,
            headers={**started.owner, "If-Match": if_match, "If-None-Match": tag},
        )

    assert (get('"9"').status_code, get('"9"').json()["code"]) == (412, "stale-version")
    assert get(tag).status_code == 304


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
def test_a_malformed_tag_is_refused_by_name(http: httpx.Client, start: Start, name: str) -> None:
    """A header that is not a list of entity tags is a 422 that names the header."""
    started = start()

    for answer in (
        http.get(started.path, headers={**started.owner, name: "1"}),
        http.patch(started.path, json={"language": "ja"}, headers={**started.owner, name: "1"}),
    ):
        assert answer.status_code == 422
        assert [error["parameter"] for error in answer.json()["errors"]] == [name]
