"""Parts of documents as output: links of fees, reach of contacts, replacements of needs."""

from typing import Any

import pytest

from app.catalogue.charges import Fee
from app.catalogue.codes import Evidence, Possibility
from app.catalogue.content_presenter import ContentPresenter, related
from app.catalogue.documents import Contact, Source, Step
from app.i18n import DEFAULT_LANGUAGE
from tests.support import builders
from tests.support.sample import PHONE

OFFICIAL = builders.source()
BLOG = builders.source(id="S2", kind="third_party", url="https://blog.example/")
PRESENTER = ContentPresenter(
    DEFAULT_LANGUAGE, map(Source.model_validate, (OFFICIAL, BLOG)), builders.vocabulary()
)


def check_link(price: int | None = None, **fields: Any) -> str | None:  # noqa: ANN401 - of a fee
    """Return the link of a fee to its check."""
    fee = Fee.model_validate(
        {"what": builders.text(), "kind": "early_cancellation", "sources": ["S1"]} | fields
    )
    return PRESENTER.fee(fee, "example", price).check


@pytest.mark.parametrize(
    ("amount", "query"),
    [
        ({"exact": 5000, "tax": "included"}, "&quoted_jpy=5000"),
        ({"exact": 5000}, "&quoted_jpy=5000"),
        ({"exact": 5000, "tax": "excluded"}, ""),
        ({"exact": 5000, "per": "remaining_month"}, ""),
        ({"min": 1000, "max": 5000}, ""),
        ({"percent": 50}, ""),
        (None, ""),
    ],
)
def test_a_fee_for_leaving_links_to_its_check(amount: dict[str, object] | None, query: str) -> None:
    """The link has the amount only if it is one sum with tax, as the caps are."""
    assert check_link(amount=amount) == f"/v1/fee-check?carrier=example{query}"


def test_the_link_of_a_fee_has_the_known_price() -> None:
    """The price of a month is in the link where the procedure states it."""
    link = check_link(3278, amount={"exact": 5000})

    assert link == "/v1/fee-check?carrier=example&quoted_jpy=5000&monthly_price_jpy=3278"


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "return", "amount": {"exact": 5000}},
        {"amount": {"exact": 0}},
        {"amount": {"exact": 50, "currency": "USD"}},
    ],
)
def test_a_fee_without_a_cap_has_no_link(fields: dict[str, Any]) -> None:
    """Other fees, fees of 0, and fees in another currency have no check."""
    assert check_link(**fields) is None


@pytest.mark.parametrize(
    ("address", "stated", "shown"),
    [
        ("0120-000-000", "unknown", Possibility.IMPOSSIBLE),
        ("03-6327-1632", "unknown", Possibility.POSSIBLE),
        ("03-6327-1632", "impossible", Possibility.IMPOSSIBLE),
        (None, "unknown", Possibility.UNKNOWN),
    ],
)
def test_the_numbering_plan_decides_where_no_source_does(
    address: str | None, stated: str, shown: Possibility
) -> None:
    """`from_abroad` of a phone is what sources state, otherwise what its number allows."""
    contact = Contact.model_validate({**PHONE, "address": address, "from_abroad": stated})

    assert PRESENTER.contact(contact).from_abroad is shown


@pytest.mark.parametrize(
    ("sources", "evidence"),
    [(["S1"], Evidence.OFFICIAL), (["S2"], Evidence.SINGLE_SOURCE), (["S1", "S2"], Evidence.MIXED)],
)
def test_a_step_is_graded_by_its_own_sources(sources: list[str], evidence: Evidence) -> None:
    """The evidence of a step follows from the sources that it cites."""
    step = Step.model_validate(builders.step(sources=sources))

    assert PRESENTER.step(1, step).evidence is evidence


def test_a_need_lists_the_replacements_of_its_step() -> None:
    """What replaces a need in the step is listed before its replacements anywhere."""
    step = Step.model_validate(
        builders.step(needs=["line_pin"], replaced_by={"line_pin": [["birth_date"]]})
    )

    (need,) = PRESENTER.step(1, step).needs

    assert need.code == "line_pin"
    assert [term.code for term in need.replaced_by[0]] == ["birth_date"]


def test_a_code_that_left_the_vocabulary_is_its_own_name() -> None:
    """Old revisions keep codes that the vocabulary no longer has."""
    assert PRESENTER.term("old_code", {}).name == "old_code"


def test_a_related_procedure_is_of_the_same_carrier_by_default() -> None:
    """An address without a carrier is one of the carrier's own procedures."""
    own, other = related("cancel", "example"), related("other/cancel", "example")

    assert (own.carrier, own.url) == ("example", "/v1/carriers/example/procedures/cancel")
    assert (other.carrier, other.url) == ("other", "/v1/carriers/other/procedures/cancel")
