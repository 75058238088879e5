"""Every claim in a response states how well its sources back it."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from app.catalogue.authoring.publish import publish
from app.database import Database
from tests.support import builders
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

CITED: Final[dict[str, Any]] = {"text": builders.text(), "sources": ["S1"]}


@pytest.fixture(scope="module")
def single(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of a server on which every claim cites one third-party page."""
    carrier = builders.carrier(
        sources=[builders.source(kind="third_party", url="https://blog.example/")],
        contacts=[
            {
                "channel": "web",
                "address": None,
                "label": builders.text(),
                "from_abroad": "unknown",
                "sources": ["S1"],
            }
        ],
        warnings=[CITED],
        after_end=CITED,
    )
    procedure = builders.procedure(
        timing=[
            {"kind": "contract_end", "ends": "month_end", "cutoff": {"day": 25}, "sources": ["S1"]}
        ],
        fees=[
            {
                "what": builders.text(),
                "kind": "early_cancellation",
                "amount": {"exact": 1100},
                "sources": ["S1"],
            }
        ],
        billing={"last_month": "full", "cycle": "calendar_month", "sources": ["S1"]},
        return_items={"required": "required", "sources": ["S1"]},
        warnings=[CITED],
        conflicts=[CITED],
        deadline=CITED,
    )
    url = databases.migrated()
    database = Database(url)
    files = {"carrier": carrier, "cancel": procedure}
    publish(
        database,
        builders.read(builders.write(tmp_path_factory.mktemp("single"), {"example": files})),
    )
    database.close()
    with serving(settings_for(url)) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/v1/carriers/example",
        "/v1/carriers/example/contacts",
        "/v1/carriers/example/procedures/cancel",
        "/v1/carriers/example/procedures/cancel/timeline",
        "/v1/guide?carrier=example",
    ],
)
def test_a_claim_of_one_third_party_has_a_single_source(single: httpx.Client, path: str) -> None:
    """On a server where all claims cite one third-party page, every claim is `single_source`."""
    answer = single.get(path).raise_for_status().json()

    assert {claim["evidence"] for claim in claims(answer)} == {"single_source"}


def test_a_checklist_marks_its_steps_and_dates(single: httpx.Client) -> None:
    """The steps and the dates of a checklist have the grade of evidence, too."""
    session = (
        single.post("/v1/sessions", json={"carrier": "example", "procedure": "cancel"})
        .raise_for_status()
        .json()
    )

    assert [step["evidence"] for step in session["steps"]] == ["single_source"]
    assert {claim["evidence"] for claim in claims(session)} == {"single_source"}


def test_a_statement_without_sources_has_no_evidence(client: httpx.Client) -> None:
    """A statement without sources has `null` as its grade of evidence."""
    answer = client.get("/v1/carriers/generic/procedures/esim-online").json()

    assert answer["return_items"] == {
        "required": "unknown",
        "note": None,
        "sources": [],
        "evidence": None,
    }


def claims(part: object) -> Iterator[dict[str, Any]]:
    """Yield every object of a response that cites sources or has a grade of evidence."""
    if isinstance(part, dict):
        cites = isinstance(part.get("sources"), list) and any(
            isinstance(source, str) for source in part["sources"]
        )
        if cites or part.get("evidence"):
            yield part
        for value in part.values():
            yield from claims(value)
    elif isinstance(part, list):
        for value in part:
            yield from claims(value)
