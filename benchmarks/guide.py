"""How long the guide takes against a plain procedure read, both computed anew.

    python -m benchmarks.guide --rounds 300

One client asks for one and the other in turn, so that both see the same machine. Prints the
medians and their ratio.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx

from app.catalogue.authoring.loader import read
from app.catalogue.authoring.publish import publish
from app.database import Database, migrate
from app.settings import ROOT
from benchmarks.server import Server

ASKED: Final[Mapping[str, str]] = {
    "a procedure": "/v1/carriers/rakuten-mobile/procedures/cancel-online-or-app",
    "the guide, all told": "/v1/guide?carrier=rakuten-mobile&product=physical_sim"
    "&contract=postpaid&plan=saikyo&location=japan&applicant=holder"
    "&keep_number=false"
    "&contract_received_on=2025-11-20&service_started_on=2025-11-20"
    "&contract_started_on=2025-11-20&activated_on=2025-11-20"
    "&have=account_login&have=sms_on_line",
    "the guide, only the company": "/v1/guide?carrier=rakuten-mobile",
    "the guide, nothing told": "/v1/guide",
}


def medians(url: str, rounds: int) -> dict[str, float]:
    """Return the median of each in milliseconds."""
    server = Server(url, KAIYAKU_CACHE_BYTES="0")
    server.start()
    taken: dict[str, list[float]] = {name: [] for name in ASKED}
    try:
        with httpx.Client(base_url=server.address) as http:
            for turn in range(rounds + 20):
                for name, address in ASKED.items():
                    began = time.perf_counter()
                    http.get(address).raise_for_status()
                    if turn >= 20:  # noqa: PLR2004 - the first ones fill what a process keeps
                        taken[name].append((time.perf_counter() - began) * 1000)
    finally:
        server.kill()
    return {name: statistics.median(times) for name, times in taken.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'guide.sqlite'}"
        database = Database(url)
        migrate.upgrade(database)
        catalogue, findings = read(ROOT / "catalogue")
        assert catalogue is not None, findings
        publish(database, catalogue)
        database.close()
        found = medians(url, rounds)
    plain = next(iter(found.values()))
    for name, median in found.items():
        print(f"{name}: p50 {median:.2f} ms, {median / plain:.2f} x a procedure")


if __name__ == "__main__":
    main()
