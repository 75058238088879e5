"""Sessions refuse what they should, and say how to fix it."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col

from app.database import Database
from app.sessions.models import ChecklistSession
from app.sessions.purge import purge
from tests.support.sessions import Begun, Served

Begin = Callable[..., Begun]


def tick(http: httpx.Client, begun: Begun, step: str, **body: object) -> httpx.Response:
    return http.patch(
        f"{begun.at}/steps/{step}", json={"state": "done", **body}, headers=begun.owner
    )


def version(etag: str) -> str:
    """Return the tag of the version that an answer shows, without the answer's own mark."""
    return etag.partition(".")[0] + '"'


# TokenIssuer


def _foreign(token: str, begin: Begin) -> str:
    del token
    return begin().owner["Authorization"].removeprefix("Bearer ")


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
def test_a_token_that_is_not_this_sessions_opens_nothing(
    http: httpx.Client, begin: Begin, spoil: Callable[[str, Begin], str]
) -> None:
    begun = begin()
    token = begun.owner["Authorization"].removeprefix("Bearer ")
    bad = {"Authorization": f"Bearer {spoil(token, begin)}"}
    nowhere = f"/v1/sessions/{uuid.uuid4()}"

    answers = [
        http.get(begun.at, headers=bad),
        http.get(nowhere, headers=bad),
        http.delete(begun.at, headers=bad),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1, (
        "an answer must not tell whether the session exists"
    )
    assert http.get(begun.at, headers=begun.owner).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic eA=="}, {"Authorization": "Bearer"}]
)
def test_without_a_token_nothing_opens(
    http: httpx.Client, begin: Begin, headers: dict[str, str]
) -> None:
    answer = http.get(begin().at, headers=headers)

    assert answer.status_code == 401
    assert answer.json()["code"] == "token-missing"
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_share_reads_and_changes_nothing(http: httpx.Client, begin: Begin) -> None:
    begun = begin()
    share = http.post(f"{begun.at}/shares", headers=begun.owner).json()["token"]
    reader = {"Authorization": f"Bearer {share}"}

    changes = [
        http.patch(f"{begun.at}/steps/a", json={"state": "done"}, headers=reader),
        http.patch(begun.at, json={"language": "ja"}, headers=reader),
        http.post(f"{begun.at}/upgrade", headers=reader),
        http.post(f"{begun.at}/shares", headers=reader),
        http.delete(f"{begun.at}/shares", headers=reader),
        http.delete(begun.at, headers=reader),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in changes} == {
        (403, "read-only")
    }
    assert http.get(begun.at, headers=reader).json()["progress"]["done"] == 0
    assert http.get(f"{begun.at}/calendar.ics", headers=reader).status_code == 200


# Ticks


def test_a_step_whose_required_steps_are_open_is_refused_with_the_list(
    http: httpx.Client, begin: Begin
) -> None:
    begun = begin()

    refused = tick(http, begun, "d")

    assert refused.status_code == 409
    assert (refused.json()["missing"], refused.json()["irreversible"]) == (["a", "c"], True)
    assert tick(http, begun, "d", acknowledge=True).status_code == 200


def test_a_skipped_step_no_longer_holds_others_up(http: httpx.Client, begin: Begin) -> None:
    begun = begin()
    tick(http, begun, "a", state="skipped")

    assert tick(http, begun, "c").status_code == 200


def test_a_tick_can_be_taken_back(http: httpx.Client, begin: Begin) -> None:
    begun = begin()
    tick(http, begun, "a")

    assert tick(http, begun, "a", state="todo").json()["progress"]["done"] == 0


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        *(
            (tag, 200)
            for tag in (
                '"1"',
                'W/"1"',
                "*",
                '"1-gzip"',
                'W/"1--gzip"',
                '"1;gzip"',
                '"1",',
                ', "9", "1"',
            )
        ),
        *((tag, 412) for tag in ('"9"', '"x,*,y"', '"1-"', '"11"')),
        *((tag, 422) for tag in ("1", "", ",", '*, "1"', '"1" "2"')),
    ],
)
def test_if_match_takes_what_the_answer_gave_and_says_what_else_is_wrong(
    http: httpx.Client, begin: Begin, tag: str, status: int
) -> None:
    begun = begin()

    answer = http.patch(
        f"{begun.at}/steps/a", json={"state": "done"}, headers={**begun.owner, "If-Match": tag}
    )

    assert answer.status_code == status
    if status == 422:
        assert [error["parameter"] for error in answer.json()["errors"]] == ["If-Match"]


def test_a_retry_in_another_language_is_the_same_request(http: httpx.Client) -> None:
    def create(language: str) -> httpx.Response:
        headers = {"Idempotency-Key": key, "Accept-Language": language}
        return http.post(
            "/v1/sessions", json={"carrier": "example", "procedure": "cancel"}, headers=headers
        )

    key = str(uuid.uuid4())
    first, second = create("ja"), create("en")

    assert second.headers["idempotent-replayed"] == "true"
    assert (second.json()["id"], second.json()["token"]) == (
        first.json()["id"],
        first.json()["token"],
    )


@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_a_step_of_the_checklist_tells_all_that_the_procedure_tells_of_it(
    http: httpx.Client, begin: Begin, language: str
) -> None:
    begun = begin(language=language)
    procedure = http.get(begun.body["links"]["procedure"], params={"lang": language}).json()

    for told, said in zip(begun.body["steps"], procedure["steps"], strict=True):
        assert {name: told[name] for name in said if name not in {"requires", "sources"}} == {
            name: value for name, value in said.items() if name not in {"requires", "sources"}
        }
    assert begun.body["steps"][0]["links"][0]["url"] == "https://example.com/cancel"


def test_an_unknown_step_is_not_found_and_the_known_ones_are_named(
    http: httpx.Client, begin: Begin
) -> None:
    answer = tick(http, begin(), "z")

    assert answer.status_code == 404
    assert answer.json()["known"] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "body",
    [
        {"state": "finished"},
        {},
        {"state": "done", "note": "x"},
        {"state": "done", "acknowledge": "yes"},
        [],
        "done",
    ],
    ids=str,
)
def test_a_tick_of_another_form_is_refused(http: httpx.Client, begin: Begin, body: object) -> None:
    begun = begin()

    answer = http.patch(f"{begun.at}/steps/a", json=body, headers=begun.owner)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/") is isinstance(body, dict)
    assert http.get(begun.at, headers=begun.owner).headers["etag"] == begun.etag


@pytest.mark.parametrize("method", ["patch", "upgrade", "delete", "change"])
def test_a_stale_if_match_changes_nothing_and_gives_the_present_etag(
    http: httpx.Client, begin: Begin, method: str
) -> None:
    begun = begin()
    present = tick(http, begun, "a").headers["etag"]
    stale = {**begun.owner, "If-Match": begun.etag}

    answer = {
        "patch": lambda: http.patch(f"{begun.at}/steps/b", json={"state": "done"}, headers=stale),
        "upgrade": lambda: http.post(f"{begun.at}/upgrade", headers=stale),
        "delete": lambda: http.delete(begun.at, headers=stale),
        "change": lambda: http.patch(begun.at, json={"language": "ja"}, headers=stale),
    }[method]()

    assert answer.status_code == 412
    assert answer.json()["etag"] == answer.headers["etag"] == version(present)
    assert http.get(begun.at, headers={**begun.owner}).headers["etag"] == present


@pytest.mark.parametrize("form", ["{etag}", '"other", {etag}', "*"])
def test_a_present_if_match_is_honoured(http: httpx.Client, begin: Begin, form: str) -> None:
    begun = begin()
    headers = {**begun.owner, "If-Match": form.format(etag=begun.etag)}

    assert (
        http.patch(f"{begun.at}/steps/a", json={"state": "done"}, headers=headers).status_code
        == 200
    )


# Facts and language


def test_facts_are_set_and_removed_one_by_one(http: httpx.Client, begin: Begin) -> None:
    begun = begin(facts={"contract_started_on": "2026-04-01", "closing_day": "last"})

    changed = http.patch(
        begun.at,
        json={"facts": {"contract_started_on": None, "installed": False}},
        headers=begun.owner,
    )

    assert changed.json()["facts"] == {"closing_day": "last", "installed": False}


@pytest.mark.parametrize(
    "facts",
    [
        {"contract_started_on": "yesterday"},
        {"contract_started_on": "1970-12-31"},
        {"bought_on": "2101-01-01"},
        {"closing_day": 29},
        {"closing_day": "twentieth"},
        {"plan_days": 0},
        {"plan_days": 1101},
        {"name": "Yamada"},
        {"installed": "my phone"},
        {"closing_day": True},
    ],
    ids=str,
)
def test_a_fact_that_is_none_is_refused_with_its_place(
    http: httpx.Client, begin: Begin, facts: dict[str, Any]
) -> None:
    begun = begin()
    (name,) = facts

    answer = http.patch(begun.at, json={"facts": facts}, headers=begun.owner)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(f"/facts/{name}")


def test_facts_that_cannot_be_true_together_are_refused_and_change_nothing(
    http: httpx.Client, begin: Begin
) -> None:
    begun = begin(facts={"contract_started_on": "2026-04-10"})

    answer = http.patch(
        begun.at, json={"facts": {"service_started_on": "2026-04-09"}}, headers=begun.owner
    )

    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/facts/service_started_on", "out_of_order")
    ]
    assert http.get(begun.at, headers=begun.owner).json()["facts"] == {
        "contract_started_on": "2026-04-10"
    }


def test_the_session_speaks_its_language_and_another_when_asked(
    http: httpx.Client, begin: Begin
) -> None:
    begun = begin(language="zh-TW")

    titles = [
        http.get(begun.at + query, headers={**begun.owner, "Accept-Language": "en"}).json()["title"]
        for query in ("", "?lang=ja")
    ]
    changed = http.patch(begun.at, json={"language": "en"}, headers=begun.owner)

    assert [*titles, changed.json()["title"]] == ["办理解约", "解約する", "Cancel it"]
    assert changed.headers["content-language"] == "en"


# Creating


@pytest.mark.parametrize(
    "key", ["short", "a" * 40, "00000000-0000-0000-0000-000000000000", "123456789012345678901"]
)
def test_a_key_that_can_be_guessed_is_refused(http: httpx.Client, key: str) -> None:
    answer = http.post(
        "/v1/sessions",
        json={"carrier": "example", "procedure": "cancel"},
        headers={"Idempotency-Key": key},
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "Idempotency-Key"


def test_a_key_used_for_another_body_is_refused(http: httpx.Client) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    http.post("/v1/sessions", json={"carrier": "example", "procedure": "cancel"}, headers=key)

    answer = http.post(
        "/v1/sessions",
        json={"carrier": "example", "procedure": "cancel", "facts": {"plan_days": 3}},
        headers=key,
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency-key-reused"


def test_a_repeated_creation_gives_the_same_session_and_token(http: httpx.Client) -> None:
    key, wanted = (
        {"Idempotency-Key": str(uuid.uuid4())},
        {"carrier": "example", "procedure": "cancel"},
    )

    first, second = (http.post("/v1/sessions", json=wanted, headers=key).json() for _ in range(2))

    assert (first["id"], first["token"]) == (second["id"], second["token"])


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"carrier": "exmple", "procedure": "cancel"}, 404, "carrier-not-found"),
        ({"carrier": "example", "procedure": "cancl"}, 404, "procedure-not-found"),
        ({"carrier": "example"}, 422, "invalid-request"),
        ({"carrier": "example", "procedure": "cancel", "note": "hello"}, 422, "invalid-request"),
        ({"carrier": "example", "procedure": "cancel", "language": "fr"}, 422, "invalid-request"),
    ],
)
def test_a_session_for_nothing_is_refused(
    http: httpx.Client, wanted: dict[str, Any], status: int, code: str
) -> None:
    answer = http.post("/v1/sessions", json=wanted)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_body_that_is_no_json_is_refused(http: httpx.Client) -> None:
    answer = http.post("/v1/sessions", content=b"{", headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "not_json"


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_a_body_that_is_too_large_is_refused_announced_or_not(
    http: httpx.Client, language: str, *, chunked: bool
) -> None:
    body = b" " * (16 * 1024 + 1)
    content = iter([body[:9000], body[9000:]]) if chunked else body

    answer = http.post("/v1/sessions", content=content, headers={"Accept-Language": language})

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert answer.headers["content-language"] == language
    assert http.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["", "/calendar.ics"])
def test_an_unknown_query_name_is_refused(http: httpx.Client, begin: Begin, path: str) -> None:
    begun = begin()

    assert http.get(f"{begun.at}{path}?colour=red", headers=begun.owner).status_code == 422


def test_answers_are_not_kept_by_caches(http: httpx.Client, begin: Begin) -> None:
    begun = begin()

    assert http.get(begun.at, headers=begun.owner).headers["cache-control"] == "no-store"


# Expiry


def test_an_expired_session_says_so_and_purge_removes_it(
    served: Served, http: httpx.Client, begin: Begin
) -> None:
    begun, other = begin(), begin()
    database = Database(served.url)
    with database.write() as db:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session = uuid.UUID(begun.body["id"])
        db.exec(
            update(ChecklistSession)
            .where(col(ChecklistSession.id) == session)
            .values(expires_at=past)
        )

    expired = http.get(begun.at, headers=begun.owner)
    with database.write() as db:
        purged = purge(db, datetime.now(UTC))
    database.close()

    assert (expired.status_code, expired.json()["code"]) == (410, "session-expired")
    assert purged == 1
    assert http.get(begun.at, headers=begun.owner).json()["code"] == "session-not-found"
    assert http.get(other.at, headers=other.owner).status_code == 200


def test_every_change_puts_the_expiry_off(http: httpx.Client, begin: Begin) -> None:
    begun = begin()

    later = tick(http, begun, "a").json()["expires_at"]

    assert later > begun.body["expires_at"]
