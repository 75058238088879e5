"""Grades of evidence: how well the cited sources support a claim."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from app.catalogue.codes import Evidence, SourceKind
from app.catalogue.documents import ProcedureContent, Source, Step


def grade(sources: Iterable[Source]) -> Evidence:
    """Return the grade of a claim with these sources. Pages of one site count as one source."""
    cited = list(sources)
    third_party = [source for source in cited if source.kind is SourceKind.THIRD_PARTY]
    if not third_party:
        return Evidence.OFFICIAL
    if len(third_party) < len(cited):
        return Evidence.MIXED
    # A source without a URL counts as a site of its own.
    sites = {_site(source.url) or source.id for source in third_party}
    return Evidence.SINGLE_SOURCE if len(sites) == 1 else Evidence.THIRD_PARTY


def grade_of(ids: Iterable[str], sources: Iterable[Source]) -> Evidence | None:
    """Return the grade of a claim that cites these ids, or None if it cites no source."""
    cited = set(ids)
    return grade(source for source in sources if source.id in cited) if cited else None


def cited_by(
    procedure: ProcedureContent, steps: Iterable[Step], sources: Iterable[Source]
) -> list[Source]:
    """Return the sources that the procedure cites, in the order of `sources`."""
    ids = {
        *_ids(steps),
        *_ids(procedure.timing),
        *_ids(procedure.fees),
        *_ids(procedure.still_charged),
        *_ids(procedure.warnings),
        *_ids(procedure.conflicts),
        *_ids(
            claim
            for claim in (
                procedure.acceptance,
                procedure.deadline,
                procedure.takes_effect,
                procedure.confirmation,
                procedure.duration,
                procedure.condition,
            )
            if claim
        ),
        *procedure.billing.sources,
        *procedure.return_items.sources,
    }
    return [source for source in sources if source.id in ids]


def _ids(claims: Iterable[object]) -> set[str]:
    return {source for claim in claims for source in getattr(claim, "sources", ())}


@lru_cache(maxsize=4096)
def _site(url: str | None) -> str:
    """Return the host name of a URL, or an empty string if there is none."""
    return (urlsplit(url or "").hostname or "").removeprefix("www.")
