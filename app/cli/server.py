"""Listens, serves with uvicorn, and stops within the grace period whatever clients do."""

import asyncio
import errno
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import Any, Final, TypeAlias

import uvicorn
from uvicorn.supervisors import Multiprocess

from app import log
from app.cli.output import CommandError
from app.http.head_protocol import HeadLimitProtocol
from app.settings import Settings

_BACKLOG: Final = 2048

_Address: TypeAlias = tuple[Any, ...]
"""A socket address: host and port; for IPv6 also flow info and scope id."""

_WILDCARDS: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - looked up only
"""Browsers do not open a wildcard address, so the printed URL has the loopback address instead."""


@contextmanager
def listening(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Yield listening sockets, one for each address of the host, all on the same port.

    Clients can connect from now on, and wait until the server runs. Raises `CommandError` if the
    port is in use or not permitted, or if the host is not an address of this machine.
    """
    with ExitStack() as opened:
        try:
            sockets: list[socket.socket] = []
            for family, address in _addresses(host, port):
                # With port 0 the system chooses the port of the first socket.
                actual_port = sockets[0].getsockname()[1] if sockets else port
                bound_address = (address[0], actual_port, *address[2:])
                sockets.append(opened.enter_context(_listen(family, bound_address)))
        except OSError as error:
            raise CommandError(_explain(error, host, port)) from error
        yield sockets


def address_of(sockets: Sequence[socket.socket], host: str) -> str:
    """Return a URL that a browser can open, with the port of the first socket."""
    name = _WILDCARDS.get(host) or (f"[{host.replace('%', '%25')}]" if ":" in host else host)
    return f"http://{name}:{sockets[0].getsockname()[1]}"


def run(sockets: list[socket.socket], settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then stop within `KAIYAKU_GRACE_SECONDS`."""
    log.configure_process(settings.log_level)
    config = _Config(
        "app.main:from_environment",
        factory=True,
        workers=settings.workers,
        backlog=_BACKLOG,
        log_level="warning",
        log_config=None,  # app.log also handles the lines of uvicorn
        http=HeadLimitProtocol,
        access_log=False,  # it contains client addresses and URLs
        server_header=False,
        proxy_headers=False,  # the rate limit reads X-Forwarded-For itself; nothing else needs it
    )
    # The last second, or half of a shorter period, is for closing connections. uvicorn declares an
    # int, but also accepts fractions.
    grace = max(settings.grace_seconds - 1, settings.grace_seconds / 2)
    config.timeout_graceful_shutdown = grace  # type: ignore[assignment]
    with suppress(KeyboardInterrupt):  # uvicorn raises the signal again after it has stopped
        if settings.workers > 1:
            _Workers(config, sockets, settings.grace_seconds).run()
        else:
            _Server(config, settings.grace_seconds).run(sockets)


class _Config(uvicorn.Config):
    """uvicorn's configuration. Each worker receives it and calls `configure_logging`."""

    def configure_logging(self) -> None:
        """Set up logging, without a traceback for each request that the grace period cuts off."""
        super().configure_logging()
        logging.getLogger("uvicorn.error").addFilter(_is_not_cancellation)


def _is_not_cancellation(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


class _Server(uvicorn.Server):
    """A single serving process."""

    def __init__(self, config: uvicorn.Config, grace: int) -> None:
        super().__init__(config)
        self._deadline = _Deadline(grace, lambda: None)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Start the grace period, then stop as uvicorn does."""
        self._deadline.start()
        super().handle_exit(sig, frame)


class _Workers(Multiprocess):
    """The parent process: starts workers, restarts dead ones, and stops all of them."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], grace: int) -> None:
        super().__init__(config, sockets)
        self._deadline = _Deadline(grace, self._kill)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._deadline.start()
        self.signal_queue.append(number)

    def _kill(self) -> None:
        for worker in self.processes:
            with suppress(ValueError, AttributeError):  # it has not started yet, or is closed
                worker.process.kill()


class _Deadline:
    """Ends the process when the grace period is over, even if something still blocks it.

    uvicorn limits how long requests may take, but not the shutdown after them. A thread that waits
    for a silent database, or a write to a client that does not read, would block it for ever.
    """

    def __init__(self, seconds: int, before_exit: Callable[[], None]) -> None:
        # At least 0.5 s, so that connections are closed properly with a grace period of 0 too.
        self._timer = threading.Timer(max(seconds, 0.5), self._end)
        self._timer.daemon = True
        self._before_exit = before_exit

    def start(self) -> None:
        """Start the grace period; a second signal does not restart it."""
        with suppress(RuntimeError):  # already started
            self._timer.start()

    def _end(self) -> None:
        self._before_exit()
        with suppress(OSError):  # a log pipe that nobody reads must not block this either
            os.set_blocking(2, False)
            os.write(
                2,
                b'{"event": "grace period over: open requests were cut off", "level": "warning"}\n',
            )
        os._exit(0)


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, _Address]]:
    if not host:
        raise socket.gaierror(socket.EAI_NONAME, "")
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys((family, address) for family, _, _, _, address in entries))


def _listen(family: socket.AddressFamily, address: _Address) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        # Two sockets with SO_REUSEADDR can be bound to one port. Only `listen` reserves it.
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _explain(error: OSError, host: str, port: int) -> str:
    hosts = "Use --host 127.0.0.1 for this machine only, or --host 0.0.0.0 for all interfaces."
    if isinstance(error, socket.gaierror):
        return f"The host {host or '(empty)'} is unknown. {hosts}"
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} of {host} is in use. Stop the program that uses it, or choose "
                "another with --port."
            )
        case errno.EACCES:
            return f"This user may not listen on port {port}. Choose 1024 or higher with --port."
        case errno.EADDRNOTAVAIL:
            return f"This machine has no address {host}. {hosts}"
        case _:
            return (
                f"Port {port} of {host} cannot be used ({os.strerror(error.errno or 0)}). Choose "
                "another with --port."
            )
