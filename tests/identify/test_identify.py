"""Identification from clues on the phone or the order, with the project's own catalogue."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.authoring.loader import read
from app.catalogue.codes import Confidence, Identity
from app.catalogue.identification import IdentificationDocument
from app.identify.identification import Clues
from app.identify.matching import identify
from app.settings import ROOT

pytestmark = pytest.mark.own_catalogue


def ask(own: httpx.Client, language: str = "en", **clues: object) -> dict[str, Any]:
    answer = own.post("/v1/identify", params={"lang": language}, json=clues)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def brands(body: dict[str, Any]) -> list[str | None]:
    return [
        candidate["carrier"] and candidate["carrier"]["id"]
        for candidate in body["candidates"]
        if candidate["role"] == "brand"
    ]


@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_the_access_point_of_an_mvno_names_it_although_another_network_made_the_card(
    own: httpx.Client, language: str
) -> None:
    body = ask(
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
    cited = {source["id"] for source in body["sources"]}
    assert all(
        set(reason["sources"]) <= cited
        for candidate in body["candidates"]
        for reason in candidate["because"]
    )


def test_a_hong_kong_card_in_japan_is_roaming_and_no_japanese_company_is_named(
    own: httpx.Client,
) -> None:
    body = ask(own, iccid_prefix="8985207", visited_network="SoftBank")

    assert body["state"] == "roaming_foreign"
    assert "China Unicom" in body["explanation"]
    assert brands(body) == []
    assert body["guide"] == "/v1/guide?carrier=generic"
    assert body["next_clue"]["clue"] == "words"


def test_a_product_name_names_its_company(own: httpx.Client) -> None:
    body = ask(own, words=["Rakuten Mobile最強プラン"])

    assert body["state"] == "identified"
    assert brands(body) == ["rakuten-mobile"]


def test_a_shared_access_point_is_ambiguous_until_its_user_name_is_known(
    own: httpx.Client,
) -> None:
    shared = ask(own, apn="plus.acs.jp")
    known = ask(own, apn="plus.acs.jp", apn_username="lm")

    assert shared["state"] == "ambiguous"
    assert set(brands(shared)) == {"ymobile", "linemo"}
    assert shared["next_clue"]["clue"] == "apn_username"
    assert known["state"] == "identified"
    assert brands(known) == ["linemo"]


def test_clues_that_disagree_leave_all_companies_and_ask_for_the_order(own: httpx.Client) -> None:
    body = ask(own, apn="mineo-d.jp", words=["povo"])

    assert body["state"] == "ambiguous"
    assert set(brands(body)) == {"mineo", "povo2"}
    assert "different companies" in body["explanation"]


def test_the_docomo_number_alone_tells_the_issuer_and_not_the_company(own: httpx.Client) -> None:
    body = ask(own, iccid_prefix="898110")

    assert body["state"] == "issuer_only"
    assert {"mineo", "ntt-docomo"} <= set(brands(body))
    assert all(
        candidate["confidence"] == "low"
        for candidate in body["candidates"]
        if candidate["role"] == "brand"
    )


def test_a_brand_that_can_share_an_access_point_keeps_the_other_from_being_named_alone(
    own: httpx.Client,
) -> None:
    body = ask(own, apn="spmode.ne.jp")

    assert body["state"] == "ambiguous"
    told = {
        candidate["carrier"]["id"]: candidate["confidence"]
        for candidate in body["candidates"]
        if candidate["role"] == "brand"
    }
    assert told == {"ntt-docomo": "medium", "ahamo": "low"}
    assert body["next_clue"]["clue"] == "words"
    assert ask(own, apn="plus.acs.jp.v6", apn_username="ym")["state"] == "identified"


def test_a_product_name_that_two_companies_use_is_ambiguous(own: httpx.Client) -> None:
    body = ask(own, words=["VISITOR SIM"])

    assert body["state"] == "ambiguous"
    assert set(brands(body)) == {"b-mobile-visitor-sim", "ocn-prepaid-sim-for-japan"}
    assert brands(ask(own, words=["b-mobile VISITOR SIM"])) == ["b-mobile-visitor-sim"]


def test_the_name_of_a_visitor_sim_leads_to_its_guide(own: httpx.Client) -> None:
    assert ask(own, words=["Japan Travel SIM"])["guide"] == "/v1/guide?carrier=iij-japan-travel-sim"


@pytest.mark.parametrize("words", ["日本无限流量卡", "日本SIM", "Japan unlimited data"])
def test_what_every_such_card_is_called_names_no_company(own: httpx.Client, words: str) -> None:
    body = ask(own, words=[words])

    assert body["state"] == "not_identified"
    assert body["candidates"] == []
    assert body["guide"] == "/v1/guide?carrier=generic"


@pytest.mark.parametrize(
    "words",
    ["日本无限流量卡 SoftBank 7天", "NTT docomo回線 5日間 eSIM", "Japan eSIM, SoftBank network"],
)
def test_an_operator_named_in_a_listing_can_be_only_the_network(
    own: httpx.Client, words: str
) -> None:
    body = ask(own, words=[words])

    assert body["state"] == "not_identified"
    assert {candidate["confidence"] for candidate in body["candidates"]} == {"low"}
    assert "only the network" in body["candidates"][0]["because"][0]["reason"]
    assert body["next_clue"]["clue"] == "apn"


def test_the_brand_decides_beside_the_network_that_it_names(own: httpx.Client) -> None:
    assert brands(ask(own, words=["mineo docomo回線"])) == ["mineo"]
    assert ask(own, words=["SoftBank"])["state"] == "identified"


def test_selling_words_change_nothing(own: httpx.Client) -> None:
    assert ask(own, words=["无限流量"])["state"] == "not_identified"
    assert ask(own, words=["无限流量"])["candidates"] == []


def test_the_network_on_screen_is_never_taken_for_the_company(own: httpx.Client) -> None:
    body = ask(own, visited_network="440-20")

    assert body["state"] == "not_identified"
    assert [candidate["role"] for candidate in body["candidates"]] == ["host_network"]


@pytest.mark.parametrize(
    ("clues", "secret"),
    [
        ({"iccid_prefix": "8981100023456789012"}, "8981100023456789012"),
        ({"sim_network": "440101234567890"}, "440101234567890"),
        ({"smdp_host": "LPA:1$rsp.example.com$SECRET-CODE"}, "SECRET-CODE"),
        ({"words": ["my number is 090-1234-5678"]}, "5678"),
        ({"words": ["LPA:1$rsp.example.com$SECRET-CODE"]}, "SECRET-CODE"),
        ({"apn": "someone@example.com"}, "someone"),
    ],
)
def test_what_must_not_be_sent_is_refused_and_not_echoed(
    own: httpx.Client, clues: dict[str, object], secret: str, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = own.post("/v1/identify", json=clues)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "must_not_be_sent"
    assert secret not in answer.text
    written = capfd.readouterr()
    assert secret not in written.out + written.err


def test_the_beginning_of_an_eid_is_recognised(own: httpx.Client) -> None:
    answer = own.post("/v1/identify", json={"iccid_prefix": "8904903"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "looks_like_an_eid"


def test_a_user_name_that_nobody_publishes_is_dropped_unseen(own: httpx.Client) -> None:
    body = ask(own, apn="mineo-d.jp", apn_username="private-person-1234")

    assert body["state"] == "identified"
    assert "private-person" not in str(body)


# Products, variants, shops


@pytest.mark.parametrize("words", ["WiMAX", "ワイマックス", "my WiMAX router", "WiMAX 解約"])
def test_a_product_word_names_all_that_sell_it(own: httpx.Client, words: str) -> None:
    body = ask(own, words=[words])

    assert body["state"] == "ambiguous"
    assert {"uq-wimax", "biglobe-wimax", "broad-wimax", "kashimo-wimax"} <= set(brands(body))
    assert body["next_clue"] is not None


@pytest.mark.parametrize("words", ["随身WiFi", "ポケットWiFi", "pocket wifi"])
def test_a_product_word_is_read_in_any_script(own: httpx.Client, words: str) -> None:
    assert {"ninja-wifi", "ymobile", "uq-wimax"} <= set(brands(ask(own, words=[words])))


def test_a_company_beside_a_product_word_is_the_one(own: httpx.Client) -> None:
    assert brands(ask(own, words=["BIGLOBE", "WiMAX"])) == ["biglobe-wimax"]
    assert brands(ask(own, words=["SoftBank ポケットWiFi"])) == ["softbank"]
    assert brands(ask(own, words=["UQ WiMAX ルーター"])) == ["uq-wimax"]


@pytest.mark.parametrize(
    "clues",
    [
        {"apn": "rmobile.jp"},
        {"apn": "rmobile.co"},
        {"words": ["スーパーホーダイ"]},
        {"words": ["楽天モバイル（ドコモ回線）"]},
    ],
)
def test_the_old_lines_of_a_company_are_a_candidate_of_their_own(
    own: httpx.Client, clues: dict[str, Any]
) -> None:
    body = ask(own, **clues)

    assert body["state"] == "identified"
    assert brands(body) == ["rakuten-mobile-mvno"]
    assert body["guide"] == "/v1/guide?carrier=rakuten-mobile-mvno"


@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_a_name_that_can_mean_the_old_lines_says_so(own: httpx.Client, language: str) -> None:
    body = ask(own, language, words=["楽天モバイル"])

    confidence = {each["carrier"]["id"]: each["confidence"] for each in body["candidates"]}
    assert confidence == {"rakuten-mobile": "high", "rakuten-mobile-mvno": "low"}
    assert body["candidates"][1]["because"][0]["note"]
    assert body["guide"] == "/v1/guide?carrier=rakuten-mobile"


@pytest.mark.parametrize(
    ("words", "slug"), [("povo1.0", "povo2"), ("みまもりケータイ", "softbank"), ("mamorino", "au")]
)
def test_a_variant_says_what_applies_to_it(own: httpx.Client, words: str, slug: str) -> None:
    body = ask(own, words=[words])

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
def test_a_shop_names_its_operator(own: httpx.Client, words: str, operators: list[str]) -> None:
    body = ask(own, words=[words])

    assert brands(body) == operators
    assert body["state"] == ("identified" if len(operators) == 1 else "ambiguous")


@pytest.mark.parametrize("words", ["BIGLOBE光", "ソフトバンク光", "auひかり", "NURO 光"])
def test_a_fibre_line_is_not_taken_for_the_mobile_contract(own: httpx.Client, words: str) -> None:
    body = ask(own, words=[words])

    assert brands(body) == []
    assert [each["kind"] for each in body["not_covered"]] == ["fixed_internet"]


def test_a_brand_without_an_entry_is_named_with_what_is_known(own: httpx.Client) -> None:
    body = ask(own, words=["NEXT mobile"])

    assert [(each["name"], each["carrier"]) for each in body["candidates"]] == [
        ("NEXT mobile", None)
    ]
    assert body["guide"] == "/v1/guide?carrier=generic"


@pytest.mark.parametrize("words", ["mylinemonitor", "saharatones", "nightly", "minority"])
def test_a_name_inside_a_word_is_none(own: httpx.Client, words: str) -> None:
    assert ask(own, words=[words])["candidates"] == []


# Properties


def own() -> IdentificationDocument:
    catalogue, _ = read(ROOT / "catalogue")
    assert catalogue is not None
    return catalogue.identification.document


OWN = own()
prefixes = st.none() | st.sampled_from([row.prefix for row in OWN.iccid_prefixes])
networks = st.none() | st.sampled_from([row.code for row in OWN.sim_networks])
points = st.none() | st.sampled_from([row.apn for row in OWN.access_points])
some_clues = st.builds(
    Clues, iccid_prefix=prefixes, sim_network=networks, visited_network=networks, apn=points
)


@given(some_clues)
def test_identified_means_one_brand_and_nothing_left_to_ask(clues: Clues) -> None:
    found = identify(OWN, clues, {})

    brands = [candidate for candidate in found.candidates if candidate.role == "brand"]
    if found.state is Identity.IDENTIFIED:
        assert len(brands) == 1
        assert brands[0].confidence is not Confidence.LOW
        assert found.next_clue is None
    elif len(clues.given()) < 4:
        assert found.next_clue is not None
        assert found.next_clue not in clues.given()


@given(some_clues)
def test_a_brand_is_never_named_by_the_network_on_screen_alone(clues: Clues) -> None:
    without = identify(OWN, Clues(clues.iccid_prefix, clues.sim_network, None, clues.apn), {})
    with_it = identify(OWN, clues, {})

    assert without.state is with_it.state
    assert [c for c in without.candidates if c.role == "brand"] == [
        c for c in with_it.candidates if c.role == "brand"
    ]
