"""Legal caps on fees: the file format of regulation.yaml."""

import datetime as dt
from typing import Literal

from pydantic import Field

from app.catalogue.codes import Operator
from app.catalogue.documents import Claim, Source
from app.catalogue.parts import CatalogueModel, Citations
from app.i18n import LocalizedText


class FeeCap(CatalogueModel):
    """The most that an operator may charge for leaving early, by date of contract and operator."""

    contracted_from: dt.date | None = None
    contracted_before: dt.date | None = None
    operator: Operator | None = Field(default=None, description="Null: any.")
    amount_jpy: int | None = Field(default=None, ge=0, description="With tax.")
    kind: Literal["amount", "monthly_charge", "lower_of_both", "none"]
    text: LocalizedText
    sources: Citations


class RegulationDocument(CatalogueModel):
    """The law about what leaving may cost."""

    fee_caps: tuple[FeeCap, ...] = ()
    limits: tuple[Claim, ...] = Field(default=(), description="What the caps do not cover.")
    sources: tuple[Source, ...] = ()
