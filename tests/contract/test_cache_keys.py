"""Parameters with unlimited values cannot push the catalogue out of the response cache."""

from typing import Any

import pytest

from app.http.cache.policy import CacheRules
from tests.support.cached import POLICIES
from tests.support.contract import DOCUMENT, operations

LIMITED = {
    "carrier": "only known ids have a 200",
    "limit": "1 to 100",
    "tz": "the zones of the zone database, only together with `at`",
}
"""Parameters whose schema does not show that their values are few, and why they are."""


def _has_few_values(schema: dict[str, Any]) -> bool:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _has_few_values(DOCUMENT["components"]["schemas"][name])
    if "anyOf" in schema:
        return all(map(_has_few_values, schema["anyOf"]))
    return "enum" in schema or "const" in schema or schema.get("type") in {"boolean", "null"}


UNLIMITED = [
    pytest.param(operation.path, parameter["name"], id=f"{operation.path} {parameter['name']}")
    for operation in operations()
    if operation.method == "get"
    for parameter in operation.details.get("parameters", ())
    if parameter["in"] == "query"
    and parameter["name"] not in {*LIMITED, "lang"}
    and not _has_few_values(parameter["schema"])
]


@pytest.mark.parametrize(("path", "name"), UNLIMITED)
def test_an_unlimited_parameter_is_stored_apart(path: str, name: str) -> None:
    """A response to a parameter with unlimited values never evicts a response without one."""
    filled = path.format(
        carrier="a", procedure="b", revision=1, session="c", feed="d", address="f", code="e"
    )
    policy = POLICIES.of(filled).cache
    if policy is None:
        return  # not stored at all

    query = f"{name}=1" + ("&at=1" if policy.depends_on_now and name != "at" else "")
    key = CacheRules.key(policy, filled, query.encode(), b"")

    assert key is None or not key.stable
