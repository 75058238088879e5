"""Clues to the company behind a SIM: the file format of identification.yaml."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.catalogue.codes import CarrierKind, Clue, Confidence, NotCoveredKind, Product
from app.catalogue.documents import Slug, Source
from app.catalogue.parts import CatalogueModel, Citations
from app.i18n import LocalizedText

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2, or ZZ for numbers that belong to no country."""


class IssuerPrefix(CatalogueModel):
    """The first digits of an ICCID and the operator they are assigned to (ITU-T E.118)."""

    prefix: Annotated[str, Field(pattern=r"^89\d{4,5}$")]
    issuer: str
    country: Country
    carriers: tuple[Slug, ...] = Field(
        default=(), description="Brands that can use such a SIM. Not necessarily complete."
    )
    brand: Confidence = Field(description="How reliably the prefix alone identifies the brand.")
    note: LocalizedText | None = None
    sources: Citations


class SimNetwork(CatalogueModel):
    """A network code (MCC-MNC, ITU-T E.212) and its operator."""

    code: Annotated[str, Field(pattern=r"^\d{3}-\d{2,3}$")]
    operator: str
    country: Country
    seen_as: tuple[str, ...] = Field(default=(), description="Names that phones show for it.")
    carriers: tuple[Slug, ...] = ()
    confidence: Confidence
    note: LocalizedText | None = None
    sources: Citations


class AccessPointBrand(CatalogueModel):
    """A brand whose customers use an access point."""

    name: str
    carrier: Slug | None = None
    username: str | None = Field(
        default=None, description="The user name that all its customers use."
    )
    old: bool = Field(default=False, description="Found only in older data.")
    unconfirmed: bool = Field(
        default=False, description="Possibly used by this brand, but no data confirms it."
    )


class AccessPoint(CatalogueModel):
    """An access point name and the brands that use it."""

    apn: str
    country: Country
    brands: tuple[AccessPointBrand, ...] = Field(min_length=1)
    confidence: Confidence
    sources: Citations


class EsimServer(CatalogueModel):
    """The operator of a server that eSIMs are downloaded from (SM-DP+).

    `host` may begin with the wildcard `*.`.
    """

    host: str
    platform: str
    brand: str | None = Field(default=None, description="The brand that the host name suggests.")
    sources: Citations


class ProductWords(CatalogueModel):
    """Words on a package or an order, and the company whose product they name."""

    words: tuple[str, ...] = Field(min_length=1)
    company: str | None = Field(description="Null for advertising words that identify no company.")
    carriers: tuple[Slug, ...] = ()
    confidence: Confidence | None = Field(
        description="How reliably they identify it. Null if they do not."
    )
    note: LocalizedText | None = Field(
        default=None, description="What is known about a company that is not in the catalogue."
    )
    sources: Citations


class SoldProduct(CatalogueModel):
    """Names for a kind of product. The search returns the companies that sell it."""

    words: tuple[str, ...] = Field(min_length=1)
    carriers: tuple[Slug, ...] = Field(default=(), description="Companies listed by id.")
    products: tuple[Product, ...] = Field(
        default=(),
        description="In addition to `carriers`, all companies that match every non-empty list of "
        "`products`, `kinds` and `networks`.",
    )
    kinds: tuple[CarrierKind, ...] = ()
    networks: tuple[str, ...] = ()
    note: LocalizedText = Field(description="What the word means, and what to do next.")
    sources: Citations

    @model_validator(mode="after")
    def _is_sold(self) -> Self:
        if not (self.carriers or self.products or self.kinds or self.networks):
            raise ValueError("give at least one of: carriers, products, kinds, networks")
        return self


class Variant(CatalogueModel):
    """An offer with procedures of its own, such as an older network, plan or device."""

    words: tuple[str, ...] = Field(min_length=1)
    carrier: Slug = Field(description="The entry with its procedures, or the closest one.")
    of: Slug | None = Field(
        default=None,
        description="The main entry of the same name, if the variant has an entry of its own. The "
        "name alone can mean either.",
    )
    note: LocalizedText = Field(description="Which information applies to it, and which not.")
    sources: Citations


class Shop(CatalogueModel):
    """Names of shops, and the companies that run them."""

    words: tuple[str, ...] = Field(min_length=1)
    carriers: tuple[Slug, ...] = Field(min_length=1)
    sources: Citations


class NotCovered(CatalogueModel):
    """Words for a kind of contract that is not covered, and where to get help instead."""

    kind: NotCoveredKind
    words: tuple[str, ...] = Field(min_length=1)
    note: LocalizedText


class Whereabouts(CatalogueModel):
    """Where to find a clue on the phone or the order."""

    clue: Clue
    where: LocalizedText


class IdentificationDocument(CatalogueModel):
    """Clues on a phone or an order, and the companies that they identify."""

    countries: dict[Country, LocalizedText] = Field(default_factory=dict)
    iccid_prefixes: tuple[IssuerPrefix, ...] = ()
    sim_networks: tuple[SimNetwork, ...] = ()
    access_points: tuple[AccessPoint, ...] = ()
    esim_servers: tuple[EsimServer, ...] = ()
    product_words: tuple[ProductWords, ...] = ()
    network_names: tuple[str, ...] = Field(
        default=(),
        description="Operator names that sellers also use for the network. Among other words, they "
        "identify no company.",
    )
    eid_prefixes: tuple[Annotated[str, Field(pattern=r"^89\d{5}$")], ...] = Field(
        default=(),
        description="First digits of EIDs of phones, which people often mistake for ICCIDs.",
    )
    products: tuple[SoldProduct, ...] = ()
    variants: tuple[Variant, ...] = ()
    shops: tuple[Shop, ...] = ()
    shop_words: tuple[str, ...] = Field(
        default=(), description="Words for a shop that follow the name of a company."
    )
    common_words: tuple[str, ...] = Field(
        default=(), description="Words in the names of many companies. Alone, they identify none."
    )
    spellings: tuple[Annotated[tuple[str, ...], Field(min_length=2)], ...] = Field(
        default=(), description="Lists of spellings of one word in different scripts."
    )
    not_covered: tuple[NotCovered, ...] = ()
    where_to_look: tuple[Whereabouts, ...] = ()
    sources: tuple[Source, ...] = ()
