"""A company is found by any of its names, however its long vowels are typed."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue.authoring.checks.run import check
from app.catalogue.authoring.loader import Catalogue
from app.catalogue.codes import CarrierKind, MatchKind
from app.catalogue.records import CarrierView
from app.catalogue.search import Words, fold
from app.catalogue.search import names as folded_names
from app.catalogue.search_index import SearchIndex
from app.settings import ROOT
from tests.support.builders import TODAY

pytestmark = pytest.mark.own_catalogue

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\uff70\u301c\uff5e~"


@lru_cache
def own() -> Catalogue:
    """Return the project's own catalogue."""
    catalogue, _ = check(ROOT / "catalogue", TODAY)
    assert catalogue is not None
    return catalogue


@lru_cache
def index() -> SearchIndex:
    """Return the search index of the project's own catalogue."""
    carriers = {
        slug: CarrierView(number, slug, files.carrier.document.kind, files.carrier.document)
        for number, (slug, files) in enumerate(own().carriers.items())
    }
    by_name: dict[str, list[str]] = {}
    for slug, carrier in carriers.items():
        if carrier.kind is not CarrierKind.GENERIC:
            for name in folded_names(slug, carrier.document):
                by_name.setdefault(name, []).append(slug)
    return SearchIndex.of(own().identification.document, carriers, by_name)


def search(own: httpx.Client, q: str, **parameters: str) -> dict[str, Any]:
    answer = own.get("/v1/carriers", params={"q": q, **parameters})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def strong(body: dict[str, Any]) -> set[str]:
    return {item["id"] for item in body["items"] if not item["match"]["weak"]}


@lru_cache
def names() -> list[str]:
    """Return every name of the project's own catalogue that has a long vowel."""
    catalogue = own()
    documents = [files.carrier.document for files in catalogue.carriers.values()]
    everything = {
        name
        for document in documents
        for name in (*document.name.values(), *document.aliases, document.operator or "")
    }
    return sorted(name for name in everything if re.search(r"ー(?![a-zA-Z0-9])", name))


@given(st.data())
@settings(deadline=None)  # the first example reads the catalogue
def test_a_dash_for_a_long_vowel_changes_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names()))
    dash = data.draw(st.sampled_from(DASHES))

    assert fold(re.sub(r"ー(?![a-zA-Z0-9])", dash, name)) == fold(name)


@pytest.mark.parametrize("dash", DASHES)
def test_a_name_typed_with_a_dash_is_found(own: httpx.Client, dash: str) -> None:
    found = own.get("/v1/carriers", params={"q": f"グロ{dash}バルWiFi"}).json()["items"]

    assert found[0]["id"] == "global-wifi"


@pytest.mark.parametrize(
    ("query", "folded"),
    [
        ("b-mobile", "bmobile"),
        ("Wi-Fi", "wifi"),
        ("レンタル-WiFi", "れんたるwifi"),
        ("楽天-モバイル", "楽天もばいる"),
        ("ルータ-", "るーたー"),
        ("ルータ\uff0d", "るーたー"),
        ("ワイモバイル - 解約", "わいもばいる解約"),
        ("グロ--バル", "ぐろーばる"),
    ],
)
def test_a_dash_elsewhere_separates(query: str, folded: str) -> None:
    assert fold(query) == folded


@pytest.mark.parametrize(
    ("wanted", "closest"),
    [
        ("rakuten", "rakuten-mobile"),
        ("rakutn", "rakuten-mobile"),
        ("Rakuten-Mobile", "rakuten-mobile"),
        ("楽天モバイル", "rakuten-mobile"),
        ("らくてんモバイル", "rakuten-mobile"),
        ("乐天移动", "rakuten-mobile"),
        ("グロ-バルWiFi", "global-wifi"),
        ("soft-bank", "softbank"),
        ("dokomo", "ntt-docomo"),
        ("genric", "generic"),
        ("super-hodai", "rakuten-mobile-mvno"),
        ("zzzz", None),
        ("x", None),
    ],
)
def test_an_unknown_id_leads_to_what_the_search_finds(
    own: httpx.Client, wanted: str, closest: str | None
) -> None:
    answer = own.get(f"/v1/carriers/{wanted}")

    assert (answer.status_code, answer.json().get("closest")) == (404, closest)


@pytest.mark.parametrize(
    ("wanted", "closest"),
    [
        ("cancel-online", "cancel-online-or-app"),
        ("ONLINE", "cancel-online-or-app"),
        ("cancel-online-or-ap", "cancel-online-or-app"),
        ("zzzz", None),
    ],
)
def test_an_unknown_procedure_leads_to_the_nearest(
    own: httpx.Client, wanted: str, closest: str | None
) -> None:
    answer = own.get(f"/v1/carriers/rakuten-mobile/procedures/{wanted}")

    assert (answer.status_code, answer.json().get("closest")) == (404, closest)


# Where words begin


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("LinksMate", ["links", "mate"]),
        ("IIJmio", ["iij", "mio"]),
        ("povo2.0", ["povo", "2", "0"]),
        ("楽天モバイル", ["楽天", "もばいる"]),
        ("ソフトバンク光", ["そふとばんく", "光"]),
        ("SIMカード", ["sim", "かーど"]),
        ("BIGLOBE Mobile", ["biglobe", "mobile"]),
        ("日本通信", ["日本通信"]),
        ("どんなときもWiFi", ["どんなときも", "wi", "fi"]),
    ],
)
def test_words_end_at_spaces_scripts_cases_and_digits(text: str, parts: list[str]) -> None:
    named = Words.of(text)
    borders = [*sorted(named.starts), len(named.folded)]

    assert [named.folded[a:b] for a, b in pairwise(borders)] == parts


@given(st.text())
def test_words_begin_inside_the_folded_text(text: str) -> None:
    named = Words.of(text)

    assert named.folded == fold(text)
    assert len(named.scripts) == len(named.folded)
    assert all(0 <= start < len(named.folded) for start in named.starts)
    assert not named.folded or 0 in named.starts


# What is found, and what is not


@given(st.data())
def test_each_name_finds_its_company_before_all_without_that_name(data: st.DataObject) -> None:
    slug = data.draw(st.sampled_from(sorted(index().carriers)))
    document = index().carriers[slug].document
    everything = [*document.name.values(), *document.aliases]
    name = data.draw(st.sampled_from([each for each in everything if fold(each)]))

    ranked = index().search(name).carriers

    best = [each.carrier.slug for each in ranked if each.rank == ranked[0].rank]
    assert slug in best
    assert all(not each.match.weak for each in ranked[:1] if each.match)


@given(st.data())
def test_no_company_is_found_by_the_inside_of_a_latin_word(data: st.DataObject) -> None:
    slug = data.draw(st.sampled_from(sorted(index().carriers)))
    document = index().carriers[slug].document
    words = re.findall(r"[A-Z]?[a-z]{4,}", " ".join([*document.name.values(), *document.aliases]))
    if not words:
        return
    word = data.draw(st.sampled_from(sorted(set(words)))).lower()
    start = data.draw(st.integers(1, len(word) - 2))
    query = word[start : data.draw(st.integers(start + 2, len(word)))]

    for each in index().search(query).carriers:
        assert each.match is not None
        if each.match.kind in {MatchKind.NAME, MatchKind.ALIAS, MatchKind.OPERATOR}:
            named = Words.of(each.match.text)
            assert any(named.begins(position) for position in named.positions(query))


@pytest.mark.parametrize(
    ("q", "wrong"),
    [
        ("NEXT mobile", "rakuten-mobile"),
        ("EMOBILE", "biglobe-mobile"),
        ("Nippon SIM", "japan-communications"),
        ("SIMカード", "hanacell"),
        ("obile", "rakuten-mobile"),
        ("kuten", "rakuten-mobile"),
        ("通信", "japan-communications"),
        ("バンク", "softbank"),
        ("ine", "mineo"),
        ("next sim", "iijmio"),
    ],
)
def test_nothing_is_found_inside_a_word_or_across_names(
    own: httpx.Client, q: str, wrong: str
) -> None:
    assert wrong not in {item["id"] for item in search(own, q)["items"]}


@pytest.mark.parametrize(
    ("q", "slug"),
    [("Gigago", "gigagori-wifi"), ("turbo", "rakuten-turbo"), ("docomo 解約", "ntt-docomo")],
)
def test_what_can_mean_another_company_is_weak_and_says_how_to_go_on(
    own: httpx.Client, q: str, slug: str
) -> None:
    body = search(own, q)

    assert [(item["id"], item["match"]["weak"]) for item in body["items"]] == [(slug, True)]
    assert body["help"]["hint"]


@pytest.mark.parametrize(
    ("q", "operators"),
    [
        ("ドコモショップ", {"ntt-docomo"}),
        ("docomo shop", {"ntt-docomo"}),
        ("auショップ", {"au"}),
        ("ソフトバンクショップ", {"softbank"}),
        ("softbank store", {"softbank"}),
        ("ワイモバイルショップ 新宿", {"ymobile"}),
        ("楽天モバイルショップ", {"rakuten-mobile"}),
        ("mineoショップ", {"mineo"}),
        ("都科摩门店", {"ntt-docomo"}),
        ("软银营业厅", {"softbank"}),
        ("au Style", {"au"}),
        ("UQスポット", {"uq-mobile", "uq-wimax"}),
    ],
)
def test_a_shop_leads_to_its_operator(own: httpx.Client, q: str, operators: set[str]) -> None:
    body = search(own, q)

    assert strong(body) == operators
    assert {item["match"]["kind"] for item in body["items"]} == {"shop"}
    assert body["help"] is None


WIMAX = {"uq-wimax", "biglobe-wimax", "broad-wimax", "gmo-tokutoku-bb-wimax", "kashimo-wimax"}


@pytest.mark.parametrize(
    ("q", "among"),
    [
        ("WiMAX", WIMAX),
        ("ワイマックス", WIMAX),
        ("wimax +5g", WIMAX),
        ("ポケットWiFi", {"ninja-wifi", "ymobile", "uq-wimax"}),
        ("pocket wi-fi", {"ninja-wifi", "ymobile", "uq-wimax"}),
        ("随身wifi", {"ninja-wifi", "ymobile", "uq-wimax"}),
        ("モバイルルーター", {"uq-wimax"}),
        ("置くだけWiFi", {"softbank-air", "docomo-home-5g", "rakuten-turbo"}),
        ("ホームルーター", {"softbank-air", "docomo-home-5g", "rakuten-turbo"}),
        ("家用路由器", {"softbank-air", "docomo-home-5g", "rakuten-turbo"}),
        ("格安SIM", {"mineo", "iijmio"}),
        ("travel eSIM", {"airalo", "ubigi"}),
        ("儿童手机", {"softbank", "ntt-docomo", "au"}),
    ],
)
def test_a_product_word_leads_to_who_sells_it(own: httpx.Client, q: str, among: set[str]) -> None:
    body = search(own, q, limit="200")

    kinds = {item["id"]: item["match"]["kind"] for item in body["items"]}
    assert among <= kinds.keys()
    assert {kinds[slug] for slug in among} == {"product"}


@pytest.mark.parametrize(
    ("q", "slug"),
    [
        ("スーパーホーダイ", "rakuten-mobile-mvno"),
        ("super hodai", "rakuten-mobile-mvno"),
        ("povo1.0", "povo2"),
        ("povo 1.0", "povo2"),
        ("みまもりケータイ", "softbank"),
        ("キッズフォン", "softbank"),
        ("キッズケータイ", "ntt-docomo"),
        ("イー・モバイル", "ymobile"),
        ("UQ WiMAX 2+", "uq-wimax"),
        ("Rakuten WiFi Pocket", "rakuten-mobile"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ja", "zh-Hans"])
def test_a_variant_is_found_by_its_name_and_says_what_applies(
    own: httpx.Client, q: str, slug: str, lang: str
) -> None:
    best = search(own, q, lang=lang)["items"][0]

    assert (best["id"], best["match"]["kind"], best["match"]["weak"]) == (slug, "variant", False)
    assert best["match"]["note"]


@pytest.mark.parametrize(
    "q",
    [
        "SoftBank 光",
        "ソフトバンク光",
        "NURO光",
        "auひかり",
        "フレッツ",
        "docomo hikari",
        "光纤",
        "光回線",
    ],
)
@pytest.mark.parametrize("lang", ["en", "ja", "zh-Hans"])
def test_what_is_not_covered_is_said(own: httpx.Client, q: str, lang: str) -> None:
    body = search(own, q, lang=lang)

    assert strong(body) == set()
    assert [each["kind"] for each in body["help"]["not_covered"]] == ["fixed_internet"]
    assert body["help"]["not_covered"][0]["note"]


@pytest.mark.parametrize(
    ("q", "slug"),
    [
        ("GSモバイル", "gs-mobile"),
        ("HISモバイル", "his-mobile"),
        ("Global ワイファイ", "global-wifi"),
    ],
)
def test_a_common_word_is_read_in_another_script(own: httpx.Client, q: str, slug: str) -> None:
    assert search(own, q)["items"][0]["id"] == slug


@pytest.mark.parametrize(
    "q", ["pocket wifi japan", "日本 随身WiFi", "ポケットWiFi 解約", "WiMAX 解約"]
)
def test_a_product_word_among_others_is_a_weak_hint(own: httpx.Client, q: str) -> None:
    body = search(own, q)

    assert {(item["match"]["kind"], item["match"]["weak"]) for item in body["items"]} == {
        ("product", True)
    }
    assert body["help"]["hint"]


def test_a_company_that_covers_its_fibre_is_found_without_a_warning(own: httpx.Client) -> None:
    body = search(own, "Sakura Fiber")

    assert strong(body) == {"sakura-mobile"}
    assert body["help"] is None


@pytest.mark.parametrize("q", ["zzzz", "何もない", "SIMカード", "%"])
def test_an_empty_list_says_what_to_do_next(own: httpx.Client, q: str) -> None:
    body = search(own, q)

    assert body["items"] == []
    assert body["help"]["identify"] == "/v1/identify"
    assert body["help"]["guide"] == "/v1/guide?carrier=generic"
    assert body["help"]["hint"]


def test_a_list_that_its_filters_empty_says_what_to_do_next(own: httpx.Client) -> None:
    body = search(own, "mineo", kind="travel_esim")

    assert body["items"] == []
    assert body["help"]["hint"]


@pytest.mark.parametrize(
    ("q", "brand"),
    [
        ("NEXT mobile", "NEXT mobile"),
        ("ネクストモバイル", "NEXT mobile"),
        ("Vision WiMAX", "Vision WiMAX"),
        ("LINEモバイル", "LINE Mobile"),
        ("SmarTone", "SmarTone"),
        ("SIM2Fly", "SIM2Fly"),
        ("Taiwan Mobile", "Taiwan Mobile"),
    ],
)
def test_brands_that_only_clues_know_are_found(own: httpx.Client, q: str, brand: str) -> None:
    body = search(own, q)

    assert brand in {each["name"] for each in body["brands"] if not each["weak"]}
    assert body["brands"][0]["note"]


def test_a_list_without_a_search_has_no_matches(own: httpx.Client) -> None:
    body = own.get("/v1/carriers", params={"limit": 3}).json()

    assert [item["match"] for item in body["items"]] == [None] * 3
    assert (body["brands"], body["help"]) == ([], None)


def test_pages_of_a_search_are_the_whole_search(own: httpx.Client) -> None:
    whole = [item["id"] for item in search(own, "随身WiFi", limit="200")["items"]]

    pages: list[str] = []
    url: str | None = "/v1/carriers?q=随身WiFi&limit=7&lang=ja"
    while url:
        body = own.get(url).json()
        pages += [item["id"] for item in body["items"]]
        url = body["next"]

    assert pages == whole


def test_filters_and_search_go_together(own: httpx.Client) -> None:
    rental = search(own, "pocket wifi", kind="pocket_wifi_rental", limit="200")["items"]

    assert {item["kind"] for item in rental} == {"pocket_wifi_rental"}
    assert "ninja-wifi" in {item["id"] for item in rental}
