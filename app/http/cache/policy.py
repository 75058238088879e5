"""What of the service may be kept and sent again, for how long, and what makes two requests the same."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode

from app.http.cache.middleware import Key, Rules
from app.i18n import negotiate, supported

# A new edition shows within a minute even behind a CDN; while the service is away, what is known is better than nothing.
_CACHE_CONTROL: Final = b"public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"

_ALONE: Final = frozenset({"/v1", "/openapi.json"})
_BELOW: Final = (
    "/v1/carriers",
    "/v1/procedures",
    "/v1/vocabulary",
    "/v1/advice",
    "/v1/guide",
    "/v1/fee-check",
)

_DEPEND_ON_NOW: Final = ("/timeline", "/timeline.ics", "/contacts", "/v1/guide")
"""Ends of paths whose answers hold for one moment, unless the request names it with `at`."""

_DEFAULTS: Final = {"limit": "50", "tz": "Asia/Tokyo"}
_NUMBER: Final = re.compile(r"[1-9]\d*")
"""How a number is written; others that mean the same are answered, and not kept beside it."""

_ENDLESS: Final = frozenset({"q", "cursor", "at", "contract_started_on", "quoted_jpy"})
"""Parameters with no end of values: answers to them only ever push each other out."""


def cache_control(path: str, query: bytes) -> bytes | None:
    """Return the Cache-Control of a request's 200s; None where answers are not the same for everybody at every time."""
    if path.endswith(_DEPEND_ON_NOW) and not has_parameter(query, "at"):
        return None
    return _CACHE_CONTROL if path in _ALONE or path.startswith(_BELOW) else None


def has_parameter(query: bytes, name: str) -> bool:
    """Return whether a raw query has a parameter of this name, in plain letters or escaped (`%61t=` is `at=`)."""
    plain = name.encode() + b"="
    if query.startswith(plain) or b"&" + plain in query:
        return True
    return b"%" in query and any(
        each == name for each, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    )


def key(path: str, query: bytes, accept_language: bytes) -> Key | None:
    """Return what the answer to a request depends on; None for a query that is not well-formed.

    The language is named, the parameters are sorted, and those at their default are dropped, so that requests that mean the
    same have the same key, which is also the address in Content-Location.
    """
    if path == "/openapi.json":
        return Key(path, b"", "en", lasting=True)  # one document, whatever is asked with it
    if path.endswith("/"):
        return None  # it is redirected, with the query as it came
    try:
        parameters = parse_qsl(
            query.decode(), keep_blank_values=True, strict_parsing=bool(query), max_num_fields=20
        )
    except ValueError:
        return None
    named = dict(parameters)
    numbers = [named.get("limit", _DEFAULTS["limit"]), *path.split("/revisions/")[1:]]
    if len(named) != len(parameters) or not all(map(_NUMBER.fullmatch, numbers)):
        return None
    if "lang" in named:
        language = supported(named["lang"])
        if language is None:
            return None
    else:
        language = negotiate(accept_language.decode("latin-1") or None)
    kept = {name: value for name, value in named.items() if _DEFAULTS.get(name) != value} | {
        "lang": language
    }
    return Key(
        path, urlencode(sorted(kept.items())).encode(), language, lasting=not _ENDLESS & kept.keys()
    )


RULES: Final = Rules(cache_control=cache_control, key=key)
