"""The routes that browsers and robots request from every site."""

import datetime as dt
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from app.http.cache.policy import uncacheable
from app.http.rate_limit.policy import Count, counted
from app.i18n import LANGUAGES
from app.links import link
from app.problems.base import NotFound
from app.settings import Settings
from app.web.accept import prefers_html

_CACHED_FOR_A_DAY: Final = {"Cache-Control": "public, max-age=86400"}
_ICON: Final = (Path(__file__).parent / "favicon.ico").read_bytes()

_ROBOTS: Final = """\
User-agent: *
Disallow: {link}/v1/sessions
Disallow: {link}/metrics
"""

_SECURITY_TXT_VALIDITY: Final = dt.timedelta(days=364)
"""RFC 9116 recommends less than a year. Each start of the service renews it."""


def site_router(settings: Settings, started_at: dt.datetime) -> APIRouter:
    """Return the routes; none of them is part of the API's contract.

    `started_at` is when the service started, which dates `security.txt`.
    """
    router = APIRouter(include_in_schema=False)
    security_txt = _security_txt(settings, started_at + _SECURITY_TXT_VALIDITY)

    @router.get("/")
    @uncacheable
    @counted(Count.NEVER)
    async def get_start(request: Request) -> Response:
        """Redirect browsers to the documentation and programs to the index of the API."""
        start = "/docs" if prefers_html(request.scope) else "/v1"
        return RedirectResponse(
            link(start), HTTPStatus.TEMPORARY_REDIRECT, headers={"Vary": "Accept"}
        )

    @router.get("/robots.txt")
    @uncacheable
    @counted(Count.NEVER)
    async def get_robots() -> Response:
        """Allow robots everything except checklist sessions and metrics."""
        return PlainTextResponse(_ROBOTS.format(link=link("")), headers=_CACHED_FOR_A_DAY)

    @router.get("/favicon.ico")
    @uncacheable
    @counted(Count.NEVER)
    async def get_icon() -> Response:
        """Return the icon of the site."""
        return Response(_ICON, media_type="image/x-icon", headers=_CACHED_FOR_A_DAY)

    @router.get("/.well-known/security.txt")
    @uncacheable
    @counted(Count.NEVER)
    async def get_security_contact() -> Response:
        """Return where to report security problems (RFC 9116); 404 if no contact is set."""
        if security_txt is None:
            raise NotFound
        return PlainTextResponse(security_txt, headers=_CACHED_FOR_A_DAY)

    return router


def _security_txt(settings: Settings, expires_at: dt.datetime) -> str | None:
    if settings.contact is None:
        return None
    lines = [
        f"Contact: {settings.contact}",
        f"Expires: {expires_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(tag.partition('-')[0] for tag in LANGUAGES)}",
    ]
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url}/.well-known/security.txt")
    return "\n".join(lines) + "\n"
