"""The catalogue compared with its research notes: nothing of a note is lost or changed."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from app.catalogue.authoring.loader import Catalogue, read
from app.catalogue.charges import Fee
from app.catalogue.evidence import cited_by
from app.settings import ROOT

pytestmark = pytest.mark.own_catalogue

NOTES: Final[dict[str, dict[str, Any]]] = yaml.load(
    (Path(__file__).parent / "research.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)

WITHHELD: Final = {
    # The notes say not to link there: an unrelated site that repeats the company's text.
    "http://www.samsungadhub.com/tikigyqys23716.html",
}

DIFFERENT_FEES: Final = {
    (
        "au",
        "cancel-online",
    ): "the note's third fee, 0 yen, is the first one billed late: it is under billing",
    (
        "gmo-tokutoku-bb-wimax",
        "cancel-online-bbnavi",
    ): "the fee of WiMAX 2+ was read after the note, on a page that the carrier's file lists",
    (
        "global-advanced-communications",
        "cancel-before-start",
    ): "100 percent: the note says that nothing is refunded later",
}
"""Figures of fees that differ from the note's, and why."""

PROCEDURES: Final = sorted(
    (carrier, procedure) for carrier, note in NOTES.items() for procedure in note["procedures"]
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    catalogue, findings = read(ROOT / "catalogue")
    assert catalogue is not None
    assert not findings
    return catalogue


def test_every_carrier_of_the_research_is_in_the_catalogue(catalogue: Catalogue) -> None:
    """Each carrier of the notes (105 or more) has its folder."""
    assert len(NOTES) >= 105
    assert set(NOTES) <= set(catalogue.carriers)


def test_carriers_without_procedures_list_unknowns(catalogue: Catalogue) -> None:
    """A carrier for which the notes have no procedure says what is unknown."""
    without = {carrier for carrier, note in NOTES.items() if not note["procedures"]}

    assert len(without) == 5
    for carrier in without:
        files = catalogue.carriers[carrier]
        assert files.carrier.document.unknowns, carrier


@pytest.mark.parametrize(("carrier", "procedure"), PROCEDURES)
def test_a_procedure_keeps_the_content_of_its_note(
    catalogue: Catalogue, carrier: str, procedure: str
) -> None:
    """A procedure has the goal and channel of its note, and all its steps and sources."""
    note = NOTES[carrier]["procedures"][procedure]
    files = catalogue.carriers[carrier]
    ours = files.procedures[procedure].document
    cited = {source.url for source in cited_by(ours, ours.steps, files.carrier.document.sources)}

    assert (ours.goal, ours.channel) == (note["goal"], note["channel"])
    assert len(ours.steps) >= note["steps"]
    assert set(note["sources"]) - WITHHELD <= cited


@pytest.mark.parametrize(
    ("carrier", "procedure"), [each for each in PROCEDURES if each not in DIFFERENT_FEES]
)
def test_fees_are_those_of_the_note(catalogue: Catalogue, carrier: str, procedure: str) -> None:
    """Each fee of the note is one of ours; fees that we add are in a sentence of the note."""
    ours = Counter(
        figures(fee) for fee in catalogue.carriers[carrier].procedures[procedure].document.fees
    )
    note = Counter(
        tuple(map(Decimal, map(str, fee)))
        for fee in NOTES[carrier]["procedures"][procedure]["fees"]
    )
    free = Decimal(0)
    stated = {free, *map(Decimal, map(str, NOTES[carrier]["figures"]))}

    assert note <= ours
    assert {figure for fee in ours - note for figure in fee} <= stated


def figures(fee: Fee) -> tuple[Decimal, ...]:
    """Return the figures of a fee, in order; empty if the amount is not known."""
    if fee.amount is None:
        return ()
    given = {fee.amount.exact, fee.amount.min, fee.amount.max, fee.amount.percent}
    return tuple(sorted(figure for figure in given if figure is not None))
