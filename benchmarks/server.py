"""Servers in processes of their own, as benchmarks measure them, and what loads them."""

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
    """A server on a free loopback port, on one core when that is asked for."""

    def __init__(
        self,
        command: list[str],
        ready: str,
        *,
        core: str | None = None,
        tree: Path | None = None,
        **environment: str,
    ) -> None:
        """Prepare to run the command, which gets `--port`; it is up once `ready` answers 200.

        `tree` is the folder to run it in, by default the present one.
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
        """Start, wait until it answers, and return how many seconds that took."""
        began = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            self._command, cwd=self._tree, env=self._environment, stdout=subprocess.DEVNULL
        )
        while time.perf_counter() - began < 120:  # noqa: PLR2004 - seconds, far more than any needs
            try:
                if (
                    httpx.get(f"{self.address}{self._ready}", timeout=5).status_code
                    == httpx.codes.OK
                ):
                    return time.perf_counter() - began
            except httpx.TransportError:
                time.sleep(0.01)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """End it without warning (SIGKILL)."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    @property
    def resident_mib(self) -> float:
        """How much memory it holds, in MiB."""
        assert self._process
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+)", status)
        assert found
        return int(found[1]) / 1024


class Server(Process):
    """`kaiyaku serve` on a database that is ready."""

    def __init__(
        self,
        url: str,
        *,
        ready: str = "/readyz",
        core: str | None = None,
        tree: Path | None = None,
        **environment: str,
    ) -> None:
        """Prepare to serve the database, with more variables in its environment.

        `tree` holds another version of the repository, which is then served.
        """
        own = {
            "KAIYAKU_DATABASE_URL": url,
            "KAIYAKU_SECRET": "s" * 32,
            "KAIYAKU_LOG_LEVEL": "error",
        }
        # All load comes from one address: it is counted as ever, and never too much.
        own |= {
            "KAIYAKU_CHANGES_PER_MINUTE": "1000000",
            "KAIYAKU_COMPUTATIONS_PER_MINUTE": "1000000",
        }
        command = (
            [sys.executable, "-m", "app", "serve"]
            if tree
            else [str(Path(sys.executable).with_name("kaiyaku")), "serve"]
        )
        super().__init__(command, ready, core=core, tree=tree, **(own | environment))


def uvicorn(application: str) -> list[str]:
    """Return the command that serves an application as bare as uvicorn can."""
    quiet = ["--no-access-log", "--no-server-header", "--log-level", "error", "--lifespan", "off"]
    return [sys.executable, "-m", "uvicorn", application, *quiet]


@dataclass(frozen=True)
class Load:
    """What wrk saw."""

    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int


def wrk(
    address: str,
    *,
    seconds: float,
    clients: int = 32,
    headers: dict[str, str] | None = None,
    script: Path | None = None,
) -> Load:
    """Load the address from the other core; a 304 is no failure."""
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
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    return Load(
        per_second=float(_found(r"Requests/sec:\s+([\d.]+)", text)[1]),
        p50_ms=_milliseconds(_found(r"50%\s+([\d.]+)(us|ms|s|m)\b", text)),
        p99_ms=_milliseconds(_found(r"99%\s+([\d.]+)(us|ms|s|m)\b", text)),
        failed=(int(failed[1]) if failed else 0)
        + (sum(map(int, broken.groups())) if broken else 0),
    )


def _found(pattern: str, text: str) -> re.Match[str]:
    found = re.search(pattern, text)
    assert found, text
    return found


def _milliseconds(found: re.Match[str]) -> float:
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[found[2]]
