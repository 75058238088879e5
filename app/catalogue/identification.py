"""Clues to the company behind a SIM: the file format of identification.yaml."""

from typing import Annotated

from pydantic import Field

from app.catalogue.codes import Clue, Confidence
from app.catalogue.documents import Slug, Source
from app.catalogue.parts import CatalogueModel, Citations
from app.i18n import LocalizedText

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2; ZZ for numbers that belong to no country."""


class IssuerPrefix(CatalogueModel):
    """The first digits of an ICCID and the operator they are assigned to (ITU-T E.118)."""

    prefix: Annotated[str, Field(pattern=r"^89\d{4,5}$")]
    issuer: str
    country: Country
    carriers: tuple[Slug, ...] = Field(
        default=(), description="Brands that can have such a SIM; never a complete list."
    )
    brand: Confidence = Field(description="How far the prefix alone names the company to ask.")
    note: LocalizedText | None = None
    sources: Citations


class SimNetwork(CatalogueModel):
    """A network code (MCC-MNC, ITU-T E.212) and its operator."""

    code: Annotated[str, Field(pattern=r"^\d{3}-\d{2,3}$")]
    operator: str
    country: Country
    seen_as: tuple[str, ...] = Field(default=(), description="Names a phone shows for it.")
    carriers: tuple[Slug, ...] = ()
    confidence: Confidence
    note: LocalizedText | None = None
    sources: Citations


class AccessPointBrand(CatalogueModel):
    """A brand that an access point is set up for."""

    name: str
    carrier: Slug | None = None
    username: str | None = Field(
        default=None, description="The user name that all its customers share."
    )
    old: bool = Field(default=False, description="Only in older data.")
    unconfirmed: bool = Field(
        default=False, description="It can be set up for this brand too, but no data says so."
    )


class AccessPoint(CatalogueModel):
    """An access point name and the brands that use it."""

    apn: str
    country: Country
    brands: tuple[AccessPointBrand, ...] = Field(min_length=1)
    confidence: Confidence
    sources: Citations


class EsimServer(CatalogueModel):
    """Who runs the server an eSIM is downloaded from (SM-DP+); `host` may begin with `*.`."""

    host: str
    platform: str
    brand: str | None = Field(
        default=None, description="The brand that the name of the host points to."
    )
    sources: Citations


class ProductWords(CatalogueModel):
    """Words on a package or an order, and whose product they name."""

    words: tuple[str, ...] = Field(min_length=1)
    company: str | None = Field(description="Null: selling words that point to nobody.")
    carriers: tuple[Slug, ...] = ()
    confidence: Confidence | None = Field(description="Null: they say nothing.")
    sources: Citations


class Whereabouts(CatalogueModel):
    """How to find a clue on the phone or the order."""

    clue: Clue
    where: LocalizedText


class IdentificationDocument(CatalogueModel):
    """Clues on a phone or an order, and what they say about the company behind a SIM."""

    countries: dict[Country, LocalizedText] = Field(default_factory=dict)
    iccid_prefixes: tuple[IssuerPrefix, ...] = ()
    sim_networks: tuple[SimNetwork, ...] = ()
    access_points: tuple[AccessPoint, ...] = ()
    esim_servers: tuple[EsimServer, ...] = ()
    product_words: tuple[ProductWords, ...] = ()
    network_names: tuple[str, ...] = Field(
        default=(),
        description="Names of operators that sellers also tell the network by: among other words "
        "they name no company.",
    )
    eid_prefixes: tuple[Annotated[str, Field(pattern=r"^89\d{5}$")], ...] = Field(
        default=(), description="First digits of a phone's EID, which is often taken for an ICCID."
    )
    where_to_look: tuple[Whereabouts, ...] = ()
    sources: tuple[Source, ...] = ()
