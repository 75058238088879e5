"""The questions of the guide with the answers to choose from."""

import pytest

from app.catalogue.codes import Applicant, Product
from app.facts.specs import Fact
from app.guide.question_presenter import QuestionPresenter
from app.guide.questions import Question
from app.guide.schemas import QuestionOut
from app.i18n import Language
from app.messages.keys import MessageKey
from tests.support.builders import text
from tests.support.guide_sample import applies_to, company, procedure, sample_guide
from tests.support.messages import is_message
from tests.support.situations import LANGUAGES

OWN = company(
    {"it": procedure(applies_to=applies_to(plans=["large"]))},
    plans={"large": text("Large plan", "大きいプラン", "大套餐")},
)


def present(question: Question, language: Language = LANGUAGES[0]) -> QuestionOut:
    vocabulary = sample_guide().edition.vocabulary
    return QuestionPresenter(vocabulary, language).question(question, OWN.carrier, 3)


def options(question: Question) -> list[str]:
    return [f"{option.parameter}={option.value}" for option in present(question).options]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            Question("product", (Product.ESIM, Product.PHYSICAL_SIM)),
            ["product=esim", "product=physical_sim", "unknown=product"],
        ),
        (
            Question("location", ("japan", "abroad")),
            ["location=japan", "location=abroad", "unknown=location"],
        ),
        (
            Question("keep_number", (True, False)),
            ["keep_number=true", "keep_number=false", "unknown=keep_number"],
        ),
        (
            Question(Fact.SHIPPED, (True, False)),
            ["shipped=true", "shipped=false", "unknown=shipped"],
        ),
        (
            Question("line_pin", (True, False)),
            ["have=line_pin", "lack=line_pin", "unknown=line_pin"],
        ),
        (Question(Fact.BOUGHT_ON, ()), ["unknown=bought_on"]),
        (Question("plan", ("large",)), ["plan=large", "unknown=plan"]),
    ],
)
def test_options_are_parameters_to_add(question: Question, expected: list[str]) -> None:
    """Each option is a parameter of the next request; the last one says it is not known."""
    assert options(question) == expected


def test_offered_answers_replace_those_that_matter() -> None:
    """A question that offers more answers than those that matter lists all of them."""
    question = Question("applicant", (Applicant.HOLDER,), offered=tuple(Applicant))

    assert options(question) == [*(f"applicant={each}" for each in Applicant), "unknown=applicant"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("product", "choice"),
        ("line_pin", "choice"),
        (Fact.ACTIVATED, "choice"),
        (Fact.BOUGHT_ON, "date"),
        (Fact.PLAN_DAYS, "integer"),
    ],
)
def test_type_follows_from_the_fact(name: str, kind: str) -> None:
    """A question has the type of its fact; needs and circumstances are choices."""
    assert present(Question(name, (True, False))).type == kind


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("product", "question.product.why"),
        ("line_pin", "question.need.why"),
        (Fact.BOUGHT_ON, "question.time_limit.why"),
    ],
)
def test_question_says_why_it_is_asked(name: str, why: MessageKey, language: Language) -> None:
    """Every question has words and a reason in the language."""
    question = present(Question(name, (True, False)), language)

    assert question.question
    assert is_message(why, question.why, language)
    assert question.left_at_most == 3


def test_plans_have_the_carriers_names() -> None:
    """The options of a plan are named as in the carrier's file, in the language."""
    question = Question("plan", ("large",))

    assert [present(question, each).options[0].label for each in LANGUAGES] == [
        "Large plan",
        "大きいプラン",
        "大套餐",
    ]
