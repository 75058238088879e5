"""Statements about a situation that exclude each other."""

import datetime as dt
from typing import NamedTuple

import pytest

from app.catalogue.codes import Line
from app.facts.specs import Fact
from app.guide.contradictions import contradictions
from app.guide.situation import Situation
from app.i18n import Language
from tests.support.guide_sample import RELATIONS
from tests.support.messages import says
from tests.support.situations import LANGUAGES

TODAY = dt.date(2026, 11, 30)
YESTERDAY = dt.date(2026, 11, 29)
NEW_YEAR = dt.date(2027, 1, 1)


class Case(NamedTuple):
    situation: Situation
    parameter: str
    names: tuple[str, str]


@pytest.mark.parametrize(
    "case",
    [
        Case(
            Situation(line=Line.IN_USE, facts={Fact.ENDED_ON: dt.date(2026, 8, 25)}),
            "ended_on",
            ("ended_on", "line"),
        ),
        Case(
            Situation(line=Line.ENDED, facts={Fact.ENDED_ON: NEW_YEAR}),
            "ended_on",
            ("ended_on", "line"),
        ),
        Case(
            Situation(line=Line.ENDED, facts={Fact.CHOSEN_END_ON: NEW_YEAR}),
            "chosen_end_on",
            ("chosen_end_on", "line"),
        ),
        Case(
            Situation(line=Line.MOVED, facts={Fact.RENEWS_ON: NEW_YEAR}),
            "renews_on",
            ("renews_on", "line"),
        ),
        Case(
            Situation(line=Line.ENDED, number_needed_until=NEW_YEAR),
            "number_needed_until",
            ("number_needed_until", "line"),
        ),
        Case(Situation(line=Line.ENDED, keep_number=True), "keep_number", ("keep_number", "line")),
        Case(
            Situation(
                number_needed_until=dt.date(2027, 1, 2), facts={Fact.CHOSEN_END_ON: NEW_YEAR}
            ),
            "number_needed_until",
            ("number_needed_until", "chosen_end_on"),
        ),
        Case(
            Situation(leaves_japan_on=dt.date(2026, 12, 24), location="abroad"),
            "leaves_japan_on",
            ("leaves_japan_on", "location"),
        ),
        Case(
            Situation(
                have=frozenset({"account_login"}),
                lack=frozenset({"account_password"}),
                relations=RELATIONS,
            ),
            "have",
            ("account_login", "account_password"),
        ),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pairs_that_exclude_each_other_are_both_named(case: Case, language: Language) -> None:
    """Two statements that cannot both be true are a mistake that names both, in the language."""
    errors = list(contradictions(case.situation, TODAY, language))

    assert {(error.parameter, error.code) for error in errors} == {(case.parameter, "excludes")}
    assert all(says("mistake.excludes", error.detail, language) for error in errors)
    assert any(all(name in error.detail for name in case.names) for error in errors)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("situation", "parameter"),
    [
        (Situation(leaves_japan_on=YESTERDAY), "leaves_japan_on"),
        (Situation(number_needed_until=YESTERDAY), "number_needed_until"),
    ],
)
def test_days_to_come_are_not_in_the_past(
    situation: Situation, parameter: str, language: Language
) -> None:
    """The day of leaving and the last day of the number cannot be over."""
    (error,) = contradictions(situation, TODAY, language)

    assert (error.parameter, error.code) == (parameter, "in_the_past")
    assert parameter in error.detail
    assert says("mistake.in_the_past", error.detail, language)


@pytest.mark.parametrize(
    "situation",
    [
        Situation(),
        Situation(line=Line.ENDED, facts={Fact.ENDED_ON: TODAY}),
        Situation(line=Line.MOVED, keep_number=True),
        Situation(leaves_japan_on=TODAY, location="japan"),
        Situation(number_needed_until=NEW_YEAR, facts={Fact.CHOSEN_END_ON: NEW_YEAR}),
        Situation(have=frozenset({"account_password"}), lack=frozenset({"sms_on_line"})),
    ],
)
def test_statements_that_agree_are_accepted(situation: Situation) -> None:
    """Statements that can all be true are no mistake."""
    assert list(contradictions(situation, TODAY, LANGUAGES[0])) == []
