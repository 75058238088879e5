"""The response of the identification: texts, links and sources, in each language."""

import pytest

from app.catalogue.codes import Clue, Confidence, Identity, Role
from app.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language
from app.identify.identification import Candidate, Clues, Identification
from app.identify.matching import identify
from app.identify.schemas import IdentificationOut
from app.messages.keys import MessageKey
from tests.support import companies
from tests.support.editions import edition
from tests.support.messages import is_message

EDITION = edition(identification=companies.identification())
NAMES = {
    slug: files.carrier.document.name for slug, files in companies.catalogue().carriers.items()
}


def present(
    identification: Identification, language: Language = DEFAULT_LANGUAGE
) -> IdentificationOut:
    return IdentificationOut.of(EDITION, identification, NAMES, [], language)


def present_clues(clues: Clues, language: Language = DEFAULT_LANGUAGE) -> IdentificationOut:
    index = companies.index()
    found = identify(EDITION.identification, clues, index.carriers_by_name, index.sellers)
    return present(found, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_identified_company_links_to_its_guide(language: Language) -> None:
    """The company is named in the language, and `guide` is that of the company."""
    out = present_clues(Clues(apn="tsukimio-h.example"), language)

    assert out.state is Identity.IDENTIFIED
    assert is_message("identify.identified", out.explanation, language)
    assert NAMES["tsukimio"][language] in out.explanation
    assert out.guide == "/v1/guide?carrier=tsukimio"
    assert out.next_clue is None
    carrier = out.candidates[0].carrier
    assert carrier is not None
    assert (carrier.id, carrier.name) == ("tsukimio", NAMES["tsukimio"][language])


@pytest.mark.parametrize(
    ("clues", "explanation"),
    [
        (Clues(apn="shared.example"), "identify.ambiguous"),
        (Clues(apn="tsukimio-h.example", words=("Kaze Mobile",)), "identify.contradictory"),
        (Clues(iccid_prefix="898110"), "identify.issuer_only"),
        (Clues(iccid_prefix="8985207"), "identify.roaming_foreign"),
        (Clues(words=("日本SIM",)), "identify.not_identified"),
    ],
)
def test_any_other_state_links_to_the_generic_guide(clues: Clues, explanation: MessageKey) -> None:
    """Each state has its explanation; without one company, `guide` is that of any company."""
    out = present_clues(clues)

    assert is_message(explanation, out.explanation)
    assert out.guide == "/v1/guide?carrier=generic"


def test_a_foreign_issuer_is_named_in_the_explanation() -> None:
    """The explanation of roaming names the issuer, and needs no issuer."""
    out = present_clues(Clues(iccid_prefix="8985207"))
    unnamed = present(Identification(Identity.ROAMING_FOREIGN, [], None))

    assert "Minato Hong Kong" in out.explanation
    assert is_message("identify.roaming_unnamed", unnamed.explanation)


def test_a_brand_without_an_entry_has_the_generic_guide() -> None:
    """An identified brand that the catalogue does not have has no carrier and no own guide."""
    out = present_clues(Clues(words=("Nexta Mobile",)))

    assert [(each.name, each.carrier) for each in out.candidates] == [("Nexta, Inc.", None)]
    assert out.guide == "/v1/guide?carrier=generic"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_cites_listed_sources(language: Language) -> None:
    """The ids that reasons cite are in `sources`, and no other sources are."""
    clues = Clues(
        iccid_prefix="898110",
        apn="tsukimio-h.example",
        visited_network="KumoTel",
        sim_network="440-10",
    )
    out = present_clues(clues, language)

    cited = {source for each in out.candidates for why in each.because for source in why.sources}
    assert cited == {source.id for source in out.sources} == {"I1"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_name_the_country_in_the_language(language: Language) -> None:
    """The code of a country is replaced by its name."""
    out = present_clues(Clues(iccid_prefix="8985207"), language)

    country = EDITION.identification.countries["HK"][language]
    assert country in out.candidates[0].because[0].reason


def test_the_next_clue_says_where_to_look() -> None:
    """`next_clue` has the name of the clue and where to find it on the phone."""
    next_clue = present_clues(Clues(apn="shared.example")).next_clue

    assert next_clue is not None
    assert next_clue.clue is Clue.APN_USERNAME
    assert next_clue.name == EDITION.vocabulary.clues["apn_username"].name["en"]
    assert next_clue.where == "Look for the apn_username"


def test_a_retired_carrier_is_named_by_the_clue() -> None:
    """A candidate whose carrier is not in the catalogue keeps its name, without a link."""
    gone = Candidate(Role.BRAND, "Gone Mobile", "gone-mobile", Confidence.HIGH, ())
    out = present(Identification(Identity.IDENTIFIED, [gone], None))

    assert (out.candidates[0].name, out.candidates[0].carrier) == ("Gone Mobile", None)
    assert out.guide == "/v1/guide?carrier=generic"
