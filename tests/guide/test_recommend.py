"""What is recommended while questions are open, and what is asked next."""

from dataclasses import replace

import pytest

from app.catalogue.codes import Applicant, Contract, Device, Product
from app.catalogue.goals import Goal
from app.facts.specs import Fact
from app.guide.questions import MOST_QUESTIONS
from app.guide.recommend import Recommendation
from app.guide.situation import Situation
from tests.support.builders import text
from tests.support.guide import (
    AT,
    UNKNOWN,
    conditions,
    find,
    names,
    recommend_for,
    recommended,
    verdicts,
)
from tests.support.guide_sample import (
    EIGHT_DAYS,
    REFUND_UNTIL_ACTIVATED,
    applies_to,
    company,
    expiry,
    generic,
    in_shop,
    procedure,
    sample_guide,
)

NUMBER = company({"cancel": procedure(), "port-out": procedure(Goal.PORT_OUT)})


def asked(recommendation: Recommendation) -> str | None:
    return recommendation.question.name if recommendation.question else None


def test_nothing_open_is_recommended() -> None:
    """A procedure that no answer can change is recommended at once, without a question."""
    advice = recommend_for(company({"cancel": procedure()}))

    assert recommended(advice) == {"cancel"}
    assert conditions(advice, "cancel") == set()
    assert asked(advice) is None
    assert advice.questions_left == 0


def test_plan_decides_before_anything_is_recommended() -> None:
    """Nothing is recommended before the plan is known, if each plan has its own procedure."""
    own = company(
        {
            "large": procedure(applies_to=applies_to(plans=["large"])),
            "small": procedure(channel="post", applies_to=applies_to(plans=["small"])),
        },
        plans={"large": text(), "small": text()},
    )

    assert recommended(recommend_for(own)) == set()
    assert asked(recommend_for(own)) == "plan"
    assert recommended(recommend_for(own, Situation(plan="small"))) == {"small"}


def test_product_decides_before_anything_is_recommended() -> None:
    """Nothing is recommended before the product is known, if each has its own procedure."""
    own = company(
        {
            "sim": procedure(),
            "esim": procedure(channel="post", applies_to=applies_to("esim")),
        }
    )

    assert recommended(recommend_for(own)) == set()
    assert asked(recommend_for(own)) == "product"
    assert recommended(recommend_for(own, Situation(product=Product.ESIM))) == {"esim"}


def test_known_product_still_needs_the_contract() -> None:
    """With the product alone, nothing is recommended while the kind of contract decides."""
    own = company(
        {
            "cancel": procedure(applies_to=applies_to("esim")),
            "let-expire": expiry(applies_to=applies_to("esim", contracts=["prepaid"])),
        }
    )
    esim = Situation(product=Product.ESIM)

    assert recommended(recommend_for(own, esim)) == set()
    assert asked(recommend_for(own, esim)) == "contract"
    assert recommended(recommend_for(own, replace(esim, contract=Contract.PREPAID))) == {
        "let-expire"
    }


PREPAID = generic(
    {
        "let-run-out": expiry(applies_to=applies_to("physical_sim", "esim", contracts=["prepaid"])),
        "return-rental": procedure(
            Goal.RETURN_RENTAL,
            applies_to=applies_to("pocket_wifi", contracts=["prepaid"], devices=["rented"]),
        ),
        "cancel-in-shop": in_shop(),
    }
)


def test_prepaid_product_is_asked_before_it_is_left_alone() -> None:
    """A prepaid product of an unknown company can be a rented router, so the product is asked."""
    prepaid = Situation(contract=Contract.PREPAID, location="japan")
    rented = replace(prepaid, product=Product.POCKET_WIFI, device=Device.RENTED)

    advice = recommend_for(PREPAID, prepaid)

    assert names(advice.assessments)[0] == "let-run-out"
    assert recommended(advice) == set()
    assert asked(advice) == "product"
    assert recommended(recommend_for(PREPAID, rented)) == {"return-rental"}


@pytest.mark.parametrize(
    "situation",
    [
        Situation(contract=Contract.PREPAID, product=Product.ESIM),
        Situation(contract=Contract.PREPAID, product=Product.PHYSICAL_SIM, location="abroad"),
    ],
)
def test_prepaid_sim_runs_out(situation: Situation) -> None:
    """A prepaid SIM of an unknown company runs out by itself: nothing has to be cancelled."""
    advice = recommend_for(PREPAID, situation)

    assert names(advice.assessments)[0] == "let-run-out"
    assert recommended(advice) == {"let-run-out"}


def test_number_decides_between_porting_and_cancelling() -> None:
    """Neither porting out nor cancelling is recommended before the person decides on the number."""
    undecided = recommend_for(NUMBER)
    keeps, drops = (
        recommend_for(NUMBER, Situation(keep_number=keep_number)) for keep_number in (True, False)
    )

    assert recommended(undecided) == set()
    assert asked(undecided) == "keep_number"
    assert verdicts(keeps) == {"port-out": "recommended", "cancel": "not_applicable"}
    assert verdicts(drops) == {"cancel": "recommended", "port-out": "not_applicable"}


@pytest.mark.parametrize(
    ("keep_number", "verdict"),
    [(None, "possible"), (True, "recommended"), (False, "not_applicable")],
)
def test_porting_out_needs_the_wish_to_keep(keep_number: bool | None, verdict: str) -> None:  # noqa: FBT001 - a case
    """Porting out is recommended only to a person who wants to keep the number."""
    advice = recommend_for(NUMBER, Situation(keep_number=keep_number))

    assert verdicts(advice)["port-out"] == verdict


def test_needs_that_could_block_are_conditions() -> None:
    """A recommendation presumes its needs: each open one is a condition, and is asked for."""
    own = company({"online": procedure(needs=["account_login"])})

    advice = recommend_for(own)

    assert recommended(advice) == {"online"}
    assert conditions(advice, "online") == {"account_login"}
    assert asked(advice) == "account_login"


def test_only_answers_that_change_something_are_asked() -> None:
    """A recommendation whose needs are met asks nothing, though other procedures have needs."""
    own = company({"online": procedure(needs=["account_login"]), "shop": in_shop()})
    others = generic({"post": procedure(channel="post", needs=["registered_address"])})
    situation = Situation(location="abroad", have=frozenset({"account_login"}))

    advice = recommend_for(own, situation, others)

    assert recommended(advice) == {"online"}
    assert asked(advice) is None


def test_unknown_answers_are_not_asked_again() -> None:
    """A question that the person cannot answer is not repeated, and stays a condition."""
    own = company({"online": procedure(needs=["account_login"])})

    advice = recommend_for(own, Situation(unknown=frozenset({"account_login"})))

    assert recommended(advice) == {"online"}
    assert conditions(advice, "online") == {"account_login"}
    assert asked(advice) is None


def test_place_is_asked_first() -> None:
    """If any option depends on the place, the place is asked before everything else."""
    own = company({"shop": in_shop(), "online": procedure(needs=["account_login"])})

    advice = recommend_for(own)

    assert asked(advice) == "location"
    assert asked(recommend_for(own, Situation(location="japan"))) == "account_login"


def test_applicant_is_asked_if_that_decides() -> None:
    """Who applies is asked first if another applicant has another procedure."""
    own = company(
        {
            "online": procedure(needs=["account_login"]),
            "heirs": procedure(channel="post", applies_to=applies_to(applicants=["heir"])),
        }
    )

    assert asked(recommend_for(own)) == "applicant"
    assert recommended(recommend_for(own)) == set()
    assert recommended(recommend_for(own, Situation(applicant=Applicant.HEIR))) == {"heirs"}
    assert recommended(recommend_for(own, Situation(applicant=Applicant.HOLDER))) == {"online"}


FIRST_DAYS = company(
    {
        "cancel": procedure(),
        "eight-days": procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS]),
    }
)


def test_right_of_the_first_days_is_asked_for() -> None:
    """While a right of the first days can be open, its dates decide, and one of them is asked."""
    advice = recommend_for(FIRST_DAYS)

    assert recommended(advice) == set()
    assert asked(advice) in {Fact.CONTRACT_RECEIVED_ON, Fact.SERVICE_STARTED_ON}


def test_old_contract_needs_no_dates() -> None:
    """A contract that began long ago has no right of its first days: no date is asked for."""
    began = {Fact.CONTRACT_STARTED_ON: AT.date().replace(year=2020)}

    advice = recommend_for(FIRST_DAYS, Situation(facts=began))

    assert recommended(advice) == {"cancel"}
    assert asked(advice) is None


GOALS = company(
    {
        "let-expire": expiry(applies_to=applies_to("esim", contracts=["prepaid"])),
        "stop-renewal": procedure(
            Goal.STOP_RENEWAL, applies_to=applies_to("esim", contracts=["subscription"])
        ),
        "refund": procedure(
            Goal.REQUEST_REFUND,
            applies_to=applies_to("esim", contracts=["prepaid", "subscription"]),
            timing=[REFUND_UNTIL_ACTIVATED],
        ),
        "close": procedure(
            Goal.CLOSE_ACCOUNT, applies_to=applies_to("esim", contracts=["prepaid", "subscription"])
        ),
    }
)


def test_goal_is_recommended_and_asked_about() -> None:
    """A stated goal is recommended, and only what matters for it is asked."""
    unasked = recommend_for(GOALS)
    closing = recommend_for(GOALS, Situation(goal=Goal.CLOSE_ACCOUNT))
    refund = recommend_for(GOALS, Situation(goal=Goal.REQUEST_REFUND))

    assert recommended(unasked) == set()
    assert asked(unasked) == "contract"
    assert recommended(closing) == {"close"}
    assert closing.goal is Goal.CLOSE_ACCOUNT
    assert recommended(refund) == set()
    assert asked(refund) in {Fact.BOUGHT_ON, Fact.ACTIVATED}
    assert names(refund.assessments)[0] == "refund"


def test_missing_goal_falls_back_on_other_ends() -> None:
    """If no procedure ends the line as wished, the others that end it are recommended."""
    situation = Situation(contract=Contract.PREPAID, goal=Goal.CANCEL_CONTRACT)
    activated = {Fact.ACTIVATED: True}

    advice = recommend_for(GOALS, replace(situation, facts=activated))

    assert advice.goal is None
    assert recommended(advice) == {"let-expire"}


def test_pause_that_does_not_exist_is_goal_unavailable() -> None:
    """A person who wants to pause the line is asked nothing if the carrier only ends it."""
    own = company({"cancel": procedure(needs=["account_login"])})

    advice = recommend_for(own, Situation(goal=Goal.SUSPEND))

    assert advice.is_goal_unavailable
    assert recommended(advice) == set()
    assert asked(advice) is None


def test_options_are_for_the_person_and_the_goal() -> None:
    """The options leave out other goals, other applicants and what does not apply."""
    own = company(
        {
            "cancel": procedure(),
            "esim": procedure(applies_to=applies_to("esim")),
            "heirs": procedure(applies_to=applies_to(applicants=["heir"])),
            "suspend": procedure(Goal.SUSPEND),
        }
    )

    advice = recommend_for(own, Situation(product=Product.PHYSICAL_SIM))

    assert names(advice.options) == ["cancel"]


MANY_NEEDS = [
    "account_login",
    "sms_on_line",
    "working_phone",
    "line_pin",
    "payment_method",
    "registered_email",
    "order_number",
    "customer_number",
]


def test_questions_end_after_six() -> None:
    """After six answers nothing more is asked, and the rest stays a condition."""
    own = company({"online": procedure(needs=MANY_NEEDS)})

    before = recommend_for(own, Situation(have=frozenset(MANY_NEEDS[:5])))
    after = recommend_for(own, Situation(have=frozenset(MANY_NEEDS[:6])))

    assert asked(before) in MANY_NEEDS
    assert before.questions_left == 0
    assert asked(after) is None
    assert conditions(after, "online") == set(MANY_NEEDS[6:])


def test_facts_that_nobody_asked_for_use_up_no_question() -> None:
    """Needs that the guide would not have asked for leave all its questions open."""
    own = company(
        {
            "online": procedure(needs=["account_login"]),
            "post": procedure(channel="post", needs=MANY_NEEDS[1:7]),
        }
    )

    advice = recommend_for(own, Situation(have=frozenset(MANY_NEEDS[1:7])))

    assert asked(advice) == "account_login"


@pytest.mark.parametrize("carrier", sorted(sample_guide().carriers))
def test_every_path_of_answers_ends_in_six_questions(carrier: str) -> None:
    """Any answers lead to options or a known dead end in six questions, none asked twice."""
    guide = sample_guide()
    paths = [(Situation(relations=guide.relations), 0)]

    while paths:
        situation, depth = paths.pop()
        advice = guide.recommend(carrier, situation)
        question = advice.question
        if question is None:
            assert advice.assessments
            continue
        assert depth < MOST_QUESTIONS
        assert not situation.settles(question.name)
        assert advice.questions_left <= MOST_QUESTIONS - depth - 1
        answers = question.offered or question.answers
        paths += [(situation.with_answer(question.name, each), depth + 1) for each in answers]


def test_recommendations_keep_their_place() -> None:
    """The recommended procedure is listed first."""
    own = company({"a-post": procedure(channel="post"), "b-online": procedure()})

    advice = recommend_for(own, UNKNOWN)

    assert find(advice, "b-online") is advice.assessments[0]
