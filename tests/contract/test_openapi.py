"""The committed contract is current, complete, and kept by the running service."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from app.catalogue import carrier_schemas, edition_schemas, examples, schemas
from app.contacts import examples as contacts_examples
from app.contacts import schemas as contacts_schemas
from app.fees import examples as fees_examples
from app.fees import schemas as fees_schemas
from app.guide import examples as guide_examples
from app.guide import schemas as guide_schemas
from app.http.rate_limit.quotas import quotas
from app.identify import examples as identify_examples
from app.identify import schemas as identify_schemas
from app.main import create_api
from app.sessions import examples as session_examples
from app.sessions import schemas as session_schemas
from app.settings import ROOT
from app.timeline import examples as timeline_examples
from app.timeline import schemas as timeline_schemas
from tests.support.cached import POLICIES
from tests.support.server import settings_for

DOCUMENT: dict[str, Any] = json.loads((ROOT / "openapi.json").read_text(encoding="utf-8"))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


EVERY_OPERATION = pytest.mark.parametrize(
    ("method", "path", "operation"),
    list(operations()),
    ids=[f"{method} {path}" for method, path, _ in operations()],
)


def test_the_committed_contract_is_current() -> None:
    assert create_api(settings_for("sqlite:////nowhere")).openapi() == DOCUMENT


@EVERY_OPERATION
def test_the_contract_names_429_for_what_is_counted_alone(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    scope = {
        "type": "http",
        "method": method.upper(),
        "path": path,
        "query_string": b"at=2026-11-30T19:00:00Z&q=x",
    }

    quota = quotas(POLICIES.of, 1, 1)
    counted = quota({**scope, "query_string": b""}) or quota(scope)

    assert ("429" in operation["responses"]) is (counted is not None)


def test_the_index_links_whatever_can_be_asked_without_an_id(client: httpx.Client) -> None:
    links = set(client.get("/v1").json()["links"].values())

    assert {
        path for path in DOCUMENT["paths"] if path.startswith("/v1/") and "{" not in path
    } <= links
    assert all(client.get(link).status_code != httpx.codes.NOT_FOUND for link in links)


@EVERY_OPERATION
def test_every_operation_has_a_summary_a_description_an_example_and_its_errors(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"], (method, path)
    assert len(operation["description"]) > 40
    good = {
        status: answer
        for status, answer in operation["responses"].items()
        if status.startswith("2")
    }
    assert good
    for status, answer in good.items():
        assert status == "204" or all(
            "example" in content for content in answer["content"].values()
        )
    problems = {
        status: answer for status, answer in operation["responses"].items() if status[0] in "45"
    }
    assert {"422", "500", "503"} <= problems.keys()
    for answer in problems.values():
        assert answer["description"]
        assert answer["content"]["application/problem+json"]["examples"]
    for parameter in operation.get("parameters", []):
        assert parameter["description"]


@pytest.mark.parametrize(
    ("form", "example"),
    [
        (edition_schemas.IndexOut, examples.INDEX),
        (carrier_schemas.CarriersOut, examples.CARRIERS),
        (carrier_schemas.CarrierOut, examples.CARRIER),
        (schemas.ProceduresOut, examples.PROCEDURES),
        (schemas.ProcedureOut, examples.PROCEDURE),
        (schemas.RevisionsOut, examples.REVISIONS),
        (edition_schemas.VocabularyOut, examples.VOCABULARY),
        (edition_schemas.AdviceListOut, examples.ADVICE),
        (timeline_schemas.TimelineOut, timeline_examples.TIMELINE),
        (contacts_schemas.ContactsOut, contacts_examples.CONTACTS),
        (fees_schemas.FeeCheckOut, fees_examples.FEE_CHECK),
        (guide_schemas.GuideOut, guide_examples.GUIDE),
        (identify_schemas.IdentificationOut, identify_examples.IDENTIFICATION),
        (session_schemas.SessionOut, session_examples.SESSION),
        (session_schemas.SessionCreatedOut, session_examples.CREATED),
        (session_schemas.ShareOut, session_examples.SHARE),
    ],
)
def test_an_example_is_what_its_schema_says(form: type[BaseModel], example: dict[str, Any]) -> None:
    assert form.model_validate(example).model_dump(mode="json") == example


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [each for each in operations() if "security" not in each[2] and each[0] == "get"],
    ids=str,
)
def test_an_unknown_query_name_is_refused(
    client: httpx.Client, method: str, path: str, operation: dict[str, Any]
) -> None:
    address = path.format(
        **{
            parameter["name"]: parameter["schema"]["examples"][0]
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "path"
        }
    )

    answer = client.request(method, address, params={"colour": "red"})

    assert answer.status_code == 422
    assert ("colour", "unknown") in {
        (error.get("parameter"), error["code"]) for error in answer.json()["errors"]
    }
