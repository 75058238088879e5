"""Serving below a path: it is removed from requests, and links begin with it.

Inside, paths are always those of the contract (`/v1/…`), so the cache, its tags and the limits are
the same with and without a public path. Only the router sees the whole path, as ASGI describes it
(`root_path`). Reasons: docs/decisions/0015.
"""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.links import answering_at


class PublicPathMiddleware:
    """Removes the public path from the path of a request, if a proxy has not done so."""

    def __init__(self, app: ASGIApp, public_path: str) -> None:
        """Wrap `app`, which is served below the path."""
        self.app = app
        self._prefix: Final = f"{public_path}/"
        self._public_path: Final = public_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            # A server that knows the public path too puts it in front.
            if root_path := scope.get("root_path"):
                scope = {
                    **scope,
                    "path": scope["path"].removeprefix(root_path) or "/",
                    "root_path": "",
                }
            if self._public_path and f"{scope['path']}/".startswith(self._prefix):
                scope = {**scope, "path": scope["path"][len(self._public_path) :] or "/"}
        await self.app(scope, receive, send)


class PublicLinksMiddleware:
    """Makes the links of all answers of `app` those of the public address."""

    def __init__(self, app: ASGIApp, public_url: str | None) -> None:
        """Wrap `app`, which is served at the address; None: its host is not known."""
        self.app = app
        self.public_url: Final = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with answering_at(self.public_url):
            await self.app(scope, receive, send)


class RootPathMiddleware:
    """Mounts the router in `app` at the public path, for its own pages and its contract."""

    def __init__(self, app: ASGIApp, public_path: str) -> None:
        """Wrap `app`, which is served below the path."""
        self.app = app
        self.public_path: Final = public_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # ASGI wants the mount point in both. With it in one only, `/v1` as public path would be
        # removed twice.
        inner = {**scope, "root_path": self.public_path, "path": self.public_path + scope["path"]}
        try:
            await self.app(inner, receive, send)
        finally:
            scope["route"] = inner.get("route")  # set by the router, read by the request log
