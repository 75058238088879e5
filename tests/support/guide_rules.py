"""Rules that the guide keeps in every situation, for every carrier."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from hypothesis import strategies as st

from app.catalogue.codes import Applicant, Contract, Evidence, Product, Verdict
from app.catalogue.goals import GOALS, Goal
from app.facts.specs import SPECS, Fact
from app.guide.assess import Assessment
from app.guide.situation import Situation
from tests.support.guide import Guide

DATES: Final = [fact for fact in Fact if SPECS[fact].type == "date"]

ENDS: Final = {goal for goal, policy in GOALS.items() if policy.ends_line}
COMPANIONS: Final = {goal for goal, policy in GOALS.items() if policy.follows_end}


def situations(guide: Guide) -> st.SearchStrategy[Situation]:
    """Return a strategy for situations with the needs that the guide's procedures have."""
    needs = sorted(
        {
            need
            for carrier in guide.carriers
            for candidate in guide.candidates(carrier)
            for need in candidate.needs
        }
    )
    return _situations(st.frozensets(st.sampled_from(needs), max_size=4))


@st.composite
def _situations(draw: st.DrawFn, needs: st.SearchStrategy[frozenset[str]]) -> Situation:
    have, lack = draw(needs), draw(needs)
    days = st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31))
    return Situation(
        product=draw(st.none() | st.sampled_from(list(Product))),
        contract=draw(st.none() | st.sampled_from(list(Contract))),
        applicant=draw(st.none() | st.sampled_from(list(Applicant))),
        location=draw(st.sampled_from([None, "japan", "abroad"])),
        keep_number=draw(st.sampled_from([None, True, False])),
        goal=draw(st.none() | st.sampled_from(list(Goal))),
        have=have - lack,
        lack=lack,
        facts=draw(st.dictionaries(st.sampled_from(DATES), days, max_size=5)),
    )


def one_end_at_most(guide: Guide, carrier: str, situation: Situation) -> None:
    """One procedure that ends the line is recommended at most."""
    assessments = guide.recommend(carrier, situation).assessments
    goals = [each.goal for each in assessments if each.verdict is Verdict.RECOMMENDED]

    assert len([goal for goal in goals if goal in ENDS]) <= 1


def recommendations_fit(guide: Guide, carrier: str, situation: Situation) -> None:
    """A recommended procedure has official evidence, no blocker, and fits the situation."""
    lack = guide.relations.lacking(situation.lack)
    for each in guide.recommend(carrier, situation).assessments:
        applies_to = each.candidate.procedure.applies_to
        if each.verdict is Verdict.RECOMMENDED:
            assert each.candidate.evidence in {Evidence.OFFICIAL, Evidence.MIXED}
            assert not each.blockers
            for requirement in each.candidate.requirements:
                assert requirement.need not in lack or requirement.replacements
            assert not situation.applicants.isdisjoint(applies_to.applicants)
            assert situation.product in {None, *applies_to.products}
            assert situation.contract in {None, *applies_to.contracts}


def all_are_explained(guide: Guide, carrier: str, situation: Situation) -> None:
    """Every procedure of the carrier is listed with words; only blocked ones have blockers."""
    assessments = guide.recommend(carrier, situation).assessments

    own = {each.candidate.slug for each in assessments if not each.candidate.is_generic}
    assert own == {each.slug for each in guide.carriers[carrier].candidates}
    assert all(each.reasons or each.blockers for each in assessments)
    assert all(bool(each.blockers) is (each.verdict is Verdict.BLOCKED) for each in assessments)


def goals_are_kept(guide: Guide, carrier: str, situation: Situation, goal: Goal) -> None:
    """A stated goal that a procedure of the carrier achieves is the only one recommended.

    Only what follows an end is recommended with it. If no procedure achieves the goal, and the
    goal is not to end the line, nothing that ends the line is recommended.
    """
    assessments = guide.recommend(carrier, replace(situation, goal=goal)).assessments
    chosen = _recommended_goals(assessments)

    if any(each.goal is goal and each.is_applicable for each in assessments):
        assert chosen <= ({goal, *COMPANIONS} if goal in ENDS else {goal})
    elif goal not in ENDS:
        assert not chosen & ENDS


def accounts_stay_open(guide: Guide, carrier: str, situation: Situation) -> None:
    """Without a goal, no account is closed if another procedure ends the line."""
    unasked = replace(situation, goal=None)
    assessments = guide.recommend(carrier, unasked).assessments
    ends = {each.goal for each in assessments if each.is_applicable} & ENDS

    if ends - {Goal.CLOSE_ACCOUNT, Goal.PORT_OUT}:
        assert Goal.CLOSE_ACCOUNT not in _recommended_goals(assessments)


def numbers_are_kept(guide: Guide, carrier: str, situation: Situation) -> None:
    """A person who keeps the number is sent to no end but porting out, if that exists."""
    situation = replace(situation, keep_number=True)
    assessments = guide.recommend(carrier, situation).assessments

    if Goal.PORT_OUT in {each.goal for each in assessments}:
        assert _recommended_goals(assessments) & ENDS <= {Goal.PORT_OUT}


def _recommended_goals(assessments: Iterable[Assessment]) -> set[Goal]:
    return {each.goal for each in assessments if each.verdict is Verdict.RECOMMENDED}


Rule = Callable[[Guide, str, Situation], None]

# `goals_are_kept` takes the goal besides.
RULES: Final[tuple[Rule, ...]] = (
    one_end_at_most,
    recommendations_fit,
    all_are_explained,
    accounts_stay_open,
    numbers_are_kept,
)
