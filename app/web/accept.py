"""Content negotiation between HTML and JSON by the Accept header (RFC 9110 section 12.5.1)."""

from functools import lru_cache
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from app.http.field_values import weighted

_HTML: Final = ("text/html", "text/*", "*/*")
_JSON: Final = ("application/json", "application/*", "*/*")
"""Media ranges that include the type, most specific first. The first in the header decides."""

_LONGEST: Final = 1024
"""Characters of an Accept header that are read; browsers send about 150."""


def prefers_html(scope: Scope) -> bool:
    """Return whether the request prefers HTML to JSON.

    A browser does; `*/*` and a missing header do not.
    """
    return _prefers_html(",".join(Headers(scope=scope).getlist("accept"))[:_LONGEST])


@lru_cache(maxsize=256)
def _prefers_html(accept: str) -> bool:
    weights = dict(weighted(accept))
    html, json = (
        next((weights[media] for media in ranges if media in weights), 0.0)
        for ranges in (_HTML, _JSON)
    )
    return html > json
