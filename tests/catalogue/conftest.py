"""A server with a catalogue that was published twice."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support import builders
from tests.support.builders import text
from tests.support.databases import Databases
from tests.support.published import serving_catalogues


def _carriers() -> dict[str, dict[str, Any]]:
    """Return seven carriers, of which two have similar names."""
    midori = builders.carrier(
        name=text("Midori Mobile", "緑丘モバイル", "绿丘移动"),
        aliases=["みどり", "綠丘"],
        products=["physical_sim", "esim"],
    )
    turbo = builders.carrier(
        name=text("Midori Turbo", "緑丘ターボ", "绿丘Turbo"), products=["home_router"], kind="mno"
    )
    others = {f"other-{number}": {"cancel": builders.procedure()} for number in range(1, 6)}
    turbo_cancel = builders.procedure(
        applies_to={"products": ["home_router"], "contracts": ["postpaid"]}
    )
    return {
        "midori": {
            "carrier": midori,
            "cancel": builders.procedure(title=text("Cancel", "解約", "解约")),
            "old": builders.procedure(),
        },
        "midori-turbo": {"carrier": turbo, "cancel": turbo_cancel},
        **others,
    }


@pytest.fixture(scope="session")
def republished_server(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A server with two editions: in the second `cancel` is changed and `old` is retired."""
    carriers = _carriers()
    first = builders.write(tmp_path_factory.mktemp("first"), carriers)
    del carriers["midori"]["old"]
    carriers["midori"]["cancel"] = builders.procedure(
        title=text("Cancel now", "今すぐ解約", "立即解约")
    )
    retired = {"procedures": {"midori/old": "midori/cancel"}}
    second = builders.write(tmp_path_factory.mktemp("second"), carriers, retired)
    with serving_catalogues(databases, first, second) as address:
        yield address


@pytest.fixture
def republished(republished_server: str) -> Iterator[httpx.Client]:
    """A client of that server."""
    with httpx.Client(base_url=republished_server) as client:
        yield client
