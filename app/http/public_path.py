"""Serving below a public path: it is removed from requests, and links begin with it.

Inside the service, paths are always those of the contract (`/v1/…`). So the cache, entity tags and
rate limits are the same with and without a public path. Only the router sees the whole path, in the
form of ASGI (`root_path`). Reasons: docs/decisions/0015.
"""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.links import answering_at


class PublicPathMiddleware:
    """Removes the public path from the path of a request, unless a proxy has removed it."""

    def __init__(self, app: ASGIApp, public_path: str) -> None:
        """Wrap `app`; `public_path` is empty, or `/…` without a slash at its end."""
        self.app = app
        self._prefix: Final = f"{public_path}/"
        self._public_path: Final = public_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            # A server that is configured with a root path adds it to the path.
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
    """Makes the links in all responses of `app` begin with the public URL."""

    def __init__(self, app: ASGIApp, public_url: str | None) -> None:
        """Wrap `app`; without a `public_url` links have neither prefix nor host."""
        self.app = app
        self.public_url: Final = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with answering_at(self.public_url):
            await self.app(scope, receive, send)


class RootPathMiddleware:
    """Gives the router in `app` the public path as its mount point (`root_path`)."""

    def __init__(self, app: ASGIApp, public_path: str) -> None:
        """Wrap `app`; `public_path` is empty, or `/…` without a slash at its end."""
        self.app = app
        self.public_path: Final = public_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # ASGI requires the mount point in both `root_path` and `path`.
        inner = {**scope, "root_path": self.public_path, "path": self.public_path + scope["path"]}
        try:
            await self.app(inner, receive, send)
        finally:
            scope["route"] = inner.get("route")  # set by the router, read by the request log
