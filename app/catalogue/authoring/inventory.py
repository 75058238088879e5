"""Counts of the catalogue by kind of company: its size, languages, evidence and age."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.catalogue.authoring.findings import Location
from app.catalogue.authoring.loader import CarrierFiles, Catalogue
from app.catalogue.authoring.traversal import texts
from app.catalogue.codes import CarrierKind, Evidence
from app.catalogue.evidence import cited_by, grade


@dataclass(frozen=True)
class Inventory:
    """The carriers of one kind, or all of them."""

    carriers: int
    procedures: int
    steps: int
    languages: tuple[str, ...]
    """Languages in which every text exists."""
    evidence: Mapping[Evidence, int]
    """Procedures by how well they are backed."""
    unknowns: int
    oldest_source: str | None
    """The earliest date of a copy, as exact as the copy gives it; None: no copy shows one."""


def inventory(catalogue: Catalogue) -> dict[CarrierKind, Inventory]:
    """Return what there is of each kind, in the order of the kinds."""
    by_kind = {
        kind: [
            files for files in catalogue.carriers.values() if files.carrier.document.kind is kind
        ]
        for kind in CarrierKind
    }
    return {kind: inventory_of(carriers) for kind, carriers in by_kind.items() if carriers}


def inventory_of(carriers: Iterable[CarrierFiles]) -> Inventory:
    """Return what there is of these carriers together."""
    files = list(carriers)
    procedures = [
        (carrier, file.document) for carrier in files for file in carrier.procedures.values()
    ]
    documents = [carrier.carrier.document for carrier in files]
    graded = (
        grade(cited_by(facts, facts.steps, carrier.carrier.document.sources))
        for carrier, facts in procedures
    )
    dated = [
        source.copy_dated
        for document in documents
        for source in document.sources
        if source.copy_dated
    ]
    return Inventory(
        carriers=len(files),
        procedures=len(procedures),
        steps=sum(len(facts.steps) for _, facts in procedures),
        languages=tuple(sorted(_complete_languages(files))),
        evidence=Counter(graded),
        unknowns=sum(len(document.unknowns) for document in documents)
        + sum(len(facts.unknowns) for _, facts in procedures),
        oldest_source=min(dated, default=None),
    )


def _complete_languages(carriers: Iterable[CarrierFiles]) -> set[str]:
    """Return the languages that every text has; a Japanese phrase needs no Japanese meaning."""
    every = list(_languages_of_texts(carriers))
    return set.intersection(*every) if every else set()


def _languages_of_texts(carriers: Iterable[CarrierFiles]) -> Iterator[set[str]]:
    for carrier in carriers:
        for document in (
            carrier.carrier.document,
            *(file.document for file in carrier.procedures.values()),
        ):
            by_text: dict[Location, set[str]] = {}
            for location, _, _ in texts(document):
                by_text.setdefault(location[:-1], set()).add(str(location[-1]))
            for location, languages in by_text.items():
                yield languages | ({"ja"} if location[-1] == "meaning" else set())
