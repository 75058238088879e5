"""What follows from what a person says about their case."""

import pytest

from app.catalogue.codes import Applicant, Line, Product
from app.catalogue.goals import Goal
from app.facts.specs import Fact
from app.guide.situation import Situation
from tests.support.guide import AT
from tests.support.guide_sample import RELATIONS

DAY = AT.date()


@pytest.mark.parametrize(
    ("applicant", "acts_as"),
    [
        (None, {Applicant.HOLDER}),
        (Applicant.HOLDER, {Applicant.HOLDER}),
        (Applicant.PROXY, {Applicant.PROXY, Applicant.FAMILY}),
        (Applicant.FAMILY, {Applicant.FAMILY, Applicant.PROXY}),
        (Applicant.GUARDIAN, {Applicant.GUARDIAN, Applicant.PROXY}),
        (Applicant.HEIR, {Applicant.HEIR}),
    ],
)
def test_applicants_act_for_others(applicant: Applicant | None, acts_as: set[Applicant]) -> None:
    """A relative or guardian can apply as a proxy; the holder is presumed."""
    assert Situation(applicant=applicant).applicants == acts_as


@pytest.mark.parametrize(
    ("situation", "line", "has_ended"),
    [
        (Situation(), Line.IN_USE, False),
        (Situation(line=Line.SUSPENDED), Line.SUSPENDED, False),
        (Situation(line=Line.MOVED), Line.MOVED, True),
        (Situation(goal=Goal.STILL_CHARGED), Line.ENDED, True),
        (Situation(goal=Goal.STILL_CHARGED, line=Line.IN_USE), Line.IN_USE, False),
    ],
)
def test_line_is_in_use_unless_said(situation: Situation, line: Line, *, has_ended: bool) -> None:
    """The line is in use unless the person says otherwise, or asks why they are still charged."""
    assert situation.state_of_line is line
    assert situation.has_ended is has_ended


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("product", Product.ESIM, Situation(product=Product.ESIM)),
        (Fact.BOUGHT_ON, DAY, Situation(facts={Fact.BOUGHT_ON: DAY})),
        ("line_pin", True, Situation(have=frozenset({"line_pin"}))),
        ("line_pin", False, Situation(lack=frozenset({"line_pin"}))),
    ],
)
def test_answers_are_kept(question: str, answer: object, expected: Situation) -> None:
    """An answer is kept as a circumstance, as a fact, or as a need that is there or lacking."""
    answered = Situation().with_answer(question, answer)

    assert answered == expected
    assert answered.settles(question)
    assert not Situation().settles(question)
    assert Situation().with_answer_of(answered, question) == expected


def test_unknown_answers_are_kept() -> None:
    """An answer that the person cannot give settles its question."""
    unknown = Situation(unknown=frozenset({"plan"}))

    assert unknown.settles("plan")
    assert Situation().with_answer_of(unknown, "plan") == unknown


def test_needs_settle_related_needs() -> None:
    """A sign-in settles the question for its password."""
    assert Situation(have=frozenset({"account_login"}), relations=RELATIONS).settles(
        "account_password"
    )


def test_only_unasked_statements_stay_without_answers() -> None:
    """Without its answers, a situation keeps what the guide never asks for."""
    unasked = Situation(goal=Goal.SUSPEND, line=Line.SUSPENDED, bill_open=True)
    answered = unasked.with_answer("location", "abroad").with_answer("line_pin", True)  # noqa: FBT003

    assert answered.without_answers() == unasked
