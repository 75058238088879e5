"""Listening, serving with uvicorn, and ending within the grace period whatever clients do."""

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
"""Host, port and, of IPv6, two more numbers."""

_WILDCARDS: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - looked up only
"""Browsers do not open these addresses, so examples name the loopback."""


@contextmanager
def listening(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Yield listening sockets, one for each address of the host.

    Clients that connect wait to be served. Raises `CommandError` if the port is taken or not
    allowed, or if this machine has no such host.
    """
    with ExitStack() as opened:
        try:
            sockets: list[socket.socket] = []
            for family, address in _addresses(host, port):
                at = (address[0], sockets[0].getsockname()[1], *address[2:]) if sockets else address
                sockets.append(opened.enter_context(_listen(family, at)))
        except OSError as error:
            raise CommandError(_why_not(error, host, port)) from error
        yield sockets


def address_of(sockets: Sequence[socket.socket], host: str) -> str:
    """Return the URL of the first socket as a browser can open it, with the real port."""
    name = _WILDCARDS.get(host) or (f"[{host.replace('%', '%25')}]" if ":" in host else host)
    return f"http://{name}:{sockets[0].getsockname()[1]}"


def run(sockets: list[socket.socket], settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, and end within `KAIYAKU_GRACE_SECONDS` of it."""
    log.configure_process(settings.log_level)
    config = _Config(
        "app.main:from_environment",
        factory=True,
        workers=settings.workers,
        backlog=_BACKLOG,
        log_level="warning",
        log_config=None,  # the server's own lines go where all others go, see app.log
        http=HeadLimitProtocol,
        access_log=False,  # it would log addresses of clients and of what they asked
        server_header=False,
        proxy_headers=False,  # only the rate limit needs the client's address, and reads it itself
    )
    # A part is left for closing connections. uvicorn's asyncio.wait_for takes fractions.
    grace = max(settings.grace_seconds - 1, settings.grace_seconds / 2)
    config.timeout_graceful_shutdown = grace  # type: ignore[assignment]
    with suppress(KeyboardInterrupt):  # uvicorn raises the signal again when it has stopped
        if settings.workers > 1:
            _Workers(config, sockets, settings.grace_seconds).run()
        else:
            _Server(config, settings.grace_seconds).run(sockets)


class _Config(uvicorn.Config):
    """uvicorn's configuration; each worker gets it and sets its logging up by it."""

    def configure_logging(self) -> None:
        """Set up logging, without a traceback for each request that the grace period cuts off."""
        super().configure_logging()
        logging.getLogger("uvicorn.error").addFilter(_is_no_cancellation)


def _is_no_cancellation(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


class _Server(uvicorn.Server):
    """One process that serves."""

    def __init__(self, config: uvicorn.Config, grace: int) -> None:
        super().__init__(config)
        self._deadline = _Deadline(grace, lambda: None)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self._deadline.start()
        super().handle_exit(sig, frame)


class _Workers(Multiprocess):
    """A process that starts workers, restarts dead ones, and stops all of them."""

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
    """Ends the process when the grace period is over, whatever still holds it.

    uvicorn bounds how long requests may take, but then closes the service: a thread that waits for
    a silent database, or a write to a client that does not read, would keep the process for ever.
    """

    def __init__(self, seconds: int, before: Callable[[], None]) -> None:
        # At least a moment, so that with no grace at all connections are still closed in order.
        self._timer = threading.Timer(max(seconds, 0.5), self._end)
        self._timer.daemon = True
        self._before = before

    def start(self) -> None:
        """Count from now on; a second signal changes nothing."""
        with suppress(RuntimeError):  # it has been started before
            self._timer.start()

    def _end(self) -> None:
        self._before()
        with suppress(OSError):  # a reader of the log that does not read must not hold us up either
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
        # Only listening takes the port: two sockets with SO_REUSEADDR can be bound to it.
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror):
        return (
            f"The host {host or '(empty)'} is unknown. Use --host 127.0.0.1 for this machine "
            "alone, or --host 0.0.0.0."
        )
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} of {host} is in use. Stop what uses it, or choose another with "
                "--port."
            )
        case errno.EACCES:
            return f"This user may not listen on port {port}. Choose one from 1024 on with --port."
        case errno.EADDRNOTAVAIL:
            return (
                f"This machine has no address {host}. Use --host 127.0.0.1 for this machine alone, "
                "or --host 0.0.0.0."
            )
        case _:
            return (
                f"Port {port} of {host} cannot be used ({os.strerror(error.errno or 0)}). Choose "
                "another with --port."
            )
