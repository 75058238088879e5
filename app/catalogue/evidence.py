"""How well claims are backed, derived from the sources that they cite."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from app.catalogue.codes import Evidence, SourceKind
from app.catalogue.documents import ProcedureContent, Source, Step


def grade(sources: Iterable[Source]) -> Evidence:
    """Return the grade of a claim with these sources; pages of one site count as one."""
    cited = list(sources)
    third_party = [source for source in cited if source.kind is SourceKind.THIRD_PARTY]
    if not third_party:
        return Evidence.OFFICIAL
    if len(third_party) < len(cited):
        return Evidence.MIXED
    return (
        Evidence.SINGLE_SOURCE
        if len({_site(source.url) or source.id for source in third_party}) == 1
        else Evidence.THIRD_PARTY
    )


def grade_of(ids: Iterable[str], sources: Iterable[Source]) -> Evidence | None:
    """Return the grade of a claim that cites these ids, None if it cites none."""
    cited = set(ids)
    return grade(source for source in sources if source.id in cited) if cited else None


def cited_by(
    facts: ProcedureContent, steps: Iterable[Step], sources: Iterable[Source]
) -> list[Source]:
    """Return the carrier's sources that the procedure cites, in the carrier's order."""
    ids = {
        *_ids(steps),
        *_ids(facts.timing),
        *_ids(facts.fees),
        *_ids(facts.still_charged),
        *_ids(facts.warnings),
        *_ids(facts.conflicts),
        *_ids(
            claim
            for claim in (
                facts.acceptance,
                facts.deadline,
                facts.takes_effect,
                facts.confirmation,
                facts.duration,
                facts.condition,
            )
            if claim
        ),
        *facts.billing.sources,
        *facts.return_items.sources,
    }
    return [source for source in sources if source.id in ids]


def _ids(claims: Iterable[object]) -> set[str]:
    return {source for claim in claims for source in getattr(claim, "sources", ())}


@lru_cache(maxsize=4096)
def _site(url: str | None) -> str:
    """Return the site of an address; empty without one: such a source is its own site."""
    return (urlsplit(url or "").hostname or "").removeprefix("www.")
