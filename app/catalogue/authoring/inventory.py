"""Statistics of the catalogue by kind of company: size, languages, evidence and age."""

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
    """Statistics of a group of carriers."""

    carriers: int
    procedures: int
    steps: int
    languages: tuple[str, ...]
    """Languages that every text is available in."""

    evidence: Mapping[Evidence, int]
    """Number of procedures by grade of evidence."""

    unknowns: int
    oldest_source: str | None
    """The earliest `copy_dated` (a year, month or day). None if no copy shows a date."""


def inventory(catalogue: Catalogue) -> dict[CarrierKind, Inventory]:
    """Return the statistics of each kind that has carriers, in the order of `CarrierKind`."""
    by_kind = {
        kind: [
            files for files in catalogue.carriers.values() if files.carrier.document.kind is kind
        ]
        for kind in CarrierKind
    }
    return {kind: inventory_of(carriers) for kind, carriers in by_kind.items() if carriers}


def inventory_of(carriers: Iterable[CarrierFiles]) -> Inventory:
    """Return the statistics of these carriers together."""
    files = list(carriers)
    procedures = [
        (carrier, file.document) for carrier in files for file in carrier.procedures.values()
    ]
    documents = [carrier.carrier.document for carrier in files]
    grades = (
        grade(cited_by(procedure, procedure.steps, carrier.carrier.document.sources))
        for carrier, procedure in procedures
    )
    copy_dates = [
        source.copy_dated
        for document in documents
        for source in document.sources
        if source.copy_dated
    ]
    return Inventory(
        carriers=len(files),
        procedures=len(procedures),
        steps=sum(len(procedure.steps) for _, procedure in procedures),
        languages=tuple(sorted(_complete_languages(files))),
        evidence=Counter(grades),
        unknowns=sum(len(document.unknowns) for document in documents)
        + sum(len(procedure.unknowns) for _, procedure in procedures),
        oldest_source=min(copy_dates, default=None),
    )


def _complete_languages(carriers: Iterable[CarrierFiles]) -> set[str]:
    """Return the languages that every text is available in."""
    languages_by_text = list(_languages_of_texts(carriers))
    return set.intersection(*languages_by_text) if languages_by_text else set()


def _languages_of_texts(carriers: Iterable[CarrierFiles]) -> Iterator[set[str]]:
    """Yield the languages of each text. Japanese phrases need no Japanese meaning."""
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
