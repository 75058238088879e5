"""Rules for a carrier and its procedures."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from app.catalogue.authoring.checks.shared import (
    citations_are_listed,
    files_of_carrier,
    sources_are_unique,
)
from app.catalogue.authoring.findings import Finding, Location
from app.catalogue.authoring.loader import CarrierFiles
from app.catalogue.authoring.traversal import citations, texts
from app.catalogue.codes import Channel, Possibility
from app.catalogue.documents import ProcedureDocument
from app.catalogue.timing_rules import FreeMonths

_ADDRESS: Final = re.compile(
    r"""
    https?:// | www\. | [\w.]+@[\w-]+\.  # web and e-mail addresses
    | \u3012  # the postal mark
    | (?<![\d-]) (?:\+\d{1,3}[\ -]?)? \(?0?\d{1,4}\)? [\ -]\d{2,4} [\ -]\d{3,4} (?![\d-])  # phone
    """,
    re.VERBOSE,
)


def citations_name_sources(carrier: CarrierFiles) -> Iterator[Finding]:
    """Every cited id is a source listed in carrier.yaml, and every listed source is cited.

    Why sources are listed there: docs/decisions/0001.
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
                ("sources", position), f"{source.id} is never cited", "cite it or remove it"
            )


def plans_and_products_are_the_carriers(carrier: CarrierFiles) -> Iterator[Finding]:
    """Products and plans in procedures are listed in carrier.yaml."""
    document = carrier.carrier.document
    for file in carrier.procedures.values():
        for location, plans in _named_plans(file.document):
            for number, plan in enumerate(plans):
                if plan not in document.plans:
                    yield file.finding(
                        (*location, number),
                        f"the carrier has no plan with the id {plan}",
                        "add it under plans in carrier.yaml",
                    )
        for number, product in enumerate(file.document.applies_to.products):
            if product not in document.products:
                yield file.finding(
                    ("applies_to", "products", number),
                    f"the carrier does not list the product {product}",
                    "add it under products in carrier.yaml",
                )


def _named_plans(procedure: ProcedureDocument) -> Iterator[tuple[Location, tuple[str, ...]]]:
    """Yield each list of plans in the procedure, its fees and its rules, with its location."""
    yield ("applies_to", "plans"), procedure.applies_to.plans
    for position, fee in enumerate(procedure.fees):
        if fee.period is not None:
            yield ("fees", position, "period", "plans"), fee.period.plans
    for position, rule in enumerate(procedure.timing):
        if isinstance(rule, FreeMonths):
            yield ("timing", position, "plans"), rule.plans


def uncited_texts_hold_no_addresses(carrier: CarrierFiles) -> Iterator[Finding]:
    """Phone numbers and addresses appear only in texts that cite a source.

    A wrong one would send customers to somebody else.
    """
    for file in files_of_carrier(carrier):
        for location, text, cited in texts(file.document):
            if not cited and _ADDRESS.search(text):
                yield file.finding(
                    location,
                    "the text contains an address or phone number but cites no source",
                    "move it to a text that cites a source",
                )


def phone_contacts_can_be_dialled(carrier: CarrierFiles) -> Iterator[Finding]:
    """A phone contact has exactly one number, and `from_abroad` fits the numbering plan."""
    file = carrier.carrier
    for position, contact in enumerate(file.document.contacts):
        if contact.channel is not Channel.PHONE or contact.address is None:
            continue
        if contact.phone is None:
            yield file.finding(
                ("contacts", position, "address"),
                f"{contact.address} is not one phone number",
                "give each number its own contact, with the area code or with + and the country "
                "code, and move words to the label",
            )
        elif (contact.from_abroad, contact.phone.from_abroad) == (
            Possibility.POSSIBLE,
            Possibility.IMPOSSIBLE,
        ):
            yield file.finding(
                ("contacts", position, "from_abroad"),
                f"{contact.address} cannot be dialled from outside Japan",
                "write impossible or unknown; if the source prints the number with +81 for "
                "callers abroad, write it so",
            )


CARRIER_RULES: Final[tuple[Callable[[CarrierFiles], Iterable[Finding]], ...]] = (
    citations_name_sources,
    plans_and_products_are_the_carriers,
    uncited_texts_hold_no_addresses,
    phone_contacts_can_be_dialled,
)
