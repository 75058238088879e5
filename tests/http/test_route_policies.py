"""Every route declares its cache policy and its rate policy; a path finds those of its route."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts

from app.http.cache.policy import CachePolicy, cacheable, declared_cache_policy, uncacheable
from app.http.policy_declarations import UndeclaredPolicyError
from app.http.rate_limit.policy import Count, RatePolicy, counted, declared_rate_policy
from app.http.route_policies import RoutePolicies
from app.main import create_api
from tests.support.cached import POLICIES
from tests.support.server import settings_for

ROUTES = list(iter_route_contexts(create_api(settings_for("sqlite:////nowhere")).routes))

PLAIN = CachePolicy()
NOW = CachePolicy(depends_on_now=True)
PROCEDURE = "/v1/carriers/example/procedures/cancel"


def test_every_route_declares_both_policies() -> None:
    """Every route of the service declares a cache policy and a rate policy."""
    for route in ROUTES:
        assert route.endpoint is not None
        declared_cache_policy(route.endpoint)
        declared_rate_policy(route.endpoint)


@pytest.mark.parametrize(
    "declared",
    [cacheable(), uncacheable, counted(Count.NEVER)],
    ids=["only cacheable", "only uncacheable", "only counted"],
)
def test_a_missing_policy_prevents_the_start(
    declared: Callable[[Callable[[], None]], Callable[[], None]],
) -> None:
    """A route without one of the two policies raises an error that names the missing one."""

    def endpoint() -> None: ...

    router = APIRouter()
    router.add_api_route("/new", declared(endpoint))
    api = FastAPI()
    api.include_router(router)

    with pytest.raises(UndeclaredPolicyError, match=r"endpoint.* has no (cache|rate)_policy"):
        RoutePolicies(route for route in iter_route_contexts(api.routes) if route.path == "/new")


@pytest.mark.parametrize(
    ("path", "cache", "reads", "writes"),
    [
        ("/v1", PLAIN, Count.REFUSAL, Count.CHANGE),
        ("/openapi.json", CachePolicy(one_document=True), Count.REFUSAL, Count.CHANGE),
        ("/v1/carriers/example", PLAIN, Count.REFUSAL, Count.CHANGE),
        # The id of a carrier may be the name of a resource.
        ("/v1/carriers/contacts", PLAIN, Count.REFUSAL, Count.CHANGE),
        ("/v1/carriers/example/contacts", NOW, Count.COMPUTATION, Count.CHANGE),
        (PROCEDURE, PLAIN, Count.REFUSAL, Count.CHANGE),
        (f"{PROCEDURE}/timeline.ics", NOW, Count.COMPUTATION, Count.CHANGE),
        (f"{PROCEDURE}/timelineXics", None, Count.REFUSAL, Count.CHANGE),
        (
            f"{PROCEDURE}/revisions/1",
            CachePolicy(number_in_path=True),
            Count.REFUSAL,
            Count.CHANGE,
        ),
        ("/v1/guide", NOW, Count.COMPUTATION, Count.CHANGE),
        ("/v1/identify", None, Count.COMPUTATION, Count.COMPUTATION),
        ("/v1/sessions", None, Count.NEVER, Count.CHANGE),
        ("/v1/sessions/6f1f6d0e", None, Count.COMPUTATION, Count.CHANGE),
        ("/v1/sessions/6f1f6d0e/upgrade", None, Count.COMPUTATION, Count.CHANGE),
        ("/v1/carriers/example/nothing", None, Count.REFUSAL, Count.CHANGE),
        ("/v1/nothing", None, Count.NEVER, Count.CHANGE),
        ("/healthz", None, Count.NEVER, Count.CHANGE),
        ("/docs", None, Count.NEVER, Count.CHANGE),
    ],
)
def test_a_path_finds_the_policies_of_its_route(
    path: str, cache: CachePolicy | None, reads: Count, writes: Count
) -> None:
    """A path finds the policies of its route; a path without a route, those of its collection."""
    policy = POLICIES.of(path)

    assert (policy.cache, policy.reads.count, policy.writes.count) == (cache, reads, writes)


def test_each_route_finds_its_declarations() -> None:
    """The look-up by the template of a route gives the policies that its endpoint declares."""
    for route in ROUTES:
        assert route.path
        assert route.endpoint is not None
        policy = POLICIES.of(route.path)
        declared: Any = declared_rate_policy(route.endpoint)
        if "GET" in (route.methods or ()):
            assert policy.cache == declared_cache_policy(route.endpoint)
            assert policy.reads == declared
        else:
            assert policy.writes == declared


def test_a_search_is_computed() -> None:
    """A list of carriers counts as a computation with `q`."""
    assert POLICIES.of("/v1/carriers").reads == RatePolicy(Count.REFUSAL, computed_with="q")
