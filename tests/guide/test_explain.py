"""What is said about each procedure, and in which order the procedures are listed."""

import datetime as dt

import pytest

from app.catalogue.codes import Applicant, Device, Product, Verdict
from app.catalogue.goals import GOALS, Goal
from app.facts.specs import Fact
from app.guide.situation import Situation
from app.messages.keys import MessageKey
from tests.support.builders import Content, step
from tests.support.guide import AT, UNKNOWN, find, names, reasons, recommend_for
from tests.support.guide_sample import (
    EIGHT_DAYS,
    ENDS_WHEN_UNPAID,
    EXPIRES,
    REFUND_UNTIL_ACTIVATED,
    applies_to,
    company,
    expiry,
    in_shop,
    procedure,
)

OFFICIAL_BUT_NOT_ITS_STEPS = procedure(
    steps=[step(sources=["T1"])],
    condition=None,
    deadline={"text": {"en": "Words", "ja": "ことば", "zh-Hans": "文字"}, "sources": ["S1"]},
)


def said(
    procedures: dict[str, Content], name: str, situation: Situation = UNKNOWN
) -> list[MessageKey]:
    return reasons(recommend_for(company(procedures), situation), name)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (procedure(), GOALS[Goal.CANCEL_CONTRACT].reason),
        (expiry(), "guide.let_expire"),
        (procedure(Goal.LET_EXPIRE, channel="none", timing=[EXPIRES]), "guide.lapses"),
        (procedure(Goal.STOP_RENEWAL), "guide.stop_renewal"),
    ],
)
def test_recommendation_begins_with_its_goal(content: Content, key: MessageKey) -> None:
    """A recommended procedure says first what it does; a contract that lapses is no expiry."""
    advice = recommend_for(company({"it": content}))

    assert find(advice, "it").verdict is Verdict.RECOMMENDED
    assert reasons(advice, "it") == [key]


def test_steps_of_third_parties_are_named() -> None:
    """A recommendation whose steps only third parties describe says so; others do not."""
    assert said({"it": OFFICIAL_BUT_NOT_ITS_STEPS}, "it") == [
        "guide.cancel_contract",
        "guide.steps_from_others",
    ]
    assert "guide.steps_from_others" not in said({"it": procedure()}, "it")


def test_own_dates_are_named_with_the_recommendation() -> None:
    """The day of leaving and the last day of the number are named where they matter."""
    dates = Situation(
        location="japan",
        keep_number=False,
        leaves_japan_on=dt.date(2026, 12, 24),
        number_needed_until=dt.date(2026, 12, 20),
    )

    assert said({"it": in_shop()}, "it", dates) == [
        "guide.cancel_contract",
        "guide.number_needed_until",
        "guide.before_leaving",
    ]
    assert said({"it": expiry()}, "it", dates) == ["guide.let_expire"]


def test_doubt_from_abroad_is_named() -> None:
    """Abroad, a procedure that may not work from there says so."""
    abroad = Situation(location="abroad")

    assert said({"it": procedure(from_abroad="unknown")}, "it", abroad) == [
        "guide.cancel_contract",
        "guide.abroad_unknown",
    ]


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (
            procedure(Goal.LET_EXPIRE, channel="none", timing=[ENDS_WHEN_UNPAID]),
            ["guide.by_not_paying"],
        ),
        (procedure(channel="unknown"), ["guide.how_unknown"]),
        (procedure(channel="post"), ["guide.also_possible"]),
        (procedure(Goal.CLOSE_ACCOUNT), ["guide.also_possible"]),
        (procedure(Goal.SUSPEND), ["guide.ends_nothing"]),
        (
            procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS], conditional=True),
            ["guide.conditional", "guide.right_depends"],
        ),
        (
            procedure(Goal.REQUEST_REFUND, timing=[REFUND_UNTIL_ACTIVATED]),
            ["guide.right_depends"],
        ),
        (procedure(Goal.REQUEST_REFUND), ["guide.right_unknown"]),
        (procedure(steps=[step(sources=["T1"])]), ["guide.unverified"]),
    ],
)
def test_other_procedures_say_why_they_are_not_chosen(
    content: Content, keys: list[MessageKey]
) -> None:
    """A procedure beside the recommended one says why it is not the one to take."""
    assert said({"best": procedure(), "other": content}, "other") == keys


def test_goal_reached_elsewhere_is_named() -> None:
    """With a stated goal, procedures for other goals say that; ends name themselves to a pause."""
    procedures = {"cancel": procedure(), "loss": procedure(Goal.REPORT_LOSS)}

    assert said(procedures, "loss", Situation(goal=Goal.CANCEL_CONTRACT)) == ["guide.other_goal"]
    assert said(procedures, "cancel", Situation(goal=Goal.REPORT_LOSS)) == ["guide.ends_it"]


def test_number_at_risk_is_named() -> None:
    """A person who wants to keep the number sees which end can lose it."""
    today = AT.date()
    received = Situation(
        keep_number=True,
        facts={Fact.CONTRACT_RECEIVED_ON: today, Fact.SERVICE_STARTED_ON: today},
    )
    procedures = {
        "port-out": procedure(Goal.PORT_OUT),
        "eight-days": procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS]),
    }

    assert "guide.can_lose_number" in said(procedures, "eight-days", received)


def test_window_that_may_be_over_is_named() -> None:
    """A right whose dates are given, and may have closed it, says that it may be over."""
    days_ago = AT.date() - dt.timedelta(days=20)
    dates = Situation(
        facts={Fact.CONTRACT_RECEIVED_ON: days_ago, Fact.SERVICE_STARTED_ON: AT.date()}
    )
    first_days = procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS])

    assert said({"it": first_days}, "it", dates) == ["guide.right_may_be_over"]


def test_open_decision_is_named() -> None:
    """While an answer decides, the procedure that would be taken names the question."""
    procedures = {"cancel": procedure(), "port-out": procedure(Goal.PORT_OUT)}

    assert said(procedures, "cancel") == ["guide.number_decides"]
    assert said(procedures, "port-out") == ["guide.number_decides"]


def test_open_dates_of_the_first_days_are_named() -> None:
    """While the dates of the first days decide, the end that would be taken says so once."""
    procedures = {
        "cancel": procedure(),
        "eight-days": procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS]),
    }

    assert said(procedures, "cancel") == ["guide.first_days_decide"]


def test_return_names_the_device_that_decides() -> None:
    """A return says that it depends on the device, until it is known whose that is."""
    rented = procedure(Goal.RETURN_RENTAL, applies_to=applies_to("pocket_wifi", devices=["rented"]))
    procedures = {"cancel": procedure(applies_to=applies_to("pocket_wifi")), "return": rented}

    assert "guide.device_decides" in said(procedures, "return")
    assert said(procedures, "return", Situation(device=Device.RENTED)) == ["guide.return_rental"]


ORDER = company(
    {
        "a-conditional": procedure(conditional=True),
        "b-unverified": procedure(steps=[step(sources=["T1"])]),
        "c-blocked": procedure(needs=["sms_on_line"]),
        "d-possible": procedure(channel="post"),
        "e-esim": procedure(applies_to=applies_to("esim")),
        "f-pause": procedure(Goal.SUSPEND),
        "g-heir": procedure(applies_to=applies_to(applicants=["heir"])),
        "h-proxy": procedure(applies_to=applies_to(applicants=["proxy"])),
        "i-best": procedure(),
        "j-eight-days": procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS]),
        "k-return": procedure(Goal.RETURN_RENTAL, applies_to=applies_to(devices=["rented"])),
    }
)
STATED = Situation(
    product=Product.PHYSICAL_SIM,
    lack=frozenset({"sms_on_line"}),
    device=Device.NONE,
    unknown=frozenset({"applicant", "contract_received_on", "service_started_on"}),
)


def test_procedures_are_listed_by_their_use() -> None:
    """The person's ends come first, by verdict; then those of proxies, of others, and the rest."""
    assert names(recommend_for(ORDER, STATED).assessments) == [
        "i-best",
        "d-possible",
        "b-unverified",
        "a-conditional",
        "c-blocked",
        "j-eight-days",
        "f-pause",
        "h-proxy",
        "g-heir",
        "e-esim",
        "k-return",
    ]


def test_return_is_listed_after_the_end() -> None:
    """A return comes after the end that it belongs to, though the end is only unverified."""
    wifi = applies_to("pocket_wifi")
    own = company(
        {
            "a-return": procedure(Goal.RETURN_RENTAL, applies_to=wifi),
            "b-cancel": procedure(steps=[step(sources=["T1"])], applies_to=wifi),
        }
    )

    assert names(recommend_for(own).assessments) == ["b-cancel", "a-return"]


def test_stated_goal_is_listed_first() -> None:
    """A procedure for the stated goal comes before all others, whatever its evidence."""
    own = company(
        {
            "cancel": procedure(),
            "refund": procedure(Goal.REQUEST_REFUND, steps=[step(sources=["T1"])]),
        }
    )

    assert names(recommend_for(own, Situation(goal=Goal.REQUEST_REFUND)).assessments) == [
        "refund",
        "cancel",
    ]


def test_porting_is_listed_first_for_keepers() -> None:
    """A person who keeps the number sees porting out before a right that can lose it."""
    own = company(
        {
            "eight-days": procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS]),
            "port-out": procedure(Goal.PORT_OUT),
        }
    )

    keeps = Situation(keep_number=True, applicant=Applicant.HOLDER)
    assert names(recommend_for(own, keeps).assessments) == ["port-out", "eight-days"]
