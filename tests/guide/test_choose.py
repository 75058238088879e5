"""Which procedure is the one to take, if every open question is answered in its favour."""

import datetime as dt
from dataclasses import replace

import pytest

from app.catalogue.codes import Applicant, Device
from app.catalogue.goals import Goal
from app.facts.specs import Fact, FactValue
from app.guide.assess import assess
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.choose import Choice, choose, without_covered
from app.guide.situation import Situation
from tests.support.builders import Content, step, text
from tests.support.guide import AT, UNKNOWN, candidates_of, names
from tests.support.guide_sample import (
    EIGHT_DAYS,
    ENDS_WHEN_UNPAID,
    REFUND_UNTIL_ACTIVATED,
    RELATIONS,
    applies_to,
    company,
    expiry,
    generic,
    in_shop,
    procedure,
)

RENTED = Situation(device=Device.RENTED)

FIVE_NEEDS = ["account_login", "sms_on_line", "line_pin", "order_number", "customer_number"]


def choose_for(own: CarrierProcedures, situation: Situation = UNKNOWN) -> Choice:
    stated = replace(situation, relations=RELATIONS)
    return choose(assess(own.candidates, stated, AT), stated)


def chosen(procedures: dict[str, Content], situation: Situation = UNKNOWN) -> list[str]:
    return names(choose_for(company(procedures), situation).all)


def uncovered(
    own: CarrierProcedures, others: CarrierProcedures, situation: Situation = UNKNOWN
) -> list[str]:
    return names(without_covered(assess(candidates_of(own, others), situation, AT)))


def two_steps() -> list[Content]:
    return [step("sign-in"), step("confirm")]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        # A site comes before a letter, though it takes more effort in all.
        (procedure(needs=FIVE_NEEDS, unknowns=[{"text": text()}] * 5), procedure(channel="post")),
        (procedure(channel="phone"), in_shop()),
        (procedure(), procedure(steps=two_steps())),
        # Asking for the end comes before waiting for it.
        (procedure(), procedure(Goal.LET_EXPIRE, channel="none")),
        # What costs nothing comes before an end that is charged.
        (expiry(), procedure()),
        # Official evidence comes before mixed evidence.
        (
            procedure(),
            procedure(steps=[step(sources=["S1", "T1"])]),
        ),
    ],
)
def test_less_effort_is_chosen(better: Content, worse: Content) -> None:
    """Of two procedures that end the line, the cheaper and easier one is chosen."""
    assert chosen({"b-better": better, "a-worse": worse}) == ["b-better"]


def test_blocked_procedure_is_not_chosen() -> None:
    """If the easier procedure needs something that the person lacks, the other one is chosen."""
    procedures = {"online": procedure(needs=["sms_on_line"]), "post": procedure(channel="post")}

    assert chosen(procedures) == ["online"]
    assert chosen(procedures, Situation(lack=frozenset({"sms_on_line"}))) == ["post"]


def test_confirmed_from_abroad_is_chosen_abroad() -> None:
    """Abroad, a procedure that is known to work from there comes before a doubtful one."""
    procedures = {"online": procedure(from_abroad="unknown"), "post": procedure(channel="post")}

    assert chosen(procedures) == ["online"]
    assert chosen(procedures, Situation(location="abroad")) == ["post"]


@pytest.mark.parametrize(
    "content",
    [
        procedure(steps=[step(sources=["T1"])]),
        procedure(Goal.STOP_RENEWAL, outcome="unknown"),
        procedure(Goal.LET_EXPIRE, channel="none", timing=[ENDS_WHEN_UNPAID]),
        procedure(channel="unknown"),
        procedure(conditional=True),
        procedure(applies_to=applies_to(applicants=["heir"])),
        procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS]),
        procedure(Goal.SUSPEND),
    ],
    ids=[
        "third parties",
        "outcome unknown",
        "not paying",
        "channel unknown",
        "conditional",
        "another applicant",
        "a right that may be over",
        "ends nothing",
    ],
)
def test_doubtful_procedures_are_not_chosen(content: Content) -> None:
    """The guide sends nobody to a procedure that is doubtful or for other people."""
    assert chosen({"doubtful": content}) == []


def test_open_right_of_the_first_days_is_chosen() -> None:
    """A right of the first days is chosen while its window is known to be open."""
    procedures = {
        "cancel": procedure(),
        "eight-days": procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS]),
    }
    today = AT.date()
    received = Situation(facts={Fact.CONTRACT_RECEIVED_ON: today, Fact.SERVICE_STARTED_ON: today})

    assert chosen(procedures) == ["cancel"]
    assert chosen(procedures, received) == ["eight-days"]


def test_heirs_get_their_procedure() -> None:
    """An heir gets the procedure for heirs, and the holder gets the holder's."""
    procedures = {
        "online": procedure(),
        "after-death": procedure(channel="post", applies_to=applies_to(applicants=["heir"])),
    }

    assert chosen(procedures) == ["online"]
    assert chosen(procedures, Situation(applicant=Applicant.HEIR)) == ["after-death"]


NUMBER = {"cancel": procedure(), "port-out": procedure(Goal.PORT_OUT)}


@pytest.mark.parametrize(
    ("keep_number", "expected"), [(None, "cancel"), (True, "port-out"), (False, "cancel")]
)
def test_number_decides_on_porting_out(keep_number: bool | None, expected: str) -> None:  # noqa: FBT001
    """Porting out is chosen only by a person who wants to keep the number."""
    assert chosen(NUMBER, Situation(keep_number=keep_number)) == [expected]


def test_ends_that_can_lose_the_number_are_not_chosen() -> None:
    """A person who keeps the number is not sent to an end that can lose it, if porting exists."""
    procedures = {
        "port-out": procedure(Goal.PORT_OUT, needs=["account_login"]),
        "let-expire": expiry(),
    }
    lacking = Situation(keep_number=True, lack=frozenset({"account_login"}))

    assert chosen(procedures, Situation(keep_number=True)) == ["port-out"]
    assert chosen(procedures, lacking) == []


GOALS = {
    "let-expire": expiry(),
    "refund": procedure(Goal.REQUEST_REFUND, timing=[REFUND_UNTIL_ACTIVATED]),
    "close-account": procedure(Goal.CLOSE_ACCOUNT),
}


@pytest.mark.parametrize(
    ("stated", "pursued", "expected"),
    [
        (None, None, ["let-expire"]),
        (Goal.LET_EXPIRE, Goal.LET_EXPIRE, ["let-expire"]),
        (Goal.CLOSE_ACCOUNT, Goal.CLOSE_ACCOUNT, ["close-account"]),
        # Whether the refund is still open is not known.
        (Goal.REQUEST_REFUND, Goal.REQUEST_REFUND, []),
        # No procedure has these goals: an end replaces an end, and never a pause.
        (Goal.CANCEL_CONTRACT, None, ["let-expire"]),
        (Goal.SUSPEND, None, []),
    ],
)
def test_stated_goal_decides(
    stated: Goal | None, pursued: Goal | None, expected: list[str]
) -> None:
    """The stated goal decides; an account is closed only by a person who asks for that."""
    choice = choose_for(company(GOALS), Situation(goal=stated))

    assert names(choice.all) == expected
    assert choice.goal is pursued


@pytest.mark.parametrize(
    ("stated", "nearest"),
    [
        (Goal.SUSPEND, Goal.REPORT_LOSS),
        (Goal.RETURN_RENTAL, Goal.REPORT_LOSS),
    ],
)
def test_nearest_goal_is_pursued(stated: Goal, nearest: Goal) -> None:
    """If no procedure achieves the goal, the nearest goal that one achieves is pursued."""
    choice = choose_for(company({"near": procedure(nearest)}), Situation(goal=stated))

    assert choice.goal is nearest
    assert names(choice.all) == ["near"]


RENTAL = {
    "cancel": procedure(applies_to=applies_to("pocket_wifi")),
    "return": procedure(
        Goal.RETURN_RENTAL, applies_to=applies_to("pocket_wifi", devices=["rented"])
    ),
}


def test_rented_device_is_returned_with_the_end() -> None:
    """A return is chosen with the end if the device is rented, or the person cannot say."""
    assert chosen(RENTAL) == ["cancel"]
    assert chosen(RENTAL, RENTED) == ["cancel", "return"]
    assert chosen(RENTAL, Situation(device=Device.BOUGHT)) == ["cancel"]
    assert chosen(RENTAL, Situation(unknown=frozenset({"device"}))) == ["cancel", "return"]


def test_return_alone_ends_a_rental() -> None:
    """Where nothing ends the line, the return of the rented device is chosen alone."""
    assert chosen({"return": RENTAL["return"]}, RENTED) == ["return"]


def test_cancelled_booking_needs_no_return() -> None:
    """A booking that is cancelled has not been sent, so nothing is returned."""
    wifi = applies_to("pocket_wifi")
    procedures = RENTAL | {"booking": procedure(Goal.CANCEL_BOOKING, applies_to=wifi)}
    not_started = replace(RENTED, facts={Fact.RENTAL_STARTS_ON: AT.date() + dt.timedelta(20)})

    assert chosen(procedures, not_started) == ["booking"]


def test_open_refund_goes_with_the_end() -> None:
    """A refund is chosen with the end while it is known to be open."""
    facts: dict[Fact, FactValue] = {Fact.BOUGHT_ON: AT.date(), Fact.ACTIVATED: False}

    assert chosen(GOALS, Situation(facts=facts)) == ["let-expire", "refund"]
    assert chosen(GOALS, Situation(facts=facts | {Fact.ACTIVATED: True})) == ["let-expire"]


def test_pause_needs_no_refund_and_no_return() -> None:
    """With a goal that ends nothing, only the procedure for it is chosen."""
    procedures = {
        "suspend": procedure(Goal.SUSPEND),
        "refund": procedure(Goal.REQUEST_REFUND, timing=[REFUND_UNTIL_ACTIVATED]),
        "return": procedure(Goal.RETURN_RENTAL),
    }
    facts: dict[Fact, FactValue] = {Fact.BOUGHT_ON: AT.date(), Fact.ACTIVATED: False}

    assert chosen(procedures, Situation(goal=Goal.SUSPEND, facts=facts)) == ["suspend"]


def test_own_procedure_covers_the_generic_one() -> None:
    """A generic procedure is left out if the carrier has one for it, even one that is blocked."""
    for_heirs = procedure(applies_to=applies_to(applicants=["heir"]))
    others = generic({"cancel": procedure(channel="post")})
    abroad = Situation(location="abroad")

    assert uncovered(company({"shop": in_shop()}), others, abroad) == ["shop"]
    assert uncovered(company({"heirs": for_heirs}), others) == ["heirs", "generic/cancel"]


def test_generic_right_of_the_first_days_stays() -> None:
    """The generic right of the first days is kept with any end, since it costs less."""
    eight_days = procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS])

    assert uncovered(company({"online": procedure()}), generic({"eight-days": eight_days})) == [
        "online",
        "generic/eight-days",
    ]


def test_closing_an_account_covers_no_generic_end() -> None:
    """A procedure that is only chosen when asked for leaves the generic ends in place."""
    own = company({"close": procedure(Goal.CLOSE_ACCOUNT)})

    assert uncovered(own, generic({"cancel": procedure()})) == ["close", "generic/cancel"]


def test_only_what_is_lacking_is_restored() -> None:
    """With the goal to restore access, only a procedure for what is lacking is chosen."""
    procedures = {
        "recover": procedure(Goal.RESTORE_ACCESS, restores=["account_login"]),
        "replace": procedure(Goal.RESTORE_ACCESS, restores=["sms_on_line"]),
    }
    goal = Goal.RESTORE_ACCESS

    assert chosen(procedures, Situation(goal=goal)) == []
    assert chosen(procedures, Situation(goal=goal, lack=frozenset({"sms_on_line"}))) == ["replace"]
