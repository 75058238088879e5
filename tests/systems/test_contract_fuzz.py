"""The service keeps its contract: random requests for every operation, on both databases."""

from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig

from tests.support.contract import DOCUMENT, operations

pytestmark = pytest.mark.own_catalogue


def _expected(operation: dict[str, Any]) -> list[str]:
    """Return the possible statuses of a request that fits the schemas of the contract.

    The schemas cannot express which cursors were issued (400), which tokens are valid (401),
    which keys can be guessed (422, documented with the parameter), and which facts, each a
    valid date, contradict each other or are used by no rule (422).
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
"""Statuses of requests that do not fit the contract; 413 for bodies with very long texts."""

schema = schemathesis.openapi.from_dict(
    DOCUMENT,
    config=SchemathesisConfig.from_dict(
        {
            "operations": [
                {
                    "include-name": f"{each.method.upper()} {each.path}",
                    "checks": {
                        "positive_data_acceptance": {"expected-statuses": _expected(each.details)},
                        "negative_data_rejection": {"expected-statuses": _REFUSED},
                    },
                }
                for each in operations()
            ]
        }
    ),
)


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_requests_keep_the_contract(case: Case[Any], own_server: str) -> None:
    """Any request, valid or not, gets a status and a body that the contract names."""
    case.call_and_validate(base_url=own_server)
