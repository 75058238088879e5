"""Cache policy: which responses are stored, and which requests share a response.

A route declares its policy with `@cacheable()` or `@uncacheable`, below its `@router.…` line.
`app.http.route_policies` collects the declarations. Decision: docs/decisions/0005.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from app.http.cache.store import Key
from app.http.policy_declarations import Endpoint, declare, declared
from app.http.query_string import has_parameter
from app.i18n import negotiate, supported

# A new edition is visible within a minute even behind a CDN. While the service is down, a response
# that is up to a day old is better than none.
CACHE_CONTROL: Final = b"public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"

VARY: Final = b"Accept-Language, Accept-Encoding"

_DEFAULTS: Final = {"limit": "50", "tz": "Asia/Tokyo"}
_NUMBER: Final = re.compile(r"[1-9]\d*")
"""The canonical form of a number. Responses to other forms, such as `050`, are not stored."""

_UNBOUNDED: Final = frozenset(
    {"q", "cursor", "at", "contract_started_on", "monthly_price_jpy", "quoted_jpy"}
)
"""Parameters with an unlimited number of values. Responses to them evict only each other."""

_NAME: Final = "cache_policy"


@dataclass(frozen=True)
class CachePolicy:
    """When the 200s of a route may be stored and sent to all clients."""

    depends_on_now: bool = False
    """The response depends on the current time: cacheable only if the query sets `at`."""

    number_in_path: bool = False
    """The last part of the path is a number."""

    one_document: bool = False
    """The response does not depend on the query or the language."""

    def applies_to(self, query: bytes) -> bool:
        """Return whether the response to a request with this query is cacheable."""
        return not self.depends_on_now or has_parameter(query, "at")


def cacheable(
    *, depends_on_now: bool = False, number_in_path: bool = False, one_document: bool = False
) -> Callable[[Endpoint], Endpoint]:
    """Declare that the route's 200s may be stored until the next edition.

    The options are the fields of `CachePolicy`.
    """
    policy = CachePolicy(depends_on_now, number_in_path, one_document)

    return lambda endpoint: declare(endpoint, _NAME, policy)


def uncacheable(endpoint: Endpoint) -> Endpoint:
    """Declare that the route's responses are never stored."""
    return declare(endpoint, _NAME, None)


def declared_cache_policy(endpoint: Callable[..., Any]) -> CachePolicy | None:
    """Return the policy of an endpoint, None if it is uncacheable.

    Raises `UndeclaredPolicyError` if the endpoint declares none.
    """
    policy: CachePolicy | None = declared(endpoint, _NAME)
    return policy


class CacheRules:
    """Decides for the response cache which requests are cacheable, and under which key.

    The cache itself knows no path and no parameter.
    """

    def __init__(self, policy_of: Callable[[str], CachePolicy | None]) -> None:
        """Look up the policy of each path with `policy_of`."""
        self._policy_of: Final = policy_of

    def policy(self, path: str, query: bytes) -> CachePolicy | None:
        """Return the policy of a request, None if its response is not cacheable."""
        policy = self._policy_of(path)
        return policy if policy is not None and policy.applies_to(query) else None

    @staticmethod
    def key(policy: CachePolicy, path: str, query: bytes, accept_language: bytes) -> Key | None:
        """Return the key of the response to a cacheable request; None to compute it each time.

        In the key the language is explicit, parameters are sorted, and defaults are dropped, so
        that equivalent requests have the same key. Requests without a key: a malformed query, a
        parameter that appears twice, a number that is not in canonical form, an unknown language.
        """
        if path.endswith("/"):
            return None  # redirected, and the redirect repeats the query unchanged
        if policy.one_document:
            return Key(path, b"", "en")
        try:
            parameters = parse_qsl(
                query.decode(),
                keep_blank_values=True,
                strict_parsing=bool(query),
                max_num_fields=20,
            )
        except ValueError:
            return None
        by_name = dict(parameters)
        numbers = [by_name.get("limit", _DEFAULTS["limit"])]
        if policy.number_in_path:
            numbers.append(path.rpartition("/")[2])
        if len(by_name) != len(parameters) or not all(map(_NUMBER.fullmatch, numbers)):
            return None
        language = (
            supported(by_name["lang"])
            if "lang" in by_name
            else negotiate(accept_language.decode("latin-1") or None)
        )
        if language is None:
            return None
        significant = {
            name: value for name, value in by_name.items() if _DEFAULTS.get(name) != value
        } | {"lang": language}
        return Key(
            path,
            urlencode(sorted(significant.items())).encode(),
            language,
            stable=not _UNBOUNDED & significant.keys(),
        )
