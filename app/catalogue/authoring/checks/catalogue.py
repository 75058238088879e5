"""Rules of the whole catalogue."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, Literal

from app.catalogue import codes
from app.catalogue.authoring.checks.shared import citations_are_listed, sources_are_unique
from app.catalogue.authoring.findings import Finding
from app.catalogue.authoring.loader import Catalogue, ParsedFile
from app.catalogue.authoring.traversal import leaves
from app.catalogue.documents import ProcedureDocument, RetiredDocument
from app.catalogue.goals import Goal
from app.catalogue.identification import IdentificationDocument
from app.catalogue.phone_numbers import PhoneKind
from app.catalogue.regulation import RegulationDocument
from app.facts.specs import Fact

VOCABULARY: Final[Mapping[str, type[StrEnum]]] = {
    "carrier_kinds": codes.CarrierKind,
    "audiences": codes.Audience,
    "products": codes.Product,
    "contracts": codes.Contract,
    "applicants": codes.Applicant,
    "lines": codes.Line,
    "sales": codes.Sale,
    "devices": codes.Device,
    "goals": Goal,
    "outcomes": codes.Outcome,
    "channels": codes.Channel,
    "possibilities": codes.Possibility,
    "phases": codes.Phase,
    "actors": codes.Actor,
    "last_months": codes.LastMonth,
    "billing_cycles": codes.BillingCycle,
    "requirements": codes.Requirement,
    "source_kinds": codes.SourceKind,
    "evidence": codes.Evidence,
    "event_codes": codes.EventCode,
    "certainties": codes.Certainty,
    "facts": Fact,
    "verdicts": codes.Verdict,
    "roles": codes.Role,
    "confidences": codes.Confidence,
    "identities": codes.Identity,
    "clues": codes.Clue,
    "match_kinds": codes.MatchKind,
    "not_covered_kinds": codes.NotCoveredKind,
    "operators": codes.Operator,
    "fee_kinds": codes.FeeKind,
    "effort_reasons": codes.EffortReason,
    "contact_topics": codes.ContactTopic,
    "phone_kinds": PhoneKind,
}
"""The lists of the vocabulary that name a closed set of the code."""


def codes_are_in_the_vocabulary(catalogue: Catalogue) -> Iterator[Finding]:
    """Needs, documents and losses are named by codes that the vocabulary explains."""
    words = catalogue.vocabulary.document
    for file in _procedures(catalogue):
        document = file.document
        for number, paper in enumerate(document.documents):
            codes_of_paper = (paper.code, *paper.instead_of, *paper.only_with)
            for code in codes_of_paper:
                if code not in words.documents:
                    yield file.finding(
                        ("documents", number),
                        f"{code} is not a known document",
                        _known(words.documents),
                    )
        for field, needs in (
            ("only_lacking", document.only_lacking),
            ("restores", document.restores),
        ):
            yield from _are_known(file, (field,), needs, words.needs, "need")
        for position, step in enumerate(document.steps):
            here = ("steps", position)
            yield from _are_known(file, (*here, "needs"), step.needs, words.needs, "need")
            for need, replacements in step.replaced_by.items():
                needs = (need, *(each for replacement in replacements for each in replacement))
                yield from _are_known(file, (*here, "replaced_by"), needs, words.needs, "need")
            yield from _are_known(file, (*here, "loses"), step.loses, words.losses, "loss")


def _are_known(
    file: ParsedFile[Any],
    location: tuple[str | int, ...],
    used: Iterable[str],
    known: Mapping[str, Any],
    kind: str,
) -> Iterator[Finding]:
    for number, code in enumerate(used):
        if code not in known:
            yield file.finding((*location, number), f"{code} is not a known {kind}", _known(known))


def needs_name_needs(catalogue: Catalogue) -> Iterator[Finding]:
    """What a need includes, is lost with or is replaced by are needs."""
    file = catalogue.vocabulary
    for code, need in file.document.needs.items():
        replacing = (each for replacement in need.replaced_by for each in replacement)
        others = (*need.includes, *need.lost_with, *replacing)
        yield from _are_known(file, ("needs", code), others, file.document.needs, "need")


def vocabulary_names_every_code(catalogue: Catalogue) -> Iterator[Finding]:
    """The vocabulary names all codes of the closed sets and no others."""
    file = catalogue.vocabulary
    for name, codes_of_set in VOCABULARY.items():
        named, existing = set(getattr(file.document, name)), {str(code) for code in codes_of_set}
        for code in sorted(existing - named):
            yield file.finding((name,), f"{code} has no name", f"add it under {name}")
        for code in sorted(named - existing):
            yield file.finding(
                (name, code),
                f"the service has no code {code}",
                "remove it, or add it in app/catalogue/codes.py",
            )


def advice_is_sourced(catalogue: Catalogue) -> Iterator[Finding]:
    """Each advice has its own key and cites sources listed in its file."""
    file = catalogue.advice
    yield from sources_are_unique(file, file.document.sources)
    keys = Counter(advice.key for advice in file.document.advice)
    for position, advice in enumerate(file.document.advice):
        if keys[advice.key] > 1:
            yield file.finding(
                ("advice", position, "key"),
                f"several have the key {advice.key}",
                "give each its own",
            )
    yield from citations_are_listed(file, file.document.sources, "list it under sources")


def references_are_sourced(catalogue: Catalogue) -> Iterator[Finding]:
    """What identification and regulation say cites sources listed in their own files."""
    files: tuple[ParsedFile[IdentificationDocument] | ParsedFile[RegulationDocument], ...] = (
        catalogue.identification,
        catalogue.regulation,
    )
    for file in files:
        yield from sources_are_unique(file, file.document.sources)
        yield from citations_are_listed(file, file.document.sources, "list it under sources")


def identification_names_what_exists(catalogue: Catalogue) -> Iterator[Finding]:
    """A clue names carriers of the catalogue, and countries that have a name."""
    file = catalogue.identification
    for location, value in leaves(file.document):
        names_carrier = "carriers" in location or (
            location[-1] in {"carrier", "of"} and value is not None
        )
        if names_carrier and value not in catalogue.carriers:
            yield file.finding(
                location,
                f"there is no carrier {value}",
                "name one of the catalogue, or leave it out",
            )
        if location[-1] == "country" and value not in file.document.countries:
            yield file.finding(
                location, f"the country {value} has no name", "name it under countries"
            )


def related_procedures_exist(catalogue: Catalogue) -> Iterator[Finding]:
    """What a procedure or an advice points to is in the catalogue."""
    existing = _addresses(catalogue)
    for position, advice in enumerate(catalogue.advice.document.advice):
        for number, address in enumerate(advice.procedures):
            if address not in existing:
                here = ("advice", position, "procedures", number)
                yield catalogue.advice.finding(
                    here,
                    f"there is no procedure {address}",
                    "name one that exists, as carrier/procedure",
                )
    for slug, carrier in catalogue.carriers.items():
        for file in carrier.procedures.values():
            for number, related in enumerate(file.document.related):
                if (related if "/" in related else f"{slug}/{related}") not in existing:
                    yield file.finding(
                        ("related", number),
                        f"there is no procedure {related}",
                        "name one that exists",
                    )


def retired_ones_are_gone(catalogue: Catalogue) -> Iterator[Finding]:
    """What is listed as retired is no longer in the catalogue; its successor is."""
    retired = catalogue.retired.document
    yield from _successors_exist(
        catalogue.retired, "procedures", retired.procedures, _addresses(catalogue), "its file"
    )
    yield from _successors_exist(
        catalogue.retired, "carriers", retired.carriers, set(catalogue.carriers), "its folder"
    )


def _successors_exist(
    file: ParsedFile[RetiredDocument],
    field: Literal["procedures", "carriers"],
    retired: Mapping[str, str | None],
    existing: Collection[str],
    holder: str,
) -> Iterator[Finding]:
    for name, successor in retired.items():
        here = (field, name)
        if name in existing:
            yield file.finding(
                here, "it is still in the catalogue", f"remove {holder}, or this line"
            )
        if successor is not None and successor not in existing:
            yield file.finding(
                here, f"its successor {successor} does not exist", "name one that does"
            )


CATALOGUE_RULES: Final[tuple[Callable[[Catalogue], Iterable[Finding]], ...]] = (
    codes_are_in_the_vocabulary,
    needs_name_needs,
    vocabulary_names_every_code,
    advice_is_sourced,
    references_are_sourced,
    identification_names_what_exists,
    related_procedures_exist,
    retired_ones_are_gone,
)


def _procedures(catalogue: Catalogue) -> Iterator[ParsedFile[ProcedureDocument]]:
    for carrier in catalogue.carriers.values():
        yield from carrier.procedures.values()


def _addresses(catalogue: Catalogue) -> set[str]:
    return {
        f"{slug}/{procedure}"
        for slug, carrier in catalogue.carriers.items()
        for procedure in carrier.procedures
    }


def _known(words: Mapping[str, Any]) -> str:
    return f"use one of {', '.join(sorted(words))}, or add it to vocabulary.yaml"
