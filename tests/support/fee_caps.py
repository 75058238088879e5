"""Made-up caps of the law on fees for leaving early, with every kind of cap."""

from typing import Final

from app.catalogue.regulation import RegulationDocument
from tests.support import builders
from tests.support.builders import Content, text

AMOUNT: Final = 2000
"""The cap in yen of the second and third period."""


def _cap(kind: str, **fields: object) -> Content:
    return {"kind": kind, "text": text(f"A cap: {kind}"), "sources": ["R1"], **fields}


REGULATION: Final[Content] = {
    "fee_caps": [
        _cap("none", contracted_before="2010-04-01"),
        _cap(
            "amount",
            contracted_from="2010-04-01",
            contracted_before="2020-10-01",
            operator="designated",
            amount_jpy=AMOUNT,
        ),
        _cap(
            "none", contracted_from="2010-04-01", contracted_before="2020-10-01", operator="other"
        ),
        _cap(
            "lower_of_both",
            contracted_from="2020-10-01",
            operator="designated",
            amount_jpy=AMOUNT,
        ),
        _cap("monthly_charge", contracted_from="2020-10-01", operator="other"),
    ],
    "limits": [{"text": text("Not of phones"), "sources": ["R2"]}],
    "sources": [
        builders.source(id="R1"),
        builders.source(id="R2", url="https://example.com/"),
        builders.source(id="R3", url="https://example.org/"),
    ],
}


def regulation() -> RegulationDocument:
    """Return the caps."""
    return RegulationDocument.model_validate(REGULATION)
