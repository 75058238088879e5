"""Clues from real life, with the companies that the project's own catalogue must name."""

from typing import Any, Final

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.identification import IdentificationDocument
from app.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language
from tests.support import identify_checks
from tests.support.messages import is_message
from tests.support.own_catalogue import own_catalogue

pytestmark = pytest.mark.own_catalogue

Identified = dict[str, Any]

GENERIC_GUIDE: Final = "/v1/guide?carrier=generic"


def identify(
    own: httpx.Client, language: Language = DEFAULT_LANGUAGE, **clues: object
) -> Identified:
    answer = own.post("/v1/identify", params={"lang": language}, json=clues)
    assert answer.status_code == 200, answer.text
    body: Identified = answer.json()
    return body


def brand_candidates(body: Identified) -> list[dict[str, Any]]:
    return [candidate for candidate in body["candidates"] if candidate["role"] == "brand"]


def brands(body: Identified) -> list[str | None]:
    return [each["carrier"] and each["carrier"]["id"] for each in brand_candidates(body)]


def confidences(body: Identified) -> dict[str, str]:
    return {each["carrier"]["id"]: each["confidence"] for each in brand_candidates(body)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_apn_of_mineo_outweighs_a_docomo_card(own: httpx.Client, language: Language) -> None:
    """The access point of mineo names it, although docomo issued the card."""
    body = identify(
        own, language, iccid_prefix="8981100", apn="mineo-d.jp", visited_network="NTT DOCOMO"
    )

    assert body["state"] == "identified"
    assert brands(body) == ["mineo"]
    assert body["guide"] == "/v1/guide?carrier=mineo"
    assert {candidate["role"] for candidate in body["candidates"]} == {
        "brand",
        "issuer",
        "host_network",
    }
    listed = {source["id"] for source in body["sources"]}
    assert all(
        set(reason["sources"]) <= listed
        for candidate in body["candidates"]
        for reason in candidate["because"]
    )


def test_a_hong_kong_card_in_japan_is_roaming(own: httpx.Client) -> None:
    """A card of China Unicom Hong Kong on SoftBank's network names no Japanese company."""
    body = identify(own, iccid_prefix="8985207", visited_network="SoftBank")

    assert body["state"] == "roaming_foreign"
    assert "China Unicom" in body["explanation"]
    assert brands(body) == []
    assert body["guide"] == GENERIC_GUIDE
    assert body["next_clue"]["clue"] == "words"


def test_a_plan_of_rakuten_names_rakuten(own: httpx.Client) -> None:
    """The name of the company before the name of its plan identifies it."""
    body = identify(own, words=["Rakuten Mobile最強プラン"])

    assert body["state"] == "identified"
    assert brands(body) == ["rakuten-mobile"]


def test_an_apn_of_ymobile_and_linemo_needs_the_user(own: httpx.Client) -> None:
    """plus.acs.jp is shared by Y!mobile and LINEMO; the user name `lm` is LINEMO's."""
    shared = identify(own, apn="plus.acs.jp")
    known = identify(own, apn="plus.acs.jp", apn_username="lm")

    assert shared["state"] == "ambiguous"
    assert set(brands(shared)) == {"ymobile", "linemo"}
    assert shared["next_clue"]["clue"] == "apn_username"
    assert known["state"] == "identified"
    assert brands(known) == ["linemo"]


def test_clues_to_mineo_and_povo_leave_both(own: httpx.Client) -> None:
    """The access point of mineo and the name povo disagree."""
    body = identify(own, apn="mineo-d.jp", words=["povo"])

    assert body["state"] == "ambiguous"
    assert set(brands(body)) == {"mineo", "povo2"}
    assert is_message("identify.contradictory", body["explanation"])


def test_a_docomo_card_alone_names_no_company(own: httpx.Client) -> None:
    """The prefix of docomo names the issuer; mineo and docomo itself are examples."""
    body = identify(own, iccid_prefix="898110")

    assert body["state"] == "issuer_only"
    assert {"mineo", "ntt-docomo"} <= set(brands(body))
    assert set(confidences(body).values()) == {"low"}


def test_an_apn_of_docomo_can_be_ahamos(own: httpx.Client) -> None:
    """spmode.ne.jp is docomo's and perhaps ahamo's; the user name `ym` is Y!mobile's alone."""
    body = identify(own, apn="spmode.ne.jp")

    assert body["state"] == "ambiguous"
    assert confidences(body) == {"ntt-docomo": "medium", "ahamo": "low"}
    assert body["next_clue"]["clue"] == "words"
    assert identify(own, apn="plus.acs.jp.v6", apn_username="ym")["state"] == "identified"


def test_visitor_sim_is_the_name_of_two_products(own: httpx.Client) -> None:
    """VISITOR SIM is sold by b-mobile and by OCN; with its company's name it is one of them."""
    body = identify(own, words=["VISITOR SIM"])

    assert body["state"] == "ambiguous"
    assert set(brands(body)) == {"b-mobile-visitor-sim", "ocn-prepaid-sim-for-japan"}
    assert brands(identify(own, words=["b-mobile VISITOR SIM"])) == ["b-mobile-visitor-sim"]


def test_a_visitor_sim_links_to_its_guide(own: httpx.Client) -> None:
    """Japan Travel SIM is IIJ's."""
    guide = identify(own, words=["Japan Travel SIM"])["guide"]

    assert guide == "/v1/guide?carrier=iij-japan-travel-sim"


@pytest.mark.parametrize("words", ["日本无限流量卡", "日本SIM", "Japan unlimited data", "无限流量"])
def test_common_words_name_no_company(own: httpx.Client, words: str) -> None:
    """Words on every card, and words to sell by, are no evidence."""
    body = identify(own, words=[words])

    assert body["state"] == "not_identified"
    assert body["candidates"] == []
    assert body["guide"] == GENERIC_GUIDE


@pytest.mark.parametrize(
    "words",
    ["日本无限流量卡 SoftBank 7天", "NTT docomo回線 5日間 eSIM", "Japan eSIM, SoftBank network"],
)
def test_an_operator_in_a_listing_can_be_the_network(own: httpx.Client, words: str) -> None:
    """An operator's name among other words can mean only its network."""
    body = identify(own, words=[words])

    assert body["state"] == "not_identified"
    assert {candidate["confidence"] for candidate in body["candidates"]} == {"low"}
    reason = body["candidates"][0]["because"][0]["reason"]
    assert is_message("identify.reason.name_or_network", reason)
    assert body["next_clue"]["clue"] == "apn"


def test_a_brand_outweighs_its_network(own: httpx.Client) -> None:
    """The brand mineo on docomo's network is mineo; SoftBank alone is SoftBank."""
    assert brands(identify(own, words=["mineo docomo回線"])) == ["mineo"]
    assert identify(own, words=["SoftBank"])["state"] == "identified"


def test_the_visited_network_is_never_the_company(own: httpx.Client) -> None:
    """SoftBank's code on the screen is a host network, not a brand."""
    body = identify(own, visited_network="440-20")

    assert body["state"] == "not_identified"
    assert [candidate["role"] for candidate in body["candidates"]] == ["host_network"]


def test_the_beginning_of_an_eid_is_refused(own: httpx.Client) -> None:
    """8904903 begins the EID of many phones."""
    answer = own.post("/v1/identify", json={"iccid_prefix": "8904903"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "looks_like_an_eid"


def test_an_unknown_user_name_changes_nothing(own: httpx.Client) -> None:
    """A user name that is not published is ignored and not echoed."""
    body = identify(own, apn="mineo-d.jp", apn_username="private-person-1234")

    assert body["state"] == "identified"
    assert "private-person" not in str(body)


# Products, variants, shops


@pytest.mark.parametrize("words", ["WiMAX", "ワイマックス", "my WiMAX router", "WiMAX 解約"])
def test_wimax_names_all_its_sellers(own: httpx.Client, words: str) -> None:
    """WiMAX is sold by several companies, so another clue is asked for."""
    body = identify(own, words=[words])

    assert body["state"] == "ambiguous"
    assert {"uq-wimax", "biglobe-wimax", "broad-wimax", "kashimo-wimax"} <= set(brands(body))
    assert body["next_clue"] is not None


@pytest.mark.parametrize("words", ["随身WiFi", "ポケットWiFi", "pocket wifi"])
def test_pocket_wifi_is_read_in_any_script(own: httpx.Client, words: str) -> None:
    """Pocket WiFi names its sellers in Chinese, Japanese and English."""
    assert {"ninja-wifi", "ymobile", "uq-wimax"} <= set(brands(identify(own, words=[words])))


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (["BIGLOBE", "WiMAX"], "biglobe-wimax"),
        (["SoftBank ポケットWiFi"], "softbank"),
        (["UQ WiMAX ルーター"], "uq-wimax"),
    ],
)
def test_a_company_beside_a_product_decides(own: httpx.Client, words: list[str], slug: str) -> None:
    """Of the sellers of a product, the company that is named too is the only one left."""
    assert brands(identify(own, words=words)) == [slug]


@pytest.mark.parametrize(
    "clues",
    [
        {"apn": "rmobile.jp"},
        {"apn": "rmobile.co"},
        {"words": ["スーパーホーダイ"]},
        {"words": ["楽天モバイル（ドコモ回線）"]},
    ],
)
def test_rakutens_old_lines_are_a_company_of_their_own(
    own: httpx.Client, clues: dict[str, Any]
) -> None:
    """Clues to Rakuten's lines on docomo's network identify the entry of those lines."""
    body = identify(own, **clues)

    assert body["state"] == "identified"
    assert brands(body) == ["rakuten-mobile-mvno"]
    assert body["guide"] == "/v1/guide?carrier=rakuten-mobile-mvno"


@pytest.mark.parametrize("language", LANGUAGES)
def test_rakutens_name_can_mean_its_old_lines_too(own: httpx.Client, language: Language) -> None:
    """The name of Rakuten Mobile identifies it, with its old lines as an unlikely candidate."""
    body = identify(own, language, words=["楽天モバイル"])

    assert confidences(body) == {"rakuten-mobile": "high", "rakuten-mobile-mvno": "low"}
    assert body["candidates"][1]["because"][0]["note"]
    assert body["guide"] == "/v1/guide?carrier=rakuten-mobile"


@pytest.mark.parametrize(
    ("words", "slug"), [("povo1.0", "povo2"), ("みまもりケータイ", "softbank"), ("mamorino", "au")]
)
def test_a_variant_names_its_company(own: httpx.Client, words: str, slug: str) -> None:
    """A variant identifies the company whose entry applies to it, with a note."""
    body = identify(own, words=[words])

    assert brands(body) == [slug]
    assert body["candidates"][0]["because"][0]["note"]


@pytest.mark.parametrize(
    ("words", "operators"),
    [
        ("ドコモショップ", ["ntt-docomo"]),
        ("docomo shop Shinjuku", ["ntt-docomo"]),
        ("ソフトバンクショップ", ["softbank"]),
        ("ワイモバイルショップ", ["ymobile"]),
        ("au Style", ["au"]),
        ("UQスポット", ["uq-mobile", "uq-wimax"]),
    ],
)
def test_a_shop_names_its_operators(own: httpx.Client, words: str, operators: list[str]) -> None:
    """A shop identifies its operator; a shop of two operators is ambiguous."""
    body = identify(own, words=[words])

    assert brands(body) == operators
    assert body["state"] == ("identified" if len(operators) == 1 else "ambiguous")


@pytest.mark.parametrize("words", ["BIGLOBE光", "ソフトバンク光", "auひかり", "NURO 光"])
def test_a_fibre_line_is_no_mobile_contract(own: httpx.Client, words: str) -> None:
    """A fibre line names no company, but is listed as not covered."""
    body = identify(own, words=[words])

    assert brands(body) == []
    assert [each["kind"] for each in body["not_covered"]] == ["fixed_internet"]


def test_a_brand_without_an_entry_is_a_candidate(own: httpx.Client) -> None:
    """NEXT mobile is known from words only."""
    body = identify(own, words=["NEXT mobile"])

    assert [(each["name"], each["carrier"]) for each in body["candidates"]] == [
        ("NEXT mobile", None)
    ]
    assert body["guide"] == GENERIC_GUIDE


@pytest.mark.parametrize("words", ["mylinemonitor", "saharatones", "nightly", "minority"])
def test_a_name_inside_a_word_is_no_name(own: httpx.Client, words: str) -> None:
    """Words that hold the name of a company by chance are no evidence."""
    assert identify(own, words=[words])["candidates"] == []


# Properties


def document() -> IdentificationDocument:
    return own_catalogue().identification.document


@given(st.data())
def test_identified_means_one_confident_brand(data: st.DataObject) -> None:
    """Of any clues, one confident brand is identified, or another clue is asked for."""
    clues = data.draw(identify_checks.clues_of(document()))

    identify_checks.check_identified_means_one_brand(document(), clues)


@given(st.data())
def test_the_visited_network_changes_no_brand(data: st.DataObject) -> None:
    """Of any clues, the network on the screen adds and removes no brand."""
    clues = data.draw(identify_checks.clues_of(document()))

    identify_checks.check_visited_network_names_no_brand(document(), clues)
