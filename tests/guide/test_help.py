"""Which supporting procedures restore what a person lacks."""

from app.catalogue.codes import Line
from app.catalogue.goals import Goal
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.help import find_help
from app.guide.situation import Situation
from tests.support.builders import Content
from tests.support.guide import recommend_for
from tests.support.guide_sample import applies_to, company, generic, procedure


def recovery(*restores: str, **fields: object) -> Content:
    base = procedure(Goal.RESTORE_ACCESS, supporting=True, restores=[*restores])
    return base | fields


OWN = company(
    {
        "cancel": procedure(needs=["account_login", "sms_on_line"]),
        "recover": recovery("account_login"),
        "pay": recovery("payment_method"),
    }
)
GENERIC = generic({"replace": recovery("sms_on_line"), "recover": recovery("account_login")})


def offered(situation: Situation, *owners: CarrierProcedures) -> list[tuple[str, list[str]]]:
    advice = recommend_for(OWN, situation)
    found = find_help(advice.assessments, situation, owners or (OWN, GENERIC))
    return [(each.content.slug, [*each.restored]) for each in found]


def test_missing_need_is_restored() -> None:
    """What restores a missing need is offered, with the need."""
    lacking = Situation(lack=frozenset({"account_login"}))

    assert offered(Situation()) == []
    assert offered(lacking) == [("recover", ["account_login"])]


def test_own_help_comes_before_generic_help() -> None:
    """A need that the carrier's own procedure restores is not restored by a generic one again."""
    lacking = Situation(lack=frozenset({"account_login", "sms_on_line"}))

    assert offered(lacking) == [("recover", ["account_login"]), ("replace", ["sms_on_line"])]


def test_needs_outside_of_the_procedures_are_restored() -> None:
    """A need that the person lacks is restored even if no procedure of the carrier needs it."""
    assert offered(Situation(lack=frozenset({"payment_method"}))) == [("pay", ["payment_method"])]


def test_open_bill_offers_help_to_pay() -> None:
    """With an open bill, what helps to pay it is offered, and does not claim to restore a need."""
    without_means = Situation(bill_open=True, lack=frozenset({"payment_method"}))

    assert offered(Situation(bill_open=True)) == [("pay", [])]
    assert offered(without_means) == [("pay", ["payment_method"])]


def test_help_must_fit_the_situation() -> None:
    """Help is left out if it is for others, or cannot be reached from abroad."""
    lacking = Situation(lack=frozenset({"sms_on_line"}), location="abroad")
    in_japan = generic({"replace": recovery("sms_on_line", from_abroad="impossible")})
    for_ended = generic(
        {"replace": recovery("sms_on_line", applies_to=applies_to(lines=[Line.ENDED.value]))}
    )

    assert offered(lacking, GENERIC) == [("replace", ["sms_on_line"])]
    assert offered(lacking, in_japan) == []
    assert offered(lacking, for_ended) == []
