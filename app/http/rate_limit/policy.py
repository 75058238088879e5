"""Rate-limit policy: which requests count against which quota.

A route declares what its requests count as with `@counted(…)`, below its `@router.…` line.
`app.http.route_policies` collects the declarations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from app.http.declarations import Endpoint, declare, declared

_NAME: Final = "rate_policy"


class Count(Enum):
    """What the requests of a route count as."""

    NEVER = auto()
    """Not limited."""

    CHANGE = auto()
    """Every request counts against the quota for changes."""

    COMPUTATION = auto()
    """Every request counts against the quota for computations."""

    REFUSAL = auto()
    """Only refused requests (4xx) count, as computations.

    Validating a bad request and finding the nearest id cost more than a cached response.
    """

    PATH = auto()
    """Every request counts against the quota of its own path, whoever sends it.

    Calendar apps fetch the feeds of many people from few addresses. Refused requests count
    against the client as well.
    """


@dataclass(frozen=True)
class RatePolicy:
    """What the requests of a route count as."""

    count: Count
    computed_with: str | None = None
    """A query parameter with which a request counts as a computation."""


@dataclass(frozen=True)
class Quota:
    """How many requests of one kind a client may send within a minute."""

    name: str
    per_minute: int
    shared: bool = False
    """Caches share the 200s, so their headers do not name what is left to one client."""

    refusals_only: bool = False
    """Requests count only when they are refused (4xx)."""

    refusals_of_path: "Quota | None" = None
    """Of a quota that a path has, not a client: what refused requests count against as well."""


def counted(count: Count, *, computed_with: str | None = None) -> Callable[[Endpoint], Endpoint]:
    """Declare what the route's requests count as."""
    policy = RatePolicy(count, computed_with)
    return lambda endpoint: declare(endpoint, _NAME, policy)


def declared_rate_policy(endpoint: Callable[..., Any]) -> RatePolicy:
    """Return the policy of an endpoint; raises `UndeclaredPolicyError`."""
    policy: RatePolicy = declared(endpoint, _NAME)
    return policy
