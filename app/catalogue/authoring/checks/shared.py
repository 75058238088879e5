"""Functions that several rules use."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from app.catalogue.authoring.findings import Finding
from app.catalogue.authoring.loader import CarrierFiles, Catalogue, ParsedFile
from app.catalogue.authoring.traversal import citations
from app.catalogue.documents import Source
from app.catalogue.parts import CatalogueModel


def files_of(catalogue: Catalogue) -> Iterator[ParsedFile[Any]]:
    """Yield all files whose texts and dates are checked."""
    yield catalogue.vocabulary
    yield catalogue.advice
    yield catalogue.identification
    yield catalogue.regulation
    for carrier in catalogue.carriers.values():
        yield from files_of_carrier(carrier)


def files_of_carrier(carrier: CarrierFiles) -> Iterator[ParsedFile[Any]]:
    """Yield the files in the carrier's folder."""
    yield carrier.carrier
    yield from carrier.procedures.values()


def sources_are_unique(file: ParsedFile[Any], sources: Iterable[Source]) -> Iterator[Finding]:
    """Ids and URLs of sources are unique in the file."""
    ids = Counter(source.id for source in sources)
    urls = Counter(source.url for source in sources if source.url)
    for position, source in enumerate(sources):
        if ids[source.id] > 1:
            yield file.finding(
                ("sources", position, "id"),
                f"several sources have the id {source.id}",
                "give each its own",
            )
        if source.url and urls[source.url] > 1:
            yield file.finding(
                ("sources", position, "url"),
                "another source has the same URL",
                "keep one of them and cite it",
            )


def citations_are_listed(
    file: ParsedFile[Any], sources: Iterable[Source], fix: str
) -> Iterator[Finding]:
    """Every id that is cited in the file is one of the sources."""
    ids = {source.id for source in sources}
    document: CatalogueModel = file.document
    for location, source in citations(document):
        if source not in ids:
            yield file.finding(location, f"no source has the id {source}", fix)
