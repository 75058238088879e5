"""The committed contract is current and complete, and the service keeps it."""

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
from app.timeline import examples as timeline_examples
from app.timeline import schemas as timeline_schemas
from tests.support.cached import POLICIES
from tests.support.contract import DOCUMENT, Operation, operations
from tests.support.server import settings_for

EVERY_OPERATION = pytest.mark.parametrize("operation", list(operations()), ids=str)


def test_the_committed_contract_is_current() -> None:
    """openapi.json is the contract that the code generates."""
    assert create_api(settings_for("sqlite:////nowhere")).openapi() == DOCUMENT


@EVERY_OPERATION
def test_the_contract_names_429_where_requests_count(operation: Operation) -> None:
    """An operation names 429 if its requests count against a quota, and only then."""
    scope = {
        "type": "http",
        "method": operation.method.upper(),
        "path": operation.path,
        "query_string": b"at=2026-11-30T19:00:00Z&q=x",
    }

    quota = quotas(POLICIES.of, 1, 1)
    counted = quota({**scope, "query_string": b""}) or quota(scope)

    assert ("429" in operation.details["responses"]) is (counted is not None)


def test_the_index_links_every_path_without_an_id(client: httpx.Client) -> None:
    """`/v1` links every path of the contract that needs no id, and all its links exist."""
    links = set(client.get("/v1").json()["links"].values())

    assert {
        path for path in DOCUMENT["paths"] if path.startswith("/v1/") and "{" not in path
    } <= links
    assert all(client.get(link).status_code != httpx.codes.NOT_FOUND for link in links)


@EVERY_OPERATION
def test_every_operation_is_fully_documented(
    operation: Operation,
) -> None:
    """Every operation has a summary, a description, examples, and its problems with examples."""
    details = operation.details
    assert details["summary"]
    assert len(details["description"]) > 40
    good = {
        status: answer for status, answer in details["responses"].items() if status.startswith("2")
    }
    assert good
    for status, answer in good.items():
        assert status == "204" or all(
            "example" in content for content in answer["content"].values()
        )
    problems = {
        status: answer for status, answer in details["responses"].items() if status[0] in "45"
    }
    assert {"422", "500", "503"} <= problems.keys()
    for answer in problems.values():
        assert answer["description"]
        assert answer["content"]["application/problem+json"]["examples"]
    for parameter in details.get("parameters", []):
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
def test_every_example_fits_its_schema(form: type[BaseModel], example: dict[str, Any]) -> None:
    """Each example of the contract is a complete response of its schema."""
    assert form.model_validate(example).model_dump(mode="json") == example


@pytest.mark.parametrize(
    "operation",
    [each for each in operations() if "security" not in each.details and each.method == "get"],
    ids=str,
)
def test_an_unknown_query_name_is_refused(client: httpx.Client, operation: Operation) -> None:
    """Every operation that needs no token refuses a parameter that it does not know."""
    address = operation.path.format(
        **{
            parameter["name"]: parameter["schema"]["examples"][0]
            for parameter in operation.details.get("parameters", [])
            if parameter["in"] == "path"
        }
    )

    answer = client.get(address, params={"colour": "red"})

    assert answer.status_code == 422
    assert ("colour", "unknown") in {
        (error.get("parameter"), error["code"]) for error in answer.json()["errors"]
    }
