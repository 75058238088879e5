"""The guide's rules on every path of questions of every carrier, on the engine without HTTP.

Where a carrier has more than 2,000 paths, 2,000 are taken at random, with a printed seed.
"""

import itertools
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

import pytest

from app.catalogue.codes import Phase, Possibility, Verdict
from app.catalogue.goals import Goal
from app.guide.assess import assess
from app.guide.candidates import Candidate
from app.guide.choose import choose, without_covered
from app.guide.questions import MOST_QUESTIONS, asked, open_questions
from app.guide.recommend import Recommendation
from app.guide.schemas import GuideState
from app.guide.situation import Location, Situation
from tests.support import guide

pytestmark = pytest.mark.own_catalogue

MOST_PATHS: Final = 2_000
SEED: Final = int(os.environ.get("KAIYAKU_TEST_SEED", "15"))
CARRIERS: Final = sorted(guide.procedures())
NUMBER: Final = "phone_number"
PHONE: Final = "working_phone"


class Visit(NamedTuple):
    """A situation on a path, the guide's recommendation, and the number of questions before."""

    situation: Situation
    advice: Recommendation
    depth: int


def walk(carrier: str) -> Iterator[Visit]:
    """Yield every situation that the questions of a carrier can produce, or 2,000 of them."""
    random_order = random.Random(SEED)  # noqa: S311 - no secret
    open_ends = [(Situation(relations=guide.relations()), 0)]
    for _ in range(MOST_PATHS):
        if not open_ends:
            return
        # From the end: depth first. Any of the last few, so that a cut-off walk sees all depths.
        position = random_order.randrange(max(0, len(open_ends) - 8), len(open_ends))
        situation, depth = open_ends.pop(position)
        advice = guide.advise(carrier, situation)
        yield Visit(situation, advice, depth)
        if advice.question is not None:
            open_ends += [
                (answer, depth + 1) for answer in guide.answered(situation, advice.question)
            ]
    print(f"{carrier}: more than {MOST_PATHS} paths, seed {SEED}")  # noqa: T201 - to repeat it


@pytest.mark.parametrize("carrier", CARRIERS)
def test_every_path_keeps_the_rules(carrier: str) -> None:
    """On every path of questions each recommendation keeps the rules of the guide."""
    candidates = guide.candidates(carrier)
    for visit in walk(carrier):
        _check_that_questions_end(visit)
        _check_conditions(visit, candidates)
        _check_that_a_closed_right_is_not_first(visit)
        _check_that_own_procedures_come_first(visit)
        _check_the_loss_of_the_number(visit)
        _check_the_contract(visit)
        _check_that_follow_ups_come_last(visit)


def _check_that_questions_end(visit: Visit) -> None:
    assert visit.depth <= MOST_QUESTIONS
    question = visit.advice.question
    if question is not None:
        assert not visit.situation.settles(question.name)
        assert visit.advice.questions_left < MOST_QUESTIONS - visit.depth


def _check_conditions(visit: Visit, candidates: list[Candidate]) -> None:
    situation, advice = visit.situation, visit.advice
    if not advice.conditions:
        return
    recommended = {
        each.candidate.id: each
        for each in advice.assessments
        if each.verdict is Verdict.RECOMMENDED
    }
    assert set(recommended) == set(advice.conditions)
    ends = {key for key, each in recommended.items() if each.policy.ends_line}
    relevant = [each.candidate for each in advice.assessments if each.is_applicable]
    can_ask = asked(candidates, situation, guide.AT) < MOST_QUESTIONS
    for question in open_questions(relevant, situation, guide.AT):
        for answer in question.answers:
            then = situation.with_answer(question.name, answer)
            assessed = without_covered(assess(candidates, then, guide.AT))
            unusable = {
                each.candidate.id
                for each in assessed
                if each.verdict in {Verdict.BLOCKED, Verdict.NOT_APPLICABLE}
            }
            for key in unusable & set(recommended):
                presumed = {condition.question for condition in advice.conditions[key]}
                assert question.name in presumed, (situation, key, question)
            best = choose(assessed, then).end
            if ends and can_ask and best is not None:
                assert best.candidate.id in ends, (situation, question, answer)


def _check_that_a_closed_right_is_not_first(visit: Visit) -> None:
    ends = [
        each
        for each in visit.advice.assessments
        if each.is_applicable and each.policy.ends_line and each.is_for_applicant
    ]
    if ends and ends[0].policy.window and not ends[0].right_is_open:
        assert all(each.policy.window for each in ends if each.goal is ends[0].goal)
        assert all(
            each.goal is not Goal.CANCEL_CONTRACT for each in ends if each.goal is not ends[0].goal
        )


def _check_that_own_procedures_come_first(visit: Visit) -> None:
    if visit.situation.keep_number:  # the procedure that keeps it comes first for anybody
        return
    is_own = [each.is_for_applicant for each in visit.advice.assessments if each.is_applicable]
    assert is_own == sorted(is_own, reverse=True)


def _check_the_loss_of_the_number(visit: Visit) -> None:
    for each in visit.advice.assessments:
        if each.verdict is Verdict.RECOMMENDED and each.policy.ends_line:
            candidate = each.candidate
            by_steps = any(NUMBER in step.loses for step in candidate.steps)
            destroys = by_steps or (candidate.goal is Goal.CANCEL_CONTRACT and candidate.has_number)
            keeps = bool(each.policy.keeps_number)
            assert (NUMBER in candidate.loses) is (destroys and not keeps)


def _check_the_contract(visit: Visit) -> None:
    contract = visit.situation.contract
    for each in visit.advice.assessments:
        if contract is not None and each.is_applicable:
            assert contract in each.candidate.procedure.applies_to.contracts


def _check_that_follow_ups_come_last(visit: Visit) -> None:
    recommended = [
        each.policy.follows_end
        for each in visit.advice.assessments
        if each.verdict is Verdict.RECOMMENDED
    ]
    assert recommended == sorted(recommended)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_needs_of_a_return_block_no_end(carrier: str) -> None:
    """A lack of the needs of a return blocks no end of a contract; the guide mentions it."""
    for candidate in guide.candidates(carrier):
        if not candidate.policy.ends_line:
            continue
        by_phase: dict[bool, set[str]] = {True: set(), False: set()}
        for step in candidate.steps:
            by_phase[step.phase is Phase.AFTERCARE].update(step.needs)
        returned = {need for need, term in guide.relations().needs.items() if term.returned}
        lack = frozenset((by_phase[True] - by_phase[False]) | returned)
        situation = Situation(relations=guide.relations())
        (before,) = assess([candidate], situation, guide.AT)
        (after,) = assess([candidate], replace(situation, lack=lack), guide.AT)

        assert (before.verdict is Verdict.BLOCKED) is (after.verdict is Verdict.BLOCKED)
        if lack & set(candidate.returned_needs):
            assert any(reason.key == "guide.cannot_return" for reason in after.reasons)


@pytest.mark.parametrize("location", ["japan", "abroad"])
@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_dead_end_names_a_reachable_desk(carrier: str, location: Location) -> None:
    """If no procedure is usable, the guide names desks, and from abroad one that can be reached."""
    dead_ends = [
        replace(visit.situation, location=location)
        for visit in itertools.islice(walk(carrier), 60)
        if visit.situation.location in {None, location}
    ]
    everything = frozenset(
        need
        for candidate in guide.candidates(carrier)
        for requirement in candidate.requirements
        for need in requirement.needs
    )
    lacks_all = Situation(location=location, lack=everything)
    with_phone = replace(lacks_all, lack=everything - {PHONE})
    for situation in [lacks_all, with_phone, *dead_ends]:
        answer = guide.answer(carrier, situation)
        if answer.state in {GuideState.BLOCKED, GuideState.NOTHING}:
            assert answer.desks, situation
            if location == "abroad":
                # Without a phone only web forms are left; no source says that these work abroad.
                assert PHONE in situation.lack or any(
                    desk.from_abroad is Possibility.POSSIBLE for desk in answer.desks
                )
                assert all(desk.from_abroad is not Possibility.IMPOSSIBLE for desk in answer.desks)
            if answer.state is GuideState.BLOCKED:
                assert any(each.blockers for each in [*answer.procedures, *answer.generic])


@pytest.mark.parametrize("carrier", CARRIERS)
def test_procedures_for_the_stated_goal_come_first(carrier: str) -> None:
    """Procedures for the stated goal are listed before all others."""
    for goal in Goal:
        for visit in walk_some(carrier, goal):
            applicable = [each for each in visit.advice.assessments if each.is_applicable]
            if any(each.goal is goal for each in applicable):
                assert applicable[0].goal is goal
                reached = [each.goal is goal for each in applicable]
                assert reached == sorted(reached, reverse=True)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_pause_never_recommends_an_end(carrier: str) -> None:
    """For a pause or a loss no end of the contract is recommended, and each warns of the end."""
    for goal in (Goal.SUSPEND, Goal.REPORT_LOSS):
        for visit in walk_some(carrier, goal):
            ends = [
                each.policy.ends_line for each in visit.advice.assessments if each.is_applicable
            ]
            assert ends == sorted(ends)
            for each in visit.advice.assessments:
                if each.policy.ends_line:
                    assert each.verdict is not Verdict.RECOMMENDED
                    if each.is_applicable:
                        assert any(reason.key == "guide.ends_it" for reason in each.reasons)


def walk_some(carrier: str, goal: Goal) -> Iterator[Visit]:
    """Yield the situations along a few random paths with this goal stated."""
    random_path = random.Random(f"{SEED}{carrier}{goal}")  # noqa: S311 - no secret
    for _ in range(3):
        situation, depth = Situation(goal=goal, relations=guide.relations()), 0
        while True:
            advice = guide.advise(carrier, situation)
            yield Visit(situation, advice, depth)
            if advice.question is None:
                break
            situation = random_path.choice(list(guide.answered(situation, advice.question)))
            depth += 1
