"""Which companies the clues leave possible, among the made-up companies."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.codes import Clue, Confidence, Identity, Role
from app.identify.identification import Candidate, Clues, Identification
from app.identify.matching import identify
from tests.support import companies, identify_checks
from tests.support.companies import ROUTER_SELLERS, XMAX_SELLERS
from tests.support.identify_checks import brand_candidates


def find(**clues: Any) -> Identification:  # noqa: ANN401 - fields of the clues
    return find_by(Clues(**clues))


def find_named(*words: str) -> Identification:
    return find_by(Clues(words=words))


def find_by(clues: Clues) -> Identification:
    index = companies.index()
    return identify(companies.identification(), clues, index.carriers_by_name, index.sellers)


def brands(found: Identification) -> list[str | None]:
    return [candidate.carrier for candidate in brand_candidates(found)]


def reason_keys(candidate: Candidate) -> list[str]:
    return [reason.key for reason in candidate.because]


# The access point, the card and the network


def test_the_access_point_outweighs_the_issuer() -> None:
    """The access point of an MVNO names it, although another network issued the card."""
    found = find(iccid_prefix="8981100", apn="tsukimio-h.example", visited_network="HOSHI TELECOM")

    assert found.state is Identity.IDENTIFIED
    assert brands(found) == ["tsukimio"]
    assert {each.role for each in found.candidates} == {
        Role.BRAND,
        Role.ISSUER,
        Role.HOST_NETWORK,
    }
    assert found.next_clue is None


def test_a_foreign_card_in_japan_is_roaming() -> None:
    """A card from Hong Kong on a Japanese network is roaming, and no Japanese company is named."""
    found = find(iccid_prefix="8985207", visited_network="440-20")

    assert found.state is Identity.ROAMING_FOREIGN
    assert brands(found) == []
    assert found.next_clue is Clue.WORDS


def test_the_issuer_alone_is_not_the_company() -> None:
    """The prefix of a card names its issuer, and companies that use such cards as examples."""
    found = find(iccid_prefix="898110")

    assert found.state is Identity.ISSUER_ONLY
    assert set(brands(found)) == {"hoshi", "tsukimio"}
    assert {each.confidence for each in brand_candidates(found)} == {Confidence.LOW}


def test_a_japanese_prefix_without_a_row_is_not_foreign() -> None:
    """An unknown prefix that begins with Japan's digits does not make the card a foreign one."""
    found = find(iccid_prefix="898199", sim_network="454-06")

    assert found.state is not Identity.ROAMING_FOREIGN


def test_the_visited_network_is_never_the_company() -> None:
    """The network on the screen is a host network, not a brand."""
    found = find(visited_network="440-20")

    assert found.state is Identity.NOT_IDENTIFIED
    assert [candidate.role for candidate in found.candidates] == [Role.HOST_NETWORK]


def test_a_foreign_network_on_the_screen_says_nothing() -> None:
    """Only a Japanese network on the screen is a host network."""
    assert find(visited_network="454-06").candidates == []


def test_a_shared_access_point_needs_the_user_name() -> None:
    """An access point of two brands is ambiguous; the user name of one brand decides."""
    shared = find(apn="shared.example")
    decided = find(apn="shared.example", apn_username="kz")

    assert shared.state is Identity.AMBIGUOUS
    assert set(brands(shared)) == {"kumotel", "kaze-mobile"}
    assert shared.next_clue is Clue.APN_USERNAME
    assert decided.state is Identity.IDENTIFIED
    assert brands(decided) == ["kaze-mobile"]


def test_an_unconfirmed_brand_stays_possible() -> None:
    """A brand that can share the access point keeps the other from being identified alone."""
    found = find(apn="mode.example")

    assert found.state is Identity.AMBIGUOUS
    assert {each.carrier: each.confidence for each in brand_candidates(found)} == {
        "hoshi": Confidence.MEDIUM,
        "kaze-mobile": Confidence.LOW,
    }
    assert found.next_clue is Clue.WORDS
    assert [reason_keys(each) for each in brand_candidates(found)] == [["apn"], ["apn_unconfirmed"]]
    assert find(apn="shared-v6.example", apn_username="kt").state is Identity.IDENTIFIED


def test_an_access_point_of_low_confidence_decides_nothing() -> None:
    """Brands of an uncertain access point are examples: others stay possible."""
    found = find_by(Clues(apn="lookout.example", words=("tsukimio",)))

    assert brands(found) == ["tsukimio"]
    assert not found.contradictory


def test_an_unknown_user_name_changes_nothing() -> None:
    """A user name that is not in the document has no effect and is in no reason."""
    known = find(apn="tsukimio-h.example")
    found = find(apn="tsukimio-h.example", apn_username="private-person-1234")

    assert found == known
    assert found.state is Identity.IDENTIFIED


def test_the_esim_server_names_its_platform() -> None:
    """The host of an eSIM server names the platform, and weakly the brand in its name."""
    found = find(smdp_host="RSP.profiles.example.")

    assert [(each.role, each.name, each.confidence) for each in found.candidates] == [
        (Role.ESIM_SERVER, "Profile House", Confidence.HIGH),
        (Role.BRAND, "Tabi eSIM", Confidence.LOW),
    ]


def test_clues_that_disagree_leave_all_companies() -> None:
    """An access point and a name of different companies are a contradiction: both stay."""
    found = find_by(Clues(apn="tsukimio-h.example", words=("Kaze Mobile",)))

    assert found.contradictory
    assert found.state is Identity.AMBIGUOUS
    assert set(brands(found)) == {"tsukimio", "kaze-mobile"}


def test_a_contradiction_asks_for_the_order_first() -> None:
    """Where clues disagree, no user name of an access point is asked for."""
    found = find_by(Clues(apn="shared.example", words=("tsukimio",), smdp_host="x.example"))

    assert found.contradictory
    assert found.next_clue is Clue.SIM_NETWORK


def test_examples_narrow_what_is_possible() -> None:
    """The brands that a card names as examples narrow those of other clues."""
    access_point_and_card = find(apn="shared.example", sim_network="440-20")
    prefix_and_card = find(iccid_prefix="898110", sim_network="440-10")

    assert brands(access_point_and_card) == ["kumotel"]
    assert access_point_and_card.state is Identity.IDENTIFIED
    assert brands(prefix_and_card) == ["hoshi"]


def test_examples_exclude_no_other_brand() -> None:
    """A company that is not among the examples of a card stays possible."""
    found = find(apn="tsukimio-h.example", sim_network="440-20")

    assert brands(found) == ["tsukimio"]
    assert not found.contradictory


def test_the_same_reason_is_given_once() -> None:
    """Two equal clues give a candidate one reason."""
    (candidate,) = brand_candidates(find_named("Kaze Mobile", "Kaze Mobile"))

    assert reason_keys(candidate) == ["name"]


# Names


@pytest.mark.parametrize(
    "words", ["Midorikawa Mobile最強プラン", "緑川モバイル", "みどりかわモバイル"]
)
def test_a_name_among_words_names_its_company(words: str) -> None:
    """A company's name decides, alone or among other words."""
    assert brands(find_named(words))[0] == "midorikawa-mobile"


def test_words_of_two_companies_are_ambiguous() -> None:
    """A product name that two companies use leaves both; a longer one decides."""
    found = find_named("Visitor SIM")

    assert found.state is Identity.AMBIGUOUS
    assert set(brands(found)) == {"hoshi", "kaze-mobile"}
    assert brands(find_named("Hoshi Visitor SIM")) == ["hoshi"]


@pytest.mark.parametrize(
    "words",
    [
        "日本无限流量卡",
        "日本SIM",
        "Japan unlimited data",
        "无限流量",
        "Unlimited SIM",
        "Welcome gift",
    ],
)
def test_common_words_name_no_company(words: str) -> None:
    """Words on every card, and words to sell by, are no evidence."""
    found = find_named(words)

    assert found.state is Identity.NOT_IDENTIFIED
    assert found.candidates == []


@pytest.mark.parametrize(
    "words", ["日本无限流量卡 KumoTel 7天", "Hoshi回線 5日間 eSIM", "Japan eSIM, KumoTel network"]
)
def test_an_operator_in_a_listing_can_be_the_network(words: str) -> None:
    """An operator's name among other words can mean only its network."""
    found = find_named(words)

    assert found.state is Identity.NOT_IDENTIFIED
    assert {candidate.confidence for candidate in found.candidates} == {Confidence.LOW}
    assert reason_keys(found.candidates[0]) == ["name_or_network"]
    assert found.next_clue is Clue.APN


def test_a_brand_outweighs_its_network() -> None:
    """Beside the name of a network, the brand decides; alone, the network's name is a company."""
    assert brands(find_named("tsukimio Hoshi回線")) == ["tsukimio"]
    assert brands(find_named("Kaze KumoTel回線")) == ["kaze-mobile"]
    assert find_named("KumoTel").state is Identity.IDENTIFIED


@pytest.mark.parametrize("words", ["mykazemobilephone", "hoshizora", "okaze", "kumotelephone"])
def test_a_name_inside_a_word_is_no_name(words: str) -> None:
    """A company's name inside a longer word is no evidence."""
    assert find_named(words).candidates == []


def test_a_brand_without_an_entry_is_a_candidate() -> None:
    """A brand that the catalogue does not have is named without a carrier."""
    found = find_named("Nexta Mobile")

    assert [(each.name, each.carrier) for each in found.candidates] == [("Nexta, Inc.", None)]
    assert found.state is Identity.IDENTIFIED
    assert found.candidates[0].because[0].note


# Products, variants, shops


@pytest.mark.parametrize(
    ("words", "sellers"),
    [
        ("XMax", XMAX_SELLERS),
        ("エックスマックス", XMAX_SELLERS),
        ("my XMax router", XMAX_SELLERS),
        ("XMax 解約", XMAX_SELLERS),
        ("随身WiFi", ROUTER_SELLERS),
        ("router wifi", ROUTER_SELLERS),
        ("KumoTel XMax", XMAX_SELLERS),  # the name of a network beside it says less
    ],
)
def test_a_product_names_all_its_sellers(words: str, sellers: tuple[str, ...]) -> None:
    """A product is evidence for every company that sells it, in any script."""
    found = find_named(words)

    assert found.state is Identity.AMBIGUOUS
    assert set(brands(found)) == set(sellers)
    assert found.next_clue is not None


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("Kaze", "XMax"), "kaze-mobile"),
        (("Hoshi XMax", "XMax"), "hoshi-xmax"),
        (("Kaze XMax ルーター",), "kaze-xmax"),
        (("KumoTel ルーターWiFi",), "kumotel"),
    ],
)
def test_a_company_beside_a_product_decides(words: tuple[str, ...], slug: str) -> None:
    """Of the sellers of a product, the company that is named too is the only one left."""
    assert brands(find_named(*words)) == [slug]


@pytest.mark.parametrize(
    "clues",
    [
        Clues(apn="old-lines.example"),
        Clues(words=("スーパー定額",)),
        Clues(words=("緑川モバイル（ホシ回線）",)),
    ],
)
def test_old_lines_are_a_company_of_their_own(clues: Clues) -> None:
    """Clues to a company's old lines identify the entry of those lines."""
    found = find_by(clues)

    assert found.state is Identity.IDENTIFIED
    assert brands(found) == ["midorikawa-old-lines"]


def test_a_name_can_mean_the_old_lines_too() -> None:
    """The company's name alone identifies it, with its old lines as an unlikely candidate."""
    found = find_named("緑川モバイル")

    assert found.state is Identity.IDENTIFIED
    company, old_lines = brand_candidates(found)
    assert (company.carrier, company.confidence) == ("midorikawa-mobile", Confidence.HIGH)
    assert (old_lines.carrier, old_lines.confidence) == ("midorikawa-old-lines", Confidence.LOW)
    assert reason_keys(old_lines) == ["variant_of"]
    assert old_lines.because[0].note


@pytest.mark.parametrize("words", ["tsukimio1.0", "Old Moon"])
def test_a_variant_names_its_company(words: str) -> None:
    """A variant identifies the company whose entry applies to it, with a note."""
    found = find_named(words)

    assert brands(found) == ["tsukimio"]
    assert reason_keys(found.candidates[0]) == ["variant"]
    assert found.candidates[0].because[0].note


@pytest.mark.parametrize(
    ("words", "operators"),
    [
        ("ホシショップ", ["hoshi"]),
        ("KumoTel shop Shinjuku", ["kumotel"]),
        ("云电门店", ["kumotel"]),
        ("Kaze Spot", ["kaze-mobile", "kaze-xmax"]),
    ],
)
def test_a_shop_names_its_operators(words: str, operators: list[str]) -> None:
    """A shop identifies its operator; a shop of two operators is ambiguous."""
    found = find_named(words)

    assert brands(found) == operators
    assert found.state is (Identity.IDENTIFIED if len(operators) == 1 else Identity.AMBIGUOUS)


def test_a_name_that_looks_like_a_shop_is_a_name() -> None:
    """A company whose name begins like another company's shop is identified by it."""
    assert brands(find_named("Hoshi Store Net")) == ["sakura-net"]


@pytest.mark.parametrize("words", ["Kaze光", "ホシ光", "緑川モバイル光回線", "KumoTel 光"])
def test_a_fibre_line_is_no_mobile_contract(words: str) -> None:
    """A company's name before a word for fibre is no evidence for its mobile contracts."""
    assert brands(find_named(words)) == []


def test_a_name_with_a_word_for_fibre_counts() -> None:
    """A company that has a word for fibre in its own name is identified by it."""
    assert brands(find_named("Sakura Fiber")) == ["sakura-net"]


# Properties


@given(st.data())
def test_identified_means_one_confident_brand(data: st.DataObject) -> None:
    """Of any clues, one confident brand is identified, or another clue is asked for."""
    document = companies.identification()

    identify_checks.check_identified_means_one_brand(
        document, data.draw(identify_checks.clues_of(document))
    )


@given(st.data())
def test_the_visited_network_changes_no_brand(data: st.DataObject) -> None:
    """Of any clues, the network on the screen adds and removes no brand."""
    document = companies.identification()

    identify_checks.check_visited_network_names_no_brand(
        document, data.draw(identify_checks.clues_of(document))
    )
