"""The service in a process of its own, as benchmarks measure it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx


class Server:
    """`kaiyaku serve` in a process of its own."""

    def __init__(self, url: str, **environment: str) -> None:
        """Prepare to serve the database on a free loopback port, with more variables in its environment."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        own = {"KAIYAKU_DATABASE_URL": url, "KAIYAKU_SECRET": "s" * 32, "KAIYAKU_LOG_LEVEL": "error"}
        self._environment = os.environ | own | environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        command = [Path(sys.executable).with_name("kaiyaku"), "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=self._environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        for _ in range(200):
            try:
                if httpx.get(f"{self.address}/readyz", timeout=1).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        message = "the server did not start"
        raise RuntimeError(message)

    def kill(self) -> None:
        """End it without warning (SIGKILL)."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
