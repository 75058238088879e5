"""The request log: one line for each request, with the route and not the address."""

import asyncio
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.testing import capture_logs

from app import log
from app.http.metrics import Metrics
from app.http.request_log import RequestLogMiddleware

SECRET: Final = "a-secret"  # noqa: S105 - it must not be logged
ROUTE: Final = "/v1/feeds/{address}"


class Outcome(NamedTuple):
    """The log, the labels of the metric and the statuses sent for a request."""

    lines: list[Any]
    counted: dict[str, str]
    statuses: list[int]


def request(app: ASGIApp, method: str = "GET") -> Outcome:
    """Send a request for an address with a secret; a failure is answered with a 500."""
    statuses: list[int] = []
    metrics = Metrics()

    async def respond_500(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": method, "path": f"/v1/feeds/{SECRET}"}
    log.configure("info")
    with capture_logs() as lines:
        middleware = RequestLogMiddleware(app, metrics, lambda _scope: respond_500)
        asyncio.run(middleware(scope, receive, send))
    families = text_string_to_metric_families(metrics.text().decode())
    samples = [sample for family in families for sample in family.samples]
    (counted,) = (each.labels for each in samples if each.name == "kaiyaku_requests_total")
    return Outcome(list(lines), counted, statuses)


async def found(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer as a route does."""
    scope["route"] = SimpleNamespace(path=ROUTE)
    await send({"type": "http.response.start", "status": 200, "headers": []})


async def not_found(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer without a route."""
    await send({"type": "http.response.start", "status": 404, "headers": []})


async def fail(scope: Scope, _receive: Receive, _send: Send) -> None:
    """Raise before the response has begun."""
    scope["route"] = SimpleNamespace(path=ROUTE)
    raise LookupError(SECRET)


async def fail_late(scope: Scope, receive: Receive, send: Send) -> None:
    """Raise after the response has begun."""
    await found(scope, receive, send)
    raise LookupError(SECRET)


@pytest.mark.parametrize(("app", "route", "status"), [(found, ROUTE, 200), (not_found, None, 404)])
def test_a_request_is_logged_and_counted_by_its_route(
    app: ASGIApp, route: str | None, status: int
) -> None:
    """The line and the metric have the template of the route, or none, and the status."""
    outcome = request(app)

    (line,) = outcome.lines
    assert (line["event"], line["method"], line["route"], line["status"]) == (
        "request",
        "GET",
        route,
        status,
    )
    assert outcome.counted == {"method": "GET", "route": route or "none", "status": f"{status}"}
    assert SECRET not in str(outcome)


def test_an_invented_method_is_no_metric_of_its_own() -> None:
    """Unknown methods are logged and counted as `other`."""
    outcome = request(found, method=SECRET)

    assert outcome.counted["method"] == outcome.lines[0]["method"] == "other"


def test_an_exception_is_logged_once_and_answered() -> None:
    """An exception before the response is one line, and the client gets a 500."""
    outcome = request(fail)

    assert [line["event"] for line in outcome.lines] == ["request failed", "request"]
    assert [line["route"] for line in outcome.lines] == [ROUTE, ROUTE]
    assert outcome.lines[1]["status"] == 500
    assert outcome.statuses == [500]


def test_an_exception_after_the_start_sends_no_second_response() -> None:
    """An exception after the response has begun is logged, and nothing more is sent."""
    outcome = request(fail_late)

    assert [line["event"] for line in outcome.lines] == ["request failed", "request"]
    assert outcome.statuses == [200]
