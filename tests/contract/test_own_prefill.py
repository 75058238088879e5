"""The values that "Try it out" on /docs fills in work as sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.support.contract import DOCUMENT

pytestmark = pytest.mark.own_catalogue


@dataclass
class Filled:
    """An operation with the values that Swagger UI fills in."""

    method: str
    path: str
    needs_token: bool
    values: dict[str, dict[str, str]] = field(
        default_factory=lambda: {"path": {}, "query": {}, "header": {}}
    )
    body: Any = None

    def __str__(self) -> str:
        """Return the id of its tests."""
        return f"{self.method} {self.path}"


def filled_operations() -> Iterator[Filled]:
    """Yield every operation with the values that Swagger UI fills in."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            filled = Filled(method, path, needs_token="security" in operation)
            for parameter in operation.get("parameters", []):
                # Swagger UI fills in an example, or else a default, and sends both.
                value = parameter.get("example", parameter["schema"].get("default"))
                if value not in (None, []):
                    filled.values[parameter["in"]][parameter["name"]] = str(value)
            content = operation.get("requestBody", {"content": {}})["content"]
            filled.body = content["application/json"]["example"] if content else None
            yield filled


def send(own: httpx.Client, filled: Filled) -> httpx.Response:
    """Send the operation as it is filled in, with the id and the token of a new session."""
    path, headers = dict(filled.values["path"]), dict(filled.values["header"])
    if filled.needs_token or "address" in path:
        created = own.post("/v1/sessions", json=session_example()).json()
        path["session"] = created["id"]
        headers["Authorization"] = f"Bearer {created['token']}"
        if path.keys() & {"feed", "address"}:
            feeds = f"/v1/sessions/{created['id']}/feeds"
            feed = own.post(feeds, headers={"Authorization": headers["Authorization"]}).json()
            path |= {"feed": feed["id"], "address": feed["url"].rpartition("/")[2]}
    return own.request(
        filled.method,
        filled.path.format(**path),
        params=filled.values["query"],
        headers=headers,
        json=filled.body,
    )


def session_example() -> object:
    """Return the example of a body that starts a session."""
    body = DOCUMENT["paths"]["/v1/sessions"]["post"]["requestBody"]
    return body["content"]["application/json"]["example"]


@pytest.mark.parametrize("filled", list(filled_operations()), ids=str)
def test_the_filled_in_values_work_as_sent(own: httpx.Client, filled: Filled) -> None:
    """Every operation succeeds with the values that /docs fills in."""
    answer = send(own, filled)

    assert answer.is_success, answer.text


def test_the_example_of_identify_finds_one_company(own: httpx.Client) -> None:
    """The example of `POST /v1/identify` identifies exactly one carrier."""
    (identify,) = (filled for filled in filled_operations() if filled.path == "/v1/identify")

    assert send(own, identify).json()["state"] == "identified"
