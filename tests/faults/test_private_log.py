"""The log of the real server is JSON lines and holds no value of a request, whatever fails.

Each test sends marked values in every part of requests, causes failures (refusals, errors of every
class of the database, an unreachable database, a full disk, a crash in a handler), and then reads
the whole log.
"""

import contextlib
import json
import os
import resource
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import sqlalchemy as sa

from tests.support.databases import Databases
from tests.support.ports import free_port

MARK: Final = "zqmarkqz"
MARKED_DAY: Final = "2024-02-29"
MARKED_PRICE: Final = 987_654
PROCEDURE: Final = {"carrier": "monthly", "procedure": "cancel-online"}

SQLSTATES: Final = (
    "22001",
    "23514",
    "42P01",
    "0A000",
    "XX000",
    "40001",
    "53100",
    "57014",
    "25006",
    "P0001",
)
"""At least one of each class of psycopg's errors."""


@dataclass
class Service:
    """A running `kaiyaku serve`, the values that were sent to it, and its log."""

    address: str
    client: httpx.Client
    process: subprocess.Popen[bytes]
    log: Path
    sent: set[str] = field(default_factory=lambda: {MARK, MARKED_DAY, str(MARKED_PRICE)})
    statuses: list[int] = field(default_factory=list)

    def send(
        self,
        method: str,
        path: str,
        **request: Any,  # noqa: ANN401 - httpx's
    ) -> httpx.Response:
        answer = self.client.request(method, path, **request)
        self.statuses.append(answer.status_code)
        return answer

    def start_session(self) -> "Session":
        key = f"{uuid.uuid4()}"
        facts = {"contract_started_on": MARKED_DAY, "monthly_price_jpy": MARKED_PRICE}
        begun = self.send(
            "POST",
            "/v1/sessions",
            json=PROCEDURE | {"facts": facts},
            headers={"Idempotency-Key": key},
        )
        body = begun.raise_for_status().json()
        token = body["token"]
        self.sent |= {key, body["id"], body["id"].replace("-", ""), token, token.rpartition(".")[2]}
        return Session(self, begun.headers["location"], token, body["steps"][0]["key"])

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines of the log, each of which must be JSON, without an unfinished one."""
        lines = self.log.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]


@dataclass(frozen=True)
class Session:
    """A checklist session that the test started."""

    service: Service
    path: str
    token: str
    step: str

    def use(self) -> None:
        """Send everything that reads or changes the session."""
        owner = {"Authorization": f"Bearer {self.token}"}
        send = self.service.send
        send("GET", self.path, headers=owner)
        send("GET", f"{self.path}/calendar.ics", headers=owner)
        send(
            "PATCH",
            f"{self.path}/steps/{self.step}",
            json={"state": "done", "acknowledge": True},
            headers=owner,
        )
        send("PATCH", self.path, json={"facts": {"contract_started_on": MARKED_DAY}}, headers=owner)
        send("POST", f"{self.path}/shares", headers=owner)
        self.subscribe(owner)
        send("PATCH", f"{self.path}/steps/{MARK}", json={"state": "done"}, headers=owner)
        send(
            "PATCH",
            f"{self.path}/steps/{self.step}",
            json={"state": MARK, MARK: MARK},
            headers=owner,
        )
        send(
            "PATCH",
            f"{self.path}/steps/{self.step}",
            json={"state": "done"},
            headers=owner | {"If-Match": f'"{MARK}"'},
        )
        send("GET", self.path, headers={"Authorization": f"Bearer {MARK}"})

    def subscribe(self, owner: dict[str, str]) -> None:
        """Create a feed and read it, also with its address cut."""
        send = self.service.send
        created = send("POST", f"{self.path}/feeds", headers=owner)
        if created.is_success:
            feed = created.json()
            self.service.sent.add(feed["url"].rpartition("/")[2].removesuffix(".ics"))
            send("GET", feed["url"])
            send("GET", feed["url"][:-6])
            send("DELETE", f"{self.path}/feeds/{feed['id']}", headers=owner)
            send("GET", feed["url"])


@pytest.fixture
def service(databases: Databases, tmp_path: Path) -> Iterator[tuple[Service, str]]:
    """A server in its own process with its log in a file, and the URL of its database."""
    url = databases.with_sample()
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("KAIYAKU_")
    }
    environment |= {
        "KAIYAKU_DATABASE_URL": url,
        "KAIYAKU_SECRET": MARK * 8,
        "KAIYAKU_LOG_LEVEL": "debug",
    }
    command = [str(Path(sys.executable).with_name("kaiyaku")), "serve", "--port", str(port)]
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=environment, stdout=subprocess.DEVNULL, stderr=file
        )
    address = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(
            base_url=address, timeout=60, transport=httpx.HTTPTransport(retries=20)
        ) as client:
            client.get("/readyz").raise_for_status()
            yield Service(address, client, process, log), url
    finally:
        process.kill()
        process.wait(timeout=20)
        with contextlib.suppress(Exception):
            databases.drop(url)


def read_everything(service: Service) -> None:
    """Send marked values in every part of requests that read."""
    headers = {
        "Accept-Language": MARK,
        "User-Agent": MARK,
        "Cookie": MARK,
        "X-Forwarded-For": MARK,
        "If-None-Match": f'"{MARK}"',
    }
    for path in (
        f"/{MARK}",
        f"/v1/carriers/{MARK}",
        f"/v1/carriers/monthly/procedures/{MARK}",
        f"/v1/carriers?q={MARK}",
        f"/v1/carriers?{MARK}={MARK}",
        f"/v1/carriers?lang={MARK}&cursor={MARK}",
        f"/v1/guide?carrier={MARK}",
        f"/v1/guide?carrier=monthly&have={MARK}&contract_started_on={MARKED_DAY}",
        f"/v1/carriers/monthly/procedures/cancel-online/timeline?tz={MARK}&at={MARK}",
        (
            f"/v1/fee-check?contract_started_on={MARKED_DAY}&operator_kind=designated"
            f"&quoted_jpy={MARKED_PRICE}"
        ),
        f"/v1/sessions/{MARK}",
    ):
        service.send("GET", path, headers=headers)
    for body in ({"words": [MARK], "iccid_prefix": MARK}, {MARK: MARK}, {"apn": MARK}):
        service.send("POST", "/v1/identify", json=body, headers=headers)
    service.send(
        "POST", "/v1/identify", content=f'{{"{MARK}', headers={"Content-Type": "application/json"}
    )
    service.send(
        "POST",
        "/v1/sessions",
        json=PROCEDURE | {"carrier": MARK},
        headers={"Idempotency-Key": MARK},
    )
    service.send("POST", "/v1/sessions", content=MARK.encode() * 4000)


def send_malformed_http(service: Service) -> None:
    """Send requests that are not HTTP: the server itself logs them, not the application."""
    host, port = service.address.removeprefix("http://").split(":")
    for line in (
        f"GET /{MARK}\u00e9 {MARK} HTTP/1.1",
        f"{MARK} / HTTP/9",
        "GET / HTTP/1.1\r\nUpgrade: " + MARK,
    ):
        with socket.create_connection((host, int(port)), timeout=10) as client:
            client.sendall(f"{line}\r\nHost: {MARK}\r\nConnection: close\r\n\r\n".encode())
            client.settimeout(5)
            with contextlib.suppress(OSError):
                client.recv(4096)


def assert_private(service: Service, *expected: str) -> None:
    """Assert that the log has the expected parts, and no value that was sent."""
    lines = service.lines()
    whole = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).lower()
    assert [value for value in service.sent if value.lower() in whole] == []
    for part in expected:
        assert part.lower() in whole, part
    assert {"event", "level", "timestamp"} <= set.intersection(*(set(line) for line in lines))


def test_answers_and_refusals_leave_no_value_in_the_log(service: tuple[Service, str]) -> None:
    """Good, refused and malformed requests leave no value in the log."""
    running, _ = service
    running.start_session().use()
    read_everything(running)
    send_malformed_http(running)

    assert {200, 201, 401, 404, 412, 422} <= set(running.statuses)
    assert_private(running, "/v1/carriers/{carrier}", "Invalid HTTP request received")


def test_database_errors_leave_no_value_in_the_log(
    service: tuple[Service, str], databases: Databases
) -> None:
    """Errors of every class, also a crash in a handler, are logged once and without values."""
    running, url = service
    session = running.start_session()
    engine = sa.create_engine(url)
    for code in SQLSTATES if databases.backend == "postgresql" else ("raise",):
        break_writes(engine, code)
        session.use()
        repair_writes(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE carrier_name RENAME TO gone"))
    running.send("GET", f"/v1/carriers?q={MARK}")
    crash_reads_of_sessions(engine)
    session.use()
    engine.dispose()
    crashed = running.send(
        "GET", session.path, headers={"Authorization": f"Bearer {session.token}"}
    )
    crashes = [
        line
        for line in running.lines()
        if line["event"] == "request failed" and line["route"] == "/v1/sessions/{session}"
    ]
    asked = [
        line
        for line in running.lines()
        if line["event"] == "request" and line["status"] == crashed.status_code
    ]

    assert {500, 503} & set(running.statuses)
    assert crashed.status_code == 500
    assert crashed.headers["connection"] == "close"
    assert 0 < len(crashes) <= len(asked)  # once each, not again by the server
    assert_private(running, "exc_type", "ValidationError")


def test_a_lost_database_leaves_no_value_in_the_log(
    service: tuple[Service, str], databases: Databases
) -> None:
    """A dropped database, or a file overwritten with other bytes, leaves no value in the log."""
    running, url = service
    session = running.start_session()
    if databases.backend == "postgresql":
        databases.drop(url)
    else:
        Path(url.removeprefix("sqlite:///")).write_bytes(b"no database " * 1000)
    session.use()
    read_everything(running)

    assert {500, 503} & set(running.statuses)
    assert_private(running)


def test_a_full_disk_leaves_no_value_in_the_log(
    service: tuple[Service, str], databases: Databases
) -> None:
    """Writes that fail on a full disk leave no value in the log."""
    running, url = service
    session = running.start_session()
    if databases.backend == "postgresql":
        engine = sa.create_engine(url)
        break_writes(engine, "53100")
        engine.dispose()
    else:
        # The kernel refuses writes beyond the limit, as a full disk does. The log stays below it.
        limit = (
            max(
                running.log.stat().st_size,
                Path(f"{url.removeprefix('sqlite:///')}-wal").stat().st_size,
            )
            + 64 * 1024
        )
        resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (limit, limit))
    for _ in range(50):
        session.use()
        if 503 in running.statuses:
            break

    assert 503 in running.statuses
    assert_private(running)


def break_writes(engine: sa.Engine, code: str) -> None:
    """Make every change of a session fail with this SQLSTATE and a message that quotes the row."""
    with engine.begin() as connection:
        if code == "raise":
            connection.execute(
                sa.text(
                    "CREATE TRIGGER fault BEFORE UPDATE ON checklist_session "
                    f"BEGIN SELECT RAISE(ABORT, 'row {MARK} {MARKED_DAY}'); END"
                )
            )
            return
        connection.execute(
            sa.text(
                "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION 'row %', NEW USING ERRCODE = '{code}', "
                "DETAIL = NEW::text, HINT = NEW::text; END $$"
            )
        )
        connection.execute(
            sa.text(
                "CREATE TRIGGER fault BEFORE UPDATE ON checklist_session "
                "FOR EACH ROW EXECUTE FUNCTION fault()"
            )
        )


def repair_writes(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(sa.text("DROP TRIGGER fault"))
        else:
            connection.execute(sa.text("DROP FUNCTION fault() CASCADE"))


def crash_reads_of_sessions(engine: sa.Engine) -> None:
    """Store an invalid value in each session: reading it raises an error that quotes it."""
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE checklist_session SET ticks = :ticks"),
            {"ticks": json.dumps({MARK: {"state": MARK}})},
        )
