"""The committed contract, openapi.json: its operations, and the problems that they document."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import httpx

from app.settings import ROOT

DOCUMENT: Final[dict[str, Any]] = json.loads((ROOT / "openapi.json").read_text(encoding="utf-8"))


class Operation(NamedTuple):
    """An operation of the contract."""

    method: str
    path: str
    details: dict[str, Any]

    def __str__(self) -> str:
        """Return the id of its tests."""
        return f"{self.method} {self.path}"


def operations() -> Iterator[Operation]:
    """Yield every operation, path by path."""
    for path, methods in DOCUMENT["paths"].items():
        for method, details in methods.items():
            yield Operation(method, path, details)


OF_ANY_URL: Final = frozenset({"not-found", "method-not-allowed", "headers-too-large"})
"""Problems of requests that reach no operation."""

_PATHS: Final = [
    (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operations)
    for path, operations in DOCUMENT["paths"].items()
]


def assert_documented(response: httpx.Response) -> None:
    """Assert that the operation documents the status and the code of a problem.

    A hook for `httpx.Client(event_hooks={"response": [assert_documented]})`.
    """
    if response.headers.get("content-type") != "application/problem+json":
        return
    response.read()
    if response.request.method == "HEAD":
        return
    code = response.json()["code"]
    operation = _operation(response.request)
    if operation is None or code in OF_ANY_URL:
        return
    documented = operation["responses"].get(str(response.status_code), {})
    examples = documented.get("content", {}).get("application/problem+json", {}).get("examples", {})
    name = operation["operationId"]
    assert code in examples, f"{name} answers {response.status_code} {code}, not in its contract"


def _operation(request: httpx.Request) -> dict[str, Any] | None:
    for pattern, operations in _PATHS:
        if pattern.fullmatch(request.url.path):
            operation: dict[str, Any] | None = operations.get(request.method.lower())
            if operation is not None:
                return operation
    return None
