"""The routes of the documentation pages and their assets."""

import hashlib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Final, NamedTuple

import fastapi_offline
from fastapi import APIRouter, Request, Response

from app.http.cache.policy import uncacheable
from app.http.cache.representation import Representation, preferred
from app.http.policy_declarations import Endpoint
from app.http.rate_limit.policy import Count, counted

PAGES: Final = ("/docs", "/redoc")

_OWN: Final = Path(__file__).parent / "static"
_PACKAGE: Final = Path(fastapi_offline.__file__).parent / "static"

# The URL of an asset contains a hash of all assets, so browsers may cache it for ever.
_CACHED_FOR_EVER: Final = b"public, max-age=31536000, immutable"
_REVALIDATED: Final = b"no-cache"

# ReDoc's footer loads this image from its vendor's host, which the Content-Security-Policy blocks.
# The standalone bundle has no option to omit it.
_FOREIGN_LOGO: Final = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_NO_LOGO: Final = (
    b"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/%3E"
)


class Asset(NamedTuple):
    """A file that the pages load."""

    folder: Path
    media_type: str


_ASSETS: Final[Mapping[str, Asset]] = {
    "docs.css": Asset(_OWN, "text/css; charset=utf-8"),
    "docs.js": Asset(_OWN, "text/javascript; charset=utf-8"),
    "favicon.png": Asset(_PACKAGE, "image/png"),
    "redoc.standalone.js": Asset(_PACKAGE, "text/javascript; charset=utf-8"),
    "swagger-ui-bundle.js": Asset(_PACKAGE, "text/javascript; charset=utf-8"),
    "swagger-ui.css": Asset(_PACKAGE, "text/css; charset=utf-8"),
}


def create_router() -> APIRouter:
    """Return the routes of both pages and of each asset."""
    router = APIRouter(include_in_schema=False)
    folder = f"/docs/assets/{_fingerprint()}"
    for page in PAGES:
        # Relative URLs also work below the path prefix of a proxy.
        assets = folder.removeprefix("/")
        endpoint = partial(_get_page, name=page.removeprefix("/"), assets=assets)
        router.add_api_route(page, _declared(endpoint))
    for name in _ASSETS:
        router.add_api_route(f"{folder}/{name}", _declared(partial(_get_asset, name=name)))
    return router


def _declared(endpoint: Endpoint) -> Endpoint:
    return uncacheable(counted(Count.NEVER)(endpoint))


def _get_page(request: Request, name: str, assets: str) -> Response:
    return _answer(request, _page(name, assets))


def _get_asset(request: Request, name: str) -> Response:
    return _answer(request, _asset(name))


@cache
def _page(name: str, assets: str) -> Representation:
    html = (_OWN / f"{name}.html").read_text(encoding="utf-8").replace("{assets}", assets)
    return _representation(html.encode(), "text/html; charset=utf-8", _REVALIDATED)


@cache
def _asset(name: str) -> Representation:
    return _representation(_content(name), _ASSETS[name].media_type, _CACHED_FOR_EVER)


def _representation(content: bytes, media_type: str, cache_control: bytes) -> Representation:
    headers = [(b"content-type", media_type.encode()), (b"cache-control", cache_control)]
    return Representation(headers, content, b"Accept-Encoding")


def _content(name: str) -> bytes:
    content = (_ASSETS[name].folder / name).read_bytes()
    return content.replace(_FOREIGN_LOGO, _NO_LOGO)


@cache
def _fingerprint() -> str:
    digest = hashlib.blake2b(digest_size=8)
    for name in _ASSETS:
        digest.update(_content(name))
    return digest.hexdigest()


def _answer(request: Request, representation: Representation) -> Response:
    """Return the representation in the encoding that the client prefers, or a 304."""
    coding = preferred(request.headers.get("accept-encoding", "").encode("latin-1"))
    variant = representation.variant(coding)
    if variant is None:
        variant = representation.encode(coding)
        representation.add(coding, variant)
    not_modified = variant.matches(request.headers.get("if-none-match", "").encode("latin-1"))
    start = variant.not_modified if not_modified else variant.start
    response = Response(b"" if not_modified else variant.body["body"], start["status"])
    response.raw_headers = list(start["headers"])
    return response
