"""Advice that holds whatever the carrier: `advice.yaml`."""

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
    """Which procedures an advice belongs to: those that match every list that is not empty."""

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
    """A precaution, or a misconception put right."""

    key: Slug
    kind: Literal["precaution", "misconception", "still_charged"] = Field(
        description="still_charged: what goes on being charged after the end."
    )
    title: LocalizedText = Field(
        description="Of a misconception: the wrong belief, as people say it."
    )
    text: LocalizedText = Field(description="Of a misconception: what is true.")
    attaches_to: AttachesTo = AttachesTo()
    procedures: tuple[str, ...] = Field(
        default=(), description="Procedures that tell how, as `carrier/procedure`."
    )
    sources: Citations


class AdviceDocument(CatalogueModel):
    """What to mind, whatever the carrier."""

    advice: tuple[Advice, ...]
    sources: tuple[Source, ...]
