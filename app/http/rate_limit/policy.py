"""Rate-limit policy: which requests count against which quota.

A route declares what its requests count as with `@counted(…)`, below its `@router.…` line.
`app.http.route_policies` collects the declarations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from app.http.policy_declarations import Endpoint, declare, declared

_NAME: Final = "rate_policy"


class Count(Enum):
    """Which requests of a route count, and against which quota."""

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
    """Every request counts against a quota of its path, shared by all clients.

    Calendar services fetch the feeds of many people from few addresses. Refused requests also count
    against the client.
    """


@dataclass(frozen=True)
class RatePolicy:
    """How the requests of a route are counted."""

    count: Count
    computed_with: str | None = None
    """A query parameter; every request that has it counts as a computation."""


@dataclass(frozen=True)
class Quota:
    """The number of requests of one kind that a client, or a path, has per minute."""

    name: str
    per_minute: int
    """0 sets no limit."""

    shared: bool = False
    """Caches share the 200s, so these have no RateLimit headers, which hold for one client."""

    refusals_only: bool = False
    """Only refused requests (4xx) count."""

    refusals_of_path: "Quota | None" = None
    """For a quota of a path: the quota of the client that refused requests also count against."""


def counted(count: Count, *, computed_with: str | None = None) -> Callable[[Endpoint], Endpoint]:
    """Declare how the route's requests are counted; the parameters are those of `RatePolicy`."""
    policy = RatePolicy(count, computed_with)
    return lambda endpoint: declare(endpoint, _NAME, policy)


def declared_rate_policy(endpoint: Callable[..., Any]) -> RatePolicy:
    """Return the policy of an endpoint; raises `UndeclaredPolicyError`."""
    policy: RatePolicy = declared(endpoint, _NAME)
    return policy
