"""The search over HTTP: matches, notes, help, pages, filters, and the closest id of a 404."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.i18n import LANGUAGES, Language
from app.messages.keys import MessageKey
from tests.support import companies
from tests.support.companies import ROUTER_SELLERS
from tests.support.databases import Databases
from tests.support.messages import is_message
from tests.support.published import serving_catalogues
from tests.support.requests import get


@pytest.fixture(scope="module")
def server(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the made-up companies."""
    folder = companies.write(tmp_path_factory.mktemp("companies"))
    with serving_catalogues(databases, folder) as address:
        yield address


@pytest.fixture
def http(server: str) -> Iterator[httpx.Client]:
    """A client of that server."""
    with httpx.Client(base_url=server) as client:
        yield client


def search(http: httpx.Client, query: str, **parameters: str) -> dict[str, Any]:
    return get(http, "/v1/carriers", q=query, **parameters)


def test_a_match_names_its_kind_and_text(http: httpx.Client) -> None:
    """A hit says by which name it was found, and whether another company can be meant."""
    (item,) = search(http, "Harb")["items"]

    assert item["match"] == {"kind": "name", "text": "Harbour WiFi", "weak": True, "note": None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_is_in_the_readers_language(http: httpx.Client, language: Language) -> None:
    """A variant has its note in the language of the request."""
    best = search(http, "Old Moon", lang=language)["items"][0]

    (variant,) = (row for row in companies.identification().variants if "Old Moon" in row.words)
    assert best["match"]["kind"] == "variant"
    assert best["match"]["note"] == variant.note[language]


def test_a_sure_match_needs_no_help(http: httpx.Client) -> None:
    """`help` is null where a company is found for sure, by a shop too."""
    assert search(http, "ホシショップ")["help"] is None
    assert search(http, "Sakura Fiber")["help"] is None


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("zzzz", "search.nothing"),
        ("SIMカード", "search.nothing"),
        ("turbo", "search.weak"),
        ("XMax 解約", "search.weak"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_help_says_how_to_go_on(
    http: httpx.Client, query: str, hint: MessageKey, language: Language
) -> None:
    """Without a sure match, `help` links to identification and to the generic guide."""
    help_ = search(http, query, lang=language)["help"]

    assert is_message(hint, help_["hint"], language)
    assert help_["identify"] == "/v1/identify"
    assert help_["guide"] == "/v1/guide?carrier=generic"


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_contracts_not_covered(http: httpx.Client, language: Language) -> None:
    """A query that names a fibre line is answered with the kind of contract and its note."""
    body = search(http, "ホシ光", lang=language)

    (row,) = companies.identification().not_covered
    (not_covered,) = body["help"]["not_covered"]
    assert (not_covered["kind"], not_covered["note"]) == ("fixed_internet", row.note[language])


def test_a_list_emptied_by_filters_has_help(http: httpx.Client) -> None:
    """A sure match that the filters exclude leaves an empty list with a hint."""
    body = search(http, "tsukimio", kind="travel_esim")

    assert body["items"] == []
    assert is_message("search.nothing", body["help"]["hint"])


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("ToneSmart", "search.brand_of_country"),
        ("Lookout Mobile", "search.brand_of_country"),
    ],
)
def test_a_brand_without_an_entry_has_a_note(
    http: httpx.Client, query: str, note: MessageKey
) -> None:
    """A brand that only the clues know is listed with a note on its country."""
    (brand,) = search(http, query)["brands"]

    assert (brand["name"], brand["weak"]) == (query, False)
    assert is_message(note, brand["note"])


def test_a_brand_with_a_note_keeps_it(http: httpx.Client) -> None:
    """The note of a brand's row is shown as it is."""
    (brand,) = search(http, "ネクスタモバイル")["brands"]

    (row,) = (
        row for row in companies.identification().product_words if "Nexta Mobile" in row.words
    )
    assert row.note is not None
    assert (brand["name"], brand["note"]) == ("Nexta Mobile", row.note["en"])


def test_a_list_without_a_search_has_no_matches(http: httpx.Client) -> None:
    """Without `q` there are no matches, no brands and no help."""
    body = get(http, "/v1/carriers", limit=3)

    assert [item["match"] for item in body["items"]] == [None] * 3
    assert (body["brands"], body["help"]) == ([], None)


def test_pages_of_a_search_are_the_whole_search(http: httpx.Client) -> None:
    """Following `next` gives every hit once, in the order of the whole list."""
    whole = [item["id"] for item in search(http, "格安SIM", limit="200")["items"]]

    pages: list[str] = []
    url: str | None = "/v1/carriers?q=格安SIM&limit=2&lang=ja"
    while url:
        body = http.get(url).json()
        pages += [item["id"] for item in body["items"]]
        url = body["next"]

    assert len(whole) > 4
    assert pages == whole


def test_filters_and_search_combine(http: httpx.Client) -> None:
    """A search with a filter gives the hits that match the filter."""
    unfiltered = {item["id"] for item in search(http, "随身wifi")["items"]}
    rental = search(http, "随身wifi", kind="pocket_wifi_rental")["items"]

    assert unfiltered == set(ROUTER_SELLERS)
    assert [item["id"] for item in rental] == ["harbour-wifi"]


@pytest.mark.parametrize(
    ("unknown", "closest"),
    [
        ("midorikawa", "midorikawa-mobile"),
        ("midorikwa", "midorikawa-mobile"),
        ("Midorikawa-Mobile", "midorikawa-mobile"),
        ("緑川モバイル", "midorikawa-mobile"),
        ("みどりかわモバイル", "midorikawa-mobile"),
        ("绿川移动", "midorikawa-mobile"),
        ("ハ-バーWiFi", "harbour-wifi"),
        ("kumo-tel", "kumotel"),
        ("hosi", "hoshi"),
        ("genric", "generic"),
        ("super-teigaku", "midorikawa-old-lines"),
        ("格安SIM", None),  # a product has many sellers
        ("zzzz", None),
        ("x", None),
    ],
)
def test_an_unknown_id_names_the_closest(
    http: httpx.Client, unknown: str, closest: str | None
) -> None:
    """A 404 for a carrier has in `closest` what a search for the id finds, or a similar id."""
    answer = http.get(f"/v1/carriers/{unknown}")

    assert (answer.status_code, answer.json().get("closest")) == (404, closest)
