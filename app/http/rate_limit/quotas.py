"""Selects the quota of a request by the policy of its route."""

from collections.abc import Callable
from typing import Final

from starlette.types import Scope

from app.http.query_string import has_parameter
from app.http.rate_limit.policy import Count, Quota, RatePolicy
from app.http.route_policies import WRITING_METHODS, PathPolicy

PATH_READS_PER_MINUTE: Final = 30
"""Reads of one calendar feed. It is on several devices, each of which polls every few minutes."""


def quotas(
    policy_of: Callable[[str], PathPolicy], changes_per_minute: int, computations_per_minute: int
) -> Callable[[Scope], Quota | None]:
    """Return a function that returns the quota of a request, or None if it is not counted.

    `policy_of` returns the policies of a path. A limit of 0 means no limit.
    """
    changes = Quota("changes", changes_per_minute)
    computations = Quota("computations", computations_per_minute)
    shared = Quota("computations", computations_per_minute, shared=True)
    refusals = Quota("computations", computations_per_minute, refusals_only=True)

    reads_of_path = Quota(
        "feed", PATH_READS_PER_MINUTE if computations_per_minute else 0, refusals_of_path=refusals
    )

    def quota(scope: Scope) -> Quota | None:
        path, query = policy_of(scope["path"]), scope["query_string"]
        rate = path.writes if scope["method"] in WRITING_METHODS else path.reads
        if rate.count is Count.CHANGE:
            return changes
        if rate.count is Count.PATH:
            return reads_of_path
        if rate.count is Count.COMPUTATION or _is_computed(rate, query):
            is_shared = path.cache is not None and path.cache.applies_to(query)
            return shared if is_shared else computations
        return refusals if rate.count is Count.REFUSAL else None

    return quota


def _is_computed(rate: RatePolicy, query: bytes) -> bool:
    return rate.computed_with is not None and has_parameter(query, rate.computed_with)
