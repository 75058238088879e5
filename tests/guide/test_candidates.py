"""What a procedure requires, loses and depends on, as the guide compares it."""

from app.catalogue.codes import Contract, Evidence, Product
from app.catalogue.goals import Goal
from app.facts.specs import Fact
from app.guide.candidates import Candidate, candidate_of, generic_candidate
from tests.support.builders import Content, step
from tests.support.guide_sample import (
    EIGHT_DAYS,
    ENDS_WHEN_UNPAID,
    RELATIONS,
    applies_to,
    company,
    expiry,
    procedure,
)


def candidate(content: Content) -> Candidate:
    (found,) = company({"it": content}).candidates
    return found


def test_needs_are_those_of_the_acts() -> None:
    """The needs are those of the person's own acts up to the last irreversible one, each once."""
    steps = [
        step("prepare", phase="prepare", needs=["papers"]),
        step("wait", actor="carrier", needs=["line_pin"]),
        step("copy", optional=True, needs=["printer"]),
        step("cancel", needs=["account_login", "papers"], irreversible=True),
        step("survey", needs=["registered_email"]),
        step("check", phase="confirm", needs=["sms_on_line"]),
    ]

    assert candidate(procedure(steps=steps)).needs == ("papers", "account_login")


def test_return_items_are_no_needs_of_an_end() -> None:
    """Items that only go back are needs of a return, and of no procedure that ends the line."""
    steps = [step(needs=["sim_card", "account_login"])]
    ends, returns = (
        candidate(procedure(goal, steps=steps))
        for goal in (Goal.CANCEL_CONTRACT, Goal.RETURN_RENTAL)
    )

    assert ends.needs == ("account_login",)
    assert ends.returned_needs == ("sim_card",)
    assert returns.needs == ("sim_card", "account_login")
    assert returns.returned_needs == ()


def test_questions_are_those_that_can_change_it() -> None:
    """A procedure depends on its needs and on related ones, and a right on every fact."""
    plain = candidate(procedure(needs=["account_login"]))
    right = candidate(
        procedure(
            Goal.INITIAL_CONTRACT_CANCELLATION,
            applies_to=applies_to(sales=["door"], devices=["bought"]),
            timing=[EIGHT_DAYS],
        )
    )

    assert {"product", "account_login", "account_password"} <= plain.questions
    assert plain.questions.isdisjoint({"sale", "device", "line_pin", *Fact})
    assert {"sale", "device", *Fact} <= right.questions


def test_number_is_lost_with_an_end() -> None:
    """Ending a line with a number loses it, first of all; porting out and routers lose none."""
    steps = [step(loses=["phone_number", "email_address"])]

    assert candidate(procedure(steps=steps)).loses == ("phone_number", "email_address")
    assert candidate(procedure()).loses == ("phone_number",)
    assert candidate(procedure(Goal.PORT_OUT, steps=steps)).loses == ("email_address",)
    assert candidate(procedure(applies_to=applies_to("pocket_wifi"))).loses == ()


def test_steps_have_evidence_of_their_own() -> None:
    """A procedure that the company confirms can have steps that only others describe."""
    deadline = {"text": {"en": "Words", "ja": "ことば", "zh-Hans": "文字"}, "sources": ["S1"]}

    found = candidate(procedure(steps=[step(sources=["T1"])], deadline=deadline))

    assert found.evidence is Evidence.MIXED
    assert found.steps_evidence is Evidence.SINGLE_SOURCE


def test_expiry_lapses_or_is_unpaid() -> None:
    """A contract lapses, or ends because it is not paid; a prepaid product does neither."""
    lapses = candidate(procedure(Goal.LET_EXPIRE))
    unpaid = candidate(procedure(Goal.LET_EXPIRE, timing=[ENDS_WHEN_UNPAID]))
    prepaid = candidate(expiry())

    assert (lapses.lapses, lapses.is_by_not_paying) == (True, False)
    assert unpaid.is_by_not_paying
    assert (prepaid.lapses, prepaid.is_by_not_paying) == (False, False)


def test_generic_procedure_is_narrowed_to_the_company() -> None:
    """A generic procedure is for what the company sells, or is left out."""
    lines = applies_to("physical_sim", "esim", contracts=["postpaid", "prepaid"])
    (content,) = company({"it": procedure(applies_to=lines)}).contents
    postpaid = frozenset({Contract.POSTPAID})

    esim = generic_candidate(content, RELATIONS, frozenset({Product.ESIM}), postpaid)

    assert esim
    assert esim.is_generic
    assert esim.codes_of("product") == (Product.ESIM,)
    assert esim.codes_of("contract") == (Contract.POSTPAID,)
    assert candidate_of(content, RELATIONS).id != esim.id
    assert not generic_candidate(content, RELATIONS, frozenset({Product.HOME_ROUTER}), postpaid)
