"""Clues to the company behind a SIM: the file format of identification.yaml."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.catalogue.codes import CarrierKind, Clue, Confidence, NotCoveredKind, Product
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
    note: LocalizedText | None = Field(
        default=None, description="What is known of a company that the catalogue does not have."
    )
    sources: Citations


class SoldProduct(CatalogueModel):
    """What people call a kind of product; the search leads to the companies that sell it."""

    words: tuple[str, ...] = Field(min_length=1)
    carriers: tuple[Slug, ...] = Field(default=(), description="Companies named one by one.")
    products: tuple[Product, ...] = Field(
        default=(),
        description="Besides, all companies that sell one of these, are of these kinds and use one "
        "of these networks: those that match every list that is not empty.",
    )
    kinds: tuple[CarrierKind, ...] = ()
    networks: tuple[str, ...] = ()
    note: LocalizedText = Field(description="What the word means, and how to go on.")
    sources: Citations

    @model_validator(mode="after")
    def _is_sold(self) -> Self:
        if not (self.carriers or self.products or self.kinds or self.networks):
            raise ValueError("say who sells it: carriers, products, kinds or networks")
        return self


class Variant(CatalogueModel):
    """A part of what a company offers that goes its own way: an older network, plan or device."""

    words: tuple[str, ...] = Field(min_length=1)
    carrier: Slug = Field(description="The entry that tells how it ends, or comes closest.")
    of: Slug | None = Field(
        default=None,
        description="The entry of the same name, where the variant has an entry of its own: who "
        "gives only the name can mean either.",
    )
    note: LocalizedText = Field(description="What applies to it, and what does not.")
    sources: Citations


class Shop(CatalogueModel):
    """Names of shops, and the companies that run them."""

    words: tuple[str, ...] = Field(min_length=1)
    carriers: tuple[Slug, ...] = Field(min_length=1)
    sources: Citations


class NotCovered(CatalogueModel):
    """Words for contracts that the catalogue does not cover, and where to turn instead."""

    kind: NotCoveredKind
    words: tuple[str, ...] = Field(min_length=1)
    note: LocalizedText


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
    products: tuple[SoldProduct, ...] = ()
    variants: tuple[Variant, ...] = ()
    shops: tuple[Shop, ...] = ()
    shop_words: tuple[str, ...] = Field(
        default=(), description="Words for a shop; the name of a company stands before them."
    )
    common_words: tuple[str, ...] = Field(
        default=(), description="Words in the names of many companies: alone they name none."
    )
    spellings: tuple[Annotated[tuple[str, ...], Field(min_length=2)], ...] = Field(
        default=(), description="Words that people write in another script than the name does."
    )
    not_covered: tuple[NotCovered, ...] = ()
    where_to_look: tuple[Whereabouts, ...] = ()
    sources: tuple[Source, ...] = ()
