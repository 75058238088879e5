"""Compares the time of the guide with that of a procedure read, both without the cache.

    python -m benchmarks.guide --rounds 300

One client requests them in turn, so that both run under the same conditions. Prints the medians and
their ratio. `--against` names a folder with another version of the repository, which is measured in
turn with this one:

    git worktree add ../before <commit>
    python -m benchmarks.guide --against ../before
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx

from app.settings import ROOT
from benchmarks.server import Process, Server

ASKED: Final[Mapping[str, str]] = {
    "a procedure": "/v1/carriers/rakuten-mobile/procedures/cancel-online-or-app",
    "the guide, all facts given": "/v1/guide?carrier=rakuten-mobile&product=physical_sim"
    "&contract=postpaid&plan=saikyo&location=japan&applicant=holder"
    "&keep_number=false"
    "&contract_received_on=2025-11-20&service_started_on=2025-11-20"
    "&contract_started_on=2025-11-20&activated_on=2025-11-20"
    "&have=account_login&have=sms_on_line",
    "the guide, only the company": "/v1/guide?carrier=rakuten-mobile",
    "the guide, no facts": "/v1/guide",
}


def medians(servers: Mapping[str, Process], rounds: int) -> dict[tuple[str, str], float]:
    """Return the median time in milliseconds by server and name of the request."""
    milliseconds: dict[tuple[str, str], list[float]] = {}
    with httpx.Client() as http:
        for turn in range(rounds + 20):
            # Alternate the order, so that no server is always first.
            order = list(servers.items()) if turn % 2 else list(reversed(servers.items()))
            for version, server in order:
                for name, address in ASKED.items():
                    began = time.perf_counter()
                    http.get(f"{server.address}{address}").raise_for_status()
                    if turn >= 20:  # noqa: PLR2004 - the first rounds fill in-process caches
                        took = (time.perf_counter() - began) * 1000
                        milliseconds.setdefault((version, name), []).append(took)
    return {key: statistics.median(times) for key, times in milliseconds.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--against", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folders = {"this version": ROOT}
        if options.against:
            folders["the other version"] = options.against.resolve()
        servers = {
            version: Server(
                f"sqlite:///{Path(folder) / f'{number}.sqlite'}",
                tree=tree,
                KAIYAKU_CACHE_BYTES="0",
            )
            for number, (version, tree) in enumerate(folders.items())
        }
        try:
            for server in servers.values():
                server.start()
            by_request = medians(servers, options.rounds)
        finally:
            for server in servers.values():
                server.kill()
    first = next(iter(ASKED))
    for (version, name), median in by_request.items():
        ratio = median / by_request[version, first]
        print(f"{version}, {name}: p50 {median:.2f} ms, {ratio:.2f} x a procedure")


if __name__ == "__main__":
    main()
