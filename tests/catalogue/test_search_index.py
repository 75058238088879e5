"""What a query names among the made-up companies: companies, brands, contracts not covered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.codes import MatchKind, NotCoveredKind
from app.catalogue.search_index import Rank, SearchResult
from tests.support import companies, search_checks
from tests.support.companies import ROUTER_SELLERS, XMAX_SELLERS


def search(query: str) -> SearchResult:
    return companies.index().search(query)


def found_slugs(result: SearchResult) -> list[str]:
    return [ranked.carrier.slug for ranked in result.carriers]


def sure_slugs(result: SearchResult) -> set[str]:
    return {each.carrier.slug for each in result.carriers if each.match and not each.match.weak}


def match_kinds(result: SearchResult) -> set[MatchKind]:
    return {each.match.kind for each in result.carriers if each.match}


# Names


@pytest.mark.parametrize(
    "query",
    [
        "緑川",
        "みどりかわ",
        "ミドリカワ",
        "ﾐﾄﾞﾘｶﾜ",
        "绿川",
        "綠川",
        "midorikawa",
        "MIDORIKAWA",
        "Midorikawa mobile",
        "ｍｉｄｏｒｉｋａｗａ",
        "mobile midorikawa",
        "mido-rikawa",
        "緑川モバイル",
    ],
)
def test_a_company_is_found_by_any_of_its_names(query: str) -> None:
    """Script, width, case, hyphens and the order of words do not matter."""
    result = search(query)

    assert found_slugs(result)[0] == "midorikawa-mobile"
    assert "midorikawa-mobile" in sure_slugs(result)


@given(st.data())
def test_each_name_finds_its_company_first(data: st.DataObject) -> None:
    """A name finds its company before every company without that name."""
    every_name = search_checks.company_names(companies.index())

    search_checks.check_found_by_name(companies.index(), data.draw(st.sampled_from(every_name)))


@pytest.mark.parametrize("dash", search_checks.DASHES)
def test_a_name_typed_with_a_dash_is_found(dash: str) -> None:
    """Any dash is read as the long-vowel mark after kana."""
    assert found_slugs(search(f"ハ{dash}バーWiFi"))[0] == "harbour-wifi"


@pytest.mark.parametrize(
    ("query", "rank"),
    [
        ("Midorikawa Turbo", Rank.SAME),
        ("緑川", Rank.FIRST_WORDS),
        ("midori", Rank.BEGINNING),
        ("turbo", Rank.WORDS),
        ("turb", Rank.WORD_BEGINNINGS),
        ("Midorikawa Turbo 解約", Rank.ONLY_PART),
    ],
)
def test_a_match_has_its_rank(query: str, rank: Rank) -> None:
    """The rank says how the query matches a name: whole, at its beginning, or in part."""
    ranks = {each.carrier.slug: each.rank for each in search(query).carriers}

    assert ranks["midorikawa-turbo"] == rank


def test_the_better_match_comes_first() -> None:
    """A company that has the query as a name comes before those that begin with it."""
    assert found_slugs(search("midorikawa")) == [
        "midorikawa-mobile",
        "midorikawa-old-lines",
        "midorikawa-turbo",
    ]


@given(st.data())
def test_no_latin_word_is_found_by_its_inside(data: st.DataObject) -> None:
    """Letters from the inside of a Latin word find no company by name."""
    word = data.draw(st.sampled_from(search_checks.latin_words(companies.index())))
    start = data.draw(st.integers(1, len(word) - 2))
    query = word[start : data.draw(st.integers(start + 2, len(word)))]

    search_checks.check_found_at_word_beginnings(companies.index(), query)


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("Nexta mobile", "midorikawa-mobile"),
        ("obile", "midorikawa-mobile"),
        ("dorikawa", "midorikawa-mobile"),
        ("テル", "kumotel"),
        ("モバ", "midorikawa-mobile"),
        ("SIMカード", "generic"),
        ("kimio", "tsukimio"),
        ("hoshi kaze", "hoshi-xmax"),
    ],
)
def test_nothing_is_found_inside_or_across_names(query: str, slug: str) -> None:
    """A query matches no part of a word, and no words of two different names."""
    assert slug not in found_slugs(search(query))


@pytest.mark.parametrize("query", ["zzzz", "何もない", "SIMカード", "%", "_", "。"])
def test_a_query_that_names_nothing_finds_nothing(query: str) -> None:
    """Unknown words, common words alone and punctuation find no company and no brand."""
    result = search(query)

    assert not result.carriers
    assert not result.brands
    assert not result.not_covered


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("Harb", "harbour-wifi"),
        ("turbo", "midorikawa-turbo"),
        ("hoshi 解約", "hoshi"),
        ("unlimited", "generic"),
    ],
)
def test_a_partial_match_is_weak(query: str, slug: str) -> None:
    """A match is weak if another company can be meant."""
    (ranked,) = search(query).carriers

    assert ranked.carrier.slug == slug
    assert ranked.match is not None
    assert ranked.match.weak


def test_of_names_in_a_query_the_longest_counts() -> None:
    """A query that holds a longer and a shorter name finds the company of the longer one."""
    assert found_slugs(search("my Midorikawa Turbo 解約")) == ["midorikawa-turbo"]


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("Kazeモバイル", "kaze-mobile"),
        ("Midorikawaモバイル", "midorikawa-mobile"),
        ("Harbour ワイファイ", "harbour-wifi"),
    ],
)
def test_a_common_word_is_read_in_another_script(query: str, slug: str) -> None:
    """A word of the list of spellings is replaced by its other spellings."""
    assert found_slugs(search(query))[0] == slug


# Shops


@pytest.mark.parametrize(
    ("query", "operators"),
    [
        ("Hoshi shop", {"hoshi"}),
        ("ホシショップ", {"hoshi"}),
        ("ホシショップ 新宿", {"hoshi"}),
        ("KumoTel store", {"kumotel"}),
        ("云电营业厅", {"kumotel"}),
        ("雲電门店", {"kumotel"}),
        ("緑川モバイルショップ", {"midorikawa-mobile"}),
        ("カゼスポット", {"kaze-mobile", "kaze-xmax"}),
    ],
)
def test_a_shop_finds_its_operator(query: str, operators: set[str]) -> None:
    """A listed shop, or a company's name before a word for shop, finds the operator for sure."""
    result = search(query)

    assert set(found_slugs(result)) == sure_slugs(result) == operators
    assert match_kinds(result) == {MatchKind.SHOP}
    assert result.is_sure


# Products and variants


@pytest.mark.parametrize(
    ("query", "sellers"),
    [
        ("XMax", XMAX_SELLERS),
        ("エックスマックス", XMAX_SELLERS),
        ("xmax +5g", XMAX_SELLERS),
        ("router wi-fi", ROUTER_SELLERS),
        ("随身wifi", ROUTER_SELLERS),
        (
            "格安SIM",
            ("kaze-mobile", "midorikawa-mobile", "midorikawa-old-lines", "sakura-net", "tsukimio"),
        ),
    ],
)
def test_a_product_finds_its_sellers(query: str, sellers: tuple[str, ...]) -> None:
    """Sellers are named one by one, or found by network, product and kind of company."""
    result = search(query)

    assert tuple(found_slugs(result)) == sellers
    assert match_kinds(result) == {MatchKind.PRODUCT}
    assert all(each.match and each.match.note for each in result.carriers)


@pytest.mark.parametrize("query", ["Budget", "エックス", "随身", "Kaze Spo"])
def test_first_words_of_a_product_name_nothing(query: str) -> None:
    """Words for products and shops count only as a whole."""
    assert match_kinds(search(query)).isdisjoint({MatchKind.PRODUCT, MatchKind.SHOP})


@pytest.mark.parametrize("query", ["xmax router japan", "日本 XMax", "XMax 解約", "随身WiFi 解約"])
def test_a_product_among_other_words_is_weak(query: str) -> None:
    """A product that is only a part of the query gives weak matches."""
    result = search(query)

    assert match_kinds(result) == {MatchKind.PRODUCT}
    assert not sure_slugs(result)


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("スーパー定額", "midorikawa-old-lines"),
        ("super teigaku", "midorikawa-old-lines"),
        ("tsukimio1.0", "tsukimio"),
        ("tsukimio 1.0", "tsukimio"),
        ("Old Moon", "tsukimio"),
    ],
)
def test_a_variant_is_found_by_its_name(query: str, slug: str) -> None:
    """A variant finds the company whose entry applies to it, with a note."""
    best = search(query).carriers[0]

    assert best.carrier.slug == slug
    assert best.match is not None
    assert (best.match.kind, best.match.weak) == (MatchKind.VARIANT, False)
    assert best.match.note


# Contracts that are not covered


@pytest.mark.parametrize(
    "query", ["Hoshi 光", "ホシ光", "ホシひかり", "hoshi hikari", "光纤", "光回線"]
)
def test_a_contract_not_covered_is_named(query: str) -> None:
    """A query that names a fibre line finds no company, but the kind of contract."""
    result = search(query)

    assert not result.carriers
    assert [row.kind for row in result.not_covered] == [NotCoveredKind.FIXED_INTERNET]


@pytest.mark.parametrize(
    ("query", "slug"), [("Sakura Fiber", "sakura-net"), ("ホシショップ 光", "hoshi")]
)
def test_a_sure_company_needs_no_warning(query: str, slug: str) -> None:
    """A query that names a company for sure is not answered with a contract not covered."""
    result = search(query)

    assert sure_slugs(result) == {slug}
    assert not result.not_covered


# Brands without an entry


@pytest.mark.parametrize(
    ("query", "name", "company", "country"),
    [
        ("Nexta Mobile", "Nexta Mobile", "Nexta, Inc.", None),
        ("ネクスタモバイル", "Nexta Mobile", "Nexta, Inc.", None),
        ("Lookout Mobile", "Lookout Mobile", None, "JP"),
        ("ToneSmart", "ToneSmart", None, "HK"),
        ("Sim3Go", "Sim3Go", None, "HK"),
    ],
)
def test_a_brand_of_the_clues_is_found(
    query: str, name: str, company: str | None, country: str | None
) -> None:
    """A brand from words, access points or networks is named with what the clues say of it."""
    result = search(query)

    assert not sure_slugs(result)
    (brand,) = result.brands
    assert (brand.name, brand.company, brand.country, brand.weak) == (name, company, country, False)


def test_a_brand_of_a_company_finds_the_company() -> None:
    """A brand word with a low confidence finds its company, weakly."""
    (ranked,) = search("Kaze Air").carriers

    assert ranked.carrier.slug == "kaze-mobile"
    assert ranked.match is not None
    assert (ranked.match.kind, ranked.match.weak) == (MatchKind.BRAND, True)


def test_a_weak_brand_is_left_out_beside_a_sure_company() -> None:
    """A brand that matches weakly is listed only if no company is found for sure."""
    assert [(brand.name, brand.weak) for brand in search("Nex").brands] == [("Nexta Mobile", True)]
    assert sure_slugs(search("Next")) == {"kaze-mobile"}
    assert not search("Next").brands


@pytest.mark.parametrize("query", ["Kaze Mobile", "Rumour Mobile"])
def test_known_and_unconfirmed_names_are_no_brands(query: str) -> None:
    """An access point adds no brand with a company's name, and none that is unconfirmed."""
    assert query not in {brand.name for brand in search(query).brands}
