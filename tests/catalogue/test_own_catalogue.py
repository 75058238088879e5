"""The project's own catalogue: one procedure in full, all citations, and planted mistakes."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import httpx
import pytest

from app.catalogue.authoring.checks.run import check
from app.settings import ROOT
from tests.support.builders import TODAY

pytestmark = pytest.mark.own_catalogue

PROCEDURE = "/v1/carriers/rakuten-mobile/procedures/cancel-online-or-app"

# From the research on the carrier: the procedure must keep these.
STEPS = 8
SOURCES = {
    "S1",
    "S2",
    "S3",
    "S5",
    "S6",
    "S7",
    "S8",
    "S10",
    "S11",
    "S13",
    "S14",
    "S21",
    "S22",
    "S24",
    "S26",
    "S29",
}


@pytest.mark.parametrize(
    ("headers", "language", "title"),
    [
        ({"Accept-Language": "en"}, "en", "Cancel in my Rakuten Mobile"),
        ({"Accept-Language": "ja"}, "ja", "my 楽天モバイルで解約する"),
        ({"Accept-Language": "zh-Hans"}, "zh-Hans", "在“my 乐天移动”解约"),
        ({"Accept-Language": "zh-TW"}, "zh-Hans", "在“my 乐天移动”解约"),
    ],
)
def test_the_cancellation_of_rakuten_is_complete(
    own: httpx.Client, headers: dict[str, str], language: str, title: str
) -> None:
    """The procedure has its title in each language, and every step and source of the research."""
    answer = own.get(PROCEDURE, headers=headers).json()

    assert (answer["language"], answer["title"]) == (language, title)
    assert len(answer["steps"]) >= STEPS
    assert {source["id"] for source in answer["sources"]} >= SOURCES
    for step in answer["steps"]:
        assert step["title"]
        assert step["detail"]
        assert step["sources"]


def test_citations_in_an_answer_are_in_its_sources(own: httpx.Client) -> None:
    """Every procedure lists exactly the sources that its claims cite."""
    page: str | None = "/v1/procedures?limit=200"
    while page:
        listed = own.get(page).json()
        for brief in listed["items"]:
            answer = own.get(brief["url"]).json()
            known = {source["id"] for source in answer["sources"]}
            claims = [
                *answer["steps"],
                *answer["warnings"],
                *answer["conflicts"],
                *answer["fees"],
                *answer["timing"],
                *answer["still_charged"],
            ]
            assert all(set(claim["sources"]) <= known for claim in claims), brief["url"]
            assert known == known & {
                source for claim in claims for source in claim["sources"]
            } | _other_citations(answer), brief["url"]
        page = listed["next"]


def _other_citations(answer: dict[str, object]) -> set[str]:
    """Return what an answer cites outside of its lists."""
    parts = [
        answer[name]
        for name in (
            "acceptance",
            "deadline",
            "takes_effect",
            "confirmation",
            "duration",
            "condition",
            "billing",
            "return_items",
        )
    ]
    return {source for part in parts if isinstance(part, dict) for source in part["sources"]}


@pytest.mark.parametrize(
    "q",
    ["楽天", "らくてん", "乐天", "rakuten", "Rakuten mobile", "ｒａｋｕｔｅｎ"],
)
def test_rakuten_mobile_is_found_in_any_script(own: httpx.Client, q: str) -> None:
    """The company is found in Japanese, Chinese and Latin, in any width and case."""
    assert "rakuten-mobile" in [
        item["id"] for item in own.get("/v1/carriers", params={"q": q}).json()["items"]
    ]


@pytest.mark.parametrize("q", ["日本无限流量卡", "Japan unlimited data"])
def test_the_words_on_every_card_find_generic(own: httpx.Client, q: str) -> None:
    """Words of cards without a company find the generic procedures first."""
    assert own.get("/v1/carriers", params={"q": q}).json()["items"][0]["id"] == "generic"


def _replace(old: str, new: str) -> Callable[[str], str]:
    def replace(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return replace


CANCEL = "carriers/rakuten-mobile/cancel-online-or-app.yaml"


class Planted(NamedTuple):
    """A mistake: the file, the change that makes it, and the words of the finding."""

    file: str
    spoil: Callable[[str], str]
    problem: str


PLANTED: Final = [
    Planted(
        CANCEL, _replace("goal: cancel_contract", "goal: port_out"), "is not an outcome of the goal"
    ),
    Planted(
        CANCEL,
        _replace("requires: [prove-identity]", "requires: [prove-it]"),
        "no step has the key prove-it",
    ),
    Planted(CANCEL, _replace("needs: [phone_in_hand]", "needs: [telephone]"), "not a known need"),
    Planted(CANCEL, _replace("sources: [S22]", "sources: [S99]"), "no source has the id S99"),
    Planted(
        CANCEL,
        _replace("ja: my 楽天モバイルで解約する", "ja: 在手机应用里办理解约吧"),
        "is not ja script",
    ),
    Planted(
        "carriers/povo2/cancel-online.yaml",
        _replace("channel: web", "chanel: web"),
        "not a known key",
    ),
    Planted(
        "carriers/povo2/port-out-mnp.yaml",
        _replace("from_abroad: unknown", "from_abroad: maybe"),
        "not one of the allowed values",
    ),
    Planted(
        "carriers/airalo/let-expire.yaml",
        _replace("compiled_on: 2026-11-22", "compiled_on: 2126-11-22"),
        "in the future",
    ),
    Planted(
        "carriers/softbank/carrier.yaml",
        _replace("kind: mno\n", "kind: mno\nkind: mno\n"),
        "appears twice",
    ),
    Planted(
        "carriers/mobal/carrier.yaml",
        _replace("sources:\n  - {id: S1,", "sources:\n  - {id: S2,"),
        "several sources have the id S2",
    ),
    Planted(
        "carriers/generic/esim-online.yaml",
        _replace("related: [let-prepaid-run-out, ", "related: [nowhere, "),
        "no procedure nowhere",
    ),
    Planted("advice.yaml", _replace("sources: [G1]", "sources: [G2]"), "no source has the id G2"),
]


def test_each_planted_mistake_is_a_finding(tmp_path: Path) -> None:
    """Mistakes planted into a copy of the catalogue are all found, in their files."""
    folder = tmp_path / "catalogue"
    shutil.copytree(ROOT / "catalogue", folder)
    assert check(folder, TODAY)[1] == []

    for name, spoil, _ in PLANTED:
        path = folder / name
        path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    findings = check(folder, TODAY)[1]

    assert len(findings) >= len(PLANTED) >= 10
    for name, _, problem in PLANTED:
        assert any(
            finding.file == name and finding.line > 0 and problem in finding.problem
            for finding in findings
        ), problem
