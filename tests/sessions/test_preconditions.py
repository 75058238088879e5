"""Preconditions of requests to a session (RFC 9110 section 13)."""

from collections.abc import Callable

import httpx
import pytest

from tests.support.sessions import Begun

Begin = Callable[..., Begun]
READS = pytest.mark.parametrize("path", ["", "/calendar.ics"])


def lines(begun: Begun, *headers: tuple[str, str]) -> list[tuple[str, str]]:
    return [*begun.owner.items(), *headers]


@READS
def test_a_known_answer_is_not_sent_again(http: httpx.Client, begin: Begin, path: str) -> None:
    begun = begin()
    first = http.get(begun.at + path, headers=begun.owner)

    for given in (
        first.headers["etag"],
        "*",
        f'"x", W/{first.headers["etag"]}',
        first.headers["etag"][:-1] + '-gzip"',
    ):
        known = http.get(begun.at + path, headers={**begun.owner, "If-None-Match": given})

        assert (known.status_code, known.content) == (304, b""), given
        assert known.headers["etag"] == first.headers["etag"]
        assert known.headers["cache-control"] == "no-store"


@READS
def test_a_changed_session_is_sent_again(http: httpx.Client, begin: Begin, path: str) -> None:
    begun = begin()
    before = http.get(begun.at + path, headers=begun.owner).headers["etag"]
    http.patch(f"{begun.at}/steps/a", json={"state": "done"}, headers=begun.owner)

    assert (
        http.get(begun.at + path, headers={**begun.owner, "If-None-Match": before}).status_code
        == 200
    )


@READS
def test_the_same_session_in_another_language_is_sent(
    http: httpx.Client, begin: Begin, path: str
) -> None:
    begun = begin(language="en")
    english = http.get(begun.at + path, headers=begun.owner).headers["etag"]

    japanese = http.get(
        f"{begun.at}{path}?lang=ja", headers={**begun.owner, "If-None-Match": english}
    )

    assert (japanese.status_code, japanese.headers["content-language"]) == (200, "ja")


def test_the_answer_to_a_write_has_the_tag_of_a_read(http: httpx.Client, begin: Begin) -> None:
    begun = begin()
    ticked = http.patch(f"{begun.at}/steps/a", json={"state": "done"}, headers=begun.owner)

    assert begun.etag.startswith('"1.')
    assert (
        http.get(
            begun.at, headers={**begun.owner, "If-None-Match": ticked.headers["etag"]}
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
def test_if_none_match_holds_a_write_back(  # noqa: PLR0913, PLR0917 - parts of the request
    http: httpx.Client, begin: Begin, method: str, path: str, body: object, given: str
) -> None:
    begun = begin()

    refused = http.request(
        method, begun.at + path, json=body, headers={**begun.owner, "If-None-Match": given}
    )

    assert (refused.status_code, refused.json()["code"]) == (412, "version-excluded")
    assert refused.json()["etag"] == refused.headers["etag"] == '"1"'
    assert http.get(begun.at, headers=begun.owner).headers["etag"] == begun.etag
    other = http.request(
        method, begun.at + path, json=body, headers={**begun.owner, "If-None-Match": '"7"'}
    )
    assert other.is_success


def test_every_line_of_if_match_counts(http: httpx.Client, begin: Begin) -> None:
    begun = begin()
    change = {"language": "ja"}

    stale = http.patch(
        begun.at, json=change, headers=lines(begun, ("If-Match", '"8"'), ("If-Match", '"9"'))
    )
    good = http.patch(
        begun.at, json=change, headers=lines(begun, ("If-Match", '"9"'), ("If-Match", '"1"'))
    )
    spoilt = http.patch(
        begun.at, json=change, headers=lines(begun, ("If-Match", '"2"'), ("If-Match", "2"))
    )

    assert [stale.status_code, good.status_code, spoilt.status_code] == [412, 200, 422]


@READS
def test_if_match_comes_before_if_none_match(http: httpx.Client, begin: Begin, path: str) -> None:
    begun = begin()
    tag = http.get(begun.at + path, headers=begun.owner).headers["etag"]

    def get(if_match: str) -> httpx.Response:
        return http.get(
            begun.at + path, headers={**begun.owner, "If-Match": if_match, "If-None-Match": tag}
        )

    assert (get('"9"').status_code, get('"9"').json()["code"]) == (412, "stale-version")
    assert get(tag).status_code == 304


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
def test_what_is_no_tag_is_refused_by_name(http: httpx.Client, begin: Begin, name: str) -> None:
    begun = begin()

    for answer in (
        http.get(begun.at, headers={**begun.owner, name: "1"}),
        http.patch(begun.at, json={"language": "ja"}, headers={**begun.owner, name: "1"}),
    ):
        assert answer.status_code == 422
        assert [error["parameter"] for error in answer.json()["errors"]] == [name]
