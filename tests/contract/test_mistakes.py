"""A request that does not fit its operation is refused with the place, the mistake and the fix."""

import json
import re
import time
from typing import Any

import httpx
import pytest

from app.i18n import DEFAULT_LANGUAGE, LANGUAGES
from app.messages.keys import MessageKey
from app.messages.loader import translate
from app.routes import MANY_PARAMETERS
from tests.support.contract import operations

START = "/v1/sessions"
JSON = {"Content-Type": "application/json", "Accept-Language": "en"}
ID = "6f1f6d0e-6a0a-4f6e-9a55-3f0c8f6c2f11"


def address(path: str) -> str:
    """Return an address for a path of the contract."""
    examples = {
        "{session}": ID,
        "{carrier}": "monthly",
        "{procedure}": "cancel-online",
        "{revision}": "1",
    }
    return re.sub(r"\{\w+\}", lambda match: examples.get(match[0], "a"), path)


def said(key: MessageKey, **values: object) -> str:
    """Return an English text of the service, filled with these values."""
    return translate(key, DEFAULT_LANGUAGE, **values)


def only_mistake(answer: httpx.Response) -> dict[str, Any]:
    """Return the one mistake that a response lists."""
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert answer.json()["errors_total"] == 1
    return dict(error)


EVERY_PARAMETER = [
    (
        operation.method,
        address(operation.path),
        parameter["name"],
        parameter["schema"].get("type") == "array",
    )
    for operation in operations()
    for parameter in operation.details.get("parameters", [])
    if parameter["in"] == "query"
]


@pytest.mark.parametrize(("method", "path", "name", "listed"), EVERY_PARAMETER)
def test_a_single_parameter_given_twice_is_refused(
    client: httpx.Client, method: str, path: str, name: str, *, listed: bool
) -> None:
    """A query parameter that is no list is refused when it is given twice."""
    answer = client.request(method, f"{path}?{name}=x&{name}=x", headers={"Accept-Language": "en"})

    repeated = [error for error in answer.json().get("errors", ()) if error["code"] == "repeated"]
    assert [error["parameter"] for error in repeated] == ([] if listed else [name])


@pytest.mark.parametrize("path", ["/readyz", "/healthz", "/metrics"])
def test_operations_without_parameters_take_none(client: httpx.Client, path: str) -> None:
    """An operation without parameters refuses every parameter."""
    error = only_mistake(client.get(f"{path}?a=1", headers={"Accept-Language": "en"}))

    assert (error["code"], error["detail"]) == (
        "unknown",
        said("mistake.unknown.none", name="a"),
    )


@pytest.mark.parametrize("name", ["Authorization", "Content-Type", "Idempotency-Key"])
def test_a_repeated_header_that_is_no_list_is_refused(client: httpx.Client, name: str) -> None:
    """A header that can have only one value is refused when it is sent twice."""
    headers = [("Content-Type", "application/json")] if name != "Content-Type" else []
    lines = [*headers, (name, "application/json"), (name, "application/json")]

    error = only_mistake(client.post(START, content=b"{}", headers=lines))

    assert (error["parameter"], error["code"]) == (name, "repeated")


NO_OBJECT = said("mistake.wrong_type", name=said("mistake.the_body"), type=said("type.object"))
LIMIT_RANGE = said("mistake.out_of_range", name="limit", low=1, high=200)
DAYS = said("type.integer.range", low=1, high=1100)

WITH_BODY = [
    (operation.method, address(operation.path))
    for operation in operations()
    if "requestBody" in operation.details
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
    """A body whose Content-Type is missing or not JSON gets a 415 that names the type to send."""
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
def test_json_is_read_under_each_media_type(client: httpx.Client, kind: str) -> None:
    """JSON is read with any case of its media type, with a charset, and with `+json`."""
    assert (
        client.post(
            "/v1/identify", content=b'{"apn": "example.jp"}', headers={"Content-Type": kind}
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
            said("mistake.missing.body", allowed="carrier, procedure"),
        ),
        (START, b"{bad", "", "not_json", said("mistake.not_json", line=1, column=2)),
        (
            START,
            b'{"carrier":\n 1,}',
            "",
            "not_json",
            said("mistake.not_json", line=2, column=4),
        ),
        (START, b'{"carrier":"\xff"}', "", "not_json", said("mistake.not_json.encoding")),
        (START, b"[" * 9000, "", "not_json", said("mistake.not_json.depth")),
        (START, b"[" + b"1" * 5000 + b"]", "", "not_json", said("mistake.not_json.number")),
        (START, b'{"carrier": NaN}', "", "not_json", said("mistake.not_json.number")),
        (START, b"[]", "", "wrong_type", NO_OBJECT),
        (START, b"null", "", "wrong_type", NO_OBJECT),
        (START, b'{"carrier": "a", "carrier": "b"}', "/carrier", "repeated", None),
        (START, b'{"facts": {"used": true, "used": false}}', "/facts/used", "repeated", None),
        (START, b'{"a": [0, {"b": 1, "b": 1}]}', "/a/1/b", "repeated", None),
        (START, b'{"a":' * 800 + b'{"b": 1, "b": 1}' + b"}" * 800, None, "repeated", None),
        (
            "/v1/identify",
            b'{"words": "x"}',
            "/words",
            "wrong_type",
            said("mistake.wrong_type", name="words", type=said("type.array.string")),
        ),
        (
            "/v1/identify",
            b'{"words": null}',
            "/words",
            "wrong_type",
            said("mistake.wrong_type", name="words", type=said("type.array.string")),
        ),
        (
            "/v1/identify",
            b'{"words": [1]}',
            "/words/0",
            "wrong_type",
            said("mistake.wrong_type", name="words.0", type=said("type.string")),
        ),
        (
            "/v1/identify",
            json.dumps({"words": ["x"] * 11}).encode(),
            "/words",
            "too_many",
            said("mistake.too_many", name="words", limit=10),
        ),
        (
            "/v1/identify",
            b'{"iccid_prefix": 89}',
            "/iccid_prefix",
            "wrong_type",
            said(
                "mistake.wrong_type",
                name="iccid_prefix",
                type=said("type.string.example", example="8985207"),
            ),
        ),
    ],
    ids=str,
)
def test_a_wrong_body_names_the_place_and_the_fix(  # noqa: PLR0913, PLR0917 - parts of the claim
    client: httpx.Client, path: str, body: bytes, pointer: str | None, code: str, detail: str | None
) -> None:
    """A body that does not fit gets one mistake with the pointer, the code and the fix."""
    error = only_mistake(client.post(path, content=body, headers=JSON))

    assert error["code"] == code
    assert pointer in {None, error["pointer"]}
    assert detail in {None, error["detail"]}


@pytest.mark.parametrize(
    ("facts", "code", "detail"),
    [
        (
            {"installed": "x"},
            "wrong_type",
            said("mistake.wrong_type", name="facts.installed", type=said("type.boolean")),
        ),
        (
            {"plan_days": 1.5},
            "wrong_type",
            said("mistake.wrong_type", name="facts.plan_days", type=DAYS),
        ),
        (
            {"plan_days": 0},
            "out_of_range",
            said("mistake.out_of_range", name="facts.plan_days", low=1, high=1100),
        ),
        (
            {"bought_on": "2026-02-30"},
            "not_a_date",
            said("mistake.not_a_date", name="facts.bought_on"),
        ),
        (
            {"closing_day": 40},
            "not_a_closing_day",
            said("mistake.not_a_closing_day", name="facts.closing_day"),
        ),
    ],
    ids=str,
)
def test_a_wrong_fact_names_the_expected_form(
    client: httpx.Client, facts: dict[str, object], code: str, detail: str
) -> None:
    """A fact of another type or out of range is refused with the expected form."""
    error = only_mistake(
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
def test_an_unknown_member_lists_the_known_ones(
    client: httpx.Client, body: dict[str, object], pointer: str, allowed: str, close: str
) -> None:
    """An unknown member is refused with the members of its object, and with the closest one."""
    errors = client.post(START, json=body, headers=JSON).json()["errors"]

    (unknown,) = [error for error in errors if error["code"] == "unknown"]
    assert unknown["pointer"] == pointer
    assert allowed in unknown["allowed"]
    assert unknown["detail"].endswith(said("mistake.suggestion", close=close))


@pytest.mark.parametrize(
    ("query", "code", "detail"),
    [
        ("/v1/carriers?limit=0", "out_of_range", LIMIT_RANGE),
        ("/v1/carriers?limit=201", "out_of_range", LIMIT_RANGE),
        (f"/v1/carriers?limit={'9' * 40}", "out_of_range", LIMIT_RANGE),
        (
            "/v1/carriers?limit=ten",
            "wrong_type",
            said(
                "mistake.wrong_type",
                name="limit",
                type=said("type.integer.range", low=1, high=200),
            ),
        ),
        (
            "/v1/carriers/a%00b",
            "wrong_form",
            said("mistake.wrong_form", name="carrier", example="rakuten-mobile"),
        ),
        (
            f"/v1/sessions/{'x' * 9}",
            "wrong_type",
            said("mistake.wrong_type", name="session", type=said("type.string.uuid")),
        ),
        (
            "/v1/guide?installed=maybe",
            "wrong_type",
            said("mistake.wrong_type", name="installed", type=said("type.boolean")),
        ),
        (
            "/v1/guide?at=2090-01-01T00:00:00Z",
            "out_of_range",
            said("mistake.out_of_range.years", name="at", low=2000, high=2089),
        ),
        (
            "/v1/guide?at=2026-11-30T19:00:00",
            "offset_missing",
            said("mistake.offset_missing", name="at"),
        ),
        ("/v1/guide?at=2026-11-30", "not_an_instant", said("mistake.not_an_instant", name="at")),
        ("/v1/guide?tz=asia/tokyo", "not_a_zone", None),
        ("/v1/guide?tz=localtime", "not_a_zone", None),
        ("/v1/guide?tz=posixrules", "not_a_zone", None),
        ("/v1/guide?tz=Factory", "not_a_zone", None),
        ("/v1/guide?tz=right/Asia/Tokyo", "not_a_zone", None),
        ("/v1/guide?tz=posix/Asia/Tokyo", "not_a_zone", None),
        ("/v1/guide?tz=../../etc/passwd", "not_a_zone", None),
    ],
)
def test_a_wrong_parameter_names_the_expected_form(
    client: httpx.Client, query: str, code: str, detail: str | None
) -> None:
    """A parameter that does not fit gets one mistake with its code and the expected form."""
    error = only_mistake(client.get(query, headers={"Accept-Language": "en"}))

    assert error["code"] == code
    assert detail in {None, error["detail"]}


def test_a_zone_with_a_raw_plus_works(client: httpx.Client) -> None:
    """A `+` in the name of a time zone may be escaped or not."""
    assert client.get("/v1/carriers/monthly/contacts?tz=Etc/GMT+9").json()["zone"] == "Etc/GMT+9"
    assert client.get("/v1/carriers/monthly/contacts?tz=Etc/GMT%2B9").json()["zone"] == "Etc/GMT+9"


def test_each_operation_has_fewer_parameters_than_many() -> None:
    """No operation has as many parameters as a query may have before it is refused."""
    counts = [len(operation.details.get("parameters", [])) for operation in operations()]

    assert max(counts) < MANY_PARAMETERS


@pytest.mark.parametrize("path", ["/v1/carriers", "/v1/guide", "/v1/vocabulary"])
def test_thousands_of_mistakes_get_a_short_response(client: httpx.Client, path: str) -> None:
    """5,000 unknown parameters are counted, 20 of them are listed, within two seconds."""
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
def test_an_expensive_body_is_refused_quickly(client: httpx.Client, body: bytes) -> None:
    """A body with many or deeply nested members is refused within two seconds."""
    began = time.perf_counter()

    answer = client.post(START, content=body, headers=JSON)

    assert (answer.status_code, time.perf_counter() - began < 2) == (422, True)


def test_quoted_parts_of_a_request_are_cut(client: httpx.Client) -> None:
    """A problem quotes at most 64 characters of any part of the request."""
    unknown = only_mistake(client.get(f"/v1/carriers?{'x' * 60_000}=1"))
    member = client.post(START, json={"y" * 9_000: 1}, headers=JSON).json()["errors"]
    code = only_mistake(client.get("/v1/guide", params={"have": "z" * 60_000}))

    assert len(unknown["parameter"]) <= 64
    assert max(len(error["pointer"]) for error in member) <= 64
    assert "z" * 65 not in code["detail"]


def test_the_contract_names_415_where_there_is_a_body() -> None:
    """The contract names 415 for the operations with a body, and for no others."""
    for operation in operations():
        has_body = "requestBody" in operation.details
        assert ("415" in operation.details["responses"]) is has_body, str(operation)
