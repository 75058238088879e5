"""Unused statements: what the person stated although it changes nothing with this carrier.

Compares the situation with everything that the candidates and the offered supporting procedures
depend on. The response lists the rest in `not_used`. The policy: docs/guide.md.
"""

from collections.abc import Iterator, Mapping, Sequence

from app.catalogue.codes import Possibility
from app.catalogue.goals import GOALS
from app.catalogue.records import RevisionContent
from app.facts.specs import Fact
from app.guide.assess import CONTRACT_START_FACTS
from app.guide.candidates import Candidate
from app.guide.situation import CIRCUMSTANCES, Situation
from app.timeline.relevant_facts import relevant_facts


def find_not_used(
    candidates: Sequence[Candidate], helping: Sequence[RevisionContent], situation: Situation
) -> Iterator[str]:
    """Yield the names of stated circumstances, facts and needs that change nothing.

    `helping` are the supporting procedures that are offered in the situation.
    """
    yield from _circumstances(candidates, situation)
    yield from _facts(candidates, helping, situation)
    yield from _needs(candidates, helping, situation)


def _circumstances(candidates: Sequence[Candidate], situation: Situation) -> Iterator[str]:
    is_used: Mapping[str, bool] = {
        "plan": any(candidate.codes_of("plan") for candidate in candidates),
        "keep_number": any(candidate.policy.keeps_number is not None for candidate in candidates),
        "location": any(
            candidate.procedure.from_abroad is not Possibility.POSSIBLE for candidate in candidates
        ),
        "sale": any(candidate.codes_of("sale") for candidate in candidates),
        "device": any(candidate.codes_of("device") for candidate in candidates),
    }
    for name in CIRCUMSTANCES:
        if getattr(situation, name) is not None and not is_used.get(name, True):
            yield name


def _facts(
    candidates: Sequence[Candidate], helping: Sequence[RevisionContent], situation: Situation
) -> Iterator[str]:
    if not situation.facts:
        return
    used = {fact for candidate in candidates for fact in candidate.facts}
    used |= {fact for content in helping for fact in relevant_facts(content.procedure)}
    used |= {*CONTRACT_START_FACTS, Fact.ENDED_ON}
    if any(GOALS[candidate.goal].lapses_at_start for candidate in candidates):
        used.add(Fact.RENTAL_STARTS_ON)
    yield from (fact for fact in situation.facts if fact not in used)


def _needs(
    candidates: Sequence[Candidate], helping: Sequence[RevisionContent], situation: Situation
) -> Iterator[str]:
    if not situation.have and not situation.lack:
        return
    used = {
        need
        for candidate in candidates
        for need in (
            *(need for requirement in candidate.requirements for need in requirement.needs),
            *candidate.returned_needs,
            *candidate.procedure.only_lacking,
        )
    }
    for content in helping:
        used.update(content.procedure.restores)
        used.update(need for step in content.steps for need in step.needs)
    for code in (*sorted(situation.have), *sorted(situation.lack)):
        related = situation.relations.having(frozenset({code})) | situation.relations.lacking(
            frozenset({code})
        )
        if used.isdisjoint(related):
            yield code
