"""Searches that people make, with the companies that the project's own catalogue must find."""

from functools import cache
from typing import Any, Final

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.search import fold
from app.catalogue.search_index import SearchIndex
from app.i18n import LANGUAGES
from tests.support import companies, search_checks
from tests.support.own_catalogue import own_catalogue
from tests.support.requests import get

pytestmark = pytest.mark.own_catalogue

OLD_RAKUTEN: Final = "rakuten-mobile-mvno"

FIRST: Final = {
    "GSモバイル": "gs-mobile",
    "HISモバイル": "his-mobile",
    "Global ワイファイ": "global-wifi",
}
"""The company that comes first."""

SHOPS: Final = {
    "ドコモショップ": {"ntt-docomo"},
    "docomo shop": {"ntt-docomo"},
    "auショップ": {"au"},
    "ソフトバンクショップ": {"softbank"},
    "softbank store": {"softbank"},
    "ワイモバイルショップ 新宿": {"ymobile"},
    "楽天モバイルショップ": {"rakuten-mobile"},
    "mineoショップ": {"mineo"},
    "都科摩门店": {"ntt-docomo"},
    "软银营业厅": {"softbank"},
    "au Style": {"au"},
    "UQスポット": {"uq-mobile", "uq-wimax"},
}
"""The operators that are found for sure, and no other company."""

WIMAX: Final = {
    "uq-wimax",
    "biglobe-wimax",
    "broad-wimax",
    "gmo-tokutoku-bb-wimax",
    "kashimo-wimax",
}
POCKET_WIFI: Final = {"ninja-wifi", "ymobile", "uq-wimax"}
HOME_ROUTER: Final = {"softbank-air", "docomo-home-5g", "rakuten-turbo"}

PRODUCTS: Final = {
    "WiMAX": WIMAX,
    "ワイマックス": WIMAX,
    "wimax +5g": WIMAX,
    "ポケットWiFi": POCKET_WIFI,
    "pocket wi-fi": POCKET_WIFI,
    "随身wifi": POCKET_WIFI,
    "モバイルルーター": {"uq-wimax"},
    "置くだけWiFi": HOME_ROUTER,
    "ホームルーター": HOME_ROUTER,
    "家用路由器": HOME_ROUTER,
    "格安SIM": {"mineo", "iijmio"},
    "travel eSIM": {"airalo", "ubigi"},
    "儿童手机": {"softbank", "ntt-docomo", "au"},
}
"""Some of the sellers, found by the product."""

VARIANTS: Final = {
    "スーパーホーダイ": OLD_RAKUTEN,
    "super hodai": OLD_RAKUTEN,
    "povo1.0": "povo2",
    "povo 1.0": "povo2",
    "みまもりケータイ": "softbank",
    "キッズフォン": "softbank",
    "キッズケータイ": "ntt-docomo",
    "イー・モバイル": "ymobile",
    "UQ WiMAX 2+": "uq-wimax",
    "Rakuten WiFi Pocket": "rakuten-mobile",
}
"""The company whose entry applies, for sure and with a note."""

WEAK: Final = {"Gigago": "gigagori-wifi", "turbo": "rakuten-turbo", "docomo 解約": "ntt-docomo"}
"""The only company found, weakly."""

PRODUCTS_AMONG_WORDS: Final = [
    "pocket wifi japan",
    "日本 随身WiFi",
    "ポケットWiFi 解約",
    "WiMAX 解約",
]

NOT_COVERED: Final = [
    "SoftBank 光",
    "ソフトバンク光",
    "NURO光",
    "auひかり",
    "フレッツ",
    "docomo hikari",
    "光纤",
    "光回線",
]

NOTHING: Final = ["zzzz", "何もない", "SIMカード", "%"]

WRONG: Final = {
    "NEXT mobile": "rakuten-mobile",
    "EMOBILE": "biglobe-mobile",
    "Nippon SIM": "japan-communications",
    "SIMカード": "hanacell",
    "obile": "rakuten-mobile",
    "kuten": "rakuten-mobile",
    "通信": "japan-communications",
    "バンク": "softbank",
    "ine": "mineo",
    "next sim": "iijmio",
}
"""A company that must not be found: the query is inside a word, or crosses two names."""

BRANDS: Final = {
    "NEXT mobile": "NEXT mobile",
    "ネクストモバイル": "NEXT mobile",
    "Vision WiMAX": "Vision WiMAX",
    "LINEモバイル": "LINE Mobile",
    "SmarTone": "SmarTone",
    "SIM2Fly": "SIM2Fly",
    "Taiwan Mobile": "Taiwan Mobile",
}
"""The brand without an entry that is named."""

CLOSEST: Final = {
    "rakuten": "rakuten-mobile",
    "rakutn": "rakuten-mobile",
    "Rakuten-Mobile": "rakuten-mobile",
    "楽天モバイル": "rakuten-mobile",
    "らくてんモバイル": "rakuten-mobile",
    "乐天移动": "rakuten-mobile",
    "グロ-バルWiFi": "global-wifi",
    "soft-bank": "softbank",
    "dokomo": "ntt-docomo",
    "genric": "generic",
    "super-hodai": OLD_RAKUTEN,
    "zzzz": None,
    "x": None,
}
"""The id that the 404 of an unknown id names."""


@cache
def index() -> SearchIndex:
    """Return the search index over the project's own catalogue."""
    return companies.index_of(own_catalogue())


def search(own: httpx.Client, query: str, **parameters: str) -> dict[str, Any]:
    return get(own, "/v1/carriers", q=query, **parameters)


def sure_slugs(body: dict[str, Any]) -> set[str]:
    return {item["id"] for item in body["items"] if not item["match"]["weak"]}


def match_kinds(body: dict[str, Any]) -> set[str]:
    return {item["match"]["kind"] for item in body["items"]}


@given(st.data())
def test_a_dash_for_a_long_vowel_changes_nothing(data: st.DataObject) -> None:
    """A name with dashes instead of long-vowel marks folds to the same text."""
    name = data.draw(st.sampled_from(search_checks.names_with_long_vowels(index())))
    dash = data.draw(st.sampled_from(search_checks.DASHES))

    assert fold(search_checks.with_dashes(name, dash)) == fold(name)


@given(st.data())
def test_each_name_finds_its_company_first(data: st.DataObject) -> None:
    """A name finds its company before every company without that name."""
    every_name = search_checks.company_names(index())

    search_checks.check_found_by_name(index(), data.draw(st.sampled_from(every_name)))


@given(st.data())
def test_no_latin_word_is_found_by_its_inside(data: st.DataObject) -> None:
    """Letters from the inside of a Latin word find no company by name."""
    word = data.draw(st.sampled_from(search_checks.latin_words(index())))
    start = data.draw(st.integers(1, len(word) - 2))
    query = word[start : data.draw(st.integers(start + 2, len(word)))]

    search_checks.check_found_at_word_beginnings(index(), query)


@pytest.mark.parametrize("dash", search_checks.DASHES)
def test_a_name_typed_with_a_dash_is_found(own: httpx.Client, dash: str) -> None:
    """Any dash is read as the long-vowel mark after kana."""
    assert search(own, f"グロ{dash}バルWiFi")["items"][0]["id"] == "global-wifi"


@pytest.mark.parametrize(("query", "slug"), FIRST.items())
def test_a_common_word_is_read_in_another_script(own: httpx.Client, query: str, slug: str) -> None:
    """A name is found with a common word in another script."""
    assert search(own, query)["items"][0]["id"] == slug


@pytest.mark.parametrize(("query", "operators"), SHOPS.items())
def test_a_shop_finds_its_operator(own: httpx.Client, query: str, operators: set[str]) -> None:
    """A shop finds its operators for sure, and no other company."""
    body = search(own, query)

    assert sure_slugs(body) == operators
    assert match_kinds(body) == {"shop"}
    assert body["help"] is None


@pytest.mark.parametrize(("query", "sellers"), PRODUCTS.items())
def test_a_product_finds_its_sellers(own: httpx.Client, query: str, sellers: set[str]) -> None:
    """The sellers are among the hits, found by the product."""
    body = search(own, query, limit="200")

    kinds = {item["id"]: item["match"]["kind"] for item in body["items"]}
    assert sellers <= kinds.keys()
    assert {kinds[slug] for slug in sellers} == {"product"}


@pytest.mark.parametrize("query", PRODUCTS_AMONG_WORDS)
def test_a_product_among_other_words_is_weak(own: httpx.Client, query: str) -> None:
    """A product that is only a part of the query gives weak matches and a hint."""
    body = search(own, query)

    assert {(item["match"]["kind"], item["match"]["weak"]) for item in body["items"]} == {
        ("product", True)
    }
    assert body["help"]["hint"]


@pytest.mark.parametrize(("query", "slug"), VARIANTS.items())
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_variant_is_found_by_its_name(
    own: httpx.Client, query: str, slug: str, language: str
) -> None:
    """A variant finds the company whose entry applies to it, with a note."""
    best = search(own, query, lang=language)["items"][0]

    assert (best["id"], best["match"]["kind"], best["match"]["weak"]) == (slug, "variant", False)
    assert best["match"]["note"]


@pytest.mark.parametrize(("query", "slug"), WEAK.items())
def test_a_partial_match_is_weak(own: httpx.Client, query: str, slug: str) -> None:
    """A single company is found weakly, with a hint."""
    body = search(own, query)

    assert [(item["id"], item["match"]["weak"]) for item in body["items"]] == [(slug, True)]
    assert body["help"]["hint"]


@pytest.mark.parametrize("query", NOT_COVERED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contract_not_covered_is_named(own: httpx.Client, query: str, language: str) -> None:
    """A fibre line finds no company for sure, but a note on where to turn."""
    body = search(own, query, lang=language)

    assert sure_slugs(body) == set()
    assert [each["kind"] for each in body["help"]["not_covered"]] == ["fixed_internet"]
    assert body["help"]["not_covered"][0]["note"]


def test_a_company_that_covers_its_fibre_is_found(own: httpx.Client) -> None:
    """Sakura Fiber is a name of Sakura Mobile, whose entry covers it."""
    body = search(own, "Sakura Fiber")

    assert sure_slugs(body) == {"sakura-mobile"}
    assert body["help"] is None


@pytest.mark.parametrize("query", NOTHING)
def test_nothing_is_found_for_words_of_no_company(own: httpx.Client, query: str) -> None:
    """The list is empty, and `help` says how to go on."""
    body = search(own, query)

    assert body["items"] == []
    assert body["help"]["identify"] == "/v1/identify"
    assert body["help"]["guide"] == "/v1/guide?carrier=generic"
    assert body["help"]["hint"]


@pytest.mark.parametrize(("query", "slug"), WRONG.items())
def test_nothing_is_found_inside_or_across_names(own: httpx.Client, query: str, slug: str) -> None:
    """A query matches no part of a word, and no words of two different names."""
    assert slug not in {item["id"] for item in search(own, query)["items"]}


@pytest.mark.parametrize(("query", "name"), BRANDS.items())
def test_a_brand_of_the_clues_is_found(own: httpx.Client, query: str, name: str) -> None:
    """A brand without an entry is named, with a note."""
    body = search(own, query)

    assert name in {each["name"] for each in body["brands"] if not each["weak"]}
    assert body["brands"][0]["note"]


def test_filters_and_search_combine(own: httpx.Client) -> None:
    """Of the sellers of pocket WiFi, the filter leaves the rental firms, such as Ninja WiFi."""
    rental = search(own, "pocket wifi", kind="pocket_wifi_rental", limit="200")["items"]

    assert {item["kind"] for item in rental} == {"pocket_wifi_rental"}
    assert "ninja-wifi" in {item["id"] for item in rental}


def test_a_list_emptied_by_filters_has_help(own: httpx.Client) -> None:
    """Mineo sells no travel eSIM: the filtered list is empty and has a hint."""
    body = search(own, "mineo", kind="travel_esim")

    assert body["items"] == []
    assert body["help"]["hint"]


@pytest.mark.parametrize(("unknown", "closest"), CLOSEST.items())
def test_an_unknown_id_names_the_closest(
    own: httpx.Client, unknown: str, closest: str | None
) -> None:
    """A 404 for a carrier has in `closest` what a search for the id finds, or a similar id."""
    answer = own.get(f"/v1/carriers/{unknown}")

    assert (answer.status_code, answer.json().get("closest")) == (404, closest)


@pytest.mark.parametrize(
    ("unknown", "closest"),
    [
        ("cancel-online", "cancel-online-or-app"),
        ("ONLINE", "cancel-online-or-app"),
        ("cancel-online-or-ap", "cancel-online-or-app"),
        ("zzzz", None),
    ],
)
def test_an_unknown_procedure_names_the_closest(
    own: httpx.Client, unknown: str, closest: str | None
) -> None:
    """A 404 for a procedure of Rakuten Mobile has the most similar id in `closest`."""
    answer = own.get(f"/v1/carriers/rakuten-mobile/procedures/{unknown}")

    assert (answer.status_code, answer.json().get("closest")) == (404, closest)
