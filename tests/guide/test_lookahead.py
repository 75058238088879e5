"""What the answers to open questions would change."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pytest

from app.catalogue.goals import Goal
from app.facts.specs import Fact
from app.guide import lookahead
from app.guide.assess import Assessment, assess, assess_again
from app.guide.choose import choose, without_covered
from app.guide.lookahead import Case, Effect, look_ahead
from app.guide.questions import open_questions
from app.guide.situation import Situation
from tests.support.builders import Content
from tests.support.guide import AT, UNKNOWN, recommend_for
from tests.support.guide_sample import (
    EIGHT_DAYS,
    RELATIONS,
    applies_to,
    company,
    in_shop,
    procedure,
)


def effects(procedures: dict[str, Content], situation: Situation = UNKNOWN) -> dict[str, Effect]:
    candidates = company(procedures).candidates
    stated = replace(situation, relations=RELATIONS)
    assessments = assess(candidates, stated, AT)
    choice = choose(without_covered(assessments), stated)
    found = look_ahead(
        open_questions(candidates, stated, AT), Case(assessments, stated, AT), choice
    )
    return {effect.question.name: effect for effect in found}


def test_answer_that_changes_the_choice_decides() -> None:
    """A question decides if one of its answers makes another procedure right."""
    found = effects({"cancel": procedure(), "port-out": procedure(Goal.PORT_OUT)})

    assert found["keep_number"].redirects
    assert found["keep_number"].blocks == {(False, "cancel")}


def test_answer_that_only_blocks_does_not_decide() -> None:
    """A need without an alternative blocks what is chosen, and makes nothing else right."""
    effect = effects({"online": procedure(needs=["account_login"])})["account_login"]

    assert not effect.redirects
    assert effect.blocks == {(False, "online")}
    assert effect.matters


def test_answer_can_add_to_the_choice() -> None:
    """A question matters if an answer adds a return, though it takes nothing away."""
    rented = procedure(Goal.RETURN_RENTAL, applies_to=applies_to(devices=["rented"]))

    effect = effects({"cancel": procedure(), "return": rented})["device"]

    assert effect.adds
    assert not effect.blocks
    assert not effect.redirects


def test_answer_that_changes_nothing_does_not_matter() -> None:
    """A need of a procedure that would not be chosen does not matter."""
    found = effects(
        {
            "online": procedure(),
            "post": procedure(channel="post", needs=["line_pin"]),
        }
    )

    assert "line_pin" not in found


def test_place_decides_if_the_choice_works_only_in_japan() -> None:
    """The place decides even without an alternative: a shop is no help from abroad."""
    assert effects({"shop": in_shop()})["location"].redirects


def test_date_decides_on_a_right_of_the_first_days() -> None:
    """A date that would open a right of the first days decides."""
    found = effects(
        {
            "cancel": procedure(),
            "eight-days": procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS]),
        },
        Situation(facts={Fact.CONTRACT_RECEIVED_ON: AT.date()}),
    )

    assert found[Fact.SERVICE_STARTED_ON].redirects


def test_lacking_includes_the_replacements() -> None:
    """A question for a need is tried as if its replacements were lacking, too."""
    with_replacement = procedure(needs=["sim_number"])
    candidates = company({"online": with_replacement}).candidates
    case = Case(assess(candidates, UNKNOWN, AT), UNKNOWN, AT)

    answered = case.answered("sim_number", False)  # noqa: FBT003 - an answer

    assert answered.situation.lack == {"sim_number", "sim_card"}


def test_each_answer_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking ahead tries each possible answer once."""
    tried: list[Situation] = []

    def recorded(
        assessments: Iterable[Assessment], question: str, situation: Situation, at: dt.datetime
    ) -> list[Assessment]:
        tried.append(situation)
        return assess_again(assessments, question, situation, at)

    monkeypatch.setattr(lookahead, "assess_again", recorded)

    own = company(
        {
            "cancel": procedure(needs=["account_login"]),
            "port-out": procedure(Goal.PORT_OUT, needs=["line_pin"]),
        }
    )
    advice = recommend_for(own)

    assert advice.question
    assert len(tried) == len(set(map(repr, tried))) > 2
