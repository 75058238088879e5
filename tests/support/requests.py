"""Requests as tests send them."""

from typing import Any

import httpx


def get(
    http: httpx.Client,
    path: str,
    **params: Any,  # noqa: ANN401 - whatever a query can hold
) -> dict[str, Any]:
    """Return the JSON of a successful answer."""
    answer = http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body
