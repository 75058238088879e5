"""Claims about the identification that hold for every document of clues."""

from hypothesis import strategies as st

from app.catalogue.codes import Confidence, Identity, Role
from app.catalogue.identification import IdentificationDocument
from app.identify.identification import Candidate, Clues, Identification
from app.identify.matching import identify


def brand_candidates(found: Identification) -> list[Candidate]:
    """Return the candidates for the company behind the SIM."""
    return [candidate for candidate in found.candidates if candidate.role is Role.BRAND]


def clues_of(document: IdentificationDocument) -> st.SearchStrategy[Clues]:
    """Any card, network and access point of the document, each given or not."""
    prefixes = st.none() | st.sampled_from([row.prefix for row in document.iccid_prefixes])
    networks = st.none() | st.sampled_from([row.code for row in document.sim_networks])
    points = st.none() | st.sampled_from([row.apn for row in document.access_points])
    return st.builds(
        Clues, iccid_prefix=prefixes, sim_network=networks, visited_network=networks, apn=points
    )


def check_identified_means_one_brand(document: IdentificationDocument, clues: Clues) -> None:
    """Check that one confident brand is identified, and that otherwise a clue is asked for."""
    found = identify(document, clues, {})

    brands = brand_candidates(found)
    if found.state is Identity.IDENTIFIED:
        assert len(brands) == 1
        assert brands[0].confidence is not Confidence.LOW
        assert found.next_clue is None
    elif len(clues.given()) < 4:
        assert found.next_clue is not None
        assert found.next_clue not in clues.given()


def check_visited_network_names_no_brand(document: IdentificationDocument, clues: Clues) -> None:
    """Check that the network on the screen changes neither the state nor the brands."""
    without = identify(document, Clues(clues.iccid_prefix, clues.sim_network, None, clues.apn), {})
    with_it = identify(document, clues, {})

    assert without.state is with_it.state
    assert brand_candidates(without) == brand_candidates(with_it)
