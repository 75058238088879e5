"""What must hold across the fields and files of the catalogue. One function per rule; each collects, none stops."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final

from app.catalogue import codes
from app.catalogue.authoring.loader import (
    CarrierFiles,
    Catalogue,
    Finding,
    ParsedFile,
    partial_date_begins,
    read,
)
from app.catalogue.authoring.text_checks import (
    avoided,
    texts_are_in_their_script,
    texts_keep_to_the_glossary,
)
from app.catalogue.authoring.traversal import citations, leaves, texts
from app.catalogue.codes import Goal, Outcome, Possibility
from app.catalogue.documents import ProcedureDocument, Source
from app.catalogue.identification import IdentificationDocument
from app.catalogue.regulation import RegulationDocument
from app.facts.specs import Fact

OUTCOMES: Final[Mapping[Goal, frozenset[Outcome]]] = {
    Goal.CANCEL_CONTRACT: frozenset({Outcome.CONTRACT_ENDS}),
    Goal.PORT_OUT: frozenset({Outcome.NUMBER_MOVES}),
    Goal.INITIAL_CONTRACT_CANCELLATION: frozenset({Outcome.CONTRACT_ENDS, Outcome.MONEY_BACK}),
    Goal.LET_EXPIRE: frozenset({Outcome.NOTHING_TO_CANCEL, Outcome.CONTRACT_ENDS}),
    Goal.STOP_RENEWAL: frozenset({Outcome.RENEWAL_STOPS, Outcome.UNKNOWN}),
    Goal.REQUEST_REFUND: frozenset({Outcome.MONEY_BACK}),
    Goal.RETURN_RENTAL: frozenset({Outcome.RENTAL_ENDS}),
    Goal.CANCEL_BOOKING: frozenset({Outcome.MONEY_BACK, Outcome.CONTRACT_ENDS}),
    Goal.SUSPEND: frozenset({Outcome.PAUSED}),
    Goal.REMOVE_PROFILE: frozenset({Outcome.PROFILE_REMOVED}),
    Goal.CLOSE_ACCOUNT: frozenset({Outcome.ACCOUNT_CLOSED}),
}
"""Which outcomes a goal can have; anything else contradicts itself."""

NEEDS_IN_JAPAN: Final = frozenset({"shop_visit", "in_japan", "post_from_japan"})
"""Needs that cannot be met from abroad."""

VOCABULARY: Final[Mapping[str, type[StrEnum]]] = {
    "carrier_kinds": codes.CarrierKind,
    "audiences": codes.Audience,
    "products": codes.Product,
    "contracts": codes.Contract,
    "applicants": codes.Applicant,
    "goals": codes.Goal,
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
    "operators": codes.Operator,
    "effort_reasons": codes.EffortReason,
}
"""The lists of the vocabulary that name a closed set of the code."""

_ADDRESS = re.compile(
    r"https?://|www\.|[\w.]+@[\w-]+\.|〒|(?<![\d-])(?:\+\d{1,3}[ -]?)?\(?0?\d{1,4}\)?[ -]\d{2,4}[ -]\d{3,4}(?![\d-])"
)


def check(folder: Path, today: dt.date) -> tuple[Catalogue | None, list[Finding]]:
    """Return the catalogue and every finding in it, sorted by file and line; it can be published when none is a mistake."""
    catalogue, findings = read(folder)
    if catalogue is not None:
        to_avoid = avoided(catalogue.glossary.document)
        for rule in CATALOGUE_RULES:
            findings.extend(rule(catalogue))
        for carrier in catalogue.carriers.values():
            for carrier_rule in CARRIER_RULES:
                findings.extend(carrier_rule(carrier))
            for procedure in carrier.procedures.values():
                for procedure_rule in PROCEDURE_RULES:
                    findings.extend(procedure_rule(procedure))
        for file in _files(catalogue):
            findings.extend(texts_are_in_their_script(file))
            findings.extend(texts_keep_to_the_glossary(file, to_avoid))
            findings.extend(dates_are_not_in_the_future(file, today))
    return catalogue, sorted(set(findings))


# Rules of one procedure


def step_keys_are_unique(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """No two steps of a procedure have the same key."""
    counts = Counter(step.key for step in file.document.steps)
    for position, step in enumerate(file.document.steps):
        if counts[step.key] > 1:
            yield file.finding(
                ("steps", position, "key"),
                f"several steps have the key {step.key}",
                "give each its own",
            )


def required_steps_come_first(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """A step requires only steps that exist and stand before it, and never itself in a circle."""
    positions = {step.key: position for position, step in enumerate(file.document.steps)}
    for position, step in enumerate(file.document.steps):
        for number, key in enumerate(step.requires):
            here = ("steps", position, "requires", number)
            if key not in positions:
                yield file.finding(
                    here, f"no step has the key {key}", f"use one of {', '.join(positions)}"
                )
            elif positions[key] >= position:
                yield file.finding(
                    here,
                    f"the step {key} does not come before this one",
                    "put it first, or drop it here",
                )
    try:
        TopologicalSorter({step.key: step.requires for step in file.document.steps}).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        start = positions.get(circle[0], 0)
        yield file.finding(
            ("steps", start, "requires"),
            f"steps require each other: {' → '.join(circle)}",
            "break the circle",
        )


def outcome_fits_goal(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """What a procedure leads to is something its goal can lead to."""
    document = file.document
    allowed = OUTCOMES[document.goal]
    if document.outcome not in allowed:
        yield file.finding(
            ("outcome",),
            f"{document.outcome} cannot come of the goal {document.goal}",
            f"use {' or '.join(sorted(allowed))}",
        )


def needs_fit_from_abroad(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """What can be done from abroad has no step that must be done in Japan."""
    if file.document.from_abroad is not Possibility.POSSIBLE:
        return
    for position, step in enumerate(file.document.steps):
        if not step.optional:
            for need in NEEDS_IN_JAPAN.intersection(step.needs):
                yield file.finding(
                    ("steps", position, "needs"),
                    f"{need} contradicts from_abroad: possible",
                    "fix one of the two",
                )


PROCEDURE_RULES: Final[tuple[Callable[[ParsedFile[ProcedureDocument]], Iterable[Finding]], ...]] = (
    step_keys_are_unique,
    required_steps_come_first,
    outcome_fits_goal,
    needs_fit_from_abroad,
)


# Rules of one carrier and its procedures


def citations_name_sources(carrier: CarrierFiles) -> Iterator[Finding]:
    """Every id that is cited is a source of the carrier's file, and every source is cited somewhere."""
    sources = carrier.carrier.document.sources
    yield from _unique_sources(carrier.carrier, sources)
    known = {source.id for source in sources}
    cited: set[str] = set()
    for file in _files_of(carrier):
        for location, source in citations(file.document):
            cited.add(source)
            if source not in known:
                yield file.finding(
                    location,
                    f"no source has the id {source}",
                    "list it under sources in carrier.yaml",
                )
    for position, source_ in enumerate(sources):
        if source_.id not in cited:
            yield carrier.carrier.finding(
                ("sources", position), f"nothing cites {source_.id}", "cite it or remove it"
            )


def plans_and_products_are_the_carriers(carrier: CarrierFiles) -> Iterator[Finding]:
    """A procedure applies to products and plans that its carrier has."""
    document = carrier.carrier.document
    for file in carrier.procedures.values():
        for number, plan in enumerate(file.document.applies_to.plans):
            if plan not in document.plans:
                yield file.finding(
                    ("applies_to", "plans", number),
                    f"no plan has the id {plan}",
                    "add it under plans in carrier.yaml",
                )
        for number, product in enumerate(file.document.applies_to.products):
            if product not in document.products:
                yield file.finding(
                    ("applies_to", "products", number),
                    f"the carrier does not have {product}",
                    "add it under products in carrier.yaml",
                )


def uncited_texts_hold_no_addresses(carrier: CarrierFiles) -> Iterator[Finding]:
    """Phone numbers and addresses stand only where a source is cited: a wrong one sends a stranger to a stranger."""
    for file in _files_of(carrier):
        for location, text, cited in texts(file.document):
            if not cited and _ADDRESS.search(text):
                yield file.finding(
                    location,
                    "an address or phone number without a source",
                    "move it to a text that cites one",
                )


CARRIER_RULES: Final[tuple[Callable[[CarrierFiles], Iterable[Finding]], ...]] = (
    citations_name_sources,
    plans_and_products_are_the_carriers,
    uncited_texts_hold_no_addresses,
)


# Rules of the whole catalogue


def codes_are_in_the_vocabulary(catalogue: Catalogue) -> Iterator[Finding]:
    """Needs, documents and losses are named by codes that the vocabulary explains."""
    words = catalogue.vocabulary.document
    for file in _procedures(catalogue):
        for number, code in enumerate(file.document.documents):
            if code not in words.documents:
                yield file.finding(
                    ("documents", number),
                    f"{code} is not in the vocabulary",
                    _known(words.documents),
                )
        for position, step in enumerate(file.document.steps):
            for number, code in enumerate(step.needs):
                if code not in words.needs:
                    yield file.finding(
                        ("steps", position, "needs", number),
                        f"{code} is not a known need",
                        _known(words.needs),
                    )
            for number, code in enumerate(step.loses):
                if code not in words.losses:
                    yield file.finding(
                        ("steps", position, "loses", number),
                        f"{code} is not a known loss",
                        _known(words.losses),
                    )


def vocabulary_names_every_code(catalogue: Catalogue) -> Iterator[Finding]:
    """The vocabulary names all codes of the closed sets and no others."""
    file = catalogue.vocabulary
    for name, codes_of_set in VOCABULARY.items():
        named, wanted = set(getattr(file.document, name)), {str(code) for code in codes_of_set}
        for code in sorted(wanted - named):
            yield file.finding((name,), f"{code} has no name", f"add it under {name}")
        for code in sorted(named - wanted):
            yield file.finding(
                (name, code),
                f"the service has no code {code}",
                "remove it, or add it in app/catalogue/codes.py",
            )


def advice_is_sourced(catalogue: Catalogue) -> Iterator[Finding]:
    """Each advice has its own key and cites sources listed in its file."""
    file = catalogue.advice
    yield from _unique_sources(file, file.document.sources)
    known = {source.id for source in file.document.sources}
    keys = Counter(advice.key for advice in file.document.advice)
    for position, advice in enumerate(file.document.advice):
        if keys[advice.key] > 1:
            yield file.finding(
                ("advice", position, "key"),
                f"several have the key {advice.key}",
                "give each its own",
            )
    for location, source in citations(file.document):
        if source not in known:
            yield file.finding(location, f"no source has the id {source}", "list it under sources")


def references_are_sourced(catalogue: Catalogue) -> Iterator[Finding]:
    """What identification and regulation say cites sources listed in their own files."""
    files: tuple[ParsedFile[IdentificationDocument] | ParsedFile[RegulationDocument], ...] = (
        catalogue.identification,
        catalogue.regulation,
    )
    for file in files:
        yield from _unique_sources(file, file.document.sources)
        known = {source.id for source in file.document.sources}
        for location, source in citations(file.document):
            if source not in known:
                yield file.finding(
                    location, f"no source has the id {source}", "list it under sources"
                )


def identification_names_what_exists(catalogue: Catalogue) -> Iterator[Finding]:
    """A clue leads to carriers of the catalogue and to countries with a name."""
    file = catalogue.identification
    for location, value in leaves(file.document):
        if "carriers" in location and value not in catalogue.carriers:
            yield file.finding(
                location,
                f"there is no carrier {value}",
                "name one of the catalogue, or leave it out",
            )
        if location[-1] == "carrier" and value is not None and value not in catalogue.carriers:
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
    """What is listed as retired is no longer there; its successor is."""
    file, existing = catalogue.retired, _addresses(catalogue)
    for address, successor in file.document.procedures.items():
        if address in existing:
            yield file.finding(
                ("procedures", address),
                "it is still in the catalogue",
                "remove its file, or this line",
            )
        if successor is not None and successor not in existing:
            yield file.finding(
                ("procedures", address),
                f"its successor {successor} does not exist",
                "name one that does",
            )
    for slug, successor in file.document.carriers.items():
        if slug in catalogue.carriers:
            yield file.finding(
                ("carriers", slug),
                "it is still in the catalogue",
                "remove its folder, or this line",
            )
        if successor is not None and successor not in catalogue.carriers:
            yield file.finding(
                ("carriers", slug),
                f"its successor {successor} does not exist",
                "name one that does",
            )


CATALOGUE_RULES: Final[tuple[Callable[[Catalogue], Iterable[Finding]], ...]] = (
    codes_are_in_the_vocabulary,
    vocabulary_names_every_code,
    advice_is_sourced,
    references_are_sourced,
    identification_names_what_exists,
    related_procedures_exist,
    retired_ones_are_gone,
)


# The rule of every date


def dates_are_not_in_the_future(file: ParsedFile[Any], today: dt.date) -> Iterator[Finding]:
    """Nothing was compiled, checked or copied on a day that has not come."""
    dated = {"compiled_on", "live_checked_on", "copy_dated"}
    for location, value in leaves(file.document):
        if location[-1] in dated and value is not None:
            day = value if isinstance(value, dt.date) else partial_date_begins(str(value))
            if day > today:
                yield file.finding(
                    location, f"{value} is in the future", "write the day it was done"
                )


# What the rules share


def _files(catalogue: Catalogue) -> Iterator[ParsedFile[Any]]:
    yield catalogue.vocabulary
    yield catalogue.advice
    yield catalogue.identification
    yield catalogue.regulation
    for carrier in catalogue.carriers.values():
        yield from _files_of(carrier)


def _files_of(carrier: CarrierFiles) -> Iterator[ParsedFile[Any]]:
    yield carrier.carrier
    yield from carrier.procedures.values()


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


def _unique_sources(file: ParsedFile[Any], sources: Iterable[Source]) -> Iterator[Finding]:
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
                "another source has the same address",
                "keep one and cite it",
            )
