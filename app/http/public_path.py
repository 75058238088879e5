"""Serving below a path: the path of the public address is taken off requests and put before links.

Inside, paths are always those of the contract (`/v1/…`), so that the cache, its tags and the limits are the same with
and without a public path. Only the routing in the middle sees the whole, as ASGI describes it (`root_path`).
"""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.links import answering_at


class PublicPathMiddleware:
    """Takes the public path off a request's path, where a proxy or the server has left it on."""

    def __init__(self, app: ASGIApp, public_path: str) -> None:
        """Wrap `app`, which is served below the path."""
        self.app = app
        self._prefix: Final = f"{public_path}/"
        self._public_path: Final = public_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            if root_path := scope.get(
                "root_path"
            ):  # the server was told the path too, and put it before
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
    """Tells the router in `app` that it is mounted at the public path, for its own pages and its description."""

    def __init__(self, app: ASGIApp, public_path: str) -> None:
        """Wrap `app`, which is served below the path."""
        self.app = app
        self.public_path: Final = public_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # ASGI wants the mount point in both; with it in one only, `/v1` as public path would be taken off twice.
        inner = {**scope, "root_path": self.public_path, "path": self.public_path + scope["path"]}
        try:
            await self.app(inner, receive, send)
        finally:
            scope["route"] = inner.get(
                "route"
            )  # the router has found it; the request log asks for it
