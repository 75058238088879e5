"""Legal caps on fees: the file format of regulation.yaml."""

import datetime as dt
from typing import Literal

from pydantic import Field

from app.catalogue.codes import Operator
from app.catalogue.documents import Claim, Source
from app.catalogue.parts import CatalogueModel, Citations
from app.i18n import LocalizedText


class FeeCap(CatalogueModel):
    """The maximum early cancellation fee, for contracts of a period and a kind of operator."""

    contracted_from: dt.date | None = None
    contracted_before: dt.date | None = None
    operator: Operator | None = Field(default=None, description="Null: any operator.")
    amount_jpy: int | None = Field(default=None, ge=0, description="In yen, with tax.")
    kind: Literal["amount", "monthly_charge", "lower_of_both", "none"]
    text: LocalizedText
    sources: Citations


class RegulationDocument(CatalogueModel):
    """The legal caps on cancellation fees."""

    fee_caps: tuple[FeeCap, ...] = ()
    limits: tuple[Claim, ...] = Field(default=(), description="What the caps do not cover.")
    sources: tuple[Source, ...] = ()
