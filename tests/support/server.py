"""The whole service on a loopback port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx
import uvicorn

from app.main import create_app
from app.settings import Settings

UNLIMITED: Final[dict[str, object]] = {"changes_per_minute": 0, "computations_per_minute": 0}
"""All tests send from one address, so only tests of the rate limits set limits."""


def settings_for(url: str, **others: object) -> Settings:
    """Return the settings of a service on this database."""
    return Settings.model_validate(
        {"database_url": url, "secret": "a secret of tests, long enough …", "log_level": "error"}
        | UNLIMITED
        | others
    )


@contextmanager
def serving(settings: Settings, *, root_path: str = "") -> Iterator[str]:
    """Serve the whole service with uvicorn on a free loopback port; yields its address."""
    config = uvicorn.Config(
        create_app(settings),
        port=0,
        log_level="warning",
        log_config=None,
        access_log=False,
        server_header=False,
        root_path=root_path,
    )
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    host, port = socket.getsockname()
    with httpx.Client(
        base_url=f"http://{host}:{port}", transport=httpx.HTTPTransport(retries=20)
    ) as client:
        client.get("/healthz").raise_for_status()
    yield f"http://{host}:{port}"
    server.should_exit = True
    thread.join(timeout=10)
    socket.close()
