"""The whole answer of the guide: its state, its parts, and the sentence that sums it up."""

import datetime as dt
from typing import NamedTuple

import pytest

from app.catalogue.codes import Applicant, Contract, Line, Possibility, Product, Verdict
from app.catalogue.goals import Goal
from app.facts.specs import Fact
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.presenter import GuidePresenter
from app.guide.schemas import GuideOut, GuideProcedureOut, GuideState
from app.guide.service import GuideService
from app.guide.situation import Situation
from app.i18n import Language, LocalizedText
from app.messages.keys import MessageKey
from app.zones import JAPAN
from tests.support.builders import step, text
from tests.support.guide import AT, UNKNOWN
from tests.support.guide_sample import (
    answer_for,
    applies_to,
    company,
    desk,
    expiry,
    generic,
    in_shop,
    procedure,
    sample_guide,
)
from tests.support.messages import is_message, says
from tests.support.situations import LANGUAGES

UNVERIFIED = procedure(steps=[step(sources=["T1"])])
COMPLAINTS = desk(topics=["complaints"])
ABROAD = Situation(location="abroad")


def listed(answer: GuideOut) -> list[str]:
    return [_name(each) for each in (*answer.procedures, *answer.generic)]


def _name(each: GuideProcedureOut) -> str:
    return f"{each.procedure.carrier}/{each.procedure.id}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_product_that_is_not_sold_is_questioned(language: Language) -> None:
    """If the carrier does not sell the product, the answer asks which of the two is wrong."""
    own = company({"cancel": procedure(applies_to=applies_to("pocket_wifi", "home_router"))})

    answer = answer_for(own, Situation(product=Product.ESIM), language=language)

    assert answer.state is GuideState.QUESTION
    assert not listed(answer)
    assert is_message("guide.why.product_not_sold", answer.why, language)
    assert answer.question
    assert answer.question.fact == "product"
    assert is_message("question.product_or_company.text", answer.question.question, language)
    assert [(option.parameter, option.value) for option in answer.question.options] == [
        ("product", "home_router"),
        ("product", "pocket_wifi"),
        ("carrier", "generic"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_dead_end_names_blockers_and_desks(language: Language) -> None:
    """A dead end says what blocks each procedure, and names desks that can be reached."""
    in_japan = desk(from_abroad="impossible")
    own = company(
        {"shop": in_shop(), "desk": in_shop(channel="counter")},
        contacts=[in_japan, desk(from_abroad="unknown"), desk()],
    )

    answer = answer_for(own, ABROAD, generic({}, contacts=[COMPLAINTS]), language=language)

    assert answer.state is GuideState.BLOCKED
    assert is_message("guide.why.blocked_help", answer.why, language)
    assert {each.verdict for each in answer.procedures} == {Verdict.BLOCKED}
    for each in answer.procedures:
        assert says("guide.not_from_abroad", each.blockers[0], language)
    assert [(each.carrier.id, each.from_abroad) for each in answer.desks] == [
        ("example", Possibility.POSSIBLE),
        ("example", Possibility.UNKNOWN),
        ("generic", Possibility.POSSIBLE),
    ]


def test_companies_are_sent_to_no_consumer_desk() -> None:
    """A business customer gets bodies for consumers only if the carrier cannot be reached."""
    business = Situation(location="abroad", applicant=Applicant.COMPANY)
    own = company({"shop": in_shop()}, contacts=[desk()])
    others = generic({}, contacts=[COMPLAINTS])
    unreachable = company({"shop": in_shop()}, contacts=[desk(from_abroad="unknown")])

    assert [each.carrier.id for each in answer_for(own, business, others).desks] == ["example"]
    assert [each.carrier.id for each in answer_for(unreachable, business, others).desks] == [
        "example",
        "generic",
    ]


def test_missing_contacts_are_named() -> None:
    """An answer says that no contact is known, and links to the contacts of the carrier."""
    without = answer_for(company({"cancel": procedure()}))
    with_desk = answer_for(company({"cancel": procedure()}, contacts=[desk()]))

    assert without.no_contact
    assert is_message("guide.no_contact", without.no_contact)
    assert with_desk.no_contact is None
    assert with_desk.contacts == "/v1/carriers/example/contacts"


def test_rented_router_abroad_does_not_end_by_itself() -> None:
    """A person who took a rented router home is not told that it ends by itself."""
    booking = procedure(
        Goal.CANCEL_BOOKING, applies_to=applies_to("pocket_wifi", contracts=["prepaid"])
    )
    others = generic(
        {
            "let-run-out": expiry(
                applies_to=applies_to("physical_sim", "esim", contracts=["prepaid"])
            ),
            "return-rental": procedure(
                Goal.RETURN_RENTAL,
                channel="post",
                from_abroad="unknown",
                applies_to=applies_to("pocket_wifi", contracts=["prepaid"], devices=["rented"]),
            ),
        }
    )
    started = Situation(location="abroad", facts={Fact.RENTAL_STARTS_ON: dt.date(2026, 11, 1)})

    answer = answer_for(company({"cancel-booking": booking}), started, others)

    assert listed(answer) == ["example/cancel-booking", "generic/return-rental"]


def test_supporting_procedures_are_not_offered() -> None:
    """A supporting procedure is not listed, of the carrier and of `generic`."""
    profile = procedure(Goal.REMOVE_PROFILE, supporting=True)

    answer = answer_for(
        company({"cancel": UNVERIFIED, "profile": profile}), UNKNOWN, generic({"leave": profile})
    )

    assert listed(answer) == ["example/cancel"]


SUSPENSION = {"suspend": procedure(Goal.SUSPEND)}
ANY_END = generic({"cancel": procedure(), "eight": procedure(channel="post")})


def test_generic_procedures_replace_missing_ones() -> None:
    """Generic procedures are listed if no own one can be used, and else only if recommended."""
    own_end = {"cancel": UNVERIFIED}
    closing = company({"close": procedure(Goal.CLOSE_ACCOUNT, needs=["account_login"])})
    doubtful = generic({"cancel": UNVERIFIED})
    lacking = Situation(lack=frozenset({"account_login"}))

    assert listed(answer_for(company(SUSPENSION), UNKNOWN, ANY_END)) == [
        "example/suspend",
        "generic/cancel",
        "generic/eight",
    ]
    assert listed(answer_for(company(own_end), UNKNOWN, ANY_END)) == ["example/cancel"]
    assert listed(answer_for(closing, UNKNOWN, doubtful)) == ["example/close"]
    assert listed(answer_for(closing, lacking, doubtful)) == ["example/close", "generic/cancel"]


def test_other_carriers_are_hidden_if_none_applies() -> None:
    """If no procedure of the carrier applies, only generic ones are listed."""
    own = company(
        {"cancel": procedure(applies_to=applies_to(contracts=["postpaid"]))}, contracts=["prepaid"]
    )
    others = generic({"let-run-out": expiry(applies_to=applies_to(contracts=["prepaid"]))})

    answer = answer_for(own, Situation(contract=Contract.PREPAID), others)

    assert listed(answer) == ["generic/let-run-out"]


def test_open_bill_is_helped_with() -> None:
    """An open bill is answered with a procedure that helps to pay it, and says so."""
    own = company(
        {
            "cancel": procedure(),
            "pay": procedure(Goal.RESTORE_ACCESS, supporting=True, restores=["payment_method"]),
        }
    )

    (found,) = answer_for(own, Situation(bill_open=True)).help

    assert found.procedure.id == "pay"
    assert [term.code for term in found.restores] == ["payment_method"]
    assert says("guide.help.bill", found.why)


class Why(NamedTuple):
    own: CarrierProcedures
    key: MessageKey
    situation: Situation = UNKNOWN


NUMBER = company({"cancel": procedure(), "port-out": procedure(Goal.PORT_OUT)})
STILL_CHARGED = company(
    {
        "cancel": procedure(),
        "charged": procedure(Goal.STILL_CHARGED, applies_to=applies_to(lines=["ended"])),
    }
)


@pytest.mark.parametrize(
    "case",
    [
        Why(company({"it": procedure()}), "guide.why.found"),
        Why(NUMBER, "guide.why.open"),
        Why(company({"it": UNVERIFIED}), "guide.why.one"),
        Why(company({"it": UNVERIFIED, "other": UNVERIFIED}), "guide.why.choose"),
        Why(company({"it": in_shop()}), "guide.why.blocked_help", ABROAD),
        Why(company({}), "guide.why.nothing_help"),
        Why(generic({}), "guide.why.unheard_of"),
        Why(company({"it": procedure()}), "guide.why.other_goal", Situation(goal=Goal.SUSPEND)),
        Why(
            company({"it": procedure()}),
            "guide.why.let_expire_wrong",
            Situation(goal=Goal.LET_EXPIRE),
        ),
        Why(STILL_CHARGED, "guide.why.ended", Situation(line=Line.ENDED)),
        Why(STILL_CHARGED, "guide.why.still_charged", Situation(goal=Goal.STILL_CHARGED)),
    ],
    ids=lambda case: case.key,
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_answer_is_summed_up(case: Why, language: Language) -> None:
    """One sentence says what the answer is worth: found, open, a choice, a dead end, …."""
    answer = answer_for(case.own, case.situation, language=language)

    assert is_message(case.key, answer.why, language)


def test_unused_statements_are_listed() -> None:
    """A plan of another carrier, and facts that nothing depends on, are listed with a sentence."""
    situation = Situation(facts={Fact.USED: True})
    own = company({"cancel": procedure()})
    presenter = GuidePresenter(sample_guide().edition, situation, AT, JAPAN.key, LANGUAGES[0])

    answer = GuideService(presenter, generic({})).of_carrier(own, ignored=["plan"])

    assert [each.parameter for each in answer.not_used] == ["plan", "used"]
    assert all(says("guide.not_used", each.text) for each in answer.not_used)


def test_unknown_carrier_is_asked_for() -> None:
    """Without a carrier, the answer asks for it and lists the generic procedures that apply."""
    situation = Situation(product=Product.PHYSICAL_SIM)
    presenter = GuidePresenter(sample_guide().edition, situation, AT, JAPAN.key, LANGUAGES[0])
    others = generic({"cancel": procedure(), "esim": procedure(applies_to=applies_to("esim"))})

    answer = GuideService(presenter, others).of_unknown([("example", LocalizedText(text()))])

    assert answer.carrier is None
    assert answer.contacts is None
    assert answer.state is GuideState.QUESTION
    assert is_message("guide.why.which", answer.why)
    assert listed(answer) == ["generic/cancel"]
    assert answer.question
    assert answer.question.fact == "carrier"
    assert [(option.parameter, option.value) for option in answer.question.options] == [
        ("carrier", "example"),
        ("carrier", "generic"),
    ]
