"""What the guide can ask about procedures, and which questions are settled."""

import datetime as dt
from collections.abc import Sequence

from app.catalogue.codes import Applicant, Device, Sale
from app.catalogue.goals import Goal
from app.facts.specs import Fact
from app.guide import questions
from app.guide.questions import Priority, Question, open_questions, unknown_questions
from app.guide.situation import Situation
from tests.support.builders import Content, step
from tests.support.guide import AT, UNKNOWN
from tests.support.guide_sample import (
    BOOKING_UNTIL_SHIPPED,
    EIGHT_DAYS,
    RELATIONS,
    applies_to,
    company,
    in_shop,
    procedure,
)


def ask_about(*procedures: Content, situation: Situation = UNKNOWN) -> list[Question]:
    own = company({f"procedure-{number}": each for number, each in enumerate(procedures)})
    return open_questions(own.candidates, situation, AT)


def names(found: Sequence[Question]) -> list[str]:
    return [question.name for question in found]


def test_nothing_is_asked_about_a_single_procedure() -> None:
    """A procedure for one product and contract, from anywhere and without needs, has none."""
    assert ask_about(procedure()) == []


def test_place_is_asked_unless_it_works_from_abroad() -> None:
    """The place is asked if any procedure is not known to work from abroad."""
    (question,) = ask_about(in_shop(), procedure())

    assert question == Question("location", ("japan", "abroad"), Priority.LOCATION)


def test_applicants_are_asked_if_there_are_several() -> None:
    """The question for the applicant tries those that matter, and offers all of them."""
    (question,) = ask_about(procedure(applies_to=applies_to(applicants=["heir"])))

    assert question.name == "applicant"
    assert question.answers == [Applicant.HOLDER, Applicant.HEIR]
    assert question.offered == tuple(Applicant)
    assert question.priority is Priority.APPLICANT


def test_several_codes_are_asked_for() -> None:
    """The product, the contract and the plan are asked if procedures differ in them."""
    found = ask_about(
        procedure(applies_to=applies_to("physical_sim", plans=["large"])),
        procedure(applies_to=applies_to("esim", contracts=["prepaid"], plans=["small"])),
    )

    assert [(question.name, question.answers) for question in found] == [
        ("product", ["esim", "physical_sim"]),
        ("contract", ["postpaid", "prepaid"]),
        ("plan", ["large", "small"]),
    ]


def test_number_is_asked_if_it_can_be_ported() -> None:
    """The number is asked about if porting out exists and the goal does not decide on it."""
    port_out = procedure(Goal.PORT_OUT)

    assert names(ask_about(port_out)) == ["keep_number"]
    assert ask_about(port_out, situation=Situation(goal=Goal.CANCEL_CONTRACT)) == []
    assert names(ask_about(port_out, situation=Situation(goal=Goal.SUSPEND))) == ["keep_number"]


def test_needs_are_asked_once_with_what_replaces_them() -> None:
    """Each need is asked once, with its replacements; a need that another includes is not."""
    steps = [
        step("sign-in", needs=["account_login", "account_password"]),
        step(
            "prove",
            needs=["line_pin", "account_login"],
            replaced_by={"line_pin": [["order_number", "working_phone"]]},
        ),
    ]

    found = ask_about(procedure(steps=steps))

    assert names(found) == ["account_login", "line_pin", "order_number", "working_phone"]
    assert all(question.answers == (True, False) for question in found)


def test_needs_that_everybody_has_are_not_asked() -> None:
    """A need that the vocabulary marks as not asked for gives no question."""
    assert ask_about(procedure(needs=["registered_address"])) == []


def test_condition_about_needs_is_asked() -> None:
    """A procedure for people who lack something asks for that."""
    conditional = procedure(conditional=True, only_lacking=["account_login"])

    assert names(ask_about(conditional)) == ["account_login"]


def test_rights_ask_for_their_dates_and_events() -> None:
    """A right that lapses asks for what closes it, after all other questions."""
    booking = ask_about(procedure(Goal.CANCEL_BOOKING, timing=[BOOKING_UNTIL_SHIPPED]))
    first_days = ask_about(procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS]))

    assert names(booking) == [Fact.SHIPPED, Fact.RENTAL_STARTS_ON]
    assert names(first_days) == [Fact.CONTRACT_RECEIVED_ON, Fact.SERVICE_STARTED_ON]
    assert {question.priority for question in (*booking, *first_days)} == {
        Priority.EARLY_CANCELLATION
    }
    assert first_days[0].answers == (AT.date(), AT.date() - dt.timedelta(days=400))


def test_sale_and_device_are_asked_if_they_matter() -> None:
    """The sale and the device are asked if a procedure is only for some of them."""
    found = ask_about(procedure(applies_to=applies_to(sales=["door"], devices=["bought"])))

    assert [(question.name, question.answers) for question in found] == [
        ("sale", tuple(Sale)),
        ("device", tuple(Device)),
    ]


def test_settled_questions_are_not_open() -> None:
    """A question that is answered, or cannot be answered, is not open."""
    shop = in_shop()
    unknown = Situation(unknown=frozenset({"location"}))

    assert ask_about(shop, situation=Situation(location="japan")) == []
    assert ask_about(shop, situation=unknown) == []
    assert names(unknown_questions(company({"shop": shop}).candidates, unknown, AT)) == ["location"]


def test_included_needs_settle_each_other() -> None:
    """A person who lacks a password has settled the question for the sign-in."""
    lacking = Situation(lack=frozenset({"account_password"}), relations=RELATIONS)

    assert ask_about(procedure(needs=["account_login"]), situation=lacking) == []


def test_only_own_questions_count_as_asked() -> None:
    """Answers to questions about other procedures do not count as asked."""
    candidates = company({"online": procedure(needs=["account_login"])}).candidates
    situation = Situation(have=frozenset({"account_login", "line_pin"}), location="japan")

    assert questions.asked(candidates, situation, AT) == 1
