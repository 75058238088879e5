"""The next question worth asking: the one whose answers leave the fewest procedures open."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from app.catalogue.codes import Possibility, Verdict
from app.catalogue.goals import GOALS, Goal
from app.catalogue.timing_rules import ChargeTiers, Window
from app.facts.specs import SPECS, Fact
from app.guide.assess import Assessment, assess
from app.guide.candidates import Candidate
from app.guide.recommend import Recommendation, recommend
from app.guide.situation import Situation
from app.zones import JAPAN

MOST_QUESTIONS: Final = 5
"""Besides the one for the company. After so many the person gets what there is."""

USABLE: Final = frozenset({Verdict.RECOMMENDED, Verdict.POSSIBLE, Verdict.UNVERIFIED})
"""Verdicts on procedures that the person can try."""

_NOT_ASKED: Final = frozenset(
    {"full_name", "papers", "postage", "in_japan", "shop_visit", "post_from_japan"}
)
"""Needs that everybody has, that only the procedure lists, or that the location has answered."""


@dataclass(frozen=True)
class Question:
    """Something to ask, and its answers; for a date, days that represent all others."""

    name: str
    answers: Sequence[object]


def next_question(
    recommendation: Recommendation, situation: Situation, at: dt.datetime
) -> Question | None:
    """Return the question that narrows the choice most; None when no answer changes what to do.

    `recommendation` is that of the present situation. The candidates are assessed again only once
    for each answer that the person could give.
    """
    if situation.answered >= MOST_QUESTIONS:
        return None
    goal = recommendation.goal
    now = _outcome(recommendation.assessments, goal)
    applicable = [each for each in recommendation.assessments if each.is_applicable]
    candidates = [assessment.candidate for assessment in applicable]
    best: tuple[float, Question] | None = None
    for question in _questions(applicable, situation, at):
        outcomes = []
        for answer in question.answers:
            answered = situation.with_answer(question.name, answer)
            outcome = recommend(assess(candidates, answered, at), answered)
            outcomes.append(_outcome(outcome.assessments, goal))
        if not any(_changes(outcome, now) for outcome in outcomes):
            continue
        still_usable = sum(len(outcome.usable) for outcome in outcomes) / len(outcomes)
        decided = sum(bool(outcome.recommended) for outcome in outcomes) / len(outcomes)
        score = still_usable - decided
        if best is None or score < best[0]:
            best = (score, question)
    return best[1] if best else None


class _Outcome(NamedTuple):
    """What is recommended, and what can be used at all to achieve the goal; as slugs."""

    recommended: frozenset[str]
    usable: frozenset[str]


def _outcome(assessments: Iterable[Assessment], goal: Goal | None) -> _Outcome:
    usable = [assessment for assessment in assessments if assessment.verdict in USABLE]
    recommended = frozenset(
        assessment.candidate.slug
        for assessment in usable
        if assessment.verdict is Verdict.RECOMMENDED
    )
    for_goal = {
        assessment.candidate.slug for assessment in usable if goal in {None, assessment.goal}
    }
    return _Outcome(recommended, recommended | for_goal)


def _changes(outcome: _Outcome, now: _Outcome) -> bool:
    """Return whether an answer changes what to do; a recommendation counts before all else."""
    if now.recommended:
        return outcome.recommended != now.recommended
    return outcome != now


def _questions(
    applicable: Sequence[Assessment], situation: Situation, at: dt.datetime
) -> Iterator[Question]:
    """Return what can be asked, the simplest first."""
    candidates = [assessment.candidate for assessment in applicable]
    usable_by_applicant = [
        assessment
        for assessment in applicable
        if assessment.verdict in USABLE and assessment.is_for_applicant
    ]
    questions = (
        *_about_the_contract(candidates, situation),
        *_about_the_applicant(candidates, usable_by_applicant),
        *_about_dates(candidates, at.astimezone(JAPAN).date()),
        *_about_needs(usable_by_applicant),
    )
    for question in questions:
        if len(question.answers) > 1 and not situation.knows(question.name):
            yield question


def _about_the_contract(
    candidates: Sequence[Candidate], situation: Situation
) -> Iterator[Question]:
    for circumstance in ("product", "contract", "plan"):
        codes = {code for candidate in candidates for code in candidate.codes_of(circumstance)}
        yield Question(circumstance, sorted(codes))
    goal_decides = situation.goal is not None and GOALS[situation.goal].keeps_number is not None
    can_port = any(candidate.goal is Goal.PORT_OUT for candidate in candidates)
    if can_port and not goal_decides:
        yield Question("keep_number", (True, False))
    if any(candidate.procedure.from_abroad is not Possibility.POSSIBLE for candidate in candidates):
        yield Question("location", ("japan", "abroad"))


def _about_the_applicant(
    candidates: Sequence[Candidate], usable_by_applicant: Sequence[Assessment]
) -> Iterator[Question]:
    """Ask who applies where the holder cannot: somebody else may be able to."""
    if not usable_by_applicant:
        applicants = {
            applicant
            for candidate in candidates
            for applicant in candidate.procedure.applies_to.applicants
        }
        yield Question("applicant", sorted(applicants))


def _about_dates(candidates: Sequence[Candidate], today: dt.date) -> Iterator[Question]:
    """Ask for what decides whether a right that lapses is still open."""
    decisive_facts: dict[Fact, None] = {}
    for candidate in candidates:
        for rule in candidate.procedure.timing:
            if isinstance(rule, Window) and candidate.policy.window:
                decisive_facts |= dict.fromkeys((*map(Fact, rule.closed_by), *rule.after))
            if isinstance(rule, ChargeTiers) or candidate.policy.lapses_at_start:
                decisive_facts[Fact.RENTAL_STARTS_ON] = None
    for fact in decisive_facts:
        yield Question(fact, SPECS[fact].example_values(today))


def _about_needs(usable_by_applicant: Sequence[Assessment]) -> Iterator[Question]:
    """Ask for needs that only some of the procedures with one goal have."""
    candidates = [
        assessment.candidate
        for assessment in usable_by_applicant
        if assessment.verdict is not Verdict.UNVERIFIED
    ]
    for candidate in candidates:
        others = [
            other for other in candidates if other is not candidate and other.goal is candidate.goal
        ]
        for need in candidate.needs:
            if need not in _NOT_ASKED and any(need not in other.needs for other in others):
                yield Question(need, (True, False))
