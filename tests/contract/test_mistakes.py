"""A request that is a little off is told what is wrong and how to fix it."""

import json
import re
import time
from typing import Any

import httpx
import pytest

from app.i18n import LANGUAGES
from app.routes import MANY_PARAMETERS
from tests.contract.test_openapi import operations

START = "/v1/sessions"
JSON = {"Content-Type": "application/json", "Accept-Language": "en"}
ID = "6f1f6d0e-6a0a-4f6e-9a55-3f0c8f6c2f11"


def address(path: str) -> str:
    """Return an address of a path of the contract."""
    examples = {
        "{session}": ID,
        "{carrier}": "rakuten-mobile",
        "{procedure}": "cancel-online-or-app",
        "{revision}": "1",
    }
    return re.sub(r"\{\w+\}", lambda match: examples.get(match[0], "a"), path)


def only(answer: httpx.Response) -> dict[str, Any]:
    """Return the one mistake of an answer."""
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert answer.json()["errors_total"] == 1
    return dict(error)


EVERY_PARAMETER = [
    (method, address(path), parameter["name"], parameter["schema"].get("type") == "array")
    for method, path, operation in operations()
    for parameter in operation.get("parameters", [])
    if parameter["in"] == "query"
]


@pytest.mark.parametrize(("method", "path", "name", "listed"), EVERY_PARAMETER)
def test_a_single_parameter_given_twice_is_refused(
    client: httpx.Client, method: str, path: str, name: str, *, listed: bool
) -> None:
    answer = client.request(method, f"{path}?{name}=x&{name}=x", headers={"Accept-Language": "en"})

    repeated = [error for error in answer.json().get("errors", ()) if error["code"] == "repeated"]
    assert [error["parameter"] for error in repeated] == ([] if listed else [name])


@pytest.mark.parametrize("path", ["/readyz", "/healthz", "/metrics"])
def test_operations_without_parameters_take_none(client: httpx.Client, path: str) -> None:
    error = only(client.get(f"{path}?a=1", headers={"Accept-Language": "en"}))

    assert (error["code"], error["detail"]) == (
        "unknown",
        "a is not accepted here. Leave it out.",
    )


@pytest.mark.parametrize("name", ["Authorization", "Content-Type", "Idempotency-Key"])
def test_a_header_that_is_no_list_counts_once(client: httpx.Client, name: str) -> None:
    headers = [("Content-Type", "application/json")] if name != "Content-Type" else []
    lines = [*headers, (name, "application/json"), (name, "application/json")]

    error = only(client.post(START, content=b"{}", headers=lines))

    assert (error["parameter"], error["code"]) == (name, "repeated")


WITH_BODY = [
    (method, address(path))
    for method, path, operation in operations()
    if "requestBody" in operation
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind",
    [None, "text/plain", "application/x-www-form-urlencoded", "application/json, text/plain"],
)
@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_a_body_of_another_type_is_415(
    client: httpx.Client, method: str, path: str, kind: str | None, language: str
) -> None:
    headers = {"Accept-Language": language} | ({"Content-Type": kind} if kind else {})

    answer = client.request(method, path, content=b"{}", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
    assert "application/json" in answer.json()["detail"]
    assert (
        answer.headers["accept-patch" if method == "patch" else "accept-post"] == "application/json"
    )


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/a+json",
    ],
)
def test_json_under_any_of_its_names_is_read(client: httpx.Client, kind: str) -> None:
    assert (
        client.post(
            "/v1/identify", content=b'{"apn": "mineo.jp"}', headers={"Content-Type": kind}
        ).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("path", "body", "pointer", "code", "detail"),
    [
        (
            START,
            b"",
            "",
            "missing",
            "The body is empty. Send a JSON object with these members: carrier, procedure.",
        ),
        (START, b"{bad", "", "not_json", "The body is not valid JSON. See line 1, column 2."),
        (
            START,
            b'{"carrier":\n 1,}',
            "",
            "not_json",
            "The body is not valid JSON. See line 2, column 4.",
        ),
        (START, b'{"carrier":"\xff"}', "", "not_json", "The body must be JSON in UTF-8."),
        (START, b"[" * 9000, "", "not_json", "The body is nested too deeply."),
        (START, b"[" + b"1" * 5000 + b"]", "", "not_json", None),
        (START, b'{"carrier": NaN}', "", "not_json", None),
        (START, b"[]", "", "wrong_type", "The body must be a JSON object."),
        (START, b"null", "", "wrong_type", "The body must be a JSON object."),
        (START, b'{"carrier": "a", "carrier": "b"}', "/carrier", "repeated", None),
        (START, b'{"facts": {"used": true, "used": false}}', "/facts/used", "repeated", None),
        (START, b'{"a": [0, {"b": 1, "b": 1}]}', "/a/1/b", "repeated", None),
        (START, b'{"a":' * 800 + b'{"b": 1, "b": 1}' + b"}" * 800, None, "repeated", None),
        (
            "/v1/identify",
            b'{"words": "x"}',
            "/words",
            "wrong_type",
            "words must be a list of strings.",
        ),
        (
            "/v1/identify",
            b'{"words": null}',
            "/words",
            "wrong_type",
            "words must be a list of strings.",
        ),
        ("/v1/identify", b'{"words": [1]}', "/words/0", "wrong_type", "words.0 must be a string."),
        ("/v1/identify", json.dumps({"words": ["x"] * 11}).encode(), "/words", "too_many", None),
        (
            "/v1/identify",
            b'{"iccid_prefix": 89}',
            "/iccid_prefix",
            "wrong_type",
            "iccid_prefix must be a string such as 8985207.",
        ),
    ],
    ids=str,
)
def test_a_body_that_does_not_fit_says_where_and_how(  # noqa: PLR0913, PLR0917 - parts of the claim
    client: httpx.Client, path: str, body: bytes, pointer: str | None, code: str, detail: str | None
) -> None:
    error = only(client.post(path, content=body, headers=JSON))

    assert error["code"] == code
    assert pointer in {None, error["pointer"]}
    assert detail in {None, error["detail"]}


@pytest.mark.parametrize(
    ("facts", "code", "detail"),
    [
        ({"installed": "x"}, "wrong_type", "facts.installed must be true or false."),
        (
            {"plan_days": 1.5},
            "wrong_type",
            "facts.plan_days must be a whole number between 1 and 1100.",
        ),
        ({"plan_days": 0}, "out_of_range", "facts.plan_days must be between 1 and 1100."),
        (
            {"bought_on": "2026-02-30"},
            "not_a_date",
            "facts.bought_on must be a real date, such as 2026-11-30.",
        ),
        (
            {"closing_day": 40},
            "not_a_closing_day",
            "facts.closing_day must be a day from 1 to 28, or `last` for the end of the month.",
        ),
    ],
    ids=str,
)
def test_a_fact_of_another_form_says_which_is_wanted(
    client: httpx.Client, facts: dict[str, object], code: str, detail: str
) -> None:
    error = only(
        client.post(START, json={"carrier": "a", "procedure": "b", "facts": facts}, headers=JSON)
    )

    assert (error["pointer"], error["code"]) == (f"/facts/{next(iter(facts))}", code)
    assert error["detail"].startswith(detail)


@pytest.mark.parametrize(
    ("body", "pointer", "allowed", "close"),
    [
        ({"carier": "a"}, "/carier", "procedure", "carrier"),
        ({"facts": {"instaled": True}}, "/facts/instaled", "plan_days", "installed"),
    ],
)
def test_an_unknown_member_lists_those_of_its_place(
    client: httpx.Client, body: dict[str, object], pointer: str, allowed: str, close: str
) -> None:
    errors = client.post(START, json=body, headers=JSON).json()["errors"]

    (unknown,) = [error for error in errors if error["code"] == "unknown"]
    assert unknown["pointer"] == pointer
    assert allowed in unknown["allowed"]
    assert unknown["detail"].endswith(f"Did you mean {close}?")


@pytest.mark.parametrize(
    ("query", "code", "detail"),
    [
        ("/v1/carriers?limit=0", "out_of_range", "limit must be between 1 and 200."),
        ("/v1/carriers?limit=201", "out_of_range", "limit must be between 1 and 200."),
        (f"/v1/carriers?limit={'9' * 40}", "out_of_range", "limit must be between 1 and 200."),
        ("/v1/carriers?limit=ten", "wrong_type", "limit must be a whole number between 1 and 200."),
        (
            "/v1/carriers/a%00b",
            "wrong_form",
            "carrier has the wrong format. Example: rakuten-mobile.",
        ),
        (f"/v1/sessions/{'x' * 9}", "wrong_type", "session must be a UUID."),
        ("/v1/guide?installed=maybe", "wrong_type", "installed must be true or false."),
        (
            "/v1/guide?at=2090-01-01T00:00:00Z",
            "out_of_range",
            "at must be in the years 2000 to 2089.",
        ),
        (
            "/v1/guide?at=2026-11-30T19:00:00",
            "offset_missing",
            "at has no UTC offset. Add one: Z, or +09:00 for Japan (write + as %2B).",
        ),
        ("/v1/guide?at=2026-11-30", "not_an_instant", None),
        ("/v1/guide?tz=asia/tokyo", "not_a_zone", None),
        ("/v1/guide?tz=localtime", "not_a_zone", None),
        ("/v1/guide?tz=posixrules", "not_a_zone", None),
        ("/v1/guide?tz=Factory", "not_a_zone", None),
        ("/v1/guide?tz=right/Asia/Tokyo", "not_a_zone", None),
        ("/v1/guide?tz=posix/Asia/Tokyo", "not_a_zone", None),
        ("/v1/guide?tz=../../etc/passwd", "not_a_zone", None),
    ],
)
def test_a_parameter_that_does_not_fit_says_what_does(
    client: httpx.Client, query: str, code: str, detail: str | None
) -> None:
    error = only(client.get(query, headers={"Accept-Language": "en"}))

    assert error["code"] == code
    assert detail in {None, error["detail"]}


def test_a_zone_with_a_raw_plus_works(client: httpx.Client) -> None:
    assert client.get("/v1/carriers/monthly/contacts?tz=Etc/GMT+9").json()["zone"] == "Etc/GMT+9"
    assert client.get("/v1/carriers/monthly/contacts?tz=Etc/GMT%2B9").json()["zone"] == "Etc/GMT+9"


def test_each_operation_has_fewer_parameters_than_many() -> None:
    counts = [len(operation.get("parameters", [])) for _, _, operation in operations()]

    assert max(counts) < MANY_PARAMETERS


@pytest.mark.parametrize("path", ["/v1/carriers", "/v1/guide", "/v1/vocabulary"])
def test_thousands_of_mistakes_make_a_small_answer(client: httpx.Client, path: str) -> None:
    names = "&".join(f"n{number}={'x' * 4}" for number in range(5000))
    began = time.perf_counter()

    answer = client.get(f"{path}?{names}")

    assert time.perf_counter() - began < 2
    assert (len(answer.json()["errors"]), answer.json()["errors_total"]) == (20, 5000)
    assert len(answer.content) < 40_000
    assert {error["code"] for error in answer.json()["errors"]} == {"unknown"}


@pytest.mark.parametrize(
    "body",
    [
        b"{" + b",".join(b'"%d":1' % number for number in range(1500)) + b',"7":1}',
        b"[" + b",".join([b'{"a":1,"a":1}'] * 1000) + b"]",
        b'{"a":' * 2500 + b"1" + b"}" * 2500,
    ],
    ids=["many members", "many objects", "deep"],
)
def test_a_laboured_body_is_refused_quickly(client: httpx.Client, body: bytes) -> None:
    began = time.perf_counter()

    answer = client.post(START, content=body, headers=JSON)

    assert (answer.status_code, time.perf_counter() - began < 2) == (422, True)


def test_what_is_repeated_of_a_request_is_short(client: httpx.Client) -> None:
    unknown = only(client.get(f"/v1/carriers?{'x' * 60_000}=1"))
    member = client.post(START, json={"y" * 9_000: 1}, headers=JSON).json()["errors"]
    code = only(client.get("/v1/guide", params={"have": "z" * 60_000}))

    assert len(unknown["parameter"]) <= 64
    assert max(len(error["pointer"]) for error in member) <= 64
    assert "z" * 65 not in code["detail"]


def test_the_contract_names_415_where_there_is_a_body() -> None:
    for method, path, operation in operations():
        assert ("415" in operation["responses"]) is ("requestBody" in operation), (method, path)
