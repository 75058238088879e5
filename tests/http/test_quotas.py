"""The quota of a request follows from the policy of its route."""

from typing import Final

import pytest
from starlette.types import Scope

from app.http.cache.policy import CachePolicy
from app.http.rate_limit.policy import Count, Quota, RatePolicy
from app.http.rate_limit.quotas import PATH_READS_PER_MINUTE, quotas
from app.http.route_policies import PathPolicy

CHANGE: Final = RatePolicy(Count.CHANGE)
POLICIES: Final = {
    "/free": PathPolicy(None, RatePolicy(Count.NEVER), CHANGE),
    "/refusals": PathPolicy(CachePolicy(), RatePolicy(Count.REFUSAL), CHANGE),
    "/search": PathPolicy(CachePolicy(), RatePolicy(Count.REFUSAL, computed_with="q"), CHANGE),
    "/now": PathPolicy(CachePolicy(depends_on_now=True), RatePolicy(Count.COMPUTATION), CHANGE),
    "/compute": PathPolicy(None, RatePolicy(Count.COMPUTATION), RatePolicy(Count.COMPUTATION)),
    "/feed": PathPolicy(None, RatePolicy(Count.PATH), CHANGE),
}
COMPUTATIONS: Final = Quota("computations", 7)
SHARED: Final = Quota("computations", 7, shared=True)
REFUSALS: Final = Quota("computations", 7, refusals_only=True)


def scope(method: str, path: str, query: bytes = b"") -> Scope:
    return {"type": "http", "method": method, "path": path, "query_string": query}


@pytest.mark.parametrize(
    ("request_scope", "expected"),
    [
        (scope("GET", "/free"), None),
        (scope("POST", "/free"), Quota("changes", 3)),
        (scope("GET", "/refusals"), REFUSALS),
        (scope("HEAD", "/refusals"), REFUSALS),
        (scope("GET", "/search"), REFUSALS),
        (scope("GET", "/search", b"q=x"), SHARED),
        (scope("GET", "/search", b"%71=x"), SHARED),
        (scope("GET", "/now"), COMPUTATIONS),
        (scope("GET", "/now", b"at=x"), SHARED),
        (scope("POST", "/compute"), COMPUTATIONS),
        (
            scope("GET", "/feed"),
            Quota("feed", PATH_READS_PER_MINUTE, refusals_of_path=REFUSALS),
        ),
    ],
    ids=str,
)
def test_a_request_has_the_quota_of_its_route(request_scope: Scope, expected: Quota | None) -> None:
    """Method, path and query decide; a cacheable response has the quota whose headers hide it."""
    quota = quotas(POLICIES.__getitem__, changes_per_minute=3, computations_per_minute=7)

    assert quota(request_scope) == expected


def test_without_a_limit_a_feed_has_none() -> None:
    """A limit of 0 for computations sets none for feeds either."""
    quota = quotas(POLICIES.__getitem__, changes_per_minute=3, computations_per_minute=0)

    feed = quota(scope("GET", "/feed"))

    assert feed is not None
    assert feed.per_minute == 0
