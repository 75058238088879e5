"""Cache and rate-limit policies by path, for the middleware in front of the router.

The response cache and the rate limit run before the router, so the route of a request is not known
yet. The declarations of all routes are compiled once, at the start, into a look-up by path.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from fastapi.routing import RouteContext

from app.http.cache.policy import CachePolicy, declared_cache_policy
from app.http.rate_limit.policy import Count, RatePolicy, declared_rate_policy

WRITING_METHODS: Final = frozenset({"POST", "PATCH", "PUT", "DELETE"})

_LONGEST_CACHED: Final = 256
"""Characters of a path. Results for longer paths are not cached, to bound the memory."""

_PARAMETER: Final = re.compile(r"\{\w+\}")
_NOT_COUNTED: Final = RatePolicy(Count.NEVER)
_CHANGE: Final = RatePolicy(Count.CHANGE)
_REFUSAL: Final = RatePolicy(Count.REFUSAL)


class PathPolicy(NamedTuple):
    """The policies of all routes at one path."""

    cache: CachePolicy | None
    """None: responses are not stored."""

    reads: RatePolicy
    writes: RatePolicy


class _Declaration(NamedTuple):
    cache: CachePolicy | None
    rate: RatePolicy


_ByMethod: TypeAlias = Mapping[str, _Declaration]


class RoutePolicies:
    """Looks up the policies of a path."""

    def __init__(self, routes: Iterable[RouteContext]) -> None:
        """Compile the declarations of the routes.

        Raises `UndeclaredPolicyError` if one declares no cache policy or no rate policy.
        """
        declared: defaultdict[str, dict[str, _Declaration]] = defaultdict(dict)
        for route in routes:
            for method in route.methods or ():
                declared[route.path or ""][method] = _declaration(route)
        self._collections: Final = {
            _collection(path): _policy_of_unknown_path(by_method["GET"])
            for path, by_method in declared.items()
            if path.count("/") > 1 and "GET" in by_method
        }
        policies = {path: self._policy(path, by_method) for path, by_method in declared.items()}
        self._by_path: Final = {
            path: policy for path, policy in policies.items() if "{" not in path
        }
        templates = [path for path in policies if "{" in path]
        self._by_group: Final = [policies[template] for template in templates]
        self._cached: Final = lru_cache(maxsize=4096)(self._find)
        # One group per template: the number of the matching group is the index of the policy.
        self._pattern: Final = re.compile("|".join(f"({_regex(each)})" for each in templates))

    def of(self, path: str) -> PathPolicy:
        """Return the policies of a path.

        A path without a route counts like the collection it is in (`/v1/carriers/…`).
        """
        return self._cached(path) if len(path) <= _LONGEST_CACHED else self._find(path)

    def _find(self, path: str) -> PathPolicy:
        policy = self._by_path.get(path)
        if policy is not None:
            return policy
        match = self._pattern.fullmatch(path)
        if match is not None and match.lastindex is not None:
            return self._by_group[match.lastindex - 1]
        return PathPolicy(None, self._unknown(path), _CHANGE)

    def _unknown(self, path: str) -> RatePolicy:
        in_collection = path.count("/") > 2  # noqa: PLR2004 - `/v1/carriers/` and all below
        return (
            self._collections.get(_collection(path), _NOT_COUNTED)
            if in_collection
            else _NOT_COUNTED
        )

    def _policy(self, path: str, by_method: _ByMethod) -> PathPolicy:
        """Return the policies of a path; methods without a route count like its other methods."""
        writes = next(
            (each.rate for method, each in by_method.items() if method in WRITING_METHODS), _CHANGE
        )
        if "GET" in by_method:
            return PathPolicy(by_method["GET"].cache, by_method["GET"].rate, writes)
        if writes.count is not Count.CHANGE:  # a read that uses POST, such as /v1/identify
            return PathPolicy(None, writes, writes)
        return PathPolicy(None, self._unknown(path), writes)


def _declaration(route: RouteContext) -> _Declaration:
    assert route.endpoint is not None  # mounted applications are not used
    return _Declaration(declared_cache_policy(route.endpoint), declared_rate_policy(route.endpoint))


def _collection(path: str) -> str:
    """Return the first two parts of a path: `/v1/carriers` for `/v1/carriers/au/procedures`."""
    return "/".join(path.split("/", 3)[:3])


def _policy_of_unknown_path(read: _Declaration) -> RatePolicy:
    """Return the rate policy of paths without a route, from the GET route of their collection.

    In a cacheable collection (the catalogue) only the refusal counts.
    """
    return _REFUSAL if read.cache is not None else read.rate


def _regex(template: str) -> str:
    return "[^/]+".join(map(re.escape, _PARAMETER.split(template)))
