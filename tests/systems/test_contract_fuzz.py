"""The service keeps its contract: random requests for every operation, on both databases."""

from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig

from tests.contract.test_openapi import DOCUMENT, operations

pytestmark = pytest.mark.own_catalogue


def _expected(operation: dict[str, Any]) -> list[str]:
    """Return what may come of a request that fits the schemas of the contract.

    What these cannot say: which cursors were given out (400), who holds a token (401), which
    keys can be guessed (422, documented with the parameter), and which facts, each a date,
    cannot be together or are asked for by no rule (422).
    """
    refused = {"400", "401"} & operation["responses"].keys()
    if {"guide", "timeline", "contacts", "fees", "identify"} & set(operation["tags"]) or any(
        each["name"] == "idempotency-key" for each in operation.get("parameters", [])
    ):
        refused.add("422")
    return ["2xx", "404", "410", *sorted(refused)]


_REFUSED: Final = [
    "400",
    "401",
    "403",
    "404",
    "405",
    "406",
    "409",
    "410",
    "412",
    "413",
    "415",
    "422",
]
"""Answers to requests that do not fit the contract; 413 for bodies with very long texts."""

schema = schemathesis.openapi.from_dict(
    DOCUMENT,
    config=SchemathesisConfig.from_dict(
        {
            "operations": [
                {
                    "include-name": f"{method.upper()} {path}",
                    "checks": {
                        "positive_data_acceptance": {"expected-statuses": _expected(operation)},
                        "negative_data_rejection": {"expected-statuses": _REFUSED},
                    },
                }
                for method, path, operation in operations()
            ]
        }
    ),
)


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_service_keeps_its_contract_whatever_is_sent(case: Case[Any], own_server: str) -> None:
    case.call_and_validate(base_url=own_server)
