"""Tokens open their own session only, and shared ones read only."""

import uuid
from collections.abc import Callable

import httpx
import pytest

from tests.support.sessions import Start


def _foreign(token: str, start: Start) -> str:
    """Return the token of another session."""
    del token
    return start().owner["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token, _: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token, _: token.replace("write", "read"),
        lambda token, _: token.replace(".0.", ".1."),
        lambda token, _: token + "A",
        lambda *_: "x",
        lambda *_: "write.0." + "A" * 43,
        _foreign,
    ],
    ids=["wrong", "raised", "newer", "longer", "malformed", "made up", "foreign"],
)
def test_another_token_opens_nothing(
    http: httpx.Client, start: Start, spoil: Callable[[str, Start], str]
) -> None:
    """A token that is changed, made up or another session's gets a 401.

    The response is the same whether the session exists or not.
    """
    started = start()
    token = started.owner["Authorization"].removeprefix("Bearer ")
    bad = {"Authorization": f"Bearer {spoil(token, start)}"}
    nowhere = f"/v1/sessions/{uuid.uuid4()}"

    answers = [
        http.get(started.path, headers=bad),
        http.get(nowhere, headers=bad),
        http.delete(started.path, headers=bad),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1, (
        "an answer must not tell whether the session exists"
    )
    assert http.get(started.path, headers=started.owner).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic eA=="}, {"Authorization": "Bearer"}]
)
def test_without_a_token_nothing_opens(
    http: httpx.Client, start: Start, headers: dict[str, str]
) -> None:
    """Without a bearer token a session is a 401 that names the scheme."""
    answer = http.get(start().path, headers=headers)

    assert answer.status_code == 401
    assert answer.json()["code"] == "token-missing"
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_share_reads_and_changes_nothing(http: httpx.Client, start: Start) -> None:
    """A shared token reads the session and its calendar; each change is a 403."""
    started = start()
    share = http.post(f"{started.path}/shares", headers=started.owner).json()["token"]
    reader = {"Authorization": f"Bearer {share}"}

    changes = [
        http.patch(f"{started.path}/steps/a", json={"state": "done"}, headers=reader),
        http.patch(started.path, json={"language": "ja"}, headers=reader),
        http.post(f"{started.path}/upgrade", headers=reader),
        http.post(f"{started.path}/shares", headers=reader),
        http.delete(f"{started.path}/shares", headers=reader),
        http.delete(started.path, headers=reader),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in changes} == {
        (403, "read-only")
    }
    assert http.get(started.path, headers=reader).json()["progress"]["done"] == 0
    assert http.get(f"{started.path}/calendar.ics", headers=reader).status_code == 200
