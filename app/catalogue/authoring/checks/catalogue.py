"""Rules for the catalogue as a whole."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import chain
from typing import Any, Final, Literal

from app.catalogue import codes
from app.catalogue.authoring.checks.shared import citations_are_listed, sources_are_unique
from app.catalogue.authoring.findings import Finding, Location
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
"""The lists of the vocabulary that name the codes of an enumeration."""


def codes_are_in_the_vocabulary(catalogue: Catalogue) -> Iterator[Finding]:
    """Codes of needs, documents and losses in procedures are in the vocabulary."""
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
                        _fix_for_unknown_code(words.documents),
                    )
        for field, needs in (
            ("only_lacking", document.only_lacking),
            ("restores", document.restores),
        ):
            yield from _are_known(file, (field,), needs, words.needs, "need")
        for position, step in enumerate(document.steps):
            step_location = ("steps", position)
            yield from _are_known(file, (*step_location, "needs"), step.needs, words.needs, "need")
            for need, replacements in step.replaced_by.items():
                needs = (need, *chain.from_iterable(replacements))
                yield from _are_known(
                    file, (*step_location, "replaced_by"), needs, words.needs, "need"
                )
            yield from _are_known(file, (*step_location, "loses"), step.loses, words.losses, "loss")


def _are_known(
    file: ParsedFile[Any],
    location: Location,
    used_codes: Iterable[str],
    known_codes: Mapping[str, Any],
    kind: str,
) -> Iterator[Finding]:
    for number, code in enumerate(used_codes):
        if code not in known_codes:
            yield file.finding(
                (*location, number),
                f"{code} is not a known {kind}",
                _fix_for_unknown_code(known_codes),
            )


def needs_name_needs(catalogue: Catalogue) -> Iterator[Finding]:
    """Codes in `includes`, `lost_with` and `replaced_by` of a need are needs."""
    file = catalogue.vocabulary
    for code, need in file.document.needs.items():
        related_needs = (*need.includes, *need.lost_with, *chain.from_iterable(need.replaced_by))
        yield from _are_known(file, ("needs", code), related_needs, file.document.needs, "need")


def vocabulary_names_every_code(catalogue: Catalogue) -> Iterator[Finding]:
    """The vocabulary names all codes of the enumerations, and no others."""
    file = catalogue.vocabulary
    for name, codes_of_set in VOCABULARY.items():
        named, existing = set(getattr(file.document, name)), {str(code) for code in codes_of_set}
        for code in sorted(existing - named):
            yield file.finding((name,), f"the code {code} has no name", f"add it under {name}")
        for code in sorted(named - existing):
            yield file.finding(
                (name, code),
                f"the service has no code {code}",
                "remove it, or add it in app/catalogue/codes.py",
            )


def advice_is_sourced(catalogue: Catalogue) -> Iterator[Finding]:
    """Keys of advice are unique, and cited sources are listed in advice.yaml."""
    file = catalogue.advice
    yield from sources_are_unique(file, file.document.sources)
    keys = Counter(advice.key for advice in file.document.advice)
    for position, advice in enumerate(file.document.advice):
        if keys[advice.key] > 1:
            yield file.finding(
                ("advice", position, "key"),
                f"the key {advice.key} is used more than once",
                "give each advice its own key",
            )
    yield from citations_are_listed(file, file.document.sources, "list it under sources")


def references_are_sourced(catalogue: Catalogue) -> Iterator[Finding]:
    """Sources cited in identification.yaml and regulation.yaml are listed in the same file."""
    files: tuple[ParsedFile[IdentificationDocument] | ParsedFile[RegulationDocument], ...] = (
        catalogue.identification,
        catalogue.regulation,
    )
    for file in files:
        yield from sources_are_unique(file, file.document.sources)
        yield from citations_are_listed(file, file.document.sources, "list it under sources")


def identification_names_what_exists(catalogue: Catalogue) -> Iterator[Finding]:
    """Carriers in identification.yaml exist, and its countries have names."""
    file = catalogue.identification
    for location, value in leaves(file.document):
        names_carrier = "carriers" in location or (
            location[-1] in {"carrier", "of"} and value is not None
        )
        if names_carrier and value not in catalogue.carriers:
            yield file.finding(
                location,
                f"there is no carrier {value}",
                "use the id of a carrier in the catalogue, or remove it",
            )
        if location[-1] == "country" and value not in file.document.countries:
            yield file.finding(
                location, f"the country {value} has no name", "add its name under countries"
            )


def related_procedures_exist(catalogue: Catalogue) -> Iterator[Finding]:
    """Procedures that advice and other procedures link to exist."""
    existing = _addresses(catalogue)
    for position, advice in enumerate(catalogue.advice.document.advice):
        for number, address in enumerate(advice.procedures):
            if address not in existing:
                yield catalogue.advice.finding(
                    ("advice", position, "procedures", number),
                    f"there is no procedure {address}",
                    "use an existing one, as carrier/procedure",
                )
    for slug, carrier in catalogue.carriers.items():
        for file in carrier.procedures.values():
            for number, related in enumerate(file.document.related):
                if (related if "/" in related else f"{slug}/{related}") not in existing:
                    yield file.finding(
                        ("related", number),
                        f"there is no procedure {related}",
                        "use an existing one",
                    )


def retired_ones_are_gone(catalogue: Catalogue) -> Iterator[Finding]:
    """Retired carriers and procedures are not in the catalogue; their successors are."""
    retired = catalogue.retired.document
    yield from _successors_exist(
        catalogue.retired, "procedures", retired.procedures, _addresses(catalogue), "file"
    )
    yield from _successors_exist(
        catalogue.retired, "carriers", retired.carriers, set(catalogue.carriers), "folder"
    )


def _successors_exist(
    file: ParsedFile[RetiredDocument],
    field: Literal["procedures", "carriers"],
    retired: Mapping[str, str | None],
    existing: Collection[str],
    to_remove: Literal["file", "folder"],
) -> Iterator[Finding]:
    for name, successor in retired.items():
        location = (field, name)
        if name in existing:
            yield file.finding(
                location,
                f"{name} is still in the catalogue",
                f"remove its {to_remove}, or remove this line",
            )
        if successor is not None and successor not in existing:
            yield file.finding(
                location,
                f"the successor {successor} does not exist",
                "use an existing one, or null",
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
    """Return all procedures, as `carrier/procedure`."""
    return {
        f"{slug}/{procedure}"
        for slug, carrier in catalogue.carriers.items()
        for procedure in carrier.procedures
    }


def _fix_for_unknown_code(known_codes: Mapping[str, Any]) -> str:
    return f"use one of {', '.join(sorted(known_codes))}, or add it to vocabulary.yaml"
