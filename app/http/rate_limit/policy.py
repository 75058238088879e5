"""Rate-limit policy: which requests count against which quota. Good reads of the catalogue are free, refused ones are not."""

from collections.abc import Callable
from typing import Final

from starlette.types import Scope

from app.http.cache.policy import cache_control, has_parameter
from app.http.rate_limit.middleware import Quota

_WRITES: Final = frozenset({"POST", "PATCH", "PUT", "DELETE"})
_READS_BY_POST: Final = "/v1/identify"
_COMPUTED: Final = ("/v1/guide", "/v1/fee-check", _READS_BY_POST)
_COMPUTED_BELOW: Final = ("/timeline", "/timeline.ics", "/contacts")


def quotas(
    changes_per_minute: int, computations_per_minute: int
) -> Callable[[Scope], Quota | None]:
    """Return what tells the quota of a request; None for what is free. A number of 0 sets no limit."""
    changes = Quota("changes", changes_per_minute)
    computations = Quota("computations", computations_per_minute)
    shared = Quota("computations", computations_per_minute, shared=True)
    refused = Quota("computations", computations_per_minute, refusals_only=True)

    def quota(scope: Scope) -> Quota | None:
        path, query = scope["path"], scope["query_string"]
        if scope["method"] in _WRITES and path != _READS_BY_POST:
            return changes
        if path in _COMPUTED or path.endswith(_COMPUTED_BELOW) or path.startswith("/v1/sessions/"):
            return shared if cache_control(path, query) else computations
        if path == "/v1/carriers" and has_parameter(query, "q"):
            return shared
        # Validating a bad request and finding what is nearest cost more than a cached answer.
        return refused if cache_control(path, query) else None

    return quota
