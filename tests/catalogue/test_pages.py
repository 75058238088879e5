"""Pages of lists over HTTP."""

import httpx
import pytest

from tests.support.requests import get


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def test_pages_have_no_gap_and_no_repetition(republished: httpx.Client) -> None:
    """Following `next` gives every item of the list once, in order, in the same language."""
    whole = ids(republished.get("/v1/carriers"))

    seen: list[str] = []
    url: str | None = "/v1/carriers?limit=2&lang=ja"
    while url:
        page = republished.get(url).json()
        assert page["language"] == "ja"
        seen += [item["id"] for item in page["items"]]
        url = page["next"]

    assert seen == whole == sorted(whole)
    assert len(seen) == 7


def test_pages_of_a_search_keep_its_order(republished: httpx.Client) -> None:
    """The second page of a search begins with the second best match."""
    first = get(republished, "/v1/carriers", q="midori", limit=1)

    assert [item["id"] for item in first["items"]] == ["midori"]
    assert ids(republished.get(first["next"])) == ["midori-turbo"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "WzFd",
        "WyJhIiwgWzEsICJiIl1d",
        "WyI4ZmVjNzZlZGQyNGYiLCBbOTIyMzM3MjAzNjg1NDc3NTgwOCwgImEiXV0=",
        "%F0%9F%98%80",
        "",
    ],
)
def test_a_made_up_cursor_is_refused(republished: httpx.Client, cursor: str) -> None:
    """A cursor that the service did not make is a 400, not a server error."""
    answer = republished.get(f"/v1/carriers?cursor={cursor}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "bad-cursor"


def test_a_cursor_of_another_list_is_refused(republished: httpx.Client) -> None:
    """A cursor is valid only for its own path and filters."""
    following = republished.get("/v1/carriers?limit=1").json()["next"]

    assert republished.get(f"{following}&product=esim").json()["code"] == "bad-cursor"
    other_path = following.replace("/carriers", "/procedures")
    assert republished.get(other_path).json()["code"] == "bad-cursor"
