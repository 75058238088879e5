"""Timelines of the project's own catalogue, each checked by hand against the research note."""

import datetime as dt
from typing import Any, Final

import pytest
import yaml
from pydantic import TypeAdapter

from app.catalogue.authoring.loader import read
from app.facts.query import Facts
from app.facts.specs import Fact
from app.settings import ROOT
from app.timeline.build import build_timeline
from app.timeline.events import Event
from app.timeline.relevant_facts import relevant_facts

pytestmark = pytest.mark.own_catalogue

CASES: Final = TypeAdapter(list[dict[str, Any]]).validate_python(
    yaml.safe_load((ROOT / "tests/timeline/golden.yaml").read_text(encoding="utf-8"))
)
CATALOGUE, FINDINGS = read(ROOT / "catalogue")


def test_the_golden_timelines_are_many() -> None:
    """There are at least 60 timelines of at least 20 carriers."""
    assert len(CASES) >= 60
    assert len({case["procedure"].partition("/")[0] for case in CASES}) >= 20


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['procedure']}@{case['at']}")
def test_a_timeline_agrees_with_the_research(case: dict[str, Any]) -> None:
    """The events of a timeline are those that were worked out by hand."""
    assert CATALOGUE is not None, FINDINGS
    carrier, _, procedure = case["procedure"].partition("/")
    rules = CATALOGUE.carriers[carrier].procedures[procedure].document
    facts = Facts.model_validate(case.get("facts", {})).given()

    built = build_timeline(rules, facts, dt.datetime.fromisoformat(f"{case['at']}+09:00"))

    assert set(facts) <= relevant_facts(rules) | {Fact.MONTHLY_PRICE_JPY}
    assert [_shown(event) for event in built.events] == case["events"]


def _shown(event: Event) -> str:
    when = "-"
    if event.at:
        when = event.at.replace(tzinfo=None).isoformat()
    elif event.on:
        when = event.on.isoformat()
    elif event.begins:
        when = f"{event.begins}/{event.ends}"
    passed = ["passed"] if event.passed else []
    cost = (
        [f"{event.cost_of_delay.amount_jpy} yen"]
        if event.cost_of_delay and event.cost_of_delay.amount_jpy is not None
        else []
    )
    return " ".join([event.code, event.certainty, when, *passed, *cost])
