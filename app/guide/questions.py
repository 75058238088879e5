"""The next question worth asking: the one whose answers leave the fewest ways open."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from app.catalogue.codes import Goal, Possibility, Verdict
from app.catalogue.timing_rules import ChargeTiers, Fact, Window
from app.guide.situation import Candidate, Situation, example_days
from app.guide.verdicts import CLOSING, Assessment, assess, effective_goal, for_applicant
from app.zones import JAPAN

MOST_QUESTIONS: Final = 5
"""Beside the one for the company: a person who has told so much is answered with what there is."""

_USABLE: Final = frozenset({Verdict.RECOMMENDED, Verdict.POSSIBLE, Verdict.UNVERIFIED})
_NOT_ASKED: Final = frozenset(
    {"full_name", "papers", "postage", "in_japan", "shop_visit", "post_from_japan"}
)
"""Needs that everybody has, that only the procedure lists, or that the question where one is has answered."""

_BOOLEANS: Final = frozenset(
    {Fact.INSTALLED, Fact.ACTIVATED, Fact.QR_SENT, Fact.SHIPPED, Fact.USED}
)


@dataclass(frozen=True)
class Question:
    """Something to ask, and its answers; for a date, days that stand for all others."""

    name: str
    answers: Sequence[object]


def next_question(
    found: Sequence[Assessment], situation: Situation, at: dt.datetime
) -> Question | None:
    """Return the question that splits best what remains; None when no answer would change what to do.

    `found` are the procedures as they stand now: they are assessed once more only for each answer that could be given.
    """
    if situation.answered >= MOST_QUESTIONS:
        return None
    wanted = effective_goal(found, situation)
    now = _outcome(found, wanted)
    applicable = [
        assessment for assessment in found if assessment.verdict is not Verdict.NOT_APPLICABLE
    ]
    candidates = [assessment.candidate for assessment in applicable]
    best: tuple[float, Question] | None = None
    for question in _questions(applicable, situation, at):
        outcomes = [
            _outcome(assess(candidates, situation.with_answer(question.name, answer), at), wanted)
            for answer in question.answers
        ]
        # Once a candidate is recommended, only what can change that is worth asking.
        if all(
            outcome == now or (now.chosen and outcome.chosen == now.chosen) for outcome in outcomes
        ):
            continue
        left = sum(len(outcome.usable) for outcome in outcomes) / len(outcomes)
        decided = sum(bool(outcome.chosen) for outcome in outcomes) / len(outcomes)
        score = left - decided
        if best is None or score < best[0]:
            best = (score, question)
    return best[1] if best else None


class _Outcome(NamedTuple):
    """What is recommended, and what can be used at all to get what is wanted."""

    chosen: frozenset[str]
    usable: frozenset[str]


def _outcome(found: Iterable[Assessment], wanted: Goal | None) -> _Outcome:
    kept = [assessment for assessment in found if assessment.verdict in _USABLE]
    chosen = frozenset(
        assessment.candidate.slug
        for assessment in kept
        if assessment.verdict is Verdict.RECOMMENDED
    )
    return _Outcome(
        chosen,
        chosen
        | {assessment.candidate.slug for assessment in kept if wanted in {None, assessment.goal}},
    )


def _questions(
    applicable: Sequence[Assessment], situation: Situation, at: dt.datetime
) -> Iterator[Question]:
    """Return what can be asked, the simplest first."""
    candidates = [assessment.candidate for assessment in applicable]
    usable = [assessment for assessment in applicable if assessment.verdict in _USABLE]
    mine = [assessment for assessment in usable if for_applicant(assessment.candidate, situation)]
    about = (
        *_about_the_contract(candidates, situation),
        *_about_the_applicant(candidates, mine),
        *_about_dates(candidates, at.astimezone(JAPAN).date()),
        *_about_needs(mine),
    )
    for question in about:
        if len(question.answers) > 1 and not situation.knows(question.name):
            yield question


def _about_the_contract(
    candidates: Sequence[Candidate], situation: Situation
) -> Iterator[Question]:
    yield Question(
        "product",
        sorted(
            {
                product
                for candidate in candidates
                for product in candidate.procedure.applies_to.products
            }
        ),
    )
    yield Question(
        "contract",
        sorted(
            {
                contract
                for candidate in candidates
                for contract in candidate.procedure.applies_to.contracts
            }
        ),
    )
    yield Question(
        "plan",
        sorted({plan for candidate in candidates for plan in candidate.procedure.applies_to.plans}),
    )
    told = situation.goal in {Goal.PORT_OUT, Goal.CANCEL_CONTRACT}
    if not told and any(candidate.procedure.goal is Goal.PORT_OUT for candidate in candidates):
        yield Question("keep_number", (True, False))
    if any(candidate.procedure.from_abroad is not Possibility.POSSIBLE for candidate in candidates):
        yield Question("location", ("japan", "abroad"))


def _about_the_applicant(
    candidates: Sequence[Candidate], mine: Sequence[Assessment]
) -> Iterator[Question]:
    """Ask who applies where the holder cannot: somebody else may be able to."""
    if not mine:
        yield Question(
            "applicant",
            sorted(
                {
                    applicant
                    for candidate in candidates
                    for applicant in candidate.procedure.applies_to.applicants
                }
            ),
        )


def _about_dates(candidates: Sequence[Candidate], today: dt.date) -> Iterator[Question]:
    wanted: dict[Fact, None] = {}
    for candidate in candidates:
        for rule in candidate.procedure.timing:
            if isinstance(rule, Window) and candidate.procedure.goal in CLOSING:
                wanted |= dict.fromkeys((*map(Fact, rule.closed_by), *rule.after))
            if isinstance(rule, ChargeTiers) or candidate.procedure.goal is Goal.CANCEL_BOOKING:
                wanted[Fact.RENTAL_STARTS_ON] = None
    for fact in wanted:
        yield Question(fact, (True, False) if fact in _BOOLEANS else example_days(fact, today))


def _about_needs(mine: Sequence[Assessment]) -> Iterator[Question]:
    """Ask for what only some of the ways to the same goal need: lacking it, another candidate is better."""
    usable = [
        assessment.candidate for assessment in mine if assessment.verdict is not Verdict.UNVERIFIED
    ]
    for candidate in usable:
        others = [
            other
            for other in usable
            if other is not candidate and other.procedure.goal is candidate.procedure.goal
        ]
        for need in candidate.needs:
            if need not in _NOT_ASKED and any(need not in other.needs for other in others):
                yield Question(need, (True, False))
