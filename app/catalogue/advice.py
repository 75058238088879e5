"""Advice that applies to all carriers: the file format of advice.yaml."""

from typing import Literal

from pydantic import Field

from app.catalogue.codes import (
    Applicant,
    CarrierKind,
    Channel,
    Contract,
    Device,
    Outcome,
    Product,
    Sale,
)
from app.catalogue.documents import Slug, Source
from app.catalogue.goals import Goal
from app.catalogue.parts import CatalogueModel, Citations
from app.i18n import LocalizedText


class AttachesTo(CatalogueModel):
    """The procedures that the advice is shown with: those that match every non-empty list."""

    goals: tuple[Goal, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    products: tuple[Product, ...] = ()
    contracts: tuple[Contract, ...] = ()
    channels: tuple[Channel, ...] = ()
    kinds: tuple[CarrierKind, ...] = ()
    applicants: tuple[Applicant, ...] = ()
    devices: tuple[Device, ...] = ()
    sales: tuple[Sale, ...] = ()


class Advice(CatalogueModel):
    """A precaution, a corrected misconception, or a charge that continues after the end."""

    key: Slug
    kind: Literal["precaution", "misconception", "still_charged"] = Field(
        description="`still_charged`: something that is still charged after the end."
    )
    title: LocalizedText = Field(
        description="For a misconception: the wrong belief, in people's words."
    )
    text: LocalizedText = Field(description="For a misconception: the correct facts.")
    attaches_to: AttachesTo = AttachesTo()
    procedures: tuple[str, ...] = Field(
        default=(), description="Procedures that explain how to do it, as `carrier/procedure`."
    )
    sources: Citations


class AdviceDocument(CatalogueModel):
    """All advice, with its sources."""

    advice: tuple[Advice, ...]
    sources: tuple[Source, ...]
