"""The response of the fee check: verdicts, rules, sources, and the facts that are missing."""

import datetime as dt

import pytest

from app.catalogue.codes import Evidence, Operator
from app.catalogue.records import CarrierView
from app.fees.fee_cap import assess_fee
from app.fees.schemas import FeeCheckOut, FeeCheckQuery
from app.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language
from app.messages.formatter import format_number
from app.messages.keys import MessageKey
from tests.support.editions import carrier_view, edition
from tests.support.fee_caps import AMOUNT, regulation
from tests.support.messages import is_message

DESIGNATED, OTHER = Operator.DESIGNATED, Operator.OTHER
LONG_AGO, FIRST, SECOND = dt.date(2005, 1, 1), dt.date(2015, 1, 1), dt.date(2026, 8, 10)
"""A day in each of the three periods of the caps."""


def check(
    contracted_on: dt.date | None = SECOND,
    operator: Operator | None = DESIGNATED,
    *,
    quoted: int | None = None,
    monthly: int | None = None,
    language: Language = DEFAULT_LANGUAGE,
) -> FeeCheckOut:
    return present(
        FeeCheckQuery(
            contract_started_on=contracted_on,
            operator_kind=operator,
            quoted_jpy=quoted,
            monthly_price_jpy=monthly,
        ),
        language=language,
    )


def present(
    query: FeeCheckQuery,
    carrier: CarrierView | None = None,
    language: Language = DEFAULT_LANGUAGE,
) -> FeeCheckOut:
    result = assess_fee(
        regulation(),
        query.contract_started_on,
        query.operator_kind,
        query.quoted_jpy,
        query.monthly_price_jpy,
    )
    return FeeCheckOut.of(edition(regulation=regulation()), carrier, query, result, language)


@pytest.mark.parametrize(
    ("out", "verdict"),
    [
        (check(LONG_AGO, quoted=5000), "fee_check.no_cap"),
        (check(FIRST, OTHER, quoted=5000), "fee_check.no_cap"),
        (check(FIRST, quoted=5000), "fee_check.above"),
        (check(FIRST, quoted=1000), "fee_check.within"),
        (check(FIRST), "fee_check.nothing_quoted"),
        (check(quoted=1000), "fee_check.needs_price"),
        (check(None, quoted=5000), "fee_check.needs_date"),
        (check(None), "fee_check.needs_date"),
        (check(operator=None, quoted=5000, monthly=5000), "fee_check.operator_unknown"),
        (check(operator=None, quoted=5000, monthly=900), "fee_check.above_in_all_cases"),
    ],
)
def test_each_result_has_its_verdict(out: FeeCheckOut, verdict: MessageKey) -> None:
    """The verdict says in a sentence how the fee compares, or what is missing to say it."""
    assert is_message(verdict, out.verdict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_verdict_has_the_amounts_of_the_language(language: Language) -> None:
    """The fee and the cap are in the sentence, with the separators of the language."""
    verdict = check(FIRST, quoted=1500, language=language).verdict

    assert is_message("fee_check.within", verdict, language)
    assert format_number(1500, language) in verdict
    assert format_number(AMOUNT, language) in verdict


@pytest.mark.parametrize(
    ("out", "needs"),
    [
        (check(FIRST, quoted=5000), []),
        (check(quoted=1000), ["monthly_price_jpy"]),
        (check(quoted=5000), []),
        (check(operator=None, quoted=5000), ["monthly_price_jpy"]),
        (check(None, operator=None, quoted=1000), ["contract_started_on", "monthly_price_jpy"]),
    ],
)
def test_facts_that_would_help_are_listed(out: FeeCheckOut, needs: list[str]) -> None:
    """The day of the contract and the price of a month are asked for only if they can decide."""
    assert out.needs_facts == needs


def test_the_rule_of_a_single_case_is_shown() -> None:
    """With one case, its rule is that of the check; with several, each case has its own."""
    single, several = check(), check(operator=None)

    assert single.rule == single.cases[0].rule
    assert single.rule is not None
    assert single.rule.text == "A cap: lower_of_both"
    assert several.rule is None
    assert [case.rule and case.rule.text for case in several.cases] == [
        "A cap: lower_of_both",
        "A cap: monthly_charge",
    ]


def test_only_cited_sources_are_listed() -> None:
    """`sources` has those of the rules and limits, and no others of the document."""
    out = check()

    assert [limit.text for limit in out.limits] == ["Not of phones"]
    assert [source.id for source in out.sources] == ["R1", "R2"]


@pytest.mark.parametrize("value", [True, False])
def test_a_designation_has_its_sources(*, value: bool) -> None:
    """What the carrier's file says of the operator is shown with its sources and evidence."""
    carrier = carrier_view(designated_operator={"value": value, "sources": ["S1"]})
    designation = present(FeeCheckQuery(), carrier).designation

    assert designation is not None
    assert designation.value is value
    assert [source.id for source in designation.sources] == ["S1"]
    assert designation.evidence is Evidence.OFFICIAL


def test_an_unknown_designation_is_null() -> None:
    """A carrier whose file says nothing of the operator has no designation."""
    out = present(FeeCheckQuery(), carrier_view())

    assert (out.designation, out.operator_kind) == (None, None)
    assert out.carrier is not None
    assert out.carrier.id == "example"
