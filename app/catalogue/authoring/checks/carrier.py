"""Rules of one carrier and its procedures."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from app.catalogue.authoring.checks.shared import (
    citations_are_listed,
    files_of_carrier,
    sources_are_unique,
)
from app.catalogue.authoring.findings import Finding
from app.catalogue.authoring.loader import CarrierFiles
from app.catalogue.authoring.traversal import citations, texts
from app.catalogue.codes import Channel, Possibility
from app.catalogue.documents import ProcedureDocument
from app.catalogue.timing_rules import FreeMonths

_ADDRESS: Final = re.compile(
    r"""
    https?:// | www\. | [\w.]+@[\w-]+\.  # of the web, of e-mail
    | \u3012  # the postal mark
    | (?<![\d-]) (?:\+\d{1,3}[\ -]?)? \(?0?\d{1,4}\)? [\ -]\d{2,4} [\ -]\d{3,4} (?![\d-])  # a phone
    """,
    re.VERBOSE,
)


def citations_name_sources(carrier: CarrierFiles) -> Iterator[Finding]:
    """Every cited id is a source of the carrier's file, and every source is cited.

    Sources are listed once, in that file: docs/decisions/0001.
    """
    sources = carrier.carrier.document.sources
    yield from sources_are_unique(carrier.carrier, sources)
    cited: set[str] = set()
    for file in files_of_carrier(carrier):
        yield from citations_are_listed(file, sources, "list it under sources in carrier.yaml")
        cited.update(source for _, source in citations(file.document))
    for position, source in enumerate(sources):
        if source.id not in cited:
            yield carrier.carrier.finding(
                ("sources", position), f"nothing cites {source.id}", "cite it or remove it"
            )


def plans_and_products_are_the_carriers(carrier: CarrierFiles) -> Iterator[Finding]:
    """A procedure applies to products and plans that its carrier has."""
    document = carrier.carrier.document
    for file in carrier.procedures.values():
        for location, plans in _named_plans(file.document):
            for number, plan in enumerate(plans):
                if plan not in document.plans:
                    yield file.finding(
                        (*location, number),
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


def _named_plans(
    procedure: ProcedureDocument,
) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """Yield each list of plans with where it stands: of the procedure, its fees and its rules."""
    yield ("applies_to", "plans"), procedure.applies_to.plans
    for position, fee in enumerate(procedure.fees):
        if fee.period is not None:
            yield ("fees", position, "period", "plans"), fee.period.plans
    for position, rule in enumerate(procedure.timing):
        if isinstance(rule, FreeMonths):
            yield ("timing", position, "plans"), rule.plans


def uncited_texts_hold_no_addresses(carrier: CarrierFiles) -> Iterator[Finding]:
    """Phone numbers and addresses are given only where a source is cited.

    A wrong one sends a stranger to a stranger.
    """
    for file in files_of_carrier(carrier):
        for location, text, cited in texts(file.document):
            if not cited and _ADDRESS.search(text):
                yield file.finding(
                    location,
                    "an address or phone number without a source",
                    "move it to a text that cites one",
                )


def phone_contacts_can_be_dialled(carrier: CarrierFiles) -> Iterator[Finding]:
    """A phone contact is one number, which can be dialled from where the contact says."""
    file = carrier.carrier
    for position, contact in enumerate(file.document.contacts):
        if contact.channel is not Channel.PHONE or contact.address is None:
            continue
        if contact.phone is None:
            yield file.finding(
                ("contacts", position, "address"),
                f"{contact.address} is not one phone number",
                "give each number a contact of its own, with its area code or with + and its "
                "country code, and put words into the label",
            )
        elif (contact.from_abroad, contact.phone.from_abroad) == (
            Possibility.POSSIBLE,
            Possibility.IMPOSSIBLE,
        ):
            yield file.finding(
                ("contacts", position, "from_abroad"),
                f"{contact.address} cannot be dialled from outside Japan",
                "say impossible or unknown, or give the number as its source prints it for "
                "callers abroad, with +81",
            )


CARRIER_RULES: Final[tuple[Callable[[CarrierFiles], Iterable[Finding]], ...]] = (
    citations_name_sources,
    plans_and_products_are_the_carriers,
    uncited_texts_hold_no_addresses,
    phone_contacts_can_be_dialled,
)
