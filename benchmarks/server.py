"""Runs servers in separate processes for benchmarks, and loads them with wrk."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

SERVERS_CORE: Final = "0"
CLIENTS_CORE: Final = "1"


class Process:
    """A server process on a free loopback port."""

    def __init__(
        self,
        command: list[str],
        ready: str,
        *,
        core: str | None = None,
        tree: Path | None = None,
        **environment: str,
    ) -> None:
        """Prepare to run the command with `--port`.

        It has started when the path `ready` answers 200. `core` pins it to a CPU core. `tree` is
        the working directory, by default the current one.
        """
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._command = [
            *(["taskset", "-c", core] if core else []),
            *command,
            "--port",
            str(self.port),
        ]
        self._ready = ready
        self._tree = tree
        self._environment = os.environ | environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start the server, wait until it is ready, and return the seconds that this took.

        Raises `RuntimeError` after two minutes.
        """
        began = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            self._command, cwd=self._tree, env=self._environment, stdout=subprocess.DEVNULL
        )
        while time.perf_counter() - began < 120:  # noqa: PLR2004 - seconds
            try:
                response = httpx.get(f"{self.address}{self._ready}", timeout=5)
                if response.status_code == httpx.codes.OK:
                    return time.perf_counter() - began
            except httpx.TransportError:
                time.sleep(0.01)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """Kill the server (SIGKILL)."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    @property
    def resident_mib(self) -> float:
        """Resident memory of the server, in MiB."""
        assert self._process
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        return int(_search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


class Server(Process):
    """`kaiyaku serve` on a database."""

    def __init__(
        self,
        url: str,
        *,
        ready: str = "/readyz",
        core: str | None = None,
        tree: Path | None = None,
        **environment: str,
    ) -> None:
        """Prepare to serve the database, with further variables in the environment.

        `tree` is the folder of another version of the repository, which is then served.
        """
        defaults = {
            "KAIYAKU_DATABASE_URL": url,
            "KAIYAKU_SECRET": "s" * 32,
            "KAIYAKU_LOG_LEVEL": "error",
            # All load comes from one address. Requests are counted as usual, but never refused.
            "KAIYAKU_CHANGES_PER_MINUTE": "1000000",
            "KAIYAKU_COMPUTATIONS_PER_MINUTE": "1000000",
        }
        command = (
            [sys.executable, "-m", "app", "serve"]
            if tree
            else [str(Path(sys.executable).with_name("kaiyaku")), "serve"]
        )
        super().__init__(command, ready, core=core, tree=tree, **(defaults | environment))


def uvicorn(application: str) -> list[str]:
    """Return the command that serves an application with uvicorn and no logging or lifespan."""
    quiet = ["--no-access-log", "--no-server-header", "--log-level", "error", "--lifespan", "off"]
    return [sys.executable, "-m", "uvicorn", application, *quiet]


@dataclass(frozen=True)
class Load:
    """The result of a run of wrk."""

    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int
    """Requests that got a 4xx or 5xx, or no response."""


def wrk(
    address: str,
    *,
    seconds: float,
    clients: int = 32,
    headers: dict[str, str] | None = None,
    script: Path | None = None,
) -> Load:
    """Load the address from the clients' core and return the result; a 304 is a success."""
    tool = shutil.which("wrk")
    if tool is None:
        raise SystemExit("make bench needs wrk: apt-get install wrk")
    command = [
        "taskset",
        "-c",
        CLIENTS_CORE,
        tool,
        "-t1",
        f"-c{clients}",
        f"-d{seconds}s",
        "--latency",
        "--timeout",
        "30s",
    ]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    command += ["-s", str(script)] if script else []
    text = subprocess.run(  # noqa: S603 - our own command
        [*command, address], capture_output=True, text=True, check=True
    ).stdout
    # wrk prints these lines only if there were errors.
    error_responses = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    socket_errors = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    return Load(
        per_second=float(_search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        p50_ms=_milliseconds(_search(r"50%\s+([\d.]+)(us|ms|s|m)\b", text)),
        p99_ms=_milliseconds(_search(r"99%\s+([\d.]+)(us|ms|s|m)\b", text)),
        failed=(int(error_responses[1]) if error_responses else 0)
        + (sum(map(int, socket_errors.groups())) if socket_errors else 0),
    )


def _search(pattern: str, text: str) -> re.Match[str]:
    match = re.search(pattern, text)
    assert match, text
    return match


def _milliseconds(match: re.Match[str]) -> float:
    return float(match[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[match[2]]
