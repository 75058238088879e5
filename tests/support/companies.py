"""Made-up companies and clues, for tests of the search and of the identification.

They have the structure of real ones: kana and Chinese characters, long vowels, simplified and
traditional characters, a brand whose old lines have an entry of their own, products that several
companies sell, shops, and brands without an entry.
"""

import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from app.catalogue.authoring.loader import Catalogue
from app.catalogue.codes import CarrierKind
from app.catalogue.identification import IdentificationDocument
from app.catalogue.records import CarrierView
from app.catalogue.search import names
from app.catalogue.search_index import SearchIndex
from tests.support import builders
from tests.support.builders import Content, text

XMAX_SELLERS: Final = ("hoshi-xmax", "kaze-xmax")
ROUTER_SELLERS: Final = ("harbour-wifi", "kumotel")
"""The sellers of the product "Router WiFi": one of the right kind of product, one by name."""


def _company(
    name: tuple[str, ...], *aliases: str, products: tuple[str, ...] = ("physical_sim",), **more: str
) -> Content:
    fields = {"aliases": list(aliases), "products": list(products), "operator": None, **more}
    applies_to = {"products": list(products[:1]), "contracts": ["postpaid"]}
    return {
        "carrier": builders.carrier(name=text(*name), **fields),
        "cancel": builders.procedure(applies_to=applies_to),
    }


def carriers() -> dict[str, dict[str, Content]]:
    """Return the files of the companies."""
    found = {
        # A name in Chinese characters and katakana; in Chinese it is written with others.
        "midorikawa-mobile": _company(
            ("Midorikawa Mobile", "緑川モバイル", "绿川移动"),
            "Midorikawa",
            "みどりかわモバイル",
            "綠川移動",
            operator="Midorikawa Tsushin, Inc.",
        ),
        "midorikawa-old-lines": _company(
            ("Midorikawa Mobile (Hoshi lines)", "緑川モバイル（ホシ回線）", "绿川移动（星线路）")
        ),
        "midorikawa-turbo": _company(
            ("Midorikawa Turbo", "緑川ターボ", "绿川Turbo"), products=("home_router",)
        ),
        # Operators whose names are also those of their networks.
        "hoshi": _company(("Hoshi", "ホシ", "星电"), "Hoshi Telecom", kind="mno"),
        "kumotel": _company(("KumoTel", "クモテル", "云电"), "雲電", kind="mno"),
        # A brand on the network of Hoshi.
        "tsukimio": _company(("tsukimio", "ツキミオ", "tsukimio"), "IIKmio"),
        "harbour-wifi": _company(
            ("Harbour WiFi", "ハーバーWiFi", "港湾WiFi"),
            products=("pocket_wifi",),
            kind="pocket_wifi_rental",
        ),
        "hoshi-xmax": _company(
            ("Hoshi XMax", "ホシ XMax", "Hoshi XMax"), products=("home_router",)
        ),
        "kaze-xmax": _company(("Kaze XMax", "カゼ XMax", "Kaze XMax"), products=("home_router",)),
        "kaze-mobile": _company(("Kaze Mobile", "カゼモバイル", "Kaze Mobile"), "Kaze", "Next"),
        # A company that covers its fibre lines too.
        "sakura-net": _company(
            ("Sakura Net", "サクラネット", "樱网"), "Sakura Fiber", "Hoshi Store Net"
        ),
        "generic": _company(
            ("Any company", "どの会社でも", "任何公司"),
            "Unlimited SIM",
            products=("physical_sim", "pocket_wifi"),
            kind="generic",
        ),
    }
    for xmax in XMAX_SELLERS:
        found[xmax]["carrier"]["networks"] = ["XMax"]
    return found


def _row(**fields: object) -> Content:
    return {"sources": ["I1"], **fields}


_NOTE: Final = text("What to know", "注意", "须知")


def _identification() -> Content:
    return {
        "countries": {
            "JP": text("Japan", "日本", "日本"),
            "HK": text("Hong Kong", "香港", "香港"),
            "ZZ": text("no country", "国なし", "无国家"),
        },
        "iccid_prefixes": [
            _row(
                prefix="898110",
                issuer="Hoshi",
                country="JP",
                carriers=["hoshi", "tsukimio"],
                brand="low",
            ),
            _row(prefix="8985207", issuer="Minato Hong Kong", country="HK", brand="medium"),
        ],
        "sim_networks": [
            _row(
                code="440-10",
                operator="Hoshi",
                country="JP",
                seen_as=["HOSHI TELECOM"],
                carriers=["hoshi"],
                confidence="high",
            ),
            _row(
                code="440-20",
                operator="KumoTel",
                country="JP",
                seen_as=["KumoTel"],
                carriers=["kumotel"],
                confidence="high",
            ),
            _row(
                code="454-06",
                operator="ToneSmart (Minato) / Sim3Go, and many more",
                country="HK",
                confidence="medium",
            ),
        ],
        "access_points": [
            _point("tsukimio-h.example", _brand("tsukimio", "tsukimio")),
            # Two brands, told apart by the user names that their customers share.
            _point(
                "shared.example",
                _brand("KumoTel", "kumotel", username="kt"),
                _brand("Kaze Mobile", "kaze-mobile", username="kz"),
                _brand("Hoshi", "hoshi", old=True),
            ),
            _point(
                "shared-v6.example",
                _brand("KumoTel", "kumotel", username="kt"),
                _brand("Kaze Mobile", "kaze-mobile", unconfirmed=True),
            ),
            _point(
                "mode.example",
                _brand("Hoshi (mode)", "hoshi"),
                _brand("Kaze Mobile", "kaze-mobile", unconfirmed=True),
                confidence="medium",
            ),
            _point("old-lines.example", _brand("Midorikawa", "midorikawa-old-lines")),
            _point(
                "lookout.example",
                _brand("Lookout Mobile", None),
                _brand("Kaze Mobile", None),
                _brand("Rumour Mobile", None, unconfirmed=True),
                confidence="low",
            ),
        ],
        "esim_servers": [
            _row(host="*.profiles.example", platform="Profile House", brand="Tabi eSIM")
        ],
        "product_words": [
            _words("Hoshi Visitor SIM", company="Hoshi", carriers=["hoshi"], confidence="high"),
            _words(
                "Visitor SIM",
                company="Hoshi or Kaze",
                carriers=["hoshi", "kaze-mobile"],
                confidence="medium",
            ),
            _words(
                "Nexta Mobile",
                "ネクスタモバイル",
                company="Nexta, Inc.",
                confidence="high",
                note=_NOTE,
            ),
            _words("Kaze Air", company="Kaze", carriers=["kaze-mobile"], confidence="low"),
            _words("Welcome gift", company="Kaze", carriers=["kaze-mobile"], confidence=None),
            _words("Unlimited data", "无限流量", company=None, confidence=None),
        ],
        "network_names": ["Hoshi", "ホシ", "KumoTel", "クモテル"],
        "eid_prefixes": ["8904903"],
        "products": [
            _row(words=["XMax", "エックスマックス", "XMax +5G"], networks=["XMax"], note=_NOTE),
            _row(
                words=["Router WiFi", "ルーターWiFi", "随身WiFi"],
                carriers=["kumotel"],
                products=["pocket_wifi"],
                note=_NOTE,
            ),
            _row(
                words=["Budget SIM", "格安SIM"],
                kinds=["mvno"],
                products=["physical_sim"],
                note=_NOTE,
            ),
        ],
        "variants": [
            _row(
                words=["Midorikawa Hoshi lines", "スーパー定額", "Super Teigaku"],
                carrier="midorikawa-old-lines",
                of="midorikawa-mobile",
                note=_NOTE,
            ),
            _row(words=["tsukimio1.0", "Old Moon"], carrier="tsukimio", note=_NOTE),
        ],
        "shops": [_row(words=["Kaze Spot", "カゼスポット"], carriers=["kaze-mobile", "kaze-xmax"])],
        "shop_words": ["ショップ", "shop", "store", "门店", "营业厅"],
        "common_words": [
            *("SIM", "カード", "mobile", "モバイル", "移动", "WiFi", "Japan", "日本", "unlimited"),
            *("无限", "data", "流量", "卡"),
        ],
        "spellings": [["mobile", "モバイル"], ["WiFi", "ワイファイ"], ["XMax", "エックスマックス"]],
        "not_covered": [
            {
                "kind": "fixed_internet",
                "words": ["光", "ひかり", "光回線", "hikari", "光纤", "fiber"],
                "note": _NOTE,
            }
        ],
        "where_to_look": [
            {"clue": clue, "where": text(f"Look for the {clue}")}
            for clue in (
                *("words", "apn", "apn_username", "sim_network", "iccid_prefix", "smdp_host"),
            )
        ],
        "sources": [builders.source(id="I1")],
    }


def _brand(name: str, carrier: str | None, **more: object) -> Content:
    return {"name": name, "carrier": carrier, **more}


def _point(apn: str, *brands: Content, confidence: str = "high") -> Content:
    return _row(apn=apn, country="JP", confidence=confidence, brands=list(brands))


def _words(*listed: str, **fields: object) -> Content:
    return _row(words=list(listed), **fields)


def write(folder: Path) -> Path:
    """Write the companies and the clues into a folder, as a catalogue."""
    return builders.write(folder, carriers(), identification=_identification())


@cache
def catalogue() -> Catalogue:
    """Return the companies and the clues as a catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        return builders.read(write(Path(folder)))


def identification() -> IdentificationDocument:
    """Return the clues."""
    return catalogue().identification.document


@cache
def index() -> SearchIndex:
    """Return the search index over the companies."""
    return index_of(catalogue())


def index_of(catalogue: Catalogue) -> SearchIndex:
    """Return the search index over a catalogue, as the service makes it for an edition."""
    views = {
        slug: CarrierView(number, slug, files.carrier.document.kind, files.carrier.document)
        for number, (slug, files) in enumerate(catalogue.carriers.items())
    }
    by_name: dict[str, list[str]] = {}
    for slug, view in views.items():
        if view.kind is not CarrierKind.GENERIC:
            for name in names(slug, view.document):
                by_name.setdefault(name, []).append(slug)
    return SearchIndex.of(catalogue.identification.document, views, by_name)
