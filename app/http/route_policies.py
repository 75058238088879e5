"""The policies that routes declare, by path: what the middleware in front of the router looks up.

The response cache and the rate limit stand in front of the router, so they cannot ask the route of
a request. The declarations are compiled once, at the start, into one look-up by path.
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
"""Characters of a path. Longer ones are matched each time: clients must not fill the memory."""

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
        """Compile the declarations; raises `UndeclaredPolicyError`."""
        declared: defaultdict[str, dict[str, _Declaration]] = defaultdict(dict)
        for route in routes:
            for method in route.methods or ():
                declared[route.path or ""][method] = _declaration(route)
        self._collections: Final = {
            _collection(path): _of_unknown(by_method["GET"])
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
        # One group per template: the number of the group that matches finds the policy.
        self._pattern: Final = re.compile("|".join(f"({_regex(each)})" for each in templates))

    def of(self, path: str) -> PathPolicy:
        """Return the policies of a path; one that no route has counts like its collection."""
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
        """Return the policy of a path; methods that no route takes count like the others there."""
        writes = next(
            (each.rate for method, each in by_method.items() if method in WRITING_METHODS), _CHANGE
        )
        if "GET" in by_method:
            return PathPolicy(by_method["GET"].cache, by_method["GET"].rate, writes)
        if writes.count is not Count.CHANGE:  # it reads by POST
            return PathPolicy(None, writes, writes)
        return PathPolicy(None, self._unknown(path), writes)


def _declaration(route: RouteContext) -> _Declaration:
    assert route.endpoint is not None  # mounted applications are not used
    return _Declaration(declared_cache_policy(route.endpoint), declared_rate_policy(route.endpoint))


def _collection(path: str) -> str:
    """Return `/v1/carriers` for itself and for everything below it."""
    return "/".join(path.split("/", 3)[:3])


def _of_unknown(read: _Declaration) -> RatePolicy:
    """Return what an unknown address counts as: in the catalogue it is a refusal like others."""
    return _REFUSAL if read.cache is not None else read.rate


def _regex(template: str) -> str:
    return "[^/]+".join(map(re.escape, _PARAMETER.split(template)))
