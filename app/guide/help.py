"""What restores the needs that block a person, such as a lost sign-in."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.catalogue.records import CarrierView, RevisionContent
from app.guide.assess import Assessment, find_misfits, is_out_of_reach
from app.guide.candidates import candidate_of
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.situation import Situation


class Help(NamedTuple):
    """A supporting procedure, and which missing needs it restores."""

    carrier: CarrierView
    content: RevisionContent
    restored: Sequence[str]


def find_help(
    assessments: Iterable[Assessment], situation: Situation, owners: Iterable[CarrierProcedures]
) -> Iterator[Help]:
    """Yield what restores the needs that block procedures for the person.

    What one owner restores, the owners after it are not asked for.
    """
    missing = _missing(assessments, situation)
    for owner in owners:
        restored_by_owner: set[str] = set()
        for content in owner.supporting:
            restored = [need for need in missing if need in content.procedure.restores]
            if restored and _can_be_used(content, situation):
                yield Help(owner.carrier, content, restored)
                restored_by_owner.update(restored)
        missing = [need for need in missing if need not in restored_by_owner]


def _missing(assessments: Iterable[Assessment], situation: Situation) -> list[str]:
    """Return the needs to restore, each once.

    Whoever owes money can need a way to pay. What only goes back needs no restoring.
    """
    blocking = (
        need
        for assessment in assessments
        if assessment.is_for_applicant
        for need in assessment.lacking
    )
    is_returned = situation.relations.is_returned
    told = (need for need in sorted(situation.lack) if not is_returned(need))
    to_pay = ("payment_method",) if situation.bill_open else ()
    return list(dict.fromkeys((*blocking, *told, *to_pay)))


def _can_be_used(content: RevisionContent, situation: Situation) -> bool:
    candidate = candidate_of(content, situation.relations)
    return not any(find_misfits(candidate, situation)) and not is_out_of_reach(candidate, situation)
